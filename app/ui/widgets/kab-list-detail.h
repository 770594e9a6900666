/* kab-list-detail.h: a table and, beside it or over it, the detail of what is selected
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-table.h"

G_BEGIN_DECLS

/**
 * KabListDetail:
 *
 * With nothing selected all room is the list's. Property "folded": there is room for one of the two only; then one click into
 * the table activates a row. What the table tells becomes toasts.
 */
#define KAB_TYPE_LIST_DETAIL (kab_list_detail_get_type ())
G_DECLARE_FINAL_TYPE (KabListDetail, kab_list_detail, KAB, LIST_DETAIL, AdwBin)

KabTable *kab_list_detail_get_table   (KabListDetail *self);
/* In the place of the table, which is without a parent then */
void      kab_list_detail_set_list    (KabListDetail *self,
                                       GtkWidget     *list);
void      kab_list_detail_set_detail  (KabListDetail *self,
                                       GtkWidget     *detail);
/* Of what is selected, even if the user had closed it */
void      kab_list_detail_open        (KabListDetail *self);
/* Alt+Enter: beside the list the detail comes and goes, over it it comes. */
void      kab_list_detail_toggle      (KabListDetail *self);
void      kab_list_detail_show_list   (KabListDetail *self);
/* Returns: FALSE when the detail is not over the list */
gboolean  kab_list_detail_go_back     (KabListDetail *self);

G_END_DECLS
