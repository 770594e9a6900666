/* kab-package-resign.h: a package signed anew, with other attributes (wapt-package-format § 12)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-package-reader.h"
#include "kab-signer.h"

G_BEGIN_DECLS

#define KAB_PACKAGE_KEEP_DATE (-1)   /* the signature date of the old one, as WAPT's own tool can */

/**
 * kab_package_resign:
 * @changes: (nullable) (element-type utf8 utf8): attributes that get another value: maturity, version, depends …
 * @members: (nullable) (element-type utf8 GBytes): members of it that get another content
 * @uuid: the new package_uuid
 * @signature_date_usec: as for kab_package_builder_sign(), or %KAB_PACKAGE_KEEP_DATE
 *
 * All other members are kept byte for byte, as they lie compressed in the archive; control, certificate, manifest and both
 * signatures are made anew, those of SHA-1 are dropped. A package whose own signatures do not fit is refused: what
 * somebody tampered with must not become good. Whether its signer is trusted is for the caller to ask first. What comes
 * out has been verified as an agent verifies it.
 *
 * Returns: the archive; KAB_ERROR_BAD_SIGNATURE (the old one), USAGE (@changes, or a setup.py and no certificate for it)
 */
GBytes   *kab_package_resign         (KabPackageReader  *reader,
                                      KabSigner         *signer,
                                      GHashTable        *changes,
                                      GHashTable        *members,
                                      const char        *uuid,
                                      gint64             signature_date_usec,
                                      GError           **error);
/* The same into a new file, with all members, whatever its size: memory is bounded. A file that exists is KAB_ERROR_STORAGE. */
gboolean  kab_package_resign_to_file (KabPackageReader  *reader,
                                      KabSigner         *signer,
                                      GHashTable        *changes,
                                      const char        *uuid,
                                      gint64             signature_date_usec,
                                      const char        *path,
                                      GError           **error);
/* Microseconds since 1970 on the wall clock of here and now, which is what signature dates are (§ 14.8) */
gint64    kab_package_get_wall_clock (void);

G_END_DECLS
