/* kab-activity-details.h: all there is to know about one row of the activity page, in a dialog
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-table.h"

G_BEGIN_DECLS

/* @from: a widget of the window. Columns that are hidden are told too, and what went wrong with a job. */
void kab_activity_details_show (GtkWidget          *from,
                                const KabTableInfo *info,
                                gpointer            item);

G_END_DECLS
