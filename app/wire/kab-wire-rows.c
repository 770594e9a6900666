/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-wire"

#include "config.h"

#include "kab-wire-rows.h"

#include <string.h>

#include "kab-error.h"
#include "kab-wire-host.h"
#include "kab-wire-update.h"
#include "kab-wire.h"

/*
 * Two passes: this one only finds where rows begin and end (texts and brackets), so that a row is in one piece when
 * yajl reads it. What is not a row, the envelope with an empty result, is kept and judged at the end; a row that
 * came before is taken back by whoever gets the error.
 */

#define MAX_ENVELOPE (1024 * 1024)     /* bytes around the rows */
#define MAX_ROWS     (10 * 1000 * 1000)

typedef enum {
  STATE_ENVELOPE,       /* outside of rows */
  STATE_BETWEEN,        /* in the result, before a row, a comma or its end */
  STATE_ROW,            /* in a row that is an object */
  STATE_WORD,           /* in a row that is anything else */
} State;

struct _KabRowsReader {
  KabHostRowFunc    host_func;
  KabUpdateRowFunc  update_func;
  gpointer          user_data;
  KabRow           *row;

  State             state;
  gboolean          in_text;
  gboolean          escaped;
  gboolean          had_result;
  gboolean          want_row;       /* a comma came last */
  gboolean          at_result;      /* the last member name of the envelope was "result" */
  guint             depth;
  guint             n_rows;
  GString          *envelope;
  gsize             name_start;     /* in @envelope, of the last text at depth 1 */
  GString          *partial;        /* of the row that is cut by the end of a piece */
};

static KabRowsReader *
rows_reader_new (KabRow   *row,
                 gpointer  user_data)
{
  KabRowsReader *self = g_new0 (KabRowsReader, 1);

  self->row = row;
  self->user_data = user_data;
  self->envelope = g_string_new (NULL);
  self->partial = g_string_new (NULL);
  return self;
}

KabRowsReader *
kab_rows_reader_new_hosts (KabHostRowFunc func,
                           gpointer       user_data)
{
  KabRowsReader *self = rows_reader_new (kab_host_row_new (), user_data);

  self->host_func = func;
  return self;
}

KabRowsReader *
kab_rows_reader_new_updates (KabUpdateRowFunc func,
                             gpointer         user_data)
{
  KabRowsReader *self = rows_reader_new (kab_update_row_new (), user_data);

  self->update_func = func;
  return self;
}

void
kab_rows_reader_free (KabRowsReader *self)
{
  if (self == NULL)
    return;

  kab_row_free (self->row);
  g_string_free (self->envelope, TRUE);
  g_string_free (self->partial, TRUE);
  g_free (self);
}

static gboolean
bad_data (GError     **error,
          const char  *what)
{
  g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, what);
  return FALSE;
}

static gboolean
use_row (KabRowsReader  *self,
         const char     *json,
         gsize           length,
         GError        **error)
{
  if (++self->n_rows > MAX_ROWS)
    return bad_data (error, "too many rows");
  if (!kab_row_read (self->row, json, length, 0, 0, error))
    {
      g_prefix_error (error, "row %u: ", self->n_rows);
      return FALSE;
    }

  if (self->host_func != NULL)
    {
      KabHostFields fields;

      return kab_host_row_get (self->row, &fields, error) &&
             self->host_func (&fields, self->user_data, error);
    }
  else
    {
      KabUpdateFields fields;
      KabStateRecord record;

      if (!kab_update_row_get (self->row, &fields, error))
        return FALSE;
      kab_update_row_get_record (self->row, &record);
      return self->update_func (&fields, kab_row_get_fingerprint (self->row), &record,
                                kab_update_row_get_history (self->row), self->user_data, error);
    }
}

/* Moves on to the quotation mark that ends the text we are in. Returns: the first byte behind it, or @end */
static const char *
skip_text (KabRowsReader *self,
           const char    *p,
           const char    *end)
{
  if (self->escaped && p < end)
    {
      self->escaped = FALSE;
      p++;
    }

  while (p < end)
    {
      const char *quote = memchr (p, '"', end - p);
      const char *backslash = memchr (p, '\\', (quote != NULL ? quote : end) - p);

      if (backslash != NULL)
        {
          p = backslash + 2;
          if (p > end)
            {
              self->escaped = TRUE;
              return end;
            }
          continue;
        }
      if (quote != NULL)
        {
          self->in_text = FALSE;
          return quote + 1;
        }
      return end;
    }
  return end;
}

/* One piece of a row. Returns: the first byte behind the row or the piece; @done when the row ended */
static const char *
skip_row (KabRowsReader *self,
          const char    *p,
          const char    *end,
          gboolean      *done)
{
  *done = FALSE;
  while (p < end)
    {
      if (self->in_text)
        {
          p = skip_text (self, p, end);
          continue;
        }

      switch (*p++)
        {
        case '"':
          self->in_text = TRUE;
          break;
        case '{':
        case '[':
          self->depth++;
          break;
        case '}':
        case ']':
          /* which of the two it should be, yajl will say */
          if (--self->depth == 0)
            {
              *done = TRUE;
              return p;
            }
          break;
        default:
          break;
        }
    }
  return p;
}

static gboolean
append_envelope (KabRowsReader  *self,
                 const char     *bytes,
                 gsize           length,
                 GError        **error)
{
  if (self->envelope->len + length > MAX_ENVELOPE)
    return bad_data (error, "an answer without rows is too long");
  g_string_append_len (self->envelope, bytes, length);
  return TRUE;
}

