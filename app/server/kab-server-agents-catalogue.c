/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-agents-catalogue.h"

#include <stdio.h>
#include <string.h>

#include "kab-server-seed-private.h"
#include "kab-supersedence.h"

typedef struct {
  KabUpdate *update;        /* (nullable) */
  gboolean   on_server;
  gboolean   has_facts;     /* the three below are known */
  guint      systems;
  int        model;
  guint      revision;
} Entry;

struct _KabAgentsCatalogue
{
  GArray          *entries;          /* (element-type Entry), by number */
  KabSupersedence *supersedence;
};

static void
entry_clear (gpointer data)
{
  g_clear_object (&((Entry *) data)->update);
}

static Entry *
get_entry (KabAgentsCatalogue *self,
           guint32             number)
{
  return number < self->entries->len ? &g_array_index (self->entries, Entry, number) : NULL;
}

/* Lines of "number systems model revision", as the seed left them */
static void
read_facts (KabAgentsCatalogue *self,
            const char         *text)
{
  for (const char *line = text; line != NULL && *line != '\0'; line = strchr (line, '\n') != NULL ? strchr (line, '\n') + 1 : NULL)
    {
      guint number, systems, revision;
      int model;
      Entry *entry;

      if (sscanf (line, "%u %u %d %u", &number, &systems, &model, &revision) != 4)
        continue;
      entry = get_entry (self, number);
      if (entry == NULL || entry->update == NULL)
        continue;
      entry->has_facts = TRUE;
      entry->systems = systems;
      entry->model = model;
      entry->revision = revision;
    }
}

KabAgentsCatalogue *
kab_agents_catalogue_new (KabDepot  *depot,
                          GError   **error)
{
  g_autoptr(GPtrArray) updates = kab_depot_load_updates (depot, error);
  g_autofree char *facts = NULL;
  KabAgentsCatalogue *self;

  if (updates == NULL)
    return NULL;

  self = g_new0 (KabAgentsCatalogue, 1);
  self->entries = g_array_new (FALSE, TRUE, sizeof (Entry));
  g_array_set_clear_func (self->entries, entry_clear);
  g_array_set_size (self->entries, updates->len);
  for (guint i = 1; i < updates->len; i++)
    if (updates->pdata[i] != NULL)
      {
        Entry *entry = get_entry (self, i);

        entry->update = g_object_ref (updates->pdata[i]);
        entry->on_server = kab_update_is_on_server (entry->update);
      }
  self->supersedence = kab_supersedence_new (updates);

  facts = kab_depot_dup_value (depot, KAB_SEED_FACTS);
  read_facts (self, facts);
  return self;
}

void
kab_agents_catalogue_free (KabAgentsCatalogue *self)
{
  if (self == NULL)
    return;
  g_array_unref (self->entries);
  kab_supersedence_free (self->supersedence);
  g_free (self);
}

KabUpdate *
kab_agents_catalogue_get (KabAgentsCatalogue *self,
                          guint32             number)
{
  Entry *entry = get_entry (self, number);

  return entry != NULL ? entry->update : NULL;
}

gboolean
kab_agents_catalogue_is_on_server (KabAgentsCatalogue *self,
                                   guint32             number)
{
  Entry *entry = get_entry (self, number);

  return entry != NULL && entry->on_server;
}

void
kab_agents_catalogue_set_on_server (KabAgentsCatalogue *self,
                                    guint32             number)
{
  Entry *entry = get_entry (self, number);

  if (entry != NULL)
    entry->on_server = TRUE;
}

guint
kab_agents_catalogue_get_revision (KabAgentsCatalogue *self,
                                   guint32             number)
{
  Entry *entry = get_entry (self, number);

  return entry != NULL ? entry->revision : 0;
}

/* One scan: per update what the host has of it. */
typedef struct {
  KabAgentsCatalogue    *catalogue;
  const KabStateRecord **old;          /* by number; NULL = not reported before */
  gboolean              *is_known;     /* applies, or was reported */
  gboolean              *is_replaced;  /* by one that is known */
  gboolean              *is_outdone;   /* by one that is pending or installed */
} Scan;

static void
mark_replaced (Scan     *scan,
               guint32   number,
               gboolean *marks)
{
  guint n;
  const guint32 *replaced = kab_supersedence_get_replaced (scan->catalogue->supersedence, number, &n);

  for (guint i = 0; i < n; i++)
    marks[replaced[i]] = TRUE;
}

static gboolean
is_installed (const KabStateRecord *record)
{
  return record != NULL && kab_state_record_get_flag (record, KAB_FLAG_INSTALLED) == KAB_TRISTATE_TRUE;
}

/* An update that an honest host of this kind sees even though it never reported it. */
static gboolean
applies (const Entry        *entry,
         const KabDepotHost *host,
         int                 system,
         int                 model,
         gboolean            has_office,
         gint64              now)
{
  const KabUpdateFields *fields = kab_update_get_fields (entry->update);

  if (!entry->has_facts || system < 0 || !(entry->systems & 1u << system))
    return FALSE;
  if (entry->model >= 0 && entry->model != model)
    return FALSE;
  if (!has_office && g_strcmp0 (fields->product, "Office 2016") == 0)
    return FALSE;
  return fields->changed_at <= now;
}

