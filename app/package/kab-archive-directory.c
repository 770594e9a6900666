/* SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Why no library reads the directory. Agents (Python's zipfile) refuse a member that has another name before its data than
 * in the directory, let the last of two of one name win, and open an archive with something before or behind it. Tried on
 * such archives: libarchive 3.6 believes the name before the data, and the order of the file rather than the directory's;
 * libzip 1.7 never compares the names, or with ZIP_CHECKCONS opens neither of the others, and finds the first of two.
 * With either a package could verify as one thing and be installed as another. zlib, through GIO, does the rest.
 */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include "kab-archive-private.h"
#include "kab-error.h"

#define NO_SIZE32  0xffffffffu
#define TAIL       (KAB_ZIP_END_SIZE + 0xffff)   /* the end record with the longest comment */

/* What the end of the archive says of its directory. */
typedef struct {
  guint64 offset;       /* as it says; the place is found by counting back from the end */
  guint64 size;
  guint64 n_entries;
  guint64 end;          /* where the directory must end, in the file */
} End;

static gboolean
bad (GError     **error,
     const char  *message)
{
  g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: %s", message);
  return FALSE;
}

gboolean
kab_archive_note (KabArchive  *self,
                  GError     **error,
                  const char  *code,
                  const char  *format,
                  ...)
{
  va_list arguments;

  /* A broken limit ends the reading, and is what to say. */
  if (self->fault != NULL && !g_str_equal (code, "limit"))
    return TRUE;
  g_free (self->fault);
  va_start (arguments, format);
  self->fault = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  self->fault_code = code;
  if (!self->as_agent)
    g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: %s", self->fault);
  return self->as_agent;
}

/* An archive of more than 4 GiB or 65,535 members says so before its end. */
static gboolean
read_end64 (KabArchive  *self,
            guint64      at,
            End         *end,
            GError     **error)
{
  guint8 locator[KAB_ZIP64_LOCATOR_SIZE];
  guint8 record[KAB_ZIP64_END_SIZE];

  if (at < KAB_ZIP64_LOCATOR_SIZE + KAB_ZIP64_END_SIZE)
    return TRUE;
  if (!kab_archive_pread (self, at - sizeof locator, locator, sizeof locator, error))
    return FALSE;
  if (kab_get_u32 (locator) != KAB_ZIP64_LOCATOR)
    return TRUE;
  if (kab_get_u32 (locator + 4) != 0 || kab_get_u32 (locator + 16) != 1)
    return bad (error, "is in several parts");
  if (!kab_archive_pread (self, at - sizeof locator - sizeof record, record, sizeof record, error))
    return FALSE;
  if (kab_get_u32 (record) != KAB_ZIP64_END)
    return TRUE;
  end->n_entries = kab_get_u64 (record + 32);
  end->size = kab_get_u64 (record + 40);
  end->offset = kab_get_u64 (record + 48);
  end->end = at - sizeof locator - sizeof record;
  return TRUE;
}

/* The last end record in the tail, as agents look for it. */
static gboolean
find_end (KabArchive  *self,
          End         *end,
          GError     **error)
{
  gsize size = (gsize) MIN (self->size, TAIL);
  g_autofree guint8 *tail = g_malloc (MAX (size, 1));
  guint64 start = self->size - size;
  gssize at = -1;
  guint64 place;

  if (!kab_archive_pread (self, start, tail, size, error))
    return FALSE;
  for (gssize i = (gssize) size - KAB_ZIP_END_SIZE; i >= 0 && at < 0; i--)
    if (kab_get_u32 (tail + i) == KAB_ZIP_END)
      at = i;
  if (at < 0)
    return bad (error, "is no zip archive, or cut short");

  place = start + (guint64) at;
  end->n_entries = kab_get_u16 (tail + at + 10);
  end->size = kab_get_u32 (tail + at + 12);
  end->offset = kab_get_u32 (tail + at + 16);
  end->end = place;
  if ((kab_get_u16 (tail + at + 4) != 0 || kab_get_u16 (tail + at + 6) != 0) &&
      !kab_archive_note (self, error, "headers", "says that it is in several parts"))
    return FALSE;
  if (place + KAB_ZIP_END_SIZE + kab_get_u16 (tail + at + 20) != self->size &&
      !kab_archive_note (self, error, "trailing", "something else is behind the archive"))
    return FALSE;
  return read_end64 (self, place, end, error);
}

