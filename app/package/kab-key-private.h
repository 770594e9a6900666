/* kab-key-private.h: private keys on their way between files and memory; for this room only
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include "kab-certificate.h"

G_BEGIN_DECLS

/* @passphrase: (nullable). @was_asked: it is encrypted. KAB_ERROR_PASSPHRASE, BAD_DATA */
EVP_PKEY *kab_key_read_pem        (const char   *text,
                                   gsize         size,
                                   const char   *passphrase,
                                   gboolean     *was_asked,
                                   GError      **error);
EVP_PKEY *kab_key_read_file       (const char   *path,
                                   const char   *passphrase,
                                   gboolean     *was_asked,
                                   GError      **error);
/* @chain: (out) (element-type X509): leaf first. KAB_ERROR_PASSPHRASE, BAD_DATA */
EVP_PKEY *kab_key_read_pkcs12     (gconstpointer data,
                                   gsize         size,
                                   const char   *passphrase,
                                   GPtrArray   **chain,
                                   GError      **error);
/* Traditional PEM, AES-256 when there is a passphrase, 0600. A file that exists is KAB_ERROR_STORAGE. */
gboolean  kab_key_write           (EVP_PKEY     *key,
                                   const char   *path,
                                   const char   *passphrase,
                                   GError      **error);
gboolean  kab_key_write_new_file  (const char   *path,
                                   const char   *data,
                                   gsize         size,
                                   int           mode,
                                   GError      **error);
/* RSA, and of that certificate? @name: of the key, for the message. KAB_ERROR_BAD_DATA */
gboolean  kab_key_check_pair      (EVP_PKEY       *key,
                                   KabCertificate *certificate,
                                   const char     *name,
                                   GError        **error);

G_END_DECLS
