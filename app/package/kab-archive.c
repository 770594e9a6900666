/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-archive.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "kab-error.h"

#define MAX_MEMBERS     20000                      /* the largest software packages known have a few thousand */
#define MAX_NAME        1024                       /* bytes; four times what Windows accepts as a path */
#define MAX_TOTAL       (G_GUINT64_CONSTANT (16) << 30)
#define MAX_RATIO       1032                       /* deflate: 258 bytes from 2 bits, zlib's technical details */
#define RATIO_FREE      (1 << 20)                  /* bytes below which the ratio says nothing */
#define READ_BLOCK      (64 * 1024)

struct _KabArchive
{
  int         fd;           /* -1 when in memory */
  GBytes     *bytes;
  guint64     size;
  GPtrArray  *members;
  GHashTable *names;        /* of files; owned by members */
};

typedef struct {
  struct archive *archive;
  locale_t        before;
  locale_t        utf8;
} Pass;

/* libarchive converts names to the charset of the thread's locale and loses what does not fit. */
static void
locale_begin (locale_t *before,
              locale_t *utf8)
{
  *utf8 = newlocale (LC_CTYPE_MASK, "C.UTF-8", (locale_t) 0);
  *before = *utf8 != (locale_t) 0 ? uselocale (*utf8) : (locale_t) 0;
}

static void
locale_end (locale_t before,
            locale_t utf8)
{
  if (utf8 == (locale_t) 0)
    return;
  uselocale (before);
  freelocale (utf8);
}

static void
pass_end (Pass *pass)
{
  if (pass->archive != NULL)
    archive_read_free (pass->archive);
  pass->archive = NULL;
  locale_end (pass->before, pass->utf8);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Pass, pass_end)

static void
set_archive_error (GError         **error,
                   struct archive  *archive,
                   const char      *what)
{
  const char *text = archive_error_string (archive);

  g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: %s", what, text != NULL ? text : "no zip archive");
}

static gboolean
pass_begin (KabArchive  *self,
            Pass        *pass,
            GError     **error)
{
  int result;

  locale_begin (&pass->before, &pass->utf8);
  pass->archive = archive_read_new ();
  if (pass->archive == NULL)
    g_error ("out of memory");

  /* Only the central directory is believed, as the agents' reader does. Names without the UTF-8 bit are CP437. */
  archive_read_support_format_zip_seekable (pass->archive);
  archive_read_set_options (pass->archive, "zip:hdrcharset=CP437");

  if (self->fd >= 0)
    {
      if (lseek (self->fd, 0, SEEK_SET) != 0)
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "seek in package: %s", g_strerror (errno));
          return FALSE;
        }
      result = archive_read_open_fd (pass->archive, self->fd, READ_BLOCK);
    }
  else
    {
      gsize size;
      gconstpointer data = g_bytes_get_data (self->bytes, &size);

      result = archive_read_open_memory (pass->archive, data, size);
    }

  if (result != ARCHIVE_OK)
    {
      set_archive_error (error, pass->archive, "package");
      return FALSE;
    }
  return TRUE;
}

gboolean
kab_archive_check_name (const char  *name,
                        GError     **error)
{
  const char *segment = name;
  gsize length = strlen (name);
  const char *reason = NULL;

  if (length == 0 || length > MAX_NAME)
    reason = "is empty or too long";
  else if (!g_utf8_validate (name, length, NULL))
    reason = "is not UTF-8";
  else if (name[0] == '/' || (g_ascii_isalpha (name[0]) && name[1] == ':'))
    reason = "is absolute";
  else if (strchr (name, '\\') != NULL)
    reason = "has a backslash";

  for (gsize i = 0; reason == NULL && i < length; i++)
    if (g_ascii_iscntrl (name[i]))
      reason = "has a control character";

  while (reason == NULL && segment != NULL)
    {
      const char *end = strchr (segment, '/');
      gsize size = end != NULL ? (gsize) (end - segment) : strlen (segment);

      if (size == 0 && end != NULL)
        reason = "has an empty part";
      else if ((size == 1 && segment[0] == '.') || (size == 2 && segment[0] == '.' && segment[1] == '.'))
        reason = "climbs";
      segment = end != NULL ? end + 1 : NULL;
    }

  if (reason != NULL)
    {
      g_autofree char *shown = g_strescape (length > 80 ? "…" : name, NULL);

      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: member name “%s” %s", shown, reason);
    }
  return reason == NULL;
}

/* Returns: the name of the next file, or %NULL at the end or with @error */
static const char *
next_file (Pass                  *pass,
           struct archive_entry **entry,
           gboolean              *is_directory,
           GError               **error)
{
  const char *name;
  int result = archive_read_next_header (pass->archive, entry);

  if (result == ARCHIVE_EOF)
    return NULL;
  if (result != ARCHIVE_OK)
    {
      set_archive_error (error, pass->archive, "package");
      return NULL;
    }

  name = archive_entry_pathname_utf8 (*entry);
  if (name == NULL)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: a member name is in no known charset");
      return NULL;
    }
  if (!kab_archive_check_name (name, error))
    return NULL;

  *is_directory = archive_entry_filetype (*entry) == AE_IFDIR || g_str_has_suffix (name, "/");
  if (!*is_directory && archive_entry_filetype (*entry) != AE_IFREG)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: %s is neither a file nor a folder", name);
      return NULL;
    }
  if (archive_entry_is_encrypted (*entry))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: %s is encrypted", name);
      return NULL;
    }
  return name;
}

