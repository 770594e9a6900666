/* kab-connect-test.h: can this server be reached, trusted and used? For first run and preferences
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-identity.h"
#include "kab-profiles.h"

G_BEGIN_DECLS

typedef struct {
  gboolean     reachable;
  gboolean     trusted;
  gboolean     signed_in;
  KabIdentity *certificate;     /* (nullable) plain http */
  char        *problems;        /* why it is not trusted, N_() text or NULL */
  char        *version, *edition, *level;
  guint        n_hosts;
  GError      *error;           /* the first thing that failed, NULL when all is well */
} KabConnectResult;

void              kab_connect_test_async  (const KabProfile     *profile,
                                           const char           *password,
                                           GCancellable         *cancellable,
                                           GAsyncReadyCallback   callback,
                                           gpointer              user_data);
/* NULL only when cancelled; what the test found, good or bad, is in the result. */
KabConnectResult *kab_connect_test_finish (GAsyncResult         *result,
                                           GError              **error);
/* The blocking form */
KabConnectResult *kab_connect_test_run    (const KabProfile     *profile,
                                           const char           *password,
                                           GCancellable         *cancellable,
                                           GError              **error);
void              kab_connect_result_free (KabConnectResult     *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabConnectResult, kab_connect_result_free)

G_END_DECLS
