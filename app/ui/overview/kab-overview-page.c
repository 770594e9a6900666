/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-badge.h"
#include "kab-category.h"
#include "kab-chart.h"
#include "kab-columns-layout.h"
#include "kab-error-text.h"
#include "kab-format.h"
#include "kab-overview-flights.h"
#include "kab-overview-page.h"
#include "kab-overview-sections.h"
#include "kab-stat-card.h"
#include "kab-ui.h"
#include "kab-window.h"

struct _KabOverviewPage
{
  KabPage             parent_instance;

  GtkStack           *stack;
  KabStatCard        *compliance;
  KabStatCard        *attention;
  KabStatCard        *lacking;
  KabStatCard        *needed;
  KabStatCard        *waiting;
  GtkWidget          *chart_card;
  KabChart           *chart;
  GtkBox             *legend;
  GtkLabel           *matrix_title;
  GtkWidget          *matrix_scroll;
  GtkWidget          *matrix_empty;
  GtkGrid            *matrix;
  GtkGrid            *rings;
  KabOverviewFlights *flights;
  GtkBox             *failures;
  GtkGrid            *catalogue;

  KabSession         *session;      /* borrowed: the page's own; NULL when it has none */
  KabSnapshot        *snapshot;     /* of the figures that are shown or counted */
  KabOverviewFigures *figures;      /* of @snapshot; NULL while they are counted */
  GCancellable       *cancellable;
};

G_DEFINE_FINAL_TYPE (KabOverviewPage, kab_overview_page, KAB_TYPE_PAGE)

