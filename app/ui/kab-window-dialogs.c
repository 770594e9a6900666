/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-connect-dialog.h"
#include "kab-sync-job.h"
#include "kab-window-private.h"

GtkWindow *
kab_window_find_parent (GtkWidget *from)
{
  GtkRoot *root = gtk_widget_get_root (from);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

KabQuestion *
kab_question_new (KabAnswerFunc  callback,
                  gpointer       user_data,
                  GDestroyNotify destroy)
{
  KabQuestion *question = g_new0 (KabQuestion, 1);

  question->callback = callback;
  question->user_data = user_data;
  question->destroy = destroy;

  return question;
}

void
kab_question_answer (KabQuestion *question,
                     gboolean     yes)
{
  question->callback (yes, question->user_data);
  if (question->destroy != NULL)
    question->destroy (question->user_data);
  g_free (question);
}

static void
answered_cb (AdwMessageDialog *dialog,
             const char       *response,
             KabQuestion      *question)
{
  kab_question_answer (question, g_str_equal (response, "yes"));
}

void
kab_window_ask (GtkWidget     *from,
                const char    *heading,
                const char    *body,
                const char    *answer,
                gboolean       destructive,
                KabAnswerFunc  callback,
                gpointer       user_data,
                GDestroyNotify destroy)
{
  AdwMessageDialog *dialog;

  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (callback != NULL);

  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (kab_window_find_parent (from), heading, body));
  adw_message_dialog_add_response (dialog, "cancel", _("_Cancel"));
  adw_message_dialog_add_response (dialog, "yes", answer);
  adw_message_dialog_set_response_appearance (dialog, "yes",
                                              destructive ? ADW_RESPONSE_DESTRUCTIVE
                                                          : ADW_RESPONSE_SUGGESTED);
  if (!destructive)
    adw_message_dialog_set_default_response (dialog, "yes");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (answered_cb),
                    kab_question_new (callback, user_data, destroy));
  gtk_window_present (GTK_WINDOW (dialog));
}

static gboolean
met_other_server (KabSession *session)
{
  GListModel *jobs = G_LIST_MODEL (kab_session_get_jobs (session));

  /* Newest first */
  for (guint i = 0; i < g_list_model_get_n_items (jobs); i++)
    {
      g_autoptr(KabJob) job = g_list_model_get_item (jobs, i);

      if (KAB_IS_SYNC_JOB (job))
        return kab_sync_job_met_other_server (KAB_SYNC_JOB (job));
    }

  return FALSE;
}

static void
accept_server_cb (gboolean yes,
                  gpointer user_data)
{
  KabWindow *self = KAB_WINDOW (user_data);

  if (yes && self->session != NULL)
    kab_session_sync_accepting_server (self->session);
}

static void
certificate_accepted_cb (KabWindow        *self,
                         const KabProfile *profile,
                         const char       *password,
                         gboolean          remember)
{
  const KabProfile *stored;

  if (self->servers == NULL || self->session == NULL)
    return;

  stored = kab_servers_put (self->servers, kab_session_get_profile (self->session)->name, profile);
  kab_window_open_profile (self, stored, NULL);
  if (password != NULL && *password != '\0')
    kab_session_set_password (self->session, password, remember);
}

static void
check_server_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  KabWindow *self = KAB_WINDOW (widget);
  KabConnectDialog *dialog;

  if (met_other_server (self->session))
    {
      kab_window_ask (widget, _("Another Server Than Before?"),
                      _("At this address answers a server with another identity than the one whose data is "
                        "shown. If it was set up anew, go on: its data replaces what is shown, and the history "
                        "is kept."),
                      _("_Read Its Data"), TRUE, accept_server_cb, g_object_ref (self), g_object_unref);
      return;
    }

  dialog = kab_connect_dialog_new (GTK_WINDOW (self), kab_session_get_profile (self->session));
  g_signal_connect_object (dialog, "accepted", G_CALLBACK (certificate_accepted_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

/* Read when it is asked for: GTK would build it for every window at the start. */
static void
show_help_overlay_action (GtkWidget  *widget,
                          const char *action_name,
                          GVariant   *parameter)
{
  GtkApplicationWindow *self = GTK_APPLICATION_WINDOW (widget);

  if (gtk_application_window_get_help_overlay (self) == NULL)
    {
      g_autoptr(GtkBuilder) builder = gtk_builder_new_from_resource ("/io/github/kabinet/Kabinet/help-overlay.ui");
      GObject *overlay = gtk_builder_get_object (builder, "help_overlay");

      gtk_application_window_set_help_overlay (self, GTK_SHORTCUTS_WINDOW (overlay));
    }
  gtk_window_present (GTK_WINDOW (gtk_application_window_get_help_overlay (self)));
}

void
kab_window_class_install_dialog_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.show-help-overlay", NULL, show_help_overlay_action);
  gtk_widget_class_install_action (widget_class, "win.check-server", NULL, check_server_action);
  kab_window_class_install_secret_actions (widget_class);
}
