/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include <glib/gstdio.h>
#include <openssl/bn.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include "kab-certificate-private.h"
#include "kab-error.h"
#include "kab-key-private.h"
#include "kab-signer.h"

#define KEY_BITS       2048     /* wapt-package-format § 5.2 */
#define DEFAULT_DAYS   3650
#define SERIAL_BITS    159      /* positive and within the 20 octets of RFC 5280 */
#define DAY            (24 * 60 * 60)

static gboolean
add_extension (X509       *x509,
               int         nid,
               const char *value)
{
  X509_EXTENSION *extension;
  X509V3_CTX context;
  gboolean done;

  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, x509, x509, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
  done = extension != NULL && X509_add_ext (x509, extension, -1) == 1;
  X509_EXTENSION_free (extension);
  return done;
}

static gboolean
set_serial (X509 *x509)
{
  BIGNUM *number = BN_new ();
  gboolean done = number != NULL && BN_rand (number, SERIAL_BITS, BN_RAND_TOP_ANY, BN_RAND_BOTTOM_ANY) == 1 &&
                  BN_to_ASN1_INTEGER (number, X509_get_serialNumber (x509)) != NULL;

  BN_free (number);
  return done;
}

static X509 *
make_certificate (EVP_PKEY   *key,
                  const char *common_name,
                  gboolean    code_signing,
                  guint       days)
{
  X509 *x509 = X509_new ();
  X509_NAME *name = X509_get_subject_name (x509);

  /* From the day before on, so that a machine whose clock is a little behind accepts it at once. */
  if (X509_set_version (x509, X509_VERSION_3) != 1 || !set_serial (x509) ||
      X509_gmtime_adj (X509_getm_notBefore (x509), -DAY) == NULL ||
      X509_time_adj_ex (X509_getm_notAfter (x509), (int) days, 0, NULL) == NULL ||
      X509_NAME_add_entry_by_NID (name, NID_commonName, MBSTRING_UTF8, (const guint8 *) common_name, -1, -1, 0) != 1 ||
      X509_set_issuer_name (x509, name) != 1 || X509_set_pubkey (x509, key) != 1 ||
      !add_extension (x509, NID_basic_constraints, "critical,CA:TRUE") ||
      !add_extension (x509, NID_ext_key_usage, code_signing ? "critical,codeSigning,clientAuth"
                                                            : "critical,clientAuth") ||
      !add_extension (x509, NID_subject_key_identifier, "hash") ||
      !add_extension (x509, NID_key_usage,
                      "critical,digitalSignature,nonRepudiation,keyCertSign,dataEncipherment") ||
      X509_sign (x509, key, EVP_sha256 ()) == 0)
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
