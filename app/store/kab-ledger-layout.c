/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-ledger-private.h"

/*
 * The pages that say where each table of a ledger begins, kept a second time in a file of their own: "<ledger>.layout".
 * Without them nothing else can be found, and only a ledger that never was of an older version is laid out like a new
 * one. They only change when a step of the schema is taken.
 *
 * The file: MAGIC, the steps taken, the page size, how many pages; then each page with its number before it; then the
 * SHA-256 of all that. Numbers are of 4 bytes, the most significant first.
 */
#define MAGIC     "KabLayout1"
#define MAX_PAGES 64
#define SHA256    64
#define BUSY_MS   50         /* nobody waits for this: it is tried again */
#define USUAL_MS  5000

static guint32
get_number (const guint8 *at)
{
  return (guint32) at[0] << 24 | (guint32) at[1] << 16 | (guint32) at[2] << 8 | at[3];
}

static void
put_number (GByteArray *out,
            guint32     number)
{
  const guint8 bytes[] = { (guint8) (number >> 24), (guint8) (number >> 16), (guint8) (number >> 8), (guint8) number };

  g_byte_array_append (out, bytes, sizeof bytes);
}

static char *
dup_path (const char *path)
{
  return g_strconcat (path, ".layout", NULL);
}

/* The pages of the schema's own table, which begins behind the header of 100 bytes on the first page: that one alone, or
 * it and those that it points to. */
static GArray *
list_pages (const guint8 *contents,
            gsize         length,
            gsize         page_size)
{
  GArray *pages = g_array_new (FALSE, FALSE, sizeof (guint32));
  guint32 first = 1;
  guint n_cells;

  g_array_append_val (pages, first);
  if (contents[100] != 0x05)
    return pages;

  n_cells = (guint) contents[103] << 8 | contents[104];
  first = get_number (contents + 108);
  g_array_append_val (pages, first);
  for (guint i = 0; i < n_cells && pages->len < MAX_PAGES && 112 + 2 * i + 1 < page_size; i++)
    {
      gsize cell = (gsize) contents[112 + 2 * i] << 8 | contents[112 + 2 * i + 1];
      guint32 page;

      if (cell + 4 > page_size)
        continue;
      page = get_number (contents + cell);
      g_array_append_val (pages, page);
    }
  for (guint i = pages->len; i > 0; i--)
    {
      guint32 page = g_array_index (pages, guint32, i - 1);

      if (page == 0 || (guint64) page * page_size > length)
        g_array_remove_index (pages, i - 1);
    }

  return pages;
}

static gboolean
is_current (const char *path,
            guint       n_steps)
{
  g_autofree char *layout = dup_path (path);
  g_autoptr(GMappedFile) file = g_mapped_file_new (layout, FALSE, NULL);
  const guint8 *contents = file != NULL ? (const guint8 *) g_mapped_file_get_contents (file) : NULL;

  return contents != NULL && g_mapped_file_get_length (file) > sizeof MAGIC + 12 &&
         memcmp (contents, MAGIC, sizeof MAGIC) == 0 && get_number (contents + sizeof MAGIC) == n_steps;
}

void
kab_ledger_layout_keep (const char  *path,
                        KabDatabase *database,
                        guint        n_steps)
{
  g_autofree char *layout = dup_path (path);
  g_autofree char *contents = NULL;
  g_autofree char *digest = NULL;
  g_autoptr(GByteArray) out = NULL;
  g_autoptr(GArray) pages = NULL;
  const guint8 *bytes;
  gsize length, page_size;

  if (is_current (path, n_steps))
    return;
  kab_database_set_busy_timeout (database, BUSY_MS);
  kab_database_execute (database, "PRAGMA wal_checkpoint (TRUNCATE)", NULL);
  kab_database_set_busy_timeout (database, USUAL_MS);
  if (!g_file_get_contents (path, &contents, &length, NULL) || length < 512)
    return;

  bytes = (const guint8 *) contents;
  page_size = (gsize) bytes[16] << 8 | bytes[17];
  /* A reader may have kept the checkpoint from its end: then another time. */
  if (page_size < 512 || page_size > length || get_number (bytes + 60) != n_steps)
    return;

  out = g_byte_array_new ();
  pages = list_pages (bytes, length, page_size);
  g_byte_array_append (out, (const guint8 *) MAGIC, sizeof MAGIC);
  put_number (out, n_steps);
  put_number (out, (guint32) page_size);
  put_number (out, pages->len);
  for (guint i = 0; i < pages->len; i++)
    {
      guint32 page = g_array_index (pages, guint32, i);

      put_number (out, page);
      g_byte_array_append (out, bytes + (gsize) (page - 1) * page_size, (guint) page_size);
    }
  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, out->data, out->len);
  g_byte_array_append (out, (const guint8 *) digest, SHA256);
  g_file_set_contents_full (layout, (const char *) out->data, (gssize) out->len,
                            G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, NULL);
}

gboolean
kab_ledger_layout_apply (const char *path,
                         guint8     *contents,
                         gsize       length,
                         gsize      *page_size)
{
  g_autofree char *layout = dup_path (path);
  g_autofree char *kept = NULL;
  g_autofree char *digest = NULL;
  const guint8 *at;
  gsize size;
  guint32 n_pages;

  if (!g_file_get_contents (layout, &kept, &size, NULL) || size < sizeof MAGIC + 12 + SHA256 ||
      memcmp (kept, MAGIC, sizeof MAGIC) != 0)
    return FALSE;
  digest = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) kept, size - SHA256);
  if (memcmp (digest, kept + size - SHA256, SHA256) != 0)
    return FALSE;

  at = (const guint8 *) kept + sizeof MAGIC;
  *page_size = get_number (at + 4);
  n_pages = get_number (at + 8);
  at += 12;
  if (*page_size < 512 || *page_size > 65536 || n_pages == 0 || n_pages > MAX_PAGES ||
      size != sizeof MAGIC + 12 + n_pages * (4 + *page_size) + SHA256)
    return FALSE;

  for (guint32 i = 0; i < n_pages; i++, at += 4 + *page_size)
    {
      guint32 page = get_number (at);

      if (page == 0 || (guint64) page * *page_size > length)
        return FALSE;
      memcpy (contents + (gsize) (page - 1) * *page_size, at + 4, *page_size);
    }

  return TRUE;
}
