/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-agents-task.h"

#include "kab-error.h"
#include "kab-server-seed-private.h"
#include "kab-wire.h"

#define MAX_INSTALLED  500     /* updates in one install */

static const struct {
  const char *action;
  const char *classname;
  const char *description;
  guint       least_s;         /* seconds on a real machine */
  guint       most_s;
  guint       n_steps;
  const char *status;          /* of waptwua_status meanwhile */
} kinds[] = {
  [KAB_AGENT_TASK_SCAN] = { "trigger_waptwua_scan", "WaptWUAScanTask", "Scan of Windows updates", 60, 240, 8,
                            "SCANNING" },
  [KAB_AGENT_TASK_DOWNLOAD] = { "trigger_waptwua_download", "WaptWUADowloadTask", "Download of Windows updates",
                                40, 180, 6, "DOWNLOADING" },
  [KAB_AGENT_TASK_INSTALL] = { "trigger_waptwua_install", "WaptWUAInstallTask", "Install of Windows updates",
                               120, 600, 4, "INSTALL" },
  [KAB_AGENT_TASK_UPDATE] = { "trigger_host_update", "WaptUpdate", "Update of the list of packages", 4, 12, 2, NULL },
  [KAB_AGENT_TASK_UPGRADE] = { "trigger_host_upgrade", "WaptUpgrade", "Upgrade of packages", 10, 45, 4, NULL },
};

gboolean
kab_agent_task_kind_from_action (const char       *action,
                                 KabAgentTaskKind *kind)
{
  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].action, action) == 0)
      {
        *kind = (KabAgentTaskKind) i;
        return TRUE;
      }
  return FALSE;
}

const char *
kab_agent_task_kind_get_status (KabAgentTaskKind kind)
{
  return kinds[kind].status;
}

KabAgentTask *
kab_agent_task_new (gint64            id,
                    KabAgentTaskKind  kind,
                    JsonObject       *action,
                    guint64           chance,
                    double            speed,
                    gint64            now)
{
  KabSeedRandom random = { chance };
  KabAgentTask *task = g_new0 (KabAgentTask, 1);

  task->id = id;
  task->kind = kind;
  task->n_steps = kinds[kind].n_steps;
  task->duration_s = kinds[kind].least_s + kab_seed_below (&random, kinds[kind].most_s - kinds[kind].least_s);
  task->step_usec = (gint64) ((double) task->duration_s * G_USEC_PER_SEC / speed / task->n_steps);
  task->created_at = now;
  task->wanted = kab_json_dup_strv (action, "update_ids");
  task->logs = g_ptr_array_new_with_free_func (g_free);
  task->notify_user = kab_json_get_tristate (action, "notify_user") == KAB_TRISTATE_TRUE;
  task->force = kab_json_get_tristate (action, "force") == KAB_TRISTATE_TRUE;
  task->created_by = g_strdup (kab_json_get_text (action, "signer"));
  return task;
}

void
kab_agent_task_free (KabAgentTask *task)
{
  if (task == NULL)
    return;
  g_strfreev (task->wanted);
  g_clear_pointer (&task->queue, g_array_unref);
  g_ptr_array_unref (task->logs);
  g_free (task->summary);
  g_free (task->created_by);
  g_free (task);
}

static int
get_progress (const KabAgentTask *task)
{
  if (task->state == KAB_AGENT_TASK_DONE || task->state == KAB_AGENT_TASK_FAILED)
    return 100;
  return (int) (task->step * 100 / MAX (task->n_steps, 1));
}

static void
set_time (JsonObject *object,
          const char *member,
          gint64      time)
{
  g_autofree char *text = time != 0 ? kab_wire_format_time (time) : NULL;

  json_object_set_string_member (object, member, text);
}

JsonNode *
kab_agent_task_to_json (const KabAgentTask *task)
{
  static const char * const states[] = { "", "running", "done", "error", "cancelled" };
  JsonObject *object = json_object_new ();
  JsonArray *logs = json_array_new ();
  JsonNode *node = json_node_new (JSON_NODE_OBJECT);

  for (guint i = 0; i < task->logs->len; i++)
    json_array_add_string_element (logs, task->logs->pdata[i]);
  json_object_set_int_member (object, "id", task->id);
  json_object_set_string_member (object, "classname", kinds[task->kind].classname);
  json_object_set_int_member (object, "priority", 10);
  json_object_set_int_member (object, "order", task->id);
  json_object_set_boolean_member (object, "force", task->force);
  set_time (object, "create_date", task->created_at);
  set_time (object, "start_date", task->started_at);
  set_time (object, "finish_date", task->finished_at);
  json_object_set_array_member (object, "logs", logs);
  json_object_set_string_member (object, "result", task->state == KAB_AGENT_TASK_DONE ? "{}" : "");
  json_object_set_string_member (object, "summary", task->summary != NULL ? task->summary : "");
  json_object_set_int_member (object, "progress", get_progress (task));
  json_object_set_string_member (object, "runstatus", states[task->state]);
  json_object_set_string_member (object, "description", kinds[task->kind].description);
  json_object_set_array_member (object, "pidlist", json_array_new ());
  json_object_set_boolean_member (object, "notify_user", task->notify_user);
  json_object_set_boolean_member (object, "notify_server_on_start", FALSE);
  json_object_set_boolean_member (object, "notify_server_on_finish", TRUE);
  json_object_set_string_member (object, "created_by", task->created_by);
  json_node_take_object (node, object);
  return node;
}

static const char * const *
get_wanted (KabAgentTask *task)
{
  return (const char * const *) task->wanted;
}

