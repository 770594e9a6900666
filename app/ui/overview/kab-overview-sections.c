/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-badge.h"
#include "kab-door.h"
#include "kab-format.h"
#include "kab-overview-sections.h"

/* Most pressing first; superseded ones are no work. */
static const KabState columns[] = {
  KAB_STATE_ERROR, KAB_STATE_MISSING, KAB_STATE_PENDING, KAB_STATE_UNKNOWN, KAB_STATE_DISCARDED, KAB_STATE_OK,
};

static void
empty (GtkWidget *container)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (container)) != NULL)
    if (GTK_IS_GRID (container))
      gtk_grid_remove (GTK_GRID (container), child);
    else
      gtk_box_remove (GTK_BOX (container), child);
}

static GtkWidget *
label_new (const char *text,
           const char *style_class,
           float       xalign)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", xalign, "wrap", TRUE, NULL);

  if (style_class != NULL)
    gtk_widget_add_css_class (label, style_class);

  return label;
}

/* A count that opens its list; none opens nothing. */
static GtkWidget *
count_door_new (const char *page,
                const char *query,
                guint       n,
                const char *spoken)
{
  g_autofree char *text = kab_format_count (n);
  GtkWidget *door = kab_door_new (page, n > 0 ? query : NULL, text);

  kab_door_set_count (KAB_DOOR (door), n > 0 ? (gint64) n : -1);
  gtk_widget_set_halign (door, GTK_ALIGN_END);
  if (n == 0)
    gtk_widget_add_css_class (door, "dim-label");
  if (spoken != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (door),
                                    GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);

  return door;
}

/* The head of a column: word below icon, so that all states find room. */
static GtkWidget *
state_head_new (KabState state)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *image = g_object_new (GTK_TYPE_IMAGE,
                                   "icon-name", kab_format_state_icon (state), "halign", GTK_ALIGN_END,
                                   "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *label = gtk_label_new (kab_format_state (state));

  gtk_widget_add_css_class (box, "kab-state-head");
  gtk_widget_add_css_class (box, kab_format_state_class (state));
  gtk_widget_set_halign (label, GTK_ALIGN_END);
  gtk_widget_set_tooltip_text (box, kab_format_state_hint (state));
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), label);

  return box;
}

void
kab_overview_fill_matrix (GtkGrid                  *grid,
                          const KabOverviewFigures *figures)
{
  guint sums[G_N_ELEMENTS (columns)] = { 0 };
  guint total = 0;

  empty (GTK_WIDGET (grid));
  for (guint severity = 0; severity < KAB_N_SEVERITIES; severity++)
    for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
      {
        sums[i] += figures->matrix[severity][columns[i]];
        total += figures->matrix[severity][columns[i]];
      }

  if (total == 0)
    {
      gtk_grid_attach (grid, label_new (_("No update was published since."), "dim-label", 0), 0, 0, 1, 1);
      return;
    }

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      if (sums[i] > 0)
        gtk_grid_attach (grid, state_head_new (columns[i]), (int) i + 1, 0, 1, 1);
    }
  for (int severity = KAB_N_SEVERITIES - 1; severity >= 0; severity--)
    {
      GtkWidget *badge = kab_badge_new ();
      int row = KAB_N_SEVERITIES - severity;

      kab_badge_set_severity (KAB_BADGE (badge), (KabSeverity) severity);
      gtk_widget_set_hexpand (badge, TRUE);
      gtk_grid_attach (grid, badge, 0, row, 1, 1);
      for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
        {
          guint n = figures->matrix[severity][columns[i]];
          g_autofree char *query = kab_figure_dup_matrix_query ((KabSeverity) severity, columns[i]);
          /* Translators: for screen readers, a cell: %1$s is a severity, %2$s a state, %3$u how many updates */
          g_autofree char *spoken = g_strdup_printf (_("%1$s, %2$s: %3$u"),
                                                     kab_format_severity ((KabSeverity) severity),
                                                     kab_format_state (columns[i]), n);

          if (sums[i] == 0)
            continue;
          gtk_grid_attach (grid, count_door_new ("updates", query, n, spoken), (int) i + 1, row, 1, 1);
        }
    }
}

void
kab_overview_fill_rings (GtkGrid                  *grid,
                         const KabOverviewFigures *figures)
{
  empty (GTK_WIDGET (grid));
  if (figures->rings->len == 0)
    gtk_grid_attach (grid, label_new (_("No host yet."), "dim-label", 0), 0, 0, 1, 1);

  for (guint i = 0; i < figures->rings->len; i++)
    {
      const KabRingFigure *ring = figures->rings->pdata[i];
      g_autofree char *share = kab_format_percent (ring->n_compliant, ring->n_hosts);
      const char *name = *ring->name != '\0' ? ring->name : _("not said");
      /* Translators: for screen readers: %s is a ring such as PREPROD */
      g_autofree char *spoken_compliant = g_strdup_printf (_("%1$s: %2$u compliant"), name, ring->n_compliant);
      g_autofree char *spoken_hosts = g_strdup_printf (_("%1$s: %2$u hosts"), name, ring->n_hosts);
      GtkWidget *bar = gtk_level_bar_new_for_interval (0, MAX (ring->n_hosts, 1));

      gtk_level_bar_add_offset_value (GTK_LEVEL_BAR (bar), "low", 0);
      gtk_level_bar_add_offset_value (GTK_LEVEL_BAR (bar), "high", MAX (ring->n_hosts, 1));
      gtk_level_bar_set_value (GTK_LEVEL_BAR (bar), MIN (ring->n_compliant, ring->n_hosts));
      gtk_widget_set_hexpand (bar, TRUE);
      gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
      gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

      gtk_grid_attach (grid, label_new (name, NULL, 0), 0, (int) i, 1, 1);
      gtk_grid_attach (grid, bar, 1, (int) i, 1, 1);
      gtk_grid_attach (grid, label_new (share, "numeric", 1), 2, (int) i, 1, 1);
      gtk_grid_attach (grid, count_door_new ("hosts", ring->compliant_query, ring->n_compliant,
                                             spoken_compliant), 3, (int) i, 1, 1);
      /* Translators: stands between two numbers: "88 of 118" */
      gtk_grid_attach (grid, label_new (_("of"), "dim-label", 0.5f), 4, (int) i, 1, 1);
      gtk_grid_attach (grid, count_door_new ("hosts", ring->query, ring->n_hosts, spoken_hosts),
                       5, (int) i, 1, 1);
    }
}

