/* kab-progress-line.h: how far something is, as a line
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/**
 * KabProgressLine:
 *
 * It is only painted anew when it moves. #GtkProgressBar of GTK 4.8 has the whole window laid out at each step, which asks the
 * X server a dozen questions, and once it has pulsed it goes on with that in every frame.
 *
 * CSS: "progressline"; its colour is that of the line, its background what is still to be done.
 */
#define KAB_TYPE_PROGRESS_LINE (kab_progress_line_get_type ())
G_DECLARE_FINAL_TYPE (KabProgressLine, kab_progress_line, KAB, PROGRESS_LINE, GtkWidget)

GtkWidget *kab_progress_line_new (void);
/* @fraction: 0 to 1; less than 0: nobody knows, it moves to and fro */
void       kab_progress_line_set (KabProgressLine *self,
                                  double           fraction);

G_END_DECLS
