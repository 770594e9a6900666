/* kab-certificate.h: X.509 certificates and private keys for signing (wapt-package-format § 5)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-identity.h"

G_BEGIN_DECLS

#define KAB_TYPE_CERTIFICATE (kab_certificate_get_type ())
G_DECLARE_FINAL_TYPE (KabCertificate, kab_certificate, KAB, CERTIFICATE, GObject)

/* @pem: leaf first, intermediates behind it. KAB_ERROR_BAD_DATA. */
KabCertificate    *kab_certificate_new_from_pem   (const char *pem, gssize length, GError **error);
KabCertificate    *kab_certificate_new_from_file  (const char *path, GError **error);
const KabIdentity *kab_certificate_get_identity   (KabCertificate *self);
const char        *kab_certificate_get_chain_pem  (KabCertificate *self);   /* blocks joined by LF, § 5.1 */
/* Is it pinned by, or does a chain lead to, one of @trusted (element-type KabCertificate)? At @now. § 5.2 */
KabSignatureStatus kab_certificate_check          (KabCertificate *self, GPtrArray *trusted, gint64 now);
gboolean           kab_certificate_verify         (KabCertificate *self, gconstpointer data, gsize size, const guint8 *signature, gsize signature_size);

/**
 * KabSigner: a certificate with its private key. The key is in memory only and wiped with the object.
 */
#define KAB_TYPE_SIGNER (kab_signer_get_type ())
G_DECLARE_FINAL_TYPE (KabSigner, kab_signer, KAB, SIGNER, GObject)

/* Errors: KAB_ERROR_PASSPHRASE (needed or wrong), BAD_DATA (no key, not the certificate's), NOT_FOUND. @passphrase may be NULL. */
KabSigner      *kab_signer_new               (const char *certificate_path, const char *key_path, const char *passphrase, GError **error);
gboolean        kab_signer_key_needs_passphrase (const char *key_path);
KabCertificate *kab_signer_get_certificate   (KabSigner *self);
/* RSA PKCS#1 v1.5 SHA-256 → base64 on one line */
char           *kab_signer_sign              (KabSigner *self, gconstpointer data, gsize size, GError **error);
/* A new RSA key and self-signed certificate as § 5.2 describes; key written encrypted (when @passphrase) and 0600. */
gboolean        kab_signer_generate          (const char *common_name, const char *key_path, const char *certificate_path,
                                              const char *passphrase, gboolean code_signing, guint days, GError **error);

/* Signed host actions, wapt-server-api § 5.2. @action_json from wire; adds "signature". */
struct _JsonObject;
gboolean           kab_action_sign           (struct _JsonObject *action, KabSigner *signer, GError **error);
/* What an agent checks (§ 5.3), in that order; @max_skew_s is its signature_clockskew. */
gboolean           kab_action_verify         (struct _JsonObject *action, const char *uuid, GPtrArray *trusted, gint64 now,
                                              gint64 max_skew_s, GError **error);

G_END_DECLS
