/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include "kab-depot-private.h"
#include "kab-error.h"

/* A host that was read: the struct, and where its texts live. */
typedef struct {
  KabDepotHost    host;      /* first: this is what callers hold */
  GStringChunk   *texts;
  KabStateRecord *records;
} Loaded;

static const char *
keep (Loaded     *self,
      const char *text)
{
  return text != NULL ? g_string_chunk_insert (self->texts, text) : NULL;
}

static char *
make_get_sql (void)
{
  GString *sql = g_string_new ("SELECT s.records, s.history, h.installed_packages, h.installed_softwares");

  for (guint i = 0; i < kab_depot_n_columns; i++)
    {
      const KabDepotColumn *column = &kab_depot_columns[i];

      if (column->kind == KAB_DEPOT_NULL || column->kind == KAB_DEPOT_SERVER)
        g_string_append (sql, ", NULL");
      else
        g_string_append_printf (sql, ", h.%s", column->name);
    }
  g_string_append (sql, " FROM hosts h LEFT JOIN host_states s ON s.host = h.id WHERE h.uuid = ?1");
  return g_string_free (sql, FALSE);
}

static void
load (Loaded       *self,
      KabStatement *stmt)
{
  KabDepotHost *host = &self->host;
  gconstpointer records;
  gsize size = 0;

  records = kab_statement_get_blob (stmt, 0, &size);
  host->n_records = (guint) (size / sizeof *host->records);
  if (host->n_records > 0)
    host->records = self->records = g_memdup2 (records, host->n_records * sizeof *host->records);
  host->history_json = keep (self, kab_statement_get_text (stmt, 1));
  host->installed_packages_json = keep (self, kab_statement_get_text (stmt, 2));
  host->installed_softwares_json = keep (self, kab_statement_get_text (stmt, 3));
  for (guint i = 0; i < kab_depot_n_columns; i++)
    {
      const KabDepotColumn *column = &kab_depot_columns[i];

      if (column->kind == KAB_DEPOT_NULL || column->kind == KAB_DEPOT_SERVER)
        continue;
      if (column->kind == KAB_DEPOT_TIME)
        G_STRUCT_MEMBER (gint64, host, column->offset) = kab_statement_get_int64 (stmt, 4 + (int) i);
      else
        G_STRUCT_MEMBER (const char *, host, column->offset) = keep (self, kab_statement_get_text (stmt, 4 + (int) i));
    }
}

KabDepotHost *
kab_depot_get_host (KabDepot    *self,
                    const char  *uuid,
                    GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(KabStatement) stmt = NULL;
  g_autofree char *sql = make_get_sql ();
  Loaded *loaded;

  g_return_val_if_fail (self != NULL && uuid != NULL, NULL);

  stmt = kab_database_prepare (self->database, sql, error);
  if (stmt == NULL)
    return NULL;
  kab_statement_bind_text (stmt, 1, uuid);
  if (!kab_statement_step (stmt, &local_error))
    {
      if (kab_error_is_none (&local_error, error))
        g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "there is no host %s", uuid);
      return NULL;
    }

  loaded = g_new0 (Loaded, 1);
  loaded->texts = g_string_chunk_new (4096);
  load (loaded, stmt);
  return &loaded->host;
}

void
kab_depot_host_free (KabDepotHost *host)
{
  Loaded *self = (Loaded *) host;

  if (host == NULL)
    return;
  g_string_chunk_free (self->texts);
  g_free (self->records);
  g_free (self);
}
