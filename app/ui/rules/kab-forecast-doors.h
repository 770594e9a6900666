/* kab-forecast-doors.h: numbers of a forecast outside of the wizard, as links to the lists behind them
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-forecast-job.h"

G_BEGIN_DECLS

/* A number as a link to its pairs, or to its hosts. @title: of their window */
GtkWidget *kab_forecast_pairs_door_new (KabForecast             *forecast,
                                        const char              *label,
                                        const char              *title,
                                        const KabForecastFilter *filter);
GtkWidget *kab_forecast_hosts_door_new (KabForecast             *forecast,
                                        const char              *label,
                                        const char              *title,
                                        int                      outcome,
                                        int                      ring);

G_END_DECLS
