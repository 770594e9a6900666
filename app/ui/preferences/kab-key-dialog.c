/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-error-text.h"
#include "kab-error.h"
#include "kab-file-row.h"
#include "kab-key-dialog.h"
#include "kab-ui.h"

#define SHORTEST_PASSPHRASE 8
#define DAYS_A_YEAR 365

struct _KabKeyDialog
{
  AdwWindow     parent_instance;

  GtkWidget    *new_group;
  GtkWidget    *import_group;
  AdwEntryRow  *name;
  GtkSwitch    *code_signing;
  GtkSpinButton *years;
  KabFileRow   *source;
  KabFileRow   *certificate;
  GtkEditable  *source_passphrase;
  GtkEditable  *passphrase;
  GtkEditable  *again;
  GtkWidget    *problem;
  GtkWidget    *spinner;
  GtkWidget    *accept;

  char         *folder;
  gboolean      import;
  GCancellable *cancellable;     /* set while it works */
};

G_DEFINE_FINAL_TYPE (KabKeyDialog, kab_key_dialog, ADW_TYPE_WINDOW)

enum {
  ADDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* (nullable): what is still missing, in words */
static const char *
find_problem (KabKeyDialog *self)
{
  const char *passphrase = gtk_editable_get_text (self->passphrase);

  if (self->import && *kab_file_row_get_path (self->source) == '\0')
    return _("Choose a file first");
  if (!self->import && *gtk_editable_get_text (GTK_EDITABLE (self->name)) == '\0')
    return _("Say whose key it is first");
  if (g_utf8_strlen (passphrase, -1) < SHORTEST_PASSPHRASE)
    return _("The passphrase of the stored key needs 8 characters at least");
  if (strcmp (passphrase, gtk_editable_get_text (self->again)) != 0)
    return _("The passphrases are not the same");

  return NULL;
}

static void
changed_cb (KabKeyDialog *self)
{
  const char *problem = find_problem (self);

  gtk_widget_set_sensitive (self->accept, problem == NULL && self->cancellable == NULL);
  gtk_widget_set_tooltip_text (self->accept, problem);
}

static void
set_busy (KabKeyDialog *self,
          gboolean      busy)
{
  g_clear_object (&self->cancellable);
  if (busy)
    self->cancellable = g_cancellable_new ();
  gtk_widget_set_visible (self->spinner, busy);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), busy);
  changed_cb (self);
}

static void
added_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabSigningKey) key = kab_signing_keys_add_finish (result, &error);
  KabKeyDialog *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_KEY_DIALOG (user_data);
  set_busy (self, FALSE);
  if (key != NULL)
    {
      g_signal_emit (self, signals[ADDED], 0, key);
      gtk_window_close (GTK_WINDOW (self));
      return;
    }

  gtk_label_set_label (GTK_LABEL (self->problem),
                       g_error_matches (error, KAB_ERROR, KAB_ERROR_PASSPHRASE)
                       ? _("The file is locked: its passphrase is missing or wrong.")
                       : kab_error_text_describe (error));
  gtk_widget_set_tooltip_text (self->problem, error->message);
  gtk_widget_set_visible (self->problem, TRUE);
}

static void
accept_cb (KabKeyDialog *self)
{
  const char *certificate = kab_file_row_get_path (self->certificate);

  if (find_problem (self) != NULL || self->cancellable != NULL)
    return;

  gtk_widget_set_visible (self->problem, FALSE);
  set_busy (self, TRUE);
  if (self->import)
    kab_signing_keys_import_async (self->folder, kab_file_row_get_path (self->source),
                                   *certificate != '\0' ? certificate : NULL,
                                   gtk_editable_get_text (self->source_passphrase),
                                   gtk_editable_get_text (self->passphrase), self->cancellable, added_cb, self);
  else
    kab_signing_keys_create_async (self->folder, gtk_editable_get_text (GTK_EDITABLE (self->name)),
                                   gtk_editable_get_text (self->passphrase),
                                   gtk_switch_get_active (self->code_signing),
                                   (guint) gtk_spin_button_get_value_as_int (self->years) * DAYS_A_YEAR,
                                   self->cancellable, added_cb, self);
}

static void
kab_key_dialog_dispose (GObject *object)
{
  KabKeyDialog *self = KAB_KEY_DIALOG (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->folder, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), KAB_TYPE_KEY_DIALOG);

  G_OBJECT_CLASS (kab_key_dialog_parent_class)->dispose (object);
}

static void
kab_key_dialog_class_init (KabKeyDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_key_dialog_dispose;

  signals[ADDED] = g_signal_new ("added", KAB_TYPE_KEY_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, KAB_TYPE_SIGNING_KEY);

  g_type_ensure (KAB_TYPE_FILE_ROW);
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "preferences/kab-key-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, KabKeyDialog, new_group);
  gtk_widget_class_bind_template_child (widget_class, KabKeyDialog, import_group);
  gtk_widget_class_bind_template_child (widget_class, KabKeyDialog, name);
  gtk_widget_class_bind_template_child (widget_class, KabKeyDialog, code_signing);
  gtk_widget_class_bind_template_child (widget_class, KabKeyDialog, years);
  gtk_widget_class_bind_template_child (widget_class, KabKeyDialog, source);
  gtk_widget_class_bind_template_child (widget_class, KabKeyDialog, certificate);
  gtk_widget_class_bind_template_child (widget_class, KabKeyDialog, source_passphrase);
  gtk_widget_class_bind_template_child (widget_class, KabKeyDialog, passphrase);
  gtk_widget_class_bind_template_child (widget_class, KabKeyDialog, again);
  gtk_widget_class_bind_template_child (widget_class, KabKeyDialog, problem);
  gtk_widget_class_bind_template_child (widget_class, KabKeyDialog, spinner);
  gtk_widget_class_bind_template_child (widget_class, KabKeyDialog, accept);
  gtk_widget_class_bind_template_callback (widget_class, changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, accept_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
kab_key_dialog_init (KabKeyDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

KabKeyDialog *
kab_key_dialog_new (GtkWindow  *parent,
                    const char *folder,
                    gboolean    import)
{
  KabKeyDialog *self = g_object_new (KAB_TYPE_KEY_DIALOG, "transient-for", parent,
                                     "title", import ? _("Import a Key") : _("New Key"), NULL);

  self->folder = g_strdup (folder);
  self->import = import;
  gtk_widget_set_visible (self->new_group, !import);
  gtk_widget_set_visible (self->import_group, import);
  gtk_button_set_label (GTK_BUTTON (self->accept), import ? _("_Import") : _("_Create"));
  changed_cb (self);
  gtk_widget_grab_focus (import ? GTK_WIDGET (self->source) : GTK_WIDGET (self->name));

  return self;
}
