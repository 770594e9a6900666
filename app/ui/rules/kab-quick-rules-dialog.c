/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-assign-window.h"
#include "kab-error-text.h"
#include "kab-key-problem.h"
#include "kab-quick-effect.h"
#include "kab-quick-rules-dialog.h"
#include "kab-rule-editor.h"
#include "kab-rules-diff.h"
#include "kab-rules-lookup.h"
#include "kab-rules-page.h"
#include "kab-rules-publishing.h"
#include "kab-rules-steps.h"
#include "kab-ui.h"
#include "kab-window.h"

/* Targets named in one line */
#define MAX_NAMES 4

struct _KabQuickRulesDialog
{
  KabDeedDialog   parent_instance;

  GtkWidget      *wizard;
  AdwPreferencesGroup *list;        /* of the updates */
  AdwComboRow    *package_row;
  GtkEditable    *name_row;
  AdwComboRow    *maturity_row;
  GtkWidget      *targets_row;
  GtkEditable    *reason_row;
  GtkWidget      *effect;
  GtkLabel       *note;             /* what is in the way */

  KabQuickDeed    deed;
  GPtrArray      *updates;          /* of KabRecord */
  GPtrArray      *packages;         /* (nullable): of KabRulePackage, behind "New package" */
  KabRuleEditor  *editor;           /* (nullable): its document is being read */
  char           *key_problem;      /* (nullable): why nothing can be signed */
  KabRulesPublishing *publishing;   /* (nullable): of the editor */
  char           *problem;          /* (nullable): why there is no editor */
  gboolean        filling;
  gboolean        hands_over;       /* the wizard has the editor now */
  GCancellable   *reading;          /* (nullable): of one document */
};

G_DEFINE_FINAL_TYPE (KabQuickRulesDialog, kab_quick_rules_dialog, KAB_TYPE_DEED_DIALOG)

static const char * const maturities[] = { "DEV", "PREPROD", "PROD" };

static KabSession *
get_session (KabQuickRulesDialog *self)
{
  return kab_deed_dialog_get_session (KAB_DEED_DIALOG (self));
}

static void
apply (KabQuickRulesDialog *self)
{
  g_autofree char *reason = g_strstrip (g_strdup (gtk_editable_get_text (self->reason_row)));

  kab_quick_deed_apply (self->deed, kab_rule_editor_get_document (self->editor), self->updates, reason);
}

/* What is in the way, and the effect */

static gboolean
is_new (KabQuickRulesDialog *self)
{
  return self->deed != KAB_QUICK_CLEAR && adw_combo_row_get_selected (self->package_row) == 0;
}

/* NULL: it can be published. */
static char *
dup_obstacle (KabQuickRulesDialog *self)
{
  g_autoptr(GError) error = NULL;
  KabRulesDocument *base;
  g_autoptr(GPtrArray) changes = NULL;

  if (self->key_problem != NULL)
    return g_strdup (self->key_problem);
  if (self->editor == NULL)
    return g_strdup (self->problem != NULL ? self->problem : _("The package is still being read"));
  if (is_new (self))
    {
      char *problem = kab_rules_name_step_dup_problem (self->editor);

      if (problem != NULL)
        return problem;
    }
  base = kab_rule_editor_get_base (self->editor);
  changes = base != NULL ? kab_rules_diff (base, kab_rule_editor_get_document (self->editor)) : NULL;
  if (changes != NULL && changes->len == 0)
    return g_strdup (_("The package says so already: nothing would change in it."));
  if (!kab_rules_document_check (kab_rule_editor_get_document (self->editor), &error))
    return g_strdup (kab_rule_editor_is_edit (self->editor)
                     ? _("The package would hold no rules any more. Remove it or unassign it instead.")
                     : error->message);

  return NULL;
}

static void
update_effect (KabQuickRulesDialog *self)
{
  const char *hint = is_new (self) && self->editor != NULL && kab_rule_editor_get_targets (self->editor)->len == 0
                     ? _("Nobody has the package yet: choose who gets it, or assign it later.") : NULL;
  KabForecastJob *job = self->editor != NULL ? kab_rule_editor_get_job (self->editor) : NULL;
  gboolean failed = job != NULL && kab_job_get_state (KAB_JOB (job)) == KAB_JOB_FAILED;
  gboolean busy = self->problem == NULL && !failed &&
                  (self->editor == NULL || !kab_rule_editor_is_current (self->editor));

  kab_quick_effect_show (KAB_QUICK_EFFECT (self->effect),
                         self->editor != NULL ? kab_rule_editor_get_forecast (self->editor) : NULL, busy, hint);
}

