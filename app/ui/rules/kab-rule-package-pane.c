/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-facts.h"
#include "kab-forecast-parts.h"
#include "kab-refill.h"
#include "kab-rule-lines.h"
#include "kab-rule-package-pane.h"
#include "kab-rule-package-parts.h"
#include "kab-rule-reasons.h"

struct _KabRulePackagePane
{
  KabDetailPane     parent_instance;

  KabRuleLines     *lines;
  GtkBox           *changes;
  GtkBox           *warnings;
  GtkBox           *hosts;

  KabRulePackage   *item;
  KabRulesDocument *written;        /* (nullable): @item's rules as they were written, once that is read */
  GListModel       *all;            /* of KabRulePackage */
  KabRulesContext  *context;        /* (nullable): of the item's snapshot */
};

G_DEFINE_FINAL_TYPE (KabRulePackagePane, kab_rule_package_pane, KAB_TYPE_DETAIL_PANE)

static KabUpdateIndex *
get_index (KabRulePackagePane *self)
{
  return self->context != NULL ? kab_rules_context_get_index (self->context) : NULL;
}

static void
fill_head (GtkBox   *box,
           gpointer  user_data)
{
  kab_rule_package_parts_fill_head (box, KAB_RULE_PACKAGE_PANE (user_data)->item);
}

static void
fill_changes (GtkBox   *box,
              gpointer  user_data)
{
  KabRulePackagePane *self = user_data;

  kab_rule_package_parts_fill_changes (box, self->item, self->all, get_index (self));
}

static void
fill_hosts (GtkBox   *box,
            gpointer  user_data)
{
  kab_rule_package_parts_fill_hosts (box, KAB_RULE_PACKAGE_PANE (user_data)->item);
}

/* A fix is the beginning of the next version. */
static void
mend_cb (GtkButton          *button,
         KabRulePackagePane *self)
{
  GPtrArray *findings = kab_rules_context_get_findings (self->context);
  guint finding;

  if (g_ptr_array_find (findings, g_object_get_data (G_OBJECT (button), "kab-finding"), &finding))
    gtk_widget_activate_action (GTK_WIDGET (self), "rules.mend", "u", finding);
}

static void
fill_warnings (GtkBox   *box,
               gpointer  user_data)
{
  KabRulePackagePane *self = user_data;
  GPtrArray *findings = self->context != NULL ? kab_rules_context_get_findings (self->context) : NULL;
  g_autofree char *told = g_strdup_printf ("%p", (void *) findings);
  guint n = 0;

  kab_refill_tell (GTK_WIDGET (box), told);      /* a fix is one of these findings */
  for (guint i = 0; findings != NULL && i < findings->len; i++)
    if (g_strcmp0 (((KabLintFinding *) findings->pdata[i])->package, self->item->origin) == 0)
      {
        kab_forecast_add_finding (box, findings->pdata[i], get_index (self), G_CALLBACK (mend_cb), self);
        n++;
      }
  if (n == 0)
    kab_facts_add_dim (box, findings == NULL ? _("The rules are being looked at…")
                            : self->item->installed->len == 0
                            ? _("No host has this version: it is looked at in the wizard.")
                            : _("Each line matches something, and none stands in another’s way."));
}

/* With the reasons of its lines, when what was written is what agents read. */
static void
show_lines (KabRulePackagePane *self)
{
  g_autoptr(KabRulesDocument) document = NULL;

  if (self->written != NULL && self->item->rules != NULL && kab_rules_document_agrees (self->written, self->item->rules))
    document = g_object_ref (self->written);
  else
    document = kab_rule_package_parts_new_document (self->item);
  kab_rule_lines_show (self->lines, document, get_index (self));
}

static void
fill (KabRulePackagePane *self)
{
  kab_refill (kab_detail_pane_get_head (KAB_DETAIL_PANE (self)), fill_head, self);
  show_lines (self);
  kab_refill (self->changes, fill_changes, self);
  kab_refill (self->warnings, fill_warnings, self);
  kab_refill (self->hosts, fill_hosts, self);
}

static void
written_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabRulesDocument) document = kab_rule_reasons_read_finish (KAB_SESSION (object), result, &error);
  KabRulePackagePane *self;

  if (document == NULL)
    {
      /* The lines are there without it. */
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_info ("no reasons of rules: %s", error->message);
      return;
    }

  self = KAB_RULE_PACKAGE_PANE (user_data);
  g_set_object (&self->written, document);
  show_lines (self);
}

static void
kab_rule_package_pane_dispose (GObject *object)
{
  KabRulePackagePane *self = KAB_RULE_PACKAGE_PANE (object);

  g_clear_object (&self->item);
  g_clear_object (&self->written);
  g_clear_object (&self->all);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (kab_rule_package_pane_parent_class)->dispose (object);
}

static void
kab_rule_package_pane_class_init (KabRulePackagePaneClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_rule_package_pane_dispose;
}

static void
kab_rule_package_pane_init (KabRulePackagePane *self)
{
  KabDetailPane *pane = KAB_DETAIL_PANE (self);

  self->lines = KAB_RULE_LINES (kab_rule_lines_new ());
  kab_detail_pane_add_tab (pane, GTK_WIDGET (self->lines), "lines", _("Rules"), "kab-rules-symbolic");
  self->changes = kab_detail_pane_add_facts_tab (pane, "changes", _("Changes"), "document-open-recent-symbolic");
  self->warnings = kab_detail_pane_add_facts_tab (pane, "warnings", _("Warnings"), "dialog-warning-symbolic");
  self->hosts = kab_detail_pane_add_facts_tab (pane, "hosts", _("Hosts"), "kab-hosts-symbolic");
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

  title = n_selected > 1
          ? g_strdup_printf (ngettext ("%u Rule Package Selected", "%u Rule Packages Selected", n_selected), n_selected)
          : g_strdup (_("No Rule Package Selected"));
  kab_detail_pane_show_none (KAB_DETAIL_PANE (self), n_selected, "kab-rules-symbolic", title,
                             _("Choose one to read its rules and see where they apply."));
}

void
kab_rule_package_pane_show (KabRulePackagePane *self,
                            KabSession         *session,
                            KabRulePackage     *item,
                            GListModel         *all,
                            guint               n_selected)
{
  KabDetailPane *pane = KAB_DETAIL_PANE (self);

  g_return_if_fail (KAB_IS_RULE_PACKAGE_PANE (self));

  g_set_object (&self->item, item);
  g_set_object (&self->all, all);
  if (item == NULL)
    {
      g_clear_object (&self->written);
      show_none (self, n_selected);
      return;
    }

  if (kab_detail_pane_show_one (pane, item->id, item->origin))
    g_clear_object (&self->written);
  fill (self);
  if (session != NULL && item->rules != NULL &&
      (self->written == NULL || !kab_rules_document_agrees (self->written, item->rules)))
    kab_rule_reasons_read_async (session, item->package, kab_detail_pane_get_reading (pane), written_cb, self);
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
        what = "lines";
      }
  kab_detail_pane_show_tab (KAB_DETAIL_PANE (self), what);
}
