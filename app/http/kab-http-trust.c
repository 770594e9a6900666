/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-http"

#include "config.h"

#include "kab-http-trust.h"

#include <glib/gi18n-lib.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "kab-error.h"

#define MAX_PEM (1024 * 1024)   /* bytes of a key or certificate file */

#define KAB_TYPE_TRUST_NOBODY (kab_trust_nobody_get_type ())
G_DECLARE_FINAL_TYPE (KabTrustNobody, kab_trust_nobody, KAB, TRUST_NOBODY, GTlsDatabase)

struct _KabTrustNobody
{
  GTlsDatabase parent_instance;
};

G_DEFINE_FINAL_TYPE (KabTrustNobody, kab_trust_nobody, G_TYPE_TLS_DATABASE)

static GTlsCertificateFlags
kab_trust_nobody_verify_chain (GTlsDatabase             *database,
                               GTlsCertificate          *chain,
                               const char               *purpose,
                               GSocketConnectable       *identity,
                               GTlsInteraction          *interaction,
                               GTlsDatabaseVerifyFlags   flags,
                               GCancellable             *cancellable,
                               GError                  **error)
{
  return G_TLS_CERTIFICATE_UNKNOWN_CA;
}

static void
verify_chain_async (GTlsDatabase            *database,
                    GTlsCertificate         *chain,
                    const char              *purpose,
                    GSocketConnectable      *identity,
                    GTlsInteraction         *interaction,
                    GTlsDatabaseVerifyFlags  flags,
                    GCancellable            *cancellable,
                    GAsyncReadyCallback      callback,
                    gpointer                 user_data)
{
  g_autoptr(GTask) task = g_task_new (database, cancellable, callback, user_data);

  g_task_return_int (task, G_TLS_CERTIFICATE_UNKNOWN_CA);
}

static GTlsCertificateFlags
verify_chain_finish (GTlsDatabase  *database,
                     GAsyncResult  *result,
                     GError       **error)
{
  gssize flags = g_task_propagate_int (G_TASK (result), error);

  return flags < 0 ? G_TLS_CERTIFICATE_GENERIC_ERROR : (GTlsCertificateFlags) flags;
}

static void
kab_trust_nobody_class_init (KabTrustNobodyClass *klass)
{
  GTlsDatabaseClass *database_class = G_TLS_DATABASE_CLASS (klass);

  database_class->verify_chain = kab_trust_nobody_verify_chain;
  database_class->verify_chain_async = verify_chain_async;
  database_class->verify_chain_finish = verify_chain_finish;
}

static void
kab_trust_nobody_init (KabTrustNobody *self)
{
}

GTlsDatabase *
kab_trust_nobody_new (void)
{
  return g_object_new (KAB_TYPE_TRUST_NOBODY, NULL);
}

/* The authorities of the system, parsed when a certificate has to be judged by them. */
#define KAB_TYPE_TRUST_SYSTEM (kab_trust_system_get_type ())
G_DECLARE_FINAL_TYPE (KabTrustSystem, kab_trust_system, KAB, TRUST_SYSTEM, GTlsDatabase)

struct _KabTrustSystem
{
  GTlsDatabase  parent_instance;

  GMutex        lock;
  GTlsDatabase *real;       /* (nullable): under lock */
};

G_DEFINE_FINAL_TYPE (KabTrustSystem, kab_trust_system, G_TYPE_TLS_DATABASE)

static GTlsDatabase *
get_real (KabTrustSystem *self)
{
  GTlsBackend *backend = g_tls_backend_get_default ();
  GTlsDatabase *real;

  g_mutex_lock (&self->lock);
  if (self->real == NULL)
    {
      g_tls_backend_set_default_database (backend, NULL);
      self->real = g_tls_backend_get_default_database (backend);
      g_tls_backend_set_default_database (backend, G_TLS_DATABASE (self));
    }
  real = self->real;
  g_mutex_unlock (&self->lock);

  return real;
}

static GTlsCertificateFlags
kab_trust_system_verify_chain (GTlsDatabase             *database,
                               GTlsCertificate          *chain,
                               const char               *purpose,
                               GSocketConnectable       *identity,
                               GTlsInteraction          *interaction,
                               GTlsDatabaseVerifyFlags   flags,
                               GCancellable             *cancellable,
                               GError                  **error)
{
  GTlsDatabase *real = get_real (KAB_TRUST_SYSTEM (database));

  if (real == NULL)
    return G_TLS_CERTIFICATE_UNKNOWN_CA;

  return g_tls_database_verify_chain (real, chain, purpose, identity, interaction, flags, cancellable, error);
}

