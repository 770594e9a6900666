/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-forecast-columns.h"
#include "kab-format.h"

#define COMPARE(a, b) (((a) > (b)) - ((a) < (b)))

struct _KabForecastUpdate
{
  GObject               parent_instance;

  KabForecast          *forecast;
  const KabForecastRow *row;        /* the forecast's */
  guint                 index;
};

G_DEFINE_FINAL_TYPE (KabForecastUpdate, kab_forecast_update, G_TYPE_OBJECT)

static void
kab_forecast_update_finalize (GObject *object)
{
  g_object_unref (KAB_FORECAST_UPDATE (object)->forecast);

  G_OBJECT_CLASS (kab_forecast_update_parent_class)->finalize (object);
}

static void
kab_forecast_update_class_init (KabForecastUpdateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_forecast_update_finalize;
}

static void
kab_forecast_update_init (KabForecastUpdate *self)
{
}

GListModel *
kab_forecast_updates_new (KabForecast *forecast)
{
  GListStore *list = g_list_store_new (KAB_TYPE_FORECAST_UPDATE);
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  guint n;
  const KabForecastRow *rows = kab_forecast_get_rows (forecast, &n);

  for (guint i = 0; i < n; i++)
    {
      KabForecastUpdate *item;

      if (rows[i].n_pairs[KAB_FORECAST_EFFECT] == 0 && rows[i].n_pairs[KAB_FORECAST_UNKNOWN] == 0 &&
          rows[i].n_hosts_delayed == 0)
        continue;
      item = g_object_new (KAB_TYPE_FORECAST_UPDATE, NULL);
      item->forecast = g_object_ref (forecast);
      item->row = &rows[i];
      item->index = i;
      g_ptr_array_add (items, item);
    }
  g_list_store_splice (list, 0, 0, items->pdata, items->len);

  return G_LIST_MODEL (list);
}

/* Words */

char *
kab_forecast_dup_why (const KabDecision *decision)
{
  const char *line = decision->line != NULL ? decision->line : "";
  const char *origin = decision->origin != NULL ? decision->origin : "";
  g_autofree char *first = NULL;

  switch (decision->reason)
    {
    case KAB_REASON_FORBIDDEN_UPDATE:
    case KAB_REASON_FORBIDDEN_KB:
      /* Translators: %1$s is a line of the rules, %2$s the package that has it */
      first = g_strdup_printf (_("forbidden by “%1$s” of %2$s"), line, origin);
      break;
    case KAB_REASON_ALLOWED_UPDATE:
    case KAB_REASON_ALLOWED_KB:
      /* Translators: %1$s is a line of the rules, %2$s the package that has it */
      first = g_strdup_printf (_("allowed by “%1$s” of %2$s"), line, origin);
      break;
    case KAB_REASON_ALLOWED_PRODUCT:
      first = g_strdup_printf (_("allowed by the product “%1$s” of %2$s"), line, origin);
      break;
    case KAB_REASON_ALLOWED_SEVERITY:
      first = g_strdup_printf (_("allowed by the severity “%1$s” of %2$s"), line, origin);
      break;
    case KAB_REASON_ALLOWED_CLASSIFICATION:
      first = g_strdup_printf (_("allowed by the classification “%1$s” of %2$s"), line, origin);
      break;
    case KAB_REASON_DEFAULT_ALLOW:
      first = g_strdup (_("no rule names it; the agent’s default allows it"));
      break;
    case KAB_REASON_DEFAULT_DENY:
    case KAB_REASON_NO_RULES:
    default:
      first = g_strdup (_("no rule allows it"));
    }
  if (decision->overruled == NULL)
    return g_steal_pointer (&first);

  /* Translators: %1$s says what decides, %2$s a line that would have decided otherwise, %3$s its package */
  return g_strdup_printf (_("%1$s, wins over “%2$s” of %3$s"), first, decision->overruled,
                          decision->overruled_origin != NULL ? decision->overruled_origin : "");
}

char *
kab_forecast_describe_move (guint before,
                            guint after)
{
  /* Translators: from a state to a state: "Discarded → Pending" */
  return g_strdup_printf (_("%1$s → %2$s"), _(kab_forecast_state_get_label (before)),
                          _(kab_forecast_state_get_label (after)));
}

void
kab_forecast_bind_move (KabBadge   *badge,
                        guint       before,
                        guint       after,
                        const char *more,
                        const char *tooltip)
{
  gboolean gone = after >= KAB_N_STATES;
  g_autofree char *move = kab_forecast_describe_move (before, after);
  g_autofree char *text = more != NULL ? g_strconcat (move, more, NULL) : g_strdup (move);

  kab_badge_set (badge, gone ? "neutral" : kab_format_state_look (after)->kind,
                 gone ? "list-remove-symbolic" : kab_format_state_look (after)->icon_name, text, tooltip);
}

