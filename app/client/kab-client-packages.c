/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-client"

#include "config.h"

#include "kab-client.h"

#include <string.h>

#include "kab-client-private.h"
#include "kab-error.h"
#include "kab-wire-paths.h"
#include "kab-wire.h"

#define MAX_INDEX   (128 * 1024 * 1024)   /* bytes; 10,000 packages take some 5 MB */

static GBytes *
read_file (KabClient     *self,
           KabRequest    *request,
           char         **last_modified,
           GCancellable  *cancellable,
           GError       **error)
{
  g_autoptr(KabResponse) response = kab_http_session_send (kab_client_get_http (self), request, cancellable, error);

  if (response == NULL)
    return NULL;
  if (response->status == 304 && request->if_modified_since != NULL)
    return NULL;
  if (response->status != 200)
    {
      kab_client_set_status_error (request, response, error);
      return NULL;
    }
  if (last_modified != NULL)
    *last_modified = g_steal_pointer (&response->last_modified);
  return g_steal_pointer (&response->body);
}

GBytes *
kab_client_read_index (KabClient     *self,
                       const char    *if_modified_since,
                       char         **last_modified,
                       GCancellable  *cancellable,
                       GError       **error)
{
  KabRequest request = { .method = "GET", .path = KAB_PATH_PACKAGES_INDEX, .if_modified_since = if_modified_since,
                         .flags = KAB_REQUEST_IDEMPOTENT, .max_bytes = MAX_INDEX };

  g_return_val_if_fail (KAB_IS_CLIENT (self), NULL);

  return read_file (self, &request, last_modified, cancellable, error);
}

/* @file_name: from the server: a plain name and nothing else */
GBytes *
kab_client_read_file (KabClient     *self,
                      const char    *folder,
                      const char    *file_name,
                      GCancellable  *cancellable,
                      GError       **error)
{
  KabRequest request = { .method = "GET", .flags = KAB_REQUEST_IDEMPOTENT, .max_bytes = KAB_CLIENT_MAX_PACKAGE };
  g_autofree char *escaped = NULL;
  g_autofree char *path = NULL;

  if (*file_name == '\0' || *file_name == '.' || strpbrk (file_name, "/\\") != NULL)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "“%s” is no name of a package file", file_name);
      return NULL;
    }

  escaped = g_uri_escape_string (file_name, NULL, FALSE);
  path = g_strconcat (folder, escaped, NULL);
  request.path = path;
  return read_file (self, &request, NULL, cancellable, error);
}

GBytes *
kab_client_read_package (KabClient     *self,
                         const char    *file_name,
                         GCancellable  *cancellable,
                         GError       **error)
{
  g_return_val_if_fail (KAB_IS_CLIENT (self) && file_name != NULL, NULL);

  return kab_client_read_file (self, KAB_PATH_PACKAGE_FILES, file_name, cancellable, error);
}

static void
add_hosts (GHashTable *packages,
           JsonObject *row)
{
  const char *package = kab_json_get_text (row, "package");
  const char *version = kab_json_get_text (row, "version");
  const char *status = kab_json_get_text (row, "install_status");
  g_auto(GStrv) hosts = kab_json_dup_strv (row, "host_uuids");
  g_autofree char *key = NULL;
  GStrv known;

  /* agents apply the rules of packages that are installed well, and of no others (waptwua-model § 6.4) */
  if (package == NULL || version == NULL || hosts == NULL || g_strcmp0 (status, "OK") != 0)
    return;

  key = g_strdup_printf ("%s %s", package, version);
  known = g_hash_table_lookup (packages, key);
  if (known != NULL)
    {
      /* the server groups by more columns than we look at */
      g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

      g_strv_builder_addv (builder, (const char **) known);
      g_strv_builder_addv (builder, (const char **) hosts);
      g_hash_table_replace (packages, g_steal_pointer (&key), g_strv_builder_end (builder));
    }
  else
    {
      g_hash_table_replace (packages, g_steal_pointer (&key), g_steal_pointer (&hosts));
    }
}

GHashTable *
kab_client_read_rule_packages (KabClient     *self,
                               guint          limit,
                               GCancellable  *cancellable,
                               GError       **error)
{
  KabRequest request = { .method = "GET", .path = KAB_PATH_PACKAGES_FOR_HOSTS, .flags = KAB_REQUEST_IDEMPOTENT,
                         .max_bytes = MAX_INDEX };
  g_autoptr(GHashTable) packages = NULL;
  g_autoptr(JsonNode) result = NULL;
  g_autofree char *limit_text = g_strdup_printf ("%u", limit);
  g_autofree char *query = kab_client_build_query ("sections", "wsus", "limit", limit_text, NULL);
  JsonArray *array;

  g_return_val_if_fail (KAB_IS_CLIENT (self), NULL);

  request.query = query;
  result = kab_client_call (self, &request, NULL, cancellable, error);
  if (result == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_ARRAY (result) && !JSON_NODE_HOLDS_NULL (result))
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "packages of hosts that are no list");
      return NULL;
    }

  packages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
  array = JSON_NODE_HOLDS_ARRAY (result) ? json_node_get_array (result) : NULL;
  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *row = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (row))
        add_hosts (packages, json_node_get_object (row));
    }
  return g_steal_pointer (&packages);
}
