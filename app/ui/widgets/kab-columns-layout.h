/* kab-columns-layout.h: children in as many equal columns as there is room for
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

G_BEGIN_DECLS

/* Properties: "column-width" (pixels below which a column does not shrink while there are several), "max-columns",
 * "spacing". The children of a row are equally high; the last row takes what is left when its
 * first child wants to expand. */
#define KAB_TYPE_COLUMNS_LAYOUT (kab_columns_layout_get_type ())
G_DECLARE_FINAL_TYPE (KabColumnsLayout, kab_columns_layout, KAB, COLUMNS_LAYOUT, GtkLayoutManager)

G_END_DECLS
