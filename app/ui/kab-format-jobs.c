/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-format.h"

static const struct {
  const char *kind;
  const char *text;
} kinds[] = {
  /* Translators: names of jobs; %s is a server or a host */
  { "sync", N_("Synchronise with %s") },
  { "trigger-scan", N_("Scan on %s") },
  { "trigger-download", N_("Download updates on %s") },
  { "trigger-install", N_("Install updates on %s") },
  { "trigger-upgrade-packages", N_("Update packages on %s") },
  { "trigger-cancel-tasks", N_("Cancel tasks on %s") },
  /* Translators: names of jobs; %s is a package such as "demo-wua-base 13" */
  { "publish", N_("Publish %s") },
  { "upload", N_("Upload %s") },
  { "promote", N_("Promote %s") },
  { "roll-back", N_("Roll back %s") },
  { "delete", N_("Delete %s from the server") },
  { "assign", N_("Assign %s") },
  { "unassign", N_("Take back the assignment of %s") },
  { "forbid", N_("Forbid %s on hosts") },
  { "resume", N_("Finish what broke off on %s") },
  { "forecast", N_("Forecast for %s") },
};

static const struct {
  const char *step;
  const char *text;
} steps[] = {
  { "waiting", N_("Waiting for the hosts") },
  { "connecting", N_("Connecting") },
  { "sign-in", N_("Signing in") },
  { "packages", N_("Reading packages") },
  { "rules", N_("Reading rules") },
  { "updates", N_("Reading updates") },
  { "hosts", N_("Reading hosts") },
  { "states", N_("Reading the states of updates") },
  { "saving", N_("Storing") },
  { "sign", N_("Signing") },
  { "send", N_("Sending") },
  { "reading", N_("Reading the package and checking it") },
  { "signing", N_("Signing") },
  { "uploading", N_("Uploading") },
  { "checking", N_("Looking whether the server has it") },
  { "deleting", N_("Removing the old file") },
};

char *
kab_format_job (KabJob *job)
{
  const char *kind = kab_job_get_kind (job);
  const char *subject = kab_job_get_subject (job);

  if (subject == NULL || *subject == '\0')
    /* Translators: stands for the server whose name is not known yet */
    subject = _("the server");

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].kind, kind) == 0)
      {
        g_auto(GStrv) parts = g_strsplit (_(kinds[i].text), "%s", 2);

        return g_strjoinv (subject, parts);
      }

  return g_strdup (subject);
}

/**
 * kab_format_job_progress:
 * @job: a job
 *
 * Returns: (transfer full): what it does now and how far it came; for a finished one, how it ended
 */
char *
kab_format_job_progress (KabJob *job)
{
  const char *step = kab_job_get_step (job);
  const char *words = NULL;
  g_autofree char *done_text = NULL;
  g_autofree char *total_text = NULL;
  guint64 done;
  guint64 total = 0;

  if (kab_job_get_state (job) != KAB_JOB_RUNNING)
    return g_strdup (kab_format_job_state (kab_job_get_state (job)));

  for (guint i = 0; i < G_N_ELEMENTS (steps) && words == NULL; i++)
    if (g_strcmp0 (steps[i].step, step) == 0)
      words = _(steps[i].text);
  if (words == NULL)
    words = kab_format_job_state (KAB_JOB_RUNNING);

  done = kab_job_get_done (job, &total);
  if (total <= 1)
    return g_strdup_printf ("%s…", words);

  done_text = kab_format_count (MIN (done, total));
  total_text = kab_format_count (total);
  /* Translators: %1$s is what a job does ("Reading hosts"), %2$s of %3$s how far it came */
  return g_strdup_printf (_("%1$s: %2$s of %3$s"), words, done_text, total_text);
}