static void
update_targets (KabQuickRulesDialog *self)
{
  GArray *targets = self->editor != NULL ? kab_rule_editor_get_targets (self->editor) : NULL;
  g_autoptr(GString) words = g_string_new (NULL);
  g_autofree char *escaped = NULL;

  for (guint i = 0; targets != NULL && i < MIN (targets->len, MAX_NAMES); i++)
    g_string_append_printf (words, "%s%s", i > 0 ? ", " : "", g_array_index (targets, KabAssignTarget, i).name);
  if (targets != NULL && targets->len > MAX_NAMES)
    g_string_append (words, " …");
  if (words->len == 0)
    g_string_append (words, is_new (self) ? _("Nobody yet") : _("Those who have it already"));
  escaped = g_markup_escape_text (words->str, -1);
  g_object_set (self->targets_row, "subtitle", escaped, "sensitive", self->editor != NULL, NULL);
}

static void
update_state (KabQuickRulesDialog *self)
{
  g_autofree char *obstacle = dup_obstacle (self);
  const char *note = self->problem != NULL ? self->problem : self->editor != NULL ? obstacle : NULL;
  gboolean fresh = is_new (self);

  gtk_widget_set_visible (GTK_WIDGET (self->name_row), fresh);
  gtk_widget_set_visible (GTK_WIDGET (self->maturity_row), fresh);
  kab_deed_dialog_set_obstacle (KAB_DEED_DIALOG (self), obstacle);
  gtk_widget_set_sensitive (self->wizard, self->editor != NULL);
  gtk_label_set_label (self->note, note != NULL ? note : "");
  gtk_widget_set_visible (GTK_WIDGET (self->note), note != NULL);
  update_targets (self);
  update_effect (self);
}

/* The document */

static void
drop_editor (KabQuickRulesDialog *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  if (self->editor == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->editor, self);
  g_signal_handlers_disconnect_by_data (self->publishing, self);
  g_clear_object (&self->publishing);
  if (!self->hands_over)
    kab_rule_editor_let_go (self->editor, TRUE);
  g_clear_object (&self->editor);
}

/* Somebody else changed the package meanwhile. */
static void
decided_cb (KabQuickRulesDialog *self,
            gboolean             publish)
{
  kab_deed_dialog_go_back (KAB_DEED_DIALOG (self));
  update_state (self);
  if (publish)
    gtk_widget_activate_action (GTK_WIDGET (self), "deed.start", NULL);
}

static void
take_document (KabQuickRulesDialog *self,
               KabRulesDocument    *document)
{
  self->editor = kab_rule_editor_new (get_session (self), document);
  self->publishing = kab_rules_publishing_new (self->editor, kab_deed_dialog_get_view (KAB_DEED_DIALOG (self)),
                                               self->reason_row);
  g_signal_connect_swapped (self->publishing, "decided", G_CALLBACK (decided_cb), self);
  g_signal_connect_swapped (self->editor, "changed", G_CALLBACK (update_state), self);
  g_signal_connect_swapped (self->editor, "forecast", G_CALLBACK (update_effect), self);
  apply (self);
  kab_rule_editor_set_watched (self->editor, TRUE);
  update_state (self);
}

static void
document_read_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabRulesDocument) document = kab_session_read_document_finish (KAB_SESSION (object), result, &error);
  KabQuickRulesDialog *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_QUICK_RULES_DIALOG (user_data);
  if (document != NULL)
    {
      take_document (self, document);
      return;
    }
  g_info ("the package cannot be edited: %s", error->message);
  self->problem = g_strdup (kab_error_text_describe (error));
  update_state (self);
}

static void
package_chosen_cb (KabQuickRulesDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->package_row);
  guint index = self->deed == KAB_QUICK_CLEAR ? selected : selected - 1;
  KabRulePackage *package;

  if (self->filling || self->packages == NULL || selected == GTK_INVALID_LIST_POSITION)
    return;

  drop_editor (self);
  g_clear_pointer (&self->problem, g_free);
  if (is_new (self))
    {
      g_autoptr(KabRulesDocument) document = kab_rules_document_new (gtk_editable_get_text (self->name_row));

      kab_rules_document_set_maturity (document, maturities[adw_combo_row_get_selected (self->maturity_row)]);
      take_document (self, document);
      return;
    }

  package = self->packages->pdata[index];
  self->reading = g_cancellable_new ();
  kab_session_read_document_async (get_session (self), kab_package_get (package->package, "filename"), self->reading,
                                   document_read_cb, self);
  update_state (self);
}

