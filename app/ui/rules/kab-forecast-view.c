/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-columns-layout.h"
#include "kab-facts.h"
#include "kab-forecast-assumptions.h"
#include "kab-forecast-cards.h"
#include "kab-forecast-columns.h"
#include "kab-forecast-parts.h"
#include "kab-forecast-view.h"
#include "kab-hosts-window.h"
#include "kab-item-search.h"
#include "kab-window.h"

struct _KabForecastView
{
  AdwBin               parent_instance;

  KabRuleEditor       *editor;
  KabForecast         *shown;           /* (nullable): what the widgets say */
  GPtrArray           *listed;          /* (nullable): the findings among them */

  GtkWidget           *note;            /* nobody gets it yet */
  GtkWidget           *progress_box;
  GtkWidget           *progress_text;
  GtkProgressBar      *progress;
  GtkWidget           *stop;
  KabStatCard         *cards[KAB_FORECAST_N_CARDS];
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

/* What the numbers take for granted */
static void
show_note (KabForecastView *self)
{
  g_autofree char *tried = kab_forecast_dup_tried (self->editor);
  gboolean hypothetical = kab_rule_editor_is_hypothetical (self->editor);
  const char *nobody = _("Nobody gets the package yet. This is what it would do if every host asked for it: choose in step 5 "
                         "who does.");
  g_autofree char *text = tried != NULL && hypothetical ? g_strjoin ("\n", nobody, tried, NULL)
                          : g_strdup (tried != NULL ? tried : nobody);

  gtk_label_set_label (GTK_LABEL (self->note), text);
  gtk_widget_set_visible (self->note, tried != NULL || hypothetical);
}

static void
fill (KabForecastView *self,
      KabForecast     *forecast)
{
  const KabForecastTotals *totals = kab_forecast_get_totals (forecast);
  g_autoptr(GListModel) rows = kab_forecast_updates_new (forecast);
  guint n_rows = g_list_model_get_n_items (rows);

  show_note (self);
  kab_forecast_fill_cards (self->cards, forecast);
  kab_forecast_fill_rings (self->rings, forecast,
                           kab_rules_document_get_maturity (kab_rule_editor_get_document (self->editor)));
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
show_findings (KabForecastView *self)
{
  GPtrArray *findings = kab_rule_editor_get_findings (self->editor);

  g_clear_pointer (&self->listed, g_ptr_array_unref);
  self->listed = findings != NULL ? g_ptr_array_ref (findings) : NULL;
  kab_forecast_fill_findings (self->findings, self->editor);
}

static void
forecast_cb (KabForecastView *self)
{
  KabForecast *forecast = kab_rule_editor_get_forecast (self->editor);

  update_progress (self);
  if (kab_rule_editor_get_findings (self->editor) != self->listed)
    show_findings (self);
  if (forecast != NULL && g_set_object (&self->shown, forecast))
    fill (self, forecast);
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
  g_clear_pointer (&self->listed, g_ptr_array_unref);

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
  GtkBox *what_if;
  GtkWidget *scrolled;

  self->assumptions = KAB_FORECAST_ASSUMPTIONS (kab_forecast_assumptions_new (self->editor));
  self->note = kab_facts_new_text ("");
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
  gtk_box_append (GTK_BOX (below), new_card (&self->unchanged, _("Hosts without a change"), NULL));
  gtk_box_append (GTK_BOX (below), new_card (&what_if, _("What if the agents waited?"), NULL));
  gtk_box_append (what_if, kab_forecast_what_if_new (self->editor));
  gtk_box_append (GTK_BOX (box), below);
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
  g_signal_connect_swapped (editor, "changed", G_CALLBACK (update_progress), self);
  show_findings (self);
  forecast_cb (self);

  return GTK_WIDGET (self);
}
