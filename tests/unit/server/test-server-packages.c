/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "kab-package-index.h"
#include "kab-server-index.h"
#include "server-support.h"

#define HELLO     "packages/self-signed_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt"
#define GROUP     "packages/grp-compta_7.wapt"
#define UNTRUSTED "packages/untrusted_tis-hello_1.2.3-4_x64_PROD_fr-en.wapt"
#define UPLOAD    "/api/v3/upload_packages"
#define BINARY    "application/octet-stream"

static TestAnswer *
upload (TestServer *self,
        const char *name)
{
  g_autoptr(GBytes) bytes = recorded_bytes (name);

  return test_server_call (self, "POST", UPLOAD, bytes, BINARY, NULL);
}

static TestAnswer *
upload_as (TestServer *self,
           const char *path,
           const char *name,
           const char *file_name)
{
  g_autoptr(GBytes) bytes = recorded_bytes (name);
  SoupMultipart *multipart = soup_multipart_new ("multipart/form-data");
  SoupMessageHeaders *headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_MULTIPART);
  g_autoptr(GBytes) body = NULL;
  TestAnswer *answer;

  soup_multipart_append_form_file (multipart, "file", file_name, BINARY, bytes);
  soup_multipart_to_message (multipart, headers, &body);
  answer = test_server_call (self, "POST", path, body, soup_message_headers_get_one (headers, "Content-Type"), NULL);
  soup_message_headers_unref (headers);
  soup_multipart_free (multipart);
  return answer;
}

static gboolean
is_success (TestAnswer *answer)
{
  g_autoptr(JsonNode) root = test_answer_parse (answer);

  return json_object_get_boolean_member (json_node_get_object (root), "success");
}

static char *
dup_member (TestAnswer *answer,
            const char *name)
{
  g_autoptr(JsonNode) root = test_answer_parse (answer);

  return g_strdup (json_object_get_string_member (json_node_get_object (root), name));
}

/* (element-type KabPackage): the index as clients get it */
static GPtrArray *
get_index (TestServer *self)
{
  g_autoptr(TestAnswer) answer = test_server_call (self, "GET", "/wapt/Packages", NULL, NULL, NULL);
  g_autoptr(GError) error = NULL;
  GPtrArray *packages;

  g_assert_cmpuint (answer->status, ==, 200);
  packages = kab_package_index_read (answer->body, &error);
  g_assert_no_error (error);
  return packages;
}

static void
test_upload_forms (TestServer    *self,
                   gconstpointer  data)
{
  g_autoptr(TestAnswer) raw = upload (self, HELLO);
  g_autoptr(TestAnswer) multipart = upload_as (self, UPLOAD, HELLO, "any.wapt");
  g_autoptr(TestAnswer) group = upload (self, GROUP);
  g_autoptr(GPtrArray) index = NULL;
  g_autoptr(GBytes) bytes = recorded_bytes (HELLO);
  g_autofree char *md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, bytes);
  g_autofree char *name = g_strdup_printf ("tis-hello_1.2.3-4_x64_PROD_fr-en_%s.wapt", md5);
  g_autofree char *path = g_strconcat ("/wapt/", name, NULL);
  g_autoptr(TestAnswer) file = NULL;

  g_assert_true (is_success (raw));
  assert_as_recorded (raw, "upload_stream");
  g_assert_true (is_success (multipart));
  assert_as_recorded (multipart, "upload_multipart");
  g_assert_true (is_success (group));

  index = get_index (self);
  g_assert_cmpuint (index->len, ==, 2);
  g_assert_cmpstr (kab_package_get_name (index->pdata[0]), ==, "grp-compta");
  g_assert_cmpstr (kab_package_get (index->pdata[1], "filename"), ==, name);
  g_assert_cmpstr (kab_package_get (index->pdata[1], "md5sum"), ==, md5);

  file = test_server_call (self, "GET", path, NULL, NULL, NULL);
  g_assert_true (g_bytes_equal (file->body, bytes));
}

