/* kab-pair-columns.h: what the table of a host's updates shows
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-detail.h"
#include "kab-table.h"

G_BEGIN_DECLS

extern const KabTableInfo kab_pairs_table;

/* Most pressing first; rows of the drop-down behind "All". */
extern const KabState kab_pair_states[KAB_N_STATES];

KabState kab_pair_get_state       (const KabPair *pair);
/* Most pressing first, then newest; of KabPair */
int      kab_pair_compare_urgency (gconstpointer  a,
                                   gconstpointer  b);

G_END_DECLS
