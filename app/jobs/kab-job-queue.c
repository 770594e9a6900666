/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-job-queue.h"

#include <sys/resource.h>

#include "kab-job-private.h"

struct _KabJobQueue
{
  GObject      parent_instance;

  GPtrArray   *jobs;       /* oldest first; shown the other way round */
  GThreadPool *pool;
  guint        active;
};

static void list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KabJobQueue, kab_job_queue, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

enum {
  PROP_0,
  PROP_ACTIVE,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GType
get_item_type (GListModel *model)
{
  return KAB_TYPE_JOB;
}

static guint
get_n_items (GListModel *model)
{
  return KAB_JOB_QUEUE (model)->jobs->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  GPtrArray *jobs = KAB_JOB_QUEUE (model)->jobs;

  return position < jobs->len ? g_object_ref (jobs->pdata[jobs->len - 1 - position]) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

/* With Linux a niceness belongs to a thread, and who is started by a thread inherits it. */
void
kab_job_yield_to_interface (void)
{
  const int niceness = 5;

  if (getpriority (PRIO_PROCESS, 0) < niceness)
    setpriority (PRIO_PROCESS, 0, niceness);
}

static void
run_in_thread (gpointer data,
               gpointer user_data)
{
  g_autoptr(KabJob) job = data;

  kab_job_yield_to_interface ();
  kab_job_execute (job, NULL, NULL);
}

static gboolean
has_ended (KabJob *job)
{
  return kab_job_get_state (job) >= KAB_JOB_DONE;
}

/* The history keeps the newest; what still runs is never dropped. */
static void
drop_old (KabJobQueue *self)
{
  for (guint i = 0; i < self->jobs->len && self->jobs->len - self->active > KAB_JOB_QUEUE_HISTORY;)
    {
      if (!has_ended (self->jobs->pdata[i]))
        {
          i++;
          continue;
        }
      g_ptr_array_remove_index (self->jobs, i);
      g_list_model_items_changed (G_LIST_MODEL (self), self->jobs->len - i, 1, 0);
    }
}

static void
finished_cb (KabJob      *job,
             KabJobQueue *self)
{
  g_assert (self->active > 0);

  self->active--;
  drop_old (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);
}

static void
kab_job_queue_dispose (GObject *object)
{
  KabJobQueue *self = KAB_JOB_QUEUE (object);

  if (self->pool != NULL)
    kab_job_queue_cancel_all (self);
  if (self->pool != NULL)
    g_thread_pool_free (g_steal_pointer (&self->pool), FALSE, TRUE);

  G_OBJECT_CLASS (kab_job_queue_parent_class)->dispose (object);
}

static void
kab_job_queue_finalize (GObject *object)
{
  g_clear_pointer (&KAB_JOB_QUEUE (object)->jobs, g_ptr_array_unref);

  G_OBJECT_CLASS (kab_job_queue_parent_class)->finalize (object);
}

static void
kab_job_queue_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  if (id == PROP_ACTIVE)
    g_value_set_uint (value, KAB_JOB_QUEUE (object)->active);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kab_job_queue_class_init (KabJobQueueClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = kab_job_queue_dispose;
  object_class->finalize = kab_job_queue_finalize;
  object_class->get_property = kab_job_queue_get_property;

  properties[PROP_ACTIVE] = g_param_spec_uint ("active", NULL, NULL, 0, G_MAXUINT, 0,
                                               G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kab_job_queue_init (KabJobQueue *self)
{
  self->jobs = g_ptr_array_new_with_free_func (g_object_unref);
}

KabJobQueue *
kab_job_queue_new (guint n_threads)
{
  KabJobQueue *self = g_object_new (KAB_TYPE_JOB_QUEUE, NULL);

  self->pool = g_thread_pool_new (run_in_thread, NULL, (int) MAX (n_threads, 1), FALSE, NULL);

  return self;
}

void
kab_job_queue_add (KabJobQueue *self,
                   KabJob      *job)
{
  g_return_if_fail (KAB_IS_JOB_QUEUE (self));
  g_return_if_fail (KAB_IS_JOB (job));
  g_return_if_fail (kab_job_get_state (job) == KAB_JOB_WAITING);

  g_ptr_array_add (self->jobs, g_object_ref (job));
  self->active++;
  g_signal_connect_object (job, "finished", G_CALLBACK (finished_cb), self, 0);
  g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, 1);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ACTIVE]);

  g_thread_pool_push (self->pool, g_object_ref (job), NULL);
}

guint
kab_job_queue_get_active (KabJobQueue *self)
{
  g_return_val_if_fail (KAB_IS_JOB_QUEUE (self), 0);

  return self->active;
}

void
kab_job_queue_cancel_all (KabJobQueue *self)
{
  int n_threads;

  g_return_if_fail (KAB_IS_JOB_QUEUE (self));

  for (guint i = 0; i < self->jobs->len; i++)
    kab_job_cancel (self->jobs->pdata[i]);

  /* Those that wait see at once that they are cancelled. The pool is the only place that can wait for the others. */
  n_threads = g_thread_pool_get_max_threads (self->pool);
  g_thread_pool_free (self->pool, FALSE, TRUE);
  self->pool = g_thread_pool_new (run_in_thread, NULL, n_threads, FALSE, NULL);
}
