/* kab-ledger.h: what no server can give back: history now, approvals, promotions and drafts later
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-state.h"

G_BEGIN_DECLS

/* A change between two syncs; valid from @from until @to (0 = still). */
typedef struct {
  char    *host;         /* uuid */
  char    *update_id;
  KabState state;
  gint64   from;
  gint64   to;
} KabHistoryEntry;

/* One day of the fleet: pairs by state at the end of it. */
typedef struct {
  gint64 day;                    /* Unix seconds, UTC midnight */
  guint  counts[KAB_N_STATES];
  guint  n_hosts, n_compliant;
} KabHistoryDay;

typedef struct _KabLedger KabLedger;

KabLedger *kab_ledger_open          (const char *path, char **repair, GError **error);
void       kab_ledger_close         (KabLedger *self);
/* (element-type KabHistoryEntry): of one host, one update, or both; newest first */
GPtrArray *kab_ledger_read_history  (KabLedger *self, const char *host, const char *update_id, guint limit, GError **error);
GArray    *kab_ledger_read_days     (KabLedger *self, gint64 since, GError **error);   /* KabHistoryDay */
void       kab_history_entry_free   (KabHistoryEntry *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabLedger, kab_ledger_close)

G_END_DECLS
