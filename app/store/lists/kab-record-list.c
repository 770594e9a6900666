/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-record-order.h"

/* One question: what is to be shown, and with what it is answered, in a thread */
typedef struct
{
  KabSnapshot    *snapshot;
  KabQueryDomain  domain;
  KabQuery       *query;
  char           *text;
  KabSort         sort;
  gboolean        descending;
  GArray         *within;        /* (nullable): rows of a wider query in the same order */
  GArray         *order;         /* facets are counted on it */
} Question;

struct _KabRecordList
{
  GObject         parent_instance;

  KabQueryDomain  domain;
  KabSnapshot    *snapshot;      /* (nullable): the newest; @shown may still be that before */
  KabQuery       *query;
  char           *text;
  KabSort         sort;
  gboolean        descending;

  KabSnapshot    *shown;         /* (nullable): what @order points into */
  GArray         *order;
  char           *order_text;    /* the query, sort and direction that @order answers */
  KabSort         order_sort;
  gboolean        order_descending;
  guint32        *positions;     /* (nullable): by row, position + 1; made by the first find */

  GPtrArray      *facets;
  GCancellable   *cancellable;   /* (nullable): of the question under way */
  gboolean        is_busy;
};

enum {
  PROP_N_ITEMS = 1,
  PROP_N_TOTAL,
  PROP_BUSY,
  PROP_QUERY,
  PROP_SNAPSHOT,
  PROP_FACETS,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

static GType
get_item_type (GListModel *model)
{
  return KAB_TYPE_RECORD;
}

static guint
get_n_items (GListModel *model)
{
  return KAB_RECORD_LIST (model)->order->len;
}

static gpointer
get_item (GListModel *model,
          guint       position)
{
  KabRecordList *self = KAB_RECORD_LIST (model);

  if (position >= self->order->len)
    return NULL;

  return kab_record_new (self->shown, self->domain, g_array_index (self->order, guint, position));
}

static void
list_model_init (GListModelInterface *iface)
{
  iface->get_item_type = get_item_type;
  iface->get_n_items = get_n_items;
  iface->get_item = get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (KabRecordList, kab_record_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, list_model_init))

static void
question_free (gpointer data)
{
  Question *question = data;

  g_clear_object (&question->snapshot);
  g_clear_pointer (&question->query, kab_query_unref);
  g_clear_pointer (&question->within, g_array_unref);
  g_clear_pointer (&question->order, g_array_unref);
  g_free (question->text);
  g_free (question);
}

static void
set_busy (KabRecordList *self,
          gboolean       is_busy)
{
  if (self->is_busy == is_busy)
    return;

  self->is_busy = is_busy;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_BUSY]);
}

static void
cancel (KabRecordList *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static gboolean
is_same_order (GArray *a,
               GArray *b)
{
  return a->len == b->len && (a->len == 0 || memcmp (a->data, b->data, a->len * sizeof (guint)) == 0);
}

/* In two steps: a view that is told (0, old, new) walks all new items in search of the one that had the focus. */
static void
show (KabRecordList *self,
      KabSnapshot   *snapshot,
      GArray        *order)
{
  guint n_before = self->order->len;
  gboolean is_same = self->shown == snapshot && is_same_order (self->order, order);

  if (is_same)
    return;

  /* Not emptied: a question that is under way may still read it. */
  g_array_unref (self->order);
  self->order = g_array_new (FALSE, FALSE, sizeof (guint));
  if (n_before > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, n_before, 0);

  g_clear_pointer (&self->positions, g_free);
  g_set_object (&self->shown, snapshot);
  g_array_unref (self->order);
  self->order = g_array_ref (order);
  if (order->len > 0)
    g_list_model_items_changed (G_LIST_MODEL (self), 0, 0, order->len);
  if (order->len != n_before)
    g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_ITEMS]);
}

static void
count_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  Question *question = task_data;
  g_autoptr(GError) error = NULL;
  GPtrArray *facets = kab_record_facets_make (question->snapshot, question->domain, question->text, question->order,
                                              cancellable, &error);

  if (facets != NULL)
    g_task_return_pointer (task, facets, (GDestroyNotify) g_ptr_array_unref);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static void
counted_cb (GObject      *source_object,
            GAsyncResult *result,
            gpointer      user_data)
{
  KabRecordList *self = KAB_RECORD_LIST (source_object);
  g_autoptr(GError) error = NULL;
  GPtrArray *facets = g_task_propagate_pointer (G_TASK (result), &error);

  if (facets == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_info ("the values of the filters cannot be counted: %s", error->message);
      return;
    }

  g_clear_pointer (&self->facets, g_ptr_array_unref);
  self->facets = facets;
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FACETS]);
}

static void
order_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  Question *question = task_data;
  g_autoptr(GError) error = NULL;

  question->order = kab_record_order_make (question->snapshot, question->domain, question->query, question->sort,
                                           question->descending, question->within, cancellable, &error);
  if (question->order != NULL)
    g_task_return_boolean (task, TRUE);
  else
    g_task_return_error (task, g_steal_pointer (&error));
}

