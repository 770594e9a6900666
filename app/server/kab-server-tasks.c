/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-server-private.h"
#include "kab-wire.h"

#define DEFAULT_HOLD_S   10
#define DEFAULT_WAIT_S   5

/* What a request with actions did (wapt-server-api § 5.4). */
typedef struct {
  guint n_launched;   /* only those whose notify_server is true */
  guint n_skipped;
} Relayed;

static void
relay (KabServerRequest *self,
       const char       *uuid,
       JsonObject       *action,
       Relayed          *relayed)
{
  if (self->server->agents == NULL || !kab_server_agents_relay (self->server->agents, uuid, action))
    return;      /* not connected: counted nowhere */
  if (kab_json_get_tristate (action, "notify_server") == KAB_TRISTATE_TRUE)
    relayed->n_launched++;
}

static void
relay_to_units (KabServerRequest *self,
                JsonObject       *action,
                JsonNode         *units,
                Relayed          *relayed)
{
  gboolean has_children = kab_json_get_tristate (action, "include_childs_ou") != KAB_TRISTATE_FALSE;
  g_autofree char *list = json_to_string (units, FALSE);
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GPtrArray) uuids = g_ptr_array_new_with_free_func (g_free);

  stmt = kab_database_prepare (self->server->depot->database,
    "SELECT h.uuid FROM hosts h WHERE EXISTS (SELECT 1 FROM json_each (?1) w WHERE"
    " lower (h.computer_ad_ou) = lower (w.value) OR (?2 AND"
    " substr (lower (h.computer_ad_ou), - length (w.value) - 1) = ',' || lower (w.value)))", NULL);
  if (stmt == NULL)
    return;
  kab_statement_bind_text (stmt, 1, list);
  kab_statement_bind_int64 (stmt, 2, has_children);
  while (kab_statement_step (stmt, NULL))
    g_ptr_array_add (uuids, g_strdup (kab_statement_get_text (stmt, 0)));
  for (guint i = 0; i < uuids->len; i++)
    relay (self, uuids->pdata[i], action, relayed);
}

static void
relay_action (KabServerRequest *self,
              JsonObject       *action,
              Relayed          *relayed)
{
  JsonNode *units = json_object_get_member (action, "organizational_units");
  const char *uuid = kab_json_get_text (action, "uuid");
  g_auto(GStrv) uuids = uuid == NULL ? kab_json_dup_strv (action, "uuids") : NULL;

  if (uuid != NULL)
    relay (self, uuid, action, relayed);
  for (guint i = 0; uuids != NULL && uuids[i] != NULL; i++)
    relay (self, uuids[i], action, relayed);
  if (uuid == NULL && uuids == NULL && units != NULL && JSON_NODE_HOLDS_ARRAY (units))
    relay_to_units (self, action, units, relayed);
}

static gboolean
is_signed (JsonNode *node)
{
  const char *signature = JSON_NODE_HOLDS_OBJECT (node) ? kab_json_get_text (json_node_get_object (node), "signature")
                                                        : NULL;

  return signature != NULL && *signature != '\0';
}

/* The form of every signature is looked at before anything is relayed; agents verify. */
void
kab_server_trigger_action (KabServerRequest *self)
{
  g_autoptr(JsonNode) node = kab_server_request_read_json (self);
  g_autoptr(JsonArray) actions = NULL;
  g_autofree char *msg = NULL;
  Relayed relayed = { 0 };

  if (node == NULL)
    return;
  if (JSON_NODE_HOLDS_ARRAY (node))
    actions = json_array_ref (json_node_get_array (node));
  else
    {
      actions = json_array_new ();
      json_array_add_element (actions, json_node_copy (node));
    }
  if (json_array_get_length (actions) > KAB_SERVER_MAX_ACTIONS)
    {
      kab_server_reply_exception (self, 200, "EWaptException", "Too many actions in one request");
      return;
    }
  for (guint i = 0; i < json_array_get_length (actions); i++)
    if (!is_signed (json_array_get_element (actions, i)))
      {
        kab_server_reply_exception (self, 200, "EWaptBadSignature", "Action is not signed, not relayed");
        return;
      }
  for (guint i = 0; i < json_array_get_length (actions); i++)
    relay_action (self, json_node_get_object (json_array_get_element (actions, i)), &relayed);

  msg = g_strdup_printf ("%u actions launched, 0 errors, %u skipped, 0 server errors",
                         relayed.n_launched, relayed.n_skipped);
  kab_server_reply (self, msg, g_string_new ("[]"), FALSE);
}

/* A call of host_tasks_status that waits until its host has news, its time is over, or its client is gone. */
typedef struct {
  KabServer         *server;      /* borrowed: releases us before it ends */
  SoupServerMessage *message;
  char              *uuid;
  char              *user;
  char              *rights;
  gint64             auth_usec;
  gint64             event_id;
  gint64             started_usec;
  guint              timeout;
} Held;

static void
held_unhook (Held *self)
{
  g_signal_handlers_disconnect_by_data (self->message, self);
  if (self->timeout != 0)
    g_source_remove (self->timeout);
  self->timeout = 0;
}

void
kab_server_held_free (gpointer held)
{
  Held *self = held;

  held_unhook (self);
  g_object_unref (self->message);
  g_free (self->uuid);
  g_free (self->user);
  g_free (self->rights);
  g_free (self);
}

