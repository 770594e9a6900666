/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include "kab-server-private.h"
#include "kab-wire.h"

/* Answers about the fleet as a whole: units, sites, groups, and who has which package. */

/* The first column of each row of @sql, as a JSON array; @wrap: around each, with one %s. */
static GString *
list_texts (KabServerRequest  *self,
            const char        *sql,
            const char        *key,
            guint             *n_rows,
            GError           **error)
{
  g_autoptr(KabStatement) stmt = kab_database_prepare (self->server->depot->database, sql, error);
  g_autoptr(GError) local_error = NULL;
  GString *out;

  if (stmt == NULL)
    return NULL;
  out = g_string_new ("[");
  *n_rows = 0;
  while (kab_statement_step (stmt, &local_error))
    {
      g_string_append (out, (*n_rows)++ > 0 ? ", " : "");
      if (key != NULL)
        g_string_append_printf (out, "{\"%s\": ", key);
      kab_server_json_append_text (out, kab_statement_get_text (stmt, 0));
      if (key != NULL)
        g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
  if (local_error == NULL)
    return out;
  g_propagate_error (error, g_steal_pointer (&local_error));
  g_string_free (out, TRUE);
  return NULL;
}

/* @format: of the message, with one %u or none */
static void
reply_texts (KabServerRequest *self,
             const char       *sql,
             const char       *key,
             const char       *before,
             const char       *after,
             gboolean          has_time)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *msg = NULL;
  guint n_rows = 0;
  GString *result = list_texts (self, sql, key, &n_rows, &error);

  if (result == NULL)
    {
      kab_server_reply_error (self, error);
      return;
    }
  msg = before != NULL ? g_strdup (before) : g_strdup_printf ("%u %s", n_rows, after);
  kab_server_reply (self, msg, result, has_time);
}

#define DEPENDS_SQL \
  "SELECT DISTINCT trim (w.value) AS name FROM (SELECT DISTINCT depends FROM hosts WHERE depends IS NOT NULL) h," \
  " json_each ('[\"' || replace (replace (h.depends, '\"', ''), ',', '\",\"') || '\"]') w" \
  " WHERE trim (w.value) <> '' ORDER BY name"

void
kab_server_groups (KabServerRequest *self)
{
  reply_texts (self, DEPENDS_SQL, "package", NULL, "Packages for section group", FALSE);
}

void
kab_server_ad_ou (KabServerRequest *self)
{
  reply_texts (self, "SELECT DISTINCT computer_ad_ou FROM hosts WHERE computer_ad_ou IS NOT NULL ORDER BY 1", NULL,
               "AD OU DN List", NULL, TRUE);
}

void
kab_server_ad_sites (KabServerRequest *self)
{
  reply_texts (self, "SELECT DISTINCT computer_ad_site FROM hosts WHERE computer_ad_site IS NOT NULL ORDER BY 1", NULL,
               "AD Sites List", NULL, TRUE);
}

void
kab_server_ad_groups (KabServerRequest *self)
{
  reply_texts (self, "SELECT DISTINCT g.value FROM (SELECT DISTINCT computer_ad_groups FROM hosts"
               " WHERE computer_ad_groups IS NOT NULL) h, json_each (h.computer_ad_groups) g ORDER BY 1", NULL,
               NULL, "active directory computers groups", TRUE);
}

/* "OU=Postes,DC=x" → [["OU", "Postes", ","], ["DC", "x", ""]] */
static void
append_split (GString    *out,
              const char *dn)
{
  g_auto(GStrv) parts = g_strsplit (dn, ",", -1);

  g_string_append_c (out, '[');
  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *equal = strchr (parts[i], '=');

      if (equal != NULL)
        *equal = '\0';
      g_string_append (out, i > 0 ? ", [" : "[");
      kab_server_json_append_text (out, g_strstrip (parts[i]));
      g_string_append (out, ", ");
      kab_server_json_append_text (out, equal != NULL ? equal + 1 : "");
      g_string_append (out, parts[i + 1] != NULL ? ", \",\"]" : ", \"\"]");
    }
  g_string_append_c (out, ']');
}

void
kab_server_ad_ou_split (KabServerRequest *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabStatement) stmt = NULL;
  GString *out;

  stmt = kab_database_prepare (self->server->depot->database, "SELECT DISTINCT computer_ad_ou FROM hosts"
                               " WHERE computer_ad_ou IS NOT NULL ORDER BY 1", &error);
  if (stmt == NULL)
    {
      kab_server_reply_error (self, error);
      return;
    }
  out = g_string_new ("[");
  while (kab_statement_step (stmt, NULL))
    {
      g_string_append (out, out->len > 1 ? ", " : "");
      append_split (out, kab_statement_get_text (stmt, 0));
    }
  g_string_append_c (out, ']');
  kab_server_reply (self, "AD OU DN List", out, TRUE);
}

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

