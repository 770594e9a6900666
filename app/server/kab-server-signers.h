/* kab-server-signers.h: whose packages the server takes, and whom its agents obey
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-certificate.h"
#include "kab-depot.h"

G_BEGIN_DECLS

/* Adds to @trusted (element-type KabCertificate) what administrators added over the interface in earlier runs: the
 * folder trusted/ of the depot. A file that is no certificate is left aside. */
void     kab_server_load_signers (KabDepot   *depot,
                                  GPtrArray  *trusted);

G_END_DECLS
