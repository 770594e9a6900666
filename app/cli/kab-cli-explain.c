/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-cli-output.h"
#include "kab-error.h"
#include "kab-store.h"

static const KabCliColumn columns[] = {
  { "uuid", NULL, KAB_CELL_TEXT },
  { "computer_name", NULL, KAB_CELL_TEXT },
  { "update_id", NULL, KAB_CELL_TEXT },
  { "kbids", NULL, KAB_CELL_LIST },
  { "title", NULL, KAB_CELL_TEXT },
  { "state", NULL, KAB_CELL_TEXT },
  { "local_status_status", NULL, KAB_CELL_TEXT },
  { "verdict", NULL, KAB_CELL_TEXT },
  { "reason", NULL, KAB_CELL_TEXT },
  { "line", NULL, KAB_CELL_TEXT },
  { "package", NULL, KAB_CELL_TEXT },
  { "why", NULL, KAB_CELL_TEXT },
};

static void
add_row (KabCliOutput *output,
         KabHost      *host,
         KabPair      *pair)
{
  const KabUpdateFields *fields = kab_update_get_fields (pair->update);
  const KabExplanation *why = pair->why;
  g_autofree char *words = kab_explanation_describe (why, kab_cli_translate);

  kab_cli_output_add_text (output, kab_host_get_uuid (host));
  kab_cli_output_add_text (output, kab_host_get_name (host));
  kab_cli_output_add_text (output, fields->update_id);
  kab_cli_output_add_list (output, fields->kbids);
  kab_cli_output_add_text (output, fields->title);
  kab_cli_output_add_text (output, kab_state_get_text (why->state));
  kab_cli_output_add_text (output, kab_state_get_text (why->reported));
  kab_cli_output_add_text (output, why->rules_known ? kab_verdict_get_text (why->decision.verdict) : NULL);
  kab_cli_output_add_text (output, why->rules_known ? kab_reason_get_text (why->decision.reason) : NULL);
  kab_cli_output_add_text (output, why->rules_known ? why->decision.line : NULL);
  kab_cli_output_add_text (output, why->rules_known ? why->decision.origin : NULL);
  kab_cli_output_add_text (output, words);
}

static void
print_words (KabHost *host,
             KabPair *pair)
{
  g_autofree char *words = kab_explanation_describe (pair->why, kab_cli_translate);
  /* Translators: %1$s is a host, %2$s the title of an update */
  g_autofree char *heading = g_strdup_printf (_("%1$s, %2$s"), kab_host_get_name (host),
                                              kab_update_get_title (pair->update));
  g_autofree char *harmless = kab_cli_dup_harmless (heading);
  g_autofree char *text = g_strdup_printf ("%s\n  %s\n", harmless, words);

  kab_cli_print (text);
}

/* Why a host does not report an update: a word for programs, a sentence for people. */
static char *
describe_absence (const KabHostDetail *detail,
                  GPtrArray           *updates,
                  const char          *name,
                  const char         **word)
{
  const KabHostFields *fields = kab_host_get_fields (detail->host);
  const char *host = kab_host_get_name (detail->host);
  g_autofree char *scanned = kab_cli_format_time (fields->last_scan_at);
  gint64 published_at = kab_update_get_changed_at (updates->pdata[0]);

  for (guint i = 1; i < updates->len; i++)
    published_at = MIN (published_at, kab_update_get_changed_at (updates->pdata[i]));

  switch (detail->state)
    {
    case KAB_HOST_STATE_NOT_WINDOWS:
      *word = "not-windows";
      return g_strdup_printf (_("%s does not run Windows: no Windows update is for it"), host);
    case KAB_HOST_STATE_DISABLED:
      *word = "disabled";
      return g_strdup_printf (_("WAPT does not look after Windows updates on %s: that is switched off there"), host);
    case KAB_HOST_STATE_NEVER_SCANNED:
      *word = "never-scanned";
      return g_strdup_printf (_("%s never scanned for updates"), host);
    case KAB_HOST_STATE_SILENT:
    case KAB_HOST_STATE_BUSY:
    case KAB_HOST_STATE_ERROR:
    case KAB_HOST_STATE_RESTART:
    case KAB_HOST_STATE_PENDING:
    case KAB_HOST_STATE_COMPLIANT:
    default:
      break;
    }

  if (fields->last_scan_at != 0 && published_at > fields->last_scan_at)
    {
      *word = "published-later";
      /* Translators: %1$s is a host, %2$s an update, %3$s a date */
      return g_strdup_printf (_("%1$s does not report “%2$s”: it came out after the last scan, which was on %3$s"), host,
                              name, scanned);
    }

  *word = "not-applicable";
  /* Translators: %1$s is a host, %2$s an update */
  return g_strdup_printf (_("%1$s does not report “%2$s”: its last scan did not find it applicable"), host, name);
}

