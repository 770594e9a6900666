/* kab-job.h: base of all deeds: one blocking function with progress and a cancel button
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef enum {
  KAB_JOB_WAITING,
  KAB_JOB_RUNNING,
  KAB_JOB_DONE,
  KAB_JOB_FAILED,
  KAB_JOB_CANCELLED,
} KabJobState;

#define KAB_TYPE_JOB (kab_job_get_type ())
G_DECLARE_DERIVABLE_TYPE (KabJob, kab_job, KAB, JOB, GObject)

/**
 * KabJobClass:
 * @kind: "sync", "trigger-scan", "watch-task" …: faces have the words
 * @run: blocking; runs in a thread of the queue (or of the caller: kab_job_run()); checks @cancellable between blocks
 */
struct _KabJobClass
{
  GObjectClass parent_class;

  const char *kind;
  gboolean  (*run) (KabJob *self, GCancellable *cancellable, GError **error);
};

const char   *kab_job_get_kind       (KabJob *self);
const char   *kab_job_get_subject    (KabJob *self);            /* "3 hosts" is not a subject; "srvwapt.example.lan" is */
void          kab_job_set_subject    (KabJob *self, const char *subject);
KabJobState   kab_job_get_state      (KabJob *self);
double        kab_job_get_fraction   (KabJob *self);            /* 0–1, or -1 while the end is not known */
guint64       kab_job_get_done       (KabJob *self, guint64 *total);
const char   *kab_job_get_step       (KabJob *self);            /* key of what it does now: "hosts", "updates", "waiting" */
const GError *kab_job_get_error      (KabJob *self);
gint64        kab_job_get_started_at (KabJob *self);
gint64        kab_job_get_finished_at (KabJob *self);
void          kab_job_cancel         (KabJob *self);
/* From any thread; wakes the main loop at most once per turn. Properties "fraction", "step", "state" notify there. */
void          kab_job_report         (KabJob *self, const char *step, guint64 done, guint64 total);
/* Runs it here and now, blocking: for the command line and tests. */
gboolean      kab_job_run            (KabJob *self, GCancellable *cancellable, GError **error);

/* signal "finished" (main thread): state is DONE, FAILED or CANCELLED */

#define KAB_TYPE_JOB_QUEUE (kab_job_queue_get_type ())
G_DECLARE_FINAL_TYPE (KabJobQueue, kab_job_queue, KAB, JOB_QUEUE, GObject)    /* a GListModel of KabJob, newest first */

KabJobQueue *kab_job_queue_new        (guint n_threads);
void         kab_job_queue_add        (KabJobQueue *self, KabJob *job);
guint        kab_job_queue_get_active (KabJobQueue *self);                    /* property "active" */
void         kab_job_queue_cancel_all (KabJobQueue *self);                    /* and waits for them: before the end */

G_END_DECLS
