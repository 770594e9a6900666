/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-cli-list.h"
#include "kab-cli-output.h"

static const KabCliSort sorts[] = {
  { "name", KAB_SORT_NAME },
  { "description", KAB_SORT_DESCRIPTION },
  { "state", KAB_SORT_STATE },
  { "pending", KAB_SORT_PENDING },
  { "missing", KAB_SORT_MISSING },
  { "discarded", KAB_SORT_DISCARDED },
  { "errors", KAB_SORT_HOST_ERRORS },
  { "restart", KAB_SORT_RESTART },
  { "last-scan", KAB_SORT_LAST_SCAN },
  { "last-seen", KAB_SORT_LAST_SEEN },
  { "windows", KAB_SORT_WINDOWS },
  { "ring", KAB_SORT_RING },
  { "packages", KAB_SORT_PACKAGES },
  { "user", KAB_SORT_USER },
  { "address", KAB_SORT_ADDRESS },
};

static const KabCliColumn list_columns[] = {
  { "uuid", NULL, KAB_CELL_TEXT },
  { "computer_name", N_("Name"), KAB_CELL_TEXT },
  { "state", N_("State"), KAB_CELL_TEXT },
  { "pending", N_("Pending"), KAB_CELL_NUMBER },
  { "missing", N_("Missing"), KAB_CELL_NUMBER },
  { "discarded", N_("Discarded"), KAB_CELL_NUMBER },
  { "errors", N_("Errors"), KAB_CELL_NUMBER },
  { "installed", N_("Installed"), KAB_CELL_NUMBER },
  { "reboot_needed", N_("Restart"), KAB_CELL_BOOL },
  { "last_scan_date", N_("Last scan"), KAB_CELL_TIME },
  { "last_seen_on", N_("Last seen"), KAB_CELL_TIME },
  { "windows", N_("Windows"), KAB_CELL_TEXT },
  { "maturities", N_("Ring"), KAB_CELL_LIST },
  { "rules_packages", N_("Rule packages"), KAB_CELL_LIST },
  { "computer_fqdn", NULL, KAB_CELL_TEXT },
  { "description", NULL, KAB_CELL_TEXT },
  { "windows_build", NULL, KAB_CELL_TEXT },
  { "connected_users", NULL, KAB_CELL_LIST },
  { "connected_ips", NULL, KAB_CELL_LIST },
  { "reachable", NULL, KAB_CELL_BOOL },
  { "counted", NULL, KAB_CELL_BOOL },
  { "wapt_version", NULL, KAB_CELL_TEXT },
};

static void
add_list_row (KabCliOutput        *output,
              const KabHostRecord *record)
{
  kab_cli_output_add_text (output, record->uuid);
  kab_cli_output_add_text (output, record->name);
  kab_cli_output_add_word (output, kab_host_state_get_text (record->state), kab_host_state_get_label (record->state));
  kab_cli_output_add_number (output, record->counts[KAB_STATE_PENDING]);
  kab_cli_output_add_number (output, record->counts[KAB_STATE_MISSING]);
  kab_cli_output_add_number (output, record->counts[KAB_STATE_DISCARDED]);
  kab_cli_output_add_number (output, record->counts[KAB_STATE_ERROR]);
  kab_cli_output_add_number (output, record->counts[KAB_STATE_OK]);
  kab_cli_output_add_bool (output, record->restart);
  kab_cli_output_add_time (output, record->last_scan_at);
  kab_cli_output_add_time (output, record->last_seen_at);
  kab_cli_output_add_text (output, record->windows);
  kab_cli_output_add_joined (output, record->rings);
  kab_cli_output_add_joined (output, record->packages);
  kab_cli_output_add_text (output, record->fqdn);
  kab_cli_output_add_text (output, record->description);
  kab_cli_output_add_text (output, record->build);
  kab_cli_output_add_joined (output, record->users);
  kab_cli_output_add_joined (output, record->addresses);
  kab_cli_output_add_bool (output, record->reachable);
  kab_cli_output_add_bool (output, record->counted);
  kab_cli_output_add_text (output, record->agent);
}

