/* kab-package-index.h: the index of a repository, /wapt/Packages (wapt-package-format § 11)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-certificate.h"
#include "kab-package.h"
#include "kab-revocation-list.h"

G_BEGIN_DECLS

/* @packages: (element-type KabPackage) with filename, size and md5sum; @certificates: (element-type KabCertificate) (nullable) */
GBytes    *kab_package_index_build  (GPtrArray   *packages,
                                     GPtrArray   *certificates,
                                     GError     **error);
/* The same with @lists: (element-type KabRevocationList) (nullable) */
GBytes    *kab_package_index_build_with_lists (GPtrArray   *packages,
                                               GPtrArray   *certificates,
                                               GPtrArray   *lists,
                                               GError     **error);
/* Returns: (element-type KabPackage); records that make no sense are an error, KAB_ERROR_BAD_DATA */
GPtrArray *kab_package_index_read   (GBytes      *bytes,
                                     GError     **error);
/* The same with what lies beside the records, of which what makes no sense is left out, as agents do.
 * @certificates: (out) (element-type KabCertificate); @lists: (out) (element-type KabRevocationList) */
GPtrArray *kab_package_index_read_all (GBytes      *bytes,
                                       GPtrArray  **certificates,
                                       GPtrArray  **lists,
                                       GError     **error);

G_END_DECLS
