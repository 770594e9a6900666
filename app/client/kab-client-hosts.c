/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-client"

#include "config.h"

#include "kab-client.h"

#include "kab-client-private.h"
#include "kab-error.h"
#include "kab-wire-paths.h"
#include "kab-wire-rows.h"
#include "kab-wire.h"

#define HOSTS_TIMEOUT    300                                     /* seconds: the server builds all of it first */
#define MAX_HOSTS_BYTES  (G_GUINT64_CONSTANT (8) << 30)          /* 100,000 hosts take some 500 MB … */
#define BYTES_PER_HOST   (64 * 1024)                             /* … so this is some twelve times what one takes */
#define MAX_UPDATES      (G_GUINT64_CONSTANT (256) << 20)        /* bytes; 300 updates take some 400 KB */

static gboolean
rows_cb (const guint8  *data,
         gsize          size,
         gpointer       user_data,
         GError       **error)
{
  return kab_rows_reader_feed (user_data, data, size, error);
}

/**
 * kab_client_read_hosts:
 * @limit: maximum of rows; the server knows no paging, so choose it above hosts_count
 *
 * Reads all hosts with the columns of kab_wire_host_columns. What @func got counts only when this returns %TRUE.
 */
gboolean
kab_client_read_hosts (KabClient       *self,
                       guint            limit,
                       gboolean       (*func) (const KabHostFields *, gpointer, GError **),
                       gpointer         user_data,
                       GCancellable    *cancellable,
                       GError         **error)
{
  KabRequest request = { .method = "GET", .path = KAB_PATH_HOSTS, .flags = KAB_REQUEST_IDEMPOTENT,
                         .timeout_s = HOSTS_TIMEOUT };
  g_autoptr(KabRowsReader) reader = NULL;
  g_autofree char *limit_text = g_strdup_printf ("%u", limit);
  g_autofree char *query = kab_client_build_query ("columns", kab_wire_host_columns, "limit", limit_text, NULL);

  g_return_val_if_fail (KAB_IS_CLIENT (self) && func != NULL, FALSE);

  reader = kab_rows_reader_new_hosts (func, user_data);
  request.query = query;
  request.max_bytes = kab_client_limit_answer (self, BYTES_PER_HOST, MAX_HOSTS_BYTES);
  return kab_client_stream (self, &request, rows_cb, reader, cancellable, error) &&
         kab_rows_reader_end (reader, error);
}

gboolean
kab_client_read_host_updates (KabClient     *self,
                              const char    *uuid,
                              gboolean     (*func) (const KabUpdateFields *, guint64, const KabStateRecord *, const char *,
                                                    gpointer, GError **),
                              gpointer       user_data,
                              GCancellable  *cancellable,
                              GError       **error)
{
  KabRequest request = { .method = "GET", .path = KAB_PATH_HOST_DATA, .flags = KAB_REQUEST_IDEMPOTENT,
                         .max_bytes = MAX_UPDATES };
  g_autoptr(KabRowsReader) reader = NULL;
  g_autofree char *query = NULL;

  g_return_val_if_fail (KAB_IS_CLIENT (self) && uuid != NULL && func != NULL, FALSE);

  query = kab_client_build_query ("uuid", uuid, "field", "wsusupdates", NULL);
  reader = kab_rows_reader_new_updates (func, user_data);
  request.query = query;
  return kab_client_stream (self, &request, rows_cb, reader, cancellable, error) &&
         kab_rows_reader_end (reader, error);
}

char *
kab_client_read_host_data (KabClient     *self,
                           const char    *uuid,
                           const char    *field,
                           GCancellable  *cancellable,
                           GError       **error)
{
  KabRequest request = { .method = "GET", .path = KAB_PATH_HOST_DATA, .flags = KAB_REQUEST_IDEMPOTENT };
  g_autoptr(JsonNode) result = NULL;
  g_autofree char *query = NULL;

  g_return_val_if_fail (KAB_IS_CLIENT (self) && uuid != NULL && field != NULL, NULL);

  query = kab_client_build_query ("uuid", uuid, "field", field, NULL);
  request.query = query;
  result = kab_client_call (self, &request, NULL, cancellable, error);
  return result != NULL ? json_to_string (result, FALSE) : NULL;
}
