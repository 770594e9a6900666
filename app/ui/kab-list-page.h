/* kab-list-page.h: base of pages that are one long list: filters, search, table, detail
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-filter-pane.h"
#include "kab-page.h"
#include "kab-table.h"

G_BEGIN_DECLS

#define KAB_TYPE_LIST_PAGE (kab_list_page_get_type ())
G_DECLARE_DERIVABLE_TYPE (KabListPage, kab_list_page, KAB, LIST_PAGE, KabPage)

/**
 * KabListPageClass:
 * @domain: what the list holds
 * @table: its columns
 * @groups: its filters
 * @show_detail: the selection changed: @record is the only selected row, %NULL when there is none or there are several
 * @query_changed: (nullable): another search is shown
 * @dup_summary: the line of the header when nothing is searched: "1,284 updates"
 * @fill_empty: words for a list without rows. @searched: a search hides them
 */
struct _KabListPageClass
{
  KabPageClass          parent_class;

  KabQueryDomain        domain;
  const KabTableInfo   *table;
  const KabFilterGroup *groups;
  guint                 n_groups;

  void  (*show_detail) (KabListPage *self, KabRecord *record, guint n_selected);
  void  (*query_changed) (KabListPage *self, const char *text);
  char *(*dup_summary) (KabListPage *self, guint n_rows);
  void  (*fill_empty)  (KabListPage *self, AdwStatusPage *page, gboolean searched);
};

KabTable      *kab_list_page_get_table    (KabListPage *self);
KabRecordList *kab_list_page_get_list     (KabListPage *self);      /* (nullable): no session */
KabFilterPane *kab_list_page_get_filters  (KabListPage *self);
void           kab_list_page_set_detail   (KabListPage *self,
                                           GtkWidget   *detail);
void           kab_list_page_set_row_menu (KabListPage *self,
                                           GMenuModel  *menu);
void           kab_list_page_show_list    (KabListPage *self);

G_END_DECLS
