/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-forecast-view.h"
#include "kab-rule-lines-editor.h"
#include "kab-rules-steps.h"
#include "kab-rules-wizard.h"

static const struct {
  const char *name;
  const char *title;
  const char *long_title;
} steps[KAB_RULES_N_STEPS] = {
  { "name", N_("Name"), N_("Name and maturity") },
  { "classes", N_("Classes"), N_("What is allowed as a class") },
  { "updates", N_("Updates"), N_("Single updates") },
  { "preview", N_("Effect"), N_("Effect on the fleet") },
  { "assign", N_("Assign"), N_("Who gets it") },
  { "sign", N_("Publish"), N_("Sign and publish") },
};

struct _KabRulesWizard
{
  AdwBin            parent_instance;

  KabRuleEditor    *editor;
  GtkWidget        *switcher;
  GtkStack         *stack;
  KabForecastView  *preview;
  KabRulesSignStep *sign;
};

G_DEFINE_FINAL_TYPE (KabRulesWizard, kab_rules_wizard, ADW_TYPE_BIN)

enum {
  STATE_CHANGED,
  DONE,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static guint
get_step (KabRulesWizard *self)
{
  const char *name = gtk_stack_get_visible_child_name (self->stack);

  for (guint i = 0; i < KAB_RULES_N_STEPS; i++)
    if (g_strcmp0 (steps[i].name, name) == 0)
      return i;

  return 0;
}

static void
emit_state (KabRulesWizard *self)
{
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

/* Steps are made when they are come to: a list of a whole fleet costs something. */
static void
ensure_step (KabRulesWizard *self,
             guint           step)
{
  GtkWidget *bin = gtk_stack_get_child_by_name (self->stack, steps[step].name);
  GtkWidget *child = NULL;

  if (adw_bin_get_child (ADW_BIN (bin)) != NULL)
    return;

  switch (step)
    {
    case KAB_RULES_STEP_NAME:
      child = kab_rules_name_step_new (self->editor);
      break;
    case KAB_RULES_STEP_CLASSES:
      child = kab_rules_classes_step_new (self->editor);
      break;
    case KAB_RULES_STEP_UPDATES:
      child = kab_rule_lines_editor_new (kab_rule_editor_get_session (self->editor),
                                         kab_rule_editor_get_document (self->editor));
      break;
    case KAB_RULES_STEP_PREVIEW:
      child = kab_forecast_view_new (self->editor);
      self->preview = KAB_FORECAST_VIEW (child);
      break;
    case KAB_RULES_STEP_ASSIGN:
      child = kab_rules_assign_step_new (self->editor);
      break;
    case KAB_RULES_STEP_SIGN:
    default:
      child = kab_rules_sign_step_new (self->editor);
      self->sign = KAB_RULES_SIGN_STEP (child);
      g_signal_connect_swapped (child, "state-changed", G_CALLBACK (emit_state), self);
      break;
    }
  if (step == KAB_RULES_STEP_UPDATES || step == KAB_RULES_STEP_ASSIGN)
    g_object_set (child, "margin-start", 12, "margin-end", 12, "margin-bottom", 12, NULL);
  adw_bin_set_child (ADW_BIN (bin), child);
}

static void
published_cb (KabRulesWizard *self,
              const char     *text)
{
  g_signal_emit (self, signals[DONE], 0, text);
}

static void
step_changed_cb (KabRulesWizard *self)
{
  guint step = get_step (self);

  if (gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;

  ensure_step (self, step);
  kab_rule_editor_set_step (self->editor, step);
  /* What is only asked there is not what is published. */
  if (step != KAB_RULES_STEP_PREVIEW)
    kab_rule_editor_try_delay (self->editor, -1);
  /* The summary of the last step says the effect too. */
  kab_rule_editor_set_watched (self->editor, step >= KAB_RULES_STEP_PREVIEW);
  if (step == KAB_RULES_STEP_SIGN)
    {
      g_signal_handlers_disconnect_by_func (self->sign, published_cb, self);
      g_signal_connect_swapped (self->sign, "published", G_CALLBACK (published_cb), self);
      kab_rules_sign_step_shown (self->sign);
    }
  emit_state (self);
}

static void
undo_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  KabRulesWizard *self = KAB_RULES_WIZARD (widget);

  if (g_str_equal (name, "wizard.undo"))
    kab_rule_editor_undo (self->editor);
  else
    kab_rule_editor_redo (self->editor);
}

static void
update_undo (KabRulesWizard *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "wizard.undo", kab_rule_editor_can_undo (self->editor));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "wizard.redo", kab_rule_editor_can_redo (self->editor));
  emit_state (self);
}

