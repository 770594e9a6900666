/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kab-archive-private.h"
#include "kab-error.h"

#define FIRST_DAY     (0x0021u << 16)   /* 1980-01-01 00:00, the first instant that zip knows: the same on any day */
#define VERSION       20                /* deflate */
#define VERSION64     45
#define MAX_SIZE32    0xffffffffu

struct _KabArchiveWriter
{
  int         fd;
  GByteArray *out;         /* in memory */
  GByteArray *directory;
  guint64     offset;
  guint64     n_entries;
};

KabArchiveWriter *
kab_archive_writer_new (int fd)
{
  KabArchiveWriter *self = g_new0 (KabArchiveWriter, 1);

  self->fd = fd;
  self->out = g_byte_array_new ();
  self->directory = g_byte_array_new ();
  return self;
}

void
kab_archive_writer_free (KabArchiveWriter *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->out, g_byte_array_unref);
  g_clear_pointer (&self->directory, g_byte_array_unref);
  g_free (self);
}

static gboolean
put (KabArchiveWriter  *self,
     gconstpointer      data,
     gsize              size,
     GError           **error)
{
  const guint8 *at = data;

  self->offset += size;
  if (self->fd < 0)
    {
      if (size > G_MAXINT32 - (gsize) self->out->len)
        {
          g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, "package: too large to be made in memory");
          return FALSE;
        }
      if (size > 0)
        g_byte_array_append (self->out, at, (guint) size);
      return TRUE;
    }
  while (size > 0)
    {
      gssize n_written = write (self->fd, at, size);

      if (n_written < 0 && errno == EINTR)
        continue;
      if (n_written < 0)
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "writing a package: %s", g_strerror (errno));
          return FALSE;
        }
      at += n_written;
      size -= (gsize) n_written;
    }
  return TRUE;
}

static void
add_u16 (GByteArray *to,
         guint       value)
{
  const guint8 bytes[] = { value & 0xff, (value >> 8) & 0xff };

  g_byte_array_append (to, bytes, sizeof bytes);
}

static void
add_u32 (GByteArray *to,
         guint32     value)
{
  add_u16 (to, value & 0xffff);
  add_u16 (to, value >> 16);
}

static void
add_u64 (GByteArray *to,
         guint64     value)
{
  add_u32 (to, (guint32) value);
  add_u32 (to, (guint32) (value >> 32));
}

static guint32
as_u32 (guint64 value)
{
  return (guint32) MIN (value, MAX_SIZE32);
}

static gboolean
is_ascii (const char *text)
{
  for (; *text != '\0'; text++)
    if ((guchar) *text >= 0x80)
      return FALSE;
  return TRUE;
}

/* What local header and directory have in common, from "version needed" on. */
static void
add_facts (GByteArray            *to,
           const KabArchiveEntry *entry,
           gboolean               is_large,
           guint                  extra_size)
{
  add_u16 (to, is_large ? VERSION64 : VERSION);
  add_u16 (to, is_ascii (entry->name) ? 0 : KAB_ZIP_FLAG_UTF8);
  add_u16 (to, entry->method);
  add_u32 (to, entry->time);
  add_u32 (to, entry->crc);
  add_u32 (to, is_large ? MAX_SIZE32 : (guint32) entry->packed);
  add_u32 (to, is_large ? MAX_SIZE32 : (guint32) entry->size);
  add_u16 (to, (guint) strlen (entry->name));
  add_u16 (to, extra_size);
}

static gboolean
put_header (KabArchiveWriter  *self,
            KabArchiveEntry   *entry,
            GError           **error)
{
  gboolean is_large = entry->packed >= MAX_SIZE32 || entry->size >= MAX_SIZE32;
  gboolean is_far = self->offset >= MAX_SIZE32;
  g_autoptr(GByteArray) local = g_byte_array_new ();
  GByteArray *to = self->directory;

  add_u32 (local, KAB_ZIP_LOCAL);
  add_facts (local, entry, is_large, is_large ? 20 : 0);
  g_byte_array_append (local, (const guint8 *) entry->name, (guint) strlen (entry->name));
  if (is_large)
    {
      add_u16 (local, 1);
      add_u16 (local, 16);
      add_u64 (local, entry->size);
      add_u64 (local, entry->packed);
    }

  add_u32 (to, KAB_ZIP_CENTRAL);
  add_u16 (to, entry->made_by);
  add_facts (to, entry, is_large, is_large || is_far ? 4 + (is_large ? 16 : 0) + (is_far ? 8 : 0) : 0);
  add_u16 (to, 0);
  add_u16 (to, 0);
  add_u16 (to, 0);
  add_u32 (to, entry->attributes);
  add_u32 (to, as_u32 (self->offset));
  g_byte_array_append (to, (const guint8 *) entry->name, (guint) strlen (entry->name));
  if (is_large || is_far)
    {
      add_u16 (to, 1);
      add_u16 (to, (is_large ? 16 : 0) + (is_far ? 8 : 0));
      if (is_large)
        {
          add_u64 (to, entry->size);
          add_u64 (to, entry->packed);
        }
      if (is_far)
        add_u64 (to, self->offset);
    }
  self->n_entries++;
  return put (self, local->data, local->len, error);
}

