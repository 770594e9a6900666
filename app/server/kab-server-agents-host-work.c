/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-agents-host-private.h"

#include <stdlib.h>
#include <string.h>

#include "kab-server-seed-private.h"
#include "kab-wire.h"

#define MAX_ENTRIES        10    /* history kept of one update */
#define FAILURE_PERCENT    7

/* With what an install fails, the most frequent twice. */
static const guint32 failure_codes[] = {
  0x80070643, 0x80070643, 0x800f0922, 0x800f0922, 0x80240022, 0x800f081f, 0x80070070, 0x800705b4, 0x80240017, 0x8024200d,
};

static gboolean
is_wanted (KabAgentHost       *self,
           guint32             number,
           const char * const *wanted)
{
  KabUpdate *update = kab_agents_catalogue_get (self->world->catalogue, number);

  return update != NULL && (wanted == NULL || g_strv_contains (wanted, kab_update_get_id (update)));
}

static gboolean
waits (const KabStateRecord *record)
{
  KabState state = kab_state_record_get_reported (record);

  return state == KAB_STATE_PENDING || state == KAB_STATE_ERROR;
}

static guint
count_waiting (KabAgentHost *self)
{
  guint n = 0;

  for (guint i = 0; i < self->records->len; i++)
    n += waits (&g_array_index (self->records, KabStateRecord, i)) ? 1 : 0;
  return n;
}

static void
set_status_by_states (KabAgentHost *self)
{
  json_object_set_string_member (self->status, "status", count_waiting (self) > 0 ? "PENDING_UPDATES" : "OK");
}

void
kab_agent_host_set_busy (KabAgentHost *self,
                         const char   *status)
{
  json_object_set_string_member (self->status, "status", status);
}

gboolean
kab_agent_host_settle (KabAgentHost *self)
{
  static const char * const busy[] = { "SCANNING", "DOWNLOADING", "INSTALL", NULL };
  const char *status = kab_json_get_text (self->status, "status");

  if (status == NULL || !g_strv_contains (busy, status))
    return FALSE;
  set_status_by_states (self);
  return TRUE;
}

/* Judges what is known anew, without the dates of a scan. */
static void
judge (KabAgentHost *self)
{
  g_autoptr(KabRulesEngine) engine = kab_agent_host_new_engine (self);
  KabDepotHost host = *self->host;
  GArray *records;

  host.os_version = self->os_version;
  host.records = (gconstpointer) self->records->data;
  host.n_records = self->records->len;
  records = kab_agents_catalogue_scan (self->world->catalogue, &host, engine, self->now);
  g_array_unref (self->records);
  self->records = records;
}

guint
kab_agent_host_scan (KabAgentHost *self,
                     guint         duration_s)
{
  judge (self);
  kab_agent_host_set_time (self->status, "last_scan_date", self->now);
  kab_agent_host_set_time (self->status, "wsusscn2cab_date", self->now - 3 * 60 * 60);
  json_object_set_int_member (self->status, "last_scan_duration", duration_s);
  json_object_set_string_member (self->status, "last_error", "");
  json_object_set_string_member (self->status, "wua_agent_version", self->os_version != NULL ? self->os_version : "");
  set_status_by_states (self);
  return count_waiting (self);
}

