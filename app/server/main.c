/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <errno.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <gio/gio.h>
#include <glib-unix.h>

#include "kab-certificate.h"
#include "kab-error.h"
#include "kab-server-agents.h"
#include "kab-server-private.h"
#include "kab-server-secrets.h"
#include "kab-server-seed.h"
#include "kab-wire.h"

#define EXIT_USAGE      2
#define DEFAULT_HOSTS   400
#define DEFAULT_UPDATES 150
#define DEFAULT_SEED    1
#define MAX_HOSTS       1000000
#define MAX_UPDATES     100000
#define MIN_SPEED       1e-6
#define MAX_SPEED       1e6
#define NO_CHANGE       G_MININT
#define FACT_AGENTS     "agents"      /* did they run when the folder was last served? "yes", "no" */

/* What the command line says; NO_CHANGE and NULL where it says nothing. */
typedef struct {
  char     *folder;
  int       n_hosts;
  int       n_updates;
  gint64    seed;
  char     *listen;
  gboolean  tls;
  double    speed;
  gboolean  no_agents;
  char    **trust;
  char     *now;
  gboolean  viewer;
  gboolean  publisher;
  gboolean  until_eof;
  int       change;
  gboolean  version;
} Options;

static void
options_clear (Options *self)
{
  g_free (self->folder);
  g_free (self->listen);
  g_strfreev (self->trust);
  g_free (self->now);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Options, options_clear)

static gboolean
parse_options (int       *argc,
               char    ***argv,
               Options   *options,
               GError   **error)
{
  const GOptionEntry entries[] = {
    { "data", 0, 0, G_OPTION_ARG_FILENAME, &options->folder, "Folder that holds everything", "DIR" },
    { "hosts", 0, 0, G_OPTION_ARG_INT, &options->n_hosts, "Hosts of a new fleet (400)", "N" },
    { "updates", 0, 0, G_OPTION_ARG_INT, &options->n_updates, "Updates of a new fleet (150)", "M" },
    { "seed", 0, 0, G_OPTION_ARG_INT64, &options->seed, "The same number makes the same fleet (1)", "S" },
    { "listen", 0, 0, G_OPTION_ARG_STRING, &options->listen, "Where to listen (127.0.0.1:0)", "ADDRESS:PORT" },
    { "tls", 0, 0, G_OPTION_ARG_NONE, &options->tls, "Speak https, with a CA of its own", NULL },
    { "speed", 0, 0, G_OPTION_ARG_DOUBLE, &options->speed, "How fast the agents' time passes (1)", "X" },
    { "no-agents", 0, 0, G_OPTION_ARG_NONE, &options->no_agents, "No host is connected", NULL },
    { "trust", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &options->trust, "Trust this signer too", "CERT" },
    { "now", 0, 0, G_OPTION_ARG_STRING, &options->now, "The time in a new fleet, as 2026-11-21T07:30:00", "TIME" },
    { "viewer", 0, 0, G_OPTION_ARG_NONE, &options->viewer, "Make a second account that may only look", NULL },
    { "publisher", 0, 0, G_OPTION_ARG_NONE, &options->publisher,
      "Make an account that may look and upload, but not delete", NULL },
    { "until-eof", 0, 0, G_OPTION_ARG_NONE, &options->until_eof, "End when standard input does", NULL },
    { "change", 0, 0, G_OPTION_ARG_INT, &options->change, "Change that share of the hosts, and end", "PERCENT" },
    { "version", 0, 0, G_OPTION_ARG_NONE, &options->version, "Print the version", NULL },
    { NULL }
  };
  g_autoptr(GOptionContext) context = g_option_context_new ("- a WAPT server for practice and tests");

  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, argc, argv, error))
    return FALSE;
  if (options->version)
    return TRUE;
  if (*argc > 1 || options->folder == NULL)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE,
                           *argc > 1 ? "only options are understood; see --help" : "--data DIR is needed; see --help");
      return FALSE;
    }
  return TRUE;
}

static gboolean
check_number (const char  *option,
              double       value,
              double       least,
              double       most,
              GError     **error)
{
  if (value >= least && value <= most)
    return TRUE;

  g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "%s %g: a number from %g to %.0f is needed", option, value, least, most);
  return FALSE;
}

static gboolean
check_numbers (const Options  *options,
               GError        **error)
{
  return check_number ("--hosts", options->n_hosts, 0, MAX_HOSTS, error) &&
         check_number ("--updates", options->n_updates, 1, MAX_UPDATES, error) &&
         check_number ("--speed", options->speed, MIN_SPEED, MAX_SPEED, error) &&
         (options->change == NO_CHANGE || check_number ("--change", options->change, 0, 100, error));
}

