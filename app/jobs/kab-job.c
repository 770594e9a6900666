/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-job-private.h"
#include "kab-set-text.h"

/* What can be seen of a job. */
typedef struct {
  KabJobState state;
  const char *step;         /* interned */
  guint64     done;
  guint64     total;
  gint64      started_at;
  gint64      finished_at;
} KabJobFacts;

typedef struct {
  GMainContext *context;    /* where notifications happen: that of the thread that made the job */
  GCancellable *cancellable;
  char         *subject;

  GMutex        lock;       /* guards the next three, which any thread writes */
  KabJobFacts   facts;
  GError       *error;
  GSource      *wake;       /* waits for its turn in @context */

  KabJobFacts   published;  /* what the getters give; main thread */
  gboolean      ended;      /* "finished" was emitted */
} KabJobPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (KabJob, kab_job, G_TYPE_OBJECT)

enum {
  PROP_0,
  PROP_SUBJECT,
  PROP_STATE,
  PROP_FRACTION,
  PROP_STEP,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];
static guint finished_signal;

static KabJobPrivate *
priv_of (KabJob *self)
{
  return kab_job_get_instance_private (self);
}

static double
fraction_of (const KabJobFacts *facts)
{
  if (facts->state == KAB_JOB_DONE)
    return 1.0;
  if (facts->total == 0)
    return -1.0;

  return CLAMP ((double) facts->done / (double) facts->total, 0.0, 1.0);
}

/* Main thread: shows what the working thread left. */
static void
publish (KabJob *self)
{
  KabJobPrivate *priv = priv_of (self);
  KabJobFacts before = priv->published;
  KabJobFacts now;

  g_mutex_lock (&priv->lock);
  now = priv->facts;
  g_clear_pointer (&priv->wake, g_source_unref);
  g_mutex_unlock (&priv->lock);

  priv->published = now;

  if (KAB_JOB_GET_CLASS (self)->publish != NULL)
    KAB_JOB_GET_CLASS (self)->publish (self);

  g_object_freeze_notify (G_OBJECT (self));
  if (before.step != now.step)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STEP]);
  if (fraction_of (&before) != fraction_of (&now))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FRACTION]);
  if (before.state != now.state)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_STATE]);
  g_object_thaw_notify (G_OBJECT (self));

  if (now.state >= KAB_JOB_DONE && !priv->ended)
    {
      priv->ended = TRUE;
      g_signal_emit (self, finished_signal, 0);
    }
}

static gboolean
wake_cb (gpointer user_data)
{
  publish (user_data);
  return G_SOURCE_REMOVE;
}

/* Called with the lock held. */
static void
wake_locked (KabJob *self)
{
  KabJobPrivate *priv = priv_of (self);

  if (priv->wake != NULL)
    return;

  priv->wake = g_idle_source_new ();
  g_source_set_priority (priv->wake, G_PRIORITY_DEFAULT_IDLE);
  g_source_set_callback (priv->wake, wake_cb, g_object_ref (self), g_object_unref);
  g_source_attach (priv->wake, priv->context);
}

static void
kab_job_constructed (GObject *object)
{
  KabJob *self = KAB_JOB (object);

  G_OBJECT_CLASS (kab_job_parent_class)->constructed (object);

  g_assert (KAB_JOB_GET_CLASS (self)->run != NULL);
}

static void
kab_job_finalize (GObject *object)
{
  KabJobPrivate *priv = priv_of (KAB_JOB (object));

  g_clear_pointer (&priv->wake, g_source_unref);
  g_clear_pointer (&priv->context, g_main_context_unref);
  g_clear_object (&priv->cancellable);
  g_clear_pointer (&priv->subject, g_free);
  g_clear_error (&priv->error);
  g_mutex_clear (&priv->lock);

  G_OBJECT_CLASS (kab_job_parent_class)->finalize (object);
}

