/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-agents-queue.h"

static gboolean
is_sooner (GArray *events,
           guint   a,
           guint   b)
{
  const KabAgentEvent *first = &g_array_index (events, KabAgentEvent, a);
  const KabAgentEvent *second = &g_array_index (events, KabAgentEvent, b);

  return first->due < second->due || (first->due == second->due && first->order < second->order);
}

static void
swap (GArray *events,
      guint   a,
      guint   b)
{
  KabAgentEvent kept = g_array_index (events, KabAgentEvent, a);

  g_array_index (events, KabAgentEvent, a) = g_array_index (events, KabAgentEvent, b);
  g_array_index (events, KabAgentEvent, b) = kept;
}

gboolean
kab_agents_queue_push (GArray              *events,
                       const KabAgentEvent *event)
{
  guint at = events->len;

  g_array_append_vals (events, event, 1);
  for (; at > 0 && is_sooner (events, at, (at - 1) / 2); at = (at - 1) / 2)
    swap (events, at, (at - 1) / 2);
  return at == 0;
}

KabAgentEvent
kab_agents_queue_pop (GArray *events)
{
  KabAgentEvent event;
  guint at = 0;

  g_assert (events->len > 0);

  event = g_array_index (events, KabAgentEvent, 0);
  swap (events, 0, events->len - 1);
  g_array_set_size (events, events->len - 1);
  while (TRUE)
    {
      guint soonest = at;

      for (guint child = 2 * at + 1; child <= 2 * at + 2 && child < events->len; child++)
        if (is_sooner (events, child, soonest))
          soonest = child;
      if (soonest == at)
        return event;
      swap (events, at, soonest);
      at = soonest;
    }
}
