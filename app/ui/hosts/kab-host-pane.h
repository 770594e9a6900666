/* kab-host-pane.h: everything about one host, beside the list
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-detail-pane.h"
#include "kab-session.h"

G_BEGIN_DECLS

#define KAB_TYPE_HOST_PANE (kab_host_pane_get_type ())
G_DECLARE_FINAL_TYPE (KabHostPane, kab_host_pane, KAB, HOST_PANE, KabDetailPane)

/* Tabs: "updates", "rules", "tasks", "history", "facts" */
GtkWidget *kab_host_pane_new         (void);
void       kab_host_pane_show        (KabHostPane *self,
                                      KabSession  *session,       /* (nullable) */
                                      KabRecord   *record,        /* (nullable) */
                                      guint        n_selected);
/* Why nothing can be sent, or NULL. */
void       kab_host_pane_set_problem (KabHostPane *self,
                                      const char  *problem);

G_END_DECLS
