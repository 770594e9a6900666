/* kab-rule-lines-editor.h: single updates of a rule package: what is allowed, what is forbidden, and why
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-rules-document.h"
#include "kab-session.h"

G_BEGIN_DECLS

/**
 * KabRuleLinesEditor: the fleet's updates with their search, and two lists that take them: by button, keyboard, drag, or
 * pasted as text. It edits the document at once and shows what others change in it.
 *
 * Signal "changed": the user changed the document.
 */
#define KAB_TYPE_RULE_LINES_EDITOR (kab_rule_lines_editor_get_type ())
G_DECLARE_FINAL_TYPE (KabRuleLinesEditor, kab_rule_lines_editor, KAB, RULE_LINES_EDITOR, AdwBin)

GtkWidget *kab_rule_lines_editor_new (KabSession       *session,
                                      KabRulesDocument *document);

G_END_DECLS
