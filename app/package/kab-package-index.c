/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-package-index.h"

#include <string.h>

#include "kab-archive.h"

#define MAX_INDEX (256 * 1024 * 1024)   /* 100,000 records of 2 kB */

static gboolean
add_text (KabArchiveWriter  *writer,
          const char        *member,
          const char        *text,
          gsize              length,
          GError           **error)
{
  g_autoptr(GBytes) bytes = g_bytes_new (text, length);

  return kab_archive_writer_add (writer, member, bytes, error);
}

static gboolean
add_certificates (KabArchiveWriter  *writer,
                  GPtrArray         *certificates,
                  GError           **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; certificates != NULL && i < certificates->len; i++)
    {
      KabCertificate *certificate = certificates->pdata[i];
      const char *fingerprint = kab_certificate_get_identity (certificate)->fingerprint;
      const char *pem = kab_certificate_get_chain_pem (certificate);
      g_autofree char *member = g_strdup_printf ("ssl/%s.crt", fingerprint);

      if (g_hash_table_add (seen, (gpointer) fingerprint) && !add_text (writer, member, pem, strlen (pem), error))
        return FALSE;
    }
  return TRUE;
}

GBytes *
kab_package_index_build (GPtrArray  *packages,
                         GPtrArray  *certificates,
                         GError    **error)
{
  g_autoptr(KabArchiveWriter) writer = kab_archive_writer_new (-1);
  g_autoptr(GString) text = g_string_new (NULL);

  g_return_val_if_fail (packages != NULL, NULL);

  for (guint i = 0; i < packages->len; i++)
    {
      g_autofree char *record = kab_package_to_index (packages->pdata[i]);

      g_string_append (text, record);
      g_string_append (text, "\n\n");
    }
  if (!add_text (writer, "Packages", text->str, text->len, error) ||
      !add_certificates (writer, certificates, error))
    return NULL;
  return kab_archive_writer_end (writer, error);
}

GPtrArray *
kab_package_index_read (GBytes  *bytes,
                        GError **error)
{
  g_autoptr(KabArchive) archive = NULL;
  g_autoptr(GBytes) content = NULL;
  const char *text;
  gsize length;

  g_return_val_if_fail (bytes != NULL, NULL);

  archive = kab_archive_open_bytes (bytes, FALSE, error);
  if (archive == NULL)
    return NULL;
  content = kab_archive_read (archive, "Packages", MAX_INDEX, error);
  if (content == NULL)
    return NULL;
  text = g_bytes_get_data (content, &length);
  return kab_package_parse_index (text != NULL ? text : "", length, error);
}
