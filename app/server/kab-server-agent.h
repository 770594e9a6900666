/* kab-server-agent.h: one simulated agent: what it was told, what it does and did
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-server-agents-task.h"

G_BEGIN_DECLS

typedef struct _KabServerAgent KabServerAgent;

struct _KabServerAgent
{
  char         *uuid;
  GQueue        inbox;          /* (element-type JsonObject): relayed, not judged yet */
  GQueue        waiting;        /* (element-type KabAgentTask) */
  KabAgentTask *running;
  GQueue        finished;       /* (element-type KabAgentTask), oldest first */
  gint64        last_task_id;
  gint64        last_event_id;
};

KabServerAgent *kab_server_agent_new           (const char     *uuid);
void            kab_server_agent_free          (KabServerAgent *self);
/* Takes @task; of old ones the agent remembers only a few */
void            kab_server_agent_take_finished (KabServerAgent *self,
                                                KabAgentTask   *task);
/* The result of host_tasks_status (wapt-server-api § 6.1). @self: (nullable): it was never told anything */
JsonNode       *kab_server_agent_tasks_to_json (KabServerAgent *self);

G_END_DECLS
