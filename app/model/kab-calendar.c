/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include "kab-calendar.h"

#define DAYS_PER_ERA 146097      /* 400 years */
#define EPOCH_DAY 719468         /* 1970-01-01, counted from 0000-03-01 */

static gint64
floor_div (gint64 number,
           gint64 divisor)
{
  return number >= 0 ? number / divisor : -((-number + divisor - 1) / divisor);
}

/* Years begin in March, so that the leap day is the last: the usual arithmetic of eras of 400 years. */
gint64
kab_calendar_to_days (int year,
                      int month,
                      int day)
{
  gint64 shifted_year = (gint64) year - (month <= 2 ? 1 : 0);
  gint64 era = floor_div (shifted_year, 400);
  gint64 year_of_era = shifted_year - era * 400;
  gint64 day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  gint64 day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

  return era * DAYS_PER_ERA + day_of_era - EPOCH_DAY;
}

void
kab_calendar_from_days (gint64  days,
                        int    *year,
                        int    *month,
                        int    *day)
{
  gint64 shifted = days + EPOCH_DAY;
  gint64 era = floor_div (shifted, DAYS_PER_ERA);
  gint64 day_of_era = shifted - era * DAYS_PER_ERA;
  gint64 year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  gint64 day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  gint64 shifted_month = (5 * day_of_year + 2) / 153;

  *day = (int) (day_of_year - (153 * shifted_month + 2) / 5 + 1);
  *month = (int) (shifted_month < 10 ? shifted_month + 3 : shifted_month - 9);
  *year = (int) (year_of_era + era * 400 + (*month <= 2 ? 1 : 0));
}

gint64
kab_calendar_midnight (gint64 time)
{
  return floor_div (time, KAB_SECONDS_PER_DAY) * KAB_SECONDS_PER_DAY;
}
