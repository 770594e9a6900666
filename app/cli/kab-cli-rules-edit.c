/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "kab-cli-output.h"
#include "kab-cli-rules.h"
#include "kab-error.h"

#define MAX_TRIES 20       /* at the editor, until what it writes can be read */

static gboolean
put (KabCli            *cli,
     KabRulesDocument  *document,
     KabRuleList        list,
     const char        *value,
     GError           **error)
{
  kab_rules_document_put (document, list, value, cli->options.reason);
  if (kab_rules_document_find (document, list, value) != NULL)
    return TRUE;

  g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, _("“%.60s” cannot be a rule"), value);
  return FALSE;
}

/* An id or a KB, in the spelling of agents: "5063878" and "kb5063878" are "KB5063878". */
static gboolean
put_update (KabCli            *cli,
            KabRulesDocument  *document,
            const char        *word,
            gboolean           allow,
            GError           **error)
{
  const char *digits = g_ascii_strncasecmp (word, "KB", 2) == 0 ? word + 2 : word;
  g_autofree char *value = NULL;
  gsize length = strlen (digits);

  if (length > 0 && strspn (digits, "0123456789") == length)
    {
      value = g_strconcat ("KB", digits, NULL);
      return put (cli, document, allow ? KAB_RULE_ALLOWED_KBS : KAB_RULE_FORBIDDEN_KBS, value, error);
    }
  /* Some updates have no revision in their id. */
  kab_update_id_split (word, &length);
  if (length != 36)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE,
                   _("“%.80s” is neither a KB nor the id of an update; “kabinetctl updates list” tells both"), word);
      return FALSE;
    }
  value = g_ascii_strdown (word, -1);
  return put (cli, document, allow ? KAB_RULE_ALLOWED_UPDATES : KAB_RULE_FORBIDDEN_UPDATES, value, error);
}

static gboolean
put_updates (KabCli            *cli,
             KabRulesDocument  *document,
             char             **words,
             gboolean           allow,
             GError           **error)
{
  for (; words != NULL && *words != NULL; words++)
    {
      g_auto(GStrv) parts = g_strsplit_set (*words, ", \n\t", -1);

      for (guint i = 0; parts[i] != NULL; i++)
        if (parts[i][0] != '\0' && !put_update (cli, document, parts[i], allow, error))
          return FALSE;
    }

  return TRUE;
}

static gboolean
put_all (KabCli            *cli,
         KabRulesDocument  *document,
         char             **words,
         KabRuleList        list,
         GError           **error)
{
  for (; words != NULL && *words != NULL; words++)
    if (!put (cli, document, list, *words, error))
      return FALSE;

  return TRUE;
}

static gboolean
drop (KabRulesDocument  *document,
      const char        *value,
      GError           **error)
{
  g_autofree char *kb = g_strconcat ("KB", g_ascii_strncasecmp (value, "KB", 2) == 0 ? value + 2 : value, NULL);
  gboolean dropped = FALSE;

  for (KabRuleList list = 0; list < KAB_N_RULE_LISTS; list++)
    {
      dropped |= kab_rules_document_remove (document, list, value);
      dropped |= kab_rules_document_remove (document, list, kb);
    }
  if (dropped)
    return TRUE;

  g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, _("the rules say nothing of “%.80s”"), value);
  return FALSE;
}

gboolean
kab_cli_change_rules (KabCli            *cli,
                      KabRulesDocument  *document,
                      GError           **error)
{
  const KabCliOptions *options = &cli->options;

  for (char **value = options->drop; value != NULL && *value != NULL; value++)
    if (!drop (document, *value, error))
      return FALSE;
  if (options->maturity != NULL)
    kab_rules_document_set_maturity (document, options->maturity);
  if (options->description != NULL)
    kab_rules_document_set_description (document, options->description);

  return put_updates (cli, document, options->allow, TRUE, error) &&
         put_updates (cli, document, options->forbid, FALSE, error) &&
         put_all (cli, document, options->allow_severities, KAB_RULE_ALLOWED_SEVERITIES, error) &&
         put_all (cli, document, options->allow_classifications, KAB_RULE_ALLOWED_CLASSIFICATIONS, error) &&
         put_all (cli, document, options->allow_products, KAB_RULE_ALLOWED_PRODUCTS, error);
}

