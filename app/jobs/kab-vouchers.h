/* kab-vouchers.h: which certificates a host may trust so that it trusts a signer
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-certificate.h"

G_BEGIN_DECLS

/* Attribute of a package in the mirror: fingerprints joined by commas, as kab_resolver_add() wants them */
#define KAB_VOUCHERS_ATTRIBUTE "x-vouchers"

/**
 * kab_vouchers_find:
 * @pool: (element-type KabCertificate) (nullable): where issuers are looked for, besides the certificate's own chain
 *
 * Returns: (transfer full) (nullable): its own fingerprint and those of its issuers, up to one that signed itself; %NULL
 *   when the chain ends before: somebody else may vouch for it too
 */
GStrv      kab_vouchers_find (KabCertificate *certificate,
                              GPtrArray      *pool,
                              gint64          now);
/* (transfer container) (element-type KabPackage): @packages, each with the attribute where all who vouch are known */
GPtrArray *kab_vouchers_note (GPtrArray      *packages,
                              GPtrArray      *certificates,
                              gint64          now);

G_END_DECLS
