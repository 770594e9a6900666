/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-badge.h"
#include "kab-error-text.h"
#include "kab-format.h"
#include "kab-key-dialog.h"
#include "kab-settings.h"
#include "kab-signing-page.h"
#include "kab-ui.h"

struct _KabSigningPage
{
  AdwPreferencesPage  parent_instance;

  GtkListBox         *keys;
  AdwActionRow       *folder_row;
  GtkSpinButton      *minutes;

  KabWindow          *window;        /* borrowed */
  KabServers         *servers;       /* borrowed */
  GCancellable       *cancellable;
};

G_DEFINE_FINAL_TYPE (KabSigningPage, kab_signing_page, ADW_TYPE_PREFERENCES_PAGE)

static char *
dup_folder (void)
{
  char *folder = g_settings_get_string (kab_settings_get_default (), "keys-folder");

  if (*folder != '\0')
    return folder;

  g_free (folder);
  return kab_signing_keys_dup_folder ();
}

static const KabProfile *
get_profile (KabSigningPage *self)
{
  KabSession *session = self->window != NULL ? kab_window_get_session (self->window) : NULL;

  return session != NULL ? kab_session_get_profile (session) : NULL;
}

static char *
describe_expiry (const KabIdentity *identity,
                 gint64             now)
{
  gint64 days = kab_identity_get_days_left (identity, now);
  g_autofree char *date = kab_format_date (kab_identity_get_expiry (identity, now) == KAB_EXPIRY_NOT_YET
                                           ? identity->not_before : identity->not_after);

  switch (kab_identity_get_expiry (identity, now))
    {
    case KAB_EXPIRY_PAST:
      /* Translators: %s is a date */
      return g_strdup_printf (_("Ended on %s: nobody trusts what it signs"), date);

    case KAB_EXPIRY_NOT_YET:
      /* Translators: %s is a date */
      return g_strdup_printf (_("Good from %s on"), date);

    case KAB_EXPIRY_SOON:
      /* Translators: %1$s is a date, %2$d a number of days */
      return g_strdup_printf (ngettext ("Ends on %1$s, in %2$d day", "Ends on %1$s, in %2$d days", (gulong) days),
                              date, (int) days);

    case KAB_EXPIRY_FINE:
    default:
      /* Translators: %s is a date */
      return g_strdup_printf (_("Good until %s"), date);
    }
}

static const char *
describe_key (KabSigningKey *key)
{
  if (key->key_path == NULL)
    return _("Its key is not here: it can only be trusted, not used");
  if (key->is_weak)
    return _("Too weak by today’s measure");

  return key->key_is_encrypted ? _("With its key, locked by a passphrase") : _("With its key, which is not locked");
}

static void
bind_expiry (KabBadge          *badge,
             const KabIdentity *identity,
             gint64             now)
{
  switch (kab_identity_get_expiry (identity, now))
    {
    case KAB_EXPIRY_PAST:
      kab_badge_set (badge, "error", "dialog-error-symbolic", _("Ended"), NULL);
      break;
    case KAB_EXPIRY_SOON:
      kab_badge_set (badge, "warning", "dialog-warning-symbolic", _("Ends soon"), NULL);
      break;
    case KAB_EXPIRY_NOT_YET:
      kab_badge_set (badge, "neutral", NULL, _("Not yet"), NULL);
      break;
    case KAB_EXPIRY_FINE:
    default:
      kab_badge_set (badge, "success", "emblem-ok-symbolic", _("Good"), NULL);
      break;
    }
}

static void
use_key (KabSigningPage *self,
         const char     *certificate,
         const char     *key)
{
  const KabProfile *current = get_profile (self);
  g_autoptr(KabProfile) profile = NULL;

  if (current == NULL || self->servers == NULL)
    return;

  profile = kab_profile_copy (current);
  g_free (profile->signing_certificate);
  profile->signing_certificate = g_strdup (certificate);
  g_free (profile->signing_key);
  profile->signing_key = g_strdup (key);
  kab_secrets_forget (KAB_SECRET_SIGNING_PASSPHRASE, profile);
  kab_window_open_profile (self->window, kab_servers_put (self->servers, current->name, profile), NULL);
}

static void list_keys (KabSigningPage *self);

static void
use_clicked_cb (GtkButton      *button,
                KabSigningPage *self)
{
  g_autoptr(KabSigningKey) key = g_object_ref (g_object_get_data (G_OBJECT (button), "kab-key"));

  use_key (self, key->certificate_path, key->key_path);
  list_keys (self);
}

static GtkWidget *
row_new (KabSigningPage *self,
         KabSigningKey  *key)
{
  const KabProfile *profile = get_profile (self);
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;
  gboolean used = profile != NULL && g_strcmp0 (profile->signing_certificate, key->certificate_path) == 0;
  g_autofree char *name = g_markup_escape_text (key->identity->name != NULL ? key->identity->name : "", -1);
  g_autofree char *expiry = describe_expiry (key->identity, now);
  g_autofree char *words = g_strdup_printf ("%s\n%s\n%s", _(kab_identity_get_purpose (key->identity)), expiry,
                                            describe_key (key));
  g_autofree char *subtitle = g_markup_escape_text (words, -1);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", name, "subtitle", subtitle, "subtitle-lines", 0,
                                 "tooltip-text", key->certificate_path, NULL);
  GtkWidget *badge = kab_badge_new ();

  bind_expiry (KAB_BADGE (badge), key->identity, now);
  gtk_widget_set_valign (badge, GTK_ALIGN_CENTER);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), badge);
  if (used)
    {
      GtkWidget *mark = kab_badge_new ();

      kab_badge_set (KAB_BADGE (mark), "accent", "object-select-symbolic", _("In use"),
                     _("It signs for the server that is shown"));
      gtk_widget_set_valign (mark, GTK_ALIGN_CENTER);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), mark);
    }
  else if (key->key_path != NULL && profile != NULL)
    {
      GtkWidget *button = gtk_button_new_with_mnemonic (_("_Use"));

      gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
      gtk_widget_set_tooltip_text (button, _("Sign with it for the server that is shown"));
      g_object_set_data_full (G_OBJECT (button), "kab-key", g_object_ref (key), g_object_unref);
      g_signal_connect_object (button, "clicked", G_CALLBACK (use_clicked_cb), self, 0);
      adw_action_row_add_suffix (ADW_ACTION_ROW (row), button);
    }

  return row;
}

