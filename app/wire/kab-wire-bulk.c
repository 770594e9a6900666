/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-wire"

#include "config.h"

#include "kab-wire-bulk.h"

#include <string.h>

#include "kab-error.h"
#include "kab-wire-host.h"
#include "kab-wire-states.h"
#include "kab-wire-update.h"
#include "kab-wire.h"

#define MAX_FRAME (64 * 1024)   /* bytes of the first and the last line */

#define END_PREFIX "{\"end\":"

typedef enum {
  STATE_HEAD,
  STATE_UPDATES,
  STATE_HOSTS,
  STATE_END,
} State;

struct _KabBulkReader {
  const KabBulkHandler *handler;
  gpointer              user_data;
  State                 state;
  GString              *partial;    /* of the line that is cut by the end of a piece */
  KabRow               *row;
  GArray               *records;    /* (element-type KabStateRecord): of one line */
  guint64               n_rows;
};

KabBulkReader *
kab_bulk_reader_new (const KabBulkHandler *handler,
                     gpointer              user_data)
{
  KabBulkReader *self = g_new0 (KabBulkReader, 1);

  g_return_val_if_fail (handler != NULL && handler->head != NULL, NULL);

  self->handler = handler;
  self->user_data = user_data;
  self->partial = g_string_new (NULL);
  self->records = g_array_new (FALSE, FALSE, sizeof (KabStateRecord));
  return self;
}

void
kab_bulk_reader_free (KabBulkReader *self)
{
  if (self == NULL)
    return;

  kab_row_free (self->row);
  g_array_unref (self->records);
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

/* The first or the last line: an object. */
static JsonNode *
parse_frame (const char  *line,
             gsize        length,
             GError     **error)
{
  g_autoptr(JsonNode) node = NULL;

  if (length > MAX_FRAME)
    {
      bad_data (error, "the first or last line is too long");
      return NULL;
    }
  node = kab_wire_parse (line, length, error);
  if (node != NULL && !JSON_NODE_HOLDS_OBJECT (node))
    {
      bad_data (error, "the first or last line is no object");
      return NULL;
    }
  return g_steal_pointer (&node);
}

static gboolean
read_head (KabBulkReader  *self,
           const char     *line,
           gsize           length,
           GError        **error)
{
  g_autoptr(JsonNode) node = parse_frame (line, length, error);
  JsonObject *object;
  KabBulkHead head;
  const char *what;
  gint64 version, n_rows, n_hosts, n_updates;

  if (node == NULL)
    return FALSE;

  object = json_node_get_object (node);
  version = kab_json_get_int (object, "kabinet_bulk", 0);
  if (version > 1)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_UNSUPPORTED,
                   "bulk format %" G_GINT64_FORMAT " is newer than ours", version);
      return FALSE;
    }

  what = kab_json_get_text (object, "what");
  if (g_strcmp0 (what, "updates") == 0 && self->handler->update != NULL && self->handler->update_gone != NULL)
    self->state = STATE_UPDATES;
  else if (g_strcmp0 (what, "states") == 0 && self->handler->host != NULL && self->handler->host_gone != NULL)
    self->state = STATE_HOSTS;
  else
    return bad_data (error, "not the bulk answer we asked for");

  head.server_uuid = (char *) kab_json_get_text (object, "server_uuid");
  head.epoch = (char *) kab_json_get_text (object, "epoch");
  head.since = kab_json_get_int (object, "since", -1);
  head.counter = kab_json_get_int (object, "counter", -1);
  head.full = kab_json_get_tristate (object, "full") == KAB_TRISTATE_TRUE;
  n_rows = kab_json_get_int (object, "rows", -1);
  n_hosts = kab_json_get_int (object, "hosts_count", -1);
  n_updates = kab_json_get_int (object, "updates_count", -1);
  if (version != 1 || head.server_uuid == NULL || head.epoch == NULL || head.since < 0 || head.counter < 0 ||
      n_rows < 0 || n_hosts < 0 || n_hosts > G_MAXINT || n_updates < 0 || n_updates > G_MAXINT)
    return bad_data (error, "a bulk answer with a bad first line");

  head.n_rows = (guint64) n_rows;
  head.n_hosts = (guint) n_hosts;
  head.n_updates = (guint) n_updates;
  self->row = self->state == STATE_UPDATES ? kab_update_row_new () : kab_host_row_new ();
  return self->handler->head (&head, self->user_data, error);
}

