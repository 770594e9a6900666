/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-store-columns.h"
#include "kab-store-writer-private.h"

static const char * const statements[KAB_N_STORE_SQL] = {
  [KAB_SQL_FIND_HOST] = "SELECT number, fingerprint, history_hash, counted, standing, counts FROM hosts WHERE uuid = ?1",
  [KAB_SQL_UPDATE_STANDING] =
    "UPDATE hosts SET fingerprint = ?2, history_hash = ?3, counted = ?4, standing = ?5, counts = ?6 WHERE number = ?1",
  [KAB_SQL_DELETE_HOST] = "DELETE FROM hosts WHERE number = ?1",
  [KAB_SQL_READ_STATES] = "SELECT records FROM host_states WHERE host = ?1",
  [KAB_SQL_PUT_STATES] = "INSERT OR REPLACE INTO host_states VALUES (?1, ?2)",
  [KAB_SQL_DELETE_STATES] = "DELETE FROM host_states WHERE host = ?1",
  [KAB_SQL_PUT_HISTORY] = "INSERT OR REPLACE INTO host_history VALUES (?1, ?2)",
  [KAB_SQL_DELETE_HISTORY] = "DELETE FROM host_history WHERE host = ?1",
  [KAB_SQL_UPDATE_GONE] = "UPDATE updates SET gone = ?2 WHERE number = ?1",
  [KAB_SQL_READ_COUNTS] = "SELECT counts FROM updates WHERE number = ?1",
  [KAB_SQL_PUT_COUNTS] = "UPDATE updates SET counts = ?2 WHERE number = ?1",
  [KAB_SQL_POST] = "INSERT INTO outbox (at, kind, subject, detail) VALUES (0, ?1, ?2, ?3)",
  [KAB_SQL_PUT_VALUE] = "INSERT OR REPLACE INTO meta VALUES (?1, ?2)",
  [KAB_SQL_DELETE_VALUE] = "DELETE FROM meta WHERE key = ?1",
  [KAB_SQL_PUT_RULES] = "INSERT OR REPLACE INTO rules VALUES (?1, ?2, ?3, ?4)",
  [KAB_SQL_HAS_RULES] = "SELECT 1 FROM rules WHERE name_version = ?1 AND package_uuid IS ?2",
};

/* Those that name all columns of a table */
static char *
dup_long_sql (KabStoreSql which)
{
  const KabColumns *columns = which == KAB_SQL_INSERT_UPDATE || which == KAB_SQL_UPDATE_UPDATE ? &kab_update_columns
                                                                                               : &kab_host_columns;
  g_autofree char *names = kab_columns_dup_names (columns);
  g_autofree char *places = NULL;

  switch (which)
    {
    case KAB_SQL_READ_HOST:
      return g_strdup_printf ("SELECT %s FROM hosts WHERE number = ?1", names);
    case KAB_SQL_INSERT_HOST:
      places = kab_columns_dup_places (columns, 6);
      return g_strdup_printf ("INSERT INTO hosts (fingerprint, history_hash, counted, standing, counts, %s) "
                              "VALUES (?1, ?2, ?3, ?4, ?5, %s)", names, places);
    case KAB_SQL_UPDATE_HOST:
      places = kab_columns_dup_sets (columns, 7);
      return g_strdup_printf ("UPDATE hosts SET fingerprint = ?2, history_hash = ?3, counted = ?4, standing = ?5, "
                              "counts = ?6, %s WHERE number = ?1", places);
    case KAB_SQL_INSERT_UPDATE:
      places = kab_columns_dup_places (columns, 2);
      return g_strdup_printf ("INSERT INTO updates (fingerprint, %s) VALUES (?1, %s)", names, places);
    case KAB_SQL_UPDATE_UPDATE:
      places = kab_columns_dup_sets (columns, 3);
      return g_strdup_printf ("UPDATE updates SET gone = 0, fingerprint = ?2, %s WHERE number = ?1", places);
    default:
      return NULL;
    }
}

