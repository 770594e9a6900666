/* kab-live-list.h: a list whose rows are shown anew when their items change
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Wraps a GListModel of objects that notify; says (position, 1, 1) a few times a second at most. */
#define KAB_TYPE_LIVE_LIST (kab_live_list_get_type ())
G_DECLARE_FINAL_TYPE (KabLiveList, kab_live_list, KAB, LIVE_LIST, GObject)

/* @model: (transfer full) */
GListModel *kab_live_list_new      (GListModel *model);
/* While nobody sees the rows: what changes in items is told when the list is let go. Items that come and go are told as ever. */
void        kab_live_list_set_held (GListModel *list,
                                    gboolean    held);

G_END_DECLS
