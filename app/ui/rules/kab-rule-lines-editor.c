/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-columns-layout.h"
#include "kab-format.h"
#include "kab-rule-drag.h"
#include "kab-rule-item.h"
#include "kab-rule-lines-private.h"
#include "kab-rule-list.h"
#include "kab-rules-context.h"
#include "kab-ui.h"
#include "kab-updates-columns.h"
#include "kab-window.h"
#include "kab-wrap-layout.h"

G_DEFINE_FINAL_TYPE (KabRuleLinesEditor, kab_rule_lines_editor, ADW_TYPE_BIN)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static KabTableInfo updates_info, allowed_info, forbidden_info;

/* What is selected */

static void
update_actions (KabRuleLinesEditor *self)
{
  guint n_updates = kab_table_get_n_selected (self->updates);
  guint n_lines = self->current != NULL ? kab_table_get_n_selected (self->current) : 0;
  static const char * const adding[] = { "lines.allow", "lines.forbid" };
  static const char * const editing[] = { "lines.turn", "lines.remove", "lines.reason" };

  for (guint i = 0; i < G_N_ELEMENTS (adding); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), adding[i], n_updates > 0);
  for (guint i = 0; i < G_N_ELEMENTS (editing); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), editing[i], n_lines > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "lines.paste", self->index != NULL);

  for (guint i = 0; i < 2; i++)
    gtk_widget_set_tooltip_text (i == 0 ? self->allow_button : self->forbid_button,
                                 n_updates == 0 ? _("Select updates first")
                                 : i == 0 ? _("Allow the selected updates (Ctrl+Shift+A)")
                                 : _("Forbid the selected updates (Ctrl+Shift+F)"));
  gtk_widget_set_tooltip_text (self->paste_button, self->index != NULL
                               ? _("Take KBs and ids out of a mail or a table (Ctrl+V)")
                               : _("The updates are still being read"));
  gtk_widget_set_tooltip_text (self->turn_button, n_lines == 0 ? _("Select lines first")
                                                               : _("Move the selected lines to the other list"));
  gtk_widget_set_tooltip_text (self->remove_button, n_lines == 0 ? _("Select lines first")
                                                                 : _("Remove the selected lines (Delete)"));
}

/* The entry has the reason of the selected lines, when they have one in common. */
static void
show_reason (KabRuleLinesEditor *self)
{
  g_autoptr(GPtrArray) items = kab_rule_list_dup_selected (self->current);
  const char *reason = items->len > 0 ? kab_rule_item_get_reason (items->pdata[0]) : "";
  g_autofree char *count = kab_format_count (items->len);
  g_autofree char *words = NULL;

  for (guint i = 1; i < items->len; i++)
    if (!g_str_equal (kab_rule_item_get_reason (items->pdata[i]), reason))
      reason = "";
  words = items->len > 0
          ? g_strdup_printf (ngettext ("Reason of the selected line", "Reason of the %s selected lines", items->len), count)
          : g_strdup (_("Select lines to say why"));
  self->filling = TRUE;
  gtk_editable_set_text (self->reason, reason);
  self->filling = FALSE;
  g_object_set (self->reason, "placeholder-text", words, "sensitive", items->len > 0, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->reason), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

/* Lines are selected in one of the lists at a time. */
static void
lines_selected_cb (KabTable           *table,
                   KabRuleLinesEditor *self)
{
  KabTable *other = table == self->allowed ? self->forbidden : self->allowed;

  if (kab_table_get_n_selected (table) > 0)
    {
      self->current = table;
      if (kab_table_get_n_selected (other) > 0)
        gtk_selection_model_unselect_all (kab_table_get_selection (other));
    }
  else if (self->current == table)
    {
      self->current = NULL;
    }
  update_actions (self);
  show_reason (self);
}

/* Showing the document */

static void
show_title (GtkLabel   *label,
            const char *title,
            GListStore *lines)
{
  g_autofree char *count = kab_format_count (g_list_model_get_n_items (G_LIST_MODEL (lines)));
  /* Translators: title of a list and how many lines it has: "Allowed (3)" */
  g_autofree char *text = g_strdup_printf (_("%1$s (%2$s)"), title, count);

  gtk_label_set_label (label, text);
}

/* What is selected stays so, when nothing else was just added. */
static void
keep_selected (KabRuleLinesEditor *self)
{
  g_autoptr(GPtrArray) items = self->fresh == NULL ? kab_rule_list_dup_selected (self->current) : NULL;

  if (items == NULL || items->len == 0)
    return;

  self->fresh = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < items->len; i++)
    g_hash_table_add (self->fresh, g_strdup (kab_rule_item_get_value (items->pdata[i])));
}