void
kab_server_packages_for_hosts (KabServerRequest *self)
{
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(KabStatement) stmt = NULL;
  g_autofree char *uuids = NULL;
  g_autofree char *status = NULL;
  g_autofree char *sections = NULL;
  g_autofree char *reachable = NULL;
  g_autofree char *msg = NULL;
  gint64 limit, n_hosts;
  JsonObject *body;
  GString *out;

  if (!get_body (self, &node, &body))
    return;
  uuids = get_list (self, body, "host_uuids");
  status = get_list (self, body, "install_status");
  sections = get_list (self, body, "sections");
  reachable = get_list (self, body, "reachable");
  limit = get_limit (self, body);

  stmt = kab_database_prepare (self->server->depot->database,
    "SELECT p.package, p.version, p.section, p.priority, p.install_status, h.reachable,"
    " json_group_array (h.uuid), count (*) FROM host_packages p JOIN hosts h ON h.id = p.host"
    " WHERE (?1 IS NULL OR h.uuid IN (SELECT value FROM json_each (?1)))"
    " AND (?2 IS NULL OR p.install_status IN (SELECT value FROM json_each (?2)))"
    " AND (?3 IS NULL OR p.section IN (SELECT value FROM json_each (?3)))"
    " AND (?4 IS NULL OR h.reachable = 'OK')"
    " GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 5 LIMIT ?5", &error);
  if (stmt == NULL)
    {
      kab_server_reply_error (self, error);
      return;
    }
  kab_statement_bind_text (stmt, 1, uuids);
  kab_statement_bind_text (stmt, 2, status);
  kab_statement_bind_text (stmt, 3, sections);
  kab_statement_bind_text (stmt, 4, reachable);
  kab_statement_bind_int64 (stmt, 5, limit);

  out = g_string_new ("[");
  while (kab_statement_step (stmt, &error))
    {
      g_string_append (out, out->len > 1 ? ", {" : "{");
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
  if (error != NULL)
    {
      g_string_free (out, TRUE);
      kab_server_reply_error (self, error);
      return;
    }

  if (uuids != NULL)
    {
      g_autoptr(JsonNode) list = kab_wire_parse (uuids, -1, NULL);

      n_hosts = list != NULL ? (gint64) json_array_get_length (json_node_get_array (list)) : 0;
    }
  else
    n_hosts = kab_depot_count_hosts (self->server->depot);
  msg = g_strdup_printf ("Packages status for %" G_GINT64_FORMAT " hosts, limit %" G_GINT64_FORMAT, n_hosts, limit);
  kab_server_reply (self, msg, out, FALSE);
}

void
kab_server_hosts_for_package (KabServerRequest *self)
{
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(KabStatement) stmt = NULL;
  g_autofree char *packages = NULL;
  g_autofree char *msg = NULL;
  JsonObject *body;
  guint n_rows = 0;
  GString *out;

  if (!get_body (self, &node, &body))
    return;
  packages = get_list (self, body, "package");
  if (packages == NULL)
    {
      kab_server_reply_exception (self, 200, "EWaptMissingParameter", "Parameter package is missing");
      return;
    }
  stmt = kab_database_prepare (self->server->depot->database,
    "SELECT p.row, h.uuid, h.computer_name, h.computer_fqdn, h.description, h.connected_ips, h.connected_users,"
    " h.reachable FROM host_packages p JOIN hosts h ON h.id = p.host"
    " WHERE p.package IN (SELECT value FROM json_each (?1)) ORDER BY h.id LIMIT ?2", &error);
  if (stmt == NULL)
    {
      kab_server_reply_error (self, error);
      return;
    }
  kab_statement_bind_text (stmt, 1, packages);
  kab_statement_bind_int64 (stmt, 2, get_limit (self, body));

  out = g_string_new ("[");
  while (kab_statement_step (stmt, &error))
    {
      const char *row = kab_statement_get_text (stmt, 0);
      GString *members = g_string_new (NULL);

      kab_server_json_append (members, row);
      g_string_append (out, n_rows++ > 0 ? ", {" : "{");
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
  g_string_append_c (out, ']');
  if (error != NULL)
    {
      g_string_free (out, TRUE);
      kab_server_reply_error (self, error);
      return;
    }
  msg = g_strdup_printf ("%u hosts with package", n_rows);
  kab_server_reply (self, msg, out, FALSE);
}

/* Only by uuids: a filter that removes hosts is nobody's practice. */
void
kab_server_hosts_delete (KabServerRequest *self)
{
  g_autoptr(JsonNode) node = NULL;
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) uuids = NULL;
  GString *out = NULL;
  JsonObject *body;
  guint n_gone = 0;
  g_autofree char *msg = NULL;

  if (!get_body (self, &node, &body))
    return;
  uuids = kab_json_dup_strv (body, "uuids");
  if (uuids == NULL)
    {
      kab_server_reply_exception (self, 200, "EWaptMissingParameter", "Parameter uuids is missing");
      return;
    }
  out = g_string_new ("{\"records\": [");
  for (guint i = 0; uuids[i] != NULL && error == NULL; i++)
    {
      g_autoptr(KabDepotHost) host = kab_depot_get_host (self->server->depot, uuids[i], NULL);

      if (host == NULL || !kab_depot_remove_host (self->server->depot, uuids[i], &error))
        continue;
      g_string_append (out, n_gone++ > 0 ? ", {\"uuid\": " : "{\"uuid\": ");
      kab_server_json_append_text (out, host->uuid);
      g_string_append (out, ", \"computer_fqdn\": ");
      kab_server_json_append_text (out, host->computer_fqdn);
      g_string_append_c (out, '}');
    }
  if (error != NULL)
    {
      g_string_free (out, TRUE);
      kab_server_reply_error (self, error);
      return;
    }
  g_string_append (out, "], \"files\": []}");
  msg = g_strdup_printf ("%u hosts removed from DB", n_gone);
  kab_server_reply (self, msg, out, TRUE);
}
