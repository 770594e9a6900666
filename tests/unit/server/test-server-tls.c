/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>
#include <sys/stat.h>

#include <glib/gstdio.h>

#include "kab-error.h"
#include "kab-server-tls.h"
#include "kab-signer.h"

#define PASSPHRASE "correct horse"
#define LISTEN     "127.0.0.1:0"

typedef struct {
  char *folder;
  char *ca;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  self->folder = g_dir_make_tmp ("kab-tls-XXXXXX", NULL);
  g_assert_nonnull (self->folder);
  self->ca = g_build_filename (self->folder, "ca.crt", NULL);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  static const char * const names[] = {
    "ca.crt", "ca.pem", "server.crt", "server.pem", "administrator.crt", "administrator.pem",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, names[i], NULL);

      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (self->folder), ==, 0);
  g_free (self->folder);
  g_free (self->ca);
}

static char *
read_text (Fixture    *self,
           const char *name)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static void
write_text (Fixture    *self,
            const char *name,
            const char *text)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static GTlsCertificate *
load (Fixture    *self,
      const char *listen)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *ca_path = NULL;
  GTlsCertificate *certificate = kab_server_tls_load (self->folder, listen, PASSPHRASE, &ca_path, &error);

  g_assert_no_error (error);
  g_assert_nonnull (certificate);
  g_assert_cmpstr (ca_path, ==, self->ca);
  return certificate;
}

/* Is it good for @host, for somebody who trusts our authority only? */
static gboolean
is_valid_for (Fixture         *self,
              GTlsCertificate *certificate,
              const char      *host)
{
  g_autoptr(GSocketConnectable) identity = g_network_address_new (host, 443);
  g_autoptr(GTlsCertificate) ca = g_tls_certificate_new_from_file (self->ca, NULL);

  g_assert_nonnull (ca);
  return g_tls_certificate_verify (certificate, identity, ca) == 0;
}

static void
test_valid (Fixture       *self,
            gconstpointer  data)
{
  static const struct { const char *listen; const char *host; gboolean is_valid; } cases[] = {
    { "127.0.0.1:0", "127.0.0.1", TRUE },
    { "127.0.0.1:0", "localhost", TRUE },
    { "127.0.0.1:0", "::1", TRUE },
    { "127.0.0.1:0", "192.0.2.7", FALSE },
    { "127.0.0.1:0", "wapt.example.org", FALSE },
    { "192.0.2.7:8443", "192.0.2.7", TRUE },
    { "192.0.2.7:8443", "127.0.0.1", TRUE },
    { "[2001:db8::1]:443", "2001:db8::1", TRUE },
    { "wapt.example.org:443", "wapt.example.org", TRUE },
    { "wapt.example.org:443", "evil.example.org", FALSE },
    { "0.0.0.0:443", "localhost", TRUE },
    { "a.example,DNS:evil.example.org:443", "evil.example.org", FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GTlsCertificate) certificate = NULL;

      if (strchr (cases[i].listen, ',') != NULL)
        {
          certificate = kab_server_tls_load (self->folder, cases[i].listen, PASSPHRASE, NULL, NULL);
          if (certificate == NULL)
            continue;
        }
      else
        certificate = load (self, cases[i].listen);
      g_test_message ("%s for %s", cases[i].listen, cases[i].host);
      g_assert_cmpint (is_valid_for (self, certificate, cases[i].host), ==, cases[i].is_valid);
    }
}

static void
test_stays (Fixture       *self,
            gconstpointer  data)
{
  g_autoptr(GTlsCertificate) first = load (self, LISTEN);
  g_autofree char *ca = read_text (self, "ca.crt");
  g_autofree char *server = read_text (self, "server.crt");
  g_autoptr(GTlsCertificate) second = load (self, LISTEN);
  g_autofree char *same = read_text (self, "server.crt");
  g_autoptr(GTlsCertificate) other = load (self, "192.0.2.7:8443");
  g_autofree char *ca_then = read_text (self, "ca.crt");
  g_autofree char *server_then = read_text (self, "server.crt");

  g_assert_true (g_tls_certificate_is_same (first, second));
  g_assert_cmpstr (server, ==, same);
  g_assert_false (g_tls_certificate_is_same (first, other));
  g_assert_cmpstr (ca, ==, ca_then);
  g_assert_cmpstr (server, !=, server_then);
}

