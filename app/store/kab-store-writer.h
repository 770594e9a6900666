/* kab-store-writer.h: one transaction on the mirror, seen by readers only when it commits
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-host.h"
#include "kab-update.h"

G_BEGIN_DECLS

#define KAB_TYPE_STORE (kab_store_get_type ())
G_DECLARE_FINAL_TYPE (KabStore, kab_store, KAB, STORE, GObject)

/**
 * KabStoreWriter: compares with what is there and writes only what differs. One at a time: KAB_ERROR_STORAGE when
 * another process holds the mirror. Freeing it without a commit rolls back; so does dying. One thread at a time.
 */
typedef struct _KabStoreWriter KabStoreWriter;

/* What one sync did; also a row of the sync log. The caller fills times, level, automatic, bytes and requests; the
 * commit fills the rest. */
typedef struct {
  gint64   started_at, finished_at;
  char     level[16];              /* "open", "configured", "bulk" */
  gboolean automatic;
  guint    hosts_new, hosts_changed, hosts_gone;
  guint    updates_new, updates_changed, updates_gone;
  guint    states_changed;         /* pairs whose record differs, those that came and went included */
  guint64  n_bytes;
  guint    n_requests;
} KabSyncReport;

KabStoreWriter *kab_store_write_begin       (KabStore             *self,
                                             GCancellable         *cancellable,
                                             GError              **error);
/* All that is not put until the commit is gone afterwards (a full answer); else only what was put or removed changes. */
void            kab_store_write_set_full    (KabStoreWriter       *self,
                                             gboolean              updates,
                                             gboolean              hosts);

/* @fingerprint: of what the server sent, so that kab_store_write_find() can tell; 0 = let the store compare.
 * Returns: the mirror's number for it, 0 on error */
guint32         kab_store_write_update      (KabStoreWriter       *self,
                                             const KabUpdateFields *fields,
                                             guint64               fingerprint,
                                             GError              **error);
/* The number of an update that was written before with that very fingerprint, which keeps it alive in a full answer; 0
 * when it must be written */
guint32         kab_store_write_find        (KabStoreWriter       *self,
                                             const char           *update_id,
                                             guint64               fingerprint);
gboolean        kab_store_write_update_gone (KabStoreWriter       *self,
                                             const char           *update_id,
                                             GError              **error);

/**
 * kab_store_write_host:
 * @records: (nullable): its pairs, whose @update holds the mirror's numbers, in any order: sorted in place.
 *   %NULL = they did not change
 * @history_json: (nullable): one JSON object, update id → array of history entries; "{}" = there is none, %NULL = it
 *   did not change
 */
gboolean        kab_store_write_host        (KabStoreWriter       *self,
                                             const KabHostFields  *fields,
                                             KabStateRecord       *records,
                                             guint                 n_records,
                                             const char           *history_json,
                                             GError              **error);
/* Only the pairs of a host that is there, or was written in this transaction. KAB_ERROR_NOT_FOUND */
gboolean        kab_store_write_states      (KabStoreWriter       *self,
                                             const char           *uuid,
                                             KabStateRecord       *records,
                                             guint                 n_records,
                                             const char           *history_json,
                                             GError              **error);
gboolean        kab_store_write_host_gone   (KabStoreWriter       *self,
                                             const char           *uuid,
                                             GError              **error);
/* How many hosts there will be after the commit */
guint           kab_store_write_count_hosts (KabStoreWriter       *self);
/* (element-type utf8): hosts that together report every known update whose number is not in @fresh_numbers
 * (GUINT_TO_POINTER); greedy, one pass over all pairs */
GPtrArray      *kab_store_write_find_cover  (KabStoreWriter       *self,
                                             GHashTable           *fresh_numbers,
                                             GError              **error);

/* (element-type KabPackage): the index, whole */
gboolean        kab_store_write_packages    (KabStoreWriter       *self,
                                             GPtrArray            *packages,
                                             GError              **error);
/* @name_version: "name version"; @rules_json: (nullable): %NULL remembers that it has none an agent would read;
 * @signature_status: (nullable): what the verifier said: "trusted", "untrusted", "broken" … */
gboolean        kab_store_write_rules       (KabStoreWriter       *self,
                                             const char           *name_version,
                                             const char           *package_uuid,
                                             const char           *rules_json,
                                             const char           *signature_status,
                                             GError              **error);
/* Are the rules of exactly that package there already? */
gboolean        kab_store_write_has_rules   (KabStoreWriter       *self,
                                             const char           *name_version,
                                             const char           *package_uuid);
/* NULL removes the key */
gboolean        kab_store_write_value       (KabStoreWriter       *self,
                                             const char           *key,
                                             const char           *value,
                                             GError              **error);

/* Commits the mirror, then its history into the ledger (from the mirror's own outbox, also after a crash in between).
 * Frees @self, whether it succeeds or not. */
gboolean        kab_store_write_commit      (KabStoreWriter       *self,
                                             KabSyncReport        *report,
                                             GError              **error);
void            kab_store_write_abandon     (KabStoreWriter       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabStoreWriter, kab_store_write_abandon)

G_END_DECLS