static gboolean
list_members (KabArchive  *self,
              GError     **error)
{
  g_autoptr(GHashTable) folded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto(Pass) pass = { 0 };
  g_autoptr(GError) local_error = NULL;
  struct archive_entry *entry;
  guint64 total = 0;
  gboolean is_directory;
  const char *name;

  if (!pass_begin (self, &pass, error))
    return FALSE;

  while ((name = next_file (&pass, &entry, &is_directory, &local_error)) != NULL)
    {
      guint64 size = archive_entry_size_is_set (entry) ? (guint64) MAX (archive_entry_size (entry), 0) : 0;
      gsize length = strlen (name);
      g_autofree char *key = g_utf8_casefold (name, is_directory && name[length - 1] == '/' ? length - 1 : length);

      if (g_hash_table_size (folded) >= MAX_MEMBERS)
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: more than %d members", MAX_MEMBERS);
          return FALSE;
        }
      if (!g_hash_table_add (folded, g_steal_pointer (&key)))
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: %s is there twice", name);
          return FALSE;
        }
      if (size > MAX_TOTAL - total ||
          (total + size > RATIO_FREE && (total + size) / MAX_RATIO > self->size))
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: %s unpacks to more than its archive can hold",
                       name);
          return FALSE;
        }
      total += size;
      if (!is_directory)
        {
          g_ptr_array_add (self->members, g_strdup (name));
          g_hash_table_add (self->names, g_ptr_array_index (self->members, self->members->len - 1));
        }
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  return TRUE;
}

static KabArchive *
archive_open_finish (KabArchive  *self,
                     const char  *start,
                     gsize        start_size,
                     GError     **error)
{
  g_autoptr(KabArchive) owned = self;

  owned->members = g_ptr_array_new_with_free_func (g_free);
  owned->names = g_hash_table_new (g_str_hash, g_str_equal);

  if (start_size < 4 || memcmp (start, "PK\3\4", 4) != 0)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: does not begin like a zip archive");
      return NULL;
    }
  if (!list_members (owned, error))
    return NULL;
  return g_steal_pointer (&owned);
}

KabArchive *
kab_archive_open (const char  *path,
                  GError     **error)
{
  KabArchive *self;
  struct stat info;
  char start[4] = { 0 };
  gssize n_read;
  int fd;

  fd = g_open (path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
  if (fd < 0)
    {
      g_set_error (error, KAB_ERROR, errno == ENOENT ? KAB_ERROR_NOT_FOUND : KAB_ERROR_STORAGE, "%s: %s", path,
                   g_strerror (errno));
      return NULL;
    }

  self = g_new0 (KabArchive, 1);
  self->fd = fd;
  if (fstat (fd, &info) != 0 || !S_ISREG (info.st_mode))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: not a file", path);
      kab_archive_free (self);
      return NULL;
    }
  self->size = info.st_size;
  n_read = read (fd, start, sizeof start);
  return archive_open_finish (self, start, MAX (n_read, 0), error);
}

KabArchive *
kab_archive_open_bytes (GBytes  *bytes,
                        GError **error)
{
  KabArchive *self = g_new0 (KabArchive, 1);
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  self->fd = -1;
  self->bytes = g_bytes_ref (bytes);
  self->size = size;
  return archive_open_finish (self, data, size, error);
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
  g_free (self);
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

static gboolean
stream_entry (KabArchive      *self,
              Pass            *pass,
              const char      *name,
              guint64         *total,
              KabArchiveFunc   func,
              gpointer         user_data,
              GError         **error)
{
  g_autofree char *buffer = g_malloc (READ_BLOCK);

  while (TRUE)
    {
      la_ssize_t n_read = archive_read_data (pass->archive, buffer, READ_BLOCK);

      if (n_read < 0)
        {
          set_archive_error (error, pass->archive, name);
          return FALSE;
        }
      if (n_read == 0)
        return func (name, NULL, 0, user_data, error);

      /* The sizes that list_members() judged are only what the archive says of itself. */
      *total += n_read;
      if (*total > MAX_TOTAL || (*total > RATIO_FREE && *total / MAX_RATIO > self->size))
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: %s unpacks to more than it says", name);
          return FALSE;
        }
      if (!func (name, buffer, n_read, user_data, error))
        return FALSE;
    }
}

gboolean
kab_archive_stream (KabArchive      *self,
                    const char      *wanted,
                    KabArchiveFunc   func,
                    gpointer         user_data,
                    GError         **error)
{
  g_auto(Pass) pass = { 0 };
  g_autoptr(GError) local_error = NULL;
  struct archive_entry *entry;
  guint64 total = 0;
  gboolean is_directory;
  guint n_files = 0;
  const char *name;

  if (!pass_begin (self, &pass, error))
    return FALSE;

  while ((name = next_file (&pass, &entry, &is_directory, &local_error)) != NULL)
    {
      g_autofree char *kept = NULL;

      if (is_directory || (wanted != NULL && !g_str_equal (name, wanted)))
        continue;
      kept = g_strdup (name);   /* reading may move what the entry holds */
      n_files++;
      if (!kab_archive_has (self, kept))
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: changed while it was read");
          return FALSE;
        }
      if (!stream_entry (self, &pass, kept, &total, func, user_data, error))
        return FALSE;
      if (wanted != NULL)
        return TRUE;
    }

  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  if (wanted != NULL)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "package: has no %s", wanted);
      return FALSE;
    }
  if (n_files != self->members->len)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: changed while it was read");
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
    g_byte_array_append (collect->data, data, size);
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
