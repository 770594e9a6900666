/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-connect-dialog.h"
#include "kab-deed-view.h"
#include "kab-error-text.h"
#include "kab-format.h"
#include "kab-package-delete.h"
#include "kab-settings.h"
#include "kab-signing.h"
#include "kab-sync-job.h"
#include "kab-trigger-job.h"
#include "kab-undo-toast.h"
#include "kab-welcome.h"
#include "kab-window-private.h"

/* A job that took this long tells the desktop that it ended, if nobody looks. */
#define LONG_JOB_SECONDS 10

static void
for_each_page (KabWindow  *self,
               void      (*func) (KabPage *page, KabSession *session))
{
  for (GtkWidget *page = gtk_widget_get_first_child (GTK_WIDGET (self->pages)); page != NULL;
       page = gtk_widget_get_next_sibling (page))
    func (KAB_PAGE (page), self->session);
}

void
kab_window_update_actions (KabWindow *self)
{
  gboolean open = self->session != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.sync", open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.search", open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.toggle-filters", open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.show-servers", open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.sign-in", open);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "win.check-server", open);
}

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

/* Automatic: at the start when the data is old, then every so many minutes. */
static void
sync_when_due (KabWindow *self)
{
  const KabProfile *profile = kab_session_get_profile (self->session);
  KabSnapshot *snapshot = kab_session_get_snapshot (self->session);
  gint64 now = g_get_monotonic_time ();
  gint64 pause = (gint64) profile->sync_minutes * 60 * G_USEC_PER_SEC;
  gint64 age;

  if (snapshot == NULL || kab_job_queue_get_active (kab_session_get_jobs (self->session)) > 0)
    return;

  age = kab_session_get_now (self->session) - kab_snapshot_get_synced_at (snapshot);
  if (kab_snapshot_get_synced_at (snapshot) != 0 &&
      (pause == 0 || age < (gint64) profile->sync_minutes * 60))
    return;
  /* A server that is away is asked at the same pace, not every half minute. */
  if (self->last_automatic_at != 0 && now - self->last_automatic_at < MAX (pause, G_USEC_PER_SEC * 60))
    return;

  self->last_automatic_at = now;
  kab_session_sync (self->session, TRUE);
}

/* Counts of another server say nothing about this one. */
static void
clear_badges (KabWindow *self)
{
  static const char * const pages[] = { "updates", "hosts", "packages", "activity" };

  for (guint i = 0; i < G_N_ELEMENTS (pages); i++)
    kab_window_set_badge (self, pages[i], 0, FALSE, NULL);
}

static void
active_changed_cb (KabWindow *self)
{
  guint n = kab_job_queue_get_active (kab_session_get_jobs (self->session));
  g_autofree char *text = g_strdup_printf (ngettext ("%u job runs", "%u jobs run", n), n);

  kab_window_set_badge (self, "activity", n, FALSE, text);
}

static void
refresh_page (KabPage    *page,
              KabSession *session)
{
  if (gtk_widget_get_mapped (GTK_WIDGET (page)))
    kab_page_refresh (page);
}

void
kab_window_minute (KabWindow *self)
{
  if (self->session == NULL)
    return;

  kab_server_foot_update (self->foot);
  kab_banners_update (KAB_BANNERS (self->banners));
  for_each_page (self, refresh_page);
  sync_when_due (self);
}

static void
snapshot_changed_cb (KabWindow *self)
{
  kab_window_count_badges (self);
  sync_when_due (self);
}

void
kab_window_close_session (KabWindow *self)
{
  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  kab_window_stop_counting (self);

  if (self->session == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->session, self);
  g_signal_handlers_disconnect_by_data (kab_session_get_jobs (self->session), self);
  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (kab_session_get_jobs (self->session))); i++)
    {
      g_autoptr(KabJob) job =
        g_list_model_get_item (G_LIST_MODEL (kab_session_get_jobs (self->session)), i);

      g_signal_handlers_disconnect_by_data (job, self);
    }
  kab_session_close (self->session);

  if (!gtk_widget_in_destruction (GTK_WIDGET (self)))
    {
      g_autoptr(KabSession) closed G_GNUC_UNUSED = g_steal_pointer (&self->session);

      kab_server_foot_set_session (self->foot, NULL);
      kab_banners_set_session (KAB_BANNERS (self->banners), NULL);
      clear_badges (self);
      for_each_page (self, kab_page_set_session);
    }
  g_clear_object (&self->session);
}

