/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-facts.h"
#include "kab-forecast-assumptions.h"
#include "kab-format.h"

#define DAY (24 * 60 * 60)

struct _KabForecastAssumptions
{
  AdwBin         parent_instance;

  KabRuleEditor *editor;        /* borrowed: outlives the view */
  GtkBox        *words;
  GtkWidget     *allow_box;
  GtkDropDown   *allow;
  GtkWidget     *delay_box;
  GtkDropDown   *delay;
};

G_DEFINE_FINAL_TYPE (KabForecastAssumptions, kab_forecast_assumptions, ADW_TYPE_BIN)

static const gint64 delays[] = { -1, 0, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY };
static const KabTristate allows[] = { KAB_TRISTATE_NULL, KAB_TRISTATE_FALSE, KAB_TRISTATE_TRUE };

static void
chosen_cb (KabForecastAssumptions *self)
{
  guint allow = gtk_drop_down_get_selected (self->allow);
  guint delay = gtk_drop_down_get_selected (self->delay);

  if (allow < G_N_ELEMENTS (allows) && delay < G_N_ELEMENTS (delays))
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

/* Choices are those of delays[]. */
static GtkDropDown *
add_delays (GtkWidget   *box,
            GtkWidget  **line,
            const char  *title,
            const char  *none)
{
  const char *choices[] = { none, _("none"), _("3 days"), _("7 days"), _("14 days"), _("30 days"), NULL };

  return add_choice (box, line, title, choices);
}

static void
select_delay (GtkDropDown *choice,
              gint64       seconds)
{
  for (guint i = 0; i < G_N_ELEMENTS (delays); i++)
    if (delays[i] == seconds)
      gtk_drop_down_set_selected (choice, i);
}

static void
kab_forecast_assumptions_init (KabForecastAssumptions *self)
{
  const char *allow[] = { _("leave unknown"), _("no (the default)"), _("yes"), NULL };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->words = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 3));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->words));
  self->allow = add_choice (box, &self->allow_box, _("Take for their default_allow"), allow);
  self->delay = add_delays (box, &self->delay_box, _("Take for their install_delay"), _("leave unknown"));
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
  select_delay (self->delay, kab_rule_editor_get_assumed_delay (editor));
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

/* What if */

static void
tried_cb (GtkDropDown   *choice,
          GParamSpec    *pspec,
          KabRuleEditor *editor)
{
  guint selected = gtk_drop_down_get_selected (choice);

  if (selected < G_N_ELEMENTS (delays))
    kab_rule_editor_try_delay (editor, delays[selected]);
}

static void
editor_changed_cb (GtkDropDown   *choice,
                   KabRuleEditor *editor)
{
  select_delay (choice, kab_rule_editor_get_tried_delay (editor));
}

GtkWidget *
kab_forecast_what_if_new (KabRuleEditor *editor)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *line;
  GtkDropDown *choice = add_delays (box, &line, _("Every agent waits with new updates"), _("as it does now"));

  kab_facts_add_dim (GTK_BOX (box), _("How long they wait is an option of the agents, not of a rule package: publishing does "
                                      "not change it."));
  select_delay (choice, kab_rule_editor_get_tried_delay (editor));
  g_signal_connect_object (choice, "notify::selected", G_CALLBACK (tried_cb), editor, 0);
  g_signal_connect_object (editor, "changed", G_CALLBACK (editor_changed_cb), choice, G_CONNECT_SWAPPED);

  return box;
}

char *
kab_forecast_dup_tried (KabRuleEditor *editor)
{
  gint64 seconds = kab_rule_editor_get_tried_delay (editor);
  guint days = (guint) (seconds / DAY);

  if (seconds < 0)
    return NULL;
  if (days == 0)
    return g_strdup (_("These numbers are what would be if no agent waited with new updates."));
  return g_strdup_printf (ngettext ("These numbers are what would be if every agent waited %u day with new updates.",
                                    "These numbers are what would be if every agent waited %u days with new updates.",
                                    days), days);
}
