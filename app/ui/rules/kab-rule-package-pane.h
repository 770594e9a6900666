/* kab-rule-package-pane.h: one rule package: its rules in words, what changed, what to look at, its hosts
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-detail-pane.h"
#include "kab-rules-context.h"
#include "kab-rules-lookup.h"

G_BEGIN_DECLS

#define KAB_TYPE_RULE_PACKAGE_PANE (kab_rule_package_pane_get_type ())
G_DECLARE_FINAL_TYPE (KabRulePackagePane, kab_rule_package_pane, KAB, RULE_PACKAGE_PANE, KabDetailPane)

GtkWidget *kab_rule_package_pane_new         (void);
/* @session: (nullable): reads the reasons of the lines. @item: (nullable): none, or several are selected. @all: of
 * KabRulePackage, to compare with */
void       kab_rule_package_pane_show        (KabRulePackagePane *self,
                                              KabSession         *session,
                                              KabRulePackage     *item,
                                              GListModel         *all,
                                              guint               n_selected);
/* Titles and findings come with it. */
void       kab_rule_package_pane_set_context (KabRulePackagePane *self,
                                              KabRulesContext    *context);
/* "allows", "forbids", "classes": the rules, filtered so; "changes", "warnings", "hosts" */
void       kab_rule_package_pane_show_part   (KabRulePackagePane *self,
                                              const char         *what);

G_END_DECLS
