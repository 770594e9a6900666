/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-error.h"
#include "kab-set-text.h"
#include "kab-trigger-private.h"

#define N_THREADS 6
#define CHUNK 100               /* actions in one request */
#define BEAT_US (200 * 1000)

struct _KabTriggerJob
{
  KabJob          parent_instance;

  KabSignIn      *sign_in;
  KabDeed         deed;
  char          **update_ids;
  guint           patience_s;
  GListStore     *rows;         /* KabTriggerRow, beside @hosts */

  GMutex          lock;         /* guards what the threads of run() share */
  KabTriggerHost *hosts;
  guint           n_hosts;
  GError         *error;        /* the first one that is not about a host */
  guint           next;         /* of the hosts that are gone through once */
};

G_DEFINE_FINAL_TYPE (KabTriggerJob, kab_trigger_job, KAB_TYPE_JOB)

static const char * const kinds[] = {
  [KAB_DEED_SCAN] = "trigger-scan",
  [KAB_DEED_DOWNLOAD] = "trigger-download",
  [KAB_DEED_INSTALL] = "trigger-install",
  [KAB_DEED_UPGRADE_PACKAGES] = "trigger-upgrade-packages",
  [KAB_DEED_CANCEL_TASKS] = "trigger-cancel-tasks",
};

/* Silence longer than this means: we do not know. Real agents download for hours, but say so all the time. */
static guint
default_patience (KabDeed deed)
{
  switch (deed)
    {
    case KAB_DEED_CANCEL_TASKS:
      return 60;
    case KAB_DEED_SCAN:
    case KAB_DEED_UPGRADE_PACKAGES:
      return 30 * 60;
    case KAB_DEED_DOWNLOAD:
    case KAB_DEED_INSTALL:
    default:
      return 2 * 60 * 60;
    }
}

void
kab_trigger_job_show (KabTriggerJob   *self,
                      KabTriggerHost  *host,
                      KabTriggerState  state,
                      int              progress,
                      const char      *task,
                      const char      *error)
{
  gboolean changed;

  g_mutex_lock (&self->lock);
  changed = host->facts.state != state || host->facts.progress != progress;
  host->facts.state = state;
  host->facts.progress = progress;
  changed |= task != NULL && kab_set_text (&host->facts.task, task);
  changed |= error != NULL && kab_set_text (&host->facts.error, error);
  if (changed)
    {
      host->changed = TRUE;
      host->news_at = g_get_monotonic_time ();
    }
  g_mutex_unlock (&self->lock);

  if (changed)
    kab_job_wake (KAB_JOB (self));
}

static void
kab_trigger_job_publish (KabJob *job)
{
  KabTriggerJob *self = KAB_TRIGGER_JOB (job);

  for (guint i = 0; i < self->n_hosts; i++)
    {
      KabTriggerHost *host = &self->hosts[i];
      KabTriggerFacts facts = { 0 };
      gboolean changed;

      g_mutex_lock (&self->lock);
      changed = host->changed;
      host->changed = FALSE;
      if (changed)
        {
          facts = host->facts;
          facts.task = g_strdup (facts.task);
          facts.error = g_strdup (facts.error);
        }
      g_mutex_unlock (&self->lock);

      if (changed)
        {
          g_autoptr(KabTriggerRow) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);

          kab_trigger_row_show (row, &facts);
          kab_trigger_facts_clear (&facts);
        }
    }
}

static void
keep_error (KabTriggerJob *self,
            GError        *error)
{
  g_mutex_lock (&self->lock);
  if (self->error == NULL)
    self->error = error;
  else
    g_error_free (error);
  g_mutex_unlock (&self->lock);
}

static guint
count_open (KabTriggerJob *self)
{
  guint n = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->n_hosts; i++)
    n += kab_trigger_state_is_open (self->hosts[i].facts.state);
  g_mutex_unlock (&self->lock);

  return n;
}

/* Takes the next host that has not been looked at. NULL: all were, or something went wrong. */
static KabTriggerHost *
take_waiting (KabTriggerJob *self)
{
  KabTriggerHost *host = NULL;

  g_mutex_lock (&self->lock);
  while (host == NULL && self->error == NULL && self->next < self->n_hosts)
    {
      KabTriggerHost *candidate = &self->hosts[self->next++];

      if (candidate->facts.state == KAB_TRIGGER_WAITING)
        host = candidate;
    }
  g_mutex_unlock (&self->lock);

  return host;
}

static gpointer
before_in_thread (gpointer data)
{
  KabTriggerWatch *watch = data;
  KabTriggerHost *host;

  while ((host = take_waiting (watch->job)) != NULL)
    {
      GError *error = NULL;

      if (!kab_trigger_watch_before (watch, host, &error))
        keep_error (watch->job, error);
      kab_job_report (KAB_JOB (watch->job), "connecting", watch->job->next, watch->job->n_hosts);
    }

  return NULL;
}

