/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-board-column.h"
#include "kab-package-board.h"
#include "kab-package-card.h"

struct _KabPackageBoard
{
  AdwBin          parent_instance;

  KabBoardColumn *columns[KAB_N_RINGS];
  GtkWidget      *popover;
  gboolean        single_click;
};

G_DEFINE_FINAL_TYPE (KabPackageBoard, kab_package_board, ADW_TYPE_BIN)

enum {
  PROP_SINGLE_CLICK = 1,
};

enum {
  SELECTION_CHANGED,
  ACTIVATE,
  DROPPED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* One card of the whole board is selected. */
static void
column_selected_cb (KabPackageBoard *self,
                    KabRulePackage  *item,
                    KabBoardColumn  *column)
{
  for (guint i = 0; item != NULL && i < KAB_N_RINGS; i++)
    if (self->columns[i] != column)
      kab_board_column_select_id (self->columns[i], NULL);
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

static void
column_activate_cb (KabPackageBoard *self,
                    KabRulePackage  *item)
{
  g_signal_emit (self, signals[ACTIVATE], 0, item);
}

static guint
find_column (KabPackageBoard *self,
             KabBoardColumn  *column)
{
  guint i = 0;

  while (i < KAB_N_RINGS - 1 && self->columns[i] != column)
    i++;

  return i;
}

static void
column_dropped_cb (KabPackageBoard *self,
                   KabRulePackage  *item,
                   KabBoardColumn  *column)
{
  g_signal_emit (self, signals[DROPPED], 0, item, kab_packages_get_ring_name (find_column (self, column)));
}

/* Left and right go to the next column that has cards. */
static void
column_leave_cb (KabPackageBoard *self,
                 int              step,
                 KabBoardColumn  *column)
{
  for (int i = (int) find_column (self, column) + step; i >= 0 && i < KAB_N_RINGS; i += step)
    if (kab_board_column_get_n_items (self->columns[i]) > 0)
      {
        kab_board_column_enter (self->columns[i]);
        return;
      }
}

/* The menu of a card */

static void
open_menu (KabPackageBoard *self,
           GtkWidget       *card)
{
  graphene_rect_t bounds;

  if (!gtk_widget_compute_bounds (card, GTK_WIDGET (self), &bounds))
    return;

  gtk_popover_set_pointing_to (GTK_POPOVER (self->popover),
                               &(GdkRectangle) { (int) bounds.origin.x + 24, (int) bounds.origin.y + 24, 1, 1 });
  gtk_popover_popup (GTK_POPOVER (self->popover));
}

/* The first card at, around, or in @widget */
static GtkWidget *
find_card (GtkWidget *widget)
{
  GtkWidget *card = widget != NULL ? gtk_widget_get_ancestor (widget, KAB_TYPE_PACKAGE_CARD) : NULL;

  if (card == NULL && widget != NULL && KAB_IS_PACKAGE_CARD (gtk_widget_get_first_child (widget)))
    card = gtk_widget_get_first_child (widget);

  return card;
}

static void
pressed_cb (GtkGestureClick *gesture,
            int              n_press,
            double           x,
            double           y,
            KabPackageBoard *self)
{
  GtkWidget *card = find_card (gtk_widget_pick (GTK_WIDGET (self), x, y, GTK_PICK_DEFAULT));

  if (card == NULL)
    return;

  gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
  kab_package_board_select_id (self, kab_package_card_get_item (KAB_PACKAGE_CARD (card))->id);
  open_menu (self, card);
}

static gboolean
menu_key (GtkWidget *widget,
          GVariant  *args,
          gpointer   user_data)
{
  GtkRoot *root = gtk_widget_get_root (widget);
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  GtkWidget *card = focus != NULL && gtk_widget_is_ancestor (focus, widget) ? find_card (focus) : NULL;

  if (card == NULL)
    return FALSE;

  kab_package_board_select_id (KAB_PACKAGE_BOARD (widget),
                               kab_package_card_get_item (KAB_PACKAGE_CARD (card))->id);
  open_menu (KAB_PACKAGE_BOARD (widget), card);

  return TRUE;
}

static gboolean
kab_package_board_grab_focus (GtkWidget *widget)
{
  KabPackageBoard *self = KAB_PACKAGE_BOARD (widget);

  for (guint pass = 0; pass < 2; pass++)
    for (guint i = 0; i < KAB_N_RINGS; i++)
      if (kab_board_column_get_n_items (self->columns[i]) > 0 &&
          (pass > 0 || kab_board_column_get_selected (self->columns[i]) != NULL))
        {
          kab_board_column_enter (self->columns[i]);
          return TRUE;
        }

  return FALSE;
}

static void
kab_package_board_size_allocate (GtkWidget *widget,
                                 int        width,
                                 int        height,
                                 int        baseline)
{
  KabPackageBoard *self = KAB_PACKAGE_BOARD (widget);
  GtkWidget *child = adw_bin_get_child (ADW_BIN (self));

  if (child != NULL)
    gtk_widget_allocate (child, width, height, baseline, NULL);
  gtk_popover_present (GTK_POPOVER (self->popover));
}

static void
kab_package_board_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  if (id == PROP_SINGLE_CLICK)
    g_value_set_boolean (value, KAB_PACKAGE_BOARD (object)->single_click);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kab_package_board_set_property (GObject      *object,
                                guint         id,
                                const GValue *value,
                                GParamSpec   *pspec)
{
  KabPackageBoard *self = KAB_PACKAGE_BOARD (object);

  if (id != PROP_SINGLE_CLICK)
    {
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }

  self->single_click = g_value_get_boolean (value);
  for (guint i = 0; i < KAB_N_RINGS; i++)
    kab_board_column_set_single_click (self->columns[i], self->single_click);
}

static void
kab_package_board_dispose (GObject *object)
{
  KabPackageBoard *self = KAB_PACKAGE_BOARD (object);

  g_clear_pointer (&self->popover, gtk_widget_unparent);

  G_OBJECT_CLASS (kab_package_board_parent_class)->dispose (object);
}

static void
kab_package_board_class_init (KabPackageBoardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = kab_package_board_get_property;
  G_OBJECT_CLASS (klass)->set_property = kab_package_board_set_property;
  G_OBJECT_CLASS (klass)->dispose = kab_package_board_dispose;
  widget_class->grab_focus = kab_package_board_grab_focus;
  widget_class->size_allocate = kab_package_board_size_allocate;
  gtk_widget_class_add_binding (widget_class, GDK_KEY_Menu, 0, menu_key, NULL);
  gtk_widget_class_add_binding (widget_class, GDK_KEY_F10, GDK_SHIFT_MASK, menu_key, NULL);

  g_object_class_install_property (G_OBJECT_CLASS (klass), PROP_SINGLE_CLICK,
                                   g_param_spec_boolean ("single-click", NULL, NULL, FALSE,
                                                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  signals[SELECTION_CHANGED] = g_signal_new ("selection-changed", KAB_TYPE_PACKAGE_BOARD, G_SIGNAL_RUN_LAST, 0,
                                             NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[ACTIVATE] = g_signal_new ("activate", KAB_TYPE_PACKAGE_BOARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, KAB_TYPE_RULE_PACKAGE);
  signals[DROPPED] = g_signal_new ("dropped", KAB_TYPE_PACKAGE_BOARD, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 2, KAB_TYPE_RULE_PACKAGE, G_TYPE_STRING);
}

static void
kab_package_board_init (KabPackageBoard *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 12);
  GtkGesture *click = gtk_gesture_click_new ();
  GtkWidget *scrolled;

  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);
  gtk_widget_add_css_class (box, "kab-board");
  for (guint i = 0; i < KAB_N_RINGS; i++)
    {
      self->columns[i] = KAB_BOARD_COLUMN (kab_board_column_new (i));
      g_signal_connect_object (self->columns[i], "selected", G_CALLBACK (column_selected_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->columns[i], "activate", G_CALLBACK (column_activate_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->columns[i], "dropped", G_CALLBACK (column_dropped_cb), self, G_CONNECT_SWAPPED);
      g_signal_connect_object (self->columns[i], "leave", G_CALLBACK (column_leave_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->columns[i]));
    }
  gtk_box_set_homogeneous (GTK_BOX (box), TRUE);
  scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", box,
                           "vscrollbar-policy", GTK_POLICY_NEVER, "vexpand", TRUE, "hexpand", TRUE, NULL);
  adw_bin_set_child (ADW_BIN (self), scrolled);

  self->popover = gtk_popover_menu_new_from_model (NULL);
  gtk_popover_set_has_arrow (GTK_POPOVER (self->popover), FALSE);
  gtk_widget_set_halign (self->popover, GTK_ALIGN_START);
  gtk_widget_set_parent (self->popover, GTK_WIDGET (self));
  gtk_gesture_single_set_button (GTK_GESTURE_SINGLE (click), GDK_BUTTON_SECONDARY);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
}

GtkWidget *
kab_package_board_new (void)
{
  return g_object_new (KAB_TYPE_PACKAGE_BOARD, NULL);
}

void
kab_package_board_set_model (KabPackageBoard *self,
                             GListModel      *model)
{
  g_return_if_fail (KAB_IS_PACKAGE_BOARD (self));

  for (guint i = 0; i < KAB_N_RINGS; i++)
    kab_board_column_set_model (self->columns[i], model);
}

KabRulePackage *
kab_package_board_get_selected (KabPackageBoard *self)
{
  KabRulePackage *item = NULL;

  g_return_val_if_fail (KAB_IS_PACKAGE_BOARD (self), NULL);

  for (guint i = 0; i < KAB_N_RINGS && item == NULL; i++)
    item = kab_board_column_get_selected (self->columns[i]);

  return item;
}

void
kab_package_board_select_id (KabPackageBoard *self,
                             const char      *id)
{
  g_return_if_fail (KAB_IS_PACKAGE_BOARD (self));

  for (guint i = 0; i < KAB_N_RINGS; i++)
    kab_board_column_select_id (self->columns[i], id);
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
}

void
kab_package_board_set_menu (KabPackageBoard *self,
                            GMenuModel      *menu)
{
  g_return_if_fail (KAB_IS_PACKAGE_BOARD (self));

  gtk_popover_menu_set_menu_model (GTK_POPOVER_MENU (self->popover), menu);
}

void
kab_package_board_set_notes (KabPackageBoard    *self,
                             KabPackageNoteFunc  func,
                             gpointer            user_data)
{
  g_return_if_fail (KAB_IS_PACKAGE_BOARD (self));

  for (guint i = 0; i < KAB_N_RINGS; i++)
    kab_board_column_set_notes (self->columns[i], func, user_data);
}

void
kab_package_board_refresh (KabPackageBoard *self)
{
  g_return_if_fail (KAB_IS_PACKAGE_BOARD (self));

  for (guint i = 0; i < KAB_N_RINGS; i++)
    kab_board_column_refresh (self->columns[i]);
}
