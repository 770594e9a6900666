/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include <string.h>

#include "kab-client-upload.h"
#include "kab-error.h"
#include "kab-package-deed.h"
#include "kab-published.h"

static gboolean
is_host (const KabJournalStep *step)
{
  return g_strcmp0 (step->section, "host") == 0;
}

static const char *
after (const char *text,
       const char *prefix)
{
  return g_str_has_prefix (text, prefix) ? text + strlen (prefix) : NULL;
}

/* (out): SHA-256 of the file of a host, %NULL when it has none */
static gboolean
read_host_digest (KabPackageDeed  *self,
                  KabJournalStep  *step,
                  char           **sha256,
                  GError         **error)
{
  g_autofree char *name = kab_package_deed_dup_host_file (kab_package_deed_get_name (step));
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) bytes = kab_client_read_host_package (self->client, name, self->cancellable, &local_error);

  *sha256 = bytes != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes) : NULL;
  if (bytes != NULL || g_error_matches (local_error, KAB_ERROR, KAB_ERROR_NOT_FOUND))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static gboolean
look_at_host (KabPackageDeed  *self,
              KabJournalStep  *step,
              KabSeen         *seen,
              GError         **error)
{
  const char *file = after (step->expected, KAB_EXPECT_FILE);
  g_autofree char *sha256 = NULL;

  if (!read_host_digest (self, step, &sha256, error))
    return FALSE;

  if (g_strcmp0 (sha256, step->approval->sha256) == 0)
    *seen = KAB_SEEN_OURS;
  else if (strcmp (step->expected, KAB_EXPECT_ANYTHING) == 0 ||
           (sha256 == NULL && strcmp (step->expected, KAB_EXPECT_NONE) == 0) ||
           (sha256 != NULL && g_strcmp0 (sha256, file) == 0))
    *seen = KAB_SEEN_EXPECTED;
  else
    *seen = KAB_SEEN_OTHER;

  return TRUE;
}

/* Old packages have no uuid: those are found by what they hold. */
static KabPackage *
find_own (KabPackageDeed *self,
          KabJournalStep *step,
          GPtrArray      *index)
{
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *md5 = NULL;

  if (*step->approval->package_uuid != '\0')
    return kab_package_index_find (index, "package_uuid", step->approval->package_uuid);

  bytes = kab_published_read (self->mirror, step->approval->sha256, NULL);
  md5 = bytes != NULL ? g_compute_checksum_for_bytes (G_CHECKSUM_MD5, bytes) : NULL;
  return md5 != NULL ? kab_package_index_find (index, "md5sum", md5) : NULL;
}

/* Is there no other of its name, version and maturity? Where the copy cannot be read nothing could be sent either. */
static gboolean
is_free (KabPackageDeed *self,
         KabJournalStep *step,
         GPtrArray      *index)
{
  g_autoptr(GBytes) bytes = kab_published_read (self->mirror, step->approval->sha256, NULL);
  g_autoptr(KabPackageReader) reader = bytes != NULL ? kab_package_reader_open_bytes (bytes, NULL) : NULL;

  return reader == NULL || kab_package_index_find_same (index, kab_package_reader_get_package (reader),
                                                        step->approval->maturity) == NULL;
}

/* A server that died between taking the file and making its index has it all the same. */
static gboolean
is_half_there (KabPackageDeed *self,
               KabJournalStep *step)
{
  g_autoptr(GBytes) bytes = kab_published_read (self->mirror, step->approval->sha256, NULL);
  g_autoptr(KabPackageReader) reader = bytes != NULL ? kab_package_reader_open_bytes (bytes, NULL) : NULL;
  g_autoptr(GBytes) there = NULL;
  g_autofree char *md5 = NULL;
  g_autofree char *name = NULL;

  if (reader == NULL)
    return FALSE;
  md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, bytes);
  name = kab_package_dup_file_name (kab_package_reader_get_package (reader), md5);
  there = kab_client_read_package (self->client, name, self->cancellable, NULL);

  return there != NULL && g_bytes_equal (there, bytes);
}

