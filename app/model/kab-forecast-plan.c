/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "kab-forecast-plan.h"

struct _KabForecastPlan
{
  GObject      parent_instance;

  GPtrArray   *packages;
  GPtrArray   *removals;
  GPtrArray   *assignments;
  GStrv        signer;
  KabTristate  assumed_default_allow;
  KabTristate  new_default_allow;
  gint64       assumed_delay;
  gint64       new_delay;
  gboolean     assumes_delay;
  gboolean     changes_delay;
};

G_DEFINE_FINAL_TYPE (KabForecastPlan, kab_forecast_plan, G_TYPE_OBJECT)

static const struct {
  const char *section;
  const char *label;
} targets[KAB_N_TARGET_KINDS] = {
  [KAB_TARGET_HOST] = { "host", N_ ("Host") },
  [KAB_TARGET_UNIT] = { "unit", N_ ("Organisational unit") },
  [KAB_TARGET_GROUP] = { "group", N_ ("Group") },
  [KAB_TARGET_PROFILE] = { "profile", N_ ("Computer group of the directory") },
};

static void
planned_package_free (gpointer data)
{
  KabPlannedPackage *planned = data;

  g_object_unref (planned->package);
  g_clear_object (&planned->rules);
  g_strfreev (planned->vouchers);
  g_free (planned);
}

static void
planned_removal_free (gpointer data)
{
  KabPlannedRemoval *planned = data;

  g_free (planned->name);
  g_free (planned->version);
  g_free (planned->maturity);
  g_free (planned);
}

static void
planned_assignment_free (gpointer data)
{
  KabPlannedAssignment *planned = data;

  g_free (planned->target);
  g_free (planned->requirement);
  g_free (planned);
}

static void
kab_forecast_plan_finalize (GObject *object)
{
  KabForecastPlan *self = KAB_FORECAST_PLAN (object);

  g_ptr_array_unref (self->packages);
  g_ptr_array_unref (self->removals);
  g_ptr_array_unref (self->assignments);
  g_strfreev (self->signer);

  G_OBJECT_CLASS (kab_forecast_plan_parent_class)->finalize (object);
}

static void
kab_forecast_plan_class_init (KabForecastPlanClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_forecast_plan_finalize;
}

static void
kab_forecast_plan_init (KabForecastPlan *self)
{
  self->packages = g_ptr_array_new_with_free_func (planned_package_free);
  self->removals = g_ptr_array_new_with_free_func (planned_removal_free);
  self->assignments = g_ptr_array_new_with_free_func (planned_assignment_free);
}

const char *
kab_target_kind_get_section (KabTargetKind kind)
{
  g_return_val_if_fail ((guint) kind < KAB_N_TARGET_KINDS, "");

  return targets[kind].section;
}

const char *
kab_target_kind_get_label (KabTargetKind kind)
{
  g_return_val_if_fail ((guint) kind < KAB_N_TARGET_KINDS, "");

  return targets[kind].label;
}

KabForecastPlan *
kab_forecast_plan_new (void)
{
  return g_object_new (KAB_TYPE_FORECAST_PLAN, NULL);
}

void
kab_forecast_plan_add_package (KabForecastPlan    *self,
                               KabPackage         *package,
                               KabRuleSet         *rules,
                               const char * const *vouchers)
{
  KabPlannedPackage *planned;

  g_return_if_fail (KAB_IS_FORECAST_PLAN (self));
  g_return_if_fail (KAB_IS_PACKAGE (package));

  planned = g_new0 (KabPlannedPackage, 1);
  planned->package = g_object_ref (package);
  planned->rules = rules != NULL ? g_object_ref (rules) : NULL;
  planned->vouchers = g_strdupv ((char **) vouchers);
  g_ptr_array_add (self->packages, planned);
}

void
kab_forecast_plan_remove_package (KabForecastPlan *self,
                                  const char      *name,
                                  const char      *version,
                                  const char      *maturity)
{
  KabPlannedRemoval *planned;

  g_return_if_fail (KAB_IS_FORECAST_PLAN (self));
  g_return_if_fail (name != NULL);

  planned = g_new0 (KabPlannedRemoval, 1);
  planned->name = g_strdup (name);
  planned->version = g_strdup (version);
  planned->maturity = g_strdup (maturity);
  g_ptr_array_add (self->removals, planned);
}

