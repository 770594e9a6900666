/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-rule-editor-private.h"

static void
linted_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GPtrArray) findings = kab_rules_context_lint_finish (KAB_RULES_CONTEXT (source), result, NULL);
  KabRuleEditor *self;

  if (findings == NULL)     /* the rules have changed again, or nobody edits them any more */
    return;

  self = KAB_RULE_EDITOR (user_data);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  self->findings = g_steal_pointer (&findings);
  kab_rule_editor_emit_forecast (self);
}

void
kab_rule_editor_lint (KabRuleEditor *self)
{
  g_cancellable_cancel (self->linting);
  g_clear_object (&self->linting);
  if (self->context == NULL)
    return;
  self->linting = g_cancellable_new ();
  kab_rules_context_lint_async (self->context, self->document, self->linting, linted_cb, self);
}

GPtrArray *
kab_rule_editor_get_findings (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), NULL);

  return self->findings;
}

gboolean
kab_rule_editor_apply (KabRuleEditor        *self,
                       const KabLintFinding *finding)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), FALSE);
  g_return_val_if_fail (finding != NULL, FALSE);

  return kab_lint_finding_apply (finding, self->document);
}
