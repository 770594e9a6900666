/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-category.h"
#include "kab-columns-layout.h"
#include "kab-filter-group.h"
#include "kab-format.h"
#include "kab-record-list.h"
#include "kab-rules-steps.h"
#include "kab-updates-columns.h"

/* Step 2: what is allowed without naming each update. The three groups look and work as in the filter panes. */
typedef struct {
  KabRuleEditor *editor;
  GtkWidget     *sections[3];
  GPtrArray     *nodes[3];
  KabSnapshot   *snapshot;      /* that the counts are from */
  guint          n_lines;
  AdwActionRow  *superseded;
  GtkSwitch     *superseded_switch;
  gboolean       filling;
} Step;

enum {
  SEVERITIES,
  CLASSIFICATIONS,
  PRODUCTS,
};

static const KabRuleList lists[] = {
  KAB_RULE_ALLOWED_SEVERITIES, KAB_RULE_ALLOWED_CLASSIFICATIONS, KAB_RULE_ALLOWED_PRODUCTS,
};

static const KabFilterGroup groups[] = {
  { "severity", N_("Severities"), KAB_FILTER_VALUES, NULL, NULL, NULL },
  { "classification", N_("Classifications"), KAB_FILTER_VALUES, NULL, NULL, NULL },
  { "family", N_("Products"), KAB_FILTER_FAMILIES, NULL, NULL, NULL },
};

static void
step_free (gpointer data)
{
  Step *step = data;

  g_signal_handlers_disconnect_by_data (step->editor, step);
  for (guint i = 0; i < G_N_ELEMENTS (step->nodes); i++)
    g_clear_pointer (&step->nodes[i], g_ptr_array_unref);
  g_object_unref (step->editor);
  g_clear_object (&step->snapshot);
  g_free (step);
}

/* How many of the known updates a value stands for, exactly as agents compare. */
static guint
count_updates (Step        *step,
               KabRuleList  list,
               const char  *value)
{
  KabRulesContext *context = kab_rule_editor_get_context (step->editor);
  const GArray *matches = NULL;

  if (context != NULL)
    matches = kab_update_index_match (kab_rules_context_get_index (context), list, value);

  return matches != NULL ? matches->len : 0;
}

static GPtrArray *
new_nodes (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify) kab_filter_node_free);
}

static void
fill_severities (Step *step)
{
  step->nodes[SEVERITIES] = new_nodes ();
  for (int severity = KAB_SEVERITY_CRITICAL; severity > KAB_SEVERITY_NONE; severity--)
    {
      const char *value = kab_severity_get_text (severity);

      g_ptr_array_add (step->nodes[SEVERITIES],
                       kab_filter_node_new ("severity", value, g_strdup (kab_format_severity (severity)),
                                            count_updates (step, lists[SEVERITIES], value)));
    }
}

static int
compare_nodes (gconstpointer a,
               gconstpointer b)
{
  const KabFilterNode *x = *(KabFilterNode * const *) a;
  const KabFilterNode *y = *(KabFilterNode * const *) b;

  return x->count != y->count ? (x->count < y->count ? 1 : -1) : g_utf8_collate (x->label, y->label);
}

static void
fill_classifications (Step *step)
{
  guint n;
  const KabClassification *all = kab_classification_get_all (&n);

  step->nodes[CLASSIFICATIONS] = new_nodes ();
  for (guint i = 0; i < n; i++)
    {
      char *label = all[i].in_catalogue
                    ? g_strdup (all[i].name)
                    /* Translators: %s is a class of updates such as "Drivers" that wsusscn2.cab does not contain */
                    : g_strdup_printf (_("%s · never offline"), all[i].name);

      g_ptr_array_add (step->nodes[CLASSIFICATIONS],
                       kab_filter_node_new ("classification", all[i].name, label,
                                            count_updates (step, lists[CLASSIFICATIONS], all[i].name)));
    }
  g_ptr_array_sort (step->nodes[CLASSIFICATIONS], compare_nodes);
}

static void
add_facet (GPtrArray  *facets,
           const char *field,
           const char *value,
           guint       count)
{
  KabFacet *facet = g_new0 (KabFacet, 1);

  facet->field = field;
  facet->value = g_strdup (value);
  facet->count = count;
  g_ptr_array_add (facets, facet);
}

static void
facet_free (gpointer data)
{
  KabFacet *facet = data;

  g_free (facet->value);
  g_free (facet);
}

