/* kab-rules-columns.h: rule packages as rows: columns and filters
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-item-filter.h"
#include "kab-rules-lookup.h"

G_BEGIN_DECLS

extern const KabTableInfo kab_rules_table;     /* of KabRulePackage */

const KabItemTerm *kab_rules_get_terms (guint *n_terms);

/* What the doors of the page ask it for: "assigned:ID", "older:ID", "allows:ID", "forbids:ID", "classes:ID",
 * "warnings:ID" of a KabRulePackage. */
char              *kab_rules_dup_door  (KabRulePackage *item,
                                        const char     *what);

G_END_DECLS
