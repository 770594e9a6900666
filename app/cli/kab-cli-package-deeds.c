/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-calendar.h"
#include "kab-cli-output.h"
#include "kab-cli-rules.h"
#include "kab-delete-package-job.h"
#include "kab-error.h"
#include "kab-evidence.h"
#include "kab-ledger-deeds.h"
#include "kab-promote-job.h"
#include "kab-publish-job.h"
#include "kab-published.h"
#include "kab-result-code.h"
#include "kab-store.h"

/* (element-type KabPackage): the index, as the last sync left it */
static GPtrArray *
read_index (KabCli   *cli,
            GError  **error)
{
  KabStore *store = kab_cli_open_store (cli, error);

  return store != NULL ? kab_store_read_packages (store, error) : NULL;
}

/* The newest that "NAME", "NAME=VERSION" or a name of a file means. @other_than: (nullable): a maturity it must not have */
static KabPackage *
find_record (GPtrArray   *index,
             const char  *word,
             const char  *other_than,
             GError     **error)
{
  g_autofree char *name = g_strndup (word, strcspn (word, " ="));
  const char *version = word[strlen (name)] != '\0' ? word + strlen (name) + 1 : NULL;
  KabPackage *found = NULL;

  for (guint i = 0; i < index->len; i++)
    {
      KabPackage *package = index->pdata[i];
      gboolean named = g_str_equal (kab_package_get (package, "filename"), word) ||
                       (g_str_equal (kab_package_get_name (package), name) &&
                        (version == NULL || g_str_equal (kab_package_get_version (package), version)));

      if (named && g_strcmp0 (kab_package_get_maturity (package), other_than) != 0 &&
          (found == NULL || kab_package_compare (package, found) > 0))
        found = package;
    }
  if (found == NULL && other_than != NULL)
    g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, _("the server has no package “%1$s” that is not %2$s already"), word,
                 other_than);
  else if (found == NULL)
    g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, _("the server has no package “%s”"), word);

  return found;
}

static gboolean
read_share (const char  *text,
            double      *share,
            GError     **error)
{
  char *end;
  double value;

  if (text == NULL)
    return TRUE;
  value = g_ascii_strtod (text, &end);
  if (*end == '%')
    {
      value /= 100;
      end++;
    }
  if (end == text || *end != '\0' || !(value >= 0 && value <= 1))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("“%s” is no share: write 0.8 or 80%%"), text);
      return FALSE;
    }
  *share = value;

  return TRUE;
}

/* What was typed, else the preferences of the desktop, else the defaults. */
static gboolean
read_gate (KabCli   *cli,
           KabGate  *gate,
           GError  **error)
{
  GSettingsSchemaSource *source = g_settings_schema_source_get_default ();
  g_autoptr(GSettingsSchema) schema = NULL;
  const char *days = cli->options.gate_days;
  guint64 number;

  kab_gate_init_default (gate);
  if (source != NULL)
    schema = g_settings_schema_source_lookup (source, KAB_APPLICATION_ID, TRUE);
  if (schema != NULL && g_settings_schema_has_key (schema, "gate-bound"))
    {
      g_autoptr(GSettings) settings = g_settings_new (KAB_APPLICATION_ID);

      gate->least_bound = g_settings_get_double (settings, "gate-bound");
      gate->least_reported = g_settings_get_double (settings, "gate-reported");
      gate->least_seconds = (gint64) g_settings_get_uint (settings, "gate-days") * KAB_SECONDS_PER_DAY;
    }
  if (days != NULL)
    {
      if (!g_ascii_string_to_unsigned (days, 10, 0, 3650, &number, NULL))
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("“%s” is no number of days"), days);
          return FALSE;
        }
      gate->least_seconds = (gint64) number * KAB_SECONDS_PER_DAY;
    }

  return read_share (cli->options.gate_bound, &gate->least_bound, error) &&
         read_share (cli->options.gate_reported, &gate->least_reported, error);
}

