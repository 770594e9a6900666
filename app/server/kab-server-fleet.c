/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-server-private.h"
#include "kab-wire.h"

/* Answers about the fleet as a whole: units, sites and groups. */

/* An answer that is made in a thread: its result, and what is said with it. */
typedef struct {
  const char *sql;
  const char *key;        /* (nullable): of the object around each text */
  const char *msg;        /* (nullable): NULL = the number of rows and @after */
  const char *after;
  gboolean    has_time;
  guint       n_rows;
  GString    *result;
} Texts;

static void
texts_free (gpointer data)
{
  Texts *self = data;

  if (self->result != NULL)
    g_string_free (self->result, TRUE);
  g_free (self);
}

/* The first column of each row, as a JSON array. */
static gboolean
list_in_thread (const KabServerRequest  *request,
                KabDatabase            **database,
                gpointer                 data,
                GError                 **error)
{
  Texts *self = data;
  g_autoptr(KabStatement) stmt = kab_database_prepare (*database, self->sql, error);
  g_autoptr(GError) local_error = NULL;
  GString *out;

  if (stmt == NULL)
    return FALSE;
  out = self->result = g_string_new ("[");
  while (kab_statement_step (stmt, &local_error))
    {
      g_string_append (out, self->n_rows++ > 0 ? ", " : "");
      if (self->key != NULL)
        g_string_append_printf (out, "{\"%s\": ", self->key);
      kab_server_json_append_text (out, kab_statement_get_text (stmt, 0));
      if (self->key != NULL)
        g_string_append_c (out, '}');
    }
  g_string_append_c (out, ']');
  return kab_error_is_none (&local_error, error);
}

static void
listed_cb (KabServerRequest *request,
           gpointer          data,
           const GError     *error)
{
  Texts *self = data;
  g_autofree char *msg = NULL;

  if (error != NULL)
    kab_server_reply_error (request, error);
  else
    {
      msg = self->msg != NULL ? g_strdup (self->msg) : g_strdup_printf ("%u %s", self->n_rows, self->after);
      kab_server_reply (request, msg, g_steal_pointer (&self->result), self->has_time);
    }
  texts_free (self);
}

static void
reply_texts (KabServerRequest *self,
             const char       *sql,
             const char       *key,
             const char       *msg,
             const char       *after,
             gboolean          has_time)
{
  Texts *texts = g_new0 (Texts, 1);

  texts->sql = sql;
  texts->key = key;
  texts->msg = msg;
  texts->after = after;
  texts->has_time = has_time;
  kab_server_work (self, list_in_thread, listed_cb, texts, texts_free);
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

/* Only by uuids: a filter that removes hosts is nobody's practice. */
void
kab_server_hosts_delete (KabServerRequest *self)
{
  g_autoptr(JsonNode) node = kab_server_request_read_json (self);
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) uuids = NULL;
  GString *out = NULL;
  JsonObject *body;
  guint n_gone = 0;
  g_autofree char *msg = NULL;

  if (node == NULL)
    return;
  body = JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
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
      g_string_append (out, n_gone++ > 0 ? ", {" : "{");
      kab_server_json_append_member (out, "uuid", host->uuid);
      kab_server_json_append_member (out, "computer_fqdn", host->computer_fqdn);
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
