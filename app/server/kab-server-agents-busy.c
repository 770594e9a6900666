/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-agents-busy.h"

#define MAX_BUSY    500
#define VALUE_NAME  "agents-busy"

void
kab_agents_busy_begin (KabAgentsWorld *world,
                       const char     *uuid,
                       const char     *status)
{
  g_autoptr(KabAgentHost) host = NULL;

  if (g_hash_table_size (world->busy) >= MAX_BUSY)
    return;
  host = kab_agent_host_load (world, uuid, NULL);
  if (host == NULL || !kab_agent_host_is_managed (host))
    return;
  kab_agent_host_set_busy (host, status);
  if (kab_agent_host_save (host, NULL))
    world->busy_changed = g_hash_table_add (world->busy, g_strdup (uuid)) || world->busy_changed;
}

static void
settle (KabAgentsWorld *world,
        const char     *uuid)
{
  g_autoptr(KabAgentHost) host = kab_agent_host_load (world, uuid, NULL);
  g_autoptr(GError) error = NULL;

  /* A task that ended well has said something better already. */
  if (host != NULL && kab_agent_host_settle (host) && !kab_agent_host_save (host, &error))
    g_info ("%s: %s", uuid, error->message);
}

void
kab_agents_busy_end (KabAgentsWorld *world,
                     const char     *uuid)
{
  if (!g_hash_table_contains (world->busy, uuid))
    return;
  settle (world, uuid);
  g_hash_table_remove (world->busy, uuid);
  world->busy_changed = TRUE;
}

void
kab_agents_busy_write (KabAgentsWorld *world)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  GHashTableIter iter;
  gpointer uuid;

  if (!world->busy_changed)
    return;
  g_hash_table_iter_init (&iter, world->busy);
  while (g_hash_table_iter_next (&iter, &uuid, NULL))
    g_string_append_printf (text, "%s\n", (const char *) uuid);
  if (kab_depot_set_value (world->depot, VALUE_NAME, text->str, &error))
    world->busy_changed = FALSE;
  else
    g_info ("agents: %s", error->message);
}

void
kab_agents_busy_recover (KabAgentsWorld *world)
{
  g_autofree char *text = kab_depot_dup_value (world->depot, VALUE_NAME);
  g_auto(GStrv) uuids = text != NULL ? g_strsplit (text, "\n", -1) : NULL;

  for (guint i = 0; uuids != NULL && uuids[i] != NULL; i++)
    if (uuids[i][0] != '\0')
      {
        settle (world, uuids[i]);
        g_hash_table_remove (world->busy, uuids[i]);
        world->busy_changed = TRUE;
      }
}
