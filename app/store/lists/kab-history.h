/* kab-history.h: what the ledger tells: changes of pairs, and the fleet day by day
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

#include "kab-state.h"

G_BEGIN_DECLS

/* One pair in one effective state, from @from until @to (0 = still). Times are those of syncs: the change lies between
 * that one and the one before. */
typedef struct {
  char    *host;         /* uuid */
  char    *update_id;
  KabState state;
  gint64   from;
  gint64   to;
} KabHistoryEntry;

/* One day of the fleet, as its last sync found it: pairs of counted hosts by effective state. */
typedef struct {
  gint64 day;                    /* Unix seconds, UTC midnight */
  guint  counts[KAB_N_STATES];
  guint  n_hosts;                /* counted: the denominator of compliance */
  guint  n_compliant;
} KabHistoryDay;

void kab_history_entry_free (KabHistoryEntry *entry);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabHistoryEntry, kab_history_entry_free)

G_END_DECLS
