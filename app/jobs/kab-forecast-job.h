/* kab-forecast-job.h: a forecast over the whole mirror, off the main thread
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-forecast.h"
#include "kab-job.h"
#include "kab-mirror.h"

G_BEGIN_DECLS

/**
 * KabForecastJob: kind "forecast"; steps "packages", "hosts". Reads one frozen view of the mirror; cancelling it is
 * cheap, so an editor may start one at each change and cancel the one before.
 */
#define KAB_TYPE_FORECAST_JOB (kab_forecast_job_get_type ())
G_DECLARE_FINAL_TYPE (KabForecastJob, kab_forecast_job, KAB, FORECAST_JOB, KabJob)

/* @limits: now = the server's clock, which delays are counted with */
KabJob      *kab_forecast_job_new          (KabMirror       *mirror,
                                            KabForecastPlan *plan,
                                            const KabLimits *limits);
/* (transfer none) (nullable): once it is DONE. Any thread may keep it: it is immutable. */
KabForecast *kab_forecast_job_get_forecast (KabForecastJob  *self);
/* Microseconds that run() took: "computed in 0.11 s" */
gint64       kab_forecast_job_get_duration (KabForecastJob  *self);
/* When the data that it was computed from was synced; Unix seconds, 0 never */
gint64       kab_forecast_job_get_data_at  (KabForecastJob  *self);

/* What a door opens. -1 or NULL = any */
typedef struct {
  int row;               /* index of a KabForecastRow */
  int ring;              /* index of a KabForecastRing */
  int kind;              /* KabForecastKind */
  int before, after;     /* states of a forecast */
} KabForecastFilter;
#define KAB_FORECAST_FILTER_ALL { -1, -1, -1, -1, -1 }

/* Item of the list of pairs; made in get_item(). */
#define KAB_TYPE_FORECAST_ITEM (kab_forecast_item_get_type ())
G_DECLARE_FINAL_TYPE (KabForecastItem, kab_forecast_item, KAB, FORECAST_ITEM, GObject)

const KabForecastPair *kab_forecast_item_get_pair   (KabForecastItem *self);
KabUpdate             *kab_forecast_item_get_update (KabForecastItem *self);   /* NULL in a list of hosts */
/* Texts live as long as the item */
const KabForecastHost *kab_forecast_item_get_host   (KabForecastItem *self);
KabForecast           *kab_forecast_item_get_forecast (KabForecastItem *self);

/* (transfer full): a list of KabForecastItem. Any thread; some 10 ms for a million pairs. */
GListModel *kab_forecast_list_pairs (KabForecast             *forecast,
                                     const KabForecastFilter *filter);
/* (transfer full): the hosts with one outcome in one ring (-1 = all); items are KabForecastItem without an update, whose
 * pair has only its host */
GListModel *kab_forecast_list_hosts (KabForecast             *forecast,
                                     int                      outcome,
                                     int                      ring);

G_END_DECLS
