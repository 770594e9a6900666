/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-filter-group.h"
#include "kab-query-text.h"

struct _KabFilterPane
{
  AdwBin                parent_instance;

  KabQueryDomain        domain;
  const KabFilterGroup *groups;
  guint                 n_groups;
  GtkWidget           **sections;
  GtkWidget            *box;
  GtkWidget            *header;
  KabRecordList        *list;
  char                 *query;
  guint                 source;
  GCancellable         *counting;
};

G_DEFINE_FINAL_TYPE (KabFilterPane, kab_filter_pane, ADW_TYPE_BIN)

enum {
  QUERY,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* Counts that no facet has: one search each, in a thread */

typedef struct {
  guint  group;
  char  *value;
  char  *query;
  guint  count;
} Count;

typedef struct {
  KabQueryDomain  domain;
  KabSnapshot    *snapshot;
  GArray         *counts;
} Counting;

static void
clear_count (gpointer data)
{
  Count *count = data;

  g_free (count->value);
  g_free (count->query);
}

static void
counting_free (Counting *counting)
{
  g_clear_object (&counting->snapshot);
  g_array_unref (counting->counts);
  g_free (counting);
}

static void
count_in_thread (GTask        *task,
                 gpointer      source_object,
                 gpointer      task_data,
                 GCancellable *cancellable)
{
  Counting *counting = task_data;

  for (guint i = 0; i < counting->counts->len; i++)
    {
      Count *count = &g_array_index (counting->counts, Count, i);

      count->count = kab_record_count_now (counting->snapshot, counting->domain, count->query,
                                           cancellable, NULL);
      if (g_task_return_error_if_cancelled (task))
        return;
    }
  g_task_return_boolean (task, TRUE);
}

static void
counted_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  KabFilterPane *self = KAB_FILTER_PANE (object);
  Counting *counting = g_task_get_task_data (G_TASK (result));

  if (!g_task_propagate_boolean (G_TASK (result), NULL))
    return;

  for (guint i = 0; i < counting->counts->len; i++)
    {
      const Count *count = &g_array_index (counting->counts, Count, i);

      kab_filter_section_set_count (KAB_FILTER_SECTION (self->sections[count->group]),
                                    count->value, count->count);
    }
}

static void
count_choices (KabFilterPane *self,
               gint64         now)
{
  g_autoptr(GTask) task = NULL;
  g_autoptr(KabSnapshot) snapshot = NULL;
  Counting *counting;

  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
  g_object_get (self->list, "snapshot", &snapshot, NULL);
  if (snapshot == NULL)
    return;

  counting = g_new0 (Counting, 1);
  counting->domain = self->domain;
  counting->snapshot = g_steal_pointer (&snapshot);
  counting->counts = g_array_new (FALSE, TRUE, sizeof (Count));
  g_array_set_clear_func (counting->counts, clear_count);
  for (guint i = 0; i < self->n_groups; i++)
    {
      const KabFilterGroup *group = &self->groups[i];
      g_auto(GStrv) made = group->dup_values != NULL ? group->dup_values (now) : NULL;
      const char * const *values = made != NULL ? (const char * const *) made : group->values;

      for (guint j = 0; group->style == KAB_FILTER_CHOICE && values[j] != NULL; j++)
        {
          const char *list[] = { values[j], NULL };
          Count count = { i, g_strdup (values[j]), NULL, 0 };

          count.query = kab_query_text_with_values (self->query, group->field, list);
          g_array_append_val (counting->counts, count);
        }
    }

  self->counting = g_cancellable_new ();
  task = g_task_new (self, self->counting, counted_cb, NULL);
  g_task_set_source_tag (task, count_choices);
  g_task_set_task_data (task, counting, (GDestroyNotify) counting_free);
  if (counting->counts->len > 0)
    g_task_run_in_thread (task, count_in_thread);
  else
    g_task_return_boolean (task, FALSE);
}

/* Rows */