KabStatement *
kab_store_writer_sql (KabStoreWriter  *self,
                      KabStoreSql      which,
                      GError         **error)
{
  if (self->statements[which] == NULL)
    {
      g_autofree char *sql = statements[which] != NULL ? g_strdup (statements[which]) : dup_long_sql (which);

      self->statements[which] = kab_database_prepare (self->database, sql, error);
    }
  else
    {
      kab_statement_reset (self->statements[which]);
    }

  return self->statements[which];
}

gboolean
kab_store_writer_run (KabStoreWriter  *self,
                      KabStatement    *stmt,
                      GError         **error)
{
  return kab_database_run (self->database, stmt, error);
}

gboolean
kab_store_writer_is_cancelled (KabStoreWriter  *self,
                               GError         **error)
{
  return g_cancellable_set_error_if_cancelled (self->cancellable, error);
}

gboolean
kab_store_writer_post (KabStoreWriter  *self,
                       KabOutboxKind    kind,
                       const char      *subject,
                       gconstpointer    detail,
                       gsize            size,
                       GError         **error)
{
  KabStatement *stmt = kab_store_writer_sql (self, KAB_SQL_POST, error);

  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_int64 (stmt, 1, kind);
  kab_statement_bind_static (stmt, 2, subject, -1);
  kab_statement_bind_blob (stmt, 3, detail, size);
  return kab_store_writer_run (self, stmt, error);
}

KabStoreWriter *
kab_store_write_begin (KabStore      *store,
                       GCancellable  *cancellable,
                       GError       **error)
{
  g_autoptr(KabStoreWriter) self = NULL;

  g_return_val_if_fail (KAB_IS_STORE (store), NULL);

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return NULL;

  self = g_new0 (KabStoreWriter, 1);
  self->store = g_object_ref (store);
  self->deltas = g_array_new (FALSE, TRUE, sizeof (gint32) * KAB_N_STATES);
  self->host_marks = g_byte_array_new ();
  self->new_hosts = g_byte_array_new ();
  self->changes = g_array_new (FALSE, FALSE, sizeof (KabPairChange));
  g_set_object (&self->cancellable, cancellable);

  self->database = kab_store_connect (store, error);
  if (self->database == NULL)
    return NULL;

  kab_database_set_cancellable (self->database, cancellable);
  if (!kab_database_begin (self->database, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
kab_store_write_set_full (KabStoreWriter *self,
                          gboolean        updates,
                          gboolean        hosts)
{
  g_return_if_fail (self != NULL);

  self->updates_full = updates;
  self->hosts_full = hosts;
}

gboolean
kab_store_write_value (KabStoreWriter  *self,
                       const char      *key,
                       const char      *value,
                       GError         **error)
{
  KabStatement *stmt;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (key != NULL, FALSE);

  stmt = kab_store_writer_sql (self, value != NULL ? KAB_SQL_PUT_VALUE : KAB_SQL_DELETE_VALUE, error);
  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_static (stmt, 1, key, -1);
  if (value != NULL)
    kab_statement_bind_static (stmt, 2, value, -1);
  return kab_store_writer_run (self, stmt, error);
}

void
kab_store_write_abandon (KabStoreWriter *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < KAB_N_STORE_SQL; i++)
    kab_statement_free (self->statements[i]);
  kab_database_close (self->database);     /* rolls back */
  g_clear_pointer (&self->updates, g_hash_table_unref);
  g_clear_pointer (&self->updates_by_number, g_ptr_array_unref);
  g_clear_pointer (&self->deltas, g_array_unref);
  g_clear_pointer (&self->host_marks, g_byte_array_unref);
  g_clear_pointer (&self->new_hosts, g_byte_array_unref);
  g_clear_pointer (&self->changes, g_array_unref);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->store);
  g_free (self);
}
