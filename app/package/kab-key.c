/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-package"

#include "config.h"

#include "kab-key-private.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include <glib/gstdio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/provider.h>
#include <openssl/x509v3.h>

#include "kab-certificate-private.h"
#include "kab-error.h"

#define MAX_KEY_SIZE    (64 * 1024)    /* a 16,384 bit RSA key in PEM is 13 kB */
#define MAX_PKCS12_SIZE (1024 * 1024)
#define MAX_ROUNDS      5000000        /* of turning a passphrase into a key: seconds; programs use up to a million */
#define MAX_CHAIN       16

typedef struct {
  const char *passphrase;
  gboolean    was_asked;
} Asking;

/* OpenSSL wipes @buffer. */
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

/* Ciphers that only old programs use, in a context of their own: nothing else in the program can come to use them. */
typedef struct {
  OSSL_LIB_CTX  *context;
  OSSL_PROVIDER *ordinary;
  OSSL_PROVIDER *legacy;
} OldCiphers;

static void
old_ciphers_begin (OldCiphers *self)
{
  self->context = OSSL_LIB_CTX_new ();
  self->ordinary = OSSL_PROVIDER_load (self->context, "default");
  self->legacy = OSSL_PROVIDER_load (self->context, "legacy");     /* NULL where the distribution has none */
  ERR_clear_error ();
}

static void
old_ciphers_end (OldCiphers *self)
{
  if (self->legacy != NULL)
    OSSL_PROVIDER_unload (self->legacy);
  if (self->ordinary != NULL)
    OSSL_PROVIDER_unload (self->ordinary);
  OSSL_LIB_CTX_free (self->context);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (OldCiphers, old_ciphers_end)

/* The same key, of the ordinary context; @key is freed. */
static EVP_PKEY *
adopt_key (EVP_PKEY *key)
{
  guint8 *der = NULL;
  int size = key != NULL ? i2d_PrivateKey (key, &der) : -1;
  const guint8 *at = der;
  EVP_PKEY *adopted = NULL;

  EVP_PKEY_free (key);
  if (size > 0)
    adopted = d2i_AutoPrivateKey (NULL, &at, size);
  if (der != NULL)
    OPENSSL_clear_free (der, (gsize) MAX (size, 0));
  return adopted;
}

static gint64
rounds_of_kdf (const X509_ALGOR *algorithm)
{
  PBKDF2PARAM *parameters = algorithm != NULL && algorithm->parameter != NULL
                              ? ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBKDF2PARAM), algorithm->parameter) : NULL;
  gint64 rounds = parameters != NULL ? ASN1_INTEGER_get (parameters->iter) : 0;

  PBKDF2PARAM_free (parameters);
  return rounds;
}

/* Would opening that take forever? */
static gboolean
has_sane_rounds (const X509_ALGOR *algorithm)
{
  gint64 rounds = 0;

  if (algorithm == NULL || algorithm->parameter == NULL)
    return TRUE;
  if (OBJ_obj2nid (algorithm->algorithm) == NID_pbes2)
    {
      PBE2PARAM *parameters = ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBE2PARAM), algorithm->parameter);

      if (parameters != NULL && OBJ_obj2nid (parameters->keyfunc->algorithm) == NID_id_pbkdf2)
        rounds = rounds_of_kdf (parameters->keyfunc);
      PBE2PARAM_free (parameters);
    }
  else
    {
      PBEPARAM *parameters = ASN1_TYPE_unpack_sequence (ASN1_ITEM_rptr (PBEPARAM), algorithm->parameter);

      rounds = parameters != NULL ? ASN1_INTEGER_get (parameters->iter) : 0;
      PBEPARAM_free (parameters);
    }
  ERR_clear_error ();
  return rounds >= 0 && rounds <= MAX_ROUNDS;
}

static gboolean
is_sane_pkcs8 (const char *text,
               gsize       size)
{
  BIO *bio = BIO_new_mem_buf (text, (int) size);
  X509_SIG *sealed = PEM_read_bio_PKCS8 (bio, NULL, NULL, NULL);
  const X509_ALGOR *algorithm = NULL;
  gboolean is_sane;

  if (sealed != NULL)
    X509_SIG_get0 (sealed, &algorithm, NULL);
  is_sane = has_sane_rounds (algorithm);
  X509_SIG_free (sealed);
  BIO_free (bio);
  ERR_clear_error ();
  return is_sane;
}

static EVP_PKEY *
read_pem_in (OSSL_LIB_CTX *context,
             const char   *text,
             gsize         size,
             Asking       *asking)
{
  BIO *bio = BIO_new_mem_buf (text, (int) size);
  EVP_PKEY *key = PEM_read_bio_PrivateKey_ex (bio, NULL, passphrase_cb, asking, context, NULL);

  BIO_free (bio);
  ERR_clear_error ();
  return key;
}

