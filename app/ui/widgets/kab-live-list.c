/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-live-list.h"

#define FLUSH_MS 200

struct _KabLiveList
{
  GObject     parent_instance;

  GListModel *model;
  GPtrArray  *items;        /* (element-type GObject): those we listen to, in order */
  GHashTable *dirty;        /* (element-type GObject): borrowed, they are in items */
  guint       flush_id;
  gboolean    held;
};

static void kab_live_list_model_init (GListModelInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (KabLiveList, kab_live_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, kab_live_list_model_init))

static GType
kab_live_list_get_item_type (GListModel *list)
{
  return G_TYPE_OBJECT;
}

static guint
kab_live_list_get_n_items (GListModel *list)
{
  return KAB_LIVE_LIST (list)->items->len;
}

static gpointer
kab_live_list_get_item (GListModel *list,
                        guint       position)
{
  KabLiveList *self = KAB_LIVE_LIST (list);

  return position < self->items->len ? g_object_ref (self->items->pdata[position]) : NULL;
}

static void
kab_live_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = kab_live_list_get_item_type;
  iface->get_n_items = kab_live_list_get_n_items;
  iface->get_item = kab_live_list_get_item;
}

static void
flush (KabLiveList *self)
{
  g_autoptr(GHashTable) dirty = g_steal_pointer (&self->dirty);

  self->dirty = g_hash_table_new (NULL, NULL);
  for (guint i = 0; i < self->items->len; i++)
    if (g_hash_table_contains (dirty, self->items->pdata[i]))
      g_list_model_items_changed (G_LIST_MODEL (self), i, 1, 1);
}

static gboolean
flush_cb (gpointer user_data)
{
  KabLiveList *self = KAB_LIVE_LIST (user_data);

  self->flush_id = 0;
  flush (self);

  return G_SOURCE_REMOVE;
}

static void
notify_cb (KabLiveList *self,
           GParamSpec  *pspec,
           GObject     *item)
{
  g_hash_table_add (self->dirty, item);
  if (self->flush_id == 0 && !self->held)
    self->flush_id = g_timeout_add (FLUSH_MS, flush_cb, self);
}

static void
items_changed_cb (KabLiveList *self,
                  guint        position,
                  guint        removed,
                  guint        added,
                  GListModel  *model)
{
  for (guint i = position; i < position + removed; i++)
    {
      g_signal_handlers_disconnect_by_func (self->items->pdata[i], notify_cb, self);
      g_hash_table_remove (self->dirty, self->items->pdata[i]);
    }
  if (removed > 0)
    g_ptr_array_remove_range (self->items, position, removed);

  for (guint i = 0; i < added; i++)
    {
      GObject *item = g_list_model_get_item (model, position + i);

      g_signal_connect_swapped (item, "notify", G_CALLBACK (notify_cb), self);
      g_ptr_array_insert (self->items, (int) (position + i), item);
    }

  g_list_model_items_changed (G_LIST_MODEL (self), position, removed, added);
}

static void
kab_live_list_dispose (GObject *object)
{
  KabLiveList *self = KAB_LIVE_LIST (object);

  g_clear_handle_id (&self->flush_id, g_source_remove);
  for (guint i = 0; i < self->items->len; i++)
    g_signal_handlers_disconnect_by_func (self->items->pdata[i], notify_cb, self);
  g_ptr_array_set_size (self->items, 0);
  if (self->model != NULL)
    g_signal_handlers_disconnect_by_func (self->model, items_changed_cb, self);
  g_clear_object (&self->model);

  G_OBJECT_CLASS (kab_live_list_parent_class)->dispose (object);
}

static void
kab_live_list_finalize (GObject *object)
{
  KabLiveList *self = KAB_LIVE_LIST (object);

  g_ptr_array_unref (self->items);
  g_hash_table_unref (self->dirty);

  G_OBJECT_CLASS (kab_live_list_parent_class)->finalize (object);
}

static void
kab_live_list_class_init (KabLiveListClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_live_list_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_live_list_finalize;
}

static void
kab_live_list_init (KabLiveList *self)
{
  self->items = g_ptr_array_new_with_free_func (g_object_unref);
  self->dirty = g_hash_table_new (NULL, NULL);
}

GListModel *
kab_live_list_new (GListModel *model)
{
  KabLiveList *self = g_object_new (KAB_TYPE_LIVE_LIST, NULL);

  self->model = model;
  g_signal_connect_swapped (model, "items-changed", G_CALLBACK (items_changed_cb), self);
  items_changed_cb (self, 0, 0, g_list_model_get_n_items (model), model);

  return G_LIST_MODEL (self);
}

void
kab_live_list_set_held (GListModel *list,
                        gboolean    held)
{
  KabLiveList *self = KAB_LIVE_LIST (list);

  g_return_if_fail (KAB_IS_LIVE_LIST (list));

  if (self->held == held)
    return;

  self->held = held;
  g_clear_handle_id (&self->flush_id, g_source_remove);
  if (!held && g_hash_table_size (self->dirty) > 0)
    flush (self);
}
