/* kab-rules-page.h: the rule packages of the server, what they say and do, and the wizard that writes them
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-page.h"
#include "kab-rule-editor.h"

G_BEGIN_DECLS

/**
 * KabRulesPage: actions of its group "rules": new, edit, copy (a new package that starts from the selected one), assign,
 * show-hosts, show-assigned, show-package, details; of the wizard: step-next, step-back, leave; of drafts: resume-draft,
 * discard-draft.
 */
#define KAB_TYPE_RULES_PAGE (kab_rules_page_get_type ())
G_DECLARE_FINAL_TYPE (KabRulesPage, kab_rules_page, KAB, RULES_PAGE, KabPage)

/* Shows the wizard, at the single updates, over what somebody else began to write. */
void kab_rules_page_continue (KabRulesPage  *self,
                              KabRuleEditor *editor);

G_END_DECLS