static GtkWidget *
note_new (const char *text)
{
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", text, "title-lines", 0, NULL);

  return row;
}

static void
listed_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) keys = kab_signing_keys_list_finish (result, &error);
  KabSigningPage *self;
  GtkWidget *child;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_SIGNING_PAGE (user_data);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->keys))) != NULL)
    gtk_list_box_remove (self->keys, child);
  if (error != NULL)
    gtk_list_box_append (self->keys, note_new (kab_error_text_describe (error)));
  else if (g_list_model_get_n_items (keys) == 0)
    gtk_list_box_append (self->keys, note_new (_("No certificate lies in this folder yet. Make a new key, or import the one "
                                                 "you have.")));
  for (guint i = 0; keys != NULL && i < g_list_model_get_n_items (keys); i++)
    {
      g_autoptr(KabSigningKey) key = g_list_model_get_item (keys, i);

      gtk_list_box_append (self->keys, row_new (self, key));
    }
}

static void
list_keys (KabSigningPage *self)
{
  const KabProfile *profile = get_profile (self);
  g_autofree char *folder = dup_folder ();
  g_autofree char *shown = g_filename_display_name (folder);
  g_autofree char *escaped = g_markup_escape_text (shown, -1);

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();
  adw_action_row_set_subtitle (self->folder_row, escaped);
  kab_signing_keys_list_async (folder, profile != NULL ? profile->signing_certificate : NULL,
                               profile != NULL ? profile->signing_key : NULL, self->cancellable, listed_cb, self);
}

static void
added_cb (KabSigningPage *self,
          KabSigningKey  *key)
{
  const KabProfile *profile = get_profile (self);

  /* Who had none wants this one. */
  if (profile != NULL && key->key_path != NULL &&
      (profile->signing_certificate == NULL || *profile->signing_certificate == '\0'))
    use_key (self, key->certificate_path, key->key_path);
  list_keys (self);
}

static void
show_dialog (KabSigningPage *self,
             gboolean        import)
{
  g_autofree char *folder = dup_folder ();
  KabKeyDialog *dialog = kab_key_dialog_new (GTK_WINDOW (gtk_widget_get_root (GTK_WIDGET (self))), folder, import);

  g_signal_connect_object (dialog, "added", G_CALLBACK (added_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
new_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  show_dialog (KAB_SIGNING_PAGE (widget), FALSE);
}

static void
import_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  show_dialog (KAB_SIGNING_PAGE (widget), TRUE);
}

static void
folder_chosen_cb (GtkNativeDialog *chooser,
                  int              response,
                  KabSigningPage  *self)
{
  g_autoptr(GFile) file = NULL;

  if (response == GTK_RESPONSE_ACCEPT)
    file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
  if (file != NULL && g_file_peek_path (file) != NULL)
    {
      g_settings_set_string (kab_settings_get_default (), "keys-folder", g_file_peek_path (file));
      list_keys (self);
    }
  g_object_unref (chooser);
}

static void
folder_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  GtkFileChooserNative *chooser =
    gtk_file_chooser_native_new (_("Folder of Keys and Certificates"), GTK_WINDOW (gtk_widget_get_root (widget)),
                                 GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, _("_Select"), NULL);

  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (chooser), TRUE);
  g_signal_connect_object (chooser, "response", G_CALLBACK (folder_chosen_cb), widget, 0);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (chooser));
}

static void
kab_signing_page_dispose (GObject *object)
{
  KabSigningPage *self = KAB_SIGNING_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), KAB_TYPE_SIGNING_PAGE);

  G_OBJECT_CLASS (kab_signing_page_parent_class)->dispose (object);
}

static void
kab_signing_page_finalize (GObject *object)
{
  g_object_unref (KAB_SIGNING_PAGE (object)->cancellable);

  G_OBJECT_CLASS (kab_signing_page_parent_class)->finalize (object);
}

static void
kab_signing_page_class_init (KabSigningPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_signing_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_signing_page_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "preferences/kab-signing-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KabSigningPage, keys);
  gtk_widget_class_bind_template_child (widget_class, KabSigningPage, folder_row);
  gtk_widget_class_bind_template_child (widget_class, KabSigningPage, minutes);
  gtk_widget_class_install_action (widget_class, "signing.new-key", NULL, new_action);
  gtk_widget_class_install_action (widget_class, "signing.import-key", NULL, import_action);
  gtk_widget_class_install_action (widget_class, "signing.choose-folder", NULL, folder_action);
}

static void
kab_signing_page_init (KabSigningPage *self)
{
  self->cancellable = g_cancellable_new ();
  gtk_widget_init_template (GTK_WIDGET (self));
  g_settings_bind (kab_settings_get_default (), "passphrase-minutes", self->minutes, "value", G_SETTINGS_BIND_DEFAULT);
}

void
kab_signing_page_set_window (KabSigningPage *self,
                             KabWindow      *window,
                             KabServers     *servers)
{
  g_return_if_fail (KAB_IS_SIGNING_PAGE (self));

  self->window = window;
  self->servers = servers;
  list_keys (self);
}
