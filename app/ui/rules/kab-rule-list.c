/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-rule-item.h"
#include "kab-rule-list.h"

GListStore *
kab_rule_list_set_up (KabTable           *table,
                      const KabTableInfo *info,
                      GMenuModel         *menu,
                      const char         *nothing)
{
  GListStore *rows = g_list_store_new (KAB_TYPE_RULE_ITEM);
  GtkWidget *empty = g_object_new (GTK_TYPE_LABEL, "label", nothing, "wrap", TRUE, "justify", GTK_JUSTIFY_CENTER,
                                   "margin-start", 12, "margin-end", 12, NULL);

  gtk_widget_add_css_class (empty, "dim-label");
  kab_table_set_info (table, info);
  kab_table_set_placeholder (table, empty);
  kab_table_set_row_menu (table, menu);
  kab_table_set_model (table, G_LIST_MODEL (rows));
  return rows;
}

void
kab_rule_list_fill (GListStore       *rows,
                    KabRulesDocument *document,
                    KabUpdateIndex   *index,
                    gboolean          forbids)
{
  GPtrArray *lines = kab_rules_document_get_lines (document);
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < lines->len; i++)
    {
      const KabRulesLine *line = lines->pdata[i];

      if (kab_rule_list_is_single (line->list) && kab_rule_list_forbids (line->list) == forbids)
        g_ptr_array_add (items, kab_rule_item_new (index, line));
    }
  g_list_store_splice (rows, 0, g_list_model_get_n_items (G_LIST_MODEL (rows)), items->pdata, items->len);
}

GPtrArray *
kab_rule_list_dup_selected (KabTable *table)
{
  GPtrArray *items = g_ptr_array_new_with_free_func (g_object_unref);
  GtkSelectionModel *selection;
  g_autoptr(GtkBitset) selected = NULL;
  GtkBitsetIter iter;
  guint position;
  gboolean more;

  if (table == NULL)
    return items;

  selection = kab_table_get_selection (table);
  selected = gtk_selection_model_get_selection (selection);
  for (more = gtk_bitset_iter_init_first (&iter, selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      /* The selection hears a little later that its list was emptied. */
      gpointer item = g_list_model_get_item (G_LIST_MODEL (selection), position);

      if (item != NULL)
        g_ptr_array_add (items, item);
    }

  return items;
}

void
kab_rule_list_select (KabTable   *table,
                      GHashTable *values)
{
  GtkSelectionModel *selection = kab_table_get_selection (table);
  guint n = g_list_model_get_n_items (G_LIST_MODEL (selection));
  g_autoptr(GtkBitset) chosen = gtk_bitset_new_empty ();
  g_autoptr(GtkBitset) all = NULL;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(KabRuleItem) item = g_list_model_get_item (G_LIST_MODEL (selection), i);

      if (item != NULL && g_hash_table_contains (values, kab_rule_item_get_value (item)))
        gtk_bitset_add (chosen, i);
    }
  if (gtk_bitset_is_empty (chosen))
    return;

  all = gtk_bitset_new_range (0, n);
  gtk_selection_model_set_selection (selection, chosen, all);
  kab_table_scroll_to (table, gtk_bitset_get_minimum (chosen));
}
