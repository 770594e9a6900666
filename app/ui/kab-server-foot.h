/* kab-server-foot.h: the foot of the sidebar: the server, how it stands, how old its data is, and the way to others
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-servers.h"
#include "kab-session.h"

G_BEGIN_DECLS

#define KAB_TYPE_SERVER_FOOT (kab_server_foot_get_type ())
G_DECLARE_FINAL_TYPE (KabServerFoot, kab_server_foot, KAB, SERVER_FOOT, AdwBin)

void kab_server_foot_set_servers (KabServerFoot *self,
                                  KabServers    *servers);
void kab_server_foot_set_session (KabServerFoot *self,
                                  KabSession    *session);     /* (nullable) */
/* Words such as "4 minutes ago" are old. */
void kab_server_foot_update      (KabServerFoot *self);
void kab_server_foot_popup       (KabServerFoot *self);

G_END_DECLS