static int
compare_facets (gconstpointer a,
                gconstpointer b)
{
  const KabFilterNode *one = *(KabFilterNode **) a, *two = *(KabFilterNode **) b;

  if (one->count != two->count)
    return one->count < two->count ? 1 : -1;
  return g_utf8_collate (one->label, two->label);
}

static guint
find_count (GPtrArray  *facets,
            const char *field,
            const char *value)
{
  for (guint i = 0; facets != NULL && i < facets->len; i++)
    {
      const KabFacet *facet = facets->pdata[i];

      if (g_str_equal (facet->field, field) && g_ascii_strcasecmp (facet->value, value) == 0)
        return facet->count;
    }

  return 0;
}

/* In the order of the table, or most rows first. What is chosen stays, even when it yields nothing. */
static GPtrArray *
new_nodes (KabFilterPane        *self,
           const KabFilterGroup *group,
           GPtrArray            *facets,
           gint64                now)
{
  GPtrArray *nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) kab_filter_node_free);
  g_auto(GStrv) made = group->dup_values != NULL ? group->dup_values (now) : NULL;
  const char * const *values = made != NULL ? (const char * const *) made : group->values;
  g_auto(GStrv) chosen = NULL;

  if (values != NULL)
    {
      for (guint i = 0; values[i] != NULL; i++)
        {
          char *label = group->dup_label != NULL ? group->dup_label (values[i], now) : NULL;
          KabFilterNode *node = kab_filter_node_new (group->field, values[i], label,
                                                     find_count (facets, group->field, values[i]));

          node->counted = group->style != KAB_FILTER_CHOICE;
          g_ptr_array_add (nodes, node);
        }
      return nodes;
    }

  chosen = kab_query_text_dup_values (self->query, group->field);
  for (guint i = 0; facets != NULL && i < facets->len; i++)
    {
      const KabFacet *facet = facets->pdata[i];

      if (g_str_equal (facet->field, group->field))
        {
          char *label = group->dup_label != NULL ? group->dup_label (facet->value, now)
                        : *facet->value == '\0' ? g_strdup (C_("filter", "Not said")) : NULL;

          g_ptr_array_add (nodes, kab_filter_node_new (group->field, facet->value, label, facet->count));
        }
    }
  g_ptr_array_sort (nodes, compare_facets);
  for (guint i = 0; chosen != NULL && chosen[i] != NULL; i++)
    {
      gboolean known = FALSE;

      for (guint j = 0; j < nodes->len && !known; j++)
        known = g_ascii_strcasecmp (((KabFilterNode *) nodes->pdata[j])->value, chosen[i]) == 0;
      if (!known)
        g_ptr_array_add (nodes, kab_filter_node_new (group->field, chosen[i], NULL, 0));
    }

  return nodes;
}

static gint64
get_now (KabFilterPane *self)
{
  g_autoptr(KabSnapshot) snapshot = NULL;

  if (self->list != NULL)
    g_object_get (self->list, "snapshot", &snapshot, NULL);

  return snapshot != NULL ? kab_snapshot_get_limits (snapshot)->now
                          : g_get_real_time () / G_USEC_PER_SEC;
}

static gboolean
rebuild (gpointer data)
{
  KabFilterPane *self = KAB_FILTER_PANE (data);
  GPtrArray *facets = self->list != NULL ? kab_record_list_get_facets (self->list) : NULL;
  gint64 now = get_now (self);

  self->source = 0;
  for (guint i = 0; i < self->n_groups; i++)
    {
      const KabFilterGroup *group = &self->groups[i];
      g_autoptr(GPtrArray) nodes = NULL;

      /* Its counts come later: what is shown meanwhile is better than nothing. */
      if (group->style == KAB_FILTER_CHOICE && g_object_get_data (G_OBJECT (self->sections[i]), "kab-made"))
        continue;
      if (group->style == KAB_FILTER_UNITS)
        nodes = kab_filter_units (group->field, facets);
      else if (group->style == KAB_FILTER_FAMILIES)
        nodes = kab_filter_families (group->field, "product", facets, group->dup_label);
      else
        nodes = new_nodes (self, group, facets, now);
      kab_filter_section_set_nodes (KAB_FILTER_SECTION (self->sections[i]), nodes);
      g_object_set_data (G_OBJECT (self->sections[i]), "kab-made", self);
    }
  if (self->list != NULL)
    count_choices (self, now);

  return G_SOURCE_REMOVE;
}

