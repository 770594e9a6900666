/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include "kab-depot-private.h"

/* Steps only grow. Times are Unix seconds UTC but for created_at and updated_at, which are microseconds.
 * hosts.counter is raised by any change of the host, host_states.counter only by one of its states. What a stream of
 * all hosts needs stands at the front of a row: the rest may lie on overflow pages that are then never read. */
const char * const kab_depot_schema[] = {
  "CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE TABLE accounts ("
  "  name TEXT PRIMARY KEY, salt TEXT NOT NULL, hash TEXT NOT NULL, rounds INTEGER NOT NULL, rights TEXT NOT NULL"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TABLE updates ("
  "  n INTEGER PRIMARY KEY, update_id TEXT NOT NULL UNIQUE, counter INTEGER NOT NULL, changed_at INTEGER NOT NULL,"
  "  downloaded_at INTEGER NOT NULL, created_at INTEGER NOT NULL, updated_at INTEGER NOT NULL,"
  "  members TEXT NOT NULL, line TEXT NOT NULL"
  ") STRICT;"
  "CREATE INDEX updates_counter ON updates (counter);"
  "CREATE TABLE hosts ("
  "  id INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE, counter INTEGER NOT NULL, digest TEXT NOT NULL,"
  "  last_seen_on INTEGER NOT NULL, listening_timestamp INTEGER NOT NULL, members TEXT NOT NULL,"
  "  computer_fqdn TEXT, computer_name TEXT, description TEXT, computer_type TEXT, computer_architecture TEXT,"
  "  os_name TEXT, os_version TEXT, os_architecture TEXT, platform TEXT, manufacturer TEXT, productname TEXT,"
  "  serialnr TEXT, dnsdomain TEXT, computer_ad_ou TEXT, computer_ad_site TEXT, reachable TEXT,"
  "  listening_protocol TEXT, listening_address TEXT, registration_auth_user TEXT, host_status TEXT,"
  "  audit_status TEXT, last_logged_on_user TEXT, wapt_version TEXT, repositories TEXT, depends TEXT,"
  "  status_hashes TEXT, connected_ips TEXT, mac_addresses TEXT, gateways TEXT, networks TEXT,"
  "  connected_users TEXT, computer_ad_groups TEXT, authorized_certificates_sha256 TEXT,"
  "  last_update_status TEXT, host_capabilities TEXT, host_metrics TEXT, wapt_status TEXT, waptwua_status TEXT,"
  "  wuauserv_status TEXT, waptwua_rules TEXT, host_info TEXT, dmi TEXT, wmi TEXT,"
  "  installed_packages TEXT, installed_softwares TEXT"
  ") STRICT;"
  "CREATE INDEX hosts_counter ON hosts (counter);"
  "CREATE INDEX hosts_last_seen ON hosts (last_seen_on DESC);"
  "CREATE TABLE host_states ("
  "  host INTEGER PRIMARY KEY REFERENCES hosts (id) ON DELETE CASCADE, counter INTEGER NOT NULL,"
  "  digest TEXT NOT NULL, records BLOB NOT NULL, history TEXT"
  ") STRICT;"
  "CREATE TABLE host_packages ("
  "  host INTEGER NOT NULL REFERENCES hosts (id) ON DELETE CASCADE, position INTEGER NOT NULL,"
  "  package TEXT, version TEXT, section TEXT, priority TEXT, install_status TEXT, row TEXT NOT NULL,"
  "  PRIMARY KEY (host, position)"
  ") STRICT, WITHOUT ROWID;"
  "CREATE INDEX host_packages_package ON host_packages (package);"
  "CREATE TABLE gone (uuid TEXT PRIMARY KEY, counter INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE TABLE packages ("
  "  filename TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, md5sum TEXT NOT NULL,"
  "  control TEXT NOT NULL, certificate TEXT"
  ") STRICT, WITHOUT ROWID;",
};
const guint kab_depot_n_schema = G_N_ELEMENTS (kab_depot_schema);

#define MEMBER(member) G_STRUCT_OFFSET (KabDepotHost, member)

/* The base columns first, in the order of the recorded answers. */
const KabDepotColumn kab_depot_columns[] = {
  { "uuid", KAB_DEPOT_TEXT, MEMBER (uuid), TRUE, TRUE },
  { "host_status", KAB_DEPOT_TEXT, MEMBER (host_status), TRUE, FALSE },
  { "last_seen_on", KAB_DEPOT_TIME, MEMBER (last_seen_at), TRUE, TRUE },
  { "last_update_status", KAB_DEPOT_JSON, MEMBER (last_update_status_json), TRUE, FALSE },
  { "computer_fqdn", KAB_DEPOT_TEXT, MEMBER (computer_fqdn), TRUE, TRUE },
  { "computer_name", KAB_DEPOT_TEXT, MEMBER (computer_name), TRUE, TRUE },
  { "description", KAB_DEPOT_TEXT, MEMBER (description), TRUE, TRUE },
  { "dnsdomain", KAB_DEPOT_TEXT, MEMBER (dnsdomain), TRUE, FALSE },
  { "server_uuid", KAB_DEPOT_SERVER, 0, TRUE, FALSE },
  { "listening_protocol", KAB_DEPOT_TEXT, MEMBER (listening_protocol), TRUE, TRUE },
  { "listening_address", KAB_DEPOT_TEXT, MEMBER (listening_address), TRUE, FALSE },
  { "listening_port", KAB_DEPOT_NULL, 0, TRUE, FALSE },
  { "listening_timestamp", KAB_DEPOT_TIME, MEMBER (listening_at), TRUE, FALSE },
  { "connected_users", KAB_DEPOT_JSON, MEMBER (connected_users_json), TRUE, TRUE },
  { "registration_auth_user", KAB_DEPOT_TEXT, MEMBER (registration_auth_user), TRUE, FALSE },
  { "wapt_version", KAB_DEPOT_TEXT, MEMBER (wapt_version), TRUE, TRUE },
  { "host_capabilities", KAB_DEPOT_JSON, MEMBER (host_capabilities_json), TRUE, FALSE },
  { "computer_type", KAB_DEPOT_TEXT, MEMBER (computer_type), FALSE, FALSE },
  { "computer_architecture", KAB_DEPOT_TEXT, MEMBER (computer_architecture), FALSE, TRUE },
  { "os_name", KAB_DEPOT_TEXT, MEMBER (os_name), FALSE, TRUE },
  { "os_version", KAB_DEPOT_TEXT, MEMBER (os_version), FALSE, TRUE },
  { "os_architecture", KAB_DEPOT_TEXT, MEMBER (os_architecture), FALSE, FALSE },
  { "platform", KAB_DEPOT_TEXT, MEMBER (platform), FALSE, TRUE },
  { "manufacturer", KAB_DEPOT_TEXT, MEMBER (manufacturer), FALSE, TRUE },
  { "productname", KAB_DEPOT_TEXT, MEMBER (productname), FALSE, TRUE },
  { "serialnr", KAB_DEPOT_TEXT, MEMBER (serialnr), FALSE, TRUE },
  { "computer_ad_ou", KAB_DEPOT_TEXT, MEMBER (computer_ad_ou), FALSE, TRUE },
  { "computer_ad_site", KAB_DEPOT_TEXT, MEMBER (computer_ad_site), FALSE, TRUE },
  { "reachable", KAB_DEPOT_TEXT, MEMBER (reachable), FALSE, TRUE },
  { "audit_status", KAB_DEPOT_TEXT, MEMBER (audit_status), FALSE, FALSE },
  { "last_logged_on_user", KAB_DEPOT_TEXT, MEMBER (last_logged_on_user), FALSE, FALSE },
  { "repositories", KAB_DEPOT_TEXT, MEMBER (repositories), FALSE, FALSE },
  { "depends", KAB_DEPOT_LIST, MEMBER (depends), FALSE, TRUE },
  { "status_hashes", KAB_DEPOT_JSON, MEMBER (status_hashes_json), FALSE, TRUE },
  { "connected_ips", KAB_DEPOT_JSON, MEMBER (connected_ips_json), FALSE, TRUE },
  { "mac_addresses", KAB_DEPOT_JSON, MEMBER (mac_addresses_json), FALSE, FALSE },
  { "gateways", KAB_DEPOT_JSON, MEMBER (gateways_json), FALSE, FALSE },
  { "networks", KAB_DEPOT_JSON, MEMBER (networks_json), FALSE, FALSE },
  { "computer_ad_groups", KAB_DEPOT_JSON, MEMBER (computer_ad_groups_json), FALSE, TRUE },
  { "authorized_certificates_sha256", KAB_DEPOT_JSON, MEMBER (authorized_certificates_sha256_json), FALSE, TRUE },
  { "host_metrics", KAB_DEPOT_JSON, MEMBER (host_metrics_json), FALSE, FALSE },
  { "wapt_status", KAB_DEPOT_JSON, MEMBER (wapt_status_json), FALSE, FALSE },
  { "waptwua_status", KAB_DEPOT_JSON, MEMBER (waptwua_status_json), FALSE, TRUE },
  { "wuauserv_status", KAB_DEPOT_JSON, MEMBER (wuauserv_status_json), FALSE, TRUE },
  { "waptwua_rules", KAB_DEPOT_JSON, MEMBER (waptwua_rules_json), FALSE, TRUE },
  { "host_info", KAB_DEPOT_JSON, MEMBER (host_info_json), FALSE, FALSE },
  { "dmi", KAB_DEPOT_JSON, MEMBER (dmi_json), FALSE, FALSE },
  { "wmi", KAB_DEPOT_JSON, MEMBER (wmi_json), FALSE, FALSE },
};
const guint kab_depot_n_columns = G_N_ELEMENTS (kab_depot_columns);

const KabDepotColumn *
kab_depot_find_column (const char *name,
                       gsize       length)
{
  for (guint i = 0; i < G_N_ELEMENTS (kab_depot_columns); i++)
    {
      const char *known = kab_depot_columns[i].name;

      if (strncmp (known, name, length) == 0 && known[length] == '\0')
        return &kab_depot_columns[i];
    }
  return NULL;
}
