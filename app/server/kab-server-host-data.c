/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-server-hosts.h"
#include "kab-wire.h"

/* wapt-server-api § 3.2, in the order of the recorded rows; the first six are the database's own. */
static const char * const package_keys[] = {
  "package_uuid", "name", "package", "version", "architecture", "locale", "maturity", "section", "priority", "signer",
  "signer_fingerprint", "signature_date", "description", "impacted_process", "install_status", "install_date",
  "install_output", "install_params", "uninstall_key", "explicit_by", "repo_url", "depends", "conflicts",
  "last_audit_status", "last_audit_on", "last_audit_output", "next_audit_on", NULL
};
static const char * const software_keys[] = {
  "name", "version", "publisher", "key", "system_component", "uninstall_string", "install_date", "install_location", NULL
};

/* One row of a host's own list: what the agent gave, and null for what it did not. */
static void
append_list_row (GString            *out,
                 JsonObject         *object,
                 const char * const *keys,
                 const char         *uuid,
                 gint64              id,
                 gint64              created_at)
{
  g_string_append_printf (out, "{\"id\": %" G_GINT64_FORMAT ", \"created_on\": ", id);
  kab_server_json_append_time (out, created_at);
  g_string_append (out, ", \"created_by\": null, \"updated_on\": null, \"updated_by\": null, \"host\": ");
  kab_server_json_append_text (out, uuid);
  for (guint i = 0; keys[i] != NULL; i++)
    {
      JsonNode *node = json_object_get_member (object, keys[i]);

      kab_server_json_append_name (out, keys[i]);
      if (node != NULL)
        kab_server_json_append_node (out, node);
      else
        g_string_append (out, "null");
    }
  g_string_append_c (out, '}');
}

static GString *
make_list (const char         *json,
           const char * const *keys,
           const char         *uuid,
           gint64              host_id,
           gint64              created_at)
{
  g_autoptr(JsonNode) node = json != NULL ? kab_wire_parse (json, -1, NULL) : NULL;
  GString *out = g_string_new ("[");
  JsonArray *array;

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    {
      array = json_node_get_array (node);
      /* Newest first, as recorded. */
      for (guint i = json_array_get_length (array); i > 0; i--)
        {
          JsonNode *element = json_array_get_element (array, i - 1);

          if (!JSON_NODE_HOLDS_OBJECT (element))
            continue;
          g_string_append (out, out->len > 1 ? ", " : "");
          append_list_row (out, json_node_get_object (element), keys, uuid, host_id * 1000 + i, created_at);
        }
    }
  g_string_append_c (out, ']');
  return out;
}

/* One update on the host, to be sorted by when it changed. */
typedef struct {
  gint64  changed_at;
  guint   position;
  char   *json;
} Row;

static void
row_clear (gpointer data)
{
  g_free (((Row *) data)->json);
}

static int
compare_rows (gconstpointer a,
              gconstpointer b)
{
  const Row *first = a;
  const Row *second = b;

  if (first->changed_at != second->changed_at)
    return first->changed_at < second->changed_at ? -1 : 1;
  return first->position < second->position ? -1 : first->position > second->position;
}

static char *
make_update_row (const KabStateRecord *record,
                 gint64                id,
                 JsonNode             *history,
                 const char           *members)
{
  KabState reported = kab_state_record_get_reported (record);
  GString *out = g_string_sized_new (1024);

  g_string_append_printf (out, "{\"local_status_id\": %" G_GINT64_FORMAT ", \"local_status_status\": ", id);
  kab_server_json_append_text (out, reported != KAB_STATE_UNKNOWN ? kab_state_get_text (reported) : NULL);
  kab_server_json_append_tristate (out, "local_status_allowed", kab_state_record_get_flag (record, KAB_FLAG_ALLOWED));
  kab_server_json_append_tristate (out, "local_status_installed", kab_state_record_get_flag (record, KAB_FLAG_INSTALLED));
  kab_server_json_append_name (out, "local_status_install_date");
  kab_server_json_append_time (out, record->installed_at);
  kab_server_json_append_tristate (out, "local_status_present", kab_state_record_get_flag (record, KAB_FLAG_PRESENT));
  kab_server_json_append_tristate (out, "local_status_hidden", kab_state_record_get_flag (record, KAB_FLAG_HIDDEN));
  kab_server_json_append_tristate (out, "local_status_downloaded", kab_state_record_get_flag (record, KAB_FLAG_DOWNLOADED));
  kab_server_json_append_name (out, "local_status_history");
  if (history != NULL)
    kab_server_json_append_node (out, history);
  else
    g_string_append (out, "null");
  g_string_append (out, ", ");
  g_string_append (out, members);
  g_string_append_c (out, '}');
  return g_string_free (out, FALSE);
}

