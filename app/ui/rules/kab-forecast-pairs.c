/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-forecast-columns.h"
#include "kab-format.h"
#include "kab-query.h"

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

static const KabForecastHost *
get_host (gconstpointer item)
{
  return kab_forecast_item_get_host (KAB_FORECAST_ITEM ((gpointer) item));
}

static const KabForecastPair *
get_pair (gconstpointer item)
{
  return kab_forecast_item_get_pair (KAB_FORECAST_ITEM ((gpointer) item));
}

static KabUpdate *
get_update (gconstpointer item)
{
  return kab_forecast_item_get_update (KAB_FORECAST_ITEM ((gpointer) item));
}

char *
kab_forecast_item_dup_query (gpointer item)
{
  g_autofree char *quoted = kab_query_quote (get_host (item)->uuid);

  return g_strconcat ("uuid:", quoted, NULL);
}

static char *
dup_host (gpointer item)
{
  return g_strdup (get_host (item)->name);
}

static int
compare_hosts (gconstpointer a,
               gconstpointer b)
{
  return g_utf8_collate (get_host (a)->name, get_host (b)->name);
}

static char *
dup_ring (gpointer item)
{
  guint n;
  const KabForecastRing *rings = kab_forecast_get_rings (kab_forecast_item_get_forecast (KAB_FORECAST_ITEM (item)), &n);
  guint ring = get_host (item)->ring;

  return g_strdup (ring < n ? rings[ring].name : "");
}

static int
compare_rings (gconstpointer a,
               gconstpointer b)
{
  return COMPARE (get_host (a)->ring, get_host (b)->ring);
}

static char *
dup_pair_kb (gpointer item)
{
  return kab_update_dup_kbs (get_update (item));
}

static char *
dup_pair_title (gpointer item)
{
  return g_strdup (kab_update_get_title (get_update (item)));
}

static int
compare_pair_titles (gconstpointer a,
                     gconstpointer b)
{
  return COMPARE (get_pair (a)->row, get_pair (b)->row);
}

static char *
dup_move (gpointer item)
{
  return kab_forecast_describe_move (get_pair (item)->before, get_pair (item)->after);
}

static void
bind_pair_move (KabBadge *badge,
                gpointer  item)
{
  kab_forecast_bind_move (badge, get_pair (item)->before, get_pair (item)->after, NULL, NULL);
}

static int
compare_moves (gconstpointer a,
               gconstpointer b)
{
  const KabForecastPair *x = get_pair (a), *y = get_pair (b);

  return x->before != y->before ? COMPARE (x->before, y->before) : COMPARE (x->after, y->after);
}

static char *
dup_pair_why (gpointer item)
{
  KabDecision decision;

  if (!kab_forecast_explain (kab_forecast_item_get_forecast (KAB_FORECAST_ITEM (item)), get_pair (item), TRUE,
                             &decision))
    return g_strdup ("");

  return kab_forecast_dup_why (&decision);
}

static const char *
get_pair_id (gpointer item)
{
  static const char *key = "kab-pair-id";
  const KabForecastPair *pair = get_pair (item);

  if (g_object_get_data (G_OBJECT (item), key) == NULL)
    g_object_set_data_full (G_OBJECT (item), key, g_strdup_printf ("%u %u", pair->host, pair->row), g_free);

  return g_object_get_data (G_OBJECT (item), key);
}

static char *
dup_pair_name (gpointer item)
{
  g_autofree char *host = dup_host (item);
  g_autofree char *title = dup_pair_title (item);
  g_autofree char *move = dup_move (item);

  return g_strdup_printf ("%s, %s: %s", host, title, move);
}

static const KabTableColumn pair_columns[] = {
  { "host", N_("Host"), 20, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_host, compare_hosts },
  { "ring", N_("Ring"), 10, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_ring, compare_rings },
  { "kb", N_("KB"), 11, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_pair_kb },
  { "update", N_("Update"), 30, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_pair_title, compare_pair_titles },
  { "move", N_("Change"), 24, FALSE, TRUE, KAB_CELL_BADGE, KAB_NO_SORT, dup_move, compare_moves, bind_pair_move },
  { "why", N_("Why"), 40, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_pair_why },
};

const KabTableInfo kab_forecast_pairs_table = {
  .id = "forecast-pairs",
  .name = N_("Pairs"),
  .columns = pair_columns,
  .n_columns = G_N_ELEMENTS (pair_columns),
  .get_id = get_pair_id,
  .dup_name = dup_pair_name,
  .narrow_title = N_("Host and Update"),
  .dup_head = dup_host,
  .dup_line = dup_pair_title,
  .bind_badge = bind_pair_move,
};

static char *
dup_outcome (gpointer item)
{
  return g_strdup (_(kab_outcome_get_label (get_host (item)->outcome)));
}

static int
compare_outcomes (gconstpointer a,
                  gconstpointer b)
{
  return COMPARE (get_host (a)->outcome, get_host (b)->outcome);
}

static char *
dup_effects (gpointer item)
{
  return kab_format_count (get_host (item)->n_effects);
}

static int
compare_effects (gconstpointer a,
                 gconstpointer b)
{
  return COMPARE (get_host (a)->n_effects, get_host (b)->n_effects);
}

static char *
dup_restarts (gpointer item)
{
  return g_strdup (get_host (item)->restarts ? _("expected") : "");
}

static int
compare_restarts (gconstpointer a,
                  gconstpointer b)
{
  return COMPARE (get_host (a)->restarts, get_host (b)->restarts);
}

static const char *
get_host_id (gpointer item)
{
  return get_host (item)->uuid;
}

static const KabTableColumn host_columns[] = {
  { "host", N_("Host"), 24, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_host, compare_hosts },
  { "ring", N_("Ring"), 12, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_ring, compare_rings },
  { "outcome", N_("What Becomes of It"), 40, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_outcome, compare_outcomes },
  { "effects", N_("Updates That Change"), 16, FALSE, TRUE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_effects, compare_effects },
  { "restart", N_("Restart"), 12, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_restarts, compare_restarts },
};

const KabTableInfo kab_forecast_hosts_table = {
  .id = "forecast-hosts",
  .name = N_("Hosts"),
  .columns = host_columns,
  .n_columns = G_N_ELEMENTS (host_columns),
  .get_id = get_host_id,
  .dup_name = dup_host,
  .narrow_title = N_("Host"),
  .dup_head = dup_host,
  .dup_line = dup_outcome,
};