static void
signer_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabSigningCheck) check = kab_signing_check_finish (result, &error);

  if (check != NULL)
    kab_banners_set_signer (KAB_BANNERS (KAB_WINDOW (user_data)->banners), check->identity);
}

/* When does the certificate that we sign with expire? */
static void
read_signer (KabWindow        *self,
             const KabProfile *profile)
{
  if (profile->signing_certificate == NULL || *profile->signing_certificate == '\0')
    return;

  if (self->opening == NULL)
    self->opening = g_cancellable_new ();
  kab_signing_check_async (profile->signing_certificate, NULL, NULL, self->opening, signer_read_cb, self);
}

static void
passphrase_time_cb (KabSession *session)
{
  kab_session_set_passphrase_time (session, 60 * g_settings_get_uint (kab_settings_get_default (), "passphrase-minutes"));
}

/**
 * kab_window_open_profile:
 * @self: the window
 * @profile: a server
 * @password: (nullable): when it was given just now; else the keyring is asked
 *
 * Closes what is open and shows the mirror of @profile at once, however old it is.
 */
void
kab_window_open_profile (KabWindow        *self,
                         const KabProfile *profile,
                         const char       *password)
{
  g_autoptr(KabProfile) copy = NULL;
  g_autoptr(KabSession) session = NULL;
  gboolean practice;

  g_return_if_fail (KAB_IS_WINDOW (self));
  g_return_if_fail (profile != NULL);

  copy = kab_profile_copy (profile);
  kab_window_close_session (self);

  session = kab_session_new (copy, NULL);
  if (password != NULL)
    kab_session_set_password (session, password, FALSE);
  self->session = g_steal_pointer (&session);
  passphrase_time_cb (self->session);
  g_signal_connect_object (kab_settings_get_default (), "changed::passphrase-minutes", G_CALLBACK (passphrase_time_cb),
                           self->session, G_CONNECT_SWAPPED);
  self->last_automatic_at = 0;
  g_signal_connect_swapped (kab_session_get_jobs (self->session), "items-changed",
                            G_CALLBACK (jobs_changed_cb), self);
  g_signal_connect_swapped (kab_session_get_jobs (self->session), "notify::active",
                            G_CALLBACK (active_changed_cb), self);
  /* Before the pages, which take what was counted ahead. */
  g_signal_connect_swapped (self->session, "notify::snapshot", G_CALLBACK (snapshot_changed_cb), self);

  practice = g_str_equal (copy->name, KAB_PROFILE_PRACTICE);
  g_settings_set_boolean (kab_settings_get_default (), "practice", practice);
  if (self->servers != NULL && !practice)
    kab_servers_set_active (self->servers, copy->name);
  kab_server_foot_set_session (self->foot, self->session);
  kab_banners_set_session (KAB_BANNERS (self->banners), self->session);
  for_each_page (self, kab_page_set_session);
  kab_window_ensure_page (self, "overview");
  kab_window_update_actions (self);
  gtk_stack_set_visible_child_name (self->root, "pages");
  read_signer (self, copy);
  sync_when_due (self);
}

static void
practice_started_cb (GObject      *source,
                     GAsyncResult *result,
                     gpointer      user_data)
{
  g_autoptr(KabWindow) self = KAB_WINDOW (user_data);
  g_autoptr(GError) error = NULL;
  char *password = NULL;
  g_autoptr(KabProfile) profile = kab_practice_start_finish (result, &password, &error);

  if (profile != NULL)
    {
      if (self->servers != NULL)
        kab_servers_put (self->servers, KAB_PROFILE_PRACTICE, profile);
      kab_welcome_set_busy (KAB_WELCOME (self->welcome), FALSE);
      kab_window_open_profile (self, profile, password);
    }
  else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      kab_welcome_set_busy (KAB_WELCOME (self->welcome), FALSE);
      if (self->session == NULL)
        gtk_stack_set_visible_child_name (self->root, "welcome");
      kab_window_add_error (GTK_WIDGET (self), error);
    }
  g_clear_pointer (&password, kab_secret_free);
}