static gboolean
refresh_in_idle (gpointer data)
{
  KabRuleLinesEditor *self = KAB_RULE_LINES_EDITOR (data);

  self->refresh_source = 0;
  keep_selected (self);
  kab_rule_list_fill (self->lines[0], self->document, self->index, FALSE);
  kab_rule_list_fill (self->lines[1], self->document, self->index, TRUE);
  show_title (self->allowed_title, C_("verdict", "Allowed"), self->lines[0]);
  show_title (self->forbidden_title, C_("verdict", "Forbidden"), self->lines[1]);
  if (self->fresh != NULL)
    {
      kab_rule_list_select (self->allowed, self->fresh);
      kab_rule_list_select (self->forbidden, self->fresh);
      g_clear_pointer (&self->fresh, g_hash_table_unref);
    }
  return G_SOURCE_REMOVE;
}

static void
refresh (KabRuleLinesEditor *self)
{
  if (self->refresh_source == 0)
    self->refresh_source = g_idle_add (refresh_in_idle, self);
}

void
kab_rule_lines_editor_changed (KabRuleLinesEditor *self)
{
  refresh (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

/* Enter on an update allows it: forbidding is the rarer wish. */
static void
update_activated_cb (KabRuleLinesEditor *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "lines.allow", NULL);
}

static void
line_activated_cb (KabRuleLinesEditor *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->reason));
}

/* The rest */

static void
search_cb (KabRuleLinesEditor *self,
           const char         *text)
{
  g_autoptr(GError) error = NULL;

  kab_search_set_error (self->search, kab_record_list_set_query (self->list, text, &error) ? NULL : error);
}

static void
told_cb (KabRuleLinesEditor *self,
         const char         *text)
{
  kab_window_add_toast (GTK_WIDGET (self), text);
}

static void
failed_cb (KabRuleLinesEditor *self,
           const GError       *error)
{
  kab_window_add_error (GTK_WIDGET (self), error);
}

static void
context_read_cb (GObject      *object,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabRulesContext) context = kab_session_read_rules_context_finish (KAB_SESSION (object), result, &error);
  KabRuleLinesEditor *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_RULE_LINES_EDITOR (user_data);
  if (context == NULL)
    {
      kab_window_add_error (GTK_WIDGET (self), error);
      return;
    }
  g_clear_pointer (&self->index, kab_update_index_unref);
  self->index = kab_update_index_ref (kab_rules_context_get_index (context));
  update_actions (self);
  refresh (self);
}

static void
snapshot_cb (KabRuleLinesEditor *self)
{
  kab_record_list_set_snapshot (self->list, kab_session_get_snapshot (self->session));
  kab_session_read_rules_context_async (self->session, self->cancellable, context_read_cb, self);
}

static void
kab_rule_lines_editor_dispose (GObject *object)
{
  KabRuleLinesEditor *self = KAB_RULE_LINES_EDITOR (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->refresh_source, g_source_remove);
  self->current = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), KAB_TYPE_RULE_LINES_EDITOR);

  G_OBJECT_CLASS (kab_rule_lines_editor_parent_class)->dispose (object);
}

static void
kab_rule_lines_editor_finalize (GObject *object)
{
  KabRuleLinesEditor *self = KAB_RULE_LINES_EDITOR (object);

  g_clear_object (&self->session);
  g_clear_object (&self->document);
  g_clear_pointer (&self->index, kab_update_index_unref);
  g_clear_pointer (&self->fresh, g_hash_table_unref);
  g_clear_object (&self->list);
  g_clear_object (&self->lines[0]);
  g_clear_object (&self->lines[1]);
  g_clear_object (&self->cancellable);

  G_OBJECT_CLASS (kab_rule_lines_editor_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "rules/kab-rule-lines-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, KabRuleLinesEditor, search);
  gtk_widget_class_bind_template_child (widget_class, KabRuleLinesEditor, updates);
  gtk_widget_class_bind_template_child (widget_class, KabRuleLinesEditor, buttons);
  gtk_widget_class_bind_template_child (widget_class, KabRuleLinesEditor, allow_button);
  gtk_widget_class_bind_template_child (widget_class, KabRuleLinesEditor, forbid_button);
  gtk_widget_class_bind_template_child (widget_class, KabRuleLinesEditor, paste_button);
  gtk_widget_class_bind_template_child (widget_class, KabRuleLinesEditor, allowed_title);
  gtk_widget_class_bind_template_child (widget_class, KabRuleLinesEditor, allowed_frame);
  gtk_widget_class_bind_template_child (widget_class, KabRuleLinesEditor, allowed);
  gtk_widget_class_bind_template_child (widget_class, KabRuleLinesEditor, forbidden_title);
  gtk_widget_class_bind_template_child (widget_class, KabRuleLinesEditor, forbidden_frame);
  gtk_widget_class_bind_template_child (widget_class, KabRuleLinesEditor, forbidden);
  gtk_widget_class_bind_template_child (widget_class, KabRuleLinesEditor, reason);
  gtk_widget_class_bind_template_child (widget_class, KabRuleLinesEditor, turn_button);
  gtk_widget_class_bind_template_child (widget_class, KabRuleLinesEditor, remove_button);
  gtk_widget_class_bind_template_child (widget_class, KabRuleLinesEditor, update_menu);
  gtk_widget_class_bind_template_child (widget_class, KabRuleLinesEditor, line_menu);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_actions);
  gtk_widget_class_bind_template_callback (widget_class, update_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, lines_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, line_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, kab_rule_lines_editor_apply_reason);
  gtk_widget_class_bind_template_callback (widget_class, told_cb);
  gtk_widget_class_bind_template_callback (widget_class, failed_cb);
}

