/* kab-store-writer-private.h: the transaction in progress
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-store-private.h"
#include "kab-store-writer.h"

G_BEGIN_DECLS

/* Statements of a writer, prepared when first needed */
typedef enum {
  KAB_SQL_FIND_HOST,
  KAB_SQL_READ_HOST,
  KAB_SQL_INSERT_HOST,
  KAB_SQL_UPDATE_HOST,
  KAB_SQL_UPDATE_STANDING,
  KAB_SQL_DELETE_HOST,
  KAB_SQL_READ_STATES,
  KAB_SQL_PUT_STATES,
  KAB_SQL_DELETE_STATES,
  KAB_SQL_PUT_HISTORY,
  KAB_SQL_DELETE_HISTORY,
  KAB_SQL_INSERT_UPDATE,
  KAB_SQL_UPDATE_UPDATE,
  KAB_SQL_UPDATE_GONE,
  KAB_SQL_READ_COUNTS,
  KAB_SQL_PUT_COUNTS,
  KAB_SQL_POST,
  KAB_SQL_PUT_VALUE,
  KAB_SQL_DELETE_VALUE,
  KAB_SQL_PUT_RULES,
  KAB_SQL_HAS_RULES,
} KabStoreSql;
#define KAB_N_STORE_SQL (KAB_SQL_HAS_RULES + 1)

/* An update as the writer knows it */
typedef struct {
  guint32  number;
  guint64  fingerprint;
  gboolean has_files;
  gboolean is_gone;
  gboolean is_seen;            /* in this transaction */
} KabWriterUpdate;

/* What happened to a host in this transaction */
enum {
  KAB_HOST_SEEN    = 1 << 0,
  KAB_HOST_NEW     = 1 << 1,
  KAB_HOST_CHANGED = 1 << 2,
};

typedef guint32 KabStateCounts[KAB_N_STATES];    /* by state without the server's copy: MISSING = waits for it */

struct _KabStoreWriter
{
  KabStore      *store;            /* a reference */
  KabDatabase   *database;
  GCancellable  *cancellable;      /* (nullable) */
  KabStatement  *statements[KAB_N_STORE_SQL];

  gboolean       updates_full;
  gboolean       hosts_full;
  GHashTable    *updates;          /* update id → KabWriterUpdate */
  GPtrArray     *updates_by_number;/* borrowed from @updates; NULL where there is none */
  gboolean       gone_changed;     /* an update went or came back: hosts have to be counted anew */
  GArray        *deltas;           /* gint32[KAB_N_STATES] by update number */

  GByteArray    *host_marks;       /* by host number */
  GByteArray    *new_hosts;        /* uuids, each ended by NUL */
  GArray        *changes;          /* KabPairChange, of one host at a time */

  KabSyncReport  report;           /* what was counted so far */
};

/* A statement with nothing bound; NULL with @error */
KabStatement    *kab_store_writer_sql          (KabStoreWriter        *self,
                                                KabStoreSql            which,
                                                GError               **error);
gboolean         kab_store_writer_run          (KabStoreWriter        *self,
                                                KabStatement          *stmt,
                                                GError               **error);
gboolean         kab_store_writer_is_cancelled (KabStoreWriter        *self,
                                                GError               **error);
/* Into the outbox; the time is filled in by the commit */
gboolean         kab_store_writer_post         (KabStoreWriter        *self,
                                                KabOutboxKind          kind,
                                                const char            *subject,
                                                gconstpointer          detail,
                                                gsize                  size,
                                                GError               **error);
KabWriterUpdate *kab_store_writer_get_update   (KabStoreWriter        *self,
                                                guint32                number);
/* Marks those that a full answer did not hold */
gboolean         kab_store_writer_end_updates  (KabStoreWriter        *self,
                                                GError               **error);
/* Removes those that a full answer did not hold, and counts anew where that is needed */
gboolean         kab_store_writer_end_hosts    (KabStoreWriter        *self,
                                                GError               **error);
guint            kab_store_writer_get_marks    (KabStoreWriter        *self,
                                                gint64                 host);

/* States: see kab-store-writer-states.c. Sorts and drops double updates. Returns: how many are left */
guint            kab_state_records_sort        (KabStateRecord        *records,
                                                guint                  n_records);
void             kab_store_writer_count_records (KabStoreWriter       *self,
                                                const KabStateRecord  *records,
                                                guint                  n_records,
                                                KabStateCounts         counts);
/* Reads a host's records. Returns: (transfer full) (nullable): NULL with @n 0 when it has none, or with @error */
KabStateRecord  *kab_store_writer_read_records (KabStoreWriter        *self,
                                                gint64                 host,
                                                guint                 *n_records,
                                                GError               **error);
/* Writes what differs, keeps the counts of updates and posts what changed */
gboolean         kab_store_writer_put_records  (KabStoreWriter        *self,
                                                const char            *uuid,
                                                gint64                 host,
                                                gboolean               was_counted,
                                                gboolean               is_counted,
                                                const KabStateRecord  *records,   /* (nullable): unchanged */
                                                guint                  n_records,
                                                gboolean              *changed,
                                                GError               **error);

G_END_DECLS