KabExit
kab_cli_hosts_list (KabCli   *cli,
                    GError  **error)
{
  g_autoptr(GArray) rows = kab_cli_list_rows (cli, KAB_QUERY_HOSTS, sorts, G_N_ELEMENTS (sorts), error);
  g_autoptr(KabCliOutput) output = NULL;
  const KabHostRecord *records;

  if (rows == NULL)
    return KAB_EXIT_FAILED;

  records = kab_snapshot_get_hosts (cli->snapshot, NULL);
  output = kab_cli_output_new (cli->format, list_columns, G_N_ELEMENTS (list_columns));
  for (guint i = 0; i < rows->len; i++)
    add_list_row (output, &records[g_array_index (rows, guint, i)]);
  kab_cli_output_print (output, N_("No host matches."));

  return KAB_EXIT_DONE;
}

static const KabCliColumn show_columns[] = {
  { "uuid", N_("UUID"), KAB_CELL_TEXT },
  { "computer_name", N_("Name"), KAB_CELL_TEXT },
  { "computer_fqdn", N_("Full name"), KAB_CELL_TEXT },
  { "description", N_("Description"), KAB_CELL_TEXT },
  { "state", N_("State"), KAB_CELL_TEXT },
  { "platform", NULL, KAB_CELL_TEXT },
  { "os_name", N_("Windows"), KAB_CELL_TEXT },
  { "os_version", N_("Build"), KAB_CELL_TEXT },
  { "manufacturer", N_("Manufacturer"), KAB_CELL_TEXT },
  { "productname", N_("Model"), KAB_CELL_TEXT },
  { "serialnr", N_("Serial number"), KAB_CELL_TEXT },
  { "computer_ad_ou", N_("Unit"), KAB_CELL_TEXT },
  { "computer_ad_site", N_("Site"), KAB_CELL_TEXT },
  { "connected_users", N_("Users"), KAB_CELL_LIST },
  { "connected_ips", N_("Addresses"), KAB_CELL_LIST },
  { "wapt_version", N_("Agent"), KAB_CELL_TEXT },
  { "reachable", N_("Connected"), KAB_CELL_BOOL },
  { "reboot_needed", N_("Restart"), KAB_CELL_BOOL },
  { "last_seen_on", N_("Last seen"), KAB_CELL_TIME },
  { "last_scan_date", N_("Last scan"), KAB_CELL_TIME },
  { "wsusscn2cab_date", N_("Catalogue"), KAB_CELL_TIME },
  { "last_install_date", N_("Last install"), KAB_CELL_TIME },
  { "last_error", N_("Last error"), KAB_CELL_TEXT },
  { "maturities", N_("Ring"), KAB_CELL_LIST },
  { "rules_packages", N_("Rule packages"), KAB_CELL_LIST },
  { "rules", N_("Rules"), KAB_CELL_LIST },
};

static const KabCliColumn pair_columns[] = {
  { "update_id", NULL, KAB_CELL_TEXT },
  { "state", N_("State"), KAB_CELL_TEXT },
  { "local_status_status", NULL, KAB_CELL_TEXT },
  { "severity", N_("Severity"), KAB_CELL_TEXT },
  { "kbids", N_("KB"), KAB_CELL_LIST },
  { "title", N_("Title"), KAB_CELL_TEXT },
  { "why", N_("Why"), KAB_CELL_TEXT },
};

/* "allowed_severities “Critical” (demo-wua-base 12)" */
static GStrv
list_rules (GPtrArray *lines)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < lines->len; i++)
    {
      const KabRuleLine *line = lines->pdata[i];
      g_autofree char *text = g_strdup_printf ("%s “%s” (%s)", kab_rule_list_get_key (line->list), line->value,
                                               line->origin);

      g_strv_builder_add (builder, text);
    }

  return g_strv_builder_end (builder);
}

