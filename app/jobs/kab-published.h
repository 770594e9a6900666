/* kab-published.h: every package that went out from here, or that we replaced, as a file beside the ledger
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-mirror.h"

G_BEGIN_DECLS

/* The folder is "<mirror without .mirror>.published", 0700; files are "<sha256>.wapt", 0600. */
char    *kab_published_dup_folder (KabMirror    *mirror);
char    *kab_published_dup_path   (KabMirror    *mirror,
                                   const char   *sha256);
/* Safe on disk when it returns. Returns: (transfer full): the SHA-256 */
char    *kab_published_keep       (KabMirror    *mirror,
                                   GBytes       *bytes,
                                   GError      **error);
gboolean kab_published_has        (KabMirror    *mirror,
                                   const char   *sha256);
/* KAB_ERROR_NOT_FOUND; KAB_ERROR_BAD_DATA when the file is not what its name says */
GBytes  *kab_published_read       (KabMirror    *mirror,
                                   const char   *sha256,
                                   GError      **error);
/* Nothing came of it. */
void     kab_published_forget     (KabMirror    *mirror,
                                   const char   *sha256);

G_END_DECLS
