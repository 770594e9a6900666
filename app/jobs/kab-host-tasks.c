/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-host-tasks.h"

#include "kab-client.h"

GPtrArray *
kab_host_tasks_read (KabSignIn     *sign_in,
                     const char    *uuid,
                     GCancellable  *cancellable,
                     GError       **error)
{
  g_autoptr(KabClient) client = NULL;
  g_autoptr(GError) local_error = NULL;
  GPtrArray *tasks = NULL;
  gint64 event_id = -1;

  g_return_val_if_fail (KAB_IS_SIGN_IN (sign_in), NULL);
  g_return_val_if_fail (uuid != NULL, NULL);

  client = kab_sign_in_reuse (sign_in, cancellable, error);
  if (client == NULL)
    return NULL;

  tasks = kab_client_read_tasks (client, uuid, 1, &event_id, cancellable, &local_error);
  if (tasks == NULL && local_error == NULL)
    return g_ptr_array_new_with_free_func (g_object_unref);
  if (tasks == NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));

  return tasks;
}