static void
kab_trust_system_finalize (GObject *object)
{
  KabTrustSystem *self = KAB_TRUST_SYSTEM (object);

  g_clear_object (&self->real);
  g_mutex_clear (&self->lock);

  G_OBJECT_CLASS (kab_trust_system_parent_class)->finalize (object);
}

static void
kab_trust_system_class_init (KabTrustSystemClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_trust_system_finalize;
  G_TLS_DATABASE_CLASS (klass)->verify_chain = kab_trust_system_verify_chain;
}

static void
kab_trust_system_init (KabTrustSystem *self)
{
  g_mutex_init (&self->lock);
}

void
kab_trust_put_off_system (void)
{
  static gsize done;

  if (g_once_init_enter (&done))
    {
      g_autoptr(GTlsDatabase) system = g_object_new (KAB_TYPE_TRUST_SYSTEM, NULL);

      g_tls_backend_set_default_database (g_tls_backend_get_default (), system);
      g_once_init_leave (&done, 1);
    }
}

GTlsDatabase *
kab_trust_load_authorities (const char  *ca_file,
                            GError     **error)
{
  g_autofree char *path = g_canonicalize_filename (ca_file, NULL);
  g_autoptr(GError) local_error = NULL;
  GTlsDatabase *database = g_tls_file_database_new (path, &local_error);

  if (database == NULL)
    g_set_error (error, KAB_ERROR,
                 g_file_test (path, G_FILE_TEST_EXISTS) ? KAB_ERROR_BAD_DATA : KAB_ERROR_NOT_FOUND,
                 "%s: %s", ca_file, local_error->message);
  return database;
}

static char *
load_pem (const char  *path,
          gsize       *length,
          GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autofree char *text = NULL;

  if (!g_file_get_contents (path, &text, length, &local_error))
    {
      g_set_error (error, KAB_ERROR,
                   g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT)
                     ? KAB_ERROR_NOT_FOUND : KAB_ERROR_STORAGE,
                   "%s", local_error->message);
      return NULL;
    }
  if (*length > MAX_PEM)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: too long for PEM", path);
      return NULL;
    }
  return g_steal_pointer (&text);
}

typedef struct {
  const char *passphrase;
  gboolean    was_asked;
} PassphraseRequest;

static int
passphrase_cb (char *buffer,
               int   size,
               int   for_writing,
               void *user_data)
{
  PassphraseRequest *request = user_data;
  gsize length = request->passphrase != NULL ? strlen (request->passphrase) : 0;

  request->was_asked = TRUE;
  if (length == 0 || length > (gsize) size)
    return -1;
  memcpy (buffer, request->passphrase, length);
  return (int) length;
}

/* Decrypts a key. Returns: (transfer full): a memory BIO with it as plain PKCS#8 PEM, wiped when freed */
static BIO *
decrypt_key (const char  *path,
             const char  *passphrase,
             GError     **error)
{
  g_autofree char *text = NULL;
  PassphraseRequest request = { passphrase, FALSE };
  gsize length;
  BIO *in;
  BIO *out = NULL;
  EVP_PKEY *key;

  text = load_pem (path, &length, error);
  if (text == NULL)
    return NULL;

  in = BIO_new_mem_buf (text, (int) length);
  key = PEM_read_bio_PrivateKey (in, NULL, passphrase_cb, &request);
  BIO_free (in);
  OPENSSL_cleanse (text, length);
  ERR_clear_error ();

  if (key != NULL)
    {
      out = BIO_new (BIO_s_secmem ());
      if (out == NULL || !PEM_write_bio_PKCS8PrivateKey (out, key, NULL, NULL, 0, NULL, NULL))
        g_clear_pointer (&out, BIO_free);
      EVP_PKEY_free (key);
    }
  if (out == NULL)
    g_set_error (error, KAB_ERROR, request.was_asked ? KAB_ERROR_PASSPHRASE : KAB_ERROR_BAD_DATA,
                 "%s: %s", path, request.was_asked ? "no key with that passphrase" : "no private key");
  return out;
}

