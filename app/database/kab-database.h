/* kab-database.h: the one door to SQLite
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-migration.h"
#include "kab-statement.h"

G_BEGIN_DECLS

/**
 * KabDatabase: one SQLite connection. It lives and dies in one thread at a time (opened with NOMUTEX).
 *
 * Every failure is one of: %KAB_ERROR_STORAGE (disk full, read-only, held by another process, I/O),
 * %KAB_ERROR_BAD_DATA (not a database, damaged, or a row that a constraint refuses), %KAB_ERROR_NOT_FOUND
 * (read only, and there is no file) or %G_IO_ERROR_CANCELLED.
 */

/**
 * KabDatabaseFlags:
 * @KAB_DATABASE_READ_ONLY: the file must exist; nothing is written into it
 * @KAB_DATABASE_FULL_SYNC: synchronous=FULL: what must survive a power cut; else NORMAL, which in WAL may
 *   lose the last transactions in a power cut (never in a crash of ours), but never breaks the file
 */
typedef enum {
  KAB_DATABASE_READ_WRITE   = 0,
  KAB_DATABASE_READ_ONLY    = 1 << 0,
  KAB_DATABASE_FULL_SYNC    = 1 << 1,
} KabDatabaseFlags;

/* Opens or creates; WAL, foreign keys, busy timeout, trusted_schema off, defensive. Files are 0600. */
KabDatabase *kab_database_open             (const char        *path,
                                            KabDatabaseFlags   flags,
                                            GError           **error);
void         kab_database_close            (KabDatabase       *self);
const char  *kab_database_get_path         (KabDatabase       *self);

/* Several statements in one text, whose rows are thrown away */
gboolean     kab_database_execute          (KabDatabase       *self,
                                            const char        *sql,
                                            GError           **error);
/* IMMEDIATE: the write lock is taken here or not at all, never half-way */
gboolean     kab_database_begin            (KabDatabase       *self,
                                            GError           **error);
/* A reader's frozen view: what others commit from here on is not seen until the commit or rollback */
gboolean     kab_database_begin_read       (KabDatabase       *self,
                                            GError           **error);
/* Rolls back by itself when it fails */
gboolean     kab_database_commit           (KabDatabase       *self,
                                            GError           **error);
/* Nothing happens outside of a transaction */
void         kab_database_rollback         (KabDatabase       *self);
gboolean     kab_database_is_in_transaction (KabDatabase      *self);

/* quick_check. Returns: %FALSE with %KAB_ERROR_BAD_DATA when it found damage */
gboolean     kab_database_is_intact        (KabDatabase       *self,
                                            GError           **error);
/* The same, but what was not found within @timeout_ms counts as not there */
gboolean     kab_database_is_intact_within (KabDatabase       *self,
                                            guint              timeout_ms,
                                            GError           **error);
/* Has any call found the file damaged since it was opened? */
gboolean     kab_database_has_met_damage   (KabDatabase       *self);
gint64       kab_database_get_last_rowid   (KabDatabase       *self);
guint        kab_database_get_changes      (KabDatabase       *self);

/* How long a lock of another connection is waited for; 5,000 ms unless told otherwise */
void         kab_database_set_busy_timeout (KabDatabase       *self,
                                            guint              timeout_ms);
/* Makes statements of this connection, and its waiting for locks, stop with %G_IO_ERROR_CANCELLED once
 * @cancellable is cancelled; %NULL ends it. */
void         kab_database_set_cancellable  (KabDatabase       *self,
                                            GCancellable      *cancellable);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabDatabase, kab_database_close)

G_END_DECLS
