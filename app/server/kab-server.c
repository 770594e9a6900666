/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-fault.h"
#include "kab-server-private.h"

#define GET    1u
#define POST   2u
#define DELETE 4u

#define RIGHTS_VIEW    "admin,view"
#define RIGHTS_UPLOAD  "admin,edit_host_package,edit_base_package,edit_group_package,edit_unit_package," \
                       "edit_profile_package,edit_wua_package,edit_self_service_package"
#define RIGHTS_DELETE  "admin,edit_host_package,edit_base_package,edit_group_package"
#define RIGHTS_TRIGGER "admin,trigger_host_action,trigger_host_upgrade"
#define RIGHTS_CANCEL  "admin,trigger_host_action"
#define RIGHTS_REMOVE  "admin,unregister_host"

/* @rights: NULL = no login needed, "" = any login. Every route answers HEAD with an empty 200 (wapt-server-api § 1.2). */
typedef struct {
  const char  *path;
  guint        methods;
  const char  *rights;
  gsize        max_body;
  void       (*handle) (KabServerRequest *request);
} Route;

static const Route routes[] = {
  { KAB_PATH_PING, GET | POST, NULL, KAB_SERVER_MAX_BODY, kab_server_ping },
  { KAB_PATH_LOGIN, GET | POST, NULL, KAB_SERVER_MAX_BODY, kab_server_login },
  { KAB_PATH_LOGIN_OLD, GET | POST, NULL, KAB_SERVER_MAX_BODY, kab_server_login },
  { KAB_PATH_LOGOUT, GET | POST, NULL, KAB_SERVER_MAX_BODY, kab_server_logout },
  { KAB_PATH_USER_INFOS, GET, NULL, KAB_SERVER_MAX_BODY, kab_server_user_infos },
  { KAB_PATH_CHANGE_PASSWORD, POST, "admin", KAB_SERVER_MAX_BODY, kab_server_change_password },
  { KAB_PATH_USAGE_STATISTICS, GET, RIGHTS_VIEW, KAB_SERVER_MAX_BODY, kab_server_usage_statistics },
  { KAB_PATH_HOSTS_V1, GET, RIGHTS_VIEW, KAB_SERVER_MAX_BODY, kab_server_hosts },
  { KAB_PATH_HOSTS, GET, RIGHTS_VIEW, KAB_SERVER_MAX_BODY, kab_server_hosts },
  { KAB_PATH_HOST_DATA, GET, RIGHTS_VIEW, KAB_SERVER_MAX_BODY, kab_server_host_data },
  { KAB_PATH_HOSTS_DELETE, POST, RIGHTS_REMOVE, KAB_SERVER_MAX_BODY, kab_server_hosts_delete },
  { KAB_PATH_GROUPS, GET, RIGHTS_VIEW, KAB_SERVER_MAX_BODY, kab_server_groups },
  { KAB_PATH_AD_OU, GET, RIGHTS_VIEW, KAB_SERVER_MAX_BODY, kab_server_ad_ou },
  { KAB_PATH_AD_OU_SPLIT, GET, RIGHTS_VIEW, KAB_SERVER_MAX_BODY, kab_server_ad_ou_split },
  { KAB_PATH_AD_SITES, GET, RIGHTS_VIEW, KAB_SERVER_MAX_BODY, kab_server_ad_sites },
  { KAB_PATH_AD_GROUPS, GET, "", KAB_SERVER_MAX_BODY, kab_server_ad_groups },
  { KAB_PATH_HOSTS_FOR_PACKAGE, GET | POST, RIGHTS_VIEW, KAB_SERVER_MAX_BODY, kab_server_hosts_for_package },
  { KAB_PATH_PACKAGES_FOR_HOSTS, GET | POST, "", KAB_SERVER_MAX_BODY, kab_server_packages_for_hosts },
  { KAB_PATH_PACKAGES, GET, RIGHTS_VIEW, KAB_SERVER_MAX_BODY, kab_server_packages },
  { KAB_PATH_KNOWN_PACKAGES, GET, RIGHTS_VIEW, KAB_SERVER_MAX_BODY, kab_server_known_packages },
  { KAB_PATH_UPLOAD_PACKAGES, POST, RIGHTS_UPLOAD, KAB_SERVER_MAX_UPLOAD, kab_server_upload_packages },
  { KAB_PATH_UPLOAD_HOSTS, POST, RIGHTS_UPLOAD, KAB_SERVER_MAX_UPLOAD, kab_server_upload_hosts },
  { KAB_PATH_UPLOAD_HOST, POST, RIGHTS_UPLOAD, KAB_SERVER_MAX_UPLOAD, kab_server_upload_hosts },
  { KAB_PATH_PACKAGES_DELETE, POST, RIGHTS_DELETE, KAB_SERVER_MAX_BODY, kab_server_packages_delete },
  { KAB_PATH_TRUSTED_SIGNERS, GET | POST | DELETE, "admin", KAB_SERVER_MAX_BODY, kab_server_trusted_signers },
  { KAB_PATH_TRIGGER_HOST_ACTION, POST, RIGHTS_TRIGGER, KAB_SERVER_MAX_UPLOAD, kab_server_trigger_action },
  { KAB_PATH_HOST_TASKS_STATUS, GET, RIGHTS_VIEW, KAB_SERVER_MAX_BODY, kab_server_tasks_status },
  { KAB_PATH_TRIGGER_CANCEL_TASK, GET, RIGHTS_CANCEL, KAB_SERVER_MAX_BODY, kab_server_cancel_task },
  { KAB_PATH_WUA KAB_WUA_UPDATES, GET, RIGHTS_VIEW, KAB_SERVER_MAX_BODY, kab_server_bulk_updates },
  { KAB_PATH_WUA KAB_WUA_STATES, GET, RIGHTS_VIEW, KAB_SERVER_MAX_BODY, kab_server_bulk_states },
  { KAB_PATH_WUA KAB_WUA_UPDATE_HOSTS, GET, RIGHTS_VIEW, KAB_SERVER_MAX_BODY, kab_server_update_hosts },
  { KAB_PATH_WUA KAB_WUA_FILES, GET, RIGHTS_VIEW, KAB_SERVER_MAX_BODY, kab_server_files },
};

