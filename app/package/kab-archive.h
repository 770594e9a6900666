/* kab-archive.h: zip archives, read with limits and written reproducibly; for this room only
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KabArchive: one zip, in a file or in memory. Opening lists its members and refuses what no honest writer makes:
 * names that climb, begin with "/" or occur twice (also when they differ only in case), links, encryption, more members
 * than a package has, and sizes that deflate cannot reach. Not thread-safe.
 */
typedef struct _KabArchive KabArchive;

KabArchive *kab_archive_open        (const char   *path,
                                     GError      **error);
KabArchive *kab_archive_open_bytes  (GBytes       *bytes,
                                     GError      **error);
void        kab_archive_free        (KabArchive   *self);
/* (element-type utf8): files in archive order; directories are left out */
GPtrArray  *kab_archive_get_members (KabArchive   *self);
gboolean    kab_archive_has         (KabArchive   *self,
                                     const char   *member);
GBytes     *kab_archive_read        (KabArchive   *self,
                                     const char   *member,
                                     gsize         max_size,
                                     GError      **error);

/* The content of one file in pieces, then a last call with @data NULL. */
typedef gboolean (*KabArchiveFunc) (const char *member, gconstpointer data, gsize size, gpointer user_data, GError **error);
/* @wanted: (nullable): only this member */
gboolean    kab_archive_stream      (KabArchive     *self,
                                     const char     *wanted,
                                     KabArchiveFunc  func,
                                     gpointer        user_data,
                                     GError        **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabArchive, kab_archive_free)

/* Writing: the same members in the same order give the same bytes, whatever the clock, the zone and the locale. */
typedef struct _KabArchiveWriter KabArchiveWriter;

KabArchiveWriter *kab_archive_writer_new  (void);
gboolean          kab_archive_writer_add  (KabArchiveWriter *self,
                                           const char       *member,
                                           GBytes           *content,
                                           GError          **error);
GBytes           *kab_archive_writer_end  (KabArchiveWriter *self,
                                           GError          **error);
void              kab_archive_writer_free (KabArchiveWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabArchiveWriter, kab_archive_writer_free)

/* Would opening accept a member of this name? KAB_ERROR_BAD_DATA. */
gboolean          kab_archive_check_name  (const char       *name,
                                           GError          **error);

G_END_DECLS
