/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-cli-output.h"
#include "kab-sync-job.h"

static const KabCliColumn columns[] = {
  { "level", N_("Level"), KAB_CELL_TEXT },
  { "seconds", N_("Seconds"), KAB_CELL_TEXT },
  { "requests", N_("Requests"), KAB_CELL_NUMBER },
  { "bytes", N_("Bytes"), KAB_CELL_NUMBER },
  { "hosts_read", N_("Hosts read"), KAB_CELL_NUMBER },
  { "hosts_resumed", N_("Hosts read before"), KAB_CELL_NUMBER },
  { "hosts_new", N_("New hosts"), KAB_CELL_NUMBER },
  { "hosts_changed", N_("Changed hosts"), KAB_CELL_NUMBER },
  { "hosts_gone", N_("Gone hosts"), KAB_CELL_NUMBER },
  { "updates_new", N_("New updates"), KAB_CELL_NUMBER },
  { "updates_changed", N_("Changed updates"), KAB_CELL_NUMBER },
  { "updates_gone", N_("Gone updates"), KAB_CELL_NUMBER },
  { "states_changed", N_("Changed states"), KAB_CELL_NUMBER },
};

static void
print_numbers (KabCli               *cli,
               const KabSyncNumbers *numbers)
{
  g_autoptr(KabCliOutput) output = kab_cli_output_new (cli->format, columns, G_N_ELEMENTS (columns));
  g_autofree char *seconds = g_strdup_printf ("%" G_GINT64_FORMAT ".%03d", numbers->duration_ms / 1000,
                                              (int) (numbers->duration_ms % 1000));
  g_autofree char *text = NULL;

  kab_cli_output_add_text (output, numbers->level);
  if (cli->format == KAB_FORMAT_JSON)
    kab_cli_output_add_raw (output, seconds);
  else
    kab_cli_output_add_text (output, seconds);
  kab_cli_output_add_number (output, numbers->n_requests);
  kab_cli_output_add_number (output, (gint64) numbers->n_bytes);
  kab_cli_output_add_number (output, numbers->n_hosts_read);
  kab_cli_output_add_number (output, numbers->n_hosts_resumed);
  kab_cli_output_add_number (output, numbers->hosts_new);
  kab_cli_output_add_number (output, numbers->hosts_changed);
  kab_cli_output_add_number (output, numbers->hosts_gone);
  kab_cli_output_add_number (output, numbers->updates_new);
  kab_cli_output_add_number (output, numbers->updates_changed);
  kab_cli_output_add_number (output, numbers->updates_gone);
  kab_cli_output_add_number (output, numbers->states_changed);
  text = kab_cli_output_end_object (output);
  kab_cli_print (text);
}

KabExit
kab_cli_sync (KabCli   *cli,
              GError  **error)
{
  g_autoptr(KabSyncJob) job = NULL;

  if (!kab_cli_open_mirror (cli, error) || !kab_cli_open_sign_in (cli, error))
    return KAB_EXIT_FAILED;

  job = kab_sync_job_new (cli->sign_in, cli->mirror, FALSE);
  kab_sync_job_set_accept_server (job, cli->options.accept_server);
  if (!kab_cli_run_job (cli, KAB_JOB (job), error))
    return KAB_EXIT_FAILED;

  print_numbers (cli, kab_sync_job_get_numbers (job));

  return KAB_EXIT_DONE;
}
