/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-door.h"
#include "kab-facts.h"
#include "kab-forecast-parts.h"
#include "kab-format.h"
#include "kab-rules-diff.h"

/* More findings than these are a list for kabinetctl. */
#define MAX_FINDINGS 100

/* Findings */

static const char *
get_level_icon (KabLintLevel level)
{
  static const char * const icons[] = { "dialog-information-symbolic", "dialog-warning-symbolic", "dialog-error-symbolic" };

  return icons[MIN ((guint) level, KAB_LINT_ERROR)];
}

void
kab_forecast_add_finding (GtkBox               *box,
                          const KabLintFinding *finding,
                          KabUpdateIndex       *index,
                          GCallback             apply,
                          gpointer              user_data)
{
  g_autofree char *words = kab_lint_finding_describe (finding, index);
  g_autofree char *fix = kab_lint_finding_describe_fix (finding, index);
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  GtkWidget *column = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *icon = gtk_image_new_from_icon_name (get_level_icon (finding->level));
  GtkWidget *text = kab_facts_new_text (words);
  GtkWidget *line;

  gtk_widget_set_valign (icon, GTK_ALIGN_START);
  gtk_widget_set_tooltip_text (icon, _(kab_lint_level_get_label (finding->level)));
  gtk_widget_set_hexpand (text, TRUE);
  gtk_box_append (GTK_BOX (column), text);
  line = kab_facts_add_line (GTK_BOX (column));
  if (finding->query != NULL)
    {
      guint n = finding->query_is_hosts ? finding->n_hosts : finding->n_updates;
      g_autofree char *count = finding->query_is_hosts
                               ? g_strdup_printf (ngettext ("%u host", "%u hosts", n), n)
                               : g_strdup_printf (ngettext ("%u update", "%u updates", n), n);
      GtkWidget *door = kab_door_new (finding->query_is_hosts ? "hosts" : "updates", finding->query, count);

      kab_door_set_count (KAB_DOOR (door), n);
      gtk_box_append (GTK_BOX (line), door);
    }
  if (fix != NULL && apply != NULL)
    {
      GtkWidget *button = gtk_button_new_with_label (fix);

      gtk_widget_add_css_class (button, "door");
      gtk_widget_add_css_class (button, "flat");
      g_object_set_data (G_OBJECT (button), "kab-finding", (gpointer) finding);
      g_signal_connect (button, "clicked", apply, user_data);
      gtk_box_append (GTK_BOX (line), button);
    }
  gtk_widget_set_visible (line, gtk_widget_get_first_child (line) != NULL);
  gtk_box_append (GTK_BOX (row), icon);
  gtk_box_append (GTK_BOX (row), column);
  gtk_box_append (box, row);
}

static void
apply_cb (GtkButton     *button,
          KabRuleEditor *editor)
{
  const KabLintFinding *finding = g_object_get_data (G_OBJECT (button), "kab-finding");

  kab_rule_editor_apply (editor, finding);
}

void
kab_forecast_fill_findings (GtkBox        *box,
                            KabRuleEditor *editor)
{
  GPtrArray *findings = kab_rule_editor_get_findings (editor);
  KabRulesContext *context = kab_rule_editor_get_context (editor);
  guint n = findings != NULL ? findings->len : 0;
  g_autofree char *title = g_strdup_printf (ngettext ("%u thing to look at", "%u things to look at", n), n);
  GtkWidget *heading;

  kab_facts_clear (box);
  heading = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "label", findings == NULL ? _("Warnings")
                          : n > 0 ? title : _("Nothing to look at"), NULL);
  gtk_widget_add_css_class (heading, "heading");
  gtk_box_append (box, heading);
  if (n == 0)
    kab_facts_add_dim (box, findings != NULL ? _("Each line matches something, and none stands in another’s way.")
                                             : _("The rules are being looked at…"));
  for (guint i = 0; i < MIN (n, MAX_FINDINGS); i++)
    kab_forecast_add_finding (box, findings->pdata[i], kab_rules_context_get_index (context),
                              G_CALLBACK (apply_cb), editor);
  if (n > MAX_FINDINGS)
    {
      g_autofree char *more = g_strdup_printf (ngettext ("and %u more", "and %u more", n - MAX_FINDINGS),
                                               n - MAX_FINDINGS);

      kab_facts_add_dim (box, more);
    }
}

