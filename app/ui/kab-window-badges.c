/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-overview-figures.h"
#include "kab-window-private.h"

/* What the sidebar counts, whatever page is shown */
enum { CRITICAL, ERRORS, N_BADGES };

static const KabFigure figures[N_BADGES] = { [CRITICAL] = KAB_FIGURE_CRITICAL, [ERRORS] = KAB_FIGURE_ERROR };

static void
show (KabWindow   *self,
      const guint *counts)
{
  g_autofree char *critical =
    g_strdup_printf (ngettext ("%u critical update is needed", "%u critical updates are needed", counts[CRITICAL]),
                     counts[CRITICAL]);
  g_autofree char *errors =
    g_strdup_printf (ngettext ("%u host reports errors", "%u hosts report errors", counts[ERRORS]), counts[ERRORS]);

  kab_window_set_badge (self, "updates", counts[CRITICAL], FALSE, critical);
  kab_window_set_badge (self, "hosts", counts[ERRORS], TRUE, errors);
  kab_sidebar_row_set_door (kab_window_get_row (self, "updates"), "win.show-updates",
                            kab_figure_get_query (KAB_FIGURE_CRITICAL));
  kab_sidebar_row_set_door (kab_window_get_row (self, "hosts"), "win.show-hosts",
                            kab_figure_get_query (KAB_FIGURE_ERROR));
}

static void
count_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  g_autofree guint *counts = g_new0 (guint, N_BADGES);
  GError *error = NULL;

  for (guint i = 0; i < N_BADGES && error == NULL; i++)
    counts[i] = kab_record_count_now (task_data, kab_figure_get_domain (figures[i]), kab_figure_get_query (figures[i]),
                                      cancellable, &error);
  if (error != NULL)
    g_task_return_error (task, error);
  else
    g_task_return_pointer (task, g_steal_pointer (&counts), g_free);
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autofree guint *counts = g_task_propagate_pointer (G_TASK (result), &error);

  if (counts != NULL)
    show (KAB_WINDOW (source), counts);
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    g_warning ("the sidebar cannot be counted: %s", error->message);
}

void
kab_window_stop_counting (KabWindow *self)
{
  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
}

void
kab_window_count_badges (KabWindow *self)
{
  KabSnapshot *snapshot = kab_session_get_snapshot (self->session);
  const KabOverviewFigures *prepared = snapshot != NULL ? kab_overview_figures_peek_prepared (snapshot) : NULL;
  g_autoptr(GTask) task = NULL;

  kab_window_stop_counting (self);
  if (snapshot == NULL)
    return;

  if (prepared != NULL)
    {
      const guint counts[N_BADGES] = { prepared->n[KAB_FIGURE_CRITICAL], prepared->n[KAB_FIGURE_ERROR] };

      show (self, counts);
      return;
    }

  self->counting = g_cancellable_new ();
  task = g_task_new (self, self->counting, counted_cb, NULL);
  g_task_set_source_tag (task, kab_window_count_badges);
  g_task_set_task_data (task, g_object_ref (snapshot), g_object_unref);
  g_task_run_in_thread (task, count_in_thread);
}
