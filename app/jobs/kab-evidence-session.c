/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-evidence.h"
#include "kab-lookup.h"

static gpointer
read_evidence (const KabLookup  *lookup,
               GCancellable     *cancellable,
               GError          **error)
{
  KabSnapshot *snapshot = kab_lookup_get_snapshot (lookup, error);
  KabStore *store = snapshot != NULL ? kab_mirror_open (lookup->mirror, error) : NULL;

  return store != NULL ? kab_evidence_read_all (store, snapshot, lookup->items, cancellable, error) : NULL;
}

void
kab_session_read_evidence_async (KabSession          *self,
                                 GPtrArray           *packages,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  KabLookup *lookup;

  g_return_if_fail (KAB_IS_SESSION (self));
  g_return_if_fail (packages != NULL);

  lookup = kab_lookup_new (self, NULL);
  lookup->items = g_ptr_array_ref (packages);
  kab_lookup_run (self, lookup, read_evidence, (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
kab_session_read_evidence_finish (KabSession    *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  return kab_lookup_finish (self, result, error);
}
