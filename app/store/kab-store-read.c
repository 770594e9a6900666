/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-store-columns.h"
#include "kab-store-private.h"

static KabUpdate *
update_from_row (KabStatement *stmt)
{
  g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  KabUpdateFields fields = { NULL };

  kab_columns_read (&kab_update_columns, stmt, 0, &fields, lists);
  return fields.update_id != NULL ? kab_update_new (&fields) : NULL;
}

/* (element-type KabUpdate) */
static GPtrArray *
read_updates (KabDatabase  *database,
              const char   *condition,
              const char   *first,
              const char   *second,
              GError      **error)
{
  g_autofree char *names = kab_columns_dup_names (&kab_update_columns);
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM updates WHERE gone = 0 AND (%s) ORDER BY number", names,
                                          condition);
  g_autoptr(GPtrArray) updates = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(KabStatement) stmt = kab_database_prepare (database, sql, error);
  g_autoptr(GError) local_error = NULL;

  if (stmt == NULL)
    return NULL;

  if (first != NULL)
    kab_statement_bind_text (stmt, 1, first);
  if (second != NULL)
    kab_statement_bind_text (stmt, 2, second);
  while (kab_statement_step (stmt, &local_error))
    {
      KabUpdate *update = update_from_row (stmt);

      if (update != NULL)
        g_ptr_array_add (updates, update);
    }
  return kab_error_is_none (&local_error, error) ? g_steal_pointer (&updates) : NULL;
}

KabUpdate *
kab_store_read_update (KabStore    *self,
                       const char  *update_id,
                       GError     **error)
{
  KabStoreReader *reader;
  g_autoptr(GPtrArray) updates = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (KAB_IS_STORE (self), NULL);
  g_return_val_if_fail (update_id != NULL, NULL);

  reader = kab_store_borrow (self, error);
  if (reader == NULL)
    return NULL;

  updates = read_updates (reader->database, "update_id = ?1", update_id, NULL, &local_error);
  if (!kab_store_end_read (reader, &local_error, error))
    return NULL;
  if (updates->len == 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "there is no update %s", update_id);
      return NULL;
    }
  return g_object_ref (updates->pdata[0]);
}

GPtrArray *
kab_store_read_updates (KabStore      *self,
                        GCancellable  *cancellable,
                        GError       **error)
{
  KabStoreReader *reader;
  GPtrArray *updates;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (KAB_IS_STORE (self), NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;
  reader = kab_store_borrow (self, error);
  if (reader == NULL)
    return NULL;

  kab_database_set_cancellable (reader->database, cancellable);
  updates = read_updates (reader->database, "TRUE", NULL, NULL, &local_error);
  return kab_store_end_read (reader, &local_error, error) ? updates : NULL;
}

GPtrArray *
kab_store_find_updates (KabStore    *self,
                        const char  *id_or_kb,
                        GError     **error)
{
  KabStoreReader *reader;
  GPtrArray *updates;
  const char *kb;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (KAB_IS_STORE (self), NULL);
  g_return_val_if_fail (id_or_kb != NULL, NULL);

  reader = kab_store_borrow (self, error);
  if (reader == NULL)
    return NULL;

  kb = g_ascii_strncasecmp (id_or_kb, "KB", 2) == 0 ? id_or_kb + 2 : id_or_kb;
  updates = read_updates (reader->database,
                          "lower (update_id) = lower (?1)"
                          " OR lower (substr (update_id, 1, length (?1) + 1)) = lower (?1) || '_'"
                          " OR instr (char (31) || kbids, char (31) || ?2 || char (31)) > 0", id_or_kb, kb, &local_error);
  return kab_store_end_read (reader, &local_error, error) ? updates : NULL;
}

KabHost *
kab_store_read_host (KabStore    *self,
                     const char  *uuid_or_name,
                     GError     **error)
{
  KabStoreReader *reader;
  g_autofree char *names = kab_columns_dup_names (&kab_host_columns);
  g_autofree char *sql = NULL;
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(KabHost) host = NULL;
  g_autoptr(GError) local_error = NULL;
  guint n_hosts = 0;

  g_return_val_if_fail (KAB_IS_STORE (self), NULL);
  g_return_val_if_fail (uuid_or_name != NULL, NULL);

  reader = kab_store_borrow (self, error);
  if (reader == NULL)
    return NULL;

  /* A uuid comes first and then stands alone; of names two are enough to know that one is not enough. */
  sql = g_strdup_printf ("SELECT %s FROM hosts WHERE uuid = ?1 OR (NOT EXISTS (SELECT 1 FROM hosts WHERE uuid = ?1) AND"
                         " (computer_name = ?1 COLLATE NOCASE OR computer_fqdn = ?1 COLLATE NOCASE)) LIMIT 2", names);
  stmt = kab_database_prepare (reader->database, sql, &local_error);
  if (stmt != NULL)
    {
      kab_statement_bind_text (stmt, 1, uuid_or_name);
      while (kab_statement_step (stmt, &local_error))
        {
          g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
          KabHostFields fields = { NULL };

          kab_columns_read (&kab_host_columns, stmt, 0, &fields, lists);
          if (n_hosts++ == 0 && fields.uuid != NULL)
            host = kab_host_new (&fields);
        }
      g_clear_pointer (&stmt, kab_statement_free);
    }
  if (!kab_store_end_read (reader, &local_error, error))
    return NULL;
  if (n_hosts > 1)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "several hosts are called %s: name one by its uuid", uuid_or_name);
      return NULL;
    }
  if (host == NULL)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "there is no host %s", uuid_or_name);
      return NULL;
    }
  return g_steal_pointer (&host);
}

