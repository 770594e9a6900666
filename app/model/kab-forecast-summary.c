/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "kab-forecast-builder-private.h"

static int
compare_rings (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  const char *first = ((GPtrArray *) user_data)->pdata[*(const guint8 *) a];
  const char *second = ((GPtrArray *) user_data)->pdata[*(const guint8 *) b];
  int order = (strcmp (first, "PROD") == 0) - (strcmp (second, "PROD") == 0);

  return order != 0 ? order : strcmp (first, second);
}

/* Rings in the order in which a package goes through them. @places: where each went */
static void
end_rings (KabForecastBuilder *self,
           guint8             *places)
{
  KabForecast *forecast = self->forecast;
  guint8 order[KAB_MAX_RINGS];
  guint n = self->ring_names->len;

  for (guint8 i = 0; i < n; i++)
    order[i] = i;
  g_qsort_with_data (order, (gint) n, sizeof *order, compare_rings, self->ring_names);
  for (guint8 i = 0; i < n; i++)
    {
      KabForecastRing ring = { self->ring_names->pdata[order[i]] };

      ring.is_reached = self->ring_reached[order[i]] > 0;
      places[order[i]] = i;
      g_array_append_val (forecast->rings, ring);
    }

  for (guint i = 0; i < forecast->hosts->len; i++)
    {
      KabForecastHostEntry *entry = &g_array_index (forecast->hosts, KabForecastHostEntry, i);
      KabForecastRing *ring;

      if (entry->ring == KAB_NO_RING)
        continue;
      entry->ring = places[entry->ring];
      ring = &g_array_index (forecast->rings, KabForecastRing, entry->ring);
      ring->n_hosts++;
      ring->n_changing += entry->n_effects > 0 ? 1 : 0;
      ring->n_pairs += entry->n_effects;
      ring->n_restarts += entry->restarts;
    }
}

static int
compare_moves (gconstpointer a,
               gconstpointer b)
{
  const KabForecastMove *first = a;
  const KabForecastMove *second = b;

  if (first->ring != second->ring)
    return first->ring < second->ring ? -1 : 1;
  if (first->kind != second->kind)
    return first->kind < second->kind ? -1 : 1;
  if (first->n_pairs != second->n_pairs)
    return first->n_pairs > second->n_pairs ? -1 : 1;
  return (int) (first->before * KAB_N_FORECAST_STATES + first->after) -
         (int) (second->before * KAB_N_FORECAST_STATES + second->after);
}

static guint
add_moves (GArray                *moves,
           const KabForecastSlot *slot,
           const guint8          *places,
           guint                  n_rings)
{
  guint first = moves->len;

  for (guint ring = 0; ring < n_rings; ring++)
    for (guint kind = 0; slot->tables[ring] != NULL && kind < KAB_N_FORECAST_KINDS; kind++)
      for (guint before = 0; before < KAB_N_FORECAST_STATES; before++)
        for (guint after = 0; after < KAB_N_FORECAST_STATES; after++)
          {
            guint n = (*slot->tables[ring])[kind][before][after];
            KabForecastMove move = { places[ring], before, after, (KabForecastKind) kind, n };

            if (n > 0)
              g_array_append_val (moves, move);
          }
  if (moves->len > first + 1)
    qsort (&g_array_index (moves, KabForecastMove, first), moves->len - first, sizeof (KabForecastMove), compare_moves);
  return moves->len - first;
}

/* What the server must fetch: nobody wanted it, now somebody does, and it is not there. */
static void
count_files (KabForecastTotals     *totals,
             const KabForecastSlot *slot)
{
  const KabUpdateFields *fields = kab_update_get_fields (slot->update);

  totals->n_fetched++;
  totals->n_files += fields->download_urls != NULL ? g_strv_length ((char **) fields->download_urls) : 0;
  if (fields->max_download_size > 0)
    {
      /* The most is the sum of all variants and far too much where the least says something else. */
      totals->bytes += (guint64) fields->max_download_size;
      totals->bytes_at_most = totals->bytes_at_most || fields->min_download_size != fields->max_download_size;
    }
  else if (fields->min_download_size > 0)
    totals->bytes += (guint64) fields->min_download_size;
  else
    totals->n_sizes_unknown++;
}

