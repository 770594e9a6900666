/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-mirror-load.h"

#include "kab-error.h"
#include "kab-store.h"

void
kab_loaded_free (KabLoaded *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->snapshot);
  g_free (self->repair);
  g_free (self->version);
  g_free (self->level);
  g_free (self);
}

static void
load_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  const KabLimits *limits = task_data;
  GError *error = NULL;
  KabStore *store = kab_mirror_open (source_object, &error);
  KabSnapshot *snapshot = NULL;
  KabLoaded *loaded;

  if (store != NULL)
    snapshot = kab_store_read_snapshot (store, limits, cancellable, &error);
  /* Damage that is met while reading is set aside; what is left is an empty mirror and the story of the repair. */
  if (snapshot == NULL && store != NULL && g_error_matches (error, KAB_ERROR, KAB_ERROR_BAD_DATA))
    {
      g_clear_error (&error);
      snapshot = kab_store_read_snapshot (store, limits, cancellable, &error);
    }
  if (snapshot == NULL)
    {
      g_task_return_error (task, error);
      return;
    }

  loaded = g_new0 (KabLoaded, 1);
  loaded->snapshot = snapshot;
  loaded->repair = kab_store_dup_repair (store);
  loaded->version = kab_store_read_value (store, "server_version");
  loaded->level = kab_store_read_value (store, "level");
  g_task_return_pointer (task, loaded, (GDestroyNotify) kab_loaded_free);
}

void
kab_mirror_load_async (KabMirror           *mirror,
                       const KabLimits     *limits,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;

  g_return_if_fail (KAB_IS_MIRROR (mirror));
  g_return_if_fail (limits != NULL);

  task = g_task_new (mirror, cancellable, callback, user_data);
  g_task_set_source_tag (task, kab_mirror_load_async);
  g_task_set_task_data (task, g_memdup2 (limits, sizeof *limits), g_free);
  g_task_run_in_thread (task, load_in_thread);
}

KabLoaded *
kab_mirror_load_finish (GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
