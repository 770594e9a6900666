/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-columns-layout.h"
#include "kab-door.h"
#include "kab-facts.h"
#include "kab-forecast-columns.h"
#include "kab-forecast-parts.h"
#include "kab-forecast-view.h"
#include "kab-format.h"
#include "kab-hosts-window.h"
#include "kab-item-search.h"
#include "kab-stat-card.h"
#include "kab-window.h"

struct _KabForecastView
{
  AdwBin               parent_instance;

  KabRuleEditor       *editor;
  KabForecast         *shown;           /* (nullable): what the widgets say */

  GtkWidget           *note;            /* nobody gets it yet */
  GtkWidget           *progress_box;
  GtkWidget           *progress_text;
  GtkProgressBar      *progress;
  GtkWidget           *stop;
  KabStatCard         *cards[4];
  GtkBox              *rings;
  GtkWidget           *table_card;
  KabTable            *table;
  KabItemSearch       *search;
  GtkBox              *findings;
  GtkBox              *unknown;
  KabForecastAssumptions *assumptions;
  GtkBox              *unchanged;
};

G_DEFINE_FINAL_TYPE (KabForecastView, kab_forecast_view, ADW_TYPE_BIN)

/* Cards */

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

/* One line for each ring: "PREPROD: 96 pairs on 12 of 118 hosts", "PROD: no change (package is PREPROD)" */
static void
fill_rings (KabForecastView *self,
            KabForecast     *forecast)
{
  guint n;
  const KabForecastRing *rings = kab_forecast_get_rings (forecast, &n);
  const char *maturity = kab_rules_document_get_maturity (kab_rule_editor_get_document (self->editor));

  kab_facts_clear (self->rings);
  for (guint i = 0; i < n; i++)
    {
      GtkWidget *line = kab_facts_add_line (self->rings);
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

static void
fill (KabForecastView *self,
      KabForecast     *forecast)
{
  const KabForecastTotals *totals = kab_forecast_get_totals (forecast);
  g_autoptr(GListModel) rows = kab_forecast_updates_new (forecast);
  guint n_rows = g_list_model_get_n_items (rows);

  gtk_widget_set_visible (self->note, kab_rule_editor_is_hypothetical (self->editor));
  fill_pairs_card (self->cards[0], totals);
  fill_restart_card (self->cards[1], totals);
  fill_fetch_card (self->cards[2], forecast, totals);
  fill_anyway_card (self->cards[3], forecast, totals);
  fill_rings (self, forecast);
  kab_item_search_set_model (self->search, rows);
  gtk_widget_set_size_request (GTK_WIDGET (self->table), -1, (int) CLAMP (n_rows * 29 + 40, 120, 420));
  kab_forecast_fill_unknown (self->unknown, forecast, kab_rule_editor_get_job (self->editor));
  kab_forecast_assumptions_show (self->assumptions, totals);
  kab_forecast_fill_unchanged (self->unchanged, forecast);
}

/* Progress */

static void
update_progress (KabForecastView *self)
{
  KabForecastJob *job = kab_rule_editor_get_job (self->editor);
  KabJobState state = job != NULL ? kab_job_get_state (KAB_JOB (job)) : KAB_JOB_WAITING;
  gboolean running = job == NULL || state == KAB_JOB_WAITING || state == KAB_JOB_RUNNING;
  double fraction = job != NULL ? kab_job_get_fraction (KAB_JOB (job)) : -1;
  gboolean current = kab_rule_editor_is_current (self->editor);

  gtk_widget_set_visible (self->progress_box, !current);
  if (current)
    return;

  gtk_label_set_label (GTK_LABEL (self->progress_text),
                       running ? _("Computing what changes on the fleet…")
                       : state == KAB_JOB_CANCELLED ? _("Stopped. The numbers are of an earlier state.")
                       : _("It could not be computed."));
  gtk_button_set_label (GTK_BUTTON (self->stop), running ? _("_Stop") : _("_Compute"));
  gtk_widget_set_visible (GTK_WIDGET (self->progress), running);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (self->progress, fraction);
}

static void
forecast_cb (KabForecastView *self)
{
  KabForecast *forecast = kab_rule_editor_get_forecast (self->editor);

  update_progress (self);
  if (forecast != NULL && g_set_object (&self->shown, forecast))
    fill (self, forecast);
}

static void
findings_cb (KabForecastView *self)
{
  kab_forecast_fill_findings (self->findings, self->editor);
  update_progress (self);
}

static void
stop_cb (KabForecastView *self)
{
  KabForecastJob *job = kab_rule_editor_get_job (self->editor);
  KabJobState state = job != NULL ? kab_job_get_state (KAB_JOB (job)) : KAB_JOB_WAITING;

  if (state == KAB_JOB_WAITING || state == KAB_JOB_RUNNING)
    kab_rule_editor_stop (self->editor);
  else
    kab_rule_editor_restart (self->editor);
  update_progress (self);
}

/* Doors */

static int
get_number (const char *query,
            const char *key)
{
  g_autofree char *needle = g_strconcat ("/", key, "=", NULL);
  const char *found = strstr (query, needle);

  return found != NULL ? (int) g_ascii_strtoll (found + strlen (needle), NULL, 10) : -1;
}

static gboolean
restarts (gpointer item,
          gpointer user_data)
{
  return kab_forecast_item_get_host (KAB_FORECAST_ITEM (item))->restarts;
}

gboolean
kab_forecast_view_open_door (KabForecastView *self,
                             const char      *query)
{
  KabForecastFilter filter = KAB_FORECAST_FILTER_ALL;
  g_autoptr(GListModel) model = NULL;

  g_return_val_if_fail (KAB_IS_FORECAST_VIEW (self), FALSE);

  if (self->shown == NULL)
    return FALSE;

  if (g_str_has_prefix (query, "forecast:pairs"))
    {
      filter.row = get_number (query, "row");
      filter.ring = get_number (query, "ring");
      filter.kind = get_number (query, "kind");
      filter.before = get_number (query, "before");
      filter.after = get_number (query, "after");
      model = kab_forecast_list_pairs (self->shown, &filter);
      kab_list_window_show (GTK_WIDGET (self), _("Hosts and Updates That Change"), &kab_forecast_pairs_table, model,
                            "hosts", kab_forecast_item_dup_query);
      return TRUE;
    }
  if (g_str_has_prefix (query, "forecast:hosts") || g_str_equal (query, "forecast:restarts"))
    {
      model = kab_forecast_list_hosts (self->shown, get_number (query, "outcome"), get_number (query, "ring"));
      if (g_str_equal (query, "forecast:restarts"))
        model = G_LIST_MODEL (gtk_filter_list_model_new (g_steal_pointer (&model),
                                                         GTK_FILTER (gtk_custom_filter_new (restarts, NULL, NULL))));
      kab_list_window_show (GTK_WIDGET (self), _("Hosts"), &kab_forecast_hosts_table, model, "hosts",
                            kab_forecast_item_dup_query);
      return TRUE;
    }

  return FALSE;
}

static void
kab_forecast_view_dispose (GObject *object)
{
  KabForecastView *self = KAB_FORECAST_VIEW (object);

  if (self->editor != NULL)
    g_signal_handlers_disconnect_by_data (self->editor, self);
  g_clear_object (&self->editor);
  g_clear_object (&self->shown);

  G_OBJECT_CLASS (kab_forecast_view_parent_class)->dispose (object);
}

static void
kab_forecast_view_class_init (KabForecastViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_forecast_view_dispose;
}

/* Building */

static GtkWidget *
new_progress (KabForecastView *self)
{
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);

  self->progress_box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  self->progress_text = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "hexpand", TRUE, "wrap", TRUE, NULL);
  self->progress = GTK_PROGRESS_BAR (gtk_progress_bar_new ());
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Progress"), -1);
  self->stop = gtk_button_new_with_mnemonic (_("_Stop"));
  gtk_widget_set_valign (self->stop, GTK_ALIGN_CENTER);
  g_signal_connect_swapped (self->stop, "clicked", G_CALLBACK (stop_cb), self);
  gtk_box_append (GTK_BOX (column), self->progress_text);
  gtk_box_append (GTK_BOX (column), GTK_WIDGET (self->progress));
  gtk_box_append (GTK_BOX (self->progress_box), column);
  gtk_box_append (GTK_BOX (self->progress_box), self->stop);

  return self->progress_box;
}

