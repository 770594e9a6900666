/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "kab-cli-output.h"
#include "kab-cli-rules.h"
#include "kab-error.h"
#include "kab-rules-diff.h"
#include "kab-rules-lookup.h"
#include "kab-rules-package.h"
#include "kab-store.h"
#include "kab-wire.h"

KabRulesContext *
kab_cli_open_rules (KabCli   *cli,
                    GError  **error)
{
  KabStore *store;

  if (cli->rules != NULL)
    return cli->rules;
  store = kab_cli_open_store (cli, error);
  if (store == NULL)
    return NULL;

  cli->rules = kab_rules_context_read (store, cli->snapshot, NULL, error);
  return cli->rules;
}

static gboolean
read_stream (int       fd,
             GString  *text,
             GError  **error)
{
  char buffer[65536];
  gssize n;

  while ((n = read (fd, buffer, sizeof buffer)) > 0)
    {
      g_string_append_len (text, buffer, n);
      if (text->len > KAB_RULES_DOCUMENT_MAX_SIZE)
        break;      /* its reader says so */
    }
  if (n >= 0)
    return TRUE;

  g_set_error_literal (error, KAB_ERROR, KAB_ERROR_STORAGE, _("standard input cannot be read"));
  return FALSE;
}

/* @document: (transfer full) (nullable): what agents read of @package, whose text @is_stale */
static KabRulesDocument *
warn_if_stale (KabRulesDocument *document,
               const char       *package,
               gboolean          is_stale)
{
  if (document != NULL && is_stale)
    g_printerr (_("kabinetctl: warning: the text in %s says something else than the rules that agents read; these are "
                  "what agents read\n"), package);

  return document;
}

static KabRulesDocument *
read_file (const char  *path,
           GError     **error)
{
  g_autoptr(GString) text = g_string_new (NULL);
  g_autoptr(GError) local_error = NULL;
  KabRulesDocument *document;
  g_autofree char *contents = NULL;
  gsize length;

  if (g_str_equal (path, "-"))
    {
      if (!read_stream (STDIN_FILENO, text, error))
        return NULL;
    }
  else
    {
      if (!g_file_get_contents (path, &contents, &length, &local_error))
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "%s", local_error->message);
          return NULL;
        }
      if (g_str_has_suffix (path, ".wapt"))
        {
          g_autoptr(GBytes) bytes = g_bytes_new (contents, length);
          gboolean is_stale = FALSE;

          document = kab_rules_package_read_bytes (bytes, &is_stale, error);
          return warn_if_stale (document, path, is_stale);
        }
      g_string_append_len (text, contents, (gssize) length);
    }

  document = kab_rules_document_new_from_text (text->str, (gssize) text->len, error);
  if (document == NULL)
    g_prefix_error (error, "%s: ", g_str_equal (path, "-") ? _("standard input") : path);
  return document;
}

/* "NAME", "NAME=VERSION", "NAME VERSION" */
KabPackage *
kab_cli_find_rule_package (KabCli      *cli,
                           const char  *word,
                           GError     **error)
{
  KabRulesContext *context = kab_cli_open_rules (cli, error);
  g_autofree char *name = g_strndup (word, strcspn (word, " ="));
  const char *version = word[strlen (name)] != '\0' ? word + strlen (name) + 1 : NULL;
  GPtrArray *packages;
  KabPackage *found = NULL;

  if (context == NULL)
    return NULL;

  packages = kab_rules_context_get_packages (context);
  for (guint i = 0; i < packages->len; i++)
    {
      KabPackage *package = packages->pdata[i];

      if (g_str_equal (kab_package_get_name (package), name) &&
          (version == NULL || g_str_equal (kab_package_get_version (package), version)) &&
          (found == NULL || kab_package_compare (package, found) > 0))
        found = package;
    }
  if (found == NULL)
    g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, _("there is neither a file nor a rule package “%s”"), word);

  return found;
}

static KabRulesDocument *
read_package (KabCli      *cli,
              const char  *word,
              GError     **error)
{
  KabPackage *package = kab_cli_find_rule_package (cli, word, error);
  g_autoptr(KabRulesDocument) document = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean is_stale = FALSE;
  KabRuleSet *rules;

  if (package == NULL)
    return NULL;

  if (cli->profile->url != NULL && cli->profile->url[0] != '\0' && kab_cli_open_sign_in (cli, &local_error))
    document = kab_rules_package_fetch (cli->sign_in, kab_package_get (package, "filename"), &is_stale, NULL,
                                        &local_error);
  if (document != NULL)
    return warn_if_stale (g_steal_pointer (&document), kab_package_get (package, "filename"), is_stale);

  rules = kab_rules_context_get_rules (cli->rules, kab_package_get_name (package), kab_package_get_version (package));
  if (rules == NULL)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, _("%s has no rules that an agent would read"), word);
      return NULL;
    }
  if (local_error != NULL)
    g_printerr (_("kabinetctl: warning: the server cannot be asked (%s); these are the rules of the last sync, without "
                  "reasons and comments\n"), local_error->message);
  return kab_rules_document_new_from_rules (rules, package);
}

