/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-session-private.h"
#include "kab-trigger-job.h"

static void
trigger_finished_cb (KabJob     *job,
                     KabSession *self)
{
  g_signal_emit_by_name (self, "triggered", job);

  if (!g_cancellable_is_cancelled (kab_session_get_closing (self)))
    kab_session_sync (self, TRUE);
}

KabJob *
kab_session_trigger (KabSession         *self,
                     KabDeed             deed,
                     const char * const *hosts,
                     const char * const *update_ids)
{
  g_autoptr(GArray) targets = NULL;
  g_autoptr(KabTriggerJob) job = NULL;
  KabSnapshot *snapshot;
  const KabHostRecord *records;

  g_return_val_if_fail (KAB_IS_SESSION (self), NULL);
  g_return_val_if_fail (hosts != NULL && hosts[0] != NULL, NULL);

  snapshot = kab_session_get_snapshot (self);
  records = snapshot != NULL ? kab_snapshot_get_hosts (snapshot, NULL) : NULL;
  targets = g_array_new (FALSE, FALSE, sizeof (KabTriggerTarget));
  for (guint i = 0; hosts[i] != NULL; i++)
    {
      int at = snapshot != NULL ? kab_snapshot_find_host (snapshot, hosts[i]) : -1;
      KabTriggerTarget target = { hosts[i], at >= 0 ? records[at].name : hosts[i],
                                  at >= 0 && records[at].triggerable };

      g_array_append_val (targets, target);
    }

  job = kab_trigger_job_new (kab_session_get_sign_in (self), deed, (gpointer) targets->data, targets->len, update_ids);
  g_signal_connect_object (job, "finished", G_CALLBACK (trigger_finished_cb), self, 0);
  kab_job_queue_add (kab_session_get_jobs (self), KAB_JOB (job));

  return KAB_JOB (job);
}