void
kab_window_open_practice (KabWindow *self)
{
  g_return_if_fail (KAB_IS_WINDOW (self));

  kab_window_close_session (self);
  kab_window_update_actions (self);
  kab_welcome_set_busy (KAB_WELCOME (self->welcome), TRUE);
  gtk_stack_set_visible_child_name (self->root, "welcome");
  self->opening = g_cancellable_new ();
  kab_practice_start_async (self->opening, practice_started_cb, g_object_ref (self));
}

static void
servers_failed_cb (KabWindow *self,
                   GError    *error)
{
  kab_window_add_error (GTK_WIDGET (self), error);
}

void
kab_window_set_servers (KabWindow  *self,
                        KabServers *servers)
{
  g_return_if_fail (KAB_IS_WINDOW (self));
  g_return_if_fail (KAB_IS_SERVERS (servers));

  if (!g_set_object (&self->servers, servers))
    return;

  g_signal_connect_swapped (servers, "failed", G_CALLBACK (servers_failed_cb), self);
  kab_server_foot_set_servers (self->foot, servers);
}

void
kab_window_show_welcome (KabWindow *self)
{
  g_return_if_fail (KAB_IS_WINDOW (self));

  gtk_stack_set_visible_child_name (self->root, "welcome");
}

void
kab_window_close_server (KabWindow *self)
{
  g_return_if_fail (KAB_IS_WINDOW (self));

  kab_window_close_session (self);
  kab_window_update_actions (self);
}

static void
sync_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  KabWindow *self = KAB_WINDOW (widget);

  if (self->session != NULL)
    kab_session_sync (self->session, FALSE);
}

static void
practice_action (GtkWidget  *widget,
                 const char *action_name,
                 GVariant   *parameter)
{
  kab_window_open_practice (KAB_WINDOW (widget));
}

static void
switch_server_action (GtkWidget  *widget,
                      const char *action_name,
                      GVariant   *parameter)
{
  KabWindow *self = KAB_WINDOW (widget);
  const char *name = g_variant_get_string (parameter, NULL);
  const KabProfile *profile;

  if (self->session != NULL && g_str_equal (kab_session_get_profile (self->session)->name, name))
    return;
  if (g_str_equal (name, KAB_PROFILE_PRACTICE))
    {
      kab_window_open_practice (self);
      return;
    }

  profile = self->servers != NULL ? kab_servers_find (self->servers, name) : NULL;
  if (profile != NULL)
    kab_window_open_profile (self, profile, NULL);
}

static void
connected_cb (KabWindow        *self,
              const KabProfile *profile,
              const char       *password,
              gboolean          remember)
{
  const KabProfile *stored = profile;

  if (self->servers != NULL)
    stored = kab_servers_put (self->servers, NULL, profile);
  kab_window_open_profile (self, stored, NULL);
  if (password != NULL && *password != '\0')
    kab_session_set_password (self->session, password, remember);
}

/**
 * kab_window_ask_for_server:
 * @self: the window
 * @address: (nullable): what is known of it already
 */
void
kab_window_ask_for_server (KabWindow  *self,
                           const char *address)
{
  KabConnectDialog *dialog;

  g_return_if_fail (KAB_IS_WINDOW (self));

  dialog = kab_connect_dialog_new (GTK_WINDOW (self), NULL);
  if (address != NULL)
    kab_connect_dialog_set_address (dialog, address);
  g_signal_connect_object (dialog, "accepted", G_CALLBACK (connected_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
connect_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  kab_window_ask_for_server (KAB_WINDOW (widget), NULL);
}

void
kab_window_class_install_session_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.sync", NULL, sync_action);
  gtk_widget_class_install_action (widget_class, "win.practice", NULL, practice_action);
  gtk_widget_class_install_action (widget_class, "win.switch-server", "s", switch_server_action);
  gtk_widget_class_install_action (widget_class, "win.connect", NULL, connect_action);
}
