/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-assign-job.h"
#include "kab-cli-rules.h"
#include "kab-error.h"
#include "kab-publish-job.h"

KabExit
kab_cli_rules_publish (KabCli   *cli,
                       GError  **error)
{
  gboolean is_file;
  g_autoptr(KabRulesDocument) document = NULL;
  g_autoptr(KabPackageJob) job = NULL;
  KabExit code;

  if (!kab_cli_open_mirror (cli, error))
    return KAB_EXIT_FAILED;
  document = kab_cli_read_rules (cli, cli->words[0], &is_file, error);
  if (document == NULL)
    return KAB_EXIT_FAILED;
  if (!is_file)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE,
                   _("“%s” is a package that is there already: publish a file, which “kabinetctl rules show” writes"),
                   cli->words[0]);
      return KAB_EXIT_USAGE;
    }
  if (!kab_rules_document_check (document, error))
    return KAB_EXIT_FAILED;
  /* Who saves it and brings the key needs no account. */
  if (cli->options.out != NULL && cli->options.key != NULL)
    cli->sign_in = kab_sign_in_new (cli->profile, NULL);
  else if (!kab_cli_open_sign_in (cli, error))
    return KAB_EXIT_FAILED;

  job = kab_publish_job_new (cli->sign_in, cli->mirror, document);
  code = kab_cli_run_deed (cli, job, document, error);
  /* So that the file goes on from what is there now; git shows two lines. */
  if (cli->options.out == NULL && kab_package_job_count (job, KAB_PACKAGE_STEP_DONE) > 0 &&
      !g_str_equal (cli->words[0], "-") && !g_str_has_suffix (cli->words[0], ".wapt"))
    {
      kab_rules_document_set_base (document, kab_publish_job_get_version (KAB_PUBLISH_JOB (job)),
                                   kab_publish_job_get_package_uuid (KAB_PUBLISH_JOB (job)));
      if (!kab_cli_write_rules (cli->words[0], document, *error == NULL ? error : NULL))
        return KAB_EXIT_FAILED;
    }

  return code;
}

static void
target_cb (KabTargetKind  kind,
           const char    *target,
           const char    *name,
           gpointer       user_data)
{
  KabAssignTarget to = { kind, g_strdup (target), g_strdup (name) };

  g_array_append_val ((GArray *) user_data, to);
}

static void
target_clear (gpointer data)
{
  KabAssignTarget *target = data;

  g_free ((char *) target->target);
  g_free ((char *) target->name);
}

KabExit
kab_cli_rules_assign (KabCli   *cli,
                      GError  **error)
{
  g_autoptr(GArray) targets = g_array_new (FALSE, FALSE, sizeof (KabAssignTarget));
  g_autoptr(KabPackageJob) job = NULL;
  const char *requirements[] = { cli->words[0], NULL };

  g_array_set_clear_func (targets, target_clear);
  if (!kab_cli_open_mirror (cli, error) || !kab_cli_visit_targets (cli, target_cb, targets, error))
    return KAB_EXIT_FAILED;
  if (targets->len == 0)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE,
                           _("to whom? Give --host, --unit, --group or --ad-group; each may be given several times"));
      return KAB_EXIT_USAGE;
    }
  if (!kab_cli_open_sign_in (cli, error))
    return KAB_EXIT_FAILED;

  job = kab_assign_job_new (cli->sign_in, cli->mirror, cli->options.remove ? KAB_UNASSIGN : KAB_ASSIGN,
                            (gpointer) targets->data, targets->len, requirements);
  return kab_cli_run_deed (cli, job, NULL, error);
}
