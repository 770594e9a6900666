/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-wire"

#include "config.h"

#include "kab-wire-host.h"

#include <string.h>

#include "kab-error.h"
#include "kab-wire-rows.h"
#include "kab-wire.h"

enum {
  COLUMN_UUID,
  COLUMN_FQDN,
  COLUMN_NAME,
  COLUMN_DESCRIPTION,
  COLUMN_PLATFORM,
  COLUMN_CAPABILITIES_OS,
  COLUMN_OS_NAME,
  COLUMN_OS_VERSION,
  COLUMN_ARCHITECTURE,
  COLUMN_MANUFACTURER,
  COLUMN_PRODUCT,
  COLUMN_SERIAL,
  COLUMN_AD_OU,
  COLUMN_AD_SITE,
  COLUMN_WAPT_VERSION,
  COLUMN_USERS,
  COLUMN_ADDRESSES,
  COLUMN_REACHABLE,
  COLUMN_PROTOCOL,
  COLUMN_LAST_SEEN,
  COLUMN_DEPENDS,
  COLUMN_CAPABILITIES_MATURITIES,
  COLUMN_STATUS_MATURITIES,
  COLUMN_REBOOT_REASONS,
  COLUMN_WUA,
  COLUMN_WUA_STATUS,
  COLUMN_WUA_ENABLED,
  COLUMN_WUA_LAST_ERROR,
  COLUMN_WUA_LAST_SCAN,
  COLUMN_WUA_CATALOGUE,
  COLUMN_WUA_LAST_INSTALL,
  COLUMN_WUA_LAST_RESULT,
  COLUMN_WUA_AGENT,
  COLUMN_WUA_RULES_PACKAGES,
  COLUMN_SERVICE,
  COLUMN_SERVICE_REBOOT,
  COLUMN_SERVICE_AGENT,
  COLUMN_RULES,
  COLUMN_PARAMS,
  COLUMN_DEFAULT_ALLOW,
  COLUMN_INSTALL_DELAY,
  COLUMN_SEVERITIES,
  COLUMN_SUPERSEDED,
  COLUMN_AD_GROUPS,
  COLUMN_PROFILES,
  COLUMN_TRUSTED,
  COLUMN_TRUSTED_CA,
  COLUMN_LOCALES,
  COLUMN_HASH_LOCAL_STATUS,
  COLUMN_HASH_UPDATES,
  COLUMN_HISTORY,
  COLUMN_GONE,
  N_COLUMNS
};

