/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include "kab-error.h"
#include "kab-store-writer-private.h"

/* Takes each host that reports an update nobody before it reported. Not the smallest set there is, but one that one pass
 * finds: on a fleet of like machines a few dozen hosts. */
GPtrArray *
kab_store_write_find_cover (KabStoreWriter  *self,
                            GHashTable      *fresh_numbers,
                            GError         **error)
{
  g_autoptr(GPtrArray) uuids = NULL;
  g_autoptr(GHashTable) covered = NULL;
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(KabStatement) name = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (self != NULL, NULL);

  /* Hosts with the longest reports first: they cover most. Only their numbers are sorted, the pairs are read after. */
  stmt = kab_database_prepare (self->database,
                               "SELECT host FROM host_states ORDER BY length (records) DESC, host", error);
  name = stmt != NULL ? kab_database_prepare (self->database, "SELECT uuid FROM hosts WHERE number = ?1", error) : NULL;
  if (name == NULL)
    return NULL;

  uuids = g_ptr_array_new_with_free_func (g_free);
  covered = g_hash_table_new (NULL, NULL);
  while (kab_statement_step (stmt, &local_error))
    {
      gint64 host = kab_statement_get_int64 (stmt, 0);
      guint n_records;
      g_autofree KabStateRecord *records = kab_store_writer_read_records (self, host, &n_records, &local_error);
      gboolean is_needed = FALSE;

      for (guint i = 0; i < n_records; i++)
        {
          gpointer number = GUINT_TO_POINTER (records[i].update);
          const KabWriterUpdate *update;

          if (g_hash_table_contains (covered, number))
            continue;
          g_hash_table_add (covered, number);
          update = kab_store_writer_get_update (self, records[i].update);
          if (update != NULL && !update->is_gone &&
              (fresh_numbers == NULL || !g_hash_table_contains (fresh_numbers, number)))
            is_needed = TRUE;
        }
      kab_statement_bind_int64 (name, 1, host);
      if (is_needed && local_error == NULL && kab_statement_step (name, &local_error))
        g_ptr_array_add (uuids, g_strdup (kab_statement_get_text (name, 0)));
      kab_statement_reset (name);
      if (local_error != NULL || kab_store_writer_is_cancelled (self, &local_error))
        break;
    }
  return kab_error_is_none (&local_error, error) ? g_steal_pointer (&uuids) : NULL;
}
