/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-format.h"
#include "kab-sidebar-row.h"
#include "kab-tooltip.h"
#include "kab-ui.h"

struct _KabSidebarRow
{
  GtkListBoxRow  parent_instance;

  GtkImage      *image;
  GtkLabel      *title;
  GtkLabel      *badge;
  char          *name;
  char          *action;        /* (nullable): what the badge opens */
  char          *query;
};

G_DEFINE_FINAL_TYPE (KabSidebarRow, kab_sidebar_row, GTK_TYPE_LIST_BOX_ROW)

/* The number is a door of its own: it opens what it counts, not the whole page. */
static void
badge_released_cb (GtkGestureClick *gesture,
                   int              n_press,
                   double           x,
                   double           y,
                   KabSidebarRow   *self)
{
  if (self->action == NULL)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  gtk_widget_activate_action (GTK_WIDGET (self), self->action, "s", self->query);
}

static void
badge_pressed_cb (GtkGestureClick *gesture,
                  int              n_press,
                  double           x,
                  double           y,
                  KabSidebarRow   *self)
{
  if (self->action != NULL)
    gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
}

static void
kab_sidebar_row_dispose (GObject *object)
{
  gtk_widget_dispose_template (GTK_WIDGET (object), KAB_TYPE_SIDEBAR_ROW);

  G_OBJECT_CLASS (kab_sidebar_row_parent_class)->dispose (object);
}

static void
kab_sidebar_row_finalize (GObject *object)
{
  KabSidebarRow *self = KAB_SIDEBAR_ROW (object);

  g_free (self->name);
  g_free (self->action);
  g_free (self->query);

  G_OBJECT_CLASS (kab_sidebar_row_parent_class)->finalize (object);
}

static void
kab_sidebar_row_class_init (KabSidebarRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_sidebar_row_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_sidebar_row_finalize;

  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "kab-sidebar-row.ui");
  gtk_widget_class_bind_template_child (widget_class, KabSidebarRow, image);
  gtk_widget_class_bind_template_child (widget_class, KabSidebarRow, title);
  gtk_widget_class_bind_template_child (widget_class, KabSidebarRow, badge);
}

static void
kab_sidebar_row_init (KabSidebarRow *self)
{
  GtkGesture *gesture = gtk_gesture_click_new ();

  gtk_widget_init_template (GTK_WIDGET (self));
  g_signal_connect (gesture, "pressed", G_CALLBACK (badge_pressed_cb), self);
  g_signal_connect (gesture, "released", G_CALLBACK (badge_released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->badge), GTK_EVENT_CONTROLLER (gesture));
}

GtkWidget *
kab_sidebar_row_new (const char *name,
                     const char *title,
                     const char *icon_name)
{
  KabSidebarRow *self = g_object_new (KAB_TYPE_SIDEBAR_ROW, NULL);

  self->name = g_strdup (name);
  gtk_image_set_from_icon_name (self->image, icon_name);
  gtk_label_set_label (self->title, title);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);

  return GTK_WIDGET (self);
}

const char *
kab_sidebar_row_get_name (KabSidebarRow *self)
{
  g_return_val_if_fail (KAB_IS_SIDEBAR_ROW (self), NULL);

  return self->name;
}

void
kab_sidebar_row_set_badge (KabSidebarRow *self,
                           guint          count,
                           gboolean       attention,
                           const char    *text)
{
  g_autofree char *label = kab_format_count (count);
  const char *said = count > 0 ? text : NULL;

  g_return_if_fail (KAB_IS_SIDEBAR_ROW (self));

  gtk_label_set_label (self->badge, label);
  gtk_widget_set_visible (GTK_WIDGET (self->badge), count > 0);
  if (attention)
    gtk_widget_add_css_class (GTK_WIDGET (self->badge), "attention");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->badge), "attention");
  kab_tooltip_set (GTK_WIDGET (self), said);
}

/**
 * kab_sidebar_row_set_door:
 * @self: a row
 * @action: (nullable): an action that takes a search, such as "win.show-hosts"
 * @query: the search that has as many rows as the badge says
 */
void
kab_sidebar_row_set_door (KabSidebarRow *self,
                          const char    *action,
                          const char    *query)
{
  g_return_if_fail (KAB_IS_SIDEBAR_ROW (self));

  g_free (self->action);
  self->action = g_strdup (action);
  g_free (self->query);
  self->query = g_strdup (query);
  gtk_widget_set_cursor_from_name (GTK_WIDGET (self->badge), action != NULL ? "pointer" : NULL);
}
