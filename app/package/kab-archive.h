/* kab-archive.h: zip archives, read with limits and written reproducibly; for this room only
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * KabArchive: one zip, in a file or in memory, read as agents read it: only the directory at the end counts, each name in
 * it must be the one before the data, the last of several members of a name wins. Opening lists the members. It refuses
 * what no agent can read, and also, unless @as_agent, what agents read and no honest writer makes (§ 14): names that climb,
 * begin with "/" or occur twice (also when they differ only in case), links, members that share bytes, something before or
 * behind the archive, and what breaks a limit. Not thread-safe.
 *
 * A reader of our own: one that took names from elsewhere than agents do would let a package verify as one thing and be
 * installed as another.
 */
typedef struct _KabArchive KabArchive;

/* KAB_ERROR_NOT_FOUND, KAB_ERROR_STORAGE, KAB_ERROR_BAD_DATA; UNSUPPORTED: a host package encrypted for its host */
KabArchive *kab_archive_open        (const char   *path,
                                     gboolean      as_agent,
                                     GError      **error);
KabArchive *kab_archive_open_bytes  (GBytes       *bytes,
                                     gboolean      as_agent,
                                     GError      **error);
void        kab_archive_free        (KabArchive   *self);
/* @as_agent: what makes it unsafe, in one line; %NULL: nothing. @code: a word for it; "limit": do not unpack it whole */
const char *kab_archive_get_fault   (KabArchive   *self,
                                     const char  **code);
/* It begins with a member, and not with something else. */
gboolean    kab_archive_is_bare     (KabArchive   *self);
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

/* @fd: borrowed; -1 = in memory */
KabArchiveWriter *kab_archive_writer_new  (int               fd);
gboolean          kab_archive_writer_add  (KabArchiveWriter *self,
                                           const char       *member,
                                           GBytes           *content,
                                           GError          **error);
/* @member of @from, compressed as it is */
gboolean          kab_archive_writer_copy (KabArchiveWriter *self,
                                           KabArchive       *from,
                                           const char       *member,
                                           GError          **error);
/* Returns: the archive; without a byte when it went into a file */
GBytes           *kab_archive_writer_end  (KabArchiveWriter *self,
                                           GError          **error);
void              kab_archive_writer_free (KabArchiveWriter *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabArchiveWriter, kab_archive_writer_free)

/* Would opening accept a member of this name? KAB_ERROR_BAD_DATA. */
gboolean          kab_archive_check_name  (const char       *name,
                                           GError          **error);

G_END_DECLS
