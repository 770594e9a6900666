/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-badge.h"
#include "kab-door.h"
#include "kab-format.h"
#include "kab-overview-sections.h"
#include "kab-tooltip.h"

/* Letters that a line of a text which wraps has room for at least */
#define MIN_CHARS 10

/* Most pressing first; superseded ones are no work. */
static const KabState columns[] = {
  KAB_STATE_ERROR, KAB_STATE_MISSING, KAB_STATE_PENDING, KAB_STATE_UNKNOWN, KAB_STATE_DISCARDED, KAB_STATE_OK,
};

/* A label that may wrap is laid out word by word to find how narrow it can be: short ones, which are most, need not, and
 * the others need not be narrower than a few letters. */
static void
set_wrap (GtkWidget  *label,
          const char *text)
{
  gboolean wrap = g_utf8_strlen (text, -1) > KAB_DOOR_SHORT;

  gtk_label_set_wrap (GTK_LABEL (label), wrap);
  gtk_label_set_width_chars (GTK_LABEL (label), wrap ? MIN_CHARS : -1);
}

static GtkWidget *
label_new (const char *text,
           const char *style_class,
           float       xalign)
{
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", text, "xalign", xalign, NULL);

  set_wrap (label, text);

  if (style_class != NULL)
    gtk_widget_add_css_class (label, style_class);

  return label;
}

/* A count that opens its list; none opens nothing. A door that is there already is kept, and with it the focus. */
static void
put_door (GtkGrid    *grid,
          int         column,
          int         row,
          const char *page,
          const char *query,
          guint       n,
          const char *spoken)
{
  g_autofree char *text = kab_format_count (n);
  GtkWidget *door = gtk_grid_get_child_at (grid, column, row);

  if (door == NULL)
    {
      door = kab_door_new (page, n > 0 ? query : NULL, text);
      gtk_widget_set_halign (door, GTK_ALIGN_END);
      gtk_grid_attach (grid, door, column, row, 1, 1);
    }
  kab_door_set (KAB_DOOR (door), page, n > 0 ? query : NULL, text);
  kab_door_set_count (KAB_DOOR (door), n > 0 ? (gint64) n : -1);
  if (n == 0)
    gtk_widget_add_css_class (door, "dim-label");
  else
    gtk_widget_remove_css_class (door, "dim-label");
  if (spoken != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (door), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

/* A label that is there already gets the text, else a new one is made. */
static void
put_label (GtkGrid    *grid,
           int         column,
           int         row,
           const char *text,
           const char *style_class,
           float       xalign)
{
  GtkWidget *label = gtk_grid_get_child_at (grid, column, row);

  if (label == NULL)
    {
      label = label_new (text, style_class, xalign);
      gtk_grid_attach (grid, label, column, row, 1, 1);
    }
  else if (g_strcmp0 (gtk_label_get_label (GTK_LABEL (label)), text) != 0)
    {
      set_wrap (label, text);
      gtk_label_set_label (GTK_LABEL (label), text);
    }
}

/* The head of a column: word below icon, so that all states find room. */
static GtkWidget *
state_head_new (KabState state)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *image = g_object_new (GTK_TYPE_IMAGE,
                                   "icon-name", kab_format_state_look (state)->icon_name, "halign", GTK_ALIGN_END,
                                   "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  GtkWidget *label = gtk_label_new (kab_format_state (state));

  gtk_widget_add_css_class (box, "kab-state-head");
  gtk_widget_add_css_class (box, kab_format_state_look (state)->kind);
  gtk_widget_set_halign (label, GTK_ALIGN_END);
  kab_tooltip_set (box, kab_format_state_hint (state));
  gtk_box_append (GTK_BOX (box), image);
  gtk_box_append (GTK_BOX (box), label);

  return box;
}

static void
fill_matrix_row (GtkGrid                  *grid,
                 const KabOverviewFigures *figures,
                 KabSeverity               severity)
{
  int row = KAB_N_SEVERITIES - (int) severity;

  if (gtk_grid_get_child_at (grid, 0, row) == NULL)
    {
      GtkWidget *badge = kab_badge_new ();

      kab_badge_set_severity (KAB_BADGE (badge), severity);
      gtk_widget_set_hexpand (badge, TRUE);
      gtk_grid_attach (grid, badge, 0, row, 1, 1);
    }
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      guint n = figures->matrix[severity][columns[i]];
      g_autofree char *query = kab_figure_dup_matrix_query (severity, columns[i]);
      /* Translators: for screen readers, a cell: %1$s is a severity, %2$s a state, %3$u how many updates */
      g_autofree char *spoken = g_strdup_printf (_("%1$s, %2$s: %3$u"), kab_format_severity (severity),
                                                 kab_format_state (columns[i]), n);

      put_door (grid, (int) i + 1, row, "updates", query, n, spoken);
    }
}

/* Returns: %FALSE when no update was published since Patch Tuesday: there is nothing to see in @grid */
gboolean
kab_overview_fill_matrix (GtkGrid                  *grid,
                          const KabOverviewFigures *figures)
{
  guint total = 0;

  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    if (gtk_grid_get_child_at (grid, (int) i + 1, 0) == NULL)
      gtk_grid_attach (grid, state_head_new (columns[i]), (int) i + 1, 0, 1, 1);
  for (int severity = KAB_N_SEVERITIES - 1; severity >= 0; severity--)
    fill_matrix_row (grid, figures, (KabSeverity) severity);

  /* A column of zeros only takes room. */
  for (guint i = 0; i < G_N_ELEMENTS (columns); i++)
    {
      guint sum = 0;

      for (guint severity = 0; severity < KAB_N_SEVERITIES; severity++)
        sum += figures->matrix[severity][columns[i]];
      for (int row = 0; row <= KAB_N_SEVERITIES; row++)
        gtk_widget_set_visible (gtk_grid_get_child_at (grid, (int) i + 1, row), sum > 0);
      total += sum;
    }

  return total > 0;
}

static void
fill_ring (GtkGrid             *grid,
           int                  row,
           const KabRingFigure *ring)
{
  g_autofree char *share = kab_format_percent (ring->n_compliant, ring->n_hosts);
  const char *name = *ring->name != '\0' ? ring->name : _("not said");
  /* Translators: for screen readers: %1$s is a ring such as PREPROD */
  g_autofree char *spoken_compliant = g_strdup_printf (_("%1$s: %2$u compliant"), name, ring->n_compliant);
  /* Translators: for screen readers: %1$s is a ring such as PREPROD */
  g_autofree char *spoken_hosts = g_strdup_printf (_("%1$s: %2$u hosts"), name, ring->n_hosts);
  GtkWidget *bar = gtk_grid_get_child_at (grid, 1, row);

  if (bar == NULL)
    {
      bar = gtk_level_bar_new_for_interval (0, 1);
      gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_LOW);
      gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_HIGH);
      gtk_level_bar_remove_offset_value (GTK_LEVEL_BAR (bar), GTK_LEVEL_BAR_OFFSET_FULL);
      gtk_widget_set_hexpand (bar, TRUE);
      gtk_widget_set_valign (bar, GTK_ALIGN_CENTER);
      gtk_grid_attach (grid, bar, 1, row, 1, 1);
    }
  gtk_level_bar_set_value (GTK_LEVEL_BAR (bar),
                           ring->n_hosts > 0 ? MIN (1.0, (double) ring->n_compliant / ring->n_hosts) : 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);

  put_label (grid, 0, row, name, NULL, 0);
  put_label (grid, 2, row, share, "numeric", 1);
  put_door (grid, 3, row, "hosts", ring->compliant_query, ring->n_compliant, spoken_compliant);
  /* Translators: stands between two numbers: "88 of 118" */
  put_label (grid, 4, row, _("of"), "dim-label", 0.5f);
  put_door (grid, 5, row, "hosts", ring->query, ring->n_hosts, spoken_hosts);
}

