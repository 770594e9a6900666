/* kab-wire-update.h: an update, alone or as a row of host_data wsusupdates; only for this room
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-update.h"
#include "kab-wire-row.h"

G_BEGIN_DECLS

KabRow     *kab_update_row_new         (void);
/* @fields: borrows from the row. Returns: %FALSE with KAB_ERROR_BAD_DATA when there is no update_id */
gboolean    kab_update_row_get         (KabRow *row, KabUpdateFields *fields, GError **error);
/* Its number and whether it is gone, in the bulk format. Returns: %FALSE when there is no number */
gboolean    kab_update_row_get_number  (KabRow *row, guint32 *number, gboolean *gone);
/* The local_status_… members. */
void        kab_update_row_get_record  (KabRow *row, KabStateRecord *record);
const char *kab_update_row_get_history (KabRow *row);

/* HRESULT of the newest of some WUA history entries, a JSON array; 0 when it succeeded or there is none. */
gint32      kab_history_get_result     (const char *json);

G_END_DECLS
