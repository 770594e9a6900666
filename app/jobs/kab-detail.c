/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-detail.h"

#include "kab-host-rules.h"
#include "kab-store.h"

#define MAX_HISTORY 1000

G_DEFINE_FINAL_TYPE (KabPair, kab_pair, G_TYPE_OBJECT)

static void
kab_pair_finalize (GObject *object)
{
  KabPair *self = KAB_PAIR (object);

  g_clear_object (&self->update);
  g_clear_pointer (&self->why, kab_explanation_free);
  g_clear_pointer (&self->history_json, g_free);

  G_OBJECT_CLASS (kab_pair_parent_class)->finalize (object);
}

static void
kab_pair_class_init (KabPairClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_pair_finalize;
}

static void
kab_pair_init (KabPair *self)
{
}

void
kab_host_detail_free (KabHostDetail *self)
{
  if (self == NULL)
    return;

  g_clear_object (&self->host);
  g_clear_object (&self->pairs);
  g_clear_pointer (&self->rule_lines, g_ptr_array_unref);
  g_clear_pointer (&self->history, g_ptr_array_unref);
  g_free (self);
}

/* guid → the update of this host that replaces it and is installed or on its way */
static GHashTable *
find_replacements (GPtrArray *updates,
                   GArray    *records)
{
  GHashTable *by_guid = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < updates->len; i++)
    {
      const KabUpdateFields *fields = kab_update_get_fields (updates->pdata[i]);
      const KabStateRecord *record = &g_array_index (records, KabStateRecord, i);
      KabState state = kab_state_derive (record, fields->downloaded_at != 0);

      if (state != KAB_STATE_OK && state != KAB_STATE_PENDING && state != KAB_STATE_MISSING)
        continue;
      for (guint j = 0; fields->superseded_update_ids != NULL && fields->superseded_update_ids[j] != NULL; j++)
        g_hash_table_replace (by_guid, g_ascii_strdown (fields->superseded_update_ids[j], -1),
                              updates->pdata[i]);
    }

  return by_guid;
}

/* (nullable): as people call it: by its KB, or by its id where both have the same KB, or it has none */
static char *
dup_replacement (GHashTable *by_guid,
                 KabUpdate  *update)
{
  g_autofree char *guid = kab_update_dup_guid (update);
  g_autofree char *key = g_ascii_strdown (guid, -1);
  g_autofree char *own_kbs = kab_update_dup_kbs (update);
  KabUpdate *newer = g_hash_table_lookup (by_guid, key);
  g_autofree char *kbs = newer != NULL ? kab_update_dup_kbs (newer) : NULL;

  if (newer == NULL)
    return NULL;

  return *kbs != '\0' && !g_str_equal (kbs, own_kbs) ? g_steal_pointer (&kbs) : g_strdup (kab_update_get_id (newer));
}

/* The entries of one update out of the host's object. */
static char *
dup_member (JsonObject *history,
            const char *update_id)
{
  JsonNode *node = history != NULL ? json_object_get_member (history, update_id) : NULL;

  return node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_to_string (node, FALSE) : NULL;
}

static gboolean
read_pairs (KabStore       *store,
            KabHostDetail  *self,
            KabHostRules   *rules,
            GCancellable   *cancellable,
            GError        **error)
{
  const char *uuid = kab_host_get_uuid (self->host);
  g_autoptr(GListStore) pairs = g_list_store_new (KAB_TYPE_PAIR);
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(GPtrArray) updates = NULL;
  g_autoptr(GArray) records = kab_store_read_host_states (store, uuid, &updates, error);
  g_autofree char *history_json = NULL;
  g_autoptr(GHashTable) replacements = NULL;
  g_autoptr(JsonNode) history = NULL;

  if (records == NULL || g_cancellable_set_error_if_cancelled (cancellable, error))
    return FALSE;

  history_json = kab_store_read_host_history (store, uuid, NULL, NULL);
  if (history_json != NULL)
    history = kab_wire_parse (history_json, -1, NULL);
  replacements = find_replacements (updates, records);

  for (guint i = 0; i < records->len; i++)
    {
      KabPair *pair = g_object_new (KAB_TYPE_PAIR, NULL);
      g_autofree char *newer = dup_replacement (replacements, updates->pdata[i]);

      pair->update = g_object_ref (updates->pdata[i]);
      pair->record = g_array_index (records, KabStateRecord, i);
      pair->why = kab_explanation_new (self->host, pair->update, &pair->record, rules->engine,
                                       newer, self->read_at);
      pair->history_json = dup_member (history != NULL && JSON_NODE_HOLDS_OBJECT (history)
                                         ? json_node_get_object (history) : NULL,
                                       kab_update_get_id (pair->update));
      self->counts[pair->why->state]++;
      g_ptr_array_add (items, pair);
    }
  g_list_store_splice (pairs, 0, 0, items->pdata, items->len);
  self->pairs = G_LIST_MODEL (g_steal_pointer (&pairs));

  return TRUE;
}

KabHostDetail *
kab_host_detail_read (KabStore         *store,
                      const char       *uuid,
                      const KabLimits  *limits,
                      GCancellable     *cancellable,
                      GError          **error)
{
  g_autoptr(KabHostDetail) self = g_new0 (KabHostDetail, 1);
  g_autoptr(KabHostRules) rules = NULL;

  g_return_val_if_fail (KAB_IS_STORE (store), NULL);
  g_return_val_if_fail (uuid != NULL, NULL);
  g_return_val_if_fail (limits != NULL, NULL);

  self->read_at = limits->now;
  self->host = kab_store_read_host (store, uuid, error);
  if (self->host == NULL)
    return NULL;
  rules = kab_host_rules_read (store, self->host, error);
  if (rules == NULL)
    return NULL;
  self->rules_known = rules->engine != NULL;
  self->rules_complete = rules->complete;
  self->rule_lines = kab_host_rules_list_lines (rules);
  if (!read_pairs (store, self, rules, cancellable, error))
    return NULL;
  self->state = kab_host_fields_judge (kab_host_get_fields (self->host), self->counts, limits);

  self->history = kab_store_read_history (store, kab_host_get_uuid (self->host), NULL, MAX_HISTORY, error);
  if (self->history == NULL)
    return NULL;

  return g_steal_pointer (&self);
}
