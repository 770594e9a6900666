/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include "kab-store-schema.h"

/* A step that was released is never changed: add one at the end, and a dump of a file as it was before to
 * tests/data/store/. Times are Unix seconds UTC; lists are texts whose elements end in 0x1f. */

/* The columns of hosts as step 1 made them */
#define HOSTS_1 \
  "number, fingerprint, history_hash, counted, standing, counts, uuid, computer_fqdn, computer_name, description," \
  " platform, os_name, os_version, organizational_unit, ad_site, wapt_version, users, addresses, reachable," \
  " listening_protocol, wua_status, last_error, maturities, groups, rules_packages, restart_reasons, last_seen_at," \
  " last_scan_at, catalogue_at, enabled, reboot_needed, computer_architecture, manufacturer, model, serial," \
  " last_install_result, wua_agent_version, updates_hash, last_install_at, status_json, service_json, rules_json"

static const char * const mirror_steps[] = {
  /* 1: updates with numbers of our own, which are never given twice: states refer to them for good, so an update that
   * goes away only gets a mark. counts: pairs of counted hosts, 7 × u32 by state, MISSING = waits for the server. */
  "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE TABLE updates ("
  "  number INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  gone INTEGER NOT NULL DEFAULT 0,"
  "  fingerprint INTEGER NOT NULL,"
  "  counts BLOB,"
  "  update_id TEXT NOT NULL UNIQUE, title TEXT, update_type TEXT, severity TEXT, product TEXT, classification TEXT,"
  "  reboot_behaviour TEXT, can_request_user_input TEXT, installation_impact TEXT, uninstallation_impact TEXT,"
  "  support_url TEXT, release_notes TEXT, kbids TEXT, download_urls TEXT, superseded_update_ids TEXT,"
  "  security_bulletin_ids TEXT, languages TEXT, changed_at INTEGER NOT NULL, downloaded_at INTEGER NOT NULL,"
  "  min_download_size INTEGER NOT NULL, max_download_size INTEGER NOT NULL, is_mandatory INTEGER NOT NULL,"
  "  is_beta INTEGER NOT NULL, is_uninstallable INTEGER NOT NULL, requires_network_connectivity INTEGER NOT NULL"
  ") STRICT;"
  /* fingerprint: of all fields; history_hash: of its document; counts: as above, of its pairs; counted, standing:
   * kab_host_fields_is_counted() and kab_host_fields_judge() without limits of time, for the totals of a day. */
  "CREATE TABLE hosts ("
  "  number INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  fingerprint INTEGER NOT NULL, history_hash INTEGER NOT NULL, counted INTEGER NOT NULL, standing INTEGER NOT NULL,"
  "  counts BLOB,"
  "  uuid TEXT NOT NULL UNIQUE, computer_fqdn TEXT, computer_name TEXT, description TEXT, platform TEXT, os_name TEXT,"
  "  os_version TEXT, organizational_unit TEXT, ad_site TEXT, wapt_version TEXT, users TEXT, addresses TEXT,"
  "  reachable TEXT, listening_protocol TEXT, wua_status TEXT, last_error TEXT, maturities TEXT, groups TEXT,"
  "  rules_packages TEXT, restart_reasons TEXT, last_seen_at INTEGER NOT NULL, last_scan_at INTEGER NOT NULL,"
  "  catalogue_at INTEGER NOT NULL, enabled INTEGER NOT NULL, reboot_needed INTEGER NOT NULL,"
  "  computer_architecture TEXT, manufacturer TEXT, model TEXT, serial TEXT, last_install_result TEXT,"
  "  wua_agent_version TEXT, updates_hash TEXT, last_install_at INTEGER NOT NULL, status_json TEXT, service_json TEXT,"
  "  rules_json TEXT"
  ") STRICT;"
  "CREATE INDEX hosts_standing ON hosts (counted, standing, last_seen_at);"
  /* KabStateRecord side by side, sorted by the update's number */
  "CREATE TABLE host_states (host INTEGER PRIMARY KEY, records BLOB NOT NULL) STRICT;"
  /* One JSON object: update id → its history entries */
  "CREATE TABLE host_history (host INTEGER PRIMARY KEY, history TEXT NOT NULL) STRICT;"
  "CREATE TABLE packages (position INTEGER PRIMARY KEY, name_version TEXT NOT NULL, control TEXT NOT NULL) STRICT;"
  /* rules: "" = the package has none that an agent would read */
  "CREATE TABLE rules ("
  "  name_version TEXT PRIMARY KEY, package_uuid TEXT, signature TEXT, rules TEXT NOT NULL"
  ") STRICT, WITHOUT ROWID;"
  "CREATE TABLE sync_log ("
  "  id INTEGER PRIMARY KEY, started_at INTEGER NOT NULL, finished_at INTEGER NOT NULL, level TEXT NOT NULL, error TEXT,"
  "  automatic INTEGER NOT NULL, hosts_new INTEGER NOT NULL, hosts_changed INTEGER NOT NULL,"
  "  hosts_gone INTEGER NOT NULL, updates_new INTEGER NOT NULL, updates_changed INTEGER NOT NULL,"
  "  updates_gone INTEGER NOT NULL, states_changed INTEGER NOT NULL, n_bytes INTEGER NOT NULL,"
  "  n_requests INTEGER NOT NULL"
  ") STRICT;"
  /* What the ledger has still to take; ids are never given twice, so that taking is repeatable. */
  "CREATE TABLE outbox ("
  "  id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL, kind INTEGER NOT NULL, subject TEXT NOT NULL, detail BLOB"
  ") STRICT;"
  "INSERT INTO meta VALUES ('mirror_id', lower (hex (randomblob (16))));",
  /* 2: what decides which packages a host takes, before the documents that may be long. No fingerprint of a host is right
   * any more, and without a counter the next sync asks for all of them; packages get the names of their files.
   * known_rules: what hosts may still apply when the server has the package no more, or another of the same version. */
  "CREATE TABLE hosts_2 ("
  "  number INTEGER PRIMARY KEY AUTOINCREMENT,"
  "  fingerprint INTEGER NOT NULL, history_hash INTEGER NOT NULL, counted INTEGER NOT NULL, standing INTEGER NOT NULL,"
  "  counts BLOB,"
  "  uuid TEXT NOT NULL UNIQUE, computer_fqdn TEXT, computer_name TEXT, description TEXT, platform TEXT, os_name TEXT,"
  "  os_version TEXT, organizational_unit TEXT, ad_site TEXT, wapt_version TEXT, users TEXT, addresses TEXT,"
  "  reachable TEXT, listening_protocol TEXT, wua_status TEXT, last_error TEXT, maturities TEXT, groups TEXT,"
  "  rules_packages TEXT, restart_reasons TEXT, last_seen_at INTEGER NOT NULL, last_scan_at INTEGER NOT NULL,"
  "  catalogue_at INTEGER NOT NULL, enabled INTEGER NOT NULL, reboot_needed INTEGER NOT NULL,"
  "  default_allow INTEGER NOT NULL DEFAULT 0, lists_superseded INTEGER NOT NULL DEFAULT 0, install_delay TEXT,"
  "  allowed_severities TEXT, ad_groups TEXT, trusted TEXT, locales TEXT, rules_uuids TEXT,"
  "  computer_architecture TEXT, manufacturer TEXT, model TEXT, serial TEXT, last_install_result TEXT,"
  "  wua_agent_version TEXT, updates_hash TEXT, last_install_at INTEGER NOT NULL, status_json TEXT, service_json TEXT,"
  "  rules_json TEXT"
  ") STRICT;"
  "INSERT INTO hosts_2 (" HOSTS_1 ") SELECT " HOSTS_1 " FROM hosts;"
  "UPDATE hosts_2 SET fingerprint = 0;"
  "DELETE FROM sqlite_sequence WHERE name = 'hosts_2';"
  "INSERT INTO sqlite_sequence SELECT 'hosts_2', seq FROM sqlite_sequence WHERE name = 'hosts';"
  "DROP TABLE hosts;"
  "ALTER TABLE hosts_2 RENAME TO hosts;"
  "CREATE INDEX hosts_standing ON hosts (counted, standing, last_seen_at);"
  "DELETE FROM meta WHERE key IN ('counter', 'epoch', 'packages_modified');"
  "CREATE TABLE known_rules ("
  "  number INTEGER PRIMARY KEY AUTOINCREMENT, package_uuid TEXT NOT NULL UNIQUE, name_version TEXT NOT NULL,"
  "  rules TEXT NOT NULL"
  ") STRICT;"
  "INSERT INTO known_rules (package_uuid, name_version, rules)"
  "  SELECT package_uuid, name_version, rules FROM rules WHERE package_uuid <> '' GROUP BY package_uuid;"
  "CREATE TRIGGER rules_known AFTER INSERT ON rules WHEN NEW.package_uuid <> '' BEGIN"
  "  INSERT OR REPLACE INTO known_rules (package_uuid, name_version, rules)"
  "    VALUES (NEW.package_uuid, NEW.name_version, NEW.rules);"
  "  DELETE FROM known_rules WHERE number <= (SELECT max (number) FROM known_rules) - 10000;"
  "END;",
};

