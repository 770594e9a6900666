/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-badge.h"
#include "kab-facts.h"
#include "kab-forecast-doors.h"
#include "kab-format.h"
#include "kab-quick-effect.h"

struct _KabQuickEffect
{
  AdwBin       parent_instance;

  GtkWidget   *waiting;
  GtkWidget   *spinner;
  GtkBox      *lines;
  KabForecast *forecast;
};

G_DEFINE_FINAL_TYPE (KabQuickEffect, kab_quick_effect, ADW_TYPE_BIN)

static char *
dup_hosts (guint n)
{
  g_autofree char *count = kab_format_count (n);

  return g_strdup_printf (ngettext ("%s host", "%s hosts", n), count);
}

static GtkWidget *
text_new (const char *text)
{
  GtkWidget *label = kab_facts_new_text (text);

  gtk_widget_set_valign (label, GTK_ALIGN_CENTER);
  return label;
}

/* A door and what it counts */
static void
add_outcome (KabQuickEffect *self,
             GtkBox         *box,
             KabOutcome      outcome,
             guint           n)
{
  GtkWidget *line = kab_facts_add_line (box);
  const char *label = _(kab_outcome_get_label (outcome));
  g_autofree char *hosts = dup_hosts (n);

  gtk_box_append (GTK_BOX (line), kab_forecast_hosts_door_new (self->forecast, hosts, label, (int) outcome, -1));
  gtk_box_append (GTK_BOX (line), text_new (label));
}

static GtkWidget *
state_badge_new (guint state)
{
  GtkWidget *badge = kab_badge_new ();

  if (state < KAB_N_STATES)
    kab_badge_set_state (KAB_BADGE (badge), state, NULL);
  else
    kab_badge_set (KAB_BADGE (badge), "neutral", "list-remove-symbolic", _(kab_forecast_state_get_label (state)), NULL);
  return badge;
}