static void
kab_job_get_property (GObject    *object,
                      guint       id,
                      GValue     *value,
                      GParamSpec *pspec)
{
  KabJob *self = KAB_JOB (object);

  switch (id)
    {
    case PROP_SUBJECT:
      g_value_set_string (value, kab_job_get_subject (self));
      break;
    case PROP_STATE:
      g_value_set_uint (value, kab_job_get_state (self));
      break;
    case PROP_FRACTION:
      g_value_set_double (value, kab_job_get_fraction (self));
      break;
    case PROP_STEP:
      g_value_set_string (value, kab_job_get_step (self));
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kab_job_class_init (KabJobClass *klass)
{
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->constructed = kab_job_constructed;
  object_class->finalize = kab_job_finalize;
  object_class->get_property = kab_job_get_property;

  properties[PROP_SUBJECT] = g_param_spec_string ("subject", NULL, NULL, NULL, flags);
  properties[PROP_STATE] = g_param_spec_uint ("state", NULL, NULL, 0, KAB_JOB_CANCELLED, 0, flags);
  properties[PROP_FRACTION] = g_param_spec_double ("fraction", NULL, NULL, -1.0, 1.0, -1.0, flags);
  properties[PROP_STEP] = g_param_spec_string ("step", NULL, NULL, NULL, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  finished_signal = g_signal_new ("finished", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST,
                                  0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kab_job_init (KabJob *self)
{
  KabJobPrivate *priv = priv_of (self);

  g_mutex_init (&priv->lock);
  priv->context = g_main_context_ref_thread_default ();
  priv->cancellable = g_cancellable_new ();
  priv->facts.step = g_intern_static_string ("");
  priv->published = priv->facts;
}

const char *
kab_job_get_kind (KabJob *self)
{
  g_return_val_if_fail (KAB_IS_JOB (self), NULL);

  if (KAB_JOB_GET_CLASS (self)->get_kind != NULL)
    return KAB_JOB_GET_CLASS (self)->get_kind (self);

  return KAB_JOB_GET_CLASS (self)->kind;
}

const char *
kab_job_get_subject (KabJob *self)
{
  g_return_val_if_fail (KAB_IS_JOB (self), NULL);

  return priv_of (self)->subject;
}

void
kab_job_set_subject (KabJob     *self,
                     const char *subject)
{
  g_return_if_fail (KAB_IS_JOB (self));

  if (kab_set_text (&priv_of (self)->subject, subject))
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SUBJECT]);
}

KabJobState
kab_job_get_state (KabJob *self)
{
  g_return_val_if_fail (KAB_IS_JOB (self), KAB_JOB_FAILED);

  return priv_of (self)->published.state;
}

double
kab_job_get_fraction (KabJob *self)
{
  g_return_val_if_fail (KAB_IS_JOB (self), -1.0);

  return fraction_of (&priv_of (self)->published);
}

guint64
kab_job_get_done (KabJob  *self,
                  guint64 *total)
{
  g_return_val_if_fail (KAB_IS_JOB (self), 0);

  if (total != NULL)
    *total = priv_of (self)->published.total;

  return priv_of (self)->published.done;
}

const char *
kab_job_get_step (KabJob *self)
{
  g_return_val_if_fail (KAB_IS_JOB (self), "");

  return priv_of (self)->published.step;
}

const GError *
kab_job_get_error (KabJob *self)
{
  KabJobPrivate *priv;

  g_return_val_if_fail (KAB_IS_JOB (self), NULL);

  /* Set once, before the state that says so is published. */
  priv = priv_of (self);
  return priv->published.state >= KAB_JOB_DONE ? priv->error : NULL;
}

gint64
kab_job_get_started_at (KabJob *self)
{
  g_return_val_if_fail (KAB_IS_JOB (self), 0);

  return priv_of (self)->published.started_at;
}

gint64
kab_job_get_finished_at (KabJob *self)
{
  g_return_val_if_fail (KAB_IS_JOB (self), 0);

  return priv_of (self)->published.finished_at;
}

void
kab_job_cancel (KabJob *self)
{
  g_return_if_fail (KAB_IS_JOB (self));

  g_cancellable_cancel (priv_of (self)->cancellable);
}

void
kab_job_report (KabJob     *self,
                const char *step,
                guint64     done,
                guint64     total)
{
  KabJobPrivate *priv;

  g_return_if_fail (KAB_IS_JOB (self));
  g_return_if_fail (step != NULL);

  priv = priv_of (self);
  g_mutex_lock (&priv->lock);
  priv->facts.step = g_intern_string (step);
  priv->facts.done = done;
  priv->facts.total = total;
  wake_locked (self);
  g_mutex_unlock (&priv->lock);
}

void
kab_job_wake (KabJob *self)
{
  KabJobPrivate *priv;

  g_return_if_fail (KAB_IS_JOB (self));

  priv = priv_of (self);
  g_mutex_lock (&priv->lock);
  wake_locked (self);
  g_mutex_unlock (&priv->lock);
}

static void
set_state (KabJob      *self,
           KabJobState  state,
           const GError *error)
{
  KabJobPrivate *priv = priv_of (self);

  g_mutex_lock (&priv->lock);
  priv->facts.state = state;
  if (state == KAB_JOB_RUNNING)
    priv->facts.started_at = g_get_real_time () / G_USEC_PER_SEC;
  else
    priv->facts.finished_at = g_get_real_time () / G_USEC_PER_SEC;
  if (error != NULL)
    priv->error = g_error_copy (error);
  wake_locked (self);
  g_mutex_unlock (&priv->lock);
}

static void
cancelled_cb (GCancellable *outer,
              GCancellable *inner)
{
  g_cancellable_cancel (inner);
}

gboolean
kab_job_execute (KabJob        *self,
                 GCancellable  *cancellable,
                 GError       **error)
{
  KabJobPrivate *priv = priv_of (self);
  g_autoptr(GError) local_error = NULL;
  gulong handler = 0;
  gboolean done;

  g_assert (KAB_IS_JOB (self));
  g_assert (priv->facts.state == KAB_JOB_WAITING);

  if (cancellable != NULL)
    handler = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb),
                                     g_object_ref (priv->cancellable), g_object_unref);

  done = !g_cancellable_set_error_if_cancelled (priv->cancellable, &local_error);
  if (done)
    {
      set_state (self, KAB_JOB_RUNNING, NULL);
      done = KAB_JOB_GET_CLASS (self)->run (self, priv->cancellable, &local_error);
      g_assert (done == (local_error == NULL));
    }

  if (handler != 0)
    g_cancellable_disconnect (cancellable, handler);

  if (done)
    set_state (self, KAB_JOB_DONE, NULL);
  else if (g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    set_state (self, KAB_JOB_CANCELLED, local_error);
  else
    set_state (self, KAB_JOB_FAILED, local_error);

  if (!done)
    g_debug ("%s: %s", kab_job_get_kind (self), local_error->message);
  if (!done)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return done;
}

gboolean
kab_job_run (KabJob        *self,
             GCancellable  *cancellable,
             GError       **error)
{
  KabJobPrivate *priv;
  GSource *wake;
  gboolean done;

  g_return_val_if_fail (KAB_IS_JOB (self), FALSE);

  done = kab_job_execute (self, cancellable, error);

  /* Nobody iterates the loop for us: show the end now, and not a second time later. */
  priv = priv_of (self);
  g_mutex_lock (&priv->lock);
  wake = g_steal_pointer (&priv->wake);
  g_mutex_unlock (&priv->lock);

  g_object_ref (self);
  if (wake != NULL)
    g_source_destroy (wake);
  g_clear_pointer (&wake, g_source_unref);
  publish (self);
  g_object_unref (self);

  return done;
}
