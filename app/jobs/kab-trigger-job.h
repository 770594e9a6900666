/* kab-trigger-job.h: asks hosts to do something, signed, and follows each until it is really done
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-host-task.h"
#include "kab-job.h"
#include "kab-sign-in.h"

G_BEGIN_DECLS

/* How one host stands with a deed. */
typedef enum {
  KAB_TRIGGER_WAITING,        /* not sent yet */
  KAB_TRIGGER_SENT,           /* sent; the host has not said anything */
  KAB_TRIGGER_RUNNING,
  KAB_TRIGGER_DONE,           /* its task or its next report says so */
  KAB_TRIGGER_FAILED,         /* its task says so: "error" has its words */
  KAB_TRIGGER_UNREACHABLE,    /* not connected: nothing was sent */
  KAB_TRIGGER_REFUSED,        /* the server or the agent said no */
  KAB_TRIGGER_UNKNOWN,        /* sent, then silence: what became of it is not known */
} KabTriggerState;
#define KAB_N_TRIGGER_STATES (KAB_TRIGGER_UNKNOWN + 1)

const char *kab_trigger_state_get_text (KabTriggerState state);    /* "waiting", "sent" … */
const char *kab_trigger_state_get_label (KabTriggerState state);   /* N_() text for people */

/* One host of a deed. Main thread; properties notify: "state", "progress", "task", "error". */
#define KAB_TYPE_TRIGGER_ROW (kab_trigger_row_get_type ())
G_DECLARE_FINAL_TYPE (KabTriggerRow, kab_trigger_row, KAB, TRIGGER_ROW, GObject)

const char     *kab_trigger_row_get_uuid     (KabTriggerRow *self);
const char     *kab_trigger_row_get_name     (KabTriggerRow *self);
KabTriggerState kab_trigger_row_get_state    (KabTriggerRow *self);
int             kab_trigger_row_get_progress (KabTriggerRow *self);   /* 0–100 */
const char     *kab_trigger_row_get_task     (KabTriggerRow *self);   /* the agent's words on what it does; "" */
const char     *kab_trigger_row_get_error    (KabTriggerRow *self);   /* "" or what went wrong, for Details */

/* One host that is asked. */
typedef struct {
  const char *uuid;
  const char *name;
  gboolean    connected;      /* listening_protocol is websockets and reachable is OK, as last seen */
} KabTriggerTarget;

/**
 * kab_trigger_job_new:
 * @update_ids: (nullable): only these; %NULL = all that are allowed. Scan, upgrade and cancel ignore it.
 *
 * Kinds: "trigger-scan", "trigger-download", "trigger-install", "trigger-upgrade-packages", "trigger-cancel-tasks".
 * The job is DONE when every host's end is known, good or bad: look at the rows. It FAILS when nothing could be sent.
 * Who calls it starts a sync afterwards; kab_session_trigger() does.
 */
#define KAB_TYPE_TRIGGER_JOB (kab_trigger_job_get_type ())
G_DECLARE_FINAL_TYPE (KabTriggerJob, kab_trigger_job, KAB, TRIGGER_JOB, KabJob)

KabTriggerJob *kab_trigger_job_new       (KabSignIn              *sign_in,
                                          KabDeed                 deed,
                                          const KabTriggerTarget *targets,
                                          guint                   n_targets,
                                          const char * const     *update_ids);
KabDeed        kab_trigger_job_get_deed  (KabTriggerJob          *self);
GListModel    *kab_trigger_job_get_rows  (KabTriggerJob          *self);   /* (transfer none): of KabTriggerRow */
guint          kab_trigger_job_count     (KabTriggerJob          *self,
                                          KabTriggerState         state);
/* How long a host may stay silent before it becomes UNKNOWN; 0 = by the deed. For tests. */
void           kab_trigger_job_set_patience (KabTriggerJob       *self,
                                             guint                seconds);

G_END_DECLS
