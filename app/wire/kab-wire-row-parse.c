/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-wire"

#include "config.h"

#include "kab-wire-row-private.h"

#include <string.h>

#include "kab-wire-value.h"
#include "kab-wire.h"

#define MAX_TEXT     (1024 * 1024)   /* bytes of one text we keep; release notes are the longest, some 10 KB */
#define MAX_ITEMS    65536           /* of one list */

static int
stop (KabRow     *self,
      const char *problem)
{
  self->problem = problem;
  return 0;
}

static void
hash_number (KabRow  *self,
             guint64  number)
{
  self->fingerprint = (self->fingerprint ^ number) * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);
  self->fingerprint ^= self->fingerprint >> 29;
}

static void
hash_bytes (KabRow     *self,
            int         column,
            const char *bytes,
            gsize       length)
{
  guint64 chunk;

  hash_number (self, ((guint64) column << 48) ^ length);
  for (; length >= sizeof chunk; bytes += sizeof chunk, length -= sizeof chunk)
    {
      memcpy (&chunk, bytes, sizeof chunk);
      hash_number (self, chunk);
    }
  chunk = 0;
  memcpy (&chunk, bytes, length);
  hash_number (self, chunk);
}

/* "a, b" → its parts */
static const char * const *
split_list (KabRow     *self,
            const char *text,
            gsize       length)
{
  char *copy = kab_arena_dup_decoded (&self->arena, text, length);
  guint n = 1;
  const char **list;

  for (const char *p = copy; *p != '\0'; p++)
    n += *p == ',';

  list = kab_arena_alloc (&self->arena, (n + 1) * sizeof *list);
  n = 0;
  while (copy != NULL)
    {
      char *comma = strchr (copy, ',');

      if (comma != NULL)
        *comma = '\0';
      g_strstrip (copy);
      if (*copy != '\0')
        list[n++] = copy;
      copy = comma != NULL ? comma + 1 : NULL;
    }
  list[n] = NULL;
  return list;
}

/* A text, number or boolean; @quoted for a text. */
static int
set_scalar (KabRow     *self,
            int         column,
            const char *text,
            gsize       length,
            gboolean    quoted)
{
  KabRowCell *cell = &self->cells[column];

  if (length > MAX_TEXT)
    return stop (self, "a text is too long");
  if (self->columns[column].hashed)
    hash_bytes (self, column, text, length);

  switch (self->columns[column].kind)
    {
    case KAB_COLUMN_TEXT:
      cell->text = kab_arena_dup_decoded (&self->arena, text, length);
      cell->present = TRUE;
      break;

    case KAB_COLUMN_LIST:
      if (quoted)
        {
          cell->list = split_list (self, text, length);
          cell->present = TRUE;
        }
      break;

    case KAB_COLUMN_TIME:
      if (quoted)
        {
          cell->number = kab_wire_parse_time (text, length);
          cell->present = cell->number != 0;
          break;
        }
      /* fall through */
    case KAB_COLUMN_INT:
      cell->present = kab_value_parse_int (text, length, &cell->number);
      break;

    case KAB_COLUMN_TRISTATE:
      cell->tristate = kab_value_parse_tristate (text, length);
      cell->present = cell->tristate != KAB_TRISTATE_NULL;
      break;

    case KAB_COLUMN_RAW:
      if (quoted)
        {
          g_autoptr(GString) json = g_string_new (NULL);
          const char *copy = kab_arena_dup_decoded (&self->arena, text, length);

          kab_wire_append_text (json, copy);
          cell->text = kab_arena_dup (&self->arena, json->str, json->len);
        }
      else
        {
          cell->text = kab_arena_dup (&self->arena, text, length);
        }
      cell->present = TRUE;
      break;

    default:
      g_assert_not_reached ();
    }

  return 1;
}

/* A scalar wherever it stands. */
static int
scalar (KabRow     *self,
        const char *text,
        gsize       length,
        gboolean    quoted)
{
  if (self->depth == 0)
    return stop (self, "a row is no object");

  if (self->list_column >= 0)
    {
      if (self->depth != self->list_depth)
        return 1;
      if (length > MAX_TEXT || self->items->len == MAX_ITEMS)
        return stop (self, "a list is too long");
      if (self->columns[self->list_column].hashed)
        hash_bytes (self, self->list_column, text, length);
      g_ptr_array_add (self->items, kab_arena_dup_decoded (&self->arena, text, length));
      return 1;
    }

  if (self->column >= 0)
    {
      int column = self->column;

      self->column = -1;
      return set_scalar (self, column, text, length, quoted);
    }
  return 1;
}

static int
null_cb (void *context)
{
  KabRow *self = context;

  if (self->depth == 0)
    return stop (self, "a row is no object");
  self->column = -1;
  return 1;
}

static int
boolean_cb (void *context,
            int   value)
{
  return value ? scalar (context, "true", 4, FALSE) : scalar (context, "false", 5, FALSE);
}

static int
number_cb (void       *context,
           const char *text,
           size_t      length)
{
  return scalar (context, text, length, FALSE);
}

