/* kab-database.h: the one door to SQLite
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KabDatabase: one SQLite connection. It lives and dies in one thread at a time (opened with NOMUTEX).
 * Every failure is KAB_ERROR_STORAGE, KAB_ERROR_BAD_DATA (not a database, damaged) or KAB_ERROR_NOT_FOUND (no file, read only).
 */
typedef struct _KabDatabase KabDatabase;
typedef struct _KabStatement KabStatement;

typedef enum {
  KAB_DATABASE_READ_WRITE   = 0,
  KAB_DATABASE_READ_ONLY    = 1 << 0,
  KAB_DATABASE_FULL_SYNC    = 1 << 1,   /* synchronous=FULL: what must survive a power cut; else NORMAL */
} KabDatabaseFlags;

/* Opens or creates; WAL, foreign keys, busy timeout, trusted_schema off, defensive. Files are 0600. */
KabDatabase  *kab_database_open          (const char *path, KabDatabaseFlags flags, GError **error);
void          kab_database_close         (KabDatabase *self);
gboolean      kab_database_execute       (KabDatabase *self, const char *sql, GError **error);   /* several statements */
gboolean      kab_database_begin         (KabDatabase *self, GError **error);                    /* IMMEDIATE */
gboolean      kab_database_begin_read    (KabDatabase *self, GError **error);                    /* a reader's frozen view */
gboolean      kab_database_commit        (KabDatabase *self, GError **error);                    /* rolls back by itself when it fails */
void          kab_database_rollback      (KabDatabase *self);
gboolean      kab_database_is_intact     (KabDatabase *self, GError **error);                    /* quick_check */
gint64        kab_database_get_last_rowid (KabDatabase *self);
/* Makes statements of this connection stop with G_IO_ERROR_CANCELLED once @cancellable is cancelled; NULL ends it. */
void          kab_database_set_cancellable (KabDatabase *self, GCancellable *cancellable);

KabStatement *kab_database_prepare       (KabDatabase *self, const char *sql, GError **error);
void          kab_statement_free         (KabStatement *stmt);
void          kab_statement_bind_text    (KabStatement *stmt, int index, const char *value);     /* NULL binds null; copied */
void          kab_statement_bind_static  (KabStatement *stmt, int index, const char *value, gssize length); /* must outlive the run */
void          kab_statement_bind_int64   (KabStatement *stmt, int index, gint64 value);
void          kab_statement_bind_double  (KabStatement *stmt, int index, double value);
void          kab_statement_bind_blob    (KabStatement *stmt, int index, gconstpointer data, gsize size);   /* must outlive the run */
void          kab_statement_bind_null    (KabStatement *stmt, int index);
gboolean      kab_database_run           (KabDatabase *self, KabStatement *stmt, GError **error); /* for statements without rows; resets */
/* TRUE with a row; FALSE without @error at the end (and reset then). */
gboolean      kab_statement_step         (KabStatement *stmt, GError **error);
void          kab_statement_reset        (KabStatement *stmt);
const char   *kab_statement_get_text     (KabStatement *stmt, int column);     /* valid until the next step; NULL for null */
gint64        kab_statement_get_int64    (KabStatement *stmt, int column);
double        kab_statement_get_double   (KabStatement *stmt, int column);
gconstpointer kab_statement_get_blob     (KabStatement *stmt, int column, gsize *size);
gboolean      kab_statement_is_null      (KabStatement *stmt, int column);
guint         kab_database_get_changes   (KabDatabase *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabDatabase, kab_database_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabStatement, kab_statement_free)

/* Schema steps that only grow: PRAGMA user_version counts the steps taken; a step and its count commit together.
 * A file from a newer program is refused with KAB_ERROR_UNSUPPORTED. */
gboolean      kab_migration_run          (KabDatabase *self, const char * const *steps, guint n_steps, GError **error);

/* A thread with a connection of its own and a queue; the function runs there, the result arrives on the caller's context. */
#define KAB_TYPE_DATABASE_WORKER (kab_database_worker_get_type ())
G_DECLARE_FINAL_TYPE (KabDatabaseWorker, kab_database_worker, KAB, DATABASE_WORKER, GObject)

typedef gpointer (*KabDatabaseFunc) (KabDatabase *database, gpointer user_data, GCancellable *cancellable, GError **error);

KabDatabaseWorker *kab_database_worker_new         (const char *path, KabDatabaseFlags flags);
void               kab_database_worker_run_async   (KabDatabaseWorker *self, KabDatabaseFunc func, gpointer data, GDestroyNotify data_free,
                                                    GDestroyNotify result_free, GCancellable *cancellable,
                                                    GAsyncReadyCallback callback, gpointer user_data);
gpointer           kab_database_worker_run_finish  (KabDatabaseWorker *self, GAsyncResult *result, GError **error);

G_END_DECLS
