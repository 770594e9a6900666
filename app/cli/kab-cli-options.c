/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-cli.h"
#include "kab-error.h"

#define MAX_OPTIONS 96

/* One option and the verbs that take it: all of them when @groups is 0. */
typedef struct {
  KabCliGroups groups;
  GOptionEntry entry;
} Option;

/* Fills @options, whose values go into @into. Returns how many. */
static guint
list_options (KabCliOptions *into,
              Option        *options)
{
  const Option all[] = {
    { 0, { "profile", 'p', 0, G_OPTION_ARG_STRING, &into->profile,
           N_("A server that is set up in Kabinet; without it the active one"), N_("NAME") } },
    { 0, { "server", 's', 0, G_OPTION_ARG_STRING, &into->server,
           N_("Address of the server, when it is not set up"), N_("URL") } },
    { 0, { "store", 0, 0, G_OPTION_ARG_FILENAME, &into->store,
           N_("File of the mirror, when it is not the server's own"), N_("FILE") } },
    { 0, { "format", 'f', 0, G_OPTION_ARG_STRING, &into->format,
           N_("How to print: table, json or csv"), N_("FORMAT") } },
    { 0, { "quiet", 'q', 0, G_OPTION_ARG_NONE, &into->quiet,
           N_("No progress"), NULL } },
    { 0, { "verbose", 'v', 0, G_OPTION_ARG_NONE, &into->verbose,
           N_("Say what is being done, and details of errors"), NULL } },
    { 0, { "help", 'h', 0, G_OPTION_ARG_NONE, &into->help,
           N_("Show help"), NULL } },
    { 0, { "version", 0, 0, G_OPTION_ARG_NONE, &into->version,
           N_("Show the version"), NULL } },
    { 0, { "user", 'u', 0, G_OPTION_ARG_STRING, &into->user,
           N_("User of the server"), N_("USER") } },
    { 0, { "password-file", 0, 0, G_OPTION_ARG_FILENAME, &into->password_file,
           N_("File with the password; “-” is standard input"), N_("FILE") } },
    { 0, { "ca", 0, 0, G_OPTION_ARG_FILENAME, &into->ca,
           N_("Certificates (PEM) that the server's certificate must lead to"), N_("FILE") } },
    { KAB_CLI_TAKES_SYNC, { "open-level", 0, 0, G_OPTION_ARG_NONE, &into->open_level,
                            N_("Use only the routes that every WAPT server has"), NULL } },
    { KAB_CLI_TAKES_SYNC, { "accept-server", 0, 0, G_OPTION_ARG_NONE, &into->accept_server,
                            N_("The server has another identity now, and that is right"), NULL } },
    { KAB_CLI_TAKES_LIST, { "sort", 0, 0, G_OPTION_ARG_STRING, &into->sort,
                            N_("Column to sort by"), N_("COLUMN") } },
    { KAB_CLI_TAKES_LIST, { "descending", 0, 0, G_OPTION_ARG_NONE, &into->descending,
                            N_("Largest first"), NULL } },
    { KAB_CLI_TAKES_LIST, { "limit", 'n', 0, G_OPTION_ARG_INT, &into->limit,
                            N_("No more than this many rows"), N_("N") } },
    { KAB_CLI_TAKES_SIGNING, { "key", 0, 0, G_OPTION_ARG_FILENAME, &into->key,
                               N_("Key (PEM) to sign with"), N_("FILE") } },
    { KAB_CLI_TAKES_SIGNING | KAB_CLI_TAKES_IMPORT | KAB_CLI_TAKES_ASSUMED, {
        "certificate", 0, 0, G_OPTION_ARG_FILENAME, &into->certificate,
                               N_("Certificate (PEM) of that key, which the hosts trust"), N_("FILE") } },
    { KAB_CLI_TAKES_SIGNING | KAB_CLI_TAKES_NEW_KEY | KAB_CLI_TAKES_IMPORT, {
        "passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &into->passphrase_file,
                               N_("File with the passphrase of the key; “-” is standard input"), N_("FILE") } },
    { KAB_CLI_TAKES_TRIGGER, { "update", 0, 0, G_OPTION_ARG_STRING_ARRAY, &into->updates,
                               N_("Only this update; may be given several times"), N_("ID") } },
    { KAB_CLI_TAKES_TRIGGER, { "patience", 0, 0, G_OPTION_ARG_INT, &into->patience,
                               N_("Give up on a host that says nothing for so long"), N_("SECONDS") } },
    { KAB_CLI_TAKES_OUT, { "out", 'o', 0, G_OPTION_ARG_FILENAME, &into->out,
                           N_("Write it into this file, and change nothing on the server"), N_("FILE") } },
    { KAB_CLI_TAKES_REASON, { "reason", 0, 0, G_OPTION_ARG_STRING, &into->reason,
                              N_("Why: it is kept in the approval log, or with the rules"), N_("TEXT") } },
    { KAB_CLI_TAKES_RULES, { "allow", 0, 0, G_OPTION_ARG_STRING_ARRAY, &into->allow,
                             N_("Allow these updates: ids or KBs"), N_("ID,…") } },
    { KAB_CLI_TAKES_RULES, { "forbid", 0, 0, G_OPTION_ARG_STRING_ARRAY, &into->forbid,
                             N_("Forbid these updates: ids or KBs"), N_("ID,…") } },
    { KAB_CLI_TAKES_RULES, { "allow-severity", 0, 0, G_OPTION_ARG_STRING_ARRAY, &into->allow_severities,
                             N_("Allow all updates of this severity"), N_("SEVERITY") } },
    { KAB_CLI_TAKES_RULES, { "allow-classification", 0, 0, G_OPTION_ARG_STRING_ARRAY, &into->allow_classifications,
                             N_("Allow all updates of this classification"), N_("CLASSIFICATION") } },
    { KAB_CLI_TAKES_RULES, { "allow-product", 0, 0, G_OPTION_ARG_STRING_ARRAY, &into->allow_products,
                             N_("Allow all updates of this product"), N_("PRODUCT") } },
    { KAB_CLI_TAKES_DROP, { "remove", 0, 0, G_OPTION_ARG_STRING_ARRAY, &into->drop,
                            N_("Say nothing any more of this update, severity, classification or product"), N_("VALUE") } },
    { KAB_CLI_TAKES_RULES | KAB_CLI_TAKES_CHANGES | KAB_CLI_TAKES_MATURITY, {
        "maturity", 0, 0, G_OPTION_ARG_STRING, &into->maturity,
                             N_("DEV, PREPROD or PROD: hosts that accept it take the package"), N_("MATURITY") } },
    { KAB_CLI_TAKES_RULES, { "description", 0, 0, G_OPTION_ARG_STRING, &into->description,
                             N_("What the package is for"), N_("TEXT") } },
    { KAB_CLI_TAKES_FROM, { "from", 0, 0, G_OPTION_ARG_STRING, &into->from,
                            N_("Begin with the rules of this file or package"), N_("RULES") } },
    { KAB_CLI_TAKES_TARGETS, { "host", 0, 0, G_OPTION_ARG_STRING_ARRAY, &into->hosts,
                               N_("A host, by its UUID or name; may be given several times"), N_("HOST") } },
    { KAB_CLI_TAKES_TARGETS, { "unit", 0, 0, G_OPTION_ARG_STRING_ARRAY, &into->units,
                               N_("An organisational unit, by its distinguished name"), N_("DN") } },
    { KAB_CLI_TAKES_TARGETS, { "group", 0, 0, G_OPTION_ARG_STRING_ARRAY, &into->groups,
                               N_("A group, by the name of its package"), N_("NAME") } },
    { KAB_CLI_TAKES_TARGETS, { "ad-group", 0, 0, G_OPTION_ARG_STRING_ARRAY, &into->ad_groups,
                               N_("An Active Directory group of computers"), N_("NAME") } },
    { KAB_CLI_TAKES_REMOVE, { "remove", 0, 0, G_OPTION_ARG_NONE, &into->remove,
                              N_("Take the package away from them"), NULL } },
    { KAB_CLI_TAKES_ASSUMED, { "pairs", 0, 0, G_OPTION_ARG_NONE, &into->pairs,
                               N_("List each host and update that changes"), NULL } },
    { KAB_CLI_TAKES_ASSUMED, { "default-allow", 0, 0, G_OPTION_ARG_STRING, &into->default_allow,
                               N_("What to take for default_allow of agents that do not tell it"), N_("yes|no") } },
    { KAB_CLI_TAKES_ASSUMED, { "delay", 0, 0, G_OPTION_ARG_STRING, &into->delay,
                               N_("What to take for install_delay of agents that do not tell it: 7d, 12h"), N_("TIME") } },
    { KAB_CLI_TAKES_ASSUMED, { "new-delay", 0, 0, G_OPTION_ARG_STRING, &into->new_delay,
                               N_("What if every agent waited that long with new updates: 7d, 0"), N_("TIME") } },
    { KAB_CLI_TAKES_GATE, { "gate-bound", 0, 0, G_OPTION_ARG_STRING, &into->gate_bound,
                            N_("Least success rate that the hosts must show at 95 %: 0.8 or 80%"), N_("SHARE") } },
    { KAB_CLI_TAKES_GATE, { "gate-reported", 0, 0, G_OPTION_ARG_STRING, &into->gate_reported,
                            N_("Least share of the targeted hosts that must have reported"), N_("SHARE") } },
    { KAB_CLI_TAKES_GATE, { "gate-days", 0, 0, G_OPTION_ARG_STRING, &into->gate_days,
                            N_("Least time that the package must have been tried"), N_("DAYS") } },
    { KAB_CLI_TAKES_LINT, { "strict", 0, 0, G_OPTION_ARG_NONE, &into->strict,
                            N_("Fail for warnings too"), NULL } },
    { KAB_CLI_TAKES_LINT, { "fix", 0, 0, G_OPTION_ARG_NONE, &into->fix,
                            N_("Put right in the file what can be put right"), NULL } },
    { KAB_CLI_TAKES_TRUST, { "trust", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &into->trust,
                             N_("Certificates (PEM) that an agent trusts, or a folder of them; may be given several times"),
                             N_("CERT") } },
    { KAB_CLI_TAKES_TRUST, { "revoked", 0, 0, G_OPTION_ARG_FILENAME_ARRAY, &into->revoked,
                             N_("A revocation list that an agent knows; may be given several times"), N_("FILE") } },
    { KAB_CLI_TAKES_TRUST, { "at", 0, 0, G_OPTION_ARG_STRING, &into->at,
                             N_("Judge at another time, for example 2026-11-21T07:30"), N_("TIME") } },
    { KAB_CLI_TAKES_CHANGES, { "set", 0, 0, G_OPTION_ARG_STRING_ARRAY, &into->set,
                               N_("Another attribute; may be given several times"), N_("NAME=VALUE") } },
    { KAB_CLI_TAKES_CHANGES, { "next-version", 0, 0, G_OPTION_ARG_NONE, &into->next_version,
                               N_("The version after the one it has"), NULL } },
    { KAB_CLI_TAKES_CHANGES, { "keep-date", 0, 0, G_OPTION_ARG_NONE, &into->keep_date,
                               N_("Keep the date of the old signature"), NULL } },
    { KAB_CLI_TAKES_CHANGES, { "out", 'o', 0, G_OPTION_ARG_FILENAME, &into->out,
                               N_("Write it into this file, and leave the other as it is"), N_("FILE") } },
    { KAB_CLI_TAKES_FOLDER, { "folder", 0, 0, G_OPTION_ARG_FILENAME, &into->folder,
                              N_("Where keys and certificates are"), N_("DIR") } },
    { KAB_CLI_TAKES_IMPORT, { "new-passphrase-file", 0, 0, G_OPTION_ARG_FILENAME, &into->new_passphrase_file,
                              N_("File with the passphrase that the key gets, when it is another one"), N_("FILE") } },
    { KAB_CLI_TAKES_NEW_KEY, { "no-code", 0, 0, G_OPTION_ARG_NONE, &into->no_code,
                               N_("A certificate that may sign no programs"), NULL } },
    { KAB_CLI_TAKES_NEW_KEY, { "days", 0, 0, G_OPTION_ARG_INT, &into->days,
                               N_("How long the certificate is valid, ten years without this"), N_("N") } },
    { KAB_CLI_TAKES_NO_COPY, { "no-copy", 0, 0, G_OPTION_ARG_NONE, &into->no_copy,
                               N_("Delete also what no copy can be kept of: it cannot be brought back"), NULL } },
    { KAB_CLI_TAKES_NO_SYNC, { "no-sync", 0, 0, G_OPTION_ARG_NONE, &into->no_sync,
                               N_("Do not bring the mirror up to date afterwards"), NULL } },
  };

  G_STATIC_ASSERT (G_N_ELEMENTS (all) < MAX_OPTIONS);
  memcpy (options, all, sizeof all);

  return G_N_ELEMENTS (all);
}

