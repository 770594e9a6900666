/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-query-text.h"
#include "kab-rule-item.h"
#include "kab-rule-lines.h"
#include "kab-text.h"
#include "kab-window.h"

struct _KabRuleLines
{
  AdwBin              parent_instance;

  GtkWidget          *search;
  GtkDropDown        *parts;
  KabTable           *table;
  GListStore         *rows;         /* of KabRuleItem */
  GtkFilterListModel *shown;
  GtkFilter          *filter;
  char               *needle;       /* folded */
  KabUpdateIndex     *index;        /* (nullable): what the rows were looked up in */
};

G_DEFINE_FINAL_TYPE (KabRuleLines, kab_rule_lines, ADW_TYPE_BIN)

static gboolean
is_in_part (KabRuleItem      *item,
            KabRuleLinesPart  part)
{
  KabRuleList list = kab_rule_item_get_list (item);

  switch (part)
    {
    case KAB_RULE_LINES_ALLOWED:
      return kab_rule_list_is_single (list) && !kab_rule_list_forbids (list);
    case KAB_RULE_LINES_FORBIDDEN:
      return kab_rule_list_forbids (list);
    case KAB_RULE_LINES_CLASSES:
      return !kab_rule_list_is_single (list);
    case KAB_RULE_LINES_ALL:
    default:
      return TRUE;
    }
}

static gboolean
matches (gpointer item,
         gpointer user_data)
{
  KabRuleLines *self = user_data;
  g_autofree char *text = NULL;
  g_autofree char *folded = NULL;

  if (!is_in_part (item, gtk_drop_down_get_selected (self->parts)))
    return FALSE;
  if (*self->needle == '\0')
    return TRUE;

  text = g_strjoin ("\n", kab_rule_item_get_value (item), kab_rule_item_get_meaning (item),
                    kab_rule_item_get_reason (item), kab_rule_list_get_kind (kab_rule_item_get_list (item)), NULL);
  folded = kab_text_fold (text, -1);

  return strstr (folded, self->needle) != NULL;
}

static void
filter_changed_cb (KabRuleLines *self)
{
  g_free (self->needle);
  self->needle = kab_text_fold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

/* A single update leads to itself. */
static void
activate_cb (KabRuleLines *self,
             GObject      *object)
{
  KabRuleItem *item = KAB_RULE_ITEM (object);
  KabRuleList list = kab_rule_item_get_list (item);
  gboolean kb = list == KAB_RULE_ALLOWED_KBS || list == KAB_RULE_FORBIDDEN_KBS;
  g_autofree char *quoted = kab_query_quote (kab_rule_item_get_value (item));
  g_autofree char *query = g_strconcat (kb ? "kb:" : "id:", quoted, NULL);

  if (kab_rule_list_is_single (list))
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-updates", "s", query);
}

static void
told_cb (KabRuleLines *self,
         const char   *text)
{
  kab_window_add_toast (GTK_WIDGET (self), text);
}

static void
failed_cb (KabRuleLines *self,
           const GError *error)
{
  kab_window_add_error (GTK_WIDGET (self), error);
}

static void
kab_rule_lines_dispose (GObject *object)
{
  KabRuleLines *self = KAB_RULE_LINES (object);

  if (self->parts != NULL)
    g_signal_handlers_disconnect_by_data (self->parts, self);
  self->parts = NULL;
  if (self->shown != NULL)
    gtk_filter_list_model_set_filter (self->shown, NULL);
  g_clear_object (&self->shown);
  g_clear_object (&self->filter);
  g_clear_object (&self->rows);
  g_clear_pointer (&self->index, kab_update_index_unref);
  g_clear_pointer (&self->needle, g_free);

  G_OBJECT_CLASS (kab_rule_lines_parent_class)->dispose (object);
}

static void
kab_rule_lines_class_init (KabRuleLinesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_rule_lines_dispose;
}

static GtkWidget *
new_bar (KabRuleLines *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *view = gtk_menu_button_new ();
  const char *parts[] = { _("All"), _("Allowed"), _("Forbidden"), _("Classes"), NULL };

  self->search = gtk_search_entry_new ();
  g_object_set (self->search, "placeholder-text", _("Search"), "hexpand", TRUE, NULL);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->search), 3);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Search the lines of the rules"), -1);
  self->parts = GTK_DROP_DOWN (gtk_drop_down_new_from_strings (parts));
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->parts), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Which lines are shown"), -1);
  g_object_set (view, "icon-name", "view-more-symbolic", "tooltip-text", _("View"),
                "menu-model", kab_table_get_view_menu (self->table), NULL);
  gtk_widget_add_css_class (view, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("View"), -1);
  gtk_box_append (GTK_BOX (bar), self->search);
  gtk_box_append (GTK_BOX (bar), GTK_WIDGET (self->parts));
  gtk_box_append (GTK_BOX (bar), view);
  gtk_widget_add_css_class (bar, "pane-bar");

  return bar;
}

