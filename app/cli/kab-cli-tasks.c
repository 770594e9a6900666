/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-cli-output.h"
#include "kab-error.h"
#include "kab-host-tasks.h"
#include "kab-store.h"
#include "kab-sync-job.h"
#include "kab-trigger-job.h"

/* Hosts as they were typed, each once. */
static GPtrArray *
find_hosts (KabCli   *cli,
            char    **words,
            GError  **error)
{
  g_autoptr(GPtrArray) hosts = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  KabStore *store = kab_cli_open_store (cli, error);

  if (store == NULL)
    return NULL;

  for (char **word = words; *word != NULL; word++)
    {
      g_autoptr(KabHost) host = kab_store_read_host (store, *word, error);

      if (host == NULL)
        return NULL;
      if (g_hash_table_add (seen, (gpointer) kab_host_get_uuid (host)))
        g_ptr_array_add (hosts, g_steal_pointer (&host));
    }

  return g_steal_pointer (&hosts);
}

static KabTriggerJob *
new_job (KabCli    *cli,
         KabDeed    deed,
         GPtrArray *hosts)
{
  g_autoptr(GArray) targets = g_array_new (FALSE, FALSE, sizeof (KabTriggerTarget));

  for (guint i = 0; i < hosts->len; i++)
    {
      const KabHostFields *fields = kab_host_get_fields (hosts->pdata[i]);
      KabTriggerTarget target;

      target.uuid = fields->uuid;
      target.name = kab_host_get_name (hosts->pdata[i]);
      target.connected = kab_host_is_reachable (hosts->pdata[i]) &&
                         g_strcmp0 (fields->listening_protocol, "websockets") == 0;
      g_array_append_val (targets, target);
    }

  return kab_trigger_job_new (cli->sign_in, deed, (gpointer) targets->data, targets->len,
                              (const char * const *) cli->options.updates);
}

static const KabCliColumn trigger_columns[] = {
  { "uuid", NULL, KAB_CELL_TEXT },
  { "computer_name", N_("Host"), KAB_CELL_TEXT },
  { "state", N_("State"), KAB_CELL_TEXT },
  { "progress", N_("%"), KAB_CELL_NUMBER },
  { "summary", N_("Task"), KAB_CELL_TEXT },
  { "error", N_("Details"), KAB_CELL_TEXT },
};

static void
print_rows (KabCli     *cli,
            GListModel *rows)
{
  g_autoptr(KabCliOutput) output = kab_cli_output_new (cli->format, trigger_columns, G_N_ELEMENTS (trigger_columns));

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr(KabTriggerRow) row = g_list_model_get_item (rows, i);
      KabTriggerState state = kab_trigger_row_get_state (row);

      kab_cli_output_add_text (output, kab_trigger_row_get_uuid (row));
      kab_cli_output_add_text (output, kab_trigger_row_get_name (row));
      kab_cli_output_add_word (output, kab_trigger_state_get_text (state), kab_trigger_state_get_label (state));
      kab_cli_output_add_number (output, kab_trigger_row_get_progress (row));
      kab_cli_output_add_text (output, kab_trigger_row_get_task (row));
      kab_cli_output_add_text (output, kab_trigger_row_get_error (row));
    }
  kab_cli_output_print (output, NULL);
}

static KabExit
exit_of_rows (KabTriggerJob *job)
{
  guint n = g_list_model_get_n_items (kab_trigger_job_get_rows (job));

  if (kab_trigger_job_count (job, KAB_TRIGGER_DONE) == n)
    return KAB_EXIT_DONE;
  if (kab_trigger_job_count (job, KAB_TRIGGER_REFUSED) == n)
    return KAB_EXIT_REFUSED;

  return KAB_EXIT_FAILED;
}