static const KabCliColumn evidence_columns[] = {
  { "package", N_("Package"), KAB_CELL_TEXT },
  { "version", N_("Version"), KAB_CELL_TEXT },
  { "maturity", N_("Maturity"), KAB_CELL_TEXT },
  { "predecessor", N_("Compared with"), KAB_CELL_TEXT },
  { "since", N_("Since"), KAB_CELL_TIME },
  { "targeted", N_("Targeted hosts"), KAB_CELL_NUMBER },
  { "succeeded", N_("Succeeded"), KAB_CELL_NUMBER },
  { "failed", N_("Failed"), KAB_CELL_NUMBER },
  { "waiting", N_("Waiting"), KAB_CELL_NUMBER },
  { "silent", N_("Silent"), KAB_CELL_NUMBER },
  { "untouched", N_("Nothing to do"), KAB_CELL_NUMBER },
  { "restarts", N_("Restarted"), KAB_CELL_NUMBER },
  { "restart_pending", N_("Restart pending"), KAB_CELL_NUMBER },
  { "bound", N_("Shown at 95 %"), KAB_CELL_NUMBER },
  { "worst_bound", N_("With silent hosts as failed"), KAB_CELL_NUMBER },
  { "reported", N_("Share that reported"), KAB_CELL_NUMBER },
  { "failures", N_("Failures"), KAB_CELL_LIST },
  { "passes", N_("Gate passed"), KAB_CELL_BOOL },
  { "missing", N_("Missing"), KAB_CELL_TEXT },
};

static void
add_share (KabCliOutput *output,
           KabFormat     format,
           double        share)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  g_autofree char *percent = g_strdup_printf ("%.0f %%", share * 100);

  if (format == KAB_FORMAT_TABLE)
    kab_cli_output_add_text (output, percent);
  else
    kab_cli_output_add_raw (output, g_ascii_formatd (buffer, sizeof buffer, "%.4f", share));
}

static GStrv
list_failures (const KabEvidence *evidence)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < evidence->failures->len; i++)
    {
      const KabGateFailure *failure = &g_array_index (evidence->failures, KabGateFailure, i);
      const KabResultCode *code = kab_result_code_lookup ((guint32) failure->result);
      g_autofree char *number = kab_result_code_format ((guint32) failure->result);
      g_autofree char *text = g_strdup_printf ("%u × %s", failure->n_hosts, code != NULL ? code->symbol : number);

      g_strv_builder_add (builder, text);
    }

  return g_strv_builder_end (builder);
}

static void
print_evidence (KabCli               *cli,
                const KabEvidence    *evidence,
                const KabGateVerdict *verdict)
{
  g_autoptr(KabCliOutput) output = kab_cli_output_new (cli->format, evidence_columns, G_N_ELEMENTS (evidence_columns));
  g_autofree char *missing = kab_gate_verdict_describe_missing (verdict);
  g_auto(GStrv) failures = list_failures (evidence);
  g_autofree char *text = NULL;

  kab_cli_output_add_text (output, evidence->package);
  kab_cli_output_add_text (output, evidence->version);
  kab_cli_output_add_text (output, evidence->maturity);
  kab_cli_output_add_text (output, evidence->predecessor);
  kab_cli_output_add_time (output, evidence->since);
  kab_cli_output_add_number (output, evidence->counts.targeted);
  kab_cli_output_add_number (output, evidence->counts.succeeded);
  kab_cli_output_add_number (output, evidence->counts.failed);
  kab_cli_output_add_number (output, evidence->counts.waiting);
  kab_cli_output_add_number (output, evidence->counts.silent);
  kab_cli_output_add_number (output, evidence->counts.untouched);
  kab_cli_output_add_number (output, evidence->restarts);
  kab_cli_output_add_number (output, evidence->restart_pending);
  add_share (output, cli->format, verdict->bound);
  add_share (output, cli->format, verdict->worst_bound);
  add_share (output, cli->format, verdict->reported);
  kab_cli_output_add_list (output, (const char * const *) failures);
  kab_cli_output_add_bool (output, verdict->passes);
  kab_cli_output_add_text (output, missing);
  text = kab_cli_output_end_object (output);
  kab_cli_print (text);
}

