/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-forecast-builder-private.h"

#define MAX_NUMBER   (32 * 1024 * 1024)     /* a mirror numbers from 1; what lies above is no number of one */
#define MAX_CACHED   (64 * 1024 * 1024)

#define FORBIDS ((1u << KAB_RULE_FORBIDDEN_UPDATES) | (1u << KAB_RULE_FORBIDDEN_KBS))

static void
slot_clear (gpointer data)
{
  KabForecastSlot *slot = data;

  g_clear_object (&slot->update);
  for (guint i = 0; i < KAB_MAX_RINGS; i++)
    g_free (slot->tables[i]);
}

KabForecastBuilder *
kab_forecast_builder_new (KabForecastPlan *plan,
                          const KabLimits *limits)
{
  KabForecastBuilder *self;

  g_return_val_if_fail (KAB_IS_FORECAST_PLAN (plan), NULL);
  g_return_val_if_fail (limits != NULL, NULL);

  self = g_new0 (KabForecastBuilder, 1);
  self->plan = g_object_ref (plan);
  self->limits = *limits;
  self->fleet = kab_forecast_fleet_new (plan);
  self->forecast = g_object_new (KAB_TYPE_FORECAST, NULL);
  self->forecast->now = limits->now;
  self->slots = g_array_new (FALSE, TRUE, sizeof (KabForecastSlot));
  g_array_set_clear_func (self->slots, slot_clear);
  self->slot_of = g_array_new (FALSE, TRUE, sizeof (guint32));
  self->updates = g_ptr_array_new ();
  self->ring_names = g_ptr_array_new ();
  self->matches = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  return self;
}

void
kab_forecast_builder_free (KabForecastBuilder *self)
{
  if (self == NULL)
    return;

  g_object_unref (self->plan);
  kab_forecast_fleet_free (self->fleet);
  g_clear_object (&self->forecast);
  g_array_unref (self->slots);
  g_array_unref (self->slot_of);
  g_ptr_array_unref (self->updates);
  kab_supersedence_free (self->supersedence);
  g_ptr_array_unref (self->ring_names);
  g_hash_table_unref (self->matches);
  g_free (self->derived);
  g_free (self->seen);
  g_free (self->marks);
  g_free (self->found);
  g_free (self);
}

/* Only what says that it never does is known not to ask for a restart (the spelling is not known for sure). */
static gboolean
may_restart (const char *behaviour)
{
  return behaviour == NULL || (strcmp (behaviour, "0") != 0 && g_ascii_strncasecmp (behaviour, "never", 5) != 0);
}

void
kab_forecast_builder_add_update (KabForecastBuilder *self,
                                 guint32             number,
                                 KabUpdate          *update)
{
  KabForecastSlot slot = { NULL };

  g_return_if_fail (self != NULL && self->seen == NULL);
  g_return_if_fail (KAB_IS_UPDATE (update));

  if (number >= MAX_NUMBER)
    return;
  if (number >= self->slot_of->len)
    g_array_set_size (self->slot_of, MAX (number + 1, MIN (2 * self->slot_of->len, MAX_NUMBER)));
  slot.update = g_object_ref (update);
  slot.on_server = kab_update_is_on_server (update);
  slot.may_restart = may_restart (kab_update_get_fields (update)->reboot_behaviour);
  g_array_append_val (self->slots, slot);
  g_ptr_array_add (self->updates, update);
  g_array_index (self->slot_of, guint32, number) = self->slots->len;
}

void
kab_forecast_builder_add_package (KabForecastBuilder *self,
                                  KabPackage         *package,
                                  const char * const *vouchers)
{
  g_return_if_fail (self != NULL && self->seen == NULL);

  kab_forecast_fleet_add_package (self->fleet, package, vouchers);
}

void
kab_forecast_builder_add_rules (KabForecastBuilder *self,
                                const char         *package_uuid,
                                const char         *name_version,
                                KabRuleSet         *rules)
{
  g_return_if_fail (self != NULL && self->seen == NULL);

  kab_forecast_fleet_add_rules (self->fleet, package_uuid, name_version, rules);
}

