/* kab-signer.h: a certificate with its private key
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-certificate.h"

G_BEGIN_DECLS

/**
 * KabSigner: the key is in memory only and wiped with the object. May be used from several threads at a time.
 */
#define KAB_TYPE_SIGNER (kab_signer_get_type ())
G_DECLARE_FINAL_TYPE (KabSigner, kab_signer, KAB, SIGNER, GObject)

/* Errors: KAB_ERROR_PASSPHRASE (needed or wrong), BAD_DATA (no key, not the certificate's), NOT_FOUND. @passphrase may be NULL. */
KabSigner      *kab_signer_new                  (const char     *certificate_path,
                                                 const char     *key_path,
                                                 const char     *passphrase,
                                                 GError        **error);
/* FALSE too when the file cannot be read or is no key: kab_signer_new() tells why */
gboolean        kab_signer_key_needs_passphrase (const char     *key_path);
KabCertificate *kab_signer_get_certificate      (KabSigner      *self);
/* When its certificate must be valid for what it signs: by the clock, unless a time was set to sign the same on any day.
 * Before it is used by several threads. */
void            kab_signer_set_time             (KabSigner      *self,
                                                 gint64          now);
gint64          kab_signer_get_time             (KabSigner      *self);
/* RSA PKCS#1 v1.5 SHA-256 → base64 on one line */
char           *kab_signer_sign                 (KabSigner      *self,
                                                 gconstpointer   data,
                                                 gsize           size,
                                                 GError        **error);
/**
 * kab_signer_generate:
 * @passphrase: (nullable): the key is written encrypted when there is one
 * @code_signing: may it sign packages with a setup.py?
 * @days: validity; 0 = ten years
 *
 * Makes an RSA key and a self-signed certificate as wapt-package-format § 5.2 describes. The key file is 0600. A file
 * that exists is never overwritten (KAB_ERROR_STORAGE). Blocks for the time that finding primes takes.
 */
gboolean        kab_signer_generate             (const char     *common_name,
                                                 const char     *key_path,
                                                 const char     *certificate_path,
                                                 const char     *passphrase,
                                                 gboolean        code_signing,
                                                 guint           days,
                                                 GError        **error);

G_END_DECLS
