/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-wire"

#include "config.h"

#include "kab-wire-row-private.h"

#include <string.h>

#include "kab-error.h"
#include "kab-wire-value.h"
#include "kab-wire.h"

KabRow *
kab_row_new (const KabColumn *columns,
             guint            n_columns)
{
  KabRow *self = g_new0 (KabRow, 1);

  self->columns = columns;
  self->n_columns = n_columns;
  self->cells = g_new0 (KabRowCell, n_columns);
  self->items = g_ptr_array_new ();
  for (guint i = 0; i < KAB_ROW_MAX_EXPECTED; i++)
    self->expected[i].column = -1;   /* the empty name is nobody's */
  self->by_path = g_hash_table_new (g_str_hash, g_str_equal);
  self->parents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < n_columns; i++)
    {
      g_assert (strlen (columns[i].path) < KAB_ROW_MAX_PATH - 1);
      g_hash_table_insert (self->by_path, (gpointer) columns[i].path, GINT_TO_POINTER (i + 1));
      for (const char *slash = strchr (columns[i].path, '/'); slash != NULL; slash = strchr (slash + 1, '/'))
        g_hash_table_add (self->parents, g_strndup (columns[i].path, slash - columns[i].path));
    }

  return self;
}

void
kab_row_free (KabRow *self)
{
  if (self == NULL)
    return;

  g_clear_pointer (&self->parser, yajl_free);
  kab_arena_clear (&self->arena);
  g_ptr_array_unref (self->items);
  g_hash_table_unref (self->by_path);
  g_hash_table_unref (self->parents);
  g_free (self->cells);
  g_free (self);
}

static void
reset (KabRow *self)
{
  kab_arena_reset (&self->arena);
  memset (self->cells, 0, self->n_columns * sizeof *self->cells);
  self->problem = NULL;
  self->depth = 0;
  self->n_roots = 0;
  memset (self->prefix_lengths, 0, sizeof self->prefix_lengths);
  self->column = -1;
  self->is_parent = FALSE;
  self->list_column = -1;
  self->n_names = 0;
  self->fingerprint = 0;
  for (guint i = 0; i < G_N_ELEMENTS (self->raw_column); i++)
    self->raw_column[i] = -1;

  /* Every row is a value of its own for one parser: allocating it anew would cost as much as a short row. */
  if (self->parser == NULL)
    {
      self->parser = yajl_alloc (&kab_row_callbacks, NULL, self);
      yajl_config (self->parser, yajl_allow_multiple_values, 1);
      yajl_config (self->parser, yajl_dont_validate_strings, 1);
    }
}

static gboolean
parse_segment (KabRow     *self,
               const char *text,
               gsize       length)
{
  self->segment = text;
  return length == 0 ||
         yajl_parse (self->parser, (const unsigned char *) text, length) == yajl_status_ok;
}

gboolean
kab_row_read (KabRow      *self,
              const char  *json,
              gsize        length,
              gsize        states_start,
              gsize        states_end,
              GError     **error)
{
  gboolean parsed;

  if (!kab_value_is_utf8 (json, length))
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "a row is not UTF-8");
      return FALSE;
    }

  reset (self);
  if (states_start != 0)
    parsed = parse_segment (self, json, states_start) &&
             parse_segment (self, "null", 4) &&
             parse_segment (self, json + states_end, length - states_end);
  else
    parsed = parse_segment (self, json, length);

  if (parsed && self->depth == 0 && self->n_roots == 1)
    return TRUE;

  g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA,
                       self->problem != NULL ? self->problem :
                       parsed ? "a row is cut short" : "a row is not JSON");
  g_clear_pointer (&self->parser, yajl_free);
  return FALSE;
}

gboolean
kab_row_has (KabRow *self,
             guint   column)
{
  return self->cells[column].present;
}

const char *
kab_row_get_text (KabRow *self,
                  guint   column)
{
  return self->cells[column].present ? self->cells[column].text : NULL;
}

const char * const *
kab_row_get_list (KabRow *self,
                  guint   column)
{
  return self->cells[column].present ? self->cells[column].list : NULL;
}

gint64
kab_row_get_int (KabRow *self,
                 guint   column,
                 gint64  fallback)
{
  return self->cells[column].present ? self->cells[column].number : fallback;
}

KabTristate
kab_row_get_tristate (KabRow *self,
                      guint   column)
{
  return self->cells[column].tristate;
}

guint64
kab_row_get_fingerprint (KabRow *self)
{
  return self->fingerprint;
}

char *
kab_row_alloc (KabRow *self,
               gsize   size)
{
  return kab_arena_alloc (&self->arena, size);
}
