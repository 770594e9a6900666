/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-deed-view.h"
#include "kab-error-text.h"
#include "kab-format.h"
#include "kab-package-delete.h"
#include "kab-settings.h"
#include "kab-sync-job.h"
#include "kab-trigger-job.h"
#include "kab-undo-toast.h"
#include "kab-window-private.h"

/* A job that took this long tells the desktop that it ended, if nobody looks. */
#define LONG_JOB_SECONDS 10

static void
notify_desktop (KabWindow  *self,
                KabJob     *job,
                const char *text)
{
  GApplication *application = G_APPLICATION (gtk_window_get_application (GTK_WINDOW (self)));
  g_autoptr(GNotification) notification = NULL;
  g_autofree char *title = NULL;

  if (application == NULL || gtk_window_is_active (GTK_WINDOW (self)) ||
      !g_settings_get_boolean (kab_settings_get_default (), "notify") ||
      kab_job_get_finished_at (job) - kab_job_get_started_at (job) < LONG_JOB_SECONDS)
    return;

  title = kab_format_job (job);
  notification = g_notification_new (title);
  g_notification_set_body (notification, text);
  g_notification_set_default_action (notification, "app.show-activity");
  g_application_send_notification (application, kab_job_get_kind (job), notification);
}

static char *
describe_sync (KabSyncJob *job)
{
  const KabSyncNumbers *numbers = kab_sync_job_get_numbers (job);
  guint n;

  if (numbers == NULL)
    return g_strdup (_("Synchronised"));

  n = numbers->hosts_new + numbers->hosts_changed + numbers->hosts_gone;
  if (n == 0)
    return g_strdup (_("Synchronised: nothing has changed"));

  return g_strdup_printf (ngettext ("Synchronised: %u host changed",
                                    "Synchronised: %u hosts changed", n), n);
}

static char *
describe_trigger (KabTriggerJob *job)
{
  guint n = g_list_model_get_n_items (kab_trigger_job_get_rows (job));
  guint done = kab_trigger_job_count (job, KAB_TRIGGER_DONE);
  guint away = kab_trigger_job_count (job, KAB_TRIGGER_UNREACHABLE);
  g_autofree char *deed = kab_format_deed (kab_trigger_job_get_deed (job));

  if (done == n)
    /* Translators: %1$s is what hosts did ("Scan"), %2$u how many */
    return g_strdup_printf (ngettext ("%1$s: done on %2$u host", "%1$s: done on %2$u hosts", n),
                            deed, n);
  if (away > 0)
    /* Translators: %1$s is what hosts did, %2$u of %3$u how many did, %4$u how many were away */
    return g_strdup_printf (_("%1$s: done on %2$u of %3$u hosts, %4$u not connected"),
                            deed, done, n, away);

  /* Translators: %1$s is what hosts did ("Scan"), %2$u of %3$u how many did */
  return g_strdup_printf (_("%1$s: done on %2$u of %3$u hosts"), deed, done, n);
}

/* Whether an account may not delete is worth a word: the old file is taken by nobody, but it is there. */
static char *
describe_package_deed (KabPackageJob *job)
{
  g_autofree char *deed = kab_format_job (KAB_JOB (job));

  if (KAB_IS_DELETE_PACKAGE_JOB (job))
    return kab_package_delete_dup_told (KAB_DELETE_PACKAGE_JOB (job));
  if (kab_package_job_get_left (job) != NULL)
    /* Translators: %s is a deed such as "Promote demo-wua-base 13" */
    return g_strdup_printf (_("%s: done, but an old file is left"), deed);

  /* Translators: %s is a deed such as "Promote demo-wua-base 13" */
  return g_strdup_printf (_("%s: done"), deed);
}

/* Those who start the others tell of them together with what else they did. */
static void
tell_package_deed (KabWindow     *self,
                   KabPackageJob *job,
                   const char    *text)
{
  static const char * const told[] = { "promote", "roll-back", "delete", "resume", NULL };
  g_autoptr(GPtrArray) jobs = g_ptr_array_new ();

  if (!g_strv_contains (told, kab_job_get_kind (KAB_JOB (job))))
    return;

  g_ptr_array_add (jobs, job);
  kab_undo_toast_show (GTK_WIDGET (self), self->session, jobs, text);
}

