/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-connect-dialog.h"
#include "kab-error-text.h"
#include "kab-error.h"
#include "kab-settings.h"
#include "kab-sync-job.h"
#include "kab-window-private.h"

static KabWindow *
get_window (GtkWidget *from)
{
  GtkWidget *root = KAB_IS_WINDOW (from) ? from : GTK_WIDGET (gtk_widget_get_root (from));

  /* A dialog's toasts are shown by the window it belongs to. */
  while (root != NULL && !KAB_IS_WINDOW (root) && GTK_IS_WINDOW (root))
    root = GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (root)));

  return KAB_IS_WINDOW (root) ? KAB_WINDOW (root) : NULL;
}

static GtkWindow *
get_parent (GtkWidget *from)
{
  GtkRoot *root = gtk_widget_get_root (from);

  return GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL;
}

static void
add_toast (GtkWidget *from,
           AdwToast  *toast)
{
  KabWindow *self = get_window (from);

  /* Tests and administrators can follow along. */
  g_info ("toast: %s", adw_toast_get_title (toast));
  if (self != NULL)
    adw_toast_overlay_add_toast (self->toasts, toast);
  else
    g_object_unref (toast);
}

static AdwToast *
toast_new (const char *text)
{
  /* Toasts read markup; names of hosts are no markup. */
  g_autofree char *escaped = g_markup_escape_text (text, -1);

  return adw_toast_new (escaped);
}

void
kab_window_add_toast (GtkWidget  *from,
                      const char *text)
{
  g_return_if_fail (GTK_IS_WIDGET (from));

  add_toast (from, toast_new (text));
}

void
kab_window_add_toast_with_action (GtkWidget  *from,
                                  const char *text,
                                  const char *button,
                                  const char *action)
{
  AdwToast *toast;

  g_return_if_fail (GTK_IS_WIDGET (from));

  toast = toast_new (text);
  adw_toast_set_button_label (toast, button);
  adw_toast_set_detailed_action_name (toast, action);
  add_toast (from, toast);
}

/* A toast's button that calls somebody back: at most once. */
typedef struct {
  KabAnswerFunc  callback;
  gpointer       user_data;
  GDestroyNotify destroy;
} ToastCall;

static void
toast_call_free (gpointer  data,
                 GClosure *closure)
{
  ToastCall *call = data;

  if (call->destroy != NULL)
    call->destroy (call->user_data);
  g_free (call);
}

static void
toast_clicked_cb (AdwToast  *toast,
                  ToastCall *call)
{
  call->callback (TRUE, call->user_data);
}

void
kab_window_add_toast_with_answer (GtkWidget      *from,
                                  const char     *text,
                                  const char     *button,
                                  KabAnswerFunc   callback,
                                  gpointer        user_data,
                                  GDestroyNotify  destroy)
{
  ToastCall *call;
  AdwToast *toast;

  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (callback != NULL);

  call = g_new0 (ToastCall, 1);
  *call = (ToastCall) { callback, user_data, destroy };
  toast = toast_new (text);
  adw_toast_set_button_label (toast, button);
  adw_toast_set_timeout (toast, 10);
  /* Not behind what other jobs have to tell. */
  adw_toast_set_priority (toast, ADW_TOAST_PRIORITY_HIGH);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (toast_clicked_cb), call, toast_call_free, 0);
  add_toast (from, toast);
}

static void
details_clicked_cb (AdwToast *toast,
                    GError   *error)
{
  GtkWidget *window = g_object_get_data (G_OBJECT (toast), "kab-window");

  if (window != NULL)
    kab_window_show_error (window, error);
}

void
kab_window_show_error (GtkWidget    *from,
                       const GError *error)
{
  GtkWidget *dialog;
  GtkWidget *label;

  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (error != NULL);

  dialog = adw_message_dialog_new (get_parent (from),
                                   kab_error_text_title (error), kab_error_text_describe (error));
  label = g_object_new (GTK_TYPE_LABEL,
                        "label", error->message, "wrap", TRUE,
                        "wrap-mode", PANGO_WRAP_WORD_CHAR, "selectable", TRUE, "xalign", 0.0,
                        "max-width-chars", 50, NULL);
  gtk_widget_add_css_class (label, "kab-technical");
  adw_message_dialog_set_extra_child (ADW_MESSAGE_DIALOG (dialog), label);
  adw_message_dialog_add_response (ADW_MESSAGE_DIALOG (dialog), "close", _("_Close"));
  gtk_window_present (GTK_WINDOW (dialog));
}

