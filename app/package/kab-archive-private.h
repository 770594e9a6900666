/* kab-archive-private.h: the zip format, as reader and writer share it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-archive.h"

G_BEGIN_DECLS

/* Limits. What breaks one is refused before anything of it is unpacked. */
#define KAB_ARCHIVE_MAX_MEMBERS    20000        /* the largest software packages known have a few thousand */
#define KAB_ARCHIVE_MAX_NAME       1024         /* bytes; four times what Windows accepts as a path */
#define KAB_ARCHIVE_MAX_DIRECTORY  (64 << 20)   /* bytes of the directory at the end */
#define KAB_ARCHIVE_MAX_TOTAL      (G_GUINT64_CONSTANT (16) << 30)   /* bytes of all members, unpacked */
#define KAB_ARCHIVE_MAX_RATIO      200          /* unpacked to packed; programs and texts have 2 to 20 */
#define KAB_ARCHIVE_RATIO_FREE     (16 << 20)   /* bytes below which the ratio says nothing */
#define KAB_ARCHIVE_BLOCK          (64 * 1024)

/* Signatures, sizes and places of the format (APPNOTE 4.3). */
#define KAB_ZIP_LOCAL        0x04034b50u
#define KAB_ZIP_CENTRAL      0x02014b50u
#define KAB_ZIP_END          0x06054b50u
#define KAB_ZIP64_END        0x06064b50u
#define KAB_ZIP64_LOCATOR    0x07064b50u
#define KAB_ZIP_LOCAL_SIZE   30
#define KAB_ZIP_CENTRAL_SIZE 46
#define KAB_ZIP_END_SIZE     22
#define KAB_ZIP64_END_SIZE   56
#define KAB_ZIP64_LOCATOR_SIZE 20
#define KAB_ZIP_FLAG_ENCRYPTED  (1 << 0)
#define KAB_ZIP_FLAG_DESCRIPTOR (1 << 3)
#define KAB_ZIP_FLAG_UTF8       (1 << 11)
#define KAB_ZIP_STORED       0
#define KAB_ZIP_DEFLATED     8
#define KAB_ZIP_UNIX         3
#define KAB_ZIP_MAX_VERSION  63      /* agents refuse members that need a newer program */

typedef struct {
  char    *name;          /* as an agent unpacks it */
  guint8  *raw;           /* as it is spelled */
  guint16  raw_size;
  guint16  made_by;
  guint8   version;
  guint16  flags;
  guint16  method;
  guint32  time;          /* DOS date and time */
  guint32  crc;
  guint32  attributes;
  guint64  packed;
  guint64  size;
  guint64  header;        /* where its local header is, in the file */
  guint64  data;
  gboolean is_directory;
  gboolean is_hidden;     /* another one of its name comes behind it */
  gboolean is_cut;        /* what it says of itself ends behind the directory */
} KabArchiveEntry;

struct _KabArchive
{
  int         fd;           /* -1 when in memory */
  GBytes     *bytes;
  guint64     size;
  guint64     directory;    /* where it begins */
  GPtrArray  *entries;      /* KabArchiveEntry, in the order of the directory */
  GPtrArray  *members;      /* names of files; borrowed */
  GHashTable *names;        /* of files → KabArchiveEntry */
  const char *fault_code;
  char       *fault;
  gboolean    as_agent;
  gboolean    is_bare;
};

gboolean kab_archive_pread      (KabArchive      *self,
                                 guint64          offset,
                                 gpointer         buffer,
                                 gsize            size,
                                 GError         **error);
/* Notes the first thing that makes it unsafe. Returns: whether to go on */
gboolean kab_archive_note       (KabArchive      *self,
                                 GError         **error,
                                 const char      *code,
                                 const char      *format,
                                 ...) G_GNUC_PRINTF (4, 5);
/* kab-archive-directory.c: fills entries */
gboolean kab_archive_list       (KabArchive      *self,
                                 GError         **error);
/* kab-archive-name.c */
/* As an agent unpacks it (Python's zipfile on Windows): no drive, no empty parts, no "." and "..". */
char    *kab_archive_dup_name   (const guint8    *raw,
                                 gsize            size,
                                 gboolean         is_utf8);
guint32  kab_crc32              (guint32          crc,
                                 gconstpointer    data,
                                 gsize            size);

static inline guint16
kab_get_u16 (const guint8 *p)
{
  return (guint16) (p[0] | p[1] << 8);
}

static inline guint32
kab_get_u32 (const guint8 *p)
{
  return kab_get_u16 (p) | (guint32) kab_get_u16 (p + 2) << 16;
}

static inline guint64
kab_get_u64 (const guint8 *p)
{
  return kab_get_u32 (p) | (guint64) kab_get_u32 (p + 4) << 32;
}

G_END_DECLS