gboolean
kab_cli_is_rules_file (const char *word)
{
  return g_str_equal (word, "-") || strchr (word, '/') != NULL || g_str_has_suffix (word, ".rules") ||
         g_file_test (word, G_FILE_TEST_EXISTS);
}

KabRulesDocument *
kab_cli_read_rules (KabCli      *cli,
                    const char  *word,
                    gboolean    *is_file,
                    GError     **error)
{
  gboolean file = kab_cli_is_rules_file (word);

  if (is_file != NULL)
    *is_file = file;
  return file ? read_file (word, error) : read_package (cli, word, error);
}

gboolean
kab_cli_write_rules (const char        *path,
                     KabRulesDocument  *document,
                     GError           **error)
{
  g_autofree char *text = kab_rules_document_to_text (document);
  g_autoptr(GError) local_error = NULL;

  if (path == NULL || g_str_equal (path, "-"))
    {
      kab_cli_print (text);
      return TRUE;
    }
  if (g_file_set_contents (path, text, -1, &local_error))
    return TRUE;

  g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s", local_error->message);
  return FALSE;
}

void
kab_cli_comment_rules (KabCli           *cli,
                       KabRulesDocument *document)
{
  GPtrArray *lines = kab_rules_document_get_lines (document);
  KabRulesContext *context = kab_cli_open_rules (cli, NULL);

  for (guint i = 0; context != NULL && i < lines->len; i++)
    {
      const KabRulesLine *line = lines->pdata[i];
      g_autofree char *title = NULL;

      if (line->comment[0] != '\0' ||
          (line->list != KAB_RULE_FORBIDDEN_UPDATES && line->list != KAB_RULE_ALLOWED_UPDATES))
        continue;
      title = kab_rules_value_describe (line->list, line->value, kab_rules_context_get_index (context));
      if (!g_str_equal (title, line->value))
        kab_rules_document_set_comment (document, line->list, line->value, title);
    }
}

static const KabCliColumn list_columns[] = {
  { "package", N_("Package"), KAB_CELL_TEXT },
  { "version", N_("Version"), KAB_CELL_TEXT },
  { "maturity", N_("Maturity"), KAB_CELL_TEXT },
  { "allows", N_("Allows"), KAB_CELL_NUMBER },
  { "forbids", N_("Forbids"), KAB_CELL_NUMBER },
  { "classes", N_("Classes"), KAB_CELL_NUMBER },
  { "assigned", N_("Assigned"), KAB_CELL_NUMBER },
  { "installed", N_("Installed"), KAB_CELL_NUMBER },
  { "older", N_("Other version"), KAB_CELL_NUMBER },
  { "signer", N_("Signer"), KAB_CELL_TEXT },
  { "signature", N_("Signature"), KAB_CELL_TEXT },
  { "signature_date", N_("Signed"), KAB_CELL_TIME },
  { "description", NULL, KAB_CELL_TEXT },
  { "filename", NULL, KAB_CELL_TEXT },
  { "package_uuid", NULL, KAB_CELL_TEXT },
  { "newest", NULL, KAB_CELL_BOOL },
};

/* (nullable): without a certificate of one's own nobody was trusted when the sync looked, and that says nothing about him */
static const char *
signature_label (KabCli               *cli,
                 const KabRulePackage *item)
{
  const char *own = cli->profile->signing_certificate;

  if (!item->signature_known)
    return NULL;
  if (item->signature == KAB_SIGNATURE_UNTRUSTED && (own == NULL || *own == '\0'))
    return N_("Signer not known here");

  return kab_signature_status_get_label (item->signature);
}

static void
add_list_row (KabCli         *cli,
              KabCliOutput   *output,
              KabRulePackage *item)
{
  KabPackage *package = item->package;
  const char *word = kab_package_get (package, "x-signature");

  kab_cli_output_add_text (output, kab_package_get_name (package));
  kab_cli_output_add_text (output, kab_package_get_version (package));
  kab_cli_output_add_text (output, kab_package_get_maturity (package));
  kab_cli_output_add_number (output, item->n_allowed);
  kab_cli_output_add_number (output, item->n_forbidden);
  kab_cli_output_add_number (output, item->n_classes);
  kab_cli_output_add_number (output, item->assigned->len);
  kab_cli_output_add_number (output, item->installed->len);
  kab_cli_output_add_number (output, item->older->len);
  kab_cli_output_add_text (output, kab_package_get (package, "signer"));
  kab_cli_output_add_word (output, word, signature_label (cli, item));
  kab_cli_output_add_time (output, item->signed_at);
  kab_cli_output_add_text (output, kab_package_get (package, "description"));
  kab_cli_output_add_text (output, kab_package_get (package, "filename"));
  kab_cli_output_add_text (output, kab_package_get (package, "package_uuid"));
  kab_cli_output_add_bool (output, item->is_newest);
}

