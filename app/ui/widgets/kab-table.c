/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-table-private.h"

/* Below this many pixels rows show two lines in one column; text scale moves it. */
#define NARROW_CHARS 62
/* Where the second line says more than columns would have room for. */
#define NARROW_CHARS_WRAPPED 130
/* Pixels; the narrowest window has 360. */
#define MIN_WIDTH 280

G_DEFINE_FINAL_TYPE (KabTable, kab_table, ADW_TYPE_BIN)

enum {
  ACTIVATE,
  SELECTION_CHANGED,
  TOLD,
  FAILED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* One Tab stop for the whole list: GTK 4.8 would go through every row. */
static gboolean
kab_table_focus (GtkWidget        *widget,
                 GtkDirectionType  direction)
{
  if ((direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD) &&
      gtk_widget_get_focus_child (widget) != NULL)
    return FALSE;

  return GTK_WIDGET_CLASS (kab_table_parent_class)->focus (widget, direction);
}

static gboolean
kab_table_grab_focus (GtkWidget *widget)
{
  KabTable *self = KAB_TABLE (widget);

  if (self->info == NULL)
    return FALSE;
  if (g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0)
    return gtk_widget_child_focus (self->stack, GTK_DIR_TAB_FORWARD);

  return gtk_widget_grab_focus (self->view);
}

static gboolean
change_form (gpointer data)
{
  KabTable *self = KAB_TABLE (data);

  self->narrow_source = 0;
  kab_table_columns_narrow (self, self->narrow);
  return G_SOURCE_REMOVE;
}

static int
get_narrow_width (KabTable *self)
{
  PangoContext *context = gtk_widget_get_pango_context (GTK_WIDGET (self));
  PangoFontMetrics *metrics = pango_context_get_metrics (context, NULL, NULL);
  int chars = self->info != NULL && self->info->wrap ? NARROW_CHARS_WRAPPED : NARROW_CHARS;
  int width = pango_font_metrics_get_approximate_char_width (metrics) * chars / PANGO_SCALE;

  pango_font_metrics_unref (metrics);
  return width;
}

static void
kab_table_measure (GtkWidget      *widget,
                   GtkOrientation  orientation,
                   int             for_size,
                   int            *minimum,
                   int            *natural,
                   int            *minimum_baseline,
                   int            *natural_baseline)
{
  KabTable *self = KAB_TABLE (widget);

  *minimum_baseline = *natural_baseline = -1;
  if (self->stack != NULL)
    gtk_widget_measure (self->stack, orientation, for_size, minimum, natural, NULL, NULL);
  /* What comes beside us should fold away before we do. */
  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = MAX (*minimum, MIN_WIDTH);
      *natural = MAX (*minimum, get_narrow_width (self));
    }
}

static GtkSizeRequestMode
kab_table_get_request_mode (GtkWidget *widget)
{
  return GTK_SIZE_REQUEST_CONSTANT_SIZE;
}

static void
kab_table_size_allocate (GtkWidget *widget,
                         int        width,
                         int        height,
                         int        baseline)
{
  KabTable *self = KAB_TABLE (widget);
  gboolean narrow = width < get_narrow_width (self);

  /* Columns may not come and go while sizes are dealt out. */
  if (self->info != NULL && narrow != self->narrow)
    {
      self->narrow = narrow;
      if (self->narrow_source == 0)
        self->narrow_source = g_idle_add_full (G_PRIORITY_HIGH_IDLE, change_form, self, NULL);
    }

  if (self->stack != NULL)
    gtk_widget_allocate (self->stack, width, height, baseline, NULL);
  if (self->popover != NULL)
    gtk_popover_present (GTK_POPOVER (self->popover));
}

static void
activate_cb (GtkColumnView *view,
             guint          position,
             KabTable      *self)
{
  g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

  if (item != NULL)
    g_signal_emit (self, signals[ACTIVATE], 0, item);
}

/* A new reading of the list empties the selection and finds it again: nobody should see the moment in between. */
static gboolean
emit_selection_changed (gpointer data)
{
  KabTable *self = KAB_TABLE (data);

  self->selection_source = 0;
  g_signal_emit (self, signals[SELECTION_CHANGED], 0);
  return G_SOURCE_REMOVE;
}

static void
selection_changed_cb (KabTable *self)
{
  guint count = kab_record_selection_get_count (self->selection);
  GAction *copy = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "copy");

  g_simple_action_set_enabled (G_SIMPLE_ACTION (copy), count > 0);
  if (self->selection_source == 0)
    self->selection_source = g_idle_add_full (G_PRIORITY_DEFAULT, emit_selection_changed, self, NULL);
}

static void
n_items_changed_cb (KabTable *self)
{
  gboolean empty = g_list_model_get_n_items (G_LIST_MODEL (self->selection)) == 0;
  GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "export");
  gboolean busy = KAB_IS_RECORD_LIST (self->model) &&
                  kab_record_list_is_busy (KAB_RECORD_LIST (self->model));

  /* A list in between two orders is not an empty list. */
  if (gtk_stack_get_child_by_name (GTK_STACK (self->stack), "empty") != NULL && !(empty && busy))
    gtk_stack_set_visible_child_name (GTK_STACK (self->stack), empty ? "empty" : "list");
  g_simple_action_set_enabled (G_SIMPLE_ACTION (action), !empty);
  if (kab_record_selection_get_count (self->selection) == 0)
    selection_changed_cb (self);
}

