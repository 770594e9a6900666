/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-format.h"
#include "kab-package-board.h"
#include "kab-package-card.h"

#define COLUMN_WIDTH 250

/* One ring: a heading above a list of cards. Tab leaves the list instead of walking through it. */
#define KAB_TYPE_BOARD_COLUMN (kab_board_column_get_type ())
G_DECLARE_FINAL_TYPE (KabBoardColumn, kab_board_column, KAB, BOARD_COLUMN, AdwBin)

struct _KabBoardColumn
{
  AdwBin              parent_instance;

  KabPackageBoard    *board;        /* borrowed: owns us */
  KabRing             ring;
  GtkWidget          *title;
  GtkWidget          *view;
  GtkWidget          *empty;
  GtkFilter          *filter;
  GtkFilterListModel *shown;
  GtkSingleSelection *selection;
};

G_DEFINE_FINAL_TYPE (KabBoardColumn, kab_board_column, ADW_TYPE_BIN)

struct _KabPackageBoard
{
  AdwBin              parent_instance;

  KabBoardColumn     *columns[KAB_N_RINGS];
  GtkWidget          *popover;
  KabPackageNoteFunc  note_func;
  gpointer            note_data;
  char               *kept_id;       /* of the selected card, over a new reading */
  gboolean            selecting;
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

static gboolean
kab_board_column_focus (GtkWidget        *widget,
                        GtkDirectionType  direction)
{
  if ((direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD) &&
      gtk_widget_get_focus_child (widget) != NULL)
    return FALSE;

  return GTK_WIDGET_CLASS (kab_board_column_parent_class)->focus (widget, direction);
}

static gboolean
is_of_ring (gpointer item,
            gpointer user_data)
{
  return kab_packages_get_ring (item) == KAB_BOARD_COLUMN (user_data)->ring;
}

static const char *
get_title (KabRing ring)
{
  const char *name = kab_packages_get_ring_name (ring);

  return name != NULL ? name : _("Other maturities");
}

static void
items_changed_cb (KabBoardColumn *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->shown));
  g_autofree char *count = kab_format_count (n);
  /* Translators: head of a column of the board: a maturity and how many packages have it */
  g_autofree char *title = g_strdup_printf (_("%1$s · %2$s"), get_title (self->ring), count);

  gtk_label_set_label (GTK_LABEL (self->title), title);
  gtk_widget_set_visible (self->empty, n == 0);
  /* Most fleets have the three rings only. */
  if (self->ring == KAB_RING_OTHER)
    gtk_widget_set_visible (GTK_WIDGET (self), n > 0);
}

static void
selected_cb (KabBoardColumn *self)
{
  KabPackageBoard *board = self->board;
  KabRulePackage *item = gtk_single_selection_get_selected_item (self->selection);

  if (board == NULL || board->selecting)
    return;

  /* One card of the whole board is selected. */
  board->selecting = TRUE;
  for (guint i = 0; item != NULL && i < KAB_N_RINGS; i++)
    if (board->columns[i] != self)
      gtk_single_selection_set_selected (board->columns[i]->selection, GTK_INVALID_LIST_POSITION);
  board->selecting = FALSE;
  if (item != NULL)
    {
      g_free (board->kept_id);
      board->kept_id = g_strdup (item->id);
    }
  g_signal_emit (board, signals[SELECTION_CHANGED], 0);
}

static void
activate_cb (KabBoardColumn *self,
             guint           position)
{
  g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item != NULL)
    g_signal_emit (self->board, signals[ACTIVATE], 0, item);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *list_item)
{
  gtk_list_item_set_child (list_item, kab_package_card_new ());
}

static void
fill_card (KabBoardColumn *self,
           KabPackageCard *card,
           KabRulePackage *item)
{
  g_autofree char *note = self->board->note_func != NULL
                          ? self->board->note_func (item, self->board->note_data) : NULL;
  GtkWidget *row = gtk_widget_get_parent (GTK_WIDGET (card));
  g_autofree char *rules = kab_packages_dup_rules (item);

  kab_package_card_show (card, item, note);
  if (row != NULL)
    gtk_accessible_update_property (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_PROPERTY_LABEL, item->origin,
                                    GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, note != NULL ? note : rules, -1);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *list_item,
         KabBoardColumn           *self)
{
  fill_card (self, KAB_PACKAGE_CARD (gtk_list_item_get_child (list_item)), gtk_list_item_get_item (list_item));
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *list_item)
{
  kab_package_card_show (KAB_PACKAGE_CARD (gtk_list_item_get_child (list_item)), NULL, NULL);
}

