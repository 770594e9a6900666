/* kab-identity.h: a certificate and a signature as people see them
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Filled by package/kab-certificate (signing) and http (the server's certificate). Free with kab_identity_free(). */
typedef struct {
  char     *name;            /* common name */
  char     *issuer;
  char     *fingerprint;     /* lower-case hex SHA-256 of the DER */
  gint64    not_before;
  gint64    not_after;
  gboolean  can_sign_code;
  gboolean  is_authority;
  gboolean  is_self_signed;
} KabIdentity;

KabIdentity *kab_identity_copy          (const KabIdentity *self);
void         kab_identity_free          (KabIdentity *self);
gint64       kab_identity_get_days_left (const KabIdentity *self, gint64 now);   /* negative: it has ended */
/* N_() text: what its owner may sign (wapt-package-format § 5.2, roles) */
const char  *kab_identity_get_purpose   (const KabIdentity *self);

typedef enum {
  KAB_EXPIRY_FINE,
  KAB_EXPIRY_SOON,             /* within KAB_EXPIRY_SOON_DAYS */
  KAB_EXPIRY_PAST,
  KAB_EXPIRY_NOT_YET,          /* its first day is to come */
} KabExpiry;
#define KAB_EXPIRY_SOON_DAYS 90
KabExpiry    kab_identity_get_expiry    (const KabIdentity *self, gint64 now);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabIdentity, kab_identity_free)

/* The outcome of checking a signature. */
typedef enum {
  KAB_SIGNATURE_TRUSTED,
  KAB_SIGNATURE_NONE,
  KAB_SIGNATURE_BROKEN,        /* does not verify, or content and manifest differ */
  KAB_SIGNATURE_UNTRUSTED,     /* verifies, but leads to nobody we trust */
  KAB_SIGNATURE_EXPIRED,
  KAB_SIGNATURE_NOT_FOR_CODE,  /* setup.py signed without codeSigning */
  KAB_SIGNATURE_REVOKED,       /* by a revocation list of its issuer */
} KabSignatureStatus;

typedef struct {
  KabSignatureStatus status;
  KabIdentity       *signer;   /* (nullable) */
  char              *detail;   /* for the log: which file, which check */
} KabSignature;

const char *kab_signature_status_get_label (KabSignatureStatus status);   /* N_() text for people */
void        kab_signature_free             (KabSignature *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabSignature, kab_signature_free)

G_END_DECLS