static GtkWidget *
failure_row_new (const KabFailureFigure *failure)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *head = g_object_new (GTK_TYPE_BOX, "spacing", 8, NULL);
  GtkWidget *badge = kab_badge_new ();
  GtkWidget *door;
  g_autofree char *code = kab_format_result (failure->result);
  g_autofree char *count = kab_format_count (failure->n_hosts);
  g_autofree char *text = NULL;
  const char *meaning = kab_format_result_meaning (failure->result);
  const char *remedy = kab_format_result_remedy (failure->result);

  kab_badge_set (KAB_BADGE (badge), "error", NULL, code, meaning);
  gtk_widget_add_css_class (badge, "code");
  gtk_widget_set_valign (badge, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (texts), label_new (meaning, NULL, 0));
  if (*remedy != '\0')
    {
      GtkWidget *label = label_new (remedy, "caption", 0);

      gtk_widget_add_css_class (label, "dim-label");
      gtk_label_set_lines (GTK_LABEL (label), 2);
      gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_END);
      gtk_widget_set_tooltip_text (label, remedy);
      gtk_box_append (GTK_BOX (texts), label);
    }
  gtk_widget_set_hexpand (texts, TRUE);

  text = g_strdup_printf (ngettext ("%s host", "%s hosts", failure->n_hosts), count);
  door = kab_door_new ("hosts", failure->n_hosts > 0 ? failure->query : NULL, text);
  kab_door_set_count (KAB_DOOR (door), failure->n_hosts);
  gtk_widget_set_valign (door, GTK_ALIGN_START);

  gtk_box_append (GTK_BOX (head), badge);
  gtk_box_append (GTK_BOX (row), head);
  gtk_box_append (GTK_BOX (row), texts);
  gtk_box_append (GTK_BOX (row), door);
  gtk_widget_add_css_class (row, "kab-line");

  return row;
}

void
kab_overview_fill_failures (GtkBox                   *box,
                            const KabOverviewFigures *figures)
{
  empty (GTK_WIDGET (box));
  if (figures->failures->len == 0)
    gtk_box_append (box, label_new (_("No host reports a failure."), "dim-label", 0));
  for (guint i = 0; i < figures->failures->len; i++)
    gtk_box_append (box, failure_row_new (figures->failures->pdata[i]));
}

static void
add_fact (GtkGrid    *grid,
          int        *row,
          const char *name,
          GtkWidget  *value)
{
  GtkWidget *label = label_new (name, "dim-label", 0);

  gtk_widget_set_valign (label, GTK_ALIGN_START);
  gtk_widget_set_hexpand (value, TRUE);
  gtk_grid_attach (grid, label, 0, *row, 1, 1);
  gtk_grid_attach (grid, value, 1, *row, 1, 1);
  (*row)++;
}

static void
add_door_fact (GtkGrid                  *grid,
               int                      *row,
               const char               *name,
               const KabOverviewFigures *figures,
               KabFigure                 figure)
{
  GtkWidget *door = count_door_new (kab_figure_get_page (figure), kab_figure_get_query (figure),
                                    figures->n[figure], NULL);

  gtk_widget_set_halign (door, GTK_ALIGN_START);
  add_fact (grid, row, name, door);
}

void
kab_overview_fill_catalogue (GtkGrid                  *grid,
                             const KabOverviewFigures *figures,
                             KabSnapshot              *snapshot,
                             gint64                    now)
{
  gint64 catalogue_at = kab_snapshot_get_catalogue_at (snapshot);
  g_autofree char *date = kab_format_date (catalogue_at);
  g_autofree char *age = kab_format_age (catalogue_at, now);
  g_autofree char *synced = kab_format_date_time (kab_snapshot_get_synced_at (snapshot));
  g_autofree char *catalogue = NULL;
  int row = 0;

  empty (GTK_WIDGET (grid));
  catalogue = catalogue_at > 0 ? g_strdup_printf ("%s · %s", date, age)
                               : g_strdup (_("no host says which one it has"));
  add_fact (grid, &row, _("Newest catalogue on hosts"), label_new (catalogue, NULL, 0));
  add_door_fact (grid, &row, _("Hosts with an older one than the last Patch Tuesday"),
                 figures, KAB_FIGURE_OLD_CATALOGUE);
  add_door_fact (grid, &row, _("Updates known"), figures, KAB_FIGURE_UPDATES);
  add_door_fact (grid, &row, _("Hosts known"), figures, KAB_FIGURE_HOSTS);
  add_fact (grid, &row, _("Last sync"), label_new (*synced != '\0' ? synced : _("never"), NULL, 0));
}
