/* kab-cli-rules.h: what the verbs on rule packages share
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-cli.h"
#include "kab-forecast-job.h"
#include "kab-package-job.h"
#include "kab-rules-context.h"
#include "kab-rules-document.h"

G_BEGIN_DECLS

/* Updates, rule packages and hosts, as the last sync left them. Each at most once; lives as long as @cli. */
KabRulesContext  *kab_cli_open_rules        (KabCli            *cli,
                                             GError           **error);
/**
 * kab_cli_read_rules:
 * @word: a file, "-" for standard input, or a package: "NAME", "NAME=VERSION" or "NAME VERSION"
 * @is_file: (out) (optional): it was a file or standard input
 *
 * A package is read from the server, with its reasons and comments; when that cannot be reached, as the mirror has it.
 */
KabRulesDocument *kab_cli_read_rules        (KabCli            *cli,
                                             const char        *word,
                                             gboolean          *is_file,
                                             GError           **error);
/* Would the word be taken for a file? */
gboolean          kab_cli_is_rules_file     (const char        *word);
/* (transfer none): of the mirror, the newest that the word names */
KabPackage       *kab_cli_find_rule_package (KabCli            *cli,
                                             const char        *word,
                                             GError           **error);
/* Into the file, or "-" or NULL: to standard output. */
gboolean          kab_cli_write_rules       (const char        *path,
                                             KabRulesDocument  *document,
                                             GError           **error);
/* What --allow, --forbid, --remove … say. FALSE when --remove names what is not there. */
gboolean          kab_cli_change_rules      (KabCli            *cli,
                                             KabRulesDocument  *document,
                                             GError           **error);
/* Titles above ids that have no comment yet, so that the text can be read; nothing without a mirror. */
void              kab_cli_comment_rules     (KabCli            *cli,
                                             KabRulesDocument  *document);

/* Whom --host, --unit, --group and --ad-group name; @target: uuid, DN, name; @name: for people */
typedef void (*KabCliTargetFunc) (KabTargetKind kind, const char *target, const char *name, gpointer user_data);
gboolean          kab_cli_visit_targets     (KabCli            *cli,
                                             KabCliTargetFunc   func,
                                             gpointer           user_data,
                                             GError           **error);
void              kab_cli_print_forecast    (KabCli            *cli,
                                             KabForecastJob    *job);
/**
 * kab_cli_run_deed:
 * @document: (nullable): what was to be published, to tell how it differs from what somebody else published
 *
 * kab-cli-deeds.c: gives @job what the options say (key, reason, --out), finishes what broke off before, runs it, prints
 * its rows, and brings the mirror up to date.
 */
KabExit           kab_cli_run_deed          (KabCli            *cli,
                                             KabPackageJob     *job,
                                             KabRulesDocument  *document,
                                             GError           **error);

G_END_DECLS