/* What a line of the approval log says, and a step that will leave one */
#define APPROVAL_TEXTS " deed TEXT NOT NULL, who TEXT NOT NULL, person TEXT NOT NULL, package TEXT NOT NULL," \
  " version TEXT NOT NULL, maturity TEXT NOT NULL, package_uuid TEXT NOT NULL, file_name TEXT NOT NULL," \
  " sha256 TEXT NOT NULL, target TEXT NOT NULL, signer TEXT NOT NULL, fingerprint TEXT NOT NULL," \
  " reason TEXT NOT NULL, gate TEXT NOT NULL, note TEXT NOT NULL"
#define OTHER_COLUMNS "deed, who, person, version, maturity, package_uuid, file_name, sha256, target, signer," \
  " fingerprint, reason, gate, note"

static const char * const ledger_steps[] = {
  /* 1: a host's first report of all its pairs leaves one row in spans, and each later change of one pair a row in
   * changes: from a pair's last change, or else from its span's begin, its state has been what it is. before, after:
   * KabState, 15 = the host does not report the update; MISSING there = waits for the server's copy, whose times are
   * in copies. Each row is there twice, in its table and in an index that has all columns, so that a page that is lost
   * takes nothing with it (kab-ledger-salvage.c); hosts and updates have that in their unique names. */
  "CREATE TABLE hosts (number INTEGER PRIMARY KEY, uuid TEXT NOT NULL UNIQUE) STRICT;"
  "CREATE TABLE updates (number INTEGER PRIMARY KEY, update_id TEXT NOT NULL UNIQUE) STRICT;"
  "CREATE TABLE spans (host INTEGER NOT NULL, begin_at INTEGER NOT NULL, end_at INTEGER NOT NULL,"
  "  PRIMARY KEY (host, begin_at)) STRICT, WITHOUT ROWID;"
  "CREATE INDEX spans_twice ON spans (begin_at, host, end_at);"
  "CREATE TABLE changes (host INTEGER NOT NULL, upd INTEGER NOT NULL, at INTEGER NOT NULL, before INTEGER NOT NULL,"
  "  after INTEGER NOT NULL, PRIMARY KEY (host, upd, at)) STRICT, WITHOUT ROWID;"
  "CREATE INDEX changes_twice ON changes (upd, at, host, before, after);"
  "CREATE TABLE copies (upd INTEGER NOT NULL, at INTEGER NOT NULL, has INTEGER NOT NULL,"
  "  PRIMARY KEY (upd, at)) STRICT, WITHOUT ROWID;"
  "CREATE INDEX copies_twice ON copies (at, upd, has);"
  "CREATE TABLE days (day INTEGER PRIMARY KEY, unknown INTEGER NOT NULL, ok INTEGER NOT NULL, pending INTEGER NOT NULL,"
  "  missing INTEGER NOT NULL, discarded INTEGER NOT NULL, error INTEGER NOT NULL, superseded INTEGER NOT NULL,"
  "  n_hosts INTEGER NOT NULL, n_compliant INTEGER NOT NULL) STRICT;"
  "CREATE INDEX days_twice ON days (n_hosts, day, unknown, ok, pending, missing, discarded, error, superseded,"
  "  n_compliant);"
  /* When a mirror began anew: what changed between then and the sync before is not known to the minute. */
  "CREATE TABLE mirrors (mirror_id TEXT PRIMARY KEY, begin_at INTEGER NOT NULL, taken INTEGER NOT NULL)"
  "  STRICT, WITHOUT ROWID;"
  "CREATE INDEX mirrors_twice ON mirrors (begin_at, mirror_id, taken);",

  /* 2: what people decided. The approval log is only added to: the database refuses to change or remove a line, and to
   * replace one. A journal row with ended_at 0 is under way; its steps carry the lines that they will leave in the log.
   * kept: copies beside this file. Each row is there twice, as above. */
  "CREATE TABLE approvals (id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL," APPROVAL_TEXTS ") STRICT;"
  "CREATE INDEX approvals_twice ON approvals (package, id, at, " OTHER_COLUMNS ");"
  "CREATE TRIGGER approvals_no_update BEFORE UPDATE ON approvals BEGIN"
  " SELECT RAISE (ABORT, 'the approval log is only added to'); END;"
  "CREATE TRIGGER approvals_no_delete BEFORE DELETE ON approvals BEGIN"
  " SELECT RAISE (ABORT, 'the approval log is only added to'); END;"
  "CREATE TRIGGER approvals_no_replace BEFORE INSERT ON approvals WHEN EXISTS"
  " (SELECT 1 FROM approvals WHERE id = NEW.id) BEGIN"
  " SELECT RAISE (ABORT, 'the approval log is only added to'); END;"
  "CREATE TABLE journal (id INTEGER PRIMARY KEY AUTOINCREMENT, deed TEXT NOT NULL, draft TEXT NOT NULL,"
  "  begun_at INTEGER NOT NULL, ended_at INTEGER NOT NULL) STRICT;"
  "CREATE INDEX journal_twice ON journal (ended_at, id, begun_at, deed, draft);"
  "CREATE TABLE steps (journal INTEGER NOT NULL, number INTEGER NOT NULL, kind INTEGER NOT NULL, state INTEGER NOT NULL,"
  "  section TEXT NOT NULL, expected TEXT NOT NULL, place TEXT NOT NULL, message TEXT NOT NULL," APPROVAL_TEXTS ","
  "  PRIMARY KEY (journal, number)) STRICT, WITHOUT ROWID;"
  "CREATE INDEX steps_twice ON steps (package, journal, number, kind, state, section, expected, place, message, "
  "  " OTHER_COLUMNS ");"
  "CREATE TABLE kept (number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, package TEXT NOT NULL,"
  "  version TEXT NOT NULL, maturity TEXT NOT NULL, package_uuid TEXT NOT NULL, signer TEXT NOT NULL,"
  "  fingerprint TEXT NOT NULL, at INTEGER NOT NULL) STRICT;"
  "CREATE INDEX kept_twice ON kept (package, number, sha256, version, maturity, package_uuid, signer, fingerprint, at);"
  "CREATE TABLE drafts (id TEXT PRIMARY KEY, name TEXT NOT NULL, text TEXT NOT NULL, extra TEXT NOT NULL,"
  "  at INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
  "CREATE INDEX drafts_twice ON drafts (at, id, name, text, extra);",
};

const char * const *
kab_store_schema_get_mirror_steps (guint *n_steps)
{
  *n_steps = G_N_ELEMENTS (mirror_steps);
  return mirror_steps;
}

const char * const *
kab_store_schema_get_ledger_steps (guint *n_steps)
{
  *n_steps = G_N_ELEMENTS (ledger_steps);
  return ledger_steps;
}
