/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-client"

#include "config.h"

#include "kab-client-private.h"

#include <string.h>

#include "kab-error.h"
#include "kab-wire.h"

gboolean
kab_client_set_status_error (const KabRequest  *request,
                             KabResponse       *response,
                             GError           **error)
{
  g_autoptr(JsonNode) root = NULL;
  gsize size = 0;
  const char *data = response->body != NULL ? g_bytes_get_data (response->body, &size) : NULL;

  /* upload_packages and others put their envelope under a 500 */
  root = size > 0 ? kab_wire_parse (data, size, NULL) : NULL;
  if (root != NULL)
    {
      g_autoptr(GError) local_error = NULL;
      g_autoptr(JsonNode) result = kab_wire_open_envelope (root, NULL, &local_error);

      if (result == NULL && !g_error_matches (local_error, KAB_ERROR, KAB_ERROR_BAD_DATA))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }

  g_set_error (error, KAB_ERROR,
               response->status == 429 || (response->status >= 502 && response->status <= 504)
                 ? KAB_ERROR_NETWORK : KAB_ERROR_FAILED,
               "the server answers %s with %u", request->path, response->status);
  return FALSE;
}

JsonNode *
kab_client_call (KabClient         *self,
                 const KabRequest  *request,
                 char             **msg,
                 GCancellable      *cancellable,
                 GError           **error)
{
  g_autoptr(KabResponse) response = kab_http_session_send (kab_client_get_http (self), request, cancellable, error);
  g_autoptr(JsonNode) root = NULL;
  gconstpointer data;
  gsize size;

  if (response == NULL)
    return NULL;
  if (response->status < 200 || response->status > 299)
    {
      kab_client_set_status_error (request, response, error);
      return NULL;
    }

  /* By what it is and not by its content type: proxies change the latter. */
  data = g_bytes_get_data (response->body, &size);
  root = kab_wire_parse (data != NULL ? data : "", size, error);
  if (root == NULL)
    {
      g_prefix_error (error, "%s (%s): ", request->path,
                      response->content_type != NULL ? response->content_type : "no content type");
      return NULL;
    }
  return kab_wire_open_envelope (root, msg, error);
}

gboolean
kab_client_stream (KabClient         *self,
                   const KabRequest  *request,
                   KabChunkFunc       func,
                   gpointer           user_data,
                   GCancellable      *cancellable,
                   GError           **error)
{
  g_autoptr(KabResponse) response = NULL;

  response = kab_http_session_stream (kab_client_get_http (self), request, func, user_data, cancellable, error);
  if (response == NULL)
    return FALSE;
  if (response->status < 200 || response->status > 299)
    return kab_client_set_status_error (request, response, error);
  return TRUE;
}

char *
kab_client_build_query (const char *name,
                        ...)
{
  g_autoptr(GString) query = g_string_new (NULL);
  va_list args;

  va_start (args, name);
  for (; name != NULL; name = va_arg (args, const char *))
    {
      const char *value = va_arg (args, const char *);

      g_string_append_printf (query, "%s%s=", query->len > 0 ? "&" : "", name);
      g_string_append_uri_escaped (query, value, ",/", FALSE);
    }
  va_end (args);
  return g_strdup (query->str);
}
