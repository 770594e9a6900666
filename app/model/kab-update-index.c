/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-text.h"
#include "kab-update-index.h"

struct _KabUpdateIndex
{
  gatomicrefcount  references;
  GPtrArray       *updates;       /* (element-type KabUpdate), by id */
  GHashTable      *by_id;         /* id → position + 1; borrowed texts */
  GHashTable      *by_guid;       /* guid → GArray of positions */
  GHashTable      *by_category[KAB_N_RULE_LISTS];   /* text → GArray; KBs as "KB1234567" in ALLOWED_KBS; others their own */
  int             *replaced_by;   /* per position, -1 none */
};

static int
compare_ids (gconstpointer a,
             gconstpointer b)
{
  return strcmp (kab_update_get_id (*(KabUpdate * const *) a), kab_update_get_id (*(KabUpdate * const *) b));
}

static void
note (GHashTable *table,
      char       *key,
      guint       position)
{
  GArray *positions = g_hash_table_lookup (table, key);

  if (positions == NULL)
    {
      positions = g_array_new (FALSE, FALSE, sizeof (guint));
      g_hash_table_insert (table, key, positions);
    }
  else
    {
      g_free (key);
    }
  if (positions->len == 0 || g_array_index (positions, guint, positions->len - 1) != position)
    g_array_append_val (positions, position);
}

static void
note_category (KabUpdateIndex *self,
               KabRuleList     list,
               const char     *text,
               guint           position)
{
  if (text != NULL && *text != '\0')
    note (self->by_category[list], g_strdup (text), position);
}

static void
note_update (KabUpdateIndex *self,
             guint           position)
{
  KabUpdate *update = self->updates->pdata[position];
  const KabUpdateFields *fields = kab_update_get_fields (update);
  const char * const *kb = fields->kbids;

  g_hash_table_insert (self->by_id, (gpointer) fields->update_id, GUINT_TO_POINTER (position + 1));
  note (self->by_guid, kab_update_dup_guid (update), position);
  for (; kb != NULL && *kb != NULL; kb++)
    note (self->by_category[KAB_RULE_ALLOWED_KBS],
          g_strconcat ("KB", g_ascii_strncasecmp (*kb, "KB", 2) == 0 ? *kb + 2 : *kb, NULL), position);
  note_category (self, KAB_RULE_ALLOWED_UPDATES, fields->update_id, position);
  note_category (self, KAB_RULE_ALLOWED_PRODUCTS, fields->product, position);
  note_category (self, KAB_RULE_ALLOWED_SEVERITIES, fields->severity, position);
  note_category (self, KAB_RULE_ALLOWED_CLASSIFICATIONS, fields->classification, position);
}

/* Of several that replace one, the one that changed last. An update does not replace its own older revision this way. */
static void
note_replaced (KabUpdateIndex *self,
               guint           position)
{
  const KabUpdateFields *fields = kab_update_get_fields (self->updates->pdata[position]);
  const char * const *guid = fields->superseded_update_ids;

  for (; guid != NULL && *guid != NULL; guid++)
    {
      const GArray *olds = g_hash_table_lookup (self->by_guid, *guid);

      for (guint i = 0; olds != NULL && i < olds->len; i++)
        {
          guint old = g_array_index (olds, guint, i);
          int *known = &self->replaced_by[old];

          if (old != position && (*known < 0 || kab_update_get_changed_at (self->updates->pdata[*known]) < fields->changed_at))
            *known = (int) position;
        }
    }
}

KabUpdateIndex *
kab_update_index_new (GPtrArray *updates)
{
  KabUpdateIndex *self = g_new0 (KabUpdateIndex, 1);

  g_return_val_if_fail (updates != NULL, NULL);

  g_atomic_ref_count_init (&self->references);
  self->updates = g_ptr_array_new_full (updates->len, g_object_unref);
  for (guint i = 0; i < updates->len; i++)
    g_ptr_array_add (self->updates, g_object_ref (updates->pdata[i]));
  g_ptr_array_sort (self->updates, compare_ids);

  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->by_guid = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  for (guint i = 0; i < KAB_N_RULE_LISTS; i++)
    self->by_category[i] = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  self->replaced_by = g_new (int, MAX (updates->len, 1));
  for (guint i = 0; i < self->updates->len; i++)
    {
      self->replaced_by[i] = -1;
      note_update (self, i);
    }
  for (guint i = 0; i < self->updates->len; i++)
    note_replaced (self, i);

  return self;
}

KabUpdateIndex *
kab_update_index_ref (KabUpdateIndex *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->references);
  return self;
}

void
kab_update_index_unref (KabUpdateIndex *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->references))
    return;

  g_hash_table_unref (self->by_id);
  g_hash_table_unref (self->by_guid);
  for (guint i = 0; i < KAB_N_RULE_LISTS; i++)
    g_hash_table_unref (self->by_category[i]);
  g_ptr_array_unref (self->updates);
  g_free (self->replaced_by);
  g_free (self);
}

GPtrArray *
kab_update_index_get_updates (KabUpdateIndex *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return self->updates;
}

int
kab_update_index_find (KabUpdateIndex *self,
                       const char     *update_id)
{
  g_return_val_if_fail (self != NULL, -1);
  g_return_val_if_fail (update_id != NULL, -1);

  return (int) GPOINTER_TO_UINT (g_hash_table_lookup (self->by_id, update_id)) - 1;
}

const GArray *
kab_update_index_match (KabUpdateIndex *self,
                        KabRuleList     list,
                        const char     *value)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail ((guint) list < KAB_N_RULE_LISTS, NULL);
  g_return_val_if_fail (value != NULL, NULL);

  if (list == KAB_RULE_FORBIDDEN_KBS)
    list = KAB_RULE_ALLOWED_KBS;
  else if (list == KAB_RULE_FORBIDDEN_UPDATES)
    list = KAB_RULE_ALLOWED_UPDATES;
  return g_hash_table_lookup (self->by_category[list], value);
}

const GArray *
kab_update_index_match_guid (KabUpdateIndex *self,
                             const char     *guid)
{
  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (guid != NULL, NULL);

  return g_hash_table_lookup (self->by_guid, guid);
}

const char *
kab_update_index_nearest (KabUpdateIndex *self,
                          KabRuleList     list,
                          const char     *value)
{
  g_autofree char *stripped = NULL;
  g_autofree char *needle = NULL;
  GHashTableIter iter;
  gpointer text;
  const char *nearest = NULL;
  guint most;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail ((guint) list < KAB_N_RULE_LISTS, NULL);
  g_return_val_if_fail (value != NULL, NULL);

  if (list < KAB_RULE_ALLOWED_PRODUCTS)
    return NULL;
  /* Two letters of a long name; "Windows 10" is not "Windows 11". */
  stripped = g_strstrip (g_strdup (value));
  needle = kab_text_fold (stripped, -1);
  most = list == KAB_RULE_ALLOWED_PRODUCTS ? 0 : 2;
  g_hash_table_iter_init (&iter, self->by_category[list]);
  while (g_hash_table_iter_next (&iter, &text, NULL))
    {
      g_autofree char *folded = kab_text_fold (text, -1);
      guint distance = kab_text_distance (folded, needle, most);

      if (distance < most || (distance == most && (nearest == NULL || strcmp (text, nearest) < 0)))
        {
          nearest = text;
          most = distance;
        }
    }

  return nearest;
}

int
kab_update_index_replaced_by (KabUpdateIndex *self,
                              guint           position)
{
  g_return_val_if_fail (self != NULL, -1);
  g_return_val_if_fail (position < self->updates->len, -1);

  return self->replaced_by[position];
}
