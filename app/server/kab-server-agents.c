/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-agents.h"

#include "kab-action-signature.h"
#include "kab-server-agent.h"
#include "kab-server-agents-busy.h"
#include "kab-server-agents-queue.h"
#include "kab-server-seed-private.h"
#include "kab-wire.h"

#define CLOCK_SKEW_S      (6 * 60 * 60)     /* signature_clockskew of an agent, wapt-server-api § 5.3 */
#define MAX_INBOX         100
#define FETCH_PERIOD_S    (30 * 60)         /* how often the server looks for files that hosts miss, § 11 */
#define RESTART_LEAST_S   (20 * 60)         /* people take their time */
#define RESTART_MOST_S    (4 * 60 * 60)
#define SLICE_EVENTS      64                /* of one turn of the main loop … */
#define SLICE_USEC        (8 * 1000)        /* … and at most so long */

struct _KabServerAgents
{
  KabAgentsWorld       world;
  KabAgentsOptions     options;
  GHashTable          *agents;      /* (element-type utf8 Agent) */
  GArray              *events;      /* (element-type KabAgentEvent): kab-server-agents-queue.h */
  guint64              n_events;
  GMainContext        *context;
  GSource             *timer;
  gboolean             is_fetching;
  gint64               n_updates;   /* of the catalogue as it was read */
  KabAgentsNotifyFunc  notify;
  gpointer             notify_data;
};

static void arm (KabServerAgents *self);

static gint64
get_clock (KabServerAgents *self)
{
  return self->options.clock_usec != NULL ? self->options.clock_usec (self->options.clock_data) : g_get_monotonic_time ();
}

static gint64
scale (KabServerAgents *self,
       double           seconds)
{
  return (gint64) (seconds * G_USEC_PER_SEC / self->options.speed);
}

static void
push_event (KabServerAgents   *self,
            KabAgentEventKind  kind,
            KabServerAgent    *agent,
            gint64             task_id,
            gint64             delay_usec)
{
  KabAgentEvent event = { get_clock (self) + delay_usec, self->n_events++, kind, agent, task_id };

  if (kab_agents_queue_push (self->events, &event))
    arm (self);
}

static gboolean
timer_cb (gpointer user_data)
{
  KabServerAgents *self = user_data;

  kab_server_agents_run_due (self);
  return G_SOURCE_REMOVE;
}

/* One timer for all: for the soonest event. */
static void
arm (KabServerAgents *self)
{
  gint64 wait;

  if (self->options.clock_usec != NULL)
    return;
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  if (self->events->len == 0)
    return;

  wait = MAX (0, g_array_index (self->events, KabAgentEvent, 0).due - get_clock (self));
  self->timer = g_timeout_source_new ((guint) MIN (wait / 1000 + (wait > 0 ? 1 : 0), G_MAXINT));
  g_source_set_callback (self->timer, timer_cb, self, NULL);
  g_source_attach (self->timer, self->context);
}

static void
told (KabServerAgents *self,
      KabServerAgent  *agent)
{
  agent->last_event_id++;
  if (self->notify != NULL)
    self->notify (agent->uuid, self->notify_data);
}

static void
start_next (KabServerAgents *self,
            KabServerAgent  *agent)
{
  if (agent->running != NULL || g_queue_is_empty (&agent->waiting))
    return;
  agent->running = g_queue_pop_head (&agent->waiting);
  agent->running->state = KAB_AGENT_TASK_RUNNING;
  agent->running->started_at = kab_depot_get_now (self->world.depot);
  if (kab_agent_task_kind_get_status (agent->running->kind) != NULL)
    kab_agents_busy_begin (&self->world, agent->uuid, kab_agent_task_kind_get_status (agent->running->kind));
  push_event (self, KAB_AGENT_EVENT_STEP, agent, agent->running->id, agent->running->step_usec);
  told (self, agent);
}

static void
end_task (KabServerAgents   *self,
          KabServerAgent    *agent,
          KabAgentTask      *task,
          KabAgentTaskState  state)
{
  kab_agents_busy_end (&self->world, agent->uuid);
  task->state = state;
  task->finished_at = kab_depot_get_now (self->world.depot);
  kab_server_agent_take_finished (agent, task);
  told (self, agent);
}

