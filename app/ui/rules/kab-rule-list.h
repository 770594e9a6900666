/* kab-rule-list.h: a table of lines that are edited: its rows, and what is selected
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-rules-document.h"
#include "kab-table.h"
#include "kab-update-index.h"

G_BEGIN_DECLS

/* @nothing: said instead of an empty list. Returns: (transfer full): of KabRuleItem; what the table shows */
GListStore *kab_rule_list_set_up       (KabTable           *table,
                                        const KabTableInfo *info,
                                        GMenuModel         *menu,
                                        const char         *nothing);
/* The lines of single updates that forbid, or that allow. @index: (nullable) */
void        kab_rule_list_fill         (GListStore         *rows,
                                        KabRulesDocument   *document,
                                        KabUpdateIndex     *index,
                                        gboolean            forbids);
/* (element-type KabRuleItem) (transfer full). @table: (nullable) */
GPtrArray  *kab_rule_list_dup_selected (KabTable           *table);
/* Selects these values and no others; nothing when none of them is there. */
void        kab_rule_list_select       (KabTable           *table,
                                        GHashTable         *values);

G_END_DECLS
