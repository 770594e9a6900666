/* kab-package-builder.h: members in, signed reproducible archive out (wapt-package-format § 1–4)
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-package.h"
#include "kab-signer.h"

G_BEGIN_DECLS

typedef struct _KabPackageBuilder KabPackageBuilder;

KabPackageBuilder *kab_package_builder_new   (void);
void               kab_package_builder_free  (KabPackageBuilder  *self);
/* @value is put into the form that every reader reads back unchanged (§ 2.1) */
void               kab_package_builder_set   (KabPackageBuilder  *self,
                                              const char         *attribute,
                                              const char         *value);
void               kab_package_builder_add   (KabPackageBuilder  *self,
                                              const char         *member,
                                              GBytes             *content);
/**
 * kab_package_builder_sign:
 * @uuid: the package_uuid, fresh at every signing
 * @signature_date_usec: microseconds since 1970 on the writer's wall clock (local time, § 14.8)
 *
 * Both are given, so that the same inputs give the same bytes on any day in any time zone.
 *
 * What comes out has been verified as an agent verifies it; the time for that is the signer's (kab_signer_set_time()).
 *
 * Returns: the archive; KAB_ERROR_USAGE for an attribute or member that no reader would accept, or a certificate that is
 *   out of date
 */
GBytes            *kab_package_builder_sign  (KabPackageBuilder  *self,
                                              KabSigner          *signer,
                                              const char         *uuid,
                                              gint64              signature_date_usec,
                                              GError            **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabPackageBuilder, kab_package_builder_free)

G_END_DECLS
