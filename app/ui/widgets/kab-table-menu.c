/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-table-private.h"

/* GTK does not give the focus back to the row; it would land on the first button of the window. */
static void
closed_cb (KabTable *self)
{
  GtkWidget *before = self->focus_before;

  if (before != NULL && gtk_widget_get_root (before) != NULL)
    gtk_widget_grab_focus (before);
  g_clear_weak_pointer (&self->focus_before);
}

static void
remember_focus (KabTable *self)
{
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (self));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  if (focus == NULL || !gtk_widget_is_ancestor (focus, self->view))
    focus = self->view;
  g_clear_weak_pointer (&self->focus_before);
  g_set_weak_pointer (&self->focus_before, focus);
}

static void
open_menu (KabTable *self,
           guint     position,
           double    x,
           double    y)
{
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (self->selection);
  g_autoptr(GMenu) menu = g_menu_new ();
  g_autoptr(GMenu) section = g_menu_new ();

  remember_focus (self);
  if (!gtk_selection_model_is_selected (selection, position))
    gtk_selection_model_select_item (selection, position, TRUE);

  /* One by one: a section of sections would lose its lines. */
  for (int i = 0; self->row_menu != NULL && i < g_menu_model_get_n_items (self->row_menu); i++)
    {
      g_autoptr(GMenuModel) part = g_menu_model_get_item_link (self->row_menu, i, G_MENU_LINK_SECTION);

      if (part != NULL)
        g_menu_append_section (menu, NULL, part);
    }
  g_menu_append (section, _("_Copy Rows"), "table.copy");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));

  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->popover), G_MENU_MODEL (menu));
  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover),
                               &(GdkRectangle) { (int) x, (int) y, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

static void
pressed_cb (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            KabTable        *self)
{
  GtkWidget *at = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  guint position;

  if (at == NULL || !gtk_widget_is_ancestor (at, self->view))
    return;
  position = kab_table_find_position (self, at);
  if (position == GTK_INVALID_LIST_POSITION)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  open_menu (self, position, x, y);
}

/* Only with no key held: those select. */
static void
released_cb (GtkGestureClick *gesture,
             int              n_press,
             double           x,
             double           y,
             KabTable        *self)
{
  GtkWidget *at = gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT);
  GdkModifierType modifiers;

  modifiers = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture)) &
              (GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_ALT_MASK);
  if (at != NULL && n_press == 1 && modifiers == 0)
    kab_table_open_door (self, at);
}

static gboolean
menu_key (GtkWidget *widget,
          GVariant  *args,
          gpointer   user_data)
{
  KabTable *self = KAB_TABLE (widget);
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  guint position;
  double x, y;

  if (focus == NULL || self->view == NULL || !gtk_widget_is_ancestor (focus, self->view))
    return FALSE;
  position = kab_table_find_position (self, focus);
  if (position == GTK_INVALID_LIST_POSITION)
    return FALSE;

  gtk_widget_translate_coordinates (focus, widget, 24, gtk_widget_get_height (focus) - 4, &x, &y);
  open_menu (self, position, x, y);
  return TRUE;
}

void
kab_table_menu_class_init (GtkWidgetClass *klass)
{
  gtk_widget_class_add_binding (klass, GDK_KEY_Menu, 0, menu_key, NULL);
  gtk_widget_class_add_binding (klass, GDK_KEY_F10, GDK_SHIFT_MASK, menu_key, NULL);
  /* Menus show the last one. */
  gtk_widget_class_add_binding_action (klass, GDK_KEY_Insert, GDK_CONTROL_MASK, "table.copy", NULL);
  gtk_widget_class_add_binding_action (klass, GDK_KEY_c, GDK_CONTROL_MASK, "table.copy", NULL);
}

void
kab_table_menu_init (KabTable *self)
{
  GtkGesture *gesture = gtk_gesture_click_new ();
  GtkGesture *doors = gtk_gesture_click_new ();

  self->popover = gtk_popover_menu_new_from_model (NULL);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
  g_signal_connect_swapped (self->popover, "closed", G_CALLBACK (closed_cb), self);

  g_signal_connect (doors, "released", G_CALLBACK (released_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (doors));

  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (gesture), GDK_BUTTON_SECONDARY);
  gtk_event_controller_set_propagation_phase (GTK_EVENT_CONTROLLER (gesture), GTK_PHASE_CAPTURE);
  g_signal_connect (gesture, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (gesture));
}

void
kab_table_menu_dispose (KabTable *self)
{
  g_clear_weak_pointer (&self->focus_before);
  g_clear_pointer (&self->popover, gtk_widget_unparent);
}
