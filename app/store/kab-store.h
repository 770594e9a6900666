/* kab-store.h: the mirror of one server, in one SQLite file
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-history.h"
#include "kab-host.h"
#include "kab-package.h"
#include "kab-rule-set.h"
#include "kab-snapshot.h"
#include "kab-store-writer.h"
#include "kab-sync-log-entry.h"
#include "kab-update.h"

G_BEGIN_DECLS

/**
 * kab_store_open:
 * @path: the mirror, "….mirror"; the ledger lies beside it as "….ledger" (kab-ledger.h)
 *
 * Opens or creates both, and lets the ledger take what a crash may have left in the mirror's outbox. A damaged mirror is
 * set aside as "<path>.damaged-<time>" and made anew: the next sync fills it. A damaged ledger is never overwritten: it
 * is set aside too, and what can be read of it is saved into a new one. kab_store_dup_repair() tells of both.
 *
 * Blocks; any thread. The object may be used from any thread: each call that reads has a connection for itself.
 */
KabStore   *kab_store_open              (const char       *path,
                                         GError          **error);
const char *kab_store_get_path          (KabStore         *self);
/* (transfer full) (nullable): what was set aside and where, for the log and a banner; NULL when all was well. It may
 * come later too, when a read meets damage: the call fails with %KAB_ERROR_BAD_DATA, and the mirror is empty then. */
char       *kab_store_dup_repair        (KabStore         *self);

/* Reads the whole mirror in search of damage, which opening does not; what it finds is set aside as above. Blocks for
 * seconds with a large one. */
gboolean    kab_store_check             (KabStore         *self,
                                         GCancellable     *cancellable,
                                         GError          **error);

/* Blocking reads, each on a frozen view of its own; any thread but the interface's. */
KabSnapshot *kab_store_read_snapshot    (KabStore         *self,
                                         const KabLimits  *limits,
                                         GCancellable     *cancellable,
                                         GError          **error);
/* By uuid, or by short or full name in any case. KAB_ERROR_NOT_FOUND; KAB_ERROR_USAGE when several have that name */
KabHost     *kab_store_read_host        (KabStore         *self,
                                         const char       *uuid_or_name,
                                         GError          **error);
KabUpdate   *kab_store_read_update      (KabStore         *self,
                                         const char       *update_id,
                                         GError          **error);
/* (element-type KabUpdate): all that the server knows, in the order of a snapshot's */
GPtrArray   *kab_store_read_updates     (KabStore         *self,
                                         GCancellable     *cancellable,
                                         GError          **error);
/* (element-type KabUpdate): all of an id, a GUID or a KB with or without "KB"; may be empty */
GPtrArray   *kab_store_find_updates     (KabStore         *self,
                                         const char       *id_or_kb,
                                         GError          **error);
/* A host's pairs (element-type KabStateRecord); @updates (out) (optional) (element-type KabUpdate) runs beside them.
 * Pairs of updates that the server does not know any more are left out. */
GArray      *kab_store_read_host_states (KabStore         *self,
                                         const char       *uuid,
                                         GPtrArray       **updates,
                                         GError          **error);
/* JSON array of the entries of one update, or with @update_id NULL the host's whole object; NULL when there is none */
char        *kab_store_read_host_history (KabStore        *self,
                                         const char       *uuid,
                                         const char       *update_id,
                                         GError          **error);
/* (element-type KabPackage), in the order of the index; attribute "x-signature": what the verifier said of its rules */
GPtrArray   *kab_store_read_packages    (KabStore         *self,
                                         GError          **error);
/* (element-type KabRuleSet): what a host applies, in install order; @complete FALSE when one of its packages is not in
 * the mirror */
GPtrArray   *kab_store_read_host_rules  (KabStore         *self,
                                         const char       *uuid,
                                         gboolean         *complete,
                                         GError          **error);
/* (element-type KabRuleSet): of every rule package in the mirror, by name */
GPtrArray   *kab_store_read_rule_sets   (KabStore         *self,
                                         GError          **error);
/* uuid → updates_hash ("" when it has none): what the next sync needs to know what changed */
GHashTable  *kab_store_read_host_hashes (KabStore         *self,
                                         GError          **error);
/* "counter", "epoch", "server_uuid", "packages_modified" …; NULL when it was never written */
char        *kab_store_read_value       (KabStore         *self,
                                         const char       *key);

/* From the ledger; see kab-ledger.h */
GPtrArray   *kab_store_read_history     (KabStore         *self,
                                         const char       *uuid,
                                         const char       *update_id,
                                         guint             limit,
                                         GError          **error);
GArray      *kab_store_read_days        (KabStore         *self,
                                         gint64            since,
                                         GError          **error);

/* A sync that failed or was cancelled leaves its line in the log too. */
gboolean     kab_store_log_failure      (KabStore             *self,
                                         const KabSyncReport  *report,
                                         const char           *message,
                                         GError              **error);
/* (element-type KabSyncLogEntry), newest first */
GPtrArray   *kab_store_read_sync_log    (KabStore         *self,
                                         guint             limit,
                                         GError          **error);

G_END_DECLS
