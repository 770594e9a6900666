/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "kab-error.h"
#include "kab-server-private.h"
#include "kab-wire-bulk.h"

/* Kabinet's own routes (README.md): what the closed part of the original has no open address for. Each stream reads
 * from one transaction: what agents write meanwhile belongs to the next request. */

typedef struct {
  KabDatabase  *database;
  KabStatement *rows;
  KabStatement *gone;        /* (nullable): read after the rows */
  KabBulkHead   head;
  gboolean      is_states;
  gboolean      has_head;    /* it is out */
  guint64       n_rows;
} Bulk;

static void
bulk_free (gpointer data)
{
  Bulk *self = data;

  g_clear_pointer (&self->rows, kab_statement_free);
  g_clear_pointer (&self->gone, kab_statement_free);
  g_clear_pointer (&self->database, kab_database_close);
  g_free (self->head.server_uuid);
  g_free (self->head.epoch);
  g_free (self);
}

static void
write_host (Bulk    *self,
            GString *out)
{
  gsize size = 0;
  const KabStateRecord *records = kab_statement_get_blob (self->rows, 1, &size);
  gboolean has_states = !kab_statement_is_null (self->rows, 3);

  kab_bulk_write_host (out, kab_statement_get_text (self->rows, 0), has_states && size > 0 ? records : NULL,
                       has_states ? (guint) (size / sizeof *records) : G_MAXUINT,
                       has_states ? kab_statement_get_text (self->rows, 2) : NULL);
}

static gboolean
produce (gpointer   producer,
         GString   *out,
         GError   **error)
{
  Bulk *self = producer;
  g_autoptr(GError) local_error = NULL;

  if (!self->has_head)
    kab_bulk_write_head (out, self->is_states ? "states" : "updates", &self->head);
  self->has_head = TRUE;
  while (self->rows != NULL && kab_statement_step (self->rows, &local_error))
    {
      if (self->is_states)
        write_host (self, out);
      else
        g_string_append (out, kab_statement_get_text (self->rows, 0));
      self->n_rows++;
      if (out->len >= KAB_SERVER_CHUNK)
        return TRUE;
    }
  g_clear_pointer (&self->rows, kab_statement_free);
  while (local_error == NULL && self->gone != NULL && kab_statement_step (self->gone, &local_error))
    {
      kab_bulk_write_host_gone (out, kab_statement_get_text (self->gone, 0));
      self->n_rows++;
    }
  if (!kab_error_is_none (&local_error, error))
    return FALSE;
  kab_bulk_write_end (out, self->n_rows);
  return FALSE;
}

/* Everything in the order of the table; of a part, only the changed rows, found by their counter. */
#define STATES_COLUMNS "SELECT h.members, s.records, s.history, s.host FROM hosts h" \
                       " LEFT JOIN host_states s ON s.host = h.id AND s.counter > ?1 "
#define STATES_FULL "SELECT h.members, s.records, s.history, s.host FROM hosts h" \
                    " LEFT JOIN host_states s ON s.host = h.id ORDER BY h.id"
#define STATES_PART STATES_COLUMNS "WHERE h.counter > ?1 ORDER BY h.counter"
#define UPDATES_FULL "SELECT line FROM updates ORDER BY n"
#define UPDATES_PART "SELECT line FROM updates WHERE counter > ?1 ORDER BY counter"

static gboolean
prepare (Bulk    *self,
         GError **error)
{
  gboolean full = self->head.full;
  gint64 since = self->head.since;
  const char *sql = self->is_states ? (full ? STATES_FULL : STATES_PART) : (full ? UPDATES_FULL : UPDATES_PART);

  self->rows = kab_database_prepare (self->database, sql, error);
  if (self->rows == NULL)
    return FALSE;
  if (!full)
    kab_statement_bind_int64 (self->rows, 1, since);
  if (full || !self->is_states)
    return TRUE;

  self->gone = kab_database_prepare (self->database, "SELECT uuid FROM gone WHERE counter > ?1", error);
  if (self->gone != NULL)
    kab_statement_bind_int64 (self->gone, 1, since);
  return self->gone != NULL;
}

static void
fill_head (Bulk             *self,
           KabServerRequest *request)
{
  const char *epoch = kab_server_request_get (request, "epoch");
  KabBulkHead *head = &self->head;

  head->server_uuid = g_strdup (request->server->uuid);
  head->epoch = g_strdup (request->server->epoch);
  head->counter = kab_depot_get_counter (self->database);
  head->since = kab_server_request_get_int (request, "since", 0);
  head->full = head->since <= 0 || head->since > head->counter ||
               (epoch != NULL && *epoch != '\0' && strcmp (epoch, head->epoch) != 0);
  head->n_hosts = (guint) kab_depot_read_int (self->database, "SELECT count (*) FROM hosts", 0);
  head->n_updates = (guint) kab_depot_read_int (self->database, "SELECT count (*) FROM updates", 0);
  if (head->full)
    head->n_rows = self->is_states ? head->n_hosts : head->n_updates;
  else if (self->is_states)
    head->n_rows = (guint64) (kab_depot_read_int (self->database, "SELECT count (*) FROM hosts WHERE counter > ?1",
                                                  head->since) +
                              kab_depot_read_int (self->database, "SELECT count (*) FROM gone WHERE counter > ?1",
                                                  head->since));
  else
    head->n_rows = (guint64) kab_depot_read_int (self->database, "SELECT count (*) FROM updates WHERE counter > ?1",
                                                 head->since);
}

