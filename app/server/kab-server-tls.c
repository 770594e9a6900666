/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-tls.h"

#include <errno.h>
#include <string.h>

#include <glib/gstdio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "kab-error.h"
#include "kab-server-tls-private.h"
#include "kab-signer.h"

#define ADMINISTRATOR  "Kabinet practice administrator"
#define CURVE          "P-256"
#define MIN_PASSPHRASE 4          /* characters; OpenSSL's own tools refuse less */

static void
set_crypto_error (GError     **error,
                  int          code,
                  const char  *what)
{
  unsigned long number = ERR_peek_last_error ();
  const char *reason = number != 0 ? ERR_reason_error_string (number) : NULL;

  g_set_error (error, KAB_ERROR, code, "%s: %s", what, reason != NULL ? reason : "failed");
  ERR_clear_error ();
}

static gboolean
write_file (const char  *path,
            BIO         *bio,
            int          mode,
            GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  char *data;
  long size = BIO_get_mem_data (bio, &data);

  if (g_file_set_contents_full (path, data, size, G_FILE_SET_CONTENTS_CONSISTENT | G_FILE_SET_CONTENTS_DURABLE, mode,
                                &local_error))
    return TRUE;
  g_set_error_literal (error, KAB_ERROR, KAB_ERROR_STORAGE, local_error->message);
  return FALSE;
}

static gboolean
write_key (EVP_PKEY    *key,
           const char  *path,
           const char  *passphrase,
           GError     **error)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  gboolean done = FALSE;

  if (PEM_write_bio_PKCS8PrivateKey (bio, key, EVP_aes_256_cbc (), (char *) passphrase, (int) strlen (passphrase),
                                     NULL, NULL) == 1)
    done = write_file (path, bio, 0600, error);
  else
    set_crypto_error (error, KAB_ERROR_FAILED, path);
  BIO_free (bio);
  return done;
}

static gboolean
write_certificate (X509        *x509,
                   const char  *path,
                   GError     **error)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  gboolean done = FALSE;

  if (PEM_write_bio_X509 (bio, x509) == 1)
    done = write_file (path, bio, 0644, error);
  else
    set_crypto_error (error, KAB_ERROR_FAILED, path);
  BIO_free (bio);
  return done;
}

static BIO *
open_pem (const char  *path,
          GError     **error)
{
  BIO *bio = BIO_new_file (path, "r");

  if (bio == NULL)
    set_crypto_error (error, KAB_ERROR_STORAGE, path);
  return bio;
}

static EVP_PKEY *
read_key (const char  *path,
          const char  *passphrase,
          GError     **error)
{
  g_autofree char *text = NULL;
  BIO *bio = open_pem (path, error);
  EVP_PKEY *key;

  if (bio == NULL)
    return NULL;
  /* Without a callback the last argument is the passphrase. */
  key = PEM_read_bio_PrivateKey (bio, NULL, NULL, (char *) passphrase);
  BIO_free (bio);
  if (key == NULL)
    {
      gboolean is_key = g_file_get_contents (path, &text, NULL, NULL) && strstr (text, "ENCRYPTED") != NULL;

      set_crypto_error (error, is_key ? KAB_ERROR_PASSPHRASE : KAB_ERROR_BAD_DATA, path);
    }
  return key;
}

static X509 *
read_certificate (const char  *path,
                  GError     **error)
{
  BIO *bio = open_pem (path, error);
  X509 *x509;

  if (bio == NULL)
    return NULL;
  x509 = PEM_read_bio_X509 (bio, NULL, NULL, NULL);
  BIO_free (bio);
  if (x509 == NULL)
    set_crypto_error (error, KAB_ERROR_BAD_DATA, path);
  return x509;
}

