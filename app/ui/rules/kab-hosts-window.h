/* kab-hosts-window.h: the list behind a number that no search can tell: hosts, or pairs of a forecast
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-snapshot.h"
#include "kab-table.h"

G_BEGIN_DECLS

/* @hosts: (element-type guint): indices into @snapshot; rows lead to the Hosts page */
void kab_hosts_window_show (GtkWidget          *from,
                            const char         *title,
                            KabSnapshot        *snapshot,
                            GArray             *hosts);
/* Any list; @model is sortable by its columns. @activate_page: where a row leads, "hosts" …, with what @dup_query says;
 * (nullable). */
void kab_list_window_show  (GtkWidget          *from,
                            const char         *title,
                            const KabTableInfo *info,
                            GListModel         *model,
                            const char         *activate_page,
                            char             *(*dup_query) (gpointer item));

G_END_DECLS
