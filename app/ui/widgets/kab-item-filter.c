/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-error.h"
#include "kab-filter-group.h"
#include "kab-item-filter.h"
#include "kab-query-text.h"
#include "kab-text.h"

struct _KabItemFilter
{
  AdwBin              parent_instance;

  GtkWidget          *box;
  GtkWidget         **sections;      /* n_terms; NULL for a term without a group */
  const KabTableInfo *info;
  const KabItemTerm  *terms;
  guint               n_terms;

  char               *query;
  GPtrArray          *tokens;        /* (element-type KabQueryToken) of @query */
  GtkFilter          *filter;
  GtkFilterListModel *shown;
  guint               source_id;
};

G_DEFINE_FINAL_TYPE (KabItemFilter, kab_item_filter, ADW_TYPE_BIN)

enum {
  QUERY,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const KabItemTerm *
find_term (KabItemFilter *self,
           const char    *field)
{
  for (guint i = 0; i < self->n_terms; i++)
    if (g_str_equal (self->terms[i].group.field, field))
      return &self->terms[i];

  return NULL;
}

static gboolean
has_value (const KabItemTerm   *term,
           const KabQueryToken *token,
           gpointer             item)
{
  g_autofree char *text = term->dup_values (item);
  g_auto(GStrv) values = g_strsplit (text, KAB_ITEM_VALUES_SEPARATOR, -1);

  for (guint i = 0; values[i] != NULL; i++)
    for (guint j = 0; j < token->values->len; j++)
      if (g_ascii_strcasecmp (values[i], g_array_index (token->values, KabQueryValue, j).text) == 0)
        return TRUE;

  return FALSE;
}

static char *
dup_folded (KabItemFilter *self,
            gpointer       item)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < self->info->n_columns; i++)
    {
      g_autofree char *cell = self->info->columns[i].dup_text (item);

      g_string_append_printf (text, "%s\n", cell);
    }

  return kab_text_fold (text->str, (gssize) text->len);
}

static gboolean
has_word (const KabQueryToken *token,
          const char          *folded)
{
  for (guint i = 0; i < token->values->len; i++)
    {
      g_autofree char *word = kab_text_fold (g_array_index (token->values, KabQueryValue, i).text, -1);

      if (strstr (folded, word) != NULL)
        return TRUE;
    }

  return FALSE;
}

/* @but: (nullable): a field whose terms do not count */
static gboolean
matches (KabItemFilter *self,
         gpointer       item,
         const char    *but)
{
  g_autofree char *folded = NULL;

  for (guint i = 0; i < self->tokens->len; i++)
    {
      const KabQueryToken *token = self->tokens->pdata[i];
      gboolean yes;

      if (token->field != NULL)
        {
          if (g_strcmp0 (but, token->field) == 0)
            continue;
          yes = has_value (find_term (self, token->field), token, item);
        }
      else
        {
          if (folded == NULL)
            folded = dup_folded (self, item);
          yes = has_word (token, folded);
        }
      if (yes == token->negated)
        return FALSE;
    }

  return TRUE;
}

static gboolean
filter_func (gpointer item,
             gpointer user_data)
{
  return matches (KAB_ITEM_FILTER (user_data), item, NULL);
}

/* The values of one group with their counts among what the other terms show */
static GHashTable *
count_values (KabItemFilter     *self,
              const KabItemTerm *term)
{
  GHashTable *counts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GListModel *source = gtk_filter_list_model_get_model (self->shown);
  guint n = source != NULL ? g_list_model_get_n_items (source) : 0;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(GObject) item = g_list_model_get_item (source, i);
      g_auto(GStrv) values = NULL;
      g_autofree char *text = term->dup_values (item);
      guint one = matches (self, item, term->group.field) ? 1 : 0;

      values = g_strsplit (text, KAB_ITEM_VALUES_SEPARATOR, -1);
      for (guint j = 0; values[j] != NULL; j++)
        if (*values[j] != '\0')
          {
            guint count = GPOINTER_TO_UINT (g_hash_table_lookup (counts, values[j]));

            g_hash_table_insert (counts, g_strdup (values[j]), GUINT_TO_POINTER (count + one));
          }
    }

  return counts;
}

static int
compare_nodes (gconstpointer a,
               gconstpointer b)
{
  const KabFilterNode *x = *(KabFilterNode * const *) a;
  const KabFilterNode *y = *(KabFilterNode * const *) b;

  return g_utf8_collate (x->label, y->label);
}

static void
add_node (GPtrArray            *nodes,
          const KabFilterGroup *group,
          const char           *value,
          guint                 count)
{
  char *label = group->dup_label != NULL ? group->dup_label (value, 0) : g_strdup (value);

  g_ptr_array_add (nodes, kab_filter_node_new (group->field, value, label, count));
}

static void
fill_section (KabItemFilter     *self,
              guint              i)
{
  const KabFilterGroup *group = &self->terms[i].group;
  g_autoptr(GHashTable) counts = count_values (self, &self->terms[i]);
  g_autoptr(GPtrArray) nodes = g_ptr_array_new_with_free_func ((GDestroyNotify) kab_filter_node_free);

  if (group->values != NULL)
    {
      for (guint j = 0; group->values[j] != NULL; j++)
        add_node (nodes, group, group->values[j],
                  GPOINTER_TO_UINT (g_hash_table_lookup (counts, group->values[j])));
    }
  else
    {
      GHashTableIter iter;
      gpointer value, count;

      g_hash_table_iter_init (&iter, counts);
      while (g_hash_table_iter_next (&iter, &value, &count))
        add_node (nodes, group, value, GPOINTER_TO_UINT (count));
      g_ptr_array_sort (nodes, compare_nodes);
    }
  kab_filter_section_set_nodes (KAB_FILTER_SECTION (self->sections[i]), nodes);
}

