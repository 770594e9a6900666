/* kab-overview-flights.h: rule packages on their way to production, each with how its gate stands
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-session.h"

G_BEGIN_DECLS

/* Signal "counted" (guint waiting, guint passing): packages that wait for promotion, and those whose gate passes already;
 * after each reading. Hidden while nothing waits. */
#define KAB_TYPE_OVERVIEW_FLIGHTS (kab_overview_flights_get_type ())
G_DECLARE_FINAL_TYPE (KabOverviewFlights, kab_overview_flights, KAB, OVERVIEW_FLIGHTS, GtkBox)

/* Reads anew, in threads. */
void kab_overview_flights_read (KabOverviewFlights *self,
                                KabSession         *session);      /* (nullable) */

G_END_DECLS
