/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-error.h"
#include "kab-server-private.h"
#include "kab-wire.h"

/* Who has which package: one table for all hosts, looked through in a thread. */

/* A parameter of the query or of a JSON body, as a JSON array for json_each (). (transfer full) (nullable) */
static char *
get_list (KabServerRequest *self,
          JsonObject       *body,
          const char       *name)
{
  JsonNode *node = body != NULL ? json_object_get_member (body, name) : NULL;

  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    return json_to_string (node, FALSE);
  if (node != NULL && kab_json_get_text (body, name) != NULL)
    return kab_server_dup_list (kab_json_get_text (body, name), ",");
  return kab_server_dup_list (kab_server_request_get (self, name), ",");
}

static gint64
get_limit (KabServerRequest *self,
           JsonObject       *body)
{
  return kab_json_get_int (body, "limit", kab_server_request_get_int (self, "limit", KAB_SERVER_HOSTS_LIMIT));
}

/* FALSE: it was answered */
static gboolean
get_body (KabServerRequest  *self,
          JsonNode         **node,
          JsonObject       **body)
{
  *node = NULL;
  *body = NULL;
  if (!kab_server_request_is (self, "POST"))
    return TRUE;
  *node = kab_server_request_read_json (self);
  if (*node != NULL && JSON_NODE_HOLDS_OBJECT (*node))
    *body = json_node_get_object (*node);
  return *node != NULL;
}

static void
append_column (GString      *out,
               const char   *name,
               KabStatement *stmt,
               int           column,
               gboolean      is_json)
{
  const char *text = kab_statement_get_text (stmt, column);

  kab_server_json_append_name (out, name);
  if (is_json && text != NULL)
    kab_server_json_append (out, text);
  else
    kab_server_json_append_text (out, text);
}

/* Who has what: parameters as JSON arrays, the answer, how many rows it has. */
typedef struct {
  char    *uuids;
  char    *status;
  char    *sections;
  char    *reachable;
  char    *packages;
  gint64   limit;
  guint    n_rows;
  GString *result;
  char    *msg;
} Holdings;

static void
holdings_free (gpointer data)
{
  Holdings *self = data;

  g_free (self->uuids);
  g_free (self->status);
  g_free (self->sections);
  g_free (self->reachable);
  g_free (self->packages);
  if (self->result != NULL)
    g_string_free (self->result, TRUE);
  g_free (self->msg);
  g_free (self);
}

static void
found_cb (KabServerRequest *request,
          gpointer          data,
          const GError     *error)
{
  Holdings *self = data;

  if (error != NULL)
    kab_server_reply_error (request, error);
  else
    kab_server_reply (request, self->msg, g_steal_pointer (&self->result), FALSE);
  holdings_free (self);
}

static gboolean
packages_in_thread (const KabServerRequest  *request,
                    KabDatabase            **database,
                    gpointer                 data,
                    GError                 **error)
{
  Holdings *self = data;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(KabStatement) stmt = NULL;
  GString *out;

  stmt = kab_database_prepare (*database,
    "SELECT p.package, p.version, p.section, p.priority, p.install_status, h.reachable,"
    " json_group_array (h.uuid), count (*) FROM host_packages p JOIN hosts h ON h.id = p.host"
    " WHERE (?1 IS NULL OR h.uuid IN (SELECT value FROM json_each (?1)))"
    " AND (?2 IS NULL OR p.install_status IN (SELECT value FROM json_each (?2)))"
    " AND (?3 IS NULL OR p.section IN (SELECT value FROM json_each (?3)))"
    " AND (?4 IS NULL OR h.reachable = 'OK')"
    " GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 5 LIMIT ?5", error);
  if (stmt == NULL)
    return FALSE;
  kab_statement_bind_text (stmt, 1, self->uuids);
  kab_statement_bind_text (stmt, 2, self->status);
  kab_statement_bind_text (stmt, 3, self->sections);
  kab_statement_bind_text (stmt, 4, self->reachable);
  kab_statement_bind_int64 (stmt, 5, self->limit);

  out = self->result = g_string_new ("[");
  while (kab_statement_step (stmt, &local_error))
    {
      g_string_append (out, self->n_rows++ > 0 ? ", {" : "{");
      append_column (out, "package", stmt, 0, FALSE);
      append_column (out, "version", stmt, 1, FALSE);
      append_column (out, "section", stmt, 2, FALSE);
      append_column (out, "priority", stmt, 3, FALSE);
      append_column (out, "install_status", stmt, 4, FALSE);
      append_column (out, "reachable", stmt, 5, FALSE);
      append_column (out, "host_uuids", stmt, 6, TRUE);
      g_string_append_printf (out, ", \"count\": %" G_GINT64_FORMAT "}", kab_statement_get_int64 (stmt, 7));
    }
  g_string_append_c (out, ']');
  return kab_error_is_none (&local_error, error);
}

