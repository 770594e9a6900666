/* kab-sign-in.h: one server with the credentials for it, and the client that comes of both
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-profiles.h"

G_BEGIN_DECLS

typedef struct _KabClient KabClient;

/**
 * KabSignIn: what jobs of one session share; any thread. Reference-counted as a GObject.
 */
#define KAB_TYPE_SIGN_IN (kab_sign_in_get_type ())
G_DECLARE_FINAL_TYPE (KabSignIn, kab_sign_in, KAB, SIGN_IN, GObject)

/* @password: (nullable): else the keyring is asked when the first client is opened */
KabSignIn        *kab_sign_in_new          (const KabProfile  *profile,
                                            const char        *password);
/* Could a server be there at all? KAB_ERROR_USAGE also for plain http, and for a user or password in the address. */
gboolean          kab_sign_in_check_address (const char      *url,
                                            GError          **error);
const KabProfile *kab_sign_in_get_profile  (KabSignIn         *self);
/* The next client is made with it. */
void              kab_sign_in_set_password (KabSignIn         *self,
                                            const char        *password);
/* How long the first repetition of a failed request waits; 0 = the usual. For tests */
void              kab_sign_in_set_retry_delay (KabSignIn      *self,
                                            guint              milliseconds);
/**
 * kab_sign_in_open:
 *
 * Connects and signs in anew, so that what the server says of itself is fresh. Blocks.
 *
 * Returns: (transfer full): signed in; KAB_ERROR_AUTH also when there is no password at all
 */
KabClient        *kab_sign_in_open         (KabSignIn         *self,
                                            GCancellable      *cancellable,
                                            GError           **error);
/* The same, but the client of the last time when there is one. */
KabClient        *kab_sign_in_reuse        (KabSignIn         *self,
                                            GCancellable      *cancellable,
                                            GError           **error);

G_END_DECLS
