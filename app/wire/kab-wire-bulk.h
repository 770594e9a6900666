/* kab-wire-bulk.h: Kabinet's bulk answers, streams of JSON lines that cost what changed
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-host.h"
#include "kab-update.h"

G_BEGIN_DECLS

/**
 * The bulk format, version 1. `GET <base>/updates?since=N` and `GET <base>/states?since=N` answer
 * `application/x-ndjson`, one JSON value a line, gzip when asked for:
 *
 *   first line   {"kabinet_bulk":1,"what":"updates"|"states","server_uuid":U,"epoch":E,"since":N,"counter":C,
 *                 "full":bool,"rows":R,"hosts_count":H,"updates_count":M}
 *                full = true: what follows is everything (since was 0, or too old, or of another epoch);
 *                whoever is not in it is gone. epoch changes when the server's counters start anew.
 *   updates      one object a line with the field names of WsusUpdates, plus "n": the server's number of that update
 *                within this epoch; {"gone":n} for a deleted one
 *   states       one object a line: {"uuid":…, <the hosts columns of § 3.1 that Kabinet asks for>, "states":[…],
 *                "history":{…}}; {"gone":"uuid"}. A line without "states" changed only in its columns.
 *                "states" is one flat array of integers, five for each (host, update) pair:
 *                  n, reported KabState as its number, flags as in KabStateRecord (flags >> 4), installed_at, result
 *                "history" maps the text of n to the array of history entries of that update, only where there are any.
 *   last line    {"end":true,"rows":R}: a stream without it was cut short and is refused
 */

typedef struct {
  char    *server_uuid;
  char    *epoch;
  gint64   since;
  gint64   counter;
  gboolean full;
  guint64  n_rows;
  guint    n_hosts;
  guint    n_updates;
} KabBulkHead;

/* Called while the stream is read; everything is borrowed for the call. Return FALSE with @error set to stop. */
typedef struct {
  gboolean (*head)       (const KabBulkHead *head, gpointer user_data, GError **error);
  gboolean (*update)     (guint32 number, const KabUpdateFields *fields, gpointer user_data, GError **error);
  gboolean (*update_gone) (guint32 number, gpointer user_data, GError **error);
  /* @records: KabStateRecord.update holds the server's number; @n_records is G_MAXUINT when the line had no states */
  gboolean (*host)       (const KabHostFields *fields, const KabStateRecord *records, guint n_records,
                          const char *history_json, gpointer user_data, GError **error);
  gboolean (*host_gone)  (const char *uuid, gpointer user_data, GError **error);
} KabBulkHandler;

/**
 * KabBulkReader: a push parser with bounded memory: feed it bytes as they come, then end it.
 * A line may not be longer than KAB_BULK_MAX_LINE bytes.
 */
#define KAB_BULK_MAX_LINE (16 * 1024 * 1024)

typedef struct _KabBulkReader KabBulkReader;

KabBulkReader *kab_bulk_reader_new  (const KabBulkHandler *handler, gpointer user_data);
gboolean       kab_bulk_reader_feed (KabBulkReader *self, const guint8 *data, gsize size, GError **error);
gboolean       kab_bulk_reader_end  (KabBulkReader *self, GError **error);   /* KAB_ERROR_BAD_DATA when cut short */
void           kab_bulk_reader_free (KabBulkReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabBulkReader, kab_bulk_reader_free)

/* The other direction, for the server: each appends one line with its LF. */
void           kab_bulk_write_head        (GString *out, const char *what, const KabBulkHead *head);
void           kab_bulk_write_update      (GString *out, guint32 number, const KabUpdateFields *fields);
void           kab_bulk_write_host        (GString *out, const char *host_members_json, const KabStateRecord *records,
                                           guint n_records, const char *history_json);
void           kab_bulk_write_host_gone   (GString *out, const char *uuid);
void           kab_bulk_write_end         (GString *out, guint64 n_rows);

G_END_DECLS
