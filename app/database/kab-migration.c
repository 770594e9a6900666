/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-database"

#include "config.h"

#include "kab-database.h"
#include "kab-error.h"
#include "kab-migration.h"

int
kab_migration_get_version (KabDatabase  *database,
                           GError      **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;
  gint64 version = 0;

  g_return_val_if_fail (database != NULL, -1);

  stmt = kab_database_prepare (database, "PRAGMA user_version", error);
  if (stmt == NULL)
    return -1;

  if (kab_statement_step (stmt, &local_error))
    version = kab_statement_get_int64 (stmt, 0);
  if (!kab_error_is_none (&local_error, error))
    return -1;

  if (version < 0 || version > G_MAXINT)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: version %" G_GINT64_FORMAT " of the schema",
                   kab_database_get_path (database), version);
      return -1;
    }
  return (int) version;
}

/* One step and its count. Another process may have taken it while we waited for the lock. */
static gboolean
take_step (KabDatabase         *database,
           const char * const  *steps,
           guint                index,
           GError             **error)
{
  g_autofree char *count_sql = g_strdup_printf ("PRAGMA user_version = %u", index + 1);
  int version;

  if (!kab_database_begin (database, error))
    return FALSE;

  version = kab_migration_get_version (database, error);
  if (version < 0)
    {
      kab_database_rollback (database);
      return FALSE;
    }
  if ((guint) version > index)
    {
      kab_database_rollback (database);
      return TRUE;
    }

  if (!kab_database_execute (database, steps[index], error) ||
      !kab_database_execute (database, count_sql, error))
    {
      kab_database_rollback (database);
      return FALSE;
    }
  return kab_database_commit (database, error);
}

gboolean
kab_migration_run (KabDatabase         *database,
                   const char * const  *steps,
                   guint                n_steps,
                   GError             **error)
{
  int version;

  g_return_val_if_fail (database != NULL, FALSE);
  g_return_val_if_fail (steps != NULL || n_steps == 0, FALSE);

  version = kab_migration_get_version (database, error);
  if (version < 0)
    return FALSE;

  if ((guint) version > n_steps)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_UNSUPPORTED, "%s: version %d of the schema, this program knows %u",
                   kab_database_get_path (database), version, n_steps);
      return FALSE;
    }

  for (guint i = (guint) version; i < n_steps; i++)
    if (!take_step (database, steps, i, error))
      return FALSE;

  return TRUE;
}
