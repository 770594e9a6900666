/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-door.h"
#include "kab-stat-card.h"
#include "kab-wrap-layout.h"

struct _KabStatCard
{
  GtkWidget  parent_instance;

  GtkWidget *title;
  GtkWidget *value_box;
  GtkWidget *value;       /* KabDoor */
  GtkWidget *margin;
  GtkWidget *lines;       /* doors in lines; plain text is a door without a query */
  GtkWidget *next;        /* borrowed: the child of @lines that is filled next */
};

G_DEFINE_FINAL_TYPE (KabStatCard, kab_stat_card, GTK_TYPE_WIDGET)

enum {
  PROP_TITLE = 1,
  N_PROPS,
};

static void
kab_stat_card_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  KabStatCard *self = KAB_STAT_CARD (object);

  if (id == PROP_TITLE)
    g_value_set_string (value, gtk_label_get_label (GTK_LABEL (self->title)));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kab_stat_card_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  KabStatCard *self = KAB_STAT_CARD (object);
  const char *title = g_value_get_string (value);

  if (id != PROP_TITLE)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  gtk_label_set_label (GTK_LABEL (self->title), title != NULL ? title : "");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title != NULL ? title : "", -1);
}

static void
kab_stat_card_dispose (GObject *object)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (object))) != NULL)
    gtk_widget_unparent (child);

  G_OBJECT_CLASS (kab_stat_card_parent_class)->dispose (object);
}

static void
kab_stat_card_class_init (KabStatCardClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = kab_stat_card_get_property;
  object_class->set_property = kab_stat_card_set_property;
  object_class->dispose = kab_stat_card_dispose;

  g_object_class_install_property (object_class, PROP_TITLE,
                                   g_param_spec_string ("title", NULL, NULL, "",
                                                        G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
kab_stat_card_init (KabStatCard *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_widget_add_css_class (GTK_WIDGET (self), "card");
  gtk_widget_add_css_class (GTK_WIDGET (self), "kab-card");

  self->title = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, NULL);
  gtk_widget_add_css_class (self->title, "dim-label");
  gtk_widget_set_parent (self->title, GTK_WIDGET (self));

  self->value_box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_layout_manager (self->value_box, kab_wrap_layout_new (8, 0));
  self->value = kab_door_new ("hosts", NULL, "–");
  gtk_widget_add_css_class (self->value, "kab-figure");
  gtk_box_append (GTK_BOX (self->value_box), self->value);
  self->margin = g_object_new (GTK_TYPE_LABEL, "valign", GTK_ALIGN_BASELINE, "visible", FALSE, NULL);
  gtk_widget_add_css_class (self->margin, "kab-margin");
  gtk_box_append (GTK_BOX (self->value_box), self->margin);
  gtk_widget_set_parent (self->value_box, GTK_WIDGET (self));

  self->lines = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_layout_manager (self->lines, kab_wrap_layout_new (12, 0));
  gtk_widget_set_parent (self->lines, GTK_WIDGET (self));
}

void
kab_stat_card_set_value (KabStatCard *self,
                         const char  *page,
                         const char  *query,
                         const char  *text,
                         gint64       count,
                         const char  *margin)
{
  g_return_if_fail (KAB_IS_STAT_CARD (self));

  kab_door_set (KAB_DOOR (self->value), page, count == 0 ? NULL : query, text);
  kab_door_set_count (KAB_DOOR (self->value), count == 0 ? -1 : count);
  gtk_label_set_label (GTK_LABEL (self->margin), margin != NULL ? margin : "");
  gtk_widget_set_visible (self->margin, margin != NULL);
}

void
kab_stat_card_begin (KabStatCard *self)
{
  g_return_if_fail (KAB_IS_STAT_CARD (self));

  self->next = gtk_widget_get_first_child (self->lines);
}

static void
add (KabStatCard *self,
     const char  *page,
     const char  *query,
     const char  *text,
     gint64       count)
{
  if (self->next == NULL)
    {
      self->next = kab_door_new (page, query, text);
      gtk_box_append (GTK_BOX (self->lines), self->next);
    }
  kab_door_set_wrap (KAB_DOOR (self->next), g_utf8_strlen (text, -1) > KAB_DOOR_SHORT);
  kab_door_set (KAB_DOOR (self->next), page, query, text);
  kab_door_set_count (KAB_DOOR (self->next), count);
  gtk_widget_set_visible (self->next, TRUE);
  self->next = gtk_widget_get_next_sibling (self->next);
}

void
kab_stat_card_add (KabStatCard *self,
                   const char  *page,
                   const char  *query,
                   const char  *text,
                   guint        count)
{
  g_return_if_fail (KAB_IS_STAT_CARD (self));

  if (count > 0)
    add (self, page, query, text, count);
}

void
kab_stat_card_add_text (KabStatCard *self,
                        const char  *text)
{
  g_return_if_fail (KAB_IS_STAT_CARD (self));

  add (self, "hosts", NULL, text, -1);
}

void
kab_stat_card_end (KabStatCard *self)
{
  g_return_if_fail (KAB_IS_STAT_CARD (self));

  for (; self->next != NULL; self->next = gtk_widget_get_next_sibling (self->next))
    gtk_widget_set_visible (self->next, FALSE);
}
