/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-door.h"
#include "kab-facts.h"
#include "kab-forecast-cards.h"
#include "kab-format.h"

static void
fill_pairs_card (KabStatCard             *card,
                 const KabForecastTotals *totals)
{
  guint64 n = totals->n_pairs[KAB_FORECAST_EFFECT];
  guint n_hosts = totals->outcomes[KAB_OUTCOME_CHANGES];
  g_autofree char *count = kab_format_count (n);
  g_autofree char *hosts = kab_format_count (n_hosts);
  g_autofree char *all = kab_format_count (totals->n_hosts);
  g_autofree char *query = g_strdup_printf ("forecast:pairs/kind=%d", KAB_FORECAST_EFFECT);
  g_autofree char *hosts_query = g_strdup_printf ("forecast:hosts/outcome=%d", KAB_OUTCOME_CHANGES);
  g_autofree char *words = NULL;

  kab_stat_card_set_value (card, "rules", query, count, (gint64) n, NULL);
  kab_stat_card_begin (card);
  /* Translators: %1$s hosts of %2$s change */
  words = g_strdup_printf (ngettext ("on %1$s of %2$s hosts", "on %1$s of %2$s hosts", n_hosts), hosts, all);
  kab_stat_card_add (card, "rules", hosts_query, words, n_hosts);
  if (n == 0)
    kab_stat_card_add_text (card, _("No state changes on any host"));
  kab_stat_card_end (card);
}

static void
fill_restart_card (KabStatCard             *card,
                   const KabForecastTotals *totals)
{
  g_autofree char *count = kab_format_count (totals->n_restarts);
  g_autofree char *servers = kab_format_count (totals->n_restart_servers);
  g_autofree char *words = g_strdup_printf (ngettext ("%s server among them", "%s servers among them",
                                                      totals->n_restart_servers), servers);

  kab_stat_card_set_value (card, "rules", "forecast:restarts", count, totals->n_restarts, NULL);
  kab_stat_card_begin (card);
  if (totals->n_restart_servers > 0)
    kab_stat_card_add_text (card, words);
  kab_stat_card_end (card);
}

/* Updates that the page Updates can list; too many for one search are not named. */
static char *
dup_updates_query (KabForecast *forecast,
                   gboolean     fetched)
{
  g_autoptr(GString) query = g_string_new ("id:");
  guint n, n_named = 0;
  const KabForecastRow *rows = kab_forecast_get_rows (forecast, &n);

  for (guint i = 0; i < n && n_named < 200; i++)
    {
      gboolean unneeded = rows[i].n_moves == 0 && rows[i].n_hosts_delayed == 0;

      if (fetched ? !rows[i].is_fetched : !unneeded)
        continue;
      g_string_append_printf (query, "%s%s", n_named++ > 0 ? "," : "", kab_update_get_id (rows[i].update));
    }

  return n_named > 0 && n_named < 200 ? g_string_free (g_steal_pointer (&query), FALSE) : NULL;
}

static void
fill_fetch_card (KabStatCard             *card,
                 KabForecast             *forecast,
                 const KabForecastTotals *totals)
{
  g_autofree char *size = kab_format_size ((gint64) totals->bytes);
  g_autofree char *at_most = kab_format_size_at_most ((gint64) totals->bytes);
  g_autofree char *query = dup_updates_query (forecast, TRUE);
  g_autofree char *count = kab_format_count (totals->n_fetched);
  g_autofree char *updates = g_strdup_printf (ngettext ("for %s update", "for %s updates", totals->n_fetched), count);
  g_autofree char *files = g_strdup_printf (ngettext ("%u file", "%u files", totals->n_files), totals->n_files);

  kab_stat_card_set_value (card, "updates", NULL, totals->n_fetched == 0 ? _("Nothing")
                                                  : totals->bytes_at_most ? at_most : size, -1, NULL);
  kab_stat_card_begin (card);
  if (totals->n_files > 0)
    kab_stat_card_add_text (card, files);
  kab_stat_card_add (card, "updates", query, updates, totals->n_fetched);
  if (totals->n_sizes_unknown > 0)
    {
      g_autofree char *unknown = g_strdup_printf (ngettext ("%u of unknown size", "%u of unknown size",
                                                            totals->n_sizes_unknown), totals->n_sizes_unknown);

      kab_stat_card_add_text (card, unknown);
    }
  kab_stat_card_end (card);
}

