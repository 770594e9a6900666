/* kab-publish-job.h: a rules document becomes the next version of its package on the server
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-package-job.h"

G_BEGIN_DECLS

/**
 * KabPublishJob: kinds "publish" and "upload".
 *
 * The version is the next one (wapt-package-format § 8.2) of the highest that the server has or that was ever published
 * from here under that name, so that a number is never given twice; "1" when there was none.
 *
 * The version before stays on the server. The specification (§ 12) deletes the old file only "if it should not stay", and
 * the original's own tools add and leave deleting to people: agents take the newest, and the older is what a roll back
 * and a difference can still read. A promotion is another matter, see kab-promote-job.h.
 */
#define KAB_TYPE_PUBLISH_JOB (kab_publish_job_get_type ())
G_DECLARE_FINAL_TYPE (KabPublishJob, kab_publish_job, KAB, PUBLISH_JOB, KabPackageJob)

/* @document: read now, not later; its base is what must still be the newest of that name on the server, "" = no package
 * of that name. Fails with KAB_ERROR_CONFLICT when it is not: kab_package_job_get_conflict(). */
KabPackageJob *kab_publish_job_new            (KabSignIn        *sign_in,
                                               KabMirror        *mirror,
                                               KabRulesDocument *document);
/* Uploads packages that are signed already, as they are, and refuses what an agent would refuse. @files: paths */
KabPackageJob *kab_publish_job_new_from_files (KabSignIn          *sign_in,
                                               KabMirror          *mirror,
                                               const char * const *files);
/* Puts back copies that are kept here, by SHA-256, byte by byte as they were on the server. One whose name, version and
 * maturity another has there meanwhile is OVERTAKEN. */
KabPackageJob *kab_publish_job_new_from_kept  (KabSignIn          *sign_in,
                                               KabMirror          *mirror,
                                               const char * const *sha256s);
/* This draft goes when the package is out. */
void           kab_publish_job_set_draft      (KabPublishJob    *self,
                                               const char       *draft_id);
/* Of the package that went out or was saved, after DONE; else NULL */
const char    *kab_publish_job_get_version    (KabPublishJob    *self);
const char    *kab_publish_job_get_package_uuid (KabPublishJob  *self);

G_END_DECLS