static gboolean
rebuild_cb (gpointer user_data)
{
  KabItemFilter *self = KAB_ITEM_FILTER (user_data);

  self->source_id = 0;
  for (guint i = 0; i < self->n_terms; i++)
    if (self->sections[i] != NULL)
      fill_section (self, i);

  return G_SOURCE_REMOVE;
}

static void
queue_rebuild (KabItemFilter *self)
{
  if (self->source_id == 0)
    self->source_id = g_idle_add (rebuild_cb, self);
}

static void
query_cb (KabItemFilter *self,
          const char    *text)
{
  g_signal_emit (self, signals[QUERY], 0, text);
}

static void
kab_item_filter_dispose (GObject *object)
{
  KabItemFilter *self = KAB_ITEM_FILTER (object);
  GListModel *source = self->shown != NULL ? gtk_filter_list_model_get_model (self->shown) : NULL;

  g_clear_handle_id (&self->source_id, g_source_remove);
  if (source != NULL)
    g_signal_handlers_disconnect_by_data (source, self);
  /* Others may hold the list longer than we live. */
  if (self->shown != NULL)
    {
      gtk_filter_list_model_set_filter (self->shown, NULL);
      gtk_filter_list_model_set_model (self->shown, NULL);
    }
  g_clear_object (&self->shown);
  g_clear_object (&self->filter);

  G_OBJECT_CLASS (kab_item_filter_parent_class)->dispose (object);
}

static void
kab_item_filter_finalize (GObject *object)
{
  KabItemFilter *self = KAB_ITEM_FILTER (object);

  g_free (self->query);
  g_ptr_array_unref (self->tokens);
  g_free (self->sections);

  G_OBJECT_CLASS (kab_item_filter_parent_class)->finalize (object);
}

static void
kab_item_filter_class_init (KabItemFilterClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_item_filter_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_item_filter_finalize;

  signals[QUERY] = g_signal_new ("query", KAB_TYPE_ITEM_FILTER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
kab_item_filter_init (KabItemFilter *self)
{
  self->query = g_strdup ("");
  self->tokens = g_ptr_array_new_with_free_func ((GDestroyNotify) kab_query_token_free);
  self->filter = GTK_FILTER (gtk_custom_filter_new (filter_func, self, NULL));
  self->shown = gtk_filter_list_model_new (NULL, g_object_ref (self->filter));
  self->box = kab_filter_box_new (ADW_BIN (self));
}

void
kab_item_filter_set_terms (KabItemFilter      *self,
                           const KabTableInfo *info,
                           const KabItemTerm  *terms,
                           guint               n_terms)
{
  g_return_if_fail (KAB_IS_ITEM_FILTER (self));
  g_return_if_fail (self->terms == NULL);

  self->info = info;
  self->terms = terms;
  self->n_terms = n_terms;
  self->sections = g_new0 (GtkWidget *, n_terms);
  for (guint i = 0; i < n_terms; i++)
    if (terms[i].group.title != NULL)
      {
        self->sections[i] = kab_filter_section_new (&terms[i].group);
        g_signal_connect_swapped (self->sections[i], "query", G_CALLBACK (query_cb), self);
        gtk_box_append (GTK_BOX (self->box), self->sections[i]);
      }
}

void
kab_item_filter_set_source (KabItemFilter *self,
                            GListModel    *source)
{
  GListModel *old;

  g_return_if_fail (KAB_IS_ITEM_FILTER (self));

  old = gtk_filter_list_model_get_model (self->shown);
  if (old == source)
    return;

  if (old != NULL)
    g_signal_handlers_disconnect_by_data (old, self);
  if (source != NULL)
    g_signal_connect_swapped (source, "items-changed", G_CALLBACK (queue_rebuild), self);
  gtk_filter_list_model_set_model (self->shown, source);
  queue_rebuild (self);
}

GListModel *
kab_item_filter_get_shown (KabItemFilter *self)
{
  g_return_val_if_fail (KAB_IS_ITEM_FILTER (self), NULL);

  return G_LIST_MODEL (self->shown);
}

gboolean
kab_item_filter_set_query (KabItemFilter  *self,
                           const char     *text,
                           GError        **error)
{
  g_autoptr(GPtrArray) tokens = g_ptr_array_new_with_free_func ((GDestroyNotify) kab_query_token_free);
  gsize cursor = 0;
  KabQueryToken *token;

  g_return_val_if_fail (KAB_IS_ITEM_FILTER (self), FALSE);
  g_return_val_if_fail (text != NULL, FALSE);

  while ((token = kab_query_token_next (text, &cursor)) != NULL)
    {
      g_ptr_array_add (tokens, token);
      if (token->field != NULL && find_term (self, token->field) == NULL)
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("This list knows no “%s:”."), token->field);
          return FALSE;
        }
    }

  g_free (self->query);
  self->query = g_strstrip (g_strdup (text));
  g_ptr_array_unref (self->tokens);
  self->tokens = g_steal_pointer (&tokens);
  for (guint i = 0; i < self->n_terms; i++)
    if (self->sections[i] != NULL)
      kab_filter_section_set_query (KAB_FILTER_SECTION (self->sections[i]), self->query);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  queue_rebuild (self);

  return TRUE;
}

const char *
kab_item_filter_get_query (KabItemFilter *self)
{
  g_return_val_if_fail (KAB_IS_ITEM_FILTER (self), NULL);

  return self->query;
}
