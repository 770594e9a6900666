/* kab-rule-editor-private.h: what the files of the editor share
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-rule-editor.h"

G_BEGIN_DECLS

struct _KabRuleEditor
{
  GObject           parent_instance;

  KabSession       *session;
  KabRulesDocument *document;
  KabRulesDocument *base;           /* (nullable) */
  char             *base_version;   /* that it is of */
  GArray           *targets;
  KabTristate       default_allow;
  gint64            delay_seconds;
  gint64            tried_delay;
  guint             step;

  KabRulesContext  *context;
  GCancellable     *cancellable;

  guint             settle_id;
  char             *text;           /* of the document when it settled last */
  GPtrArray        *undo;           /* (element-type utf8): texts */
  GPtrArray        *redo;
  gboolean          restoring;

  gboolean          watched;
  gboolean          current;
  KabForecastJob   *job;
  KabForecast      *forecast;
  GPtrArray        *findings;
  GCancellable     *linting;       /* (nullable) */

  char             *draft_id;
  guint             n_saving;
  gboolean          unsaved;
  gboolean          let_go;
};

/* What the user did last is in the document now: text, undo, effect, draft. */
void kab_rule_editor_settle     (KabRuleEditor *self);
void kab_rule_editor_read_extra (KabRuleEditor *self,
                                 const char    *extra);
void kab_rule_editor_emit_saved (KabRuleEditor *self);
void kab_rule_editor_emit_changed  (KabRuleEditor *self);
void kab_rule_editor_emit_forecast (KabRuleEditor *self);
/* kab-rule-editor-effect.c */
void kab_rule_editor_drop_job   (KabRuleEditor *self);
/* kab-rule-editor-lint.c: looks at the rules as they are now; "forecast" when it is done */
void kab_rule_editor_lint       (KabRuleEditor *self);

G_END_DECLS
