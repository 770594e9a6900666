/* kab-forecast-view.h: what a rule package would do to the fleet, before it is published
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-rule-editor.h"

G_BEGIN_DECLS

/* Follows the editor while it is watched; what was computed last stays in sight until the next is there. */
#define KAB_TYPE_FORECAST_VIEW (kab_forecast_view_get_type ())
G_DECLARE_FINAL_TYPE (KabForecastView, kab_forecast_view, KAB, FORECAST_VIEW, AdwBin)

GtkWidget *kab_forecast_view_new       (KabRuleEditor   *editor);
/* "forecast:pairs/row=3/ring=0/kind=0/before=4/after=2", "forecast:hosts/outcome=0/ring=1", "forecast:restarts": opens the
 * list. FALSE: it is none of these, or nothing was computed yet. */
gboolean   kab_forecast_view_open_door (KabForecastView *self,
                                        const char      *query);

G_END_DECLS