/* The numbers that do not fit lie in an extra field, in this order, each only when it is needed. */
static gboolean
read_extra (KabArchiveEntry  *entry,
            const guint8     *extra,
            gsize             size,
            GError          **error)
{
  while (size >= 4)
    {
      guint16 type = kab_get_u16 (extra);
      gsize length = kab_get_u16 (extra + 2);
      const guint8 *at = extra + 4;
      guint64 *wanted[3] = { &entry->size, &entry->packed, &entry->header };

      if (length > size - 4)
        return bad (error, "an extra field is cut short");
      for (guint i = 0; type == 1 && i < G_N_ELEMENTS (wanted); i++)
        if (*wanted[i] == NO_SIZE32)
          {
            if (at + 8 > extra + 4 + length)
              return bad (error, "an extra field is damaged");
            *wanted[i] = kab_get_u64 (at);
            at += 8;
          }
      extra += 4 + length;
      size -= 4 + length;
    }
  return TRUE;
}

/* What is before the data must be what the directory says: other programs read only that. */
static gboolean
check_local (KabArchive       *self,
             KabArchiveEntry  *entry,
             GError          **error)
{
  g_autofree guint8 *spelled = g_malloc (MAX (entry->raw_size, 1));
  guint8 local[KAB_ZIP_LOCAL_SIZE];
  guint32 packed, size;

  if (entry->header > self->directory || self->directory - entry->header < sizeof local ||
      !kab_archive_pread (self, entry->header, local, sizeof local, NULL) || kab_get_u32 (local) != KAB_ZIP_LOCAL)
    return bad (error, "a member is not where the directory says");
  entry->data = entry->header + sizeof local + kab_get_u16 (local + 26) + kab_get_u16 (local + 28);
  if (entry->data > self->directory)
    return bad (error, "a member is cut short");
  if (kab_get_u16 (local + 26) != entry->raw_size ||
      !kab_archive_pread (self, entry->header + sizeof local, spelled, entry->raw_size, NULL) ||
      memcmp (spelled, entry->raw, entry->raw_size) != 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: %s has another name before its data", entry->name);
      return FALSE;
    }

  /* Agents read on until the data is complete, and believe its checksum. */
  if (entry->packed > self->directory - entry->data)
    {
      if (entry->method == KAB_ZIP_STORED)
        return bad (error, "a member is cut short");
      if (!kab_archive_note (self, error, "headers", "%s is shorter than the directory says", entry->name))
        return FALSE;
      entry->packed = self->directory - entry->data;
    }

  packed = kab_get_u32 (local + 18);
  size = kab_get_u32 (local + 22);
  if (kab_get_u16 (local + 8) != entry->method || ((kab_get_u16 (local + 6) ^ entry->flags) & KAB_ZIP_FLAG_UTF8) ||
      (kab_get_u16 (local + 6) & KAB_ZIP_FLAG_ENCRYPTED) ||
      (!(kab_get_u16 (local + 6) & KAB_ZIP_FLAG_DESCRIPTOR) &&
       ((packed != NO_SIZE32 && packed != entry->packed) || (size != NO_SIZE32 && size != entry->size) ||
        kab_get_u32 (local + 14) != entry->crc)))
    return kab_archive_note (self, error, "headers", "%s is described in two ways", entry->name);
  return TRUE;
}

static gboolean
check_kind (KabArchive       *self,
            KabArchiveEntry  *entry,
            GError          **error)
{
  guint32 kind = entry->made_by >> 8 == KAB_ZIP_UNIX ? (entry->attributes >> 16) & S_IFMT : 0;

  if (entry->flags & (KAB_ZIP_FLAG_ENCRYPTED | 1 << 5 | 1 << 6))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: %s is encrypted", entry->name);
      return FALSE;
    }
  if (entry->is_cut && !kab_archive_note (self, error, "headers", "the directory is cut short"))
    return FALSE;
  if ((entry->method != KAB_ZIP_STORED && entry->method != KAB_ZIP_DEFLATED) || entry->version > KAB_ZIP_MAX_VERSION)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: %s is packed in a way that agents cannot read",
                   entry->name);
      return FALSE;
    }
  if (kind != 0 && kind != S_IFREG && kind != S_IFDIR)
    return kab_archive_note (self, error, "link", "%s is neither a file nor a folder", entry->name);
  return TRUE;
}