static gboolean
finish_scan (KabAgentTask  *task,
             KabAgentHost  *host,
             GError       **error)
{
  guint n_waiting = kab_agent_host_scan (host, task->duration_s);

  /* A download scans first (waptwua-model § 10). */
  if (task->kind == KAB_AGENT_TASK_DOWNLOAD)
    {
      guint n_taken = kab_agent_host_download (host, get_wanted (task), task->logs);

      task->summary = g_strdup_printf ("%u downloaded", n_taken);
    }
  else
    {
      g_ptr_array_add (task->logs, g_strdup ("Searched the catalogue and applied the rules of the installed packages"));
      task->summary = g_strdup_printf ("%u pending", n_waiting);
    }
  return kab_agent_host_save (host, error);
}

/* Files first; only then is known what there is to install. */
static gboolean
prepare_install (KabAgentTask  *task,
                 KabAgentHost  *host,
                 GError       **error)
{
  kab_agent_host_download (host, get_wanted (task), task->logs);
  task->queue = kab_agent_host_list_ready (host, get_wanted (task));
  g_array_set_size (task->queue, MIN (task->queue->len, MAX_INSTALLED));
  task->n_steps = 2 + task->queue->len;
  return kab_agent_host_save (host, error);
}

static void
try_next (KabAgentTask *task,
          KabAgentHost *host)
{
  guint32 number = g_array_index (task->queue, guint32, task->step - 2);
  guint32 code = kab_agent_host_install (host, number);

  /* Nothing is saved here: an agent reports at the end, and the same try has the same end. */
  if (code == 0)
    g_ptr_array_add (task->logs, g_strdup_printf ("Installed %s", kab_agent_host_get_title (host, number)));
  else
    g_ptr_array_add (task->logs, g_strdup_printf ("Failed with 0x%08X: %s", code, kab_agent_host_get_title (host, number)));
}

static gboolean
report_install (KabAgentTask  *task,
                KabAgentHost  *host,
                guint          n_tried,
                GError       **error)
{
  task->n_failed = 0;
  g_array_set_size (task->queue, MIN (n_tried, task->queue->len));
  for (guint i = 0; i < task->queue->len; i++)
    task->n_failed += kab_agent_host_install (host, g_array_index (task->queue, guint32, i)) != 0 ? 1 : 0;
  if (task->queue->len > 0)
    kab_agent_host_end_batch (host, task->queue, task->n_failed);
  g_free (task->summary);
  task->summary = g_strdup_printf ("%u installed, %u failed", task->queue->len - task->n_failed, task->n_failed);
  return kab_agent_host_save (host, error);
}

static gboolean
finish (KabAgentTask  *task,
        KabAgentHost  *host,
        gboolean      *needs_restart,
        GError       **error)
{
  switch (task->kind)
    {
    case KAB_AGENT_TASK_SCAN:
    case KAB_AGENT_TASK_DOWNLOAD:
      return finish_scan (task, host, error);
    case KAB_AGENT_TASK_INSTALL:
      if (!report_install (task, host, task->queue->len, error))
        return FALSE;
      *needs_restart = kab_agent_host_needs_restart (host);
      if (task->n_failed == 0)
        return TRUE;
      g_set_error (error, KAB_ERROR, KAB_ERROR_FAILED, "%s", task->summary);
      return FALSE;
    case KAB_AGENT_TASK_UPDATE:
    case KAB_AGENT_TASK_UPGRADE:
    default:
      {
        gboolean done = kab_agent_host_upgrade (host, task->kind == KAB_AGENT_TASK_UPGRADE, task->logs);

        if (!kab_agent_host_save (host, error))
          return FALSE;
        task->summary = task->logs->len > 0 ? g_strjoin (", ", task->logs->pdata[0], task->logs->len > 1 ? "…" : NULL, NULL)
                                            : g_strdup ("Everything is up to date");
        if (!done)
          g_set_error_literal (error, KAB_ERROR, KAB_ERROR_FAILED, "not all packages are installed");
        return done;
      }
    }
}

gboolean
kab_agent_task_advance (KabAgentTask    *task,
                        KabAgentsWorld  *world,
                        const char      *uuid,
                        gboolean        *needs_restart,
                        GError         **error)
{
  gboolean is_install = task->kind == KAB_AGENT_TASK_INSTALL;
  gboolean is_wua = task->kind <= KAB_AGENT_TASK_INSTALL;
  g_autoptr(KabAgentHost) host = NULL;

  *needs_restart = FALSE;
  task->step++;

  /* Between the first step and the last only an install looks at its host. */
  if (task->step > 1 && task->step < task->n_steps && !is_install)
    return TRUE;
  host = kab_agent_host_load (world, uuid, error);
  if (host == NULL)
    return FALSE;
  if (is_wua && !kab_agent_host_is_managed (host))
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_FAILED, "WAPTWUA is not enabled on this host");
      return FALSE;
    }
  if (is_install && task->step == 1)
    return prepare_install (task, host, error);
  if (task->step >= task->n_steps)
    return finish (task, host, needs_restart, error);
  if (is_install)
    try_next (task, host);
  return TRUE;
}

gboolean
kab_agent_task_stop (KabAgentTask    *task,
                     KabAgentsWorld  *world,
                     const char      *uuid,
                     GError         **error)
{
  g_autoptr(KabAgentHost) host = NULL;

  if (task->kind != KAB_AGENT_TASK_INSTALL || task->queue == NULL || task->step < 2)
    return TRUE;
  host = kab_agent_host_load (world, uuid, error);
  return host != NULL && report_install (task, host, task->step - 1, error);
}
