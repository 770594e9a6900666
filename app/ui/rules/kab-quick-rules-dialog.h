/* kab-quick-rules-dialog.h: allow, forbid or clear some updates in one rule package, from wherever they are listed
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-deed-dialog.h"
#include "kab-quick-deed.h"

G_BEGIN_DECLS

/**
 * KabQuickRulesDialog: which package, why, what it would do; then it is published, or goes on in the wizard. What is
 * published can be undone from the toast.
 */
#define KAB_TYPE_QUICK_RULES_DIALOG (kab_quick_rules_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KabQuickRulesDialog, kab_quick_rules_dialog, KAB, QUICK_RULES_DIALOG, KabDeedDialog)

/* @updates: (element-type KabRecord): of a list of updates. Returns: (transfer none): it is shown */
GtkWidget *kab_quick_rules_dialog_show (GtkWidget    *from,
                                        KabSession   *session,
                                        KabQuickDeed  deed,
                                        GPtrArray    *updates);

G_END_DECLS
