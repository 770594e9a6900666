/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-update-registry.h"

#include "kab-error.h"
#include "kab-sync.h"

typedef struct {
  char      *update_id;
  KabUpdate *update;        /* content that is not written yet */
  guint64    fingerprint;
  guint      turn;          /* of the newest content */
  guint32    number;        /* in the mirror, 0 not known yet */
} Entry;

struct _KabUpdateRegistry
{
  KabUpdateWrittenFunc func;
  gpointer             user_data;

  GMutex               lock;      /* guards the rest */
  GHashTable          *by_id;     /* update_id (owned by the entry) → index + 1 */
  GPtrArray           *entries;
};

static void
entry_free (gpointer data)
{
  Entry *entry = data;

  g_free (entry->update_id);
  g_clear_object (&entry->update);
  g_free (entry);
}

KabUpdateRegistry *
kab_update_registry_new (KabUpdateWrittenFunc func,
                         gpointer             user_data)
{
  KabUpdateRegistry *self = g_new0 (KabUpdateRegistry, 1);

  self->func = func;
  self->user_data = user_data;
  self->by_id = g_hash_table_new (g_str_hash, g_str_equal);
  self->entries = g_ptr_array_new_with_free_func (entry_free);
  g_mutex_init (&self->lock);

  return self;
}

void
kab_update_registry_free (KabUpdateRegistry *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->by_id);
  g_ptr_array_unref (self->entries);
  g_mutex_clear (&self->lock);
  g_free (self);
}

gboolean
kab_update_registry_intern (KabUpdateRegistry      *self,
                            const KabUpdateFields  *fields,
                            guint64                 fingerprint,
                            guint                   turn,
                            guint32                *index,
                            GError                **error)
{
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  gpointer known = g_hash_table_lookup (self->by_id, fields->update_id);
  Entry *entry;

  if (known == NULL)
    {
      if (self->entries->len >= KAB_SYNC_MAX_UPDATES)
        {
          g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "the server lists too many updates");
          return FALSE;
        }
      entry = g_new0 (Entry, 1);
      entry->update_id = g_strdup (fields->update_id);
      g_ptr_array_add (self->entries, entry);
      known = GUINT_TO_POINTER (self->entries->len);
      g_hash_table_insert (self->by_id, entry->update_id, known);
    }
  else
    {
      entry = self->entries->pdata[GPOINTER_TO_UINT (known) - 1];
      if (entry->fingerprint == fingerprint && fingerprint != 0)
        {
          entry->turn = MAX (entry->turn, turn);
          *index = GPOINTER_TO_UINT (known) - 1;
          return TRUE;
        }
    }

  *index = GPOINTER_TO_UINT (known) - 1;
  if (turn >= entry->turn)
    {
      g_clear_object (&entry->update);
      entry->update = kab_update_new (fields);
      entry->fingerprint = fingerprint;
      entry->turn = turn;
    }

  return TRUE;
}

guint32
kab_update_registry_resolve (KabUpdateRegistry  *self,
                             KabStoreWriter     *writer,
                             guint32             index,
                             GError            **error)
{
  g_autoptr(KabUpdate) update = NULL;
  guint64 fingerprint;
  guint32 number;
  Entry *entry;

  g_mutex_lock (&self->lock);
  entry = index < self->entries->len ? self->entries->pdata[index] : NULL;
  g_assert (entry != NULL);
  update = g_steal_pointer (&entry->update);
  fingerprint = entry->fingerprint;
  number = entry->number;
  g_mutex_unlock (&self->lock);

  if (update == NULL)
    return number;

  if (self->func != NULL && !self->func (index, kab_update_get_fields (update), self->user_data, error))
    return 0;

  number = fingerprint != 0 ? kab_store_write_find (writer, kab_update_get_id (update), fingerprint) : 0;
  if (number == 0)
    number = kab_store_write_update (writer, kab_update_get_fields (update), fingerprint, error);
  if (number == 0)
    return 0;

  g_mutex_lock (&self->lock);
  entry->number = number;
  g_mutex_unlock (&self->lock);

  return number;
}

const char *
kab_update_registry_get_id (KabUpdateRegistry *self,
                            guint32            index)
{
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);

  return index < self->entries->len ? ((Entry *) self->entries->pdata[index])->update_id : NULL;
}

GHashTable *
kab_update_registry_dup_fresh (KabUpdateRegistry *self,
                               guint              since_turn)
{
  g_autoptr(GMutexLocker) locker G_GNUC_UNUSED = g_mutex_locker_new (&self->lock);
  GHashTable *fresh = g_hash_table_new (NULL, NULL);

  for (guint i = 0; i < self->entries->len; i++)
    {
      const Entry *entry = self->entries->pdata[i];

      if (entry->number != 0 && entry->turn >= since_turn)
        g_hash_table_add (fresh, GUINT_TO_POINTER (entry->number));
    }

  return fresh;
}