static Question *
copy_for_facets (const Question *question)
{
  Question *copy = g_new0 (Question, 1);

  copy->snapshot = g_object_ref (question->snapshot);
  copy->domain = question->domain;
  copy->text = g_strdup (question->text);
  copy->order = g_array_ref (question->order);
  return copy;
}

static void
ordered_cb (GObject      *source_object,
            GAsyncResult *result,
            gpointer      user_data)
{
  KabRecordList *self = KAB_RECORD_LIST (source_object);
  const Question *question = g_task_get_task_data (G_TASK (result));
  GCancellable *cancellable = g_task_get_cancellable (G_TASK (result));
  g_autoptr(GTask) task = NULL;
  g_autoptr(GError) error = NULL;

  if (!g_task_propagate_boolean (G_TASK (result), &error))
    {
      if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
      g_info ("the list stays as it is: %s", error->message);
      set_busy (self, FALSE);
      return;
    }

  g_free (self->order_text);
  self->order_text = g_strdup (question->text);
  self->order_sort = question->sort;
  self->order_descending = question->descending;
  show (self, question->snapshot, question->order);
  if (g_cancellable_is_cancelled (cancellable))
    return;      /* whoever looks at the list has asked the next question already */

  task = g_task_new (self, cancellable, counted_cb, NULL);
  g_task_set_source_tag (task, ordered_cb);
  g_task_set_task_data (task, copy_for_facets (question), question_free);
  g_task_run_in_thread (task, count_in_thread);
  set_busy (self, FALSE);
}

static void
ask (KabRecordList *self)
{
  g_autoptr(GTask) task = NULL;
  Question *question;

  cancel (self);
  if (self->snapshot == NULL)
    {
      g_autoptr(GArray) nothing = g_array_new (FALSE, FALSE, sizeof (guint));

      show (self, NULL, nothing);
      set_busy (self, FALSE);
      return;
    }

  question = g_new0 (Question, 1);
  question->snapshot = g_object_ref (self->snapshot);
  question->domain = self->domain;
  question->query = kab_query_ref (self->query);
  question->text = g_strdup (self->text);
  question->sort = self->sort;
  question->descending = self->descending;
  if (self->shown == self->snapshot && self->order_sort == self->sort && self->order_descending == self->descending &&
      kab_record_order_narrows (self->order_text, self->text))
    question->within = g_array_ref (self->order);

  self->cancellable = g_cancellable_new ();
  task = g_task_new (self, self->cancellable, ordered_cb, NULL);
  g_task_set_source_tag (task, ask);
  g_task_set_task_data (task, question, question_free);
  g_task_run_in_thread (task, order_in_thread);
  set_busy (self, TRUE);
}

