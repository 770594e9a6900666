/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-facts.h"
#include "kab-tooltip.h"
#include "kab-wrap-layout.h"

GtkWidget *
kab_facts_new_text (const char *text)
{
  return g_object_new (GTK_TYPE_LABEL,
                       "label", text, "xalign", 0.0, "wrap", TRUE,
                       "wrap-mode", PANGO_WRAP_WORD_CHAR, "selectable", FALSE,
                       "natural-wrap-mode", GTK_NATURAL_WRAP_WORD, NULL);
}

static GtkWidget *
append (GtkBox     *box,
        GtkWidget  *widget,
        const char *css_class)
{
  if (css_class != NULL)
    gtk_widget_add_css_class (widget, css_class);
  gtk_box_append (box, widget);
  return widget;
}

GtkWidget *
kab_facts_add_title (GtkBox     *box,
                     const char *text)
{
  GtkWidget *label = append (box, kab_facts_new_text (text), "title-4");

  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  return label;
}

GtkWidget *
kab_facts_add_heading (GtkBox     *box,
                       const char *text)
{
  GtkWidget *label = append (box, kab_facts_new_text (text), "facts-heading");

  gtk_widget_set_margin_top (label, 12);
  return label;
}

GtkWidget *
kab_facts_add_text (GtkBox     *box,
                    const char *text)
{
  return append (box, kab_facts_new_text (text), NULL);
}

GtkWidget *
kab_facts_add_dim (GtkBox     *box,
                   const char *text)
{
  return append (box, kab_facts_new_text (text), "dim-label");
}

GtkWidget *
kab_facts_add_line (GtkBox *box)
{
  GtkWidget *line = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);

  gtk_widget_set_layout_manager (line, kab_wrap_layout_new (6, 4));

  return append (box, line, NULL);
}

GtkWidget *
kab_facts_add_grid (GtkBox *box)
{
  return append (box, g_object_new (GTK_TYPE_GRID, "column-spacing", 12, "row-spacing", 4, NULL),
                 NULL);
}

/* The first line of a value stands on that of its name. */
static GtkWidget *
add_name (GtkGrid    *grid,
          const char *name)
{
  GtkWidget *label = kab_facts_new_text (name);
  int row = GPOINTER_TO_INT (g_object_get_data (G_OBJECT (grid), "kab-rows"));

  gtk_widget_add_css_class (label, "dim-label");
  gtk_widget_set_valign (label, GTK_ALIGN_BASELINE);
  gtk_label_set_width_chars (GTK_LABEL (label), 11);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 16);
  gtk_grid_attach (grid, label, 0, row, 1, 1);
  g_object_set_data (G_OBJECT (grid), "kab-rows", GINT_TO_POINTER (row + 1));
  return label;
}

void
kab_facts_add_widget (GtkGrid    *grid,
                      const char *name,
                      GtkWidget  *value)
{
  GtkWidget *label = add_name (grid, name);

  gtk_widget_set_hexpand (value, TRUE);
  gtk_widget_set_valign (value, GTK_ALIGN_BASELINE);
  gtk_grid_attach_next_to (grid, value, label, GTK_POS_RIGHT, 1, 1);
  gtk_accessible_update_relation (GTK_ACCESSIBLE (value),
                                  GTK_ACCESSIBLE_RELATION_LABELLED_BY, label, NULL, -1);
}

void
kab_facts_add (GtkGrid    *grid,
               const char *name,
               const char *value)
{
  GtkWidget *beside;
  GtkWidget *label;

  if (value == NULL || *value == '\0')
    return;

  beside = add_name (grid, name);
  label = kab_facts_new_text (value);
  gtk_label_set_selectable (GTK_LABEL (label), TRUE);
  /* A selectable label is a stop for Tab; there are too many of them. */
  gtk_widget_set_focusable (label, FALSE);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_valign (label, GTK_ALIGN_BASELINE);
  gtk_grid_attach_next_to (grid, label, beside, GTK_POS_RIGHT, 1, 1);
}

static void
copy_cb (GtkButton *button)
{
  const char *text = g_object_get_data (G_OBJECT (button), "kab-text");

  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (button)), text);
}

void
kab_facts_add_code (GtkGrid    *grid,
                    const char *name,
                    const char *value)
{
  GtkWidget *box, *label, *button;
  g_autofree char *words = NULL;

  if (value == NULL || *value == '\0')
    return;

  box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 3);
  label = g_object_new (GTK_TYPE_LABEL, "label", value, "xalign", 0.0, "hexpand", TRUE,
                        "ellipsize", PANGO_ELLIPSIZE_MIDDLE, "tooltip-text", value, NULL);
  gtk_widget_add_css_class (label, "monospace");
  gtk_widget_add_css_class (label, "code");
  button = gtk_button_new_from_icon_name ("edit-copy-symbolic");
  gtk_widget_add_css_class (button, "flat");
  gtk_widget_add_css_class (button, "small");
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  /* Translators: %s is the name of a value, such as "SHA-1" */
  words = g_strdup_printf (_("Copy %s"), name);
  kab_tooltip_set (button, words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
  g_object_set_data_full (G_OBJECT (button), "kab-text", g_strdup (value), g_free);
  g_signal_connect (button, "clicked", G_CALLBACK (copy_cb), NULL);
  gtk_box_append (GTK_BOX (box), label);
  gtk_box_append (GTK_BOX (box), button);
  kab_facts_add_widget (grid, name, box);
}

void
kab_facts_clear (GtkBox *box)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (box))) != NULL)
    gtk_box_remove (box, child);
}
