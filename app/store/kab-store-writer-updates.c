/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include "kab-error.h"
#include "kab-store-columns.h"
#include "kab-store-writer-private.h"

static KabWriterUpdate *
remember (KabStoreWriter *self,
          const char     *update_id,
          guint32         number)
{
  KabWriterUpdate *update = g_new0 (KabWriterUpdate, 1);

  update->number = number;
  g_hash_table_replace (self->updates, g_strdup (update_id), update);
  if (self->updates_by_number->len <= number)
    g_ptr_array_set_size (self->updates_by_number, (int) number + 1);
  self->updates_by_number->pdata[number] = update;
  return update;
}

/* Loads ids and fingerprints once; rows stay in the file. */
static gboolean
load_updates (KabStoreWriter  *self,
              GError         **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  if (self->updates != NULL)
    return TRUE;

  stmt = kab_database_prepare (self->database,
                               "SELECT update_id, number, fingerprint, downloaded_at, gone FROM updates", error);
  if (stmt == NULL)
    return FALSE;

  self->updates = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->updates_by_number = g_ptr_array_new ();
  while (kab_statement_step (stmt, &local_error))
    {
      const char *update_id = kab_statement_get_text (stmt, 0);
      gint64 number = kab_statement_get_int64 (stmt, 1);
      KabWriterUpdate *update;

      if (update_id == NULL || number < 1 || number > G_MAXINT32)
        continue;
      update = remember (self, update_id, (guint32) number);
      update->fingerprint = (guint64) kab_statement_get_int64 (stmt, 2);
      update->has_files = kab_statement_get_int64 (stmt, 3) != 0;
      update->is_gone = kab_statement_get_int64 (stmt, 4) != 0;
    }
  if (local_error == NULL)
    return TRUE;

  g_clear_pointer (&self->updates, g_hash_table_unref);
  g_clear_pointer (&self->updates_by_number, g_ptr_array_unref);
  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

KabWriterUpdate *
kab_store_writer_get_update (KabStoreWriter *self,
                             guint32         number)
{
  if (!load_updates (self, NULL) || number >= self->updates_by_number->len)
    return NULL;

  return self->updates_by_number->pdata[number];
}

guint32
kab_store_write_find (KabStoreWriter *self,
                      const char     *update_id,
                      guint64         fingerprint)
{
  KabWriterUpdate *update;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (update_id != NULL, 0);

  update = load_updates (self, NULL) ? g_hash_table_lookup (self->updates, update_id) : NULL;
  if (update == NULL || update->is_gone || update->fingerprint != fingerprint)
    return 0;

  update->is_seen = TRUE;
  return update->number;
}

static gboolean
post_copy (KabStoreWriter         *self,
           const KabUpdateFields  *fields,
           GError                **error)
{
  guint8 has = fields->downloaded_at != 0;

  return kab_store_writer_post (self, KAB_OUTBOX_COPY, fields->update_id, &has, 1, error);
}

static KabWriterUpdate *
insert_update (KabStoreWriter         *self,
               const KabUpdateFields  *fields,
               guint64                 fingerprint,
               GError                **error)
{
  KabStatement *stmt = kab_store_writer_sql (self, KAB_SQL_INSERT_UPDATE, error);
  gint64 number;

  if (stmt == NULL)
    return NULL;

  kab_statement_bind_int64 (stmt, 1, (gint64) fingerprint);
  kab_columns_bind (&kab_update_columns, stmt, 2, fields);
  if (!kab_store_writer_run (self, stmt, error))
    return NULL;

  number = kab_database_get_last_rowid (self->database);
  if (number < 1 || number > G_MAXINT32)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "no number is left for update %s", fields->update_id);
      return NULL;
    }
  if (fields->downloaded_at != 0 && !post_copy (self, fields, error))
    return NULL;

  self->report.updates_new++;
  return remember (self, fields->update_id, (guint32) number);
}

static gboolean
change_update (KabStoreWriter         *self,
               KabWriterUpdate        *update,
               const KabUpdateFields  *fields,
               guint64                 fingerprint,
               GError                **error)
{
  KabStatement *stmt = kab_store_writer_sql (self, KAB_SQL_UPDATE_UPDATE, error);

  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_int64 (stmt, 1, update->number);
  kab_statement_bind_int64 (stmt, 2, (gint64) fingerprint);
  kab_columns_bind (&kab_update_columns, stmt, 3, fields);
  if (!kab_store_writer_run (self, stmt, error))
    return FALSE;

  if (update->has_files != (fields->downloaded_at != 0) && !post_copy (self, fields, error))
    return FALSE;

  if (update->is_gone)
    {
      self->gone_changed = TRUE;
      self->report.updates_new++;
    }
  else if (!update->is_seen)
    {
      self->report.updates_changed++;
    }
  return TRUE;
}

guint32
kab_store_write_update (KabStoreWriter         *self,
                        const KabUpdateFields  *fields,
                        guint64                 fingerprint,
                        GError                **error)
{
  KabWriterUpdate *update;

  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (fields != NULL && fields->update_id != NULL, 0);

  if (kab_store_writer_is_cancelled (self, error) || !load_updates (self, error))
    return 0;

  if (fingerprint == 0)
    fingerprint = kab_columns_hash (&kab_update_columns, fields);

  update = g_hash_table_lookup (self->updates, fields->update_id);
  if (update == NULL)
    {
      update = insert_update (self, fields, fingerprint, error);
      if (update == NULL)
        return 0;
    }
  else if (update->fingerprint != fingerprint || update->is_gone)
    {
      if (!change_update (self, update, fields, fingerprint, error))
        return 0;
    }
  else
    {
      update->is_seen = TRUE;
      return update->number;
    }

  update->fingerprint = fingerprint;
  update->has_files = fields->downloaded_at != 0;
  update->is_gone = FALSE;
  update->is_seen = TRUE;
  return update->number;
}

static gboolean
mark_gone (KabStoreWriter   *self,
           KabWriterUpdate  *update,
           GError          **error)
{
  KabStatement *stmt = kab_store_writer_sql (self, KAB_SQL_UPDATE_GONE, error);

  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_int64 (stmt, 1, update->number);
  kab_statement_bind_int64 (stmt, 2, 1);
  if (!kab_store_writer_run (self, stmt, error))
    return FALSE;

  update->is_gone = TRUE;
  self->gone_changed = TRUE;
  self->report.updates_gone++;
  return TRUE;
}

gboolean
kab_store_write_update_gone (KabStoreWriter  *self,
                             const char      *update_id,
                             GError         **error)
{
  KabWriterUpdate *update;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (update_id != NULL, FALSE);

  if (kab_store_writer_is_cancelled (self, error) || !load_updates (self, error))
    return FALSE;

  update = g_hash_table_lookup (self->updates, update_id);
  return update == NULL || update->is_gone || mark_gone (self, update, error);
}

gboolean
kab_store_writer_end_updates (KabStoreWriter  *self,
                              GError         **error)
{
  if (!self->updates_full)
    return TRUE;
  if (!load_updates (self, error))
    return FALSE;

  for (guint i = 0; i < self->updates_by_number->len; i++)
    {
      KabWriterUpdate *update = self->updates_by_number->pdata[i];

      if (update != NULL && !update->is_seen && !update->is_gone && !mark_gone (self, update, error))
        return FALSE;
    }

  return TRUE;
}
