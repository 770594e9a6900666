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
#define DAY (24 * 60 * 60)

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
  heading = g_object_new (GTK_TYPE_LABEL, "label", n > 0 ? title : _("Nothing to look at"), "xalign", 0.0, NULL);
  gtk_widget_add_css_class (heading, "heading");
  gtk_box_append (box, heading);
  if (n == 0)
    kab_facts_add_dim (box, context != NULL ? _("Each line matches something, and none stands in another’s way.")
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

/* Assumptions */

struct _KabForecastAssumptions
{
  AdwBin         parent_instance;

  KabRuleEditor *editor;        /* borrowed: outlives the view */
  GtkBox        *words;
  GtkWidget     *allow_box;
  GtkDropDown   *allow;
  GtkWidget     *delay_box;
  GtkDropDown   *delay;
  gboolean       filling;
};

G_DEFINE_FINAL_TYPE (KabForecastAssumptions, kab_forecast_assumptions, ADW_TYPE_BIN)

static const gint64 delays[] = { -1, 0, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY };
static const KabTristate allows[] = { KAB_TRISTATE_NULL, KAB_TRISTATE_FALSE, KAB_TRISTATE_TRUE };

static void
chosen_cb (KabForecastAssumptions *self)
{
  guint allow = gtk_drop_down_get_selected (self->allow);
  guint delay = gtk_drop_down_get_selected (self->delay);

  if (!self->filling && allow < G_N_ELEMENTS (allows) && delay < G_N_ELEMENTS (delays))
    kab_rule_editor_assume (self->editor, allows[allow], delays[delay]);
}

static void
kab_forecast_assumptions_dispose (GObject *object)
{
  KabForecastAssumptions *self = KAB_FORECAST_ASSUMPTIONS (object);

  if (self->allow != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->allow, self);
      g_signal_handlers_disconnect_by_data (self->delay, self);
      self->allow = NULL;
    }

  G_OBJECT_CLASS (kab_forecast_assumptions_parent_class)->dispose (object);
}

static void
kab_forecast_assumptions_class_init (KabForecastAssumptionsClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_forecast_assumptions_dispose;
}

static GtkDropDown *
add_choice (GtkWidget          *box,
            GtkWidget         **line,
            const char         *title,
            const char * const *choices)
{
  GtkWidget *label = kab_facts_new_text (title);
  GtkWidget *choice = gtk_drop_down_new_from_strings (choices);

  *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_accessible_update_property (GTK_ACCESSIBLE (choice), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_widget_set_valign (choice, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (*line), label);
  gtk_box_append (GTK_BOX (*line), choice);
  gtk_box_append (GTK_BOX (box), *line);

  return GTK_DROP_DOWN (choice);
}

static void
kab_forecast_assumptions_init (KabForecastAssumptions *self)
{
  const char *allow[] = { _("leave unknown"), _("no (the default)"), _("yes"), NULL };
  const char *delay[] = {
    _("leave unknown"), _("none"), _("3 days"), _("7 days"), _("14 days"), _("30 days"), NULL
  };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->words = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 3));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->words));
  self->allow = add_choice (box, &self->allow_box, _("Take for their default_allow"), allow);
  self->delay = add_choice (box, &self->delay_box, _("Take for their install_delay"), delay);
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkWidget *
kab_forecast_assumptions_new (KabRuleEditor *editor)
{
  KabForecastAssumptions *self = g_object_new (KAB_TYPE_FORECAST_ASSUMPTIONS, NULL);

  self->editor = editor;
  for (guint i = 0; i < G_N_ELEMENTS (allows); i++)
    if (allows[i] == kab_rule_editor_get_assumed_default_allow (editor))
      gtk_drop_down_set_selected (self->allow, i);
  for (guint i = 0; i < G_N_ELEMENTS (delays); i++)
    if (delays[i] == kab_rule_editor_get_assumed_delay (editor))
      gtk_drop_down_set_selected (self->delay, i);
  g_signal_connect_swapped (self->allow, "notify::selected", G_CALLBACK (chosen_cb), self);
  g_signal_connect_swapped (self->delay, "notify::selected", G_CALLBACK (chosen_cb), self);

  return GTK_WIDGET (self);
}

void
kab_forecast_assumptions_show (KabForecastAssumptions  *self,
                               const KabForecastTotals *totals)
{
  guint n_allow = totals->n_default_unknown + totals->n_default_assumed;
  guint n_delay = totals->n_delay_unknown + totals->n_delay_assumed;

  g_return_if_fail (KAB_IS_FORECAST_ASSUMPTIONS (self));

  kab_facts_clear (self->words);
  if (n_allow > 0)
    {
      g_autofree char *count = kab_format_count (n_allow);
      g_autofree char *text = g_strdup_printf (ngettext ("%s host does not tell whether it allows what no rule names.",
                                                         "%s hosts do not tell whether they allow what no rule names.",
                                                         n_allow), count);

      kab_facts_add_text (self->words, text);
    }
  if (n_delay > 0)
    {
      g_autofree char *count = kab_format_count (n_delay);
      g_autofree char *text = g_strdup_printf (ngettext ("%s host does not tell how long it waits with new updates.",
                                                         "%s hosts do not tell how long they wait with new updates.",
                                                         n_delay), count);

      kab_facts_add_text (self->words, text);
    }
  gtk_widget_set_visible (self->allow_box, n_allow > 0);
  gtk_widget_set_visible (self->delay_box, n_delay > 0);
  gtk_widget_set_visible (GTK_WIDGET (self), n_allow > 0 || n_delay > 0);
}
