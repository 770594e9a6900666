/* kab-refill.h: a box is filled anew, and nobody who reads in it loses his place
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

typedef void (* KabFill) (GtkBox   *box,
                          gpointer  user_data);

/* Puts what @fill adds in the place of what it added the last time; hidden while that is nothing. What says and does the
 * same as before is left alone. Else the view stays where it was scrolled, and the keyboard goes to the widget that says the
 * same as the one it was on, or stands where that stood. @box: has no other children */
void kab_refill      (GtkBox     *box,
                      KabFill     fill,
                      gpointer    user_data);
/* For a widget that may do something else with the same words: @text stands for what it does. */
void kab_refill_tell (GtkWidget  *widget,
                      const char *text);

G_END_DECLS
