/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-assign-picker-private.h"
#include "kab-format.h"
#include "kab-text.h"

/* The order of the buttons */
static const KabTargetKind order[KAB_N_TARGET_KINDS] = {
  KAB_TARGET_UNIT, KAB_TARGET_GROUP, KAB_TARGET_PROFILE, KAB_TARGET_HOST,
};

static const char *
get_kind_label (KabTargetKind kind)
{
  static const char * const labels[KAB_N_TARGET_KINDS] = {
    [KAB_TARGET_HOST] = N_("Hosts"), [KAB_TARGET_UNIT] = N_("Units"),
    [KAB_TARGET_GROUP] = N_("Groups"), [KAB_TARGET_PROFILE] = N_("AD Profiles"),
  };

  return _(labels[kind]);
}

static gboolean
matches (gpointer item,
         gpointer user_data)
{
  KabAssignPicker *self = user_data;

  return *self->needle == '\0' || strstr (KAB_ASSIGN_CHOICE (item)->folded, self->needle) != NULL;
}

static void
show_empty (KabAssignPicker *self)
{
  static const char * const nothing[KAB_N_TARGET_KINDS] = {
    [KAB_TARGET_HOST] = N_("The server has no hosts yet."),
    [KAB_TARGET_UNIT] = N_("No host has told of an organisational unit."),
    [KAB_TARGET_GROUP] = N_("The server has no group packages. One with section “group” would be listed here."),
    [KAB_TARGET_PROFILE] = N_("The server has no profile packages, and no host has told of a group in the directory."),
  };
  GListModel *model = G_LIST_MODEL (gtk_list_view_get_model (self->list));
  gboolean any = model != NULL && g_list_model_get_n_items (model) > 0;
  gboolean searched = self->kind == KAB_TARGET_HOST
                      ? *kab_search_get_text (self->host_search) != '\0' : *self->needle != '\0';

  gtk_label_set_label (self->empty, searched ? _("Nothing matches the search.") : _(nothing[self->kind]));
  gtk_stack_set_visible_child_name (self->lists, any ? "list" : "empty");
}

void
kab_assign_picker_show_kind (KabAssignPicker *self,
                             KabTargetKind    kind)
{
  g_autoptr(GtkSelectionModel) selection = NULL;
  GListModel *model;

  self->kind = kind;
  gtk_stack_set_visible_child_name (self->searches, kind == KAB_TARGET_HOST ? "hosts" : "words");
  if (kind == KAB_TARGET_HOST)
    model = G_LIST_MODEL (g_object_ref (self->hosts));
  else
    model = G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (kab_assign_selection_get_choices (self->selection, kind)),
                                                     g_object_ref (self->filter)));
  if (self->filtered != NULL)
    g_signal_handlers_disconnect_by_data (self->filtered, self);
  g_set_object (&self->filtered, model);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (show_empty), self, G_CONNECT_SWAPPED);
  selection = GTK_SELECTION_MODEL (gtk_no_selection_new (model));
  gtk_list_view_set_model (self->list, selection);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, get_kind_label (kind), -1);
  show_empty (self);
}

void
kab_assign_picker_show_kind_counts (KabAssignPicker *self)
{
  for (guint i = 0; i < KAB_N_TARGET_KINDS; i++)
    {
      KabTargetKind kind = order[i];
      guint n = 0;
      g_autofree char *count = NULL;
      g_autofree char *label = NULL;

      if (kind != KAB_TARGET_HOST)
        n = g_list_model_get_n_items (kab_assign_selection_get_choices (self->selection, kind));
      else if (self->snapshot != NULL)
        kab_snapshot_get_hosts (self->snapshot, &n);
      count = kab_format_count (n);
      /* Translators: a kind of targets and how many there are: "Groups (4)" */
      label = g_strdup_printf (_("%1$s (%2$s)"), get_kind_label (kind), count);
      gtk_button_set_label (GTK_BUTTON (self->buttons[kind]), label);
    }
}

static void
kind_toggled_cb (GtkToggleButton *button,
                 KabAssignPicker *self)
{
  if (gtk_toggle_button_get_active (button))
    kab_assign_picker_show_kind (self, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "kab-kind")));
}

void
kab_assign_picker_words_changed_cb (KabAssignPicker *self)
{
  g_free (self->needle);
  self->needle = kab_text_fold (gtk_editable_get_text (GTK_EDITABLE (self->words)), -1);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  kab_assign_picker_show_rows (self);
  show_empty (self);
}

void
kab_assign_picker_set_up_kinds (KabAssignPicker *self)
{
  GtkWidget *first = NULL;

  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  for (guint i = 0; i < KAB_N_TARGET_KINDS; i++)
    {
      GtkWidget *button = gtk_toggle_button_new ();

      g_object_set_data (G_OBJECT (button), "kab-kind", GUINT_TO_POINTER (order[i]));
      if (first == NULL)
        first = button;
      else
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (first));
      g_signal_connect (button, "toggled", G_CALLBACK (kind_toggled_cb), self);
      gtk_box_append (self->kinds, button);
      self->buttons[order[i]] = button;
    }
}
