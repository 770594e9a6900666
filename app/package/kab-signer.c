/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-signer.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>

#include "kab-certificate-private.h"
#include "kab-error.h"
#include "kab-key-private.h"

struct _KabSigner
{
  GObject         parent_instance;

  KabCertificate *certificate;
  EVP_PKEY       *key;         /* OpenSSL wipes the numbers when it frees them */
  gint64          now;         /* 0 = by the clock */
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

KabSigner *
kab_signer_new (const char  *certificate_path,
                const char  *key_path,
                const char  *passphrase,
                GError     **error)
{
  g_autoptr(KabSigner) self = NULL;

  g_return_val_if_fail (certificate_path != NULL, NULL);
  g_return_val_if_fail (key_path != NULL, NULL);

  self = g_object_new (KAB_TYPE_SIGNER, NULL);
  self->certificate = kab_certificate_new_from_file (certificate_path, error);
  if (self->certificate == NULL)
    return NULL;
  self->key = kab_key_read_file (key_path, passphrase, NULL, error);
  if (self->key == NULL || !kab_key_check_pair (self->key, self->certificate, key_path, error))
    return NULL;
  return g_steal_pointer (&self);
}

gboolean
kab_signer_key_needs_passphrase (const char *key_path)
{
  gboolean was_asked = FALSE;

  g_return_val_if_fail (key_path != NULL, FALSE);

  EVP_PKEY_free (kab_key_read_file (key_path, NULL, &was_asked, NULL));
  return was_asked;
}

KabCertificate *
kab_signer_get_certificate (KabSigner *self)
{
  g_return_val_if_fail (KAB_IS_SIGNER (self), NULL);

  return self->certificate;
}

void
kab_signer_set_time (KabSigner *self,
                     gint64     now)
{
  g_return_if_fail (KAB_IS_SIGNER (self));

  self->now = now;
}

gint64
kab_signer_get_time (KabSigner *self)
{
  g_return_val_if_fail (KAB_IS_SIGNER (self), 0);

  return self->now != 0 ? self->now : g_get_real_time () / G_USEC_PER_SEC;
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
