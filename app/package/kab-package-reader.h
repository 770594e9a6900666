/* kab-package-reader.h: a .wapt archive, opened with limits and checked as agents check it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-certificate.h"
#include "kab-package.h"

G_BEGIN_DECLS

/**
 * KabPackageReader: for one thread at a time. Opening reads the list of members and the control; the rest when asked.
 * It opens no archive that honest writers do not make; to say what agents would do with such a one: kab-package-judge.h.
 */
#define KAB_TYPE_PACKAGE_READER (kab_package_reader_get_type ())
G_DECLARE_FINAL_TYPE (KabPackageReader, kab_package_reader, KAB, PACKAGE_READER, GObject)

/* KAB_ERROR_NOT_FOUND, KAB_ERROR_STORAGE; KAB_ERROR_BAD_DATA for what is no package or breaks a limit;
 * KAB_ERROR_UNSUPPORTED for a host package that only its host can read: never write over one (§ 5.4) */
KabPackageReader *kab_package_reader_open         (const char        *path,
                                                   GError           **error);
KabPackageReader *kab_package_reader_open_bytes   (GBytes            *bytes,
                                                   GError           **error);
KabPackage       *kab_package_reader_get_package  (KabPackageReader  *self);
GPtrArray        *kab_package_reader_get_members  (KabPackageReader  *self);   /* (element-type utf8) names */
gboolean          kab_package_reader_has          (KabPackageReader  *self,
                                                   const char        *member);
/* KAB_ERROR_NOT_FOUND; KAB_ERROR_BAD_DATA when it is larger than @max_size */
GBytes           *kab_package_reader_read         (KabPackageReader  *self,
                                                   const char        *member,
                                                   gsize              max_size,
                                                   GError           **error);
/* The signer's chain from inside the package */
KabCertificate   *kab_package_reader_dup_certificate (KabPackageReader *self,
                                                      GError          **error);
/* Does that begin like an encrypted host package? */
gboolean          kab_package_is_encrypted        (GBytes            *bytes);
/* § 6 steps 1–4, 8, 9 (kab-verifier.c). @trusted (element-type KabCertificate). Never NULL. */
KabSignature     *kab_package_reader_verify       (KabPackageReader  *self,
                                                   GPtrArray         *trusted,
                                                   gint64             now);
/* The same; @lists: (nullable) (element-type KabRevocationList): see kab_certificate_check_revoked() */
KabSignature     *kab_package_reader_verify_revoked (KabPackageReader *self,
                                                     GPtrArray        *trusted,
                                                     GPtrArray        *lists,
                                                     gint64            now);
/* The rules file of a wsus package: persistent place first. NULL with KAB_ERROR_NOT_FOUND when it has none. */
GBytes           *kab_package_reader_read_rules   (KabPackageReader  *self,
                                                   GError           **error);

/* Called for every file in archive order with its SHA-256 in lower-case hex; FALSE with @error set stops. */
typedef gboolean (*KabMemberDigestFunc) (const char *member, const char *sha256, gpointer user_data, GError **error);
gboolean          kab_package_reader_digest       (KabPackageReader    *self,
                                                   KabMemberDigestFunc  func,
                                                   gpointer             user_data,
                                                   GError             **error);

G_END_DECLS