guint
kab_agent_host_download (KabAgentHost       *self,
                         const char * const *wanted,
                         GPtrArray          *logs)
{
  JsonArray *missing = json_array_new ();
  guint n_taken = 0;

  for (guint i = 0; i < self->records->len; i++)
    {
      KabStateRecord *record = &g_array_index (self->records, KabStateRecord, i);
      const char * const *urls;

      if (!waits (record) || kab_state_record_get_flag (record, KAB_FLAG_DOWNLOADED) == KAB_TRISTATE_TRUE ||
          !is_wanted (self, record->update, wanted))
        continue;
      if (kab_agents_catalogue_is_on_server (self->world->catalogue, record->update))
        {
          record->flags = kab_state_flags_with (record->flags, KAB_FLAG_DOWNLOADED, KAB_TRISTATE_TRUE);
          g_ptr_array_add (logs, g_strdup_printf ("Downloaded %s", kab_agent_host_get_title (self, record->update)));
          n_taken++;
          continue;
        }
      g_hash_table_add (self->world->asked, GUINT_TO_POINTER (record->update));
      urls = kab_update_get_fields (kab_agents_catalogue_get (self->world->catalogue, record->update))->download_urls;
      for (guint k = 0; urls != NULL && urls[k] != NULL; k++)
        json_array_add_string_element (missing, urls[k]);
      g_ptr_array_add (logs, g_strdup_printf ("Not on the server: %s", kab_agent_host_get_title (self, record->update)));
    }
  json_object_set_array_member (self->status, "missing_downloads", missing);
  return n_taken;
}

GArray *
kab_agent_host_list_ready (KabAgentHost       *self,
                           const char * const *wanted)
{
  GArray *ready = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < self->records->len; i++)
    {
      KabStateRecord *record = &g_array_index (self->records, KabStateRecord, i);

      if (waits (record) && kab_state_record_get_flag (record, KAB_FLAG_DOWNLOADED) == KAB_TRISTATE_TRUE &&
          is_wanted (self, record->update, wanted))
        g_array_append_val (ready, record->update);
    }
  return ready;
}

/* Newest first, as Windows lists them */
static void
add_history (KabAgentHost *self,
             guint32       number,
             guint32       code)
{
  g_autofree char *key = g_strdup_printf ("%u", number);
  g_autofree char *hresult = g_strdup_printf ("0x%08X", code);
  JsonNode *known = json_object_get_member (self->history, key);
  JsonArray *old = known != NULL && JSON_NODE_HOLDS_ARRAY (known) ? json_node_get_array (known) : NULL;
  JsonObject *entry = json_object_new ();
  JsonArray *entries = json_array_new ();

  kab_agent_host_set_time (entry, "date", self->now);
  json_object_set_int_member (entry, "operation", 1);
  json_object_set_string_member (entry, "result_code", code == 0 ? "Succeeded" : "Failed");
  if (code != 0)
    json_object_set_string_member (entry, "hresult", hresult);
  json_object_set_string_member (entry, "application_id", "wapt");
  json_object_set_array_member (entry, "categories", json_array_new ());
  json_object_set_string_member (entry, "update_id",
                                 kab_update_get_id (kab_agents_catalogue_get (self->world->catalogue, number)));
  json_object_set_string_member (entry, "title", kab_agent_host_get_title (self, number));
  json_array_add_object_element (entries, entry);
  for (guint i = 0; old != NULL && i < json_array_get_length (old) && i < MAX_ENTRIES - 1; i++)
    json_array_add_element (entries, json_node_copy (json_array_get_element (old, i)));
  json_object_set_array_member (self->history, key, entries);
}

/* The same host fails with the same update the same way, until the next try: that is another throw. */
static guint32
choose_result (KabAgentHost *self,
               guint32       number,
               gint32        before)
{
  guint64 subject = ((guint64) g_str_hash (self->host->uuid) << 24) ^ number ^ ((guint64) (guint32) before << 16);
  KabSeedRandom random = kab_seed_random (self->world->seed, KAB_SEED_FOR_AGENTS, subject);

  /* What failed once is a sick machine more often than bad luck. */
  if (!kab_seed_chance (&random, before != 0 ? 3 * FAILURE_PERCENT : FAILURE_PERCENT))
    return 0;
  return failure_codes[kab_seed_below (&random, G_N_ELEMENTS (failure_codes))];
}

static gboolean
asks_for_restart (KabAgentHost *self,
                  guint32       number)
{
  KabUpdate *update = kab_agents_catalogue_get (self->world->catalogue, number);

  return kab_agents_catalogue_get_revision (self->world->catalogue, number) != 0 ||
         g_strcmp0 (kab_update_get_fields (update)->reboot_behaviour, "AlwaysRequiresReboot") == 0;
}