static void
kab_rule_lines_editor_class_init (KabRuleLinesEditorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kab_rule_lines_editor_dispose;
  object_class->finalize = kab_rule_lines_editor_finalize;

  signals[CHANGED] = g_signal_new ("changed", KAB_TYPE_RULE_LINES_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);

  /* The same tables as elsewhere, with columns of their own in the settings. */
  updates_info = kab_updates_table;
  updates_info.id = "rule-updates";
  allowed_info = kab_rule_edit_table;
  allowed_info.id = "rule-allowed";
  allowed_info.name = N_("Allowed updates");
  forbidden_info = kab_rule_edit_table;
  forbidden_info.id = "rule-forbidden";
  forbidden_info.name = N_("Forbidden updates");

  g_type_ensure (KAB_TYPE_SEARCH);
  g_type_ensure (KAB_TYPE_TABLE);
  g_type_ensure (KAB_TYPE_COLUMNS_LAYOUT);
  bind_template (widget_class);

  kab_rule_lines_editor_class_install_changes (widget_class);
}

static void
kab_rule_lines_editor_init (KabRuleLinesEditor *self)
{
  self->cancellable = g_cancellable_new ();
  self->list = kab_record_list_new (KAB_QUERY_UPDATES);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (self->buttons, kab_wrap_layout_new (6, 6));
  kab_search_set_domain (self->search, KAB_QUERY_UPDATES);
  kab_search_set_list (self->search, self->list);
  kab_table_set_info (self->updates, &updates_info);
  kab_table_set_row_menu (self->updates, self->update_menu);
  kab_table_set_model (self->updates, G_LIST_MODEL (self->list));
  self->lines[0] = kab_rule_list_set_up (self->allowed, &allowed_info, self->line_menu,
                                         _("Nothing is allowed one by one. Allow selected updates, drag them here, "
                                           "or paste KBs."));
  self->lines[1] = kab_rule_list_set_up (self->forbidden, &forbidden_info, self->line_menu,
                                         _("Nothing is forbidden. Forbid selected updates, drag them here, or paste "
                                           "KBs."));
  kab_rule_drag_add_source (self->updates);
  kab_rule_drag_add_source (self->allowed);
  kab_rule_drag_add_source (self->forbidden);
  kab_rule_drag_add_target (self->allowed_frame, G_CALLBACK (kab_rule_lines_editor_dropped_cb), self);
  kab_rule_drag_add_target (self->forbidden_frame, G_CALLBACK (kab_rule_lines_editor_dropped_cb), self);
  update_actions (self);
  show_reason (self);
}

GtkWidget *
kab_rule_lines_editor_new (KabSession       *session,
                           KabRulesDocument *document)
{
  KabRuleLinesEditor *self;

  g_return_val_if_fail (KAB_IS_SESSION (session), NULL);
  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (document), NULL);

  self = g_object_new (KAB_TYPE_RULE_LINES_EDITOR, NULL);
  self->session = g_object_ref (session);
  self->document = g_object_ref (document);
  g_signal_connect_object (document, "changed", G_CALLBACK (refresh), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notify::snapshot", G_CALLBACK (snapshot_cb), self, G_CONNECT_SWAPPED);
  snapshot_cb (self);
  refresh_in_idle (self);

  return GTK_WIDGET (self);
}