KabExit
kab_cli_rules_list (KabCli   *cli,
                    GError  **error)
{
  g_autoptr(KabCliOutput) output = NULL;
  g_autoptr(GPtrArray) items = NULL;
  KabStore *store = kab_cli_open_store (cli, error);

  if (store != NULL)
    items = kab_rule_packages_read (store, cli->snapshot, NULL, error);
  if (items == NULL)
    return KAB_EXIT_FAILED;

  output = kab_cli_output_new (cli->format, list_columns, G_N_ELEMENTS (list_columns));
  for (guint i = 0; i < items->len; i++)
    {
      KabRulePackage *item = items->pdata[i];

      if (item->is_rules && (cli->words[0] == NULL || g_str_equal (cli->words[0], kab_package_get_name (item->package))))
        add_list_row (cli, output, item);
    }
  kab_cli_output_print (output, N_("The server has no such rule package."));

  return KAB_EXIT_DONE;
}

static const KabCliColumn show_columns[] = {
  { "package", NULL, KAB_CELL_TEXT },
  { "maturity", NULL, KAB_CELL_TEXT },
  { "list", NULL, KAB_CELL_TEXT },
  { "value", NULL, KAB_CELL_TEXT },
  { "reason", NULL, KAB_CELL_TEXT },
  { "describes", NULL, KAB_CELL_TEXT },
};

/* Lines for scripts; people and git get the text form. */
static void
print_lines (KabCli           *cli,
             KabRulesDocument *document)
{
  g_autoptr(KabCliOutput) output = kab_cli_output_new (cli->format, show_columns, G_N_ELEMENTS (show_columns));
  KabRulesContext *context = kab_cli_open_rules (cli, NULL);
  GPtrArray *lines = kab_rules_document_get_lines (document);

  for (guint i = 0; i < lines->len; i++)
    {
      const KabRulesLine *line = lines->pdata[i];
      g_autofree char *words = kab_rules_value_describe (line->list, line->value,
                                                         context != NULL ? kab_rules_context_get_index (context) : NULL);

      kab_cli_output_add_text (output, kab_rules_document_get_name (document));
      kab_cli_output_add_text (output, kab_rules_document_get_maturity (document));
      kab_cli_output_add_text (output, kab_rule_list_get_key (line->list));
      kab_cli_output_add_text (output, line->value);
      kab_cli_output_add_text (output, line->reason);
      kab_cli_output_add_text (output, words);
    }
  kab_cli_output_print (output, NULL);
}

KabExit
kab_cli_rules_show (KabCli   *cli,
                    GError  **error)
{
  g_autoptr(KabRulesDocument) document = kab_cli_read_rules (cli, cli->words[0], NULL, error);

  if (document == NULL)
    return KAB_EXIT_FAILED;
  if (kab_rules_document_get_unknown_keys (document)[0] != NULL)
    g_printerr (_("kabinetctl: warning: agents do not know all of its keys; see [unknown_keys]\n"));
  if (cli->format != KAB_FORMAT_TABLE)
    {
      print_lines (cli, document);
      return KAB_EXIT_DONE;
    }

  kab_cli_comment_rules (cli, document);
  return kab_cli_write_rules (cli->options.out, document, error) ? KAB_EXIT_DONE : KAB_EXIT_FAILED;
}

static const KabCliColumn diff_columns[] = {
  { "change", NULL, KAB_CELL_TEXT },
  { "list", NULL, KAB_CELL_TEXT },
  { "value", NULL, KAB_CELL_TEXT },
  { "before", NULL, KAB_CELL_TEXT },
  { "after", NULL, KAB_CELL_TEXT },
  { "effect", NULL, KAB_CELL_BOOL },
  { "description", N_("Change"), KAB_CELL_TEXT },
};

KabExit
kab_cli_rules_diff (KabCli   *cli,
                    GError  **error)
{
  g_autoptr(KabRulesDocument) before = kab_cli_read_rules (cli, cli->words[0], NULL, error);
  g_autoptr(KabRulesDocument) after = before != NULL ? kab_cli_read_rules (cli, cli->words[1], NULL, error) : NULL;
  g_autoptr(GPtrArray) changes = NULL;
  g_autoptr(KabCliOutput) output = NULL;
  KabRulesContext *context;

  if (after == NULL)
    return KAB_EXIT_FAILED;

  /* Titles need the mirror; two files can be compared without one. */
  context = kab_cli_open_rules (cli, NULL);
  changes = kab_rules_diff (before, after);
  output = kab_cli_output_new (cli->format, diff_columns, G_N_ELEMENTS (diff_columns));
  for (guint i = 0; i < changes->len; i++)
    {
      const KabRulesChange *change = changes->pdata[i];
      g_autofree char *words = kab_rules_change_describe (change, context != NULL ? kab_rules_context_get_index (context)
                                                                                  : NULL);

      kab_cli_output_add_text (output, kab_rules_change_kind_get_text (change->kind));
      kab_cli_output_add_text (output, change->value != NULL ? kab_rule_list_get_key (change->list) : NULL);
      kab_cli_output_add_text (output, change->value);
      kab_cli_output_add_text (output, change->before);
      kab_cli_output_add_text (output, change->after);
      kab_cli_output_add_bool (output, kab_rules_change_has_effect (change));
      kab_cli_output_add_text (output, words);
    }
  kab_cli_output_print (output, N_("They say the same."));

  return KAB_EXIT_DONE;
}