void
kab_window_add_error (GtkWidget    *from,
                      const GError *error)
{
  AdwToast *toast;
  KabWindow *self;

  g_return_if_fail (GTK_IS_WIDGET (from));

  if (!kab_error_text_is_shown (error))
    return;

  g_info ("error shown: %s", error->message);
  self = get_window (from);
  toast = toast_new (kab_error_text_title (error));
  adw_toast_set_button_label (toast, _("Details"));
  g_object_set_data (G_OBJECT (toast), "kab-window", self);
  g_signal_connect_data (toast, "button-clicked", G_CALLBACK (details_clicked_cb),
                         g_error_copy (error), (GClosureNotify) (void (*) (void)) g_error_free, 0);
  add_toast (from, toast);
}

/* A question under way: what to call, once. */
typedef struct {
  KabAnswerFunc   callback;
  gpointer        user_data;
  GDestroyNotify  destroy;
} Question;

static Question *
question_new (KabAnswerFunc  callback,
              gpointer       user_data,
              GDestroyNotify destroy)
{
  Question *question = g_new0 (Question, 1);

  question->callback = callback;
  question->user_data = user_data;
  question->destroy = destroy;

  return question;
}

static void
question_answer (Question *question,
                 gboolean  yes)
{
  question->callback (yes, question->user_data);
  if (question->destroy != NULL)
    question->destroy (question->user_data);
  g_free (question);
}

static void
answered_cb (AdwMessageDialog *dialog,
             const char       *response,
             Question         *question)
{
  question_answer (question, g_str_equal (response, "yes"));
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

  dialog = ADW_MESSAGE_DIALOG (adw_message_dialog_new (get_parent (from), heading, body));
  adw_message_dialog_add_response (dialog, "cancel", _("_Cancel"));
  adw_message_dialog_add_response (dialog, "yes", answer);
  adw_message_dialog_set_response_appearance (dialog, "yes",
                                              destructive ? ADW_RESPONSE_DESTRUCTIVE
                                                          : ADW_RESPONSE_SUGGESTED);
  if (!destructive)
    adw_message_dialog_set_default_response (dialog, "yes");
  adw_message_dialog_set_close_response (dialog, "cancel");
  g_signal_connect (dialog, "response", G_CALLBACK (answered_cb),
                    question_new (callback, user_data, destroy));
  gtk_window_present (GTK_WINDOW (dialog));
}

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
    ADW_MESSAGE_DIALOG (adw_message_dialog_new (get_parent (from), heading, body));
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
                     Question         *question)
{
  KabSession *session = g_object_get_data (G_OBJECT (dialog), "kab-session");
  GtkEditable *entry = g_object_get_data (G_OBJECT (dialog), "kab-entry");
  gboolean yes = g_str_equal (response, "yes");

  if (yes)
    kab_session_set_signing_passphrase (session, gtk_editable_get_text (entry));
  gtk_editable_set_text (entry, "");
  question_answer (question, yes);
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
  Question  *question;
} Unlock;

static void
key_checked_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  KabSession *session = KAB_SESSION (source);
  Unlock *unlock = user_data;
  g_autoptr(GtkWidget) from = unlock->from;
  Question *question = unlock->question;
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
      question_answer (question, FALSE);
      return;
    }

  if (!needs_passphrase || gtk_widget_get_root (from) == NULL)
    {
      question_answer (question, !needs_passphrase);
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

  self = get_window (from);
  if (self == NULL || self->session == NULL)
    {
      question_answer (question_new (callback, user_data, destroy), FALSE);
      return;
    }

  unlock = g_new0 (Unlock, 1);
  unlock->from = g_object_ref (from);
  unlock->question = question_new (callback, user_data, destroy);
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
  gtk_widget_class_install_action (widget_class, "win.sign-in", NULL, sign_in_action);
  gtk_widget_class_install_action (widget_class, "win.check-server", NULL, check_server_action);
}