static gboolean
read_end (KabBulkReader  *self,
          const char     *line,
          gsize           length,
          GError        **error)
{
  g_autoptr(JsonNode) node = parse_frame (line, length, error);

  if (node == NULL)
    return FALSE;
  if (kab_json_get_tristate (json_node_get_object (node), "end") != KAB_TRISTATE_TRUE)
    return bad_data (error, "a bulk answer with a bad last line");
  if (kab_json_get_int (json_node_get_object (node), "rows", -1) != (gint64) self->n_rows)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA,
                   "%" G_GUINT64_FORMAT " rows came, the last line tells another number", self->n_rows);
      return FALSE;
    }
  self->state = STATE_END;
  return TRUE;
}

static gboolean
read_update (KabBulkReader  *self,
             const char     *line,
             gsize           length,
             GError        **error)
{
  KabUpdateFields fields;
  guint32 number;
  gboolean gone;

  if (!kab_row_read (self->row, line, length, 0, 0, error))
    return FALSE;
  if (!kab_update_row_get_number (self->row, &number, &gone))
    return bad_data (error, "an update without its number");
  if (gone)
    return self->handler->update_gone (number, self->user_data, error);

  return kab_update_row_get (self->row, &fields, error) &&
         self->handler->update (number, &fields, self->user_data, error);
}

/* yajl costs 20 ns for each integer, nearly twice of all the rest together: "states" is read apart from it. */
static gboolean
read_host (KabBulkReader  *self,
           const char     *line,
           gsize           length,
           GError        **error)
{
  KabHostFields fields;
  gsize start = 0;
  gsize end = 0;

  if (kab_states_find (line, length, &start) &&
      !kab_states_read (line, length, start, &end, self->records, error))
    return FALSE;
  if (!kab_row_read (self->row, line, length, start, end, error))
    return FALSE;
  if (kab_host_row_get_gone (self->row) != NULL)
    return self->handler->host_gone (kab_host_row_get_gone (self->row), self->user_data, error);

  return kab_host_row_get (self->row, &fields, error) &&
         self->handler->host (&fields, start != 0 ? (gconstpointer) self->records->data : NULL,
                              start != 0 ? self->records->len : G_MAXUINT,
                              kab_host_row_get_history (self->row), self->user_data, error);
}

static gboolean
read_line (KabBulkReader  *self,
           const char     *line,
           gsize           length,
           GError        **error)
{
  gboolean ok;

  switch (self->state)
    {
    case STATE_HEAD:
      return read_head (self, line, length, error);

    case STATE_UPDATES:
    case STATE_HOSTS:
      if (length >= strlen (END_PREFIX) && memcmp (line, END_PREFIX, strlen (END_PREFIX)) == 0)
        return read_end (self, line, length, error);
      self->n_rows++;
      ok = self->state == STATE_UPDATES ? read_update (self, line, length, error)
                                        : read_host (self, line, length, error);
      if (!ok)
        g_prefix_error (error, "row %" G_GUINT64_FORMAT ": ", self->n_rows);
      return ok;

    case STATE_END:
    default:
      return bad_data (error, "a bulk answer goes on behind its last line");
    }
}

gboolean
kab_bulk_reader_feed (KabBulkReader  *self,
                      const guint8   *data,
                      gsize           size,
                      GError        **error)
{
  const char *p = (const char *) data;
  const char *end = p + size;

  g_return_val_if_fail (self != NULL, FALSE);

  while (p < end)
    {
      const char *line_end = memchr (p, '\n', end - p);
      gsize length = (line_end != NULL ? line_end : end) - p;
      gboolean ok;

      if (self->partial->len + length > KAB_BULK_MAX_LINE)
        return bad_data (error, "a line of a bulk answer is too long");
      if (line_end == NULL || self->partial->len > 0)
        g_string_append_len (self->partial, p, length);
      if (line_end == NULL)
        return TRUE;

      ok = self->partial->len > 0 ? read_line (self, self->partial->str, self->partial->len, error)
                                  : read_line (self, p, length, error);
      g_string_truncate (self->partial, 0);
      if (!ok)
        return FALSE;
      p = line_end + 1;
    }
  return TRUE;
}

gboolean
kab_bulk_reader_end (KabBulkReader  *self,
                     GError        **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->state != STATE_END || self->partial->len > 0)
    return bad_data (error, "the bulk answer was cut short");
  return TRUE;
}
