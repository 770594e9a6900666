/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-connect-dialog.h"
#include "kab-error-text.h"
#include "kab-file-row.h"
#include "kab-format.h"
#include "kab-server-editor.h"
#include "kab-signing.h"
#include "kab-ui.h"

struct _KabServerEditor
{
  AdwBin           parent_instance;

  AdwWindowTitle  *window_title;
  AdwActionRow    *connection;
  GtkWidget       *show;
  GtkSpinButton   *sync_minutes;
  GtkSwitch       *open_level_only;
  GtkSpinButton   *silent_days;
  GtkSpinButton   *stale_scan_days;
  KabFileRow      *signing_certificate;
  KabFileRow      *signing_key;
  AdwActionRow    *identity;
  GtkImage        *identity_icon;
  GtkEditable     *proxy;
  GtkEditable     *updates_path;
  GtkEditable     *states_path;
  GtkEditable     *action_scan;
  GtkEditable     *action_download;
  GtkEditable     *action_install;
  GtkEditable     *action_upgrade;
  GtkEditable     *action_cancel;
  GtkWidget       *remove_button;

  KabWindow       *window;          /* borrowed: it outlives its preferences */
  KabServers      *servers;
  KabProfile      *profile;         /* as it was stored last */
  GCancellable    *cancellable;
  gboolean         removed;
};

G_DEFINE_FINAL_TYPE (KabServerEditor, kab_server_editor, ADW_TYPE_BIN)

/* Entry rows and the member each fills. */
typedef struct {
  gsize row;
  gsize member;
} Field;
#define FIELD(name) { G_STRUCT_OFFSET (KabServerEditor, name), G_STRUCT_OFFSET (KabProfile, name) }

static const Field fields[] = {
  FIELD (proxy), FIELD (updates_path), FIELD (states_path), FIELD (action_scan), FIELD (action_download),
  FIELD (action_install), FIELD (action_upgrade), FIELD (action_cancel),
};

static void
set_member (char       **member,
            const char  *text,
            gboolean    *changed)
{
  g_autofree char *clean = g_strstrip (g_strdup (text));

  if (g_strcmp0 (*member != NULL ? *member : "", clean) == 0)
    return;

  g_free (*member);
  *member = g_steal_pointer (&clean);
  *changed = TRUE;
}

static void
set_number (guint    *member,
            guint     value,
            gboolean *changed)
{
  *changed = *changed || *member != value;
  *member = value;
}

static gboolean
read_fields (KabServerEditor *self,
             KabProfile      *profile)
{
  gboolean changed = FALSE;
  gboolean open_level_only = gtk_switch_get_active (self->open_level_only);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    set_member (&G_STRUCT_MEMBER (char *, profile, fields[i].member),
                gtk_editable_get_text (G_STRUCT_MEMBER (GtkEditable *, self, fields[i].row)), &changed);
  set_member (&profile->signing_certificate, kab_file_row_get_path (self->signing_certificate), &changed);
  set_member (&profile->signing_key, kab_file_row_get_path (self->signing_key), &changed);
  set_number (&profile->sync_minutes, (guint) gtk_spin_button_get_value_as_int (self->sync_minutes), &changed);
  set_number (&profile->silent_days, (guint) gtk_spin_button_get_value_as_int (self->silent_days), &changed);
  set_number (&profile->stale_scan_days,
              (guint) gtk_spin_button_get_value_as_int (self->stale_scan_days), &changed);
  changed = changed || !profile->open_level_only != !open_level_only;
  profile->open_level_only = open_level_only;

  return changed;
}

/* Keeps what was edited, and shows the server anew when it is the one that is shown. */
static void
store (KabServerEditor *self)
{
  g_autoptr(KabProfile) profile = NULL;
  g_autofree char *name = NULL;
  KabSession *session;
  const KabProfile *stored;

  if (self->removed || self->profile == NULL)
    return;

  profile = kab_profile_copy (self->profile);
  if (!read_fields (self, profile))
    return;

  name = g_strdup (self->profile->name);
  stored = kab_servers_put (self->servers, name, profile);
  kab_profile_free (self->profile);
  self->profile = kab_profile_copy (stored);

  session = kab_window_get_session (self->window);
  if (session != NULL && g_str_equal (kab_session_get_profile (session)->name, name))
    kab_window_open_profile (self->window, self->profile, NULL);
}