static void
kab_rules_wizard_dispose (GObject *object)
{
  KabRulesWizard *self = KAB_RULES_WIZARD (object);

  if (self->stack != NULL)
    g_signal_handlers_disconnect_by_data (self->stack, self);
  if (self->editor != NULL)
    g_signal_handlers_disconnect_by_data (self->editor, self);
  g_clear_object (&self->editor);

  G_OBJECT_CLASS (kab_rules_wizard_parent_class)->dispose (object);
}

static void
kab_rules_wizard_class_init (KabRulesWizardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_rules_wizard_dispose;

  signals[STATE_CHANGED] = g_signal_new ("state-changed", KAB_TYPE_RULES_WIZARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 0);
  signals[DONE] = g_signal_new ("done", KAB_TYPE_RULES_WIZARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);
  gtk_widget_class_install_action (widget_class, "wizard.undo", NULL, undo_action);
  gtk_widget_class_install_action (widget_class, "wizard.redo", NULL, undo_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK, "wizard.undo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_z, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "wizard.redo", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_y, GDK_CONTROL_MASK, "wizard.redo", NULL);
}

static void
kab_rules_wizard_init (KabRulesWizard *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->stack = GTK_STACK (gtk_stack_new ());
  g_object_set (self->stack, "hhomogeneous", FALSE, "vhomogeneous", FALSE, "vexpand", TRUE, NULL);
  for (guint i = 0; i < KAB_RULES_N_STEPS; i++)
    {
      g_autofree char *title = g_strdup_printf ("%u · %s", i + 1, _(steps[i].title));

      gtk_stack_add_titled (self->stack, adw_bin_new (), steps[i].name, title);
    }
  self->switcher = gtk_stack_switcher_new ();
  g_object_set (self->switcher, "stack", self->stack, "halign", GTK_ALIGN_CENTER,
                "margin-top", 6, "margin-bottom", 6, NULL);
  gtk_widget_add_css_class (self->switcher, "kab-views");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->switcher), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Steps"), -1);
  gtk_box_append (GTK_BOX (box), self->switcher);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->stack));
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
kab_rules_wizard_new (KabRuleEditor *editor)
{
  KabRulesWizard *self = g_object_new (KAB_TYPE_RULES_WIZARD, NULL);

  g_return_val_if_fail (KAB_IS_RULE_EDITOR (editor), NULL);

  self->editor = g_object_ref (editor);
  g_signal_connect_swapped (editor, "changed", G_CALLBACK (update_undo), self);
  g_signal_connect_swapped (editor, "saved", G_CALLBACK (emit_state), self);
  g_signal_connect_swapped (self->stack, "notify::visible-child", G_CALLBACK (step_changed_cb), self);
  kab_rules_wizard_go_to (self, kab_rule_editor_get_step (editor));
  step_changed_cb (self);
  update_undo (self);

  return GTK_WIDGET (self);
}

KabRuleEditor *
kab_rules_wizard_get_editor (KabRulesWizard *self)
{
  g_return_val_if_fail (KAB_IS_RULES_WIZARD (self), NULL);

  return self->editor;
}

char *
kab_rules_wizard_dup_title (KabRulesWizard *self)
{
  const char *name = kab_rules_document_get_name (kab_rule_editor_get_document (self->editor));

  return g_strdup (*name != '\0' ? name : _("New Rule Package"));
}