static void
test_upload_refused (TestServer    *self,
                     gconstpointer  data)
{
  g_autoptr(TestAnswer) garbage = upload (self, "keys/self.crt");
  g_autoptr(TestAnswer) untrusted = upload (self, UNTRUSTED);
  g_autoptr(TestAnswer) bad_name = upload_as (self, UPLOAD, HELLO, "bad~name.wapt");
  g_autoptr(TestAnswer) suffix = upload_as (self, UPLOAD, HELLO, "name.zip");
  g_autoptr(TestAnswer) inside = upload_as (self, UPLOAD, UNTRUSTED, "name.wapt");
  g_autofree char *code = dup_member (garbage, "error_code");
  g_autofree char *msg = dup_member (bad_name, "msg");

  g_assert_cmpuint (garbage->status, ==, 500);
  assert_as_recorded (garbage, "upload_garbage_stream");
  g_assert_cmpstr (code, ==, "badzipfile");
  g_assert_cmpuint (untrusted->status, ==, 500);
  g_assert_false (is_success (untrusted));

  /* Skipped in silence: no error, and nothing done. */
  g_assert_cmpuint (bad_name->status, ==, 200);
  assert_as_recorded (bad_name, "upload_badname_multipart");
  g_assert_cmpstr (msg, ==, "0 Packages uploaded, 0 errors.");
  g_assert_false (is_success (suffix));
  g_assert_cmpuint (inside->status, ==, 200);
  g_assert_false (is_success (inside));
}

static void
test_upload_hosts (TestServer    *self,
                   gconstpointer  data)
{
  g_autoptr(TestAnswer) no_host = upload_as (self, "/api/v3/upload_hosts", HELLO, "tis-hello.wapt");
  g_autoptr(TestAnswer) head = test_server_call (self, "HEAD", UPLOAD, NULL, NULL, NULL);

  g_assert_false (is_success (no_host));
  g_assert_cmpuint (head->status, ==, 200);
}

static void
test_lists (TestServer    *self,
            gconstpointer  data)
{
  g_autoptr(TestAnswer) first = upload (self, HELLO);
  g_autoptr(TestAnswer) second = upload (self, GROUP);
  g_autoptr(TestAnswer) packages = test_server_call (self, "GET", "/api/v3/packages", NULL, NULL, NULL);
  g_autoptr(TestAnswer) found = test_server_call (self, "GET", "/api/v3/packages?q=HELLO", NULL, NULL, NULL);
  g_autoptr(TestAnswer) none = test_server_call (self, "GET", "/api/v3/packages?q=nothing", NULL, NULL, NULL);
  g_autoptr(TestAnswer) known = test_server_call (self, "GET", "/api/v3/known_packages", NULL, NULL, NULL);
  g_autoptr(TestAnswer) less = test_server_call (self, "GET", "/api/v3/known_packages?exclude_sections=group", NULL,
                                                 NULL, NULL);
  g_autoptr(TestAnswer) signers = test_server_call (self, "GET", "/api/v3/trusted_signers_certificates", NULL, NULL,
                                                    NULL);
  g_autofree char *msg = dup_member (packages, "msg");
  g_autofree char *found_msg = dup_member (found, "msg");
  g_autofree char *none_msg = dup_member (none, "msg");
  g_autofree char *known_msg = dup_member (known, "msg");
  g_autofree char *less_msg = dup_member (less, "msg");

  g_assert_true (is_success (first));
  g_assert_true (is_success (second));
  /* Groups are no packages to choose. */
  assert_as_recorded (packages, "packages");
  g_assert_cmpstr (msg, ==, "1 packages in local repository matching the keywords None");
  g_assert_true (g_str_has_prefix (found_msg, "1 packages"));
  g_assert_true (g_str_has_prefix (none_msg, "0 packages"));
  assert_as_recorded (known, "known_packages");
  g_assert_cmpstr (known_msg, ==, "2 known packages");
  g_assert_cmpstr (less_msg, ==, "1 known packages");
  assert_as_recorded (signers, "trusted_signers_certificates");
}