enum {
  SIGNAL_FILLED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
add_figure (KabStatCard              *card,
            const KabOverviewFigures *figures,
            KabFigure                 figure,
            const char               *format)
{
  g_autofree char *count = kab_format_count (figures->n[figure]);
  g_auto(GStrv) parts = g_strsplit (format, "%s", 2);
  g_autofree char *text = g_strjoinv (count, parts);

  kab_stat_card_add (card, kab_figure_get_page (figure), kab_figure_get_query (figure), text,
                     figures->n[figure]);
}

static void
set_figure (KabStatCard              *card,
            const KabOverviewFigures *figures,
            KabFigure                 figure)
{
  g_autofree char *count = kab_format_count (figures->n[figure]);

  kab_stat_card_set_value (card, kab_figure_get_page (figure), kab_figure_get_query (figure), count,
                           figures->n[figure], NULL);
}

static void
fill_compliance (KabOverviewPage *self)
{
  const guint *n = self->figures->n;
  g_autofree char *share = kab_format_percent (n[KAB_FIGURE_COMPLIANT], n[KAB_FIGURE_COUNTED]);
  g_autofree char *most = NULL;
  g_autofree char *margin = NULL;

  /* Hosts that say nothing may be compliant or not: between these two lies the truth. */
  if (n[KAB_FIGURE_UNKNOWN] > 0)
    {
      most = kab_format_percent (n[KAB_FIGURE_COMPLIANT] + n[KAB_FIGURE_UNKNOWN], n[KAB_FIGURE_COUNTED]);
      /* Translators: %s is a share: the upper end of "87.4 % to 89.5 %" */
      margin = g_strdup_printf (_("to %s"), most);
    }
  kab_stat_card_set_value (self->compliance, "hosts", NULL, share, -1, margin);

  kab_stat_card_begin (self->compliance);
  /* Translators: what follows are parts of a line under a big number; %s is a count */
  if (n[KAB_FIGURE_COMPLIANT] == 0)
    kab_stat_card_add_text (self->compliance, _("none"));
  add_figure (self->compliance, self->figures, KAB_FIGURE_COMPLIANT, _("%s compliant"));
  add_figure (self->compliance, self->figures, KAB_FIGURE_COUNTED, _("of %s"));
  add_figure (self->compliance, self->figures, KAB_FIGURE_UNKNOWN, _("%s unknown"));
  add_figure (self->compliance, self->figures, KAB_FIGURE_NOT_WINDOWS, _("%s not Windows, not counted"));
  add_figure (self->compliance, self->figures, KAB_FIGURE_DISABLED,
              _("%s with Windows Update off, not counted"));
  kab_stat_card_end (self->compliance);
}

static void
fill_cards (KabOverviewPage *self)
{
  const KabOverviewFigures *figures = self->figures;

  fill_compliance (self);

  set_figure (self->attention, figures, KAB_FIGURE_ATTENTION);
  kab_stat_card_begin (self->attention);
  add_figure (self->attention, figures, KAB_FIGURE_ERROR, _("%s with errors"));
  add_figure (self->attention, figures, KAB_FIGURE_RESTART, _("%s must restart"));
  add_figure (self->attention, figures, KAB_FIGURE_SILENT, _("%s silent"));
  if (figures->n[KAB_FIGURE_ATTENTION] == 0)
    kab_stat_card_add_text (self->attention, _("All is well."));
  kab_stat_card_end (self->attention);

  set_figure (self->lacking, figures, KAB_FIGURE_LACKING);
  kab_stat_card_begin (self->lacking);
  add_figure (self->lacking, figures, KAB_FIGURE_WAITING, _("%s hosts wait for a file"));
  if (figures->n[KAB_FIGURE_LACKING] == 0)
    kab_stat_card_add_text (self->lacking, _("It has all that hosts need."));
  kab_stat_card_end (self->lacking);

  set_figure (self->needed, figures, KAB_FIGURE_CRITICAL);
  kab_stat_card_begin (self->needed);
  add_figure (self->needed, figures, KAB_FIGURE_IMPORTANT, _("%s important"));
  add_figure (self->needed, figures, KAB_FIGURE_UNDECIDED, _("%s undecided"));
  kab_stat_card_end (self->needed);
}

static void
flights_counted_cb (KabOverviewPage *self,
                    guint            n_waiting,
                    guint            n_passing)
{
  g_autofree char *waiting = kab_format_count (n_waiting);

  kab_stat_card_set_value (self->waiting, "packages", n_waiting > 0 ? "is:waiting" : NULL, waiting,
                           n_waiting > 0 ? (gint64) n_waiting : -1, NULL);
  kab_stat_card_begin (self->waiting);
  if (n_passing > 0)
    {
      g_autofree char *passing = g_strdup_printf (ngettext ("%u may go on", "%u may go on", n_passing), n_passing);

      kab_stat_card_add_text (self->waiting, passing);
    }
  else
    {
      kab_stat_card_add_text (self->waiting, n_waiting > 0 ? _("No gate passes yet.") : _("All that is tried is in production."));
    }
  kab_stat_card_end (self->waiting);
}

static void
fill (KabOverviewPage *self)
{
  gint64 now = kab_session_get_now (self->session);
  g_autofree char *tuesday = kab_format_day (kab_patch_tuesday_before (now));
  /* Translators: %s is a date such as "10 Nov" */
  g_autofree char *title = g_strdup_printf (_("Published since Patch Tuesday, %s"), tuesday);
  gboolean has_matrix;

  fill_cards (self);
  gtk_label_set_label (self->matrix_title, title);
  has_matrix = kab_overview_fill_matrix (self->matrix, self->figures);
  gtk_widget_set_visible (self->matrix_scroll, has_matrix);
  gtk_widget_set_visible (self->matrix_empty, !has_matrix);
  kab_overview_fill_rings (self->rings, self->figures);
  kab_overview_fill_failures (self->failures, self->figures);
  kab_overview_fill_catalogue (self->catalogue, self->figures, self->snapshot, now);
  gtk_stack_set_visible_child_name (self->stack, "figures");
  g_signal_emit (self, signals[SIGNAL_FILLED], 0);
}

static void
take_figures (KabOverviewPage    *self,
              KabOverviewFigures *figures)
{
  g_clear_pointer (&self->figures, kab_overview_figures_free);
  self->figures = figures;
  fill (self);
}

static void
counted_cb (GObject      *source,
            GAsyncResult *result,
            gpointer      user_data)
{
  KabOverviewPage *self;
  g_autoptr(GError) error = NULL;
  g_autoptr(KabOverviewFigures) figures = kab_overview_figures_count_finish (result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_OVERVIEW_PAGE (user_data);
  if (figures == NULL)
    {
      g_warning ("the overview cannot be counted: %s", error->message);
      kab_window_add_error (GTK_WIDGET (self), error);
      return;
    }

  take_figures (self, g_steal_pointer (&figures));
}

static void
stop (KabOverviewPage *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
days_read_cb (GObject      *source,
              GAsyncResult *result,
              gpointer      user_data)
{
  KabOverviewPage *self;
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) days = kab_session_read_days_finish (KAB_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_OVERVIEW_PAGE (user_data);
  if (days == NULL)
    g_info ("no history for the chart: %s", error->message);

  /* One day is a point, not a line. */
  kab_overview_flights_read (self->flights, self->session);
  gtk_widget_set_visible (self->chart_card, days != NULL && days->len > 1);
  kab_chart_set_days (self->chart, days, kab_session_get_now (self->session));
}

static void
kab_overview_page_session_changed (KabPage    *page,
                                   KabSession *session)
{
  KabOverviewPage *self = KAB_OVERVIEW_PAGE (page);

  self->session = session;
  stop (self);
  g_clear_object (&self->snapshot);
  g_clear_pointer (&self->figures, kab_overview_figures_free);
  if (self->stack == NULL)
    return;

  gtk_stack_set_visible_child_name (self->stack, "reading");
  gtk_widget_set_visible (self->chart_card, FALSE);
  kab_overview_flights_read (self->flights, NULL);
}

static void
kab_overview_page_catch_up (KabPage    *page,
                            KabSession *session)
{
  KabOverviewPage *self = KAB_OVERVIEW_PAGE (page);
  KabOverviewFigures *prepared;
  guint n_hosts = 0;
  guint n_updates = 0;

  stop (self);
  g_set_object (&self->snapshot, kab_session_get_snapshot (session));
  g_clear_pointer (&self->figures, kab_overview_figures_free);
  if (self->snapshot == NULL)
    return;

  kab_snapshot_get_hosts (self->snapshot, &n_hosts);
  kab_snapshot_get_updates (self->snapshot, &n_updates);
  if (n_hosts == 0 && n_updates == 0)
    {
      gtk_stack_set_visible_child_name (self->stack, "empty");
      g_signal_emit (self, signals[SIGNAL_FILLED], 0);
      return;
    }

  self->cancellable = g_cancellable_new ();
  prepared = kab_overview_figures_take_prepared (self->snapshot);
  if (prepared != NULL)
    take_figures (self, prepared);
  else
    kab_overview_figures_count_async (self->snapshot, self->cancellable, counted_cb, self);
  kab_session_read_days_async (session, 90, self->cancellable, days_read_cb, self);
}

static void
kab_overview_page_refresh (KabPage *page)
{
  KabOverviewPage *self = KAB_OVERVIEW_PAGE (page);

  if (self->figures != NULL)
    kab_overview_fill_catalogue (self->catalogue, self->figures, self->snapshot,
                                 kab_session_get_now (self->session));
}

static void
fill_legend (KabOverviewPage *self)
{
  static const KabState states[] = { KAB_STATE_PENDING, KAB_STATE_MISSING, KAB_STATE_ERROR };

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      GtkWidget *badge = kab_badge_new ();

      kab_badge_set_state (KAB_BADGE (badge), states[i], NULL);
      gtk_box_append (self->legend, badge);
    }
}

static void
kab_overview_page_dispose (GObject *object)
{
  KabOverviewPage *self = KAB_OVERVIEW_PAGE (object);

  stop (self);
  gtk_widget_dispose_template (GTK_WIDGET (self), KAB_TYPE_OVERVIEW_PAGE);

  G_OBJECT_CLASS (kab_overview_page_parent_class)->dispose (object);
}

static void
kab_overview_page_class_init (KabOverviewPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  KabPageClass *page_class = KAB_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_overview_page_dispose;
  page_class->session_changed = kab_overview_page_session_changed;
  page_class->catch_up = kab_overview_page_catch_up;
  page_class->refresh = kab_overview_page_refresh;

  signals[SIGNAL_FILLED] = g_signal_new ("filled", KAB_TYPE_OVERVIEW_PAGE, G_SIGNAL_RUN_LAST, 0,
                                         NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (KAB_TYPE_CHART);
  g_type_ensure (KAB_TYPE_COLUMNS_LAYOUT);
  g_type_ensure (KAB_TYPE_STAT_CARD);
  g_type_ensure (KAB_TYPE_OVERVIEW_FLIGHTS);
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "overview/kab-overview-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KabOverviewPage, stack);
  gtk_widget_class_bind_template_child (widget_class, KabOverviewPage, compliance);
  gtk_widget_class_bind_template_child (widget_class, KabOverviewPage, attention);
  gtk_widget_class_bind_template_child (widget_class, KabOverviewPage, lacking);
  gtk_widget_class_bind_template_child (widget_class, KabOverviewPage, needed);
  gtk_widget_class_bind_template_child (widget_class, KabOverviewPage, waiting);
  gtk_widget_class_bind_template_child (widget_class, KabOverviewPage, chart_card);
  gtk_widget_class_bind_template_child (widget_class, KabOverviewPage, chart);
  gtk_widget_class_bind_template_child (widget_class, KabOverviewPage, legend);
  gtk_widget_class_bind_template_child (widget_class, KabOverviewPage, matrix_title);
  gtk_widget_class_bind_template_child (widget_class, KabOverviewPage, matrix_scroll);
  gtk_widget_class_bind_template_child (widget_class, KabOverviewPage, matrix_empty);
  gtk_widget_class_bind_template_child (widget_class, KabOverviewPage, matrix);
  gtk_widget_class_bind_template_child (widget_class, KabOverviewPage, rings);
  gtk_widget_class_bind_template_child (widget_class, KabOverviewPage, flights);
  gtk_widget_class_bind_template_callback (widget_class, flights_counted_cb);
  gtk_widget_class_bind_template_child (widget_class, KabOverviewPage, failures);
  gtk_widget_class_bind_template_child (widget_class, KabOverviewPage, catalogue);
}

static void
kab_overview_page_init (KabOverviewPage *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  fill_legend (self);
}

const KabOverviewFigures *
kab_overview_page_get_figures (KabOverviewPage *self)
{
  g_return_val_if_fail (KAB_IS_OVERVIEW_PAGE (self), NULL);

  return self->figures;
}
