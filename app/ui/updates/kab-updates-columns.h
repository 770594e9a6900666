/* kab-updates-columns.h: what the table and the filters of updates show
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-filter-pane.h"
#include "kab-table.h"

G_BEGIN_DECLS

extern const KabTableInfo kab_updates_table;

const KabFilterGroup *kab_updates_get_filters (guint *n_groups);

/* "Allowed", "Forbidden on 12 of 30 hosts" …: what hosts report of an update that they lack, and how it looks. */
char       *kab_update_record_dup_verdict  (const KabUpdateRecord *record);
const char *kab_update_record_verdict_kind (const KabUpdateRecord *record);
const char *kab_update_record_verdict_icon (const KabUpdateRecord *record);
/* Hosts on which an update is in one of the states of @mask (1 << KabState); 0 = that report it at all. */
char       *kab_update_dup_hosts_query     (const char *update_id, guint mask);
/* "KB5031354", or the id when it has no article */
const char *kab_update_record_get_short    (const KabUpdateRecord *record);

/* A family of products in words; @now is not used */
char *kab_updates_dup_family_label (const char *value,
                                    gint64      now);

G_END_DECLS
