/* kab-assign-chip.h: one chosen target as a button that takes it back
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-assign-job.h"

G_BEGIN_DECLS

/* @known: does the server still know it? */
GtkWidget             *kab_assign_chip_new        (const KabAssignTarget *target,
                                                   gboolean               known);
/* Lives as long as the chip */
const KabAssignTarget *kab_assign_chip_get_target (GtkWidget             *chip);

G_END_DECLS
