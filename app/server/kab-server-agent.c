/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-agent.h"

#define MAX_FINISHED 20     /* tasks that an agent remembers */

KabServerAgent *
kab_server_agent_new (const char *uuid)
{
  KabServerAgent *self = g_new0 (KabServerAgent, 1);

  self->uuid = g_strdup (uuid);
  return self;
}

void
kab_server_agent_free (KabServerAgent *self)
{
  g_queue_clear_full (&self->inbox, (GDestroyNotify) json_object_unref);
  g_queue_clear_full (&self->waiting, (GDestroyNotify) kab_agent_task_free);
  g_queue_clear_full (&self->finished, (GDestroyNotify) kab_agent_task_free);
  kab_agent_task_free (self->running);
  g_free (self->uuid);
  g_free (self);
}

void
kab_server_agent_take_finished (KabServerAgent *self,
                                KabAgentTask   *task)
{
  g_queue_push_tail (&self->finished, task);
  if (g_queue_get_length (&self->finished) > MAX_FINISHED)
    kab_agent_task_free (g_queue_pop_head (&self->finished));
}

JsonNode *
kab_server_agent_tasks_to_json (KabServerAgent *self)
{
  static const char * const lists[] = { "pending", NULL, "done", "errors", "cancelled" };
  JsonNode *node;
  JsonObject *result;
  JsonArray *arrays[G_N_ELEMENTS (lists)] = { NULL };

  result = json_object_new ();
  if (self != NULL && self->running != NULL)
    json_object_set_member (result, "running", kab_agent_task_to_json (self->running));
  else
    json_object_set_null_member (result, "running");
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    if (lists[i] != NULL)
      json_object_set_array_member (result, lists[i], arrays[i] = json_array_new ());
  for (GList *l = self != NULL ? self->waiting.head : NULL; l != NULL; l = l->next)
    json_array_add_element (arrays[KAB_AGENT_TASK_PENDING], kab_agent_task_to_json (l->data));
  for (GList *l = self != NULL ? self->finished.head : NULL; l != NULL; l = l->next)
    json_array_add_element (arrays[((KabAgentTask *) l->data)->state], kab_agent_task_to_json (l->data));
  json_object_set_int_member (result, "last_task_id", self != NULL ? self->last_task_id : 0);
  json_object_set_int_member (result, "last_event_id", self != NULL ? self->last_event_id : 0);
  node = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (node, result);
  return node;
}
