/* kab-rules-news.h: what a version of rules allows and forbids that the one before it did not
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-rule-set.h"
#include "kab-snapshot.h"
#include "kab-update.h"

G_BEGIN_DECLS

/* One update that is newly allowed. */
typedef struct {
  guint32    number;           /* in the mirror */
  KabUpdate *update;           /* borrowed from the list */
  gboolean   on_server;
  gboolean   may_restart;
} KabRulesNews;

/* (element-type KabRulesNews), by number. @updates: (element-type KabUpdate); those that @snapshot does not know are left
 * out. @before: (nullable): nothing was allowed */
GArray   *kab_rules_news_find            (KabSnapshot    *snapshot,
                                          GPtrArray      *updates,
                                          KabRuleSet     *rules,
                                          KabRuleSet     *before);
/* Lines that newly forbid an update or an article */
guint     kab_rules_news_count_forbidden (KabRuleSet     *rules,
                                          KabRuleSet     *before);
gboolean  kab_rules_news_forbids         (KabRuleSet     *rules,
                                          KabUpdate      *update);

G_END_DECLS