/* "d1" → "/home/…/d1": whoever started us may stand elsewhere */
static void
make_folder_absolute (Options *options)
{
  char *folder = g_canonicalize_filename (options->folder, NULL);

  g_free (options->folder);
  options->folder = folder;
}

static gboolean
set_clock (KabDepot    *depot,
           const char  *text,
           GError     **error)
{
  g_autofree char *offset = g_strdup_printf ("%" G_GINT64_FORMAT, kab_wire_parse_time (text, -1) -
                                                                  g_get_real_time () / G_USEC_PER_SEC);

  depot->clock_offset_usec = g_ascii_strtoll (offset, NULL, 10) * G_USEC_PER_SEC;
  return kab_depot_set_value (depot, "clock_offset", offset, error);
}

/* Said before anything is made: a mistake of the command line leaves no folder behind. */
static gboolean
check_options (const Options  *options,
               GError        **error)
{
  if (options->now != NULL && kab_wire_parse_time (options->now, -1) <= 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "--now %s: not a time such as 2026-11-21T07:30:00", options->now);
      return FALSE;
    }
  for (guint i = 0; options->trust != NULL && options->trust[i] != NULL; i++)
    {
      g_autoptr(KabCertificate) certificate = kab_certificate_new_from_file (options->trust[i], error);

      if (certificate == NULL)
        {
          g_prefix_error (error, "--trust: ");
          return FALSE;
        }
    }
  return check_numbers (options, error) && kab_server_check_listen (options->listen, options->tls, error);
}

/* A folder is filled once; what is asked for later must not change what it holds. */
static gboolean
fill_depot (KabDepot          *depot,
            const Options     *options,
            KabServerSecrets  *secrets,
            GPtrArray         *trusted,
            GError           **error)
{
  KabSeedOptions seed = { (guint64) options->seed, (guint) options->n_hosts, (guint) options->n_updates, 0,
                          secrets->administrator, trusted, options->no_agents };
  g_autofree char *done = kab_depot_dup_value (depot, "seeded");

  if (done != NULL)
    return TRUE;
  if (options->now != NULL && !set_clock (depot, options->now, error))
    return FALSE;
  seed.now = kab_depot_get_now (depot);
  if (seed.n_hosts > 0 && !kab_server_seed (depot, &seed, error))
    return FALSE;
  if (!kab_depot_set_value (depot, FACT_AGENTS, options->no_agents ? "no" : "yes", error))
    return FALSE;
  return kab_depot_set_value (depot, "seeded", "1", error);
}

/* Hosts are connected exactly while their agents run. */
static gboolean
connect_hosts (KabDepot       *depot,
               const Options  *options,
               GError        **error)
{
  const char *now = options->no_agents ? "no" : "yes";
  g_autofree char *before = kab_depot_dup_value (depot, FACT_AGENTS);

  if (g_strcmp0 (before != NULL ? before : "yes", now) == 0)
    return TRUE;
  if (!kab_depot_begin (depot, error))
    return FALSE;
  if (kab_depot_connect_hosts (depot, !options->no_agents, error) && kab_depot_set_value (depot, FACT_AGENTS, now, error))
    return kab_depot_commit (depot, error);
  kab_depot_rollback (depot);
  return FALSE;
}

static void
append_member (GString    *line,
               const char *name,
               const char *value)
{
  g_string_append_printf (line, "%s\"%s\":", line->len > 1 ? "," : "", name);
  if (value != NULL)
    kab_wire_append_text (line, value);
  else
    g_string_append (line, "null");
}

/* One line, so that whoever started us can wait for it. */
static gboolean
print_ready (KabServer        *server,
             KabServerSecrets *secrets)
{
  GString *line = g_string_new ("{");
  gboolean done;

  append_member (line, "address", kab_server_get_address (server));
  append_member (line, "user", KAB_SERVER_USER);
  append_member (line, "password", secrets->password);
  append_member (line, "ca", secrets->ca_path);
  append_member (line, "key", secrets->key_path);
  append_member (line, "certificate", secrets->certificate_path);
  append_member (line, "passphrase", secrets->passphrase);
  if (secrets->viewer_password != NULL)
    {
      append_member (line, "viewer", KAB_SERVER_VIEWER);
      append_member (line, "viewer_password", secrets->viewer_password);
    }
  if (secrets->publisher_password != NULL)
    {
      append_member (line, "publisher", KAB_SERVER_PUBLISHER);
      append_member (line, "publisher_password", secrets->publisher_password);
    }
  g_string_append (line, "}\n");
  done = fwrite (line->str, 1, line->len, stdout) == line->len && fflush (stdout) == 0;
  g_string_free (line, TRUE);
  return done;
}

