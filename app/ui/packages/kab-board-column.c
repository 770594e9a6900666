/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-board-column.h"
#include "kab-format.h"
#include "kab-package-card.h"

#define COLUMN_WIDTH 250

struct _KabBoardColumn
{
  AdwBin              parent_instance;

  KabRing             ring;
  GtkWidget          *title;
  GtkWidget          *view;
  GtkWidget          *empty;
  GtkFilter          *filter;
  GtkFilterListModel *shown;
  GtkSingleSelection *selection;
  KabPackageNoteFunc  note_func;
  gpointer            note_data;
  gboolean            selecting;      /* not by the user */
};

G_DEFINE_FINAL_TYPE (KabBoardColumn, kab_board_column, ADW_TYPE_BIN)

enum {
  SELECTED,
  ACTIVATE,
  DROPPED,
  LEAVE,
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
  if (!self->selecting)
    g_signal_emit (self, signals[SELECTED], 0, gtk_single_selection_get_selected_item (self->selection));
}

static void
activate_cb (KabBoardColumn *self,
             guint           position)
{
  g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item != NULL)
    g_signal_emit (self, signals[ACTIVATE], 0, item);
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
  g_autofree char *note = self->note_func != NULL ? self->note_func (item, self->note_data) : NULL;
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

  g_signal_emit (self, signals[DROPPED], 0, item);

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

  g_signal_emit (self, signals[LEAVE], 0, rtl ? -step : step);

  return GDK_EVENT_STOP;
}

static void
kab_board_column_dispose (GObject *object)
{
  KabBoardColumn *self = KAB_BOARD_COLUMN (object);

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

  signals[SELECTED] = g_signal_new ("selected", KAB_TYPE_BOARD_COLUMN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, KAB_TYPE_RULE_PACKAGE);
  signals[ACTIVATE] = g_signal_new ("activate", KAB_TYPE_BOARD_COLUMN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, KAB_TYPE_RULE_PACKAGE);
  signals[DROPPED] = g_signal_new ("dropped", KAB_TYPE_BOARD_COLUMN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, KAB_TYPE_RULE_PACKAGE);
  signals[LEAVE] = g_signal_new ("leave", KAB_TYPE_BOARD_COLUMN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_INT);
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

GtkWidget *
kab_board_column_new (KabRing ring)
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

  return GTK_WIDGET (self);
}

void
kab_board_column_set_model (KabBoardColumn *self,
                            GListModel     *model)
{
  g_return_if_fail (KAB_IS_BOARD_COLUMN (self));

  gtk_filter_list_model_set_model (self->shown, model);
}

guint
kab_board_column_get_n_items (KabBoardColumn *self)
{
  g_return_val_if_fail (KAB_IS_BOARD_COLUMN (self), 0);

  return g_list_model_get_n_items (G_LIST_MODEL (self->shown));
}

KabRulePackage *
kab_board_column_get_selected (KabBoardColumn *self)
{
  g_return_val_if_fail (KAB_IS_BOARD_COLUMN (self), NULL);

  return gtk_single_selection_get_selected_item (self->selection);
}

void
kab_board_column_select_id (KabBoardColumn *self,
                            const char     *id)
{
  guint position = GTK_INVALID_LIST_POSITION;

  g_return_if_fail (KAB_IS_BOARD_COLUMN (self));

  for (guint i = 0; id != NULL && i < kab_board_column_get_n_items (self); i++)
    {
      g_autoptr(KabRulePackage) item = g_list_model_get_item (G_LIST_MODEL (self->shown), i);

      if (g_str_equal (item->id, id))
        position = i;
    }
  self->selecting = TRUE;
  gtk_single_selection_set_selected (self->selection, position);
  self->selecting = FALSE;
}

void
kab_board_column_enter (KabBoardColumn *self)
{
  g_return_if_fail (KAB_IS_BOARD_COLUMN (self));

  gtk_widget_grab_focus (self->view);
  if (gtk_single_selection_get_selected (self->selection) == GTK_INVALID_LIST_POSITION)
    gtk_single_selection_set_selected (self->selection, 0);
}

void
kab_board_column_set_single_click (KabBoardColumn *self,
                                   gboolean        single)
{
  g_return_if_fail (KAB_IS_BOARD_COLUMN (self));

  gtk_list_view_set_single_click_activate (GTK_LIST_VIEW (self->view), single);
}

void
kab_board_column_set_notes (KabBoardColumn     *self,
                            KabPackageNoteFunc  func,
                            gpointer            user_data)
{
  g_return_if_fail (KAB_IS_BOARD_COLUMN (self));

  self->note_func = func;
  self->note_data = user_data;
}

void
kab_board_column_refresh (KabBoardColumn *self)
{
  g_return_if_fail (KAB_IS_BOARD_COLUMN (self));

  for (GtkWidget *row = gtk_widget_get_first_child (self->view); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      GtkWidget *card = gtk_widget_get_first_child (row);

      if (KAB_IS_PACKAGE_CARD (card) && kab_package_card_get_item (KAB_PACKAGE_CARD (card)) != NULL)
        fill_card (self, KAB_PACKAGE_CARD (card), kab_package_card_get_item (KAB_PACKAGE_CARD (card)));
    }
}
