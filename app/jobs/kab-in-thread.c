/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-in-thread.h"

typedef struct {
  KabInThreadFunc func;
  gpointer        data;
  GDestroyNotify  data_free;
  GDestroyNotify  result_free;
} Call;

static void
call_free (gpointer data)
{
  Call *call = data;

  if (call->data_free != NULL)
    call->data_free (call->data);
  g_free (call);
}

static void
run_in_thread (GTask        *task,
               gpointer      source_object,
               gpointer      task_data,
               GCancellable *cancellable)
{
  const Call *call = task_data;
  GError *error = NULL;
  gpointer result = call->func (source_object, call->data, cancellable, &error);

  if (error == NULL)
    g_task_return_pointer (task, result, call->result_free);
  else
    g_task_return_error (task, error);
}

void
kab_in_thread_run (gpointer             source,
                   KabInThreadFunc      func,
                   gpointer             data,
                   GDestroyNotify       data_free,
                   GDestroyNotify       result_free,
                   GCancellable        *cancellable,
                   GAsyncReadyCallback  callback,
                   gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (source, cancellable, callback, user_data);
  Call *call = g_new (Call, 1);

  *call = (Call) { func, data, data_free, result_free };
  g_task_set_source_tag (task, func);
  g_task_set_task_data (task, call, call_free);
  g_task_run_in_thread (task, run_in_thread);
}

gpointer
kab_in_thread_finish (gpointer       source,
                      GAsyncResult  *result,
                      GError       **error)
{
  g_return_val_if_fail (g_task_is_valid (result, source), NULL);

  return g_task_propagate_pointer (G_TASK (result), error);
}
