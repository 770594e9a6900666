/* kab-layout-tour.h: shows a window in several widths and sizes of text, and prints what is cut off in them
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* For tests: the action "check-layout", whose parameter is a name, shows the window that is in front in each look, prints a
 * line "layout NAME, WIDTH px, TEXT %: …" for each fault, then "layout NAME: checked", and leaves all as it was. */
void kab_layout_tour_add_action (GtkApplication *application);

G_END_DECLS
