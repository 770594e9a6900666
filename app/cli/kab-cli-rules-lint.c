/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-cli-output.h"
#include "kab-cli-rules.h"
#include "kab-error.h"
#include "kab-rules-lint.h"

static const KabCliColumn columns[] = {
  { "level", N_("Level"), KAB_CELL_TEXT },
  { "kind", N_("Kind"), KAB_CELL_TEXT },
  { "package", N_("Rules"), KAB_CELL_TEXT },
  { "line_number", N_("Line"), KAB_CELL_NUMBER },
  { "list", NULL, KAB_CELL_TEXT },
  { "value", NULL, KAB_CELL_TEXT },
  { "other_package", NULL, KAB_CELL_TEXT },
  { "hosts", N_("Hosts"), KAB_CELL_NUMBER },
  { "query", NULL, KAB_CELL_TEXT },
  { "query_of", NULL, KAB_CELL_TEXT },
  { "fix", NULL, KAB_CELL_TEXT },
  { "description", N_("Finding"), KAB_CELL_TEXT },
};

static void
add_row (KabCli               *cli,
         KabCliOutput         *output,
         const KabLintFinding *finding,
         const char           *place,
         KabUpdateIndex       *index)
{
  gboolean table = cli->format == KAB_FORMAT_TABLE;
  g_autofree char *words = kab_lint_finding_describe (finding, index);
  g_autofree char *fix = kab_lint_finding_describe_fix (finding, index);

  kab_cli_output_add_word (output, kab_lint_level_get_text (finding->level), kab_lint_level_get_label (finding->level));
  kab_cli_output_add_word (output, kab_lint_kind_get_text (finding->kind), kab_lint_kind_get_label (finding->kind));
  kab_cli_output_add_text (output, place != NULL ? place : finding->package);
  if (table && finding->line_number == 0)
    kab_cli_output_add_raw (output, "");
  else
    kab_cli_output_add_number (output, finding->line_number);
  kab_cli_output_add_text (output, finding->value != NULL && finding->kind != KAB_LINT_UNKNOWN_KEY
                                     ? kab_rule_list_get_key (finding->list) : NULL);
  kab_cli_output_add_text (output, finding->value);
  kab_cli_output_add_text (output, finding->other_package);
  if (table && finding->n_hosts == 0)
    kab_cli_output_add_raw (output, "");
  else
    kab_cli_output_add_number (output, finding->n_hosts);
  kab_cli_output_add_text (output, finding->query);
  kab_cli_output_add_text (output, finding->query == NULL ? NULL : finding->query_is_hosts ? "hosts" : "updates");
  kab_cli_output_add_text (output, fix);
  kab_cli_output_add_text (output, words);
}

static KabLintLevel
get_worst (GPtrArray    *findings,
           KabLintLevel  worst)
{
  for (guint i = 0; i < findings->len; i++)
    worst = MAX (worst, ((const KabLintFinding *) findings->pdata[i])->level);

  return worst;
}

/* One thing put right may make another finding void, so it is looked at anew each time. */
static gboolean
fix_document (KabLintFleet     *fleet,
              KabRulesDocument *document)
{
  gboolean fixed = FALSE;
  gboolean again = TRUE;

  for (guint i = 0; again && i < KAB_RULES_DOCUMENT_MAX_LINES; i++)
    {
      g_autoptr(GPtrArray) findings = kab_rules_lint (fleet, document);

      again = FALSE;
      for (guint j = 0; j < findings->len && !again; j++)
        {
          const KabLintFinding *finding = findings->pdata[j];

          /* Notes are no faults. */
          again = finding->level > KAB_LINT_NOTE && kab_lint_finding_apply (finding, document);
        }
      fixed |= again;
    }

  return fixed;
}

static GPtrArray *
lint_word (KabCli        *cli,
           KabLintFleet  *fleet,
           const char    *word,
           GError       **error)
{
  gboolean is_file;
  g_autoptr(KabRulesDocument) document = kab_cli_read_rules (cli, word, &is_file, error);

  if (document == NULL)
    return NULL;
  if (cli->options.fix && !is_file)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE,
                   _("“%s” is a package: “kabinetctl rules show” writes it into a file, which --fix can change"), word);
      return NULL;
    }
  if (cli->options.fix && fix_document (fleet, document) && !kab_cli_write_rules (word, document, error))
    return NULL;

  return kab_rules_lint (fleet, document);
}

KabExit
kab_cli_rules_lint (KabCli   *cli,
                    GError  **error)
{
  KabRulesContext *context = kab_cli_open_rules (cli, error);
  g_autoptr(KabCliOutput) output = NULL;
  KabLintLevel worst = KAB_LINT_NOTE;
  KabUpdateIndex *index;
  KabLintFleet *fleet;

  if (context == NULL)
    return KAB_EXIT_FAILED;

  index = kab_rules_context_get_index (context);
  fleet = kab_rules_context_get_fleet (context);
  output = kab_cli_output_new (cli->format, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i == 0 || cli->words[i] != NULL; i++)
    {
      g_autoptr(GPtrArray) findings = cli->words[0] != NULL ? lint_word (cli, fleet, cli->words[i], error)
                                                            : kab_rules_lint (fleet, NULL);

      if (findings == NULL)
        return KAB_EXIT_FAILED;
      for (guint j = 0; j < findings->len; j++)
        add_row (cli, output, findings->pdata[j], cli->words[0] != NULL ? cli->words[i] : NULL, index);
      worst = get_worst (findings, worst);
      if (cli->words[0] == NULL)
        break;
    }
  kab_cli_output_print (output, N_("Nothing was found."));

  return worst == KAB_LINT_ERROR || (worst == KAB_LINT_WARNING && cli->options.strict) ? KAB_EXIT_BAD_DATA : KAB_EXIT_DONE;
}
