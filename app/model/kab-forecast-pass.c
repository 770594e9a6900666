/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-forecast-builder-private.h"

/* Marks of an update that a host reports, each without the plan and, one bit further, with it: it is pending or installed;
 * it may be. */
enum { ACTIVE = 1, MAYBE = 4 };
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
/* A host in the hands of the pass. */
typedef struct {
  KabForecastBuilder   *builder;
  KabForecastHostEntry *entry;
  KabForecastGroup     *group;
  guint                 index;
  guint32               serial;
  gboolean              has_doubts;       /* of some of its updates it is not known whether they will be pending */
  gboolean              waits;            /* for its delay, with what the plan gives it */
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
void
kab_forecast_pass_count_wanted (KabForecastBuilder   *self,
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

KabOutcome
kab_forecast_pass_judge (KabForecastBuilder   *self,
                         KabForecastHostEntry *entry,
                         guint                 index,
                         const KabHostFields  *fields,
                         const KabStateRecord *records,
                         guint                 n_records)
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
  kab_forecast_builder_prepare (self, reach->group, reach->group_index);
  pass.group = reach->group;
  pass.index = index;
  pass.serial = index + 1;
  judge_host (&pass, records, n_records);

  self->ring_reached[entry->ring] += reach->is_reached ? 1 : 0;
  totals->n_default_assumed += reach->is_reached && reach->default_assumed;
  totals->n_delay_assumed += reach->is_reached && reach->delay_assumed;
  totals->n_may_list_more += reach->may_list_more ? 1 : 0;
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
