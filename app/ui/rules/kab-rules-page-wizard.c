/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-error.h"
#include "kab-rules-page-private.h"
#include "kab-undo-toast.h"
#include "kab-window.h"

static void
set_mode (KabRulesPage *self,
          gboolean      writing)
{
  gtk_widget_set_visible (self->list_start, !writing);
  gtk_widget_set_visible (self->list_end, !writing);
  gtk_widget_set_visible (self->view_button, !writing);
  gtk_widget_set_visible (self->wizard_back, writing);
  gtk_widget_set_visible (self->wizard_end, writing);
  gtk_widget_set_visible (self->wizard_next, writing);
  kab_page_set_going_back (KAB_PAGE (self), writing);
  gtk_stack_set_visible_child_name (self->modes, writing ? "wizard" : "list");
}

void
kab_rules_page_update_wizard (KabRulesPage *self)
{
  g_autofree char *title = NULL;
  g_autofree char *subtitle = NULL;
  g_autofree char *obstacle = NULL;

  if (self->wizard == NULL)
    {
      kab_page_set_title (KAB_PAGE (self), _("Rules"));
      return;
    }

  title = kab_rules_wizard_dup_title (self->wizard);
  subtitle = kab_rules_wizard_dup_subtitle (self->wizard);
  obstacle = kab_rules_wizard_dup_obstacle (self->wizard);
  kab_page_set_title (KAB_PAGE (self), title);
  kab_page_set_subtitle (KAB_PAGE (self), subtitle);
  gtk_button_set_label (GTK_BUTTON (self->wizard_next), kab_rules_wizard_get_next_label (self->wizard));
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rules.step-next", obstacle == NULL);
  gtk_widget_set_tooltip_text (self->wizard_next, obstacle);
}

/* Beginning and leaving */

static void
done_cb (KabRulesPage *self,
         const char   *text)
{
  g_autoptr(GPtrArray) jobs = kab_rules_wizard_dup_jobs (self->wizard);
  g_autofree char *copy = g_strdup (text);

  kab_rules_page_leave (self);
  kab_undo_toast_show (GTK_WIDGET (self), self->session, jobs, copy);
}

void
kab_rules_page_begin (KabRulesPage  *self,
                      KabRuleEditor *editor)
{
  GtkWidget *wizard = kab_rules_wizard_new (editor);
  gboolean folded;

  if (self->wizard != NULL)
    kab_rules_page_leave (self);

  self->wizard = KAB_RULES_WIZARD (wizard);
  gtk_stack_add_named (self->modes, wizard, "wizard");
  g_signal_connect_object (wizard, "state-changed", G_CALLBACK (kab_rules_page_update_wizard), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (wizard, "done", G_CALLBACK (done_cb), self, G_CONNECT_SWAPPED);
  g_object_get (self, "folded", &folded, NULL);
  kab_rules_wizard_set_narrow (self->wizard, folded);
  set_mode (self, TRUE);
  kab_rules_page_update_wizard (self);
  kab_rules_wizard_focus (self->wizard);
}

void
kab_rules_page_continue (KabRulesPage  *self,
                         KabRuleEditor *editor)
{
  g_return_if_fail (KAB_IS_RULES_PAGE (self));
  g_return_if_fail (KAB_IS_RULE_EDITOR (editor));

  kab_rule_editor_set_step (editor, KAB_RULES_STEP_UPDATES);
  kab_rules_page_begin (self, editor);
}

void
kab_rules_page_leave (KabRulesPage *self)
{
  GtkWidget *wizard = GTK_WIDGET (self->wizard);

  if (wizard == NULL)
    return;

  kab_rule_editor_let_go (kab_rules_wizard_get_editor (self->wizard), FALSE);
  g_signal_handlers_disconnect_by_data (wizard, self);
  self->wizard = NULL;
  set_mode (self, FALSE);
  gtk_stack_remove (self->modes, wizard);
  kab_page_set_title (KAB_PAGE (self), _("Rules"));
  kab_rules_page_update_subtitle (self);
  kab_rules_page_forget_drafts (self);
  kab_rules_page_read_drafts (self);
  gtk_widget_grab_focus (GTK_WIDGET (kab_item_view_get_table (self->view)));
}

/* @finding: (nullable): whose fix is the first change */
static void
begin_document (KabRulesPage         *self,
                KabRulesDocument     *document,
                const KabLintFinding *finding)
{
  g_autoptr(KabRuleEditor) editor = kab_rule_editor_new (self->session, document);

  if (finding != NULL)
    {
      if (!kab_rule_editor_apply (editor, finding))
        kab_window_add_toast (GTK_WIDGET (self), _("The package is no longer as the warning says"));
      kab_rule_editor_set_step (editor, kab_rules_wizard_find_step (finding));
    }
  kab_rules_page_begin (self, editor);
}

/* The newest of that name, whatever its maturity: what the next version follows. */
static KabRulePackage *
dup_newest (KabRulesPage *self,
            const char   *name)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rules));
  g_autoptr(KabRulePackage) newest = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(KabRulePackage) item = g_list_model_get_item (G_LIST_MODEL (self->rules), i);

      if (g_str_equal (kab_package_get_name (item->package), name) &&
          (newest == NULL || kab_package_compare (item->package, newest->package) > 0))
        g_set_object (&newest, item);
    }

  return g_steal_pointer (&newest);
}

