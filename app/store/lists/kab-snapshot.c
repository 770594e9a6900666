/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include "kab-snapshot-private.h"

G_DEFINE_FINAL_TYPE (KabSnapshot, kab_snapshot, G_TYPE_OBJECT)

static void
kab_snapshot_finalize (GObject *object)
{
  KabSnapshot *self = KAB_SNAPSHOT (object);

  g_clear_pointer (&self->update_ids, g_hash_table_unref);
  g_clear_pointer (&self->host_uuids, g_hash_table_unref);
  g_clear_pointer (&self->orders, g_hash_table_unref);
  g_clear_pointer (&self->pairs, g_hash_table_unref);
  g_clear_pointer (&self->failures, g_array_unref);
  g_clear_pointer (&self->arena, g_string_chunk_free);
  g_mutex_clear (&self->mutex);
  g_free (self->updates);
  g_free (self->hosts);
  g_free (self->host_numbers);
  g_free (self->update_indices);
  g_free (self->path);

  G_OBJECT_CLASS (kab_snapshot_parent_class)->finalize (object);
}

static void
kab_snapshot_class_init (KabSnapshotClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_snapshot_finalize;
}

static void
kab_snapshot_init (KabSnapshot *self)
{
  g_mutex_init (&self->mutex);
  self->arena = g_string_chunk_new (64 * 1024);
  self->update_ids = g_hash_table_new (g_str_hash, g_str_equal);
  self->host_uuids = g_hash_table_new (g_str_hash, g_str_equal);
  self->failures = g_array_new (FALSE, FALSE, sizeof (KabFailureGroup));
  self->orders = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  self->pairs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_bytes_unref);
}

const KabUpdateRecord *
kab_snapshot_get_updates (KabSnapshot *self,
                          guint       *n)
{
  g_return_val_if_fail (KAB_IS_SNAPSHOT (self), NULL);

  if (n != NULL)
    *n = self->n_updates;
  return self->updates;
}

const KabHostRecord *
kab_snapshot_get_hosts (KabSnapshot *self,
                        guint       *n)
{
  g_return_val_if_fail (KAB_IS_SNAPSHOT (self), NULL);

  if (n != NULL)
    *n = self->n_hosts;
  return self->hosts;
}

guint
kab_snapshot_get_n_rows (KabSnapshot    *self,
                         KabQueryDomain  domain)
{
  return domain == KAB_QUERY_UPDATES ? self->n_updates : self->n_hosts;
}

guint
kab_snapshot_count_hosts (KabSnapshot  *self,
                          KabHostState  state)
{
  g_return_val_if_fail (KAB_IS_SNAPSHOT (self), 0);
  g_return_val_if_fail ((guint) state < KAB_N_HOST_STATES, 0);

  return self->host_counts[state];
}

guint
kab_snapshot_count_counted (KabSnapshot *self)
{
  g_return_val_if_fail (KAB_IS_SNAPSHOT (self), 0);

  return self->n_counted;
}

guint
kab_snapshot_count_restarts (KabSnapshot *self)
{
  g_return_val_if_fail (KAB_IS_SNAPSHOT (self), 0);

  return self->n_restarts;
}

const KabFailureGroup *
kab_snapshot_get_failures (KabSnapshot *self,
                           guint       *n)
{
  g_return_val_if_fail (KAB_IS_SNAPSHOT (self), NULL);

  if (n != NULL)
    *n = self->failures->len;
  return (const KabFailureGroup *) (const void *) self->failures->data;
}

gint64
kab_snapshot_get_synced_at (KabSnapshot *self)
{
  g_return_val_if_fail (KAB_IS_SNAPSHOT (self), 0);

  return self->synced_at;
}

gint64
kab_snapshot_get_catalogue_at (KabSnapshot *self)
{
  g_return_val_if_fail (KAB_IS_SNAPSHOT (self), 0);

  return self->catalogue_at;
}

const KabLimits *
kab_snapshot_get_limits (KabSnapshot *self)
{
  g_return_val_if_fail (KAB_IS_SNAPSHOT (self), NULL);

  return &self->limits;
}

int
kab_snapshot_find_update (KabSnapshot *self,
                          const char  *update_id)
{
  g_return_val_if_fail (KAB_IS_SNAPSHOT (self), -1);
  g_return_val_if_fail (update_id != NULL, -1);

  return GPOINTER_TO_INT (g_hash_table_lookup (self->update_ids, update_id)) - 1;
}

int
kab_snapshot_find_host (KabSnapshot *self,
                        const char  *uuid)
{
  g_return_val_if_fail (KAB_IS_SNAPSHOT (self), -1);
  g_return_val_if_fail (uuid != NULL, -1);

  return GPOINTER_TO_INT (g_hash_table_lookup (self->host_uuids, uuid)) - 1;
}

GArray *
kab_snapshot_find_hosts_of (KabSnapshot   *self,
                            const char    *update_id,
                            guint          state_mask,
                            GCancellable  *cancellable,
                            GError       **error)
{
  g_autoptr(GArray) hosts = g_array_new (FALSE, FALSE, sizeof (guint));
  g_autoptr(GBytes) bytes = NULL;
  const guint8 *states;
  int update;

  g_return_val_if_fail (KAB_IS_SNAPSHOT (self), NULL);
  g_return_val_if_fail (update_id != NULL, NULL);

  update = kab_snapshot_find_update (self, update_id);
  if (update < 0)
    return g_steal_pointer (&hosts);

  bytes = kab_snapshot_read_update (self, (guint) update, cancellable, error);
  if (bytes == NULL)
    return NULL;

  states = g_bytes_get_data (bytes, NULL);
  for (guint i = 0; i < self->n_hosts; i++)
    if (states[i] != KAB_NO_STATE && (state_mask & (1u << states[i])) != 0)
      g_array_append_val (hosts, i);

  return g_steal_pointer (&hosts);
}
