/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-cli-list.h"
#include "kab-cli-output.h"
#include "kab-error.h"
#include "kab-store.h"

static const KabCliSort sorts[] = {
  { "severity", KAB_SORT_SEVERITY },
  { "kb", KAB_SORT_KB },
  { "title", KAB_SORT_TITLE },
  { "product", KAB_SORT_PRODUCT },
  { "classification", KAB_SORT_CLASSIFICATION },
  { "published", KAB_SORT_PUBLISHED },
  { "needed", KAB_SORT_NEEDED },
  { "installed", KAB_SORT_INSTALLED },
  { "errors", KAB_SORT_UPDATE_ERRORS },
  { "size", KAB_SORT_SIZE },
  { "downloaded", KAB_SORT_DOWNLOADED },
  { "id", KAB_SORT_ID },
};

static const KabCliColumn list_columns[] = {
  { "update_id", NULL, KAB_CELL_TEXT },
  { "severity", N_("Severity"), KAB_CELL_TEXT },
  { "kbids", N_("KB"), KAB_CELL_LIST },
  { "needed", N_("Needed"), KAB_CELL_NUMBER },
  { "installed", N_("Installed"), KAB_CELL_NUMBER },
  { "errors", N_("Errors"), KAB_CELL_NUMBER },
  { "changetime", N_("Published"), KAB_CELL_TIME },
  { "downloaded_on", N_("On the server"), KAB_CELL_TIME },
  { "classification", N_("Classification"), KAB_CELL_TEXT },
  { "product", N_("Product"), KAB_CELL_TEXT },
  { "title", N_("Title"), KAB_CELL_TEXT },
  { "pending", NULL, KAB_CELL_NUMBER },
  { "missing", NULL, KAB_CELL_NUMBER },
  { "discarded", NULL, KAB_CELL_NUMBER },
  { "max_download_size", NULL, KAB_CELL_NUMBER },
  { "superseded", NULL, KAB_CELL_BOOL },
};

static void
add_list_row (KabCliOutput          *output,
              const KabUpdateRecord *record)
{
  g_auto(GStrv) kbs = kab_cli_split_kbs (record->kbs);

  kab_cli_output_add_text (output, record->update_id);
  kab_cli_output_add_word (output, kab_severity_get_text (record->severity), kab_severity_get_label (record->severity));
  kab_cli_output_add_list (output, (const char * const *) kbs);
  kab_cli_output_add_number (output, kab_update_record_needed (record));
  kab_cli_output_add_number (output, record->counts[KAB_STATE_OK]);
  kab_cli_output_add_number (output, record->counts[KAB_STATE_ERROR]);
  kab_cli_output_add_time (output, record->changed_at);
  kab_cli_output_add_time (output, record->downloaded_at);
  kab_cli_output_add_text (output, record->classification);
  kab_cli_output_add_text (output, record->product);
  kab_cli_output_add_text (output, record->title);
  kab_cli_output_add_number (output, record->counts[KAB_STATE_PENDING]);
  kab_cli_output_add_number (output, record->counts[KAB_STATE_MISSING]);
  kab_cli_output_add_number (output, record->counts[KAB_STATE_DISCARDED]);
  kab_cli_output_add_number (output, record->max_size);
  kab_cli_output_add_bool (output, record->superseded);
}

KabExit
kab_cli_updates_list (KabCli   *cli,
                      GError  **error)
{
  g_autoptr(GArray) rows = kab_cli_list_rows (cli, KAB_QUERY_UPDATES, sorts, G_N_ELEMENTS (sorts), error);
  g_autoptr(KabCliOutput) output = NULL;
  const KabUpdateRecord *records;

  if (rows == NULL)
    return KAB_EXIT_FAILED;

  records = kab_snapshot_get_updates (cli->snapshot, NULL);
  output = kab_cli_output_new (cli->format, list_columns, G_N_ELEMENTS (list_columns));
  for (guint i = 0; i < rows->len; i++)
    add_list_row (output, &records[g_array_index (rows, guint, i)]);
  kab_cli_output_print (output, N_("No update matches."));

  return KAB_EXIT_DONE;
}

static const KabCliColumn show_columns[] = {
  { "update_id", N_("Update"), KAB_CELL_TEXT },
  { "title", N_("Title"), KAB_CELL_TEXT },
  { "kbids", N_("KB"), KAB_CELL_LIST },
  { "severity", N_("Severity"), KAB_CELL_TEXT },
  { "classification", N_("Classification"), KAB_CELL_TEXT },
  { "product", N_("Product"), KAB_CELL_TEXT },
  { "changetime", N_("Published"), KAB_CELL_TIME },
  { "downloaded_on", N_("On the server"), KAB_CELL_TIME },
  { "max_download_size", N_("Size at most"), KAB_CELL_NUMBER },
  { "reboot_behaviour", N_("Restart"), KAB_CELL_TEXT },
  { "security_bulletin_ids", N_("Bulletins"), KAB_CELL_LIST },
  { "languages", N_("Languages"), KAB_CELL_LIST },
  { "support_url", N_("Support"), KAB_CELL_TEXT },
  { "download_urls", N_("Files"), KAB_CELL_LIST },
  { "superseded_update_ids", NULL, KAB_CELL_LIST },
  { "supersedes", N_("Replaces"), KAB_CELL_LIST },
  { "superseded_by", N_("Replaced by"), KAB_CELL_LIST },
  { "installed", N_("Installed"), KAB_CELL_NUMBER },
  { "pending", N_("Pending"), KAB_CELL_NUMBER },
  { "missing", N_("Missing"), KAB_CELL_NUMBER },
  { "discarded", N_("Discarded"), KAB_CELL_NUMBER },
  { "errors", N_("Errors"), KAB_CELL_NUMBER },
  { "superseded", N_("Superseded"), KAB_CELL_NUMBER },
  { "unknown", N_("Unknown"), KAB_CELL_NUMBER },
  { "rules", N_("Rules"), KAB_CELL_LIST },
};

