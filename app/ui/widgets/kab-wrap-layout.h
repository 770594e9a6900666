/* kab-wrap-layout.h: children side by side like words of a text, in as many lines as it takes
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

#define KAB_TYPE_WRAP_LAYOUT (kab_wrap_layout_get_type ())
G_DECLARE_FINAL_TYPE (KabWrapLayout, kab_wrap_layout, KAB, WRAP_LAYOUT, GtkLayoutManager)

GtkLayoutManager *kab_wrap_layout_new (int spacing,
                                       int line_spacing);

G_END_DECLS
