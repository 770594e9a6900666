/* kab-record-selection.h: a multiple selection over a list of any length, kept as a bitset
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * KabRecordSelection:
 *
 * A #GtkSelectionModel that never fetches the items it selects: Ctrl+A over a million rows is one range of a
 * #GtkBitset. #GtkMultiSelection would make an object for each of them.
 *
 * A list that is emptied and filled again at once, as a #KabRecordList does for a new search, is told to the view as a
 * change of its length only, followed by the signal "refreshed": whoever shows rows binds them anew. GTK 4.8 would
 * throw away some three thousand cells and make them again, which takes ten times as long. So is a change far above the end.
 * A few new rows in a long list without a selection are told first, and "refreshed" two frames later.
 */
#define KAB_TYPE_RECORD_SELECTION (kab_record_selection_get_type ())
G_DECLARE_FINAL_TYPE (KabRecordSelection, kab_record_selection, KAB, RECORD_SELECTION, GObject)

KabRecordSelection *kab_record_selection_new       (GListModel *model);      /* (nullable) */
void                kab_record_selection_set_model (KabRecordSelection *self,
                                                    GListModel         *model);
guint               kab_record_selection_get_count (KabRecordSelection *self);
gboolean            kab_record_selection_is_all    (KabRecordSelection *self);
/* Between the change of the length and "refreshed" */
gboolean            kab_record_selection_is_refreshing (KabRecordSelection *self);

G_END_DECLS
