/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-columns-layout.h"
#include "kab-format.h"
#include "kab-paste-dialog.h"
#include "kab-rule-drag.h"
#include "kab-rule-item.h"
#include "kab-rule-lines-editor.h"
#include "kab-rule-list.h"
#include "kab-rules-context.h"
#include "kab-search.h"
#include "kab-ui.h"
#include "kab-updates-columns.h"
#include "kab-window.h"
#include "kab-wrap-layout.h"

struct _KabRuleLinesEditor
{
  AdwBin            parent_instance;

  KabSearch        *search;
  KabTable         *updates;
  GtkWidget        *buttons;
  GtkWidget        *allow_button, *forbid_button, *paste_button;
  GtkLabel         *allowed_title;
  GtkWidget        *allowed_frame;
  KabTable         *allowed;
  GtkLabel         *forbidden_title;
  GtkWidget        *forbidden_frame;
  KabTable         *forbidden;
  GtkEditable      *reason;
  GtkWidget        *turn_button, *remove_button;
  GMenuModel       *update_menu, *line_menu;

  KabSession       *session;
  KabRulesDocument *document;
  KabUpdateIndex   *index;           /* (nullable): not read yet */
  KabRecordList    *list;
  GListStore       *lines[2];        /* of KabRuleItem: allowed, forbidden */
  KabTable         *current;         /* (nullable): the list whose lines are selected; borrowed: our child */
  GHashTable       *fresh;           /* (nullable): values that were just added and will be selected */
  guint             refresh_source;
  gboolean          filling;
  GCancellable     *cancellable;
};

G_DEFINE_FINAL_TYPE (KabRuleLinesEditor, kab_rule_lines_editor, ADW_TYPE_BIN)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static KabTableInfo updates_info, allowed_info, forbidden_info;

/* What is selected */

static GPtrArray *
dup_selected (KabRuleLinesEditor *self)
{
  return kab_rule_list_dup_selected (self->current);
}

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
  g_autoptr(GPtrArray) items = dup_selected (self);
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
  g_autoptr(GPtrArray) items = self->fresh == NULL ? dup_selected (self) : NULL;

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

/* Changing it */

static void
put (KabRuleLinesEditor *self,
     KabRuleList         list,
     const char         *value,
     const char         *reason)
{
  kab_rules_document_put (self->document, list, value, reason);
  if (self->fresh == NULL)
    self->fresh = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_hash_table_add (self->fresh, g_strdup (value));
}

static void
changed (KabRuleLinesEditor *self)
{
  refresh (self);
  g_signal_emit (self, signals[CHANGED], 0);
}

typedef struct {
  KabRuleLinesEditor *editor;      /* alive unless the gathering was cancelled */
  gboolean            forbids;
} Wish;

static void
collected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autofree Wish *wish = user_data;
  g_autoptr(GPtrArray) records = kab_table_collect_finish (KAB_TABLE (object), result, NULL);

  if (records == NULL)
    return;

  for (guint i = 0; i < records->len; i++)
    put (wish->editor, wish->forbids ? KAB_RULE_FORBIDDEN_UPDATES : KAB_RULE_ALLOWED_UPDATES,
         kab_record_get_id (records->pdata[i]), NULL);
  if (records->len > 0)
    changed (wish->editor);
}

static void
add_selected (KabRuleLinesEditor *self,
              gboolean            forbids)
{
  Wish *wish = g_new0 (Wish, 1);

  wish->editor = self;
  wish->forbids = forbids;
  kab_table_collect_async (self->updates, TRUE, self->cancellable, collected_cb, wish);
}

static void
add_action (GtkWidget  *widget,
            const char *name,
            GVariant   *parameter)
{
  add_selected (KAB_RULE_LINES_EDITOR (widget), g_str_equal (name, "lines.forbid"));
}

/* Enter on an update allows it: forbidding is the rarer wish. */
static void
update_activated_cb (KabRuleLinesEditor *self)
{
  add_selected (self, FALSE);
}

/* To the other list, or away */
static void
line_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  KabRuleLinesEditor *self = KAB_RULE_LINES_EDITOR (widget);
  g_autoptr(GPtrArray) items = dup_selected (self);

  for (guint i = 0; i < items->len; i++)
    {
      KabRuleList list = kab_rule_item_get_list (items->pdata[i]), opposite;
      const char *value = kab_rule_item_get_value (items->pdata[i]);

      if (g_str_equal (name, "lines.remove"))
        kab_rules_document_remove (self->document, list, value);
      else if (kab_rule_list_get_opposite (list, &opposite))
        put (self, opposite, value, kab_rule_item_get_reason (items->pdata[i]));
    }
  if (items->len > 0)
    changed (self);
}

