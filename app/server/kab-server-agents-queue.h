/* kab-server-agents-queue.h: what all agents will do, soonest first
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum {
  KAB_AGENT_EVENT_INBOX,      /* an action arrived */
  KAB_AGENT_EVENT_STEP,       /* of the running task */
  KAB_AGENT_EVENT_RESTART,
  KAB_AGENT_EVENT_FETCH,      /* the server's own round; no agent */
} KabAgentEventKind;

typedef struct {
  gint64                  due;       /* microseconds of the agents' clock */
  guint64                 order;     /* among equals, first come first served */
  KabAgentEventKind       kind;
  struct _KabServerAgent *agent;     /* borrowed: agents live as long as the queue */
  gint64                  task_id;
} KabAgentEvent;

/* @events: (element-type KabAgentEvent): a binary heap. Returns: is the new one the soonest? */
gboolean      kab_agents_queue_push (GArray *events, const KabAgentEvent *event);
/* @events must not be empty; the soonest lies at index 0 */
KabAgentEvent kab_agents_queue_pop  (GArray *events);

G_END_DECLS