static gboolean
check_name (KabArchive       *self,
            KabArchiveEntry  *entry,
            GError          **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *spelled = g_strndup ((const char *) entry->raw, entry->raw_size);
  gboolean is_plain = TRUE;

  for (guint i = 0; i < entry->raw_size; i++)
    is_plain = is_plain && entry->raw[i] < 0x80;
  /* Outside of ASCII the charset makes them differ. */
  if (is_plain || (entry->flags & KAB_ZIP_FLAG_UTF8))
    kab_archive_check_name (spelled, &local_error);
  else
    kab_archive_check_name (entry->name, &local_error);
  if (local_error == NULL && strlen (spelled) != entry->raw_size)
    return kab_archive_note (self, error, "member-name", "a member name has a zero in it");
  if (local_error == NULL)
    return TRUE;
  return kab_archive_note (self, error, "member-name", "%s", local_error->message + strlen ("package: "));
}

static gboolean
check_twins (KabArchive       *self,
             GHashTable       *folded,
             KabArchiveEntry  *entry,
             GError          **error)
{
  gsize length = strlen (entry->name) - (entry->is_directory && g_str_has_suffix (entry->name, "/"));
  g_autofree char *key = g_utf8_casefold (entry->name, (gssize) length);
  KabArchiveEntry *twin = g_hash_table_lookup (folded, key);

  if (twin != NULL && !kab_archive_note (self, error, g_str_equal (twin->name, entry->name) ? "member-twice" : "member-case",
                                         g_str_equal (twin->name, entry->name) ? "%s is there twice"
                                                                               : "%s is there twice, spelled with other letters",
                                         entry->name))
    return FALSE;
  g_hash_table_replace (folded, g_steal_pointer (&key), entry);

  /* The last one of a name is what agents have in the end. */
  if (entry->is_directory || *entry->name == '\0')
    return TRUE;
  twin = g_hash_table_lookup (self->names, entry->name);
  if (twin != NULL)
    twin->is_hidden = TRUE;
  g_hash_table_replace (self->names, entry->name, entry);
  return TRUE;
}

static void
entry_free (gpointer data)
{
  KabArchiveEntry *entry = data;

  g_free (entry->name);
  g_free (entry->raw);
  g_free (entry);
}

/* The record at *@at, which moves behind it. */
static KabArchiveEntry *
read_entry (const guint8 **at,
            const guint8  *stop,
            GError       **error)
{
  KabArchiveEntry *entry;
  const guint8 *p = *at;
  gsize extra_size, comment_size, room;

  if (stop - p < KAB_ZIP_CENTRAL_SIZE || kab_get_u32 (p) != KAB_ZIP_CENTRAL)
    {
      bad (error, "the directory is damaged");
      return NULL;
    }
  room = (gsize) (stop - p) - KAB_ZIP_CENTRAL_SIZE;
  if (room < kab_get_u16 (p + 28))
    {
      bad (error, "the directory is cut short");
      return NULL;
    }
  room -= kab_get_u16 (p + 28);
  extra_size = kab_get_u16 (p + 30);
  comment_size = kab_get_u16 (p + 32);
  entry = g_new0 (KabArchiveEntry, 1);
  entry->made_by = kab_get_u16 (p + 4);
  entry->version = p[6];
  entry->flags = kab_get_u16 (p + 8);
  entry->method = kab_get_u16 (p + 10);
  entry->time = kab_get_u32 (p + 12);
  entry->crc = kab_get_u32 (p + 16);
  entry->packed = kab_get_u32 (p + 20);
  entry->size = kab_get_u32 (p + 24);
  entry->raw_size = kab_get_u16 (p + 28);
  entry->attributes = kab_get_u32 (p + 38);
  entry->header = kab_get_u32 (p + 42);
  entry->raw = g_malloc0 ((gsize) entry->raw_size + 1);
  memcpy (entry->raw, p + KAB_ZIP_CENTRAL_SIZE, entry->raw_size);
  entry->name = kab_archive_dup_name (entry->raw, entry->raw_size, (entry->flags & KAB_ZIP_FLAG_UTF8) != 0);
  entry->is_directory = entry->raw_size > 0 && entry->raw[entry->raw_size - 1] == '/';
  entry->is_cut = room < extra_size + comment_size;
  if (!read_extra (entry, p + KAB_ZIP_CENTRAL_SIZE + entry->raw_size, MIN (room, extra_size), error))
    {
      entry_free (entry);
      return NULL;
    }
  *at = entry->is_cut ? stop : p + KAB_ZIP_CENTRAL_SIZE + entry->raw_size + extra_size + comment_size;
  return entry;
}

