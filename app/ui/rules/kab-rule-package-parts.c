/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-detail-lines.h"
#include "kab-door.h"
#include "kab-facts.h"
#include "kab-forecast-parts.h"
#include "kab-format.h"
#include "kab-packages-columns.h"
#include "kab-rule-package-parts.h"
#include "kab-rules-columns.h"
#include "kab-rules-diff.h"

/* Changes that are named one by one */
#define MAX_CHANGES 500

KabRulesDocument *
kab_rule_package_parts_new_document (KabRulePackage *item)
{
  return item->rules != NULL ? kab_rules_document_new_from_rules (item->rules, item->package) : NULL;
}

void
kab_rule_package_parts_fill_head (GtkBox         *box,
                                  KabRulePackage *item)
{
  const char *description = kab_package_get (item->package, "description");
  const char *signer = kab_package_get (item->package, "signer");
  g_autofree char *signed_at = kab_format_date_time (item->signed_at);
  g_autofree char *who = NULL;
  GtkBox *line;

  if (*description != '\0')
    kab_facts_add_dim (box, description);
  line = GTK_BOX (kab_facts_add_line (box));
  kab_packages_bind_maturity (kab_detail_add_badge (line), item);
  kab_packages_bind_signature (kab_detail_add_badge (line), item);
  if (*signer != '\0')
    {
      /* Translators: %1$s is who signed a package, %2$s when */
      who = g_strdup_printf (_("Signed by %1$s, %2$s"), signer, signed_at);
      kab_facts_add_dim (box, who);
    }
  if (item->rules == NULL)
    kab_facts_add_text (box, _("Agents read no rules from this package."));
}

/* Changes: what this version says differently from the one before */

static KabRulePackage *
dup_previous (KabRulePackage *item,
              GListModel     *all)
{
  g_autoptr(KabRulePackage) best = NULL;
  guint n = g_list_model_get_n_items (all);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(KabRulePackage) other = g_list_model_get_item (all, i);

      if (other->rules != NULL && g_str_equal (kab_package_get_name (other->package),
                                               kab_package_get_name (item->package)) &&
          kab_package_compare (other->package, item->package) < 0 &&
          (best == NULL || kab_package_compare (other->package, best->package) > 0))
        g_set_object (&best, other);
    }

  return g_steal_pointer (&best);
}

void
kab_rule_package_parts_fill_changes (GtkBox         *box,
                                     KabRulePackage *item,
                                     GListModel     *all,
                                     KabUpdateIndex *index)
{
  g_autoptr(KabRulePackage) previous = dup_previous (item, all);
  g_autoptr(KabRulesDocument) before = previous != NULL ? kab_rule_package_parts_new_document (previous) : NULL;
  g_autoptr(KabRulesDocument) after = kab_rule_package_parts_new_document (item);
  g_autoptr(GPtrArray) changes = NULL;
  g_autofree char *heading = NULL;

  if (after == NULL || before == NULL)
    {
      kab_facts_add_dim (box, after == NULL ? _("Agents read no rules from this package.")
                                            : _("No older version of it is on the server."));
      return;
    }

  /* Translators: %1$s is a version, %2$s a maturity */
  heading = g_strdup_printf (_("Since version %1$s (%2$s)"), kab_package_get_version (previous->package),
                             kab_package_get_maturity (previous->package));
  kab_facts_add_heading (box, heading);
  changes = kab_rules_diff (before, after);
  kab_forecast_add_changes (box, changes, index, MAX_CHANGES);
}

static void
add_hosts_fact (GtkGrid    *grid,
                const char *name,
                const char *page,
                char       *query,
                guint       count)
{
  g_autofree char *text = g_strdup_printf (ngettext ("%u host", "%u hosts", count), count);
  GtkWidget *door = kab_door_new (page, count > 0 ? query : NULL, text);

  kab_door_set_count (KAB_DOOR (door), count);
  gtk_widget_set_halign (door, GTK_ALIGN_START);
  kab_facts_add_widget (grid, name, door);
  g_free (query);
}

void
kab_rule_package_parts_fill_hosts (GtkBox         *box,
                                   KabRulePackage *item)
{
  GtkGrid *grid = GTK_GRID (kab_facts_add_grid (box));

  add_hosts_fact (grid, _("Asked for by"), "rules", kab_rules_dup_door (item, "assigned"), item->assigned->len);
  add_hosts_fact (grid, _("Installed on"), "hosts", kab_packages_dup_query (item), item->installed->len);
  add_hosts_fact (grid, _("Another version on"), "rules", kab_rules_dup_door (item, "older"), item->older->len);
  if (item->assigned->len == 0)
    kab_facts_add_dim (box, _("No host package, unit, group or profile asks for it: nobody gets it."));
}
