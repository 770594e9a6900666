/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-error.h"
#include "kab-undo-toast.h"
#include "kab-window.h"

typedef struct {
  GtkWidget  *window;       /* weak */
  KabSession *session;
  GPtrArray  *jobs;
  gboolean    needs_key;
} Undo;

static void
undo_free (gpointer data)
{
  Undo *undo = data;

  g_clear_weak_pointer (&undo->window);
  g_object_unref (undo->session);
  g_ptr_array_unref (undo->jobs);
  g_free (undo);
}

gboolean
kab_undo_toast_tells_of (KabJob *job)
{
  return g_strcmp0 (kab_job_get_kind (job), "upload") == 0;
}

static char *
describe_upload (KabPackageJob *job)
{
  guint n = kab_package_job_count (job, KAB_PACKAGE_STEP_DONE);
  guint n_all = g_list_model_get_n_items (kab_package_job_get_rows (job));

  if (n == 0)
    return g_strdup (ngettext ("Not taken back: the server has another package of that name, version and maturity now",
                               "Not taken back: the server has other packages of those names, versions and maturities now",
                               n_all));
  if (n < n_all)
    return g_strdup_printf (ngettext ("%1$u of %2$u package is on the server again. Of the others it has another now, or "
                                      "refused them: see Activity.",
                                      "%1$u of %2$u packages are on the server again. Of the others it has another now, or "
                                      "refused them: see Activity.", n_all), n, n_all);

  return g_strdup_printf (ngettext ("%u package is on the server again, as it was",
                                    "%u packages are on the server again, as they were", n), n);
}

static void
undone_cb (KabPackageJob *job,
           GtkWidget     *window)
{
  const GError *error = kab_job_get_error (KAB_JOB (job));
  g_autofree char *text = NULL;

  if (kab_job_get_state (KAB_JOB (job)) == KAB_JOB_FAILED && !g_error_matches (error, KAB_ERROR, KAB_ERROR_CONFLICT))
    kab_window_add_error (window, error);
  else if (kab_job_get_state (KAB_JOB (job)) != KAB_JOB_CANCELLED)
    kab_window_add_toast (window, text = describe_upload (job));
}

/* Of the other kinds the window tells when they fail. */
static void
taken_back_cb (KabJob    *job,
               GtkWidget *window)
{
  if (kab_job_get_state (job) == KAB_JOB_DONE)
    kab_window_add_toast (window, _("Taken back. Hosts that acted on it already follow in their own time."));
}

static void
unlocked_cb (gboolean yes,
             gpointer user_data)
{
  Undo *undo = user_data;

  if (!yes || undo->window == NULL)
    return;

  /* The last deed first. */
  for (guint i = undo->jobs->len; i-- > 0;)
    {
      KabPackageJob *job = kab_session_undo (undo->session, undo->jobs->pdata[i]);

      if (job != NULL && kab_undo_toast_tells_of (KAB_JOB (job)))
        g_signal_connect_object (job, "finished", G_CALLBACK (undone_cb), undo->window, 0);
      else if (job != NULL && i == 0)
        g_signal_connect_object (job, "finished", G_CALLBACK (taken_back_cb), undo->window, 0);
    }
}

static void
clicked_cb (gboolean yes,
            gpointer user_data)
{
  Undo *undo = user_data;
  Undo *copy;

  if (undo->window == NULL)
    return;
  if (!undo->needs_key)
    {
      unlocked_cb (yes, undo);
      return;
    }

  copy = g_new0 (Undo, 1);
  g_set_weak_pointer (&copy->window, undo->window);
  copy->session = g_object_ref (undo->session);
  copy->jobs = g_ptr_array_ref (undo->jobs);
  kab_window_unlock_key (undo->window, unlocked_cb, copy, undo_free);
}

void
kab_undo_toast_show (GtkWidget  *from,
                     KabSession *session,
                     GPtrArray  *jobs,
                     const char *text)
{
  g_autoptr(KabPackageJob) inverse = NULL;
  Undo *undo;

  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (jobs != NULL && jobs->len > 0);

  inverse = kab_package_job_undo (jobs->pdata[0]);
  if (inverse == NULL)
    {
      kab_window_add_toast (from, text);
      return;
    }

  undo = g_new0 (Undo, 1);
  g_set_weak_pointer (&undo->window, KAB_IS_WINDOW (from) ? from : GTK_WIDGET (gtk_widget_get_root (from)));
  undo->session = g_object_ref (session);
  undo->jobs = g_ptr_array_ref (jobs);
  undo->needs_key = !kab_undo_toast_tells_of (KAB_JOB (inverse));
  kab_window_add_toast_with_answer (from, text, _("Undo"), clicked_cb, undo, undo_free);
}