static void
cancel_all (KabServerAgents *self,
            KabServerAgent  *agent)
{
  KabAgentTask *task = g_steal_pointer (&agent->running);
  g_autoptr(GError) error = NULL;

  if (task != NULL)
    {
      if (!kab_agent_task_stop (task, &self->world, agent->uuid, &error))
        g_info ("%s: %s", agent->uuid, error->message);
      end_task (self, agent, task, KAB_AGENT_TASK_CANCELLED);
    }
  while ((task = g_queue_pop_head (&agent->waiting)) != NULL)
    end_task (self, agent, task, KAB_AGENT_TASK_CANCELLED);
}

/* What is refused leaves no task, only a line in the agent's own log, which the server never hears of. */
static void
judge_action (KabServerAgents *self,
              KabServerAgent  *agent,
              JsonObject      *action)
{
  const char *name = kab_json_get_text (action, "action");
  g_autoptr(GError) error = NULL;
  KabAgentTaskKind kind;
  KabAgentTask *task;
  guint64 chance;

  if (!kab_action_verify (action, agent->uuid, self->options.trusted, g_get_real_time () / G_USEC_PER_SEC,
                          CLOCK_SKEW_S, &error))
    {
      g_info ("%s refuses %s: %s", agent->uuid, name != NULL ? name : "an action", error->message);
      return;
    }
  if (g_strcmp0 (name, "trigger_cancel_all_tasks") == 0)
    {
      cancel_all (self, agent);
      return;
    }
  if (!kab_agent_task_kind_from_action (name, &kind))
    {
      g_info ("%s does not know %s", agent->uuid, name != NULL ? name : "an action");
      return;
    }

  agent->last_task_id++;
  chance = self->world.seed ^ ((guint64) g_str_hash (agent->uuid) << 20) ^ (guint64) agent->last_task_id;
  task = kab_agent_task_new (agent->last_task_id, kind, action, chance, self->options.speed,
                             kab_depot_get_now (self->world.depot));
  g_queue_push_tail (&agent->waiting, task);
  told (self, agent);
  start_next (self, agent);
}

static void
ask_server (KabServerAgents *self)
{
  if (self->is_fetching || g_hash_table_size (self->world.asked) == 0)
    return;
  self->is_fetching = TRUE;
  push_event (self, KAB_AGENT_EVENT_FETCH, NULL, 0, scale (self, FETCH_PERIOD_S));
}

static void
step (KabServerAgents *self,
      KabServerAgent  *agent,
      gint64           task_id)
{
  g_autoptr(GError) error = NULL;
  gboolean needs_restart;
  KabAgentTask *task = agent->running;
  gboolean went_well;

  if (task == NULL || task->id != task_id)   /* cancelled meanwhile */
    return;

  went_well = kab_agent_task_advance (task, &self->world, agent->uuid, &needs_restart, &error);
  if (went_well && task->step < task->n_steps)
    {
      push_event (self, KAB_AGENT_EVENT_STEP, agent, task->id, task->step_usec);
      told (self, agent);
      return;
    }

  if (error != NULL)
    g_ptr_array_add (task->logs, g_strdup (error->message));
  agent->running = NULL;
  end_task (self, agent, task, went_well ? KAB_AGENT_TASK_DONE : KAB_AGENT_TASK_FAILED);
  if (needs_restart)
    {
      KabSeedRandom random = { self->world.seed ^ g_str_hash (agent->uuid) ^ (guint64) task_id };

      push_event (self, KAB_AGENT_EVENT_RESTART, agent, 0,
                  scale (self, RESTART_LEAST_S + kab_seed_below (&random, RESTART_MOST_S - RESTART_LEAST_S)));
    }
  ask_server (self);
  start_next (self, agent);
}

static void
restart (KabServerAgents *self,
         KabServerAgent  *agent)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabAgentHost) host = NULL;

  /* Nobody restarts in the middle of an install. */
  if (agent->running != NULL)
    {
      push_event (self, KAB_AGENT_EVENT_RESTART, agent, 0, scale (self, RESTART_LEAST_S));
      return;
    }
  host = kab_agent_host_load (&self->world, agent->uuid, &error);
  if (host != NULL && kab_agent_host_needs_restart (host))
    {
      kab_agent_host_restart (host);
      kab_agent_host_save (host, &error);
    }
  if (error != NULL)
    g_info ("%s: %s", agent->uuid, error->message);
}

