/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-client"

#include "config.h"

#include "kab-client.h"

#include "kab-client-private.h"
#include "kab-error.h"
#include "kab-wire-bulk.h"
#include "kab-wire-paths.h"

#define BULK_TIMEOUT   120                                 /* seconds */
#define MAX_STATES     (G_GUINT64_CONSTANT (16) << 30)     /* bytes; 100,000 hosts of 300 updates take some 1 GB … */
#define BYTES_PER_HOST (512 * 1024)                        /* … so this is some fifty times what one takes */
#define MAX_UPDATES    (G_GUINT64_CONSTANT (1) << 30)      /* bytes; 10,000 updates take some 15 MB */

static gboolean
bulk_cb (const guint8  *data,
         gsize          size,
         gpointer       user_data,
         GError       **error)
{
  return kab_bulk_reader_feed (user_data, data, size, error);
}

/* @configured: (nullable): a path with or without a query of its own, as an administrator wrote it */
static gboolean
read_bulk (KabClient             *self,
           const char            *configured,
           const char            *name,
           gint64                 since,
           const char            *epoch,
           guint64                max_bytes,
           const KabBulkHandler  *handler,
           gpointer               user_data,
           GCancellable          *cancellable,
           GError               **error)
{
  const char *base = kab_client_get_info (self)->wua_base;
  g_autoptr(KabBulkReader) reader = NULL;
  g_autofree char *since_text = g_strdup_printf ("%" G_GINT64_FORMAT, since);
  g_autofree char *asked = kab_client_build_query ("since", since_text, "epoch", epoch != NULL ? epoch : "", NULL);
  g_auto(GStrv) parts = NULL;
  g_autofree char *path = NULL;
  g_autofree char *query = NULL;
  KabRequest request = { .method = "GET", .flags = KAB_REQUEST_IDEMPOTENT, .timeout_s = BULK_TIMEOUT,
                         .max_bytes = max_bytes };

  if (configured != NULL)
    {
      parts = g_strsplit (configured, "?", 2);
      path = g_strdup (parts[0]);
      query = parts[1] != NULL ? g_strconcat (parts[1], "&", asked, NULL) : g_steal_pointer (&asked);
    }
  else if (*base != '\0')
    {
      path = g_strconcat (base, name, NULL);
      query = g_steal_pointer (&asked);
    }
  else
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_UNSUPPORTED, "this server has no bulk answers");
      return FALSE;
    }

  reader = kab_bulk_reader_new (handler, user_data);
  request.path = path;
  request.query = query;
  return kab_client_stream (self, &request, bulk_cb, reader, cancellable, error) &&
         kab_bulk_reader_end (reader, error);
}

gboolean
kab_client_read_bulk_updates (KabClient      *self,
                              gint64          since,
                              const char     *epoch,
                              gconstpointer   handler,
                              gpointer        user_data,
                              GCancellable   *cancellable,
                              GError        **error)
{
  g_return_val_if_fail (KAB_IS_CLIENT (self) && handler != NULL, FALSE);

  return read_bulk (self, kab_client_get_updates_path (self), KAB_WUA_UPDATES, since, epoch, MAX_UPDATES, handler,
                    user_data, cancellable, error);
}

gboolean
kab_client_read_bulk_states (KabClient      *self,
                             gint64          since,
                             const char     *epoch,
                             gconstpointer   handler,
                             gpointer        user_data,
                             GCancellable   *cancellable,
                             GError        **error)
{
  g_return_val_if_fail (KAB_IS_CLIENT (self) && handler != NULL, FALSE);

  return read_bulk (self, kab_client_get_states_path (self), KAB_WUA_STATES, since, epoch,
                    kab_client_limit_answer (self, BYTES_PER_HOST, MAX_STATES), handler, user_data, cancellable, error);
}