static void
begin_fleet (KabForecastBuilder *self)
{
  gsize n = self->slots->len + 1;

  self->supersedence = kab_supersedence_new (self->updates);
  self->seen = g_new0 (guint32, n);
  self->marks = g_new0 (guint8, n);
  self->found = g_new0 (guint32, n);
  self->derived = g_malloc (4 * 65536);
  memset (self->derived, 0xff, 4 * 65536);
}

static void
make_room (KabForecastBuilder *self,
           gsize               n_bytes)
{
  GPtrArray *groups = kab_forecast_fleet_get_groups (self->fleet);

  self->n_cached += n_bytes;
  if (self->n_cached <= MAX_CACHED)
    return;

  g_hash_table_remove_all (self->matches);
  for (guint i = 0; i < groups->len; i++)
    for (guint k = 0; k < 2; k++)
      g_clear_pointer (&((KabForecastGroup *) groups->pdata[i])->cells[k], g_free);
  self->n_cached = n_bytes;
}

static const guint8 *
find_matches (KabForecastBuilder *self,
              KabRuleSet         *rules)
{
  guint8 *matches = g_hash_table_lookup (self->matches, rules);

  if (matches == NULL)
    {
      matches = g_malloc (self->slots->len + 1);
      for (guint i = 0; i < self->slots->len; i++)
        matches[i] = (guint8) kab_rules_engine_match (rules, self->updates->pdata[i]);
      g_hash_table_insert (self->matches, rules, matches);
    }
  return matches;
}

/* § 6.4, for all updates at once: the strongest line of all sets decides, else the agent's default. */
static guint8 *
make_cells (KabForecastBuilder *self,
            KabForecastGroup   *group,
            guint               side)
{
  const KabOptions *options = &group->options[side];
  guint8 *cells = g_malloc0 (self->slots->len + 1);
  guint8 by_default = options->default_allow == KAB_TRISTATE_TRUE ? ALLOWED
                      : options->default_allow == KAB_TRISTATE_FALSE ? FORBIDDEN : UNDECIDED;

  for (guint i = 0; i < group->sets[side]->len; i++)
    {
      const guint8 *matches = find_matches (self, group->sets[side]->pdata[i]);

      for (guint k = 0; k < self->slots->len; k++)
        cells[k] |= matches[k];
    }

  for (guint k = 0; k < self->slots->len; k++)
    {
      gint64 changed_at = kab_update_get_changed_at (self->updates->pdata[k]);
      guint8 cell = cells[k] == 0 ? by_default : (cells[k] & FORBIDS) != 0 ? FORBIDDEN : ALLOWED;

      if (!group->delay_known[side])
        cell |= DELAY_UNKNOWN;
      else if (options->delay_seconds < 0 ||
               (options->delay_seconds > 0 && changed_at != 0 && self->limits.now - changed_at < options->delay_seconds))
        cell |= DELAYED;
      cells[k] = cell;
    }
  return cells;
}

/* What the plan says anew to a group of hosts that it reaches */
static void
look_for_news (KabForecastBuilder *self,
               KabForecastGroup   *group,
               guint               group_index)
{
  GPtrArray *planned = kab_forecast_plan_get_packages (self->plan);

  for (guint k = 0; k < self->slots->len; k++)
    {
      KabForecastSlot *slot = &g_array_index (self->slots, KabForecastSlot, k);

      if ((group->cells[1][k] & VERDICT) != ALLOWED || (group->cells[0][k] & VERDICT) == ALLOWED)
        continue;
      slot->newly_allowed = TRUE;
      if (slot->proof == 0)
        slot->proof = group_index + 1;
    }

  for (guint i = 0; i < planned->len; i++)
    {
      KabRuleSet *rules = ((KabPlannedPackage *) planned->pdata[i])->rules;
      const guint8 *matches;

      if (rules == NULL || !g_ptr_array_find (group->sets[1], rules, NULL))
        continue;
      matches = find_matches (self, rules);
      for (guint k = 0; k < self->slots->len; k++)
        if (matches[k] != 0 && (matches[k] & FORBIDS) == 0 && (group->cells[1][k] & VERDICT) == FORBIDDEN)
          g_array_index (self->slots, KabForecastSlot, k).overruled = TRUE;
    }
}

