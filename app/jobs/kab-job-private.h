/* kab-job-private.h: what the queue needs of a job
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-job.h"

G_BEGIN_DECLS

/* Runs it in this thread and leaves the publishing to the main loop of the thread that made the job. */
gboolean kab_job_execute (KabJob        *self,
                          GCancellable  *cancellable,
                          GError       **error);

/* The thread that calls it lets the interface go first, for good: background work may not make people wait. */
void     kab_job_yield_to_interface (void);

G_END_DECLS
