/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-session-private.h"

#include "kab-error.h"
#include "kab-mirror-load.h"
#include "kab-set-text.h"
#include "kab-sync-job.h"

/* Opening a mirror looks at its head only; the rest is read when nobody waits for it. */
#define CHECK_AFTER_SECONDS 20

#define N_JOB_THREADS 3           /* a sync and two deeds side by side */
#define PASSPHRASE_SECONDS (15 * 60)

struct _KabSession
{
  GObject       parent_instance;

  KabProfile   *profile;
  KabSignIn    *sign_in;
  KabMirror    *mirror;
  KabJobQueue  *jobs;

  KabSnapshot  *snapshot;
  KabConnection connection;
  gboolean      has_new_password; /* the sync that runs may have begun without it */
  KabConnection before;           /* a sync that is cancelled leaves things as they were */
  GError       *error;
  char         *repair;
  char         *version;
  char         *level;
  gint64        clock_offset_s;

  KabJob       *sync;             /* borrowed: our queue; the one that waits or runs */
  KabJob       *synced;           /* ended well, its snapshot is being read */
  GCancellable *closing;
  guint         n_loading;
  gboolean      load_again;
  gboolean      loaded_once;
  guint         timer;
  guint         passphrase_seconds;
};

G_DEFINE_FINAL_TYPE (KabSession, kab_session, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_SNAPSHOT,
  PROP_CONNECTION,
  PROP_REPAIR,
  PROP_LOADING,
  N_PROPS
};

enum {
  SYNCED,
  TRIGGERED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
set_error (KabSession   *self,
           const GError *error)
{
  g_clear_error (&self->error);
  if (error != NULL)
    self->error = g_error_copy (error);
}

static void
set_connection (KabSession    *self,
                KabConnection  connection)
{
  if (self->connection == connection)
    return;

  self->connection = connection;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
}

/* A mirror that is older than the user wants it is brought up to date as soon as it is seen. */
static void
sync_if_old (KabSession *self)
{
  gint64 age = kab_session_get_now (self) - kab_snapshot_get_synced_at (self->snapshot);

  if (self->profile->sync_minutes > 0 && self->connection == KAB_CONNECTION_OFFLINE &&
      age > (gint64) self->profile->sync_minutes * 60)
    kab_session_sync (self, TRUE);
}

static void
take_loaded (KabSession      *self,
             const KabLoaded *loaded)
{
  g_set_object (&self->snapshot, loaded->snapshot);
  if (self->version == NULL || self->version[0] == '\0')
    kab_set_text (&self->version, loaded->version);
  kab_set_text (&self->level, loaded->level);
  if (kab_set_text (&self->repair, loaded->repair))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_REPAIR]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SNAPSHOT]);
}

static void
checked_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  /* Cancelled: the session may be gone. */
  if (!kab_mirror_check_finish (result, &error) && g_error_matches (error, KAB_ERROR, KAB_ERROR_BAD_DATA))
    kab_session_reload (KAB_SESSION (user_data));      /* which tells of the repair */
}

static void
loaded_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabLoaded) loaded = kab_mirror_load_finish (result, &error);
  g_autoptr(KabJob) synced = NULL;
  g_autoptr(KabSession) self = user_data;

  if (g_cancellable_is_cancelled (self->closing))
    return;

  self->n_loading--;
  if (loaded != NULL)
    {
      take_loaded (self, loaded);
    }
  else
    {
      g_info ("the mirror: %s", error->message);
      set_error (self, error);
      g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_CONNECTION]);
    }

  synced = g_steal_pointer (&self->synced);
  if (self->load_again)
    {
      self->load_again = FALSE;
      self->synced = g_steal_pointer (&synced);
      kab_session_reload (self);
    }
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
  if (synced != NULL)
    g_signal_emit (self, signals[SYNCED], 0, synced);
  if (!self->loaded_once && self->snapshot != NULL)
    {
      self->loaded_once = TRUE;
      kab_mirror_check_async (self->mirror, CHECK_AFTER_SECONDS, self->closing, checked_cb, self);
      sync_if_old (self);
    }
}

static gboolean
timer_cb (gpointer user_data)
{
  KabSession *self = user_data;

  /* Somebody must act first: trying again and again would only lock the account. */
  if (self->connection != KAB_CONNECTION_SIGN_IN && self->connection != KAB_CONNECTION_UNTRUSTED)
    kab_session_sync (self, TRUE);

  return G_SOURCE_CONTINUE;
}

static void
kab_session_dispose (GObject *object)
{
  KabSession *self = KAB_SESSION (object);

  kab_session_close (self);
  g_clear_object (&self->jobs);
  g_clear_object (&self->snapshot);
  g_clear_object (&self->synced);

  G_OBJECT_CLASS (kab_session_parent_class)->dispose (object);
}

