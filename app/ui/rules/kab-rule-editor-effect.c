/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-rule-editor-private.h"

static void
job_notify_cb (KabRuleEditor *self)
{
  kab_rule_editor_emit_forecast (self);
}

static void
job_finished_cb (KabRuleEditor *self,
                 KabJob        *job)
{
  if (kab_job_get_state (job) == KAB_JOB_DONE && KAB_FORECAST_JOB (job) == self->job)
    {
      g_set_object (&self->forecast, kab_forecast_job_get_forecast (self->job));
      self->current = TRUE;
    }
  kab_rule_editor_emit_forecast (self);
}

void
kab_rule_editor_drop_job (KabRuleEditor *self)
{
  if (self->job == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->job, self);
  kab_job_cancel (KAB_JOB (self->job));
  g_clear_object (&self->job);
}

void
kab_rule_editor_restart (KabRuleEditor *self)
{
  g_autoptr(KabForecastPlan) plan = NULL;

  g_return_if_fail (KAB_IS_RULE_EDITOR (self));

  kab_rule_editor_drop_job (self);
  self->current = FALSE;
  if (!self->watched || self->context == NULL)
    {
      kab_rule_editor_emit_forecast (self);
      return;
    }

  plan = kab_rules_context_plan (self->context, self->document, NULL);
  for (guint i = 0; i < self->targets->len; i++)
    {
      const KabAssignTarget *target = &g_array_index (self->targets, KabAssignTarget, i);

      kab_forecast_plan_assign (plan, KAB_ASSIGN, target->kind, target->target,
                                kab_rules_document_get_name (self->document));
    }
  if (kab_rule_editor_is_hypothetical (self))
    kab_rules_context_assign_to_all (self->context, plan, kab_rules_document_get_name (self->document));
  if (self->default_allow != KAB_TRISTATE_NULL)
    kab_forecast_plan_assume_default_allow (plan, self->default_allow);
  if (self->delay_seconds >= 0)
    kab_forecast_plan_assume_delay (plan, self->delay_seconds);
  if (self->tried_delay >= 0)
    kab_forecast_plan_change_delay (plan, self->tried_delay);

  self->job = KAB_FORECAST_JOB (kab_session_forecast (self->session, plan));
  g_signal_connect_swapped (self->job, "notify::fraction", G_CALLBACK (job_notify_cb), self);
  g_signal_connect_swapped (self->job, "finished", G_CALLBACK (job_finished_cb), self);
  kab_rule_editor_emit_forecast (self);
}

void
kab_rule_editor_set_watched (KabRuleEditor *self,
                             gboolean       watched)
{
  g_return_if_fail (KAB_IS_RULE_EDITOR (self));

  if (self->watched == watched)
    return;
  self->watched = watched;
  if (watched && !self->current && self->settle_id == 0)
    kab_rule_editor_restart (self);
}

KabForecast *
kab_rule_editor_get_forecast (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), NULL);

  return self->forecast;
}

gboolean
kab_rule_editor_is_hypothetical (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), FALSE);

  return self->targets->len == 0 && !kab_rule_editor_is_edit (self);
}

gboolean
kab_rule_editor_is_current (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), FALSE);

  return self->current;
}

KabForecastJob *
kab_rule_editor_get_job (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), NULL);

  return self->job;
}

void
kab_rule_editor_stop (KabRuleEditor *self)
{
  g_return_if_fail (KAB_IS_RULE_EDITOR (self));

  if (self->job != NULL)
    kab_job_cancel (KAB_JOB (self->job));
}

void
kab_rule_editor_try_delay (KabRuleEditor *self,
                           gint64         seconds)
{
  g_return_if_fail (KAB_IS_RULE_EDITOR (self));

  if (self->tried_delay == seconds)
    return;
  self->tried_delay = seconds;
  kab_rule_editor_emit_changed (self);
  kab_rule_editor_restart (self);
}

gint64
kab_rule_editor_get_tried_delay (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), -1);

  return self->tried_delay;
}

KabTristate
kab_rule_editor_get_assumed_default_allow (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), KAB_TRISTATE_NULL);

  return self->default_allow;
}

gint64
kab_rule_editor_get_assumed_delay (KabRuleEditor *self)
{
  g_return_val_if_fail (KAB_IS_RULE_EDITOR (self), -1);

  return self->delay_seconds;
}
