/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-wire"

#include "config.h"

#include "kab-wire.h"

/**
 * kab_wire_read_task:
 * @object: one task of `host_tasks_status` (wapt-server-api § 6.1)
 * @state: which of the answer's lists it was in
 *
 * Returns: (transfer full): the task; whatever the answer lacks is empty or 0
 */
KabHostTask *
kab_wire_read_task (JsonObject       *object,
                    KabHostTaskState  state)
{
  g_auto(GStrv) logs = NULL;
  g_autofree char *joined = NULL;
  KabHostTaskFields fields = { 0 };

  g_return_val_if_fail (object != NULL, NULL);

  logs = kab_json_dup_strv (object, "logs");
  joined = logs != NULL ? g_strjoinv ("\n", logs) : NULL;

  fields.id = kab_json_get_int (object, "id", 0);
  fields.state = state;
  fields.classname = kab_json_get_text (object, "classname");
  fields.description = kab_json_get_text (object, "description");
  fields.runstatus = kab_json_get_text (object, "runstatus");
  fields.summary = kab_json_get_text (object, "summary");
  fields.logs = joined;
  fields.created_by = kab_json_get_text (object, "created_by");
  fields.progress = (int) CLAMP (kab_json_get_int (object, "progress", 0), 0, 100);
  fields.created_at = kab_json_get_time (object, "create_date");
  fields.started_at = kab_json_get_time (object, "start_date");
  fields.finished_at = kab_json_get_time (object, "finish_date");

  return kab_host_task_new (&fields);
}
