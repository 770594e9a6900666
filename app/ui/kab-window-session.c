/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-connect-dialog.h"
#include "kab-settings.h"
#include "kab-signing.h"
#include "kab-welcome.h"
#include "kab-window-private.h"

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
  kab_window_forget_jobs (self);
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
  kab_window_follow_jobs (self);
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
