/* kab-host-task.h: what an agent runs or ran (wapt-server-api § 6.1)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib-object.h>

G_BEGIN_DECLS

typedef enum {
  KAB_HOST_TASK_PENDING,
  KAB_HOST_TASK_RUNNING,
  KAB_HOST_TASK_DONE,
  KAB_HOST_TASK_ERROR,
  KAB_HOST_TASK_CANCELLED,
} KabHostTaskState;

/* What we ask a host to do. The action names on the wire are settings, wire/kab-wire-action.h has the defaults. */
typedef enum {
  KAB_DEED_SCAN,
  KAB_DEED_DOWNLOAD,
  KAB_DEED_INSTALL,
  KAB_DEED_UPGRADE_PACKAGES,     /* trigger_host_upgrade: rule packages too */
  KAB_DEED_CANCEL_TASKS,         /* trigger_cancel_all_tasks */
} KabDeed;

const char *kab_deed_get_text  (KabDeed deed);      /* "scan", "download", … */
const char *kab_deed_get_label (KabDeed deed);      /* N_("Scan") … */
gboolean    kab_deed_from_text (const char *text, KabDeed *deed);

const char *kab_host_task_state_get_text  (KabHostTaskState state);   /* "running" … */
const char *kab_host_task_state_get_label (KabHostTaskState state);   /* N_("Running") … */

#define KAB_TYPE_HOST_TASK (kab_host_task_get_type ())
G_DECLARE_FINAL_TYPE (KabHostTask, kab_host_task, KAB, HOST_TASK, GObject)

typedef struct {
  gint64           id;
  KabHostTaskState state;
  const char      *classname;      /* "WaptWUAScanTask" …; spelling varies */
  const char      *description;
  const char      *runstatus;
  const char      *summary;
  const char      *logs;           /* joined by LF */
  const char      *created_by;
  int              progress;       /* 0–100 */
  gint64           created_at;     /* Unix seconds, 0 unknown */
  gint64           started_at;
  gint64           finished_at;
} KabHostTaskFields;

KabHostTask             *kab_host_task_new        (const KabHostTaskFields *fields);
const KabHostTaskFields *kab_host_task_get_fields (KabHostTask *self);
gboolean                 kab_host_task_does       (KabHostTask *self, KabDeed deed);   /* tolerant of "Dowload" */

G_END_DECLS
