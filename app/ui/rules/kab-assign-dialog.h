/* kab-assign-dialog.h: gives selected hosts a rule package, or takes it from them
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-deed-dialog.h"
#include "kab-forecast-plan.h"

G_BEGIN_DECLS

/**
 * KabAssignDialog: which package, what it does to how many of them; then each host's own package is edited, one row a host.
 * What was done can be undone from the toast.
 */
#define KAB_TYPE_ASSIGN_DIALOG (kab_assign_dialog_get_type ())
G_DECLARE_FINAL_TYPE (KabAssignDialog, kab_assign_dialog, KAB, ASSIGN_DIALOG, KabDeedDialog)

/* @hosts: (element-type KabRecord). @assignment: KAB_ASSIGN or KAB_UNASSIGN. Returns: (transfer none): it is shown */
GtkWidget *kab_assign_dialog_show       (GtkWidget     *from,
                                         KabSession    *session,
                                         KabAssignment  assignment,
                                         GPtrArray     *hosts);

/* For tests: hosts whose own package names @package */
guint      kab_assign_dialog_count_direct (GPtrArray   *hosts,
                                           const char  *package);

G_END_DECLS