static void
fill_anyway_card (KabStatCard             *card,
                  KabForecast             *forecast,
                  const KabForecastTotals *totals)
{
  guint64 n = totals->n_pairs[KAB_FORECAST_CATCH_UP];
  g_autofree char *count = kab_format_count (n);
  g_autofree char *query = g_strdup_printf ("forecast:pairs/kind=%d", KAB_FORECAST_CATCH_UP);
  g_autofree char *unneeded_query = dup_updates_query (forecast, FALSE);
  g_autofree char *unneeded = kab_format_count (totals->n_unneeded);
  g_autofree char *words = g_strdup_printf (ngettext ("%s allowed update is needed by nobody",
                                                      "%s allowed updates are needed by nobody", totals->n_unneeded),
                                            unneeded);

  kab_stat_card_set_value (card, "rules", query, count, (gint64) n, NULL);
  kab_stat_card_begin (card);
  kab_stat_card_add_text (card, _("pairs change at the next scan without it too"));
  kab_stat_card_add (card, "updates", unneeded_query, words, totals->n_unneeded);
  kab_stat_card_end (card);
}

void
kab_forecast_fill_cards (KabStatCard * const *cards,
                         KabForecast         *forecast)
{
  const KabForecastTotals *totals = kab_forecast_get_totals (forecast);

  fill_pairs_card (cards[0], totals);
  fill_restart_card (cards[1], totals);
  fill_fetch_card (cards[2], forecast, totals);
  fill_anyway_card (cards[3], forecast, totals);
}

/* One line for each ring: "PREPROD: 96 pairs on 12 of 118 hosts", "PROD: no change (package is PREPROD)" */
void
kab_forecast_fill_rings (GtkBox      *box,
                         KabForecast *forecast,
                         const char  *maturity)
{
  guint n;
  const KabForecastRing *rings = kab_forecast_get_rings (forecast, &n);

  kab_facts_clear (box);
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *line = kab_facts_add_line (box);
      GtkWidget *name = gtk_label_new (rings[i].name);
      g_autofree char *hosts = kab_format_count (rings[i].n_hosts);
      g_autofree char *query = g_strdup_printf ("forecast:pairs/ring=%u/kind=%d", i, KAB_FORECAST_EFFECT);
      g_autofree char *pairs = kab_format_count (rings[i].n_pairs);
      g_autofree char *changing = kab_format_count (rings[i].n_changing);
      g_autofree char *text = NULL;
      GtkWidget *door;

      gtk_widget_add_css_class (name, "heading");
      gtk_box_append (GTK_BOX (line), name);
      if (rings[i].n_pairs > 0)
        /* Translators: of a ring: %1$s pairs of host and update on %2$s of its %3$s hosts */
        text = g_strdup_printf (ngettext ("%1$s pair on %2$s of %3$s hosts", "%1$s pairs on %2$s of %3$s hosts",
                                          (gulong) rings[i].n_pairs), pairs, changing, hosts);
      else if (!rings[i].is_reached && !g_str_equal (maturity, "PROD") && !g_str_equal (maturity, rings[i].name))
        /* Translators: of a ring of %1$s hosts: %2$s is the maturity of the package */
        text = g_strdup_printf (ngettext ("%1$s host, no change (package is %2$s)",
                                          "%1$s hosts, no change (package is %2$s)", rings[i].n_hosts), hosts, maturity);
      else if (!rings[i].is_reached)
        text = g_strdup_printf (ngettext ("%s host, no change: it does not get the package",
                                          "%s hosts, no change: none of them gets the package", rings[i].n_hosts), hosts);
      else
        text = g_strdup_printf (ngettext ("%s host, no change", "%s hosts, no change", rings[i].n_hosts), hosts);
      door = kab_door_new ("rules", rings[i].n_pairs > 0 ? query : NULL, text);
      kab_door_set_count (KAB_DOOR (door), rings[i].n_pairs > 0 ? (gint64) rings[i].n_pairs : -1);
      gtk_box_append (GTK_BOX (line), door);
    }
}
