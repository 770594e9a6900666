/* kab-layout-check.h: finds text that is cut off and widgets that hang over, in the windows that are shown
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Each fault of the windows that are shown, in words of a programmer: text that is cut off and that no tooltip has in full,
 * text or a control that reaches out of what shows it. (transfer full) (element-type utf8) */
GPtrArray *kab_layout_check_find (void);

G_END_DECLS
