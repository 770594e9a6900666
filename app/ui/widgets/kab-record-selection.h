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
 */
#define KAB_TYPE_RECORD_SELECTION (kab_record_selection_get_type ())
G_DECLARE_FINAL_TYPE (KabRecordSelection, kab_record_selection, KAB, RECORD_SELECTION, GObject)

KabRecordSelection *kab_record_selection_new       (GListModel *model);      /* (nullable) */
GListModel         *kab_record_selection_get_model (KabRecordSelection *self);
void                kab_record_selection_set_model (KabRecordSelection *self,
                                                    GListModel         *model);
guint               kab_record_selection_get_count (KabRecordSelection *self);
gboolean            kab_record_selection_is_all    (KabRecordSelection *self);

G_END_DECLS
