/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-client"

#include "config.h"

#include "kab-client-upload.h"

#include <string.h>

#include "kab-client-private.h"
#include "kab-error.h"
#include "kab-wire-paths.h"
#include "kab-wire.h"

#define UPLOAD_TIMEOUT 300            /* seconds, wapt-server-api § 13 */

/* The right is asked for before a large body goes out, and a cookie that ended is renewed, which a stream cannot do. */
static gboolean
ask_for_right (KabClient     *self,
               const char    *path,
               GCancellable  *cancellable,
               GError       **error)
{
  KabRequest request = { .method = "HEAD", .path = path, .flags = KAB_REQUEST_IDEMPOTENT };
  g_autoptr(KabResponse) response = kab_http_session_send (kab_client_get_http (self), &request, cancellable, error);

  if (response == NULL)
    return FALSE;
  return response->status == 200 || response->status == 405 || kab_client_set_status_error (&request, response, error);
}

/* What the server says it took; NULL when that is nothing (an unsafe name is skipped without a word). */
static JsonObject *
get_done (JsonNode    *result,
          const char  *msg,
          GError     **error)
{
  JsonNode *done = JSON_NODE_HOLDS_OBJECT (result) ? kab_json_get_node (json_node_get_object (result), "done") : NULL;
  JsonArray *array = done != NULL && JSON_NODE_HOLDS_ARRAY (done) ? json_node_get_array (done) : NULL;
  JsonNode *first = array != NULL && json_array_get_length (array) > 0 ? json_array_get_element (array, 0) : NULL;

  if (first != NULL && JSON_NODE_HOLDS_OBJECT (first))
    return json_node_get_object (first);

  g_set_error (error, KAB_ERROR, KAB_ERROR_FAILED, "the server took no package: %s", msg != NULL ? msg : "");
  return NULL;
}

char *
kab_client_upload_package (KabClient     *self,
                           const char    *path,
                           GCancellable  *cancellable,
                           GError       **error)
{
  KabRequest request = { .method = "POST", .path = KAB_PATH_UPLOAD_PACKAGES, .content_type = "application/octet-stream",
                         .timeout_s = UPLOAD_TIMEOUT };
  g_autoptr(GFile) file = NULL;
  g_autoptr(GFileInputStream) stream = NULL;
  g_autoptr(GFileInfo) info = NULL;
  g_autoptr(JsonNode) result = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autofree char *msg = NULL;
  JsonObject *done;
  const char *name;

  g_return_val_if_fail (KAB_IS_CLIENT (self) && path != NULL, NULL);

  file = g_file_new_for_path (path);
  stream = g_file_read (file, cancellable, &local_error);
  info = stream != NULL ? g_file_input_stream_query_info (stream, G_FILE_ATTRIBUTE_STANDARD_SIZE, cancellable, &local_error)
                        : NULL;
  if (info == NULL)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_STORAGE, local_error->message);
      return NULL;
    }
  if (!ask_for_right (self, request.path, cancellable, error))
    return NULL;

  request.query = "scanpackages=1";
  request.body_stream = G_INPUT_STREAM (stream);
  request.body_length = g_file_info_get_size (info);
  result = kab_client_call (self, &request, &msg, cancellable, error);
  done = result != NULL ? get_done (result, msg, error) : NULL;
  if (done == NULL)
    return NULL;

  name = kab_json_get_text (done, "filename");
  return g_strdup (name != NULL ? name : "");
}

static GBytes *
build_form (GBytes  *package,
            char   **content_type)
{
  g_autofree char *boundary = g_uuid_string_random ();
  g_autofree char *head = NULL;
  g_autofree char *tail = g_strdup_printf ("\r\n--%s--\r\n", boundary);
  GByteArray *form = g_byte_array_new ();
  gsize size;
  gconstpointer data = g_bytes_get_data (package, &size);

  /* The server gives the file a name of its own. */
  head = g_strdup_printf ("--%s\r\nContent-Disposition: form-data; name=\"file\"; filename=\"package.wapt\"\r\n"
                          "Content-Type: application/octet-stream\r\n\r\n", boundary);
  g_byte_array_append (form, (const guint8 *) head, strlen (head));
  g_byte_array_append (form, data, (guint) size);
  g_byte_array_append (form, (const guint8 *) tail, strlen (tail));
  *content_type = g_strdup_printf ("multipart/form-data; boundary=%s", boundary);

  return g_byte_array_free_to_bytes (form);
}

gboolean
kab_client_upload_host (KabClient     *self,
                        GBytes        *package,
                        GCancellable  *cancellable,
                        GError       **error)
{
  KabRequest request = { .method = "POST", .path = KAB_PATH_UPLOAD_HOSTS, .timeout_s = UPLOAD_TIMEOUT };
  g_autoptr(GBytes) form = NULL;
  g_autoptr(JsonNode) result = NULL;
  g_autofree char *type = NULL;
  g_autofree char *msg = NULL;

  g_return_val_if_fail (KAB_IS_CLIENT (self) && package != NULL, FALSE);

  form = build_form (package, &type);
  request.body = form;
  request.content_type = type;
  result = kab_client_call (self, &request, &msg, cancellable, error);

  return result != NULL && get_done (result, msg, error) != NULL;
}

gboolean
kab_client_delete_packages (KabClient           *self,
                            const char * const  *file_names,
                            GCancellable        *cancellable,
                            GError             **error)
{
  KabRequest request = { .method = "POST", .path = KAB_PATH_PACKAGES_DELETE, .content_type = "application/json",
                         .timeout_s = UPLOAD_TIMEOUT };
  g_autoptr(GString) json = g_string_new ("[");
  g_autoptr(GBytes) body = NULL;
  g_autoptr(JsonNode) result = NULL;

  g_return_val_if_fail (KAB_IS_CLIENT (self) && file_names != NULL, FALSE);

  for (guint i = 0; file_names[i] != NULL; i++)
    {
      g_string_append (json, i > 0 ? "," : "");
      kab_wire_append_text (json, file_names[i]);
    }
  g_string_append_c (json, ']');
  body = g_string_free_to_bytes (g_steal_pointer (&json));
  request.body = body;
  result = kab_client_call (self, &request, NULL, cancellable, error);

  return result != NULL;
}

GBytes *
kab_client_read_host_package (KabClient     *self,
                              const char    *file_name,
                              GCancellable  *cancellable,
                              GError       **error)
{
  g_return_val_if_fail (KAB_IS_CLIENT (self) && file_name != NULL, NULL);

  return kab_client_read_file (self, KAB_PATH_HOST_FILES, file_name, cancellable, error);
}