/* That it is not there has a reason too, and is an answer. */
static void
say_absence (KabCli              *cli,
             KabCliOutput        *output,
             const KabHostDetail *detail,
             GPtrArray           *updates)
{
  const char *word;
  g_autofree char *sentence = describe_absence (detail, updates, cli->words[1], &word);
  g_autofree char *harmless = kab_cli_dup_harmless (sentence);
  g_autofree char *line = g_strdup_printf ("%s\n", harmless);

  if (cli->format == KAB_FORMAT_TABLE)
    {
      kab_cli_print (line);
      return;
    }

  for (guint i = 0; i < updates->len; i++)
    {
      const KabUpdateFields *fields = kab_update_get_fields (updates->pdata[i]);

      kab_cli_output_add_text (output, kab_host_get_uuid (detail->host));
      kab_cli_output_add_text (output, kab_host_get_name (detail->host));
      kab_cli_output_add_text (output, fields->update_id);
      kab_cli_output_add_list (output, fields->kbids);
      kab_cli_output_add_text (output, fields->title);
      for (guint j = 0; j < 3; j++)                          /* state, local_status_status, verdict */
        kab_cli_output_add_text (output, NULL);
      kab_cli_output_add_text (output, word);
      for (guint j = 0; j < 2; j++)                          /* line, package */
        kab_cli_output_add_text (output, NULL);
      kab_cli_output_add_text (output, sentence);
    }
}

static gboolean
is_among (GPtrArray  *updates,
          const char *id)
{
  for (guint i = 0; i < updates->len; i++)
    {
      if (g_str_equal (kab_update_get_id (updates->pdata[i]), id))
        return TRUE;
    }

  return FALSE;
}

KabExit
kab_cli_explain (KabCli   *cli,
                 GError  **error)
{
  g_autoptr(KabHostDetail) detail = kab_cli_read_host (cli, cli->words[0], error);
  g_autoptr(GPtrArray) found = NULL;
  g_autoptr(KabCliOutput) output = NULL;
  guint n_said = 0;

  if (detail == NULL)
    return KAB_EXIT_FAILED;
  found = kab_store_find_updates (kab_cli_open_store (cli, error), cli->words[1], error);
  if (found == NULL)
    return KAB_EXIT_FAILED;
  if (found->len == 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, _("no update “%s” is known"), cli->words[1]);
      return KAB_EXIT_FAILED;
    }

  output = kab_cli_output_new (cli->format, columns, G_N_ELEMENTS (columns));
  for (guint i = 0; i < g_list_model_get_n_items (detail->pairs); i++)
    {
      g_autoptr(KabPair) pair = g_list_model_get_item (detail->pairs, i);

      if (!is_among (found, kab_update_get_id (pair->update)))
        continue;
      n_said++;
      if (cli->format == KAB_FORMAT_TABLE)
        print_words (detail->host, pair);
      else
        add_row (output, detail->host, pair);
    }

  if (n_said == 0)
    say_absence (cli, output, detail, found);
  if (cli->format != KAB_FORMAT_TABLE)
    kab_cli_output_print (output, NULL);

  return KAB_EXIT_DONE;
}
