/* kab-x509.h: making a certificate, for a signer here and for the server's TLS
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>
#include <openssl/x509v3.h>

G_BEGIN_DECLS

/* Version 3 with a random serial number, valid for @days, without issuer, extensions and signature. Returns: (transfer full):
 * %NULL when OpenSSL refuses */
X509    *kab_x509_new           (EVP_PKEY   *key,
                                 const char *common_name,
                                 int         days);
/* @value: as in OpenSSL's x509v3_config. @issuer: whose key will sign it, or @self */
gboolean kab_x509_add_extension (X509       *self,
                                 X509       *issuer,
                                 int         nid,
                                 const char *value);
/* @key: that of @issuer */
gboolean kab_x509_sign          (X509       *self,
                                 X509       *issuer,
                                 EVP_PKEY   *key);

G_END_DECLS
