/* kab-item-view.h: a short list with search, filters, table and detail: the content of a page
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-item-filter.h"

G_BEGIN_DECLS

/**
 * KabItemView:
 *
 * Properties "search-shown" and "filters-shown", for toggle buttons in a header bar; "folded": there is room for either the
 * list or the detail; "view": "table" or "other".
 *
 * Signals: "selected" (item or %NULL, guint n_selected), "searched" (text): another search is shown.
 */
#define KAB_TYPE_ITEM_VIEW (kab_item_view_get_type ())
G_DECLARE_FINAL_TYPE (KabItemView, kab_item_view, KAB, ITEM_VIEW, AdwBin)

/* All static; once, before the model. @name: what a screen reader calls the search */
void           kab_item_view_set_info       (KabItemView        *self,
                                             const char         *name,
                                             const KabTableInfo *info,
                                             const KabItemTerm  *terms,
                                             guint               n_terms);
void           kab_item_view_set_model      (KabItemView        *self,
                                             GListModel         *model);     /* (nullable) */
KabTable      *kab_item_view_get_table      (KabItemView        *self);
void           kab_item_view_set_detail     (KabItemView        *self,
                                             GtkWidget          *detail);
/* Another view of the same list, before the table, and what the two are called. What is selected is the table's. */
void           kab_item_view_set_other      (KabItemView        *self,
                                             GtkWidget          *other,
                                             const char         *title,
                                             const char         *table_title);
/* (transfer none): what the search shows, unsorted */
GListModel    *kab_item_view_get_shown      (KabItemView        *self);
/* "37 of 1,284 · maturity:prod"; NULL while nothing is searched */
char          *kab_item_view_dup_summary    (KabItemView        *self);
void           kab_item_view_show_query     (KabItemView        *self,
                                             const char         *query);
const char    *kab_item_view_get_query      (KabItemView        *self);
/* Selects the row and shows its detail. Returns: FALSE when there is none of that id. */
gboolean       kab_item_view_open           (KabItemView        *self,
                                             const char         *id);
/* Of a page: see KabPageClass */
gboolean       kab_item_view_focus_search   (KabItemView        *self);
gboolean       kab_item_view_toggle_filters (KabItemView        *self);
gboolean       kab_item_view_go_back        (KabItemView        *self);
/* Alt+Enter */
void           kab_item_view_toggle_detail  (KabItemView        *self);

G_END_DECLS
