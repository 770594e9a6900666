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
