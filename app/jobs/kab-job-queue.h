/* kab-job-queue.h: the jobs of this program, a few at a time, and those that ended
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-job.h"

G_BEGIN_DECLS

/* The newest jobs that ended stay listed, this many. */
#define KAB_JOB_QUEUE_HISTORY 200

/**
 * KabJobQueue: a GListModel of KabJob, newest first. Main thread only.
 * Property "active" (guint): jobs that wait or run.
 */
#define KAB_TYPE_JOB_QUEUE (kab_job_queue_get_type ())
G_DECLARE_FINAL_TYPE (KabJobQueue, kab_job_queue, KAB, JOB_QUEUE, GObject)

KabJobQueue *kab_job_queue_new        (guint        n_threads);
void         kab_job_queue_add        (KabJobQueue *self,
                                       KabJob      *job);
guint        kab_job_queue_get_active (KabJobQueue *self);
/* Cancels all and waits for them: before the end */
void         kab_job_queue_cancel_all (KabJobQueue *self);

G_END_DECLS
