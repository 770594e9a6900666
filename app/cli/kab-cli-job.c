/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib-unix.h>
#include <glib/gi18n.h>
#include <signal.h>
#include <unistd.h>

#include "kab-cli.h"
#include "kab-error.h"
#include "kab-job-queue.h"

/* One job under way. */
typedef struct {
  KabJob    *job;
  GMainLoop *loop;
  gboolean   shows;         /* progress, on a terminal */
  guint      n_signals;
} Running;

static const struct {
  const char *step;
  const char *words;
} steps[] = {
  { "connecting", N_("Connecting") },
  { "hosts", N_("Reading hosts") },
  { "updates", N_("Reading updates") },
  { "states", N_("Reading states") },
  { "packages", N_("Reading rule packages") },
  { "saving", N_("Saving") },
  { "sending", N_("Sending") },
  { "waiting", N_("Waiting for hosts") },
};

static const char *
words_of (const char *step)
{
  for (guint i = 0; i < G_N_ELEMENTS (steps); i++)
    {
      if (g_str_equal (steps[i].step, step))
        return _(steps[i].words);
    }

  return step;
}

static void
progress_cb (KabJob     *job,
             GParamSpec *pspec,
             Running    *running)
{
  guint64 total;
  guint64 done = kab_job_get_done (job, &total);

  if (!running->shows || kab_job_get_state (job) != KAB_JOB_RUNNING)
    return;

  if (total > 0)
    g_printerr ("\r\033[K%s: %" G_GUINT64_FORMAT " / %" G_GUINT64_FORMAT, words_of (kab_job_get_step (job)), done, total);
  else
    g_printerr ("\r\033[K%s…", words_of (kab_job_get_step (job)));
}

static void
finished_cb (KabJob  *job,
             Running *running)
{
  if (running->shows)
    g_printerr ("\r\033[K");
  g_main_loop_quit (running->loop);
}

static gboolean
signal_cb (gpointer user_data)
{
  Running *running = user_data;

  /* Who presses Ctrl-C twice does not want to wait for a polite end. The mirror's transaction rolls back by itself. */
  if (++running->n_signals > 1)
    _exit (KAB_EXIT_CANCELLED);

  kab_job_cancel (running->job);

  return G_SOURCE_CONTINUE;
}

gboolean
kab_cli_run_job (KabCli   *cli,
                 KabJob   *job,
                 GError  **error)
{
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(KabJobQueue) queue = kab_job_queue_new (1);
  Running running = { job, loop, !cli->options.quiet && isatty (STDERR_FILENO), 0 };
  guint interrupted = g_unix_signal_add (SIGINT, signal_cb, &running);
  guint terminated = g_unix_signal_add (SIGTERM, signal_cb, &running);
  gulong handlers[] = {
    g_signal_connect (job, "notify::fraction", G_CALLBACK (progress_cb), &running),
    g_signal_connect (job, "notify::step", G_CALLBACK (progress_cb), &running),
    g_signal_connect (job, "finished", G_CALLBACK (finished_cb), &running),
  };

  kab_job_queue_add (queue, job);
  g_main_loop_run (loop);

  for (guint i = 0; i < G_N_ELEMENTS (handlers); i++)
    g_signal_handler_disconnect (job, handlers[i]);
  g_source_remove (interrupted);
  g_source_remove (terminated);

  if (kab_job_get_state (job) == KAB_JOB_DONE)
    return TRUE;

  g_propagate_error (error, g_error_copy (kab_job_get_error (job)));
  return FALSE;
}
