/* kab-forecast.h: what a change of rules would do to every update on every host (waptwua-model § 6.4)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-forecast-plan.h"
#include "kab-host.h"
#include "kab-rules-engine.h"

G_BEGIN_DECLS

/**
 * The question: if this plan were carried out now and every host then did *Update packages* and scanned, which pairs
 * would change? "Before" is the effective reported state (kab_state_derive()). "After" is computed twice, with the plan
 * and without it: what would change without it too is *catching up* and not an effect.
 *
 * What no server tells cannot be foreseen: what a host's own package forbids (`conflicts`; only its `depends` are told),
 * updates that came out after its last scan, and which superseded ones it would list if it began to.
 */
typedef enum {
  KAB_FORECAST_EFFECT,         /* changes because of the plan */
  KAB_FORECAST_CATCH_UP,       /* changes at the next scan anyway */
  KAB_FORECAST_UNKNOWN,        /* touched by the plan, but an option of the agent that decides is not known */
} KabForecastKind;
#define KAB_N_FORECAST_KINDS (KAB_FORECAST_UNKNOWN + 1)

/* A state of a forecast: KabState, and */
#define KAB_FORECAST_GONE     KAB_N_STATES           /* the host does not list the update any more */
#define KAB_N_FORECAST_STATES (KAB_FORECAST_GONE + 1)

/* What becomes of one host; every host of the fleet has exactly one. */
typedef enum {
  KAB_OUTCOME_CHANGES,             /* at least one pair changes because of the plan */
  KAB_OUTCOME_SAME,                /* the plan reaches it, but changes no state */
  KAB_OUTCOME_WAITS,               /* the same, because all it would gain waits for its install_delay */
  KAB_OUTCOME_NOT_ASSIGNED,        /* the plan does not reach it */
  KAB_OUTCOME_VERSION,             /* a requirement keeps it from taking that version */
  KAB_OUTCOME_MATURITY,            /* it does not accept the maturity of the package … */
  KAB_OUTCOME_SIGNER,              /* … does not trust who signed it … */
  KAB_OUTCOME_ARCHITECTURE,        /* … or fails a condition of it */
  KAB_OUTCOME_PLATFORM,
  KAB_OUTCOME_OS_VERSION,
  KAB_OUTCOME_AGENT_VERSION,
  KAB_OUTCOME_LOCALE,
  KAB_OUTCOME_CONFLICT,
  KAB_OUTCOME_KEEPS,               /* unassigned or deleted, but what is installed stays installed */
  KAB_OUTCOME_NOT_MANAGED,         /* no Windows, or WUA is off */
  KAB_OUTCOME_SILENT,              /* from here on nobody can tell */
  KAB_OUTCOME_NEVER_SCANNED,
  KAB_OUTCOME_RULES_UNKNOWN,       /* it does not say what it applies, or a package it has is not known here */
  KAB_OUTCOME_SIGNER_UNKNOWN,      /* it does not say whom it trusts */
  KAB_OUTCOME_ASSIGNMENT_UNKNOWN,  /* the server does not say its unit, its AD groups or what its host package has */
} KabOutcome;
#define KAB_N_OUTCOMES (KAB_OUTCOME_ASSIGNMENT_UNKNOWN + 1)

const char *kab_outcome_get_text   (KabOutcome outcome);     /* "changes", "not-assigned" … */
const char *kab_outcome_get_label  (KabOutcome outcome);     /* N_() text for people, of its hosts */
gboolean    kab_outcome_is_unknown (KabOutcome outcome);

/* "DISCARDED", …, "GONE" */
const char *kab_forecast_state_get_text  (guint state);
const char *kab_forecast_state_get_label (guint state);      /* N_() */

/* Hosts by what they accept: the maturity they accept besides PROD, or PROD. Every managed host is in one. */
typedef struct {
  const char *name;            /* "PREPROD", "PROD" */
  guint       n_hosts;         /* managed ones */
  guint       n_changing;      /* hosts with an effect */
  guint64     n_pairs;         /* effects */
  guint       n_restarts;
  gboolean    is_reached;      /* some host of it takes the changed package; else: "no change (package is PREPROD)" */
} KabForecastRing;

/* One move of one update in one ring. */
typedef struct {
  guint           ring;
  guint           before, after;     /* states of a forecast */
  KabForecastKind kind;
  guint           n_pairs;
} KabForecastMove;

/**
 * KabForecastRow: an update with at least one move, or (@n_pairs all 0) one that the plan begins to allow and nobody
 * needs. Most effects first.
 * @decision: the proof in the largest group of hosts with an effect; valid as long as the forecast
 */
typedef struct {
  KabUpdate             *update;
  const KabForecastMove *moves;              /* by ring, most pairs first */
  guint                  n_moves;
  guint64                n_pairs[KAB_N_FORECAST_KINDS];
  guint                  n_hosts_delayed;    /* allowed by the plan, but the host's delay still runs */
  KabDecision            decision;
  gboolean               is_fetched;         /* the server must fetch it because of the plan */
} KabForecastRow;