static const KabColumn columns[N_COLUMNS] = {
  [COLUMN_UUID] = { "uuid", KAB_COLUMN_TEXT },
  [COLUMN_FQDN] = { "computer_fqdn", KAB_COLUMN_TEXT },
  [COLUMN_NAME] = { "computer_name", KAB_COLUMN_TEXT },
  [COLUMN_DESCRIPTION] = { "description", KAB_COLUMN_TEXT },
  [COLUMN_PLATFORM] = { "platform", KAB_COLUMN_TEXT },
  [COLUMN_CAPABILITIES_OS] = { "host_capabilities/os", KAB_COLUMN_TEXT },
  [COLUMN_OS_NAME] = { "os_name", KAB_COLUMN_TEXT },
  [COLUMN_OS_VERSION] = { "os_version", KAB_COLUMN_TEXT },
  [COLUMN_ARCHITECTURE] = { "computer_architecture", KAB_COLUMN_TEXT },
  [COLUMN_MANUFACTURER] = { "manufacturer", KAB_COLUMN_TEXT },
  [COLUMN_PRODUCT] = { "productname", KAB_COLUMN_TEXT },
  [COLUMN_SERIAL] = { "serialnr", KAB_COLUMN_TEXT },
  [COLUMN_AD_OU] = { "computer_ad_ou", KAB_COLUMN_TEXT },
  [COLUMN_AD_SITE] = { "computer_ad_site", KAB_COLUMN_TEXT },
  [COLUMN_WAPT_VERSION] = { "wapt_version", KAB_COLUMN_TEXT },
  [COLUMN_USERS] = { "connected_users", KAB_COLUMN_LIST },
  [COLUMN_ADDRESSES] = { "connected_ips", KAB_COLUMN_LIST },
  [COLUMN_REACHABLE] = { "reachable", KAB_COLUMN_TEXT },
  [COLUMN_PROTOCOL] = { "listening_protocol", KAB_COLUMN_TEXT },
  [COLUMN_LAST_SEEN] = { "last_seen_on", KAB_COLUMN_TIME },
  [COLUMN_DEPENDS] = { "depends", KAB_COLUMN_LIST },
  [COLUMN_CAPABILITIES_MATURITIES] = { "host_capabilities/packages_maturities", KAB_COLUMN_LIST },
  [COLUMN_STATUS_MATURITIES] = { "wapt_status/maturities", KAB_COLUMN_LIST },
  [COLUMN_REBOOT_REASONS] = { "wapt_status/pending_reboot_reasons", KAB_COLUMN_LIST },
  [COLUMN_WUA] = { "waptwua_status", KAB_COLUMN_RAW },
  [COLUMN_WUA_STATUS] = { "waptwua_status/status", KAB_COLUMN_TEXT },
  [COLUMN_WUA_ENABLED] = { "waptwua_status/enabled", KAB_COLUMN_TRISTATE },
  [COLUMN_WUA_LAST_ERROR] = { "waptwua_status/last_error", KAB_COLUMN_TEXT },
  [COLUMN_WUA_LAST_SCAN] = { "waptwua_status/last_scan_date", KAB_COLUMN_TIME },
  [COLUMN_WUA_CATALOGUE] = { "waptwua_status/wsusscn2cab_date", KAB_COLUMN_TIME },
  [COLUMN_WUA_LAST_INSTALL] = { "waptwua_status/last_install_date", KAB_COLUMN_TIME },
  [COLUMN_WUA_LAST_RESULT] = { "waptwua_status/last_install_result", KAB_COLUMN_TEXT },
  [COLUMN_WUA_AGENT] = { "waptwua_status/wua_agent_version", KAB_COLUMN_TEXT },
  [COLUMN_WUA_RULES_PACKAGES] = { "waptwua_status/rules_packages", KAB_COLUMN_RAW },
  [COLUMN_SERVICE] = { "wuauserv_status", KAB_COLUMN_RAW },
  [COLUMN_SERVICE_REBOOT] = { "wuauserv_status/reboot_needed", KAB_COLUMN_TRISTATE },
  [COLUMN_SERVICE_AGENT] = { "wuauserv_status/agent_version", KAB_COLUMN_TEXT },
  [COLUMN_RULES] = { "waptwua_rules", KAB_COLUMN_RAW },
  [COLUMN_PARAMS] = { "waptwua_rules/params", KAB_COLUMN_RAW },
  [COLUMN_DEFAULT_ALLOW] = { "waptwua_rules/params/default_allow", KAB_COLUMN_TRISTATE },
  [COLUMN_INSTALL_DELAY] = { "waptwua_rules/params/install_delay", KAB_COLUMN_TEXT },
  [COLUMN_SEVERITIES] = { "waptwua_rules/params/allowed_severities", KAB_COLUMN_LIST },
  [COLUMN_SUPERSEDED] = { "waptwua_rules/params/include_potentially_superseded_updates", KAB_COLUMN_TRISTATE },
  [COLUMN_AD_GROUPS] = { "computer_ad_groups", KAB_COLUMN_LIST },
  [COLUMN_PROFILES] = { "host_capabilities/host_profiles", KAB_COLUMN_LIST },
  [COLUMN_TRUSTED] = { "authorized_certificates_sha256", KAB_COLUMN_LIST },
  [COLUMN_TRUSTED_CA] = { "host_capabilities/packages_trusted_ca_fingerprints", KAB_COLUMN_LIST },
  [COLUMN_LOCALES] = { "host_capabilities/packages_locales", KAB_COLUMN_LIST },
  [COLUMN_HASH_LOCAL_STATUS] = { "status_hashes/waptwua_updates_localstatus", KAB_COLUMN_TEXT },
  [COLUMN_HASH_UPDATES] = { "status_hashes/waptwua_updates", KAB_COLUMN_TEXT },
  [COLUMN_HISTORY] = { "history", KAB_COLUMN_RAW },
  [COLUMN_GONE] = { "gone", KAB_COLUMN_TEXT },
};

/* uuid, computer_fqdn, computer_name, description, listening_protocol, last_seen_on, connected_users, wapt_version and
 * host_capabilities come unasked (wapt-server-api § 3.1). */
const char * const kab_wire_host_columns =
  "platform,os_name,os_version,computer_architecture,manufacturer,productname,serialnr,computer_ad_ou,"
  "computer_ad_site,connected_ips,reachable,depends,host_capabilities/packages_maturities,"
  "wapt_status/maturities,wapt_status/pending_reboot_reasons,waptwua_status,wuauserv_status,waptwua_rules,"
  "computer_ad_groups,authorized_certificates_sha256,status_hashes";

KabRow *
kab_host_row_new (void)
{
  return kab_row_new (columns, N_COLUMNS);
}

