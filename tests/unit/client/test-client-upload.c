/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-client-upload.h"

#include <glib/gstdio.h>
#include <string.h>

#include "hostile-server.h"
#include "kab-error.h"
#include "kab-http-session.h"

/* A server that plays one recorded answer of 1.8.2 to whatever is posted, after its answer to HEAD. */
typedef struct {
  const char     *head;       /* status line of HEAD */
  const char     *post;       /* name of the recording; NULL: hangs up in the middle */
  GMutex          mutex;
  GString        *log;        /* requests without their bodies */
  GString        *heads;      /* whole heads */
  HostileServer  *server;
  KabHttpSession *http;
  KabClient      *client;
  char           *file;
} Fixture;

static char *
load (const char *name,
      const char *end)
{
  g_autofree char *file = g_strconcat (name, end, NULL);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "data", "wapt-1.8.2", "responses", file, NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static gboolean
player_cb (HostileServer *server,
           const char    *request,
           GIOStream     *stream,
           gpointer       user_data)
{
  Fixture *self = user_data;
  gboolean is_head = g_str_has_prefix (request, "HEAD ");
  g_autofree char *head = NULL;
  g_autofree char *body = NULL;
  g_autofree char *status = NULL;

  g_mutex_lock (&self->mutex);
  g_string_append_printf (self->log, "%.*s\n", (int) (strcspn (request, "\r") - strlen (" HTTP/1.1")), request);
  g_string_append_len (self->heads, request, strstr (request, "\r\n\r\n") - request);
  g_mutex_unlock (&self->mutex);

  if (is_head)
    return hostile_answer (stream, self->head, "", "");
  if (self->post == NULL)
    return FALSE;
  head = load (self->post, ".hdr");
  body = load (self->post, ".json");
  status = g_strndup (head + 9, strcspn (head + 9, "\r\n"));
  hostile_answer (stream, status, "Content-Type: application/json\r\nConnection: close\r\n", body);
  return FALSE;
}

static void
fixture_open (Fixture    *self,
              const char *head,
              const char *post)
{
  g_autofree char *url = NULL;
  KabHttpOptions options = { .retry_delay_ms = 1, .user = "admin", .password = "secret" };
  int fd;

  memset (self, 0, sizeof *self);
  self->head = head;
  self->post = post;
  g_mutex_init (&self->mutex);
  self->log = g_string_new (NULL);
  self->heads = g_string_new (NULL);
  self->server = hostile_server_new (player_cb, self, NULL);
  url = hostile_server_dup_url (self->server);
  options.base_url = url;
  self->http = kab_http_session_new (&options, NULL);
  self->client = kab_client_new (self->http, NULL, NULL);
  fd = g_file_open_tmp ("kab-upload-XXXXXX", &self->file, NULL);
  g_assert_cmpint (fd, >=, 0);
  g_close (fd, NULL);
  g_assert_true (g_file_set_contents (self->file, "PK\003\004 a package", -1, NULL));
}

static void
fixture_close (Fixture *self)
{
  g_object_unref (self->client);
  g_object_unref (self->http);
  hostile_server_free (self->server);
  g_string_free (self->log, TRUE);
  g_string_free (self->heads, TRUE);
  g_unlink (self->file);
  g_free (self->file);
}

static void
test_upload (void)
{
  static const struct { const char *head; const char *post; int code; const char *log; } cases[] = {
    { "200 OK", "upload_stream", -1, "HEAD /api/v3/upload_packages\nPOST /api/v3/upload_packages?scanpackages=1\n" },
    { "405 METHOD NOT ALLOWED", "upload_stream", -1, NULL },
    { "200 OK", "upload_garbage_stream", KAB_ERROR_FAILED, NULL },
    { "200 OK", "upload_badname_multipart", KAB_ERROR_FAILED, NULL },       /* skipped without a word */
    { "200 OK", "packages_delete", KAB_ERROR_FAILED, NULL },                /* success, and nothing done */
    { "403 FORBIDDEN", "upload_stream", KAB_ERROR_REFUSED, "HEAD /api/v3/upload_packages\n" },
    { "500 ERROR", "upload_stream", KAB_ERROR_FAILED, "HEAD /api/v3/upload_packages\n" },
    { "200 OK", NULL, KAB_ERROR_NETWORK, "HEAD /api/v3/upload_packages\nPOST /api/v3/upload_packages?scanpackages=1\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autofree char *name = NULL;
      Fixture fixture;

      fixture_open (&fixture, cases[i].head, cases[i].post);
      name = kab_client_upload_package (fixture.client, fixture.file, NULL, &error);
      if (cases[i].code < 0)
        {
          g_assert_no_error (error);
          g_assert_true (g_str_has_prefix (name, "tis-hello_1.2.3-"));
          g_assert_true (g_str_has_suffix (name, ".wapt"));
          g_assert_nonnull (strstr (fixture.heads->str, "Content-Length: 14"));
        }
      else
        {
          g_assert_error (error, KAB_ERROR, cases[i].code);
          g_assert_null (name);
        }
      if (cases[i].log != NULL)
        g_assert_cmpstr (fixture.log->str, ==, cases[i].log);
      fixture_close (&fixture);
    }
}

static void
test_upload_of_nothing (void)
{
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  fixture_open (&fixture, "200 OK", "upload_stream");
  g_unlink (fixture.file);
  g_assert_null (kab_client_upload_package (fixture.client, fixture.file, NULL, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_STORAGE);
  g_assert_cmpuint (fixture.log->len, ==, 0);
  fixture_close (&fixture);
}

static void
test_upload_of_a_host (void)
{
  g_autoptr(GBytes) bytes = g_bytes_new_static ("PK\003\004 a package", 14);
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  fixture_open (&fixture, "200 OK", "upload_multipart");
  g_assert_true (kab_client_upload_host (fixture.client, bytes, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fixture.log->str, ==, "POST /api/v3/upload_hosts\n");
  g_assert_nonnull (strstr (fixture.heads->str, "multipart/form-data; boundary="));
  fixture_close (&fixture);

  fixture_open (&fixture, "200 OK", "upload_badname_multipart");
  g_assert_false (kab_client_upload_host (fixture.client, bytes, NULL, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_FAILED);
  fixture_close (&fixture);
}

static void
test_delete (void)
{
  static const char * const names[] = { "a.wapt", "b \"x\".wapt", NULL };
  g_autoptr(GError) error = NULL;
  Fixture fixture;

  fixture_open (&fixture, "200 OK", "packages_delete");
  g_assert_true (kab_client_delete_packages (fixture.client, names, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpstr (fixture.log->str, ==, "POST /api/v3/packages_delete\n");
  g_assert_nonnull (strstr (fixture.heads->str, "application/json"));
  fixture_close (&fixture);
}

/* A name that the server made up must not lead anywhere else. */
static void
test_names (void)
{
  static const char * const names[] = { "../x.wapt", "a/b.wapt", "", ".hidden", "a\\b" };
  Fixture fixture;

  fixture_open (&fixture, "200 OK", "packages_delete");
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (kab_client_read_host_package (fixture.client, names[i], NULL, &error));
      g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
    }
  g_assert_cmpuint (fixture.log->len, ==, 0);
  fixture_close (&fixture);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/client-upload/package", test_upload);
  g_test_add_func ("/client-upload/nothing", test_upload_of_nothing);
  g_test_add_func ("/client-upload/host", test_upload_of_a_host);
  g_test_add_func ("/client-upload/delete", test_delete);
  g_test_add_func ("/client-upload/names", test_names);
  return g_test_run ();
}
