/* kab-rules-summary.h: what is published, in a few lines: the last look before it goes out
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-rule-editor.h"

G_BEGIN_DECLS

void kab_rules_summary_fill (GtkBox        *box,
                             KabRuleEditor *editor);

G_END_DECLS
