/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-mirror-load.h"

#include "kab-error.h"
#include "kab-in-thread.h"
#include "kab-job-private.h"
#include "kab-store.h"

/* There is one start, so there is one of these. */
static struct {
  GMutex     lock;
  GCond      read;
  KabMirror *mirror;       /* (nullable): being read, or waiting to be asked for */
  KabLoaded *loaded;       /* (nullable) */
  gboolean   is_claimed;
  gboolean   is_reading;
} ahead;

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

static KabLoaded *
load (KabMirror        *mirror,
      const KabLimits  *limits,
      GCancellable     *cancellable,
      GError          **error)
{
  g_autoptr(GError) local_error = NULL;
  KabStore *store = kab_mirror_open (mirror, error);
  KabSnapshot *snapshot;
  KabLoaded *loaded;

  if (store == NULL)
    return NULL;

  snapshot = kab_store_read_snapshot (store, limits, cancellable, &local_error);
  /* Damage that is met while reading is set aside; what is left is an empty mirror and the story of the repair. */
  if (snapshot == NULL && g_error_matches (local_error, KAB_ERROR, KAB_ERROR_BAD_DATA))
    {
      g_clear_error (&local_error);
      snapshot = kab_store_read_snapshot (store, limits, cancellable, &local_error);
    }
  if (snapshot == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  loaded = g_new0 (KabLoaded, 1);
  loaded->snapshot = snapshot;
  loaded->repair = kab_store_dup_repair (store);
  loaded->version = kab_store_read_value (store, "server_version");
  loaded->level = kab_store_read_value (store, "level");
  return loaded;
}

typedef struct {
  KabLimits limits;
  void    (*prepare) (KabSnapshot *snapshot);
} Ahead;

static gpointer
read_ahead_in_thread (gpointer       mirror,
                      gpointer       data,
                      GCancellable  *cancellable,
                      GError       **error)
{
  const Ahead *wanted = data;
  g_autoptr(GError) local_error = NULL;
  g_autoptr(KabLoaded) loaded = load (mirror, &wanted->limits, NULL, &local_error);

  /* What goes wrong here goes wrong again when the session asks, and is told then. */
  if (loaded == NULL)
    g_info ("the mirror could not be read ahead: %s", local_error->message);
  else if (wanted->prepare != NULL)
    wanted->prepare (loaded->snapshot);

  g_mutex_lock (&ahead.lock);
  ahead.loaded = g_steal_pointer (&loaded);
  ahead.is_reading = FALSE;
  g_cond_broadcast (&ahead.read);
  g_mutex_unlock (&ahead.lock);

  return NULL;
}

void
kab_mirror_read_ahead (const KabProfile  *profile,
                       void             (*prepare) (KabSnapshot *snapshot))
{
  g_autofree char *path = NULL;
  g_autoptr(KabMirror) mirror = NULL;
  Ahead *wanted;

  g_return_if_fail (profile != NULL);

  path = kab_profile_dup_store_path (profile);
  mirror = kab_mirror_new (path);
  g_mutex_lock (&ahead.lock);
  g_set_object (&ahead.mirror, mirror);
  ahead.is_reading = TRUE;
  g_mutex_unlock (&ahead.lock);

  wanted = g_new0 (Ahead, 1);
  wanted->limits = (KabLimits) { .now = g_get_real_time () / G_USEC_PER_SEC, .silent_days = profile->silent_days,
                                 .stale_scan_days = profile->stale_scan_days };
  wanted->prepare = prepare;
  kab_in_thread_run (mirror, read_ahead_in_thread, wanted, g_free, NULL, NULL, NULL, NULL);
}

KabMirror *
kab_mirror_claim (const char *path)
{
  KabMirror *mirror = NULL;

  g_return_val_if_fail (path != NULL, NULL);

  g_mutex_lock (&ahead.lock);
  if (ahead.mirror != NULL && !ahead.is_claimed && g_str_equal (kab_mirror_get_path (ahead.mirror), path))
    {
      mirror = g_object_ref (ahead.mirror);
      ahead.is_claimed = TRUE;
    }
  g_mutex_unlock (&ahead.lock);

  return mirror != NULL ? mirror : kab_mirror_new (path);
}

/* Waits for what is read ahead of @mirror. Returns: (transfer full) (nullable): NULL when nothing is */
static KabLoaded *
take_ahead (KabMirror *mirror)
{
  KabLoaded *loaded = NULL;

  g_mutex_lock (&ahead.lock);
  if (ahead.mirror == mirror)
    {
      while (ahead.is_reading)
        g_cond_wait (&ahead.read, &ahead.lock);
      loaded = g_steal_pointer (&ahead.loaded);
      g_clear_object (&ahead.mirror);
    }
  g_mutex_unlock (&ahead.lock);

  return loaded;
}

static gpointer
load_in_thread (gpointer       mirror,
                gpointer       limits,
                GCancellable  *cancellable,
                GError       **error)
{
  KabLoaded *loaded = take_ahead (mirror);

  if (loaded != NULL)
    return loaded;

  kab_job_yield_to_interface ();     /* the first is what people wait for, and was read ahead */
  return load (mirror, limits, cancellable, error);
}

void
kab_mirror_load_async (KabMirror           *mirror,
                       const KabLimits     *limits,
                       GCancellable        *cancellable,
                       GAsyncReadyCallback  callback,
                       gpointer             user_data)
{
  g_return_if_fail (KAB_IS_MIRROR (mirror));
  g_return_if_fail (limits != NULL);

  kab_in_thread_run (mirror, load_in_thread, g_memdup2 (limits, sizeof *limits), g_free,
                     (GDestroyNotify) kab_loaded_free, cancellable, callback, user_data);
}

KabLoaded *
kab_mirror_load_finish (GAsyncResult  *result,
                        GError       **error)
{
  g_return_val_if_fail (G_IS_TASK (result), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
check_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  GError *error = NULL;
  KabStore *store = kab_mirror_open (source_object, &error);

  if (store != NULL && kab_store_check (store, cancellable, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static gboolean
begin_check_cb (gpointer user_data)
{
  GTask *task = user_data;

  if (!g_task_return_error_if_cancelled (task))
    g_task_run_in_thread (task, check_in_thread);

  return G_SOURCE_REMOVE;
}

static void
check_cancelled_cb (GCancellable *cancellable,
                    GSource      *source)
{
  g_source_set_ready_time (source, 0);
}

void
kab_mirror_check_async (KabMirror           *mirror,
                        guint                after_seconds,
                        GCancellable        *cancellable,
                        GAsyncReadyCallback  callback,
                        gpointer             user_data)
{
  g_autoptr(GSource) source = NULL;
  GTask *task;

  g_return_if_fail (KAB_IS_MIRROR (mirror));
  g_return_if_fail (G_IS_CANCELLABLE (cancellable));

  /* Whoever cancels does not wait for the time to come. */
  task = g_task_new (mirror, cancellable, callback, user_data);
  g_task_set_source_tag (task, kab_mirror_check_async);
  source = g_timeout_source_new_seconds (after_seconds);
  g_source_set_callback (source, begin_check_cb, task, g_object_unref);
  g_cancellable_connect (cancellable, G_CALLBACK (check_cancelled_cb), g_source_ref (source), (GDestroyNotify) g_source_unref);
  g_source_attach (source, NULL);
}

gboolean
kab_mirror_check_finish (GAsyncResult  *result,
                         GError       **error)
{
  g_return_val_if_fail (G_IS_TASK (result), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}