static void
fill_packages (KabQuickRulesDialog *self,
               GListModel          *all)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  const char *last = NULL;

  self->packages = g_ptr_array_new_with_free_func (g_object_unref);
  if (self->deed != KAB_QUICK_CLEAR)
    gtk_string_list_append (names, _("New package"));
  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr(KabRulePackage) package = g_list_model_get_item (all, i);
      const char *name = kab_package_get_name (package->package);
      g_autofree char *words = NULL;

      /* The newest of each name comes first; only that can be edited. */
      if (!package->is_rules || g_strcmp0 (name, last) == 0)
        continue;
      last = name;
      if (self->deed == KAB_QUICK_CLEAR && !kab_quick_deed_is_named (package->rules, self->updates))
        continue;
      words = g_strdup_printf ("%s · %s", package->origin, kab_package_get_maturity (package->package));
      gtk_string_list_append (names, words);
      g_ptr_array_add (self->packages, g_object_ref (package));
    }

  self->filling = TRUE;
  adw_combo_row_set_model (self->package_row, G_LIST_MODEL (names));
  if (*gtk_editable_get_text (self->name_row) == '\0')
    {
      g_autofree char *name = kab_quick_deed_dup_name (self->packages, kab_session_get_now (get_session (self)));

      gtk_editable_set_text (self->name_row, name);
    }
  self->filling = FALSE;
}

static void
packages_read_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) all = kab_session_read_rule_packages_finish (KAB_SESSION (object), result, &error);
  KabQuickRulesDialog *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_QUICK_RULES_DIALOG (user_data);
  if (all == NULL)
    {
      self->problem = g_strdup (kab_error_text_describe (error));
      update_state (self);
      return;
    }
  fill_packages (self, all);
  if (self->deed == KAB_QUICK_CLEAR && self->packages->len == 0)
    {
      self->problem = g_strdup (ngettext ("No rule package names this update: its verdict comes from rules of a class, "
                                          "or from the agents' own options.",
                                          "No rule package names these updates: their verdict comes from rules of a "
                                          "class, or from the agents' own options.", self->updates->len));
      gtk_widget_set_visible (GTK_WIDGET (self->package_row), FALSE);
      gtk_widget_set_visible (self->targets_row, FALSE);
    }
  update_state (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->package_row));
  package_chosen_cb (self);
}

static void
name_changed_cb (KabQuickRulesDialog *self)
{
  if (!self->filling && self->editor != NULL && is_new (self))
    kab_rules_document_set_name (kab_rule_editor_get_document (self->editor),
                                 gtk_editable_get_text (self->name_row));
}

static void
maturity_chosen_cb (KabQuickRulesDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->maturity_row);

  if (self->editor != NULL && is_new (self) && selected < G_N_ELEMENTS (maturities))
    kab_rules_document_set_maturity (kab_rule_editor_get_document (self->editor), maturities[selected]);
}

/* Who gets it */

static void
targets_chosen_cb (GArray   *targets,
                   gpointer  user_data)
{
  KabQuickRulesDialog *self = KAB_QUICK_RULES_DIALOG (user_data);

  if (self->editor != NULL)
    kab_rule_editor_set_targets (self->editor, targets);
  update_state (self);
}

static void
targets_activated_cb (KabQuickRulesDialog *self)
{
  if (self->editor != NULL)
    kab_assign_window_show (GTK_WIDGET (self), get_session (self), kab_rule_editor_get_targets (self->editor),
                            targets_chosen_cb, g_object_ref (self), g_object_unref);
}

/* Publishing */

static KabPackageJob *
kab_quick_rules_dialog_start (KabDeedDialog       *dialog,
                              const char * const  *accepted,
                              char               **done_text)
{
  KabQuickRulesDialog *self = KAB_QUICK_RULES_DIALOG (dialog);

  apply (self);
  return kab_rules_publishing_start (accepted, done_text, self->publishing);
}

static char *
kab_quick_rules_dialog_dup_told (KabDeedDialog *dialog)
{
  KabQuickRulesDialog *self = KAB_QUICK_RULES_DIALOG (dialog);

  return self->publishing != NULL ? kab_rules_publishing_dup_told (self->publishing) : NULL;
}

