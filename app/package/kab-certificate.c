/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-certificate.h"

#include <errno.h>
#include <string.h>
#include <time.h>

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "kab-certificate-private.h"
#include "kab-error.h"

#define MAX_PEM_SIZE      (256 * 1024)   /* sixteen certificates of the largest kind in use */
#define MAX_CERTIFICATES  16
#define BEGIN_LINE        "-----BEGIN CERTIFICATE-----"
#define END_LINE          "-----END CERTIFICATE-----"

struct _KabCertificate
{
  GObject      parent_instance;

  GPtrArray   *chain;        /* (element-type X509), leaf first */
  KabIdentity *identity;
  char        *chain_pem;
  char         sha1[41];
};

G_DEFINE_FINAL_TYPE (KabCertificate, kab_certificate, G_TYPE_OBJECT)

static void
kab_certificate_finalize (GObject *object)
{
  KabCertificate *self = KAB_CERTIFICATE (object);

  g_clear_pointer (&self->chain, g_ptr_array_unref);
  g_clear_pointer (&self->identity, kab_identity_free);
  g_clear_pointer (&self->chain_pem, g_free);

  G_OBJECT_CLASS (kab_certificate_parent_class)->finalize (object);
}

static void
kab_certificate_class_init (KabCertificateClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_certificate_finalize;
}

static void
kab_certificate_init (KabCertificate *self)
{
  self->chain = g_ptr_array_new_with_free_func ((GDestroyNotify) X509_free);
}

void
kab_crypto_set_error (GError     **error,
                      int          code,
                      const char  *what)
{
  unsigned long number = ERR_peek_last_error ();
  const char *reason = number != 0 ? ERR_reason_error_string (number) : NULL;

  g_set_error (error, KAB_ERROR, code, "%s: %s", what, reason != NULL ? reason : "failed");
  ERR_clear_error ();
}

void
kab_crypto_hex (const guint8 *bytes,
                gsize         size,
                char         *out)
{
  for (gsize i = 0; i < size; i++)
    g_snprintf (out + 2 * i, 3, "%02x", bytes[i]);
}

/* A line of its own, with or without CR: agents see no others. Returns: where it starts, or %NULL */
static const char *
find_line (const char *text,
           const char *end,
           const char *line)
{
  gsize length = strlen (line);

  while (text < end)
    {
      const char *next = memchr (text, '\n', end - text);
      gsize size = (next != NULL ? next : end) - text;

      if (size > 0 && text[size - 1] == '\r')
        size--;
      if (size == length && memcmp (text, line, length) == 0)
        return text;
      if (next == NULL)
        break;
      text = next + 1;
    }
  return NULL;
}

static X509 *
parse_block (const char *start,
             gsize       size)
{
  BIO *bio = BIO_new_mem_buf (start, (int) size);
  X509 *x509 = PEM_read_bio_X509 (bio, NULL, NULL, NULL);

  BIO_free (bio);
  return x509;
}

static gboolean
parse_chain (KabCertificate  *self,
             const char      *pem,
             gsize            size,
             GError         **error)
{
  const char *end = pem + size;
  const char *at = pem;

  while ((at = find_line (at, end, BEGIN_LINE)) != NULL)
    {
      const char *stop = find_line (at, end, END_LINE);
      X509 *x509;

      if (stop == NULL)
        {
          g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "certificate: cut short");
          return FALSE;
        }
      stop += strlen (END_LINE);
      x509 = parse_block (at, stop - at);
      if (x509 == NULL)
        {
          kab_crypto_set_error (error, KAB_ERROR_BAD_DATA, "certificate");
          return FALSE;
        }
      g_ptr_array_add (self->chain, x509);
      if (self->chain->len > MAX_CERTIFICATES)
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "certificate: more than %d in one chain",
                       MAX_CERTIFICATES);
          return FALSE;
        }
      at = stop;
    }

  if (self->chain->len == 0)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "certificate: none in this text");
      return FALSE;
    }
  return TRUE;
}

