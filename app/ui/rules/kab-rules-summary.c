/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-facts.h"
#include "kab-forecast-parts.h"
#include "kab-format.h"
#include "kab-rules-diff.h"
#include "kab-rules-summary.h"

/* Changes that the summary names one by one. */
#define MAX_CHANGES 12

static void
add_counts (KabRuleEditor *editor,
            GtkGrid       *grid)
{
  KabRulesDocument *document = kab_rule_editor_get_document (editor);
  guint n_allowed = kab_rules_document_count (document, KAB_RULE_ALLOWED_UPDATES) +
                    kab_rules_document_count (document, KAB_RULE_ALLOWED_KBS);
  guint n_forbidden = kab_rules_document_count (document, KAB_RULE_FORBIDDEN_UPDATES) +
                      kab_rules_document_count (document, KAB_RULE_FORBIDDEN_KBS);
  guint n_classes = kab_rules_document_count (document, KAB_RULE_ALLOWED_PRODUCTS) +
                    kab_rules_document_count (document, KAB_RULE_ALLOWED_SEVERITIES) +
                    kab_rules_document_count (document, KAB_RULE_ALLOWED_CLASSIFICATIONS);
  g_autofree char *allowed = g_strdup_printf (ngettext ("%u allowed", "%u allowed", n_allowed), n_allowed);
  g_autofree char *forbidden = g_strdup_printf (ngettext ("%u forbidden", "%u forbidden", n_forbidden), n_forbidden);
  g_autofree char *classes = g_strdup_printf (ngettext ("%u class allowed", "%u classes allowed", n_classes), n_classes);
  g_autofree char *text = g_strjoin (" · ", allowed, forbidden, classes, NULL);

  kab_facts_add (grid, _("Rules"), text);
}

static void
add_effect (KabRuleEditor *editor,
            GtkGrid       *grid)
{
  KabForecast *forecast = kab_rule_editor_get_forecast (editor);
  const KabForecastTotals *totals = forecast != NULL ? kab_forecast_get_totals (forecast) : NULL;
  g_autofree char *pairs = NULL;
  g_autofree char *hosts = NULL;
  g_autofree char *text = NULL;

  if (totals == NULL || !kab_rule_editor_is_current (editor))
    {
      kab_facts_add (grid, _("Effect"), _("being computed…"));
      return;
    }

  pairs = kab_format_count (totals->n_pairs[KAB_FORECAST_EFFECT]);
  hosts = kab_format_count (totals->outcomes[KAB_OUTCOME_CHANGES]);
  /* Translators: %1$s pairs of host and update, %2$s hosts */
  text = g_strdup_printf (ngettext ("%1$s pair changes on %2$s hosts", "%1$s pairs change on %2$s hosts",
                                    (gulong) totals->n_pairs[KAB_FORECAST_EFFECT]), pairs, hosts);
  if (kab_rule_editor_is_hypothetical (editor))
    {
      /* Translators: %s is "12 pairs change on 3 hosts" */
      g_autofree char *words = g_strdup_printf (_("none, as nobody gets it yet; if every host did: %s"), text);

      kab_facts_add (grid, _("Effect"), words);
      return;
    }
  kab_facts_add (grid, _("Effect"), text);
}

static void
add_targets (KabRuleEditor *editor,
             GtkGrid       *grid)
{
  GArray *targets = kab_rule_editor_get_targets (editor);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (targets->len, MAX_CHANGES); i++)
    {
      const KabAssignTarget *target = &g_array_index (targets, KabAssignTarget, i);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", target->name != NULL ? target->name : target->target);
    }
  if (targets->len > MAX_CHANGES)
    {
      g_string_append (text, ", ");
      g_string_append_printf (text, ngettext ("and %u more", "and %u more", targets->len - MAX_CHANGES),
                              targets->len - MAX_CHANGES);
    }
  if (kab_rule_editor_is_edit (editor))
    kab_facts_add (grid, _("Also assigned to"), targets->len > 0 ? text->str : _("nobody else"));
  else
    kab_facts_add (grid, _("Assigned to"), targets->len > 0 ? text->str : _("nobody yet"));
}

static void
add_changes (GtkBox        *box,
             KabRuleEditor *editor)
{
  KabRulesDocument *base = kab_rule_editor_get_base (editor);
  KabRulesContext *context = kab_rule_editor_get_context (editor);
  g_autoptr(GPtrArray) changes = NULL;

  if (base == NULL)
    return;

  changes = kab_rules_diff (base, kab_rule_editor_get_document (editor));
  kab_facts_add_heading (box, _("Since the version before"));
  kab_forecast_add_changes (box, changes, context != NULL ? kab_rules_context_get_index (context) : NULL,
                            MAX_CHANGES);
}

void
kab_rules_summary_fill (GtkBox        *box,
                        KabRuleEditor *editor)
{
  KabRulesDocument *document = kab_rule_editor_get_document (editor);
  KabRulesContext *context = kab_rule_editor_get_context (editor);
  const char *name = kab_rules_document_get_name (document);
  GPtrArray *findings = kab_rule_editor_get_findings (editor);
  g_autofree char *version = context != NULL ? kab_rules_context_dup_next_version (context, name) : g_strdup ("");
  g_autofree char *package = g_strdup_printf ("%s %s", *name != '\0' ? name : "–", version);
  GtkWidget *grid;

  kab_facts_clear (box);
  grid = kab_facts_add_grid (box);
  kab_facts_add (GTK_GRID (grid), _("Package"), package);
  kab_facts_add (GTK_GRID (grid), _("Maturity"), kab_rules_document_get_maturity (document));
  add_counts (editor, GTK_GRID (grid));
  add_effect (editor, GTK_GRID (grid));
  add_targets (editor, GTK_GRID (grid));
  if (findings != NULL && findings->len > 0)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%u thing to look at, see step 4",
                                                         "%u things to look at, see step 4", findings->len),
                                               findings->len);

      kab_facts_add (GTK_GRID (grid), _("Warnings"), text);
    }
  add_changes (box, editor);
}
