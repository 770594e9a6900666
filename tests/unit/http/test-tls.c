/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-http-session.h"

#include <glib/gstdio.h>
#include <string.h>

#include "hostile-server.h"
#include "kab-error.h"
#include "test-certificates.h"

typedef struct {
  char         *folder;
  TestIdentity *authority;
  TestIdentity *server;
  TestIdentity *expired;
  TestIdentity *other_name;
  TestIdentity *self_signed;
  TestIdentity *client;
  TestIdentity *stranger;        /* a client of another authority */
  char         *ca_file;
} Fixture;

static char *
write_file (Fixture    *fixture,
            const char *name,
            const char *text)
{
  char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(TestIdentity) other_authority = test_identity_new ("Other authority", NULL, 30, NULL);

  fixture->folder = g_dir_make_tmp ("kabinet-tls-XXXXXX", NULL);
  fixture->authority = test_identity_new ("Test authority", NULL, 30, NULL);
  fixture->server = test_identity_new ("Test server", fixture->authority, 30, "127.0.0.1");
  fixture->expired = test_identity_new ("Old server", fixture->authority, -1, "127.0.0.1");
  fixture->other_name = test_identity_new ("Wrong server", fixture->authority, 30, "192.0.2.1");
  fixture->self_signed = test_identity_new ("Alone", NULL, 30, "127.0.0.1");
  fixture->client = test_identity_new ("Client", fixture->authority, 30, NULL);
  fixture->stranger = test_identity_new ("Stranger", other_authority, 30, NULL);
  fixture->ca_file = write_file (fixture, "ca.pem", fixture->authority->certificate);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(GDir) dir = g_dir_open (fixture->folder, 0, NULL);
  const char *name;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  test_identity_free (fixture->authority);
  test_identity_free (fixture->server);
  test_identity_free (fixture->expired);
  test_identity_free (fixture->other_name);
  test_identity_free (fixture->self_signed);
  test_identity_free (fixture->client);
  test_identity_free (fixture->stranger);
  g_free (fixture->ca_file);
  g_free (fixture->folder);
}

static gboolean
ok_cb (HostileServer *server,
       const char    *request,
       GIOStream     *stream,
       gpointer       user_data)
{
  gint *seen = user_data;

  if (strstr (request, "Authorization") != NULL)
    g_atomic_int_inc (seen);
  return hostile_answer (stream, "200 OK", "", "ok");
}

static char *
get_fingerprint (const TestIdentity *identity)
{
  g_autoptr(GTlsCertificate) certificate = test_identity_load (identity);
  g_autoptr(GByteArray) der = NULL;

  g_object_get (certificate, "certificate", &der, NULL);
  return g_compute_checksum_for_data (G_CHECKSUM_SHA256, der->data, der->len);
}

/* What comes of one request. @options has the address filled in here. */
static void
request (const TestIdentity  *server_identity,
         KabHttpOptions       options,
         gint                *seen,
         GError             **error)
{
  g_autoptr(GTlsCertificate) certificate = test_identity_load (server_identity);
  g_autoptr(HostileServer) server = hostile_server_new (ok_cb, seen, certificate);
  g_autofree char *url = hostile_server_dup_url (server);
  g_autoptr(KabHttpSession) session = NULL;

  options.base_url = url;
  options.user = "admin";
  options.password = "s3cret";
  session = kab_http_session_new (&options, error);
  g_assert_nonnull (session);
  for (guint i = 0; i < 3; i++)
    {
      KabRequest get = { .method = "GET", .path = "/", .flags = KAB_REQUEST_IDEMPOTENT, .timeout_s = 5 };
      g_autoptr(KabResponse) response = kab_http_session_send (session, &get, NULL, error);

      if (response == NULL)
        return;
      g_assert_cmpuint (response->status, ==, 200);
    }
  g_assert_cmpuint (hostile_server_get_connections (server), ==, 1);
}

