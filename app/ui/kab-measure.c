/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <stdio.h>
#include <unistd.h>
#include <glib-unix.h>

#include "kab-measure.h"
#include "kab-overview-page.h"
#include "kab-stall-watch.h"

#define BETWEEN_MS 300
#define AFTERWARDS_MS 500     /* what a new snapshot sets off late is measured too */

typedef struct {
  KabWindow     *window;      /* borrowed: we live as long as it */
  KabStallWatch *watch;
} Measure;

static gboolean begin_sync_cb (gpointer user_data);

static gboolean
close_cb (gpointer user_data)
{
  gtk_window_close (GTK_WINDOW (user_data));

  return G_SOURCE_REMOVE;
}

static void
first_painted_cb (GdkFrameClock *clock,
                  KabWindow     *window)
{
  g_signal_handlers_disconnect_by_func (clock, first_painted_cb, window);
  puts ("first-numbers");
  fflush (stdout);
  g_idle_add (close_cb, window);
}

/* The next frame that is painted has the numbers in it, whether the window is shown already or not. */
static void
filled_cb (KabOverviewPage *page,
           KabWindow       *window)
{
  g_signal_handlers_disconnect_by_func (page, filled_cb, window);
  if (kab_overview_page_get_figures (page) == NULL)
    {
      fputs ("the mirror is empty: there are no numbers to show\n", stderr);
      g_idle_add (close_cb, window);
      return;
    }

  gtk_widget_realize (GTK_WIDGET (window));
  g_signal_connect (gtk_widget_get_frame_clock (GTK_WIDGET (window)), "after-paint",
                    G_CALLBACK (first_painted_cb), window);
  gtk_widget_queue_draw (GTK_WIDGET (page));
}

/* Its end closes the window. */
static gboolean
read_order_cb (int          fd,
               GIOCondition condition,
               gpointer     user_data)
{
  Measure *measure = user_data;
  char letter;

  if (read (fd, &letter, 1) == 1)
    {
      g_timeout_add (BETWEEN_MS, begin_sync_cb, measure);
      return G_SOURCE_REMOVE;
    }

  gtk_window_close (GTK_WINDOW (measure->window));
  g_free (measure);
  return G_SOURCE_REMOVE;
}

static gboolean
report_cb (gpointer user_data)
{
  Measure *measure = user_data;
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (measure->window));
  KabStallFigures figures;

  g_signal_handlers_disconnect_by_data (clock, measure->watch);
  kab_stall_watch_stop (g_steal_pointer (&measure->watch), &figures);
  printf ("{\"asked\":%u,\"median_us\":%" G_GINT64_FORMAT ",\"p99_us\":%" G_GINT64_FORMAT
          ",\"longest_us\":%" G_GINT64_FORMAT ",\"longest_work_us\":%" G_GINT64_FORMAT
          ",\"longest_frame_us\":%" G_GINT64_FORMAT ",\"over_16_ms\":%u"
          ",\"longest_own_us\":%" G_GINT64_FORMAT ",\"own_over_16_ms\":%u}\n",
          figures.n_asked, figures.median, figures.p99, figures.longest, figures.longest_work, figures.longest_frame,
          figures.n_over_16_ms, figures.longest_own, figures.n_over_own);
  fflush (stdout);
  g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP, read_order_cb, measure);

  return G_SOURCE_REMOVE;
}

static void
painted_cb (GdkFrameClock *clock,
            Measure       *measure)
{
  g_signal_handlers_disconnect_by_func (clock, painted_cb, measure);
  g_timeout_add (AFTERWARDS_MS, report_cb, measure);
}

static void
snapshot_shown_cb (KabSession *session,
                   KabJob     *job,
                   Measure    *measure)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (measure->window));

  g_signal_handlers_disconnect_by_func (session, snapshot_shown_cb, measure);
  g_signal_connect (clock, "after-paint", G_CALLBACK (painted_cb), measure);
  gtk_widget_queue_draw (GTK_WIDGET (measure->window));
}

static void
sync_finished_cb (KabJob  *job,
                  Measure *measure)
{
  if (kab_job_get_state (job) == KAB_JOB_DONE)
    return;

  fprintf (stderr, "the sync failed: %s\n",
           kab_job_get_error (job) != NULL ? kab_job_get_error (job)->message : "cancelled");
  gtk_window_close (GTK_WINDOW (measure->window));
}

/* Waits for the first snapshot, and for the sync that a first start begins by itself. */
static gboolean
begin_sync_cb (gpointer user_data)
{
  Measure *measure = user_data;
  KabSession *session = kab_window_get_session (measure->window);
  GdkFrameClock *clock;

  if (session == NULL || kab_session_get_snapshot (session) == NULL ||
      kab_job_queue_get_active (kab_session_get_jobs (session)) > 0)
    return G_SOURCE_CONTINUE;

  g_signal_connect (session, "synced", G_CALLBACK (snapshot_shown_cb), measure);
  measure->watch = kab_stall_watch_start ();
  clock = gtk_widget_get_frame_clock (GTK_WIDGET (measure->window));
  g_signal_connect_swapped (clock, "before-paint", G_CALLBACK (kab_stall_watch_begin_frame), measure->watch);
  g_signal_connect_swapped (clock, "after-paint", G_CALLBACK (kab_stall_watch_end_frame), measure->watch);
  g_signal_connect (kab_session_sync (session, FALSE), "finished", G_CALLBACK (sync_finished_cb), measure);

  return G_SOURCE_REMOVE;
}

gboolean
kab_measure_knows (const char *what)
{
  return g_strcmp0 (what, "start") == 0 || g_strcmp0 (what, "sync") == 0;
}

void
kab_measure_start (KabWindow  *window,
                   const char *what)
{
  Measure *measure;

  g_return_if_fail (KAB_IS_WINDOW (window));
  g_return_if_fail (kab_measure_knows (what));

  if (g_str_equal (what, "start"))
    {
      KabPage *page = kab_window_show_page (window, "overview");

      g_signal_connect (page, "filled", G_CALLBACK (filled_cb), window);
      return;
    }

  measure = g_new0 (Measure, 1);
  measure->window = window;
  g_timeout_add (BETWEEN_MS, begin_sync_cb, measure);
}