/* The server's own round: files that hosts asked for come from Microsoft. */
static void
fetch (KabServerAgents *self)
{
  GHashTableIter iter;
  gpointer key;

  self->is_fetching = FALSE;
  g_hash_table_iter_init (&iter, self->world.asked);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    {
      guint32 number = GPOINTER_TO_UINT (key);
      KabUpdate *update = kab_agents_catalogue_get (self->world.catalogue, number);
      const KabUpdateFields *fields = update != NULL ? kab_update_get_fields (update) : NULL;
      g_autoptr(GError) error = NULL;
      gboolean done = fields != NULL;

      for (guint i = 0; done && fields->download_urls != NULL && fields->download_urls[i] != NULL; i++)
        {
          g_autofree char *name = kab_download_url_dup_name (fields->download_urls[i]);

          done = name != NULL && kab_depot_put_file (self->world.depot, name, MAX (fields->min_download_size, 1000000), &error);
        }
      if (done && !self->world.is_writing)
        done = self->world.is_writing = kab_depot_begin (self->world.depot, &error);
      if (done && kab_depot_set_downloaded (self->world.depot, number, kab_depot_get_now (self->world.depot), &error))
        kab_agents_catalogue_set_on_server (self->world.catalogue, number);
      if (error != NULL)
        g_info ("update %u: %s", number, error->message);
    }
  g_hash_table_remove_all (self->world.asked);
}

static void
handle (KabServerAgents     *self,
        const KabAgentEvent *event)
{
  switch (event->kind)
    {
    case KAB_AGENT_EVENT_INBOX:
      {
        g_autoptr(JsonObject) action = g_queue_pop_head (&event->agent->inbox);

        if (action != NULL)
          judge_action (self, event->agent, action);
        break;
      }
    case KAB_AGENT_EVENT_STEP:
      step (self, event->agent, event->task_id);
      break;
    case KAB_AGENT_EVENT_RESTART:
      restart (self, event->agent);
      break;
    case KAB_AGENT_EVENT_FETCH:
      fetch (self);
      break;
    default:
      g_assert_not_reached ();
    }
}

/* Another process may have brought updates that hosts already speak of. */
static void
refresh_catalogue (KabServerAgents *self)
{
  gint64 n_updates = kab_depot_count_updates (self->world.depot);
  g_autoptr(GError) error = NULL;
  KabAgentsCatalogue *fresh;

  if (n_updates == self->n_updates)
    return;
  fresh = kab_agents_catalogue_new (self->world.depot, &error);
  if (fresh == NULL)
    {
      g_warning ("agents: %s", error->message);
      return;
    }
  g_clear_pointer (&self->world.catalogue, kab_agents_catalogue_free);
  self->world.catalogue = fresh;
  self->n_updates = n_updates;
}

static void
commit (KabServerAgents *self)
{
  g_autoptr(GError) error = NULL;

  kab_agents_busy_write (&self->world);
  if (self->world.is_writing && !kab_depot_commit (self->world.depot, &error))
    g_warning ("agents: %s", error->message);
  self->world.is_writing = FALSE;
}

gint64
kab_server_agents_run_due (KabServerAgents *self)
{
  gint64 start = g_get_monotonic_time ();

  g_return_val_if_fail (self != NULL, -1);

  refresh_catalogue (self);
  for (guint n = 0; n < SLICE_EVENTS && self->events->len > 0 && g_get_monotonic_time () - start < SLICE_USEC; n++)
    {
      KabAgentEvent event;

      if (g_array_index (self->events, KabAgentEvent, 0).due > get_clock (self))
        break;
      event = kab_agents_queue_pop (self->events);
      handle (self, &event);
    }

  /* What one slice changed is one transaction: ten thousand scans are a few hundred. */
  commit (self);
  arm (self);
  return self->events->len == 0 ? -1 : MAX (0, g_array_index (self->events, KabAgentEvent, 0).due - get_clock (self));
}

