/* kab-promote-job.h: a package to its next maturity, or back to a content that it had
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-package-job.h"

G_BEGIN_DECLS

/**
 * KabPromoteJob: kinds "promote" and "roll-back".
 *
 * Promote (wapt-package-format § 12): downloads, verifies, signs again with the new maturity, uploads, looks whether the
 * server lists it and its bytes are right, and only then removes the old file. There is no moment without either. Where
 * the account may not delete it is DONE all the same and names the file that is left (kab_package_job_get_left()).
 *
 * A package whose signer is not trusted is not signed again until he is accepted
 * (kab_package_job_accept_signer()): the job fails with KAB_ERROR_BAD_SIGNATURE, its row is UNTRUSTED and names him.
 *
 * Roll back: the content of an earlier version, from the copies kept here or from the server, as a newer version of the
 * maturity that @maturity says. Nothing is removed.
 */
#define KAB_TYPE_PROMOTE_JOB (kab_promote_job_get_type ())
G_DECLARE_FINAL_TYPE (KabPromoteJob, kab_promote_job, KAB, PROMOTE_JOB, KabPackageJob)

/* @file_name: as the index has it; @package_uuid: the one that people looked at: another one under that name is
 * KAB_ERROR_CONFLICT. "" = whichever is there */
KabPackageJob *kab_promote_job_new           (KabSignIn     *sign_in,
                                              KabMirror     *mirror,
                                              const char    *file_name,
                                              const char    *package_uuid,
                                              const char    *maturity);
/* @source: SHA-256 of a copy that is kept here, or the name of a file in the index
 * @base_uuid: the package that is to be replaced, as in kab_publish_job_new() */
KabPackageJob *kab_promote_job_new_roll_back (KabSignIn     *sign_in,
                                              KabMirror     *mirror,
                                              const char    *source,
                                              const char    *base_uuid,
                                              const char    *maturity);
/* @state: kab_gate_verdict_to_text(). When the gate does not pass, a reason must be given (kab_package_job_set_reason()),
 * else the job fails with KAB_ERROR_USAGE; the approval log keeps both. Without this call there is no gate. */
void           kab_promote_job_set_gate      (KabPromoteJob *self,
                                              gboolean       passes,
                                              const char    *state);

G_END_DECLS
