/* kab-test-server.h: the real kabinet-server as a child, and kabinetctl as another
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-profiles.h"
#include "kab-sign-in.h"
#include "kab-store.h"

G_BEGIN_DECLS

/* What the child said when it was ready. */
typedef struct {
  GSubprocess *process;
  KabProfile  *profile;       /* address, user, CA, signing key and certificate */
  char        *password;
  char        *passphrase;    /* of the signing key, or NULL */
  char        *publisher;     /* with --publisher: may upload and not delete; else NULL */
  char        *publisher_password;
} KabTestServer;

/**
 * kab_test_server_start:
 * @folder: its data; a folder that was used before goes on where it was
 * @fault: (nullable): value of KABINET_FAULT for the child
 * @...: further arguments, NULL at the end
 *
 * Waits for the line that says it is ready. Returns: %NULL only with @fault, when the child died before.
 */
KabTestServer *kab_test_server_start  (const char     *folder,
                                       const char     *fault,
                                       ...) G_GNUC_NULL_TERMINATED;
/* SIGTERM, and waits: it must end with 0 */
void           kab_test_server_stop   (KabTestServer  *self);
/* The same. Returns: %FALSE when it had died by itself before */
gboolean       kab_test_server_end    (KabTestServer  *self);
/* SIGKILL, and waits; also good after it died by itself */
void           kab_test_server_kill   (KabTestServer  *self);
KabSignIn     *kab_test_server_sign_in (KabTestServer *self);
/* As if the agents of @percent hosts had reported. Returns: how many hosts changed */
guint          kab_test_server_change (const char     *folder,
                                       guint           percent,
                                       guint           seed);

/* One run of kabinetctl. */
typedef struct {
  int   status;               /* exit code; minus the signal's number when it was killed */
  char *out;
  char *err;
} KabTestRun;

/* @server: (nullable): adds --server, --user, --password-file and --ca; the password goes through standard input.
 * @...: arguments, NULL at the end */
KabTestRun    *kab_test_ctl           (KabTestServer  *server,
                                       const char     *store,
                                       const char     *fault,
                                       ...) G_GNUC_NULL_TERMINATED;
void           kab_test_run_free      (KabTestRun     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabTestRun, kab_test_run_free)

/* Everything a mirror says of the fleet, sorted, as text: two mirrors of one fleet are equal when their texts are.
 * @histories: with what hosts did before. Left out is whether an update is delayed: the open interface does not tell. */
char          *kab_test_dump          (KabStore       *store,
                                       gboolean        histories);
char          *kab_test_dump_file     (const char     *path);
/* Fails with the first line that differs, not with all of them. */
#define kab_test_assert_same(a, b) kab_test_check_same (a, b, G_STRLOC)
void           kab_test_check_same    (const char     *a,
                                       const char     *b,
                                       const char     *place);

G_END_DECLS
