/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <string.h>

#include "kab-category.h"
#include "kab-filter-group.h"

/* Deeper units than this do not exist outside of hostile data. */
#define MAX_DEPTH 24

KabFilterNode *
kab_filter_node_new (const char *field,
                     const char *value,
                     char       *label,
                     guint       count)
{
  KabFilterNode *node = g_new0 (KabFilterNode, 1);

  node->field = field;
  node->value = g_strdup (value);
  node->label = label != NULL ? label : g_strdup (value);
  node->count = count;
  node->counted = TRUE;
  return node;
}

void
kab_filter_node_free (KabFilterNode *node)
{
  g_free (node->value);
  g_free (node->label);
  g_free (node->parent);
  g_free (node);
}

/* Behind the first comma that is not escaped: the unit above. NULL at the top. */
static const char *
get_parent_unit (const char *dn)
{
  for (const char *p = dn; *p != '\0'; p++)
    {
      if (*p == '\\' && p[1] != '\0')
        p++;
      else if (*p == ',')
        return p[1] != '\0' ? p + 1 : NULL;
    }

  return NULL;
}

/* "OU=Paris,…" → "Paris"; the escapes of RFC 4514 that matter to a reader are undone. */
static char *
dup_unit_label (const char *dn)
{
  const char *next = get_parent_unit (dn);
  gsize length = next != NULL ? (gsize) (next - dn) - 1 : strlen (dn);
  const char *equals = memchr (dn, '=', length);
  const char *from = equals != NULL ? equals + 1 : dn;
  GString *label = g_string_new (NULL);

  for (const char *p = from; p < dn + length; p++)
    {
      if (*p == '\\' && p + 1 < dn + length)
        p++;
      g_string_append_c (label, *p);
    }

  return g_string_free (label, FALSE);
}

static gboolean
is_domain_component (const char *dn)
{
  return g_ascii_strncasecmp (dn, "DC=", 3) == 0;
}

static int
compare_units (gconstpointer a,
               gconstpointer b,
               gpointer      paths)
{
  const KabFilterNode *one = *(KabFilterNode **) a, *two = *(KabFilterNode **) b;

  return strcmp (g_hash_table_lookup (paths, one->value), g_hash_table_lookup (paths, two->value));
}

/* "france\001paris": sorts a unit right behind the one above. */
static char *
dup_path (const char *dn)
{
  GString *path = g_string_new (NULL);
  guint depth = 0;

  for (; dn != NULL && depth < MAX_DEPTH; dn = get_parent_unit (dn), depth++)
    {
      g_autofree char *label = dup_unit_label (dn);
      g_autofree char *folded = g_utf8_casefold (label, -1);

      g_string_prepend_c (path, '\001');
      g_string_prepend (path, folded);
    }

  return g_string_free (path, FALSE);
}

/* Makes the node of @dn and those above, down from the last that is no domain component. */
static KabFilterNode *
ensure_unit (GHashTable *nodes,
             const char *field,
             const char *dn,
             guint       levels)
{
  g_autofree char *key = g_utf8_casefold (dn, -1);
  KabFilterNode *node = g_hash_table_lookup (nodes, key);
  const char *above = get_parent_unit (dn);

  if (node != NULL || levels == 0)
    return node;

  node = kab_filter_node_new (field, dn, dup_unit_label (dn), 0);
  node->counted = FALSE;
  g_hash_table_insert (nodes, g_steal_pointer (&key), node);
  if (above != NULL && !is_domain_component (above))
    {
      KabFilterNode *parent = ensure_unit (nodes, field, above, levels - 1);

      if (parent != NULL)
        {
          parent->has_children = TRUE;
          node->parent = g_strdup (parent->value);
          node->depth = parent->depth + 1;
        }
    }
  return node;
}

GPtrArray *
kab_filter_units (const char *field,
                  GPtrArray  *facets)
{
  g_autoptr(GHashTable) nodes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) paths = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_free);
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) kab_filter_node_free);
  GHashTableIter iter;
  gpointer value;

  for (guint i = 0; facets != NULL && i < facets->len; i++)
    {
      const KabFacet *facet = facets->pdata[i];

      if (g_str_equal (facet->field, field) && *facet->value != '\0')
        {
          KabFilterNode *node = ensure_unit (nodes, field, facet->value, MAX_DEPTH);

          if (node != NULL)
            {
              node->count = facet->count;
              node->counted = TRUE;
            }
        }
    }

  g_hash_table_iter_init (&iter, nodes);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KabFilterNode *node = value;

      g_ptr_array_add (list, node);
      g_hash_table_insert (paths, node->value, dup_path (node->value));
    }
  g_ptr_array_sort_with_data (list, compare_units, paths);

  /* From the leaves up: what no facet counts is the sum of what lies below. */
  for (guint i = list->len; i-- > 0;)
    {
      KabFilterNode *node = list->pdata[i];

      if (node->counted)
        continue;
      for (guint j = i + 1; j < list->len; j++)
        {
          KabFilterNode *child = list->pdata[j];

          if (child->depth <= node->depth)
            break;
          if (child->depth == node->depth + 1)
            node->count += child->count;
        }
      node->counted = TRUE;
    }

  return list;
}

static int
compare_counts (gconstpointer a,
                gconstpointer b)
{
  const KabFacet *one = *(KabFacet **) a, *two = *(KabFacet **) b;

  if (one->count != two->count)
    return one->count < two->count ? 1 : -1;
  return g_utf8_collate (one->value, two->value);
}

GPtrArray *
kab_filter_families (const char *field,
                     const char *child_field,
                     GPtrArray  *facets,
                     char     *(*dup_label) (const char *value, gint64 now))
{
  GPtrArray *list = g_ptr_array_new_with_free_func ((GDestroyNotify) kab_filter_node_free);
  g_autoptr(GPtrArray) families = g_ptr_array_new (), products = g_ptr_array_new ();

  for (guint i = 0; facets != NULL && i < facets->len; i++)
    {
      KabFacet *facet = facets->pdata[i];

      if (g_str_equal (facet->field, field))
        g_ptr_array_add (families, facet);
      else if (g_str_equal (facet->field, child_field) && *facet->value != '\0')
        g_ptr_array_add (products, facet);
    }
  g_ptr_array_sort (families, compare_counts);
  g_ptr_array_sort (products, compare_counts);

  for (guint i = 0; i < families->len; i++)
    {
      const KabFacet *family = families->pdata[i];
      KabFilterNode *parent;

      parent = kab_filter_node_new (field, family->value, dup_label (family->value, 0),
                                    family->count);
      g_ptr_array_add (list, parent);
      for (guint j = 0; j < products->len; j++)
        {
          const KabFacet *product = products->pdata[j];
          KabFilterNode *node;

          if (!g_str_equal (kab_product_get_group (product->value), family->value))
            continue;
          node = kab_filter_node_new (child_field, product->value,
                                      g_strdup (kab_product_get_familiar (product->value)),
                                      product->count);
          node->depth = 1;
          node->parent = g_strdup (parent->value);
          parent->has_children = TRUE;
          g_ptr_array_add (list, node);
        }
    }

  return list;
}
