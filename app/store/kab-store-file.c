/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>
#include <glib/gstdio.h>

#include "kab-error.h"
#include "kab-store-file.h"

#define MAX_NAMES 1000

static char *
choose_name (const char *path)
{
  g_autoptr(GDateTime) now = g_date_time_new_now_utc ();
  g_autofree char *time = g_date_time_format (now, "%Y%m%dT%H%M%SZ");
  char *name = g_strdup_printf ("%s.damaged-%s", path, time);

  for (guint i = 2; i < MAX_NAMES && g_file_test (name, G_FILE_TEST_EXISTS); i++)
    {
      g_free (name);
      name = g_strdup_printf ("%s.damaged-%s-%u", path, time, i);
    }

  return name;
}

static gboolean
rename_part (const char  *path,
             const char  *name,
             const char  *suffix,
             GError     **error)
{
  g_autofree char *from = g_strconcat (path, suffix, NULL);
  g_autofree char *to = g_strconcat (name, suffix, NULL);

  if (g_rename (from, to) == 0 || errno == ENOENT)
    return TRUE;

  g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: cannot be set aside: %s", from, g_strerror (errno));
  return FALSE;
}

char *
kab_store_file_set_aside (const char  *path,
                          GError     **error)
{
  g_autofree char *name = choose_name (path);

  /* The log first: SQLite throws a log away that it finds beside an empty file. */
  if (!rename_part (path, name, "-wal", error) ||
      !rename_part (path, name, "-shm", error) ||
      !rename_part (path, name, ".layout", error) ||
      !rename_part (path, name, "", error))
    return NULL;

  return g_steal_pointer (&name);
}

gboolean
kab_store_file_make_folder (const char  *path,
                            GError     **error)
{
  g_autofree char *folder = g_path_get_dirname (path);

  if (g_mkdir_with_parents (folder, 0700) == 0)
    return TRUE;

  g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: cannot be made: %s", folder, g_strerror (errno));
  return FALSE;
}

int
kab_store_file_lock (const char *path)
{
  g_autofree char *name = g_strconcat (path, ".lock", NULL);
  int fd = open (name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

  if (fd >= 0 && flock (fd, LOCK_EX) != 0)
    g_debug ("%s: %s", name, g_strerror (errno));

  return fd;
}

void
kab_store_file_unlock (int fd)
{
  if (fd >= 0)
    close (fd);
}
