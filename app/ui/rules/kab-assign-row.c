/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-assign-row.h"
#include "kab-format.h"

#define INDENT 18
#define MAX_INDENTS 8

struct _KabAssignRow
{
  GtkBox     parent_instance;

  GtkWidget *check;
  GtkWidget *title;
  GtkWidget *detail;
  GtkWidget *count;
  gboolean   filling;
};

G_DEFINE_FINAL_TYPE (KabAssignRow, kab_assign_row, GTK_TYPE_BOX)

enum {
  TOGGLED,
  OPENED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
toggled_cb (KabAssignRow *self)
{
  if (!self->filling)
    g_signal_emit (self, signals[TOGGLED], 0);
}

static void
clicked_cb (KabAssignRow *self)
{
  g_signal_emit (self, signals[OPENED], 0);
}

static void
kab_assign_row_class_init (KabAssignRowClass *klass)
{
  signals[TOGGLED] = g_signal_new ("toggled", KAB_TYPE_ASSIGN_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
  signals[OPENED] = g_signal_new ("opened", KAB_TYPE_ASSIGN_ROW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
}

static GtkWidget *
line_new (void)
{
  return g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "ellipsize", PANGO_ELLIPSIZE_END, NULL);
}

static void
kab_assign_row_init (KabAssignRow *self)
{
  GtkWidget *texts = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  gtk_box_set_spacing (GTK_BOX (self), 6);
  self->check = gtk_check_button_new ();
  self->title = line_new ();
  self->detail = line_new ();
  gtk_widget_add_css_class (self->detail, "dim-label");
  gtk_widget_add_css_class (self->detail, "caption");
  gtk_widget_set_hexpand (texts, TRUE);
  gtk_widget_set_valign (texts, GTK_ALIGN_CENTER);
  gtk_box_append (GTK_BOX (texts), self->title);
  gtk_box_append (GTK_BOX (texts), self->detail);
  self->count = gtk_button_new_with_label ("");
  gtk_widget_add_css_class (self->count, "flat");
  gtk_widget_add_css_class (self->count, "door");
  gtk_widget_set_valign (self->count, GTK_ALIGN_CENTER);
  gtk_widget_set_margin_end (self->count, 6);
  gtk_box_append (GTK_BOX (self), self->check);
  gtk_box_append (GTK_BOX (self), texts);
  gtk_box_append (GTK_BOX (self), self->count);
  g_signal_connect_swapped (self->check, "toggled", G_CALLBACK (toggled_cb), self);
  g_signal_connect_swapped (self->count, "clicked", G_CALLBACK (clicked_cb), self);
}

GtkWidget *
kab_assign_row_new (void)
{
  return g_object_new (KAB_TYPE_ASSIGN_ROW, NULL);
}

void
kab_assign_row_show (KabAssignRow *self,
                     const char   *title,
                     const char   *detail,
                     int           depth,
                     int           n_hosts,
                     gboolean      chosen)
{
  g_autofree char *count = kab_format_count ((guint64) MAX (n_hosts, 0));
  g_autofree char *hosts = g_strdup_printf (ngettext ("%s host", "%s hosts", (gulong) MAX (n_hosts, 0)), count);
  /* Translators: %1$s is a unit or a group, %2$s "84 hosts" */
  g_autofree char *words = g_strdup_printf (_("%1$s, %2$s"), title, hosts);

  g_return_if_fail (KAB_IS_ASSIGN_ROW (self));

  self->filling = TRUE;
  gtk_check_button_set_active (GTK_CHECK_BUTTON (self->check), chosen);
  self->filling = FALSE;
  gtk_widget_set_margin_start (self->check, INDENT * CLAMP (depth, 0, MAX_INDENTS));
  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_label_set_label (GTK_LABEL (self->detail), detail);
  gtk_widget_set_visible (self->detail, *detail != '\0' && depth < 0);
  gtk_button_set_label (GTK_BUTTON (self->count), hosts);
  gtk_widget_set_visible (self->count, n_hosts >= 0);
  gtk_widget_set_sensitive (self->count, n_hosts > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->check),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, n_hosts >= 0 ? words : title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, detail, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->count), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}
