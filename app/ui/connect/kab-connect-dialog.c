/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-connect-dialog.h"
#include "kab-connect-test.h"
#include "kab-error-text.h"
#include "kab-error.h"
#include "kab-file-row.h"
#include "kab-format.h"
#include "kab-secrets.h"
#include "kab-ui.h"

struct _KabConnectDialog
{
  AdwWindow            parent_instance;

  GtkButton           *connect_button;
  GtkEditable         *address;
  GtkEditable         *name;
  KabFileRow          *ca_file;
  GtkEditable         *user;
  GtkEditable         *password;
  GtkWidget           *remember_row;
  GtkSwitch           *remember;
  AdwExpanderRow      *certificate_row;
  KabFileRow          *client_certificate;
  KabFileRow          *client_key;
  GtkWidget           *page;
  GtkWidget           *result_group;
  AdwActionRow        *result;
  GtkStack            *result_stack;
  GtkImage            *result_icon;
  GtkSpinner          *spinner;
  GtkWidget           *identity;
  AdwActionRow        *identity_name;
  AdwActionRow        *identity_issuer;
  AdwActionRow        *identity_dates;
  GtkLabel            *identity_fingerprint;
  GtkWidget           *pin_row;
  GtkSwitch           *pin;

  KabProfile          *profile;       /* what is being edited; keeps what this dialog does not show */
  char                *fingerprint;   /* of the certificate that the last test saw */
  GCancellable        *cancellable;
  gboolean             accept;        /* close with “accepted” when the test is good */
  gboolean             may_skip;      /* tested as it is, and the server is only away */
};

G_DEFINE_FINAL_TYPE (KabConnectDialog, kab_connect_dialog, ADW_TYPE_WINDOW)

enum {
  SIGNAL_ACCEPTED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
set_text (char       **member,
          const char  *text)
{
  g_free (*member);
  *member = g_strstrip (g_strdup (text != NULL ? text : ""));
}

/* "srvwapt.example.lan" is what people type. */
static char *
dup_url (KabConnectDialog *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (self->address)));

  if (*text == '\0' || strstr (text, "://") != NULL)
    return g_steal_pointer (&text);

  return g_strconcat ("https://", text, NULL);
}

static gboolean
has_address (KabConnectDialog *self)
{
  g_autofree char *url = dup_url (self);
  g_autoptr(GUri) uri = g_uri_parse (url, G_URI_FLAGS_NONE, NULL);

  return uri != NULL && g_uri_get_host (uri) != NULL && *g_uri_get_host (uri) != '\0';
}

static void
read_fields (KabConnectDialog *self)
{
  g_autofree char *url = dup_url (self);
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (self->name)));
  gboolean pinned = self->fingerprint != NULL && gtk_switch_get_active (self->pin);

  set_text (&self->profile->url, url);
  if (*name == '\0')
    {
      g_free (name);
      name = kab_profile_dup_host (self->profile);
    }
  set_text (&self->profile->name, name);
  set_text (&self->profile->ca_file, kab_file_row_get_path (self->ca_file));
  set_text (&self->profile->user, gtk_editable_get_text (self->user));
  set_text (&self->profile->client_certificate, kab_file_row_get_path (self->client_certificate));
  set_text (&self->profile->client_key, kab_file_row_get_path (self->client_key));
  if (self->fingerprint != NULL)
    set_text (&self->profile->pinned_fingerprint, pinned ? self->fingerprint : "");
}

static void
update_actions (KabConnectDialog *self)
{
  gboolean busy = self->cancellable != NULL;

  gtk_widget_action_set_enabled (GTK_WIDGET (self), "connect.test", !busy && has_address (self));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "connect.accept", !busy && has_address (self));
  gtk_button_set_label (self->connect_button, self->may_skip ? _("_Add Anyway") : _("Co_nnect"));
  gtk_stack_set_visible_child_name (self->result_stack, busy ? "busy" : "icon");
  gtk_spinner_set_spinning (self->spinner, busy);
}

