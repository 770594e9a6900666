/* kab-deed-steps.h: what a deed does one after the other, as lines
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-package-job.h"

G_BEGIN_DECLS

void kab_deed_steps_fill   (GtkBox        *box,
                            KabPackageJob *job);
/* Which of them are done, and which is now */
void kab_deed_steps_update (GtkBox        *box,
                            KabPackageJob *job);

G_END_DECLS