EVP_PKEY *
kab_key_read_pem (const char  *text,
                  gsize        size,
                  const char  *passphrase,
                  gboolean    *was_asked,
                  GError     **error)
{
  Asking asking = { passphrase, FALSE };
  EVP_PKEY *key = NULL;

  if (size <= MAX_KEY_SIZE && is_sane_pkcs8 (text, size))
    {
      key = read_pem_in (NULL, text, size, &asking);
      if (key == NULL && asking.was_asked && passphrase != NULL)
        {
          g_auto(OldCiphers) old = { 0 };

          old_ciphers_begin (&old);
          key = adopt_key (read_pem_in (old.context, text, size, &asking));
        }
    }
  if (was_asked != NULL)
    *was_asked = asking.was_asked;
  if (key == NULL && asking.was_asked)
    g_set_error_literal (error, KAB_ERROR, KAB_ERROR_PASSPHRASE,
                         passphrase == NULL ? "needs a passphrase" : "the passphrase does not open it");
  else if (key == NULL)
    g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "no private key in PEM");
  return key;
}

EVP_PKEY *
kab_key_read_file (const char  *path,
                   const char  *passphrase,
                   gboolean    *was_asked,
                   GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  EVP_PKEY *key;
  char *text = NULL;
  gsize size = 0;

  if (was_asked != NULL)
    *was_asked = FALSE;
  if (!g_file_get_contents (path, &text, &size, &local_error))
    {
      gboolean is_absent = g_error_matches (local_error, G_FILE_ERROR, G_FILE_ERROR_NOENT);

      g_set_error_literal (error, KAB_ERROR, is_absent ? KAB_ERROR_NOT_FOUND : KAB_ERROR_STORAGE,
                           local_error->message);
      return NULL;
    }
  key = kab_key_read_pem (text, size, passphrase, was_asked, error);
  if (key == NULL)
    g_prefix_error (error, "%s: ", path);
  OPENSSL_cleanse (text, size);
  g_free (text);
  return key;
}

static gboolean
is_sane_bags (STACK_OF (PKCS12_SAFEBAG) *bags)
{
  gboolean is_sane = TRUE;

  for (int i = 0; i < sk_PKCS12_SAFEBAG_num (bags); i++)
    {
      const PKCS12_SAFEBAG *bag = sk_PKCS12_SAFEBAG_value (bags, i);
      const X509_ALGOR *algorithm = NULL;

      if (PKCS12_SAFEBAG_get_nid (bag) == NID_pkcs8ShroudedKeyBag && PKCS12_SAFEBAG_get0_pkcs8 (bag) != NULL)
        X509_SIG_get0 (PKCS12_SAFEBAG_get0_pkcs8 (bag), &algorithm, NULL);
      is_sane = is_sane && has_sane_rounds (algorithm);
    }
  sk_PKCS12_SAFEBAG_pop_free (bags, PKCS12_SAFEBAG_free);
  return is_sane;
}

static gboolean
is_sane_pkcs12 (PKCS12 *file)
{
  const ASN1_INTEGER *rounds = NULL;
  STACK_OF (PKCS7) *safes;
  gboolean is_sane = TRUE;

  if (PKCS12_mac_present (file))
    PKCS12_get0_mac (NULL, NULL, NULL, &rounds, file);
  if (rounds != NULL && (ASN1_INTEGER_get (rounds) < 0 || ASN1_INTEGER_get (rounds) > MAX_ROUNDS))
    return FALSE;
  safes = PKCS12_unpack_authsafes (file);
  for (int i = 0; i < sk_PKCS7_num (safes); i++)
    {
      PKCS7 *safe = sk_PKCS7_value (safes, i);

      if (PKCS7_type_is_encrypted (safe))
        is_sane = is_sane && safe->d.encrypted != NULL && has_sane_rounds (safe->d.encrypted->enc_data->algorithm);
      else if (PKCS7_type_is_data (safe))
        is_sane = is_sane_bags (PKCS12_unpack_p7data (safe)) && is_sane;
    }
  sk_PKCS7_pop_free (safes, PKCS7_free);
  ERR_clear_error ();
  return is_sane;
}

/* Each behind the one that it issued; what belongs to nobody is left out. */
static GPtrArray *
sort_chain (X509            *leaf,
            STACK_OF (X509) *others)
{
  GPtrArray *chain = g_ptr_array_new_with_free_func ((GDestroyNotify) X509_free);
  X509 *last = leaf;

  while (last != NULL && chain->len < MAX_CHAIN)
    {
      X509 *next = NULL;
      guint8 *der = NULL;
      int size = i2d_X509 (last, &der);
      const guint8 *at = der;
      X509 *copy = size > 0 ? d2i_X509 (NULL, &at, size) : NULL;

      OPENSSL_free (der);
      if (copy == NULL)
        break;
      g_ptr_array_add (chain, copy);
      for (int i = 0; i < sk_X509_num (others) && next == NULL; i++)
        if (X509_cmp (sk_X509_value (others, i), last) != 0 &&
            X509_check_issued (sk_X509_value (others, i), last) == X509_V_OK)
          next = sk_X509_value (others, i);
      last = next;
    }
  return chain;
}