static void
set_result (KabConnectDialog *self,
            const char       *kind,
            const char       *icon_name,
            const char       *title,
            const char       *text)
{
  static const char * const kinds[] = { "success", "warning", "error" };
  g_autofree char *safe_title = g_markup_escape_text (title, -1);
  g_autofree char *safe_text = g_markup_escape_text (text != NULL ? text : "", -1);

  for (guint i = 0; i < G_N_ELEMENTS (kinds); i++)
    gtk_widget_remove_css_class (GTK_WIDGET (self->result_icon), kinds[i]);
  if (kind != NULL)
    gtk_widget_add_css_class (GTK_WIDGET (self->result_icon), kind);
  gtk_image_set_from_icon_name (self->result_icon, icon_name);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->result), safe_title);
  adw_action_row_set_subtitle (self->result, safe_text);
}

/* The result stands on top, where it is seen on the smallest screen too. */
static void
scroll_up (KabConnectDialog *self)
{
  GtkWidget *scrolled = gtk_widget_get_first_child (self->page);

  if (GTK_IS_SCROLLED_WINDOW (scrolled))
    gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled)), 0);
}

static void
edited_cb (KabConnectDialog *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  self->may_skip = FALSE;
  set_result (self, NULL, "network-server-symbolic", _("Not tested yet"), NULL);
  update_actions (self);
}

static void
pin_changed_cb (KabConnectDialog *self)
{
  self->may_skip = FALSE;
  if (gtk_switch_get_active (self->pin) && self->cancellable == NULL && has_address (self))
    kab_connect_dialog_test (self);
}

static void
entry_activated_cb (KabConnectDialog *self)
{
  if (has_address (self) && self->cancellable == NULL)
    kab_connect_dialog_test (self);
}

/* "1d56 6f78 …": read aloud over the telephone */
static char *
group_fingerprint (const char *fingerprint)
{
  GString *text = g_string_new (NULL);

  for (gsize i = 0; fingerprint[i] != '\0'; i++)
    {
      if (i > 0 && i % 4 == 0)
        g_string_append_c (text, i % 32 == 0 ? '\n' : ' ');
      g_string_append_c (text, fingerprint[i]);
    }

  return g_string_free (text, FALSE);
}

static void
set_subtitle (AdwActionRow *row,
              const char   *text)
{
  g_autofree char *escaped = g_markup_escape_text (text != NULL ? text : "", -1);

  adw_action_row_set_subtitle (row, escaped);
}

static void
show_identity (KabConnectDialog       *self,
               const KabConnectResult *result)
{
  const KabIdentity *identity = result->certificate;
  g_autofree char *from = NULL;
  g_autofree char *until = NULL;
  g_autofree char *dates = NULL;
  g_autofree char *fingerprint = NULL;
  gboolean pinned;

  gtk_widget_set_visible (self->identity, identity != NULL);
  if (identity == NULL)
    {
      g_clear_pointer (&self->fingerprint, g_free);
      return;
    }

  /* Another certificate than the one that was trusted: the user looks again. */
  if (g_strcmp0 (self->fingerprint, identity->fingerprint) != 0)
    {
      g_free (self->fingerprint);
      self->fingerprint = g_strdup (identity->fingerprint);
      pinned = g_strcmp0 (self->profile->pinned_fingerprint, self->fingerprint) == 0;
      g_signal_handlers_block_by_func (self->pin, pin_changed_cb, self);
      gtk_switch_set_active (self->pin, pinned);
      g_signal_handlers_unblock_by_func (self->pin, pin_changed_cb, self);
    }

  from = kab_format_date (identity->not_before);
  until = kab_format_date (identity->not_after);
  /* Translators: two dates */
  dates = g_strdup_printf (_("From %1$s until %2$s"), from, until);
  fingerprint = group_fingerprint (identity->fingerprint);
  set_subtitle (self->identity_name, identity->name);
  set_subtitle (self->identity_issuer,
                identity->is_self_signed ? _("itself (self-signed)") : identity->issuer);
  set_subtitle (self->identity_dates, dates);
  gtk_label_set_label (self->identity_fingerprint, fingerprint);
  adw_preferences_group_set_description (ADW_PREFERENCES_GROUP (self->identity),
                                         result->problems != NULL ? _(result->problems) : NULL);
  gtk_widget_set_visible (self->pin_row,
                          result->problems != NULL || gtk_switch_get_active (self->pin));
}

