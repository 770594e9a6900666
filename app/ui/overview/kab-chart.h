/* kab-chart.h: states of pairs over days, stacked, Patch Tuesdays marked
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-history.h"

G_BEGIN_DECLS

/**
 * KabChart: drawn; the pointer reads a day's values. Left and Right walk through the days, and a screen reader is told
 * the values of the day, so that the chart says what a table would.
 */
#define KAB_TYPE_CHART (kab_chart_get_type ())
G_DECLARE_FINAL_TYPE (KabChart, kab_chart, KAB, CHART, GtkWidget)

/* @days: (element-type KabHistoryDay) (nullable): ascending */
void       kab_chart_set_days     (KabChart *self,
                                   GArray   *days,
                                   gint64    now);
/* The words of the day that is read; NULL = none. For tests. */
const char *kab_chart_get_reading (KabChart *self);

G_END_DECLS
