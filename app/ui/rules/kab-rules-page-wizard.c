/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-assign-selection.h"
#include "kab-assign-window.h"
#include "kab-error.h"
#include "kab-format.h"
#include "kab-rules-page-private.h"
#include "kab-undo-toast.h"
#include "kab-window.h"

/* Step of the wizard that single updates stand on */
#define STEP_UPDATES 2

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

/* Drafts that were left */

static void
show_drafts (KabRulesPage *self)
{
  g_autofree char *age = NULL;
  g_autofree char *text = NULL;
  const char *name;

  gtk_widget_set_visible (self->drafts, self->draft != NULL);
  if (self->draft == NULL || self->session == NULL)
    return;

  age = kab_format_age (self->draft->changed_at, g_get_real_time () / G_USEC_PER_SEC);
  name = *self->draft->name != '\0' ? self->draft->name : _("a new package");
  if (self->n_drafts > 1)
    /* Translators: %1$s is a rule package, %2$s "4 minutes ago", %3$u how many other drafts there are */
    text = g_strdup_printf (ngettext ("Draft of %1$s, changed %2$s, and %3$u more",
                                      "Draft of %1$s, changed %2$s, and %3$u more", self->n_drafts - 1),
                            name, age, self->n_drafts - 1);
  else
    /* Translators: %1$s is a rule package, %2$s "4 minutes ago" */
    text = g_strdup_printf (_("Draft of %1$s, changed %2$s"), name, age);
  gtk_label_set_label (GTK_LABEL (self->drafts_text), text);
}

static void
drafts_read_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) drafts = kab_session_read_drafts_finish (KAB_SESSION (source), result, &error);
  KabRulesPage *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_RULES_PAGE (user_data);
  g_clear_object (&self->draft);
  self->n_drafts = drafts != NULL ? g_list_model_get_n_items (drafts) : 0;
  self->draft = self->n_drafts > 0 ? g_list_model_get_item (drafts, 0) : NULL;
  show_drafts (self);
}

void
kab_rules_page_read_drafts (KabRulesPage *self)
{
  g_clear_object (&self->draft);
  self->n_drafts = 0;
  show_drafts (self);
  if (self->session != NULL && self->cancellable != NULL)
    kab_session_read_drafts_async (self->session, self->cancellable, drafts_read_cb, self);
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

  kab_rule_editor_set_step (editor, STEP_UPDATES);
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
  kab_rules_page_read_drafts (self);
  gtk_widget_grab_focus (GTK_WIDGET (kab_item_view_get_table (self->view)));
}

static void
begin_document (KabRulesPage     *self,
                KabRulesDocument *document)
{
  g_autoptr(KabRuleEditor) editor = kab_rule_editor_new (self->session, document);

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
} Opening;

static void
document_read_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autofree Opening *opening = user_data;
  g_autoptr(KabRulePackage) item = opening->item;
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
  begin_document (self, document);
  follow_newest (self, item, document);
}

static void
open_item (KabRulesPage   *self,
           KabRulePackage *item)
{
  Opening *opening;

  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  g_clear_object (&self->opening);
  self->opening = g_cancellable_new ();
  opening = g_new0 (Opening, 1);
  opening->page = self;
  opening->item = g_object_ref (item);
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
  begin_document (self, document);
}

static void
edit_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  KabRulesPage *self = KAB_RULES_PAGE (widget);
  g_autoptr(KabRulePackage) item = kab_rules_page_dup_single (self);

  if (item != NULL && self->session != NULL)
    open_item (self, item);
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

static void
resume_draft_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  KabRulesPage *self = KAB_RULES_PAGE (widget);
  g_autoptr(GError) error = NULL;
  g_autoptr(KabRuleEditor) editor = NULL;

  if (self->draft == NULL || self->session == NULL)
    return;
  editor = kab_rule_editor_new_from_draft (self->session, self->draft, &error);
  if (editor != NULL)
    kab_rules_page_begin (self, editor);
  else
    kab_window_add_error (widget, error);
}

/* A draft that was thrown away, and a deed that was wished for */
typedef struct {
  KabRulesPage  *page;          /* ours */
  KabDraft      *draft;
  GArray        *targets;
  char          *name;
  KabPackageJob *job;
} Wish;

static Wish *
wish_new (KabRulesPage *page)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->page = g_object_ref (page);

  return wish;
}

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_object_unref (wish->page);
  g_clear_object (&wish->draft);
  g_clear_object (&wish->job);
  g_clear_pointer (&wish->targets, g_array_unref);
  g_free (wish->name);
  g_free (wish);
}

static void
draft_restored_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(KabRulesPage) self = KAB_RULES_PAGE (user_data);
  g_autoptr(GError) error = NULL;
  g_autofree char *id = kab_session_save_draft_finish (KAB_SESSION (source), result, &error);

  if (id == NULL)
    kab_window_add_error (GTK_WIDGET (self), error);
  else
    kab_rules_page_read_drafts (self);
}

static void
undo_discard_cb (gboolean yes,
                 gpointer user_data)
{
  Wish *wish = user_data;

  if (yes && wish->page->session != NULL)
    kab_session_save_draft_async (wish->page->session, NULL, wish->draft->name, wish->draft->text, wish->draft->extra,
                                  NULL, draft_restored_cb, g_object_ref (wish->page));
}