static char *
describe_good (const KabConnectResult *result)
{
  g_autofree char *hosts = NULL;

  hosts = g_strdup_printf (ngettext ("%u host", "%u hosts", result->n_hosts), result->n_hosts);
  if (result->version != NULL && *result->version != '\0')
    /* Translators: %1$s is a version, %2$s "12 hosts", %3$s how it is read: "host by host" */
    return g_strdup_printf (_("WAPT server %1$s · %2$s · read %3$s"), result->version, hosts,
                            kab_format_level (result->level));

  return g_steal_pointer (&hosts);
}

static void
accept_now (KabConnectDialog *self)
{
  g_autofree char *password = g_strdup (gtk_editable_get_text (self->password));
  gboolean remember = gtk_switch_get_active (self->remember);

  read_fields (self);
  gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
  g_signal_emit (self, signals[SIGNAL_ACCEPTED], 0, self->profile, password, remember);
  gtk_editable_set_text (self->password, "");
  memset (password, 0, strlen (password));
  gtk_window_destroy (GTK_WINDOW (self));
}

static void
tested_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(KabConnectDialog) self = KAB_CONNECT_DIALOG (user_data);
  g_autoptr(KabConnectResult) found = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;
  gboolean accept = self->accept;

  found = kab_connect_test_finish (result, &error);
  g_clear_object (&self->cancellable);
  self->accept = FALSE;
  if (found == NULL || gtk_widget_in_destruction (GTK_WIDGET (self)))
    {
      update_actions (self);
      return;
    }

  show_identity (self, found);
  self->may_skip = FALSE;
  if (found->error == NULL && found->signed_in)
    {
      text = describe_good (found);
      set_result (self, "success", "emblem-ok-symbolic", _("Connected and signed in"), text);
      update_actions (self);
      if (accept)
        accept_now (self);
      return;
    }

  if (found->error != NULL)
    {
      g_info ("test of the connection: %s", found->error->message);
      text = g_strdup_printf ("%s\n%s", kab_error_text_describe (found->error), found->error->message);
      set_result (self, "error",
                  found->reachable && !found->trusted ? "channel-insecure-symbolic" : "dialog-error-symbolic",
                  kab_error_text_title (found->error), text);
      self->may_skip = g_error_matches (found->error, KAB_ERROR, KAB_ERROR_NETWORK);
    }
  else
    set_result (self, "warning", "dialog-password-symbolic",
                _("Reached, but not signed in"), _("Enter a user and a password."));
  update_actions (self);
}

void
kab_connect_dialog_test (KabConnectDialog *self)
{
  g_return_if_fail (KAB_IS_CONNECT_DIALOG (self));
  g_return_if_fail (self->cancellable == NULL);

  read_fields (self);
  self->cancellable = g_cancellable_new ();
  gtk_widget_set_visible (self->result_group, TRUE);
  set_result (self, NULL, "network-server-symbolic", _("Testing…"), NULL);
  scroll_up (self);
  update_actions (self);
  kab_connect_test_async (self->profile, gtk_editable_get_text (self->password), self->cancellable,
                          tested_cb, g_object_ref (self));
}

static void
test_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  kab_connect_dialog_test (KAB_CONNECT_DIALOG (widget));
}

static void
accept_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  KabConnectDialog *self = KAB_CONNECT_DIALOG (widget);

  if (self->may_skip)
    {
      accept_now (self);
      return;
    }

  self->accept = TRUE;
  kab_connect_dialog_test (self);
}

static void
look_for_keyring_in_thread (GTask        *task,
                            gpointer      source_object,
                            gpointer      task_data,
                            GCancellable *cancellable)
{
  g_task_return_boolean (task, kab_secrets_have_keyring ());
}

