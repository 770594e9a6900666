/* kab-step-columns.h: what a table shows of the targets of a deed
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-package-job.h"
#include "kab-table.h"

G_BEGIN_DECLS

/* Of KabPackageRow; give it a #KabLiveList, as their states change. */
extern const KabTableInfo kab_steps_table;

/* "9 done, 2 encrypted" : states that at least one row is in, most rows first */
char *kab_steps_dup_summary (KabPackageJob *job);

G_END_DECLS