/* Updates */

static const KabForecastRow *
get_row (gconstpointer item)
{
  return ((const KabForecastUpdate *) item)->row;
}

static char *
dup_title (gpointer item)
{
  return g_strdup (kab_update_get_title (get_row (item)->update));
}

static char *
dup_kb (gpointer item)
{
  return kab_update_dup_kbs (get_row (item)->update);
}

/* Rings differ from fleet to fleet; these are the usual ones, and all that are left. */
typedef enum {
  RING_DEV,
  RING_PREPROD,
  RING_PROD,
  RING_OTHER,
} Ring;

static gboolean
is_ring (const char *name,
         Ring        ring)
{
  static const char * const names[] = { "DEV", "PREPROD", "PROD" };

  if (ring != RING_OTHER)
    return g_str_equal (name, names[ring]);

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (name, names[i]))
      return FALSE;

  return TRUE;
}

/* (element-type KabForecastMove): effects of one update in one ring */
static GPtrArray *
find_moves (KabForecastUpdate *self,
            Ring               ring)
{
  GPtrArray *moves = g_ptr_array_new ();
  const KabForecastRing *rings = kab_forecast_get_rings (self->forecast, NULL);

  for (guint i = 0; i < self->row->n_moves; i++)
    {
      const KabForecastMove *move = &self->row->moves[i];

      if (move->kind == KAB_FORECAST_EFFECT && is_ring (rings[move->ring].name, ring))
        g_ptr_array_add (moves, (gpointer) move);
    }

  return moves;
}

static char *
dup_moves (gpointer item,
           Ring     ring)
{
  g_autoptr(GPtrArray) moves = find_moves (item, ring);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < moves->len; i++)
    {
      const KabForecastMove *move = moves->pdata[i];
      g_autofree char *words = kab_forecast_describe_move (move->before, move->after);
      g_autofree char *count = kab_format_count (move->n_pairs);

      g_string_append (text, i > 0 ? ", " : "");
      /* Translators: %1$s is "Discarded → Pending", %2$s on how many hosts */
      g_string_append_printf (text, _("%1$s on %2$s"), words, count);
    }
  if (moves->len == 0)
    g_string_append (text, _("no change"));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
bind_moves (KabBadge *badge,
            gpointer  item,
            Ring      ring)
{
  g_autoptr(GPtrArray) moves = find_moves (item, ring);
  g_autofree char *all = NULL;
  g_autofree char *more = NULL;
  const KabForecastMove *first;

  if (moves->len == 0)
    {
      kab_badge_set (badge, "plain", NULL, _("no change"), NULL);
      return;
    }
  all = dup_moves (item, ring);
  first = moves->pdata[0];
  if (moves->len > 1)
    more = g_strdup_printf (" +%u", moves->len - 1);
  kab_forecast_bind_move (badge, first->before, first->after, more, all);
}

#define RING_CELL(name, ring) \
  static char * \
  dup_##name (gpointer item) \
  { \
    return dup_moves (item, ring); \
  } \
  static void \
  bind_##name (KabBadge *badge, gpointer item) \
  { \
    bind_moves (badge, item, ring); \
  } \
  static int \
  compare_##name (gconstpointer a, gconstpointer b) \
  { \
    g_autofree char *x = dup_moves ((gpointer) a, ring); \
    g_autofree char *y = dup_moves ((gpointer) b, ring); \
    return g_utf8_collate (x, y); \
  }

RING_CELL (dev, RING_DEV)
RING_CELL (preprod, RING_PREPROD)
RING_CELL (prod, RING_PROD)
RING_CELL (other, RING_OTHER)

