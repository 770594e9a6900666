/* kab-forecast-parts.h: the cards below a forecast: findings, unknowns, assumptions, and who does not change
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-rule-editor.h"

G_BEGIN_DECLS

/* "3 things to look at", each with its fix */
void kab_forecast_fill_findings  (GtkBox         *box,
                                  KabRuleEditor  *editor);
/* @job: (nullable): that computed it */
void kab_forecast_fill_unknown   (GtkBox         *box,
                                  KabForecast    *forecast,
                                  KabForecastJob *job);
void kab_forecast_fill_unchanged (GtkBox         *box,
                                  KabForecast    *forecast);

/* What is taken for the options of agents that do not tell theirs; hidden while all tell. */
#define KAB_TYPE_FORECAST_ASSUMPTIONS (kab_forecast_assumptions_get_type ())
G_DECLARE_FINAL_TYPE (KabForecastAssumptions, kab_forecast_assumptions, KAB, FORECAST_ASSUMPTIONS, AdwBin)

GtkWidget *kab_forecast_assumptions_new  (KabRuleEditor           *editor);
void       kab_forecast_assumptions_show (KabForecastAssumptions  *self,
                                          const KabForecastTotals *totals);

/* (element-type KabRulesChange): one line each, the first @most of them. @index: (nullable) */
void kab_forecast_add_changes    (GtkBox               *box,
                                  GPtrArray            *changes,
                                  KabUpdateIndex       *index,
                                  guint                 most);
/* One finding in words, with its doors and, when @apply_label is not NULL, the button that mends it */
void kab_forecast_add_finding    (GtkBox               *box,
                                  const KabLintFinding *finding,
                                  KabUpdateIndex       *index,
                                  GCallback             apply,
                                  gpointer              user_data);

G_END_DECLS
