/* kab-gate-page.h: preferences: when a pilot is good enough to go on
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define KAB_TYPE_GATE_PAGE (kab_gate_page_get_type ())
G_DECLARE_FINAL_TYPE (KabGatePage, kab_gate_page, KAB, GATE_PAGE, AdwPreferencesPage)

G_END_DECLS
