/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "kab-depot-private.h"
#include "kab-error.h"
#include "kab-fault.h"

static char *
make_folder (const char  *parent,
             const char  *name,
             GError     **error)
{
  char *path = name != NULL ? g_build_filename (parent, "repository", name, NULL) : g_strdup (parent);

  if (g_mkdir_with_parents (path, 0700) != 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: %s", path, g_strerror (errno));
      g_clear_pointer (&path, g_free);
    }
  return path;
}

static gboolean
make_folders (KabDepot    *self,
              const char  *folder,
              GError     **error)
{
  self->folder = make_folder (folder, NULL, error);
  self->packages_folder = self->folder != NULL ? make_folder (folder, "wapt", error) : NULL;
  self->hosts_folder = self->packages_folder != NULL ? make_folder (folder, "wapt-host", error) : NULL;
  self->updates_folder = self->hosts_folder != NULL ? make_folder (folder, "waptwua", error) : NULL;
  return self->updates_folder != NULL;
}

/* What a new depot has from its first moment on. */
static gboolean
set_first_facts (KabDepot  *self,
                 GError   **error)
{
  static const char * const names[] = { "server_uuid", "epoch" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *known = kab_depot_dup_value (self, names[i]);
      g_autofree char *fresh = g_uuid_string_random ();

      if (known == NULL && !kab_depot_set_value (self, names[i], fresh, error))
        return FALSE;
    }
  return TRUE;
}

KabDepot *
kab_depot_open (const char  *folder,
                GError     **error)
{
  g_autoptr(KabDepot) self = g_new0 (KabDepot, 1);
  g_autofree char *offset = NULL;

  g_return_val_if_fail (folder != NULL, NULL);

  if (!make_folders (self, folder, error))
    return NULL;
  self->database_path = g_build_filename (folder, "depot.sqlite", NULL);
  self->database = kab_database_open (self->database_path, KAB_DATABASE_READ_WRITE, error);
  if (self->database == NULL ||
      !kab_migration_run (self->database, kab_depot_schema, kab_depot_n_schema, error) ||
      !set_first_facts (self, error))
    return NULL;

  offset = kab_depot_dup_value (self, "clock_offset");
  self->clock_offset_usec = offset != NULL ? g_ascii_strtoll (offset, NULL, 10) * G_USEC_PER_SEC : 0;
  return g_steal_pointer (&self);
}

void
kab_depot_close (KabDepot *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < N_STATEMENTS; i++)
    g_clear_pointer (&self->statements[i], kab_statement_free);
  if (self->database != NULL)
    kab_database_rollback (self->database);
  g_clear_pointer (&self->database, kab_database_close);
  g_free (self->folder);
  g_free (self->database_path);
  g_free (self->packages_folder);
  g_free (self->hosts_folder);
  g_free (self->updates_folder);
  g_free (self);
}

const char *
kab_depot_get_folder (KabDepot *self)
{
  return self->folder;
}

const char *
kab_depot_get_packages_folder (KabDepot *self)
{
  return self->packages_folder;
}

const char *
kab_depot_get_hosts_folder (KabDepot *self)
{
  return self->hosts_folder;
}

const char *
kab_depot_get_updates_folder (KabDepot *self)
{
  return self->updates_folder;
}

KabStatement *
kab_depot_statement (KabDepot    *self,
                     guint        number,
                     const char  *sql,
                     GError     **error)
{
  g_assert (number < N_STATEMENTS);

  if (self->statements[number] == NULL)
    self->statements[number] = kab_database_prepare (self->database, sql, error);
  return self->statements[number];
}

gint64
kab_depot_read_int (KabDatabase *database,
                    const char  *sql,
                    gint64       parameter)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabStatement) stmt = kab_database_prepare (database, sql, &error);
  gint64 number = 0;

  if (stmt != NULL)
    {
      if (strstr (sql, "?1") != NULL)
        kab_statement_bind_int64 (stmt, 1, parameter);
      if (kab_statement_step (stmt, &error))
        number = kab_statement_get_int64 (stmt, 0);
    }
  if (error != NULL)
    g_message ("depot: %s", error->message);
  return number;
}

static char *
read_value (KabDatabase *database,
            const char  *name)
{
  g_autoptr(KabStatement) stmt = kab_database_prepare (database, "SELECT value FROM facts WHERE name = ?1", NULL);

  if (stmt == NULL)
    return NULL;
  kab_statement_bind_text (stmt, 1, name);
  return kab_statement_step (stmt, NULL) ? g_strdup (kab_statement_get_text (stmt, 0)) : NULL;
}

