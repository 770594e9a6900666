/* kab-delete-package-job.h: removes package files from the server, and looks whether they are gone
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-package-job.h"

G_BEGIN_DECLS

/* Kind "delete". A copy of each is kept here first, so that it can be undone. Host packages are not of this kind. */
#define KAB_TYPE_DELETE_PACKAGE_JOB (kab_delete_package_job_get_type ())
G_DECLARE_FINAL_TYPE (KabDeletePackageJob, kab_delete_package_job, KAB, DELETE_PACKAGE_JOB, KabPackageJob)

/* @files: names as in the index. One row a file: LEFT when the account may not. */
KabPackageJob *kab_delete_package_job_new (KabSignIn          *sign_in,
                                           KabMirror          *mirror,
                                           const char * const *files);

G_END_DECLS
