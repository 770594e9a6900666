/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include "kab-error.h"
#include "kab-ledger-private.h"
#include "kab-store-file.h"
#include "kab-store-schema.h"

/* A ledger of years is some hundred megabytes; what a look of this length does not find, a read will. */
#define CHECK_MS 30

/* Reads each table's first row: what has no table is no ledger. */
static gboolean
look_at_file (KabDatabase  *database,
              GError      **error)
{
  return kab_database_is_intact_within (database, CHECK_MS, error) &&
         kab_database_execute (database,
                               "SELECT * FROM hosts LIMIT 1; SELECT * FROM updates LIMIT 1; SELECT * FROM spans LIMIT 1;"
                               "SELECT * FROM changes LIMIT 1; SELECT * FROM copies LIMIT 1;"
                               "SELECT * FROM days LIMIT 1; SELECT * FROM mirrors LIMIT 1; SELECT * FROM approvals LIMIT 1;"
                               "SELECT * FROM journal LIMIT 1; SELECT * FROM steps LIMIT 1; SELECT * FROM kept LIMIT 1;"
                               "SELECT * FROM drafts LIMIT 1;", error);
}

static KabDatabase *
open_file (const char  *path,
           gboolean     is_sound,
           GError     **error)
{
  g_autoptr(KabDatabase) database = kab_database_open (path, KAB_DATABASE_FULL_SYNC, error);
  const char * const *steps;
  guint n_steps;

  if (database == NULL)
    return NULL;

  steps = kab_store_schema_get_ledger_steps (&n_steps);
  if (!kab_migration_run (database, steps, n_steps, error) || (!is_sound && !look_at_file (database, error)))
    return NULL;

  kab_ledger_layout_keep (path, database, n_steps);
  return g_steal_pointer (&database);
}

/* The damaged file is set aside first and read from there, so that no step of this can harm it. */
static KabDatabase *
repair_file (const char  *path,
             const char  *reason,
             char       **repair,
             GError     **error)
{
  g_autoptr(KabDatabase) database = NULL;
  g_autofree char *aside = NULL;
  guint64 n_rows;
  int lock = kab_store_file_lock (path);

  /* Another process may have done it while we waited. */
  database = open_file (path, FALSE, NULL);
  if (database == NULL)
    {
      aside = kab_store_file_set_aside (path, error);
      database = aside != NULL ? open_file (path, FALSE, error) : NULL;
      if (database != NULL)
        {
          n_rows = kab_ledger_salvage (database, aside);
          g_info ("%s was damaged (%s): set aside as %s, %" G_GUINT64_FORMAT " rows saved", path, reason, aside, n_rows);
          if (repair != NULL)
            *repair = g_strdup_printf ("The history of this server was damaged. It was set aside as %s; "
                                       "%" G_GUINT64_FORMAT " entries of it were saved.", aside, n_rows);
        }
    }

  kab_store_file_unlock (lock);
  return g_steal_pointer (&database);
}

KabLedger *
kab_ledger_open (const char  *path,
                 gboolean     is_sound,
                 char       **repair,
                 GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  KabDatabase *database;
  KabLedger *self;

  g_return_val_if_fail (path != NULL, NULL);

  if (repair != NULL)
    *repair = NULL;

  database = open_file (path, is_sound, &local_error);
  if (database == NULL && g_error_matches (local_error, KAB_ERROR, KAB_ERROR_BAD_DATA))
    {
      g_autofree char *reason = g_strdup (local_error->message);

      g_clear_error (&local_error);
      database = repair_file (path, reason, repair, &local_error);
    }
  if (database == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }

  self = g_new0 (KabLedger, 1);
  self->database = database;
  return self;
}

void
kab_ledger_close (KabLedger *self)
{
  if (self == NULL)
    return;

  if (self->store != NULL && kab_database_has_met_damage (self->database))
    kab_store_doubt_ledger (self->store);
  kab_database_close (self->database);
  g_clear_object (&self->store);
  g_free (self);
}