static void
add_moves (KabQuickEffect          *self,
           const KabForecastTotals *totals)
{
  for (guint before = 0; before < KAB_N_FORECAST_STATES; before++)
    for (guint after = 0; after < KAB_N_FORECAST_STATES; after++)
      {
        guint64 n = totals->moves[before][after];
        KabForecastFilter filter = KAB_FORECAST_FILTER_ALL;
        g_autofree char *count = NULL;
        g_autofree char *words = NULL;
        GtkWidget *line, *door;

        if (n == 0)
          continue;
        filter.kind = KAB_FORECAST_EFFECT;
        filter.before = (int) before;
        filter.after = (int) after;
        count = kab_format_count (n);
        /* Translators: a number, the state of updates before, and after: "80: Discarded → Pending" */
        words = g_strdup_printf (_("%1$s: %2$s → %3$s"), count, _(kab_forecast_state_get_label (before)),
                                 _(kab_forecast_state_get_label (after)));
        line = kab_facts_add_line (self->lines);
        door = kab_forecast_pairs_door_new (self->forecast, count, words, &filter);
        gtk_accessible_update_property (GTK_ACCESSIBLE (door), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
        gtk_box_append (GTK_BOX (line), door);
        gtk_box_append (GTK_BOX (line), state_badge_new (before));
        gtk_box_append (GTK_BOX (line), text_new ("→"));
        gtk_box_append (GTK_BOX (line), state_badge_new (after));
      }
}

static void
add_kind (KabQuickEffect  *self,
          KabForecastKind  kind,
          guint64          n,
          const char      *text)
{
  KabForecastFilter filter = KAB_FORECAST_FILTER_ALL;
  g_autofree char *count = kab_format_count (n);
  GtkWidget *line;

  if (n == 0)
    return;

  filter.kind = (int) kind;
  line = kab_facts_add_line (self->lines);
  gtk_box_append (GTK_BOX (line), kab_forecast_pairs_door_new (self->forecast, count, text, &filter));
  gtk_box_append (GTK_BOX (line), text_new (text));
}

static char *
dup_costs (const KabForecastTotals *totals)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *restarts = kab_format_count (totals->n_restarts);
  g_autofree char *files = kab_format_count (totals->n_files);
  g_autofree char *bytes = totals->bytes_at_most ? kab_format_size_at_most ((gint64) totals->bytes)
                                                 : kab_format_size ((gint64) totals->bytes);

  if (totals->n_restarts > 0)
    g_string_append_printf (text, ngettext ("%s restart to be expected", "%s restarts to be expected",
                                            totals->n_restarts), restarts);
  if (totals->n_files > 0)
    {
      g_string_append (text, text->len > 0 ? " · " : "");
      /* Translators: %1$s is a number of files, %2$s a size */
      g_string_append_printf (text, ngettext ("the server must fetch %1$s file, %2$s",
                                              "the server must fetch %1$s files, %2$s", totals->n_files), files, bytes);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* Hosts that stay as they are, by cause; unknown ones are never among them. */
static void
add_unchanged (KabQuickEffect          *self,
               const KabForecastTotals *totals)
{
  GtkWidget *expander, *box;
  guint n_same = 0;
  g_autofree char *hosts = NULL;
  g_autofree char *title = NULL;

  for (guint i = 0; i < KAB_N_OUTCOMES; i++)
    {
      if (i == KAB_OUTCOME_CHANGES || totals->outcomes[i] == 0)
        continue;
      if (kab_outcome_is_unknown (i))
        add_outcome (self, self->lines, i, totals->outcomes[i]);
      else
        n_same += totals->outcomes[i];
    }
  if (n_same == 0)
    return;

  hosts = dup_hosts (n_same);
  title = g_strdup_printf (ngettext ("%s does not change", "%s do not change", n_same), hosts);
  expander = gtk_expander_new (title);
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_margin_start (box, 18);
  for (guint i = 0; i < KAB_N_OUTCOMES; i++)
    if (i != KAB_OUTCOME_CHANGES && totals->outcomes[i] > 0 && !kab_outcome_is_unknown (i))
      add_outcome (self, GTK_BOX (box), i, totals->outcomes[i]);
  gtk_expander_set_child (GTK_EXPANDER (expander), box);
  gtk_box_append (self->lines, expander);
}

static void
fill (KabQuickEffect *self,
      const char     *hint)
{
  const KabForecastTotals *totals = kab_forecast_get_totals (self->forecast);
  guint n = totals->outcomes[KAB_OUTCOME_CHANGES];
  g_autofree char *hosts = dup_hosts (n);
  g_autofree char *costs = dup_costs (totals);
  GtkWidget *line;

  kab_facts_clear (self->lines);
  line = kab_facts_add_line (self->lines);
  if (n > 0)
    {
      GtkWidget *door = kab_forecast_hosts_door_new (self->forecast, hosts, _(kab_outcome_get_label (KAB_OUTCOME_CHANGES)),
                                                     KAB_OUTCOME_CHANGES, -1);

      gtk_box_append (GTK_BOX (line), door);
      gtk_box_append (GTK_BOX (line), text_new (ngettext ("changes:", "change:", n)));
    }
  else
    {
      gtk_box_append (GTK_BOX (line), text_new (_("No host changes.")));
      if (hint != NULL)
        kab_facts_add_dim (self->lines, hint);
    }
  add_moves (self, totals);
  if (*costs != '\0')
    kab_facts_add_text (self->lines, costs);
  if (totals->n_overruled > 0)
    {
      g_autofree char *count = kab_format_count (totals->n_overruled);
      g_autofree char *text = g_strdup_printf (ngettext ("%s update stays forbidden by another line of the same hosts",
                                                         "%s updates stay forbidden by other lines of the same hosts",
                                                         totals->n_overruled), count);

      kab_facts_add_text (self->lines, text);
    }
  add_kind (self, KAB_FORECAST_CATCH_UP, totals->n_pairs[KAB_FORECAST_CATCH_UP],
            _("change at the next scan anyway"));
  add_kind (self, KAB_FORECAST_UNKNOWN, totals->n_pairs[KAB_FORECAST_UNKNOWN],
            _("cannot be told: the agents do not say their options"));
  add_unchanged (self, totals);
}

static void
kab_quick_effect_dispose (GObject *object)
{
  g_clear_object (&KAB_QUICK_EFFECT (object)->forecast);

  G_OBJECT_CLASS (kab_quick_effect_parent_class)->dispose (object);
}

static void
kab_quick_effect_class_init (KabQuickEffectClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_quick_effect_dispose;
}

static void
kab_quick_effect_init (KabQuickEffect *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *waiting = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);

  self->spinner = gtk_spinner_new ();
  gtk_box_append (GTK_BOX (waiting), self->spinner);
  gtk_box_append (GTK_BOX (waiting), text_new (_("Looking what it would do…")));
  self->waiting = waiting;
  self->lines = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 3));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->lines));
  gtk_box_append (GTK_BOX (box), waiting);
  adw_bin_set_child (ADW_BIN (self), box);
}

void
kab_quick_effect_show (KabQuickEffect *self,
                       KabForecast    *forecast,
                       gboolean        busy,
                       const char     *hint)
{
  g_return_if_fail (KAB_IS_QUICK_EFFECT (self));

  gtk_widget_set_visible (self->waiting, busy);
  gtk_spinner_set_spinning (GTK_SPINNER (self->spinner), busy);
  /* The numbers of before pale until the new ones are there. */
  gtk_widget_set_sensitive (GTK_WIDGET (self->lines), !busy);
  if (!g_set_object (&self->forecast, forecast))
    return;
  if (forecast != NULL)
    fill (self, hint);
  else
    kab_facts_clear (self->lines);
}

char *
kab_quick_effect_dup_summary (KabForecast *forecast)
{
  const KabForecastTotals *totals = forecast != NULL ? kab_forecast_get_totals (forecast) : NULL;

  if (totals == NULL)
    return g_strdup ("");
  return g_strdup_printf ("forecast: %u of %u hosts, %" G_GUINT64_FORMAT " pairs change; %u restarts",
                          totals->outcomes[KAB_OUTCOME_CHANGES], totals->n_hosts,
                          totals->n_pairs[KAB_FORECAST_EFFECT], totals->n_restarts);
}
