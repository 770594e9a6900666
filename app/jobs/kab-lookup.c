/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-detail.h"
#include "kab-host-tasks.h"
#include "kab-secrets.h"
#include "kab-session-private.h"
#include "kab-signing.h"
#include "kab-store.h"

#define MAX_LOG 500

/* What a thread may look at while the session lives on: references and copies only. */
typedef struct {
  KabMirror   *mirror;
  KabSignIn   *sign_in;
  KabSnapshot *snapshot;
  KabLimits    limits;
  char        *id;
  gint64       since;
} Lookup;

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  g_clear_object (&lookup->mirror);
  g_clear_object (&lookup->sign_in);
  g_clear_object (&lookup->snapshot);
  g_free (lookup->id);
  g_free (lookup);
}

static void
start (KabSession          *self,
       gpointer             source_tag,
       const char          *id,
       gint64               since,
       GTaskThreadFunc      func,
       GCancellable        *cancellable,
       GAsyncReadyCallback  callback,
       gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  KabSnapshot *snapshot = kab_session_get_snapshot (self);
  Lookup *lookup = g_new0 (Lookup, 1);

  lookup->mirror = g_object_ref (kab_session_get_mirror (self));
  lookup->sign_in = g_object_ref (kab_session_get_sign_in (self));
  lookup->snapshot = snapshot != NULL ? g_object_ref (snapshot) : NULL;
  lookup->limits = kab_session_get_limits (self);
  lookup->id = g_strdup (id);
  lookup->since = since;

  g_task_set_source_tag (task, source_tag);
  g_task_set_task_data (task, lookup, lookup_free);
  g_task_run_in_thread (task, func);
}

static void
return_result (GTask          *task,
               gpointer        result,
               GDestroyNotify  result_free,
               GError         *error)
{
  if (result != NULL)
    g_task_return_pointer (task, result, result_free);
  else
    g_task_return_error (task, error);
}

static void
read_host_in_thread (GTask        *task,
                     gpointer      source_object,
                     gpointer      task_data,
                     GCancellable *cancellable)
{
  const Lookup *lookup = task_data;
  GError *error = NULL;
  KabStore *store = kab_mirror_open (lookup->mirror, &error);
  KabHostDetail *detail = NULL;

  if (store != NULL)
    detail = kab_host_detail_read (store, lookup->id, &lookup->limits, cancellable, &error);
  return_result (task, detail, (GDestroyNotify) kab_host_detail_free, error);
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

  start (self, kab_session_read_host_async, uuid, 0, read_host_in_thread, cancellable, callback, user_data);
}

