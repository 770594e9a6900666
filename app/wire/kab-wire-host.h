/* kab-wire-host.h: the columns of a host, as a row and as fields; only for this room
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-host.h"
#include "kab-wire-row.h"

G_BEGIN_DECLS

KabRow  *kab_host_row_new      (void);
/* @fields: borrows from the row. Returns: %FALSE with KAB_ERROR_BAD_DATA when there is no uuid */
gboolean kab_host_row_get      (KabRow *row, KabHostFields *fields, GError **error);
/* Members of the bulk format beside the columns. */
const char *kab_host_row_get_history (KabRow *row);
const char *kab_host_row_get_gone    (KabRow *row);

G_END_DECLS
