/* kab-promote-dialog.h: a package to its next ring: the evidence, the gate, the steps, the result
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-deed-dialog.h"
#include "kab-rules-lookup.h"

G_BEGIN_DECLS

#define KAB_TYPE_PROMOTE_DIALOG (kab_promote_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KabPromoteDialog, kab_promote_dialog, KAB, PROMOTE_DIALOG, KabDeedDialog)

/* @from: any widget of the window; @maturity: where to: "PROD" */
void kab_promote_dialog_show (GtkWidget      *from,
                              KabSession     *session,
                              KabRulePackage *item,
                              const char     *maturity);

G_END_DECLS
