/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-paste-dialog.h"
#include "kab-rule-drag.h"
#include "kab-rule-item.h"
#include "kab-rule-lines-private.h"
#include "kab-rule-list.h"

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
    kab_rule_lines_editor_changed (wish->editor);
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

/* To the other list, or away */
static void
line_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  KabRuleLinesEditor *self = KAB_RULE_LINES_EDITOR (widget);
  g_autoptr(GPtrArray) items = kab_rule_list_dup_selected (self->current);

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
    kab_rule_lines_editor_changed (self);
}

static void
reason_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  gtk_widget_grab_focus (GTK_WIDGET (KAB_RULE_LINES_EDITOR (widget)->reason));
}

void
kab_rule_lines_editor_apply_reason (KabRuleLinesEditor *self)
{
  g_autoptr(GPtrArray) items = kab_rule_list_dup_selected (self->current);
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
    kab_rule_lines_editor_changed (self);
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
    kab_rule_lines_editor_changed (self);
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

gboolean
kab_rule_lines_editor_dropped_cb (GtkDropTarget      *target,
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

void
kab_rule_lines_editor_class_install_changes (GtkWidgetClass *widget_class)
{
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
