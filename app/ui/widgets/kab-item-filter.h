/* kab-item-filter.h: search and filter pane over a short list of any objects: words and `field:value` terms
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-filter-pane.h"
#include "kab-table.h"

G_BEGIN_DECLS

/* Between the values of an item that has several in one field. */
#define KAB_ITEM_VALUES_SEPARATOR "\x1f"

/**
 * KabItemTerm: one field of the search, and a group of the pane when its @group has a title.
 *
 * @group: field, title, values and labels as in a #KabFilterPane; its style is %KAB_FILTER_VALUES
 * @dup_values: what an item has there, divided by %KAB_ITEM_VALUES_SEPARATOR; "" = nothing
 */
typedef struct {
  KabFilterGroup  group;
  char         *(*dup_values) (gpointer item);
} KabItemTerm;

/**
 * KabItemFilter: the pane. A bare word is looked for in all columns of the table.
 *
 * Signal "query" (text): a value was clicked: the search with it put in or taken out.
 */
#define KAB_TYPE_ITEM_FILTER (kab_item_filter_get_type ())
G_DECLARE_FINAL_TYPE (KabItemFilter, kab_item_filter, KAB, ITEM_FILTER, AdwBin)

/* All static. */
void        kab_item_filter_set_terms  (KabItemFilter      *self,
                                        const KabTableInfo *info,
                                        const KabItemTerm  *terms,
                                        guint               n_terms);
void        kab_item_filter_set_source (KabItemFilter      *self,
                                        GListModel         *source);     /* (nullable) */
/* (transfer none): what of the source the search shows */
GListModel *kab_item_filter_get_shown  (KabItemFilter      *self);
/* Returns: FALSE with @error when a term is not understood: nothing changes then */
gboolean    kab_item_filter_set_query  (KabItemFilter      *self,
                                        const char         *text,
                                        GError            **error);
const char *kab_item_filter_get_query  (KabItemFilter      *self);

G_END_DECLS
