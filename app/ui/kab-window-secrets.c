/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-error.h"
#include "kab-settings.h"
#include "kab-window-private.h"

/* A dialog with one secret to type; @remember: (out) (optional) a switch for the keyring. libadwaita 1.2 closes it
 * before it says the response: who reads what was typed then holds a reference to the entry. */
static AdwMessageDialog *
secret_dialog_new (GtkWidget   *from,
                   const char  *heading,
                   const char  *body,
                   const char  *entry_title,
                   const char  *answer,
                   GtkWidget  **entry,
                   GtkWidget  **remember)
{
  AdwMessageDialog *dialog =
    ADW_MESSAGE_DIALOG (adw_message_dialog_new (kab_window_find_parent (from), heading, body));
  GtkWidget *list = gtk_list_box_new ();

  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  *entry = g_object_new (ADW_TYPE_PASSWORD_ENTRY_ROW,
                         "title", entry_title, "activates-default", TRUE, NULL);
  gtk_list_box_append (GTK_LIST_BOX (list), *entry);
  if (remember != NULL)
    {
      GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW,
                                     "title", _("Remember in the keyring"), NULL);

      *remember = g_object_new (GTK_TYPE_SWITCH, "valign", GTK_ALIGN_CENTER, NULL);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), *remember);
      adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), *remember);
      gtk_list_box_append (GTK_LIST_BOX (list), row);
    }

  adw_message_dialog_set_extra_child (dialog, list);
  adw_message_dialog_add_response (dialog, "cancel", _("_Cancel"));
  adw_message_dialog_add_response (dialog, "yes", answer);
  adw_message_dialog_set_response_appearance (dialog, "yes", ADW_RESPONSE_SUGGESTED);
  adw_message_dialog_set_default_response (dialog, "yes");
  adw_message_dialog_set_close_response (dialog, "cancel");

  return dialog;
}

static void
passphrase_given_cb (AdwMessageDialog *dialog,
                     const char       *response,
                     KabQuestion      *question)
{
  KabSession *session = g_object_get_data (G_OBJECT (dialog), "kab-session");
  GtkEditable *entry = g_object_get_data (G_OBJECT (dialog), "kab-entry");
  gboolean yes = g_str_equal (response, "yes");

  if (yes)
    kab_session_set_signing_passphrase (session, gtk_editable_get_text (entry));
  gtk_editable_set_text (entry, "");
  kab_question_answer (question, yes);
}

static void
no_key_answered_cb (gboolean yes,
                    gpointer user_data)
{
  if (yes)
    gtk_widget_activate_action (GTK_WIDGET (user_data), "app.preferences", NULL);
}

typedef struct {
  GtkWidget *from;
  KabQuestion  *question;
} Unlock;

static void
key_checked_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  KabSession *session = KAB_SESSION (source);
  Unlock *unlock = user_data;
  g_autoptr(GtkWidget) from = unlock->from;
  KabQuestion *question = unlock->question;
  g_autoptr(GError) error = NULL;
  gboolean needs_passphrase = FALSE;
  g_autofree char *body = NULL;
  AdwMessageDialog *dialog;
  GtkWidget *entry;
  guint minutes;

  g_free (unlock);
  if (!kab_session_check_signing_key_finish (session, result, &needs_passphrase, &error))
    {
      if (gtk_widget_get_root (from) != NULL &&
          (g_error_matches (error, KAB_ERROR, KAB_ERROR_USAGE) ||
           g_error_matches (error, KAB_ERROR, KAB_ERROR_NOT_FOUND)))
        kab_window_ask (from,
                        _("No Signing Key"),
                        _("Hosts do only what is signed by somebody they trust. Choose your certificate "
                          "and key in the preferences of this server."),
                        _("_Preferences"), FALSE, no_key_answered_cb, g_object_ref (from),
                        g_object_unref);
      else
        kab_window_add_error (from, error);
      kab_question_answer (question, FALSE);
      return;
    }

  if (!needs_passphrase || gtk_widget_get_root (from) == NULL)
    {
      kab_question_answer (question, !needs_passphrase);
      return;
    }

  minutes = g_settings_get_uint (kab_settings_get_default (), "passphrase-minutes");
  body = g_strdup_printf (ngettext ("The key that signs for the hosts is locked. Its passphrase is kept in memory for %u minute.",
                                    "The key that signs for the hosts is locked. Its passphrase is kept in memory for %u minutes.",
                                    minutes), minutes);
  dialog = secret_dialog_new (from, _("Unlock Signing Key"), body, _("Passphrase"), _("_Unlock"), &entry, NULL);
  g_object_set_data_full (G_OBJECT (dialog), "kab-session", g_object_ref (session), g_object_unref);
  g_object_set_data_full (G_OBJECT (dialog), "kab-entry", g_object_ref (entry), g_object_unref);
  g_signal_connect (dialog, "response", G_CALLBACK (passphrase_given_cb), question);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
kab_window_unlock_key (GtkWidget     *from,
                       KabAnswerFunc  callback,
                       gpointer       user_data,
                       GDestroyNotify destroy)
{
  KabWindow *self;
  Unlock *unlock;

  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (callback != NULL);

  self = kab_window_find (from);
  if (self == NULL || self->session == NULL)
    {
      kab_question_answer (kab_question_new (callback, user_data, destroy), FALSE);
      return;
    }

  unlock = g_new0 (Unlock, 1);
  unlock->from = g_object_ref (from);
  unlock->question = kab_question_new (callback, user_data, destroy);
  kab_session_check_signing_key_async (self->session, NULL, key_checked_cb, unlock);
}

static void
password_given_cb (AdwMessageDialog *dialog,
                   const char       *response,
                   KabWindow        *self)
{
  GtkEditable *entry = g_object_get_data (G_OBJECT (dialog), "kab-entry");
  GtkSwitch *remember = g_object_get_data (G_OBJECT (dialog), "kab-remember");

  if (g_str_equal (response, "yes") && self->session != NULL)
    {
      kab_session_set_password (self->session, gtk_editable_get_text (entry),
                                gtk_switch_get_active (remember));
      kab_session_sync (self->session, FALSE);
    }
  gtk_editable_set_text (entry, "");
}

static void
sign_in_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  KabWindow *self = KAB_WINDOW (widget);
  const KabProfile *profile = kab_session_get_profile (self->session);
  g_autofree char *host = kab_profile_dup_host (profile);
  g_autofree char *body = NULL;
  AdwMessageDialog *dialog;
  GtkWidget *entry;
  GtkWidget *remember;

  if (profile->user != NULL && *profile->user != '\0')
    /* Translators: %1$s is a user, %2$s a server */
    body = g_strdup_printf (_("Password of %1$s on %2$s"), profile->user, host);
  else
    body = g_strdup (host);

  dialog = secret_dialog_new (widget, _("Sign In"), body, _("Password"), _("_Sign In"),
                              &entry, &remember);
  g_object_set_data_full (G_OBJECT (dialog), "kab-entry", g_object_ref (entry), g_object_unref);
  g_object_set_data_full (G_OBJECT (dialog), "kab-remember", g_object_ref (remember), g_object_unref);
  g_signal_connect_object (dialog, "response", G_CALLBACK (password_given_cb), self, 0);
  gtk_window_present (GTK_WINDOW (dialog));
}

void
kab_window_class_install_secret_actions (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "win.sign-in", NULL, sign_in_action);
}
