/* kab-server-agents-host-private.h: how a host is held while its agent works; for kab-server-agents-host*.c only
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-server-agents-host.h"

G_BEGIN_DECLS

struct _KabAgentHost
{
  KabAgentsWorld *world;          /* borrowed: outlives every host */
  KabDepotHost   *host;           /* as it was loaded */
  gint64          now;            /* the fleet's clock, frozen for this piece of work */
  JsonObject     *status;         /* waptwua_status */
  JsonObject     *service;        /* wuauserv_status */
  JsonObject     *wapt;           /* wapt_status */
  JsonObject     *updating;       /* last_update_status */
  JsonObject     *history;
  JsonArray      *installed;      /* packages */
  GArray         *records;        /* (element-type KabStateRecord), sorted by update */
  char           *os_version;
  const char     *host_status;
};

KabStateRecord *kab_agent_host_find_record (KabAgentHost *self,
                                            guint32       number);
void            kab_agent_host_set_time    (JsonObject   *object,
                                            const char   *member,
                                            gint64        time);
/* An object of the rule packages that the host applies, in install order */
KabRulesEngine *kab_agent_host_new_engine  (KabAgentHost *self);

G_END_DECLS