static void
find_known (Scan               *scan,
            const KabDepotHost *host,
            gint64              now)
{
  int system = kab_seed_system_of (host->os_name, host->os_version);
  int model = kab_seed_model_of (host->productname);
  gboolean has_office = host->n_records == 0;

  for (guint i = 0; i < host->n_records; i++)
    {
      Entry *entry = get_entry (scan->catalogue, host->records[i].update);

      if (entry == NULL || entry->update == NULL)
        continue;
      scan->old[host->records[i].update] = &host->records[i];
      has_office = has_office || g_strcmp0 (kab_update_get_fields (entry->update)->product, "Office 2016") == 0;
    }

  for (guint32 i = 1; i < scan->catalogue->entries->len; i++)
    {
      Entry *entry = get_entry (scan->catalogue, i);

      scan->is_known[i] = entry->update != NULL &&
                          (scan->old[i] != NULL || applies (entry, host, system, model, has_office, now));
    }
  for (guint32 i = 1; i < scan->catalogue->entries->len; i++)
    if (scan->is_known[i])
      mark_replaced (scan, i, scan->is_replaced);
}

typedef struct {
  gboolean is_allowed;
  gboolean is_delayed;
} Verdict;

static KabStateRecord
make_record (const KabStateRecord *old,
             guint32               number,
             const Verdict        *verdict,
             gboolean              is_outdone)
{
  gboolean installed = is_installed (old);
  gboolean allowed = verdict->is_allowed && (installed || !is_outdone);
  gboolean hidden = !installed && !allowed;
  KabStateRecord record = { number, 0, 0, 0 };
  KabState state;

  if (old != NULL)
    record = *old;
  if (installed)
    state = KAB_STATE_OK;
  else if (is_outdone)
    state = KAB_STATE_SUPERSEDED;
  else if (!allowed)
    state = KAB_STATE_DISCARDED;
  else
    state = record.result != 0 ? KAB_STATE_ERROR : KAB_STATE_PENDING;

  record.flags = (record.flags & ~0xfu) | (guint32) state;
  record.flags = kab_state_flags_with (record.flags, KAB_FLAG_ALLOWED, allowed ? KAB_TRISTATE_TRUE : KAB_TRISTATE_FALSE);
  record.flags = kab_state_flags_with (record.flags, KAB_FLAG_HIDDEN, hidden ? KAB_TRISTATE_TRUE : KAB_TRISTATE_FALSE);
  record.flags = kab_state_flags_with (record.flags, KAB_FLAG_DELAYED,
                                       verdict->is_delayed ? KAB_TRISTATE_TRUE : KAB_TRISTATE_FALSE);
  if (old == NULL)
    {
      record.flags = kab_state_flags_with (record.flags, KAB_FLAG_INSTALLED, KAB_TRISTATE_FALSE);
      record.flags = kab_state_flags_with (record.flags, KAB_FLAG_PRESENT, KAB_TRISTATE_FALSE);
      record.flags = kab_state_flags_with (record.flags, KAB_FLAG_DOWNLOADED, KAB_TRISTATE_FALSE);
    }
  return record;
}

GArray *
kab_agents_catalogue_scan (KabAgentsCatalogue  *self,
                           const KabDepotHost  *host,
                           KabRulesEngine      *engine,
                           gint64               now)
{
  guint n = self->entries->len;
  g_autofree const KabStateRecord **old = g_new0 (const KabStateRecord *, n);
  g_autofree gboolean *marks = g_new0 (gboolean, 3 * (gsize) n + 1);
  g_autofree Verdict *verdicts = g_new0 (Verdict, n);
  Scan scan = { self, old, marks, marks + n, marks + 2 * (gsize) n };
  gboolean shows_superseded = kab_rules_engine_includes_superseded (engine);
  GArray *records = g_array_new (FALSE, FALSE, sizeof (KabStateRecord));

  find_known (&scan, host, now);
  for (guint32 i = 1; i < n; i++)
    {
      KabDecision decision;

      if (!scan.is_known[i])
        continue;
      /* Without the option Windows Update does not even offer what is replaced. */
      if (!shows_superseded && scan.is_replaced[i] && !is_installed (old[i]))
        {
          scan.is_known[i] = FALSE;
          continue;
        }
      kab_rules_engine_decide (engine, get_entry (self, i)->update, now, &decision);
      verdicts[i] = (Verdict) { decision.verdict == KAB_VERDICT_ALLOWED, decision.delayed };
      if (is_installed (old[i]) || verdicts[i].is_allowed)
        mark_replaced (&scan, i, scan.is_outdone);
    }

  for (guint32 i = 1; i < n; i++)
    if (scan.is_known[i])
      {
        KabStateRecord record = make_record (old[i], i, &verdicts[i], shows_superseded && scan.is_outdone[i]);

        g_array_append_val (records, record);
      }

  /* What this catalogue does not have yet is left alone; numbers only grow, so these are the last. */
  for (guint i = 0; i < host->n_records; i++)
    if (host->records[i].update >= n)
      g_array_append_val (records, host->records[i]);
  return records;
}