static void
kab_session_finalize (GObject *object)
{
  KabSession *self = KAB_SESSION (object);

  g_clear_object (&self->closing);
  g_clear_object (&self->sign_in);
  g_clear_object (&self->mirror);
  g_clear_pointer (&self->profile, kab_profile_free);
  g_clear_error (&self->error);
  g_clear_pointer (&self->repair, g_free);
  g_clear_pointer (&self->version, g_free);
  g_clear_pointer (&self->level, g_free);

  G_OBJECT_CLASS (kab_session_parent_class)->finalize (object);
}

static void
kab_session_get_property (GObject    *object,
                          guint       id,
                          GValue     *value,
                          GParamSpec *pspec)
{
  KabSession *self = KAB_SESSION (object);

  switch (id)
    {
    case PROP_SNAPSHOT:
      g_value_set_object (value, self->snapshot);
      break;
    case PROP_CONNECTION:
      g_value_set_uint (value, self->connection);
      break;
    case PROP_REPAIR:
      g_value_set_string (value, self->repair);
      break;
    case PROP_LOADING:
      g_value_set_boolean (value, self->n_loading > 0);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kab_session_class_init (KabSessionClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = kab_session_dispose;
  object_class->finalize = kab_session_finalize;
  object_class->get_property = kab_session_get_property;

  properties[PROP_SNAPSHOT] = g_param_spec_object ("snapshot", NULL, NULL, KAB_TYPE_SNAPSHOT, flags);
  properties[PROP_CONNECTION] = g_param_spec_uint ("connection", NULL, NULL, 0, KAB_CONNECTION_UNTRUSTED, 0, flags);
  properties[PROP_REPAIR] = g_param_spec_string ("repair", NULL, NULL, NULL, flags);
  properties[PROP_LOADING] = g_param_spec_boolean ("loading", NULL, NULL, FALSE, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  signals[SYNCED] = g_signal_new ("synced", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, KAB_TYPE_JOB);
  signals[TRIGGERED] = g_signal_new ("triggered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, KAB_TYPE_JOB);
}

static void
kab_session_init (KabSession *self)
{
  self->closing = g_cancellable_new ();
  self->jobs = kab_job_queue_new (N_JOB_THREADS);
  self->passphrase_seconds = PASSPHRASE_SECONDS;
}

KabSession *
kab_session_new (const KabProfile *profile,
                 const char       *store_path)
{
  g_autofree char *own_path = NULL;
  KabSession *self;

  g_return_val_if_fail (profile != NULL, NULL);

  own_path = store_path == NULL ? kab_profile_dup_store_path (profile) : NULL;
  self = g_object_new (KAB_TYPE_SESSION, NULL);
  self->profile = kab_profile_copy (profile);
  self->sign_in = kab_sign_in_new (profile, NULL);
  self->mirror = kab_mirror_claim (store_path != NULL ? store_path : own_path);
  if (profile->sync_minutes > 0)
    self->timer = g_timeout_add_seconds (profile->sync_minutes * 60, timer_cb, self);
  kab_session_reload (self);

  return self;
}

const KabProfile *
kab_session_get_profile (KabSession *self)
{
  g_return_val_if_fail (KAB_IS_SESSION (self), NULL);

  return self->profile;
}

KabMirror *
kab_session_get_mirror (KabSession *self)
{
  return self->mirror;
}

KabSignIn *
kab_session_get_sign_in (KabSession *self)
{
  return self->sign_in;
}

GCancellable *
kab_session_get_closing (KabSession *self)
{
  return self->closing;
}

KabLimits
kab_session_get_limits (KabSession *self)
{
  return (KabLimits) {
    .now = kab_session_get_now (self),
    .silent_days = self->profile->silent_days,
    .stale_scan_days = self->profile->stale_scan_days,
  };
}

KabSnapshot *
kab_session_get_snapshot (KabSession *self)
{
  g_return_val_if_fail (KAB_IS_SESSION (self), NULL);

  return self->snapshot;
}

KabJobQueue *
kab_session_get_jobs (KabSession *self)
{
  g_return_val_if_fail (KAB_IS_SESSION (self), NULL);

  return self->jobs;
}

KabConnection
kab_session_get_connection (KabSession *self)
{
  g_return_val_if_fail (KAB_IS_SESSION (self), KAB_CONNECTION_OFFLINE);

  return self->connection;
}

const GError *
kab_session_get_error (KabSession *self)
{
  g_return_val_if_fail (KAB_IS_SESSION (self), NULL);

  return self->error;
}

const char *
kab_session_get_repair (KabSession *self)
{
  g_return_val_if_fail (KAB_IS_SESSION (self), NULL);

  return self->repair;
}

const char *
kab_session_get_server_version (KabSession *self)
{
  g_return_val_if_fail (KAB_IS_SESSION (self), "");

  return self->version != NULL ? self->version : "";
}

const char *
kab_session_get_level (KabSession *self)
{
  g_return_val_if_fail (KAB_IS_SESSION (self), "");

  return self->level != NULL ? self->level : "";
}

gint64
kab_session_get_now (KabSession *self)
{
  g_return_val_if_fail (KAB_IS_SESSION (self), 0);

  return g_get_real_time () / G_USEC_PER_SEC + self->clock_offset_s;
}

void
kab_session_set_password (KabSession *self,
                          const char *password,
                          gboolean    remember)
{
  g_return_if_fail (KAB_IS_SESSION (self));
  g_return_if_fail (password != NULL);

  kab_sign_in_set_password (self->sign_in, password);
  if (remember)
    kab_secrets_remember (KAB_SECRET_PASSWORD, self->profile, password);
  else
    kab_secrets_store (KAB_SECRET_PASSWORD, self->profile, password, FALSE, NULL, NULL);
  self->has_new_password = self->sync != NULL;
  if (self->connection == KAB_CONNECTION_SIGN_IN)
    kab_session_sync (self, TRUE);
}

void
kab_session_set_signing_passphrase (KabSession *self,
                                    const char *passphrase)
{
  g_return_if_fail (KAB_IS_SESSION (self));
  g_return_if_fail (passphrase != NULL);

  kab_secrets_store (KAB_SECRET_SIGNING_PASSPHRASE, self->profile, passphrase, FALSE, NULL, NULL);
  kab_secrets_expire_after (KAB_SECRET_SIGNING_PASSPHRASE, self->profile, self->passphrase_seconds);
}

void
kab_session_set_passphrase_time (KabSession *self,
                                 guint       seconds)
{
  g_return_if_fail (KAB_IS_SESSION (self));

  self->passphrase_seconds = seconds > 0 ? seconds : PASSPHRASE_SECONDS;
}

void
kab_session_reload (KabSession *self)
{
  KabLimits limits;

  g_return_if_fail (KAB_IS_SESSION (self));

  if (self->n_loading > 0)
    {
      self->load_again = TRUE;
      return;
    }

  limits = kab_session_get_limits (self);
  self->n_loading++;
  kab_mirror_load_async (self->mirror, &limits, self->closing, loaded_cb, g_object_ref (self));
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_LOADING]);
}

void
kab_session_close (KabSession *self)
{
  g_return_if_fail (KAB_IS_SESSION (self));

  g_cancellable_cancel (self->closing);
  g_clear_handle_id (&self->timer, g_source_remove);
  if (self->jobs != NULL)
    kab_job_queue_cancel_all (self->jobs);
}

static KabConnection
connection_of (const GError *error)
{
  if (g_error_matches (error, KAB_ERROR, KAB_ERROR_AUTH))
    return KAB_CONNECTION_SIGN_IN;
  if (g_error_matches (error, KAB_ERROR, KAB_ERROR_UNTRUSTED))
    return KAB_CONNECTION_UNTRUSTED;

  return KAB_CONNECTION_OFFLINE;
}

static void
sync_finished_cb (KabJob     *job,
                  KabSession *self)
{
  KabSyncJob *sync = KAB_SYNC_JOB (job);

  if (self->sync == job)
    self->sync = NULL;
  if (kab_sync_job_get_version (sync)[0] != '\0')
    {
      kab_set_text (&self->version, kab_sync_job_get_version (sync));
      self->clock_offset_s = kab_sync_job_get_clock_offset (sync);
    }

  switch (kab_job_get_state (job))
    {
    case KAB_JOB_DONE:
      set_error (self, NULL);
      set_connection (self, KAB_CONNECTION_ONLINE);
      g_set_object (&self->synced, job);
      kab_session_reload (self);
      kab_session_resume_deeds (self);
      break;
    case KAB_JOB_FAILED:
      set_error (self, kab_job_get_error (job));
      set_connection (self, connection_of (kab_job_get_error (job)));
      if (self->has_new_password && self->connection == KAB_CONNECTION_SIGN_IN)
        kab_session_sync (self, TRUE);
      break;
    case KAB_JOB_CANCELLED:
    case KAB_JOB_WAITING:
    case KAB_JOB_RUNNING:
    default:
      set_connection (self, self->before);
      break;
    }
}

static KabJob *
start_sync (KabSession *self,
            gboolean    automatic,
            gboolean    accept)
{
  g_autoptr(KabSyncJob) job = NULL;

  if (self->sync != NULL)
    return self->sync;

  job = kab_sync_job_new (self->sign_in, self->mirror, automatic);
  kab_sync_job_set_accept_server (job, accept);
  g_signal_connect_object (job, "finished", G_CALLBACK (sync_finished_cb), self, 0);
  self->sync = KAB_JOB (job);
  self->before = self->connection;
  self->has_new_password = FALSE;
  set_connection (self, KAB_CONNECTION_CONNECTING);
  kab_job_queue_add (self->jobs, KAB_JOB (job));

  return self->sync;
}

KabJob *
kab_session_sync (KabSession *self,
                  gboolean    automatic)
{
  g_return_val_if_fail (KAB_IS_SESSION (self), NULL);

  return start_sync (self, automatic, FALSE);
}

KabJob *
kab_session_sync_accepting_server (KabSession *self)
{
  g_return_val_if_fail (KAB_IS_SESSION (self), NULL);

  return start_sync (self, FALSE, TRUE);
}