void
kab_server_packages_for_hosts (KabServerRequest *self)
{
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(JsonNode) list = NULL;
  Holdings *holdings;
  JsonObject *body;

  if (!get_body (self, &node, &body))
    return;
  holdings = g_new0 (Holdings, 1);
  holdings->uuids = get_list (self, body, "host_uuids");
  holdings->status = get_list (self, body, "install_status");
  holdings->sections = get_list (self, body, "sections");
  holdings->reachable = get_list (self, body, "reachable");
  holdings->limit = get_limit (self, body);
  list = holdings->uuids != NULL ? kab_wire_parse (holdings->uuids, -1, NULL) : NULL;
  holdings->msg = g_strdup_printf ("Packages status for %" G_GINT64_FORMAT " hosts, limit %" G_GINT64_FORMAT,
                                   list != NULL && JSON_NODE_HOLDS_ARRAY (list)
                                     ? (gint64) json_array_get_length (json_node_get_array (list))
                                     : kab_depot_count_hosts (self->server->depot), holdings->limit);
  kab_server_work (self, packages_in_thread, found_cb, holdings, holdings_free);
}

static void
append_holder (GString      *out,
               KabStatement *stmt)
{
  GString *members = g_string_new (NULL);

  kab_server_json_append (members, kab_statement_get_text (stmt, 0));
  append_column (out, "host", stmt, 1, FALSE);
  append_column (out, "host_computer_name", stmt, 2, FALSE);
  append_column (out, "host_computer_fqdn", stmt, 3, FALSE);
  append_column (out, "host_description", stmt, 4, FALSE);
  append_column (out, "host_connected_ips", stmt, 5, TRUE);
  append_column (out, "host_connected_users", stmt, 6, TRUE);
  append_column (out, "reachable", stmt, 7, FALSE);
  /* The package's own members, without the brace that opens them; an empty object has none. */
  if (members->len > 2)
    g_string_append_printf (out, ", %s", members->str + 1);
  else
    g_string_append_c (out, '}');
  g_string_free (members, TRUE);
}

static gboolean
holders_in_thread (const KabServerRequest  *request,
                   KabDatabase            **database,
                   gpointer                 data,
                   GError                 **error)
{
  Holdings *self = data;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(KabStatement) stmt = NULL;

  stmt = kab_database_prepare (*database,
    "SELECT p.row, h.uuid, h.computer_name, h.computer_fqdn, h.description, h.connected_ips, h.connected_users,"
    " h.reachable FROM host_packages p JOIN hosts h ON h.id = p.host"
    " WHERE p.package IN (SELECT value FROM json_each (?1)) ORDER BY h.id LIMIT ?2", error);
  if (stmt == NULL)
    return FALSE;
  kab_statement_bind_text (stmt, 1, self->packages);
  kab_statement_bind_int64 (stmt, 2, self->limit);

  self->result = g_string_new ("[");
  while (kab_statement_step (stmt, &local_error))
    {
      g_string_append (self->result, self->n_rows++ > 0 ? ", {" : "{");
      append_holder (self->result, stmt);
    }
  g_string_append_c (self->result, ']');
  self->msg = g_strdup_printf ("%u hosts with package", self->n_rows);
  return kab_error_is_none (&local_error, error);
}

void
kab_server_hosts_for_package (KabServerRequest *self)
{
  g_autoptr(JsonNode) node = NULL;
  g_autofree char *packages = NULL;
  Holdings *holdings;
  JsonObject *body;

  if (!get_body (self, &node, &body))
    return;
  packages = get_list (self, body, "package");
  if (packages == NULL)
    {
      kab_server_reply_exception (self, 200, "EWaptMissingParameter", "Parameter package is missing");
      return;
    }
  holdings = g_new0 (Holdings, 1);
  holdings->packages = g_steal_pointer (&packages);
  holdings->limit = get_limit (self, body);
  kab_server_work (self, holders_in_thread, found_cb, holdings, holdings_free);
}