KabServerAgents *
kab_server_agents_new (KabDepot               *depot,
                       const KabAgentsOptions *options)
{
  KabServerAgents *self;

  g_return_val_if_fail (depot != NULL, NULL);
  g_return_val_if_fail (options != NULL && options->trusted != NULL && options->speed > 0, NULL);

  self = g_new0 (KabServerAgents, 1);
  self->options = *options;
  g_ptr_array_ref (options->trusted);
  self->world.depot = depot;
  self->world.seed = options->seed;
  self->world.asked = g_hash_table_new (NULL, NULL);
  self->world.repository = kab_agents_repository_new (depot, options->trusted);
  self->n_updates = -1;
  refresh_catalogue (self);
  self->world.busy = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  kab_agents_busy_recover (&self->world);
  commit (self);
  self->agents = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) kab_server_agent_free);
  self->events = g_array_new (FALSE, FALSE, sizeof (KabAgentEvent));
  self->context = g_main_context_ref_thread_default ();
  return self;
}

void
kab_server_agents_free (KabServerAgents *self)
{
  if (self == NULL)
    return;
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  g_main_context_unref (self->context);
  g_array_unref (self->events);
  if (self->world.catalogue != NULL)
    {
      kab_agents_busy_recover (&self->world);   /* their tasks end with us */
      commit (self);
    }
  g_hash_table_unref (self->agents);
  g_hash_table_unref (self->world.busy);
  kab_agents_catalogue_free (self->world.catalogue);
  kab_agents_repository_free (self->world.repository);
  g_hash_table_unref (self->world.asked);
  g_ptr_array_unref (self->options.trusted);
  g_free (self);
}

gboolean
kab_server_agents_is_connected (KabServerAgents *self,
                                const char      *uuid)
{
  g_autoptr(KabDepotHost) host = NULL;

  g_return_val_if_fail (self != NULL && uuid != NULL, FALSE);

  host = kab_depot_get_host (self->world.depot, uuid, NULL);
  return host != NULL && g_strcmp0 (host->listening_protocol, "websockets") == 0 &&
         g_strcmp0 (host->reachable, "OK") == 0;
}

gboolean
kab_server_agents_relay (KabServerAgents *self,
                         const char      *uuid,
                         JsonObject      *action)
{
  KabSeedRandom random;
  KabServerAgent *agent;

  g_return_val_if_fail (self != NULL && uuid != NULL && action != NULL, FALSE);

  if (self->world.catalogue == NULL || !kab_server_agents_is_connected (self, uuid))
    return FALSE;
  agent = g_hash_table_lookup (self->agents, uuid);
  if (agent == NULL)
    {
      agent = kab_server_agent_new (uuid);
      g_hash_table_insert (self->agents, agent->uuid, agent);
    }
  if (g_queue_get_length (&agent->inbox) >= MAX_INBOX)
    return TRUE;     /* told; what an agent does with it is its own affair */
  g_queue_push_tail (&agent->inbox, json_object_ref (action));
  random = (KabSeedRandom) { self->n_events };
  push_event (self, KAB_AGENT_EVENT_INBOX, agent, 0, scale (self, 0.2 + 0.001 * kab_seed_below (&random, 800)));
  return TRUE;
}

gint64
kab_server_agents_get_event_id (KabServerAgents *self,
                                const char      *uuid)
{
  KabServerAgent *agent;

  g_return_val_if_fail (self != NULL && uuid != NULL, 0);

  agent = g_hash_table_lookup (self->agents, uuid);
  return agent != NULL ? agent->last_event_id : 0;
}

JsonNode *
kab_server_agents_tasks (KabServerAgents *self,
                         const char      *uuid,
                         gint64           last_event_id)
{
  KabServerAgent *agent;

  g_return_val_if_fail (self != NULL && uuid != NULL, NULL);

  agent = g_hash_table_lookup (self->agents, uuid);
  if (last_event_id >= 0 && last_event_id == (agent != NULL ? agent->last_event_id : 0))
    return NULL;

  return kab_server_agent_tasks_to_json (agent);
}

void
kab_server_agents_set_notify (KabServerAgents     *self,
                              KabAgentsNotifyFunc  func,
                              gpointer             user_data)
{
  g_return_if_fail (self != NULL);

  self->notify = func;
  self->notify_data = user_data;
}
