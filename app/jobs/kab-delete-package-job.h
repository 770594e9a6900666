/* kab-delete-package-job.h: removes package files from the server, and looks whether they are gone
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-package-job.h"

G_BEGIN_DECLS

/**
 * KabDeletePackageJob: kind "delete".
 *
 * A copy of each file is kept here first: fetched, unless it is here already. Undo sends it to the server again, as it was.
 * A file that is too big, or that the server does not give as its index tells of it, has no copy: then nothing is deleted,
 * the job fails with KAB_ERROR_USAGE and names those (kab_delete_package_job_get_unkept()), until somebody accepts that they
 * go for good. Host packages are not of this kind.
 */
#define KAB_TYPE_DELETE_PACKAGE_JOB (kab_delete_package_job_get_type ())
G_DECLARE_FINAL_TYPE (KabDeletePackageJob, kab_delete_package_job, KAB, DELETE_PACKAGE_JOB, KabPackageJob)

/* @files: names as in the index. One row a file: LEFT when the account may not. */
KabPackageJob *kab_delete_package_job_new (KabSignIn          *sign_in,
                                           KabMirror          *mirror,
                                           const char * const *files);
const char * const *kab_delete_package_job_get_files (KabDeletePackageJob *self);
/* Before it runs: this file may go without a copy, when none can be had. */
void           kab_delete_package_job_accept_loss (KabDeletePackageJob *self,
                                                   const char          *file);
/* (element-type KabPackage) (transfer none): why it failed; else empty */
GPtrArray     *kab_delete_package_job_get_unkept  (KabDeletePackageJob *self);

G_END_DECLS
