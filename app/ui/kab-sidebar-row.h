/* kab-sidebar-row.h: a page in the sidebar: icon, title, badge
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-page.h"

G_BEGIN_DECLS

#define KAB_TYPE_SIDEBAR_ROW (kab_sidebar_row_get_type ())
G_DECLARE_FINAL_TYPE (KabSidebarRow, kab_sidebar_row, KAB, SIDEBAR_ROW, GtkListBoxRow)

GtkWidget  *kab_sidebar_row_new      (KabPage       *page,
                                      const char    *name);
const char *kab_sidebar_row_get_name (KabSidebarRow *self);

G_END_DECLS
