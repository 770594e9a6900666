/* kab-store-file.h: putting a damaged file out of the way without losing a byte of it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* Renames the file and its side files to "<path>.damaged-<time>". Returns: (transfer full): that name */
char *kab_store_file_set_aside (const char  *path,
                                GError     **error);
/* Makes the folder of @path, private to its owner */
gboolean kab_store_file_make_folder (const char  *path,
                                     GError     **error);
/* Only one process at a time repairs. Returns: a descriptor for kab_store_file_unlock(), -1 when there is no lock to
 * be had, which is no reason not to go on */
int   kab_store_file_lock      (const char  *path);
void  kab_store_file_unlock    (int          fd);

G_END_DECLS