KabExit
kab_cli_tasks_trigger (KabCli   *cli,
                       GError  **error)
{
  g_autoptr(GPtrArray) hosts = NULL;
  g_autoptr(KabTriggerJob) job = NULL;
  g_autoptr(KabSyncJob) sync = NULL;
  gboolean done;
  KabDeed deed;

  if (!kab_deed_from_text (cli->words[0], &deed))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE,
                   _("“%s” cannot be asked of a host; there are scan, download, install, upgrade-packages and cancel-tasks"),
                   cli->words[0]);
      return KAB_EXIT_USAGE;
    }
  if (cli->options.patience < 0)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, _("--patience cannot be less than zero"));
      return KAB_EXIT_USAGE;
    }
  hosts = find_hosts (cli, cli->words + 1, error);
  if (hosts == NULL || !kab_cli_open_sign_in (cli, error))
    return KAB_EXIT_FAILED;

  job = new_job (cli, deed, hosts);
  kab_trigger_job_set_patience (job, (guint) cli->options.patience);
  done = kab_cli_run_job (cli, KAB_JOB (job), error);
  print_rows (cli, kab_trigger_job_get_rows (job));
  if (!done)
    return KAB_EXIT_FAILED;
  if (cli->options.no_sync)
    return exit_of_rows (job);

  sync = kab_sync_job_new (cli->sign_in, cli->mirror, TRUE);
  if (!kab_cli_run_job (cli, KAB_JOB (sync), error))
    return KAB_EXIT_FAILED;

  return exit_of_rows (job);
}

static const KabCliColumn list_columns[] = {
  { "id", N_("Number"), KAB_CELL_NUMBER },
  { "state", N_("State"), KAB_CELL_TEXT },
  { "classname", N_("Kind"), KAB_CELL_TEXT },
  { "progress", N_("%"), KAB_CELL_NUMBER },
  { "create_date", N_("Created"), KAB_CELL_TIME },
  { "start_date", N_("Started"), KAB_CELL_TIME },
  { "finish_date", N_("Finished"), KAB_CELL_TIME },
  { "description", N_("Task"), KAB_CELL_TEXT },
  { "summary", N_("Result"), KAB_CELL_TEXT },
  { "created_by", NULL, KAB_CELL_TEXT },
  { "logs", NULL, KAB_CELL_TEXT },
};

KabExit
kab_cli_tasks_list (KabCli   *cli,
                    GError  **error)
{
  g_autoptr(GPtrArray) hosts = find_hosts (cli, cli->words, error);
  g_autoptr(KabCliOutput) output = NULL;
  g_autoptr(GPtrArray) tasks = NULL;

  if (hosts == NULL || !kab_cli_open_sign_in (cli, error))
    return KAB_EXIT_FAILED;
  tasks = kab_host_tasks_read (cli->sign_in, kab_host_get_uuid (hosts->pdata[0]), NULL, error);
  if (tasks == NULL)
    return KAB_EXIT_FAILED;

  output = kab_cli_output_new (cli->format, list_columns, G_N_ELEMENTS (list_columns));
  for (guint i = 0; i < tasks->len; i++)
    {
      const KabHostTaskFields *task = kab_host_task_get_fields (tasks->pdata[i]);

      kab_cli_output_add_number (output, task->id);
      kab_cli_output_add_word (output, kab_host_task_state_get_text (task->state),
                               kab_host_task_state_get_label (task->state));
      kab_cli_output_add_text (output, task->classname);
      kab_cli_output_add_number (output, task->progress);
      kab_cli_output_add_time (output, task->created_at);
      kab_cli_output_add_time (output, task->started_at);
      kab_cli_output_add_time (output, task->finished_at);
      kab_cli_output_add_text (output, task->description);
      kab_cli_output_add_text (output, task->summary);
      kab_cli_output_add_text (output, task->created_by);
      kab_cli_output_add_text (output, task->logs);
    }
  kab_cli_output_print (output, N_("The host runs nothing and ran nothing."));

  return KAB_EXIT_DONE;
}