static char *
dup_what (gpointer item)
{
  const KabForecastRow *row = get_row (item);
  g_autofree char *why = row->n_pairs[KAB_FORECAST_EFFECT] > 0 ? kab_forecast_dup_why (&row->decision)
                         : row->n_pairs[KAB_FORECAST_UNKNOWN] > 0
                         ? g_strdup (_("depends on an option that agents do not tell"))
                         : g_strdup (_("allowed"));
  g_autoptr(GString) text = g_string_new (why);

  if (row->is_fetched)
    g_string_append_printf (text, "; %s", _("the server must fetch it first"));
  if (row->n_hosts_delayed > 0)
    {
      g_autofree char *count = kab_format_count (row->n_hosts_delayed);
      g_autofree char *words = g_strdup_printf (ngettext ("waits on %s host for the delay of the agent",
                                                          "waits on %s hosts for the delay of the agents",
                                                          row->n_hosts_delayed), count);

      g_string_append_printf (text, "; %s", words);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

static char *
dup_pairs (gpointer item)
{
  return kab_format_count (get_row (item)->n_pairs[KAB_FORECAST_EFFECT]);
}

static char *
dup_pairs_query (gpointer item)
{
  return get_row (item)->n_pairs[KAB_FORECAST_EFFECT] > 0
         ? g_strdup_printf ("forecast:pairs/row=%u/kind=%d", ((KabForecastUpdate *) item)->index, KAB_FORECAST_EFFECT)
         : NULL;
}

static char *
dup_unknown (gpointer item)
{
  return kab_format_count (get_row (item)->n_pairs[KAB_FORECAST_UNKNOWN]);
}

static char *
dup_unknown_query (gpointer item)
{
  return get_row (item)->n_pairs[KAB_FORECAST_UNKNOWN] > 0
         ? g_strdup_printf ("forecast:pairs/row=%u/kind=%d", ((KabForecastUpdate *) item)->index, KAB_FORECAST_UNKNOWN)
         : NULL;
}

static int
compare_pairs (gconstpointer a,
               gconstpointer b)
{
  return COMPARE (get_row (a)->n_pairs[KAB_FORECAST_EFFECT], get_row (b)->n_pairs[KAB_FORECAST_EFFECT]);
}

static int
compare_unknown (gconstpointer a,
                 gconstpointer b)
{
  return COMPARE (get_row (a)->n_pairs[KAB_FORECAST_UNKNOWN], get_row (b)->n_pairs[KAB_FORECAST_UNKNOWN]);
}

static int
compare_titles (gconstpointer a,
                gconstpointer b)
{
  return g_utf8_collate (kab_update_get_title (get_row (a)->update), kab_update_get_title (get_row (b)->update));
}

static const char *
get_update_id (gpointer item)
{
  return kab_update_get_id (get_row (item)->update);
}

static char *
dup_update_name (gpointer item)
{
  g_autofree char *title = dup_title (item);
  g_autofree char *pairs = dup_pairs (item);

  /* Translators: what a screen reader says of a row: title of an update, number of host and update pairs */
  return g_strdup_printf (C_("row", "%1$s, %2$s pairs"), title, pairs);
}

static const KabTableColumn update_columns[] = {
  { "kb", N_("KB"), 11, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_kb },
  { "update", N_("Update"), 34, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_title, compare_titles },
  { "dev", N_("DEV"), 22, FALSE, FALSE, KAB_CELL_BADGE, KAB_NO_SORT, dup_dev, compare_dev, bind_dev },
  { "preprod", N_("PREPROD"), 24, FALSE, TRUE, KAB_CELL_BADGE, KAB_NO_SORT, dup_preprod, compare_preprod, bind_preprod },
  { "prod", N_("PROD"), 24, FALSE, TRUE, KAB_CELL_BADGE, KAB_NO_SORT, dup_prod, compare_prod, bind_prod },
  { "other", N_("Other Rings"), 22, FALSE, FALSE, KAB_CELL_BADGE, KAB_NO_SORT, dup_other, compare_other, bind_other },
  { "what", N_("What Happens"), 40, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_what },
  { "pairs", N_("Pairs"), 8, FALSE, TRUE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_pairs, compare_pairs, NULL, "rules",
    dup_pairs_query },
  { "unknown", N_("Unknown"), 8, FALSE, FALSE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_unknown, compare_unknown, NULL,
    "rules", dup_unknown_query },
};

static void
bind_narrow (KabBadge *badge,
             gpointer  item)
{
  for (Ring ring = RING_DEV; ring <= RING_OTHER; ring++)
    {
      g_autoptr(GPtrArray) moves = find_moves (item, ring);

      if (moves->len > 0)
        {
          bind_moves (badge, item, ring);
          return;
        }
    }
  kab_badge_set (badge, "plain", NULL, _("no change"), NULL);
}

const KabTableInfo kab_forecast_updates_table = {
  .id = "forecast-updates",
  .name = N_("Updates that change"),
  .columns = update_columns,
  .n_columns = G_N_ELEMENTS (update_columns),
  .get_id = get_update_id,
  .dup_name = dup_update_name,
  .narrow_title = N_("Update"),
  .dup_head = dup_title,
  .dup_line = dup_what,
  .bind_badge = bind_narrow,
};
