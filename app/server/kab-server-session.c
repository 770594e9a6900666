/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include "kab-server-private.h"
#include "kab-wire.h"

#define METHOD "admin"   /* the one method that practice needs */

/* {"*": ["admin"]} */
static void
append_acls (GString    *json,
             const char *rights)
{
  g_auto(GStrv) parts = g_strsplit (rights, ",", -1);

  g_string_append (json, "{\"*\": ");
  kab_server_json_append_texts (json, (const char * const *) parts);
  g_string_append_c (json, '}');
}

static void
append_version (KabServerRequest *self,
                GString          *json)
{
  kab_server_json_append_name (json, "date");
  kab_server_json_append_usec (json, kab_depot_get_now_usec (self->server->depot));
}

void
kab_server_ping (KabServerRequest *self)
{
  GString *json = g_string_new ("{\"version\": \"" KAB_SERVER_VERSION "\", \"api_root\": \"/api/\","
                                " \"api_version\": \"v3\"");

  kab_server_json_append_member (json, "uuid", self->server->uuid);
  append_version (self, json);
  g_string_append_printf (json, ", \"application_root\": \"\", \"edition\": \"%s\", \"git_hash\": \"%s\","
                          " \"platform\": \"Linux\", \"architecture\": [\"64bit\", \"ELF\"],"
                          " \"kabinet\": {\"api\": %d, \"wua\": \"%s\"}}",
                          KAB_SERVER_EDITION, KAB_SERVER_GIT_HASH, KAB_SERVER_BULK_API, KAB_PATH_WUA);
  kab_server_reply (self, "WAPT Server running", json, FALSE);
}

static void
refuse_login (KabServerRequest *self)
{
  kab_server_clear_cookie (self);
  kab_server_reply_html (self, 401, KAB_SERVER_TEXT_401);
}

/* Name and password: of the body, of the query (for GET), else of the Basic header. FALSE: it was answered. */
static gboolean
get_credentials (KabServerRequest  *self,
                 char             **name,
                 char             **password)
{
  if (kab_server_request_is (self, "POST"))
    {
      g_autoptr(JsonNode) node = kab_server_request_read_json (self);
      JsonObject *object;

      if (node == NULL)
        return FALSE;
      object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
      *name = g_strdup (kab_json_get_text (object, "user"));
      *password = g_strdup (kab_json_get_text (object, "password"));
    }
  else
    {
      *name = g_strdup (kab_server_request_get (self, "user"));
      *password = g_strdup (kab_server_request_get (self, "password"));
    }
  if (*name == NULL || *password == NULL)
    {
      g_clear_pointer (name, g_free);
      g_clear_pointer (password, g_free);
      kab_server_get_basic (self, name, password);
    }
  return TRUE;
}

void
kab_server_login (KabServerRequest *self)
{
  KabServer *server = self->server;
  g_autofree char *name = NULL;
  g_autofree char *password = NULL;
  g_autofree char *token = NULL;
  g_autofree char *date = NULL;
  GString *json;

  if (!get_credentials (self, &name, &password))
    return;
  g_clear_pointer (&self->rights, g_free);
  g_clear_pointer (&self->user, g_free);
  self->rights = name != NULL && password != NULL ? kab_server_dup_rights (server, name, password) : NULL;
  if (self->rights == NULL)
    {
      refuse_login (self);
      return;
    }

  self->user = g_steal_pointer (&name);
  self->auth_usec = g_get_real_time ();
  self->has_cookie = TRUE;
  token = kab_server_dup_token (server, self->user, self->rights, self->auth_usec);
  date = kab_server_json_dup_usec (self->auth_usec);

  json = g_string_new ("{\"auth_result\": {\"auth_method\": \"" METHOD "\", \"user\": ");
  kab_server_json_append_text (json, self->user);
  g_string_append_printf (json, ", \"auth_date\": \"%s\", \"user_acls\": ", date);
  append_acls (json, self->rights);
  g_string_append (json, "}, \"user_acls\": ");
  append_acls (json, self->rights);
  g_string_append_printf (json, ", \"token\": \"%s\", \"server_uuid\": \"%s\", \"version\": \"%s\","
                          " \"hosts_count\": %" G_GINT64_FORMAT ", \"server_domain\": \"\", \"edition\": \"%s\"}",
                          token, server->uuid, KAB_SERVER_VERSION, kab_depot_count_hosts (server->depot),
                          KAB_SERVER_EDITION);
  kab_server_reply (self, "Authentication OK", json, TRUE);
}

