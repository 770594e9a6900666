/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-facts.h"
#include "kab-saved-searches.h"
#include "kab-settings.h"

#define SETTING "saved-searches"

struct _KabSavedSearches
{
  AdwBin     parent_instance;

  GtkBox    *rows;
  GtkWidget *save;          /* GtkMenuButton */
  GtkWidget *popover;
  GtkWidget *name;
  char      *query;
};

G_DEFINE_FINAL_TYPE (KabSavedSearches, kab_saved_searches, ADW_TYPE_BIN)

enum {
  CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static GVariant *
load (void)
{
  return g_settings_get_value (kab_settings_get_default (), SETTING);
}

/* All but @name, then @name with @query unless that is NULL: same name, new search. */
static void
store (const char *name,
       const char *query)
{
  g_autoptr(GVariant) all = load ();
  GVariantBuilder builder;
  GVariantIter iter;
  const char *old_name, *old_query;

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(ss)"));
  g_variant_iter_init (&iter, all);
  while (g_variant_iter_next (&iter, "(&s&s)", &old_name, &old_query))
    if (!g_str_equal (old_name, name))
      g_variant_builder_add (&builder, "(ss)", old_name, old_query);
  if (query != NULL)
    g_variant_builder_add (&builder, "(ss)", name, query);
  g_settings_set_value (kab_settings_get_default (), SETTING, g_variant_builder_end (&builder));
}

static void
chosen_cb (GtkButton        *button,
           KabSavedSearches *self)
{
  g_signal_emit (self, signals[CHOSEN], 0, g_object_get_data (G_OBJECT (button), "kab-query"));
}

static void
delete_cb (GtkButton        *button,
           KabSavedSearches *self)
{
  g_autofree char *name = g_strdup (g_object_get_data (G_OBJECT (button), "kab-name"));

  store (name, NULL);
}

static void
add_row (KabSavedSearches *self,
         const char       *name,
         const char       *query)
{
  GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  GtkWidget *label = g_object_new (GTK_TYPE_LABEL, "label", name, "xalign", 0.0,
                                   "ellipsize", PANGO_ELLIPSIZE_END, NULL);
  GtkWidget *button = gtk_button_new ();
  GtkWidget *delete = gtk_button_new_from_icon_name ("edit-delete-symbolic");
  g_autofree char *words = NULL;

  gtk_button_set_child (GTK_BUTTON (button), label);
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_set_hexpand (button, TRUE);
  gtk_widget_set_tooltip_text (button, query);
  g_object_set_data_full (G_OBJECT (button), "kab-query", g_strdup (query), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (chosen_cb), self);

  /* Translators: %s is the name of a saved search */
  words = g_strdup_printf (_("Forget “%s”"), name);
  gtk_widget_add_css_class (delete, "flat");
  gtk_widget_set_tooltip_text (delete, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (delete), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  g_object_set_data_full (G_OBJECT (delete), "kab-name", g_strdup (name), g_free);
  g_signal_connect (delete, "clicked", G_CALLBACK (delete_cb), self);

  gtk_widget_add_css_class (row, "filter-row");
  if (g_strcmp0 (query, self->query) == 0)
    gtk_widget_add_css_class (row, "chosen");
  gtk_box_append (GTK_BOX (row), button);
  gtk_box_append (GTK_BOX (row), delete);
  gtk_box_append (self->rows, row);
}

static void
show_rows (KabSavedSearches *self)
{
  g_autoptr(GVariant) all = load ();
  GVariantIter iter;
  const char *name, *query;
  gboolean any = *self->query != '\0';

  kab_facts_clear (self->rows);
  g_variant_iter_init (&iter, all);
  while (g_variant_iter_next (&iter, "(&s&s)", &name, &query))
    add_row (self, name, query);
  gtk_widget_set_sensitive (self->save, any);
  gtk_widget_set_tooltip_text (self->save, any ? _("Keep this search under a name")
                                               : _("Search or filter first: then it can be saved"));
  gtk_widget_set_visible (GTK_WIDGET (self), any || g_variant_n_children (all) > 0);
}

static void
save_cb (KabSavedSearches *self)
{
  g_autofree char *name = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->name))));

  if (*name == '\0' || *self->query == '\0')
    return;

  gtk_popover_popdown (GTK_POPOVER (self->popover));
  gtk_editable_set_text (GTK_EDITABLE (self->name), "");
  store (name, self->query);
}

static void
name_changed_cb (GtkEditable *name,
                 GtkWidget   *button)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (name)));

  gtk_widget_set_sensitive (button, *text != '\0');
}

static void
kab_saved_searches_finalize (GObject *object)
{
  g_free (KAB_SAVED_SEARCHES (object)->query);

  G_OBJECT_CLASS (kab_saved_searches_parent_class)->finalize (object);
}

static void
kab_saved_searches_class_init (KabSavedSearchesClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_saved_searches_finalize;

  signals[CHOSEN] = g_signal_new ("chosen", KAB_TYPE_SAVED_SEARCHES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
make_popover (KabSavedSearches *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *button = gtk_button_new_with_mnemonic (_("_Save"));

  self->name = gtk_entry_new ();
  g_object_set (self->name, "placeholder-text", _("Name of the search"), "max-length", 60, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->name),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Name of the search"), -1);
  gtk_widget_add_css_class (button, "suggested-action");
  gtk_widget_set_sensitive (button, FALSE);
  gtk_box_append (GTK_BOX (box), self->name);
  gtk_box_append (GTK_BOX (box), button);
  self->popover = gtk_popover_new ();
  gtk_popover_set_child (GTK_POPOVER (self->popover), box);
  gtk_menu_button_set_popover (GTK_MENU_BUTTON (self->save), self->popover);
  g_signal_connect_swapped (button, "clicked", G_CALLBACK (save_cb), self);
  g_signal_connect_swapped (self->name, "activate", G_CALLBACK (save_cb), self);
  g_signal_connect (self->name, "changed", G_CALLBACK (name_changed_cb), button);
}

static void
kab_saved_searches_init (KabSavedSearches *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *title = kab_facts_new_text (_("Saved Searches"));

  self->query = g_strdup ("");
  gtk_widget_add_css_class (title, "heading");
  gtk_widget_add_css_class (title, "filter-title");
  gtk_widget_set_hexpand (title, TRUE);
  self->save = gtk_menu_button_new ();
  gtk_menu_button_set_icon_name (GTK_MENU_BUTTON (self->save), "bookmark-new-symbolic");
  gtk_widget_add_css_class (self->save, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->save),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Save this search"), -1);
  make_popover (self);
  self->rows = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  gtk_box_append (GTK_BOX (head), title);
  gtk_box_append (GTK_BOX (head), self->save);
  gtk_box_append (GTK_BOX (box), head);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->rows));
  adw_bin_set_child (ADW_BIN (self), box);
  g_signal_connect_object (kab_settings_get_default (), "changed::" SETTING,
                           G_CALLBACK (show_rows), self, G_CONNECT_SWAPPED);
  show_rows (self);
}

GtkWidget *
kab_saved_searches_new (void)
{
  return g_object_new (KAB_TYPE_SAVED_SEARCHES, NULL);
}

void
kab_saved_searches_set_query (KabSavedSearches *self,
                              const char       *text)
{
  g_return_if_fail (KAB_IS_SAVED_SEARCHES (self));
  g_return_if_fail (text != NULL);

  if (g_str_equal (text, self->query))
    return;

  g_free (self->query);
  self->query = g_strdup (text);
  show_rows (self);
}
