/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-package-deed.h"
#include "kab-published.h"

/* Are these the bytes that the index tells of? */
static gboolean
is_listed_as (KabPackage *record,
              GBytes     *bytes)
{
  g_autofree char *md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, bytes);

  return g_ascii_strcasecmp (md5, kab_package_get (record, "md5sum")) == 0;
}

GBytes *
kab_package_deed_download (KabPackageDeed  *self,
                           KabPackage      *record,
                           GError         **error)
{
  const char *file_name = kab_package_get (record, "filename");
  g_autoptr(GBytes) bytes = NULL;

  bytes = kab_client_read_package (self->client, file_name, self->cancellable, error);
  if (bytes == NULL)
    return NULL;

  if (*kab_package_get (record, "md5sum") != '\0' && !is_listed_as (record, bytes))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s is not what the index says", file_name);
      return NULL;
    }

  return g_steal_pointer (&bytes);
}

gboolean
kab_package_is_too_big (KabPackage *record)
{
  return g_ascii_strtoull (kab_package_get (record, "size"), NULL, 10) > KAB_CLIENT_MAX_PACKAGE;
}

/* (nullable): the copy of that very file, when there is one here */
static GBytes *
find_kept (KabPackageDeed *self,
           KabPackage     *record)
{
  g_autoptr(GPtrArray) kept = kab_ledger_read_kept (self->ledger, kab_package_get_name (record), NULL);

  for (guint i = 0; kept != NULL && i < kept->len; i++)
    {
      KabApproval *copy = kept->pdata[i];
      g_autoptr(GBytes) bytes = NULL;

      if (strcmp (copy->package_uuid, kab_package_get (record, "package_uuid")) == 0)
        bytes = kab_published_read (self->mirror, copy->sha256, NULL);
      if (bytes != NULL && is_listed_as (record, bytes))
        return g_steal_pointer (&bytes);
    }

  return NULL;
}

char *
kab_package_deed_keep_listed (KabPackageDeed  *self,
                              KabPackage      *record,
                              GError         **error)
{
  g_autoptr(GBytes) bytes = find_kept (self, record);
  g_autoptr(KabPackageReader) reader = NULL;

  if (bytes == NULL && kab_package_is_too_big (record))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s is too big: %s bytes", kab_package_get (record, "filename"),
                   kab_package_get (record, "size"));
      return NULL;
    }
  if (bytes == NULL)
    bytes = kab_package_deed_download (self, record, error);
  reader = bytes != NULL ? kab_package_reader_open_bytes (bytes, error) : NULL;

  return reader != NULL ? kab_package_deed_keep (self, bytes, record, error) : NULL;
}
