/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-format.h"
#include "kab-rules-page-private.h"
#include "kab-window.h"

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
kab_rules_page_forget_drafts (KabRulesPage *self)
{
  g_clear_object (&self->draft);
  self->n_drafts = 0;
  show_drafts (self);
}

void
kab_rules_page_read_drafts (KabRulesPage *self)
{
  if (self->session != NULL && self->cancellable != NULL)
    kab_session_read_drafts_async (self->session, self->cancellable, drafts_read_cb, self);
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

/* A draft that was thrown away */
typedef struct {
  KabRulesPage *page;          /* ours */
  KabDraft     *draft;
} Discarded;

static void
discarded_free (gpointer data)
{
  Discarded *discarded = data;

  g_object_unref (discarded->page);
  g_object_unref (discarded->draft);
  g_free (discarded);
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
  Discarded *discarded = user_data;
  KabDraft *draft = discarded->draft;

  if (yes && discarded->page->session != NULL)
    kab_session_save_draft_async (discarded->page->session, NULL, draft->name, draft->text, draft->extra, NULL,
                                  draft_restored_cb, g_object_ref (discarded->page));
}

static void
tell_discarded (KabRulesPage *self,
                KabDraft     *draft)
{
  Discarded *discarded = g_new (Discarded, 1);

  *discarded = (Discarded) { g_object_ref (self), g_object_ref (draft) };
  kab_window_add_toast_with_answer (GTK_WIDGET (self), _("Draft discarded"), _("Undo"), undo_discard_cb, discarded,
                                    discarded_free);
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
      kab_rules_page_forget_drafts (self);
      kab_session_discard_draft_async (self->session, draft->id, NULL, draft_discarded_cb, g_object_ref (self));
    }
  if (draft != NULL)
    tell_discarded (self, draft);
}

void
kab_rules_page_class_install_drafts (GtkWidgetClass *widget_class)
{
  gtk_widget_class_install_action (widget_class, "rules.resume-draft", NULL, resume_draft_action);
  gtk_widget_class_install_action (widget_class, "rules.discard-draft", NULL, discard_draft_action);
}
