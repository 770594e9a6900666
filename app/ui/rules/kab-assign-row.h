/* kab-assign-row.h: one row of a choice: a check, a name, and how many hosts that is
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Signals: "toggled": the user did; "opened": the number was pressed. */
#define KAB_TYPE_ASSIGN_ROW (kab_assign_row_get_type ())
G_DECLARE_FINAL_TYPE (KabAssignRow, kab_assign_row, KAB, ASSIGN_ROW, GtkBox)

GtkWidget *kab_assign_row_new  (void);
/* @depth: in a tree, whose rows do not show their @detail: -1 = none. @n_hosts: -1 = no number */
void       kab_assign_row_show (KabAssignRow *self,
                                const char   *title,
                                const char   *detail,
                                int           depth,
                                int           n_hosts,
                                gboolean      chosen);

G_END_DECLS