static void
describe_identity (KabServerEditor       *self,
                   const KabSigningCheck *check)
{
  g_autofree char *until = NULL;
  g_autofree char *text = NULL;
  g_autofree char *escaped = NULL;
  const char *trouble = NULL;

  if (check->identity != NULL)
    {
      until = kab_format_date (check->identity->not_after);
      /* Translators: %1$s is a person or team, %2$s who vouches for them, %3$s a date */
      text = g_strdup_printf (_("%1$s, vouched for by %2$s, until %3$s"), check->identity->name,
                              check->identity->is_self_signed ? _("nobody else") : check->identity->issuer,
                              until);
    }
  if (check->needs_passphrase)
    trouble = _("The key has a passphrase: it is asked when something is signed.");
  else if (check->error != NULL)
    trouble = kab_error_text_describe (check->error);
  else if (check->key_fits)
    trouble = _("The key belongs to it.");

  if (text != NULL && trouble != NULL)
    {
      g_autofree char *first = g_steal_pointer (&text);

      text = g_strdup_printf ("%s\n%s", first, trouble);
    }
  escaped = g_markup_escape_text (text != NULL ? text : trouble != NULL ? trouble : "", -1);
  adw_action_row_set_subtitle (self->identity, escaped);
  gtk_image_set_from_icon_name (self->identity_icon,
                                check->error != NULL && !check->needs_passphrase
                                ? "dialog-error-symbolic" : "application-certificate-symbolic");
}

static void
identity_read_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabSigningCheck) check = kab_signing_check_finish (result, &error);

  if (check != NULL)
    describe_identity (KAB_SERVER_EDITOR (user_data), check);
}

static void
signing_changed_cb (KabServerEditor *self)
{
  const char *certificate = kab_file_row_get_path (self->signing_certificate);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_set_visible (GTK_WIDGET (self->identity), *certificate != '\0');
  if (*certificate == '\0')
    return;

  self->cancellable = g_cancellable_new ();
  kab_signing_check_async (certificate, kab_file_row_get_path (self->signing_key), NULL,
                           self->cancellable, identity_read_cb, self);
}

static void
fill_in (KabServerEditor *self)
{
  const KabProfile *profile = self->profile;
  gboolean practice = g_str_equal (profile->name, KAB_PROFILE_PRACTICE);
  KabSession *session = kab_window_get_session (self->window);
  g_autofree char *url = g_markup_escape_text (profile->url, -1);

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      const char *text = G_STRUCT_MEMBER (char *, profile, fields[i].member);

      gtk_editable_set_text (G_STRUCT_MEMBER (GtkEditable *, self, fields[i].row), text != NULL ? text : "");
    }
  adw_window_title_set_title (self->window_title, practice ? _("Practice fleet") : profile->name);
  adw_action_row_set_subtitle (self->connection, url);
  gtk_spin_button_set_value (self->sync_minutes, profile->sync_minutes);
  gtk_spin_button_set_value (self->silent_days, profile->silent_days);
  gtk_spin_button_set_value (self->stale_scan_days, profile->stale_scan_days);
  gtk_switch_set_active (self->open_level_only, profile->open_level_only);
  kab_file_row_set_path (self->signing_certificate, profile->signing_certificate);
  kab_file_row_set_path (self->signing_key, profile->signing_key);
  signing_changed_cb (self);

  /* The practice fleet brings its own connection and is not stored. */
  gtk_widget_set_visible (GTK_WIDGET (self->connection), !practice);
  gtk_widget_set_visible (self->remove_button, !practice);
  gtk_widget_set_visible (self->show,
                          session == NULL ||
                          !g_str_equal (kab_session_get_profile (session)->name, profile->name));
}

static void
leave (KabServerEditor *self)
{
  GtkWidget *preferences = gtk_widget_get_ancestor (GTK_WIDGET (self), ADW_TYPE_PREFERENCES_WINDOW);

  if (preferences != NULL)
    adw_preferences_window_close_subpage (ADW_PREFERENCES_WINDOW (preferences));
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  store (KAB_SERVER_EDITOR (widget));
  leave (KAB_SERVER_EDITOR (widget));
}

static void
show_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  KabServerEditor *self = KAB_SERVER_EDITOR (widget);
  GtkRoot *root = gtk_widget_get_root (widget);

  store (self);
  gtk_widget_activate_action (GTK_WIDGET (self->window), "win.switch-server", "s", self->profile->name);
  if (GTK_IS_WINDOW (root))
    gtk_window_close (GTK_WINDOW (root));
}

