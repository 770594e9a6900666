/* kab-snapshot-build.h: the parts of building a snapshot
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-snapshot-private.h"

G_BEGIN_DECLS

/* Texts in the arena: never NULL; equal ones of interned kind are one pointer */
const char *kab_snapshot_keep_text   (KabSnapshot    *self,
                                      const char     *text);
const char *kab_snapshot_intern_text (KabSnapshot    *self,
                                      const char     *text);
/* A list column ("a\x1fb\x1f") as "a, b", each entry behind @prefix, unless it has that already */
char       *kab_snapshot_join        (const char     *list,
                                      const char     *prefix);

gboolean    kab_snapshot_add_updates (KabSnapshot    *self,
                                      KabDatabase    *database,
                                      GError        **error);
gboolean    kab_snapshot_add_hosts   (KabSnapshot    *self,
                                      KabDatabase    *database,
                                      GCancellable   *cancellable,
                                      GError        **error);
/* "Windows 11 23H2" and "22631.4317"; @build may be "" */
char       *kab_windows_dup_name     (const char     *os_name,
                                      const char     *os_version,
                                      char          **build);

G_END_DECLS