/* The envelope: looks for the array of the member "result" at depth 1. Advances @p. */
static gboolean
read_envelope (KabRowsReader  *self,
               const char    **p,
               const char     *end,
               GError        **error)
{
  while (*p < end)
    {
      const char *start = *p;

      if (self->in_text)
        {
          *p = skip_text (self, *p, end);
          if (!append_envelope (self, start, *p - start, error))
            return FALSE;
          if (!self->in_text && self->depth == 1)
            self->at_result = strcmp (self->envelope->str + self->name_start, "\"result\"") == 0;
          continue;
        }

      (*p)++;
      if (*start == '[' && self->depth == 1 && self->at_result)
        {
          if (self->had_result)
            return bad_data (error, "an answer with two results");
          self->had_result = TRUE;
          self->state = STATE_BETWEEN;
          self->want_row = FALSE;
          g_string_append_c (self->envelope, '[');
          return TRUE;
        }

      switch (*start)
        {
        case '"':
          self->in_text = TRUE;
          self->name_start = self->envelope->len;
          break;
        case '{':
        case '[':
          self->depth++;
          break;
        case '}':
        case ']':
          self->depth -= self->depth > 0;
          break;
        case ',':
          self->at_result = FALSE;
          break;
        default:
          break;
        }
      if (!append_envelope (self, start, 1, error))
        return FALSE;
    }
  return TRUE;
}

/* Between rows. Advances @p over one byte, or leaves it at the first byte of a row. */
static gboolean
read_between (KabRowsReader  *self,
              const char    **p,
              GError        **error)
{
  switch (**p)
    {
    case ' ':
    case '\t':
    case '\r':
    case '\n':
      (*p)++;
      return TRUE;

    case ',':
      if (self->want_row || self->n_rows == 0)
        return bad_data (error, "a comma without a row before it");
      self->want_row = TRUE;
      (*p)++;
      return TRUE;

    case ']':
      if (self->want_row)
        return bad_data (error, "a comma without a row behind it");
      self->state = STATE_ENVELOPE;
      self->at_result = FALSE;
      g_string_append_c (self->envelope, ']');
      (*p)++;
      return TRUE;

    default:
      if (self->n_rows > 0 && !self->want_row)
        return bad_data (error, "two rows without a comma between them");
      self->want_row = FALSE;
      self->depth = 0;
      self->state = **p == '{' ? STATE_ROW : STATE_WORD;
      return TRUE;
    }
}

static gboolean
read_row (KabRowsReader  *self,
          const char    **p,
          const char     *end,
          GError        **error)
{
  const char *start = *p;
  gboolean done;
  gboolean used;

  *p = skip_row (self, start, end, &done);
  if (self->partial->len + (*p - start) > KAB_ROWS_MAX_ROW)
    return bad_data (error, "a row is too long");

  if (!done || self->partial->len > 0)
    g_string_append_len (self->partial, start, *p - start);
  if (!done)
    return TRUE;

  self->state = STATE_BETWEEN;
  self->depth = 1;
  if (self->partial->len == 0)
    return use_row (self, start, *p - start, error);

  used = use_row (self, self->partial->str, self->partial->len, error);
  g_string_truncate (self->partial, 0);
  return used;
}

/* A null among the rows is left out; nothing else can be a row. */
static gboolean
read_word (KabRowsReader  *self,
           const char    **p,
           const char     *end,
           GError        **error)
{
  while (*p < end && g_ascii_islower (**p) && self->partial->len < 4)
    g_string_append_c (self->partial, *(*p)++);
  if (self->partial->len < 4 && *p == end)
    return TRUE;
  if (strcmp (self->partial->str, "null") != 0)
    return bad_data (error, "a row is no object");

  g_string_truncate (self->partial, 0);
  self->state = STATE_BETWEEN;
  self->depth = 1;
  self->n_rows++;
  return TRUE;
}

gboolean
kab_rows_reader_feed (KabRowsReader  *self,
                      const guint8   *data,
                      gsize           size,
                      GError        **error)
{
  const char *p = (const char *) data;
  const char *end = p + size;
  gboolean ok = TRUE;

  g_return_val_if_fail (self != NULL, FALSE);

  while (ok && p < end)
    {
      switch (self->state)
        {
        case STATE_ENVELOPE:
          ok = read_envelope (self, &p, end, error);
          break;
        case STATE_BETWEEN:
          ok = read_between (self, &p, error);
          break;
        case STATE_ROW:
          ok = read_row (self, &p, end, error);
          break;
        case STATE_WORD:
          ok = read_word (self, &p, end, error);
          break;
        default:
          g_assert_not_reached ();
        }
    }
  return ok;
}

/**
 * kab_rows_reader_end:
 *
 * Says that no more bytes come. Rows given out before count only when this returns %TRUE.
 *
 * Returns: %FALSE with %KAB_ERROR_BAD_DATA when the answer was cut short, or with the failure that it tells
 */
gboolean
kab_rows_reader_end (KabRowsReader  *self,
                     GError        **error)
{
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(JsonNode) result = NULL;

  g_return_val_if_fail (self != NULL, FALSE);

  if (self->state != STATE_ENVELOPE)
    return bad_data (error, "the answer was cut short among its rows");

  root = kab_wire_parse (self->envelope->str, self->envelope->len, error);
  if (root == NULL)
    return FALSE;

  result = kab_wire_open_envelope (root, NULL, error);
  if (result == NULL)
    return FALSE;
  if (!JSON_NODE_HOLDS_ARRAY (result) && !JSON_NODE_HOLDS_NULL (result))
    return bad_data (error, "the result is no list");
  return TRUE;
}
