/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-table-private.h"

/* A new reading of the mirror empties the list and fills it again. What was selected and what stood at the top
 * are found again by id; a new search starts at its top. */

static int
find_id (KabTable   *self,
         const char *id)
{
  guint n_items;

  if (KAB_IS_RECORD_LIST (self->model))
    return kab_record_list_find (KAB_RECORD_LIST (self->model), id);

  n_items = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (self->selection), i);

      if (g_strcmp0 (self->info->get_id (item), id) == 0)
        return (int) i;
    }

  return -1;
}

static char *
dup_list_query (KabTable *self)
{
  gboolean descending = FALSE;
  KabSort sort;

  if (!KAB_IS_RECORD_LIST (self->model))
    return g_strdup ("");

  sort = kab_record_list_get_sort (KAB_RECORD_LIST (self->model), &descending);
  return g_strdup_printf ("%d %d %s", (int) sort, descending,
                          kab_record_list_get_query (KAB_RECORD_LIST (self->model)));
}

static void
keep_selection (KabTable *self)
{
  g_autoptr(GtkBitset) selected = NULL;
  GtkBitsetIter iter;
  guint position;
  gboolean more;

  if (self->emptied || self->info == NULL || kab_record_selection_is_refreshing (self->selection))
    return;

  g_ptr_array_set_size (self->kept_ids, 0);
  self->kept_all = kab_record_selection_is_all (self->selection) &&
                   kab_record_selection_get_count (self->selection) > 1;
  if (self->kept_all || kab_record_selection_get_count (self->selection) > KAB_TABLE_KEEPS)
    return;

  selected = gtk_selection_model_get_selection (GTK_SELECTION_MODEL (self->selection));
  for (more = gtk_bitset_iter_init_first (&iter, selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

      if (item != NULL)
        g_ptr_array_add (self->kept_ids, g_strdup (self->info->get_id (item)));
    }
}

static double
get_row_height (GtkAdjustment *adjustment,
                guint          n_items)
{
  return n_items > 0 ? gtk_adjustment_get_upper (adjustment) / n_items : 0;
}

static void
scrolled_cb (KabTable *self)
{
  GtkAdjustment *adjustment;
  guint n_items, position;
  double height, value;

  if (self->emptied || self->keep_tick != 0 || self->info->wrap)
    return;

  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled));
  n_items = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  value = gtk_adjustment_get_value (adjustment);
  height = get_row_height (adjustment, n_items);
  g_clear_pointer (&self->top_id, g_free);
  if (value <= 0 || height <= 0)
    return;

  position = MIN ((guint) (value / height), n_items - 1);
  self->top_offset = value - position * height;
  {
    g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (self->selection), position);

    self->top_id = g_strdup (self->info->get_id (item));
  }
}

static gboolean
scroll_back_cb (GtkWidget     *widget,
                GdkFrameClock *clock,
                gpointer       user_data)
{
  KabTable *self = KAB_TABLE (widget);
  GtkAdjustment *adjustment;
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->selection));
  int position;

  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled));
  /* Not laid out yet */
  if (n_items > 0 && gtk_adjustment_get_upper (adjustment) <= 1)
    return G_SOURCE_CONTINUE;

  position = self->top_id != NULL ? find_id (self, self->top_id) : -1;
  if (position >= 0)
    gtk_adjustment_set_value (adjustment,
                              position * get_row_height (adjustment, n_items) + self->top_offset);
  self->keep_tick = 0;
  return G_SOURCE_REMOVE;
}

static void
scroll_to_top (KabTable *self)
{
  GtkAdjustment *adjustment;

  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled));
  g_clear_pointer (&self->top_id, g_free);
  gtk_adjustment_set_value (adjustment, 0);
}

