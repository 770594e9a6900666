/* kab-hosts-columns.h: what the table and the filters of hosts show
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-filter-pane.h"
#include "kab-table.h"

G_BEGIN_DECLS

extern const KabTableInfo kab_hosts_table;

const KabFilterGroup *kab_hosts_get_filters (guint *n_groups);

/* Updates that a host reports in @state; every state for KAB_N_STATES. */
char *kab_host_dup_updates_query (const char *uuid, guint state);

G_END_DECLS