static void
test_delete (TestServer    *self,
             gconstpointer  data)
{
  g_autoptr(TestAnswer) first = upload (self, HELLO);
  g_autoptr(GPtrArray) before = get_index (self);
  g_autoptr(GPtrArray) after = NULL;
  g_autofree char *secret = g_build_filename (self->folder, "secret.wapt", NULL);
  g_autofree char *text = NULL;
  g_autoptr(GBytes) body = NULL;
  g_autoptr(TestAnswer) answer = NULL;
  g_autoptr(TestAnswer) again = NULL;
  g_autofree char *msg = NULL;
  g_autofree char *again_msg = NULL;

  g_assert_true (is_success (first));
  g_assert_true (g_file_set_contents (secret, "secret", -1, NULL));
  text = g_strdup_printf ("[\"%s\", \"absent.wapt\", \"../../secret.wapt\", \"Packages\", 7, null, {}]",
                          kab_package_get (before->pdata[0], "filename"));
  body = g_bytes_new (text, strlen (text));
  answer = test_server_call (self, "POST", "/api/v3/packages_delete", body, "application/json", NULL);
  assert_as_recorded (answer, "packages_delete");
  g_assert_true (is_success (answer));
  msg = dup_member (answer, "msg");
  g_assert_cmpstr (msg, ==, "1 packages deleted");
  g_assert_true (g_file_test (secret, G_FILE_TEST_EXISTS));
  after = get_index (self);
  g_assert_cmpuint (after->len, ==, 0);

  again = test_server_call (self, "POST", "/api/v3/packages_delete", body, "application/json", NULL);
  again_msg = dup_member (again, "msg");
  g_assert_true (is_success (again));
  g_assert_cmpstr (again_msg, ==, "0 packages deleted");
}

static GPtrArray *
rebuild (TestServer *self,
         guint       n_processed,
         guint       n_kept,
         guint       n_errors)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabIndexReport) report = kab_server_index_rebuild (self->depot, &error);

  g_assert_no_error (error);
  g_assert_cmpuint (report->processed->len, ==, n_processed);
  g_assert_cmpuint (report->kept->len, ==, n_kept);
  g_assert_cmpuint (report->errors->len, ==, n_errors);
  return get_index (self);
}

static void
test_rebuild (TestServer    *self,
              gconstpointer  data)
{
  const char *folder = kab_depot_get_packages_folder (self->depot);
  g_autofree char *path = g_build_filename (folder, "grp-compta_7_x.wapt", NULL);
  g_autofree char *garbage = g_build_filename (folder, "garbage.wapt", NULL);
  g_autofree char *other = g_build_filename (folder, "readme.txt", NULL);
  g_autofree char *index_path = g_build_filename (folder, "Packages", NULL);
  g_autoptr(GBytes) bytes = recorded_bytes (GROUP);
  g_autoptr(GPtrArray) empty = rebuild (self, 0, 0, 0);
  g_autoptr(GPtrArray) one = NULL;
  g_autoptr(GPtrArray) kept = NULL;
  g_autoptr(GPtrArray) gone = NULL;
  GStatBuf first, second, third;

  g_assert_cmpuint (empty->len, ==, 0);
  g_assert_cmpint (g_stat (index_path, &first), ==, 0);
  g_assert_true (kab_depot_put_package (self->depot, "grp-compta_7_x.wapt", bytes, NULL));
  g_assert_true (g_file_set_contents (garbage, "PK nothing", -1, NULL));
  g_assert_true (g_file_set_contents (other, "text", -1, NULL));
  one = rebuild (self, 1, 0, 1);
  g_assert_cmpuint (one->len, ==, 1);
  g_assert_cmpstr (kab_package_get (one->pdata[0], "filename"), ==, "grp-compta_7_x.wapt");
  g_assert_cmpint (g_stat (index_path, &second), ==, 0);

  /* Two contents within a second: clients that ask If-Modified-Since must see both. */
  g_assert_cmpint (second.st_mtime, >, first.st_mtime);
  kept = rebuild (self, 0, 1, 1);
  g_assert_cmpuint (kept->len, ==, 1);
  g_assert_cmpint (g_stat (index_path, &third), ==, 0);
  g_assert_cmpint (third.st_mtime, ==, second.st_mtime);

  g_unlink (path);
  gone = rebuild (self, 0, 0, 1);
  g_assert_cmpuint (gone->len, ==, 0);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

#define ADD(path, test) g_test_add (path, TestServer, NULL, test_server_set_up, test, test_server_tear_down)
  ADD ("/server-packages/upload-forms", test_upload_forms);
  ADD ("/server-packages/upload-refused", test_upload_refused);
  ADD ("/server-packages/upload-hosts", test_upload_hosts);
  ADD ("/server-packages/lists", test_lists);
  ADD ("/server-packages/delete", test_delete);
  ADD ("/server-packages/rebuild", test_rebuild);

  return g_test_run ();
}
