/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <gtk/gtk.h>

#include "kab-live-list.h"
#include "kab-task-item.h"

struct _KabTaskItem
{
  GObject        parent_instance;

  KabTriggerJob *job;
  KabTriggerRow *row;
  char          *id;
};

G_DEFINE_FINAL_TYPE (KabTaskItem, kab_task_item, G_TYPE_OBJECT)

enum {
  PROP_ROW = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
kab_task_item_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  if (id == PROP_ROW)
    g_value_set_object (value, KAB_TASK_ITEM (object)->row);
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kab_task_item_finalize (GObject *object)
{
  KabTaskItem *self = KAB_TASK_ITEM (object);

  g_clear_object (&self->job);
  g_clear_object (&self->row);
  g_free (self->id);

  G_OBJECT_CLASS (kab_task_item_parent_class)->finalize (object);
}

static void
kab_task_item_class_init (KabTaskItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->get_property = kab_task_item_get_property;
  object_class->finalize = kab_task_item_finalize;

  properties[PROP_ROW] = g_param_spec_object ("row", NULL, NULL, KAB_TYPE_TRIGGER_ROW,
                                              G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kab_task_item_init (KabTaskItem *self)
{
}

KabTriggerJob *
kab_task_item_get_job (KabTaskItem *self)
{
  g_return_val_if_fail (KAB_IS_TASK_ITEM (self), NULL);

  return self->job;
}

KabTriggerRow *
kab_task_item_get_row (KabTaskItem *self)
{
  g_return_val_if_fail (KAB_IS_TASK_ITEM (self), NULL);

  return self->row;
}

const char *
kab_task_item_get_id (KabTaskItem *self)
{
  g_return_val_if_fail (KAB_IS_TASK_ITEM (self), NULL);

  return self->id;
}

static void
row_changed_cb (KabTaskItem *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_ROW]);
}

/* @row: (transfer full) */
static gpointer
row_to_item (gpointer row,
             gpointer job)
{
  KabTaskItem *self = g_object_new (KAB_TYPE_TASK_ITEM, NULL);

  self->row = row;
  self->job = g_object_ref (job);
  self->id = g_strdup_printf ("%p-%s", job, kab_trigger_row_get_uuid (row));
  g_signal_connect_object (row, "notify", G_CALLBACK (row_changed_cb), self, G_CONNECT_SWAPPED);

  return self;
}

/* @job: (transfer full) */
static gpointer
job_to_items (gpointer job,
              gpointer user_data)
{
  GListModel *rows = g_object_ref (kab_trigger_job_get_rows (job));

  return gtk_map_list_model_new (rows, row_to_item, job, g_object_unref);
}

static gboolean
is_trigger (gpointer item,
            gpointer user_data)
{
  return KAB_IS_TRIGGER_JOB (item);
}

GListModel *
kab_task_items_new (GListModel *jobs)
{
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (is_trigger, NULL, NULL));
  GListModel *triggers;
  GListModel *lists;

  g_return_val_if_fail (G_IS_LIST_MODEL (jobs), NULL);

  triggers = G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (jobs), filter));
  lists = G_LIST_MODEL (gtk_map_list_model_new (triggers, job_to_items, NULL, NULL));

  return kab_live_list_new (G_LIST_MODEL (gtk_flatten_list_model_new (lists)));
}
