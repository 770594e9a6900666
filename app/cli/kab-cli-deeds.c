/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-cli-output.h"
#include "kab-cli-rules.h"
#include "kab-error.h"
#include "kab-journal.h"
#include "kab-rules-diff.h"
#include "kab-signer.h"
#include "kab-sync-job.h"

static const KabCliColumn columns[] = {
  { "id", NULL, KAB_CELL_TEXT },
  { "name", N_("Name"), KAB_CELL_TEXT },
  { "state", N_("State"), KAB_CELL_TEXT },
  { "signer", NULL, KAB_CELL_TEXT },
  { "message", N_("Details"), KAB_CELL_TEXT },
};

static void
print_rows (KabCli        *cli,
            KabPackageJob *job)
{
  GListModel *rows = kab_package_job_get_rows (job);
  g_autoptr(KabCliOutput) output = kab_cli_output_new (cli->format, columns, G_N_ELEMENTS (columns));
  guint n = g_list_model_get_n_items (rows);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(KabPackageRow) row = g_list_model_get_item (rows, i);
      KabPackageStepState state = kab_package_row_get_state (row);

      kab_cli_output_add_text (output, kab_package_row_get_id (row));
      kab_cli_output_add_text (output, kab_package_row_get_name (row));
      kab_cli_output_add_word (output, kab_package_step_state_get_text (state), kab_package_step_state_get_label (state));
      kab_cli_output_add_text (output, kab_package_row_get_signer (row));
      kab_cli_output_add_text (output, kab_package_row_get_message (row));
    }
  if (n > 0)
    kab_cli_output_print (output, NULL);
}

/* What the server has instead of what the editing began with, and how it differs from @document. */
static void
tell_conflict (KabCli                   *cli,
               const KabPackageConflict *conflict,
               KabRulesDocument         *document)
{
  g_autoptr(KabRulesDocument) theirs = NULL;
  g_autoptr(GPtrArray) changes = NULL;
  g_autofree char *signed_at = kab_cli_format_time (conflict->signed_at);
  KabRulesContext *context = kab_cli_open_rules (cli, NULL);

  if (conflict->version[0] == '\0')
    {
      g_printerr (_("kabinetctl: the server has no package %s any more\n"), conflict->package);
      return;
    }
  g_printerr (_("kabinetctl: the server has %1$s %2$s (%3$s), signed by %4$s on %5$s\n"), conflict->package,
              conflict->version, conflict->maturity, conflict->signer, signed_at);
  if (conflict->text != NULL && document != NULL)
    theirs = kab_rules_document_new_from_text (conflict->text, -1, NULL);
  if (theirs == NULL)
    return;

  changes = kab_rules_diff (theirs, document);
  g_printerr ("%s\n", _("What yours says differently:"));
  for (guint i = 0; i < changes->len; i++)
    {
      g_autofree char *words = kab_rules_change_describe (changes->pdata[i],
                                                          context != NULL ? kab_rules_context_get_index (context) : NULL);

      g_printerr ("  %s\n", words);
    }
}

/* @saved: nothing was to change on the server, so what would have been done there still waits */
static KabExit
exit_of_rows (KabPackageJob *job,
              gboolean       saved)
{
  guint n = g_list_model_get_n_items (kab_package_job_get_rows (job));
  guint good = kab_package_job_count (job, KAB_PACKAGE_STEP_DONE) + kab_package_job_count (job, KAB_PACKAGE_STEP_UNCHANGED) +
               kab_package_job_count (job, KAB_PACKAGE_STEP_LEFT) +
               (saved ? kab_package_job_count (job, KAB_PACKAGE_STEP_WAITING) : 0);
  guint refused = kab_package_job_count (job, KAB_PACKAGE_STEP_ENCRYPTED) +
                  kab_package_job_count (job, KAB_PACKAGE_STEP_UNTRUSTED) +
                  kab_package_job_count (job, KAB_PACKAGE_STEP_OVERTAKEN);

  if (good == n)
    return KAB_EXIT_DONE;
  return good + refused == n ? KAB_EXIT_REFUSED : KAB_EXIT_FAILED;
}

KabExit
kab_cli_run_deed (KabCli            *cli,
                  KabPackageJob     *job,
                  KabRulesDocument  *document,
                  GError           **error)
{
  const KabCliOptions *options = &cli->options;
  g_autoptr(KabSyncJob) sync = NULL;
  const char * const *files;
  gboolean done;

  if (options->key != NULL)
    {
      g_autoptr(KabSigner) signer = kab_cli_open_signer (cli, error);

      if (signer == NULL)
        return KAB_EXIT_FAILED;
      kab_package_job_set_signer (job, signer);
    }
  if (options->reason != NULL)
    kab_package_job_set_reason (job, options->reason);
  if (options->out != NULL)
    kab_package_job_set_out (job, options->out);
  /* What broke off before comes first: it may be about the same package. */
  else if (!kab_journal_resume (cli->sign_in, cli->mirror, NULL, error))
    return KAB_EXIT_FAILED;

  done = kab_cli_run_job (cli, KAB_JOB (job), error);
  if (!done && kab_package_job_get_conflict (job) != NULL)
    tell_conflict (cli, kab_package_job_get_conflict (job), document);
  print_rows (cli, job);
  for (files = kab_package_job_get_left (job); files != NULL && *files != NULL; files++)
    g_printerr (_("kabinetctl: warning: %s is still on the server: this account may not delete it\n"), *files);
  if (!done)
    return KAB_EXIT_FAILED;
  if (options->no_sync || options->out != NULL)
    return exit_of_rows (job, options->out != NULL);

  sync = kab_sync_job_new (cli->sign_in, cli->mirror, TRUE);
  if (!kab_cli_run_job (cli, KAB_JOB (sync), error))
    return KAB_EXIT_FAILED;

  return exit_of_rows (job, options->out != NULL);
}
