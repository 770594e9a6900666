/* kab-rules-publishing.h: a rule package goes to the server, and then to those who get it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-deed-view.h"
#include "kab-rule-editor.h"

G_BEGIN_DECLS

/**
 * KabRulesPublishing: no widget; publishes what an editor holds, in a view of its owner's. What somebody else changed
 * meanwhile is shown there, with ways to go on.
 *
 * Signal "decided" (gboolean publish): such a conflict is solved: publish at once, or look at the document first.
 */
#define KAB_TYPE_RULES_PUBLISHING (kab_rules_publishing_get_type ())
G_DECLARE_FINAL_TYPE (KabRulesPublishing, kab_rules_publishing, KAB, RULES_PUBLISHING, GObject)

/* @view, @reason: (transfer none): outlive it */
KabRulesPublishing *kab_rules_publishing_new      (KabRuleEditor       *editor,
                                                   KabDeedView         *view,
                                                   GtkEditable         *reason);
/* A KabDeedFunc. @publishing: KabRulesPublishing */
KabPackageJob      *kab_rules_publishing_start    (const char * const  *accepted,
                                                   char               **done_text,
                                                   gpointer             publishing);
/* "demo-wua-base 14 is published"; NULL: it is not */
char               *kab_rules_publishing_dup_told (KabRulesPublishing  *self);

G_END_DECLS