static GStrv
list_ids (GPtrArray *updates)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < updates->len; i++)
    g_strv_builder_add (builder, kab_update_get_id (updates->pdata[i]));

  return g_strv_builder_end (builder);
}

/* "demo-wua-base 12: allowed_severities" */
static GStrv
list_verdicts (GPtrArray *verdicts)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < verdicts->len; i++)
    {
      const KabPackageVerdict *verdict = verdicts->pdata[i];
      g_autofree char *text = NULL;

      if (verdict->line == NULL)
        continue;
      text = g_strdup_printf ("%s: %s “%s”", verdict->origin, kab_reason_get_text (verdict->reason), verdict->line);
      g_strv_builder_add (builder, text);
    }

  return g_strv_builder_end (builder);
}

static void
print_update (KabCli                *cli,
              const KabUpdateDetail *detail)
{
  g_autoptr(KabCliOutput) output = kab_cli_output_new (cli->format, show_columns, G_N_ELEMENTS (show_columns));
  const KabUpdateFields *fields = kab_update_get_fields (detail->update);
  KabSeverity severity = kab_update_get_severity (detail->update);
  g_auto(GStrv) older = list_ids (detail->supersedes);
  g_auto(GStrv) newer = list_ids (detail->superseded_by);
  g_auto(GStrv) verdicts = list_verdicts (detail->verdicts);
  g_autofree char *text = NULL;

  kab_cli_output_add_text (output, fields->update_id);
  kab_cli_output_add_text (output, fields->title);
  kab_cli_output_add_list (output, fields->kbids);
  kab_cli_output_add_word (output, kab_severity_get_text (severity), kab_severity_get_label (severity));
  kab_cli_output_add_text (output, fields->classification);
  kab_cli_output_add_text (output, fields->product);
  kab_cli_output_add_time (output, fields->changed_at);
  kab_cli_output_add_time (output, fields->downloaded_at);
  kab_cli_output_add_size (output, fields->max_download_size);
  kab_cli_output_add_text (output, fields->reboot_behaviour);
  kab_cli_output_add_list (output, fields->security_bulletin_ids);
  kab_cli_output_add_list (output, fields->languages);
  kab_cli_output_add_text (output, fields->support_url);
  kab_cli_output_add_list (output, fields->download_urls);
  kab_cli_output_add_list (output, fields->superseded_update_ids);
  kab_cli_output_add_list (output, (const char * const *) older);
  kab_cli_output_add_list (output, (const char * const *) newer);
  kab_cli_output_add_number (output, detail->counts[KAB_STATE_OK]);
  kab_cli_output_add_number (output, detail->counts[KAB_STATE_PENDING]);
  kab_cli_output_add_number (output, detail->counts[KAB_STATE_MISSING]);
  kab_cli_output_add_number (output, detail->counts[KAB_STATE_DISCARDED]);
  kab_cli_output_add_number (output, detail->counts[KAB_STATE_ERROR]);
  kab_cli_output_add_number (output, detail->counts[KAB_STATE_SUPERSEDED]);
  kab_cli_output_add_number (output, detail->counts[KAB_STATE_UNKNOWN]);
  kab_cli_output_add_list (output, (const char * const *) verdicts);
  text = kab_cli_output_end_object (output);
  kab_cli_print (text);
}

KabExit
kab_cli_updates_show (KabCli   *cli,
                      GError  **error)
{
  g_autoptr(KabUpdateDetail) detail = NULL;
  g_autoptr(GPtrArray) found = NULL;
  g_autofree char *ids = NULL;
  g_auto(GStrv) list = NULL;
  KabStore *store = kab_cli_open_store (cli, error);

  found = store != NULL ? kab_store_find_updates (store, cli->words[0], error) : NULL;
  if (found == NULL)
    return KAB_EXIT_FAILED;

  if (found->len == 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, _("no update “%s” is known"), cli->words[0]);
      return KAB_EXIT_FAILED;
    }
  if (found->len > 1)
    {
      list = list_ids (found);
      ids = g_strjoinv ("\n", list);
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE,
                   ngettext ("“%1$s” is the name of %2$u update:\n%3$s", "“%1$s” is the name of %2$u updates:\n%3$s",
                             found->len), cli->words[0], found->len, ids);
      return KAB_EXIT_USAGE;
    }

  detail = kab_update_detail_read (store, cli->snapshot, kab_update_get_id (found->pdata[0]), NULL, error);
  if (detail == NULL)
    return KAB_EXIT_FAILED;
  print_update (cli, detail);

  return KAB_EXIT_DONE;
}
