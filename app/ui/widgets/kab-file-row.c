/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-file-row.h"

struct _KabFileRow
{
  AdwActionRow          parent_instance;

  GtkWidget            *choose;
  GtkWidget            *clear;
  char                 *path;
  char                 *placeholder;
  GtkFileChooserNative *chooser;
};

G_DEFINE_FINAL_TYPE (KabFileRow, kab_file_row, ADW_TYPE_ACTION_ROW)

enum {
  PROP_PATH = 1,
  PROP_PLACEHOLDER,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
update (KabFileRow *self)
{
  gboolean is_set = *self->path != '\0';
  g_autofree char *escaped =
    g_markup_escape_text (is_set ? self->path
                                 : (self->placeholder != NULL ? self->placeholder : _("None")), -1);

  adw_action_row_set_subtitle (ADW_ACTION_ROW (self), escaped);
  gtk_widget_set_visible (self->clear, is_set);
}

static void
chosen_cb (GtkFileChooserNative *chooser,
           int                   response,
           KabFileRow           *self)
{
  if (response == GTK_RESPONSE_ACCEPT)
    {
      g_autoptr(GFile) file = gtk_file_chooser_get_file (GTK_FILE_CHOOSER (chooser));
      g_autofree char *path = file != NULL ? g_file_get_path (file) : NULL;

      if (path != NULL)
        kab_file_row_set_path (self, path);
    }
  g_clear_object (&self->chooser);
}

static void
choose_clicked_cb (GtkButton  *button,
                   KabFileRow *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));

  if (self->chooser != NULL)
    return;

  self->chooser = gtk_file_chooser_native_new (adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self)),
                                               GTK_IS_WINDOW (root) ? GTK_WINDOW (root) : NULL,
                                               GTK_FILE_CHOOSER_ACTION_OPEN, _("_Choose"), _("_Cancel"));
  gtk_native_dialog_set_modal (GTK_NATIVE_DIALOG (self->chooser), TRUE);
  g_signal_connect (self->chooser, "response", G_CALLBACK (chosen_cb), self);
  gtk_native_dialog_show (GTK_NATIVE_DIALOG (self->chooser));
}

static void
clear_clicked_cb (GtkButton  *button,
                  KabFileRow *self)
{
  kab_file_row_set_path (self, NULL);
}

static void
title_changed_cb (KabFileRow *self)
{
  const char *title = adw_preferences_row_get_title (ADW_PREFERENCES_ROW (self));
  /* Translators: for screen readers; %s is what the file is, such as "Private key" */
  g_autofree char *choose = g_strdup_printf (_("Choose: %s"), title);
  /* Translators: for screen readers; %s is what the file is, such as "Private key" */
  g_autofree char *clear = g_strdup_printf (_("Clear: %s"), title);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->choose),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, choose, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->clear),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, clear, -1);
}

static void
kab_file_row_get_property (GObject    *object,
                           guint       id,
                           GValue     *value,
                           GParamSpec *pspec)
{
  KabFileRow *self = KAB_FILE_ROW (object);

  switch (id)
    {
    case PROP_PATH:
      g_value_set_string (value, self->path);
      break;
    case PROP_PLACEHOLDER:
      g_value_set_string (value, self->placeholder);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kab_file_row_set_property (GObject      *object,
                           guint         id,
                           const GValue *value,
                           GParamSpec   *pspec)
{
  KabFileRow *self = KAB_FILE_ROW (object);

  switch (id)
    {
    case PROP_PATH:
      kab_file_row_set_path (self, g_value_get_string (value));
      break;
    case PROP_PLACEHOLDER:
      g_free (self->placeholder);
      self->placeholder = g_value_dup_string (value);
      update (self);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kab_file_row_dispose (GObject *object)
{
  g_clear_object (&KAB_FILE_ROW (object)->chooser);

  G_OBJECT_CLASS (kab_file_row_parent_class)->dispose (object);
}

static void
kab_file_row_finalize (GObject *object)
{
  KabFileRow *self = KAB_FILE_ROW (object);

  g_free (self->path);
  g_free (self->placeholder);

  G_OBJECT_CLASS (kab_file_row_parent_class)->finalize (object);
}

static void
kab_file_row_class_init (KabFileRowClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = kab_file_row_get_property;
  object_class->set_property = kab_file_row_set_property;
  object_class->dispose = kab_file_row_dispose;
  object_class->finalize = kab_file_row_finalize;

  properties[PROP_PATH] =
    g_param_spec_string ("path", NULL, NULL, "",
                         G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS);
  properties[PROP_PLACEHOLDER] =
    g_param_spec_string ("placeholder", NULL, NULL, NULL, G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kab_file_row_init (KabFileRow *self)
{
  self->path = g_strdup ("");
  self->choose = g_object_new (GTK_TYPE_BUTTON,
                               "icon-name", "document-open-symbolic", "valign", GTK_ALIGN_CENTER,
                               "tooltip-text", _("Choose a file"), NULL);
  self->clear = g_object_new (GTK_TYPE_BUTTON,
                              "icon-name", "edit-clear-symbolic", "valign", GTK_ALIGN_CENTER,
                              "tooltip-text", _("Clear"), NULL);
  gtk_widget_add_css_class (self->choose, "flat");
  gtk_widget_add_css_class (self->clear, "flat");
  g_signal_connect (self->choose, "clicked", G_CALLBACK (choose_clicked_cb), self);
  g_signal_connect (self->clear, "clicked", G_CALLBACK (clear_clicked_cb), self);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->clear);
  adw_action_row_add_suffix (ADW_ACTION_ROW (self), self->choose);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (self), self->choose);
  g_signal_connect (self, "notify::title", G_CALLBACK (title_changed_cb), NULL);
  update (self);
}

const char *
kab_file_row_get_path (KabFileRow *self)
{
  g_return_val_if_fail (KAB_IS_FILE_ROW (self), "");

  return self->path;
}

void
kab_file_row_set_path (KabFileRow *self,
                       const char *path)
{
  g_return_if_fail (KAB_IS_FILE_ROW (self));

  if (g_strcmp0 (self->path, path != NULL ? path : "") == 0)
    return;

  g_free (self->path);
  self->path = g_strdup (path != NULL ? path : "");
  update (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_PATH]);
}
