/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "kab-archive-private.h"
#include "kab-error.h"

#define ENCRYPTED_HOST "RSAFERNET"   /* wapt-package-format § 5.4 */

gboolean
kab_archive_pread (KabArchive  *self,
                   guint64      offset,
                   gpointer     buffer,
                   gsize        size,
                   GError     **error)
{
  guint8 *at = buffer;

  if (offset > self->size || size > self->size - offset)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: is cut short");
      return FALSE;
    }
  if (self->fd < 0)
    {
      if (size > 0)
        memcpy (buffer, (const guint8 *) g_bytes_get_data (self->bytes, NULL) + offset, size);
      return TRUE;
    }
  while (size > 0)
    {
      gssize n_read = pread (self->fd, at, size, (off_t) offset);

      if (n_read < 0 && errno == EINTR)
        continue;
      if (n_read <= 0)
        {
          g_set_error (error, KAB_ERROR, n_read < 0 ? KAB_ERROR_STORAGE : KAB_ERROR_BAD_DATA, "package: %s",
                       n_read < 0 ? g_strerror (errno) : "became shorter while it was read");
          return FALSE;
        }
      at += n_read;
      offset += (guint64) n_read;
      size -= (gsize) n_read;
    }
  return TRUE;
}

static KabArchive *
archive_new (gboolean as_agent)
{
  KabArchive *self = g_new0 (KabArchive, 1);

  self->fd = -1;
  self->as_agent = as_agent;
  self->members = g_ptr_array_new ();
  self->names = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

static KabArchive *
archive_open_finish (KabArchive  *self,
                     GError     **error)
{
  g_autoptr(KabArchive) owned = self;
  char start[sizeof ENCRYPTED_HOST - 1] = { 0 };

  kab_archive_pread (owned, 0, start, (gsize) MIN (sizeof start, owned->size), NULL);
  if (memcmp (start, ENCRYPTED_HOST, sizeof start) == 0)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_UNSUPPORTED, "package: encrypted; only its host can read it");
      return NULL;
    }
  owned->is_bare = memcmp (start, "PK\3\4", 4) == 0;
  if (!kab_archive_list (owned, error))
    return NULL;
  if (!owned->is_bare && !kab_archive_note (owned, error, "stub", "does not begin like a zip archive"))
    return NULL;
  return g_steal_pointer (&owned);
}

KabArchive *
kab_archive_open (const char  *path,
                  gboolean     as_agent,
                  GError     **error)
{
  int fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  g_autoptr(KabArchive) self = NULL;
  struct stat info;

  if (fd < 0)
    {
      g_set_error (error, KAB_ERROR, errno == ENOENT ? KAB_ERROR_NOT_FOUND : KAB_ERROR_STORAGE, "%s: %s", path,
                   g_strerror (errno));
      return NULL;
    }
  self = archive_new (as_agent);
  self->fd = fd;
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: not a file", path);
      return NULL;
    }
  self->size = (guint64) info.st_size;
  return archive_open_finish (g_steal_pointer (&self), error);
}

KabArchive *
kab_archive_open_bytes (GBytes    *bytes,
                        gboolean   as_agent,
                        GError   **error)
{
  KabArchive *self = archive_new (as_agent);

  self->bytes = g_bytes_ref (bytes);
  self->size = g_bytes_get_size (bytes);
  return archive_open_finish (self, error);
}

void
kab_archive_free (KabArchive *self)
{
  if (self == NULL)
    return;
  if (self->fd >= 0)
    close (self->fd);
  g_clear_pointer (&self->bytes, g_bytes_unref);
  g_clear_pointer (&self->names, g_hash_table_unref);
  g_clear_pointer (&self->members, g_ptr_array_unref);
  g_clear_pointer (&self->entries, g_ptr_array_unref);
  g_free (self->fault);
  g_free (self);
}

const char *
kab_archive_get_fault (KabArchive  *self,
                       const char **code)
{
  if (code != NULL)
    *code = self->fault_code;
  return self->fault;
}

gboolean
kab_archive_is_bare (KabArchive *self)
{
  return self->is_bare;
}

GPtrArray *
kab_archive_get_members (KabArchive *self)
{
  return self->members;
}

gboolean
kab_archive_has (KabArchive *self,
                 const char *member)
{
  return g_hash_table_contains (self->names, member);
}

/* One member on its way out. */
typedef struct {
  const KabArchiveEntry *entry;
  KabArchiveFunc         func;
  gpointer               user_data;
  guint64                n_out;
  guint32                crc;
} Unpacking;

static gboolean
hand_out (Unpacking     *self,
          gconstpointer  data,
          gsize          size,
          GError       **error)
{
  self->n_out += size;
  if (self->n_out > self->entry->size)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: %s unpacks to more than it says", self->entry->name);
      return FALSE;
    }
  self->crc = kab_crc32 (self->crc, data, size);
  return size == 0 || self->func (self->entry->name, data, size, self->user_data, error);
}