static char *
dup_common_name (const X509_NAME *name)
{
  int index = X509_NAME_get_index_by_NID ((X509_NAME *) name, NID_commonName, -1);
  ASN1_STRING *value;
  unsigned char *utf8 = NULL;
  char *text = NULL;
  int size;

  if (index < 0)
    return g_strdup ("");
  value = X509_NAME_ENTRY_get_data (X509_NAME_get_entry ((X509_NAME *) name, index));
  size = ASN1_STRING_to_UTF8 (&utf8, value);
  if (size >= 0)
    text = g_utf8_make_valid ((const char *) utf8, size);
  OPENSSL_free (utf8);
  return text != NULL ? text : g_strdup ("");
}

gint64
kab_crypto_get_time (const ASN1_TIME *value)
{
  struct tm parts;

  if (value == NULL || ASN1_TIME_to_tm (value, &parts) != 1)
    return 0;
  return timegm (&parts);
}

static gboolean
may_issue (X509 *x509)
{
  guint32 flags = X509_get_extension_flags (x509);

  if (!(flags & EXFLAG_BCONS) || !(flags & EXFLAG_CA) || (flags & EXFLAG_INVALID))
    return FALSE;
  return !(flags & EXFLAG_KUSAGE) || (X509_get_key_usage (x509) & KU_KEY_CERT_SIGN);
}

static KabIdentity *
identity_from_x509 (X509 *x509)
{
  KabIdentity *identity = g_new0 (KabIdentity, 1);
  guint8 digest[EVP_MAX_MD_SIZE];
  char hex[2 * EVP_MAX_MD_SIZE + 1];
  guint32 flags = X509_get_extension_flags (x509);
  unsigned int size = 0;

  X509_digest (x509, EVP_sha256 (), digest, &size);
  kab_crypto_hex (digest, size, hex);
  identity->name = dup_common_name (X509_get_subject_name (x509));
  identity->issuer = dup_common_name (X509_get_issuer_name (x509));
  identity->fingerprint = g_strdup (hex);
  identity->not_before = kab_crypto_get_time (X509_get0_notBefore (x509));
  identity->not_after = kab_crypto_get_time (X509_get0_notAfter (x509));
  identity->can_sign_code = (flags & EXFLAG_XKUSAGE) && (X509_get_extended_key_usage (x509) & XKU_CODE_SIGN);
  identity->is_authority = may_issue (x509);
  identity->is_self_signed = X509_NAME_cmp (X509_get_subject_name (x509), X509_get_issuer_name (x509)) == 0;
  return identity;
}

static char *
chain_to_pem (GPtrArray *chain)
{
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < chain->len; i++)
    {
      BIO *bio = BIO_new (BIO_s_mem ());
      char *data;
      long size;

      if (PEM_write_bio_X509 (bio, chain->pdata[i]) != 1)
        g_error ("out of memory");
      size = BIO_get_mem_data (bio, &data);
      if (i > 0)
        g_string_append_c (text, '\n');
      g_string_append_len (text, data, size);
      BIO_free (bio);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static void
fill (KabCertificate *self)
{
  guint8 digest[EVP_MAX_MD_SIZE];
  unsigned int digest_size = 0;

  self->identity = identity_from_x509 (self->chain->pdata[0]);
  self->chain_pem = chain_to_pem (self->chain);
  X509_digest (self->chain->pdata[0], EVP_sha1 (), digest, &digest_size);
  kab_crypto_hex (digest, MIN (digest_size, 20), self->sha1);
}

KabCertificate *
kab_certificate_new_from_x509 (GPtrArray *chain)
{
  KabCertificate *self = g_object_new (KAB_TYPE_CERTIFICATE, NULL);

  for (guint i = 0; i < chain->len; i++)
    {
      X509_up_ref (chain->pdata[i]);
      g_ptr_array_add (self->chain, chain->pdata[i]);
    }
  fill (self);
  return self;
}

KabCertificate *
kab_certificate_new_from_pem (const char  *pem,
                              gssize       length,
                              GError     **error)
{
  g_autoptr(KabCertificate) self = NULL;
  gsize size;

  g_return_val_if_fail (pem != NULL, NULL);

  size = length < 0 ? strlen (pem) : (gsize) length;
  if (size > MAX_PEM_SIZE)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "certificate: larger than %d bytes", MAX_PEM_SIZE);
      return NULL;
    }

  self = g_object_new (KAB_TYPE_CERTIFICATE, NULL);
  if (!parse_chain (self, pem, size, error))
    return NULL;
  fill (self);
  return g_steal_pointer (&self);
}