gboolean
kab_package_deed_look (KabPackageDeed  *self,
                       KabJournalStep  *step,
                       KabSeen         *seen,
                       KabPackage     **other,
                       GError         **error)
{
  g_autoptr(GPtrArray) index = NULL;
  KabPackage *newest;
  const char *uuid;

  if (is_host (step))
    return look_at_host (self, step, seen, error);

  index = kab_package_deed_read_index (self, error);
  if (index == NULL)
    return FALSE;
  newest = kab_package_index_find_newest (index, kab_package_deed_get_name (step));
  if (other != NULL && newest != NULL)
    *other = g_object_ref (newest);

  if (find_own (self, step, index) != NULL)
    *seen = KAB_SEEN_OURS;
  else if (step->state == KAB_STEP_BEGUN && is_half_there (self, step))
    *seen = KAB_SEEN_HALF;
  else if (strcmp (step->expected, KAB_EXPECT_ANYTHING) == 0 ||
           (strcmp (step->expected, KAB_EXPECT_NONE) == 0 && newest == NULL) ||
           (strcmp (step->expected, KAB_EXPECT_FREE) == 0 && is_free (self, step, index)) ||
           ((uuid = after (step->expected, KAB_EXPECT_NEWEST)) != NULL && newest != NULL &&
            strcmp (kab_package_get (newest, "package_uuid"), uuid) == 0) ||
           ((uuid = after (step->expected, KAB_EXPECT_LISTED)) != NULL &&
            kab_package_index_find (index, "package_uuid", uuid) != NULL))
    *seen = KAB_SEEN_EXPECTED;
  else
    *seen = KAB_SEEN_OTHER;

  return TRUE;
}

/* The server cannot compare and then take: somebody may have published between our last look and our upload. Both are
 * there then, and whoever comes later sees it. */
static void
note_rival (KabJournalStep *step,
            KabPackage     *newest)
{
  g_autofree char *words = NULL;

  if (strcmp (step->expected, KAB_EXPECT_NONE) != 0 && after (step->expected, KAB_EXPECT_NEWEST) == NULL)
    return;
  if (newest == NULL || strcmp (kab_package_get (newest, "package_uuid"), step->approval->package_uuid) == 0)
    return;

  words = g_strdup_printf ("%s %s of %s came at the same moment, and is what agents take", kab_package_get_name (newest),
                           kab_package_get_version (newest), kab_package_get (newest, "signer"));
  kab_replace_text (&step->message, words);
}

gboolean
kab_package_deed_check (KabPackageDeed  *self,
                        KabJournalStep  *step,
                        GError         **error)
{
  g_autoptr(GPtrArray) index = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *sha256 = NULL;
  KabPackage *record;

  if (is_host (step))
    {
      if (!read_host_digest (self, step, &sha256, error))
        return FALSE;
      g_free (step->file_name);
      step->file_name = kab_package_deed_dup_host_file (kab_package_deed_get_name (step));
    }
  else
    {
      index = kab_package_deed_read_index (self, error);
      if (index == NULL)
        return FALSE;
      record = find_own (self, step, index);
      bytes = record != NULL ? kab_package_deed_download (self, record, error) : NULL;
      if (record != NULL && bytes == NULL)
        return FALSE;
      if (bytes != NULL)
        {
          sha256 = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, bytes);
          kab_replace_text (&step->file_name, kab_package_get (record, "filename"));
          note_rival (step, kab_package_index_find_newest (index, kab_package_deed_get_name (step)));
        }
    }

  if (g_strcmp0 (sha256, step->approval->sha256) == 0)
    {
      kab_replace_text (&step->approval->file_name, step->file_name);
      return TRUE;
    }
  g_set_error (error, KAB_ERROR, KAB_ERROR_FAILED, "%s was sent, and the server has %s", step->approval->package,
               sha256 == NULL ? "not got it" : "something else in its place");
  return FALSE;
}
