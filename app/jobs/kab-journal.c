/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-journal.h"

#include "kab-package-deed.h"
#include "kab-store.h"

#define KAB_TYPE_RESUME_JOB (kab_resume_job_get_type ())
G_DECLARE_FINAL_TYPE (KabResumeJob, kab_resume_job, KAB, RESUME_JOB, KabPackageJob)

struct _KabResumeJob
{
  KabPackageJob parent_instance;
};

G_DEFINE_FINAL_TYPE (KabResumeJob, kab_resume_job, KAB_TYPE_PACKAGE_JOB)

static gboolean
kab_resume_job_prepare (KabPackageJob   *job,
                        KabPackageDeed  *deed,
                        GError         **error)
{
  return kab_package_steps_resume (deed, TRUE, error);
}

static void
kab_resume_job_class_init (KabResumeJobClass *klass)
{
  KAB_PACKAGE_JOB_CLASS (klass)->prepare = kab_resume_job_prepare;
}

static void
kab_resume_job_init (KabResumeJob *self)
{
}

int
kab_journal_count_open (KabMirror  *mirror,
                        GError    **error)
{
  g_autoptr(KabLedger) ledger = kab_mirror_open_ledger (mirror, error);
  g_autoptr(GPtrArray) entries = ledger != NULL ? kab_ledger_read_open_deeds (ledger, error) : NULL;

  return entries != NULL ? (int) entries->len : -1;
}

KabPackageJob *
kab_journal_resume_job_new (KabSignIn *sign_in,
                            KabMirror *mirror)
{
  KabPackageJob *self;
  g_autofree char *host = NULL;

  g_return_val_if_fail (KAB_IS_SIGN_IN (sign_in) && KAB_IS_MIRROR (mirror), NULL);

  self = g_object_new (KAB_TYPE_RESUME_JOB, NULL);
  host = kab_profile_dup_host (kab_sign_in_get_profile (sign_in));
  kab_package_job_set_up (self, sign_in, mirror, "resume", host);

  return self;
}

gboolean
kab_journal_resume (KabSignIn     *sign_in,
                    KabMirror     *mirror,
                    GCancellable  *cancellable,
                    GError       **error)
{
  g_autoptr(KabPackageJob) job = NULL;
  int n_open = kab_journal_count_open (mirror, error);

  if (n_open <= 0)
    return n_open == 0;

  job = kab_journal_resume_job_new (sign_in, mirror);
  return kab_job_run (KAB_JOB (job), cancellable, error);
}