/* Those that the fleet reports, and those that Microsoft has: they can be allowed before the first host reports one. */
static void
fill_products (Step *step)
{
  g_autoptr(GHashTable) families = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) facets = g_ptr_array_new_with_free_func (facet_free);
  KabRulesContext *context = kab_rule_editor_get_context (step->editor);
  guint n_products, n_updates = 0;
  const KabProduct *products = kab_product_get_all (&n_products);
  const KabUpdateRecord *updates = NULL;
  GHashTableIter iter;
  gpointer family, count;

  if (context != NULL)
    updates = kab_snapshot_get_updates (kab_rules_context_get_snapshot (context), &n_updates);
  for (guint i = 0; i < n_updates + n_products; i++)
    {
      const char *name = i < n_updates ? updates[i].product : products[i - n_updates].name;
      const char *group;
      guint n;

      if (*name == '\0' || (i >= n_updates && g_strcmp0 (products[i - n_updates].kind, "product") != 0) ||
          !g_hash_table_add (seen, (gpointer) name))
        continue;
      n = count_updates (step, lists[PRODUCTS], name);
      group = kab_product_get_group (name);
      g_hash_table_replace (families, (gpointer) group,
                            GUINT_TO_POINTER (GPOINTER_TO_UINT (g_hash_table_lookup (families, group)) + n));
      add_facet (facets, "product", name, n);
    }
  g_hash_table_iter_init (&iter, families);
  while (g_hash_table_iter_next (&iter, &family, &count))
    add_facet (facets, "family", family, GPOINTER_TO_UINT (count));
  step->nodes[PRODUCTS] = kab_filter_families ("family", "product", facets, kab_updates_dup_family_label);
}

/* A line that none of the tables knows is shown all the same: it is in the rules. */
static void
add_strangers (Step *step)
{
  GPtrArray *lines = kab_rules_document_get_lines (kab_rule_editor_get_document (step->editor));

  for (guint i = 0; i < lines->len; i++)
    {
      const KabRulesLine *line = lines->pdata[i];

      for (guint group = 0; group < G_N_ELEMENTS (lists); group++)
        {
          gboolean known = line->list != lists[group];

          for (guint j = 0; j < step->nodes[group]->len && !known; j++)
            known = g_str_equal (((KabFilterNode *) step->nodes[group]->pdata[j])->value, line->value);
          if (!known)
            /* Translators: %s is a product or class in the rules */
            g_ptr_array_add (step->nodes[group],
                             kab_filter_node_new (group == PRODUCTS ? "product" : groups[group].field, line->value,
                                                  g_strdup_printf (_("%s — not known here"), line->value),
                                                  count_updates (step, line->list, line->value)));
        }
    }
}

/* A family is taken when all is that the fleet reports of it. */
static void
add_families (Step       *step,
              GHashTable *chosen)
{
  for (guint i = 0; i < step->nodes[PRODUCTS]->len; i++)
    {
      const KabFilterNode *family = step->nodes[PRODUCTS]->pdata[i];
      guint n = 0, n_chosen = 0;

      if (!family->has_children)
        continue;
      for (guint j = i + 1; j < step->nodes[PRODUCTS]->len; j++)
        {
          const KabFilterNode *product = step->nodes[PRODUCTS]->pdata[j];
          g_autofree char *key = kab_filter_key ("product", product->value);

          if (g_strcmp0 (product->parent, family->value) != 0)
            break;
          n += product->count > 0;
          n_chosen += product->count > 0 && g_hash_table_contains (chosen, key);
        }
      if (n > 0 && n == n_chosen)
        g_hash_table_add (chosen, kab_filter_key ("family", family->value));
    }
}

static void
show_chosen (Step *step)
{
  KabRulesDocument *document = kab_rule_editor_get_document (step->editor);
  g_autoptr(GHashTable) chosen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *lines = kab_rules_document_get_lines (document);

  for (guint i = 0; i < lines->len; i++)
    {
      const KabRulesLine *line = lines->pdata[i];

      for (guint group = 0; group < G_N_ELEMENTS (lists); group++)
        if (line->list == lists[group])
          g_hash_table_add (chosen, kab_filter_key (group == PRODUCTS ? "product" : groups[group].field, line->value));
    }
  add_families (step, chosen);
  for (guint group = 0; group < G_N_ELEMENTS (lists); group++)
    kab_filter_section_set_chosen (KAB_FILTER_SECTION (step->sections[group]), chosen);
  step->filling = TRUE;
  gtk_switch_set_active (step->superseded_switch,
                         kab_rules_document_get_include_superseded (document) == KAB_TRISTATE_TRUE);
  step->filling = FALSE;
}

static void
changed_cb (Step *step)
{
  KabRulesContext *context = kab_rule_editor_get_context (step->editor);
  KabSnapshot *snapshot = context != NULL ? kab_rules_context_get_snapshot (context) : NULL;

  if (step->nodes[SEVERITIES] == NULL || g_set_object (&step->snapshot, snapshot))
    {
      for (guint i = 0; i < G_N_ELEMENTS (step->nodes); i++)
        g_clear_pointer (&step->nodes[i], g_ptr_array_unref);
      fill_severities (step);
      fill_classifications (step);
      fill_products (step);
      add_strangers (step);
      for (guint i = 0; i < G_N_ELEMENTS (step->nodes); i++)
        kab_filter_section_set_nodes (KAB_FILTER_SECTION (step->sections[i]), step->nodes[i]);
    }
  show_chosen (step);
}

