/* kab-trigger-private.h: what the parts of the trigger job share
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-client.h"
#include "kab-signer.h"
#include "kab-trigger-job.h"

G_BEGIN_DECLS

/* What can be seen of one host. */
typedef struct {
  KabTriggerState state;
  int             progress;
  char           *task;
  char           *error;
} KabTriggerFacts;

void            kab_trigger_facts_clear (KabTriggerFacts       *self);
/* Main thread */
KabTriggerRow  *kab_trigger_row_new     (const char            *uuid,
                                         const char            *name);
void            kab_trigger_row_show    (KabTriggerRow         *self,
                                         const KabTriggerFacts *facts);

/* One host while it is asked. Only one thread at a time works on it; @facts is guarded by the job's lock. */
typedef struct {
  const char      *uuid;            /* of the row */
  KabTriggerFacts  facts;
  gboolean         changed;         /* since it was published */

  /* What was there before we sent anything. */
  gint64           last_task_id;
  gint64           last_created_at;
  gint64           event_id;
  char            *report_date;     /* of the deed, as the host's status says it */

  gboolean         is_idle;         /* to be told to stop, and had nothing to do */
  gboolean         has_answered;    /* since it was asked, though perhaps with nothing new */
  gboolean         doubtful;        /* the server may not have passed it on */
  gint64           next_at;         /* monotonic µs: of the next question */
  gint64           news_at;         /* monotonic µs: when it last said something new */
  gint64           report_at;       /* monotonic µs: when its status was last looked at */
  gboolean         taken;           /* a thread works on it */
} KabTriggerHost;

/* What the threads of one deed share; never changes while they run. */
typedef struct {
  KabTriggerJob *job;
  KabClient     *client;
  KabDeed        deed;
  guint          patience_s;
  guint          n_hosts;
  GCancellable  *cancellable;

  const KabProfile   *profile;
  const char * const *update_ids;
} KabTriggerWatch;

/* kab-trigger-send.c */
KabSigner *kab_trigger_load_signer (const KabProfile  *profile,
                                    GCancellable      *cancellable,
                                    GError           **error);
/* Sends one request. @hosts: (element-type KabTriggerHost). A refusal is the end of these hosts; a break in the line leaves
 * open what arrived, so they are followed. */
gboolean   kab_trigger_send        (KabTriggerWatch   *self,
                                    KabSigner         *signer,
                                    GPtrArray         *hosts,
                                    GError           **error);

/* For kab-trigger-watch.c: changes what can be seen; NULL keeps a text. */
void     kab_trigger_job_show     (KabTriggerJob    *job,
                                   KabTriggerHost   *host,
                                   KabTriggerState   state,
                                   int               progress,
                                   const char       *task,
                                   const char       *error);
/* kab-trigger-watch.c: one question about one host, any thread.
 * Remembers which tasks were there; finds out whether the host is connected. FALSE only for errors of the server. */
gboolean kab_trigger_watch_before (KabTriggerWatch  *self,
                                   KabTriggerHost   *host,
                                   GError          **error);
/* Asks once how it goes and sets @next_at. FALSE only for errors of the server. */
gboolean kab_trigger_watch_ask    (KabTriggerWatch  *self,
                                   KabTriggerHost   *host,
                                   GError          **error);

static inline gboolean
kab_trigger_state_is_open (KabTriggerState state)
{
  return state == KAB_TRIGGER_SENT || state == KAB_TRIGGER_RUNNING;
}

G_END_DECLS