static KabCliOutput *
new_host_output (KabCli              *cli,
                 const KabHostDetail *detail)
{
  KabCliOutput *output = kab_cli_output_new (cli->format, show_columns, G_N_ELEMENTS (show_columns));
  const KabHostFields *fields = kab_host_get_fields (detail->host);
  g_auto(GStrv) rules = list_rules (detail->rule_lines);

  kab_cli_output_add_text (output, fields->uuid);
  kab_cli_output_add_text (output, kab_host_get_name (detail->host));
  kab_cli_output_add_text (output, fields->computer_fqdn);
  kab_cli_output_add_text (output, fields->description);
  kab_cli_output_add_word (output, kab_host_state_get_text (detail->state), kab_host_state_get_label (detail->state));
  kab_cli_output_add_text (output, fields->platform);
  kab_cli_output_add_text (output, fields->os_name);
  kab_cli_output_add_text (output, fields->os_version);
  kab_cli_output_add_text (output, fields->manufacturer);
  kab_cli_output_add_text (output, fields->model);
  kab_cli_output_add_text (output, fields->serial);
  kab_cli_output_add_text (output, fields->organizational_unit);
  kab_cli_output_add_text (output, fields->ad_site);
  kab_cli_output_add_joined (output, fields->users);
  kab_cli_output_add_joined (output, fields->addresses);
  kab_cli_output_add_text (output, fields->wapt_version);
  kab_cli_output_add_bool (output, kab_host_is_reachable (detail->host));
  kab_cli_output_add_bool (output, kab_host_needs_restart (detail->host));
  kab_cli_output_add_time (output, fields->last_seen_at);
  kab_cli_output_add_time (output, fields->last_scan_at);
  kab_cli_output_add_time (output, fields->catalogue_at);
  kab_cli_output_add_time (output, fields->last_install_at);
  kab_cli_output_add_text (output, fields->last_error);
  kab_cli_output_add_list (output, fields->maturities);
  kab_cli_output_add_list (output, fields->rules_packages);
  kab_cli_output_add_list (output, (const char * const *) rules);

  return output;
}

static KabCliOutput *
new_pairs_output (KabCli              *cli,
                  const KabHostDetail *detail)
{
  KabCliOutput *output = kab_cli_output_new (cli->format, pair_columns, G_N_ELEMENTS (pair_columns));
  guint n = g_list_model_get_n_items (detail->pairs);

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(KabPair) pair = g_list_model_get_item (detail->pairs, i);
      const KabUpdateFields *fields = kab_update_get_fields (pair->update);
      g_autofree char *why = kab_explanation_describe (pair->why, kab_cli_translate);
      KabSeverity severity = kab_update_get_severity (pair->update);

      kab_cli_output_add_text (output, fields->update_id);
      kab_cli_output_add_word (output, kab_state_get_text (pair->why->state), kab_state_get_label (pair->why->state));
      kab_cli_output_add_text (output, kab_state_get_text (pair->why->reported));
      kab_cli_output_add_word (output, kab_severity_get_text (severity), kab_severity_get_label (severity));
      kab_cli_output_add_list (output, fields->kbids);
      kab_cli_output_add_text (output, fields->title);
      kab_cli_output_add_text (output, why);
    }

  return output;
}

KabExit
kab_cli_hosts_show (KabCli   *cli,
                    GError  **error)
{
  g_autoptr(KabHostDetail) detail = kab_cli_read_host (cli, cli->words[0], error);
  g_autoptr(KabCliOutput) host = NULL;
  g_autoptr(KabCliOutput) pairs = NULL;
  g_autofree char *members = NULL;
  g_autofree char *rows = NULL;
  g_autofree char *text = NULL;

  if (detail == NULL)
    return KAB_EXIT_FAILED;

  host = new_host_output (cli, detail);
  pairs = new_pairs_output (cli, detail);
  switch (cli->format)
    {
    case KAB_FORMAT_JSON:
      members = kab_cli_output_end_members (host);
      rows = kab_cli_output_end (pairs);
      text = g_strdup_printf ("{%s,\"updates\":%s}\n", members, rows);
      break;
    case KAB_FORMAT_CSV:
      text = kab_cli_output_end (pairs);
      break;
    case KAB_FORMAT_TABLE:
    default:
      members = kab_cli_output_end_object (host);
      rows = kab_cli_output_end (pairs);
      text = g_strdup_printf ("%s\n%s", members, rows);
      break;
    }
  kab_cli_print (text);

  return KAB_EXIT_DONE;
}
