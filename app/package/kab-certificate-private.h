/* kab-certificate-private.h: what a signer and a certificate share; for this room only
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <openssl/x509.h>

#include "kab-certificate.h"

G_BEGIN_DECLS

X509 *kab_certificate_peek_x509  (KabCertificate *self);
/* (element-type X509): the leaf and what came behind it; owned by @self */
GPtrArray *kab_certificate_peek_all (KabCertificate *self);
/* "what: the text of OpenSSL's newest error", and empties its queue */
void  kab_crypto_set_error       (GError        **error,
                                  int             code,
                                  const char     *what);
/* Lower-case hex of SHA-256 */
char *kab_crypto_sha256_hex      (gconstpointer   data,
                                  gsize           size);

G_END_DECLS
