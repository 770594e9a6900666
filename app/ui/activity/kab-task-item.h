/* kab-task-item.h: one host of one deed, as a row of Activity
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-trigger-job.h"

G_BEGIN_DECLS

/* Notifies "row" whenever anything of the row changes. */
#define KAB_TYPE_TASK_ITEM (kab_task_item_get_type ())
G_DECLARE_FINAL_TYPE (KabTaskItem, kab_task_item, KAB, TASK_ITEM, GObject)

KabTriggerJob *kab_task_item_get_job (KabTaskItem *self);
KabTriggerRow *kab_task_item_get_row (KabTaskItem *self);
/* Unique among all tasks of this run */
const char    *kab_task_item_get_id  (KabTaskItem *self);

/* All hosts of all deeds in @jobs, a GListModel of KabJob; newest deed first, live. (transfer full) */
GListModel    *kab_task_items_new    (GListModel  *jobs);

G_END_DECLS
