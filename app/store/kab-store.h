/* kab-store.h: the mirror of one server, in one SQLite file
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-host.h"
#include "kab-package.h"
#include "kab-rule-set.h"
#include "kab-snapshot.h"
#include "kab-update.h"

G_BEGIN_DECLS

#define KAB_TYPE_STORE (kab_store_get_type ())
G_DECLARE_FINAL_TYPE (KabStore, kab_store, KAB, STORE, GObject)

/**
 * kab_store_open:
 * @path: the mirror, "….mirror"; the ledger lies beside it as "….ledger" (kab-ledger.h)
 *
 * Opens or creates both. A damaged mirror is set aside as "<path>.damaged-<time>" and made anew; kab_store_get_repair() tells.
 * A damaged ledger is never overwritten: it is set aside too and what can be read of it is saved into a new one.
 * Blocks; any thread. The object may be used from any thread: each call that reads opens its own connection or uses the caller's.
 */
KabStore   *kab_store_open         (const char *path, GError **error);
const char *kab_store_get_path     (KabStore *self);
/* NULL when all was well; else what was set aside and where, for the log and a banner */
const char *kab_store_get_repair   (KabStore *self);

/* Blocking reads, each on a frozen view of its own; any thread but the interface's. */
KabSnapshot *kab_store_read_snapshot      (KabStore *self, const KabLimits *limits, GCancellable *cancellable, GError **error);
KabHost     *kab_store_read_host          (KabStore *self, const char *uuid_or_name, GError **error);   /* NOT_FOUND; ambiguous name is USAGE */
KabUpdate   *kab_store_read_update        (KabStore *self, const char *update_id, GError **error);
GPtrArray   *kab_store_find_updates       (KabStore *self, const char *id_or_kb, GError **error);       /* all of a GUID or KB */
/* A host's pairs: @updates (element-type KabUpdate) runs beside the records. */
GArray      *kab_store_read_host_states   (KabStore *self, const char *uuid, GPtrArray **updates, GError **error);
char        *kab_store_read_host_history  (KabStore *self, const char *uuid, const char *update_id, GError **error); /* JSON array or NULL */
GPtrArray   *kab_store_read_packages      (KabStore *self, GError **error);                              /* (element-type KabPackage) */
/* The rule sets a host applies, in install order; @complete FALSE when one of its packages is not in the mirror. */
GPtrArray   *kab_store_read_host_rules    (KabStore *self, const char *uuid, gboolean *complete, GError **error);
/* One host's hashes and the counters of the last sync: what the next one needs. */
GHashTable  *kab_store_read_host_hashes   (KabStore *self, GError **error);       /* uuid → updates_hash */
char        *kab_store_read_value         (KabStore *self, const char *key);      /* "counter", "epoch", "server_uuid", "packages_modified" … */

/**
 * KabStoreWriter: one transaction, seen by readers only when it commits. One at a time (KAB_ERROR_STORAGE when another
 * process holds it). Freeing without commit rolls back. It compares with what is there and writes only what differs.
 */
typedef struct _KabStoreWriter KabStoreWriter;

KabStoreWriter *kab_store_write_begin      (KabStore *self, GCancellable *cancellable, GError **error);
/* All that is not put until the commit is gone afterwards (a full answer); else only what was put or removed changes. */
void            kab_store_write_set_full   (KabStoreWriter *self, gboolean updates, gboolean hosts);
/* Returns: the mirror's number for it, 0 on error */
guint32         kab_store_write_update     (KabStoreWriter *self, const KabUpdateFields *fields, guint64 fingerprint, GError **error);
/* The number of an update that was written before with that very fingerprint; 0 when it must be written */
guint32         kab_store_write_find       (KabStoreWriter *self, const char *update_id, guint64 fingerprint);
gboolean        kab_store_write_update_gone (KabStoreWriter *self, const char *update_id, GError **error);
/* @records: NULL = its states did not change. @record.update holds the mirror's numbers, any order; sorted in place. */
gboolean        kab_store_write_host       (KabStoreWriter *self, const KabHostFields *fields, KabStateRecord *records, guint n_records,
                                            const char *history_json, GError **error);
/* Seen, unchanged: keeps it alive in a full answer. */
gboolean        kab_store_write_host_same  (KabStoreWriter *self, const char *uuid, GError **error);
gboolean        kab_store_write_host_gone  (KabStoreWriter *self, const char *uuid, GError **error);
/* Packages of the index, whole; @rules may be NULL for packages that are none. Key: "name version". */
gboolean        kab_store_write_packages   (KabStoreWriter *self, GPtrArray *packages, GError **error);
gboolean        kab_store_write_rules      (KabStoreWriter *self, const char *name_version, const char *package_uuid, const char *rules_json, GError **error);
gboolean        kab_store_write_value      (KabStoreWriter *self, const char *key, const char *value, GError **error);

/* What one sync did; also a row of the sync log. */
typedef struct {
  gint64 started_at, finished_at;
  char   level[16];              /* "open", "configured", "bulk" */
  gboolean automatic;
  guint  hosts_new, hosts_changed, hosts_gone;
  guint  updates_new, updates_changed, updates_gone;
  guint  states_changed;
  guint64 n_bytes;
  guint  n_requests;
} KabSyncReport;

/* Commits mirror, then history into the ledger (replayed from the mirror's own outbox after a crash in between). */
gboolean        kab_store_write_commit     (KabStoreWriter *self, KabSyncReport *report, GError **error);
void            kab_store_write_abandon    (KabStoreWriter *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabStoreWriter, kab_store_write_abandon)

/* A sync that failed or was cancelled leaves its line in the log too. */
gboolean        kab_store_log_failure      (KabStore *self, const KabSyncReport *report, const char *message, GError **error);
GPtrArray      *kab_store_read_sync_log    (KabStore *self, guint limit, GError **error);   /* (element-type KabSyncLogEntry), newest first */

G_END_DECLS
