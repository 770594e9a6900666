/* kab-forecast-private.h: what the builder leaves in a forecast; for kab-forecast*.c only
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-forecast.h"
#include "kab-resolver.h"

G_BEGIN_DECLS

/* A changed pair in eight bytes. */
#define KAB_PAIRS_A_BLOCK   (128 * 1024)
#define KAB_MAX_PAIRS       (8 * 1024 * 1024)     /* 64 MB of them are kept */

/* Hosts that apply the same: rule sets in order of install date, with and without the plan, and options. */
typedef struct {
  GPtrArray *sets[2];            /* (element-type KabRuleSet): without, with the plan; the agent's own first */
  KabOptions options[2];
  gboolean   delay_known[2];
  gboolean   shows[2];           /* superseded updates too */
  gboolean   is_reached;         /* the two differ */
  gboolean   is_current;         /* without the plan they apply what they reported with */
  gboolean   was_looked_at;      /* what the plan says anew to it is noted */
  guint8    *cells[2];           /* by slot, while the builder needs them; made by the builder */
} KabForecastGroup;

void        kab_forecast_group_free   (gpointer           self);
/* What its engine says */
void        kab_forecast_group_decide (KabForecastGroup  *self,
                                       gboolean           planned,
                                       KabUpdate         *update,
                                       gint64             now,
                                       KabDecision       *decision);

typedef struct {
  const char *uuid;              /* of the arena */
  const char *name;
  guint32     group_index;       /* G_MAXUINT32: none */
  guint32     n_effects;
  guint8      ring;              /* 0xff: not managed */
  guint8      outcome;
  guint8      restarts;
} KabForecastHostEntry;

struct _KabForecast
{
  GObject            parent_instance;

  gint64             now;
  KabForecastTotals  totals;
  GArray            *rings;      /* KabForecastRing; names in the arena */
  GArray            *rows;       /* KabForecastRow */
  GArray            *moves;      /* KabForecastMove: rows point into it */
  GPtrArray         *groups;    /* (element-type KabForecastGroup) */
  GArray            *hosts;      /* KabForecastHostEntry */
  GPtrArray         *pairs;      /* blocks of guint64 */
  guint64            n_pairs;
  guint32           *row_of;     /* by slot */
  GStringChunk      *arena;
};

static inline guint64
kab_pair_pack (guint   host,
               guint   slot,
               guint   before,
               guint   after,
               guint   kind)
{
  return (guint64) host | (guint64) slot << 28 | (guint64) before << 56 | (guint64) after << 59 | (guint64) kind << 62;
}

/* kab-forecast-conditions.c: what of a host the packages of a server look at */
typedef struct {
  GHashTable *relevant;          /* names that may bring rules, or conflicts */
  GHashTable *units;             /* names of packages of these sections, as far as they are relevant */
  GHashTable *profiles;
  GHashTable *vouchers;          /* lower case */
  GPtrArray  *os_limits;
  GPtrArray  *agent_limits;
  gboolean    platform, architecture, locale;
  GHashTable *named_by;          /* name → GPtrArray of names whose `depends` have it */
} KabConditions;

KabConditions *kab_conditions_new       (KabResolver    *first,
                                         KabResolver    *second);
void           kab_conditions_free      (KabConditions  *self);
/* (transfer container): names from which one of @goals is reached, itself included */
GHashTable    *kab_conditions_leading   (KabConditions  *self,
                                         GHashTable     *goals);
/* Appends what the limits tell of a version: equal texts cannot be told apart by any of them. */
void           kab_conditions_append_version (GPtrArray  *limits,
                                              const char *version,
                                              GString    *out);

/* kab-forecast-fleet.c: whom the plan reaches */

/* What is in one package */
typedef struct {
  KabRuleSet *rules;             /* (nullable): it has none that an agent would read */
} KabForecastContent;

/* All hosts that are alike in everything that counts share one. */
typedef struct {
  KabForecastGroup *group;       /* (nullable): nobody can tell */
  guint             group_index;
  KabOutcome        outcome;     /* unless a pair changes */
  gboolean          is_reached;
  gboolean          maturity_assumed;
  gboolean          default_assumed;
  gboolean          delay_assumed;
  gboolean          may_list_more;
} KabForecastReach;

typedef struct _KabForecastFleet KabForecastFleet;

enum { REDUCED_DEPENDS, REDUCED_GROUPS, REDUCED_TRUSTED, REDUCED_UNIT, REDUCED_OS, REDUCED_AGENT, KAB_N_REDUCED };

struct _KabForecastFleet
{
  KabForecastPlan *plan;
  KabResolver     *resolvers[2];       /* without, with the plan */
  gboolean         is_ready;

  GHashTable      *contents_by_uuid;   /* (element-type utf8 KabForecastContent) */
  GHashTable      *contents_by_name;   /* by "name version" */
  GHashTable      *contents_by_plan;   /* by the planned KabPackage */
  GPtrArray       *contents;           /* owns them */

  GHashTable      *targets;            /* uuid of a host → GPtrArray of its KabPlannedAssignment */
  GHashTable      *subjects;           /* names that the plan is about */
  KabConditions   *conditions;
  gboolean         in_profiles;        /* some profile package leads to a subject */

  GHashTable      *texts;              /* text → number */
  GHashTable      *reduced[KAB_N_REDUCED]; /* number of a text or list → number of what counts of it */
  GHashTable      *reaches;            /* Key → KabForecastReach */
  GPtrArray       *groups;
  GHashTable      *groups_by_key;     /* text → index + 1 */
  GString         *scratch;
};

/* Applies assignments to what a package depends on and conflicts with */
void                kab_forecast_change_lists      (GPtrArray           *assignments,
                                                    GStrv               *depends,
                                                    GStrv               *conflicts);
/* kab-forecast-reach.c: one look at a host like this one */
KabForecastReach   *kab_forecast_reach_new         (KabForecastFleet    *self,
                                                    const KabHostFields *fields);

KabForecastFleet   *kab_forecast_fleet_new         (KabForecastPlan     *plan);
void                kab_forecast_fleet_free        (KabForecastFleet    *self);
void                kab_forecast_fleet_add_package (KabForecastFleet    *self,
                                                    KabPackage          *package,
                                                    const char * const  *vouchers);
void                kab_forecast_fleet_add_rules   (KabForecastFleet    *self,
                                                    const char          *package_uuid,
                                                    const char          *name_version,
                                                    KabRuleSet          *rules);
/* Borrowed, as long as @self; the first call ends the filling. */
const KabForecastReach *kab_forecast_fleet_reach   (KabForecastFleet    *self,
                                                    const KabHostFields *fields);
/* (element-type KabForecastGroup), grows with the calls above */
GPtrArray          *kab_forecast_fleet_get_groups (KabForecastFleet    *self);

G_END_DECLS