static void
line_activated_cb (KabRuleLinesEditor *self)
{
  gtk_widget_grab_focus (GTK_WIDGET (self->reason));
}

static void
reason_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  line_activated_cb (KAB_RULE_LINES_EDITOR (widget));
}

static void
apply_reason (KabRuleLinesEditor *self)
{
  g_autoptr(GPtrArray) items = dup_selected (self);
  g_autofree char *reason = g_strstrip (g_strdup (gtk_editable_get_text (self->reason)));
  gboolean differs = FALSE;
  gboolean common = TRUE;

  for (guint i = 0; i < items->len; i++)
    common &= g_str_equal (kab_rule_item_get_reason (items->pdata[i]), kab_rule_item_get_reason (items->pdata[0]));
  /* Empty stands for several different ones, which nobody touched. */
  if (self->filling || (*reason == '\0' && !common))
    return;

  for (guint i = 0; i < items->len; i++)
    if (!g_str_equal (kab_rule_item_get_reason (items->pdata[i]), reason))
      differs |= kab_rules_document_put (self->document, kab_rule_item_get_list (items->pdata[i]),
                                         kab_rule_item_get_value (items->pdata[i]), reason);
  if (differs)
    changed (self);
}

/* Pasted and dropped texts */

static void
pasted_cb (KabRuleLinesEditor *self,
           GPtrArray          *lines)
{
  for (guint i = 0; i < lines->len; i++)
    {
      const KabRulesLine *line = lines->pdata[i];

      put (self, line->list, line->value, *line->reason != '\0' ? line->reason : NULL);
    }
  if (lines->len > 0)
    changed (self);
}

static void
open_paste (KabRuleLinesEditor *self,
            const char         *text)
{
  GtkWidget *dialog = kab_paste_dialog_new (GTK_WIDGET (self), self->index, text);

  g_signal_connect_object (dialog, "chosen", G_CALLBACK (pasted_cb), self, G_CONNECT_SWAPPED);
  gtk_window_present (GTK_WINDOW (dialog));
}

static void
clipboard_read_cb (GObject      *object,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = gdk_clipboard_read_text_finish (GDK_CLIPBOARD (object), result, &error);

  /* A clipboard without text is no error: it is typed then. */
  if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    open_paste (KAB_RULE_LINES_EDITOR (user_data), text != NULL ? text : "");
}

static void
paste_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  KabRuleLinesEditor *self = KAB_RULE_LINES_EDITOR (widget);

  gdk_clipboard_read_text_async (gtk_widget_get_clipboard (widget), self->cancellable, clipboard_read_cb, self);
}

static gboolean
dropped_cb (GtkDropTarget      *target,
            const GValue       *value,
            double              x,
            double              y,
            KabRuleLinesEditor *self)
{
  GtkWidget *frame = gtk_event_controller_get_widget (GTK_EVENT_CONTROLLER (target));
  const char *text = g_value_get_string (value);
  g_autoptr(GPtrArray) lines = NULL;

  if (text == NULL || self->index == NULL)
    return FALSE;

  lines = kab_rule_drag_dup_lines (text, self->document, self->index, frame == self->forbidden_frame);
  if (lines != NULL)
    pasted_cb (self, lines);
  else
    open_paste (self, text);
  return TRUE;
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
  gtk_widget_class_bind_template_callback (widget_class, apply_reason);
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

  gtk_widget_class_install_action (widget_class, "lines.allow", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "lines.forbid", NULL, add_action);
  gtk_widget_class_install_action (widget_class, "lines.turn", NULL, line_action);
  gtk_widget_class_install_action (widget_class, "lines.remove", NULL, line_action);
  gtk_widget_class_install_action (widget_class, "lines.reason", NULL, reason_action);
  gtk_widget_class_install_action (widget_class, "lines.paste", NULL, paste_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_a, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "lines.allow", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_f, GDK_CONTROL_MASK | GDK_SHIFT_MASK, "lines.forbid", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Delete, 0, "lines.remove", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_v, GDK_CONTROL_MASK, "lines.paste", NULL);
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
  kab_rule_drag_add_target (self->allowed_frame, G_CALLBACK (dropped_cb), self);
  kab_rule_drag_add_target (self->forbidden_frame, G_CALLBACK (dropped_cb), self);
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
