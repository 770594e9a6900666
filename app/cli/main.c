/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <signal.h>
#include <unistd.h>

#include "kab-cli-output.h"
#include "kab-error.h"
#include "kab-locale.h"

/* While a verb only reads, there is nothing to end politely. A job puts its own handler in place. */
static void
interrupted_cb (int number)
{
  _exit (KAB_EXIT_CANCELLED);
}

static void
set_up_signals (void)
{
  struct sigaction action = { .sa_handler = interrupted_cb };

  sigaction (SIGINT, &action, NULL);
  signal (SIGPIPE, SIG_DFL);    /* `kabinetctl … | head` ends quietly */
}

/* Whichever verb met the damage, and wherever in it: it is repaired, and told once. */
static void
tell_repair (const KabCli *cli)
{
  g_autofree char *repair = cli->mirror != NULL ? kab_mirror_dup_repair (cli->mirror) : NULL;
  g_auto(GStrv) lines = repair != NULL ? g_strsplit (repair, "\n", -1) : NULL;

  for (guint i = 0; lines != NULL && lines[i] != NULL; i++)
    g_printerr ("kabinetctl: %s\n", lines[i]);
}

static KabExit
run (KabCli  *cli,
     int      argc,
     char   **argv)
{
  g_autoptr(GError) error = NULL;
  const KabCliVerb *verb = NULL;
  g_autofree char *text = NULL;
  KabExit code;

  if (!kab_cli_parse (cli, argc, argv, &verb, &error))
    {
      kab_cli_print_error (cli, error);
      return kab_cli_exit_of (error);
    }
  if (cli->options.version || cli->options.help)
    {
      text = cli->options.version ? g_strdup ("kabinetctl " KAB_VERSION "\n") : kab_cli_get_help (verb);
      kab_cli_print (text);
      return KAB_EXIT_DONE;
    }
  if (cli->options.verbose)
    g_setenv ("G_MESSAGES_DEBUG", "kab-cli kab-jobs kab-client kab-http kab-store kab-database", FALSE);

  code = kab_cli_check_files (cli, verb, &error) ? verb->run (cli, &error) : KAB_EXIT_USAGE;
  tell_repair (cli);
  if (error == NULL)
    return code;

  kab_cli_print_error (cli, error);
  return kab_cli_exit_of (error);
}

int
main (int    argc,
      char **argv)
{
  KabCli cli = { 0 };
  KabExit code;

  kab_locale_begin ();
  g_set_prgname ("kabinetctl");
  g_log_writer_default_set_use_stderr (TRUE);
  set_up_signals ();

  code = run (&cli, argc, argv);
  kab_cli_clear (&cli);

  return code;
}
