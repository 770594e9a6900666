/* kab-package-index.h: the index of a repository, /wapt/Packages (wapt-package-format § 11)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-certificate.h"
#include "kab-package.h"

G_BEGIN_DECLS

/* @packages: (element-type KabPackage) with filename, size and md5sum; @certificates: (element-type KabCertificate) (nullable) */
GBytes    *kab_package_index_build  (GPtrArray   *packages,
                                     GPtrArray   *certificates,
                                     GError     **error);
/* Returns: (element-type KabPackage); records that make no sense are an error, KAB_ERROR_BAD_DATA */
GPtrArray *kab_package_index_read   (GBytes      *bytes,
                                     GError     **error);

G_END_DECLS