/* Two verbs may have an option of one name and different meaning: that of the verb's own @groups counts. */
static gboolean
is_overshadowed (const Option *options,
                 guint         n_options,
                 guint         option,
                 KabCliGroups  groups)
{
  gboolean is_own = (options[option].groups & groups) != 0;

  for (guint i = 0; i < n_options; i++)
    {
      if (i == option || !g_str_equal (options[i].entry.long_name, options[option].entry.long_name))
        continue;
      if (!is_own && ((options[i].groups & groups) != 0 || i < option))
        return TRUE;
    }

  return FALSE;
}

static GOptionContext *
new_context (KabCliOptions *into,
             KabCliGroups   groups,
             gboolean       everything)
{
  GOptionContext *context = g_option_context_new (NULL);
  GOptionEntry entries[MAX_OPTIONS + 1] = { 0 };
  Option options[MAX_OPTIONS];
  guint n_options = list_options (into, options);
  guint n = 0;

  for (guint i = 0; i < n_options; i++)
    {
      if ((options[i].groups == 0 || (options[i].groups & groups) != 0 || everything) &&
          !is_overshadowed (options, n_options, i, groups))
        entries[n++] = options[i].entry;
    }
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_set_translation_domain (context, GETTEXT_PACKAGE);
  g_option_context_add_main_entries (context, entries, GETTEXT_PACKAGE);

  return context;
}