static gboolean
damaged (const Unpacking  *self,
         GError          **error)
{
  g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: %s is damaged", self->entry->name);
  return FALSE;
}

static gboolean
inflate (KabArchive  *archive,
         Unpacking   *self,
         GError     **error)
{
  g_autoptr(GConverter) converter = G_CONVERTER (g_zlib_decompressor_new (G_ZLIB_COMPRESSOR_FORMAT_RAW));
  g_autofree guint8 *in = g_malloc (KAB_ARCHIVE_BLOCK);
  g_autofree guint8 *out = g_malloc (KAB_ARCHIVE_BLOCK);
  guint64 left = self->entry->packed;
  guint64 offset = self->entry->data;
  gsize at = 0, end = 0;

  while (TRUE)
    {
      g_autoptr(GError) local_error = NULL;
      gsize n_read = 0, n_written = 0;
      GConverterResult result;

      if (at == end && left > 0)
        {
          at = 0;
          end = (gsize) MIN (left, KAB_ARCHIVE_BLOCK);
          if (!kab_archive_pread (archive, offset, in, end, error))
            return FALSE;
          offset += end;
          left -= end;
        }
      result = g_converter_convert (converter, in + at, end - at, out, KAB_ARCHIVE_BLOCK,
                                    left == 0 ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS, &n_read, &n_written,
                                    &local_error);
      if (result == G_CONVERTER_ERROR)
        return damaged (self, error);
      at += n_read;
      if (!hand_out (self, out, n_written, error))
        return FALSE;
      if (result == G_CONVERTER_FINISHED)
        return (at == end && left == 0) ||
               kab_archive_note (archive, error, "headers", "%s has something behind its data", self->entry->name);
    }
}

static gboolean
copy_stored (KabArchive  *archive,
             Unpacking   *self,
             GError     **error)
{
  g_autofree guint8 *block = g_malloc (KAB_ARCHIVE_BLOCK);

  for (guint64 done = 0; done < self->entry->packed;)
    {
      gsize size = (gsize) MIN (self->entry->packed - done, KAB_ARCHIVE_BLOCK);

      if (!kab_archive_pread (archive, self->entry->data + done, block, size, error) || !hand_out (self, block, size, error))
        return FALSE;
      done += size;
    }
  return TRUE;
}

static gboolean
stream_entry (KabArchive             *self,
              const KabArchiveEntry  *entry,
              KabArchiveFunc          func,
              gpointer                user_data,
              GError                **error)
{
  Unpacking unpacking = { entry, func, user_data, 0, 0 };

  if (!(entry->method == KAB_ZIP_STORED ? copy_stored (self, &unpacking, error) : inflate (self, &unpacking, error)))
    return FALSE;
  if (unpacking.crc != entry->crc)
    return damaged (&unpacking, error);
  if (unpacking.n_out != entry->size && !kab_archive_note (self, error, "headers", "%s is shorter than it says", entry->name))
    return FALSE;
  return func (entry->name, NULL, 0, user_data, error);
}

gboolean
kab_archive_stream (KabArchive      *self,
                    const char      *wanted,
                    KabArchiveFunc   func,
                    gpointer         user_data,
                    GError         **error)
{
  const KabArchiveEntry *entry;

  if (wanted != NULL)
    {
      entry = g_hash_table_lookup (self->names, wanted);
      if (entry != NULL)
        return stream_entry (self, entry, func, user_data, error);
      g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "package: has no %s", wanted);
      return FALSE;
    }
  for (guint i = 0; i < self->members->len; i++)
    {
      entry = g_hash_table_lookup (self->names, self->members->pdata[i]);
      if (!stream_entry (self, entry, func, user_data, error))
        return FALSE;
    }
  return TRUE;
}

typedef struct {
  GByteArray *data;
  gsize       max_size;
} Collect;

static gboolean
collect_cb (const char    *member,
            gconstpointer  data,
            gsize          size,
            gpointer       user_data,
            GError       **error)
{
  Collect *collect = user_data;

  if (size > collect->max_size - collect->data->len)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: larger than %" G_GSIZE_FORMAT " bytes", member,
                   collect->max_size);
      return FALSE;
    }
  if (size > 0)
    g_byte_array_append (collect->data, data, (guint) size);
  return TRUE;
}

GBytes *
kab_archive_read (KabArchive  *self,
                  const char  *member,
                  gsize        max_size,
                  GError     **error)
{
  g_autoptr(GByteArray) data = g_byte_array_new ();
  Collect collect = { data, MIN (max_size, G_MAXUINT / 2) };

  if (!kab_archive_stream (self, member, collect_cb, &collect, error))
    return NULL;
  return g_byte_array_free_to_bytes (g_steal_pointer (&data));
}