gint64
kab_depot_get_counter (KabDatabase *database)
{
  g_autofree char *text = read_value (database, "counter");

  return text != NULL ? g_ascii_strtoll (text, NULL, 10) : 0;
}

gboolean
kab_depot_begin (KabDepot  *self,
                 GError   **error)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->depth == 0)
    {
      if (!kab_database_begin (self->database, error))
        return FALSE;
      self->counter = kab_depot_get_counter (self->database) + 1;
      self->is_changed = FALSE;
    }
  self->depth++;
  return TRUE;
}

static gboolean
write_fact (KabDepot    *self,
            const char  *name,
            const char  *value,
            GError     **error)
{
  g_autoptr(KabStatement) stmt = NULL;

  stmt = kab_database_prepare (self->database,
                               "INSERT INTO facts VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2", error);
  if (stmt == NULL)
    return FALSE;
  kab_statement_bind_text (stmt, 1, name);
  kab_statement_bind_text (stmt, 2, value);
  return kab_database_run (self->database, stmt, error);
}

gboolean
kab_depot_commit (KabDepot  *self,
                  GError   **error)
{
  gboolean done = TRUE;

  g_return_val_if_fail (self != NULL && self->depth > 0, FALSE);

  if (self->depth > 1)
    {
      self->depth--;
      return TRUE;
    }

  if (self->is_changed)
    {
      g_autofree char *counter = g_strdup_printf ("%" G_GINT64_FORMAT, self->counter);

      done = write_fact (self, "counter", counter, error);
    }
  if (!done)
    {
      kab_depot_rollback (self);
      return FALSE;
    }
  self->depth = 0;
  kab_fault_point ("depot-before-commit");
  done = kab_database_commit (self->database, error);
  kab_fault_point ("depot-after-commit");
  return done;
}

void
kab_depot_rollback (KabDepot *self)
{
  g_return_if_fail (self != NULL);

  self->depth = 0;
  kab_database_rollback (self->database);
}

char *
kab_depot_dup_value (KabDepot   *self,
                     const char *name)
{
  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  return read_value (self->database, name);
}

gboolean
kab_depot_set_value (KabDepot    *self,
                     const char  *name,
                     const char  *value,
                     GError     **error)
{
  g_return_val_if_fail (self != NULL && name != NULL && value != NULL, FALSE);

  if (!kab_depot_begin (self, error))
    return FALSE;
  if (!write_fact (self, name, value, error))
    {
      kab_depot_rollback (self);
      return FALSE;
    }
  return kab_depot_commit (self, error);
}

gint64
kab_depot_get_now_usec (KabDepot *self)
{
  return g_get_real_time () + self->clock_offset_usec;
}

gint64
kab_depot_get_now (KabDepot *self)
{
  return kab_depot_get_now_usec (self) / G_USEC_PER_SEC;
}

gint64
kab_depot_count_hosts (KabDepot *self)
{
  return kab_depot_read_int (self->database, "SELECT count (*) FROM hosts", 0);
}

gint64
kab_depot_count_updates (KabDepot *self)
{
  return kab_depot_read_int (self->database, "SELECT count (*) FROM updates", 0);
}

static gboolean
is_plain_name (const char *name)
{
  return name[0] != '\0' && name[0] != '.' && strchr (name, '/') == NULL && strlen (name) < 256;
}

gboolean
kab_depot_put_file (KabDepot    *self,
                    const char  *name,
                    gint64       size,
                    GError     **error)
{
  g_autofree char *path = NULL;
  gboolean done;
  int number;
  int fd;

  g_return_val_if_fail (self != NULL && name != NULL && size >= 0, FALSE);

  if (!is_plain_name (name))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "%s: not a plain file name", name);
      return FALSE;
    }
  path = g_build_filename (self->updates_folder, name, NULL);
  fd = g_open (path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  done = fd >= 0 && ftruncate (fd, size) == 0;
  number = errno;
  if (fd >= 0)
    close (fd);
  if (!done)
    g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: %s", path, g_strerror (number));
  return done;
}

gboolean
kab_depot_put_package (KabDepot    *self,
                       const char  *name,
                       GBytes      *bytes,
                       GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *path = NULL;

  g_return_val_if_fail (self != NULL && name != NULL && bytes != NULL, FALSE);

  if (!is_plain_name (name) || !g_str_has_suffix (name, ".wapt"))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "%s: not the name of a package", name);
      return FALSE;
    }
  path = g_build_filename (self->packages_folder, name, NULL);
  if (!g_file_set_contents_full (path, g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes),
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &local_error))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s", local_error->message);
      return FALSE;
    }
  return TRUE;
}