/* An older content may be the beginning of the next version. That is no conflict: it is said, and known. */
static void
follow_newest (KabRulesPage     *self,
               KabRulePackage   *item,
               KabRulesDocument *document)
{
  g_autoptr(KabRulePackage) newest = dup_newest (self, kab_package_get_name (item->package));
  g_autofree char *text = NULL;

  if (newest == NULL || kab_package_compare (newest->package, item->package) <= 0)
    return;

  kab_rules_document_set_base (document, kab_package_get_version (newest->package),
                               kab_package_get (newest->package, "package_uuid"));
  /* Translators: %1$s is a version that is the beginning of a new one, %2$s a newer one, %3$s its maturity */
  text = g_strdup_printf (_("It begins with version %1$s; version %2$s (%3$s) is newer and comes before yours"),
                          kab_package_get_version (item->package), kab_package_get_version (newest->package),
                          kab_package_get_maturity (newest->package));
  kab_window_add_toast (GTK_WIDGET (self), text);
}

/* What is being opened: a document that the server is asked for. */
typedef struct {
  KabRulesPage   *page;         /* alive unless the reading was cancelled */
  KabRulePackage *item;
  GPtrArray      *findings;     /* (nullable): of which one is to be mended */
  guint           finding;
} Opening;

static void
opening_free (Opening *opening)
{
  g_object_unref (opening->item);
  g_clear_pointer (&opening->findings, g_ptr_array_unref);
  g_free (opening);
}

G_DEFINE_AUTOPTR_CLEANUP_FUNC (Opening, opening_free)

static void
document_read_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(Opening) opening = user_data;
  KabRulePackage *item = opening->item;
  g_autoptr(GError) error = NULL;
  g_autoptr(KabRulesDocument) document = kab_session_read_document_finish (KAB_SESSION (source), result, &error);
  KabRulesPage *self = opening->page;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  g_clear_object (&self->opening);
  /* Without the server it is what agents read, as of the last sync: good enough for a draft. */
  if (document == NULL && item->rules != NULL && !g_error_matches (error, KAB_ERROR, KAB_ERROR_BAD_SIGNATURE))
    {
      g_info ("%s: %s; its rules are taken from the mirror", item->origin, error->message);
      document = kab_rules_document_new_from_rules (item->rules, item->package);
      kab_rules_document_set_base (document, kab_package_get_version (item->package),
                                   kab_package_get (item->package, "package_uuid"));
    }
  if (document == NULL)
    {
      kab_window_add_error (GTK_WIDGET (self), error);
      return;
    }
  begin_document (self, document, opening->findings != NULL ? opening->findings->pdata[opening->finding] : NULL);
  follow_newest (self, item, document);
}

/* @findings: (nullable): the fix of its @finding is the beginning of the next version */
static void
open_item (KabRulesPage   *self,
           KabRulePackage *item,
           GPtrArray      *findings,
           guint           finding)
{
  Opening *opening;

  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  self->opening = g_cancellable_new ();
  opening = g_new0 (Opening, 1);
  opening->page = self;
  opening->item = g_object_ref (item);
  opening->findings = findings != NULL ? g_ptr_array_ref (findings) : NULL;
  opening->finding = finding;
  kab_session_read_document_async (self->session, kab_package_get (item->package, "filename"), self->opening,
                                   document_read_cb, opening);
}

/* Actions */

static void
new_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  KabRulesPage *self = KAB_RULES_PAGE (widget);
  g_autoptr(KabRulesDocument) document = NULL;
  g_autoptr(KabRulePackage) item = NULL;

  if (self->session == NULL)
    return;

  if (g_str_equal (name, "rules.copy"))
    {
      item = kab_rules_page_dup_single (self);
      if (item == NULL || item->rules == NULL)
        return;
      document = kab_rules_document_new_from_rules (item->rules, NULL);
      kab_rules_document_set_name (document, "");
    }
  else
    {
      document = kab_rules_document_new (NULL);
    }
  begin_document (self, document, NULL);
}

static void
edit_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  KabRulesPage *self = KAB_RULES_PAGE (widget);
  g_autoptr(KabRulePackage) item = kab_rules_page_dup_single (self);

  if (item != NULL && self->session != NULL)
    open_item (self, item, NULL, 0);
}

static void
mend_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  KabRulesPage *self = KAB_RULES_PAGE (widget);
  g_autoptr(KabRulePackage) item = kab_rules_page_dup_single (self);
  guint finding = g_variant_get_uint32 (parameter);

  if (item != NULL && self->session != NULL && self->findings != NULL && finding < self->findings->len)
    open_item (self, item, self->findings, finding);
}

static void
step_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  KabRulesPage *self = KAB_RULES_PAGE (widget);

  if (self->wizard == NULL)
    return;
  if (g_str_equal (name, "rules.step-next"))
    kab_rules_wizard_next (self->wizard);
  else if (g_str_equal (name, "rules.leave") || !kab_rules_wizard_back (self->wizard))
    kab_rules_page_leave (self);
}

void
kab_rules_page_class_install_wizard (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "rules.new", NULL, new_action);
  gtk_widget_class_install_action (widget_class, "rules.copy", NULL, new_action);
  gtk_widget_class_install_action (widget_class, "rules.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget_class, "rules.mend", "u", mend_action);
  gtk_widget_class_install_action (widget_class, "rules.step-next", NULL, step_action);
  gtk_widget_class_install_action (widget_class, "rules.step-back", NULL, step_action);
  gtk_widget_class_install_action (widget_class, "rules.leave", NULL, step_action);
}