/* Returns: FALSE: with @error, or it does not pass and nobody says why to go on all the same */
static gboolean
pass_gate (KabCli         *cli,
           KabPackage     *package,
           KabPackageJob  *job,
           GError        **error)
{
  KabStore *store = kab_cli_open_store (cli, error);
  g_autoptr(KabEvidence) evidence = NULL;
  g_autofree char *missing = NULL;
  g_autofree char *text = NULL;
  KabGateVerdict verdict;
  KabGate gate;

  if (store == NULL || !read_gate (cli, &gate, error))
    return FALSE;
  evidence = kab_evidence_read (store, cli->snapshot, package, NULL, error);
  if (evidence == NULL)
    return FALSE;

  kab_gate_judge (&gate, evidence, &verdict);
  text = kab_gate_verdict_to_text (&verdict, evidence);
  kab_promote_job_set_gate (KAB_PROMOTE_JOB (job), verdict.passes, text);
  missing = kab_gate_verdict_describe_missing (&verdict);
  if (verdict.passes || cli->options.reason != NULL)
    {
      /* JSON and CSV are of one kind: the rows of what was done. */
      if (cli->format == KAB_FORMAT_TABLE)
        print_evidence (cli, evidence, &verdict);
      return TRUE;
    }

  print_evidence (cli, evidence, &verdict);
  g_printerr (_("kabinetctl: the gate does not pass: %s; who goes on all the same says why with --reason\n"),
              missing != NULL ? missing : "");
  return FALSE;
}

KabExit
kab_cli_package_promote (KabCli   *cli,
                         GError  **error)
{
  const char *maturity = cli->options.maturity != NULL ? cli->options.maturity : "PROD";
  g_autoptr(GPtrArray) index = read_index (cli, error);
  KabPackage *package = index != NULL ? find_record (index, cli->words[0], maturity, error) : NULL;
  g_autoptr(KabPackageJob) job = NULL;

  if (package == NULL || !kab_cli_open_sign_in (cli, error))
    return KAB_EXIT_FAILED;

  job = kab_promote_job_new (cli->sign_in, cli->mirror, kab_package_get (package, "filename"),
                             kab_package_get (package, "package_uuid"), maturity);
  /* Only of rules a fleet can tell whether they did well. */
  if (g_str_equal (kab_package_get_section (package), "wsus") && !pass_gate (cli, package, job, error))
    return KAB_EXIT_REFUSED;

  return kab_cli_run_deed (cli, job, NULL, error);
}

/* The newest content before @newest, or that of @version: a file of the index, or a copy that is kept here.
 * Returns: (transfer full): the source for the job */
static char *
find_earlier (KabCli      *cli,
              GPtrArray   *index,
              KabPackage  *newest,
              const char  *version,
              GError     **error)
{
  g_autoptr(KabLedger) ledger = kab_mirror_open_ledger (cli->mirror, error);
  g_autoptr(GPtrArray) kept = NULL;
  const char *name = kab_package_get_name (newest);
  const char *found = NULL;
  const char *source = NULL;

  if (ledger != NULL)
    kept = kab_ledger_read_kept (ledger, name, error);
  if (kept == NULL)
    return NULL;

  for (guint i = 0; i < index->len + kept->len; i++)
    {
      const KabApproval *copy = i < index->len ? NULL : kept->pdata[i - index->len];
      const char *own = copy != NULL ? copy->version : kab_package_get_version (index->pdata[i]);

      if ((copy == NULL && !g_str_equal (kab_package_get_name (index->pdata[i]), name)) ||
          kab_version_compare (own, kab_package_get_version (newest)) >= 0 ||
          (version != NULL ? !g_str_equal (own, version) : found != NULL && kab_version_compare (own, found) <= 0))
        continue;
      found = own;
      source = copy != NULL ? copy->sha256 : kab_package_get (index->pdata[i], "filename");
    }
  if (source != NULL)
    return g_strdup (source);

  g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, _("no earlier version of %s is kept here or on the server"), name);
  return NULL;
}

