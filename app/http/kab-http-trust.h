/* kab-http-trust.h: whom we trust, and who we are, in TLS; only for this room
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-identity.h"

G_BEGIN_DECLS

/* Trusts nobody, so that a pinned fingerprint is asked about every certificate. */
GTlsDatabase    *kab_trust_nobody_new            (void);
/* A TLS connection loads the default database of the process when it is made, even when it is given another one right
 * after: the hundred and more authorities of the system were a quarter of the work of a small sync. After this the default
 * still means them, but they are parsed when the first certificate is judged by them. */
void             kab_trust_put_off_system        (void);
GTlsDatabase    *kab_trust_load_authorities      (const char *ca_file, GError **error);
/* The key is decrypted in memory. KAB_ERROR_PASSPHRASE, NOT_FOUND, BAD_DATA. */
GTlsCertificate *kab_trust_load_client_identity  (const char *certificate_file, const char *key_file, const char *passphrase,
                                                  GError **error);
char            *kab_trust_dup_fingerprint       (GTlsCertificate *certificate);   /* lower-case hex SHA-256 of the DER */
KabIdentity     *kab_trust_describe              (GTlsCertificate *certificate);
const char      *kab_trust_get_problem           (GTlsCertificateFlags flags);     /* N_() text; NULL = none */

G_END_DECLS
