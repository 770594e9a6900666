/* kab-practice.h: the practice fleet: kabinet-server as a child on a free loopback port; it ends when its stdin does
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-profiles.h"

G_BEGIN_DECLS

/**
 * kab_practice_start_async:
 *
 * Starts the child, or finds it still running. The program is looked for beside the running one, in the build tree and in
 * the folder of installed programs. The fleet lives in the user's data folder and survives a restart.
 *
 * kab_practice_start_finish() gives a profile that is complete with CA, signing key and certificate; the passphrase of the
 * key, if there is one, is in kab_secrets memory already. @password: free with kab_secret_free().
 */
void        kab_practice_start_async  (GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data);
KabProfile *kab_practice_start_finish (GAsyncResult         *result,
                                       char                **password,
                                       GError              **error);
/* The blocking form. */
KabProfile *kab_practice_start        (char                **password,
                                       GCancellable         *cancellable,
                                       GError              **error);
/* Closes the child's stdin; it stops cleanly by itself. Nothing happens when there is none. */
void        kab_practice_stop         (void);

G_END_DECLS
