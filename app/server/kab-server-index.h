/* kab-server-index.h: the packages folder, what the depot knows of it, and the index that clients read
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-depot.h"

G_BEGIN_DECLS

/* What a rebuild, and with it an upload or a deletion, reports: (element-type utf8) plain file names. */
typedef struct {
  GPtrArray *processed;   /* read anew */
  GPtrArray *kept;
  GPtrArray *errors;      /* no packages */
} KabIndexReport;

/**
 * kab_server_index_rebuild:
 *
 * Looks at every *.wapt file of the packages folder, reads those that are new or changed, forgets those that are gone,
 * and writes `Packages` (wapt-package-format § 11). Its time of change is never the same for two contents. Blocks.
 */
KabIndexReport *kab_server_index_rebuild      (KabDepot        *depot,
                                               GError         **error);
void            kab_index_report_free         (KabIndexReport  *report);
/* @report: (nullable): null then. Paths as the original writes them. */
void            kab_index_report_append       (KabIndexReport  *report,
                                               KabDepot        *depot,
                                               GString         *json);

/* The recorded form of a control record. @localpath: (nullable) */
void            kab_server_append_package     (GString         *json,
                                               const char      *control,
                                               const char      *filename,
                                               gint64           size,
                                               const char      *md5sum,
                                               const char      *repo,
                                               const char      *localpath,
                                               const char      *repo_url);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabIndexReport, kab_index_report_free)

G_END_DECLS