static void
test_keys_encrypted (Fixture       *self,
                     gconstpointer  data)
{
  static const char * const names[] = { "ca.pem", "server.pem" };
  g_autoptr(GTlsCertificate) certificate = load (self, LISTEN);

  g_assert_true (is_valid_for (self, certificate, "127.0.0.1"));
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->folder, names[i], NULL);
      g_autofree char *text = read_text (self, names[i]);
      GStatBuf status;

      g_assert_true (g_str_has_prefix (text, "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"));
      g_assert_null (strstr (text, "BEGIN PRIVATE KEY"));
      g_assert_cmpint (g_stat (path, &status), ==, 0);
      g_assert_cmpint (status.st_mode & 0777, ==, 0600);
    }
}

static void
test_refusals (Fixture       *self,
               gconstpointer  data)
{
  static const struct { const char *listen; const char *passphrase; int code; } cases[] = {
    { LISTEN, "wrong horse", KAB_ERROR_PASSPHRASE },
    { LISTEN, "abc", KAB_ERROR_USAGE },
    { LISTEN, "", KAB_ERROR_USAGE },
    { "127.0.0.1:port", PASSPHRASE, KAB_ERROR_USAGE },
    { "[::1", PASSPHRASE, KAB_ERROR_USAGE },
  };
  g_autoptr(GTlsCertificate) good = load (self, LISTEN);

  g_assert_true (is_valid_for (self, good, "127.0.0.1"));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_test_message ("%s, %s", cases[i].listen, cases[i].passphrase);
      g_assert_null (kab_server_tls_load (self->folder, cases[i].listen, cases[i].passphrase, NULL, &error));
      g_assert_error (error, KAB_ERROR, cases[i].code);
    }
}

/* Clients trust the authority: it is never replaced. What it signs may be. */
static void
test_damage (Fixture       *self,
             gconstpointer  data)
{
  static const char * const precious[] = { "ca.crt", "ca.pem" };
  static const char * const mendable[] = { "server.crt", "server.pem" };
  g_autoptr(GTlsCertificate) first = load (self, LISTEN);

  for (guint i = 0; i < G_N_ELEMENTS (mendable); i++)
    {
      g_autoptr(GTlsCertificate) mended = NULL;

      write_text (self, mendable[i], "-----BEGIN CERTIFICATE-----\nAAAA\n");
      mended = load (self, LISTEN);
      g_assert_false (g_tls_certificate_is_same (first, mended));
      g_assert_true (is_valid_for (self, mended, "127.0.0.1"));
    }
  for (guint i = 0; i < G_N_ELEMENTS (precious); i++)
    {
      g_autofree char *before = read_text (self, precious[i]);
      g_autofree char *after = NULL;
      g_autoptr(GError) error = NULL;

      write_text (self, precious[i], "nothing that helps");
      g_assert_null (kab_server_tls_load (self->folder, LISTEN, PASSPHRASE, NULL, &error));
      g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
      after = read_text (self, precious[i]);
      g_assert_cmpstr (after, ==, "nothing that helps");
      write_text (self, precious[i], before);
    }
}

static void
test_administrator (Fixture       *self,
                    gconstpointer  data)
{
  g_autofree char *key = NULL;
  g_autofree char *certificate = NULL;
  g_autofree char *again = NULL;
  g_autofree char *again_certificate = NULL;
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autoptr(KabSigner) signer = NULL;
  g_autoptr(GError) error = NULL;

  /* Left by a process that was killed before it wrote the certificate. */
  write_text (self, "administrator.pem", "half a key");
  g_assert_true (kab_server_administrator_load (self->folder, PASSPHRASE, &key, &certificate, &error));
  g_assert_no_error (error);
  signer = kab_signer_new (certificate, key, PASSPHRASE, &error);
  g_assert_no_error (error);
  g_assert_true (kab_certificate_get_identity (kab_signer_get_certificate (signer))->can_sign_code);
  g_assert_null (kab_signer_new (certificate, key, "wrong horse", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_PASSPHRASE);
  g_clear_error (&error);

  before = read_text (self, "administrator.pem");
  g_assert_true (kab_server_administrator_load (self->folder, PASSPHRASE, &again, &again_certificate, &error));
  after = read_text (self, "administrator.pem");
  g_assert_cmpstr (before, ==, after);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, Fixture, NULL, set_up, test, tear_down)
  ADD ("/server-tls/valid", test_valid);
  ADD ("/server-tls/stays", test_stays);
  ADD ("/server-tls/keys-encrypted", test_keys_encrypted);
  ADD ("/server-tls/refusals", test_refusals);
  ADD ("/server-tls/damage", test_damage);
  ADD ("/server-tls/administrator", test_administrator);

  return g_test_run ();
}