GTlsCertificate *
kab_trust_load_client_identity (const char  *certificate_file,
                                const char  *key_file,
                                const char  *passphrase,
                                GError     **error)
{
  g_autofree char *certificate_pem = NULL;
  g_autoptr(GString) pem = NULL;
  g_autoptr(GError) local_error = NULL;
  GTlsCertificate *certificate;
  gsize length;
  char *key_pem;
  long key_length;
  BIO *key;

  certificate_pem = load_pem (certificate_file, &length, error);
  key = certificate_pem != NULL ? decrypt_key (key_file != NULL ? key_file : certificate_file, passphrase, error)
                                : NULL;
  if (key == NULL)
    return NULL;

  key_length = BIO_get_mem_data (key, &key_pem);
  pem = g_string_sized_new (length + key_length + 2);
  g_string_append_len (pem, key_pem, key_length);
  g_string_append_c (pem, '\n');
  g_string_append_len (pem, certificate_pem, length);
  BIO_free (key);

  certificate = g_tls_certificate_new_from_pem (pem->str, pem->len, &local_error);
  OPENSSL_cleanse (pem->str, pem->len);
  if (certificate == NULL)
    g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: %s", certificate_file, local_error->message);
  return certificate;
}

char *
kab_trust_dup_fingerprint (GTlsCertificate *certificate)
{
  g_autoptr(GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  return der != NULL ? g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len) : NULL;
}

/* The common name, or the whole name where it has none. */
static char *
dup_name (const X509_NAME *name)
{
  int index = X509_NAME_get_index_by_NID ((X509_NAME *) name, NID_commonName, -1);
  unsigned char *utf8 = NULL;
  char buffer[256];
  char *text;
  int length = -1;

  if (index >= 0)
    length = ASN1_STRING_to_UTF8 (&utf8, X509_NAME_ENTRY_get_data (X509_NAME_get_entry (name, index)));
  if (length >= 0)
    text = g_utf8_make_valid ((const char *) utf8, length);
  else
    text = g_strdup (X509_NAME_oneline (name, buffer, sizeof buffer));
  OPENSSL_free (utf8);
  return text;
}

static gint64
get_time (const ASN1_TIME *time)
{
  g_autoptr(GDateTime) date = NULL;
  struct tm tm;

  if (!ASN1_TIME_to_tm (time, &tm))
    return 0;
  date = g_date_time_new_utc (tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
  return date != NULL ? g_date_time_to_unix (date) : 0;
}

KabIdentity *
kab_trust_describe (GTlsCertificate *certificate)
{
  KabIdentity *identity = g_new0 (KabIdentity, 1);
  g_autoptr(GByteArray) der = NULL;
  const unsigned char *p;
  X509 *x509;

  identity->fingerprint = kab_trust_dup_fingerprint (certificate);
  g_object_get (certificate, "certificate", &der, NULL);
  p = der->data;
  x509 = d2i_X509 (NULL, &p, der->len);
  if (x509 == NULL)
    return identity;

  identity->name = dup_name (X509_get_subject_name (x509));
  identity->issuer = dup_name (X509_get_issuer_name (x509));
  identity->not_before = get_time (X509_get0_notBefore (x509));
  identity->not_after = get_time (X509_get0_notAfter (x509));
  identity->can_sign_code = (X509_get_extended_key_usage (x509) & XKU_CODE_SIGN) != 0 &&
                            X509_get_extended_key_usage (x509) != UINT32_MAX;
  identity->is_authority = X509_check_ca (x509) == 1;
  identity->is_self_signed = X509_NAME_cmp (X509_get_subject_name (x509), X509_get_issuer_name (x509)) == 0;
  X509_free (x509);
  return identity;
}

const char *
kab_trust_get_problem (GTlsCertificateFlags flags)
{
  /* the gravest first */
  if ((flags & G_TLS_CERTIFICATE_REVOKED) != 0)
    return N_("The certificate was revoked.");
  if ((flags & G_TLS_CERTIFICATE_BAD_IDENTITY) != 0)
    return N_("The certificate was made for another server name.");
  if ((flags & G_TLS_CERTIFICATE_EXPIRED) != 0)
    return N_("The certificate has expired.");
  if ((flags & G_TLS_CERTIFICATE_NOT_ACTIVATED) != 0)
    return N_("The certificate is not valid yet.");
  if ((flags & G_TLS_CERTIFICATE_INSECURE) != 0)
    return N_("The certificate uses an insecure algorithm.");
  if ((flags & G_TLS_CERTIFICATE_UNKNOWN_CA) != 0)
    return N_("The certificate was issued by an authority that this computer does not know.");
  if (flags != 0)
    return N_("The certificate is not valid.");
  return NULL;
}
