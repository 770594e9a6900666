/* kab-rule-drag.h: updates and lines dragged as text: out of tables, into a list of rules
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-rules-document.h"
#include "kab-table.h"
#include "kab-update-index.h"

G_BEGIN_DECLS

/* The selected rows, as ids or as what lines say: one a line of text. */
void       kab_rule_drag_add_source (KabTable         *table);
/* @dropped: of GtkDropTarget::drop, for texts */
void       kab_rule_drag_add_target (GtkWidget        *widget,
                                     GCallback         dropped,
                                     gpointer          user_data);
/* (element-type KabRulesLine) (transfer full) (nullable): what was dropped, for one of the lists; a line that moves takes
 * its reason along. %NULL: it has articles that are no lines yet, which people should see expanded first. */
GPtrArray *kab_rule_drag_dup_lines  (const char       *text,
                                     KabRulesDocument *document,
                                     KabUpdateIndex   *index,
                                     gboolean          forbids);

G_END_DECLS
