/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-assign-picker.h"
#include "kab-rules-steps.h"

/* Step 5: the picker, and what the package has already. */

static void
chosen_cb (KabAssignPicker *picker,
           GParamSpec      *pspec,
           KabRuleEditor   *editor)
{
  g_autoptr(GArray) targets = kab_assign_picker_dup_targets (picker);

  kab_rule_editor_set_targets (editor, targets);
}

GtkWidget *
kab_rules_assign_step_new (KabRuleEditor *editor)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *intro;
  GtkWidget *picker = kab_assign_picker_new (kab_rule_editor_get_session (editor));

  intro = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "xalign", 0.0, "margin-top", 6, "margin-bottom", 6, "label",
                        kab_rule_editor_is_edit (editor)
                        ? _("Who asks for the package already keeps doing so and takes the new version. "
                            "Choose whom to give it to as well, or nobody.")
                        : _("Choose who asks for the package, or nobody yet. It can be assigned later too."), NULL);
  gtk_widget_add_css_class (intro, "dim-label");
  kab_assign_picker_set_targets (KAB_ASSIGN_PICKER (picker), kab_rule_editor_get_targets (editor));
  g_signal_connect_object (picker, "notify::n-targets", G_CALLBACK (chosen_cb), editor, 0);
  gtk_widget_set_vexpand (picker, TRUE);
  gtk_box_append (GTK_BOX (box), intro);
  gtk_box_append (GTK_BOX (box), picker);

  return box;
}
