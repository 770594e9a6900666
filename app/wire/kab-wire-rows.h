/* kab-wire-rows.h: the two big answers of the open interface, read as a stream
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-host.h"
#include "kab-update.h"

G_BEGIN_DECLS

/**
 * KabRowsReader: reads {"success":…, "result":[row, row, …]} while it arrives, one row at a time, with bounded
 * memory (a row may have KAB_ROWS_MAX_ROW bytes of text). Envelope failures become errors as in kab_wire_open_envelope().
 */
#define KAB_ROWS_MAX_ROW (64 * 1024 * 1024)

/* Columns to ask `hosts` for; the always-returned ones need no asking. */
extern const char * const kab_wire_host_columns;

typedef gboolean (*KabHostRowFunc)   (const KabHostFields *fields, gpointer user_data, GError **error);

/* @fingerprint: of the row's update part alone, so that an update seen on the last host need not be built again;
 * @fields is borrowed; @record->update is not set; @history_json borrowed, NULL when none. */
typedef gboolean (*KabUpdateRowFunc) (const KabUpdateFields *fields, guint64 fingerprint, const KabStateRecord *record,
                                      const char *history_json, gpointer user_data, GError **error);

typedef struct _KabRowsReader KabRowsReader;

KabRowsReader *kab_rows_reader_new_hosts   (KabHostRowFunc func, gpointer user_data);
KabRowsReader *kab_rows_reader_new_updates (KabUpdateRowFunc func, gpointer user_data);
gboolean       kab_rows_reader_feed        (KabRowsReader *self, const guint8 *data, gsize size, GError **error);
gboolean       kab_rows_reader_end         (KabRowsReader *self, GError **error);
void           kab_rows_reader_free        (KabRowsReader *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabRowsReader, kab_rows_reader_free)

G_END_DECLS