static void
wizard_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  KabQuickRulesDialog *self = KAB_QUICK_RULES_DIALOG (widget);
  GtkWindow *parent = gtk_window_get_transient_for (GTK_WINDOW (self));
  g_autoptr(KabRuleEditor) editor = NULL;
  KabPage *page;

  if (self->editor == NULL || !KAB_IS_WINDOW (parent))
    return;

  apply (self);
  self->hands_over = TRUE;
  editor = g_object_ref (self->editor);
  gtk_window_destroy (GTK_WINDOW (self));
  page = kab_window_show_page (KAB_WINDOW (parent), "rules");
  kab_rules_page_continue (KAB_RULES_PAGE (page), editor);
}

static void
key_problem_cb (const char *problem,
                gboolean    can_set_up,
                gpointer    user_data)
{
  KabQuickRulesDialog *self = KAB_QUICK_RULES_DIALOG (user_data);

  g_free (self->key_problem);
  self->key_problem = g_strdup (problem);
  update_state (self);
}

static void
kab_quick_rules_dialog_dispose (GObject *object)
{
  KabQuickRulesDialog *self = KAB_QUICK_RULES_DIALOG (object);

  drop_editor (self);
  g_clear_pointer (&self->updates, g_ptr_array_unref);
  g_clear_pointer (&self->packages, g_ptr_array_unref);
  g_clear_pointer (&self->problem, g_free);
  g_clear_pointer (&self->key_problem, g_free);

  G_OBJECT_CLASS (kab_quick_rules_dialog_parent_class)->dispose (object);
}

static void
kab_quick_rules_dialog_class_init (KabQuickRulesDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_quick_rules_dialog_dispose;
  KAB_DEED_DIALOG_CLASS (klass)->start = kab_quick_rules_dialog_start;
  KAB_DEED_DIALOG_CLASS (klass)->dup_told = kab_quick_rules_dialog_dup_told;

  g_type_ensure (KAB_TYPE_QUICK_EFFECT);
  gtk_widget_class_install_action (widget_class, "quick.wizard", NULL, wizard_action);
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "rules/kab-quick-rules-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, KabQuickRulesDialog, wizard);
  gtk_widget_class_bind_template_child (widget_class, KabQuickRulesDialog, list);
  gtk_widget_class_bind_template_child (widget_class, KabQuickRulesDialog, package_row);
  gtk_widget_class_bind_template_child (widget_class, KabQuickRulesDialog, name_row);
  gtk_widget_class_bind_template_child (widget_class, KabQuickRulesDialog, maturity_row);
  gtk_widget_class_bind_template_child (widget_class, KabQuickRulesDialog, targets_row);
  gtk_widget_class_bind_template_child (widget_class, KabQuickRulesDialog, reason_row);
  gtk_widget_class_bind_template_child (widget_class, KabQuickRulesDialog, effect);
  gtk_widget_class_bind_template_child (widget_class, KabQuickRulesDialog, note);
  gtk_widget_class_bind_template_callback (widget_class, package_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, name_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, maturity_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, targets_activated_cb);
}

static void
kab_quick_rules_dialog_init (KabQuickRulesDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  kab_deed_dialog_set_deed (KAB_DEED_DIALOG (self), _("_Publish"), FALSE);
}

GtkWidget *
kab_quick_rules_dialog_show (GtkWidget    *from,
                             KabSession   *session,
                             KabQuickDeed  deed,
                             GPtrArray    *updates)
{
  KabQuickRulesDialog *self;
  GCancellable *cancellable;
  g_autofree char *title = NULL;

  g_return_val_if_fail (updates != NULL && updates->len > 0, NULL);

  self = g_object_new (KAB_TYPE_QUICK_RULES_DIALOG, NULL);
  self->deed = deed;
  self->updates = g_ptr_array_ref (updates);
  title = kab_quick_deed_dup_title (deed, updates->len);
  kab_quick_deed_fill_list (self->list, updates);
  update_state (self);
  kab_deed_dialog_begin (KAB_DEED_DIALOG (self), from, session, title);
  cancellable = kab_deed_dialog_get_cancellable (KAB_DEED_DIALOG (self));
  kab_key_problem_check (session, cancellable, key_problem_cb, self);
  kab_session_read_rule_packages_async (session, cancellable, packages_read_cb, self);

  return GTK_WIDGET (self);
}