/* Takes the host whose turn is first. NULL with *@wait_us: nobody's turn yet; NULL with 0: nothing is left to watch. */
static KabTriggerHost *
take_due (KabTriggerJob *self,
          gint64        *wait_us)
{
  gint64 now = g_get_monotonic_time ();
  KabTriggerHost *due = NULL;
  gboolean any = FALSE;

  *wait_us = 0;
  g_mutex_lock (&self->lock);
  for (guint i = 0; self->error == NULL && i < self->n_hosts; i++)
    {
      KabTriggerHost *host = &self->hosts[i];

      if (!kab_trigger_state_is_open (host->facts.state))
        continue;
      any = TRUE;
      if (!host->taken && (due == NULL || host->next_at < due->next_at))
        due = host;
    }
  if (due != NULL && due->next_at <= now)
    due->taken = TRUE;
  else
    {
      *wait_us = any ? BEAT_US : 0;
      due = NULL;
    }
  g_mutex_unlock (&self->lock);

  return due;
}

static gpointer
watch_in_thread (gpointer data)
{
  KabTriggerWatch *watch = data;
  KabTriggerJob *self = watch->job;

  for (;;)
    {
      gint64 wait_us;
      KabTriggerHost *host = take_due (self, &wait_us);
      GError *error = NULL;

      if (host == NULL && wait_us == 0)
        return NULL;
      if (host == NULL)
        {
          g_usleep ((gulong) wait_us);
          if (g_cancellable_set_error_if_cancelled (watch->cancellable, &error))
            keep_error (self, error);
          continue;
        }

      if (!kab_trigger_watch_ask (watch, host, &error))
        keep_error (self, error);
      g_mutex_lock (&self->lock);
      host->taken = FALSE;
      g_mutex_unlock (&self->lock);
      kab_job_report (KAB_JOB (self), "waiting", self->n_hosts - count_open (self), self->n_hosts);
    }
}

/* Runs @func in some threads and waits for them. */
static gboolean
in_threads (KabTriggerWatch  *watch,
            GThreadFunc       func,
            GError          **error)
{
  KabTriggerJob *self = watch->job;
  GThread *threads[N_THREADS];
  guint n = MIN (N_THREADS, self->n_hosts);

  self->next = 0;
  for (guint i = 0; i < n; i++)
    threads[i] = g_thread_new ("trigger", func, watch);
  for (guint i = 0; i < n; i++)
    g_thread_join (threads[i]);

  return kab_error_is_none (&self->error, error);
}