void
kab_forecast_plan_assign (KabForecastPlan *self,
                          KabAssignment    assignment,
                          KabTargetKind    kind,
                          const char      *target,
                          const char      *requirement)
{
  KabPlannedAssignment *planned;

  g_return_if_fail (KAB_IS_FORECAST_PLAN (self));
  g_return_if_fail ((guint) kind < KAB_N_TARGET_KINDS);
  g_return_if_fail (target != NULL);
  g_return_if_fail (requirement != NULL);

  planned = g_new0 (KabPlannedAssignment, 1);
  planned->assignment = assignment;
  planned->kind = kind;
  planned->target = g_strdup (target);
  planned->requirement = g_strdup (requirement);
  g_ptr_array_add (self->assignments, planned);
}

void
kab_forecast_plan_set_signer (KabForecastPlan    *self,
                              const char * const *vouchers)
{
  g_return_if_fail (KAB_IS_FORECAST_PLAN (self));

  g_strfreev (self->signer);
  self->signer = g_strdupv ((char **) vouchers);
}

void
kab_forecast_plan_assume_default_allow (KabForecastPlan *self,
                                        KabTristate      value)
{
  g_return_if_fail (KAB_IS_FORECAST_PLAN (self));

  self->assumed_default_allow = value;
}

void
kab_forecast_plan_assume_delay (KabForecastPlan *self,
                                gint64           seconds)
{
  g_return_if_fail (KAB_IS_FORECAST_PLAN (self));

  self->assumes_delay = TRUE;
  self->assumed_delay = seconds;
}

void
kab_forecast_plan_change_delay (KabForecastPlan *self,
                                gint64           seconds)
{
  g_return_if_fail (KAB_IS_FORECAST_PLAN (self));

  self->changes_delay = TRUE;
  self->new_delay = seconds;
}

void
kab_forecast_plan_change_default_allow (KabForecastPlan *self,
                                        KabTristate      value)
{
  g_return_if_fail (KAB_IS_FORECAST_PLAN (self));

  self->new_default_allow = value;
}

GPtrArray *
kab_forecast_plan_get_packages (KabForecastPlan *self)
{
  g_return_val_if_fail (KAB_IS_FORECAST_PLAN (self), NULL);

  return self->packages;
}

GPtrArray *
kab_forecast_plan_get_removals (KabForecastPlan *self)
{
  g_return_val_if_fail (KAB_IS_FORECAST_PLAN (self), NULL);

  return self->removals;
}

GPtrArray *
kab_forecast_plan_get_assignments (KabForecastPlan *self)
{
  g_return_val_if_fail (KAB_IS_FORECAST_PLAN (self), NULL);

  return self->assignments;
}

const char * const *
kab_forecast_plan_get_signer (KabForecastPlan *self)
{
  g_return_val_if_fail (KAB_IS_FORECAST_PLAN (self), NULL);

  return (const char * const *) self->signer;
}

KabTristate
kab_forecast_plan_get_assumed_default_allow (KabForecastPlan *self)
{
  g_return_val_if_fail (KAB_IS_FORECAST_PLAN (self), KAB_TRISTATE_NULL);

  return self->assumed_default_allow;
}

gboolean
kab_forecast_plan_get_assumed_delay (KabForecastPlan *self,
                                     gint64          *seconds)
{
  g_return_val_if_fail (KAB_IS_FORECAST_PLAN (self), FALSE);

  *seconds = self->assumed_delay;
  return self->assumes_delay;
}

gboolean
kab_forecast_plan_get_new_delay (KabForecastPlan *self,
                                 gint64          *seconds)
{
  g_return_val_if_fail (KAB_IS_FORECAST_PLAN (self), FALSE);

  *seconds = self->new_delay;
  return self->changes_delay;
}

KabTristate
kab_forecast_plan_get_new_default_allow (KabForecastPlan *self)
{
  g_return_val_if_fail (KAB_IS_FORECAST_PLAN (self), KAB_TRISTATE_NULL);

  return self->new_default_allow;
}
