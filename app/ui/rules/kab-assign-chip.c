/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-assign-chip.h"
#include "kab-assign-selection.h"

GtkWidget *
kab_assign_chip_new (const KabAssignTarget *target,
                     gboolean               known)
{
  static const char * const icons[KAB_N_TARGET_KINDS] = {
    [KAB_TARGET_HOST] = "computer-symbolic", [KAB_TARGET_UNIT] = "folder-symbolic",
    [KAB_TARGET_GROUP] = "package-x-generic-symbolic", [KAB_TARGET_PROFILE] = "system-users-symbolic",
  };
  const char *name = target->name != NULL ? target->name : target->target;
  GtkWidget *chip = gtk_button_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GArray *copy = kab_assign_targets_new ();
  /* Translators: a chosen target and its kind; pressing the button takes it out */
  g_autofree char *words = g_strdup_printf (_("%1$s (%2$s): take it out"), name,
                                            _(kab_target_kind_get_label (target->kind)));
  g_autofree char *tip = known ? g_strdup (target->target)
                               : g_strdup_printf (_("The server does not know %s any more"), target->target);

  gtk_box_append (GTK_BOX (box),
                  gtk_image_new_from_icon_name (known ? icons[target->kind] : "dialog-warning-symbolic"));
  gtk_box_append (GTK_BOX (box), g_object_new (GTK_TYPE_LABEL, "label", name, "ellipsize", PANGO_ELLIPSIZE_END, NULL));
  gtk_box_append (GTK_BOX (box), gtk_image_new_from_icon_name ("window-close-symbolic"));
  gtk_button_set_child (GTK_BUTTON (chip), box);
  gtk_widget_set_tooltip_text (chip, tip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (chip), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  kab_assign_targets_add (copy, target->kind, target->target, target->name);
  g_object_set_data_full (G_OBJECT (chip), "kab-target", copy, (GDestroyNotify) g_array_unref);

  return chip;
}

const KabAssignTarget *
kab_assign_chip_get_target (GtkWidget *chip)
{
  GArray *target = g_object_get_data (G_OBJECT (chip), "kab-target");

  return &g_array_index (target, KabAssignTarget, 0);
}
