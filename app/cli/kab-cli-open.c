/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <string.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "kab-cli.h"
#include "kab-error.h"
#include "kab-secrets.h"
#include "kab-store.h"

#define MAX_SECRET 4096   /* bytes of a password or passphrase */

gint64
kab_cli_get_now (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
replace (char       **place,
         const char  *text)
{
  if (text == NULL)
    return;

  g_free (*place);
  *place = g_strdup (text);
}

static const KabProfile *
find_profile (GPtrArray  *profiles,
              const char *name)
{
  for (guint i = 0; name != NULL && i < profiles->len; i++)
    {
      const KabProfile *profile = profiles->pdata[i];

      if (g_str_equal (profile->name, name))
        return profile;
    }

  return NULL;
}

/* A profile that was set up, or one for the address alone. */
static KabProfile *
choose_profile (KabCli   *cli,
                GError  **error)
{
  const KabCliOptions *options = &cli->options;
  g_autoptr(GPtrArray) profiles = NULL;
  const KabProfile *found;
  const char *active;
  KabProfile *made;

  /* Before anything is opened: a file of the mirror bears the address in its name, and there may be a password in it. */
  if (options->server != NULL && !kab_sign_in_check_address (options->server, error))
    {
      g_prefix_error (error, "--server: ");
      return NULL;
    }
  if (options->server != NULL && options->profile == NULL)
    {
      made = kab_profile_new (options->server);
      replace (&made->url, options->server);
      return made;
    }

  profiles = kab_profiles_load (&active, error);
  if (profiles == NULL)
    return NULL;

  found = find_profile (profiles, options->profile != NULL ? options->profile : active);
  if (found != NULL)
    return kab_profile_copy (found);
  if (options->profile != NULL)
    g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("no server “%s” is set up"), options->profile);
  else if (options->store != NULL || (options->out != NULL && options->key != NULL))
    return kab_profile_new ("");
  else
    g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE,
                         _("no server is set up; give --profile NAME, or --server URL with --user USER"));

  return NULL;
}

gboolean
kab_cli_open_profile (KabCli   *cli,
                      GError  **error)
{
  const KabCliOptions *options = &cli->options;

  if (cli->profile != NULL)
    return TRUE;

  cli->profile = choose_profile (cli, error);
  if (cli->profile == NULL)
    return FALSE;

  replace (&cli->profile->url, options->server);
  replace (&cli->profile->user, options->user);
  replace (&cli->profile->ca_file, options->ca);
  replace (&cli->profile->signing_key, options->key);
  replace (&cli->profile->signing_certificate, options->certificate);
  if (options->open_level)
    cli->profile->open_level_only = TRUE;

  return TRUE;
}

gboolean
kab_cli_open_mirror (KabCli   *cli,
                     GError  **error)
{
  g_autofree char *own = NULL;

  if (cli->mirror != NULL)
    return TRUE;
  if (!kab_cli_open_profile (cli, error))
    return FALSE;

  own = kab_profile_dup_store_path (cli->profile);
  cli->mirror = kab_mirror_new (cli->options.store != NULL ? cli->options.store : own);

  return TRUE;
}

static void
set_no_sync_error (KabCli  *cli,
                   GError **error)
{
  g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, _("%s: there was no sync yet; run “kabinetctl sync” first"),
               kab_mirror_get_path (cli->mirror));
}

KabStore *
kab_cli_open_store (KabCli   *cli,
                    GError  **error)
{
  KabLimits limits;
  KabStore *store;

  if (!kab_cli_open_mirror (cli, error))
    return NULL;
  /* Who only looks leaves no empty files behind. */
  if (!g_file_test (kab_mirror_get_path (cli->mirror), G_FILE_TEST_EXISTS))
    {
      set_no_sync_error (cli, error);
      return NULL;
    }
  store = kab_mirror_open (cli->mirror, error);
  if (store == NULL || cli->snapshot != NULL)
    return store;

  limits.now = kab_cli_get_now ();
  limits.silent_days = cli->profile->silent_days;
  limits.stale_scan_days = cli->profile->stale_scan_days;
  cli->snapshot = kab_store_read_snapshot (store, &limits, NULL, error);
  if (cli->snapshot == NULL)
    return NULL;
  if (kab_snapshot_get_synced_at (cli->snapshot) != 0)
    return store;

  set_no_sync_error (cli, error);
  return NULL;
}

static gboolean
check_file (const char  *path,
            GError     **error)
{
  if (path == NULL || *path == '\0' || g_str_equal (path, "-") || access (path, R_OK) == 0)
    return TRUE;

  g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "%s: %s", path, g_strerror (errno));
  return FALSE;
}

