/* kab-forecast-plan.h: a change of packages, assignments and options, whose effect is asked for
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-package.h"
#include "kab-rule-set.h"

G_BEGIN_DECLS

/* Whom a package can be given to: each has a package whose `depends` names what it gets. */
typedef enum {
  KAB_TARGET_HOST,        /* uuid */
  KAB_TARGET_UNIT,        /* DN of an organisational unit; all below it get it too */
  KAB_TARGET_GROUP,       /* a package of section group */
  KAB_TARGET_PROFILE,     /* an AD computer group */
} KabTargetKind;
#define KAB_N_TARGET_KINDS (KAB_TARGET_PROFILE + 1)

const char *kab_target_kind_get_section (KabTargetKind kind);   /* "host", "unit", "group", "profile" */
const char *kab_target_kind_get_label   (KabTargetKind kind);   /* N_() */

typedef enum {
  KAB_ASSIGN,             /* `depends` gets it */
  KAB_UNASSIGN,           /* `depends` loses it: hosts that have it keep it, see kab-resolver.h */
  KAB_FORBID,             /* `depends` loses it and `conflicts` gets it: hosts remove it */
} KabAssignment;

typedef struct {
  KabTargetKind  kind;
  char          *target;
  char          *requirement;     /* "demo-wua-base" or "demo-wua-base(>=3)" */
  KabAssignment  assignment;
} KabPlannedAssignment;

typedef struct {
  KabPackage    *package;
  KabRuleSet    *rules;           /* (nullable): it is no rule package */
  GStrv          vouchers;        /* (nullable) */
} KabPlannedPackage;

typedef struct {
  char          *name;
  char          *version;         /* (nullable): all */
  char          *maturity;        /* (nullable): all */
} KabPlannedRemoval;

/**
 * KabForecastPlan: filled on one thread, then not changed any more: forecasts only read it.
 *
 * An edit of a package is its next version added (and the one before removed, if the publishing will do that); a
 * promotion is the package with another maturity added and the old one removed.
 */
#define KAB_TYPE_FORECAST_PLAN (kab_forecast_plan_get_type ())
G_DECLARE_FINAL_TYPE (KabForecastPlan, kab_forecast_plan, KAB, FORECAST_PLAN, GObject)

KabForecastPlan *kab_forecast_plan_new            (void);
/* A package that comes to the server. Its control says who gets it: maturity, conditions, signer_fingerprint.
 * @vouchers: who vouches for its signer: his own fingerprint and those of all his issuers, so that a host that trusts none
 * of them is known not to take it; %NULL = only what the control says of him, and when that says nothing, it is not known
 * yet who will sign it: taken for somebody whom every host trusts */
void             kab_forecast_plan_add_package    (KabForecastPlan    *self,
                                                   KabPackage         *package,
                                                   KabRuleSet         *rules,
                                                   const char * const *vouchers);
/* @version, @maturity: %NULL = any */
void             kab_forecast_plan_remove_package (KabForecastPlan    *self,
                                                   const char         *name,
                                                   const char         *version,
                                                   const char         *maturity);
/* The target's own package is signed anew by the plan's signer; hosts that do not trust him lose it from their sight. */
void             kab_forecast_plan_assign         (KabForecastPlan    *self,
                                                   KabAssignment       assignment,
                                                   KabTargetKind       kind,
                                                   const char         *target,
                                                   const char         *requirement);
/* Who signs the targets' packages: %NULL (the default) = somebody whom every host trusts */
void             kab_forecast_plan_set_signer     (KabForecastPlan    *self,
                                                   const char * const *vouchers);
/* What is taken for the option of agents that do not tell theirs; not set: their pairs are counted as unknown. */
void             kab_forecast_plan_assume_default_allow (KabForecastPlan *self,
                                                         KabTristate      value);
void             kab_forecast_plan_assume_delay   (KabForecastPlan    *self,
                                                   gint64              seconds);
/* The change is one of the agents' own options: all hosts get this one. */
void             kab_forecast_plan_change_delay   (KabForecastPlan    *self,
                                                   gint64              seconds);
void             kab_forecast_plan_change_default_allow (KabForecastPlan *self,
                                                         KabTristate      value);

GPtrArray          *kab_forecast_plan_get_packages       (KabForecastPlan *self);   /* of KabPlannedPackage */
GPtrArray          *kab_forecast_plan_get_removals       (KabForecastPlan *self);   /* of KabPlannedRemoval */
GPtrArray          *kab_forecast_plan_get_assignments    (KabForecastPlan *self);   /* of KabPlannedAssignment */
const char * const *kab_forecast_plan_get_signer         (KabForecastPlan *self);
KabTristate         kab_forecast_plan_get_assumed_default_allow (KabForecastPlan *self);
gboolean            kab_forecast_plan_get_assumed_delay  (KabForecastPlan *self, gint64 *seconds);   /* FALSE: not set */
gboolean            kab_forecast_plan_get_new_delay      (KabForecastPlan *self, gint64 *seconds);
KabTristate         kab_forecast_plan_get_new_default_allow (KabForecastPlan *self);

G_END_DECLS
