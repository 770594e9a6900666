/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-client"

#include "config.h"

#include "kab-client.h"

#include <string.h>

#include "kab-client-private.h"
#include "kab-error.h"
#include "kab-wire-paths.h"
#include "kab-wire.h"

#define N_COUNTS 4
#define TRIGGER_TIMEOUT 300   /* seconds: thousands of hosts in one call */

/*
 * "2 actions launched, 0 errors, 0 skipped, 0 server errors", in whatever language the server speaks: four numbers in
 * that order. Any other number of numbers is not understood.
 */
static void
read_counts (KabTriggerAnswer *answer)
{
  int *counts[N_COUNTS] = { &answer->n_launched, &answer->n_errors, &answer->n_skipped, &answer->n_server_errors };
  gint64 numbers[N_COUNTS];
  guint n = 0;

  for (const char *p = answer->msg; p != NULL && *p != '\0'; )
    {
      char *end;
      guint64 number;

      if (!g_ascii_isdigit (*p))
        {
          p++;
          continue;
        }
      number = g_ascii_strtoull (p, &end, 10);
      if (n == N_COUNTS || number > G_MAXINT)
        {
          n = 0;
          break;
        }
      numbers[n++] = (gint64) number;
      p = end;
    }

  for (guint i = 0; i < N_COUNTS; i++)
    *counts[i] = n == N_COUNTS ? (int) numbers[i] : -1;
}

/**
 * kab_client_trigger:
 *
 * Sends signed actions. The server only passes them on: hosts that are not connected are left out without a word, and what
 * became of the action tells kab_client_read_tasks() or the next report. Never repeated by itself.
 */
gboolean
kab_client_trigger (KabClient         *self,
                    const char        *actions_json,
                    KabTriggerAnswer  *answer,
                    GCancellable      *cancellable,
                    GError           **error)
{
  KabRequest request = { .method = "POST", .path = KAB_PATH_TRIGGER_HOST_ACTION, .content_type = "application/json",
                         .timeout_s = TRIGGER_TIMEOUT };
  g_autoptr(GBytes) body = NULL;
  g_autoptr(JsonNode) result = NULL;

  g_return_val_if_fail (KAB_IS_CLIENT (self) && actions_json != NULL && answer != NULL, FALSE);

  memset (answer, 0, sizeof *answer);
  body = g_bytes_new (actions_json, strlen (actions_json));
  request.body = body;
  result = kab_client_call (self, &request, &answer->msg, cancellable, error);
  if (result == NULL)
    return FALSE;

  if (answer->msg == NULL)
    answer->msg = g_strdup ("");
  read_counts (answer);
  return TRUE;
}

static void
add_tasks (GPtrArray        *tasks,
           JsonObject       *object,
           const char       *name,
           KabHostTaskState  state)
{
  JsonNode *node = kab_json_get_node (object, name);
  JsonArray *array = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;

  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    g_ptr_array_add (tasks, kab_wire_read_task (json_node_get_object (node), state));

  for (guint i = 0; array != NULL && i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);

      if (JSON_NODE_HOLDS_OBJECT (element))
        g_ptr_array_add (tasks, kab_wire_read_task (json_node_get_object (element), state));
    }
}

GPtrArray *
kab_client_read_tasks (KabClient     *self,
                       const char    *uuid,
                       guint          timeout_s,
                       gint64        *last_event_id,
                       GCancellable  *cancellable,
                       GError       **error)
{
  static const struct { const char *name; KabHostTaskState state; } lists[] = {
    { "running", KAB_HOST_TASK_RUNNING }, { "pending", KAB_HOST_TASK_PENDING }, { "done", KAB_HOST_TASK_DONE },
    { "errors", KAB_HOST_TASK_ERROR }, { "cancelled", KAB_HOST_TASK_CANCELLED },
  };
  KabRequest request = { .method = "GET", .path = KAB_PATH_HOST_TASKS_STATUS, .flags = KAB_REQUEST_IDEMPOTENT };
  g_autoptr(JsonNode) result = NULL;
  g_autoptr(GPtrArray) tasks = NULL;
  g_autofree char *timeout = NULL;
  g_autofree char *server_timeout = NULL;
  g_autofree char *event = NULL;
  g_autofree char *query = NULL;
  JsonObject *object;
  gboolean has_news = FALSE;

  g_return_val_if_fail (KAB_IS_CLIENT (self) && uuid != NULL && last_event_id != NULL, NULL);

  /* the agent may hold the call, the server must wait longer than the agent, and we longer than both */
  timeout = g_strdup_printf ("%u", timeout_s);
  server_timeout = g_strdup_printf ("%u", timeout_s + 5);
  event = g_strdup_printf ("%" G_GINT64_FORMAT, *last_event_id);
  query = kab_client_build_query ("uuid", uuid, "timeout", timeout, "client_tasks_timeout", server_timeout,
                                  "last_event_id", event, NULL);
  request.query = query;
  request.timeout_s = timeout_s + 10;

  result = kab_client_call (self, &request, NULL, cancellable, error);
  if (result == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_OBJECT (result))
    {
      if (!JSON_NODE_HOLDS_NULL (result))
        g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "tasks that are no object");
      return NULL;
    }

  object = json_node_get_object (result);
  *last_event_id = kab_json_get_int (object, "last_event_id", *last_event_id);
  tasks = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    {
      has_news |= json_object_has_member (object, lists[i].name);
      add_tasks (tasks, object, lists[i].name, lists[i].state);
    }
  return has_news ? g_steal_pointer (&tasks) : NULL;
}
