/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-record-order.h"
#include "kab-record-rows.h"

#define ROWS_BETWEEN_LOOKS 4096

gboolean
kab_record_order_narrows (const char *shorter,
                          const char *longer)
{
  return shorter != NULL && *shorter != '\0' && g_str_has_prefix (longer, shorter) &&
         strpbrk (longer, ":\"-,\\") == NULL;
}

GArray *
kab_record_order_make (KabSnapshot     *snapshot,
                       KabQueryDomain   domain,
                       KabQuery        *query,
                       KabSort          sort,
                       gboolean         descending,
                       GArray          *within,
                       GCancellable    *cancellable,
                       GError         **error)
{
  g_autoptr(KabRecordRows) rows = NULL;
  g_autoptr(GArray) order = NULL;
  const guint32 *candidates;
  guint n = within != NULL ? within->len : kab_snapshot_get_n_rows (snapshot, domain);

  /* The whole is sorted once for each column and kept; what a query leaves of it is in order by itself. */
  candidates = within != NULL ? (const guint32 *) (const void *) within->data
                              : kab_snapshot_get_order (snapshot, domain, sort, cancellable);
  rows = kab_record_rows_new (snapshot, domain, query, cancellable, error);
  if (rows == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  order = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < n; i++)
    {
      guint row = candidates[descending && within == NULL ? n - 1 - i : i];

      if (kab_record_rows_matches (rows, row))
        g_array_append_val (order, row);
      if (i % ROWS_BETWEEN_LOOKS == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
    }

  return g_steal_pointer (&order);
}

GArray *
kab_record_order_now (KabSnapshot     *snapshot,
                      KabQueryDomain   domain,
                      const char      *query,
                      KabSort          sort,
                      gboolean         descending,
                      GCancellable    *cancellable,
                      GError         **error)
{
  g_autoptr(KabQuery) parsed = NULL;

  g_return_val_if_fail (KAB_IS_SNAPSHOT (snapshot), NULL);

  parsed = kab_query_parse (query != NULL ? query : "", domain, kab_snapshot_get_limits (snapshot)->now, error);
  if (parsed == NULL)
    return NULL;

  return kab_record_order_make (snapshot, domain, parsed, sort, descending, NULL, cancellable, error);
}

guint
kab_record_count_now (KabSnapshot     *snapshot,
                      KabQueryDomain   domain,
                      const char      *query,
                      GCancellable    *cancellable,
                      GError         **error)
{
  g_autoptr(KabQuery) parsed = NULL;
  g_autoptr(KabRecordRows) rows = NULL;
  guint n_rows;
  guint n = 0;

  g_return_val_if_fail (KAB_IS_SNAPSHOT (snapshot), 0);

  parsed = kab_query_parse (query != NULL ? query : "", domain, kab_snapshot_get_limits (snapshot)->now, error);
  if (parsed == NULL)
    return 0;
  rows = kab_record_rows_new (snapshot, domain, parsed, cancellable, error);
  if (rows == NULL)
    return 0;

  n_rows = kab_snapshot_get_n_rows (snapshot, domain);
  for (guint i = 0; i < n_rows; i++)
    {
      n += kab_record_rows_matches (rows, i);
      if (i % ROWS_BETWEEN_LOOKS == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return 0;
    }

  return n;
}