static void
kab_table_dispose (GObject *object)
{
  KabTable *self = KAB_TABLE (object);

  g_cancellable_cancel (self->cancellable);
  g_clear_handle_id (&self->narrow_source, g_source_remove);
  g_clear_handle_id (&self->selection_source, g_source_remove);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
  kab_table_place_dispose (self);
  kab_table_columns_clear (self);
  kab_table_menu_dispose (self);
  g_clear_object (&self->selection);
  g_clear_object (&self->sorted);
  g_clear_object (&self->model);
  self->view = self->scrolled = self->stack = NULL;

  G_OBJECT_CLASS (kab_table_parent_class)->dispose (object);
}

static void
kab_table_finalize (GObject *object)
{
  KabTable *self = KAB_TABLE (object);

  g_clear_object (&self->actions);
  g_clear_object (&self->view_menu);
  g_clear_object (&self->row_menu);
  g_clear_pointer (&self->bound, g_hash_table_unref);
  g_clear_pointer (&self->waiting, g_hash_table_unref);
  g_clear_object (&self->low);
  g_clear_object (&self->high);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->kept_ids, g_ptr_array_unref);
  g_free (self->kept_query);
  g_free (self->top_id);
  g_free (self->slots);

  G_OBJECT_CLASS (kab_table_parent_class)->finalize (object);
}

static void
kab_table_class_init (KabTableClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->dispose = kab_table_dispose;
  object_class->finalize = kab_table_finalize;
  widget_class->focus = kab_table_focus;
  widget_class->grab_focus = kab_table_grab_focus;
  widget_class->measure = kab_table_measure;
  widget_class->get_request_mode = kab_table_get_request_mode;
  widget_class->size_allocate = kab_table_size_allocate;

  signals[ACTIVATE] = g_signal_new ("activate", KAB_TYPE_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, G_TYPE_OBJECT);
  signals[SELECTION_CHANGED] = g_signal_new ("selection-changed", KAB_TYPE_TABLE, G_SIGNAL_RUN_LAST,
                                             0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  signals[TOLD] = g_signal_new ("told", KAB_TYPE_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[FAILED] = g_signal_new ("failed", KAB_TYPE_TABLE, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_ERROR);

  kab_table_menu_class_init (widget_class);
}

static void
kab_table_init (KabTable *self)
{
  /* Our own size_allocate must be asked, which a layout manager would prevent. */
  gtk_widget_set_layout_manager (GTK_WIDGET (self), NULL);

  self->cancellable = g_cancellable_new ();
  self->actions = g_simple_action_group_new ();
  self->bound = g_hash_table_new (NULL, NULL);
  self->waiting = g_hash_table_new (NULL, NULL);
  self->low = g_object_new (G_TYPE_OBJECT, NULL);
  self->high = g_object_new (G_TYPE_OBJECT, NULL);
  self->view_menu = g_menu_new ();
  self->selection = kab_record_selection_new (NULL);
}

GtkWidget *
kab_table_new (const KabTableInfo *info)
{
  KabTable *self = g_object_new (KAB_TYPE_TABLE, NULL);

  kab_table_set_info (self, info);
  return GTK_WIDGET (self);
}

void
kab_table_set_info (KabTable           *self,
                    const KabTableInfo *info)
{
  g_return_if_fail (KAB_IS_TABLE (self));
  g_return_if_fail (self->info == NULL && info != NULL);

  self->info = info;
  self->view = gtk_column_view_new (NULL);
  gtk_column_view_set_reorderable (GTK_COLUMN_VIEW (self->view), TRUE);
  gtk_column_view_set_enable_rubberband (GTK_COLUMN_VIEW (self->view), TRUE);
  gtk_widget_add_css_class (self->view, "kab-table");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _(info->name), -1);
  self->scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW,
                                 "child", self->view, "hexpand", TRUE, "vexpand", TRUE, NULL);
  self->stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (self->stack), self->scrolled, "list");
  adw_bin_set_child (ADW_BIN (self), self->stack);

  kab_table_copy_init (self);
  kab_table_columns_build (self);
  kab_table_menu_init (self);
  kab_table_place_init (self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "table", G_ACTION_GROUP (self->actions));

  gtk_column_view_set_model (GTK_COLUMN_VIEW (self->view), GTK_SELECTION_MODEL (self->selection));
  g_signal_connect (self->view, "activate", G_CALLBACK (activate_cb), self);
  g_signal_connect_swapped (self->selection, "selection-changed",
                            G_CALLBACK (selection_changed_cb), self);
  g_signal_connect_swapped (self->selection, "items-changed",
                            G_CALLBACK (n_items_changed_cb), self);
  selection_changed_cb (self);
  n_items_changed_cb (self);
}

