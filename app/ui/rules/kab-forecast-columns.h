/* kab-forecast-columns.h: updates, pairs and hosts of a forecast as rows
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-forecast-job.h"
#include "kab-table.h"

G_BEGIN_DECLS

/* One update of a forecast: a KabForecastRow. Immutable. */
#define KAB_TYPE_FORECAST_UPDATE (kab_forecast_update_get_type ())
G_DECLARE_FINAL_TYPE (KabForecastUpdate, kab_forecast_update, KAB, FORECAST_UPDATE, GObject)

/* (transfer full): all rows that the change concerns, as KabForecastUpdate */
GListModel           *kab_forecast_updates_new    (KabForecast       *forecast);

extern const KabTableInfo kab_forecast_updates_table;     /* of KabForecastUpdate */
extern const KabTableInfo kab_forecast_pairs_table;       /* of KabForecastItem with an update */
extern const KabTableInfo kab_forecast_hosts_table;       /* of KabForecastItem without one */

/* "Discarded → Pending", and the badge that says it; @more is put behind it (nullable) */
char *kab_forecast_describe_move   (guint              before,
                                    guint              after);
void  kab_forecast_bind_move       (KabBadge          *badge,
                                    guint              before,
                                    guint              after,
                                    const char        *more,
                                    const char        *tooltip);
/* Why it is so after the change, in words */
char *kab_forecast_dup_why         (const KabDecision *decision);
/* Where a row of the lists leads: the host, with the page "hosts" */
char *kab_forecast_item_dup_query  (gpointer           item);

G_END_DECLS