KabExit
kab_cli_package_rollback (KabCli   *cli,
                          GError  **error)
{
  g_autofree char *name = g_strndup (cli->words[0], strcspn (cli->words[0], " ="));
  const char *version = cli->words[0][strlen (name)] != '\0' ? cli->words[0] + strlen (name) + 1 : NULL;
  g_autoptr(GPtrArray) index = read_index (cli, error);
  KabPackage *newest = index != NULL ? find_record (index, name, NULL, error) : NULL;
  g_autofree char *source = newest != NULL ? find_earlier (cli, index, newest, version, error) : NULL;
  g_autoptr(KabPackageJob) job = NULL;

  if (source == NULL || !kab_cli_open_sign_in (cli, error))
    return KAB_EXIT_FAILED;

  job = kab_promote_job_new_roll_back (cli->sign_in, cli->mirror, source, kab_package_get (newest, "package_uuid"),
                                       cli->options.maturity != NULL ? cli->options.maturity
                                                                     : kab_package_get_maturity (newest));
  return kab_cli_run_deed (cli, job, NULL, error);
}

KabExit
kab_cli_package_upload (KabCli   *cli,
                        GError  **error)
{
  g_autoptr(KabPackageJob) job = NULL;

  if (!kab_cli_open_mirror (cli, error) || !kab_cli_open_sign_in (cli, error))
    return KAB_EXIT_FAILED;

  job = kab_publish_job_new_from_files (cli->sign_in, cli->mirror, (const char * const *) cli->words);
  return kab_cli_run_deed (cli, job, NULL, error);
}

/* Where the way back is, and why there is none. */
static void
tell_copies (KabCli        *cli,
             KabPackageJob *job)
{
  GPtrArray *approvals = kab_package_job_get_approvals (job);
  GPtrArray *unkept = kab_delete_package_job_get_unkept (KAB_DELETE_PACKAGE_JOB (job));
  gboolean is_kept = FALSE;

  for (guint i = 0; i < unkept->len; i++)
    g_printerr (_("kabinetctl: no copy of %s can be kept here; with --no-copy it is deleted for good\n"),
                kab_package_get (unkept->pdata[i], "filename"));
  for (guint i = 0; i < approvals->len && !cli->options.quiet; i++)
    {
      KabApproval *approval = approvals->pdata[i];
      g_autofree char *path = NULL;

      if (*approval->sha256 == '\0')
        continue;
      path = kab_published_dup_path (cli->mirror, approval->sha256);
      g_printerr (_("kabinetctl: a copy of %1$s %2$s is kept: %3$s\n"), approval->package, approval->version, path);
      is_kept = TRUE;
    }
  if (is_kept)
    g_printerr ("kabinetctl: %s\n", _("“kabinetctl package upload FILE” brings it back."));
}

KabExit
kab_cli_package_delete (KabCli   *cli,
                        GError  **error)
{
  g_autoptr(GPtrArray) index = read_index (cli, error);
  g_autoptr(GPtrArray) files = g_ptr_array_new ();
  g_autoptr(KabPackageJob) job = NULL;
  KabExit status;

  if (index == NULL)
    return KAB_EXIT_FAILED;
  for (char **word = cli->words; *word != NULL; word++)
    {
      KabPackage *package;

      /* A bare name would mean whichever is the newest: too little to delete by. */
      if (strchr (*word, '=') == NULL && !g_str_has_suffix (*word, ".wapt"))
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("“%s” does not say which: give NAME=VERSION, or the name of the file"),
                       *word);
          return KAB_EXIT_USAGE;
        }
      package = find_record (index, *word, NULL, error);
      if (package == NULL)
        return KAB_EXIT_FAILED;
      g_ptr_array_add (files, (gpointer) kab_package_get (package, "filename"));
    }
  g_ptr_array_add (files, NULL);
  if (!kab_cli_open_sign_in (cli, error))
    return KAB_EXIT_FAILED;

  job = kab_delete_package_job_new (cli->sign_in, cli->mirror, (gpointer) files->pdata);
  for (guint i = 0; cli->options.no_copy && i + 1 < files->len; i++)
    kab_delete_package_job_accept_loss (KAB_DELETE_PACKAGE_JOB (job), files->pdata[i]);
  status = kab_cli_run_deed (cli, job, NULL, error);
  tell_copies (cli, job);

  return status;
}