static void
tell_discarded (KabRulesPage *self,
                KabDraft     *draft)
{
  Wish *wish = wish_new (self);

  wish->draft = g_object_ref (draft);
  kab_window_add_toast_with_answer (GTK_WIDGET (self), _("Draft discarded"), _("Undo"), undo_discard_cb, wish, wish_free);
}

static void
draft_discarded_cb (GObject      *source,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(KabRulesPage) self = KAB_RULES_PAGE (user_data);
  g_autoptr(GError) error = NULL;

  if (!kab_session_discard_draft_finish (KAB_SESSION (source), result, &error))
    kab_window_add_error (GTK_WIDGET (self), error);
  kab_rules_page_read_drafts (self);
}

static void
discard_draft_action (GtkWidget  *widget,
                      const char *name,
                      GVariant   *parameter)
{
  KabRulesPage *self = KAB_RULES_PAGE (widget);
  g_autoptr(KabDraft) draft = NULL;

  if (self->session == NULL)
    return;

  if (self->wizard != NULL)
    {
      KabRuleEditor *editor = kab_rules_wizard_get_editor (self->wizard);

      draft = kab_rule_editor_dup_draft (editor);
      kab_rule_editor_let_go (editor, TRUE);
      kab_rules_page_leave (self);
    }
  else if (self->draft != NULL)
    {
      draft = g_object_ref (self->draft);
      kab_session_discard_draft_async (self->session, draft->id, NULL, draft_discarded_cb, g_object_ref (self));
    }
  if (draft != NULL)
    tell_discarded (self, draft);
}

/* Giving a package to more people */

static void
assigned_cb (Wish *wish)
{
  KabRulesPage *self = wish->page;
  g_autoptr(GPtrArray) jobs = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = kab_package_job_count (wish->job, KAB_PACKAGE_STEP_DONE);
  g_autofree char *text = NULL;

  g_ptr_array_add (jobs, g_object_ref (wish->job));
  /* Translators: %1$s is a rule package, %2$u how many hosts, units and groups ask for it now */
  text = g_strdup_printf (ngettext ("%1$s is assigned: %2$u change", "%1$s is assigned: %2$u changes", n), wish->name, n);
  if (kab_job_get_state (KAB_JOB (wish->job)) == KAB_JOB_DONE)
    kab_undo_toast_show (GTK_WIDGET (self), self->session, jobs, text);
  else
    kab_window_add_error (GTK_WIDGET (self), kab_job_get_error (KAB_JOB (wish->job)));
}

static void
unlocked_cb (gboolean yes,
             gpointer user_data)
{
  Wish *wish = user_data;
  const char *requirements[] = { wish->name, NULL };
  Wish *done;

  if (!yes || wish->page->session == NULL)
    return;

  done = wish_new (wish->page);
  done->name = g_strdup (wish->name);
  done->job = g_object_ref (kab_session_assign (wish->page->session, KAB_ASSIGN,
                                                (const KabAssignTarget *) (gpointer) wish->targets->data,
                                                wish->targets->len, requirements, NULL));
  g_signal_connect_data (done->job, "finished", G_CALLBACK (assigned_cb), done,
                         (GClosureNotify) (void (*) (void)) wish_free, G_CONNECT_SWAPPED);
}

static void
targets_chosen_cb (GArray   *targets,
                   gpointer  user_data)
{
  Wish *wish = user_data;
  Wish *locked;

  if (targets->len == 0)
    return;
  locked = wish_new (wish->page);
  locked->name = g_strdup (wish->name);
  locked->targets = g_array_ref (targets);
  kab_window_unlock_key (GTK_WIDGET (wish->page), unlocked_cb, locked, wish_free);
}

static void
assign_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  KabRulesPage *self = KAB_RULES_PAGE (widget);
  g_autoptr(KabRulePackage) item = kab_rules_page_dup_single (self);
  g_autoptr(GArray) nobody = kab_assign_targets_new ();
  Wish *wish;

  if (item == NULL || self->session == NULL)
    return;

  wish = wish_new (self);
  wish->name = g_strdup (kab_package_get_name (item->package));
  kab_assign_window_show (widget, self->session, nobody, targets_chosen_cb, wish, wish_free);
}

void
kab_rules_page_class_install_wizard (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "rules.new", NULL, new_action);
  gtk_widget_class_install_action (widget_class, "rules.copy", NULL, new_action);
  gtk_widget_class_install_action (widget_class, "rules.edit", NULL, edit_action);
  gtk_widget_class_install_action (widget_class, "rules.step-next", NULL, step_action);
  gtk_widget_class_install_action (widget_class, "rules.step-back", NULL, step_action);
  gtk_widget_class_install_action (widget_class, "rules.leave", NULL, step_action);
  gtk_widget_class_install_action (widget_class, "rules.resume-draft", NULL, resume_draft_action);
  gtk_widget_class_install_action (widget_class, "rules.discard-draft", NULL, discard_draft_action);
  gtk_widget_class_install_action (widget_class, "rules.assign", NULL, assign_action);
}