static void
kab_rule_lines_init (KabRuleLines *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *none = adw_status_page_new ();

  self->needle = g_strdup ("");
  self->table = KAB_TABLE (kab_table_new (&kab_rule_lines_table));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "table", kab_table_get_actions (self->table));
  gtk_widget_set_vexpand (GTK_WIDGET (self->table), TRUE);
  g_object_set (none, "icon-name", "kab-rules-symbolic", "title", _("No Lines"),
                "description", _("The package says nothing of that kind, or agents cannot read it."), NULL);
  gtk_widget_add_css_class (none, "compact");
  kab_table_set_placeholder (self->table, none);
  gtk_box_append (GTK_BOX (box), new_bar (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->table));
  adw_bin_set_child (ADW_BIN (self), box);

  self->rows = g_list_store_new (KAB_TYPE_RULE_ITEM);
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  self->shown = gtk_filter_list_model_new (g_object_ref (G_LIST_MODEL (self->rows)), g_object_ref (self->filter));
  kab_table_set_model (self->table, G_LIST_MODEL (self->shown));
  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (filter_changed_cb), self);
  g_signal_connect_swapped (self->parts, "notify::selected", G_CALLBACK (filter_changed_cb), self);
  g_signal_connect_swapped (self->table, "activate", G_CALLBACK (activate_cb), self);
  g_signal_connect_swapped (self->table, "told", G_CALLBACK (told_cb), self);
  g_signal_connect_swapped (self->table, "failed", G_CALLBACK (failed_cb), self);
}

GtkWidget *
kab_rule_lines_new (void)
{
  return g_object_new (KAB_TYPE_RULE_LINES, NULL);
}

static gboolean
is_shown (KabRuleLines *self,
          GPtrArray    *lines)
{
  if ((lines != NULL ? lines->len : 0) != g_list_model_get_n_items (G_LIST_MODEL (self->rows)))
    return FALSE;

  for (guint i = 0; lines != NULL && i < lines->len; i++)
    {
      g_autoptr(KabRuleItem) row = g_list_model_get_item (G_LIST_MODEL (self->rows), i);
      const KabRulesLine *line = lines->pdata[i];

      if (kab_rule_item_get_list (row) != line->list || !g_str_equal (kab_rule_item_get_value (row), line->value) ||
          !g_str_equal (kab_rule_item_get_reason (row), line->reason))
        return FALSE;
    }

  return TRUE;
}

void
kab_rule_lines_show (KabRuleLines     *self,
                     KabRulesDocument *document,
                     KabUpdateIndex   *index)
{
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  GPtrArray *lines = document != NULL ? kab_rules_document_get_lines (document) : NULL;

  g_return_if_fail (KAB_IS_RULE_LINES (self));

  if (index == self->index && is_shown (self, lines))
    return;

  g_clear_pointer (&self->index, kab_update_index_unref);
  self->index = index != NULL ? kab_update_index_ref (index) : NULL;
  for (guint i = 0; lines != NULL && i < lines->len; i++)
    g_ptr_array_add (items, kab_rule_item_new (index, lines->pdata[i]));
  /* Emptied, then filled: the table binds its rows anew. */
  g_list_store_remove_all (self->rows);
  g_list_store_splice (self->rows, 0, 0, items->pdata, items->len);
}

void
kab_rule_lines_show_part (KabRuleLines     *self,
                          KabRuleLinesPart  part)
{
  g_return_if_fail (KAB_IS_RULE_LINES (self));

  gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  gtk_drop_down_set_selected (self->parts, part);
}
