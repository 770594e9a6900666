/* kab-server-files.h: the folders that anybody may read: packages, host packages, updates
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-depot.h"

G_BEGIN_DECLS

/* @path: of a request, decoded. Only names that cannot lead out of the three folders; icons/ is the one subfolder.
 * Returns: (transfer full) (nullable): the file it means, which may not exist */
char    *kab_server_find_file   (KabDepot    *depot,
                                 const char  *path);

/* (element-type utf8): names of files and folders in @folder that such a path may name and that end in @suffix, sorted, so
 * that every listing is in the same order */
GPtrArray *kab_server_list_names (const char *folder,
                                  const char *suffix,
                                  GError    **error);

typedef enum {
  KAB_RANGE_WHOLE,      /* no range, or one that is left aside: several, or of another unit */
  KAB_RANGE_PART,
  KAB_RANGE_OUTSIDE,    /* cannot be satisfied */
} KabRange;

/* @text: (nullable): the header Range. @end is exclusive; both are those of the whole unless KAB_RANGE_PART. */
KabRange kab_server_parse_range (const char  *text,
                                 gint64       size,
                                 gint64      *start,
                                 gint64      *end);

/* The files of the update cache as a JSON array (README), by name, each with the updates that need it */
GString *kab_server_list_files  (KabDepot    *depot,
                                 guint       *n_files,
                                 GError     **error);

G_END_DECLS
