/* kab-sidebar-row.h: a page in the sidebar: icon, title, badge
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KAB_TYPE_SIDEBAR_ROW (kab_sidebar_row_get_type ())
G_DECLARE_FINAL_TYPE (KabSidebarRow, kab_sidebar_row, KAB, SIDEBAR_ROW, GtkListBoxRow)

GtkWidget  *kab_sidebar_row_new       (const char    *name,
                                       const char    *title,
                                       const char    *icon_name);
const char *kab_sidebar_row_get_name  (KabSidebarRow *self);
/* @count: 0 shows none. @attention: it is a warning. @text: (nullable): what is counted: "37 critical updates are needed" */
void        kab_sidebar_row_set_badge (KabSidebarRow *self,
                                       guint          count,
                                       gboolean       attention,
                                       const char    *text);
void        kab_sidebar_row_set_door  (KabSidebarRow *self,
                                       const char    *action,
                                       const char    *query);

G_END_DECLS
