/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-test-isolate.h"

#include <glib/gstdio.h>

static char *home;

static void
set_folder (const char *variable,
            const char *name)
{
  g_autofree char *path = g_build_filename (home, name, NULL);

  g_assert_cmpint (g_mkdir_with_parents (path, 0700), ==, 0);
  g_setenv (variable, path, TRUE);
}

void
kab_test_isolate (void)
{
  g_autoptr(GError) error = NULL;

  home = g_dir_make_tmp ("kab-home-XXXXXX", &error);
  g_assert_no_error (error);
  g_setenv ("HOME", home, TRUE);
  set_folder ("XDG_CONFIG_HOME", "config");
  set_folder ("XDG_DATA_HOME", "data");
  set_folder ("XDG_CACHE_HOME", "cache");
  set_folder ("XDG_STATE_HOME", "state");
  set_folder ("XDG_RUNTIME_DIR", "run");
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  /* For children only: LeakSanitizer of clang 14 dies in programs that end with a TLS module loaded. Leaks are looked
   * for in the tests. */
  g_setenv ("ASAN_OPTIONS", "detect_leaks=0", TRUE);
}

static void
remove_folder (const char *path)
{
  g_autoptr(GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      g_autofree char *inner = g_build_filename (path, name, NULL);

      if (g_file_test (inner, G_FILE_TEST_IS_DIR) && !g_file_test (inner, G_FILE_TEST_IS_SYMLINK))
        remove_folder (inner);
      else
        g_unlink (inner);
    }
  g_rmdir (path);
}

int
kab_test_isolate_run (void)
{
  int status = g_test_run ();

  remove_folder (home);
  g_clear_pointer (&home, g_free);

  return status;
}