/* How many words of @words are the verb's name; 0 when it is another one. */
static guint
match_verb (const KabCliVerb  *verb,
            char             **words)
{
  g_auto(GStrv) parts = g_strsplit (verb->name, " ", -1);
  guint n = 0;

  for (; parts[n] != NULL; n++)
    {
      if (words[n] == NULL || !g_str_equal (words[n], parts[n]))
        return 0;
    }

  return n;
}

static const KabCliVerb *
find_verb (char  **words,
           guint  *n_used)
{
  guint n_verbs;
  const KabCliVerb *verbs = kab_cli_get_verbs (&n_verbs);

  for (guint i = 0; i < n_verbs; i++)
    {
      *n_used = match_verb (&verbs[i], words);
      if (*n_used > 0)
        return &verbs[i];
    }

  return NULL;
}

/* What can stand behind the first word of @words: "list, show"; NULL when no verb begins so. */
static char *
list_second_words (char **words)
{
  g_autofree char *first = g_strconcat (words[0], " ", NULL);
  g_autoptr(GString) list = g_string_new (NULL);
  guint n_verbs;
  const KabCliVerb *verbs = kab_cli_get_verbs (&n_verbs);

  for (guint i = 0; i < n_verbs; i++)
    {
      if (g_str_has_prefix (verbs[i].name, first))
        g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", verbs[i].name + strlen (first));
    }

  return list->len > 0 ? g_string_free (g_steal_pointer (&list), FALSE) : NULL;
}

