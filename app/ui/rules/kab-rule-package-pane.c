/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-badge.h"
#include "kab-door.h"
#include "kab-facts.h"
#include "kab-forecast-parts.h"
#include "kab-format.h"
#include "kab-packages-columns.h"
#include "kab-rule-lines.h"
#include "kab-rule-package-pane.h"
#include "kab-rules-columns.h"
#include "kab-rules-context.h"
#include "kab-rules-diff.h"

/* Changes that are named one by one */
#define MAX_CHANGES 500

struct _KabRulePackagePane
{
  AdwBin            parent_instance;

  GtkWidget        *stack;
  GtkWidget        *none;
  GtkBox           *head;
  AdwViewStack     *tabs;
  KabRuleLines     *lines;
  GtkBox           *changes;
  GtkBox           *warnings;
  GtkBox           *hosts;

  KabRulePackage   *item;
  GListModel       *all;            /* of KabRulePackage */
  KabRulesContext  *context;        /* (nullable): of the item's snapshot */
};

G_DEFINE_FINAL_TYPE (KabRulePackagePane, kab_rule_package_pane, ADW_TYPE_BIN)

static KabUpdateIndex *
get_index (KabRulePackagePane *self)
{
  return self->context != NULL ? kab_rules_context_get_index (self->context) : NULL;
}

static KabRulesDocument *
new_document (KabRulePackage *item)
{
  return item->rules != NULL ? kab_rules_document_new_from_rules (item->rules, item->package) : NULL;
}

/* Head */

static void
fill_head (KabRulePackagePane *self)
{
  KabRulePackage *item = self->item;
  const char *description = kab_package_get (item->package, "description");
  const char *signer = kab_package_get (item->package, "signer");
  g_autofree char *signed_at = kab_format_date_time (item->signed_at);
  g_autofree char *who = NULL;
  GtkWidget *line, *badge;

  kab_facts_clear (self->head);
  kab_facts_add_title (self->head, item->origin);
  if (*description != '\0')
    kab_facts_add_dim (self->head, description);
  line = kab_facts_add_line (self->head);
  badge = kab_badge_new ();
  kab_packages_bind_maturity (KAB_BADGE (badge), item);
  gtk_box_append (GTK_BOX (line), badge);
  badge = kab_badge_new ();
  kab_packages_bind_signature (KAB_BADGE (badge), item);
  gtk_box_append (GTK_BOX (line), badge);
  if (*signer != '\0')
    {
      /* Translators: %1$s is who signed a package, %2$s when */
      who = g_strdup_printf (_("Signed by %1$s, %2$s"), signer, signed_at);
      kab_facts_add_dim (self->head, who);
    }
  if (item->rules == NULL)
    kab_facts_add_text (self->head, _("Agents read no rules from this package."));
}

/* Changes: what this version says differently from the one before */

static KabRulePackage *
dup_previous (KabRulePackagePane *self)
{
  g_autoptr(KabRulePackage) best = NULL;
  guint n = g_list_model_get_n_items (self->all);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(KabRulePackage) other = g_list_model_get_item (self->all, i);

      if (other->rules != NULL && g_str_equal (kab_package_get_name (other->package),
                                               kab_package_get_name (self->item->package)) &&
          kab_package_compare (other->package, self->item->package) < 0 &&
          (best == NULL || kab_package_compare (other->package, best->package) > 0))
        g_set_object (&best, other);
    }

  return g_steal_pointer (&best);
}

static void
fill_changes (KabRulePackagePane *self)
{
  g_autoptr(KabRulePackage) previous = dup_previous (self);
  g_autoptr(KabRulesDocument) before = previous != NULL ? new_document (previous) : NULL;
  g_autoptr(KabRulesDocument) after = new_document (self->item);
  g_autoptr(GPtrArray) changes = NULL;
  g_autofree char *heading = NULL;

  kab_facts_clear (self->changes);
  if (after == NULL || before == NULL)
    {
      kab_facts_add_dim (self->changes, after == NULL ? _("Agents read no rules from this package.")
                                                      : _("No older version of it is on the server."));
      return;
    }

  /* Translators: %1$s is a version, %2$s a maturity */
  heading = g_strdup_printf (_("Since version %1$s (%2$s)"), kab_package_get_version (previous->package),
                             kab_package_get_maturity (previous->package));
  kab_facts_add_heading (self->changes, heading);
  changes = kab_rules_diff (before, after);
  kab_forecast_add_changes (self->changes, changes, get_index (self), MAX_CHANGES);
}

/* Hosts */

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

static void
fill_hosts (KabRulePackagePane *self)
{
  KabRulePackage *item = self->item;
  GtkWidget *grid;

  kab_facts_clear (self->hosts);
  grid = kab_facts_add_grid (self->hosts);
  add_hosts_fact (GTK_GRID (grid), _("Asked for by"), "rules", kab_rules_dup_door (item, "assigned"),
                  item->assigned->len);
  add_hosts_fact (GTK_GRID (grid), _("Installed on"), "hosts", kab_packages_dup_query (item), item->installed->len);
  add_hosts_fact (GTK_GRID (grid), _("Another version on"), "rules", kab_rules_dup_door (item, "older"),
                  item->older->len);
  if (item->assigned->len == 0)
    kab_facts_add_dim (self->hosts, _("No host package, unit, group or profile asks for it: nobody gets it."));
}

/* A fix is the beginning of the next version. */
static void
mend_cb (GtkButton          *button,
         KabRulePackagePane *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "rules.edit", NULL);
}