static void
test_trust (Fixture       *fixture,
            gconstpointer  data)
{
  g_autofree char *pin = get_fingerprint (fixture->server);
  g_autofree char *expired_pin = get_fingerprint (fixture->expired);
  g_autofree char *self_pin = get_fingerprint (fixture->self_signed);
  g_autofree char *upper_pin = g_ascii_strup (pin, -1);
  struct { const char *what; TestIdentity *server; const char *ca_file; const char *pin; gboolean good; } cases[] = {
    { "private authority", fixture->server, fixture->ca_file, NULL, TRUE },
    { "unknown authority", fixture->server, NULL, NULL, FALSE },
    { "expired", fixture->expired, fixture->ca_file, NULL, FALSE },
    { "another name", fixture->other_name, fixture->ca_file, NULL, FALSE },
    { "self-signed", fixture->self_signed, fixture->ca_file, NULL, FALSE },
    { "pinned, unknown authority", fixture->server, NULL, pin, TRUE },
    { "pinned in upper case", fixture->server, NULL, upper_pin, TRUE },
    { "pinned, self-signed", fixture->self_signed, NULL, self_pin, TRUE },
    { "pinned, expired", fixture->expired, NULL, expired_pin, TRUE },
    { "wrong pin", fixture->server, NULL, self_pin, FALSE },
    { "wrong pin, good chain", fixture->server, fixture->ca_file, self_pin, FALSE },
    { "right pin, good chain", fixture->server, fixture->ca_file, pin, TRUE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      KabHttpOptions options = { .ca_file = cases[i].ca_file, .pinned_fingerprint = cases[i].pin };
      g_autoptr(GError) error = NULL;
      gint seen = 0;

      request (cases[i].server, options, &seen, &error);
      g_test_message ("%s: %s", cases[i].what, error != NULL ? error->message : "trusted");
      if (cases[i].good)
        {
          g_assert_no_error (error);
          g_assert_cmpint (seen, ==, 3);
        }
      else
        {
          g_assert_error (error, KAB_ERROR, KAB_ERROR_UNTRUSTED);
          g_assert_cmpint (seen, ==, 0);
        }
    }
}

static void
test_peek (Fixture       *fixture,
           gconstpointer  data)
{
  g_autofree char *pin = get_fingerprint (fixture->server);
  struct { TestIdentity *server; const char *ca_file; const char *pin; gboolean trusted; const char *name; } cases[] = {
    { fixture->server, fixture->ca_file, NULL, TRUE, "Test server" },
    { fixture->server, NULL, NULL, FALSE, "Test server" },
    { fixture->server, NULL, pin, TRUE, "Test server" },
    { fixture->self_signed, NULL, pin, FALSE, "Alone" },
    { fixture->expired, fixture->ca_file, NULL, FALSE, "Old server" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GTlsCertificate) certificate = test_identity_load (cases[i].server);
      gint seen = 0;
      g_autoptr(HostileServer) server = hostile_server_new (ok_cb, &seen, certificate);
      g_autofree char *url = hostile_server_dup_url (server);
      g_autofree char *fingerprint = get_fingerprint (cases[i].server);
      KabHttpOptions options = { .base_url = url, .ca_file = cases[i].ca_file, .pinned_fingerprint = cases[i].pin,
                                 .user = "admin", .password = "s3cret" };
      g_autoptr(KabHttpSession) session = kab_http_session_new (&options, NULL);
      g_autoptr(GError) error = NULL;
      g_autofree char *problems = NULL;
      g_autoptr(KabIdentity) identity = kab_http_session_peek_certificate (session, &problems, NULL, &error);

      g_assert_no_error (error);
      g_test_message ("%s: %s", identity->name, problems != NULL ? problems : "trusted");
      g_assert_cmpstr (identity->fingerprint, ==, fingerprint);
      g_assert_cmpstr (identity->name, ==, cases[i].name);
      g_assert_true ((problems == NULL) == cases[i].trusted);
      g_assert_cmpint (identity->not_after, >, identity->not_before);
      g_assert_cmpint (seen, ==, 0);
    }
}

static void
test_client_certificate (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *certificate_file = write_file (fixture, "client.crt", fixture->client->certificate);
  g_autofree char *key_file = write_file (fixture, "client.pem", fixture->client->key);
  g_autofree char *encrypted = test_identity_encrypt (fixture->client, "open sesame");
  g_autofree char *encrypted_file = write_file (fixture, "encrypted.pem", encrypted);
  g_autofree char *stranger_file = write_file (fixture, "stranger.crt", fixture->stranger->certificate);
  g_autofree char *stranger_key = write_file (fixture, "stranger.pem", fixture->stranger->key);
  struct { const char *certificate; const char *key; const char *passphrase; gboolean good; } cases[] = {
    { NULL, NULL, NULL, FALSE },
    { certificate_file, key_file, NULL, TRUE },
    { certificate_file, encrypted_file, "open sesame", TRUE },
    { stranger_file, stranger_key, NULL, FALSE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GTlsCertificate) certificate = test_identity_load (fixture->server);
      g_autoptr(GTlsDatabase) authorities = g_tls_file_database_new (fixture->ca_file, NULL);
      gint seen = 0;
      g_autoptr(HostileServer) server = hostile_server_new (ok_cb, &seen, certificate);
      g_autofree char *url = hostile_server_dup_url (server);
      KabHttpOptions options = { .base_url = url, .ca_file = fixture->ca_file, .client_certificate = cases[i].certificate,
                                 .client_key = cases[i].key, .client_key_passphrase = cases[i].passphrase };
      KabRequest get = { .method = "GET", .path = "/", .timeout_s = 5 };
      g_autoptr(GError) error = NULL;
      g_autoptr(KabHttpSession) session = NULL;
      g_autoptr(KabResponse) response = NULL;

      hostile_server_want_client (server, authorities);
      session = kab_http_session_new (&options, &error);
      g_assert_no_error (error);
      response = kab_http_session_send (session, &get, NULL, &error);
      g_test_message ("%u: %s", i, error != NULL ? error->message : "let in");
      if (cases[i].good)
        {
          g_assert_no_error (error);
        }
      else
        {
          g_assert_null (response);
          g_assert_true (g_error_matches (error, KAB_ERROR, KAB_ERROR_AUTH) ||
                         g_error_matches (error, KAB_ERROR, KAB_ERROR_NETWORK));
        }
    }
}

static void
test_bad_files (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *certificate_file = write_file (fixture, "client.crt", fixture->client->certificate);
  g_autofree char *encrypted = test_identity_encrypt (fixture->client, "open sesame");
  g_autofree char *encrypted_file = write_file (fixture, "encrypted.pem", encrypted);
  g_autofree char *garbage = write_file (fixture, "garbage", "no PEM at all");
  struct { KabHttpOptions options; int code; } cases[] = {
    { { .ca_file = "/nowhere/ca.pem" }, KAB_ERROR_NOT_FOUND },
    { { .pinned_fingerprint = "abcd" }, KAB_ERROR_USAGE },
    { { .pinned_fingerprint = "zz" }, KAB_ERROR_USAGE },
    { { .client_certificate = "/nowhere/client.crt", .client_key = encrypted_file }, KAB_ERROR_NOT_FOUND },
    { { .client_certificate = certificate_file, .client_key = "/nowhere/key" }, KAB_ERROR_NOT_FOUND },
    { { .client_certificate = certificate_file, .client_key = garbage }, KAB_ERROR_BAD_DATA },
    { { .client_certificate = certificate_file, .client_key = encrypted_file }, KAB_ERROR_PASSPHRASE },
    { { .client_certificate = certificate_file, .client_key = encrypted_file, .client_key_passphrase = "wrong" },
      KAB_ERROR_PASSPHRASE },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(KabHttpSession) session = NULL;

      cases[i].options.base_url = "https://127.0.0.1:1";
      session = kab_http_session_new (&cases[i].options, &error);
      g_assert_null (session);
      g_assert_error (error, KAB_ERROR, cases[i].code);
      g_assert_null (strstr (error->message, "open sesame"));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/tls/trust", Fixture, NULL, set_up, test_trust, tear_down);
  g_test_add ("/tls/peek", Fixture, NULL, set_up, test_peek, tear_down);
  g_test_add ("/tls/client-certificate", Fixture, NULL, set_up, test_client_certificate, tear_down);
  g_test_add ("/tls/bad-files", Fixture, NULL, set_up, test_bad_files, tear_down);

  return g_test_run ();
}
