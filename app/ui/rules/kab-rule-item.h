/* kab-rule-item.h: one line of a rule package as a row of a table
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-rules-diff.h"
#include "kab-table.h"

G_BEGIN_DECLS

typedef enum {
  KAB_RULE_MARK_NONE,
  KAB_RULE_MARK_SEVERAL,       /* an article that stands for several updates */
  KAB_RULE_MARK_SUPERSEDED,    /* all that it names is replaced by others */
  KAB_RULE_MARK_UNKNOWN,       /* no host reports it */
} KabRuleMark;

/**
 * KabRuleItem: immutable. @meaning: what an id or an article stands for, else the value itself; @updates: how many
 * known updates it names (lines of single updates only).
 */
#define KAB_TYPE_RULE_ITEM (kab_rule_item_get_type ())
G_DECLARE_FINAL_TYPE (KabRuleItem, kab_rule_item, KAB, RULE_ITEM, GObject)

KabRuleItem *kab_rule_item_new         (KabUpdateIndex     *index,      /* (nullable) */
                                        const KabRulesLine *line);
KabRuleList  kab_rule_item_get_list    (KabRuleItem *self);
const char  *kab_rule_item_get_value   (KabRuleItem *self);
const char  *kab_rule_item_get_meaning (KabRuleItem *self);
const char  *kab_rule_item_get_reason  (KabRuleItem *self);             /* "" when none */
/* What to look at in a line of single updates */
KabRuleMark  kab_rule_item_get_mark    (KabRuleItem *self);
gboolean     kab_rule_item_forbids     (KabRuleItem *self);

/* Is it a line of single updates, by id or by article? */
gboolean     kab_rule_list_is_single   (KabRuleList list);
gboolean     kab_rule_list_forbids     (KabRuleList list);
/* "Update", "Article", "Product" …, translated */
const char  *kab_rule_list_get_kind    (KabRuleList list);

/* What a table shows of lines */
extern const KabTableInfo kab_rule_lines_table;
/* The same where they are edited: only lines of single updates, with their marks */
extern const KabTableInfo kab_rule_edit_table;

G_END_DECLS
