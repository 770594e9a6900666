/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-signer.h"

#include <string.h>

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "kab-certificate-private.h"
#include "kab-error.h"

#define MAX_KEY_SIZE (64 * 1024)   /* a 16,384 bit RSA key in PEM is 13 kB */

struct _KabSigner
{
  GObject         parent_instance;

  KabCertificate *certificate;
  EVP_PKEY       *key;         /* OpenSSL wipes the numbers when it frees them */
};

G_DEFINE_FINAL_TYPE (KabSigner, kab_signer, G_TYPE_OBJECT)

static void
kab_signer_finalize (GObject *object)
{
  KabSigner *self = KAB_SIGNER (object);

  g_clear_object (&self->certificate);
  g_clear_pointer (&self->key, EVP_PKEY_free);

  G_OBJECT_CLASS (kab_signer_parent_class)->finalize (object);
}

static void
kab_signer_class_init (KabSignerClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_signer_finalize;
}

static void
kab_signer_init (KabSigner *self)
{
}

typedef struct {
  const char *passphrase;
  gboolean    was_asked;
} Asking;

static int
passphrase_cb (char *buffer,
               int   size,
               int   writing,
               void *user_data)
{
  Asking *asking = user_data;
  gsize length;

  asking->was_asked = TRUE;
  if (asking->passphrase == NULL)
    return -1;
  length = strlen (asking->passphrase);
  if (length > (gsize) size)
    return -1;
  memcpy (buffer, asking->passphrase, length);
  return (int) length;
}

static EVP_PKEY *
read_key (const char  *path,
          Asking      *asking,
          GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  EVP_PKEY *key = NULL;
  char *text = NULL;
  gsize size = 0;

  if (!g_file_get_contents (path, &text, &size, &local_error))
    {
      gboolean is_absent = g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT);

      g_set_error_literal (error, KAB_ERROR, is_absent ? KAB_ERROR_NOT_FOUND : KAB_ERROR_STORAGE,
                           local_error->message);
      return NULL;
    }

  if (size <= MAX_KEY_SIZE)
    {
      BIO *bio = BIO_new_mem_buf (text, (int) size);

      key = PEM_read_bio_PrivateKey (bio, NULL, passphrase_cb, asking);
      BIO_free (bio);
    }
  OPENSSL_cleanse (text, size);
  g_free (text);

  if (key == NULL && asking->was_asked)
    g_set_error (error, KAB_ERROR, KAB_ERROR_PASSPHRASE, "%s: %s", path,
                 asking->passphrase == NULL ? "needs a passphrase" : "the passphrase does not open it");
  else if (key == NULL)
    g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: no private key in PEM", path);
  ERR_clear_error ();
  return key;
}

KabSigner *
kab_signer_new (const char  *certificate_path,
                const char  *key_path,
                const char  *passphrase,
                GError     **error)
{
  g_autoptr(KabSigner) self = NULL;
  Asking asking = { passphrase, FALSE };

  g_return_val_if_fail (certificate_path != NULL, NULL);
  g_return_val_if_fail (key_path != NULL, NULL);

  self = g_object_new (KAB_TYPE_SIGNER, NULL);
  self->certificate = kab_certificate_new_from_file (certificate_path, error);
  if (self->certificate == NULL)
    return NULL;
  self->key = read_key (key_path, &asking, error);
  if (self->key == NULL)
    return NULL;

  if (EVP_PKEY_get_base_id (self->key) != EVP_PKEY_RSA)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: not an RSA key; agents know no other", key_path);
      return NULL;
    }
  if (EVP_PKEY_eq (X509_get0_pubkey (kab_certificate_peek_x509 (self->certificate)), self->key) != 1)
    {
      ERR_clear_error ();
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: not the key of %s", key_path, certificate_path);
      return NULL;
    }
  return g_steal_pointer (&self);
}

gboolean
kab_signer_key_needs_passphrase (const char *key_path)
{
  Asking asking = { NULL, FALSE };
  EVP_PKEY *key;

  g_return_val_if_fail (key_path != NULL, FALSE);

  key = read_key (key_path, &asking, NULL);
  EVP_PKEY_free (key);
  return asking.was_asked;
}

KabCertificate *
kab_signer_get_certificate (KabSigner *self)
{
  g_return_val_if_fail (KAB_IS_SIGNER (self), NULL);

  return self->certificate;
}

char *
kab_signer_sign (KabSigner      *self,
                 gconstpointer   data,
                 gsize           size,
                 GError        **error)
{
  g_autofree guint8 *signature = NULL;
  EVP_PKEY_CTX *key_context = NULL;
  EVP_MD_CTX *context;
  gsize signature_size = 0;
  gboolean done;

  g_return_val_if_fail (KAB_IS_SIGNER (self), NULL);
  g_return_val_if_fail (data != NULL || size == 0, NULL);

  context = EVP_MD_CTX_new ();
  done = EVP_DigestSignInit (context, &key_context, EVP_sha256 (), NULL, self->key) == 1 &&
         EVP_PKEY_CTX_set_rsa_padding (key_context, RSA_PKCS1_PADDING) == 1 &&
         EVP_DigestSign (context, NULL, &signature_size, data, size) == 1;
  if (done)
    {
      signature = g_malloc (signature_size);
      done = EVP_DigestSign (context, signature, &signature_size, data, size) == 1;
    }
  EVP_MD_CTX_free (context);

  if (!done)
    {
      kab_crypto_set_error (error, KAB_ERROR_FAILED, "signing");
      return NULL;
    }
  return g_base64_encode (signature, signature_size);
}
