/* kab-ledger.h: what no server can give back: history here, decisions in kab-ledger-deeds.h
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-history.h"

G_BEGIN_DECLS

/**
 * KabLedger: a connection to the ledger of one server; one thread at a time. Fully synchronous: what it took survives
 * a power cut.
 */
typedef struct _KabLedger KabLedger;
struct _KabStore;

/**
 * kab_ledger_open:
 * @path: its file; made when there is none
 * @is_sound: it was looked at already, and is opened without another look
 * @repair: (out) (optional) (nullable): what was found and done, when it was damaged
 *
 * A damaged ledger is never overwritten: it is set aside, and every row that can still be read is saved into a new one.
 * Blocks.
 */
KabLedger *kab_ledger_open         (const char   *path,
                                    gboolean      is_sound,
                                    char        **repair,
                                    GError      **error);
void       kab_ledger_close        (KabLedger    *self);
/* The one that lies beside a mirror; a connection of its own. Only the first opening looks for damage, and the one after a
 * call that met it. */
KabLedger *kab_store_open_ledger   (struct _KabStore *store,
                                    GError          **error);

/* (element-type KabHistoryEntry): changes of one host, one update, or both; newest first. A pair that never changed
 * since it was first seen has none: see kab_ledger_read_since(). */
GPtrArray *kab_ledger_read_history (KabLedger    *self,
                                    const char   *host,
                                    const char   *update_id,
                                    guint         limit,
                                    GError      **error);
/* (element-type KabHistoryDay): days at or after @since, oldest first */
GArray    *kab_ledger_read_days    (KabLedger    *self,
                                    gint64        since,
                                    GError      **error);
/**
 * kab_ledger_read_since:
 * @state: the pair's effective state now
 * @waits_for_server: does it hang on the server's copy, that is, would it be PENDING with and MISSING without?
 * @is_exact: (out): %FALSE when it was so already when the pair was first seen: "at least since"
 *
 * Returns: since when the pair is in its state, in Unix seconds; 0 when the host is not known here
 */
gint64     kab_ledger_read_since   (KabLedger    *self,
                                    const char   *host,
                                    const char   *update_id,
                                    KabState      state,
                                    gboolean      waits_for_server,
                                    gboolean     *is_exact,
                                    GError      **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabLedger, kab_ledger_close)

G_END_DECLS
