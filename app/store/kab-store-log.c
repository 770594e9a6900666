/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-fault.h"
#include "kab-store-private.h"

/* A sync an hour for two years */
#define MAX_LINES 20000

#define COLUMNS "started_at, finished_at, level, error, automatic, hosts_new, hosts_changed, hosts_gone, " \
                "updates_new, updates_changed, updates_gone, states_changed, n_bytes, n_requests"

G_DEFINE_FINAL_TYPE (KabSyncLogEntry, kab_sync_log_entry, G_TYPE_OBJECT)

static void
kab_sync_log_entry_finalize (GObject *object)
{
  KabSyncLogEntry *self = KAB_SYNC_LOG_ENTRY (object);

  g_free (self->level);
  g_free (self->error);

  G_OBJECT_CLASS (kab_sync_log_entry_parent_class)->finalize (object);
}

static void
kab_sync_log_entry_class_init (KabSyncLogEntryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_sync_log_entry_finalize;
}

static void
kab_sync_log_entry_init (KabSyncLogEntry *self)
{
}

gboolean
kab_store_add_log (KabDatabase          *database,
                   const KabSyncReport  *report,
                   const char           *message,
                   GError              **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(KabStatement) trim = NULL;
  g_autofree char *level = g_strndup (report->level, sizeof report->level);
  const gint64 numbers[] = {
    report->automatic, report->hosts_new, report->hosts_changed, report->hosts_gone, report->updates_new,
    report->updates_changed, report->updates_gone, report->states_changed, (gint64) report->n_bytes, report->n_requests,
  };

  stmt = kab_database_prepare (database,
                               "INSERT INTO sync_log (" COLUMNS ") "
                               "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14)", error);
  trim = stmt != NULL ? kab_database_prepare (database,
                                              "DELETE FROM sync_log WHERE id <= (SELECT max (id) FROM sync_log) - ?1",
                                              error)
                      : NULL;
  if (trim == NULL)
    return FALSE;

  kab_statement_bind_int64 (stmt, 1, report->started_at);
  kab_statement_bind_int64 (stmt, 2, report->finished_at);
  kab_statement_bind_text (stmt, 3, level);
  kab_statement_bind_text (stmt, 4, message);
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    kab_statement_bind_int64 (stmt, 5 + (int) i, numbers[i]);
  kab_statement_bind_int64 (trim, 1, MAX_LINES);

  return kab_database_run (database, stmt, error) && kab_database_run (database, trim, error);
}

gboolean
kab_store_log_failure (KabStore             *self,
                       const KabSyncReport  *report,
                       const char           *message,
                       GError              **error)
{
  g_autoptr(KabDatabase) database = NULL;

  g_return_val_if_fail (KAB_IS_STORE (self), FALSE);
  g_return_val_if_fail (report != NULL, FALSE);
  g_return_val_if_fail (message != NULL, FALSE);

  database = kab_store_connect (self, error);
  if (database == NULL || !kab_database_begin (database, error) ||
      !kab_store_add_log (database, report, message, error))
    return FALSE;

  kab_fault_point ("log-before-commit");
  if (!kab_database_commit (database, error))
    return FALSE;
  kab_fault_point ("log-after-commit");
  return TRUE;
}

static KabSyncLogEntry *
entry_from_row (KabStatement *row)
{
  KabSyncLogEntry *entry = g_object_new (KAB_TYPE_SYNC_LOG_ENTRY, NULL);
  guint *numbers[] = {
    &entry->hosts_new, &entry->hosts_changed, &entry->hosts_gone, &entry->updates_new, &entry->updates_changed,
    &entry->updates_gone, &entry->states_changed,
  };

  entry->started_at = kab_statement_get_int64 (row, 0);
  entry->finished_at = kab_statement_get_int64 (row, 1);
  entry->level = g_strdup (kab_statement_get_text (row, 2));
  entry->error = g_strdup (kab_statement_get_text (row, 3));
  entry->automatic = kab_statement_get_int64 (row, 4) != 0;
  for (guint i = 0; i < G_N_ELEMENTS (numbers); i++)
    *numbers[i] = (guint) kab_statement_get_int64 (row, 5 + (int) i);
  entry->n_bytes = (guint64) kab_statement_get_int64 (row, 12);
  entry->n_requests = (guint) kab_statement_get_int64 (row, 13);
  return entry;
}

GPtrArray *
kab_store_read_sync_log (KabStore  *self,
                         guint      limit,
                         GError   **error)
{
  g_autoptr(GPtrArray) entries = NULL;
  KabStoreReader *reader;
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (KAB_IS_STORE (self), NULL);

  reader = kab_store_borrow (self, error);
  if (reader == NULL)
    return NULL;

  entries = g_ptr_array_new_with_free_func (g_object_unref);
  stmt = kab_database_prepare (reader->database, "SELECT " COLUMNS " FROM sync_log ORDER BY id DESC LIMIT ?1",
                               &local_error);
  if (stmt != NULL)
    {
      kab_statement_bind_int64 (stmt, 1, limit > 0 ? (gint64) limit : -1);
      while (kab_statement_step (stmt, &local_error))
        g_ptr_array_add (entries, entry_from_row (stmt));
    }
  g_clear_pointer (&stmt, kab_statement_free);
  return kab_store_end_read (reader, &local_error, error) ? g_steal_pointer (&entries) : NULL;
}
