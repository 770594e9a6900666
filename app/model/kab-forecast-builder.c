/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-forecast-builder-private.h"

#define MAX_NUMBER   (32 * 1024 * 1024)     /* a mirror numbers from 1; what lies above is no number of one */
#define MAX_CACHED   (64 * 1024 * 1024)

/* A cell: what rules and delay say of one update to one group of hosts. */
enum { FORBIDDEN, ALLOWED, UNDECIDED, VERDICT = 3, DELAYED = 4, DELAY_UNKNOWN = 8 };

/* Marks of an update that a host reports, each without the plan and, one bit further, with it: it is pending or installed;
 * it may be. */
enum { ACTIVE = 1, MAYBE = 4 };

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

/* kab_state_derive() depends on 16 bits of flags and two questions: once each. */
static inline guint
derive (KabForecastBuilder   *self,
        const KabStateRecord *record,
        gboolean              on_server)
{
  guint8 *known = &self->derived[(record->flags & 0xffff) | (on_server ? 1u << 16 : 0) | (record->result != 0 ? 1u << 17 : 0)];

  if (*known == 0xff)
    *known = (guint8) kab_state_derive (record, on_server);
  return *known;
}

static inline gboolean
is_wanted (guint state)
{
  return state == KAB_STATE_PENDING || state == KAB_STATE_MISSING || state == KAB_STATE_ERROR;
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

static void
prepare_group (KabForecastBuilder *self,
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

/* A host in the hands of the pass. */
typedef struct {
  KabForecastBuilder   *builder;
  KabForecastHostEntry *entry;
  KabForecastGroup     *group;
  guint                 index;
  guint32               serial;
  gboolean              has_doubts;       /* of some of its updates it is not known whether they will be pending */
  gboolean              waits;            /* for its delay, with what the plan gives it */
  gboolean              catches_up;
  gboolean              default_unknown;
  gboolean              delay_unknown;
} Pass;

static gboolean
is_replaced (Pass    *pass,
             guint32  slot,
             guint    marks)
{
  guint n;
  const guint32 *replacements = kab_supersedence_get_replacements (pass->builder->supersedence, slot, &n);

  for (guint i = 0; i < n; i++)
    if (pass->builder->seen[replacements[i]] == pass->serial &&
        (pass->builder->marks[replacements[i]] & marks) == marks)
      return TRUE;
  return FALSE;
}

/* Where the delay is not known: a host that says it was none of the reasons, or that has begun, is past it for good. */
static gboolean
is_past_delay (const KabStateRecord *record,
               guint                 before)
{
  return is_wanted (before) || kab_state_record_get_flag (record, KAB_FLAG_DELAYED) == KAB_TRISTATE_FALSE;
}

/* The state of one update that is not installed after *Update packages* and a scan; KAB_STATE_UNKNOWN: cannot be told */
static inline guint
foresee (Pass                 *pass,
         guint                 side,
         guint32               slot,
         const KabStateRecord *record,
         guint                 before,
         gboolean              on_server)
{
  guint8 cell = pass->group->cells[side][slot];

  if (!pass->group->shows[side])
    {
      if (is_replaced (pass, slot, 0))
        return KAB_FORECAST_GONE;
    }
  else if (is_replaced (pass, slot, ACTIVE << side))
    return KAB_STATE_SUPERSEDED;
  else if (pass->has_doubts && is_replaced (pass, slot, MAYBE << side))
    return KAB_STATE_UNKNOWN;

  if ((cell & VERDICT) == UNDECIDED)
    return KAB_STATE_UNKNOWN;
  if ((cell & VERDICT) == FORBIDDEN || (cell & DELAYED) != 0)
    return KAB_STATE_DISCARDED;
  if ((cell & DELAY_UNKNOWN) != 0 && !is_past_delay (record, before))
    return KAB_STATE_UNKNOWN;
  if (record->result != 0)
    return KAB_STATE_ERROR;
  return on_server || kab_state_record_get_flag (record, KAB_FLAG_DOWNLOADED) == KAB_TRISTATE_TRUE ? KAB_STATE_PENDING
                                                                                                   : KAB_STATE_MISSING;
}

static void
note_pair (Pass            *pass,
           guint32          slot_index,
           guint            before,
           guint            after,
           KabForecastKind  kind)
{
  KabForecastBuilder *self = pass->builder;
  KabForecast *forecast = self->forecast;
  KabForecastSlot *slot = &g_array_index (self->slots, KabForecastSlot, slot_index);
  guint ring = pass->entry->ring;
  guint64 n = forecast->n_pairs;

  slot->n_pairs[kind]++;
  if (slot->tables[ring] == NULL)
    slot->tables[ring] = g_malloc0 (sizeof (KabForecastTable));
  (*slot->tables[ring])[kind][before][after]++;
  forecast->totals.n_pairs[kind]++;

  if (kind == KAB_FORECAST_EFFECT)
    {
      guint32 group = pass->entry->group_index + 1;

      forecast->totals.moves[before][after]++;
      pass->entry->n_effects++;
      if (is_wanted (after) && !is_wanted (before))
        {
          slot->n_gained++;
          pass->entry->restarts = pass->entry->restarts || slot->may_restart;
        }
      /* The group that most of them are of, by majority vote */
      if (slot->proof_votes == 0 || slot->proof == group)
        {
          slot->proof = group;
          slot->proof_votes++;
        }
      else
        slot->proof_votes--;
    }
  pass->catches_up = pass->catches_up || kind == KAB_FORECAST_CATCH_UP;

  if (n >= KAB_MAX_PAIRS || pass->index >= 1u << 28)
    {
      forecast->totals.is_cut = TRUE;
      return;
    }
  if (n % KAB_PAIRS_A_BLOCK == 0)
    g_ptr_array_add (forecast->pairs, g_new (guint64, KAB_PAIRS_A_BLOCK));
  ((guint64 *) forecast->pairs->pdata[n / KAB_PAIRS_A_BLOCK])[n % KAB_PAIRS_A_BLOCK] =
    kab_pair_pack (pass->index, slot_index, before, after, kind);
  forecast->n_pairs++;
}

static void
note_unknown (Pass    *pass,
              guint32  slot,
              guint    before)
{
  if (pass->group->options[1].default_allow == KAB_TRISTATE_NULL)
    pass->default_unknown = TRUE;
  if (!pass->group->delay_known[1])
    pass->delay_unknown = TRUE;
  note_pair (pass, slot, before, KAB_STATE_UNKNOWN, KAB_FORECAST_UNKNOWN);
}

static void
judge_pair (Pass                 *pass,
            guint32               slot_index,
            const KabStateRecord *record,
            guint                 before)
{
  KabForecastSlot *slot = &g_array_index (pass->builder->slots, KabForecastSlot, slot_index);
  guint without = foresee (pass, 0, slot_index, record, before, slot->on_server);
  guint with = without;

  if (pass->group->is_reached)
    {
      guint8 cell = pass->group->cells[1][slot_index];

      with = foresee (pass, 1, slot_index, record, before, slot->on_server);
      slot->n_needed++;
      if ((cell & (VERDICT | DELAYED)) == (ALLOWED | DELAYED) &&
          (pass->group->cells[0][slot_index] & VERDICT) != ALLOWED)
        {
          slot->n_delayed++;
          pass->waits = TRUE;
        }
    }

  slot->n_wanted += is_wanted (before) || is_wanted (without) ? 1 : 0;
  if (with == KAB_STATE_UNKNOWN)
    {
      /* What no rule decides, now as before, stays what the option made of it, whatever that is. */
      if ((without != KAB_STATE_UNKNOWN || !pass->group->is_current) && before != KAB_STATE_UNKNOWN)
        note_unknown (pass, slot_index, before);
      return;
    }
  if (with != before)
    note_pair (pass, slot_index, before, with, with == without ? KAB_FORECAST_CATCH_UP : KAB_FORECAST_EFFECT);
}

/* Will an update that is not installed be pending? Where no rule decides, what the host reports tells what its option
 * does, as long as no rule decided then either. */
static inline guint8
mark_side (Pass                 *pass,
           guint                 side,
           guint32               slot,
           const KabStateRecord *record)
{
  KabForecastBuilder *self = pass->builder;
  guint8 cell = pass->group->cells[side][slot];
  guint8 maybe = (guint8) (MAYBE << side);

  if ((cell & VERDICT) == FORBIDDEN || (cell & DELAYED) != 0)
    return 0;
  if ((cell & VERDICT) == UNDECIDED)
    {
      guint before = derive (self, record, FALSE);

      if (!pass->group->is_current || (pass->group->cells[0][slot] & VERDICT) != UNDECIDED ||
          before == KAB_STATE_SUPERSEDED || before == KAB_STATE_UNKNOWN)
        return maybe;
      return is_wanted (before) ? (guint8) (ACTIVE << side) : 0;
    }
  if ((cell & DELAY_UNKNOWN) != 0 && !is_past_delay (record, derive (self, record, FALSE)))
    return maybe;
  return (guint8) (ACTIVE << side);
}

/* Marks what the host reports and what of it is pending or installed. Returns: how many of its records count */
static guint
mark (Pass                 *pass,
      const KabStateRecord *records,
      guint                 n_records)
{
  KabForecastBuilder *self = pass->builder;
  const guint32 *slot_of = (const guint32 *) (gconstpointer) self->slot_of->data;
  guint n_found = 0;

  for (guint i = 0; i < n_records; i++)
    {
      guint32 slot = records[i].update < self->slot_of->len ? slot_of[records[i].update] : 0;
      guint8 marks = ACTIVE | ACTIVE << 1;

      if (slot-- == 0 || self->seen[slot] == pass->serial)
        continue;
      if (kab_state_record_get_flag (&records[i], KAB_FLAG_INSTALLED) != KAB_TRISTATE_TRUE)
        marks = mark_side (pass, 0, slot, &records[i]) | mark_side (pass, 1, slot, &records[i]);
      pass->has_doubts = pass->has_doubts || (marks & (MAYBE | MAYBE << 1)) != 0;
      self->seen[slot] = pass->serial;
      self->marks[slot] = marks;
      self->found[n_found++] = i;
    }
  return n_found;
}

static void
judge_host (Pass                 *pass,
            const KabStateRecord *records,
            guint                 n_records)
{
  KabForecastBuilder *self = pass->builder;
  guint n_found = mark (pass, records, n_records);

  for (guint i = 0; i < n_found; i++)
    {
      const KabStateRecord *record = &records[self->found[i]];
      guint32 slot = g_array_index (self->slot_of, guint32, record->update) - 1;
      guint before;

      if (kab_state_record_get_flag (record, KAB_FLAG_INSTALLED) == KAB_TRISTATE_TRUE)
        continue;
      before = derive (self, record, g_array_index (self->slots, KabForecastSlot, slot).on_server);
      if (before != KAB_STATE_OK)
        judge_pair (pass, slot, record, before);
    }
}

/* Of a host that nobody can judge: what it wants is still fetched. */
static void
count_wanted (KabForecastBuilder   *self,
              const KabStateRecord *records,
              guint                 n_records)
{
  for (guint i = 0; i < n_records; i++)
    {
      guint32 slot = records[i].update < self->slot_of->len ? g_array_index (self->slot_of, guint32, records[i].update) : 0;

      if (slot != 0 && is_wanted (derive (self, &records[i], FALSE)))
        g_array_index (self->slots, KabForecastSlot, slot - 1).n_wanted++;
    }
}

static KabOutcome
judge_managed (KabForecastBuilder     *self,
               KabForecastHostEntry   *entry,
               guint                   index,
               const KabHostFields    *fields,
               const KabStateRecord   *records,
               guint                   n_records)
{
  KabForecastTotals *totals = &self->forecast->totals;
  const KabForecastReach *reach;
  Pass pass = { self, entry };

  if (kab_host_fields_is_silent (fields, &self->limits))
    return KAB_OUTCOME_SILENT;
  if (fields->last_scan_at == 0 && n_records == 0)
    return KAB_OUTCOME_NEVER_SCANNED;

  reach = kab_forecast_fleet_reach (self->fleet, fields);
  totals->n_maturity_assumed += reach->maturity_assumed && (reach->is_reached || reach->outcome == KAB_OUTCOME_MATURITY);
  if (reach->group == NULL)
    return reach->outcome;

  entry->group_index = reach->group_index;
  prepare_group (self, reach->group, reach->group_index);
  pass.group = reach->group;
  pass.index = index;
  pass.serial = index + 1;
  judge_host (&pass, records, n_records);

  self->ring_reached[entry->ring] += reach->is_reached ? 1 : 0;
  totals->n_default_assumed += reach->is_reached && reach->default_assumed;
  totals->n_delay_assumed += reach->is_reached && reach->delay_assumed;
  totals->n_may_list_more += reach->may_list_more ? 1 : 0;
  totals->n_catching_up += pass.catches_up ? 1 : 0;
  totals->n_default_unknown += pass.default_unknown ? 1 : 0;
  totals->n_delay_unknown += pass.delay_unknown ? 1 : 0;
  if (entry->restarts)
    {
      totals->n_restarts++;
      totals->n_restart_servers += fields->os_name != NULL && strstr (fields->os_name, "Server") != NULL;
    }
  if (entry->n_effects > 0)
    return KAB_OUTCOME_CHANGES;
  return reach->is_reached && pass.waits ? KAB_OUTCOME_WAITS : reach->outcome;
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
      entry.outcome = (guint8) judge_managed (self, &entry, index, fields, records, n_records);
      if (entry.group_index == G_MAXUINT32)
        count_wanted (self, records, n_records);
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