KabCertificate *
kab_certificate_new_from_file (const char  *path,
                               GError     **error)
{
  g_autofree char *text = NULL;
  g_autoptr(GError) local_error = NULL;
  KabCertificate *self;
  gsize size;

  g_return_val_if_fail (path != NULL, NULL);

  if (!g_file_get_contents (path, &text, &size, &local_error))
    {
      gboolean is_absent = g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT);

      g_set_error_literal (error, KAB_ERROR, is_absent ? KAB_ERROR_NOT_FOUND : KAB_ERROR_STORAGE,
                           local_error->message);
      return NULL;
    }
  self = kab_certificate_new_from_pem (text, size, error);
  if (self == NULL)
    g_prefix_error (error, "%s: ", path);
  return self;
}

const KabIdentity *
kab_certificate_get_identity (KabCertificate *self)
{
  g_return_val_if_fail (KAB_IS_CERTIFICATE (self), NULL);

  return self->identity;
}

const char *
kab_certificate_get_chain_pem (KabCertificate *self)
{
  g_return_val_if_fail (KAB_IS_CERTIFICATE (self), NULL);

  return self->chain_pem;
}

const char *
kab_certificate_get_sha1 (KabCertificate *self)
{
  g_return_val_if_fail (KAB_IS_CERTIFICATE (self), NULL);

  return self->sha1;
}

guint
kab_certificate_get_bits (KabCertificate *self)
{
  EVP_PKEY *key;

  g_return_val_if_fail (KAB_IS_CERTIFICATE (self), 0);

  key = X509_get0_pubkey (self->chain->pdata[0]);
  return key != NULL ? (guint) MAX (EVP_PKEY_get_bits (key), 0) : 0;
}

gboolean
kab_certificate_is_weak (KabCertificate *self)
{
  int digest = NID_undef;

  g_return_val_if_fail (KAB_IS_CERTIFICATE (self), TRUE);

  if (kab_certificate_get_bits (self) < 2048)
    return TRUE;
  /* Nobody relies on the signature under one's own name. */
  if (self->identity->is_self_signed)
    return FALSE;
  return X509_get_signature_info (self->chain->pdata[0], &digest, NULL, NULL, NULL) != 1 || digest == NID_sha1 ||
         digest == NID_md5;
}

X509 *
kab_certificate_peek_x509 (KabCertificate *self)
{
  return self->chain->pdata[0];
}

GPtrArray *
kab_certificate_peek_all (KabCertificate *self)
{
  return self->chain;
}

gboolean
kab_certificate_verify (KabCertificate *self,
                        gconstpointer   data,
                        gsize           size,
                        const guint8   *signature,
                        gsize           signature_size)
{
  EVP_PKEY *key;
  EVP_MD_CTX *context;
  EVP_PKEY_CTX *key_context = NULL;
  gboolean verified;

  g_return_val_if_fail (KAB_IS_CERTIFICATE (self), FALSE);
  g_return_val_if_fail (data != NULL || size == 0, FALSE);

  key = X509_get0_pubkey (self->chain->pdata[0]);
  if (key == NULL || EVP_PKEY_get_base_id (key) != EVP_PKEY_RSA || signature == NULL || signature_size == 0)
    return FALSE;

  context = EVP_MD_CTX_new ();
  verified = EVP_DigestVerifyInit (context, &key_context, EVP_sha256 (), NULL, key) == 1 &&
             EVP_PKEY_CTX_set_rsa_padding (key_context, RSA_PKCS1_PADDING) == 1 &&
             EVP_DigestVerify (context, signature, signature_size, data, size) == 1;
  EVP_MD_CTX_free (context);
  ERR_clear_error ();
  return verified;
}

gboolean
kab_certificate_verify_base64 (KabCertificate *self,
                               gconstpointer   data,
                               gsize           size,
                               const char     *signature)
{
  g_autofree guint8 *bytes = NULL;
  gsize signature_size;

  g_return_val_if_fail (signature != NULL, FALSE);

  bytes = g_base64_decode (signature, &signature_size);
  return kab_certificate_verify (self, data, size, bytes, signature_size);
}
