/* kab-client-upload.h: packages to the server and away from it; see also kab_client_read_package() and _read_index()
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-client.h"

G_BEGIN_DECLS

/**
 * kab_client_upload_package:
 * @path: a signed package of any section but host
 *
 * Asks for the right first (HEAD), then streams the file, raw; nothing is repeated. The server rebuilds its index.
 *
 * Blocks. A line that breaks leaves open whether it arrived: look at the index.
 *
 * Returns: (transfer full): the name that the server gave the file, "" when it did not say. KAB_ERROR_REFUSED without the
 *   right or when the server wants another signer, KAB_ERROR_FAILED when it took nothing, whatever it said
 */
char    *kab_client_upload_package     (KabClient     *self,
                                        const char    *path,
                                        GCancellable  *cancellable,
                                        GError       **error);
/* One package of section host */
gboolean kab_client_upload_host        (KabClient     *self,
                                        GBytes        *package,
                                        GCancellable  *cancellable,
                                        GError       **error);
/* Files of the index, by name. The server says success even when some are still there: look at the index.
 * KAB_ERROR_REFUSED without the right, which edit_wua_package does not give */
gboolean kab_client_delete_packages    (KabClient          *self,
                                        const char * const *file_names,
                                        GCancellable       *cancellable,
                                        GError            **error);
/* @file_name: "<uuid>.wapt". KAB_ERROR_NOT_FOUND when the host has none. It may be an encrypted one. */
GBytes  *kab_client_read_host_package  (KabClient     *self,
                                        const char    *file_name,
                                        GCancellable  *cancellable,
                                        GError       **error);

G_END_DECLS
