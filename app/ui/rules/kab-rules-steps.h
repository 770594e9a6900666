/* kab-rules-steps.h: what the wizard shows, step by step
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-rule-editor.h"

G_BEGIN_DECLS

/* Step 1: name, description, maturity, where it starts from */
GtkWidget *kab_rules_name_step_new     (KabRuleEditor *editor);
/* Why the name will not do; NULL when it will. Of any editor, so that the wizard can say it on each step. */
char      *kab_rules_name_step_dup_problem (KabRuleEditor *editor);
/* Step 2: severities, classifications, products */
GtkWidget *kab_rules_classes_step_new  (KabRuleEditor *editor);
/* Step 5: who gets it */
GtkWidget *kab_rules_assign_step_new   (KabRuleEditor *editor);

/* Step 6. Signals: "state-changed" (text and state of the button), "published" (text for people). */
#define KAB_TYPE_RULES_SIGN_STEP (kab_rules_sign_step_get_type ())
G_DECLARE_FINAL_TYPE (KabRulesSignStep, kab_rules_sign_step, KAB, RULES_SIGN_STEP, AdwBin)
GtkWidget *kab_rules_sign_step_new     (KabRuleEditor    *editor);
void       kab_rules_sign_step_shown   (KabRulesSignStep *self);
/* Why it cannot be published now; NULL when it can */
char      *kab_rules_sign_step_dup_obstacle (KabRulesSignStep *self);
void       kab_rules_sign_step_publish (KabRulesSignStep *self);
/* (element-type KabPackageJob) (transfer full): what was done, for undo */
GPtrArray *kab_rules_sign_step_dup_jobs (KabRulesSignStep *self);

G_END_DECLS
