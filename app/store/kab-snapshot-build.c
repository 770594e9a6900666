/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-snapshot-build.h"

#include "kab-error.h"

#define SEPARATOR '\x1f'

const char *
kab_snapshot_keep_text (KabSnapshot *self,
                        const char  *text)
{
  return text != NULL && *text != '\0' ? g_string_chunk_insert (self->arena, text) : "";
}

const char *
kab_snapshot_intern_text (KabSnapshot *self,
                          const char  *text)
{
  return text != NULL && *text != '\0' ? g_string_chunk_insert_const (self->arena, text) : "";
}

char *
kab_snapshot_join (const char *list,
                   const char *prefix)
{
  GString *joined = g_string_new (NULL);

  while (list != NULL && *list != '\0')
    {
      const char *end = strchr (list, SEPARATOR);
      gsize length = end != NULL ? (gsize) (end - list) : strlen (list);

      if (length > 0)
        {
          if (joined->len > 0)
            g_string_append (joined, ", ");
          if (g_ascii_strncasecmp (list, prefix, strlen (prefix)) != 0)
            g_string_append (joined, prefix);
          g_string_append_len (joined, list, (gssize) length);
        }
      list += length + (end != NULL ? 1 : 0);
    }

  return g_string_free (joined, FALSE);
}

static gboolean
read_synced_at (KabSnapshot  *self,
                KabDatabase  *database,
                GError      **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  stmt = kab_database_prepare (database, "SELECT CAST (value AS INTEGER) FROM meta WHERE key = 'synced_at'", error);
  if (stmt == NULL)
    return FALSE;
  if (kab_statement_step (stmt, &local_error))
    self->synced_at = kab_statement_get_int64 (stmt, 0);
  return kab_error_is_none (&local_error, error);
}

/* Here, in a thread, and not when it is first asked for: that is in the interface's. */
static void
fill_tables (KabSnapshot *self)
{
  for (guint i = 0; i < self->n_updates; i++)
    g_hash_table_insert (self->update_ids, (gpointer) self->updates[i].update_id, GUINT_TO_POINTER (i + 1));
  for (guint i = 0; i < self->n_hosts; i++)
    g_hash_table_insert (self->host_uuids, (gpointer) self->hosts[i].uuid, GUINT_TO_POINTER (i + 1));
}

KabSnapshot *
kab_snapshot_build (KabDatabase      *database,
                    const KabLimits  *limits,
                    GCancellable     *cancellable,
                    GError          **error)
{
  g_autoptr(KabSnapshot) self = g_object_new (KAB_TYPE_SNAPSHOT, NULL);

  self->path = g_strdup (kab_database_get_path (database));
  self->limits = *limits;

  if (!kab_database_begin_read (database, error) ||
      !read_synced_at (self, database, error) ||
      !kab_snapshot_add_updates (self, database, error) ||
      !kab_snapshot_add_hosts (self, database, cancellable, error) ||
      !kab_database_commit (database, error))
    return NULL;

  fill_tables (self);
  return g_steal_pointer (&self);
}