static gboolean
add_update_rows (KabDatabase           *database,
                 const KabStateRecord  *records,
                 guint                  n_records,
                 gint64                 host_id,
                 JsonObject            *history,
                 GArray                *rows,
                 GError               **error)
{
  g_autoptr(KabStatement) stmt = NULL;

  stmt = kab_database_prepare (database, "SELECT changed_at, members FROM updates WHERE n = ?1", error);
  if (stmt == NULL)
    return FALSE;
  for (guint i = 0; i < n_records; i++)
    {
      g_autoptr(GError) local_error = NULL;

      kab_statement_bind_int64 (stmt, 1, records[i].update);
      if (kab_statement_step (stmt, &local_error))
        {
          char number[16];
          Row row = { kab_statement_get_int64 (stmt, 0), i, NULL };

          g_snprintf (number, sizeof number, "%u", records[i].update);
          row.json = make_update_row (&records[i], host_id * 10000 + i + 1,
                                      history != NULL ? json_object_get_member (history, number) : NULL,
                                      kab_statement_get_text (stmt, 1));
          g_array_append_val (rows, row);
        }
      kab_statement_reset (stmt);
      if (!kab_error_is_none (&local_error, error))
        return FALSE;
    }
  return TRUE;
}

static GString *
make_updates (KabDatabase  *database,
              const char   *uuid,
              GError      **error)
{
  g_autoptr(GArray) rows = g_array_new (FALSE, FALSE, sizeof (Row));
  g_autoptr(JsonNode) history = NULL;
  g_autoptr(KabStatement) stmt = NULL;
  GString *out;

  g_array_set_clear_func (rows, row_clear);
  stmt = kab_database_prepare (database, "SELECT s.host, s.records, s.history FROM hosts h JOIN host_states s"
                               " ON s.host = h.id WHERE h.uuid = ?1", error);
  if (stmt == NULL)
    return NULL;
  kab_statement_bind_text (stmt, 1, uuid);
  if (kab_statement_step (stmt, NULL))
    {
      const char *text = kab_statement_get_text (stmt, 2);
      gsize size = 0;
      const KabStateRecord *records = kab_statement_get_blob (stmt, 1, &size);
      g_autofree KabStateRecord *copy = size > 0 ? g_memdup2 (records, size) : NULL;

      history = text != NULL ? kab_wire_parse (text, -1, NULL) : NULL;
      if (!add_update_rows (database, copy, (guint) (size / sizeof *copy), kab_statement_get_int64 (stmt, 0),
                            history != NULL && JSON_NODE_HOLDS_OBJECT (history) ? json_node_get_object (history) : NULL,
                            rows, error))
        return NULL;
    }
  g_array_sort (rows, compare_rows);

  out = g_string_sized_new (1024 * (rows->len + 1));
  g_string_append_c (out, '[');
  for (guint i = 0; i < rows->len; i++)
    {
      g_string_append (out, i > 0 ? ", " : "");
      g_string_append (out, g_array_index (rows, Row, i).json);
    }
  g_string_append_c (out, ']');
  return out;
}

/* The host's id, when it was last seen and one column of its row. FALSE without @error: there is no such host */
static gboolean
read_column (KabDatabase  *database,
             const char   *uuid,
             const char   *column,
             gint64       *id,
             gint64       *seen_at,
             char        **value,
             GError      **error)
{
  g_autofree char *sql = g_strdup_printf ("SELECT h.id, h.last_seen_on, %s FROM hosts h WHERE h.uuid = ?1", column);
  g_autoptr(KabStatement) stmt = kab_database_prepare (database, sql, error);

  if (stmt == NULL)
    return FALSE;
  kab_statement_bind_text (stmt, 1, uuid);
  if (!kab_statement_step (stmt, error))
    return FALSE;
  *id = kab_statement_get_int64 (stmt, 0);
  *seen_at = kab_statement_get_int64 (stmt, 1);
  *value = g_strdup (kab_statement_get_text (stmt, 2));
  return TRUE;
}

