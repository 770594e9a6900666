/* kab-server-tls-private.h: making the certificates of the server
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <openssl/x509.h>

G_BEGIN_DECLS

typedef struct {
  EVP_PKEY *key;
  X509     *x509;
} KabTlsPair;

/* NULL with OpenSSL's error queue filled */
X509     *kab_tls_make_authority (EVP_PKEY    *key);
/* Valid for loopback, for the name of this machine and for @host, a name or an address */
X509     *kab_tls_make_server    (EVP_PKEY    *key,
                                  KabTlsPair  *authority,
                                  const char  *host);
/* Is it signed by @authority, valid for @host, and will it still be so for a month? */
gboolean  kab_tls_is_good_for    (X509        *x509,
                                  X509        *authority,
                                  const char  *host);

G_END_DECLS
