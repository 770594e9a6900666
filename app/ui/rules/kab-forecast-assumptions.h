/* kab-forecast-assumptions.h: what a forecast takes for the options of agents
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-forecast.h"
#include "kab-rule-editor.h"

G_BEGIN_DECLS

/* What is taken for the options of agents that do not tell theirs; hidden while all tell. */
#define KAB_TYPE_FORECAST_ASSUMPTIONS (kab_forecast_assumptions_get_type ())
G_DECLARE_FINAL_TYPE (KabForecastAssumptions, kab_forecast_assumptions, KAB, FORECAST_ASSUMPTIONS, AdwBin)

GtkWidget *kab_forecast_assumptions_new  (KabRuleEditor           *editor);
void       kab_forecast_assumptions_show (KabForecastAssumptions  *self,
                                          const KabForecastTotals *totals);

/* Asks what would be if all agents waited as long. */
GtkWidget *kab_forecast_what_if_new      (KabRuleEditor           *editor);
/* That the numbers are of such a question; NULL when they are not */
char      *kab_forecast_dup_tried        (KabRuleEditor           *editor);

G_END_DECLS