static GtkWidget *
new_columns (int width,
             int max)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (box, g_object_new (KAB_TYPE_COLUMNS_LAYOUT, "column-width", width,
                                                    "max-columns", max, "spacing", 12, NULL));

  return box;
}

static GtkWidget *
new_cards (KabForecastView *self)
{
  const char *titles[] = {
    _("Pairs that change"), _("Restarts expected"), _("Server must fetch"), _("Catching up anyway"),
  };
  GtkWidget *box = new_columns (190, 4);

  for (guint i = 0; i < G_N_ELEMENTS (self->cards); i++)
    {
      self->cards[i] = g_object_new (KAB_TYPE_STAT_CARD, "title", titles[i], NULL);
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->cards[i]));
    }

  return box;
}

static GtkWidget *
new_card (GtkBox     **content,
          const char  *heading,
          GtkWidget   *below)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  *content = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "kab-card");
  if (heading != NULL)
    {
      GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", heading, "xalign", 0.0, NULL);

      gtk_widget_add_css_class (label, "heading");
      gtk_box_append (GTK_BOX (card), label);
    }
  gtk_box_append (GTK_BOX (card), GTK_WIDGET (*content));
  if (below != NULL)
    gtk_box_append (GTK_BOX (card), below);

  return card;
}

static void
told_cb (KabForecastView *self,
         const char      *text)
{
  kab_window_add_toast (GTK_WIDGET (self), text);
}