static void
kab_record_list_get_property (GObject    *object,
                              guint       property_id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  KabRecordList *self = KAB_RECORD_LIST (object);

  switch (property_id)
    {
    case PROP_N_ITEMS:
      g_value_set_uint (value, self->order->len);
      break;
    case PROP_N_TOTAL:
      g_value_set_uint (value, kab_record_list_get_n_total (self));
      break;
    case PROP_BUSY:
      g_value_set_boolean (value, self->is_busy);
      break;
    case PROP_QUERY:
      g_value_set_string (value, self->text);
      break;
    case PROP_SNAPSHOT:
      g_value_set_object (value, self->snapshot);
      break;
    case PROP_FACETS:
      g_value_set_boxed (value, self->facets);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
kab_record_list_dispose (GObject *object)
{
  KabRecordList *self = KAB_RECORD_LIST (object);

  cancel (self);
  g_clear_object (&self->snapshot);

  G_OBJECT_CLASS (kab_record_list_parent_class)->dispose (object);
}

static void
kab_record_list_finalize (GObject *object)
{
  KabRecordList *self = KAB_RECORD_LIST (object);

  g_clear_object (&self->shown);
  g_clear_pointer (&self->query, kab_query_unref);
  g_clear_pointer (&self->order, g_array_unref);
  g_clear_pointer (&self->facets, g_ptr_array_unref);
  g_free (self->positions);
  g_free (self->order_text);
  g_free (self->text);

  G_OBJECT_CLASS (kab_record_list_parent_class)->finalize (object);
}

static void
kab_record_list_class_init (KabRecordListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  const GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kab_record_list_get_property;
  object_class->dispose = kab_record_list_dispose;
  object_class->finalize = kab_record_list_finalize;

  properties[PROP_N_ITEMS] = g_param_spec_uint ("n-items", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_N_TOTAL] = g_param_spec_uint ("n-total", NULL, NULL, 0, G_MAXUINT, 0, flags);
  properties[PROP_BUSY] = g_param_spec_boolean ("busy", NULL, NULL, FALSE, flags);
  properties[PROP_QUERY] = g_param_spec_string ("query", NULL, NULL, "", flags);
  properties[PROP_SNAPSHOT] = g_param_spec_object ("snapshot", NULL, NULL, KAB_TYPE_SNAPSHOT, flags);
  properties[PROP_FACETS] = g_param_spec_boxed ("facets", NULL, NULL, G_TYPE_PTR_ARRAY, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kab_record_list_init (KabRecordList *self)
{
  self->text = g_strdup ("");
  self->order = g_array_new (FALSE, FALSE, sizeof (guint));
  self->facets = g_ptr_array_new ();
}

KabRecordList *
kab_record_list_new (KabQueryDomain domain)
{
  KabRecordList *self = g_object_new (KAB_TYPE_RECORD_LIST, NULL);

  self->domain = domain;
  self->sort = domain == KAB_QUERY_UPDATES ? KAB_SORT_SEVERITY : KAB_SORT_NAME;
  self->descending = domain == KAB_QUERY_UPDATES;
  self->query = kab_query_parse ("", domain, 0, NULL);
  return self;
}

void
kab_record_list_set_snapshot (KabRecordList *self,
                              KabSnapshot   *snapshot)
{
  g_autoptr(KabQuery) query = NULL;

  g_return_if_fail (KAB_IS_RECORD_LIST (self));
  g_return_if_fail (snapshot == NULL || KAB_IS_SNAPSHOT (snapshot));

  if (!g_set_object (&self->snapshot, snapshot))
    return;

  /* "younger than 30 days" counts from the snapshot's day. */
  query = snapshot != NULL ? kab_query_parse (self->text, self->domain, kab_snapshot_get_limits (snapshot)->now, NULL)
                           : NULL;
  if (query != NULL)
    {
      g_clear_pointer (&self->query, kab_query_unref);
      self->query = g_steal_pointer (&query);
    }

  ask (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SNAPSHOT]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_TOTAL]);
}

gboolean
kab_record_list_set_query (KabRecordList  *self,
                           const char     *text,
                           GError        **error)
{
  KabQuery *query;
  gint64 now;

  g_return_val_if_fail (KAB_IS_RECORD_LIST (self), FALSE);

  text = text != NULL ? text : "";
  if (strcmp (text, self->text) == 0)
    return TRUE;

  now = self->snapshot != NULL ? kab_snapshot_get_limits (self->snapshot)->now : g_get_real_time () / G_USEC_PER_SEC;
  query = kab_query_parse (text, self->domain, now, error);
  if (query == NULL)
    return FALSE;

  kab_query_unref (self->query);
  self->query = query;
  g_free (self->text);
  self->text = g_strdup (text);
  ask (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_QUERY]);
  return TRUE;
}

const char *
kab_record_list_get_query (KabRecordList *self)
{
  g_return_val_if_fail (KAB_IS_RECORD_LIST (self), NULL);

  return self->text;
}

void
kab_record_list_set_sort (KabRecordList *self,
                          KabSort        sort,
                          gboolean       descending)
{
  g_return_if_fail (KAB_IS_RECORD_LIST (self));
  g_return_if_fail ((guint) sort < KAB_N_SORTS);

  descending = !!descending;
  if (self->sort == sort && self->descending == descending)
    return;

  self->sort = sort;
  self->descending = descending;
  ask (self);
}

KabSort
kab_record_list_get_sort (KabRecordList *self,
                          gboolean      *descending)
{
  g_return_val_if_fail (KAB_IS_RECORD_LIST (self), KAB_SORT_NAME);

  if (descending != NULL)
    *descending = self->descending;
  return self->sort;
}

gboolean
kab_record_list_is_busy (KabRecordList *self)
{
  g_return_val_if_fail (KAB_IS_RECORD_LIST (self), FALSE);

  return self->is_busy;
}

guint
kab_record_list_get_n_total (KabRecordList *self)
{
  g_return_val_if_fail (KAB_IS_RECORD_LIST (self), 0);

  return self->snapshot != NULL ? kab_snapshot_get_n_rows (self->snapshot, self->domain) : 0;
}

GPtrArray *
kab_record_list_get_facets (KabRecordList *self)
{
  g_return_val_if_fail (KAB_IS_RECORD_LIST (self), NULL);

  return self->facets;
}

int
kab_record_list_find (KabRecordList *self,
                      const char    *id)
{
  int row;

  g_return_val_if_fail (KAB_IS_RECORD_LIST (self), -1);
  g_return_val_if_fail (id != NULL, -1);

  if (self->shown == NULL)
    return -1;
  row = self->domain == KAB_QUERY_UPDATES ? kab_snapshot_find_update (self->shown, id)
                                          : kab_snapshot_find_host (self->shown, id);
  if (row < 0)
    return -1;

  if (self->positions == NULL)
    {
      self->positions = g_new0 (guint32, MAX (kab_snapshot_get_n_rows (self->shown, self->domain), 1));
      for (guint i = 0; i < self->order->len; i++)
        self->positions[g_array_index (self->order, guint, i)] = i + 1;
    }
  return (int) self->positions[row] - 1;
}
