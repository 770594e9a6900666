/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-database"

#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <glib.h>

#include "kab-fault.h"

static char *program;

/* Runs ourselves with a fault; the child visits "here" twice. Returns: its wait status */
static int
run_child (const char  *fault,
           char       **output)
{
  g_auto(GStrv) environment = g_environ_setenv (g_get_environ (), "KABINET_FAULT", fault, TRUE);
  char *argv[] = { program, (char *) "--child", NULL };
  g_autoptr(GError) error = NULL;
  g_autofree char *out = NULL;
  int status = 0;

  g_spawn_sync (NULL, argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &out, output, &status, &error);
  g_assert_no_error (error);
  return status;
}

static void
test_dies_where_asked (void)
{
  static const struct {
    const char *fault;
    gboolean    dies;
  } cases[] = {
    { "here", TRUE },
    { "here:1", TRUE },
    { "here:2", TRUE },
    { "here:3", FALSE },
    { "here:nonsense", TRUE },
    { "elsewhere", FALSE },
    { "", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *output = NULL;
      int status = run_child (cases[i].fault, &output);

      g_assert_cmpint (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL, ==, cases[i].dies);
      g_assert_cmpint (WIFEXITED (status) && WEXITSTATUS (status) == 0, ==, !cases[i].dies);
    }
}

static void
test_lists_its_places (void)
{
  g_autofree char *output = NULL;
  int status = run_child ("list", &output);

  g_assert_true (WIFEXITED (status));
  g_assert_cmpstr (output, ==, "fault point here\nfault point here\n");
}

int
main (int    argc,
      char **argv)
{
  if (argc > 1 && strcmp (argv[1], "--child") == 0)
    {
      kab_fault_point ("here");
      kab_fault_point ("here");
      return 0;
    }

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/fault/dies-where-asked", test_dies_where_asked);
  g_test_add_func ("/fault/lists-its-places", test_lists_its_places);
  return g_test_run ();
}