/* Everything below these is a file, for anybody. */
static const Route file_route = { NULL, GET, NULL, KAB_SERVER_MAX_BODY, kab_server_static_file };

static const Route *
find_route (const char *path)
{
  for (guint i = 0; i < G_N_ELEMENTS (routes); i++)
    if (strcmp (routes[i].path, path) == 0)
      return &routes[i];

  if (g_str_has_prefix (path, KAB_PATH_PACKAGE_FILES) || g_str_has_prefix (path, KAB_PATH_HOST_FILES) ||
      g_str_has_prefix (path, KAB_PATH_UPDATE_FILES))
    return &file_route;
  return NULL;
}

static gboolean
takes_method (const Route *route,
              const char  *method)
{
  return (g_str_equal (method, "GET") && (route->methods & GET) != 0) ||
         (g_str_equal (method, "POST") && (route->methods & POST) != 0) ||
         (g_str_equal (method, "DELETE") && (route->methods & DELETE) != 0) || g_str_equal (method, "HEAD");
}

static void
request_clear (KabServerRequest *self)
{
  g_free (self->user);
  g_free (self->rights);
}

/* 401 before 403; HEAD is not a way around either. Returns: %FALSE when it was answered */
static gboolean
admit (KabServerRequest *self,
       const Route      *route)
{
  gboolean is_known = kab_server_authenticate (self);

  if (route->rights == NULL)
    return TRUE;
  if (!is_known)
    {
      kab_server_reply_html (self, 401, KAB_SERVER_TEXT_401);
      return FALSE;
    }
  if (!kab_server_has_right (self, route->rights))
    {
      kab_server_reply_html (self, 403, KAB_SERVER_TEXT_403);
      return FALSE;
    }
  self->has_cookie = TRUE;
  return TRUE;
}