static const char *
join (KabRow             *row,
      const char * const *list)
{
  gsize size = 1;
  char *text;
  char *end;

  if (list == NULL || list[0] == NULL)
    return NULL;

  for (guint i = 0; list[i] != NULL; i++)
    size += strlen (list[i]) + 2;
  end = text = kab_row_alloc (row, size);
  for (guint i = 0; list[i] != NULL; i++)
    {
      if (i > 0)
        end = g_stpcpy (end, ", ");
      end = g_stpcpy (end, list[i]);
    }
  return text;
}

static const char *
keep (KabRow     *row,
      const char *text)
{
  gsize size = strlen (text) + 1;

  return memcpy (kab_row_alloc (row, size), text, size);
}

/* "name(=version)" → "name version" */
static char *
dup_spelled (const char *requirement)
{
  char *text = g_strdup (requirement);
  char *version = strstr (text, "(=");

  if (version != NULL && g_str_has_suffix (version, ")"))
    {
      version[strlen (version) - 1] = '\0';
      memmove (version + 1, version + 2, strlen (version + 2) + 1);
      *version = ' ';
    }
  return text;
}

/* [{"package", "version", "package_uuid", …}, …] or ["name(=version)", …] → "name version", and the uuids beside them */
static void
read_rules_packages (KabRow        *row,
                     KabHostFields *fields)
{
  const char *json = kab_row_get_text (row, COLUMN_WUA_RULES_PACKAGES);
  g_autoptr(JsonNode) node = json != NULL && json[0] == '[' ? kab_wire_parse (json, -1, NULL) : NULL;
  const char **names;
  const char **uuids;
  JsonArray *array;
  guint n = 0;

  if (node == NULL)
    return;

  array = json_node_get_array (node);
  names = (gpointer) kab_row_alloc (row, (json_array_get_length (array) + 1) * sizeof *names);
  uuids = (gpointer) kab_row_alloc (row, (json_array_get_length (array) + 1) * sizeof *uuids);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      JsonNode *element = json_array_get_element (array, i);
      g_autofree char *text = NULL;
      const char *uuid = NULL;

      if (JSON_NODE_HOLDS_OBJECT (element))
        {
          const char *package = kab_json_get_text (json_node_get_object (element), "package");
          const char *version = kab_json_get_text (json_node_get_object (element), "version");

          uuid = kab_json_get_text (json_node_get_object (element), "package_uuid");
          if (package != NULL)
            text = g_strdup_printf ("%s%s%s", package, version != NULL ? " " : "", version != NULL ? version : "");
        }
      else if (JSON_NODE_HOLDS_VALUE (element) && json_node_get_value_type (element) == G_TYPE_STRING)
        text = dup_spelled (json_node_get_string (element));
      if (text == NULL)
        continue;
      names[n] = keep (row, text);
      uuids[n++] = uuid != NULL ? keep (row, uuid) : "";
    }
  names[n] = uuids[n] = NULL;
  fields->rules_packages = names;
  fields->rules_uuids = uuids;
}

/* The agent's own options; where it tells them, one that is not there is not set, and the default of default_allow is no. */
static void
read_options (KabRow        *row,
              KabHostFields *fields)
{
  if (!kab_row_has (row, COLUMN_PARAMS))
    return;

  fields->default_allow = kab_row_get_tristate (row, COLUMN_DEFAULT_ALLOW);
  if (fields->default_allow == KAB_TRISTATE_NULL)
    fields->default_allow = KAB_TRISTATE_FALSE;
  fields->lists_superseded = kab_row_get_tristate (row, COLUMN_SUPERSEDED);
  fields->allowed_severities = kab_row_get_list (row, COLUMN_SEVERITIES);
  fields->install_delay = kab_row_get_text (row, COLUMN_INSTALL_DELAY);
  if (fields->install_delay == NULL)
    fields->install_delay = "";
}

/* What changes whenever the host reported other updates; both tables take part in a row of host_data. */
static const char *
read_updates_hash (KabRow *row)
{
  const char *local = kab_row_get_text (row, COLUMN_HASH_LOCAL_STATUS);
  const char *updates = kab_row_get_text (row, COLUMN_HASH_UPDATES);
  const char *status = kab_row_get_text (row, COLUMN_WUA);

  if (local != NULL || updates != NULL)
    {
      g_autofree char *both = g_strconcat (local != NULL ? local : "", updates != NULL ? ":" : "", updates, NULL);

      return keep (row, both);
    }
  if (status != NULL)
    {
      g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, status, -1);

      return keep (row, hash);
    }
  return NULL;
}