static void
reply_bulk (KabServerRequest *self,
            gboolean          is_states)
{
  g_autoptr(GError) error = NULL;
  Bulk *bulk = g_new0 (Bulk, 1);

  bulk->is_states = is_states;
  bulk->database = kab_database_open (self->server->depot->database_path, KAB_DATABASE_READ_ONLY, &error);
  if (bulk->database != NULL && kab_database_begin_read (bulk->database, &error))
    fill_head (bulk, self);
  if (error != NULL || !prepare (bulk, &error))
    {
      kab_server_reply_error (self, error);
      bulk_free (bulk);
      return;
    }
  kab_server_stream (self, "application/x-ndjson", produce, bulk, bulk_free);
}

void
kab_server_bulk_updates (KabServerRequest *self)
{
  reply_bulk (self, FALSE);
}

void
kab_server_bulk_states (KabServerRequest *self)
{
  reply_bulk (self, TRUE);
}

/* The hosts of one update: looks at every host, a turn at a time. */
typedef struct {
  KabDatabase  *database;
  KabStatement *stmt;
  guint32       number;
  char         *head;        /* (nullable): before the first row */
  gboolean      has_rows;
  gint64        started_usec;
} UpdateHosts;

static void
update_hosts_free (gpointer data)
{
  UpdateHosts *self = data;

  g_clear_pointer (&self->stmt, kab_statement_free);
  g_clear_pointer (&self->database, kab_database_close);
  g_free (self->head);
  g_free (self);
}

static int
compare_numbers (gconstpointer key,
                 gconstpointer record)
{
  guint32 number = *(const guint32 *) key;
  guint32 other = ((const KabStateRecord *) record)->update;

  return number < other ? -1 : number > other;
}

static void
append_update_host (UpdateHosts          *self,
                    GString              *out,
                    const KabStateRecord *record)
{
  static const char * const names[KAB_N_FLAGS] = {
    "allowed", "installed", "present", "hidden", "downloaded", "delayed",
  };

  g_string_append (out, self->has_rows ? ", {" : "{");
  self->has_rows = TRUE;
  kab_server_json_append_member (out, "uuid", kab_statement_get_text (self->stmt, 0));
  kab_server_json_append_member (out, "computer_name", kab_statement_get_text (self->stmt, 1));
  kab_server_json_append_member (out, "computer_fqdn", kab_statement_get_text (self->stmt, 2));
  kab_server_json_append_member (out, "status", kab_state_get_text (kab_state_record_get_reported (record)));
  for (guint i = 0; i < KAB_N_FLAGS; i++)
    kab_server_json_append_tristate (out, names[i], kab_state_record_get_flag (record, i));
  kab_server_json_append_name (out, "install_date");
  kab_server_json_append_time (out, record->installed_at);
  g_string_append_printf (out, ", \"result\": %d}", record->result);
}

static gboolean
produce_update_hosts (gpointer   producer,
                      GString   *out,
                      GError   **error)
{
  UpdateHosts *self = producer;
  g_autoptr(GError) local_error = NULL;
  KabServerRequest time = { .started_usec = self->started_usec };
  guint n_seen = 0;

  if (self->head != NULL)
    {
      g_string_append (out, self->head);
      g_clear_pointer (&self->head, g_free);
    }
  while (kab_statement_step (self->stmt, &local_error))
    {
      gsize size = 0;
      const KabStateRecord *records = kab_statement_get_blob (self->stmt, 3, &size);
      const KabStateRecord *record = size == 0 ? NULL : bsearch (&self->number, records, size / sizeof *records,
                                                                 sizeof *records, compare_numbers);

      if (record != NULL)
        append_update_host (self, out, record);
      if (++n_seen >= KAB_SERVER_ROWS_A_TURN || out->len >= KAB_SERVER_CHUNK)
        return TRUE;
    }
  if (!kab_error_is_none (&local_error, error))
    return FALSE;
  g_string_append_c (out, ']');
  kab_server_append_time (&time, out, TRUE);
  return FALSE;
}

static guint32
find_number (KabDatabase *database,
             const char  *update_id)
{
  g_autoptr(KabStatement) stmt = NULL;

  stmt = kab_database_prepare (database, "SELECT n FROM updates WHERE update_id = ?1", NULL);
  if (stmt == NULL || update_id == NULL)
    return 0;
  kab_statement_bind_text (stmt, 1, update_id);
  return kab_statement_step (stmt, NULL) ? (guint32) kab_statement_get_int64 (stmt, 0) : 0;
}

void
kab_server_update_hosts (KabServerRequest *self)
{
  const char *update_id = kab_server_request_get (self, "update_id");
  g_autoptr(GError) error = NULL;
  g_autofree char *msg = NULL;
  UpdateHosts *answer = g_new0 (UpdateHosts, 1);
  GString *head;

  answer->started_usec = self->started_usec;
  answer->database = kab_database_open (self->server->depot->database_path, KAB_DATABASE_READ_ONLY, &error);
  if (answer->database != NULL && kab_database_begin_read (answer->database, &error))
    {
      answer->number = find_number (answer->database, update_id);
      answer->stmt = kab_database_prepare (answer->database, "SELECT h.uuid, h.computer_name, h.computer_fqdn,"
                                           " s.records FROM host_states s JOIN hosts h ON h.id = s.host"
                                           " ORDER BY s.host", &error);
    }
  if (answer->stmt == NULL || answer->number == 0)
    {
      if (answer->stmt == NULL)
        kab_server_reply_error (self, error);
      else
        kab_server_reply_exception (self, 200, "EWaptMissingParameter", "Parameter update_id names no known update");
      update_hosts_free (answer);
      return;
    }

  msg = g_strdup_printf ("hosts of update %s", update_id);
  head = g_string_new (NULL);
  kab_server_append_head (head, TRUE, msg);
  g_string_append (head, ", \"result\": [");
  answer->head = g_string_free (head, FALSE);
  kab_server_stream (self, "application/json", produce_update_hosts, answer, update_hosts_free);
}
