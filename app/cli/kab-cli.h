/* kab-cli.h: what the verbs of kabinetctl share
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-detail.h"
#include "kab-job.h"
#include "kab-mirror.h"
#include "kab-profiles.h"
#include "kab-sign-in.h"
#include "kab-snapshot.h"

G_BEGIN_DECLS

/* How the program ends. */
typedef enum {
  KAB_EXIT_DONE      = 0,
  KAB_EXIT_FAILED    = 1,
  KAB_EXIT_USAGE     = 2,
  KAB_EXIT_REFUSED   = 3,
  KAB_EXIT_NETWORK   = 4,
  KAB_EXIT_AUTH      = 5,
  KAB_EXIT_BAD_DATA  = 6,
  KAB_EXIT_STORAGE   = 7,
  KAB_EXIT_CANCELLED = 130,
} KabExit;

typedef enum {
  KAB_FORMAT_TABLE,
  KAB_FORMAT_JSON,
  KAB_FORMAT_CSV,
} KabFormat;

/* What was typed. */
typedef struct {
  char     *profile;
  char     *server;
  char     *user;
  char     *password_file;
  char     *ca;
  char     *store;
  char     *format;
  char     *key;
  char     *certificate;
  char     *passphrase_file;
  char     *sort;
  char    **updates;
  char     *out;             /* deeds on packages */
  char     *reason;
  char     *maturity;
  char     *description;     /* rules: what a document gets or loses */
  char     *from;
  char    **allow;
  char    **forbid;
  char    **allow_severities;
  char    **allow_classifications;
  char    **allow_products;
  char    **drop;
  char    **hosts;           /* targets */
  char    **units;
  char    **groups;
  char    **ad_groups;
  char     *default_allow;   /* forecast */
  char     *delay;
  char     *new_delay;
  char     *gate_bound;      /* promotion */
  char     *gate_reported;
  char     *gate_days;
  char     *at;              /* package files and keys */
  char     *folder;
  char     *new_passphrase_file;
  char    **trust;
  char    **revoked;
  char    **set;
  int       limit;
  int       patience;
  int       days;
  gboolean  keep_date;
  gboolean  next_version;
  gboolean  no_code;
  gboolean  no_copy;
  gboolean  descending;
  gboolean  open_level;
  gboolean  accept_server;
  gboolean  no_sync;
  gboolean  remove;
  gboolean  pairs;
  gboolean  strict;
  gboolean  fix;
  gboolean  quiet;
  gboolean  verbose;
  gboolean  help;
  gboolean  version;
} KabCliOptions;

/* One run of the program. @profile and what follows: see kab_cli_open_*() */
typedef struct {
  KabCliOptions  options;
  KabFormat      format;
  char         **words;         /* behind the verb */
  KabProfile    *profile;
  KabSignIn     *sign_in;
  KabMirror     *mirror;
  KabSnapshot   *snapshot;
  struct _KabRulesContext *rules;
} KabCli;

/**
 * KabCliVerb:
 * @name: "updates list"
 * @words: N_() what follows it, "[QUERY…]"
 * @summary: N_() one line
 * @groups: which options it takes beside those of every verb
 */
typedef enum {
  KAB_CLI_TAKES_LIST    = 1 << 0,
  KAB_CLI_TAKES_SYNC    = 1 << 1,
  KAB_CLI_TAKES_SIGNING = 1 << 2,     /* key, certificate and its passphrase */
  KAB_CLI_TAKES_TRIGGER = 1 << 3,
  KAB_CLI_TAKES_NO_SYNC = 1 << 4,
  KAB_CLI_TAKES_OUT     = 1 << 5,
  KAB_CLI_TAKES_REASON  = 1 << 6,
  KAB_CLI_TAKES_RULES   = 1 << 7,     /* what a rules document gets or loses */
  KAB_CLI_TAKES_DROP    = 1 << 8,
  KAB_CLI_TAKES_TARGETS = 1 << 9,     /* hosts, units, groups, profiles */
  KAB_CLI_TAKES_REMOVE  = 1 << 10,
  KAB_CLI_TAKES_ASSUMED = 1 << 11,
  KAB_CLI_TAKES_LINT    = 1 << 12,
  KAB_CLI_TAKES_FROM    = 1 << 13,
  KAB_CLI_TAKES_TRUST   = 1 << 14,    /* whom to judge by */
  KAB_CLI_TAKES_CHANGES = 1 << 15,    /* of a package that is signed anew */
  KAB_CLI_TAKES_FOLDER  = 1 << 16,    /* of keys */
  KAB_CLI_TAKES_NEW_KEY = 1 << 17,
  KAB_CLI_TAKES_IMPORT  = 1 << 18,
  KAB_CLI_TAKES_MATURITY = 1 << 19,
  KAB_CLI_TAKES_GATE    = 1 << 20,
  KAB_CLI_TAKES_NO_COPY = 1 << 21,
  KAB_CLI_NAMES_FILES   = 1 << 22,    /* its words are files that must be there */
} KabCliGroups;