EVP_PKEY *
kab_key_read_pkcs12 (gconstpointer   data,
                     gsize           size,
                     const char     *passphrase,
                     GPtrArray     **chain,
                     GError        **error)
{
  g_auto(OldCiphers) old = { 0 };
  const guint8 *at = data;
  STACK_OF (X509) *others = NULL;
  EVP_PKEY *key = NULL;
  X509 *leaf = NULL;
  PKCS12 *file;

  old_ciphers_begin (&old);
  file = PKCS12_init_ex (NID_pkcs7_data, old.context, NULL);
  if (size > MAX_PKCS12_SIZE || d2i_PKCS12 (&file, &at, (long) size) == NULL || !is_sane_pkcs12 (file))
    g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "neither PEM nor PKCS#12");
  else if (PKCS12_mac_present (file) && PKCS12_verify_mac (file, passphrase != NULL ? passphrase : "", -1) != 1 &&
           (passphrase != NULL || PKCS12_verify_mac (file, NULL, 0) != 1))
    g_set_error_literal (error, KAB_ERROR, KAB_ERROR_PASSPHRASE,
                         passphrase == NULL ? "needs a passphrase" : "the passphrase does not open it");
  else if (PKCS12_parse (file, passphrase, &key, &leaf, &others) != 1 || key == NULL || leaf == NULL)
    g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s",
                 old.legacy == NULL ? "no key and certificate, or OpenSSL's legacy provider is needed and not installed"
                                    : "does not hold a key and its certificate");
  else
    *chain = sort_chain (leaf, others);
  ERR_clear_error ();

  if (*chain != NULL)
    key = adopt_key (key);
  else
    g_clear_pointer (&key, EVP_PKEY_free);
  X509_free (leaf);
  sk_X509_pop_free (others, X509_free);
  PKCS12_free (file);
  if (*chain != NULL && (key == NULL || (*chain)->len == 0))
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "does not hold a key and its certificate");
      g_clear_pointer (chain, g_ptr_array_unref);
      g_clear_pointer (&key, EVP_PKEY_free);
    }
  return key;
}

gboolean
kab_key_check_pair (EVP_PKEY        *key,
                    KabCertificate  *certificate,
                    const char      *name,
                    GError         **error)
{
  gboolean is_pair = EVP_PKEY_eq (X509_get0_pubkey (kab_certificate_peek_x509 (certificate)), key) == 1;

  ERR_clear_error ();
  if (EVP_PKEY_get_base_id (key) != EVP_PKEY_RSA)
    g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: not an RSA key; agents know no other", name);
  else if (!is_pair)
    g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: not the key of the certificate of %s", name,
                 kab_certificate_get_identity (certificate)->name);
  return EVP_PKEY_get_base_id (key) == EVP_PKEY_RSA && is_pair;
}

gboolean
kab_key_write_new_file (const char  *path,
                        const char  *data,
                        gsize        size,
                        int          mode,
                        GError     **error)
{
  int fd = g_open (path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  gboolean done = fd >= 0;
  int number;

  while (done && size > 0)
    {
      gssize n_written = write (fd, data, size);

      if (n_written < 0 && errno == EINTR)
        continue;
      done = n_written > 0;
      if (done)
        {
          data += n_written;
          size -= (gsize) n_written;
        }
    }
  done = done && fsync (fd) == 0;
  number = errno;
  if (fd >= 0)
    done = close (fd) == 0 && done;
  if (!done)
    {
      if (fd >= 0)
        g_unlink (path);
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: %s", path, g_strerror (number));
    }
  return done;
}

gboolean
kab_key_write (EVP_PKEY    *key,
               const char  *path,
               const char  *passphrase,
               GError     **error)
{
  gboolean has_passphrase = passphrase != NULL && passphrase[0] != '\0';
  BIO *bio = BIO_new (BIO_s_secmem ());
  gboolean done;
  char *data;
  long size;

  /* The traditional form: what every agent and console of the 1.8 line reads, § 5.3. */
  if (PEM_write_bio_PrivateKey_traditional (bio, key, has_passphrase ? EVP_aes_256_cbc () : NULL,
                                            (const guint8 *) (has_passphrase ? passphrase : NULL),
                                            has_passphrase ? (int) strlen (passphrase) : 0, NULL, NULL) != 1)
    {
      BIO_free (bio);
      kab_crypto_set_error (error, KAB_ERROR_FAILED, "writing the key");
      return FALSE;
    }
  size = BIO_get_mem_data (bio, &data);
  done = kab_key_write_new_file (path, data, (gsize) size, 0600, error);
  OPENSSL_cleanse (data, (gsize) size);
  BIO_free (bio);
  return done;
}
