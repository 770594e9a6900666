/* kab-update-parts.h: what the detail of an update says: hosts, verdicts, chain, files, failures, facts, history
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-detail.h"

G_BEGIN_DECLS

void kab_update_parts_fill_head (GtkBox                *box,
                                 const KabUpdateRecord *record);
/* @detail: (nullable): what is not read yet is left out. @snapshot: where hosts get their names */
void kab_update_parts_fill      (GtkBox                *box,
                                 const KabUpdateRecord *record,
                                 KabUpdateDetail       *detail,
                                 KabSnapshot           *snapshot);

G_END_DECLS
