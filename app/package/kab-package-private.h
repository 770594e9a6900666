/* kab-package-private.h: what makes, reads and judges packages; for this room only
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "kab-archive.h"
#include "kab-certificate-private.h"
#include "kab-package-reader.h"
#include "kab-signer.h"

G_BEGIN_DECLS

/* Members that signing makes anew, § 1; NULL-terminated */
extern const char * const kab_package_sealed_members[];

/* @archive: taken */
KabPackageReader *kab_package_reader_new          (KabArchive        *archive,
                                                   GError           **error);
KabArchive       *kab_package_reader_peek_archive (KabPackageReader  *self);

/* Windows agents find a setup.py however it is spelled. */
#define kab_package_is_code(member) (g_ascii_strcasecmp (member, "setup.py") == 0)
gboolean          kab_package_reader_has_code     (KabPackageReader  *self);

/* kab-package-seal.c: what a builder and a signer anew have in common */
/* The record to sign: @attributes (element-type utf8 utf8) with the signer's, a uuid and a date. Takes over nothing. */
KabPackage       *kab_package_seal_control        (GHashTable        *attributes,
                                                   KabSigner         *signer,
                                                   const char        *uuid,
                                                   const char        *date,
                                                   gboolean           has_code,
                                                   GError           **error);
char             *kab_package_format_date         (gint64             usec);
void              kab_package_manifest_add        (JsonArray         *manifest,
                                                   const char        *member,
                                                   const char        *sha256);
/* Writes control, certificate, manifest and signature. @manifest: of the other members */
gboolean          kab_package_seal                (KabArchiveWriter  *writer,
                                                   JsonArray         *manifest,
                                                   KabPackage        *package,
                                                   KabSigner         *signer,
                                                   GError           **error);
/* Would an agent that trusts @signer take it? @archive: taken */
gboolean          kab_package_check_sealed        (KabArchive        *archive,
                                                   KabSigner         *signer,
                                                   GError           **error);

G_END_DECLS