KabExit
kab_cli_rules_new (KabCli   *cli,
                   GError  **error)
{
  g_autoptr(KabRulesDocument) document = NULL;

  if (!kab_rules_document_check_name (cli->words[0], error))
    return KAB_EXIT_USAGE;

  document = cli->options.from != NULL ? kab_cli_read_rules (cli, cli->options.from, NULL, error)
                                       : kab_rules_document_new (NULL);
  if (document == NULL)
    return KAB_EXIT_FAILED;
  if (cli->options.from != NULL)
    {
      kab_rules_document_set_base (document, NULL, NULL);
      kab_rules_document_set_maturity (document, "PREPROD");
    }
  kab_rules_document_set_name (document, cli->words[0]);
  if (!kab_cli_change_rules (cli, document, error) || !kab_rules_document_check (document, error))
    return KAB_EXIT_FAILED;

  kab_cli_comment_rules (cli, document);
  return kab_cli_write_rules (cli->options.out, document, error) ? KAB_EXIT_DONE : KAB_EXIT_FAILED;
}

static gboolean
has_changes (const KabCliOptions *options)
{
  return options->allow != NULL || options->forbid != NULL || options->allow_severities != NULL ||
         options->allow_classifications != NULL || options->allow_products != NULL || options->drop != NULL ||
         options->maturity != NULL || options->description != NULL;
}

/* $VISUAL or $EDITOR, as git does it: the shell splits its words. */
static gboolean
run_editor (const char  *path,
            GError     **error)
{
  const char *editor = g_getenv ("VISUAL");
  g_autofree char *command = NULL;
  const char *arguments[] = { "/bin/sh", "-c", NULL, "kabinetctl", path, NULL };
  int status;

  if (editor == NULL || *editor == '\0')
    editor = g_getenv ("EDITOR");
  if (editor == NULL || *editor == '\0')
    editor = "vi";
  command = g_strconcat (editor, " \"$1\"", NULL);
  arguments[2] = command;

  return g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_CHILD_INHERITS_STDIN, NULL, NULL, NULL, NULL, &status,
                       error) &&
         g_spawn_check_wait_status (status, error);
}

static gboolean
ask_again (const GError *problem)
{
  char answer[16] = "";
  gssize n;

  g_printerr ("kabinetctl: %s\n", problem->message);
  /* Translators: y and n are the letters to type */
  g_printerr ("%s ", _("Edit again? [y/n]"));
  n = read (STDIN_FILENO, answer, sizeof answer - 1);

  return n > 0 && g_ascii_tolower (answer[0]) != 'n';
}

/* In a file that nobody else may read, until it can be understood. */
static KabRulesDocument *
edit_by_hand (KabRulesDocument  *document,
              GError           **error)
{
  g_autofree char *text = kab_rules_document_to_text (document);
  g_autofree char *path = NULL;
  KabRulesDocument *edited = NULL;
  gboolean again = TRUE;
  int fd = g_file_open_tmp ("kabinet-XXXXXX.rules", &path, error);

  if (fd < 0)
    return NULL;
  close (fd);

  again = g_file_set_contents (path, text, -1, error);
  for (guint i = 0; again && i < MAX_TRIES; i++)
    {
      g_autoptr(GError) problem = NULL;
      g_autofree char *contents = NULL;
      gsize length;

      if (!run_editor (path, error) || !g_file_get_contents (path, &contents, &length, error))
        break;
      edited = kab_rules_document_new_from_text (contents, (gssize) length, &problem);
      if (edited != NULL)
        break;
      again = i + 1 < MAX_TRIES && ask_again (problem);
      if (!again)
        g_propagate_error (error, g_steal_pointer (&problem));
    }
  g_unlink (path);

  return edited;
}

KabExit
kab_cli_rules_edit (KabCli   *cli,
                    GError  **error)
{
  const char *word = cli->words[0];
  gboolean is_file;
  g_autoptr(KabRulesDocument) document = kab_cli_read_rules (cli, word, &is_file, error);
  const char *out = cli->options.out != NULL || !is_file ? cli->options.out : word;

  if (document == NULL)
    return KAB_EXIT_FAILED;

  if (has_changes (&cli->options))
    {
      if (!kab_cli_change_rules (cli, document, error))
        return KAB_EXIT_FAILED;
    }
  else if (isatty (STDIN_FILENO) && isatty (STDERR_FILENO))
    {
      KabRulesDocument *edited;

      kab_cli_comment_rules (cli, document);
      edited = edit_by_hand (document, error);
      if (edited == NULL)
        return KAB_EXIT_FAILED;
      g_object_unref (document);
      document = edited;
    }
  else
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE,
                           _("there is nothing to change: give --allow, --forbid, --remove …, or use a terminal for the editor"));
      return KAB_EXIT_USAGE;
    }
  if (!kab_rules_document_check (document, error))
    return KAB_EXIT_FAILED;

  kab_cli_comment_rules (cli, document);
  return kab_cli_write_rules (out, document, error) ? KAB_EXIT_DONE : KAB_EXIT_FAILED;
}