void
kab_server_logout (KabServerRequest *self)
{
  self->has_cookie = FALSE;
  kab_server_clear_cookie (self);
  kab_server_reply (self, "logged out", NULL, FALSE);
}

void
kab_server_user_infos (KabServerRequest *self)
{
  g_autofree char *date = self->user != NULL ? kab_server_json_dup_usec (self->auth_usec) : NULL;
  GString *json = g_string_new ("{\"user\": ");

  kab_server_json_append_text (json, self->user);
  g_string_append (json, ", \"user_fingerprint_sha1\": null, \"user_acls\": ");
  if (self->user != NULL)
    append_acls (json, self->rights);
  else
    g_string_append (json, "null");
  kab_server_json_append_member (json, "auth_method", self->user != NULL ? METHOD : NULL);
  kab_server_json_append_member (json, "auth_date", date);
  g_string_append_c (json, '}');
  self->has_cookie = FALSE;
  kab_server_reply (self, "Info on logged in user", json, FALSE);
}

/* The new password is hashed in the depot; the file of the ready line no longer knows it then. */
void
kab_server_change_password (KabServerRequest *self)
{
  g_autoptr(JsonNode) node = kab_server_request_read_json (self);
  g_autoptr(GError) error = NULL;
  g_autofree char *rights = NULL;
  const char *user, *password, *fresh;
  JsonObject *object;

  if (node == NULL)
    return;
  object = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
  user = kab_json_get_text (object, "user");
  password = kab_json_get_text (object, "password");
  fresh = kab_json_get_text (object, "new_password");
  if (user == NULL || password == NULL || fresh == NULL)
    {
      kab_server_reply_exception (self, 200, "EWaptMissingParameter",
                                  "Parameters user, password and new_password are needed");
      return;
    }
  rights = kab_server_dup_rights (self->server, user, password);
  if (rights == NULL)
    {
      kab_server_reply_exception (self, 200, "EWaptAuthenticationFailure", "Bad user or password");
      return;
    }
  if (g_utf8_strlen (fresh, -1) < KAB_SERVER_MIN_PASSWORD)
    {
      kab_server_reply_exception (self, 200, "EWaptForbiddden", "The password must be at least 10 characters");
      return;
    }
  if (!kab_server_set_account (self->server->depot, user, fresh, rights, &error))
    {
      kab_server_reply_error (self, error);
      return;
    }
  g_hash_table_remove_all (self->server->known);
  kab_server_reply (self, "Password updated", NULL, FALSE);
}

void
kab_server_usage_statistics (KabServerRequest *self)
{
  KabDatabase *database = self->server->depot->database;
  gint64 oldest = kab_depot_read_int (database, "SELECT min (last_seen_on) FROM hosts WHERE last_seen_on > 0", 0);
  gint64 newest = kab_depot_read_int (database, "SELECT max (last_seen_on) FROM hosts", 0);
  GString *json = g_string_new ("{\"uuid\": ");

  kab_server_json_append_text (json, self->server->uuid);
  g_string_append (json, ", \"platform\": \"Linux\", \"architecture\": [\"64bit\", \"ELF\"],"
                   " \"version\": \"" KAB_SERVER_VERSION "\"");
  append_version (self, json);
  g_string_append_printf (json, ", \"edition\": \"%s\", \"git_hash\": \"%s\", \"hosts_count\": %" G_GINT64_FORMAT,
                          KAB_SERVER_EDITION, KAB_SERVER_GIT_HASH, kab_depot_count_hosts (self->server->depot));
  kab_server_json_append_name (json, "oldest_query");
  kab_server_json_append_time (json, oldest);
  kab_server_json_append_name (json, "newest_query");
  kab_server_json_append_time (json, newest);
  g_string_append (json, ", \"packages_count_max\": null, \"packages_count_avg\": null, \"packages_count_ok\": null,"
                   " \"hosts_count_has_error\": null, \"hosts_count_need_upgrade\": null}");
  kab_server_reply (self, "Anomnymous usage statistics", json, FALSE);
}
