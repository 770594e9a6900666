/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "kab-identity.h"

static const char * const labels[] = {
  [KAB_SIGNATURE_TRUSTED] = N_ ("Trusted"),
  [KAB_SIGNATURE_NONE] = N_ ("Not signed"),
  [KAB_SIGNATURE_BROKEN] = N_ ("Signature broken"),
  [KAB_SIGNATURE_UNTRUSTED] = N_ ("Signer not trusted"),
  [KAB_SIGNATURE_EXPIRED] = N_ ("Certificate expired"),
  [KAB_SIGNATURE_NOT_FOR_CODE] = N_ ("Certificate may not sign code"),
  [KAB_SIGNATURE_REVOKED] = N_ ("Certificate revoked"),
};

KabIdentity *
kab_identity_copy (const KabIdentity *self)
{
  KabIdentity *copy;

  if (self == NULL)
    return NULL;

  copy = g_new (KabIdentity, 1);
  *copy = *self;
  copy->name = g_strdup (self->name);
  copy->issuer = g_strdup (self->issuer);
  copy->fingerprint = g_strdup (self->fingerprint);
  return copy;
}

void
kab_identity_free (KabIdentity *self)
{
  if (self == NULL)
    return;

  g_free (self->name);
  g_free (self->issuer);
  g_free (self->fingerprint);
  g_free (self);
}

/* Negative when it has ended; certificates end at a moment, so days are rounded down. */
gint64
kab_identity_get_days_left (const KabIdentity *self,
                            gint64             now)
{
  gint64 seconds = self->not_after - now;
  gint64 day = 24 * 60 * 60;

  return seconds >= 0 ? seconds / day : -((-seconds + day - 1) / day);
}

const char *
kab_identity_get_purpose (const KabIdentity *self)
{
  return self->can_sign_code ? N_ ("May sign every package, programs too")
                             : N_ ("May sign rules and packages of hosts, groups and units, but no programs");
}

KabExpiry
kab_identity_get_expiry (const KabIdentity *self,
                         gint64             now)
{
  if (now < self->not_before)
    return KAB_EXPIRY_NOT_YET;
  if (now > self->not_after)
    return KAB_EXPIRY_PAST;
  return kab_identity_get_days_left (self, now) < KAB_EXPIRY_SOON_DAYS ? KAB_EXPIRY_SOON : KAB_EXPIRY_FINE;
}

const char *
kab_signature_status_get_label (KabSignatureStatus status)
{
  g_return_val_if_fail ((guint) status < G_N_ELEMENTS (labels), "");

  return labels[status];
}

void
kab_signature_free (KabSignature *self)
{
  if (self == NULL)
    return;

  kab_identity_free (self->signer);
  g_free (self->detail);
  g_free (self);
}
