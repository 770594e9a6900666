/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <locale.h>

#include "kab-error.h"

struct _KabArchiveWriter
{
  struct archive *archive;
  GByteArray     *out;
};

static la_ssize_t
write_cb (struct archive *archive,
          void           *user_data,
          const void     *data,
          size_t          size)
{
  KabArchiveWriter *self = user_data;

  if (size > G_MAXUINT - self->out->len)
    {
      archive_set_error (archive, -1, "larger than 4 GiB");
      return -1;
    }
  g_byte_array_append (self->out, data, size);
  return size;
}

static gboolean
writer_failed (KabArchiveWriter  *self,
               GError           **error)
{
  const char *text = archive_error_string (self->archive);

  g_set_error (error, KAB_ERROR, KAB_ERROR_FAILED, "writing an archive: %s", text != NULL ? text : "failed");
  return FALSE;
}

KabArchiveWriter *
kab_archive_writer_new (void)
{
  KabArchiveWriter *self = g_new0 (KabArchiveWriter, 1);

  self->out = g_byte_array_new ();
  self->archive = archive_write_new ();
  if (self->archive == NULL)
    g_error ("out of memory");
  archive_write_set_format_zip (self->archive);
  archive_write_set_options (self->archive, "zip:compression=deflate,zip:compression-level=6");
  archive_write_set_bytes_per_block (self->archive, 0);
  archive_write_set_bytes_in_last_block (self->archive, 1);
  if (archive_write_open (self->archive, self, NULL, write_cb, NULL) != ARCHIVE_OK)
    g_error ("libarchive writes no zip");
  return self;
}

gboolean
kab_archive_writer_add (KabArchiveWriter  *self,
                        const char        *member,
                        GBytes            *content,
                        GError           **error)
{
  /* libarchive flags names as UTF-8 only when the thread's locale says so. */
  locale_t utf8 = newlocale (LC_CTYPE_MASK, "C.UTF-8", (locale_t) 0);
  locale_t before = utf8 != (locale_t) 0 ? uselocale (utf8) : (locale_t) 0;
  struct archive_entry *entry = archive_entry_new2 (self->archive);
  gsize size;
  gconstpointer data = g_bytes_get_data (content, &size);
  gboolean done;

  /* Without any time the writer puts the first instant that zip knows, whatever the time zone. */
  archive_entry_set_pathname (entry, member);
  archive_entry_set_filetype (entry, AE_IFREG);
  archive_entry_set_perm (entry, 0644);
  archive_entry_set_size (entry, size);
  done = archive_write_header (self->archive, entry) == ARCHIVE_OK &&
         (size == 0 || archive_write_data (self->archive, data, size) == (la_ssize_t) size) &&
         archive_write_finish_entry (self->archive) == ARCHIVE_OK;
  archive_entry_free (entry);

  if (utf8 != (locale_t) 0)
    {
      uselocale (before);
      freelocale (utf8);
    }
  return done || writer_failed (self, error);
}

GBytes *
kab_archive_writer_end (KabArchiveWriter  *self,
                        GError           **error)
{
  if (archive_write_close (self->archive) != ARCHIVE_OK)
    {
      writer_failed (self, error);
      return NULL;
    }
  return g_byte_array_free_to_bytes (g_steal_pointer (&self->out));
}

void
kab_archive_writer_free (KabArchiveWriter *self)
{
  if (self == NULL)
    return;
  archive_write_free (self->archive);
  g_clear_pointer (&self->out, g_byte_array_unref);
  g_free (self);
}