/* One column of one row, as text. Returns: NULL when there is none */
static char *
read_text (KabStore    *self,
           const char  *sql,
           const char  *first,
           const char  *second,
           GError     **error)
{
  KabStoreReader *reader = kab_store_borrow (self, error);
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;
  char *text = NULL;

  if (reader == NULL)
    return NULL;

  stmt = kab_database_prepare (reader->database, sql, &local_error);
  if (stmt != NULL)
    {
      kab_statement_bind_text (stmt, 1, first);
      if (second != NULL)
        kab_statement_bind_text (stmt, 2, second);
      if (kab_statement_step (stmt, &local_error))
        text = g_strdup (kab_statement_get_text (stmt, 0));
      g_clear_pointer (&stmt, kab_statement_free);
    }
  return kab_store_end_read (reader, &local_error, error) ? text : NULL;
}

char *
kab_store_read_value (KabStore   *self,
                      const char *key)
{
  g_return_val_if_fail (KAB_IS_STORE (self), NULL);
  g_return_val_if_fail (key != NULL, NULL);

  return read_text (self, "SELECT value FROM meta WHERE key = ?1", key, NULL, NULL);
}

char *
kab_store_read_host_history (KabStore    *self,
                             const char  *uuid,
                             const char  *update_id,
                             GError     **error)
{
  g_return_val_if_fail (KAB_IS_STORE (self), NULL);
  g_return_val_if_fail (uuid != NULL, NULL);

  if (update_id == NULL)
    return read_text (self, "SELECT history FROM host_history JOIN hosts ON number = host WHERE uuid = ?1", uuid, NULL,
                      error);

  return read_text (self,
                    "SELECT e.value FROM hosts h JOIN host_history s ON s.host = h.number,"
                    " json_each (CASE WHEN json_valid (s.history) THEN s.history ELSE '{}' END) e"
                    " WHERE h.uuid = ?1 AND e.key = ?2 AND e.type = 'array'", uuid, update_id, error);
}

