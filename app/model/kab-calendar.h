/* kab-calendar.h: days of the civil calendar without a clock or a time zone
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define KAB_SECONDS_PER_DAY G_GINT64_CONSTANT (86400)

/* Days since 1970-01-01, proleptic Gregorian; @month 1–12, @day may reach past the month's end. */
gint64   kab_calendar_to_days   (int     year,
                                 int     month,
                                 int     day);
void     kab_calendar_from_days (gint64  days,
                                 int    *year,
                                 int    *month,
                                 int    *day);
/* Midnight UTC at or before @time. */
gint64   kab_calendar_midnight  (gint64  time);

G_END_DECLS
