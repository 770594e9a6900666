/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-published.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>

#include "kab-error.h"
#include "kab-ledger-deeds.h"

char *
kab_published_dup_folder (KabMirror *mirror)
{
  const char *path = kab_mirror_get_path (mirror);
  g_autofree char *stem = NULL;

  if (g_str_has_suffix (path, ".mirror"))
    stem = g_strndup (path, strlen (path) - strlen (".mirror"));

  return g_strconcat (stem != NULL ? stem : path, ".published", NULL);
}

char *
kab_published_dup_path (KabMirror  *mirror,
                        const char *sha256)
{
  g_autofree char *folder = kab_published_dup_folder (mirror);
  g_autofree char *name = g_strconcat (sha256, ".wapt", NULL);

  return g_build_filename (folder, name, NULL);
}

/* Names come from the ledger, which somebody may have edited. */
static gboolean
is_digest (const char *sha256)
{
  return strlen (sha256) == 64 && strspn (sha256, "0123456789abcdef") == 64;
}

char *
kab_published_keep (KabMirror  *mirror,
                    GBytes     *bytes,
                    GError    **error)
{
  g_autofree char *folder = kab_published_dup_folder (mirror);
  g_autofree char *sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
  g_autofree char *path = kab_published_dup_path (mirror, sha256);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) there = NULL;
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);

  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: %s", folder, g_strerror (errno));
      return NULL;
    }
  there = kab_published_read (mirror, sha256, NULL);
  if (there != NULL)
    return g_steal_pointer (&sha256);

  kab_journal_fault_point ("published-before-keep");
  if (!g_file_set_contents_full (path, data, (gssize) size,
                                 G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, 0600, &local_error))
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_STORAGE, local_error->message);
      return NULL;
    }
  kab_journal_fault_point ("published-after-keep");

  return g_steal_pointer (&sha256);
}

gboolean
kab_published_has (KabMirror  *mirror,
                   const char *sha256)
{
  g_autofree char *path = is_digest (sha256) ? kab_published_dup_path (mirror, sha256) : NULL;

  return path != NULL && g_file_test (path, G_FILE_TEST_IS_REGULAR);
}

GBytes *
kab_published_read (KabMirror   *mirror,
                    const char  *sha256,
                    GError     **error)
{
  g_autofree char *path = NULL;
  g_autofree char *contents = NULL;
  g_autofree char *found = NULL;
  g_autoptr(GError) local_error = NULL;
  gsize length;

  if (!is_digest (sha256))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "“%s” names no copy", sha256);
      return NULL;
    }
  path = kab_published_dup_path (mirror, sha256);
  if (!g_file_get_contents (path, &contents, &length, &local_error))
    {
      g_set_error_literal (error, KAB_ERROR, g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT)
                                               ? KAB_ERROR_NOT_FOUND : KAB_ERROR_STORAGE, local_error->message);
      return NULL;
    }
  found = g_compute_checksum_for_data (G_CHECKSUM_SHA256, (const guchar *) contents, length);
  if (strcmp (found, sha256) != 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s is not what its name says", path);
      return NULL;
    }

  return g_bytes_new_take (g_steal_pointer (&contents), length);
}

void
kab_published_forget (KabMirror  *mirror,
                      const char *sha256)
{
  g_autofree char *path = is_digest (sha256) ? kab_published_dup_path (mirror, sha256) : NULL;

  if (path != NULL)
    g_unlink (path);
}
