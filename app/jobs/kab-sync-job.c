/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-sync-job.h"

#include "kab-error.h"
#include "kab-level.h"
#include "kab-set-text.h"
#include "kab-sync-spool.h"
#include "kab-sync.h"

struct _KabSyncJob
{
  KabJob          parent_instance;

  KabSignIn      *sign_in;
  KabMirror      *mirror;
  gboolean        automatic;
  gboolean        accept_server;

  /* Written by run(), read once the job has ended. */
  gboolean        met_other_server;
  char           *version;
  gint64          clock_offset_s;
  KabSyncNumbers  numbers;
};

G_DEFINE_FINAL_TYPE (KabSyncJob, kab_sync_job, KAB_TYPE_JOB)

/* What run() holds and must let go whichever way it ends. */
typedef struct {
  KabSync         sync;
  KabClient      *client;
  KabStoreWriter *writer;
  KabSyncReport   report;
} Run;

static void
run_clear (Run *run)
{
  g_clear_pointer (&run->writer, kab_store_write_abandon);
  g_clear_pointer (&run->sync.rule_packages, g_hash_table_unref);
  g_clear_object (&run->client);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

/* A mirror belongs to one server. Another one under the same address may be a restored copy or an impostor. */
static gboolean
check_server (KabSyncJob  *self,
              Run         *run,
              GError     **error)
{
  const KabServerInfo *info = kab_client_get_info (run->client);
  g_autofree char *known = kab_store_read_value (run->sync.store, "server_uuid");

  if (known == NULL || known[0] == '\0' || info->uuid[0] == '\0' || g_str_equal (known, info->uuid))
    return TRUE;

  if (self->accept_server)
    {
      g_info ("the server has another identity now: %s instead of %s", info->uuid, known);
      run->sync.fill_anew = TRUE;
      return TRUE;
    }

  self->met_other_server = TRUE;
  g_set_error (error, KAB_ERROR, KAB_ERROR_UNTRUSTED, "%s says that it is server %s; the mirror is of %s",
               kab_sign_in_get_profile (self->sign_in)->url, info->uuid, known);
  return FALSE;
}

static gboolean
connect_server (KabSyncJob    *self,
                Run           *run,
                GCancellable  *cancellable,
                GError       **error)
{
  const KabServerInfo *info;

  kab_job_report (KAB_JOB (self), "connecting", 0, 0);
  run->client = kab_sign_in_open (self->sign_in, cancellable, error);
  if (run->client == NULL)
    return FALSE;

  info = kab_client_get_info (run->client);
  kab_set_text (&self->version, info->version);
  self->clock_offset_s = info->clock_offset_s;

  return TRUE;
}

static KabLevel
choose_level (KabSyncJob *self,
              KabClient  *client)
{
  if (kab_sign_in_get_profile (self->sign_in)->open_level_only)
    return KAB_LEVEL_OPEN;

  return kab_client_get_level (client);
}

static gboolean
read_all (KabSyncJob    *self,
          Run           *run,
          GCancellable  *cancellable,
          GError       **error)
{
  KabSync *sync = &run->sync;
  KabLevel level;

  if (!connect_server (self, run, cancellable, error))
    return FALSE;
  level = choose_level (self, run->client);
  self->numbers.level = kab_level_get_text (level);
  g_strlcpy (run->report.level, self->numbers.level, sizeof run->report.level);
  if (!check_server (self, run, error))
    return FALSE;

  run->writer = kab_store_write_begin (sync->store, cancellable, error);
  if (run->writer == NULL)
    return FALSE;
  sync->writer = run->writer;
  sync->client = run->client;

  if (!(level == KAB_LEVEL_OPEN ? kab_sync_open_level (sync, error) : kab_sync_bulk (sync, error)) ||
      !kab_sync_packages (sync, error))
    return FALSE;

  /* The levels keep different books: what the other one wrote must not be continued after a change. */
  if (level == KAB_LEVEL_OPEN &&
      (!kab_store_write_value (sync->writer, "epoch", NULL, error) ||
       !kab_store_write_value (sync->writer, "bulk_numbers", NULL, error)))
    return FALSE;

  return kab_store_write_value (sync->writer, "server_uuid", kab_client_get_info (run->client)->uuid, error) &&
         kab_store_write_value (sync->writer, "level", self->numbers.level, error) &&
         kab_store_write_value (sync->writer, "server_version", self->version, error) &&
         kab_store_write_value (sync->writer, "server_url", sync->profile->url, error) &&
         !g_cancellable_set_error_if_cancelled (cancellable, error);
}

static void
count_traffic (Run *run)
{
  if (run->client != NULL)
    kab_client_get_traffic (run->client, &run->report.n_bytes, &run->report.n_requests);
}

static void
keep_numbers (KabSyncJob *self,
              const Run  *run)
{
  const KabSyncReport *report = &run->report;

  self->numbers.hosts_new = report->hosts_new;
  self->numbers.hosts_changed = report->hosts_changed;
  self->numbers.hosts_gone = report->hosts_gone;
  self->numbers.updates_new = report->updates_new;
  self->numbers.updates_changed = report->updates_changed;
  self->numbers.updates_gone = report->updates_gone;
  self->numbers.states_changed = report->states_changed;
  self->numbers.n_requests = report->n_requests;
  self->numbers.n_bytes = report->n_bytes;
  self->numbers.n_hosts_read = run->sync.n_hosts_read;
  self->numbers.n_hosts_resumed = run->sync.n_hosts_resumed;
}

static gboolean
finish (KabSyncJob  *self,
        Run         *run,
        GError     **error)
{
  kab_job_report (KAB_JOB (self), "saving", 0, 0);
  count_traffic (run);
  if (!kab_store_write_commit (g_steal_pointer (&run->writer), &run->report, error))
    return FALSE;

  kab_sync_spool_remove_files (kab_mirror_get_path (self->mirror));
  keep_numbers (self, run);

  return TRUE;
}

/* The log tells of what went wrong too; when even that cannot be written, the error itself is what counts. */
static void
log_failure (KabSyncJob   *self,
             Run          *run,
             const GError *error)
{
  g_autoptr(GError) log_error = NULL;
  gboolean cancelled = g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);

  g_clear_pointer (&run->writer, kab_store_write_abandon);
  count_traffic (run);
  run->report.finished_at = g_get_real_time () / G_USEC_PER_SEC;
  if (!kab_store_log_failure (run->sync.store, &run->report, cancelled ? "cancelled" : error->message, &log_error))
    g_info ("the sync log: %s", log_error->message);
}