void
kab_forecast_builder_prepare (KabForecastBuilder *self,
                              KabForecastGroup   *group,
                              guint               group_index)
{
  if (group->cells[0] != NULL)
    return;

  make_room (self, (gsize) self->slots->len * (2 + group->sets[0]->len + group->sets[1]->len));
  group->cells[0] = make_cells (self, group, 0);
  group->cells[1] = make_cells (self, group, 1);
  if (group->is_reached && !group->was_looked_at)
    look_for_news (self, group, group_index);
  group->was_looked_at = TRUE;
}

/* The maturity besides PROD that a host accepts; of several the one that sorts first (DEV before PREPROD). */
static guint8
find_ring (KabForecastBuilder *self,
           const char * const *maturities)
{
  const char *name = "PROD";

  for (; maturities != NULL && *maturities != NULL; maturities++)
    if (strcmp (*maturities, "PROD") != 0 && (strcmp (name, "PROD") == 0 || strcmp (*maturities, name) < 0))
      name = *maturities;
  for (guint i = 0; i < self->ring_names->len; i++)
    if (strcmp (self->ring_names->pdata[i], name) == 0)
      return (guint8) i;

  if (self->ring_names->len == KAB_MAX_RINGS)
    return KAB_MAX_RINGS - 1;
  g_ptr_array_add (self->ring_names, g_string_chunk_insert (self->forecast->arena, name));
  return (guint8) (self->ring_names->len - 1);
}

void
kab_forecast_builder_add_host (KabForecastBuilder   *self,
                               const KabHostFields  *fields,
                               const KabStateRecord *records,
                               guint                 n_records)
{
  KabForecastHostEntry entry = { NULL };
  guint index;

  g_return_if_fail (self != NULL);
  g_return_if_fail (fields != NULL && fields->uuid != NULL);
  g_return_if_fail (records != NULL || n_records == 0);

  if (self->seen == NULL)
    begin_fleet (self);

  index = self->forecast->hosts->len;
  entry.uuid = g_string_chunk_insert (self->forecast->arena, fields->uuid);
  entry.name = fields->computer_name != NULL && *fields->computer_name != '\0' ? fields->computer_name
               : fields->computer_fqdn != NULL && *fields->computer_fqdn != '\0' ? fields->computer_fqdn : NULL;
  entry.name = entry.name != NULL ? g_string_chunk_insert (self->forecast->arena, entry.name) : entry.uuid;
  entry.group_index = G_MAXUINT32;
  entry.ring = KAB_NO_RING;
  if (!kab_host_fields_is_counted (fields))
    entry.outcome = KAB_OUTCOME_NOT_MANAGED;
  else
    {
      entry.ring = find_ring (self, fields->maturities);
      entry.outcome = (guint8) kab_forecast_pass_judge (self, &entry, index, fields, records, n_records);
      if (entry.group_index == G_MAXUINT32)
        kab_forecast_pass_count_wanted (self, records, n_records);
    }
  self->forecast->totals.outcomes[entry.outcome]++;
  g_array_append_val (self->forecast->hosts, entry);
}

KabForecast *
kab_forecast_builder_end (KabForecastBuilder *self)
{
  KabForecast *forecast;

  g_return_val_if_fail (self != NULL, NULL);

  if (self->seen == NULL)
    begin_fleet (self);
  kab_forecast_builder_summarise (self);
  forecast = g_steal_pointer (&self->forecast);
  kab_forecast_builder_free (self);
  return forecast;
}