static void
got_chunk_cb (SoupServerMessage *message,
              GBytes            *chunk,
              gpointer           user_data)
{
  const Route *route = user_data;
  SoupMessageBody *body = soup_server_message_get_request_body (message);

  /* Without a length in the head only counting helps. What is too long is read, thrown away and refused. */
  if (body->length > 0 && (guint64) body->length > route->max_body)
    {
      soup_message_body_set_accumulate (body, FALSE);
      soup_message_body_truncate (body);
      g_object_set_data (G_OBJECT (message), "kab-too-long", (gpointer) route);
    }
}

/* Without reading what comes. Over TLS the connection ends without a word: the socket is not ours to write to. */
static void
refuse_length (KabServer         *self,
               SoupServerMessage *message)
{
  static const char answer[] = "HTTP/1.1 413 REQUEST ENTITY TOO LARGE\r\nConnection: close\r\n"
                               "Content-Type: text/html; charset=utf-8\r\n\r\n" KAB_SERVER_TEXT_413;
  GSocket *socket = soup_server_message_get_socket (message);

  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  if (socket == NULL)
    return;
  if (!self->is_tls)
    g_socket_send (socket, answer, sizeof answer - 1, NULL, NULL);
  g_socket_shutdown (socket, TRUE, TRUE, NULL);
}

/* Runs when the head of a request is there, before its body: who may not or sends too much need not send it. */
static void
head_cb (SoupServer        *soup,
         SoupServerMessage *message,
         const char        *path,
         GHashTable        *query,
         gpointer           user_data)
{
  KabServerRequest request = { user_data, message, path, query, g_get_monotonic_time () };
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const Route *route = find_route (path);
  goffset length = soup_message_headers_get_content_length (headers);

  if (route == NULL || !takes_method (route, soup_server_message_get_method (message)))
    return;
  if (length > 0 && (guint64) length > route->max_body)
    {
      refuse_length (user_data, message);
      return;
    }
  if (route->rights != NULL && (length > KAB_SERVER_CHUNK ||
                                soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED) &&
      !admit (&request, route))
    soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  request_clear (&request);
  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CHUNKED)
    g_signal_connect (message, "got-chunk", G_CALLBACK (got_chunk_cb), (gpointer) route);
}

static void
finished_cb (SoupServerMessage *message,
             gpointer           user_data)
{
  kab_fault_point ("server-after-answer");
}

static void
request_cb (SoupServer        *soup,
            SoupServerMessage *message,
            const char        *path,
            GHashTable        *query,
            gpointer           user_data)
{
  KabServerRequest request = { user_data, message, path, query, g_get_monotonic_time () };
  const char *method = soup_server_message_get_method (message);
  const Route *route = find_route (path);

  g_signal_connect (message, "finished", G_CALLBACK (finished_cb), NULL);
  if (route == NULL)
    kab_server_reply_html (&request, 404, KAB_SERVER_TEXT_404);
  else if (!takes_method (route, method))
    kab_server_reply_html (&request, 405, KAB_SERVER_TEXT_405);
  else if (g_object_get_data (G_OBJECT (message), "kab-too-long") != NULL)
    kab_server_reply_html (&request, 413, KAB_SERVER_TEXT_413);
  else if (admit (&request, route))
    {
      if (g_str_equal (method, "HEAD") && route->handle != kab_server_static_file)
        soup_server_message_set_status (message, 200, "OK");
      else
        route->handle (&request);
    }
  kab_fault_point ("server-before-answer");
  request_clear (&request);
}

/* "127.0.0.1:0", "[::1]:8443", "0.0.0.0:443" */
static GSocketAddress *
parse_listen (const char  *listen,
              GError     **error)
{
  g_autoptr(GSocketConnectable) connectable = g_network_address_parse (listen, 0, NULL);
  GSocketAddress *address = NULL;

  if (connectable != NULL)
    {
      GNetworkAddress *parsed = G_NETWORK_ADDRESS (connectable);

      address = g_inet_socket_address_new_from_string (g_network_address_get_hostname (parsed),
                                                       g_network_address_get_port (parsed));
    }
  if (address == NULL)
    g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "%s: not ADDRESS:PORT with an address given as numbers", listen);
  return address;
}

