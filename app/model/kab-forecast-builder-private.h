/* kab-forecast-builder-private.h: the fleet pass, while it runs; for kab-forecast-builder*.c only
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-forecast-private.h"
#include "kab-supersedence.h"

G_BEGIN_DECLS

#define KAB_MAX_RINGS  16      /* of more kinds of maturity the rest is one */
#define KAB_NO_RING    0xff

/* A cell: what rules and delay say of one update to one group of hosts. */
enum { FORBIDDEN, ALLOWED, UNDECIDED, VERDICT = 3, DELAYED = 4, DELAY_UNKNOWN = 8 };

typedef guint32 KabForecastTable[KAB_N_FORECAST_KINDS][KAB_N_FORECAST_STATES][KAB_N_FORECAST_STATES];

/* One update and what became of it so far. */
typedef struct {
  KabUpdate        *update;
  guint8            on_server;
  guint8            may_restart;
  guint8            newly_allowed;           /* by the plan, on some hosts */
  guint8            overruled;               /* the plan's package allows it, another of the same hosts forbids it */
  guint32           proof;                   /* group with the most effects (or the first that newly allows it) + 1 */
  guint32           proof_votes;
  guint32           n_wanted;                /* hosts that want its files without the plan */
  guint32           n_gained;                /* hosts that begin to want them because of it */
  guint32           n_needed;                /* reached hosts that have not installed it */
  guint32           n_delayed;
  guint64           n_pairs[KAB_N_FORECAST_KINDS];
  KabForecastTable *tables[KAB_MAX_RINGS];   /* (nullable) */
} KabForecastSlot;

struct _KabForecastBuilder
{
  KabForecastPlan  *plan;
  KabLimits         limits;
  KabForecastFleet *fleet;
  KabForecast      *forecast;        /* what is filled */

  GArray           *slots;           /* KabForecastSlot */
  GArray           *slot_of;         /* by number: index + 1 */
  GPtrArray        *updates;         /* beside the slots */
  KabSupersedence  *supersedence;
  GPtrArray        *ring_names;      /* of the arena */
  guint             ring_reached[KAB_MAX_RINGS];

  GHashTable       *matches;         /* KabRuleSet → guint8 by slot */
  gsize             n_cached;        /* bytes of matches and cells */
  guint8           *derived;         /* effective state by flags; see derive() */

  guint32          *seen;            /* by slot: serial of the host that reports it */
  guint8           *marks;           /* by slot, of that host */
  guint32          *found;           /* slots of the host's records */
};

/* Makes its cells, which may have been thrown away since. */
void       kab_forecast_builder_prepare   (KabForecastBuilder   *self,
                                           KabForecastGroup     *group,
                                           guint                 group_index);
/* kab-forecast-pass.c: one managed host; fills in what @entry and the totals are told of it */
KabOutcome kab_forecast_pass_judge        (KabForecastBuilder   *self,
                                           KabForecastHostEntry *entry,
                                           guint                 index,
                                           const KabHostFields  *fields,
                                           const KabStateRecord *records,
                                           guint                 n_records);
/* Of a host that nobody can judge: what it wants is still fetched. */
void       kab_forecast_pass_count_wanted (KabForecastBuilder   *self,
                                           const KabStateRecord *records,
                                           guint                 n_records);
/* kab-forecast-summary.c: rows, rings and totals out of what was counted */
void       kab_forecast_builder_summarise (KabForecastBuilder *self);

G_END_DECLS
