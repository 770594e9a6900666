/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-client"

#include "config.h"

#include "kab-client.h"

#include <string.h>

#include "kab-client-private.h"
#include "kab-error.h"
#include "kab-text.h"
#include "kab-wire-paths.h"
#include "kab-wire.h"

#define PING_TIMEOUT 5                /* seconds, wapt-server-api § 13 */
#define MAX_ANSWER   (1024 * 1024)    /* bytes of ping and login */
#define SPARE_BYTES  (G_GUINT64_CONSTANT (128) << 20)
#define UNCOUNTED_HOSTS 20000         /* how many there may be where the server does not say */

struct _KabClient
{
  GObject         parent_instance;

  KabHttpSession *http;
  char           *updates_path;   /* (nullable) */
  char           *states_path;    /* (nullable) */
  KabServerInfo   info;           /* written by ping and sign_in only */
};

G_DEFINE_FINAL_TYPE (KabClient, kab_client, G_TYPE_OBJECT)

static void
replace_text (char       **member,
              const char  *text)
{
  g_free (*member);
  *member = g_strdup (text != NULL ? text : "");
}

static void
kab_client_finalize (GObject *object)
{
  KabClient *self = KAB_CLIENT (object);

  g_clear_object (&self->http);
  g_free (self->updates_path);
  g_free (self->states_path);
  g_free (self->info.version);
  g_free (self->info.edition);
  g_free (self->info.uuid);
  g_free (self->info.wua_base);
  g_free (self->info.user);
  g_strfreev (self->info.rights);

  G_OBJECT_CLASS (kab_client_parent_class)->finalize (object);
}

static void
kab_client_class_init (KabClientClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_client_finalize;
}

static void
kab_client_init (KabClient *self)
{
  replace_text (&self->info.version, NULL);
  replace_text (&self->info.edition, NULL);
  replace_text (&self->info.uuid, NULL);
  replace_text (&self->info.wua_base, NULL);
  replace_text (&self->info.user, NULL);
  self->info.rights = g_new0 (char *, 1);
}

KabClient *
kab_client_new (KabHttpSession *http,
                const char     *updates_path,
                const char     *states_path)
{
  KabClient *self = g_object_new (KAB_TYPE_CLIENT, NULL);

  g_return_val_if_fail (KAB_IS_HTTP_SESSION (http), self);

  self->http = g_object_ref (http);
  self->updates_path = updates_path != NULL && *updates_path != '\0' ? g_strdup (updates_path) : NULL;
  self->states_path = states_path != NULL && *states_path != '\0' ? g_strdup (states_path) : NULL;
  return self;
}

/* A path of the server's own, and of nobody else's. */
static gboolean
is_plain_path (const char *path)
{
  return path != NULL && path[0] == '/' && path[1] != '/' && path[1] != '\0' && strlen (path) < 200 &&
         strpbrk (path, "?#\\%") == NULL && strstr (path, "..") == NULL;
}

gboolean
kab_client_ping (KabClient     *self,
                 GCancellable  *cancellable,
                 GError       **error)
{
  KabRequest request = { .method = "GET", .path = KAB_PATH_PING, .flags = KAB_REQUEST_NO_AUTH | KAB_REQUEST_IDEMPOTENT,
                         .timeout_s = PING_TIMEOUT, .max_bytes = MAX_ANSWER };
  g_autoptr(KabResponse) response = NULL;
  g_autoptr(JsonNode) root = NULL;
  g_autoptr(JsonNode) result = NULL;
  JsonObject *object;
  const char *base;
  gconstpointer data;
  gsize size;

  g_return_val_if_fail (KAB_IS_CLIENT (self), FALSE);

  response = kab_http_session_send (self->http, &request, cancellable, error);
  if (response == NULL)
    return FALSE;
  if (response->status != 200)
    return kab_client_set_status_error (&request, response, error);

  data = g_bytes_get_data (response->body, &size);
  root = kab_wire_parse (data != NULL ? data : "", size, NULL);
  result = root != NULL ? kab_wire_open_envelope (root, NULL, NULL) : NULL;
  object = result != NULL && JSON_NODE_HOLDS_OBJECT (result) ? json_node_get_object (result) : NULL;
  if (object == NULL || kab_json_get_text (object, "version") == NULL)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "what answers is no WAPT server");
      return FALSE;
    }

  replace_text (&self->info.version, kab_json_get_text (object, "version"));
  replace_text (&self->info.edition, kab_json_get_text (object, "edition"));
  replace_text (&self->info.uuid, kab_json_get_text (object, "uuid"));

  /* the HTTP date: "date" in the result is the server's local time */
  self->info.clock_offset_s = response->date != 0 ? response->date - g_get_real_time () / G_USEC_PER_SEC : 0;

  base = kab_json_get_text (object, "kabinet/wua");
  replace_text (&self->info.wua_base,
                kab_json_get_int (object, "kabinet/api", 0) == 1 && is_plain_path (base) ? base : NULL);
  return TRUE;
}

/* {"*": ["admin"], "OU=…": ["view"]} → all of them, sorted */
static GStrv
unite_rights (JsonObject *acls)
{
  g_autoptr(GHashTable) known = g_hash_table_new (g_str_hash, g_str_equal);
  GPtrArray *rights = g_ptr_array_new ();
  JsonObjectIter iter;
  const char *perimeter;

  json_object_iter_init (&iter, acls);
  while (json_object_iter_next (&iter, &perimeter, NULL))
    {
      JsonNode *node = json_object_get_member (acls, perimeter);
      JsonArray *array = JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

      for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
        {
          JsonNode *element = json_array_get_element (array, i);
          const char *right = JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING
                                ? json_node_get_string (element) : NULL;

          if (right != NULL && g_hash_table_add (known, (gpointer) right))
            g_ptr_array_add (rights, g_strdup (right));
        }
    }
  g_ptr_array_sort (rights, kab_text_compare);
  g_ptr_array_add (rights, NULL);
  return (GStrv) g_ptr_array_free (rights, FALSE);
}