static void
queue_rebuild (KabFilterPane *self)
{
  if (self->source == 0)
    self->source = g_idle_add (rebuild, self);
}

static void
query_cb (KabFilterPane *self,
          const char    *text)
{
  g_signal_emit (self, signals[QUERY], 0, text);
}

static void
kab_filter_pane_dispose (GObject *object)
{
  KabFilterPane *self = KAB_FILTER_PANE (object);

  kab_filter_pane_set_list (self, NULL);
  g_clear_handle_id (&self->source, g_source_remove);
  self->box = NULL;

  G_OBJECT_CLASS (kab_filter_pane_parent_class)->dispose (object);
}

static void
kab_filter_pane_finalize (GObject *object)
{
  KabFilterPane *self = KAB_FILTER_PANE (object);

  g_free (self->sections);
  g_free (self->query);

  G_OBJECT_CLASS (kab_filter_pane_parent_class)->finalize (object);
}

static void
kab_filter_pane_class_init (KabFilterPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_filter_pane_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_filter_pane_finalize;

  signals[QUERY] = g_signal_new ("query", KAB_TYPE_FILTER_PANE, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
kab_filter_pane_init (KabFilterPane *self)
{
  self->query = g_strdup ("");
  self->box = kab_filter_box_new (ADW_BIN (self));
}

void
kab_filter_pane_set_groups (KabFilterPane        *self,
                            KabQueryDomain        domain,
                            const KabFilterGroup *groups,
                            guint                 n_groups)
{
  g_return_if_fail (KAB_IS_FILTER_PANE (self));
  g_return_if_fail (self->sections == NULL);

  self->domain = domain;
  self->groups = groups;
  self->n_groups = n_groups;
  self->sections = g_new0 (GtkWidget *, n_groups);
  for (guint i = 0; i < n_groups; i++)
    {
      self->sections[i] = kab_filter_section_new (&groups[i]);
      g_signal_connect_swapped (self->sections[i], "query", G_CALLBACK (query_cb), self);
      gtk_box_append (GTK_BOX (self->box), self->sections[i]);
    }
}

void
kab_filter_pane_set_list (KabFilterPane *self,
                          KabRecordList *list)
{
  g_return_if_fail (KAB_IS_FILTER_PANE (self));

  if (self->list == list)
    return;

  g_cancellable_cancel (self->counting);
  g_clear_object (&self->counting);
  if (self->list != NULL)
    g_signal_handlers_disconnect_by_data (self->list, self);
  g_set_object (&self->list, list);
  if (list != NULL)
    {
      g_signal_connect_swapped (list, "notify::facets", G_CALLBACK (queue_rebuild), self);
      queue_rebuild (self);
    }
}

void
kab_filter_pane_set_query (KabFilterPane *self,
                           const char    *text)
{
  g_return_if_fail (KAB_IS_FILTER_PANE (self));
  g_return_if_fail (text != NULL);

  if (g_str_equal (self->query, text))
    return;

  g_free (self->query);
  self->query = g_strdup (text);
  for (guint i = 0; i < self->n_groups; i++)
    kab_filter_section_set_query (KAB_FILTER_SECTION (self->sections[i]), text);
}

void
kab_filter_pane_set_header (KabFilterPane *self,
                            GtkWidget     *header)
{
  g_return_if_fail (KAB_IS_FILTER_PANE (self));

  if (self->header != NULL)
    gtk_box_remove (GTK_BOX (self->box), self->header);
  self->header = header;
  if (header != NULL)
    gtk_box_prepend (GTK_BOX (self->box), header);
}
