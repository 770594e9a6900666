/* kab-rule-lines.h: the lines of a rule package as a table with a search
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-rules-document.h"
#include "kab-update-index.h"

G_BEGIN_DECLS

#define KAB_TYPE_RULE_LINES (kab_rule_lines_get_type ())
G_DECLARE_FINAL_TYPE (KabRuleLines, kab_rule_lines, KAB, RULE_LINES, AdwBin)

/* What of the lines is shown; the number of rows is that of KabRulePackage. */
typedef enum {
  KAB_RULE_LINES_ALL,
  KAB_RULE_LINES_ALLOWED,
  KAB_RULE_LINES_FORBIDDEN,
  KAB_RULE_LINES_CLASSES,
} KabRuleLinesPart;

GtkWidget *kab_rule_lines_new       (void);
void       kab_rule_lines_show      (KabRuleLines     *self,
                                     KabRulesDocument *document,     /* (nullable) */
                                     KabUpdateIndex   *index);       /* (nullable) */
void       kab_rule_lines_show_part (KabRuleLines     *self,
                                     KabRuleLinesPart  part);

G_END_DECLS
