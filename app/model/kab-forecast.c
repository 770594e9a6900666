/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "kab-forecast-private.h"

G_DEFINE_FINAL_TYPE (KabForecast, kab_forecast, G_TYPE_OBJECT)

static const struct {
  const char *text;
  const char *label;
} outcomes[KAB_N_OUTCOMES] = {
  [KAB_OUTCOME_CHANGES] = { "changes", N_ ("Change") },
  [KAB_OUTCOME_SAME] = { "same", N_ ("Get it, but no state changes") },
  [KAB_OUTCOME_WAITS] = { "waits", N_ ("Their own delay still runs") },
  [KAB_OUTCOME_NOT_ASSIGNED] = { "not-assigned", N_ ("Not assigned") },
  [KAB_OUTCOME_VERSION] = { "version", N_ ("Keep another version") },
  [KAB_OUTCOME_MATURITY] = { "maturity", N_ ("Do not accept this maturity") },
  [KAB_OUTCOME_SIGNER] = { "signer", N_ ("Do not trust the signer") },
  [KAB_OUTCOME_ARCHITECTURE] = { "architecture", N_ ("Another architecture") },
  [KAB_OUTCOME_PLATFORM] = { "platform", N_ ("Another operating system") },
  [KAB_OUTCOME_OS_VERSION] = { "os-version", N_ ("Outside the Windows versions of the package") },
  [KAB_OUTCOME_AGENT_VERSION] = { "agent-version", N_ ("Agent too old") },
  [KAB_OUTCOME_LOCALE] = { "locale", N_ ("Another language") },
  [KAB_OUTCOME_CONFLICT] = { "conflict", N_ ("Another package forbids it") },
  [KAB_OUTCOME_KEEPS] = { "keeps", N_ ("Keep what they have installed") },
  [KAB_OUTCOME_NOT_MANAGED] = { "not-managed", N_ ("Not managed: no Windows, or switched off") },
  [KAB_OUTCOME_SILENT] = { "silent", N_ ("Silent for long") },
  [KAB_OUTCOME_NEVER_SCANNED] = { "never-scanned", N_ ("Never scanned") },
  [KAB_OUTCOME_RULES_UNKNOWN] = { "rules-unknown", N_ ("Their rules are not known") },
  [KAB_OUTCOME_SIGNER_UNKNOWN] = { "signer-unknown", N_ ("Whom they trust is not known") },
  [KAB_OUTCOME_ASSIGNMENT_UNKNOWN] = { "assignment-unknown", N_ ("What they are assigned is not known") },
};

void
kab_forecast_group_free (gpointer data)
{
  KabForecastGroup *self = data;

  for (guint i = 0; i < 2; i++)
    {
      g_clear_pointer (&self->sets[i], g_ptr_array_unref);
      g_free (self->cells[i]);
    }
  g_free (self);
}

void
kab_forecast_group_decide (KabForecastGroup *self,
                           gboolean          planned,
                           KabUpdate        *update,
                           gint64            now,
                           KabDecision      *decision)
{
  guint side = planned ? 1 : 0;
  g_autoptr(KabRulesEngine) engine = kab_rules_engine_new (&self->options[side]);

  for (guint i = 0; i < self->sets[side]->len; i++)
    kab_rules_engine_add (engine, self->sets[side]->pdata[i]);
  kab_rules_engine_decide (engine, update, now, decision);
}

static void
kab_forecast_finalize (GObject *object)
{
  KabForecast *self = KAB_FORECAST (object);

  for (guint i = 0; i < self->rows->len; i++)
    g_object_unref (g_array_index (self->rows, KabForecastRow, i).update);
  g_array_unref (self->rows);
  g_array_unref (self->rings);
  g_array_unref (self->moves);
  g_array_unref (self->hosts);
  g_clear_pointer (&self->groups, g_ptr_array_unref);
  g_ptr_array_unref (self->pairs);
  g_free (self->row_of);
  g_string_chunk_free (self->arena);

  G_OBJECT_CLASS (kab_forecast_parent_class)->finalize (object);
}

static void
kab_forecast_class_init (KabForecastClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_forecast_finalize;
}

static void
kab_forecast_init (KabForecast *self)
{
  self->rows = g_array_new (FALSE, FALSE, sizeof (KabForecastRow));
  self->rings = g_array_new (FALSE, FALSE, sizeof (KabForecastRing));
  self->moves = g_array_new (FALSE, FALSE, sizeof (KabForecastMove));
  self->hosts = g_array_new (FALSE, FALSE, sizeof (KabForecastHostEntry));
  self->pairs = g_ptr_array_new_with_free_func (g_free);
  self->arena = g_string_chunk_new (64 * 1024);
}

