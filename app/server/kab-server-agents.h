/* kab-server-agents.h: simulated agents that follow waptwua-model § 6.4 literally
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "kab-depot.h"

G_BEGIN_DECLS

/**
 * KabServerAgents: the agents of all connected hosts. One queue of what is due, one timer; an agent that was never
 * asked for anything costs nothing. Lives in the thread of the depot and the main context that was default when made.
 */
typedef struct _KabServerAgents KabServerAgents;

typedef struct {
  guint64    seed;                               /* decides what fails */
  double     speed;                              /* 1 = believable time, 60 = an hour a minute */
  GPtrArray *trusted;                            /* (element-type KabCertificate): what is in the agents' ssl folder */
  gint64   (*clock_usec) (gpointer clock_data);  /* (nullable): a monotonic clock that a test drives; then there is no timer */
  gpointer   clock_data;
} KabAgentsOptions;

KabServerAgents *kab_server_agents_new          (KabDepot               *depot,
                                                 const KabAgentsOptions *options);
void             kab_server_agents_free         (KabServerAgents        *self);
/* Hands over an action as a web socket would; the agent judges the signature later. FALSE: not connected, not told. */
gboolean         kab_server_agents_relay        (KabServerAgents        *self,
                                                 const char             *uuid,
                                                 JsonObject             *action);
gboolean         kab_server_agents_is_connected (KabServerAgents        *self,
                                                 const char             *uuid);
/* Returns: (transfer full) (nullable): the result of host_tasks_status; %NULL when nothing is new since @last_event_id */
JsonNode        *kab_server_agents_tasks        (KabServerAgents        *self,
                                                 const char             *uuid,
                                                 gint64                  last_event_id);
gint64           kab_server_agents_get_event_id (KabServerAgents        *self,
                                                 const char             *uuid);
/* Called when a host has news */
typedef void (*KabAgentsNotifyFunc) (const char *uuid, gpointer user_data);
void             kab_server_agents_set_notify   (KabServerAgents        *self,
                                                 KabAgentsNotifyFunc     func,
                                                 gpointer                user_data);
/* Does what is due by now; the timer's work, for tests that drive the clock. Returns: microseconds until the next, -1 none */
gint64           kab_server_agents_run_due      (KabServerAgents        *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabServerAgents, kab_server_agents_free)

G_END_DECLS
