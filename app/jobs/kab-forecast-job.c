/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-forecast-job.h"

#include "kab-store-fleet.h"
#include "kab-vouchers.h"

#define HOSTS_BETWEEN_REPORTS 1000

struct _KabForecastJob
{
  KabJob           parent_instance;

  KabMirror       *mirror;
  KabForecastPlan *plan;
  KabLimits        limits;

  GMutex           lock;        /* guards what run() leaves */
  KabForecast     *forecast;
  gint64           duration;
  gint64           data_at;
};

G_DEFINE_FINAL_TYPE (KabForecastJob, kab_forecast_job, KAB_TYPE_JOB)

typedef struct {
  KabForecastJob     *job;
  KabForecastBuilder *builder;
} Run;

static void
take_update (guint32    number,
             KabUpdate *update,
             gpointer   user_data)
{
  kab_forecast_builder_add_update (((Run *) user_data)->builder, number, update);
}

static void
take_package (KabPackage *package,
              gpointer    user_data)
{
  const char *noted = kab_package_get (package, KAB_VOUCHERS_ATTRIBUTE);
  g_auto(GStrv) vouchers = *noted != '\0' ? g_strsplit (noted, ",", -1) : NULL;

  kab_forecast_builder_add_package (((Run *) user_data)->builder, package, (const char * const *) vouchers);
}

static void
take_rules (const char *package_uuid,
            const char *name_version,
            KabRuleSet *rules,
            gpointer    user_data)
{
  kab_forecast_builder_add_rules (((Run *) user_data)->builder, package_uuid, name_version, rules);
}

static gboolean
take_host (const KabHostFields  *fields,
           const KabStateRecord *records,
           guint                 n_records,
           guint                 index,
           guint                 n_hosts,
           gpointer              user_data)
{
  Run *run = user_data;

  kab_forecast_builder_add_host (run->builder, fields, records, n_records);
  if (index % HOSTS_BETWEEN_REPORTS == 0)
    kab_job_report (KAB_JOB (run->job), "hosts", index, n_hosts);
  return TRUE;
}

static gboolean
kab_forecast_job_run (KabJob        *job,
                      GCancellable  *cancellable,
                      GError       **error)
{
  static const KabFleetVisitor visitor = { take_update, take_package, take_rules, take_host };
  KabForecastJob *self = KAB_FORECAST_JOB (job);
  gint64 started = g_get_monotonic_time ();
  KabStore *store = kab_mirror_open (self->mirror, error);
  g_autoptr(KabForecastBuilder) builder = NULL;
  g_autofree char *synced_at = NULL;
  KabForecast *forecast;
  Run run;

  if (store == NULL)
    return FALSE;

  builder = kab_forecast_builder_new (self->plan, &self->limits);
  run = (Run) { self, builder };
  kab_job_report (job, "packages", 0, 0);
  synced_at = kab_store_read_value (store, "synced_at");
  if (!kab_store_visit_fleet (store, &visitor, &run, cancellable, error))
    return FALSE;

  forecast = kab_forecast_builder_end (g_steal_pointer (&builder));
  g_mutex_lock (&self->lock);
  self->forecast = forecast;
  self->duration = g_get_monotonic_time () - started;
  self->data_at = synced_at != NULL ? g_ascii_strtoll (synced_at, NULL, 10) : 0;
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static void
kab_forecast_job_finalize (GObject *object)
{
  KabForecastJob *self = KAB_FORECAST_JOB (object);

  g_clear_object (&self->mirror);
  g_clear_object (&self->plan);
  g_clear_object (&self->forecast);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (kab_forecast_job_parent_class)->finalize (object);
}

static void
kab_forecast_job_class_init (KabForecastJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_forecast_job_finalize;
  KAB_JOB_CLASS (klass)->kind = "forecast";
  KAB_JOB_CLASS (klass)->run = kab_forecast_job_run;
}

static void
kab_forecast_job_init (KabForecastJob *self)
{
  g_mutex_init (&self->lock);
}

KabJob *
kab_forecast_job_new (KabMirror       *mirror,
                      KabForecastPlan *plan,
                      const KabLimits *limits)
{
  KabForecastJob *self;

  g_return_val_if_fail (KAB_IS_MIRROR (mirror), NULL);
  g_return_val_if_fail (KAB_IS_FORECAST_PLAN (plan), NULL);
  g_return_val_if_fail (limits != NULL, NULL);

  self = g_object_new (KAB_TYPE_FORECAST_JOB, NULL);
  self->mirror = g_object_ref (mirror);
  self->plan = g_object_ref (plan);
  self->limits = *limits;
  return KAB_JOB (self);
}

KabForecast *
kab_forecast_job_get_forecast (KabForecastJob *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (KAB_IS_FORECAST_JOB (self), NULL);

  locker = g_mutex_locker_new (&self->lock);
  return self->forecast;
}

gint64
kab_forecast_job_get_duration (KabForecastJob *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (KAB_IS_FORECAST_JOB (self), 0);

  locker = g_mutex_locker_new (&self->lock);
  return self->duration;
}

gint64
kab_forecast_job_get_data_at (KabForecastJob *self)
{
  g_autoptr(GMutexLocker) locker = NULL;

  g_return_val_if_fail (KAB_IS_FORECAST_JOB (self), 0);

  locker = g_mutex_locker_new (&self->lock);
  return self->data_at;
}