static void
keyring_known_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  KabConnectDialog *self = KAB_CONNECT_DIALOG (source);

  if (g_task_propagate_boolean (G_TASK (result), NULL) ||
      gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;

  gtk_widget_set_sensitive (self->remember_row, FALSE);
  adw_action_row_set_subtitle (ADW_ACTION_ROW (self->remember_row),
                               _("There is no keyring here: you are asked each time"));
}

static void
kab_connect_dialog_dispose (GObject *object)
{
  KabConnectDialog *self = KAB_CONNECT_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), KAB_TYPE_CONNECT_DIALOG);

  G_OBJECT_CLASS (kab_connect_dialog_parent_class)->dispose (object);
}

static void
kab_connect_dialog_finalize (GObject *object)
{
  KabConnectDialog *self = KAB_CONNECT_DIALOG (object);

  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->profile, kab_profile_free);
  g_free (self->fingerprint);

  G_OBJECT_CLASS (kab_connect_dialog_parent_class)->finalize (object);
}

static void
kab_connect_dialog_class_init (KabConnectDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_connect_dialog_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_connect_dialog_finalize;

  signals[SIGNAL_ACCEPTED] = g_signal_new ("accepted", KAB_TYPE_CONNECT_DIALOG, G_SIGNAL_RUN_LAST,
                                           0, NULL, NULL, NULL, G_TYPE_NONE,
                                           3, G_TYPE_POINTER, G_TYPE_STRING, G_TYPE_BOOLEAN);

  g_type_ensure (KAB_TYPE_FILE_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "connect/kab-connect-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, connect_button);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, address);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, name);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, ca_file);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, user);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, password);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, remember_row);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, remember);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, certificate_row);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, client_certificate);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, client_key);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, page);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, result_group);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, result);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, result_stack);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, result_icon);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, identity);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, identity_name);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, identity_issuer);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, identity_dates);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, identity_fingerprint);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, pin_row);
  gtk_widget_class_bind_template_child (widget_class, KabConnectDialog, pin);
  gtk_widget_class_bind_template_callback (widget_class, edited_cb);
  gtk_widget_class_bind_template_callback (widget_class, entry_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, pin_changed_cb);

  gtk_widget_class_install_action (widget_class, "connect.test", NULL, test_action);
  gtk_widget_class_install_action (widget_class, "connect.accept", NULL, accept_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
kab_connect_dialog_init (KabConnectDialog *self)
{
  self->profile = kab_profile_new ("");
  gtk_widget_init_template (GTK_WIDGET (self));
  update_actions (self);
}

static void
fill_in (KabConnectDialog *self,
         const KabProfile *profile)
{
  kab_profile_free (self->profile);
  self->profile = kab_profile_copy (profile);
  gtk_editable_set_text (self->address, profile->url);
  gtk_editable_set_text (self->name, profile->name);
  gtk_editable_set_text (self->user, profile->user != NULL ? profile->user : "");
  kab_file_row_set_path (self->ca_file, profile->ca_file);
  kab_file_row_set_path (self->client_certificate, profile->client_certificate);
  kab_file_row_set_path (self->client_key, profile->client_key);
  adw_expander_row_set_expanded (self->certificate_row,
                                 profile->client_certificate != NULL &&
                                 *profile->client_certificate != '\0');
  gtk_window_set_title (GTK_WINDOW (self), _("Connection"));
}

KabConnectDialog *
kab_connect_dialog_new (GtkWindow        *parent,
                        const KabProfile *profile)
{
  KabConnectDialog *self = g_object_new (KAB_TYPE_CONNECT_DIALOG, "transient-for", parent, NULL);
  g_autoptr(GTask) task = NULL;

  if (profile != NULL)
    fill_in (self, profile);
  gtk_widget_grab_focus (GTK_WIDGET (profile != NULL ? self->password : self->address));

  task = g_task_new (self, NULL, keyring_known_cb, NULL);
  g_task_run_in_thread (task, look_for_keyring_in_thread);

  return self;
}

void
kab_connect_dialog_set_address (KabConnectDialog *self,
                                const char       *address)
{
  g_return_if_fail (KAB_IS_CONNECT_DIALOG (self));

  gtk_editable_set_text (self->address, address);
  gtk_widget_grab_focus (GTK_WIDGET (self->user));
}