guint32
kab_agent_host_install (KabAgentHost *self,
                        guint32       number)
{
  KabStateRecord *record = kab_agent_host_find_record (self, number);
  guint32 code;

  if (record == NULL)
    return 0;

  code = choose_result (self, number, record->result);
  add_history (self, number, code);
  record->result = (gint32) code;
  if (code != 0)
    {
      record->flags = (record->flags & ~0xfu) | KAB_STATE_ERROR;
      return code;
    }

  record->flags = (record->flags & ~0xfu) | KAB_STATE_OK;
  record->flags = kab_state_flags_with (record->flags, KAB_FLAG_INSTALLED, KAB_TRISTATE_TRUE);
  record->flags = kab_state_flags_with (record->flags, KAB_FLAG_PRESENT, KAB_TRISTATE_TRUE);
  record->flags = kab_state_flags_with (record->flags, KAB_FLAG_HIDDEN, KAB_TRISTATE_FALSE);
  record->flags = kab_state_flags_with (record->flags, KAB_FLAG_DOWNLOADED, KAB_TRISTATE_FALSE);
  record->installed_at = (guint32) CLAMP (self->now, 0, (gint64) G_MAXUINT32);
  return 0;
}

static void
set_restart (KabAgentHost *self,
             gboolean      needed)
{
  JsonArray *reasons = json_array_new ();

  if (needed)
    {
      json_array_add_string_element (reasons, "Windows Update: a restart is required");
      json_array_add_string_element (reasons, "CBS Updates: RebootPending");
    }
  json_object_set_array_member (self->wapt, "pending_reboot_reasons", reasons);
  json_object_set_boolean_member (self->service, "reboot_needed", needed);
}

void
kab_agent_host_end_batch (KabAgentHost *self,
                          GArray       *numbers,
                          guint         n_failed)
{
  JsonArray *batch = json_array_new ();
  gboolean restart = FALSE;

  for (guint i = 0; i < numbers->len; i++)
    {
      guint32 number = g_array_index (numbers, guint32, i);
      KabStateRecord *record = kab_agent_host_find_record (self, number);

      json_array_add_string_element (batch, kab_update_get_id (kab_agents_catalogue_get (self->world->catalogue, number)));
      restart = restart || (record != NULL && record->result == 0 && asks_for_restart (self, number));
    }
  judge (self);
  json_object_set_array_member (self->status, "last_install_batch", batch);
  kab_agent_host_set_time (self->status, "last_install_date", self->now);
  json_object_set_string_member (self->status, "last_install_result",
                                 n_failed == 0 ? "Succeeded" : n_failed < numbers->len ? "SucceededWithErrors" : "Failed");
  json_object_set_null_member (self->status, "last_install_reboot_required");
  set_status_by_states (self);
  if (restart)
    set_restart (self, TRUE);
}

gboolean
kab_agent_host_needs_restart (KabAgentHost *self)
{
  return kab_json_get_tristate (self->service, "reboot_needed") == KAB_TRISTATE_TRUE;
}

void
kab_agent_host_restart (KabAgentHost *self)
{
  const char *end = self->os_version != NULL ? strrchr (self->os_version, '.') : NULL;
  guint revision = 0;

  set_restart (self, FALSE);
  for (guint i = 0; i < self->records->len; i++)
    {
      const KabStateRecord *record = &g_array_index (self->records, KabStateRecord, i);

      if (kab_state_record_get_flag (record, KAB_FLAG_INSTALLED) == KAB_TRISTATE_TRUE)
        revision = MAX (revision, kab_agents_catalogue_get_revision (self->world->catalogue, record->update));
    }
  if (end != NULL && revision > strtoul (end + 1, NULL, 10))
    {
      char *version = g_strdup_printf ("%.*s.%u", (int) (end - self->os_version), self->os_version, revision);

      g_free (self->os_version);
      self->os_version = version;
      json_object_set_string_member (self->service, "agent_version", version);
    }
}
