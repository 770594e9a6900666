/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-error.h"
#include "kab-evidence.h"
#include "kab-session-private.h"
#include "kab-store.h"

typedef struct {
  KabMirror   *mirror;
  KabSnapshot *snapshot;
  char        *name;
  char        *version;
  char        *maturity;
} Lookup;

static void
lookup_free (gpointer data)
{
  Lookup *lookup = data;

  g_object_unref (lookup->mirror);
  g_object_unref (lookup->snapshot);
  g_free (lookup->name);
  g_free (lookup->version);
  g_free (lookup->maturity);
  g_free (lookup);
}

static void
read_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  const Lookup *lookup = task_data;
  GError *error = NULL;
  KabStore *store = kab_mirror_open (lookup->mirror, &error);
  KabEvidence *evidence = NULL;

  if (store != NULL)
    evidence = kab_evidence_read (store, lookup->snapshot, lookup->name, lookup->version, lookup->maturity, cancellable,
                                  &error);
  if (evidence != NULL)
    g_task_return_pointer (task, evidence, (GDestroyNotify) kab_evidence_free);
  else
    g_task_return_error (task, error);
}

void
kab_session_read_evidence_async (KabSession          *self,
                                 const char          *name,
                                 const char          *version,
                                 const char          *maturity,
                                 GCancellable        *cancellable,
                                 GAsyncReadyCallback  callback,
                                 gpointer             user_data)
{
  g_autoptr(GTask) task = NULL;
  KabSnapshot *snapshot;
  Lookup *lookup;

  g_return_if_fail (KAB_IS_SESSION (self));
  g_return_if_fail (name != NULL);

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kab_session_read_evidence_async);
  snapshot = kab_session_get_snapshot (self);
  if (snapshot == NULL)
    {
      g_task_return_new_error (task, KAB_ERROR, KAB_ERROR_NOT_FOUND, "the mirror is not read yet");
      return;
    }

  lookup = g_new0 (Lookup, 1);
  lookup->mirror = g_object_ref (kab_session_get_mirror (self));
  lookup->snapshot = g_object_ref (snapshot);
  lookup->name = g_strdup (name);
  lookup->version = g_strdup (version);
  lookup->maturity = g_strdup (maturity);
  g_task_set_task_data (task, lookup, lookup_free);
  g_task_run_in_thread (task, read_in_thread);
}

KabEvidence *
kab_session_read_evidence_finish (KabSession    *self,
                                  GAsyncResult  *result,
                                  GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
