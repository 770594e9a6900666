/* kab-certificate-private.h: what a signer and a certificate share; for this room only
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <openssl/x509.h>

#include "kab-certificate.h"
#include "kab-revocation-list.h"

G_BEGIN_DECLS

/* @chain: (element-type X509): leaf first; not empty, not kept */
KabCertificate *kab_certificate_new_from_x509 (GPtrArray *chain);
/* What an index says of it; see kab-revocation-list.h */
X509_CRL *kab_revocation_list_peek (KabRevocationList *self);
X509 *kab_certificate_peek_x509  (KabCertificate *self);
/* (element-type X509): the leaf and what came behind it; owned by @self */
GPtrArray *kab_certificate_peek_all (KabCertificate *self);
/* "what: the text of OpenSSL's newest error", and empties its queue */
void  kab_crypto_set_error       (GError        **error,
                                  int             code,
                                  const char     *what);
/* Lower-case; @out has room for twice @size and a zero */
void  kab_crypto_hex             (const guint8   *bytes,
                                  gsize           size,
                                  char           *out);
/* Unix seconds; 0 when @value is none */
gint64 kab_crypto_get_time       (const ASN1_TIME *value);

G_END_DECLS
