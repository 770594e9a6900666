/* kab-rules-wizard.h: the six steps from an idea to a published rule package
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-rule-editor.h"

G_BEGIN_DECLS

typedef enum {
  KAB_RULES_STEP_NAME,
  KAB_RULES_STEP_CLASSES,
  KAB_RULES_STEP_UPDATES,
  KAB_RULES_STEP_PREVIEW,
  KAB_RULES_STEP_ASSIGN,
  KAB_RULES_STEP_SIGN,
} KabRulesStep;
#define KAB_RULES_N_STEPS 6u

/**
 * KabRulesWizard: the content of the page while a package is written; title, Back and Continue stand in its header bar.
 *
 * Signals: "state-changed" (title, subtitle or buttons are others), "done" (it was published; text for people).
 */
#define KAB_TYPE_RULES_WIZARD (kab_rules_wizard_get_type ())
G_DECLARE_FINAL_TYPE (KabRulesWizard, kab_rules_wizard, KAB, RULES_WIZARD, AdwBin)

GtkWidget     *kab_rules_wizard_new            (KabRuleEditor  *editor);
KabRuleEditor *kab_rules_wizard_get_editor     (KabRulesWizard *self);
char          *kab_rules_wizard_dup_title      (KabRulesWizard *self);
/* "Step 4 of 6 · Effect on the fleet · draft saved" */
char          *kab_rules_wizard_dup_subtitle   (KabRulesWizard *self);
/* What Continue says on this step, with mnemonic; why it cannot (nullable) */
const char    *kab_rules_wizard_get_next_label (KabRulesWizard *self);
char          *kab_rules_wizard_dup_obstacle   (KabRulesWizard *self);
/* Into the step that is shown */
void           kab_rules_wizard_focus          (KabRulesWizard *self);
void           kab_rules_wizard_next           (KabRulesWizard *self);
/* FALSE: it is on the first step */
gboolean       kab_rules_wizard_back           (KabRulesWizard *self);
void           kab_rules_wizard_go_to          (KabRulesWizard *self,
                                                guint           step);
/* The step on which the fix of a finding is seen */
KabRulesStep   kab_rules_wizard_find_step      (const KabLintFinding *finding);
/* (element-type KabPackageJob) (transfer full): what was done, in its order, for undo */
GPtrArray     *kab_rules_wizard_dup_jobs       (KabRulesWizard *self);
/* A door of the preview: "forecast:…" */
gboolean       kab_rules_wizard_open_door      (KabRulesWizard *self,
                                                const char     *query);
/* A narrow window has no room for the names of the steps. */
void           kab_rules_wizard_set_narrow     (KabRulesWizard *self,
                                                gboolean        narrow);

G_END_DECLS
