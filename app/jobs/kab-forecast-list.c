/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-forecast-job.h"

/* Items of the lists of pairs and of hosts: a reference to the forecast and what they are of it. */
struct _KabForecastItem
{
  GObject          parent_instance;

  KabForecast     *forecast;
  KabForecastPair  pair;
  KabForecastHost  host;
};

G_DEFINE_FINAL_TYPE (KabForecastItem, kab_forecast_item, G_TYPE_OBJECT)

static void
kab_forecast_item_finalize (GObject *object)
{
  KabForecastItem *self = KAB_FORECAST_ITEM (object);

  g_clear_object (&self->forecast);

  G_OBJECT_CLASS (kab_forecast_item_parent_class)->finalize (object);
}

static void
kab_forecast_item_class_init (KabForecastItemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_forecast_item_finalize;
}

static void
kab_forecast_item_init (KabForecastItem *self)
{
}

const KabForecastPair *
kab_forecast_item_get_pair (KabForecastItem *self)
{
  g_return_val_if_fail (KAB_IS_FORECAST_ITEM (self), NULL);

  return &self->pair;
}

/* (nullable): none in a list of hosts */
KabUpdate *
kab_forecast_item_get_update (KabForecastItem *self)
{
  const KabForecastRow *rows;
  guint n_rows;

  g_return_val_if_fail (KAB_IS_FORECAST_ITEM (self), NULL);

  rows = kab_forecast_get_rows (self->forecast, &n_rows);
  return self->pair.row < n_rows ? rows[self->pair.row].update : NULL;
}

const KabForecastHost *
kab_forecast_item_get_host (KabForecastItem *self)
{
  g_return_val_if_fail (KAB_IS_FORECAST_ITEM (self), NULL);

  return &self->host;
}

KabForecast *
kab_forecast_item_get_forecast (KabForecastItem *self)
{
  g_return_val_if_fail (KAB_IS_FORECAST_ITEM (self), NULL);

  return self->forecast;
}

/* The list: numbers of pairs or hosts, items on demand. It never changes. */
#define KAB_TYPE_FORECAST_LIST (kab_forecast_list_get_type ())
G_DECLARE_FINAL_TYPE (KabForecastList, kab_forecast_list, KAB, FORECAST_LIST, GObject)

struct _KabForecastList
{
  GObject      parent_instance;

  KabForecast *forecast;
  GArray      *numbers;       /* guint32 */
  gboolean     is_of_hosts;
};

static GType
kab_forecast_list_get_item_type (GListModel *model)
{
  return KAB_TYPE_FORECAST_ITEM;
}

static guint
kab_forecast_list_get_n_items (GListModel *model)
{
  return KAB_FORECAST_LIST (model)->numbers->len;
}

static gpointer
kab_forecast_list_get_item (GListModel *model,
                            guint       position)
{
  KabForecastList *self = KAB_FORECAST_LIST (model);
  KabForecastItem *item;
  guint32 number;

  if (position >= self->numbers->len)
    return NULL;

  number = g_array_index (self->numbers, guint32, position);
  item = g_object_new (KAB_TYPE_FORECAST_ITEM, NULL);
  item->forecast = g_object_ref (self->forecast);
  if (self->is_of_hosts)
    item->pair = (KabForecastPair) { number, G_MAXUINT };
  else
    kab_forecast_get_pair (self->forecast, number, &item->pair);
  kab_forecast_get_host (self->forecast, item->pair.host, &item->host);
  return item;
}

static void
kab_forecast_list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = kab_forecast_list_get_item_type;
  iface->get_n_items = kab_forecast_list_get_n_items;
  iface->get_item = kab_forecast_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (KabForecastList, kab_forecast_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, kab_forecast_list_model_init))

static void
kab_forecast_list_finalize (GObject *object)
{
  KabForecastList *self = KAB_FORECAST_LIST (object);

  g_clear_object (&self->forecast);
  g_array_unref (self->numbers);

  G_OBJECT_CLASS (kab_forecast_list_parent_class)->finalize (object);
}

static void
kab_forecast_list_class_init (KabForecastListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_forecast_list_finalize;
}

static void
kab_forecast_list_init (KabForecastList *self)
{
  self->numbers = g_array_new (FALSE, FALSE, sizeof (guint32));
}

static gboolean
is_shown (KabForecast             *forecast,
          const KabForecastPair   *pair,
          const KabForecastFilter *filter)
{
  KabForecastHost host;

  if ((filter->row >= 0 && (guint) filter->row != pair->row) ||
      (filter->kind >= 0 && (guint) filter->kind != (guint) pair->kind) ||
      (filter->before >= 0 && (guint) filter->before != pair->before) ||
      (filter->after >= 0 && (guint) filter->after != pair->after))
    return FALSE;
  if (filter->ring < 0)
    return TRUE;
  kab_forecast_get_host (forecast, pair->host, &host);
  return host.ring == (guint) filter->ring;
}

GListModel *
kab_forecast_list_pairs (KabForecast             *forecast,
                         const KabForecastFilter *filter)
{
  KabForecastList *self;
  guint32 n_pairs;

  g_return_val_if_fail (KAB_IS_FORECAST (forecast), NULL);
  g_return_val_if_fail (filter != NULL, NULL);

  self = g_object_new (KAB_TYPE_FORECAST_LIST, NULL);
  self->forecast = g_object_ref (forecast);
  n_pairs = (guint32) MIN (kab_forecast_get_n_pairs (forecast), G_MAXINT32);
  for (guint32 i = 0; i < n_pairs; i++)
    {
      KabForecastPair pair;

      kab_forecast_get_pair (forecast, i, &pair);
      if (is_shown (forecast, &pair, filter))
        g_array_append_val (self->numbers, i);
    }
  return G_LIST_MODEL (self);
}

GListModel *
kab_forecast_list_hosts (KabForecast *forecast,
                         int          outcome,
                         int          ring)
{
  KabForecastList *self;
  guint n_hosts;

  g_return_val_if_fail (KAB_IS_FORECAST (forecast), NULL);

  self = g_object_new (KAB_TYPE_FORECAST_LIST, NULL);
  self->forecast = g_object_ref (forecast);
  self->is_of_hosts = TRUE;
  n_hosts = kab_forecast_get_n_hosts (forecast);
  for (guint32 i = 0; i < n_hosts; i++)
    {
      KabForecastHost host;

      kab_forecast_get_host (forecast, i, &host);
      if ((outcome < 0 || (guint) outcome == (guint) host.outcome) && (ring < 0 || (guint) ring == host.ring))
        g_array_append_val (self->numbers, i);
    }
  return G_LIST_MODEL (self);
}
