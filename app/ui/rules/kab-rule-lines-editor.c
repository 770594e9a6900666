/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-rule-lines-editor.h"

struct _KabRuleLinesEditor
{
  AdwBin      parent_instance;

  KabSession *session;
  GObject    *document;
};

G_DEFINE_FINAL_TYPE (KabRuleLinesEditor, kab_rule_lines_editor, ADW_TYPE_BIN)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
kab_rule_lines_editor_dispose (GObject *object)
{
  KabRuleLinesEditor *self = KAB_RULE_LINES_EDITOR (object);

  g_clear_object (&self->session);
  g_clear_object (&self->document);

  G_OBJECT_CLASS (kab_rule_lines_editor_parent_class)->dispose (object);
}

static void
kab_rule_lines_editor_class_init (KabRuleLinesEditorClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_rule_lines_editor_dispose;

  signals[CHANGED] = g_signal_new ("changed", KAB_TYPE_RULE_LINES_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
kab_rule_lines_editor_init (KabRuleLinesEditor *self)
{
}

GtkWidget *
kab_rule_lines_editor_new (KabSession       *session,
                           KabRulesDocument *document)
{
  KabRuleLinesEditor *self = g_object_new (KAB_TYPE_RULE_LINES_EDITOR, NULL);

  g_return_val_if_fail (KAB_IS_SESSION (session), NULL);
  g_return_val_if_fail (G_IS_OBJECT (document), NULL);

  self->session = g_object_ref (session);
  self->document = g_object_ref (G_OBJECT (document));
  return GTK_WIDGET (self);
}