static gboolean
stop_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

static gboolean
stdin_cb (int           fd,
          GIOCondition  condition,
          gpointer      user_data)
{
  char buffer[256];
  gssize n_read = read (fd, buffer, sizeof buffer);

  if (n_read > 0 || (n_read < 0 && (errno == EAGAIN || errno == EINTR)))
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
serve (KabDepot       *depot,
       const Options  *options,
       GError        **error)
{
  g_autoptr(KabServerSecrets) secrets = NULL;
  g_autoptr(GPtrArray) trusted = NULL;
  g_autoptr(KabIndexReport) report = NULL;
  g_autoptr(KabServerAgents) agents = NULL;
  g_autoptr(KabServer) server = NULL;
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  KabServerOptions serving = { options->listen };

  secrets = kab_server_secrets_open (depot, options->tls ? options->listen : NULL, options->viewer, options->publisher, error);
  if (secrets == NULL)
    return FALSE;
  trusted = kab_server_load_trusted (depot, secrets, (const char * const *) options->trust, error);
  if (trusted == NULL || !fill_depot (depot, options, secrets, trusted, error) || !connect_hosts (depot, options, error))
    return FALSE;
  report = kab_server_index_rebuild (depot, error);
  if (report == NULL)
    return FALSE;

  if (!options->no_agents)
    {
      KabAgentsOptions how = { (guint64) options->seed, options->speed, trusted };

      agents = kab_server_agents_new (depot, &how);
    }
  serving.certificate = secrets->certificate;
  serving.trusted = trusted;
  serving.agents = agents;
  server = kab_server_start (depot, &serving, error);
  if (server == NULL)
    return FALSE;

  g_unix_signal_add (SIGTERM, stop_cb, loop);
  g_unix_signal_add (SIGINT, stop_cb, loop);
  if (options->until_eof)
    {
      g_unix_set_fd_nonblocking (STDIN_FILENO, TRUE, NULL);
      g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, stdin_cb, loop);
    }
  if (!print_ready (server, secrets))
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_FAILED, "nobody reads standard output");
      return FALSE;
    }
  g_main_loop_run (loop);
  return TRUE;
}

static gboolean
change (KabDepot       *depot,
        const Options  *options,
        GError        **error)
{
  guint n_changed = 0;

  if (!kab_server_seed_change (depot, (guint) options->change, (guint64) options->seed, &n_changed, error))
    return FALSE;
  printf ("{\"changed_hosts\": %u}\n", n_changed);
  return fflush (stdout) == 0;
}

/* A file for each connection and each download in flight. */
static void
raise_limits (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max)
    {
      limit.rlim_cur = MIN (limit.rlim_max, 65536);
      setrlimit (RLIMIT_NOFILE, &limit);
    }
}

int
main (int    argc,
      char **argv)
{
  g_auto(Options) options = { NULL, DEFAULT_HOSTS, DEFAULT_UPDATES, DEFAULT_SEED, NULL, FALSE, 1.0, .change = NO_CHANGE };
  g_autoptr(KabDepot) depot = NULL;
  g_autoptr(GError) error = NULL;
  gboolean done;

  setlocale (LC_CTYPE, "");
  signal (SIGPIPE, SIG_IGN);
  raise_limits ();
  if (!parse_options (&argc, &argv, &options, &error))
    {
      fprintf (stderr, "kabinet-server: %s\n", error->message);
      return EXIT_USAGE;
    }
  if (options.version)
    {
      printf ("kabinet-server %s\n", KAB_VERSION);
      return 0;
    }
  if (options.listen == NULL)
    options.listen = g_strdup ("127.0.0.1:0");

  make_folder_absolute (&options);
  if (check_options (&options, &error))
    depot = kab_depot_open (options.folder, &error);
  if (depot == NULL)
    done = FALSE;
  else
    done = options.change != NO_CHANGE ? change (depot, &options, &error) : serve (depot, &options, &error);
  if (!done)
    {
      gboolean is_usage = g_error_matches (error, KAB_ERROR, KAB_ERROR_USAGE);

      fprintf (stderr, "kabinet-server: %s\n", error->message);
      return is_usage ? EXIT_USAGE : 1;
    }
  return 0;
}