KabHostDetail *
kab_session_read_host_finish (KabSession    *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
read_update_in_thread (GTask        *task,
                       gpointer      source_object,
                       gpointer      task_data,
                       GCancellable *cancellable)
{
  Lookup *lookup = task_data;
  GError *error = NULL;
  KabStore *store = kab_mirror_open (lookup->mirror, &error);
  KabUpdateDetail *detail = NULL;

  if (store != NULL && lookup->snapshot == NULL)
    lookup->snapshot = kab_store_read_snapshot (store, &lookup->limits, cancellable, &error);
  if (store != NULL && lookup->snapshot != NULL)
    detail = kab_update_detail_read (store, lookup->snapshot, lookup->id, cancellable, &error);
  return_result (task, detail, (GDestroyNotify) kab_update_detail_free, error);
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

  start (self, kab_session_read_update_async, update_id, 0, read_update_in_thread, cancellable, callback, user_data);
}

KabUpdateDetail *
kab_session_read_update_finish (KabSession    *self,
                                GAsyncResult  *result,
                                GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static GListModel *
to_list (GType      type,
         GPtrArray *items)
{
  GListStore *list = g_list_store_new (type);

  g_list_store_splice (list, 0, 0, items->pdata, items->len);

  return G_LIST_MODEL (list);
}

static void
read_tasks_in_thread (GTask        *task,
                      gpointer      source_object,
                      gpointer      task_data,
                      GCancellable *cancellable)
{
  const Lookup *lookup = task_data;
  GError *error = NULL;
  g_autoptr(GPtrArray) tasks = kab_host_tasks_read (lookup->sign_in, lookup->id, cancellable, &error);

  return_result (task, tasks != NULL ? to_list (KAB_TYPE_HOST_TASK, tasks) : NULL, g_object_unref, error);
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

  start (self, kab_session_read_tasks_async, uuid, 0, read_tasks_in_thread, cancellable, callback, user_data);
}

GListModel *
kab_session_read_tasks_finish (KabSession    *self,
                               GAsyncResult  *result,
                               GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
read_log_in_thread (GTask        *task,
                    gpointer      source_object,
                    gpointer      task_data,
                    GCancellable *cancellable)
{
  const Lookup *lookup = task_data;
  GError *error = NULL;
  KabStore *store = kab_mirror_open (lookup->mirror, &error);
  g_autoptr(GPtrArray) entries = NULL;

  if (store != NULL)
    entries = kab_store_read_sync_log (store, MAX_LOG, &error);
  return_result (task, entries != NULL ? to_list (KAB_TYPE_SYNC_LOG_ENTRY, entries) : NULL, g_object_unref, error);
}

void
kab_session_read_sync_log_async (KabSession          *self,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_return_if_fail (KAB_IS_SESSION (self));

  start (self, kab_session_read_sync_log_async, NULL, 0, read_log_in_thread, cancellable, callback, user_data);
}

GListModel *
kab_session_read_sync_log_finish (KabSession    *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
read_days_in_thread (GTask        *task,
                     gpointer      source_object,
                     gpointer      task_data,
                     GCancellable *cancellable)
{
  const Lookup *lookup = task_data;
  GError *error = NULL;
  KabStore *store = kab_mirror_open (lookup->mirror, &error);
  GArray *days = NULL;

  if (store != NULL)
    days = kab_store_read_days (store, lookup->since, &error);
  return_result (task, days, (GDestroyNotify) g_array_unref, error);
}

void
kab_session_read_days_async (KabSession          *self,
                             gint64               since,
                             GCancellable        *cancellable,
                             GAsyncReadyCallback  callback,
                             gpointer             user_data)
{
  g_return_if_fail (KAB_IS_SESSION (self));

  start (self, kab_session_read_days_async, NULL, since, read_days_in_thread, cancellable, callback, user_data);
}

GArray *
kab_session_read_days_finish (KabSession    *self,
                              GAsyncResult  *result,
                              GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Looks at the files of the profile with the passphrase that is known, if any. */
static gboolean
check_signing (KabSignIn     *sign_in,
               gboolean      *needs_passphrase,
               GCancellable  *cancellable,
               GError       **error)
{
  const KabProfile *profile = kab_sign_in_get_profile (sign_in);
  char *passphrase = kab_secrets_lookup (KAB_SECRET_SIGNING_PASSPHRASE, profile, cancellable, NULL);
  g_autoptr(KabSigningCheck) check = kab_signing_check_run (profile->signing_certificate, profile->signing_key,
                                                            passphrase);

  kab_secret_free (passphrase);
  *needs_passphrase = check->needs_passphrase;
  if (check->key_fits || check->needs_passphrase)
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&check->error));
  return FALSE;
}

gboolean
kab_session_has_signing_key (KabSession  *self,
                             gboolean    *needs_passphrase,
                             GError     **error)
{
  gboolean needs = FALSE;
  gboolean has;

  g_return_val_if_fail (KAB_IS_SESSION (self), FALSE);

  has = check_signing (kab_session_get_sign_in (self), &needs, NULL, error);
  if (needs_passphrase != NULL)
    *needs_passphrase = needs;

  return has;
}

static void
check_signing_in_thread (GTask        *task,
                         gpointer      source_object,
                         gpointer      task_data,
                         GCancellable *cancellable)
{
  const Lookup *lookup = task_data;
  gboolean needs = FALSE;
  GError *error = NULL;

  if (check_signing (lookup->sign_in, &needs, cancellable, &error))
    g_task_return_int (task, needs ? 2 : 1);
  else
    g_task_return_error (task, error);
}

void
kab_session_check_signing_key_async (KabSession          *self,
                                     GCancellable        *cancellable,
                                     GAsyncReadyCallback  callback,
                                     gpointer             user_data)
{
  g_return_if_fail (KAB_IS_SESSION (self));

  start (self, kab_session_check_signing_key_async, NULL, 0, check_signing_in_thread, cancellable, callback, user_data);
}

gboolean
kab_session_check_signing_key_finish (KabSession    *self,
                                      GAsyncResult  *result,
                                      gboolean      *needs_passphrase,
                                      GError       **error)
{
  gssize found;

  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  found = g_task_propagate_int (G_TASK (result), error);
  if (needs_passphrase != NULL)
    *needs_passphrase = found == 2;

  return found > 0;
}
