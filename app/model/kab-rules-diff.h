/* kab-rules-diff.h: what two rule packages say differently, in words
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-rules-document.h"
#include "kab-update-index.h"

G_BEGIN_DECLS

typedef enum {
  KAB_RULES_CHANGE_NAME,
  KAB_RULES_CHANGE_DESCRIPTION,
  KAB_RULES_CHANGE_MATURITY,
  KAB_RULES_CHANGE_INCLUDE_SUPERSEDED,
  KAB_RULES_CHANGE_DEFAULT_ALLOW,
  KAB_RULES_CHANGE_ADDED,            /* a line */
  KAB_RULES_CHANGE_REMOVED,
  KAB_RULES_CHANGE_TURNED,           /* the same update or KB was allowed and is forbidden now, or the reverse */
  KAB_RULES_CHANGE_REASON,           /* only the reason of a line: agents do not see it */
} KabRulesChangeKind;

typedef struct {
  KabRulesChangeKind kind;
  KabRuleList        list;           /* of lines; TURNED: the new one */
  char              *value;          /* of lines, else NULL */
  char              *before;         /* of the others; REASON, TURNED: the reasons */
  char              *after;
} KabRulesChange;

/* (element-type KabRulesChange): facts of the package, then lines in their order. @before: (nullable): a new package */
GPtrArray  *kab_rules_diff                  (KabRulesDocument      *before,
                                             KabRulesDocument      *after);
/* "add", "remove", "change" …, for JSON */
const char *kab_rules_change_kind_get_text  (KabRulesChangeKind     kind);
/* Does an agent act on it? */
gboolean    kab_rules_change_has_effect     (const KabRulesChange  *change);
/* One phrase in the reader's language: "forbids KB5063878 (3 updates)", "no longer allows the severity Critical".
 * @index: (nullable): then ids stay ids and KBs are not counted */
char       *kab_rules_change_describe       (const KabRulesChange  *change,
                                             KabUpdateIndex        *index);
/* The same of a line that is there: "allows KB5063878 (3 updates)" */
char       *kab_rules_line_describe         (KabRuleList            list,
                                             const char            *value,
                                             KabUpdateIndex        *index);
/* What the value stands for: "2026-11 Cumulative Update … (KB5063878)", "KB5063878 (3 updates)", "Windows 11" */
char       *kab_rules_value_describe        (KabRuleList            list,
                                             const char            *value,
                                             KabUpdateIndex        *index);

G_END_DECLS