static gboolean
drop_cb (GtkDropTarget  *target,
         const GValue   *value,
         double          x,
         double          y,
         KabBoardColumn *self)
{
  KabRulePackage *item = g_value_get_object (value);

  if (item == NULL || kab_packages_get_ring (item) == self->ring || self->ring == KAB_RING_OTHER)
    return FALSE;

  g_signal_emit (self->board, signals[DROPPED], 0, item, kab_packages_get_ring_name (self->ring));

  return TRUE;
}

/* Left and right go to the neighbour's cards. */
static gboolean
key_cb (GtkEventControllerKey *controller,
        guint                  keyval,
        guint                  keycode,
        GdkModifierType        state,
        KabBoardColumn        *self)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int step = keyval == GDK_KEY_Right ? 1 : keyval == GDK_KEY_Left ? -1 : 0;

  if (step == 0 || (state & (GDK_CONTROL_MASK | GDK_SHIFT_MASK | GDK_ALT_MASK)) != 0)
    return GDK_EVENT_PROPAGATE;

  step = rtl ? -step : step;
  for (int i = (int) self->ring + step; i >= 0 && i < KAB_N_RINGS; i += step)
    {
      KabBoardColumn *other = self->board->columns[i];

      if (g_list_model_get_n_items (G_LIST_MODEL (other->shown)) > 0)
        {
          gtk_widget_grab_focus (other->view);
          if (gtk_single_selection_get_selected (other->selection) == GTK_INVALID_LIST_POSITION)
            gtk_single_selection_set_selected (other->selection, 0);
          break;
        }
    }

  return GDK_EVENT_STOP;
}

static void
kab_board_column_dispose (GObject *object)
{
  KabBoardColumn *self = KAB_BOARD_COLUMN (object);

  self->board = NULL;
  if (self->shown != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->shown, self);
      g_signal_handlers_disconnect_by_data (self->selection, self);
      gtk_filter_list_model_set_filter (self->shown, NULL);
      gtk_filter_list_model_set_model (self->shown, NULL);
    }
  g_clear_object (&self->shown);
  g_clear_object (&self->selection);
  g_clear_object (&self->filter);

  G_OBJECT_CLASS (kab_board_column_parent_class)->dispose (object);
}

static void
kab_board_column_class_init (KabBoardColumnClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_board_column_dispose;
  GTK_WIDGET_CLASS (klass)->focus = kab_board_column_focus;
}

static void
kab_board_column_init (KabBoardColumn *self)
{
}

static void
add_list (KabBoardColumn *self,
          GtkBox         *box)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
  GtkWidget *scrolled;
  GtkEventController *key = gtk_event_controller_key_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), self);
  self->view = gtk_list_view_new (GTK_SELECTION_MODEL (g_object_ref (self->selection)), factory);
  gtk_widget_add_css_class (self->view, "kab-board-list");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, get_title (self->ring), -1);
  g_signal_connect_swapped (self->view, "activate", G_CALLBACK (activate_cb), self);
  g_signal_connect (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_event_controller_set_propagation_phase (key, GTK_PHASE_CAPTURE);
  gtk_widget_add_controller (self->view, key);
  scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", self->view,
                           "hscrollbar-policy", GTK_POLICY_NEVER, "vexpand", TRUE, NULL);
  gtk_box_append (box, scrolled);
}

