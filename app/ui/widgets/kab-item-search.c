/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-item-search.h"
#include "kab-text.h"

struct _KabItemSearch
{
  AdwBin              parent_instance;

  KabTable           *table;        /* borrowed: beside us */
  const KabTableInfo *info;
  GtkWidget          *entry;
  GtkFilterListModel *shown;
  GtkFilter          *filter;
  char               *needle;       /* folded */
};

G_DEFINE_FINAL_TYPE (KabItemSearch, kab_item_search, ADW_TYPE_BIN)

enum {
  CHANGED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static gboolean
matches (gpointer item,
         gpointer user_data)
{
  const KabItemSearch *self = user_data;
  g_autoptr(GString) text = g_string_new (NULL);
  g_autofree char *folded = NULL;

  for (guint i = 0; i < self->info->n_columns; i++)
    {
      g_autofree char *cell = self->info->columns[i].dup_text (item);

      g_string_append_printf (text, "%s\n", cell);
    }
  folded = kab_text_fold (text->str, (gssize) text->len);

  return strstr (folded, self->needle) != NULL;
}

static void
items_changed_cb (KabItemSearch *self)
{
  g_signal_emit (self, signals[CHANGED], 0);
}

static void
search_changed_cb (KabItemSearch *self)
{
  g_free (self->needle);
  self->needle = kab_text_fold (gtk_editable_get_text (GTK_EDITABLE (self->entry)), -1);
  gtk_filter_list_model_set_filter (self->shown, *self->needle != '\0' ? self->filter : NULL);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static void
kab_item_search_dispose (GObject *object)
{
  KabItemSearch *self = KAB_ITEM_SEARCH (object);

  if (self->shown != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->shown, self);
      gtk_filter_list_model_set_filter (self->shown, NULL);
    }
  g_clear_object (&self->shown);
  g_clear_object (&self->filter);
  g_clear_pointer (&self->needle, g_free);

  G_OBJECT_CLASS (kab_item_search_parent_class)->dispose (object);
}

static void
kab_item_search_class_init (KabItemSearchClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_item_search_dispose;

  signals[CHANGED] = g_signal_new ("changed", KAB_TYPE_ITEM_SEARCH, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void
kab_item_search_init (KabItemSearch *self)
{
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  self->shown = gtk_filter_list_model_new (NULL, NULL);
  gtk_filter_list_model_set_incremental (self->shown, TRUE);
}

GtkWidget *
kab_item_search_new (KabTable           *table,
                     const KabTableInfo *info,
                     const char         *name)
{
  KabItemSearch *self = g_object_new (KAB_TYPE_ITEM_SEARCH, NULL);
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *view = gtk_menu_button_new ();

  self->table = table;
  self->info = info;
  self->entry = gtk_search_entry_new ();
  g_object_set (self->entry, "placeholder-text", _("Search in all columns"), "hexpand", TRUE, NULL);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->entry), 3);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set (view, "icon-name", "view-more-symbolic", "tooltip-text", _("View"),
                "menu-model", kab_table_get_view_menu (table), NULL);
  gtk_widget_add_css_class (view, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (view), GTK_ACCESSIBLE_PROPERTY_LABEL, _("View"), -1);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "table", kab_table_get_actions (table));
  gtk_box_append (GTK_BOX (bar), self->entry);
  gtk_box_append (GTK_BOX (bar), view);
  gtk_widget_add_css_class (bar, "pane-bar");
  adw_bin_set_child (ADW_BIN (self), bar);
  kab_table_set_model (table, G_LIST_MODEL (self->shown));
  g_signal_connect_swapped (self->shown, "items-changed", G_CALLBACK (items_changed_cb), self);
  g_signal_connect_swapped (self->entry, "search-changed", G_CALLBACK (search_changed_cb), self);

  return GTK_WIDGET (self);
}

void
kab_item_search_set_model (KabItemSearch *self,
                           GListModel    *model)
{
  g_return_if_fail (KAB_IS_ITEM_SEARCH (self));

  gtk_filter_list_model_set_model (self->shown, model);
}

guint
kab_item_search_get_n (KabItemSearch *self,
                       guint         *n_all)
{
  GListModel *all;

  g_return_val_if_fail (KAB_IS_ITEM_SEARCH (self), 0);

  all = gtk_filter_list_model_get_model (self->shown);
  *n_all = all != NULL ? g_list_model_get_n_items (all) : 0;

  return g_list_model_get_n_items (G_LIST_MODEL (self->shown));
}
