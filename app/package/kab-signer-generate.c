/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

#include "kab-certificate-private.h"
#include "kab-error.h"
#include "kab-key-private.h"
#include "kab-signer.h"
#include "kab-x509.h"

#define KEY_BITS       2048     /* wapt-package-format § 5.2 */
#define DEFAULT_DAYS   3650

static X509 *
make_certificate (EVP_PKEY   *key,
                  const char *common_name,
                  gboolean    code_signing,
                  guint       days)
{
  X509 *x509 = kab_x509_new (key, common_name, (int) days);

  if (x509 != NULL &&
      (!kab_x509_add_extension (x509, x509, NID_basic_constraints, "critical,CA:TRUE") ||
       !kab_x509_add_extension (x509, x509, NID_ext_key_usage,
                                code_signing ? "critical,codeSigning,clientAuth" : "critical,clientAuth") ||
       !kab_x509_add_extension (x509, x509, NID_subject_key_identifier, "hash") ||
       !kab_x509_add_extension (x509, x509, NID_key_usage,
                                "critical,digitalSignature,nonRepudiation,keyCertSign,dataEncipherment") ||
       !kab_x509_sign (x509, x509, key)))
    g_clear_pointer (&x509, X509_free);
  return x509;
}

static gboolean
write_certificate (X509        *x509,
                   const char  *path,
                   GError     **error)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  gboolean done = FALSE;
  char *data;
  long size;

  if (PEM_write_bio_X509 (bio, x509) == 1)
    {
      size = BIO_get_mem_data (bio, &data);
      done = kab_key_write_new_file (path, data, (gsize) size, 0644, error);
    }
  else
    kab_crypto_set_error (error, KAB_ERROR_FAILED, "writing the certificate");
  BIO_free (bio);
  return done;
}

gboolean
kab_signer_generate (const char  *common_name,
                     const char  *key_path,
                     const char  *certificate_path,
                     const char  *passphrase,
                     gboolean     code_signing,
                     guint        days,
                     GError     **error)
{
  EVP_PKEY *key;
  X509 *x509 = NULL;
  gboolean done = FALSE;

  g_return_val_if_fail (common_name != NULL, FALSE);
  g_return_val_if_fail (key_path != NULL, FALSE);
  g_return_val_if_fail (certificate_path != NULL, FALSE);

  if (common_name[0] == '\0' || g_utf8_strlen (common_name, -1) > ub_common_name)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "a name of 1 to %d characters is needed", ub_common_name);
      return FALSE;
    }

  key = EVP_RSA_gen (KEY_BITS);
  if (key != NULL)
    x509 = make_certificate (key, common_name, code_signing, days != 0 ? days : DEFAULT_DAYS);
  if (x509 == NULL)
    kab_crypto_set_error (error, KAB_ERROR_FAILED, "making a key and its certificate");
  else if (kab_key_write (key, key_path, passphrase, error))
    {
      done = write_certificate (x509, certificate_path, error);
      if (!done)
        g_unlink (key_path);
    }
  X509_free (x509);
  EVP_PKEY_free (key);
  return done;
}
