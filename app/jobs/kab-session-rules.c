/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-session-rules.h"

#include "kab-delete-package-job.h"
#include "kab-forecast-job.h"
#include "kab-in-thread.h"
#include "kab-job-private.h"
#include "kab-journal.h"
#include "kab-promote-job.h"
#include "kab-publish-job.h"
#include "kab-session-private.h"

static void
finished_cb (KabJob     *job,
             KabSession *self)
{
  if (!g_cancellable_is_cancelled (kab_session_get_closing (self)))
    kab_session_sync (self, TRUE);
}

/* @job: (transfer full): into the queue */
static KabPackageJob *
start (KabSession         *self,
       KabPackageJob      *job,
       const KabDeedWords *words)
{
  g_autoptr(KabPackageJob) owned = job;

  if (words != NULL)
    {
      if (words->reason != NULL)
        kab_package_job_set_reason (job, words->reason);
      if (words->note != NULL)
        kab_package_job_set_note (job, words->note);
      for (guint i = 0; words->accepted_signers != NULL && words->accepted_signers[i] != NULL; i++)
        kab_package_job_accept_signer (job, words->accepted_signers[i]);
    }
  g_signal_connect_object (job, "finished", G_CALLBACK (finished_cb), self, 0);
  kab_job_queue_add (kab_session_get_jobs (self), KAB_JOB (owned));

  return job;
}

static gpointer
forecast_in_thread (gpointer       source,
                    gpointer       job,
                    GCancellable  *cancellable,
                    GError       **error)
{
  kab_job_execute (job, cancellable, NULL);
  return NULL;
}

/* Not through a queue, which would keep each of them for its history. */
KabJob *
kab_session_forecast (KabSession      *self,
                      KabForecastPlan *plan)
{
  const KabLimits limits = kab_session_get_limits (self);
  KabJob *job;

  g_return_val_if_fail (KAB_IS_SESSION (self), NULL);
  g_return_val_if_fail (KAB_IS_FORECAST_PLAN (plan), NULL);

  job = kab_forecast_job_new (kab_session_get_mirror (self), plan, &limits);
  kab_in_thread_run (NULL, forecast_in_thread, g_object_ref (job), g_object_unref, NULL, kab_session_get_closing (self),
                     NULL, NULL);

  return job;
}

KabPackageJob *
kab_session_publish (KabSession         *self,
                     KabRulesDocument   *document,
                     const KabDeedWords *words)
{
  KabPackageJob *job;

  g_return_val_if_fail (KAB_IS_SESSION (self), NULL);

  job = kab_publish_job_new (kab_session_get_sign_in (self), kab_session_get_mirror (self), document);
  if (words != NULL && words->draft_id != NULL)
    kab_publish_job_set_draft (KAB_PUBLISH_JOB (job), words->draft_id);

  return start (self, job, words);
}

KabPackageJob *
kab_session_assign (KabSession            *self,
                    KabAssignment          assignment,
                    const KabAssignTarget *targets,
                    guint                  n_targets,
                    const char * const    *requirements,
                    const KabDeedWords    *words)
{
  g_return_val_if_fail (KAB_IS_SESSION (self), NULL);

  return start (self, kab_assign_job_new (kab_session_get_sign_in (self), kab_session_get_mirror (self), assignment,
                                          targets, n_targets, requirements), words);
}

KabPackageJob *
kab_session_promote (KabSession         *self,
                     KabPackage         *package,
                     const char         *maturity,
                     const KabDeedWords *words)
{
  KabPackageJob *job;

  g_return_val_if_fail (KAB_IS_SESSION (self), NULL);
  g_return_val_if_fail (KAB_IS_PACKAGE (package), NULL);

  job = kab_promote_job_new (kab_session_get_sign_in (self), kab_session_get_mirror (self),
                             kab_package_get (package, "filename"), kab_package_get (package, "package_uuid"), maturity);
  if (words != NULL && words->gate != NULL)
    kab_promote_job_set_gate (KAB_PROMOTE_JOB (job), words->gate_passes, words->gate);

  return start (self, job, words);
}

KabPackageJob *
kab_session_roll_back (KabSession         *self,
                       const char         *source,
                       const char         *base_uuid,
                       const char         *maturity,
                       const KabDeedWords *words)
{
  g_return_val_if_fail (KAB_IS_SESSION (self), NULL);

  return start (self, kab_promote_job_new_roll_back (kab_session_get_sign_in (self), kab_session_get_mirror (self),
                                                     source, base_uuid, maturity), words);
}

KabPackageJob *
kab_session_delete_packages (KabSession         *self,
                             const char * const *file_names,
                             const KabDeedWords *words)
{
  KabPackageJob *job;

  g_return_val_if_fail (KAB_IS_SESSION (self), NULL);

  job = kab_delete_package_job_new (kab_session_get_sign_in (self), kab_session_get_mirror (self), file_names);
  for (guint i = 0; words != NULL && words->accepted_losses != NULL && words->accepted_losses[i] != NULL; i++)
    kab_delete_package_job_accept_loss (KAB_DELETE_PACKAGE_JOB (job), words->accepted_losses[i]);

  return start (self, job, words);
}

KabPackageJob *
kab_session_undo (KabSession    *self,
                  KabPackageJob *job)
{
  KabPackageJob *inverse;

  g_return_val_if_fail (KAB_IS_SESSION (self), NULL);

  inverse = kab_package_job_undo (job);

  return inverse != NULL ? start (self, inverse, NULL) : NULL;
}

static gpointer
count_in_thread (gpointer       source,
                 gpointer       mirror,
                 GCancellable  *cancellable,
                 GError       **error)
{
  return GINT_TO_POINTER (kab_journal_count_open (mirror, NULL));
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  KabSession *self = KAB_SESSION (source);

  if (GPOINTER_TO_INT (kab_in_thread_finish (source, result, NULL)) > 0 &&
      !g_cancellable_is_cancelled (kab_session_get_closing (self)))
    start (self, kab_journal_resume_job_new (kab_session_get_sign_in (self), kab_session_get_mirror (self)), NULL);
}

/* Whatever broke off is settled as soon as the server can be reached again; while a deed of ours runs, its journal row
 * is open and nothing is broken. */
void
kab_session_resume_deeds (KabSession *self)
{
  GListModel *jobs = G_LIST_MODEL (kab_session_get_jobs (self));

  for (guint i = 0; i < g_list_model_get_n_items (jobs); i++)
    {
      g_autoptr(KabJob) job = g_list_model_get_item (jobs, i);

      if (KAB_IS_PACKAGE_JOB (job) && kab_job_get_state (job) <= KAB_JOB_RUNNING)
        return;
    }

  kab_in_thread_run (self, count_in_thread, g_object_ref (kab_session_get_mirror (self)), g_object_unref, NULL,
                     kab_session_get_closing (self), counted_cb, NULL);
}