gboolean
kab_cli_check_files (const KabCli      *cli,
                     const KabCliVerb  *verb,
                     GError           **error)
{
  const KabCliOptions *options = &cli->options;
  const char * const paths[] = {
    options->password_file, options->ca, options->key, options->certificate, options->passphrase_file,
    options->new_passphrase_file,
  };
  char **lists[] = {
    options->trust, options->revoked, (verb->groups & KAB_CLI_NAMES_FILES) != 0 ? cli->words : NULL,
  };

  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      if (!check_file (paths[i], error))
        return FALSE;
    }
  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (guint j = 0; lists[i] != NULL && lists[i][j] != NULL; j++)
      {
        if (!check_file (lists[i][j], error))
          return FALSE;
      }

  return TRUE;
}

KabHostDetail *
kab_cli_read_host (KabCli      *cli,
                   const char  *word,
                   GError     **error)
{
  KabStore *store = kab_cli_open_store (cli, error);

  return store != NULL ? kab_host_detail_read (store, word, kab_snapshot_get_limits (cli->snapshot), NULL, error) : NULL;
}

/* At most MAX_SECRET bytes up to the end of the line, and not one more: password and passphrase may come one behind the
 * other from the same place. */
static char *
read_first_line (int      fd,
                 GError **error)
{
  char buffer[MAX_SECRET + 1] = { 0 };
  gsize used = 0;
  char *secret;
  gssize n;

  while (used < MAX_SECRET && (used == 0 || buffer[used - 1] != '\n'))
    {
      n = read (fd, buffer + used, 1);
      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        break;
      used += (gsize) n;
    }
  if (used == MAX_SECRET)
    {
      explicit_bzero (buffer, sizeof buffer);
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, _("the first line is too long for a password"));
      return NULL;
    }

  buffer[strcspn (buffer, "\r\n")] = '\0';
  secret = kab_secret_dup (buffer);
  explicit_bzero (buffer, sizeof buffer);

  return secret;
}

char *
kab_cli_read_secret (const char  *path,
                     GError     **error)
{
  struct stat status;
  char *secret;
  int fd;

  if (g_str_equal (path, "-"))
    return read_first_line (STDIN_FILENO, error);

  fd = open (path, O_RDONLY | O_CLOEXEC);
  if (fd < 0 || fstat (fd, &status) != 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "%s: %s", path, g_strerror (errno));
      if (fd >= 0)
        close (fd);
      return NULL;
    }
  if (S_ISREG (status.st_mode) && (status.st_mode & (S_IRWXG | S_IRWXO)) != 0)
    g_printerr (_("kabinetctl: warning: others may read %s; “chmod 600” keeps it to you\n"), path);

  secret = read_first_line (fd, error);
  close (fd);

  return secret;
}

/* Asks on the terminal, without showing what is typed. */
static char *
ask_secret (const char  *question,
            GError     **error)
{
  struct termios shown;
  struct termios hidden;
  char *secret;

  if (!isatty (STDIN_FILENO) || !isatty (STDERR_FILENO) || tcgetattr (STDIN_FILENO, &shown) != 0)
    return NULL;

  hidden = shown;
  hidden.c_lflag &= ~(tcflag_t) ECHO;
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &hidden);
  g_printerr ("%s ", question);
  secret = read_first_line (STDIN_FILENO, error);
  g_printerr ("\n");
  tcsetattr (STDIN_FILENO, TCSAFLUSH, &shown);

  return secret;
}

char *
kab_cli_get_secret (const char  *path,
                    const char  *question,
                    GError     **error)
{
  return path != NULL ? kab_cli_read_secret (path, error) : ask_secret (question, error);
}

/* From the file that was named, from the keyring, or from whoever sits there. */
static char *
find_password (KabCli   *cli,
               GError  **error)
{
  g_autofree char *question = NULL;
  char *password;

  if (cli->options.password_file != NULL)
    return kab_cli_read_secret (cli->options.password_file, error);

  password = kab_secrets_lookup (KAB_SECRET_PASSWORD, cli->profile, NULL, NULL);
  if (password != NULL)
    return password;

  /* Translators: %1$s is a user, %2$s the address of a server */
  question = g_strdup_printf (_("Password of %1$s at %2$s:"), cli->profile->user, cli->profile->url);

  return ask_secret (question, error);
}

gboolean
kab_cli_open_sign_in (KabCli   *cli,
                      GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  char *passphrase;
  char *password;

  if (cli->sign_in != NULL)
    return TRUE;
  if (!kab_cli_open_profile (cli, error))
    return FALSE;
  if (cli->profile->url == NULL || cli->profile->url[0] == '\0')
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE,
                           _("no server is named; give --profile NAME, or --server URL with --user USER"));
      return FALSE;
    }

  password = find_password (cli, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  cli->sign_in = kab_sign_in_new (cli->profile, password);
  kab_secret_free (password);

  if (cli->options.passphrase_file == NULL)
    return TRUE;
  passphrase = kab_cli_read_secret (cli->options.passphrase_file, error);
  if (passphrase == NULL)
    return FALSE;
  kab_secrets_store (KAB_SECRET_SIGNING_PASSPHRASE, cli->profile, passphrase, FALSE, NULL, NULL);
  kab_secret_free (passphrase);

  return TRUE;
}