/**
 * kab_table_set_model:
 * @self: a table
 * @model: (nullable): any list of the items its columns understand
 *
 * A #KabRecordList sorts itself; others are sorted here, so they should be short.
 */
void
kab_table_set_model (KabTable   *self,
                     GListModel *model)
{
  GListModel *shown;

  g_return_if_fail (KAB_IS_TABLE (self));
  g_return_if_fail (self->info != NULL);
  g_return_if_fail (model == NULL || G_IS_LIST_MODEL (model));

  if (self->model == model)
    return;

  if (self->model != NULL)
    g_signal_handlers_disconnect_by_data (self->model, self);
  g_set_object (&self->model, model);
  shown = kab_table_apply_sort (self);
  kab_record_selection_set_model (self->selection, shown);
  if (KAB_IS_RECORD_LIST (model))
    g_signal_connect_swapped (model, "notify::busy", G_CALLBACK (n_items_changed_cb), self);
  n_items_changed_cb (self);
}

/**
 * kab_table_get_selection:
 * @self: a table
 *
 * Returns: (transfer none): the list as it is shown, and what is selected in it
 */
GtkSelectionModel *
kab_table_get_selection (KabTable *self)
{
  g_return_val_if_fail (KAB_IS_TABLE (self), NULL);

  return GTK_SELECTION_MODEL (self->selection);
}

guint
kab_table_get_n_selected (KabTable *self)
{
  g_return_val_if_fail (KAB_IS_TABLE (self), 0);

  return kab_record_selection_get_count (self->selection);
}

gpointer
kab_table_dup_single (KabTable *self)
{
  g_autoptr(GtkBitset) selected = NULL;

  g_return_val_if_fail (KAB_IS_TABLE (self), NULL);

  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  if (gtk_bitset_get_size (selected) != 1)
    return NULL;

  return g_list_model_get_item (G_LIST_MODEL (self->selection), gtk_bitset_get_minimum (selected));
}

gpointer
kab_table_dup_current (KabTable *self)
{
  g_autoptr(GtkBitset) selected = NULL;
  GtkWidget *focus;
  GtkRoot *root;
  guint position = GTK_INVALID_LIST_POSITION;

  g_return_val_if_fail (KAB_IS_TABLE (self), NULL);

  root = gtk_widget_get_root (GTK_WIDGET (self));
  focus = root != NULL ? gtk_root_get_focus (root) : NULL;
  if (focus != NULL && gtk_widget_is_ancestor (focus, self->view))
    position = kab_table_find_position (self, focus);
  if (position == GTK_INVALID_LIST_POSITION)
    {
      selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
      if (gtk_bitset_is_empty (selected))
        return NULL;
      position = gtk_bitset_get_minimum (selected);
    }

  return g_list_model_get_item (G_LIST_MODEL (self->selection), position);
}

/* No public function of 4.8 does this, but the list inside has an action. */
void
kab_table_scroll_to (KabTable *self,
                     guint     position)
{
  g_return_if_fail (KAB_IS_TABLE (self));

  if (position < g_list_model_get_n_items (G_LIST_MODEL (self->selection)))
    gtk_widget_activate_action (gtk_widget_get_last_child (self->view),
                                "list.scroll-to-item", "u", position);
}

void
kab_table_set_placeholder (KabTable  *self,
                           GtkWidget *placeholder)
{
  GtkWidget *old;

  g_return_if_fail (KAB_IS_TABLE (self));

  old = gtk_stack_get_child_by_name (GTK_STACK (self->stack), "empty");
  if (old == placeholder)
    return;
  if (old != NULL)
    gtk_stack_remove (GTK_STACK (self->stack), old);
  if (placeholder != NULL)
    gtk_stack_add_named (GTK_STACK (self->stack), placeholder, "empty");
  n_items_changed_cb (self);
}

void
kab_table_set_row_menu (KabTable   *self,
                        GMenuModel *menu)
{
  g_return_if_fail (KAB_IS_TABLE (self));

  g_set_object (&self->row_menu, menu);
}

GMenuModel *
kab_table_get_view_menu (KabTable *self)
{
  g_return_val_if_fail (KAB_IS_TABLE (self), NULL);

  return G_MENU_MODEL (self->view_menu);
}

GActionGroup *
kab_table_get_actions (KabTable *self)
{
  g_return_val_if_fail (KAB_IS_TABLE (self), NULL);

  return G_ACTION_GROUP (self->actions);
}

void
kab_table_set_single_click (KabTable *self,
                            gboolean  single)
{
  g_return_if_fail (KAB_IS_TABLE (self));

  if (self->view != NULL)
    gtk_column_view_set_single_click_activate (GTK_COLUMN_VIEW (self->view), single);
}

GtkAdjustment *
kab_table_get_vadjustment (KabTable *self)
{
  g_return_val_if_fail (KAB_IS_TABLE (self), NULL);

  return gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled));
}

void
kab_table_tell (KabTable   *self,
                const char *text)
{
  g_signal_emit (self, signals[TOLD], 0, text);
}

void
kab_table_fail (KabTable     *self,
                const GError *error)
{
  g_signal_emit (self, signals[FAILED], 0, error);
}