typedef struct {
  guint    n_hosts;                       /* of the fleet */
  guint    n_updates;
  guint    outcomes[KAB_N_OUTCOMES];      /* hosts; together n_hosts */
  guint64  n_pairs[KAB_N_FORECAST_KINDS];
  guint64  moves[KAB_N_FORECAST_STATES][KAB_N_FORECAST_STATES];   /* effects: before, after */
  guint    n_restarts;                    /* hosts with one more pending update that may need a restart */
  guint    n_restart_servers;             /* Windows Server among them */
  guint    n_fetched;                     /* updates whose files the server must fetch because of the plan */
  guint    n_files;
  guint64  bytes;
  gboolean bytes_at_most;                 /* of some only a ceiling is known */
  guint    n_sizes_unknown;               /* of these nothing is */
  guint    n_unneeded;                    /* updates that the plan begins to allow and no host needs */
  guint    n_overruled;                   /* updates the plan allows but another line of the same hosts forbids */
  guint    n_default_unknown;             /* hosts with pairs in KAB_FORECAST_UNKNOWN for default_allow … */
  guint    n_delay_unknown;               /* … for install_delay */
  guint    n_default_assumed;             /* hosts judged with what the plan assumed */
  guint    n_delay_assumed;
  guint    n_maturity_assumed;            /* they do not say what they accept: PROD */
  guint    n_may_list_more;               /* will list superseded updates that they do not report today */
  gboolean is_cut;                        /* too many pairs: counts are whole, the list of pairs is not */
} KabForecastTotals;

/* One changed pair. */
typedef struct {
  guint           host;           /* index */
  guint           row;            /* index */
  guint           before, after;
  KabForecastKind kind;
} KabForecastPair;

typedef struct {
  const char *uuid;
  const char *name;
  guint       ring;               /* G_MAXUINT: not managed */
  KabOutcome  outcome;
  guint       n_effects;
  gboolean    restarts;
} KabForecastHost;

/* Immutable; any thread. */
#define KAB_TYPE_FORECAST (kab_forecast_get_type ())
G_DECLARE_FINAL_TYPE (KabForecast, kab_forecast, KAB, FORECAST, GObject)

const KabForecastTotals *kab_forecast_get_totals   (KabForecast *self);
const KabForecastRing   *kab_forecast_get_rings    (KabForecast *self, guint *n);      /* DEV, PREPROD, …, PROD */
const KabForecastRow    *kab_forecast_get_rows     (KabForecast *self, guint *n);
guint64                  kab_forecast_get_n_pairs  (KabForecast *self);                /* that are listed, all kinds */
void                     kab_forecast_get_pair     (KabForecast *self, guint64 index, KabForecastPair *pair);
guint                    kab_forecast_get_n_hosts  (KabForecast *self);
void                     kab_forecast_get_host     (KabForecast *self, guint index, KabForecastHost *host);
/* The proof for one pair, with the plan (@planned) or with what the host would apply anyway. @set: the rule sets behind
 * it live as long as the forecast. FALSE: nothing decides it (GONE) */
gboolean                 kab_forecast_explain      (KabForecast *self, const KabForecastPair *pair, gboolean planned,
                                                    KabDecision *decision);

/**
 * KabForecastBuilder: first updates, packages and rules, then hosts in any order, one after the other; its memory does
 * not grow with the pairs that stay as they are. One thread at a time.
 */
typedef struct _KabForecastBuilder KabForecastBuilder;

KabForecastBuilder *kab_forecast_builder_new         (KabForecastPlan     *plan,
                                                      const KabLimits     *limits);
/* @number: as in the records of hosts */
void                kab_forecast_builder_add_update  (KabForecastBuilder  *self,
                                                      guint32              number,
                                                      KabUpdate           *update);
/* One package of the server's index; @vouchers as in kab_resolver_add() */
void                kab_forecast_builder_add_package (KabForecastBuilder  *self,
                                                      KabPackage          *package,
                                                      const char * const  *vouchers);
/* @package_uuid: (nullable). @rules: (nullable): it is known to have none that an agent would read */
void                kab_forecast_builder_add_rules   (KabForecastBuilder  *self,
                                                      const char          *package_uuid,
                                                      const char          *name_version,
                                                      KabRuleSet          *rules);
void                kab_forecast_builder_add_host    (KabForecastBuilder  *self,
                                                      const KabHostFields *fields,
                                                      const KabStateRecord *records,
                                                      guint                n_records);
/* Frees @self. (transfer full) */
KabForecast        *kab_forecast_builder_end         (KabForecastBuilder  *self);
void                kab_forecast_builder_free        (KabForecastBuilder  *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabForecastBuilder, kab_forecast_builder_free)

G_END_DECLS