/* Lists come back empty even for a host that nobody knows. */
static GString *
make_host_list (KabServerRequest  *self,
                const char        *uuid,
                const char        *field,
                GError           **error)
{
  KabDatabase *database = self->server->depot->database;
  g_autoptr(GError) local_error = NULL;
  g_autofree char *json = NULL;
  gint64 id = 0;
  gint64 seen_at = 0;

  if (strcmp (field, "wsusupdates") == 0)
    return make_updates (database, uuid, error);

  read_column (database, uuid, field, &id, &seen_at, &json, &local_error);
  if (!kab_error_is_none (&local_error, error))
    return NULL;

  return make_list (json, strcmp (field, "installed_packages") == 0 ? package_keys : software_keys, uuid, id, seen_at);
}

static void
reply_column (KabServerRequest     *self,
              const char           *uuid,
              const KabDepotColumn *column)
{
  const char *special = kab_server_column_sql (column);
  g_autofree char *sql = special != NULL ? g_strdup (special) : g_strconcat ("h.", column->name, NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *value = NULL;
  g_autofree char *msg = NULL;
  gint64 id = 0;
  gint64 seen_at = 0;
  GString *result;

  if (!read_column (self->server->depot->database, uuid, sql, &id, &seen_at, &value, &error))
    {
      msg = g_strdup_printf ("Host %s not found in database", uuid);
      if (error != NULL)
        kab_server_reply_error (self, error);
      else
        kab_server_reply_exception (self, 200, "EWaptUnknownHost", msg);
      return;
    }
  if (value == NULL || (column->kind == KAB_DEPOT_TIME && strcmp (value, "0") == 0) || strcmp (value, "null") == 0)
    {
      msg = g_strdup_printf ("No %s data for host %s", column->name, uuid);
      kab_server_reply_failure (self, "empty_data", msg);
      return;
    }

  result = g_string_new (NULL);
  if (column->kind == KAB_DEPOT_JSON)
    kab_server_json_append (result, value);
  else if (column->kind == KAB_DEPOT_LIST)
    kab_server_append_list (result, value);
  else if (column->kind == KAB_DEPOT_TIME)
    kab_server_json_append_time (result, g_ascii_strtoll (value, NULL, 10));
  else
    kab_server_json_append_text (result, value);
  msg = g_strdup_printf ("%s data for host %s", column->name, uuid);
  kab_server_reply (self, msg, result, TRUE);
}

void
kab_server_host_data (KabServerRequest *self)
{
  static const char * const lists[] = { "installed_packages", "installed_softwares", "wsusupdates", NULL };
  const char *uuid = kab_server_request_get (self, "uuid");
  const char *field = kab_server_request_get (self, "field");
  g_autoptr(GError) error = NULL;
  g_autofree char *msg = NULL;
  const KabDepotColumn *column;
  GString *result;

  if (uuid == NULL || field == NULL)
    {
      kab_server_reply_exception (self, 200, "EWaptMissingParameter",
                                  uuid == NULL ? "Parameter uuid is missing" : "Parameter field is missing");
      return;
    }
  if (!g_strv_contains (lists, field))
    {
      column = kab_depot_find_column (field, strlen (field));
      msg = g_strdup_printf ("Parameter field %s is unknown", field);
      if (column != NULL)
        reply_column (self, uuid, column);
      else
        kab_server_reply_exception (self, 200, "EWaptMissingParameter", msg);
      return;
    }

  result = make_host_list (self, uuid, field, &error);
  if (result == NULL)
    {
      kab_server_reply_error (self, error);
      return;
    }
  msg = g_strdup_printf ("%s data for host %s", field, uuid);
  kab_server_reply (self, msg, result, TRUE);
}
