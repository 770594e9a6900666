/* kab-certificate.h: X.509 certificates of people who sign (wapt-package-format § 5)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-identity.h"

G_BEGIN_DECLS

/**
 * KabCertificate: a signing certificate with the intermediates that came behind it. Never changes after new.
 */
#define KAB_TYPE_CERTIFICATE (kab_certificate_get_type ())
G_DECLARE_FINAL_TYPE (KabCertificate, kab_certificate, KAB, CERTIFICATE, GObject)

/* @pem: leaf first, intermediates behind it. KAB_ERROR_BAD_DATA. */
KabCertificate    *kab_certificate_new_from_pem   (const char      *pem,
                                                   gssize           length,
                                                   GError         **error);
/* KAB_ERROR_NOT_FOUND, KAB_ERROR_STORAGE, KAB_ERROR_BAD_DATA */
KabCertificate    *kab_certificate_new_from_file  (const char      *path,
                                                   GError         **error);
const KabIdentity *kab_certificate_get_identity   (KabCertificate  *self);
const char        *kab_certificate_get_chain_pem  (KabCertificate  *self);   /* blocks joined by LF, § 5.1 */
/* Hex fingerprint of the leaf as very old packages write it */
const char        *kab_certificate_get_sha1       (KabCertificate  *self);
/* Is it pinned by, or does a chain lead to, one of @trusted (element-type KabCertificate)? At @now. § 5.2 */
KabSignatureStatus kab_certificate_check          (KabCertificate  *self,
                                                   GPtrArray       *trusted,
                                                   gint64           now);
/* The same; what one of @lists (nullable) (element-type KabRevocationList) of an issuer takes back is REVOKED, and where
 * the list of an issuer is out of date the chain is EXPIRED. */
KabSignatureStatus kab_certificate_check_revoked  (KabCertificate  *self,
                                                   GPtrArray       *trusted,
                                                   GPtrArray       *lists,
                                                   gint64           now);
guint              kab_certificate_get_bits       (KabCertificate  *self);
/* WAPT takes it, but it can be forged with enough money: fewer than 2048 bits, or vouched for with SHA-1 */
gboolean           kab_certificate_is_weak        (KabCertificate  *self);
/* RSA PKCS#1 v1.5 over SHA-256 by the leaf's key */
gboolean           kab_certificate_verify         (KabCertificate  *self,
                                                   gconstpointer    data,
                                                   gsize            size,
                                                   const guint8    *signature,
                                                   gsize            signature_size);
/* The same with the signature as base64 text, line breaks allowed */
gboolean           kab_certificate_verify_base64  (KabCertificate  *self,
                                                   gconstpointer    data,
                                                   gsize            size,
                                                   const char      *signature);

G_END_DECLS
