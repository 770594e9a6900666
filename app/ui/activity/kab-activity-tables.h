/* kab-activity-tables.h: the columns of the tables of Activity
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-table.h"

G_BEGIN_DECLS

extern const KabTableInfo kab_activity_jobs;     /* of KabJob */
extern const KabTableInfo kab_activity_tasks;    /* of KabTaskItem */
extern const KabTableInfo kab_activity_approvals;  /* of KabApproval */
extern const KabTableInfo kab_activity_log;      /* of KabSyncLogEntry */

/* All cells of one item as one folded text: what a search looks into */
char *kab_activity_dup_folded (const KabTableInfo *info,
                               gpointer            item);

G_END_DECLS
