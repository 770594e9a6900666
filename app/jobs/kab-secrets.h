/* kab-secrets.h: passwords and passphrases: the desktop's keyring, and memory where there is none
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-profiles.h"

G_BEGIN_DECLS

/* Kinds. */
#define KAB_SECRET_PASSWORD            "password"
#define KAB_SECRET_KEY_PASSPHRASE      "key-passphrase"       /* of the TLS client key */
#define KAB_SECRET_SIGNING_PASSPHRASE  "signing-passphrase"

/* Blocks (the keyring may ask the user). Memory first. NULL without @error: none known. Free with kab_secret_free(). */
char     *kab_secrets_lookup       (const char        *kind,
                                    const KabProfile  *profile,
                                    GCancellable      *cancellable,
                                    GError           **error);
/* Into memory always; into the keyring too when @keyring (blocks then). Without a keyring service that is no error. */
gboolean  kab_secrets_store        (const char        *kind,
                                    const KabProfile  *profile,
                                    const char        *secret,
                                    gboolean           keyring,
                                    GCancellable      *cancellable,
                                    GError           **error);
/* The same with the keyring, but at once: that part happens in a thread. */
void      kab_secrets_remember     (const char        *kind,
                                    const KabProfile  *profile,
                                    const char        *secret);
/* Out of memory at once, out of the keyring in a thread. */
void      kab_secrets_forget       (const char        *kind,
                                    const KabProfile  *profile);
/* Wiped from memory after @seconds unless stored again; the keyring keeps its own. */
void      kab_secrets_expire_after (const char        *kind,
                                    const KabProfile  *profile,
                                    guint              seconds);
gboolean  kab_secrets_have_keyring (void);      /* blocks the first time */
char     *kab_secret_dup           (const char        *secret);
void      kab_secret_free          (char              *secret);    /* wipes */

G_END_DECLS
