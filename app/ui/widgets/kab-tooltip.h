/* kab-tooltip.h: tooltips that cost nothing until they are looked at
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* As gtk_widget_set_tooltip_text(), which asks the X server where the pointer is, three times over, each time that a text
 * is set: too slow for what a start or a refresh sets many of. @text: (nullable) */
void        kab_tooltip_set (GtkWidget  *widget,
                             const char *text);
const char *kab_tooltip_get (GtkWidget  *widget);       /* (nullable) */

G_END_DECLS
