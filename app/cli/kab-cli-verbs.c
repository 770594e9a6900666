/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-cli.h"

static const KabCliVerb verbs[] = {
  { "sync", "", N_("Bring the mirror up to date with the server"),
    KAB_CLI_TAKES_SYNC, 0, 0, kab_cli_sync },
  { "status", "", N_("Say how the fleet stands and how old that is"),
    0, 0, 0, kab_cli_status },
  { "updates list", N_("[QUERY…]"), N_("List updates, with counts of hosts"),
    KAB_CLI_TAKES_LIST, 0, G_MAXUINT, kab_cli_updates_list },
  { "updates show", N_("UPDATE"), N_("Show one update: an id, a GUID or a KB"),
    0, 1, 1, kab_cli_updates_show },
  { "hosts list", N_("[QUERY…]"), N_("List hosts, with counts of updates"),
    KAB_CLI_TAKES_LIST, 0, G_MAXUINT, kab_cli_hosts_list },
  { "hosts show", N_("HOST"), N_("Show one host with its updates: a UUID or a name"),
    0, 1, 1, kab_cli_hosts_show },
  { "explain", N_("HOST UPDATE"), N_("Say why an update is in its state on a host"),
    0, 2, 2, kab_cli_explain },
  { "tasks trigger", N_("scan|download|install|upgrade-packages|cancel-tasks HOST…"),
    N_("Ask hosts to do something, and follow them until it is done"),
    KAB_CLI_TAKES_SIGNING | KAB_CLI_TAKES_TRIGGER | KAB_CLI_TAKES_NO_SYNC, 2, G_MAXUINT, kab_cli_tasks_trigger },
  { "tasks list", N_("HOST"), N_("List what a host runs and ran"),
    0, 1, 1, kab_cli_tasks_list },
  { "rules list", N_("[NAME]"), N_("List rule packages"),
    0, 0, 1, kab_cli_rules_list },
  { "rules show", N_("RULES"), N_("Print rules as text: a package, “NAME=VERSION”, or a file"),
    KAB_CLI_TAKES_OUT, 1, 1, kab_cli_rules_show },
  { "rules new", N_("NAME"), N_("Write rules for a new package"),
    KAB_CLI_TAKES_RULES | KAB_CLI_TAKES_FROM | KAB_CLI_TAKES_REASON | KAB_CLI_TAKES_OUT, 1, 1, kab_cli_rules_new },
  { "rules edit", N_("RULES"), N_("Change rules with options, or in an editor"),
    KAB_CLI_TAKES_RULES | KAB_CLI_TAKES_DROP | KAB_CLI_TAKES_REASON | KAB_CLI_TAKES_OUT, 1, 1, kab_cli_rules_edit },
  { "rules lint", N_("[RULES…]"), N_("Find what is wrong or useless in rules, or in those of the fleet"),
    KAB_CLI_TAKES_LINT, 0, G_MAXUINT, kab_cli_rules_lint },
  { "rules diff", N_("RULES RULES"), N_("Say in words what the second rules change"),
    0, 2, 2, kab_cli_rules_diff },
  { "rules forecast", N_("[RULES]"), N_("Say what publishing, promoting or assigning would change on the fleet"),
    KAB_CLI_TAKES_ASSUMED | KAB_CLI_TAKES_TARGETS | KAB_CLI_TAKES_REMOVE | KAB_CLI_TAKES_MATURITY, 0, 1,
    kab_cli_rules_forecast },
  { "rules publish", N_("FILE"), N_("Build, sign and upload rules as the next version of their package"),
    KAB_CLI_TAKES_SIGNING | KAB_CLI_TAKES_REASON | KAB_CLI_TAKES_OUT | KAB_CLI_TAKES_NO_SYNC, 1, 1, kab_cli_rules_publish },
  { "rules assign", N_("PACKAGE"), N_("Give a rule package to hosts, units or groups, or take it away"),
    KAB_CLI_TAKES_SIGNING | KAB_CLI_TAKES_REASON | KAB_CLI_TAKES_TARGETS | KAB_CLI_TAKES_REMOVE | KAB_CLI_TAKES_OUT |
    KAB_CLI_TAKES_NO_SYNC, 1, 1, kab_cli_rules_assign },
  { "package show", N_("FILE"), N_("Show what a package file says of itself"),
    KAB_CLI_NAMES_FILES, 1, 1, kab_cli_package_show },
  { "package verify", N_("FILE [CERT…]"), N_("Say whether WAPT would accept a package file, and whether that is safe"),
    KAB_CLI_TAKES_TRUST | KAB_CLI_NAMES_FILES, 1, G_MAXUINT, kab_cli_package_verify },
  { "package sign", N_("FILE"), N_("Sign a package file anew"),
    KAB_CLI_TAKES_SIGNING | KAB_CLI_TAKES_CHANGES | KAB_CLI_NAMES_FILES, 1, 1, kab_cli_package_sign },
  { "package promote", N_("NAME[=VERSION]"), N_("Give a package its next maturity, when those who have it did well"),
    KAB_CLI_TAKES_SIGNING | KAB_CLI_TAKES_MATURITY | KAB_CLI_TAKES_REASON | KAB_CLI_TAKES_GATE | KAB_CLI_TAKES_OUT |
    KAB_CLI_TAKES_NO_SYNC, 1, 1, kab_cli_package_promote },
  { "package rollback", N_("NAME[=VERSION]"), N_("Publish what a package was before, as a newer version"),
    KAB_CLI_TAKES_SIGNING | KAB_CLI_TAKES_MATURITY | KAB_CLI_TAKES_REASON | KAB_CLI_TAKES_OUT | KAB_CLI_TAKES_NO_SYNC, 1, 1,
    kab_cli_package_rollback },
  { "package upload", N_("FILE…"), N_("Upload packages that are signed already"),
    KAB_CLI_TAKES_REASON | KAB_CLI_TAKES_NO_SYNC | KAB_CLI_NAMES_FILES, 1, G_MAXUINT, kab_cli_package_upload },
  { "package delete", N_("NAME=VERSION…"), N_("Delete packages from the server"),
    KAB_CLI_TAKES_REASON | KAB_CLI_TAKES_NO_COPY | KAB_CLI_TAKES_NO_SYNC, 1, G_MAXUINT, kab_cli_package_delete },
  { "package log", N_("[NAME]"), N_("Print the approval log: who published what, and why"),
    0, 0, 1, kab_cli_package_log },
  { "keys new", N_("NAME"), N_("Make a signing key and its certificate"),
    KAB_CLI_TAKES_FOLDER | KAB_CLI_TAKES_NEW_KEY, 1, 1, kab_cli_keys_new },
  { "keys list", "", N_("List signing certificates: what for, and until when"),
    KAB_CLI_TAKES_FOLDER, 0, 0, kab_cli_keys_list },
  { "keys import", N_("FILE"), N_("Bring a signing key from PEM or PKCS#12"),
    KAB_CLI_TAKES_FOLDER | KAB_CLI_TAKES_IMPORT | KAB_CLI_NAMES_FILES, 1, 1, kab_cli_keys_import },
};

const KabCliVerb *
kab_cli_get_verbs (guint *n_verbs)
{
  *n_verbs = G_N_ELEMENTS (verbs);

  return verbs;
}

const char *
kab_cli_translate (const char *msgid)
{
  return gettext (msgid);
}
