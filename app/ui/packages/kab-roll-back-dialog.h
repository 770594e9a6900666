/* kab-roll-back-dialog.h: an earlier content of a rule package, published again as a newer version
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-deed-dialog.h"
#include "kab-rules-lookup.h"

G_BEGIN_DECLS

#define KAB_TYPE_ROLL_BACK_DIALOG (kab_roll_back_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KabRollBackDialog, kab_roll_back_dialog, KAB, ROLL_BACK_DIALOG, KabDeedDialog)

/* @item: what is to be replaced */
void kab_roll_back_dialog_show (GtkWidget      *from,
                                KabSession     *session,
                                KabRulePackage *item);

G_END_DECLS
