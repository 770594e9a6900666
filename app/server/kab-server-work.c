/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-private.h"

/* A request that waits for its thread. */
typedef struct {
  KabServerRequest   request;        /* a copy that owns what it points at, but for the server */
  char              *database_path;
  KabServerWorkFunc  work;
  KabServerDoneFunc  done;
  gpointer           data;           /* NULL once @done took it */
  GDestroyNotify     data_free;
  gulong             finished;       /* 0: the client is gone, or the server is */
} Work;

static void
work_free (gpointer user_data)
{
  Work *self = user_data;

  if (self->finished != 0)
    g_signal_handler_disconnect (self->request.message, self->finished);
  g_clear_pointer (&self->data, self->data_free);
  g_clear_object (&self->request.message);
  g_free ((char *) self->request.path);
  g_clear_pointer (&self->request.query, g_hash_table_unref);
  g_free (self->request.user);
  g_free (self->request.rights);
  g_free (self->database_path);
  g_free (self);
}

static void
finished_cb (SoupServerMessage *message,
             gpointer           user_data)
{
  Work *self = user_data;

  g_signal_handler_disconnect (message, self->finished);
  self->finished = 0;
}

static void
work_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  Work *self = task_data;
  g_autoptr(KabDatabase) database = NULL;
  GError *error = NULL;

  database = kab_database_open (self->database_path, KAB_DATABASE_READ_ONLY, &error);
  if (database != NULL && self->work (&self->request, &database, self->data, &error))
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, error);
}

static void
worked_cb (GObject      *source_object,
           GAsyncResult *result,
           gpointer      user_data)
{
  Work *self = g_task_get_task_data (G_TASK (result));
  g_autoptr(GError) error = NULL;

  g_task_propagate_boolean (G_TASK (result), &error);
  if (self->finished != 0)
    {
      g_clear_signal_handler (&self->finished, self->request.message);
      soup_server_message_unpause (self->request.message);
      self->done (&self->request, g_steal_pointer (&self->data), error);
    }

  /* The other thread may be the last to let go of the task: what only this one may touch goes now. */
  g_clear_pointer (&self->data, self->data_free);
  g_clear_object (&self->request.message);
}

void
kab_server_work (KabServerRequest   *self,
                 KabServerWorkFunc   work,
                 KabServerDoneFunc   done,
                 gpointer            data,
                 GDestroyNotify      data_free)
{
  Work *waiting = g_new0 (Work, 1);
  g_autoptr(GTask) task = g_task_new (NULL, NULL, worked_cb, NULL);

  waiting->request = *self;
  waiting->request.message = g_object_ref (self->message);
  waiting->request.path = g_strdup (self->path);
  waiting->request.query = self->query != NULL ? g_hash_table_ref (self->query) : NULL;
  waiting->request.user = g_strdup (self->user);
  waiting->request.rights = g_strdup (self->rights);
  waiting->database_path = g_strdup (self->server->depot->database_path);
  waiting->work = work;
  waiting->done = done;
  waiting->data = data;
  waiting->data_free = data_free;
  waiting->finished = g_signal_connect (self->message, "finished", G_CALLBACK (finished_cb), waiting);
  soup_server_message_pause (self->message);

  g_task_set_source_tag (task, kab_server_work);
  g_task_set_task_data (task, waiting, work_free);
  g_task_run_in_thread (task, work_in_thread);
}
