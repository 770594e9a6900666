/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-package-reader.h"

#include <openssl/evp.h>

#include "kab-error.h"
#include "kab-package-private.h"

#define MAX_CONTROL      (1024 * 1024)         /* bytes; recorded ones have 2 kB */
#define MAX_CERTIFICATE  (256 * 1024)
#define MAX_RULES        (16 * 1024 * 1024)    /* 40 bytes an update id: some 400,000 of them */

struct _KabPackageReader
{
  GObject     parent_instance;

  KabArchive *archive;
  KabPackage *package;
};

G_DEFINE_FINAL_TYPE (KabPackageReader, kab_package_reader, G_TYPE_OBJECT)

static void
kab_package_reader_finalize (GObject *object)
{
  KabPackageReader *self = KAB_PACKAGE_READER (object);

  g_clear_pointer (&self->archive, kab_archive_free);
  g_clear_object (&self->package);

  G_OBJECT_CLASS (kab_package_reader_parent_class)->finalize (object);
}

static void
kab_package_reader_class_init (KabPackageReaderClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_package_reader_finalize;
}

static void
kab_package_reader_init (KabPackageReader *self)
{
}

KabPackageReader *
kab_package_reader_new (KabArchive  *archive,
                        GError     **error)
{
  g_autoptr(KabPackageReader) self = NULL;
  g_autoptr(GBytes) control = NULL;
  const char *text;
  gsize size;

  if (archive == NULL)
    return NULL;

  self = g_object_new (KAB_TYPE_PACKAGE_READER, NULL);
  self->archive = archive;
  if (!kab_archive_has (archive, "WAPT/control"))
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "package: has no WAPT/control");
      return NULL;
    }
  control = kab_archive_read (archive, "WAPT/control", MAX_CONTROL, error);
  if (control == NULL)
    return NULL;
  text = g_bytes_get_data (control, &size);
  self->package = kab_package_new_from_control (text != NULL ? text : "", size, error);
  if (self->package == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

KabPackageReader *
kab_package_reader_open (const char  *path,
                         GError     **error)
{
  g_return_val_if_fail (path != NULL, NULL);

  return kab_package_reader_new (kab_archive_open (path, FALSE, error), error);
}

KabPackageReader *
kab_package_reader_open_bytes (GBytes  *bytes,
                               GError **error)
{
  g_return_val_if_fail (bytes != NULL, NULL);

  return kab_package_reader_new (kab_archive_open_bytes (bytes, FALSE, error), error);
}

gboolean
kab_package_is_encrypted (GBytes *bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabArchive) archive = kab_archive_open_bytes (bytes, FALSE, &error);

  return archive == NULL && g_error_matches (error, KAB_ERROR, KAB_ERROR_UNSUPPORTED);
}

KabArchive *
kab_package_reader_peek_archive (KabPackageReader *self)
{
  return self->archive;
}

KabPackage *
kab_package_reader_get_package (KabPackageReader *self)
{
  g_return_val_if_fail (KAB_IS_PACKAGE_READER (self), NULL);

  return self->package;
}

GPtrArray *
kab_package_reader_get_members (KabPackageReader *self)
{
  g_return_val_if_fail (KAB_IS_PACKAGE_READER (self), NULL);

  return kab_archive_get_members (self->archive);
}

gboolean
kab_package_reader_has (KabPackageReader *self,
                        const char       *member)
{
  g_return_val_if_fail (KAB_IS_PACKAGE_READER (self), FALSE);
  g_return_val_if_fail (member != NULL, FALSE);

  return kab_archive_has (self->archive, member);
}

GBytes *
kab_package_reader_read (KabPackageReader  *self,
                         const char        *member,
                         gsize              max_size,
                         GError           **error)
{
  g_return_val_if_fail (KAB_IS_PACKAGE_READER (self), NULL);
  g_return_val_if_fail (member != NULL, NULL);

  if (!kab_archive_has (self->archive, member))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "package: has no %s", member);
      return NULL;
    }
  return kab_archive_read (self->archive, member, max_size, error);
}

KabCertificate *
kab_package_reader_dup_certificate (KabPackageReader  *self,
                                    GError           **error)
{
  g_autoptr(GBytes) bytes = kab_package_reader_read (self, "WAPT/certificate.crt", MAX_CERTIFICATE, error);
  const char *text;
  gsize size;

  if (bytes == NULL)
    return NULL;
  text = g_bytes_get_data (bytes, &size);
  return kab_certificate_new_from_pem (text != NULL ? text : "", size, error);
}

GBytes *
kab_package_reader_read_rules (KabPackageReader  *self,
                               GError           **error)
{
  /* The first survives an install, which is where agents read it; the second is for older ones (§ 10). */
  static const char * const places[] = { "WAPT/persistent/waptwua_rules.json", "WAPT/waptwua_rules.json" };

  g_return_val_if_fail (KAB_IS_PACKAGE_READER (self), NULL);

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    if (kab_archive_has (self->archive, places[i]))
      return kab_archive_read (self->archive, places[i], MAX_RULES, error);

  g_set_error_literal (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "package: has no rules file");
  return NULL;
}

typedef struct {
  EVP_MD_CTX          *context;
  KabMemberDigestFunc  func;
  gpointer             user_data;
} Digesting;

static gboolean
digest_cb (const char    *member,
           gconstpointer  data,
           gsize          size,
           gpointer       user_data,
           GError       **error)
{
  Digesting *self = user_data;
  guint8 digest[EVP_MAX_MD_SIZE];
  char hex[2 * EVP_MAX_MD_SIZE + 1];
  guint n = 0;

  if (data != NULL)
    return EVP_DigestUpdate (self->context, data, size) == 1;
  EVP_DigestFinal_ex (self->context, digest, &n);
  kab_crypto_hex (digest, n, hex);
  EVP_DigestInit_ex (self->context, EVP_sha256 (), NULL);
  return self->func (member, hex, self->user_data, error);
}

gboolean
kab_package_reader_digest (KabPackageReader     *self,
                           KabMemberDigestFunc   func,
                           gpointer              user_data,
                           GError              **error)
{
  Digesting digesting = { NULL, func, user_data };
  gboolean done;

  g_return_val_if_fail (KAB_IS_PACKAGE_READER (self), FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  digesting.context = EVP_MD_CTX_new ();
  EVP_DigestInit_ex (digesting.context, EVP_sha256 (), NULL);
  done = kab_archive_stream (self->archive, NULL, digest_cb, &digesting, error);
  EVP_MD_CTX_free (digesting.context);
  return done;
}