void
kab_forecast_add_changes (GtkBox         *box,
                          GPtrArray      *changes,
                          KabUpdateIndex *index,
                          guint           most)
{
  if (changes->len == 0)
    kab_facts_add_dim (box, _("The rules are the same."));
  for (guint i = 0; i < MIN (changes->len, most); i++)
    {
      g_autofree char *words = kab_rules_change_describe (changes->pdata[i], index);
      g_autofree char *text = g_strconcat ("• ", words, NULL);

      kab_facts_add_text (box, text);
    }
  if (changes->len > most)
    {
      g_autofree char *more = g_strdup_printf (ngettext ("and %u more", "and %u more", changes->len - most),
                                               changes->len - most);

      kab_facts_add_dim (box, more);
    }
}

/* Unknown and unchanged */

static void
add_outcome (GtkBox      *box,
             KabForecast *forecast,
             KabOutcome   outcome)
{
  guint n = kab_forecast_get_totals (forecast)->outcomes[outcome];
  GtkWidget *line;
  GtkWidget *door;
  g_autofree char *count = kab_format_count (n);
  g_autofree char *hosts = g_strdup_printf (ngettext ("%s host", "%s hosts", n), count);
  g_autofree char *query = g_strdup_printf ("forecast:hosts/outcome=%u", (guint) outcome);

  if (n == 0)
    return;

  line = kab_facts_add_line (box);
  door = kab_door_new ("rules", query, hosts);
  kab_door_set_count (KAB_DOOR (door), n);
  gtk_box_append (GTK_BOX (line), door);
  gtk_box_append (GTK_BOX (line), kab_facts_new_text (_(kab_outcome_get_label (outcome))));
}

void
kab_forecast_fill_unknown (GtkBox         *box,
                           KabForecast    *forecast,
                           KabForecastJob *job)
{
  const KabForecastTotals *totals = kab_forecast_get_totals (forecast);
  g_autofree char *hosts = kab_format_count (totals->n_hosts);
  g_autofree char *updates = kab_format_count (totals->n_updates);
  g_autofree char *data = NULL;
  g_autofree char *text = NULL;

  kab_facts_clear (box);
  for (guint outcome = 0; outcome < KAB_N_OUTCOMES; outcome++)
    if (kab_outcome_is_unknown (outcome))
      add_outcome (box, forecast, outcome);
  if (totals->n_pairs[KAB_FORECAST_UNKNOWN] > 0)
    {
      g_autofree char *count = kab_format_count (totals->n_pairs[KAB_FORECAST_UNKNOWN]);
      g_autofree char *pairs = g_strdup_printf (ngettext ("%s pair", "%s pairs",
                                                          (gulong) totals->n_pairs[KAB_FORECAST_UNKNOWN]), count);
      g_autofree char *query = g_strdup_printf ("forecast:pairs/kind=%d", KAB_FORECAST_UNKNOWN);
      GtkWidget *line = kab_facts_add_line (box);
      GtkWidget *door = kab_door_new ("rules", query, pairs);

      kab_door_set_count (KAB_DOOR (door), (gint64) totals->n_pairs[KAB_FORECAST_UNKNOWN]);
      gtk_box_append (GTK_BOX (line), door);
      gtk_box_append (GTK_BOX (line), kab_facts_new_text (_("Depend on an option that agents do not tell")));
    }
  if (totals->is_cut)
    kab_facts_add_text (box, _("Too many pairs change to list them all; the numbers are whole."));

  if (job == NULL)
    return;
  data = kab_format_date_time (kab_forecast_job_get_data_at (job));
  /* Translators: %1$s hosts, %2$s updates, %3$.2f seconds, %4$s date and time */
  text = g_strdup_printf (_("Computed for %1$s hosts × %2$s updates in %3$.2f s from data of %4$s. An estimate: hosts "
                            "that changed since then may differ."), hosts, updates,
                          (double) kab_forecast_job_get_duration (job) / G_USEC_PER_SEC, data);
  kab_facts_add_dim (box, text);
}

void
kab_forecast_fill_unchanged (GtkBox      *box,
                             KabForecast *forecast)
{
  kab_facts_clear (box);
  for (guint outcome = KAB_OUTCOME_SAME; outcome < KAB_N_OUTCOMES; outcome++)
    if (!kab_outcome_is_unknown (outcome))
      add_outcome (box, forecast, outcome);
}
