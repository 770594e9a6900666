/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "test-certificates.h"

#include <string.h>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

static char *
bio_to_text (BIO *bio)
{
  char *data;
  long length = BIO_get_mem_data (bio, &data);
  char *text = g_strndup (data, length);

  BIO_free (bio);
  return text;
}

static EVP_PKEY *
read_key (const char *pem)
{
  BIO *bio = BIO_new_mem_buf (pem, -1);
  EVP_PKEY *key = PEM_read_bio_PrivateKey (bio, NULL, NULL, NULL);

  BIO_free (bio);
  return key;
}

static void
add_extension (X509       *x509,
               X509       *issuer,
               int         nid,
               const char *value)
{
  X509_EXTENSION *extension;
  X509V3_CTX context;

  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, issuer, x509, NULL, NULL, 0);
  extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
  g_assert_nonnull (extension);
  X509_add_ext (x509, extension, -1);
  X509_EXTENSION_free (extension);
}

TestIdentity *
test_identity_new (const char         *name,
                   const TestIdentity *issuer,
                   int                 days,
                   const char         *ip)
{
  TestIdentity *self = g_new0 (TestIdentity, 1);
  EVP_PKEY *key = EVP_EC_gen ("P-256");
  EVP_PKEY *issuer_key = issuer != NULL ? read_key (issuer->key) : NULL;
  X509 *issuer_x509 = NULL;
  X509 *x509 = X509_new ();
  guint32 serial;
  BIO *bio;

  if (issuer != NULL)
    {
      bio = BIO_new_mem_buf (issuer->certificate, -1);
      issuer_x509 = PEM_read_bio_X509 (bio, NULL, NULL, NULL);
      BIO_free (bio);
    }

  RAND_bytes ((unsigned char *) &serial, sizeof serial);
  X509_set_version (x509, 2);
  ASN1_INTEGER_set (X509_get_serialNumber (x509), serial >> 1);
  X509_gmtime_adj (X509_getm_notBefore (x509), -10 * 86400);
  X509_gmtime_adj (X509_getm_notAfter (x509), days * 86400);
  X509_set_pubkey (x509, key);
  X509_NAME_add_entry_by_txt (X509_get_subject_name (x509), "CN", MBSTRING_UTF8, (const unsigned char *) name, -1, -1, 0);
  X509_set_issuer_name (x509, X509_get_subject_name (issuer_x509 != NULL ? issuer_x509 : x509));
  add_extension (x509, issuer_x509 != NULL ? issuer_x509 : x509, NID_basic_constraints,
                 issuer == NULL ? "critical,CA:TRUE" : "critical,CA:FALSE");
  add_extension (x509, issuer_x509 != NULL ? issuer_x509 : x509, NID_subject_key_identifier, "hash");
  if (ip != NULL)
    {
      g_autofree char *value = g_strdup_printf ("IP:%s", ip);

      add_extension (x509, issuer_x509 != NULL ? issuer_x509 : x509, NID_subject_alt_name, value);
    }
  X509_sign (x509, issuer_key != NULL ? issuer_key : key, EVP_sha256 ());

  bio = BIO_new (BIO_s_mem ());
  PEM_write_bio_X509 (bio, x509);
  self->certificate = bio_to_text (bio);
  bio = BIO_new (BIO_s_mem ());
  PEM_write_bio_PKCS8PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL);
  self->key = bio_to_text (bio);

  X509_free (x509);
  X509_free (issuer_x509);
  EVP_PKEY_free (key);
  EVP_PKEY_free (issuer_key);
  return self;
}

char *
test_identity_encrypt (const TestIdentity *self,
                       const char         *passphrase)
{
  EVP_PKEY *key = read_key (self->key);
  BIO *bio = BIO_new (BIO_s_mem ());

  PEM_write_bio_PKCS8PrivateKey (bio, key, EVP_aes_128_cbc (), passphrase, (int) strlen (passphrase), NULL, NULL);
  EVP_PKEY_free (key);
  return bio_to_text (bio);
}

GTlsCertificate *
test_identity_load (const TestIdentity *self)
{
  g_autofree char *both = g_strconcat (self->key, self->certificate, NULL);
  g_autoptr(GError) error = NULL;
  GTlsCertificate *certificate = g_tls_certificate_new_from_pem (both, -1, &error);

  g_assert_no_error (error);
  return certificate;
}

void
test_identity_free (TestIdentity *self)
{
  g_free (self->key);
  g_free (self->certificate);
  g_free (self);
}