static int
compare_places (gconstpointer a,
                gconstpointer b)
{
  const KabArchiveEntry *x = *(const KabArchiveEntry * const *) a;
  const KabArchiveEntry *y = *(const KabArchiveEntry * const *) b;

  return x->header < y->header ? -1 : x->header > y->header;
}

/* A few bytes that many members share make the worst bombs. */
static gboolean
check_places (KabArchive  *self,
              GError     **error)
{
  g_autoptr(GPtrArray) sorted = g_ptr_array_new ();
  guint64 free_from = 0;

  for (guint i = 0; i < self->entries->len; i++)
    if (!((KabArchiveEntry *) self->entries->pdata[i])->is_directory)
      g_ptr_array_add (sorted, self->entries->pdata[i]);
  g_ptr_array_sort (sorted, compare_places);
  for (guint i = 0; i < sorted->len; i++)
    {
      KabArchiveEntry *entry = sorted->pdata[i];

      if (entry->header < free_from &&
          !kab_archive_note (self, error, "overlap", "%s shares bytes with another member", entry->name))
        return FALSE;
      free_from = entry->data + entry->packed;
    }
  return TRUE;
}

static gboolean
check_size (KabArchive             *self,
            const KabArchiveEntry  *entry,
            guint64                *total,
            GError                **error)
{
  if (entry->is_directory)
    return TRUE;
  if (entry->size > KAB_ARCHIVE_MAX_TOTAL - *total ||
      (*total + entry->size > KAB_ARCHIVE_RATIO_FREE && (*total + entry->size) / KAB_ARCHIVE_MAX_RATIO > self->size))
    return kab_archive_note (self, error, "limit", "%s unpacks to more than its archive should hold", entry->name);
  *total += entry->size;
  return TRUE;
}

static gboolean
read_directory (KabArchive   *self,
                const guint8 *directory,
                const End    *end,
                GError      **error)
{
  g_autoptr(GHashTable) folded = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint64 shift = self->directory - end->offset;     /* wraps where the archive says too much, and then finds nothing */
  const guint8 *at = directory;
  guint64 total = 0;

  while (at < directory + end->size)
    {
      KabArchiveEntry *entry = read_entry (&at, directory + end->size, error);

      if (entry == NULL)
        return FALSE;
      g_ptr_array_add (self->entries, entry);
      entry->header += shift;
      if (!check_size (self, entry, &total, error) || !check_kind (self, entry, error) ||
          !check_name (self, entry, error) || !check_twins (self, folded, entry, error) ||
          (!entry->is_directory && !check_local (self, entry, error)))
        return FALSE;
      if (self->entries->len > KAB_ARCHIVE_MAX_MEMBERS)
        return kab_archive_note (self, error, "limit", "more than %d members", KAB_ARCHIVE_MAX_MEMBERS);
    }
  if (shift != 0 && !kab_archive_note (self, error, "stub", "something else is before the archive"))
    return FALSE;
  if (end->n_entries != self->entries->len && end->n_entries != 0xffff &&
      !kab_archive_note (self, error, "headers", "the directory does not have as many members as it says"))
    return FALSE;
  return check_places (self, error);
}

gboolean
kab_archive_list (KabArchive  *self,
                  GError     **error)
{
  g_autofree guint8 *directory = NULL;
  End end = { 0 };

  self->entries = g_ptr_array_new_with_free_func (entry_free);
  if (!find_end (self, &end, error))
    return FALSE;
  if (end.size > end.end)
    return bad (error, "the directory is cut short");
  if (end.size > KAB_ARCHIVE_MAX_DIRECTORY)
    return kab_archive_note (self, error, "limit", "the directory is larger than %d bytes", KAB_ARCHIVE_MAX_DIRECTORY);
  self->directory = end.end - end.size;
  directory = g_malloc (MAX (end.size, 1));
  if (!kab_archive_pread (self, self->directory, directory, (gsize) end.size, error) ||
      !read_directory (self, directory, &end, error))
    return FALSE;

  for (guint i = 0; i < self->entries->len; i++)
    {
      KabArchiveEntry *entry = self->entries->pdata[i];

      if (!entry->is_directory && !entry->is_hidden && *entry->name != '\0')
        g_ptr_array_add (self->members, entry->name);
    }
  return TRUE;
}
