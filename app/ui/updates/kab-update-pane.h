/* kab-update-pane.h: everything about one update, beside the list
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-detail-pane.h"
#include "kab-session.h"

G_BEGIN_DECLS

#define KAB_TYPE_UPDATE_PANE (kab_update_pane_get_type ())
G_DECLARE_FINAL_TYPE (KabUpdatePane, kab_update_pane, KAB, UPDATE_PANE, KabDetailPane)

GtkWidget *kab_update_pane_new  (void);
/* What is known at once is shown at once; the rest is read in a thread. */
void       kab_update_pane_show (KabUpdatePane *self,
                                 KabSession    *session,       /* (nullable) */
                                 KabRecord     *record,        /* (nullable) */
                                 guint          n_selected);
/* Why no rule can be changed, or NULL: said by its buttons, which are actions of the page: updates.allow, forbid,
 * clear-rules. */
void       kab_update_pane_set_problem (KabUpdatePane *self,
                                        const char    *problem);

G_END_DECLS
