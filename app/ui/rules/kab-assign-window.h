/* kab-assign-window.h: the picker of targets in a dialog of its own
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-session.h"

G_BEGIN_DECLS

/* (element-type KabAssignTarget) */
typedef void (*KabTargetsFunc) (GArray *targets, gpointer user_data);

/* @callback runs when the user is done, not when the dialog is cancelled. */
void kab_assign_window_show (GtkWidget      *from,
                             KabSession     *session,
                             GArray         *targets,
                             KabTargetsFunc  callback,
                             gpointer        user_data,
                             GDestroyNotify  destroy);

G_END_DECLS
