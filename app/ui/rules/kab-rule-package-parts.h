/* kab-rule-package-parts.h: what the detail of a rule package says: who signed it, what changed, its hosts
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-rules-document.h"
#include "kab-rules-lookup.h"
#include "kab-update-index.h"

G_BEGIN_DECLS

/* What agents read of it; %NULL when that is nothing */
KabRulesDocument *kab_rule_package_parts_new_document (KabRulePackage *item);
void              kab_rule_package_parts_fill_head    (GtkBox         *box,
                                                       KabRulePackage *item);
/* Since the version before among @all, of KabRulePackage. @index: (nullable) */
void              kab_rule_package_parts_fill_changes (GtkBox         *box,
                                                       KabRulePackage *item,
                                                       GListModel     *all,
                                                       KabUpdateIndex *index);
void              kab_rule_package_parts_fill_hosts   (GtkBox         *box,
                                                       KabRulePackage *item);

G_END_DECLS
