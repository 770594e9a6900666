/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-package-index.h"

#include <string.h>

#include "kab-archive.h"

#define MAX_INDEX       (256 * 1024 * 1024)   /* 100,000 records of 2 kB */
#define MAX_CERTIFICATE (256 * 1024)
#define MAX_LIST        (16 * 1024 * 1024)
#define MAX_BESIDE      1000                  /* certificates, and lists; a site has a handful */

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

static gboolean
add_lists (KabArchiveWriter  *writer,
           GPtrArray         *lists,
           GError           **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; lists != NULL && i < lists->len; i++)
    {
      const char *authority = kab_revocation_list_get_authority (lists->pdata[i]);
      g_autofree char *member = g_strdup_printf ("crl/%s.crl", authority);

      if (*authority != '\0' && g_hash_table_add (seen, (gpointer) authority) &&
          !kab_archive_writer_add (writer, member, kab_revocation_list_get_der (lists->pdata[i]), error))
        return FALSE;
    }
  return TRUE;
}

GBytes *
kab_package_index_build_with_lists (GPtrArray  *packages,
                                    GPtrArray  *certificates,
                                    GPtrArray  *lists,
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
      !add_certificates (writer, certificates, error) || !add_lists (writer, lists, error))
    return NULL;
  return kab_archive_writer_end (writer, error);
}

GBytes *
kab_package_index_build (GPtrArray  *packages,
                         GPtrArray  *certificates,
                         GError    **error)
{
  return kab_package_index_build_with_lists (packages, certificates, NULL, error);
}

static GPtrArray *
read_packages (KabArchive  *archive,
               GError     **error)
{
  g_autoptr(GBytes) content = kab_archive_read (archive, "Packages", MAX_INDEX, error);
  const char *text;
  gsize length;

  if (content == NULL)
    return NULL;
  text = g_bytes_get_data (content, &length);
  return kab_package_parse_index (text != NULL ? text : "", (gssize) length, error);
}

static void
read_beside (KabArchive *archive,
             const char *member,
             GPtrArray  *certificates,
             GPtrArray  *lists)
{
  g_autoptr(GBytes) content = NULL;
  gconstpointer data;
  gsize size;

  if (g_str_has_prefix (member, "ssl/") && certificates->len < MAX_BESIDE)
    {
      KabCertificate *certificate;

      content = kab_archive_read (archive, member, MAX_CERTIFICATE, NULL);
      data = content != NULL ? g_bytes_get_data (content, &size) : NULL;
      certificate = data != NULL ? kab_certificate_new_from_pem (data, (gssize) size, NULL) : NULL;
      if (certificate != NULL)
        g_ptr_array_add (certificates, certificate);
    }
  else if (g_str_has_prefix (member, "crl/") && lists->len < MAX_BESIDE)
    {
      KabRevocationList *list;

      content = kab_archive_read (archive, member, MAX_LIST, NULL);
      data = content != NULL ? g_bytes_get_data (content, &size) : NULL;
      list = data != NULL ? kab_revocation_list_new (data, size, NULL) : NULL;
      if (list != NULL)
        g_ptr_array_add (lists, list);
    }
}

GPtrArray *
kab_package_index_read_all (GBytes     *bytes,
                            GPtrArray **certificates,
                            GPtrArray **lists,
                            GError    **error)
{
  g_autoptr(KabArchive) archive = NULL;
  GPtrArray *members, *packages;

  g_return_val_if_fail (bytes != NULL && certificates != NULL && lists != NULL, NULL);

  archive = kab_archive_open_bytes (bytes, FALSE, error);
  packages = archive != NULL ? read_packages (archive, error) : NULL;
  if (packages == NULL)
    return NULL;
  *certificates = g_ptr_array_new_with_free_func (g_object_unref);
  *lists = g_ptr_array_new_with_free_func (g_object_unref);
  members = kab_archive_get_members (archive);
  for (guint i = 0; i < members->len; i++)
    read_beside (archive, members->pdata[i], *certificates, *lists);
  return packages;
}

GPtrArray *
kab_package_index_read (GBytes  *bytes,
                        GError **error)
{
  g_autoptr(KabArchive) archive = NULL;

  g_return_val_if_fail (bytes != NULL, NULL);

  archive = kab_archive_open_bytes (bytes, FALSE, error);
  return archive != NULL ? read_packages (archive, error) : NULL;
}