static int
compare_slots (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  GArray *slots = user_data;
  const KabForecastSlot *first = &g_array_index (slots, KabForecastSlot, *(const guint32 *) a);
  const KabForecastSlot *second = &g_array_index (slots, KabForecastSlot, *(const guint32 *) b);

  for (guint kind = 0; kind < KAB_N_FORECAST_KINDS; kind++)
    {
      guint of_kind = kind == 0 ? KAB_FORECAST_EFFECT : kind == 1 ? KAB_FORECAST_UNKNOWN : KAB_FORECAST_CATCH_UP;

      if (first->n_pairs[of_kind] != second->n_pairs[of_kind])
        return first->n_pairs[of_kind] > second->n_pairs[of_kind] ? -1 : 1;
    }
  return strcmp (kab_update_get_id (first->update), kab_update_get_id (second->update));
}

static gboolean
is_unneeded (const KabForecastSlot *slot)
{
  return slot->newly_allowed && slot->n_needed == 0;
}

static void
add_row (KabForecastBuilder *self,
         guint32             index,
         const guint8       *places)
{
  KabForecast *forecast = self->forecast;
  const KabForecastSlot *slot = &g_array_index (self->slots, KabForecastSlot, index);
  KabForecastRow row = { g_object_ref (slot->update) };

  row.n_moves = add_moves (forecast->moves, slot, places, self->ring_names->len);
  memcpy (row.n_pairs, slot->n_pairs, sizeof row.n_pairs);
  row.n_hosts_delayed = slot->n_delayed;
  row.is_fetched = !slot->on_server && slot->n_gained > 0 && slot->n_wanted == 0;
  if (slot->proof != 0)
    kab_forecast_group_decide (forecast->groups->pdata[slot->proof - 1], TRUE, slot->update, forecast->now,
                               &row.decision);
  if (row.is_fetched)
    count_files (&forecast->totals, slot);
  forecast->row_of[index] = forecast->rows->len;
  g_array_append_val (forecast->rows, row);
}

void
kab_forecast_builder_summarise (KabForecastBuilder *self)
{
  KabForecast *forecast = self->forecast;
  g_autoptr(GArray) order = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint8 places[KAB_MAX_RINGS] = { 0 };
  guint n_moves = 0;

  forecast->totals.n_hosts = forecast->hosts->len;
  forecast->totals.n_updates = self->slots->len;
  forecast->groups = g_ptr_array_ref (kab_forecast_fleet_get_groups (self->fleet));
  for (guint i = 0; i < forecast->groups->len; i++)
    for (guint k = 0; k < 2; k++)
      g_clear_pointer (&((KabForecastGroup *) forecast->groups->pdata[i])->cells[k], g_free);
  end_rings (self, places);

  for (guint32 i = 0; i < self->slots->len; i++)
    {
      const KabForecastSlot *slot = &g_array_index (self->slots, KabForecastSlot, i);

      forecast->totals.n_unneeded += is_unneeded (slot) ? 1 : 0;
      forecast->totals.n_overruled += slot->overruled;
      if (slot->n_pairs[0] + slot->n_pairs[1] + slot->n_pairs[2] > 0 || is_unneeded (slot))
        g_array_append_val (order, i);
    }
  if (order->len > 1)
    g_qsort_with_data (order->data, (gint) order->len, sizeof (guint32), compare_slots, self->slots);

  forecast->row_of = g_new0 (guint32, (gsize) self->slots->len + 1);
  for (guint i = 0; i < order->len; i++)
    add_row (self, g_array_index (order, guint32, i), places);
  /* Only now do the moves lie where they stay. */
  for (guint i = 0; i < forecast->rows->len; i++)
    {
      KabForecastRow *row = &g_array_index (forecast->rows, KabForecastRow, i);

      if (row->n_moves > 0)
        row->moves = &g_array_index (forecast->moves, KabForecastMove, n_moves);
      n_moves += row->n_moves;
    }
}