static void
select_kept (KabTable *self)
{
  GtkSelectionModel *selection = GTK_SELECTION_MODEL (self->selection);
  g_autoptr(GtkBitset) selected = gtk_bitset_new_empty ();
  g_autoptr(GtkBitset) mask = gtk_bitset_new_empty ();

  if (self->kept_all)
    {
      gtk_selection_model_select_all (selection);
      return;
    }
  for (guint i = 0; i < self->kept_ids->len; i++)
    {
      int position = find_id (self, self->kept_ids->pdata[i]);

      if (position >= 0)
        gtk_bitset_add (selected, (guint) position);
    }
  if (gtk_bitset_is_empty (selected))
    return;

  gtk_bitset_add_range (mask, 0, g_list_model_get_n_items (G_LIST_MODEL (selection)));
  gtk_selection_model_set_selection (selection, selected, mask);
}

/* All rows are others now. */
static void
filled (KabTable *self)
{
  g_autofree char *query = dup_list_query (self);
  gboolean same = g_strcmp0 (query, self->kept_query) == 0;

  g_free (self->kept_query);
  self->kept_query = g_steal_pointer (&query);
  /* Every row of another search is not every row of this one. */
  if (!same)
    self->kept_all = FALSE;

  self->emptied = TRUE;
  select_kept (self);
  self->emptied = FALSE;
  keep_selection (self);
  if (same && self->top_id != NULL && self->keep_tick == 0)
    self->keep_tick = gtk_widget_add_tick_callback (GTK_WIDGET (self), scroll_back_cb, NULL, NULL);
  else if (!same)
    scroll_to_top (self);
}

static void
items_changed_cb (GListModel *model,
                  guint       position,
                  guint       removed,
                  guint       added,
                  KabTable   *self)
{
  if (kab_record_selection_is_refreshing (self->selection))
    return;

  if (g_list_model_get_n_items (model) == 0)
    {
      self->emptied = TRUE;
      return;
    }
  if (self->emptied)
    {
      filled (self);
      return;
    }
  /* Rows that changed places: a sort of a short list. */
  if (removed > 0 && added > 0)
    {
      self->emptied = TRUE;
      select_kept (self);
      self->emptied = FALSE;
    }
  keep_selection (self);
}

static void
refreshed_cb (KabTable *self)
{
  kab_table_cells_refresh (self);
  filled (self);
}

void
kab_table_place_init (KabTable *self)
{
  GtkAdjustment *adjustment;

  self->kept_ids = g_ptr_array_new_with_free_func (g_free);
  adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (self->scrolled));
  g_signal_connect_object (adjustment, "value-changed", G_CALLBACK (scrolled_cb), self,
                           G_CONNECT_SWAPPED);
  /* After the view, which must know the rows before they are selected. */
  g_signal_connect_object (self->selection, "items-changed", G_CALLBACK (items_changed_cb), self,
                           G_CONNECT_AFTER);
  g_signal_connect_object (self->selection, "refreshed", G_CALLBACK (refreshed_cb), self,
                           G_CONNECT_SWAPPED);
  g_signal_connect_object (self->selection, "selection-changed", G_CALLBACK (keep_selection), self,
                           G_CONNECT_SWAPPED);
}

void
kab_table_place_dispose (KabTable *self)
{
  if (self->keep_tick != 0)
    gtk_widget_remove_tick_callback (GTK_WIDGET (self), self->keep_tick);
  self->keep_tick = 0;
  if (self->selection != NULL)
    g_signal_handlers_disconnect_by_data (self->selection, self);
}

gboolean
kab_table_select_id (KabTable   *self,
                     const char *id)
{
  int position;

  g_return_val_if_fail (KAB_IS_TABLE (self), FALSE);
  g_return_val_if_fail (id != NULL, FALSE);

  position = find_id (self, id);
  if (position < 0)
    return FALSE;

  gtk_selection_model_select_item (GTK_SELECTION_MODEL (self->selection), (guint) position, TRUE);
  kab_table_scroll_to (self, (guint) position);
  return TRUE;
}