typedef struct {
  const char   *name;
  const char   *words;
  const char   *summary;
  KabCliGroups  groups;
  guint         min_words;
  guint         max_words;
  KabExit     (*run) (KabCli *cli, GError **error);
} KabCliVerb;

/* kab-cli-verbs.c */
const KabCliVerb *kab_cli_get_verbs       (guint            *n_verbs);

/* kab-cli-options.c */
/* Parses everything; @verb: (out): %NULL when only help or version is wanted. KAB_ERROR_USAGE */
gboolean          kab_cli_parse           (KabCli           *cli,
                                           int               argc,
                                           char            **argv,
                                           const KabCliVerb **verb,
                                           GError          **error);
char             *kab_cli_get_help        (const KabCliVerb *verb);      /* NULL = of the program */
void              kab_cli_clear           (KabCli           *cli);

/* kab-cli-open.c: each at most once */
gboolean          kab_cli_open_profile    (KabCli           *cli,
                                           GError          **error);
gboolean          kab_cli_open_mirror     (KabCli           *cli,
                                           GError          **error);
gboolean          kab_cli_open_sign_in    (KabCli           *cli,
                                           GError          **error);
/* And the fleet as the last sync left it, in cli->snapshot; KAB_ERROR_NOT_FOUND when there was none. (transfer none) */
KabStore         *kab_cli_open_store      (KabCli           *cli,
                                           GError          **error);
/* Can each file be read that an option or a word names? KAB_ERROR_USAGE */
gboolean          kab_cli_check_files     (const KabCli     *cli,
                                           const KabCliVerb *verb,
                                           GError          **error);
KabHostDetail    *kab_cli_read_host       (KabCli           *cli,
                                           const char       *word,
                                           GError          **error);
/* First line of a file, "-" = standard input. Warns when others may read the file. Free with kab_secret_free(). */
char             *kab_cli_read_secret     (const char       *path,
                                           GError          **error);
gint64            kab_cli_get_now         (void);
/* @path: (nullable): as above; without one the terminal is asked. NULL without @error: nobody to ask */
char             *kab_cli_get_secret      (const char       *path,
                                           const char       *question,
                                           GError          **error);

/* kab-cli-package-sign.c: from --key, --certificate and --passphrase-file, or the terminal. (transfer full) */
struct _KabSigner *kab_cli_open_signer    (KabCli           *cli,
                                           GError          **error);

/* kab-cli-error.c */
KabExit           kab_cli_exit_of         (const GError     *error);
/* What happened and what to do, on standard error */
void              kab_cli_print_error     (const KabCli     *cli,
                                           const GError     *error);

/* kab-cli-job.c: runs it with progress on a terminal; Ctrl-C cancels it */
gboolean          kab_cli_run_job         (KabCli           *cli,
                                           KabJob           *job,
                                           GError          **error);

/* The verbs. */
KabExit           kab_cli_sync            (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_status          (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_updates_list    (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_updates_show    (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_hosts_list      (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_hosts_show      (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_explain         (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_package_show    (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_package_verify  (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_package_sign    (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_package_promote (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_package_rollback (KabCli          *cli,
                                           GError          **error);
KabExit           kab_cli_package_upload  (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_package_delete  (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_package_log     (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_keys_new        (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_keys_list       (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_keys_import     (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_tasks_trigger   (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_tasks_list      (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_rules_list      (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_rules_show      (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_rules_new       (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_rules_edit      (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_rules_lint      (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_rules_diff      (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_rules_forecast  (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_rules_publish   (KabCli           *cli,
                                           GError          **error);
KabExit           kab_cli_rules_assign    (KabCli           *cli,
                                           GError          **error);

/* Turns a msgid into the reader's language, as a function */
const char       *kab_cli_translate       (const char       *msgid);

G_END_DECLS