static void
set_no_verb_error (char   **words,
                   GError **error)
{
  g_autofree char *seconds = words[0] != NULL ? list_second_words (words) : NULL;

  if (words[0] == NULL)
    g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, _("no command is given"));
  else if (seconds == NULL)
    g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("“%s” is no command"), words[0]);
  else if (words[1] == NULL)
    g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("“%s” needs: %s"), words[0], seconds);
  else
    /* Translators: %1$s %2$s is what was typed, "updates lst", and %3$s is "list, show" */
    g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("“%1$s %2$s” is no command; behind “%1$s” come %3$s"), words[0],
                 words[1], seconds);
}

/* The groups of the verb whose name stands among @arguments: options around it do not matter yet. */
static KabCliGroups
guess_groups (int    argc,
              char **argv)
{
  guint n_verbs;
  const KabCliVerb *verbs = kab_cli_get_verbs (&n_verbs);

  for (int i = 1; i < argc; i++)
    for (guint j = 0; j < n_verbs; j++)
      if (match_verb (&verbs[j], argv + i) > 0)
        return verbs[j].groups;

  return 0;
}

/* Options that make no sense for a verb are an error, not ignored: who typed them meant something. */
static gboolean
check_options (const KabCliVerb  *verb,
               char             **arguments,
               GError           **error)
{
  KabCliOptions unused = { 0 };
  g_autoptr(GOptionContext) context = new_context (&unused, verb->groups, FALSE);
  g_auto(GStrv) copy = g_strdupv (arguments);
  g_autoptr(GError) local_error = NULL;
  KabCli scratch = { 0 };
  gboolean good = g_option_context_parse_strv (context, &copy, &local_error);

  scratch.options = unused;
  kab_cli_clear (&scratch);
  if (good)
    return TRUE;

  g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("“%s”: %s"), verb->name, local_error->message);
  return FALSE;
}

