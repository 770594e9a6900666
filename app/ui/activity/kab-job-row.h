/* kab-job-row.h: a job that runs: what it does, how far it came, and how to stop it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-job.h"

G_BEGIN_DECLS

#define KAB_TYPE_JOB_ROW (kab_job_row_get_type ())
G_DECLARE_FINAL_TYPE (KabJobRow, kab_job_row, KAB, JOB_ROW, GtkListBoxRow)

GtkWidget *kab_job_row_new     (KabJob    *job);

G_END_DECLS