static void
failed_cb (KabForecastView *self,
           const GError    *error)
{
  kab_window_add_error (GTK_WIDGET (self), error);
}

static GtkWidget *
new_table (KabForecastView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *none = adw_status_page_new ();

  self->table = KAB_TABLE (kab_table_new (&kab_forecast_updates_table));
  self->search = KAB_ITEM_SEARCH (kab_item_search_new (self->table, &kab_forecast_updates_table,
                                                       _("Search the updates that change")));
  g_object_set (none, "title", _("No Change"),
                "description", _("No update changes its state on any host."), NULL);
  gtk_widget_add_css_class (none, "compact");
  kab_table_set_placeholder (self->table, none);
  g_signal_connect_swapped (self->table, "told", G_CALLBACK (told_cb), self);
  g_signal_connect_swapped (self->table, "failed", G_CALLBACK (failed_cb), self);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->search));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->table));
  gtk_widget_add_css_class (box, "card");
  gtk_widget_set_overflow (box, GTK_OVERFLOW_HIDDEN);

  return box;
}

static void
kab_forecast_view_init (KabForecastView *self)
{
}

static void
build (KabForecastView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *below = new_columns (300, 2);
  GtkWidget *scrolled;

  self->assumptions = KAB_FORECAST_ASSUMPTIONS (kab_forecast_assumptions_new (self->editor));
  self->note = kab_facts_new_text (_("Nobody gets the package yet. This is what it would do if every host asked for it: "
                                     "choose in step 5 who does."));
  gtk_widget_add_css_class (self->note, "kab-banner");
  gtk_widget_add_css_class (self->note, "card");
  gtk_widget_set_visible (self->note, FALSE);
  gtk_box_append (GTK_BOX (box), self->note);
  gtk_box_append (GTK_BOX (box), new_progress (self));
  gtk_box_append (GTK_BOX (box), new_cards (self));
  gtk_box_append (GTK_BOX (box), new_card (&self->rings, NULL, NULL));
  gtk_box_append (GTK_BOX (box), new_table (self));
  gtk_box_append (GTK_BOX (below), new_card (&self->findings, NULL, NULL));
  gtk_box_append (GTK_BOX (below), new_card (&self->unknown, _("Unknown"), GTK_WIDGET (self->assumptions)));
  gtk_box_append (GTK_BOX (box), below);
  gtk_box_append (GTK_BOX (box), new_card (&self->unchanged, _("Hosts without a change"), NULL));
  g_object_set (box, "margin-top", 12, "margin-bottom", 18, "margin-start", 12, "margin-end", 12, NULL);
  g_object_set (clamp, "maximum-size", 1400, "tightening-threshold", 1200, "child", box, NULL);
  scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", clamp, "hscrollbar-policy", GTK_POLICY_NEVER, NULL);
  adw_bin_set_child (ADW_BIN (self), scrolled);
}

GtkWidget *
kab_forecast_view_new (KabRuleEditor *editor)
{
  KabForecastView *self = g_object_new (KAB_TYPE_FORECAST_VIEW, NULL);

  g_return_val_if_fail (KAB_IS_RULE_EDITOR (editor), NULL);

  self->editor = g_object_ref (editor);
  build (self);
  g_signal_connect_swapped (editor, "forecast", G_CALLBACK (forecast_cb), self);
  g_signal_connect_swapped (editor, "changed", G_CALLBACK (findings_cb), self);
  findings_cb (self);
  forecast_cb (self);

  return GTK_WIDGET (self);
}