static KabBoardColumn *
column_new (KabPackageBoard *board,
            KabRing          ring)
{
  static const char * const hints[KAB_N_RINGS] = {
    N_("Packages that are being written"),
    N_("Packages that pilot hosts try"),
    N_("Packages that all hosts take"),
    N_("Packages of maturities that are none of the three"),
  };
  KabBoardColumn *self = g_object_new (KAB_TYPE_BOARD_COLUMN, NULL);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkDropTarget *target = gtk_drop_target_new (KAB_TYPE_RULE_PACKAGE, GDK_ACTION_MOVE);

  self->board = board;
  self->ring = ring;
  self->filter = GTK_FILTER (gtk_custom_filter_new (is_of_ring, self, NULL));
  self->shown = gtk_filter_list_model_new (NULL, g_object_ref (self->filter));
  self->selection = gtk_single_selection_new (G_LIST_MODEL (g_object_ref (self->shown)));
  gtk_single_selection_set_autoselect (self->selection, FALSE);
  gtk_single_selection_set_can_unselect (self->selection, TRUE);
  gtk_single_selection_set_selected (self->selection, GTK_INVALID_LIST_POSITION);

  self->title = g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "tooltip-text", _(hints[ring]), NULL);
  gtk_widget_add_css_class (self->title, "heading");
  gtk_widget_add_css_class (self->title, "kab-board-title");
  self->empty = g_object_new (GTK_TYPE_LABEL, "label", _(hints[ring]), "wrap", TRUE,
                              "justify", GTK_JUSTIFY_CENTER, "margin-top", 24, NULL);
  gtk_widget_add_css_class (self->empty, "dim-label");
  gtk_box_append (GTK_BOX (box), self->title);
  gtk_box_append (GTK_BOX (box), self->empty);
  add_list (self, GTK_BOX (box));
  gtk_widget_add_css_class (GTK_WIDGET (self), "kab-board-column");
  gtk_widget_set_size_request (GTK_WIDGET (self), COLUMN_WIDTH, -1);
  gtk_widget_set_hexpand (GTK_WIDGET (self), TRUE);
  adw_bin_set_child (ADW_BIN (self), box);

  g_signal_connect_swapped (self->shown, "items-changed", G_CALLBACK (items_changed_cb), self);
  g_signal_connect_swapped (self->selection, "notify::selected-item", G_CALLBACK (selected_cb), self);
  g_signal_connect (target, "drop", G_CALLBACK (drop_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (target));
  items_changed_cb (self);

  return self;
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
      if (g_list_model_get_n_items (G_LIST_MODEL (self->columns[i]->shown)) > 0 &&
          (pass > 0 || gtk_single_selection_get_selected_item (self->columns[i]->selection) != NULL))
        return gtk_widget_grab_focus (self->columns[i]->view);

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
  KabBoardColumn *column = KAB_PACKAGE_BOARD (object)->columns[0];

  if (id == PROP_SINGLE_CLICK)
    g_value_set_boolean (value, gtk_list_view_get_single_click_activate (GTK_LIST_VIEW (column->view)));
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

  if (id == PROP_SINGLE_CLICK)
    for (guint i = 0; i < KAB_N_RINGS; i++)
      gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (self->columns[i]->view), g_value_get_boolean (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kab_package_board_dispose (GObject *object)
{
  KabPackageBoard *self = KAB_PACKAGE_BOARD (object);

  self->selecting = TRUE;
  g_clear_pointer (&self->popover, gtk_widget_unparent);

  G_OBJECT_CLASS (kab_package_board_parent_class)->dispose (object);
}

static void
kab_package_board_finalize (GObject *object)
{
  g_free (KAB_PACKAGE_BOARD (object)->kept_id);

  G_OBJECT_CLASS (kab_package_board_parent_class)->finalize (object);
}

static void
kab_package_board_class_init (KabPackageBoardClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->get_property = kab_package_board_get_property;
  G_OBJECT_CLASS (klass)->set_property = kab_package_board_set_property;
  G_OBJECT_CLASS (klass)->dispose = kab_package_board_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_package_board_finalize;
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
      self->columns[i] = column_new (self, i);
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
    gtk_filter_list_model_set_model (self->columns[i]->shown, model);
}

KabRulePackage *
kab_package_board_get_selected (KabPackageBoard *self)
{
  KabRulePackage *item = NULL;

  g_return_val_if_fail (KAB_IS_PACKAGE_BOARD (self), NULL);

  for (guint i = 0; i < KAB_N_RINGS && item == NULL; i++)
    item = gtk_single_selection_get_selected_item (self->columns[i]->selection);

  return item;
}

void
kab_package_board_select_id (KabPackageBoard *self,
                             const char      *id)
{
  g_return_if_fail (KAB_IS_PACKAGE_BOARD (self));

  self->selecting = TRUE;
  for (guint i = 0; i < KAB_N_RINGS; i++)
    {
      GListModel *shown = G_LIST_MODEL (self->columns[i]->shown);
      guint position = GTK_INVALID_LIST_POSITION;

      for (guint j = 0; id != NULL && j < g_list_model_get_n_items (shown); j++)
        {
          g_autoptr(KabRulePackage) item = g_list_model_get_item (shown, j);

          if (g_str_equal (item->id, id))
            position = j;
        }
      gtk_single_selection_set_selected (self->columns[i]->selection, position);
    }
  self->selecting = FALSE;
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

  self->note_func = func;
  self->note_data = user_data;
}

void
kab_package_board_refresh (KabPackageBoard *self)
{
  g_return_if_fail (KAB_IS_PACKAGE_BOARD (self));

  for (guint i = 0; i < KAB_N_RINGS; i++)
    for (GtkWidget *row = gtk_widget_get_first_child (self->columns[i]->view); row != NULL;
         row = gtk_widget_get_next_sibling (row))
      {
        GtkWidget *card = find_card (row);

        if (card != NULL && kab_package_card_get_item (KAB_PACKAGE_CARD (card)) != NULL)
          fill_card (self->columns[i], KAB_PACKAGE_CARD (card),
                     kab_package_card_get_item (KAB_PACKAGE_CARD (card)));
      }
}
