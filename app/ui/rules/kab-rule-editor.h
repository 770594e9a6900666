/* kab-rule-editor.h: one rule package being written: its document, its draft, undo, and what it would do
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-forecast-job.h"
#include "kab-rules-context.h"
#include "kab-rules-lint.h"
#include "kab-session-rules.h"

G_BEGIN_DECLS

/**
 * KabRuleEditor: no widget; what the steps of the wizard share. Main thread.
 *
 * Signals, each a moment after the last change: "changed" (document, targets or assumptions), "forecast" (its job began,
 * went on or ended, or the findings are new), "saved" (the draft is on disk).
 */
#define KAB_TYPE_RULE_EDITOR (kab_rule_editor_get_type ())
G_DECLARE_FINAL_TYPE (KabRuleEditor, kab_rule_editor, KAB, RULE_EDITOR, GObject)

KabRuleEditor    *kab_rule_editor_new            (KabSession       *session,
                                                  KabRulesDocument *document);
/* Goes on with a draft; KAB_ERROR_BAD_DATA */
KabRuleEditor    *kab_rule_editor_new_from_draft (KabSession       *session,
                                                  KabDraft         *draft,
                                                  GError          **error);
KabSession       *kab_rule_editor_get_session    (KabRuleEditor    *self);
KabRulesDocument *kab_rule_editor_get_document   (KabRuleEditor    *self);
/* Is it the next version of a package that is on the server? */
gboolean          kab_rule_editor_is_edit        (KabRuleEditor    *self);
/* (nullable): what the editing began with, to compare; NULL for a new package */
KabRulesDocument *kab_rule_editor_get_base       (KabRuleEditor    *self);
/* (nullable): it is still being read */
KabRulesContext  *kab_rule_editor_get_context    (KabRuleEditor    *self);
/* Lines and name from another package: where a new one starts */
void              kab_rule_editor_start_from     (KabRuleEditor    *self,
                                                  KabRulesDocument *other);
/* (element-type KabAssignTarget) (transfer none); never NULL */
GArray           *kab_rule_editor_get_targets    (KabRuleEditor    *self);
void              kab_rule_editor_set_targets    (KabRuleEditor    *self,
                                                  GArray           *targets);
/* What is taken for options that agents do not tell; NULL and -1 = nothing: their pairs stay unknown */
void              kab_rule_editor_assume         (KabRuleEditor    *self,
                                                  KabTristate       default_allow,
                                                  gint64            delay_seconds);
KabTristate       kab_rule_editor_get_assumed_default_allow (KabRuleEditor *self);
gint64            kab_rule_editor_get_assumed_delay (KabRuleEditor *self);
/* What would be if all agents waited that long with new updates? -1 = as they do. Not kept with the draft */
void              kab_rule_editor_try_delay      (KabRuleEditor    *self,
                                                  gint64            seconds);
gint64            kab_rule_editor_get_tried_delay (KabRuleEditor   *self);

/* Somebody looks at the effect: it is computed after each change. */
void              kab_rule_editor_set_watched    (KabRuleEditor    *self,
                                                  gboolean          watched);
/* (nullable): of the newest state that was computed; see is_current */
KabForecast      *kab_rule_editor_get_forecast   (KabRuleEditor    *self);
gboolean          kab_rule_editor_is_current     (KabRuleEditor    *self);
/* A new package that nobody gets yet does nothing; computed is what it would do if every host asked for it. */
gboolean          kab_rule_editor_is_hypothetical (KabRuleEditor   *self);
/* (nullable): the one that runs, else the one that ended last */
KabForecastJob   *kab_rule_editor_get_job        (KabRuleEditor    *self);
/* Stops computing until the next change or restart. */
void              kab_rule_editor_stop           (KabRuleEditor    *self);
void              kab_rule_editor_restart        (KabRuleEditor    *self);
/* (element-type KabLintFinding) (nullable): of the document */
GPtrArray        *kab_rule_editor_get_findings   (KabRuleEditor    *self);
/* FALSE: the document is no longer as the finding says */
gboolean          kab_rule_editor_apply          (KabRuleEditor    *self,
                                                  const KabLintFinding *finding);

gboolean          kab_rule_editor_can_undo       (KabRuleEditor    *self);
gboolean          kab_rule_editor_can_redo       (KabRuleEditor    *self);
void              kab_rule_editor_undo           (KabRuleEditor    *self);
void              kab_rule_editor_redo           (KabRuleEditor    *self);

/* The step the user is on is kept with the draft. */
void              kab_rule_editor_set_step       (KabRuleEditor    *self,
                                                  guint             step);
guint             kab_rule_editor_get_step       (KabRuleEditor    *self);
/* (nullable): nothing was kept yet */
const char       *kab_rule_editor_get_draft_id   (KabRuleEditor    *self);
gboolean          kab_rule_editor_is_saved       (KabRuleEditor    *self);
/* (transfer full): as it is now, saved or not */
KabDraft         *kab_rule_editor_dup_draft      (KabRuleEditor    *self);
/* Saves at once what is not saved yet, as when the wizard is left. */
void              kab_rule_editor_flush          (KabRuleEditor    *self);
/* The draft is published or thrown away: nothing is saved any more. */
void              kab_rule_editor_let_go         (KabRuleEditor    *self,
                                                  gboolean          discard);

G_END_DECLS
