/* kab-package-contents.h: what is inside a package of the server, and what its signature is worth
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-identity.h"
#include "kab-session.h"

G_BEGIN_DECLS

typedef struct {
  char *name;
  char *sha256;
} KabPackageFile;

/**
 * KabPackageContents:
 * @signature: checked as an agent checks it, with the profile's certificate as the one that is trusted
 * @files: (element-type KabPackageFile), in the order of the archive
 * @size: bytes of the package
 */
typedef struct {
  KabSignature *signature;
  GPtrArray    *files;
  gsize         size;
} KabPackageContents;

void                kab_package_contents_free           (KabPackageContents   *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabPackageContents, kab_package_contents_free)

/* From the server. @file_name: as in the index. KAB_ERROR_NOT_FOUND, KAB_ERROR_BAD_DATA for what is no package */
void                kab_session_read_contents_async     (KabSession           *self,
                                                         const char           *file_name,
                                                         GCancellable         *cancellable,
                                                         GAsyncReadyCallback   callback,
                                                         gpointer              user_data);
KabPackageContents *kab_session_read_contents_finish    (KabSession           *self,
                                                         GAsyncResult         *result,
                                                         GError              **error);

G_END_DECLS