gboolean
kab_host_row_get (KabRow         *row,
                  KabHostFields  *fields,
                  GError        **error)
{
  memset (fields, 0, sizeof *fields);

  fields->uuid = kab_row_get_text (row, COLUMN_UUID);
  if (fields->uuid == NULL || *fields->uuid == '\0')
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "a host without uuid");
      return FALSE;
    }

  fields->computer_fqdn = kab_row_get_text (row, COLUMN_FQDN);
  fields->computer_name = kab_row_get_text (row, COLUMN_NAME);
  fields->description = kab_row_get_text (row, COLUMN_DESCRIPTION);
  fields->platform = kab_row_get_text (row, COLUMN_PLATFORM);
  /* Old agents leave platform null, but some say it among their capabilities. */
  if (fields->platform == NULL && kab_row_has (row, COLUMN_CAPABILITIES_OS))
    fields->platform = g_ascii_strcasecmp (kab_row_get_text (row, COLUMN_CAPABILITIES_OS), "windows") == 0
                         ? "Windows" : kab_row_get_text (row, COLUMN_CAPABILITIES_OS);
  fields->os_name = kab_row_get_text (row, COLUMN_OS_NAME);
  fields->os_version = kab_row_get_text (row, COLUMN_OS_VERSION);
  fields->computer_architecture = kab_row_get_text (row, COLUMN_ARCHITECTURE);
  fields->manufacturer = kab_row_get_text (row, COLUMN_MANUFACTURER);
  fields->model = kab_row_get_text (row, COLUMN_PRODUCT);
  fields->serial = kab_row_get_text (row, COLUMN_SERIAL);
  fields->organizational_unit = kab_row_get_text (row, COLUMN_AD_OU);
  fields->ad_site = kab_row_get_text (row, COLUMN_AD_SITE);
  fields->wapt_version = kab_row_get_text (row, COLUMN_WAPT_VERSION);
  fields->users = join (row, kab_row_get_list (row, COLUMN_USERS));
  fields->addresses = join (row, kab_row_get_list (row, COLUMN_ADDRESSES));
  fields->reachable = kab_row_get_text (row, COLUMN_REACHABLE);
  fields->listening_protocol = kab_row_get_text (row, COLUMN_PROTOCOL);
  fields->wua_status = kab_row_get_text (row, COLUMN_WUA_STATUS);
  fields->last_error = kab_row_get_text (row, COLUMN_WUA_LAST_ERROR);
  fields->last_install_result = kab_row_get_text (row, COLUMN_WUA_LAST_RESULT);
  fields->wua_agent_version = kab_row_get_text (row, COLUMN_SERVICE_AGENT);
  if (fields->wua_agent_version == NULL)
    fields->wua_agent_version = kab_row_get_text (row, COLUMN_WUA_AGENT);
  fields->updates_hash = read_updates_hash (row);
  fields->status_json = kab_row_get_text (row, COLUMN_WUA);
  fields->service_json = kab_row_get_text (row, COLUMN_SERVICE);
  fields->rules_json = kab_row_get_text (row, COLUMN_RULES);
  fields->maturities = kab_row_get_list (row, COLUMN_CAPABILITIES_MATURITIES);
  if (fields->maturities == NULL)
    fields->maturities = kab_row_get_list (row, COLUMN_STATUS_MATURITIES);
  fields->groups = kab_row_get_list (row, COLUMN_DEPENDS);
  read_rules_packages (row, fields);
  read_options (row, fields);
  fields->ad_groups = kab_row_get_list (row, COLUMN_AD_GROUPS);
  if (fields->ad_groups == NULL)
    fields->ad_groups = kab_row_get_list (row, COLUMN_PROFILES);
  fields->trusted = kab_row_get_list (row, COLUMN_TRUSTED);
  if (fields->trusted == NULL)
    fields->trusted = kab_row_get_list (row, COLUMN_TRUSTED_CA);
  fields->locales = kab_row_get_list (row, COLUMN_LOCALES);
  fields->restart_reasons = kab_row_get_list (row, COLUMN_REBOOT_REASONS);
  fields->last_seen_at = kab_row_get_int (row, COLUMN_LAST_SEEN, 0);
  fields->last_scan_at = kab_row_get_int (row, COLUMN_WUA_LAST_SCAN, 0);
  fields->catalogue_at = kab_row_get_int (row, COLUMN_WUA_CATALOGUE, 0);
  fields->last_install_at = kab_row_get_int (row, COLUMN_WUA_LAST_INSTALL, 0);
  fields->enabled = kab_row_get_tristate (row, COLUMN_WUA_ENABLED);
  fields->reboot_needed = kab_row_get_tristate (row, COLUMN_SERVICE_REBOOT);
  return TRUE;
}

const char *
kab_host_row_get_history (KabRow *row)
{
  return kab_row_get_text (row, COLUMN_HISTORY);
}

const char *
kab_host_row_get_gone (KabRow *row)
{
  return kab_row_get_text (row, COLUMN_GONE);
}