/* Returns: deflated as one raw stream */
static GByteArray *
deflate (GBytes  *content,
         GError **error)
{
  g_autoptr(GConverter) converter = G_CONVERTER (g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW, 6));
  g_autoptr(GByteArray) packed = g_byte_array_new ();
  g_autofree guint8 *out = g_malloc (KAB_ARCHIVE_BLOCK);
  GConverterResult result = G_CONVERTER_CONVERTED;
  gsize size;
  const guint8 *at = g_bytes_get_data (content, &size);

  while (result != G_CONVERTER_FINISHED)
    {
      gsize n_read = 0, n_written = 0;

      result = g_converter_convert (converter, at, size, out, KAB_ARCHIVE_BLOCK, G_CONVERTER_INPUT_AT_END, &n_read,
                                    &n_written, error);
      if (result == G_CONVERTER_ERROR)
        return NULL;
      g_byte_array_append (packed, out, (guint) n_written);
      at += n_read;
      size -= n_read;
    }
  return g_steal_pointer (&packed);
}

gboolean
kab_archive_writer_add (KabArchiveWriter  *self,
                        const char        *member,
                        GBytes            *content,
                        GError           **error)
{
  KabArchiveEntry entry = { .name = (char *) member, .made_by = KAB_ZIP_UNIX << 8 | VERSION, .time = FIRST_DAY,
                            .attributes = (guint32) (S_IFREG | 0644) << 16 };
  g_autoptr(GByteArray) packed = NULL;
  gsize size;
  gconstpointer data = g_bytes_get_data (content, &size);

  entry.size = size;
  entry.crc = kab_crc32 (0, data, size);
  if (size == 0)
    return put_header (self, &entry, error);
  packed = deflate (content, error);
  if (packed == NULL)
    return FALSE;
  entry.method = KAB_ZIP_DEFLATED;
  entry.packed = packed->len;
  return put_header (self, &entry, error) && put (self, packed->data, packed->len, error);
}

gboolean
kab_archive_writer_copy (KabArchiveWriter  *self,
                         KabArchive        *from,
                         const char        *member,
                         GError           **error)
{
  const KabArchiveEntry *source = g_hash_table_lookup (from->names, member);
  g_autofree guint8 *block = g_malloc (KAB_ARCHIVE_BLOCK);
  KabArchiveEntry entry;

  if (source == NULL)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "package: has no %s", member);
      return FALSE;
    }
  entry = *source;
  if (!put_header (self, &entry, error))
    return FALSE;
  for (guint64 done = 0; done < source->packed;)
    {
      gsize size = (gsize) MIN (source->packed - done, KAB_ARCHIVE_BLOCK);

      if (!kab_archive_pread (from, source->data + done, block, size, error) || !put (self, block, size, error))
        return FALSE;
      done += size;
    }
  return TRUE;
}

GBytes *
kab_archive_writer_end (KabArchiveWriter  *self,
                        GError           **error)
{
  guint64 start = self->offset;
  guint64 size = self->directory->len;
  GByteArray *to = self->directory;

  if (start >= MAX_SIZE32 || size >= MAX_SIZE32 || self->n_entries >= 0xffff)
    {
      add_u32 (to, KAB_ZIP64_END);
      add_u64 (to, KAB_ZIP64_END_SIZE - 12);
      add_u16 (to, KAB_ZIP_UNIX << 8 | VERSION64);
      add_u16 (to, VERSION64);
      add_u32 (to, 0);
      add_u32 (to, 0);
      add_u64 (to, self->n_entries);
      add_u64 (to, self->n_entries);
      add_u64 (to, size);
      add_u64 (to, start);
      add_u32 (to, KAB_ZIP64_LOCATOR);
      add_u32 (to, 0);
      add_u64 (to, start + size);
      add_u32 (to, 1);
    }
  add_u32 (to, KAB_ZIP_END);
  add_u32 (to, 0);
  add_u16 (to, (guint) MIN (self->n_entries, 0xffff));
  add_u16 (to, (guint) MIN (self->n_entries, 0xffff));
  add_u32 (to, as_u32 (size));
  add_u32 (to, as_u32 (start));
  add_u16 (to, 0);
  if (!put (self, to->data, to->len, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&self->out));
}