static gboolean
kab_sync_job_run (KabJob        *job,
                  GCancellable  *cancellable,
                  GError       **error)
{
  KabSyncJob *self = KAB_SYNC_JOB (job);
  gint64 started = g_get_monotonic_time ();
  g_autoptr(GError) local_error = NULL;
  g_auto(Run) run = { 0 };

  run.sync.job = job;
  run.sync.profile = kab_sign_in_get_profile (self->sign_in);
  run.sync.cancellable = cancellable;
  run.sync.store = kab_mirror_open (self->mirror, error);
  if (run.sync.store == NULL)
    return FALSE;
  run.report.started_at = g_get_real_time () / G_USEC_PER_SEC;
  run.report.automatic = self->automatic;
  self->numbers.level = "";

  if (!read_all (self, &run, cancellable, &local_error) || !finish (self, &run, &local_error))
    {
      log_failure (self, &run, local_error);
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  self->numbers.duration_ms = (g_get_monotonic_time () - started) / 1000;

  return TRUE;
}

static void
kab_sync_job_finalize (GObject *object)
{
  KabSyncJob *self = KAB_SYNC_JOB (object);

  g_clear_object (&self->sign_in);
  g_clear_object (&self->mirror);
  g_clear_pointer (&self->version, g_free);

  G_OBJECT_CLASS (kab_sync_job_parent_class)->finalize (object);
}

static void
kab_sync_job_class_init (KabSyncJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_sync_job_finalize;
  KAB_JOB_CLASS (klass)->kind = "sync";
  KAB_JOB_CLASS (klass)->run = kab_sync_job_run;
}

static void
kab_sync_job_init (KabSyncJob *self)
{
  self->numbers.level = "";
}

KabSyncJob *
kab_sync_job_new (KabSignIn *sign_in,
                  KabMirror *mirror,
                  gboolean   automatic)
{
  g_autofree char *host = NULL;
  KabSyncJob *self;

  g_return_val_if_fail (KAB_IS_SIGN_IN (sign_in), NULL);
  g_return_val_if_fail (KAB_IS_MIRROR (mirror), NULL);

  self = g_object_new (KAB_TYPE_SYNC_JOB, NULL);
  self->sign_in = g_object_ref (sign_in);
  self->mirror = g_object_ref (mirror);
  self->automatic = automatic;
  host = kab_profile_dup_host (kab_sign_in_get_profile (sign_in));
  kab_job_set_subject (KAB_JOB (self), host);

  return self;
}

void
kab_sync_job_set_accept_server (KabSyncJob *self,
                                gboolean    accept)
{
  g_return_if_fail (KAB_IS_SYNC_JOB (self));

  self->accept_server = accept;
}

gboolean
kab_sync_job_met_other_server (KabSyncJob *self)
{
  g_return_val_if_fail (KAB_IS_SYNC_JOB (self), FALSE);

  return self->met_other_server;
}

gboolean
kab_sync_job_is_automatic (KabSyncJob *self)
{
  g_return_val_if_fail (KAB_IS_SYNC_JOB (self), FALSE);

  return self->automatic;
}

const KabSyncNumbers *
kab_sync_job_get_numbers (KabSyncJob *self)
{
  g_return_val_if_fail (KAB_IS_SYNC_JOB (self), NULL);

  return &self->numbers;
}

const char *
kab_sync_job_get_version (KabSyncJob *self)
{
  g_return_val_if_fail (KAB_IS_SYNC_JOB (self), "");

  return self->version != NULL ? self->version : "";
}

gint64
kab_sync_job_get_clock_offset (KabSyncJob *self)
{
  g_return_val_if_fail (KAB_IS_SYNC_JOB (self), 0);

  return self->clock_offset_s;
}