static void
clear_pair (KabTlsPair *pair)
{
  g_clear_pointer (&pair->key, EVP_PKEY_free);
  g_clear_pointer (&pair->x509, X509_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (KabTlsPair, clear_pair)

static gboolean
read_pair (KabTlsPair  *pair,
           const char  *key_path,
           const char  *certificate_path,
           const char  *passphrase,
           GError     **error)
{
  pair->key = read_key (key_path, passphrase, error);
  if (pair->key == NULL)
    return FALSE;
  pair->x509 = read_certificate (certificate_path, error);
  if (pair->x509 == NULL)
    return FALSE;
  if (X509_check_private_key (pair->x509, pair->key) == 1)
    return TRUE;
  ERR_clear_error ();
  g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s: not the key of its certificate", key_path);
  return FALSE;
}

/* The key first: a certificate on the disk says that both are there. */
static gboolean
write_pair (KabTlsPair  *pair,
            const char  *key_path,
            const char  *certificate_path,
            const char  *passphrase,
            GError     **error)
{
  if (pair->x509 == NULL)
    {
      set_crypto_error (error, KAB_ERROR_FAILED, certificate_path);
      return FALSE;
    }
  return write_key (pair->key, key_path, passphrase, error) && write_certificate (pair->x509, certificate_path, error);
}

/* An authority that cannot be read is never replaced: clients trust it. */
static gboolean
load_authority (KabTlsPair  *authority,
                const char  *folder,
                const char  *path,
                const char  *passphrase,
                GError     **error)
{
  g_autofree char *key_path = g_build_filename (folder, "ca.pem", NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS))
    return read_pair (authority, key_path, path, passphrase, error);

  authority->key = EVP_EC_gen (CURVE);
  authority->x509 = authority->key != NULL ? kab_tls_make_authority (authority->key) : NULL;
  return write_pair (authority, key_path, path, passphrase, error);
}

/* Whatever is wrong with what is there, a new one mends it. */
static gboolean
load_server (KabTlsPair  *server,
             KabTlsPair  *authority,
             const char  *folder,
             const char  *host,
             const char  *passphrase,
             GError     **error)
{
  g_autofree char *key_path = g_build_filename (folder, "server.pem", NULL);
  g_autofree char *path = g_build_filename (folder, "server.crt", NULL);

  if (g_file_test (path, G_FILE_TEST_EXISTS) && read_pair (server, key_path, path, passphrase, NULL) &&
      kab_tls_is_good_for (server->x509, authority->x509, host))
    return TRUE;

  ERR_clear_error ();
  clear_pair (server);
  server->key = EVP_EC_gen (CURVE);
  server->x509 = server->key != NULL ? kab_tls_make_server (server->key, authority, host) : NULL;
  return write_pair (server, key_path, path, passphrase, error);
}

/* The key stands in memory as text only until the certificate is made of it. */
static GTlsCertificate *
make_tls_certificate (KabTlsPair  *server,
                      KabTlsPair  *authority,
                      GError     **error)
{
  g_autoptr(GError) local_error = NULL;
  GTlsCertificate *certificate = NULL;
  BIO *bio = BIO_new (BIO_s_secmem ());
  char *data;
  long size;

  if (PEM_write_bio_PKCS8PrivateKey (bio, server->key, NULL, NULL, 0, NULL, NULL) == 1 &&
      PEM_write_bio_X509 (bio, server->x509) == 1 && PEM_write_bio_X509 (bio, authority->x509) == 1)
    {
      size = BIO_get_mem_data (bio, &data);
      certificate = g_tls_certificate_new_from_pem (data, size, &local_error);
      OPENSSL_cleanse (data, size);
      if (certificate == NULL)
        g_set_error (error, KAB_ERROR, KAB_ERROR_UNSUPPORTED, "server certificate: %s", local_error->message);
    }
  else
    set_crypto_error (error, KAB_ERROR_FAILED, "server certificate");
  BIO_free (bio);
  return certificate;
}

static gboolean
prepare (const char  *folder,
         const char  *passphrase,
         GError     **error)
{
  if (strlen (passphrase) < MIN_PASSPHRASE)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "a passphrase of %d characters or more is needed", MIN_PASSPHRASE);
      return FALSE;
    }
  if (g_mkdir_with_parents (folder, 0700) != 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_STORAGE, "%s: %s", folder, g_strerror (errno));
      return FALSE;
    }
  return TRUE;
}

GTlsCertificate *
kab_server_tls_load (const char  *folder,
                     const char  *listen,
                     const char  *passphrase,
                     char       **ca_path,
                     GError     **error)
{
  g_auto(KabTlsPair) authority = { NULL, NULL };
  g_auto(KabTlsPair) server = { NULL, NULL };
  g_autoptr(GSocketConnectable) address = NULL;
  g_autofree char *path = NULL;
  GTlsCertificate *certificate;
  const char *host;

  g_return_val_if_fail (folder != NULL && listen != NULL && passphrase != NULL, NULL);

  address = g_network_address_parse (listen, 0, NULL);
  if (address == NULL)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_USAGE, "%s: not an address to listen on", listen);
      return NULL;
    }
  host = g_network_address_get_hostname (G_NETWORK_ADDRESS (address));

  path = g_build_filename (folder, "ca.crt", NULL);
  if (!prepare (folder, passphrase, error) ||
      !load_authority (&authority, folder, path, passphrase, error) ||
      !load_server (&server, &authority, folder, host, passphrase, error))
    return NULL;
  certificate = make_tls_certificate (&server, &authority, error);
  if (certificate != NULL && ca_path != NULL)
    *ca_path = g_steal_pointer (&path);
  return certificate;
}

gboolean
kab_server_administrator_load (const char  *folder,
                               const char  *passphrase,
                               char       **key_path,
                               char       **certificate_path,
                               GError     **error)
{
  g_autofree char *key = NULL;
  g_autofree char *certificate = NULL;

  g_return_val_if_fail (folder != NULL && passphrase != NULL, FALSE);
  g_return_val_if_fail (key_path != NULL && certificate_path != NULL, FALSE);

  if (!prepare (folder, passphrase, error))
    return FALSE;
  key = g_build_filename (folder, "administrator.pem", NULL);
  certificate = g_build_filename (folder, "administrator.crt", NULL);
  if (!g_file_test (certificate, G_FILE_TEST_EXISTS))
    {
      /* The key is written first: one without its certificate was left by a process that was killed between them. */
      g_unlink (key);
      if (!kab_signer_generate (ADMINISTRATOR, key, certificate, passphrase, TRUE, 0, error))
        return FALSE;
    }
  *key_path = g_steal_pointer (&key);
  *certificate_path = g_steal_pointer (&certificate);
  return TRUE;
}