static void
set_line (Step        *step,
          KabRuleList  list,
          const char  *value,
          gboolean     on)
{
  KabRulesDocument *document = kab_rule_editor_get_document (step->editor);

  if (on)
    kab_rules_document_put (document, list, value, NULL);
  else
    kab_rules_document_remove (document, list, value);
}

static void
toggled_cb (KabFilterSection *section,
            const char       *field,
            const char       *value,
            gboolean          on,
            Step             *step)
{
  g_autofree char *copy = g_strdup (value);
  gboolean family = g_str_equal (field, "family");

  if (g_str_equal (field, "severity"))
    set_line (step, KAB_RULE_ALLOWED_SEVERITIES, copy, on);
  else if (g_str_equal (field, "classification"))
    set_line (step, KAB_RULE_ALLOWED_CLASSIFICATIONS, copy, on);
  else if (!family)
    set_line (step, KAB_RULE_ALLOWED_PRODUCTS, copy, on);

  /* A family is no rule: it is its products that the fleet reports. */
  for (guint i = 0; family && i < step->nodes[PRODUCTS]->len; i++)
    {
      const KabFilterNode *node = step->nodes[PRODUCTS]->pdata[i];

      if (g_strcmp0 (node->parent, copy) == 0 && (node->count > 0 || !on))
        set_line (step, KAB_RULE_ALLOWED_PRODUCTS, node->value, on);
    }
  show_chosen (step);
}

static void
superseded_cb (Step *step)
{
  if (!step->filling)
    kab_rules_document_set_include_superseded (kab_rule_editor_get_document (step->editor),
                                               gtk_switch_get_active (step->superseded_switch) ? KAB_TRISTATE_TRUE
                                                                                               : KAB_TRISTATE_NULL);
}

static GtkWidget *
new_card (GtkWidget *child)
{
  GtkWidget *card = adw_bin_new ();

  adw_bin_set_child (ADW_BIN (card), child);
  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "kab-card");
  /* Equally high, as GTK moves the focus from middle to middle. */
  gtk_widget_set_valign (child, GTK_ALIGN_START);

  return card;
}

static GtkWidget *
new_superseded (Step *step)
{
  GtkWidget *list = gtk_list_box_new ();

  step->superseded = ADW_ACTION_ROW (adw_action_row_new ());
  g_object_set (step->superseded, "title", _("Include superseded updates"),
                "subtitle", _("Agents list updates too that a newer one may replace."), NULL);
  step->superseded_switch = GTK_SWITCH (gtk_switch_new ());
  gtk_widget_set_valign (GTK_WIDGET (step->superseded_switch), GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (step->superseded_switch), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Include superseded updates"), -1);
  adw_action_row_add_suffix (step->superseded, GTK_WIDGET (step->superseded_switch));
  adw_action_row_set_activatable_widget (step->superseded, GTK_WIDGET (step->superseded_switch));
  g_signal_connect_swapped (step->superseded_switch, "notify::active", G_CALLBACK (superseded_cb), step);
  gtk_list_box_append (GTK_LIST_BOX (list), GTK_WIDGET (step->superseded));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");

  return list;
}

GtkWidget *
kab_rules_classes_step_new (KabRuleEditor *editor)
{
  GtkWidget *columns = g_object_new (GTK_TYPE_BOX, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *first;
  GtkWidget *intro = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "xalign", 0.0, "label",
                                   _("An update is allowed when one of these fits, however it is called. A line that "
                                     "forbids it wins. The numbers are updates that hosts report today; what is “never "
                                     "offline” is in no offline catalogue, so that agents which scan with it never "
                                     "see it."), NULL);
  Step *step = g_new0 (Step, 1);

  step->editor = g_object_ref (editor);
  gtk_widget_set_layout_manager (columns, g_object_new (KAB_TYPE_COLUMNS_LAYOUT, "column-width", 250,
                                                        "max-columns", 3, "spacing", 12, NULL));
  first = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  gtk_box_append (GTK_BOX (columns), first);
  for (guint i = 0; i < G_N_ELEMENTS (step->sections); i++)
    {
      step->sections[i] = kab_filter_section_new (&groups[i]);
      g_signal_connect (step->sections[i], "toggled", G_CALLBACK (toggled_cb), step);
      gtk_box_append (GTK_BOX (i == SEVERITIES ? first : columns), new_card (step->sections[i]));
    }
  gtk_box_append (GTK_BOX (first), new_superseded (step));
  gtk_widget_add_css_class (intro, "dim-label");
  gtk_box_append (GTK_BOX (box), intro);
  gtk_box_append (GTK_BOX (box), columns);
  g_object_set (box, "margin-top", 12, "margin-bottom", 18, "margin-start", 12, "margin-end", 12, NULL);
  g_object_set (clamp, "maximum-size", 1100, "child", box, NULL);
  changed_cb (step);
  g_signal_connect_swapped (editor, "changed", G_CALLBACK (changed_cb), step);
  clamp = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", clamp, "hscrollbar-policy", GTK_POLICY_NEVER, NULL);
  g_object_set_data_full (G_OBJECT (clamp), "kab-step", step, step_free);

  return clamp;
}