static void
reply_tasks (KabServerRequest *self,
             const char       *uuid,
             gint64            last_event_id)
{
  KabServerAgents *agents = self->server->agents;
  g_autoptr(JsonNode) tasks = kab_server_agents_tasks (agents, uuid, last_event_id);
  g_autofree char *msg = g_strdup_printf ("Tasks status retrieved properly from host %s", uuid);
  GString *result = g_string_new (NULL);

  if (tasks != NULL)
    kab_server_json_append_node (result, tasks);
  else
    g_string_append_printf (result, "{\"last_event_id\": %" G_GINT64_FORMAT "}",
                            kab_server_agents_get_event_id (agents, uuid));
  kab_server_reply (self, msg, result, TRUE);
}

/* Answers and forgets @self. */
static void
held_answer (Held *self)
{
  KabServerRequest request = { self->server, self->message, KAB_PATH_HOST_TASKS_STATUS, NULL, self->started_usec,
                               self->user, self->rights, self->auth_usec, TRUE };

  held_unhook (self);
  reply_tasks (&request, self->uuid, self->event_id);
  soup_server_message_unpause (self->message);
  g_ptr_array_remove (self->server->held, self);
}

static gboolean
held_timeout_cb (gpointer user_data)
{
  Held *self = user_data;

  self->timeout = 0;
  held_answer (self);
  return G_SOURCE_REMOVE;
}

static void
held_gone_cb (SoupServerMessage *message,
              gpointer           user_data)
{
  Held *self = user_data;

  g_ptr_array_remove (self->server->held, self);
}

static void
hold (KabServerRequest *self,
      const char       *uuid,
      gint64            event_id,
      gint64            timeout_s)
{
  Held *held = g_new0 (Held, 1);

  held->server = self->server;
  held->message = g_object_ref (self->message);
  held->uuid = g_strdup (uuid);
  held->user = g_strdup (self->user);
  held->rights = g_strdup (self->rights);
  held->auth_usec = self->auth_usec;
  held->event_id = event_id;
  held->started_usec = self->started_usec;
  held->timeout = g_timeout_add_seconds ((guint) timeout_s, held_timeout_cb, held);
  g_signal_connect (self->message, "finished", G_CALLBACK (held_gone_cb), held);
  g_ptr_array_add (self->server->held, held);
  soup_server_message_pause (self->message);
}

void
kab_server_tasks_notify (const char *uuid,
                         gpointer    user_data)
{
  KabServer *self = user_data;

  for (guint i = self->held->len; i > 0; i--)
    if (i <= self->held->len && strcmp (((Held *) self->held->pdata[i - 1])->uuid, uuid) == 0)
      held_answer (self->held->pdata[i - 1]);
}

void
kab_server_tasks_release (KabServer *self)
{
  while (self->held->len > 0)
    held_answer (self->held->pdata[self->held->len - 1]);
}

/* Returns: %FALSE when there is nobody to ask, which was answered */
static gboolean
check_connected (KabServerRequest *self,
                 const char       *uuid)
{
  if (uuid == NULL)
    kab_server_reply_exception (self, 200, "EWaptMissingParameter", "Parameter uuid is missing");
  else if (self->server->agents == NULL || !kab_server_agents_is_connected (self->server->agents, uuid))
    kab_server_reply_exception (self, 200, "EWaptHostUnreachable",
                                "Host not connected, Websocket sid not in database");
  else
    return TRUE;
  return FALSE;
}

/* The wait is the agent's: it holds the call for `timeout`; the server gives up after `client_tasks_timeout`. */
void
kab_server_tasks_status (KabServerRequest *self)
{
  const char *uuid = kab_server_request_get (self, "uuid");
  gint64 event_id = kab_server_request_get_int (self, "last_event_id", -1);
  gint64 timeout_s = kab_server_request_get_int (self, "timeout", DEFAULT_HOLD_S);
  g_autoptr(JsonNode) tasks = NULL;

  if (!check_connected (self, uuid))
    return;
  tasks = kab_server_agents_tasks (self->server->agents, uuid, event_id);
  if (event_id < 0 || tasks != NULL || timeout_s <= 0)
    reply_tasks (self, uuid, event_id);
  else
    hold (self, uuid, event_id, MIN (timeout_s, KAB_SERVER_MAX_HOLD_S));
}

/* Agents of that line have no handler for the event, so that a connected host ends in a time-out (§ 6.2). */
void
kab_server_cancel_task (KabServerRequest *self)
{
  const char *uuid = kab_server_request_get (self, "uuid");
  gint64 timeout_s = kab_server_request_get_int (self, "timeout", DEFAULT_WAIT_S);
  g_autoptr(KabDepotHost) host = NULL;
  gboolean is_connected;
  GString *json;

  if (uuid == NULL)
    {
      kab_server_reply_exception (self, 200, "EWaptMissingParameter", "Parameter uuid is missing");
      return;
    }
  host = kab_depot_get_host (self->server->depot, uuid, NULL);
  is_connected = self->server->agents != NULL && kab_server_agents_is_connected (self->server->agents, uuid);

  json = g_string_new (NULL);
  kab_server_append_head (json, FALSE, "Task cancellation: no host has answered");
  g_string_append (json, ", \"error_code\": \"\", \"result\": {\"success\": [], \"errors\": [{\"uuid\": ");
  kab_server_json_append_text (json, uuid);
  if (is_connected)
    g_string_append_printf (json, ", \"msg\": \"Timeout, client did not send result within %d.0 s\"",
                            (int) CLAMP (timeout_s, 0, KAB_SERVER_MAX_HOLD_S));
  else
    g_string_append (json, ", \"msg\": \"Host not connected, Websocket sid not in database\"");
  kab_server_json_append_member (json, "computer_fqdn", host != NULL ? host->computer_fqdn : NULL);
  g_string_append (json, "}]}");
  kab_server_append_time (self, json, TRUE);
  kab_server_reply_json (self, 200, json);
}