const char *
kab_outcome_get_text (KabOutcome outcome)
{
  g_return_val_if_fail ((guint) outcome < KAB_N_OUTCOMES, "");

  return outcomes[outcome].text;
}

const char *
kab_outcome_get_label (KabOutcome outcome)
{
  g_return_val_if_fail ((guint) outcome < KAB_N_OUTCOMES, "");

  return outcomes[outcome].label;
}

gboolean
kab_outcome_is_unknown (KabOutcome outcome)
{
  return outcome >= KAB_OUTCOME_SILENT;
}

const char *
kab_forecast_state_get_text (guint state)
{
  return state == KAB_FORECAST_GONE ? "GONE" : kab_state_get_text ((KabState) state);
}

const char *
kab_forecast_state_get_label (guint state)
{
  return state == KAB_FORECAST_GONE ? N_ ("Not listed") : kab_state_get_label ((KabState) state);
}

const KabForecastTotals *
kab_forecast_get_totals (KabForecast *self)
{
  g_return_val_if_fail (KAB_IS_FORECAST (self), NULL);

  return &self->totals;
}

const KabForecastRing *
kab_forecast_get_rings (KabForecast *self,
                        guint       *n)
{
  g_return_val_if_fail (KAB_IS_FORECAST (self), NULL);

  if (n != NULL)
    *n = self->rings->len;
  return (const KabForecastRing *) (gconstpointer) self->rings->data;
}

const KabForecastRow *
kab_forecast_get_rows (KabForecast *self,
                       guint       *n)
{
  g_return_val_if_fail (KAB_IS_FORECAST (self), NULL);

  if (n != NULL)
    *n = self->rows->len;
  return (const KabForecastRow *) (gconstpointer) self->rows->data;
}

guint64
kab_forecast_get_n_pairs (KabForecast *self)
{
  g_return_val_if_fail (KAB_IS_FORECAST (self), 0);

  return self->n_pairs;
}

void
kab_forecast_get_pair (KabForecast     *self,
                       guint64          index,
                       KabForecastPair *pair)
{
  guint64 packed;

  g_return_if_fail (KAB_IS_FORECAST (self));
  g_return_if_fail (index < self->n_pairs);
  g_return_if_fail (pair != NULL);

  packed = ((const guint64 *) self->pairs->pdata[index / KAB_PAIRS_A_BLOCK])[index % KAB_PAIRS_A_BLOCK];
  pair->host = packed & ((1u << 28) - 1);
  pair->row = self->row_of[packed >> 28 & ((1u << 28) - 1)];
  pair->before = packed >> 56 & 7;
  pair->after = packed >> 59 & 7;
  pair->kind = (KabForecastKind) (packed >> 62);
}

guint
kab_forecast_get_n_hosts (KabForecast *self)
{
  g_return_val_if_fail (KAB_IS_FORECAST (self), 0);

  return self->hosts->len;
}

void
kab_forecast_get_host (KabForecast     *self,
                       guint            index,
                       KabForecastHost *host)
{
  const KabForecastHostEntry *entry;

  g_return_if_fail (KAB_IS_FORECAST (self));
  g_return_if_fail (index < self->hosts->len);
  g_return_if_fail (host != NULL);

  entry = &g_array_index (self->hosts, KabForecastHostEntry, index);
  host->uuid = entry->uuid;
  host->name = entry->name;
  host->ring = entry->ring == 0xff ? G_MAXUINT : entry->ring;
  host->outcome = (KabOutcome) entry->outcome;
  host->n_effects = entry->n_effects;
  host->restarts = entry->restarts;
}

gboolean
kab_forecast_explain (KabForecast           *self,
                      const KabForecastPair *pair,
                      gboolean               planned,
                      KabDecision           *decision)
{
  guint32 group;

  g_return_val_if_fail (KAB_IS_FORECAST (self), FALSE);
  g_return_val_if_fail (pair != NULL && pair->host < self->hosts->len && pair->row < self->rows->len, FALSE);
  g_return_val_if_fail (decision != NULL, FALSE);

  group = g_array_index (self->hosts, KabForecastHostEntry, pair->host).group_index;
  if (group >= self->groups->len)
    return FALSE;

  kab_forecast_group_decide (self->groups->pdata[group], planned,
                             g_array_index (self->rows, KabForecastRow, pair->row).update, self->now, decision);
  return TRUE;
}
