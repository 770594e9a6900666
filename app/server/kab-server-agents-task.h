/* kab-server-agents-task.h: what a simulated agent does or did (wapt-server-api § 6.1)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "kab-server-agents-host.h"

G_BEGIN_DECLS

typedef enum {
  KAB_AGENT_TASK_SCAN,
  KAB_AGENT_TASK_DOWNLOAD,
  KAB_AGENT_TASK_INSTALL,
  KAB_AGENT_TASK_UPDATE,        /* looks at the index of packages */
  KAB_AGENT_TASK_UPGRADE,       /* installs packages, rule packages among them */
} KabAgentTaskKind;

typedef enum {
  KAB_AGENT_TASK_PENDING,
  KAB_AGENT_TASK_RUNNING,
  KAB_AGENT_TASK_DONE,
  KAB_AGENT_TASK_FAILED,
  KAB_AGENT_TASK_CANCELLED,
} KabAgentTaskState;

typedef struct {
  gint64            id;
  KabAgentTaskKind  kind;
  KabAgentTaskState state;
  guint             step;
  guint             n_steps;
  gint64            step_usec;      /* of the agents' clock, scaled by the speed */
  guint             duration_s;     /* of the fleet's clock, for last_scan_duration */
  gint64            created_at;     /* Unix seconds of the fleet */
  gint64            started_at;
  gint64            finished_at;
  GStrv             wanted;         /* (nullable): ids it is limited to */
  GArray           *queue;          /* (element-type guint32): what an install tries, in order */
  guint             n_failed;
  GPtrArray        *logs;           /* (element-type utf8) */
  char             *summary;
  char             *created_by;
  gboolean          notify_user;
  gboolean          force;
} KabAgentTask;

/* Returns: %FALSE when no agent knows the action */
gboolean      kab_agent_task_kind_from_action (const char *action, KabAgentTaskKind *kind);
/* What its host says of itself meanwhile; NULL for work on packages */
const char   *kab_agent_task_kind_get_status (KabAgentTaskKind kind);
/* @action: the signed action; @chance: the same number gives the same duration */
KabAgentTask *kab_agent_task_new           (gint64              id,
                                            KabAgentTaskKind    kind,
                                            JsonObject         *action,
                                            guint64             chance,
                                            double              speed,
                                            gint64              now);
void          kab_agent_task_free          (KabAgentTask       *task);
JsonNode     *kab_agent_task_to_json       (const KabAgentTask *task);
/**
 * kab_agent_task_advance:
 *
 * One step of the work on its host.
 *
 * Returns: %FALSE with @error when the task failed as a whole; @task says itself whether it is over
 */
gboolean      kab_agent_task_advance       (KabAgentTask       *task,
                                            KabAgentsWorld     *world,
                                            const char         *uuid,
                                            gboolean           *needs_restart,
                                            GError            **error);
/* What an install did so far is told even when the rest is cancelled. */
gboolean      kab_agent_task_stop          (KabAgentTask       *task,
                                            KabAgentsWorld     *world,
                                            const char         *uuid,
                                            GError            **error);

G_END_DECLS