/* FALSE: it is told elsewhere. The banner tells of what is automatic as long as it lasts, a dialog of what it did, the toast that
 * undoes a deletion of what came of it, and of what cannot be undone people are asked. */
static gboolean
tells_failure (KabWindow *self,
               KabJob    *job,
               gboolean   automatic)
{
  return !automatic && !kab_undo_toast_tells_of (job) && !kab_deed_view_tells_of (job) &&
         !(KAB_IS_DELETE_PACKAGE_JOB (job) &&
           kab_package_delete_ask_again (GTK_WIDGET (self), self->session, KAB_DELETE_PACKAGE_JOB (job)));
}

static void
job_finished_cb (KabWindow *self,
                 KabJob    *job)
{
  gboolean automatic = KAB_IS_SYNC_JOB (job) && kab_sync_job_is_automatic (KAB_SYNC_JOB (job));
  g_autofree char *text = NULL;

  switch (kab_job_get_state (job))
    {
    case KAB_JOB_DONE:
      text = KAB_IS_SYNC_JOB (job) ? describe_sync (KAB_SYNC_JOB (job))
             : KAB_IS_TRIGGER_JOB (job) ? describe_trigger (KAB_TRIGGER_JOB (job))
             : KAB_IS_PACKAGE_JOB (job) ? describe_package_deed (KAB_PACKAGE_JOB (job))
             : kab_format_job (job);
      if (KAB_IS_TRIGGER_JOB (job))
        kab_window_add_toast_with_action (GTK_WIDGET (self), text, _("Show"),
                                          "win.show-activity('tasks')");
      else if (KAB_IS_PACKAGE_JOB (job))
        tell_package_deed (self, KAB_PACKAGE_JOB (job), text);
      else if (!automatic)
        kab_window_add_toast (GTK_WIDGET (self), text);
      break;

    case KAB_JOB_FAILED:
      text = g_strdup (kab_error_text_describe (kab_job_get_error (job)));
      if (tells_failure (self, job, automatic))
        kab_window_add_error (GTK_WIDGET (self), kab_job_get_error (job));
      break;

    case KAB_JOB_CANCELLED:
      text = g_strdup (_("Cancelled: all is as it was before"));
      kab_window_add_toast (GTK_WIDGET (self), text);
      break;

    case KAB_JOB_WAITING:
    case KAB_JOB_RUNNING:
    default:
      return;
    }

  if (!automatic)
    notify_desktop (self, job, text);
}

static void
jobs_changed_cb (KabWindow  *self,
                 guint       position,
                 guint       removed,
                 guint       added,
                 GListModel *jobs)
{
  for (guint i = position; i < position + added; i++)
    {
      g_autoptr(KabJob) job = g_list_model_get_item (jobs, i);

      if (kab_job_get_state (job) <= KAB_JOB_RUNNING)
        {
          g_signal_handlers_disconnect_by_func (job, job_finished_cb, self);
          g_signal_connect_object (job, "finished", G_CALLBACK (job_finished_cb), self,
                                   G_CONNECT_SWAPPED);
        }
    }
}

static void
active_changed_cb (KabWindow *self)
{
  guint n = kab_job_queue_get_active (kab_session_get_jobs (self->session));
  g_autofree char *text = g_strdup_printf (ngettext ("%u job runs", "%u jobs run", n), n);

  kab_window_set_badge (self, "activity", n, FALSE, text);
}

void
kab_window_follow_jobs (KabWindow *self)
{
  KabJobQueue *jobs = kab_session_get_jobs (self->session);

  g_signal_connect_swapped (jobs, "items-changed", G_CALLBACK (jobs_changed_cb), self);
  g_signal_connect_swapped (jobs, "notify::active", G_CALLBACK (active_changed_cb), self);
}

void
kab_window_forget_jobs (KabWindow *self)
{
  GListModel *jobs = G_LIST_MODEL (kab_session_get_jobs (self->session));

  g_signal_handlers_disconnect_by_data (jobs, self);
  for (guint i = 0; i < g_list_model_get_n_items (jobs); i++)
    {
      g_autoptr(KabJob) job = g_list_model_get_item (jobs, i);

      g_signal_handlers_disconnect_by_data (job, self);
    }
}