GHashTable *
kab_store_read_host_hashes (KabStore  *self,
                            GError   **error)
{
  g_autoptr(GHashTable) hashes = NULL;
  g_autoptr(KabStatement) stmt = NULL;
  KabStoreReader *reader;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (KAB_IS_STORE (self), NULL);

  reader = kab_store_borrow (self, error);
  if (reader == NULL)
    return NULL;

  hashes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  stmt = kab_database_prepare (reader->database, "SELECT uuid, coalesce (updates_hash, '') FROM hosts", &local_error);
  while (stmt != NULL && kab_statement_step (stmt, &local_error))
    g_hash_table_replace (hashes, g_strdup (kab_statement_get_text (stmt, 0)),
                          g_strdup (kab_statement_get_text (stmt, 1)));
  g_clear_pointer (&stmt, kab_statement_free);
  return kab_store_end_read (reader, &local_error, error) ? g_steal_pointer (&hashes) : NULL;
}

GArray *
kab_store_read_host_states (KabStore    *self,
                            const char  *uuid,
                            GPtrArray  **updates,
                            GError     **error)
{
  g_autofree char *names = kab_columns_dup_names (&kab_update_columns);
  g_autofree char *sql = g_strdup_printf ("SELECT %s FROM updates WHERE gone = 0 AND number = ?1", names);
  g_autoptr(GArray) states = g_array_new (FALSE, FALSE, sizeof (KabStateRecord));
  g_autoptr(GPtrArray) beside = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(KabStatement) update_stmt = NULL;
  KabStoreReader *reader;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (KAB_IS_STORE (self), NULL);
  g_return_val_if_fail (uuid != NULL, NULL);

  reader = kab_store_borrow (self, error);
  if (reader == NULL)
    return NULL;

  if (kab_database_begin_read (reader->database, &local_error))
    stmt = kab_database_prepare (reader->database,
                                 "SELECT records FROM host_states JOIN hosts ON number = host WHERE uuid = ?1",
                                 &local_error);
  if (stmt != NULL)
    update_stmt = kab_database_prepare (reader->database, sql, &local_error);
  if (update_stmt != NULL)
    kab_statement_bind_text (stmt, 1, uuid);

  if (update_stmt != NULL && kab_statement_step (stmt, &local_error))
    {
      gsize size = 0;
      const guint8 *data = kab_statement_get_blob (stmt, 0, &size);

      for (gsize i = 0; i + sizeof (KabStateRecord) <= size && local_error == NULL; i += sizeof (KabStateRecord))
        {
          KabStateRecord record;
          KabUpdate *update;

          memcpy (&record, data + i, sizeof record);
          kab_statement_bind_int64 (update_stmt, 1, record.update);
          update = kab_statement_step (update_stmt, &local_error) ? update_from_row (update_stmt) : NULL;
          kab_statement_reset (update_stmt);
          if (update != NULL)
            {
              g_array_append_val (states, record);
              g_ptr_array_add (beside, update);
            }
        }
    }
  g_clear_pointer (&stmt, kab_statement_free);
  g_clear_pointer (&update_stmt, kab_statement_free);
  if (!kab_store_end_read (reader, &local_error, error))
    return NULL;
  if (updates != NULL)
    *updates = g_steal_pointer (&beside);
  return g_steal_pointer (&states);
}

GPtrArray *
kab_store_read_history (KabStore    *self,
                        const char  *uuid,
                        const char  *update_id,
                        guint        limit,
                        GError     **error)
{
  g_autoptr(KabLedger) ledger = NULL;

  g_return_val_if_fail (KAB_IS_STORE (self), NULL);

  ledger = kab_store_open_ledger (self, error);
  return ledger != NULL ? kab_ledger_read_history (ledger, uuid, update_id, limit, error) : NULL;
}

GArray *
kab_store_read_days (KabStore  *self,
                     gint64     since,
                     GError   **error)
{
  g_autoptr(KabLedger) ledger = NULL;

  g_return_val_if_fail (KAB_IS_STORE (self), NULL);

  ledger = kab_store_open_ledger (self, error);
  return ledger != NULL ? kab_ledger_read_days (ledger, since, error) : NULL;
}

