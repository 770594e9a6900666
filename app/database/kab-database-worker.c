/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-database"

#include "config.h"

#include "kab-database-worker.h"
#include "kab-database.h"

/* What is in the queue: a GTask whose task data is a Request, or the worker's own pointer, which ends the thread. */
typedef struct
{
  KabDatabaseFunc func;
  gpointer        data;
  GDestroyNotify  data_free;
  GDestroyNotify  result_free;
} Request;

/* What the thread holds, apart from the object, so that the thread does not keep the object alive */
typedef struct
{
  char             *path;
  KabDatabaseFlags  flags;
  GAsyncQueue      *queue;
} Line;

struct _KabDatabaseWorker
{
  GObject      parent_instance;

  GThread     *thread;
  GAsyncQueue *queue;
};

G_DEFINE_FINAL_TYPE (KabDatabaseWorker, kab_database_worker, G_TYPE_OBJECT)

static int end_of_line;    /* its address in the queue ends the thread */

static void
request_free (gpointer data)
{
  Request *request = data;

  if (request->data_free != NULL)
    request->data_free (request->data);
  g_free (request);
}

static void
serve (GTask       *task,
       KabDatabase *database)
{
  GCancellable *cancellable = g_task_get_cancellable (task);
  Request *request = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  gpointer result;

  if (g_task_return_error_if_cancelled (task))
    return;

  kab_database_set_cancellable (database, cancellable);
  result = request->func (database, request->data, cancellable, &error);
  kab_database_set_cancellable (database, NULL);
  kab_database_rollback (database);    /* what a request left open must not block the next */

  if (error != NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else
    g_task_return_pointer (task, result, request->result_free);
}

static gpointer
work_in_thread (gpointer data)
{
  Line *line = data;
  g_autoptr(KabDatabase) database = NULL;

  for (;;)
    {
      gpointer item = g_async_queue_pop (line->queue);
      g_autoptr(GTask) task = NULL;
      g_autoptr(GError) error = NULL;

      if (item == &end_of_line)
        break;
      task = item;

      if (database == NULL)
        database = kab_database_open (line->path, line->flags, &error);
      if (database != NULL)
        serve (task, database);
      else
        g_task_return_error (task, g_steal_pointer (&error));
    }

  g_async_queue_unref (line->queue);
  g_free (line->path);
  g_free (line);
  return NULL;
}

static void
kab_database_worker_finalize (GObject *object)
{
  KabDatabaseWorker *self = KAB_DATABASE_WORKER (object);

  /* Every request holds a reference, so the queue is empty and the thread ends at once. The last reference may be
   * dropped by the thread itself, which cannot wait for itself. */
  g_async_queue_push (self->queue, &end_of_line);
  if (self->thread == g_thread_self ())
    g_thread_unref (self->thread);
  else
    g_thread_join (self->thread);
  g_async_queue_unref (self->queue);

  G_OBJECT_CLASS (kab_database_worker_parent_class)->finalize (object);
}

static void
kab_database_worker_class_init (KabDatabaseWorkerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_database_worker_finalize;
}

static void
kab_database_worker_init (KabDatabaseWorker *self)
{
  self->queue = g_async_queue_new ();
}

KabDatabaseWorker *
kab_database_worker_new (const char *path,
                         guint       flags)
{
  KabDatabaseWorker *self;
  Line *line;

  g_return_val_if_fail (path != NULL, NULL);

  self = g_object_new (KAB_TYPE_DATABASE_WORKER, NULL);
  line = g_new0 (Line, 1);
  line->path = g_strdup (path);
  line->flags = flags;
  line->queue = g_async_queue_ref (self->queue);
  self->thread = g_thread_new ("kab-database", work_in_thread, line);
  return self;
}

void
kab_database_worker_run_async (KabDatabaseWorker   *self,
                               KabDatabaseFunc      func,
                               gpointer             data,
                               GDestroyNotify       data_free,
                               GDestroyNotify       result_free,
                               GCancellable        *cancellable,
                               GAsyncReadyCallback  callback,
                               gpointer             user_data)
{
  GTask *task;
  Request *request;

  g_return_if_fail (KAB_IS_DATABASE_WORKER (self));
  g_return_if_fail (func != NULL);

  request = g_new0 (Request, 1);
  request->func = func;
  request->data = data;
  request->data_free = data_free;
  request->result_free = result_free;

  task = g_task_new (self, cancellable, callback, user_data);
  g_task_set_source_tag (task, kab_database_worker_run_async);
  g_task_set_task_data (task, request, request_free);
  g_async_queue_push (self->queue, task);
}

gpointer
kab_database_worker_run_finish (KabDatabaseWorker  *self,
                                GAsyncResult       *result,
                                GError            **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
