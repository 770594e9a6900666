/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-detail.h"
#include "kab-host-tasks.h"
#include "kab-lookup.h"
#include "kab-secrets.h"
#include "kab-signing.h"
#include "kab-store.h"

#define MAX_LOG 500

static gpointer
read_host (const KabLookup  *lookup,
           GCancellable     *cancellable,
           GError          **error)
{
  KabStore *store = kab_mirror_open (lookup->mirror, error);

  return store != NULL ? kab_host_detail_read (store, lookup->texts[0], &lookup->limits, cancellable, error) : NULL;
}

void
kab_session_read_host_async (KabSession          *self,
                             const char          *uuid,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_return_if_fail (KAB_IS_SESSION (self));
  g_return_if_fail (uuid != NULL);

  kab_lookup_run (self, kab_lookup_new (self, uuid), read_host, (GDestroyNotify) kab_host_detail_free, cancellable,
                  callback, user_data);
}

KabHostDetail *
kab_session_read_host_finish (KabSession    *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  return kab_lookup_finish (self, result, error);
}

static gpointer
read_update (const KabLookup  *lookup,
             GCancellable     *cancellable,
             GError          **error)
{
  KabStore *store = kab_mirror_open (lookup->mirror, error);
  g_autoptr(KabSnapshot) snapshot = NULL;

  if (store != NULL)
    snapshot = lookup->snapshot != NULL ? g_object_ref (lookup->snapshot)
                                        : kab_store_read_snapshot (store, &lookup->limits, cancellable, error);

  return snapshot != NULL ? kab_update_detail_read (store, snapshot, lookup->texts[0], cancellable, error) : NULL;
}

void
kab_session_read_update_async (KabSession          *self,
                               const char          *update_id,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  g_return_if_fail (KAB_IS_SESSION (self));
  g_return_if_fail (update_id != NULL);

  kab_lookup_run (self, kab_lookup_new (self, update_id), read_update, (GDestroyNotify) kab_update_detail_free, cancellable,
                  callback, user_data);
}

KabUpdateDetail *
kab_session_read_update_finish (KabSession    *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  return kab_lookup_finish (self, result, error);
}

static gpointer
read_tasks (const KabLookup  *lookup,
            GCancellable     *cancellable,
            GError          **error)
{
  return kab_lookup_to_list (KAB_TYPE_HOST_TASK,
                             kab_host_tasks_read (lookup->sign_in, lookup->texts[0], cancellable, error));
}

void
kab_session_read_tasks_async (KabSession          *self,
                              const char          *uuid,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_return_if_fail (KAB_IS_SESSION (self));
  g_return_if_fail (uuid != NULL);

  kab_lookup_run (self, kab_lookup_new (self, uuid), read_tasks, g_object_unref, cancellable, callback, user_data);
}

GListModel *
kab_session_read_tasks_finish (KabSession    *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  return kab_lookup_finish (self, result, error);
}

static gpointer
read_sync_log (const KabLookup  *lookup,
               GCancellable     *cancellable,
               GError          **error)
{
  KabStore *store = kab_mirror_open (lookup->mirror, error);

  return kab_lookup_to_list (KAB_TYPE_SYNC_LOG_ENTRY,
                             store != NULL ? kab_store_read_sync_log (store, MAX_LOG, error) : NULL);
}

void
kab_session_read_sync_log_async (KabSession          *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (KAB_IS_SESSION (self));

  kab_lookup_run (self, kab_lookup_new (self, NULL), read_sync_log, g_object_unref, cancellable, callback, user_data);
}

GListModel *
kab_session_read_sync_log_finish (KabSession    *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  return kab_lookup_finish (self, result, error);
}

static gpointer
read_days (const KabLookup  *lookup,
           GCancellable     *cancellable,
           GError          **error)
{
  KabStore *store = kab_mirror_open (lookup->mirror, error);

  return store != NULL ? kab_store_read_days (store, lookup->number, error) : NULL;
}

void
kab_session_read_days_async (KabSession          *self,
                             gint64               since,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  KabLookup *lookup;

  g_return_if_fail (KAB_IS_SESSION (self));

  lookup = kab_lookup_new (self, NULL);
  lookup->number = since;
  kab_lookup_run (self, lookup, read_days, (GDestroyNotify) g_array_unref, cancellable, callback, user_data);
}

GArray *
kab_session_read_days_finish (KabSession    *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  return kab_lookup_finish (self, result, error);
}

/* Looks at the files of the profile with the passphrase that is known, if any. */
static gpointer
check_signing_key (const KabLookup  *lookup,
                   GCancellable     *cancellable,
                   GError          **error)
{
  const KabProfile *profile = kab_sign_in_get_profile (lookup->sign_in);
  char *passphrase = kab_secrets_lookup (KAB_SECRET_SIGNING_PASSPHRASE, profile, cancellable, NULL);
  g_autoptr(KabSigningCheck) check = kab_signing_check_run (profile->signing_certificate, profile->signing_key,
                                                            passphrase);

  kab_secret_free (passphrase);
  if (check->key_fits || check->needs_passphrase)
    return g_steal_pointer (&check);

  g_propagate_error (error, g_steal_pointer (&check->error));
  return NULL;
}

void
kab_session_check_signing_key_async (KabSession          *self,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_return_if_fail (KAB_IS_SESSION (self));

  kab_lookup_run (self, kab_lookup_new (self, NULL), check_signing_key, (GDestroyNotify) kab_signing_check_free, cancellable,
                  callback, user_data);
}

gboolean
kab_session_check_signing_key_finish (KabSession    *self,
                                      GAsyncResult  *result,
                                      gboolean      *needs_passphrase,
                                      GError       **error)
{
  g_autoptr(KabSigningCheck) check = kab_lookup_finish (self, result, error);

  if (needs_passphrase != NULL)
    *needs_passphrase = check != NULL && check->needs_passphrase;

  return check != NULL;
}