char *
kab_rules_wizard_dup_subtitle (KabRulesWizard *self)
{
  guint step = get_step (self);
  const char *saved = kab_rule_editor_is_saved (self->editor) ? _("draft saved") : _("draft");

  /* Translators: of the wizard: number of the step, how many there are, what it is about, "draft saved" */
  return g_strdup_printf (_("Step %1$u of %2$u · %3$s · %4$s"), step + 1, KAB_RULES_N_STEPS,
                          _(steps[step].long_title), saved);
}

const char *
kab_rules_wizard_get_next_label (KabRulesWizard *self)
{
  return get_step (self) == KAB_RULES_STEP_SIGN ? _("_Publish") : _("_Continue");
}

char *
kab_rules_wizard_dup_obstacle (KabRulesWizard *self)
{
  guint step = get_step (self);

  if (step == KAB_RULES_STEP_SIGN)
    return kab_rules_sign_step_dup_obstacle (self->sign);

  return step == KAB_RULES_STEP_NAME ? kab_rules_name_step_dup_problem (self->editor) : NULL;
}

void
kab_rules_wizard_focus (KabRulesWizard *self)
{
  GtkWidget *child;
  GtkWidget *first;

  g_return_if_fail (KAB_IS_RULES_WIZARD (self));

  child = adw_bin_get_child (ADW_BIN (gtk_stack_get_visible_child (self->stack)));
  first = g_object_get_data (G_OBJECT (child), "kab-first");
  if (first != NULL)
    gtk_widget_grab_focus (first);
  else
    gtk_widget_child_focus (child, GTK_DIR_TAB_FORWARD);
}

void
kab_rules_wizard_next (KabRulesWizard *self)
{
  guint step;

  g_return_if_fail (KAB_IS_RULES_WIZARD (self));

  step = get_step (self);
  if (step == KAB_RULES_STEP_SIGN)
    {
      kab_rules_sign_step_publish (self->sign);
      return;
    }
  kab_rules_wizard_go_to (self, step + 1);
  kab_rules_wizard_focus (self);
}

gboolean
kab_rules_wizard_back (KabRulesWizard *self)
{
  guint step;

  g_return_val_if_fail (KAB_IS_RULES_WIZARD (self), FALSE);

  step = get_step (self);
  if (step == 0)
    return FALSE;
  kab_rules_wizard_go_to (self, step - 1);

  return TRUE;
}

void
kab_rules_wizard_go_to (KabRulesWizard *self,
                        guint           step)
{
  g_return_if_fail (KAB_IS_RULES_WIZARD (self));
  g_return_if_fail (step < KAB_RULES_N_STEPS);

  gtk_stack_set_visible_child_name (self->stack, steps[step].name);
}

KabRulesStep
kab_rules_wizard_find_step (const KabLintFinding *finding)
{
  KabRuleList list;
  KabRuleList opposite;

  g_return_val_if_fail (finding != NULL, KAB_RULES_STEP_PREVIEW);

  if (!finding->fix.adds && !finding->fix.removes)
    return KAB_RULES_STEP_PREVIEW;

  list = finding->fix.adds ? finding->fix.add_list : finding->fix.remove_list;
  return kab_rule_list_get_opposite (list, &opposite) ? KAB_RULES_STEP_UPDATES : KAB_RULES_STEP_CLASSES;
}

GPtrArray *
kab_rules_wizard_dup_jobs (KabRulesWizard *self)
{
  g_return_val_if_fail (KAB_IS_RULES_WIZARD (self), NULL);

  return self->sign != NULL ? kab_rules_sign_step_dup_jobs (self->sign) : g_ptr_array_new ();
}

gboolean
kab_rules_wizard_open_door (KabRulesWizard *self,
                            const char     *query)
{
  g_return_val_if_fail (KAB_IS_RULES_WIZARD (self), FALSE);

  return self->preview != NULL && kab_forecast_view_open_door (self->preview, query);
}

void
kab_rules_wizard_set_narrow (KabRulesWizard *self,
                             gboolean        narrow)
{
  g_return_if_fail (KAB_IS_RULES_WIZARD (self));

  gtk_widget_set_visible (self->switcher, !narrow);
}
