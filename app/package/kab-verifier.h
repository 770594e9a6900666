/* kab-verifier.h: signature + manifest + trust = KabSignature (wapt-package-format § 6)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-package-reader.h"

G_BEGIN_DECLS

/**
 * kab_verifier_check_control:
 * @package: a record, of an index or of a package
 * @certificate: (nullable): the signer's chain, from the index or from inside the package
 * @trusted: (element-type KabCertificate)
 *
 * Steps 1 to 4: what an agent checks when it reads an index. A package as a whole: kab_package_reader_verify().
 * %KAB_SIGNATURE_UNTRUSTED and %KAB_SIGNATURE_EXPIRED are only said of a signature that verifies.
 *
 * Returns: (transfer full)
 */
KabSignature *kab_verifier_check_control (KabPackage      *package,
                                          KabCertificate  *certificate,
                                          GPtrArray       *trusted,
                                          gint64           now);

G_END_DECLS
