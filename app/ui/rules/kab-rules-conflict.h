/* kab-rules-conflict.h: somebody else changed the package meanwhile: the difference, and ways to go on
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-package-job.h"
#include "kab-rule-editor.h"

G_BEGIN_DECLS

/* Signal "decided" (gboolean publish): the document has a new base; publish it at once, or look at it first. */
#define KAB_TYPE_RULES_CONFLICT (kab_rules_conflict_get_type ())
G_DECLARE_FINAL_TYPE (KabRulesConflict, kab_rules_conflict, KAB, RULES_CONFLICT, AdwBin)

GtkWidget *kab_rules_conflict_new   (KabRuleEditor            *editor,
                                     const KabPackageConflict *conflict);

/* What @theirs changed since @base happens to @mine too, but for the lines that @mine has changed itself. */
void       kab_rules_conflict_merge (KabRulesDocument         *mine,
                                     KabRulesDocument         *base,
                                     KabRulesDocument         *theirs);

G_END_DECLS