gboolean
kab_server_check_listen (const char  *listen,
                         gboolean     has_tls,
                         GError     **error)
{
  g_autoptr(GSocketAddress) address = NULL;

  g_return_val_if_fail (listen != NULL, FALSE);

  address = parse_listen (listen, error);
  if (address == NULL)
    return FALSE;
  if (has_tls ||
      g_inet_address_get_is_loopback (g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address))))
    return TRUE;
  g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "%s: beyond this machine only with TLS", listen);
  return FALSE;
}

static gboolean
listen_at (KabServer               *self,
           const KabServerOptions  *options,
           GError                 **error)
{
  g_autoptr(GSocketAddress) address = parse_listen (options->listen, error);
  g_autoptr(GError) local_error = NULL;
  g_autofree char *text = NULL;
  GSList *uris;

  if (address == NULL || !kab_server_check_listen (options->listen, self->is_tls, error))
    return FALSE;
  if (!soup_server_listen (self->soup, address, self->is_tls ? SOUP_SERVER_LISTEN_HTTPS : 0, &local_error))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_NETWORK, "%s: %s", options->listen, local_error->message);
      return FALSE;
    }

  uris = soup_server_get_uris (self->soup);
  text = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify) g_uri_unref);
  if (g_str_has_suffix (text, "/"))
    text[strlen (text) - 1] = '\0';
  self->address = g_steal_pointer (&text);
  return TRUE;
}

/* The key that signs sessions: made once, so that a restart signs nobody out. */
static GBytes *
get_secret (KabDepot  *depot,
            GError   **error)
{
  g_autofree char *secret = kab_depot_dup_value (depot, "session_secret");

  if (secret == NULL)
    {
      g_autofree char *a = g_uuid_string_random ();
      g_autofree char *b = g_uuid_string_random ();

      secret = g_strconcat (a, b, NULL);
      if (!kab_depot_set_value (depot, "session_secret", secret, error))
        return NULL;
    }
  return g_bytes_new (secret, strlen (secret));
}

KabServer *
kab_server_start (KabDepot                *depot,
                  const KabServerOptions  *options,
                  GError                 **error)
{
  g_autoptr(KabServer) self = g_new0 (KabServer, 1);

  g_return_val_if_fail (depot != NULL, NULL);
  g_return_val_if_fail (options != NULL && options->listen != NULL, NULL);

  self->depot = depot;
  self->agents = options->agents;
  self->is_tls = options->certificate != NULL;
  self->trusted = options->trusted != NULL ? g_ptr_array_ref (options->trusted)
                                           : g_ptr_array_new_with_free_func (g_object_unref);
  self->uuid = kab_depot_dup_value (depot, "server_uuid");
  self->epoch = kab_depot_dup_value (depot, "epoch");
  self->known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->held = g_ptr_array_new_with_free_func (kab_server_held_free);
  self->secret = get_secret (depot, error);
  if (self->secret == NULL)
    return NULL;

  self->soup = soup_server_new ("server-header", "kabinet-server", NULL);
  if (self->is_tls)
    soup_server_set_tls_certificate (self->soup, options->certificate);
  soup_server_add_early_handler (self->soup, "/", head_cb, self, NULL);
  soup_server_add_handler (self->soup, "/", request_cb, self, NULL);
  if (!listen_at (self, options, error))
    return NULL;
  if (self->agents != NULL)
    kab_server_agents_set_notify (self->agents, kab_server_tasks_notify, self);
  return g_steal_pointer (&self);
}

void
kab_server_stop (KabServer *self)
{
  if (self == NULL)
    return;

  if (self->agents != NULL)
    kab_server_agents_set_notify (self->agents, NULL, NULL);
  if (self->held != NULL)
    kab_server_tasks_release (self);
  if (self->soup != NULL)
    soup_server_disconnect (self->soup);
  g_clear_object (&self->soup);
  g_clear_pointer (&self->held, g_ptr_array_unref);
  g_clear_pointer (&self->known, g_hash_table_unref);
  g_clear_pointer (&self->trusted, g_ptr_array_unref);
  g_clear_pointer (&self->secret, g_bytes_unref);
  g_free (self->address);
  g_free (self->uuid);
  g_free (self->epoch);
  g_free (self);
}

const char *
kab_server_get_address (KabServer *self)
{
  return self->address;
}