static void
fill_warnings (KabRulePackagePane *self)
{
  GPtrArray *findings = self->context != NULL ? kab_rules_context_get_findings (self->context) : NULL;
  guint n = 0;

  kab_facts_clear (self->warnings);
  for (guint i = 0; findings != NULL && i < findings->len; i++)
    if (g_strcmp0 (((KabLintFinding *) findings->pdata[i])->package, self->item->origin) == 0)
      {
        kab_forecast_add_finding (self->warnings, findings->pdata[i], get_index (self), G_CALLBACK (mend_cb), self);
        n++;
      }
  if (n == 0)
    kab_facts_add_dim (self->warnings, findings == NULL ? _("The rules are being looked at…")
                                       : self->item->installed->len == 0
                                       ? _("No host has this version: it is looked at in the wizard.")
                                       : _("Each line matches something, and none stands in another’s way."));
}

static void
fill (KabRulePackagePane *self)
{
  g_autoptr(KabRulesDocument) document = new_document (self->item);

  fill_head (self);
  kab_rule_lines_show (self->lines, document, get_index (self));
  fill_changes (self);
  fill_warnings (self);
  fill_hosts (self);
}

static void
kab_rule_package_pane_dispose (GObject *object)
{
  KabRulePackagePane *self = KAB_RULE_PACKAGE_PANE (object);

  g_clear_object (&self->item);
  g_clear_object (&self->all);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (kab_rule_package_pane_parent_class)->dispose (object);
}

static void
kab_rule_package_pane_class_init (KabRulePackagePaneClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_rule_package_pane_dispose;
}

static GtkBox *
add_tab (KabRulePackagePane *self,
         const char         *name,
         const char         *title,
         const char         *icon_name)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scrolled;

  gtk_widget_add_css_class (box, "facts");
  scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", box,
                           "hscrollbar-policy", GTK_POLICY_NEVER, "vexpand", TRUE, NULL);
  adw_view_stack_add_titled_with_icon (self->tabs, scrolled, name, title, icon_name);

  return GTK_BOX (box);
}

static void
kab_rule_package_pane_init (KabRulePackagePane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *switcher = adw_view_switcher_new ();

  self->head = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  gtk_widget_add_css_class (GTK_WIDGET (self->head), "facts");
  gtk_widget_add_css_class (GTK_WIDGET (self->head), "head");
  self->tabs = ADW_VIEW_STACK (adw_view_stack_new ());
  adw_view_stack_set_hhomogeneous (self->tabs, FALSE);
  gtk_widget_set_vexpand (GTK_WIDGET (self->tabs), TRUE);
  self->lines = KAB_RULE_LINES (kab_rule_lines_new ());
  adw_view_stack_add_titled_with_icon (self->tabs, GTK_WIDGET (self->lines), "lines", _("Rules"),
                                       "kab-rules-symbolic");
  self->changes = add_tab (self, "changes", _("Changes"), "document-open-recent-symbolic");
  self->warnings = add_tab (self, "warnings", _("Warnings"), "dialog-warning-symbolic");
  self->hosts = add_tab (self, "hosts", _("Hosts"), "kab-hosts-symbolic");
  adw_view_switcher_set_stack (ADW_VIEW_SWITCHER (switcher), self->tabs);
  adw_view_switcher_set_policy (ADW_VIEW_SWITCHER (switcher), ADW_VIEW_SWITCHER_POLICY_NARROW);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->head));
  gtk_box_append (GTK_BOX (box), switcher);
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->tabs));

  self->none = adw_status_page_new ();
  gtk_widget_add_css_class (self->none, "compact");
  self->stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (self->stack), self->none, "none");
  gtk_stack_add_named (GTK_STACK (self->stack), box, "one");
  adw_bin_set_child (ADW_BIN (self), self->stack);
}

GtkWidget *
kab_rule_package_pane_new (void)
{
  return g_object_new (KAB_TYPE_RULE_PACKAGE_PANE, NULL);
}

static void
show_none (KabRulePackagePane *self,
           guint               n_selected)
{
  g_autofree char *title = NULL;

  if (n_selected > 1)
    title = g_strdup_printf (ngettext ("%u Rule Package Selected", "%u Rule Packages Selected", n_selected), n_selected);
  g_object_set (self->none, "icon-name", "kab-rules-symbolic",
                "title", title != NULL ? title : _("No Rule Package Selected"),
                "description", _("Choose one to read its rules and see where they apply."), NULL);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "none");
}

void
kab_rule_package_pane_show (KabRulePackagePane *self,
                            KabRulePackage     *item,
                            GListModel         *all,
                            guint               n_selected)
{
  g_return_if_fail (KAB_IS_RULE_PACKAGE_PANE (self));

  g_set_object (&self->item, item);
  g_set_object (&self->all, all);
  if (item == NULL)
    {
      show_none (self, n_selected);
      return;
    }

  fill (self);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "one");
}

void
kab_rule_package_pane_set_context (KabRulePackagePane *self,
                                   KabRulesContext    *context)
{
  g_return_if_fail (KAB_IS_RULE_PACKAGE_PANE (self));

  if (g_set_object (&self->context, context) && self->item != NULL)
    fill (self);
}

void
kab_rule_package_pane_show_part (KabRulePackagePane *self,
                                 const char         *what)
{
  static const struct { const char *what; KabRuleLinesPart part; } parts[] = {
    { "allows", KAB_RULE_LINES_ALLOWED }, { "forbids", KAB_RULE_LINES_FORBIDDEN },
    { "classes", KAB_RULE_LINES_CLASSES },
  };

  g_return_if_fail (KAB_IS_RULE_PACKAGE_PANE (self));

  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    if (g_str_equal (parts[i].what, what))
      {
        kab_rule_lines_show_part (self->lines, parts[i].part);
        adw_view_stack_set_visible_child_name (self->tabs, "lines");
        return;
      }
  adw_view_stack_set_visible_child_name (self->tabs, what);
}