static gboolean
send_all (KabTriggerJob    *self,
          KabTriggerWatch  *watch,
          KabSigner        *signer,
          GError          **error)
{
  g_autoptr(GPtrArray) chunk = g_ptr_array_new ();
  guint n_sent = 0;

  for (guint i = 0; i < self->n_hosts; i++)
    {
      g_autoptr(GError) local_error = NULL;

      if (self->hosts[i].facts.state == KAB_TRIGGER_WAITING)
        g_ptr_array_add (chunk, &self->hosts[i]);
      if (chunk->len == 0 || (chunk->len < CHUNK && i + 1 < self->n_hosts))
        continue;

      if (g_cancellable_set_error_if_cancelled (watch->cancellable, error))
        return FALSE;
      if (!kab_trigger_send (watch, signer, chunk, &local_error))
        {
          /* What went out already is followed to its end; the rest says why it did not go. */
          if (n_sent == 0 || g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
            {
              g_propagate_error (error, g_steal_pointer (&local_error));
              return FALSE;
            }
          for (guint j = 0; j < chunk->len; j++)
            kab_trigger_job_show (self, chunk->pdata[j], KAB_TRIGGER_REFUSED, 0, NULL, local_error->message);
        }
      else
        n_sent += chunk->len;
      g_ptr_array_set_size (chunk, 0);
      kab_job_report (KAB_JOB (self), "sending", i + 1, self->n_hosts);
    }

  if (n_sent > 0)
    return TRUE;

  g_set_error (error, KAB_ERROR, KAB_ERROR_UNREACHABLE, "none of %u hosts is connected", self->n_hosts);
  return FALSE;
}

static gboolean
kab_trigger_job_run (KabJob        *job,
                     GCancellable  *cancellable,
                     GError       **error)
{
  KabTriggerJob *self = KAB_TRIGGER_JOB (job);
  g_autoptr(KabSigner) signer = NULL;
  g_autoptr(KabClient) client = NULL;
  KabTriggerWatch watch = { 0 };

  signer = kab_trigger_load_signer (kab_sign_in_get_profile (self->sign_in), cancellable, error);
  if (signer == NULL)
    return FALSE;

  kab_job_report (job, "connecting", 0, 0);
  client = kab_sign_in_reuse (self->sign_in, cancellable, error);
  if (client == NULL)
    return FALSE;

  watch.job = self;
  watch.profile = kab_sign_in_get_profile (self->sign_in);
  watch.update_ids = (const char * const *) self->update_ids;
  watch.client = client;
  watch.deed = self->deed;
  watch.patience_s = self->patience_s != 0 ? self->patience_s : default_patience (self->deed);
  watch.n_hosts = self->n_hosts;
  watch.cancellable = cancellable;

  return in_threads (&watch, before_in_thread, error) &&
         send_all (self, &watch, signer, error) &&
         in_threads (&watch, watch_in_thread, error);
}

static void
kab_trigger_job_finalize (GObject *object)
{
  KabTriggerJob *self = KAB_TRIGGER_JOB (object);

  for (guint i = 0; i < self->n_hosts; i++)
    {
      kab_trigger_facts_clear (&self->hosts[i].facts);
      g_free (self->hosts[i].report_date);
    }
  g_clear_pointer (&self->hosts, g_free);
  g_clear_object (&self->rows);
  g_clear_object (&self->sign_in);
  g_clear_pointer (&self->update_ids, g_strfreev);
  g_clear_error (&self->error);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (kab_trigger_job_parent_class)->finalize (object);
}

static const char *
kab_trigger_job_get_kind (KabJob *job)
{
  return kinds[KAB_TRIGGER_JOB (job)->deed];
}

static void
kab_trigger_job_class_init (KabTriggerJobClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_trigger_job_finalize;
  KAB_JOB_CLASS (klass)->kind = "trigger";
  KAB_JOB_CLASS (klass)->get_kind = kab_trigger_job_get_kind;
  KAB_JOB_CLASS (klass)->run = kab_trigger_job_run;
  KAB_JOB_CLASS (klass)->publish = kab_trigger_job_publish;
}

static void
kab_trigger_job_init (KabTriggerJob *self)
{
  self->rows = g_list_store_new (KAB_TYPE_TRIGGER_ROW);
  g_mutex_init (&self->lock);
}

KabTriggerJob *
kab_trigger_job_new (KabSignIn              *sign_in,
                     KabDeed                 deed,
                     const KabTriggerTarget *targets,
                     guint                   n_targets,
                     const char * const     *update_ids)
{
  KabTriggerJob *self;
  g_autofree char *host = NULL;

  g_return_val_if_fail (KAB_IS_SIGN_IN (sign_in), NULL);
  g_return_val_if_fail ((guint) deed < G_N_ELEMENTS (kinds), NULL);
  g_return_val_if_fail (targets != NULL || n_targets == 0, NULL);

  self = g_object_new (KAB_TYPE_TRIGGER_JOB, NULL);
  self->sign_in = g_object_ref (sign_in);
  self->deed = deed;
  self->update_ids = g_strdupv ((char **) update_ids);
  self->hosts = g_new0 (KabTriggerHost, MAX (n_targets, 1));
  self->n_hosts = n_targets;
  for (guint i = 0; i < n_targets; i++)
    {
      g_autoptr(KabTriggerRow) row = kab_trigger_row_new (targets[i].uuid, targets[i].name);

      self->hosts[i].uuid = kab_trigger_row_get_uuid (row);   /* borrowed: our list of rows */
      self->hosts[i].facts.state = targets[i].connected ? KAB_TRIGGER_WAITING : KAB_TRIGGER_UNREACHABLE;
      kab_trigger_row_show (row, &self->hosts[i].facts);
      g_list_store_append (self->rows, row);
    }
  host = kab_profile_dup_host (kab_sign_in_get_profile (sign_in));
  kab_job_set_subject (KAB_JOB (self), n_targets == 1
                                         ? (targets[0].name != NULL ? targets[0].name : targets[0].uuid) : host);

  return self;
}

KabDeed
kab_trigger_job_get_deed (KabTriggerJob *self)
{
  g_return_val_if_fail (KAB_IS_TRIGGER_JOB (self), KAB_DEED_SCAN);

  return self->deed;
}

GListModel *
kab_trigger_job_get_rows (KabTriggerJob *self)
{
  g_return_val_if_fail (KAB_IS_TRIGGER_JOB (self), NULL);

  return G_LIST_MODEL (self->rows);
}

guint
kab_trigger_job_count (KabTriggerJob   *self,
                       KabTriggerState  state)
{
  guint n = 0;

  g_return_val_if_fail (KAB_IS_TRIGGER_JOB (self), 0);

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->n_hosts; i++)
    n += self->hosts[i].facts.state == state;
  g_mutex_unlock (&self->lock);

  return n;
}

void
kab_trigger_job_set_patience (KabTriggerJob *self,
                              guint          seconds)
{
  g_return_if_fail (KAB_IS_TRIGGER_JOB (self));

  self->patience_s = seconds;
}