void
kab_overview_fill_rings (GtkGrid                  *grid,
                         const KabOverviewFigures *figures)
{
  for (guint i = 0; i < figures->rings->len; i++)
    fill_ring (grid, (int) i, figures->rings->pdata[i]);
  while (gtk_grid_get_child_at (grid, 0, (int) figures->rings->len) != NULL)
    gtk_grid_remove_row (grid, (int) figures->rings->len);
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
      /* An inscription asks for two lines without laying its text out. */
      GtkWidget *label = g_object_new (GTK_TYPE_INSCRIPTION, "text", remedy, "min-chars", MIN_CHARS, "nat-lines", 2,
                                       "text-overflow", GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END, NULL);

      gtk_widget_add_css_class (label, "caption");
      gtk_widget_add_css_class (label, "dim-label");
      kab_tooltip_set (label, remedy);
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
  GtkWidget *child;
  g_autofree char *focus = NULL;
  g_autoptr(GString) shown = g_string_new (NULL);

  /* The same failures again: the rows stay. */
  for (guint i = 0; i < figures->failures->len; i++)
    {
      const KabFailureFigure *failure = figures->failures->pdata[i];

      g_string_append_printf (shown, "%s %u\n", failure->query, failure->n_hosts);
    }
  if (g_strcmp0 (g_object_get_data (G_OBJECT (box), "kab-shown"), shown->str) == 0)
    return;
  g_object_set_data_full (G_OBJECT (box), "kab-shown", g_strdup (shown->str), g_free);

  focus = kab_door_dup_focus (GTK_WIDGET (box));
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
  if (figures->failures->len == 0)
    gtk_box_append (box, label_new (_("No host reports a failure."), "dim-label", 0));
  for (guint i = 0; i < figures->failures->len; i++)
    gtk_box_append (box, failure_row_new (figures->failures->pdata[i]));
  kab_door_restore_focus (GTK_WIDGET (box), focus);
}

static void
put_fact (GtkGrid    *grid,
          int         row,
          const char *name,
          const char *value)
{
  put_label (grid, 0, row, name, "dim-label", 0);
  put_label (grid, 1, row, value, NULL, 0);
}

static void
put_door_fact (GtkGrid                  *grid,
               int                       row,
               const char               *name,
               const KabOverviewFigures *figures,
               KabFigure                 figure)
{
  put_label (grid, 0, row, name, "dim-label", 0);
  put_door (grid, 1, row, kab_figure_get_page (figure), kab_figure_get_query (figure),
            figures->n[figure], NULL);
  gtk_widget_set_halign (gtk_grid_get_child_at (grid, 1, row), GTK_ALIGN_START);
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

  catalogue = catalogue_at > 0 ? g_strdup_printf ("%s · %s", date, age)
                               : g_strdup (_("no host says which one it has"));
  put_fact (grid, 0, _("Newest catalogue on hosts"), catalogue);
  put_door_fact (grid, 1, _("Hosts with an older one than the last Patch Tuesday"),
                 figures, KAB_FIGURE_OLD_CATALOGUE);
  put_door_fact (grid, 2, _("Hosts without a rule package"), figures, KAB_FIGURE_NO_RULES);
  put_door_fact (grid, 3, _("Updates known, not superseded"), figures, KAB_FIGURE_UPDATES);
  put_door_fact (grid, 4, _("Hosts known"), figures, KAB_FIGURE_HOSTS);
  put_fact (grid, 5, _("Last sync"), *synced != '\0' ? synced : _("never"));
}