static void
read_login (KabClient  *self,
            JsonObject *object,
            const char *user)
{
  JsonNode *acls = kab_json_get_node (object, "user_acls");
  const char *told = kab_json_get_text (object, "auth_result/user");
  const char *uuid = kab_json_get_text (object, "server_uuid");
  const char *edition = kab_json_get_text (object, "edition");

  if (acls == NULL)
    acls = kab_json_get_node (object, "auth_result/user_acls");

  replace_text (&self->info.user, told != NULL ? told : user);
  if (uuid != NULL)
    replace_text (&self->info.uuid, uuid);
  if (edition != NULL)
    replace_text (&self->info.edition, edition);
  self->info.n_hosts = (guint) CLAMP (kab_json_get_int (object, "hosts_count", 0), 0, G_MAXINT);

  g_strfreev (self->info.rights);
  if (acls != NULL && JSON_NODE_HOLDS_OBJECT (acls))
    {
      self->info.rights = unite_rights (json_node_get_object (acls));
    }
  else
    {
      /* before 1.8 whoever is signed in may do everything */
      self->info.rights = g_new0 (char *, 2);
      self->info.rights[0] = g_strdup ("admin");
    }
}

static GBytes *
build_login (const char *user,
             const char *password)
{
  g_autoptr(GString) body = g_string_sized_new (1024);

  g_string_append (body, "{\"user\":");
  kab_wire_append_text (body, user);
  g_string_append (body, ",\"password\":");
  kab_wire_append_text (body, password);
  g_string_append_c (body, '}');
  return g_string_free_to_bytes (g_steal_pointer (&body));
}

/* Login also makes the record of an LDAP user, without which Basic ends in a bare 500 (wapt-server-api § 2). */
gboolean
kab_client_sign_in (KabClient     *self,
                    const char    *user,
                    const char    *password,
                    GCancellable  *cancellable,
                    GError       **error)
{
  KabRequest request = { .method = "POST", .path = KAB_PATH_LOGIN, .content_type = "application/json",
                         .flags = KAB_REQUEST_NO_BASIC | KAB_REQUEST_IDEMPOTENT, .max_bytes = MAX_ANSWER };
  g_autoptr(GBytes) body = NULL;
  g_autoptr(JsonNode) result = NULL;
  g_autoptr(GError) local_error = NULL;
  gconstpointer data;
  gsize size;

  g_return_val_if_fail (KAB_IS_CLIENT (self), FALSE);

  if (user == NULL || *user == '\0' || password == NULL ||
      !g_utf8_validate (user, -1, NULL) || !g_utf8_validate (password, -1, NULL))
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_AUTH, "no user or password to sign in with");
      return FALSE;
    }
  if (*self->info.version == '\0' && !kab_client_ping (self, cancellable, error))
    return FALSE;

  kab_http_session_set_credentials (self->http, user, password);
  body = build_login (user, password);
  request.body = body;
  result = kab_client_call (self, &request, NULL, cancellable, &local_error);
  if (g_error_matches (local_error, KAB_ERROR, KAB_ERROR_NOT_FOUND))
    {
      g_clear_error (&local_error);
      request.path = KAB_PATH_LOGIN_OLD;
      result = kab_client_call (self, &request, NULL, cancellable, &local_error);
    }
  data = g_bytes_get_data (body, &size);
  explicit_bzero ((gpointer) data, size);

  if (result == NULL)
    {
      kab_http_session_set_credentials (self->http, NULL, NULL);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (!JSON_NODE_HOLDS_OBJECT (result))
    {
      kab_http_session_set_credentials (self->http, NULL, NULL);
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "a sign-in without a result");
      return FALSE;
    }

  read_login (self, json_node_get_object (result), user);
  g_info ("signed in to WAPT %s, level %u", self->info.version, (guint) kab_client_get_level (self));
  return TRUE;
}

const KabServerInfo *
kab_client_get_info (KabClient *self)
{
  g_return_val_if_fail (KAB_IS_CLIENT (self), NULL);

  return &self->info;
}

KabLevel
kab_client_get_level (KabClient *self)
{
  g_return_val_if_fail (KAB_IS_CLIENT (self), KAB_LEVEL_OPEN);

  if (self->updates_path != NULL && self->states_path != NULL)
    return KAB_LEVEL_CONFIGURED;
  if (*self->info.wua_base != '\0')
    return KAB_LEVEL_BULK;
  return KAB_LEVEL_OPEN;
}

void
kab_client_get_traffic (KabClient *self,
                        guint64   *n_bytes,
                        guint     *n_requests)
{
  g_return_if_fail (KAB_IS_CLIENT (self));

  kab_http_session_get_traffic (self->http, n_bytes, n_requests);
}

guint64
kab_client_limit_answer (KabClient *self,
                         guint64    per_host,
                         guint64    most)
{
  guint64 n_hosts = self->info.n_hosts != 0 ? self->info.n_hosts : UNCOUNTED_HOSTS;

  return MIN (SPARE_BYTES + n_hosts * per_host, most);
}

KabHttpSession *
kab_client_get_http (KabClient *self)
{
  return self->http;
}

const char *
kab_client_get_updates_path (KabClient *self)
{
  return self->updates_path;
}

const char *
kab_client_get_states_path (KabClient *self)
{
  return self->states_path;
}
