/* kab-host-updates.h: the updates of one host, each with why it is in its state
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-detail.h"
#include "kab-session.h"

G_BEGIN_DECLS

/* Actions of its group "pairs": install, download, show-updates. */
#define KAB_TYPE_HOST_UPDATES (kab_host_updates_get_type ())
G_DECLARE_FINAL_TYPE (KabHostUpdates, kab_host_updates, KAB, HOST_UPDATES, AdwBin)

GtkWidget *kab_host_updates_new  (void);
/* @pairs: (nullable): of KabPair. The same host read anew keeps selection and place. */
void       kab_host_updates_show (KabHostUpdates *self,
                                  KabSession     *session,
                                  KabRecord      *host,
                                  GListModel     *pairs);
/* Why nothing can be sent, or NULL. */
void       kab_host_updates_set_problem (KabHostUpdates *self,
                                         const char     *problem);

G_END_DECLS
