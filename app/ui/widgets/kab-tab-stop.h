/* kab-tab-stop.h: a bin whose content is one stop of the Tab key, however many rows it has
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KAB_TYPE_TAB_STOP (kab_tab_stop_get_type ())
G_DECLARE_FINAL_TYPE (KabTabStop, kab_tab_stop, KAB, TAB_STOP, AdwBin)

G_END_DECLS
