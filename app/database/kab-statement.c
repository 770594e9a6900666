/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-database"

#include "config.h"

#include <string.h>

#include "kab-database-private.h"
#include "kab-error.h"

struct _KabStatement
{
  KabDatabase  *database;     /* borrowed: our connection */
  sqlite3_stmt *handle;
  int           bind_code;    /* first failure to bind since the last run */
};

static void
note_bind (KabStatement *stmt,
           int           code)
{
  if (code != SQLITE_OK && stmt->bind_code == SQLITE_OK)
    stmt->bind_code = code;
}

KabStatement *
kab_database_prepare (KabDatabase  *self,
                      const char   *sql,
                      GError      **error)
{
  KabStatement *stmt;
  sqlite3_stmt *handle = NULL;
  int code;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (sql != NULL, NULL);

  code = sqlite3_prepare_v3 (self->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &handle, NULL);
  if (code != SQLITE_OK)
    {
      kab_database_set_error (self, code, sql, error);
      return NULL;
    }
  if (handle == NULL)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "%s: an empty statement", self->path);
      return NULL;
    }

  stmt = g_new0 (KabStatement, 1);
  stmt->database = self;
  stmt->handle = handle;
  return stmt;
}

void
kab_statement_free (KabStatement *stmt)
{
  if (stmt == NULL)
    return;

  sqlite3_finalize (stmt->handle);
  g_free (stmt);
}

void
kab_statement_bind_text (KabStatement *stmt,
                         int           index,
                         const char   *value)
{
  g_return_if_fail (stmt != NULL);

  if (value == NULL)
    note_bind (stmt, sqlite3_bind_null (stmt->handle, index));
  else
    note_bind (stmt, sqlite3_bind_text64 (stmt->handle, index, value, strlen (value), SQLITE_TRANSIENT, SQLITE_UTF8));
}

void
kab_statement_bind_static (KabStatement *stmt,
                           int           index,
                           const char   *value,
                           gssize        length)
{
  g_return_if_fail (stmt != NULL);

  if (value == NULL)
    note_bind (stmt, sqlite3_bind_null (stmt->handle, index));
  else
    note_bind (stmt, sqlite3_bind_text64 (stmt->handle, index, value,
                                          length < 0 ? strlen (value) : (gsize) length, SQLITE_STATIC, SQLITE_UTF8));
}

void
kab_statement_bind_int64 (KabStatement *stmt,
                          int           index,
                          gint64        value)
{
  g_return_if_fail (stmt != NULL);

  note_bind (stmt, sqlite3_bind_int64 (stmt->handle, index, value));
}

void
kab_statement_bind_blob (KabStatement  *stmt,
                         int            index,
                         gconstpointer  data,
                         gsize          size)
{
  g_return_if_fail (stmt != NULL);

  if (data == NULL && size > 0)
    note_bind (stmt, SQLITE_MISUSE);
  else if (size == 0)
    note_bind (stmt, sqlite3_bind_zeroblob (stmt->handle, index, 0));    /* a NULL pointer would bind null */
  else
    note_bind (stmt, sqlite3_bind_blob64 (stmt->handle, index, data, size, SQLITE_STATIC));
}

void
kab_statement_bind_null (KabStatement *stmt,
                         int           index)
{
  g_return_if_fail (stmt != NULL);

  note_bind (stmt, sqlite3_bind_null (stmt->handle, index));
}

gboolean
kab_statement_step (KabStatement  *stmt,
                    GError       **error)
{
  int code;

  g_return_val_if_fail (stmt != NULL, FALSE);

  code = stmt->bind_code != SQLITE_OK ? stmt->bind_code : sqlite3_step (stmt->handle);
  if (code == SQLITE_ROW)
    return TRUE;

  if (code != SQLITE_DONE)
    kab_database_set_error (stmt->database, code, sqlite3_sql (stmt->handle), error);

  kab_statement_reset (stmt);
  return FALSE;
}

gboolean
kab_database_run (KabDatabase   *self,
                  KabStatement  *stmt,
                  GError       **error)
{
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (stmt != NULL && stmt->database == self, FALSE);

  while (kab_statement_step (stmt, &local_error))
    ;
  sqlite3_clear_bindings (stmt->handle);

  return kab_error_is_none (&local_error, error);
}

void
kab_statement_reset (KabStatement *stmt)
{
  g_return_if_fail (stmt != NULL);

  /* The result repeats what step() told already. */
  sqlite3_reset (stmt->handle);
  stmt->bind_code = SQLITE_OK;
}

const char *
kab_statement_get_text (KabStatement *stmt,
                        int           column)
{
  g_return_val_if_fail (stmt != NULL, NULL);

  return (const char *) sqlite3_column_text (stmt->handle, column);
}

gint64
kab_statement_get_int64 (KabStatement *stmt,
                         int           column)
{
  g_return_val_if_fail (stmt != NULL, 0);

  return sqlite3_column_int64 (stmt->handle, column);
}

gconstpointer
kab_statement_get_blob (KabStatement *stmt,
                        int           column,
                        gsize        *size)
{
  gconstpointer data;

  g_return_val_if_fail (stmt != NULL, NULL);

  /* In this order: the size is that of the last conversion. */
  data = sqlite3_column_blob (stmt->handle, column);
  if (size != NULL)
    *size = (gsize) sqlite3_column_bytes (stmt->handle, column);
  return data;
}

gboolean
kab_statement_is_null (KabStatement *stmt,
                       int           column)
{
  g_return_val_if_fail (stmt != NULL, TRUE);

  return sqlite3_column_type (stmt->handle, column) == SQLITE_NULL;
}
