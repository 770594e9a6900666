/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-record-selection.h"

#define MANY_ROWS 40
#define TWO_FRAMES_MS 34

struct _KabRecordSelection
{
  GObject     parent_instance;

  GListModel *model;        /* (nullable) */
  GtkBitset  *selected;     /* positions */
  gulong      handler;
  guint       n_items;      /* as announced: a list that was emptied is told about a moment later */
  guint       flush_source;
  gboolean    refreshing;
  guint       settle_source;      /* "refreshed" follows */
};

enum {
  REFRESHED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void list_model_init (GListModelInterface *iface);
static void selection_model_init (GtkSelectionModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KabRecordSelection, kab_record_selection, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init)
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SELECTION_MODEL,
                                                      selection_model_init))

static GType
get_item_type (GListModel *list)
{
  KabRecordSelection *self = KAB_RECORD_SELECTION (list);

  return self->model != NULL ? g_list_model_get_item_type (self->model) : G_TYPE_OBJECT;
}

static guint
get_n_items (GListModel *list)
{
  return KAB_RECORD_SELECTION (list)->n_items;
}

static gpointer
get_item (GListModel *list,
          guint       position)
{
  KabRecordSelection *self = KAB_RECORD_SELECTION (list);

  return self->model != NULL ? g_list_model_get_item (self->model, position) : NULL;
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

static gboolean
is_selected (GtkSelectionModel *model,
             guint              position)
{
  return gtk_bitset_contains (KAB_RECORD_SELECTION (model)->selected, position);
}

static GtkBitset *
get_selection_in_range (GtkSelectionModel *model,
                        guint              position,
                        guint              n_items)
{
  return gtk_bitset_ref (KAB_RECORD_SELECTION (model)->selected);
}

static gboolean
set_selection (GtkSelectionModel *model,
               GtkBitset         *selected,
               GtkBitset         *mask)
{
  KabRecordSelection *self = KAB_RECORD_SELECTION (model);
  g_autoptr(GtkBitset) now = gtk_bitset_copy (self->selected);
  g_autoptr(GtkBitset) wanted = gtk_bitset_copy (selected);
  g_autoptr(GtkBitset) changed = NULL;
  guint first, n_items = get_n_items (G_LIST_MODEL (self));

  gtk_bitset_intersect (wanted, mask);
  gtk_bitset_subtract (now, mask);
  gtk_bitset_union (now, wanted);
  /* Select all comes as the range of every guint there is. */
  if (n_items == 0)
    gtk_bitset_remove_all (now);
  else if (n_items < G_MAXUINT)
    gtk_bitset_remove_range_closed (now, n_items, G_MAXUINT);

  changed = gtk_bitset_copy (now);
  gtk_bitset_difference (changed, self->selected);
  if (gtk_bitset_is_empty (changed))
    return TRUE;

  /* A new set each time: readers may still hold the old one. */
  gtk_bitset_unref (self->selected);
  self->selected = g_steal_pointer (&now);
  first = gtk_bitset_get_minimum (changed);
  gtk_selection_model_selection_changed (model, first,
                                         gtk_bitset_get_maximum (changed) - first + 1);
  return TRUE;
}

static void
selection_model_init (GtkSelectionModelInterface *iface)
{
  iface->is_selected = is_selected;
  iface->get_selection_in_range = get_selection_in_range;
  iface->set_selection = set_selection;
}

static void
announce (KabRecordSelection *self,
          guint               position,
          guint               removed,
          guint               added)
{
  GtkBitset *selected = gtk_bitset_copy (self->selected);

  gtk_bitset_splice (selected, position, removed, added);
  gtk_bitset_unref (self->selected);
  self->selected = selected;
  self->n_items = self->n_items - removed + added;
  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

/* It stayed empty. */
static gboolean
flush (gpointer data)
{
  KabRecordSelection *self = KAB_RECORD_SELECTION (data);

  self->flush_source = 0;
  announce (self, 0, self->n_items, 0);
  return G_SOURCE_REMOVE;
}

static gboolean
settle (gpointer data)
{
  KabRecordSelection *self = KAB_RECORD_SELECTION (data);

  self->settle_source = 0;
  self->refreshing = FALSE;
  g_signal_emit (self, signals[REFRESHED], 0);
  return G_SOURCE_REMOVE;
}

/* @selected: (transfer full): what is selected among the @n_now items */
static void
refresh (KabRecordSelection *self,
         GtkBitset          *selected,
         guint               n_now)
{
  guint n_before = self->n_items;
  gboolean any_selected = !gtk_bitset_is_empty (self->selected) || !gtk_bitset_is_empty (selected);

  gtk_bitset_unref (self->selected);
  self->selected = gtk_bitset_new_empty ();
  self->refreshing = TRUE;
  if (n_before > n_now)
    announce (self, n_now, n_before - n_now, 0);
  else if (n_before < n_now)
    announce (self, n_before, 0, n_now - n_before);
  gtk_bitset_unref (self->selected);
  self->selected = selected;
  /* The view goes through all its rows then. */
  if (any_selected)
    gtk_selection_model_selection_changed (GTK_SELECTION_MODEL (self), 0, n_now);

  g_clear_handle_id (&self->settle_source, g_source_remove);
  /* The frame that lays out new rows has enough to do: what stands in all of them follows after it. Not where rows are
   * selected: nobody should see a moment in which others are. */
  if (!any_selected && n_before > MANY_ROWS && n_before < n_now && n_now - n_before < MANY_ROWS)
    self->settle_source = g_timeout_add (TWO_FRAMES_MS, settle, self);
  else
    settle (self);
}

static void
items_changed_cb (GListModel         *model,
                  guint               position,
                  guint               removed,
                  guint               added,
                  KabRecordSelection *self)
{
  guint n_now = g_list_model_get_n_items (model);
  GtkBitset *selected;

  if (n_now == 0)
    {
      /* Before any event or frame: nobody asks for an item until then. */
      if (self->flush_source == 0)
        self->flush_source = g_idle_add_full (G_PRIORITY_HIGH, flush, self, NULL);
      return;
    }
  if (self->flush_source != 0)
    {
      g_clear_handle_id (&self->flush_source, g_source_remove);
      refresh (self, gtk_bitset_new_empty (), n_now);
      return;
    }
  if (self->n_items - position - removed <= MANY_ROWS)
    {
      announce (self, position, removed, added);
      return;
    }

  /* A row that comes or goes above many others costs GTK 4.8 the styles of all of them. */
  selected = gtk_bitset_copy (self->selected);
  gtk_bitset_splice (selected, position, removed, added);
  refresh (self, selected, n_now);
}

static void
kab_record_selection_dispose (GObject *object)
{
  KabRecordSelection *self = KAB_RECORD_SELECTION (object);

  g_clear_handle_id (&self->flush_source, g_source_remove);
  g_clear_handle_id (&self->settle_source, g_source_remove);
  g_clear_signal_handler (&self->handler, self->model);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (kab_record_selection_parent_class)->dispose (object);
}

static void
kab_record_selection_finalize (GObject *object)
{
  gtk_bitset_unref (KAB_RECORD_SELECTION (object)->selected);

  G_OBJECT_CLASS (kab_record_selection_parent_class)->finalize (object);
}

static void
kab_record_selection_class_init (KabRecordSelectionClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_record_selection_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_record_selection_finalize;

  signals[REFRESHED] = g_signal_new ("refreshed", KAB_TYPE_RECORD_SELECTION, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 0);
}

static void
kab_record_selection_init (KabRecordSelection *self)
{
  self->selected = gtk_bitset_new_empty ();
}

KabRecordSelection *
kab_record_selection_new (GListModel *model)
{
  KabRecordSelection *self = g_object_new (KAB_TYPE_RECORD_SELECTION, NULL);

  kab_record_selection_set_model (self, model);
  return self;
}

void
kab_record_selection_set_model (KabRecordSelection *self,
                                GListModel         *model)
{
  g_return_if_fail (KAB_IS_RECORD_SELECTION (self));
  g_return_if_fail (model == NULL || G_IS_LIST_MODEL (model));

  if (self->model == model)
    return;

  g_clear_handle_id (&self->flush_source, g_source_remove);
  g_clear_handle_id (&self->settle_source, g_source_remove);
  self->refreshing = FALSE;
  g_clear_signal_handler (&self->handler, self->model);
  g_clear_object (&self->model);
  /* Two steps: for (0, old, new) the view would look at every new item. */
  if (self->n_items > 0)
    announce (self, 0, self->n_items, 0);

  if (model == NULL)
    return;
  self->model = g_object_ref (model);
  self->handler = g_signal_connect (model, "items-changed", G_CALLBACK (items_changed_cb), self);
  if (g_list_model_get_n_items (model) > 0)
    announce (self, 0, 0, g_list_model_get_n_items (model));
}

guint
kab_record_selection_get_count (KabRecordSelection *self)
{
  g_return_val_if_fail (KAB_IS_RECORD_SELECTION (self), 0);

  return (guint) gtk_bitset_get_size (self->selected);
}

gboolean
kab_record_selection_is_all (KabRecordSelection *self)
{
  guint n_items;

  g_return_val_if_fail (KAB_IS_RECORD_SELECTION (self), FALSE);

  n_items = get_n_items (G_LIST_MODEL (self));
  return n_items > 0 && gtk_bitset_get_size (self->selected) == n_items;
}

gboolean
kab_record_selection_is_refreshing (KabRecordSelection *self)
{
  g_return_val_if_fail (KAB_IS_RECORD_SELECTION (self), FALSE);

  return self->refreshing;
}
