/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-revocation-list.h"

#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "kab-certificate-private.h"
#include "kab-error.h"

#define MAX_LIST_SIZE (16 * 1024 * 1024)   /* some 400,000 revoked certificates */

struct _KabRevocationList
{
  GObject   parent_instance;

  X509_CRL *crl;
  GBytes   *der;
  char     *authority;
};

G_DEFINE_FINAL_TYPE (KabRevocationList, kab_revocation_list, G_TYPE_OBJECT)

static void
kab_revocation_list_finalize (GObject *object)
{
  KabRevocationList *self = KAB_REVOCATION_LIST (object);

  g_clear_pointer (&self->crl, X509_CRL_free);
  g_clear_pointer (&self->der, g_bytes_unref);
  g_clear_pointer (&self->authority, g_free);

  G_OBJECT_CLASS (kab_revocation_list_parent_class)->finalize (object);
}

static void
kab_revocation_list_class_init (KabRevocationListClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_revocation_list_finalize;
}

static void
kab_revocation_list_init (KabRevocationList *self)
{
}

static X509_CRL *
read_crl (gconstpointer data,
          gsize         size)
{
  const guint8 *at = data;
  X509_CRL *crl;
  BIO *bio;

  if (size > 0 && at[0] != '-')
    return d2i_X509_CRL (NULL, &at, (long) size);
  bio = BIO_new_mem_buf (data, (int) size);
  crl = PEM_read_bio_X509_CRL (bio, NULL, NULL, NULL);
  BIO_free (bio);
  return crl;
}

static char *
dup_authority (X509_CRL *crl)
{
  AUTHORITY_KEYID *id = X509_CRL_get_ext_d2i (crl, NID_authority_key_identifier, NULL, NULL);
  char *text = g_strdup ("");

  if (id != NULL && id->keyid != NULL)
    {
      int size = ASN1_STRING_length (id->keyid);

      text = g_realloc (text, 2 * (gsize) size + 1);
      kab_crypto_hex (ASN1_STRING_get0_data (id->keyid), (gsize) size, text);
      text[2 * size] = '\0';
    }
  AUTHORITY_KEYID_free (id);
  return text;
}

KabRevocationList *
kab_revocation_list_new (gconstpointer   data,
                         gsize           size,
                         GError        **error)
{
  X509_CRL *crl = data != NULL && size <= MAX_LIST_SIZE ? read_crl (data, size) : NULL;
  KabRevocationList *self;
  guint8 *der = NULL;
  int der_size = crl != NULL ? i2d_X509_CRL (crl, &der) : -1;

  if (der_size < 0)
    {
      X509_CRL_free (crl);
      kab_crypto_set_error (error, KAB_ERROR_BAD_DATA, "revocation list");
      return NULL;
    }
  self = g_object_new (KAB_TYPE_REVOCATION_LIST, NULL);
  self->crl = crl;
  self->der = g_bytes_new (der, (gsize) der_size);
  self->authority = dup_authority (crl);
  OPENSSL_free (der);
  ERR_clear_error ();
  return self;
}

KabRevocationList *
kab_revocation_list_new_from_file (const char  *path,
                                   GError     **error)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) local_error = NULL;
  KabRevocationList *self;
  gsize size;

  g_return_val_if_fail (path != NULL, NULL);

  if (!g_file_get_contents (path, &text, &size, &local_error))
    {
      g_set_error_literal (error, KAB_ERROR, g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT)
                                               ? KAB_ERROR_NOT_FOUND : KAB_ERROR_STORAGE, local_error->message);
      return NULL;
    }
  self = kab_revocation_list_new (text, size, error);
  if (self == NULL)
    g_prefix_error (error, "%s: ", path);
  return self;
}

const char *
kab_revocation_list_get_authority (KabRevocationList *self)
{
  g_return_val_if_fail (KAB_IS_REVOCATION_LIST (self), "");

  return self->authority;
}

GBytes *
kab_revocation_list_get_der (KabRevocationList *self)
{
  g_return_val_if_fail (KAB_IS_REVOCATION_LIST (self), NULL);

  return self->der;
}

gint64
kab_revocation_list_get_next_update (KabRevocationList *self)
{
  g_return_val_if_fail (KAB_IS_REVOCATION_LIST (self), 0);

  return kab_crypto_get_time (X509_CRL_get0_nextUpdate (self->crl));
}

X509_CRL *
kab_revocation_list_peek (KabRevocationList *self)
{
  return self->crl;
}