static int
string_cb (void                *context,
           const unsigned char *text,
           size_t               length)
{
  return scalar (context, (const char *) text, length, TRUE);
}

/* Where yajl is now; behind the token it is telling us about. */
static const char *
get_position (KabRow *self)
{
  return self->segment + yajl_get_bytes_consumed (self->parser);
}

static int
open_container (KabRow   *self,
                gboolean  is_array)
{
  int column = self->column;

  self->column = -1;
  if (self->depth == 0 && (is_array || ++self->n_roots > 1))
    return stop (self, "a row is no object");
  if (self->depth == KAB_WIRE_MAX_DEPTH)
    return stop (self, "a row is nested too deeply");

  if (column >= 0 && self->columns[column].kind == KAB_COLUMN_RAW)
    {
      g_assert (self->depth < G_N_ELEMENTS (self->raw_column));
      self->raw_column[self->depth] = column;
      self->raw_start[self->depth] = get_position (self) - 1;
    }
  else if (column >= 0 && is_array && self->columns[column].kind == KAB_COLUMN_LIST)
    {
      self->list_column = column;
      self->list_depth = self->depth + 1;
      g_ptr_array_set_size (self->items, 0);
    }

  /* "a/b", "a/b/c" of its members */
  if (self->depth < G_N_ELEMENTS (self->prefix_lengths) && (is_array || !self->is_parent))
    self->prefix_lengths[self->depth] = 0;
  self->depth++;
  return 1;
}

static void
close_list (KabRow *self)
{
  KabRowCell *cell = &self->cells[self->list_column];
  gconstpointer *list = kab_arena_alloc (&self->arena, (self->items->len + 1) * sizeof *list);

  if (self->items->len > 0)
    memcpy (list, self->items->pdata, self->items->len * sizeof *list);
  list[self->items->len] = NULL;
  cell->list = (const char * const *) list;
  cell->present = TRUE;
  self->list_column = -1;
}

static int
close_container (KabRow *self)
{
  guint depth = --self->depth;

  if (self->list_column >= 0 && self->list_depth == depth + 1)
    close_list (self);

  if (depth < G_N_ELEMENTS (self->raw_column) && self->raw_column[depth] >= 0)
    {
      int column = self->raw_column[depth];
      const char *start = self->raw_start[depth];
      gsize length = get_position (self) - start;

      self->cells[column].text = kab_arena_dup (&self->arena, start, length);
      self->cells[column].present = TRUE;
      self->raw_column[depth] = -1;
      if (self->columns[column].hashed)
        hash_bytes (self, column, start, length);
    }
  return 1;
}

static int
start_map_cb (void *context)
{
  return open_container (context, FALSE);
}

static int
start_array_cb (void *context)
{
  return open_container (context, TRUE);
}

static int
end_cb (void *context)
{
  return close_container (context);
}

static void
look_up (KabRow *self,
         guint   length)
{
  KabRowExpected *expected = self->n_names < KAB_ROW_MAX_EXPECTED ? &self->expected[self->n_names] : NULL;

  self->n_names++;
  if (expected == NULL || expected->length != length || memcmp (expected->path, self->path, length) != 0)
    {
      KabRowExpected fresh;

      memcpy (fresh.path, self->path, length);
      fresh.path[length] = '\0';
      fresh.length = length;
      fresh.column = GPOINTER_TO_INT (g_hash_table_lookup (self->by_path, fresh.path)) - 1;
      fresh.is_parent = g_hash_table_contains (self->parents, fresh.path);
      self->column = fresh.column;
      self->is_parent = fresh.is_parent;
      if (expected != NULL)
        *expected = fresh;
      return;
    }

  self->column = expected->column;
  self->is_parent = expected->is_parent;
}

static int
map_key_cb (void                *context,
            const unsigned char *text,
            size_t               length)
{
  KabRow *self = context;
  guint start = self->depth > 1 && self->depth <= G_N_ELEMENTS (self->prefix_lengths)
                  ? self->prefix_lengths[self->depth - 1] : 0;

  self->column = -1;
  self->is_parent = FALSE;
  if (self->depth > G_N_ELEMENTS (self->prefix_lengths) || (self->depth > 1 && start == 0) || self->list_column >= 0)
    return 1;

  if (length + start + 2 > KAB_ROW_MAX_PATH)
    {
      if (self->depth < G_N_ELEMENTS (self->prefix_lengths))
        self->prefix_lengths[self->depth] = 0;
      return 1;
    }

  memcpy (self->path + start, text, length);
  look_up (self, start + length);
  if (self->depth < G_N_ELEMENTS (self->prefix_lengths))
    {
      self->path[start + length] = '/';
      self->prefix_lengths[self->depth] = start + length + 1;
    }
  return 1;
}

const yajl_callbacks kab_row_callbacks = {
  .yajl_null = null_cb,
  .yajl_boolean = boolean_cb,
  .yajl_number = number_cb,
  .yajl_string = string_cb,
  .yajl_start_map = start_map_cb,
  .yajl_map_key = map_key_cb,
  .yajl_end_map = end_cb,
  .yajl_start_array = start_array_cb,
  .yajl_end_array = end_cb,
};