static void
connection_accepted_cb (KabServerEditor  *self,
                        const KabProfile *profile,
                        const char       *password,
                        gboolean          remember)
{
  KabSession *session = kab_window_get_session (self->window);
  gboolean is_shown = session != NULL &&
                      g_str_equal (kab_session_get_profile (session)->name, self->profile->name);
  const KabProfile *stored = kab_servers_put (self->servers, self->profile->name, profile);

  kab_profile_free (self->profile);
  self->profile = kab_profile_copy (stored);
  if (is_shown)
    {
      kab_window_open_profile (self->window, self->profile, NULL);
      if (password != NULL && *password != '\0')
        kab_session_set_password (kab_window_get_session (self->window), password, remember);
    }
  fill_in (self);
}

static void
connection_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  KabServerEditor *self = KAB_SERVER_EDITOR (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  KabConnectDialog *dialog;

  store (self);
  dialog = kab_connect_dialog_new (GTK_WINDOW (root), self->profile);
  g_signal_connect_object (dialog, "accepted", G_CALLBACK (connection_accepted_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
remove_answered_cb (gboolean yes,
                    gpointer user_data)
{
  KabServerEditor *self = KAB_SERVER_EDITOR (user_data);
  KabSession *session = kab_window_get_session (self->window);

  if (!yes)
    return;

  self->removed = TRUE;
  if (session != NULL && g_str_equal (kab_session_get_profile (session)->name, self->profile->name))
    {
      kab_window_close_server (self->window);
      kab_window_show_welcome (self->window);
    }
  kab_secrets_forget (KAB_SECRET_PASSWORD, self->profile);
  kab_servers_remove (self->servers, self->profile->name);
  leave (self);
}

static void
remove_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  KabServerEditor *self = KAB_SERVER_EDITOR (widget);
  /* Translators: %s is a server */
  g_autofree char *heading = g_strdup_printf (_("Remove “%s”?"), self->profile->name);

  kab_window_ask (widget, heading,
                  _("Its settings and its password are forgotten. The server itself, and the history that "
                    "Kabinet keeps of it, stay as they are."),
                  _("_Remove"), TRUE, remove_answered_cb, g_object_ref (self), g_object_unref);
}

static void
kab_server_editor_unroot (GtkWidget *widget)
{
  /* However it is left: back, Escape, or the window closed. */
  store (KAB_SERVER_EDITOR (widget));

  GTK_WIDGET_CLASS (kab_server_editor_parent_class)->unroot (widget);
}

static void
kab_server_editor_dispose (GObject *object)
{
  KabServerEditor *self = KAB_SERVER_EDITOR (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), KAB_TYPE_SERVER_EDITOR);

  G_OBJECT_CLASS (kab_server_editor_parent_class)->dispose (object);
}

static void
kab_server_editor_finalize (GObject *object)
{
  KabServerEditor *self = KAB_SERVER_EDITOR (object);

  g_clear_object (&self->servers);
  g_clear_pointer (&self->profile, kab_profile_free);

  G_OBJECT_CLASS (kab_server_editor_parent_class)->finalize (object);
}

static void
kab_server_editor_class_init (KabServerEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_server_editor_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_server_editor_finalize;
  widget_class->unroot = kab_server_editor_unroot;

  g_type_ensure (KAB_TYPE_FILE_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "preferences/kab-server-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, window_title);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, connection);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, show);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, sync_minutes);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, open_level_only);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, silent_days);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, stale_scan_days);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, signing_certificate);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, signing_key);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, identity);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, identity_icon);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, proxy);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, updates_path);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, states_path);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, action_scan);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, action_download);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, action_install);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, action_upgrade);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, action_cancel);
  gtk_widget_class_bind_template_child (widget_class, KabServerEditor, remove_button);
  gtk_widget_class_bind_template_callback (widget_class, signing_changed_cb);

  gtk_widget_class_install_action (widget_class, "editor.back", NULL, back_action);
  gtk_widget_class_install_action (widget_class, "editor.show", NULL, show_action);
  gtk_widget_class_install_action (widget_class, "editor.connection", NULL, connection_action);
  gtk_widget_class_install_action (widget_class, "editor.remove", NULL, remove_action);
}

static void
kab_server_editor_init (KabServerEditor *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
kab_server_editor_new (KabWindow        *window,
                       KabServers       *servers,
                       const KabProfile *profile)
{
  KabServerEditor *self = g_object_new (KAB_TYPE_SERVER_EDITOR, NULL);

  self->window = window;
  self->servers = g_object_ref (servers);
  self->profile = kab_profile_copy (profile);
  fill_in (self);

  return GTK_WIDGET (self);
}
