/* kab-package-reader.h: a .wapt archive, opened with limits and checked as agents check it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-certificate.h"
#include "kab-package.h"

G_BEGIN_DECLS

#define KAB_TYPE_PACKAGE_READER (kab_package_reader_get_type ())
G_DECLARE_FINAL_TYPE (KabPackageReader, kab_package_reader, KAB, PACKAGE_READER, GObject)

KabPackageReader *kab_package_reader_open         (const char *path, GError **error);
KabPackageReader *kab_package_reader_open_bytes   (GBytes *bytes, GError **error);
KabPackage       *kab_package_reader_get_package  (KabPackageReader *self);
GPtrArray        *kab_package_reader_get_members  (KabPackageReader *self);   /* (element-type utf8) names */
GBytes           *kab_package_reader_read         (KabPackageReader *self, const char *member, gsize max_size, GError **error);
/* § 6 steps 1–4, 8, 9. @trusted (element-type KabCertificate). Never NULL. */
KabSignature     *kab_package_reader_verify       (KabPackageReader *self, GPtrArray *trusted, gint64 now);
/* The rules file of a wsus package: persistent place first. NULL with KAB_ERROR_NOT_FOUND when it has none. */
GBytes           *kab_package_reader_read_rules   (KabPackageReader *self, GError **error);

/* Members in, signed reproducible archive out (§ 1–4). */
typedef struct _KabPackageBuilder KabPackageBuilder;
KabPackageBuilder *kab_package_builder_new        (void);
void               kab_package_builder_free       (KabPackageBuilder *self);
void               kab_package_builder_set        (KabPackageBuilder *self, const char *attribute, const char *value);
void               kab_package_builder_add        (KabPackageBuilder *self, const char *member, GBytes *content);
/* @uuid, @signature_date_usec are given, so that the same inputs give the same bytes. */
GBytes            *kab_package_builder_sign       (KabPackageBuilder *self, KabSigner *signer, const char *uuid,
                                                   gint64 signature_date_usec, GError **error);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabPackageBuilder, kab_package_builder_free)

/* The repository index, § 11: `Packages` + ssl/… in a zip. */
GBytes            *kab_package_index_build        (GPtrArray *packages, GPtrArray *certificates, GError **error);
GPtrArray         *kab_package_index_read         (GBytes *bytes, GError **error);   /* (element-type KabPackage) */

G_END_DECLS
