/* kab-forecast-cards.h: the numbers of a forecast, as cards and ring by ring; each opens the list that it counts
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-forecast.h"
#include "kab-stat-card.h"

G_BEGIN_DECLS

/* Pairs that change, restarts, what the server must fetch, what happens anyway */
#define KAB_FORECAST_N_CARDS 4

void kab_forecast_fill_cards (KabStatCard * const *cards,
                              KabForecast         *forecast);
/* One line for each ring. @maturity: of the package */
void kab_forecast_fill_rings (GtkBox              *box,
                              KabForecast         *forecast,
                              const char          *maturity);

G_END_DECLS
