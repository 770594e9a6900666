/* kab-item-search.h: a search over all cells of a table, and the table's view menu, in one bar
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-table.h"

G_BEGIN_DECLS

/* Signal "changed": another number of rows is shown. */
#define KAB_TYPE_ITEM_SEARCH (kab_item_search_get_type ())
G_DECLARE_FINAL_TYPE (KabItemSearch, kab_item_search, KAB, ITEM_SEARCH, AdwBin)

/* @table: lives as long as the bar. @name: what a screen reader calls the search */
GtkWidget *kab_item_search_new       (KabTable           *table,
                                      const KabTableInfo *info,
                                      const char         *name);
/* What the table shows; may be long: without a search it costs nothing. */
void       kab_item_search_set_model (KabItemSearch      *self,
                                      GListModel         *model);      /* (nullable) */
guint      kab_item_search_get_n     (KabItemSearch      *self,
                                      guint              *n_all);

G_END_DECLS