static gboolean
check_format (KabCli  *cli,
              GError **error)
{
  const char *format = cli->options.format;

  if (format == NULL || g_str_equal (format, "table"))
    cli->format = KAB_FORMAT_TABLE;
  else if (g_str_equal (format, "json"))
    cli->format = KAB_FORMAT_JSON;
  else if (g_str_equal (format, "csv"))
    cli->format = KAB_FORMAT_CSV;
  else
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("“%s” is no format; there are table, json and csv"), format);
      return FALSE;
    }

  return TRUE;
}

static gboolean
check_words (const KabCliVerb  *verb,
             char             **words,
             GError           **error)
{
  guint n = g_strv_length (words);

  if (n < verb->min_words)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("“%s” needs: %s"), verb->name, _(verb->words));
      return FALSE;
    }
  if (n > verb->max_words)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("“%s” is one word too many for “%s”"),
                   words[verb->max_words], verb->name);
      return FALSE;
    }

  return TRUE;
}

/* GOption leaves a "--" in place when options could follow it. */
static char **
dup_words (char  **arguments,
           guint   n_skipped)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  gboolean seen = FALSE;

  for (char **word = arguments + 1 + n_skipped; *word != NULL; word++)
    {
      if (!seen && g_str_equal (*word, "--"))
        seen = TRUE;
      else
        g_strv_builder_add (builder, *word);
    }

  return g_strv_builder_end (builder);
}

gboolean
kab_cli_parse (KabCli            *cli,
               int                argc,
               char             **argv,
               const KabCliVerb **verb,
               GError           **error)
{
  g_autoptr(GOptionContext) context = new_context (&cli->options, guess_groups (argc, argv), TRUE);
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GError) local_error = NULL;
  g_auto(GStrv) rest = NULL;
  g_auto(GStrv) original = NULL;
  guint n_used = 0;

  for (int i = 0; i < argc; i++)
    g_strv_builder_add (builder, argv[i]);
  rest = g_strv_builder_end (builder);
  original = g_strdupv (rest);

  *verb = NULL;
  if (!g_option_context_parse_strv (context, &rest, &local_error))
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, local_error->message);
      return FALSE;
    }
  if (cli->options.version)
    return TRUE;

  if (rest[0] != NULL && rest[1] != NULL)
    *verb = find_verb (rest + 1, &n_used);
  if (cli->options.help)
    return TRUE;
  if (*verb == NULL)
    {
      set_no_verb_error (rest[0] != NULL ? rest + 1 : rest, error);
      return FALSE;
    }

  cli->words = dup_words (rest, n_used);

  return check_options (*verb, original, error) &&
         check_format (cli, error) &&
         check_words (*verb, cli->words, error);
}

