/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-package-resign.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "kab-error.h"
#include "kab-package-private.h"

/* A signature that does not fit must not be replaced by one that does. */
static gboolean
check_old (KabPackageReader  *reader,
           GError           **error)
{
  g_autoptr(GPtrArray) nobody = g_ptr_array_new ();
  g_autoptr(KabSignature) signature = kab_package_reader_verify (reader, nobody, 0);

  if (signature->status != KAB_SIGNATURE_BROKEN)
    return TRUE;
  g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_SIGNATURE, "package: is not what its signer signed: %s", signature->detail);
  return FALSE;
}

static GHashTable *
dup_attributes (KabPackage *package,
                GHashTable *changes)
{
  GHashTable *attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_auto(GStrv) names = kab_package_dup_attribute_names (package);
  GHashTableIter iter;
  gpointer name, value;

  for (guint i = 0; names[i] != NULL; i++)
    g_hash_table_replace (attributes, g_strdup (names[i]), g_strdup (kab_package_get (package, names[i])));
  if (changes == NULL)
    return attributes;
  g_hash_table_iter_init (&iter, changes);
  while (g_hash_table_iter_next (&iter, &name, &value))
    g_hash_table_replace (attributes, g_ascii_strdown (name, -1), g_strdup (value));
  return attributes;
}

typedef struct {
  KabArchiveWriter *writer;
  KabArchive       *archive;
  JsonArray        *manifest;
  GHashTable       *members;      /* (nullable) (element-type utf8 GBytes): those that are not copied */
} Copying;

static gboolean
copy_cb (const char  *member,
         const char  *sha256,
         gpointer     user_data,
         GError     **error)
{
  Copying *self = user_data;
  GBytes *content = self->members != NULL ? g_hash_table_lookup (self->members, member) : NULL;

  if (g_strv_contains (kab_package_sealed_members, member))
    return TRUE;
  if (content != NULL)
    {
      g_autofree char *digest = g_compute_checksum_for_bytes (G_CHECKSUM_SHA256, content);

      kab_package_manifest_add (self->manifest, member, digest);
      return kab_archive_writer_add (self->writer, member, content, error);
    }
  kab_package_manifest_add (self->manifest, member, sha256);
  return kab_archive_writer_copy (self->writer, self->archive, member, error);
}

/* Returns: the archive; without a byte when it went into @fd */
static GBytes *
resign (KabPackageReader  *reader,
        KabSigner         *signer,
        GHashTable        *changes,
        GHashTable        *members,
        const char        *uuid,
        gint64             date,
        int                fd,
        GError           **error)
{
  KabPackage *old = kab_package_reader_get_package (reader);
  g_autoptr(KabArchiveWriter) writer = kab_archive_writer_new (fd);
  g_autoptr(JsonArray) manifest = json_array_new ();
  g_autoptr(GHashTable) attributes = dup_attributes (old, changes);
  g_autofree char *when = date == KAB_PACKAGE_KEEP_DATE ? g_strdup (kab_package_get (old, "signature_date"))
                                                        : kab_package_format_date (date);
  Copying copying = { writer, kab_package_reader_peek_archive (reader), manifest, members };
  g_autoptr(KabPackage) package = NULL;

  if (!check_old (reader, error))
    return NULL;
  package = kab_package_seal_control (attributes, signer, uuid, when, kab_package_reader_has_code (reader), error);
  if (package == NULL || !kab_package_reader_digest (reader, copy_cb, &copying, error) ||
      !kab_package_seal (writer, manifest, package, signer, error))
    return NULL;
  return kab_archive_writer_end (writer, error);
}

GBytes *
kab_package_resign (KabPackageReader  *reader,
                    KabSigner         *signer,
                    GHashTable        *changes,
                    GHashTable        *members,
                    const char        *uuid,
                    gint64             signature_date_usec,
                    GError           **error)
{
  g_autoptr(GBytes) bytes = NULL;

  g_return_val_if_fail (KAB_IS_PACKAGE_READER (reader), NULL);
  g_return_val_if_fail (KAB_IS_SIGNER (signer), NULL);
  g_return_val_if_fail (uuid != NULL, NULL);

  bytes = resign (reader, signer, changes, members, uuid, signature_date_usec, -1, error);
  if (bytes == NULL || !kab_package_check_sealed (kab_archive_open_bytes (bytes, FALSE, error), signer, error))
    return NULL;
  return g_steal_pointer (&bytes);
}

gboolean
kab_package_resign_to_file (KabPackageReader  *reader,
                            KabSigner         *signer,
                            GHashTable        *changes,
                            const char        *uuid,
                            gint64             signature_date_usec,
                            const char        *path,
                            GError           **error)
{
  g_autoptr(GBytes) bytes = NULL;
  gboolean done;
  int fd;

  g_return_val_if_fail (KAB_IS_PACKAGE_READER (reader), FALSE);
  g_return_val_if_fail (KAB_IS_SIGNER (signer), FALSE);
  g_return_val_if_fail (uuid != NULL, FALSE);
  g_return_val_if_fail (path != NULL, FALSE);

  fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (fd < 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: %s", path, g_strerror (errno));
      return FALSE;
    }
  bytes = resign (reader, signer, changes, NULL, uuid, signature_date_usec, fd, error);
  done = bytes != NULL && fsync (fd) == 0;
  if (bytes != NULL && !done)
    g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: %s", path, g_strerror (errno));
  close (fd);
  done = done && kab_package_check_sealed (kab_archive_open (path, FALSE, error), signer, error);
  if (!done)
    g_unlink (path);
  return done;
}
