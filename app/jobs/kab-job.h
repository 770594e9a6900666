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
 * @kind: "sync", "trigger-scan" …: faces have the words
 * @get_kind: (nullable): instead of @kind, where one class does several deeds
 * @run: blocking; runs in a thread of the queue, or in the caller's with kab_job_run(); checks @cancellable between
 *   blocks
 * @publish: (nullable): on the main thread, at most once per turn of its loop after kab_job_report() or
 *   kab_job_wake(): hands what @run found to list models and properties
 *
 * What the getters below return changes on the main thread only, together with the notifications of "state",
 * "fraction" and "step". Properties, all read-only: "subject", "state", "fraction", "step".
 *
 * Signal "finished", main thread: the state is DONE, FAILED or CANCELLED and stays so.
 */
struct _KabJobClass
{
  GObjectClass parent_class;

  const char *kind;
  const char *(*get_kind) (KabJob        *self);
  gboolean    (*run)      (KabJob        *self,
                           GCancellable  *cancellable,
                           GError       **error);
  void        (*publish)  (KabJob        *self);
};

const char   *kab_job_get_kind        (KabJob        *self);
/* "3 hosts" is not a subject; "srvwapt.example.lan" is */
const char   *kab_job_get_subject     (KabJob        *self);
void          kab_job_set_subject     (KabJob        *self,
                                       const char    *subject);
KabJobState   kab_job_get_state       (KabJob        *self);
/* 0–1, or -1 while the end is not known */
double        kab_job_get_fraction    (KabJob        *self);
guint64       kab_job_get_done        (KabJob        *self,
                                       guint64       *total);
/* Key of what it does now: "connecting", "hosts", "updates", "states", "packages", "saving", "sending", "waiting" */
const char   *kab_job_get_step        (KabJob        *self);
const GError *kab_job_get_error       (KabJob        *self);
gint64        kab_job_get_started_at  (KabJob        *self);   /* Unix seconds, 0 not yet */
gint64        kab_job_get_finished_at (KabJob        *self);
/* Any thread; returns at once. A job that waits ends as CANCELLED without having run. */
void          kab_job_cancel          (KabJob        *self);
/* For run(), any thread: @total 0 = not known. Wakes the main loop at most once per turn. */
void          kab_job_report          (KabJob        *self,
                                       const char    *step,
                                       guint64        done,
                                       guint64        total);
/* For run(), any thread: there is something to publish(). */
void          kab_job_wake            (KabJob        *self);
/* Runs it here and now, blocking: for the command line, tests, and jobs made of jobs. Both @cancellable and
 * kab_job_cancel() end it. "finished" is emitted here, before it returns. */
gboolean      kab_job_run             (KabJob        *self,
                                       GCancellable  *cancellable,
                                       GError       **error);

G_END_DECLS