static char *
program_help (void)
{
  g_autoptr(GString) text = g_string_new (NULL);
  guint n_verbs;
  const KabCliVerb *verbs = kab_cli_get_verbs (&n_verbs);

  g_string_append_printf (text, "%s\n  kabinetctl [%s] %s\n\n%s\n", _("Usage:"), _("OPTION…"), _("COMMAND"),
                          _("Commands:"));
  for (guint i = 0; i < n_verbs; i++)
    {
      g_autofree char *form = g_strconcat (verbs[i].name, verbs[i].words[0] != '\0' ? " " : "",
                                           verbs[i].words[0] != '\0' ? _(verbs[i].words) : "", NULL);

      if (g_utf8_strlen (form, -1) <= 26)
        g_string_append_printf (text, "  %s%*s%s\n", form, (int) (28 - g_utf8_strlen (form, -1)), "",
                                _(verbs[i].summary));
      else
        g_string_append_printf (text, "  %s\n%*s%s\n", form, 30, "", _(verbs[i].summary));
    }
  g_string_append_printf (text, "\n%s\n", _("“kabinetctl COMMAND --help” tells its options; “man kabinetctl” tells everything."));

  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
kab_cli_get_help (const KabCliVerb *verb)
{
  KabCliOptions unused = { 0 };
  g_autoptr(GOptionContext) context = NULL;
  g_autofree char *options = NULL;
  const char *begin;

  if (verb == NULL)
    return program_help ();

  context = new_context (&unused, verb->groups, FALSE);
  options = g_option_context_get_help (context, TRUE, NULL);
  /* GLib's first paragraph knows neither the verb nor its words. */
  begin = strstr (options, "\n\n");

  return g_strdup_printf ("%s\n  kabinetctl %s [%s] %s\n\n%s\n%s", _("Usage:"), verb->name, _("OPTION…"),
                          verb->words[0] != '\0' ? _(verb->words) : "", _(verb->summary),
                          begin != NULL ? begin + 1 : options);
}

void
kab_cli_clear (KabCli *cli)
{
  KabCliOptions *options = &cli->options;

  g_free (options->profile);
  g_free (options->server);
  g_free (options->user);
  g_free (options->password_file);
  g_free (options->ca);
  g_free (options->store);
  g_free (options->format);
  g_free (options->key);
  g_free (options->certificate);
  g_free (options->passphrase_file);
  g_free (options->sort);
  g_free (options->at);
  g_free (options->folder);
  g_free (options->new_passphrase_file);
  g_strfreev (options->trust);
  g_strfreev (options->revoked);
  g_strfreev (options->set);
  g_free (options->out);
  g_free (options->reason);
  g_free (options->maturity);
  g_free (options->description);
  g_free (options->from);
  g_free (options->default_allow);
  g_free (options->delay);
  g_free (options->new_delay);
  g_free (options->gate_bound);
  g_free (options->gate_reported);
  g_free (options->gate_days);
  g_strfreev (options->updates);
  g_strfreev (options->allow);
  g_strfreev (options->forbid);
  g_strfreev (options->allow_severities);
  g_strfreev (options->allow_classifications);
  g_strfreev (options->allow_products);
  g_strfreev (options->drop);
  g_strfreev (options->hosts);
  g_strfreev (options->units);
  g_strfreev (options->groups);
  g_strfreev (options->ad_groups);
  memset (options, 0, sizeof *options);

  g_clear_pointer (&cli->words, g_strfreev);
  g_clear_object (&cli->rules);
  g_clear_object (&cli->snapshot);
  g_clear_object (&cli->mirror);
  g_clear_object (&cli->sign_in);
  g_clear_pointer (&cli->profile, kab_profile_free);
}
