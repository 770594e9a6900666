/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "kab-server-files.h"
#include "server-support.h"

#define CAB_NAME "windows10.0-kb5031354-x64_0123456789abcdef0123456789abcdef01234567.cab"
#define CAB      "/waptwua/" CAB_NAME
#define CAB_SIZE 3000000      /* several chunks */

static void
test_ranges (void)
{
  static const struct { const char *text; gint64 size; KabRange range; gint64 start; gint64 end; } cases[] = {
    { NULL, 100, KAB_RANGE_WHOLE, 0, 100 },
    { "bytes=0-9", 100, KAB_RANGE_PART, 0, 10 },
    { "Bytes=0-9", 100, KAB_RANGE_PART, 0, 10 },
    { "bytes=10-", 100, KAB_RANGE_PART, 10, 100 },
    { "bytes=-10", 100, KAB_RANGE_PART, 90, 100 },
    { "bytes=-1000", 100, KAB_RANGE_PART, 0, 100 },
    { "bytes=99-99", 100, KAB_RANGE_PART, 99, 100 },
    { "bytes=50-1000", 100, KAB_RANGE_PART, 50, 100 },
    { "bytes=0-99999999999999999999999", 100, KAB_RANGE_PART, 0, 100 },
    { "bytes=0-9223372036854775807", 100, KAB_RANGE_PART, 0, 100 },
    { "bytes=100-", 100, KAB_RANGE_OUTSIDE, 0, 100 },
    { "bytes=99999999999999999999999-", 100, KAB_RANGE_OUTSIDE, 0, 100 },
    { "bytes=-0", 100, KAB_RANGE_OUTSIDE, 0, 100 },
    { "bytes=0-0", 0, KAB_RANGE_OUTSIDE, 0, 0 },
    { "bytes=-5", 0, KAB_RANGE_OUTSIDE, 0, 0 },
    { "bytes=9-0", 100, KAB_RANGE_WHOLE, 0, 100 },
    { "bytes=-", 100, KAB_RANGE_WHOLE, 0, 100 },
    { "bytes=", 100, KAB_RANGE_WHOLE, 0, 100 },
    { "bytes=--5", 100, KAB_RANGE_WHOLE, 0, 100 },
    { "bytes=1", 100, KAB_RANGE_WHOLE, 0, 100 },
    { "bytes=0-1,5-6", 100, KAB_RANGE_WHOLE, 0, 100 },
    { "lines=0-1", 100, KAB_RANGE_WHOLE, 0, 100 },
    { "", 100, KAB_RANGE_WHOLE, 0, 100 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 start, end;

      g_test_message ("%s of %" G_GINT64_FORMAT, cases[i].text, cases[i].size);
      g_assert_cmpint (kab_server_parse_range (cases[i].text, cases[i].size, &start, &end), ==, cases[i].range);
      g_assert_cmpint (start, ==, cases[i].start);
      g_assert_cmpint (end, ==, cases[i].end);
    }
}

static void
test_paths (TestServer    *self,
            gconstpointer  data)
{
  static const struct { const char *path; const char *file; } cases[] = {
    { "/wapt/Packages", "repository/wapt/Packages" },
    { "/wapt/demo_7_0123.wapt", "repository/wapt/demo_7_0123.wapt" },
    { "/wapt/icons/a.png", "repository/wapt/icons/a.png" },
    { "/wapt-host/A36D.wapt", "repository/wapt-host/A36D.wapt" },
    { "/waptwua/wsusscn2.cab", "repository/waptwua/wsusscn2.cab" },
    { "/wapt-host/Packages", NULL },
    { "/wapt/", NULL },
    { "/wapt/..", NULL },
    { "/wapt/.", NULL },
    { "/wapt/../depot.sqlite", NULL },
    { "/wapt/../../depot.sqlite", NULL },
    { "/wapt/icons/", NULL },
    { "/wapt/icons/../../../depot.sqlite", NULL },
    { "/wapt/icons/../Packages", NULL },
    { "/wapt/sub/folder", NULL },
    { "/wapt/.hidden", NULL },
    { "/wapt/a\\..\\b", NULL },
    { "/wapt/a\nb", NULL },
    { "/wapt/\xff", NULL },
    { "/wapt//etc/passwd", NULL },
    { "/waptwua/../wapt/Packages", NULL },
    { "/elsewhere/Packages", NULL },
    { "wapt/Packages", NULL },
    { "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *found = kab_server_find_file (self->depot, cases[i].path);
      g_autofree char *expected = cases[i].file != NULL ? g_build_filename (self->folder, cases[i].file, NULL) : NULL;

      g_test_message ("%s", cases[i].path);
      g_assert_cmpstr (found, ==, expected);
    }
}

static void
put_files (TestServer *self)
{
  g_autofree char *text = g_build_filename (kab_depot_get_packages_folder (self->depot), "text.wapt", NULL);
  g_autofree char *empty = g_build_filename (kab_depot_get_packages_folder (self->depot), "empty.wapt", NULL);

  g_assert_true (g_file_set_contents (text, "0123456789", 10, NULL));
  g_assert_true (g_file_set_contents (empty, "", 0, NULL));
  g_assert_true (kab_depot_put_file (self->depot, CAB_NAME, CAB_SIZE, NULL));
}

static void
test_get (TestServer    *self,
          gconstpointer  data)
{
  static const struct {
    const char *method; const char *path; const char *range; guint status; gsize size; const char *length;
    const char *content_range;
  } cases[] = {
    { "GET", "/wapt/text.wapt", NULL, 200, 10, "10", NULL },
    { "HEAD", "/wapt/text.wapt", NULL, 200, 0, "10", NULL },
    { "GET", "/wapt/text.wapt", "bytes=2-4", 206, 3, "3", "bytes 2-4/10" },
    { "GET", "/wapt/text.wapt", "bytes=-3", 206, 3, "3", "bytes 7-9/10" },
    { "GET", "/wapt/text.wapt", "bytes=10-", 416, 0, "0", "bytes */10" },
    { "GET", "/wapt/text.wapt", "bytes=1-2,4-5", 200, 10, "10", NULL },
    { "HEAD", "/wapt/text.wapt", "bytes=2-4", 200, 0, "10", NULL },
    { "GET", "/wapt/empty.wapt", NULL, 200, 0, "0", NULL },
    { "GET", CAB, NULL, 200, CAB_SIZE, "3000000", NULL },
    { "HEAD", CAB, NULL, 200, 0, "3000000", NULL },
    { "GET", CAB, "bytes=1-", 206, CAB_SIZE - 1, "2999999", "bytes 1-2999999/3000000" },
    { "GET", "/wapt/absent.wapt", NULL, 404, 0, NULL, NULL },
    { "GET", "/wapt/..%2f..%2fdepot.sqlite", NULL, 400, 0, NULL, NULL },      /* libsoup's own answer */
    { "GET", "/wapt/%2e%2e", NULL, 404, 0, NULL, NULL },
    { "GET", "/wapt/a%00b.wapt", NULL, 400, 0, NULL, NULL },
    { "GET", "/waptwua/", NULL, 404, 0, NULL, NULL },
  };

  put_files (self);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(TestAnswer) answer = NULL;

      g_test_message ("%s %s %s", cases[i].method, cases[i].path, cases[i].range);
      answer = test_server_call (self, cases[i].method, cases[i].path, NULL, NULL,
                                 cases[i].range != NULL ? "Range" : "Accept",
                                 cases[i].range != NULL ? cases[i].range : "*/*", NULL);
      g_assert_cmpuint (answer->status, ==, cases[i].status);
      if (cases[i].status < 400)
        g_assert_cmpuint (g_bytes_get_size (answer->body), ==, cases[i].size);
      if (cases[i].length != NULL)
        g_assert_cmpstr (test_answer_get (answer, "Content-Length"), ==, cases[i].length);
      g_assert_cmpstr (test_answer_get (answer, "Content-Range"), ==, cases[i].content_range);
      if (cases[i].status < 300)
        g_assert_nonnull (strstr (test_answer_get (answer, "Cache-Control"), "no-cache"));
    }
}

static void
test_content (TestServer    *self,
              gconstpointer  data)
{
  g_autoptr(TestAnswer) answer = NULL;

  put_files (self);
  answer = test_server_call (self, "GET", "/wapt/text.wapt", NULL, NULL, "Range", "bytes=2-4", NULL);
  g_assert_cmpmem (g_bytes_get_data (answer->body, NULL), g_bytes_get_size (answer->body), "234", 3);
}

static void
test_unchanged (TestServer    *self,
                gconstpointer  data)
{
  g_autoptr(TestAnswer) first = NULL;
  g_autoptr(TestAnswer) second = NULL;
  g_autoptr(TestAnswer) older = NULL;
  g_autoptr(TestAnswer) nonsense = NULL;
  g_autoptr(TestAnswer) changed = NULL;
  g_autoptr(TestAnswer) same = NULL;
  const char *date;

  put_files (self);
  first = test_server_call (self, "GET", "/wapt/text.wapt", NULL, NULL, NULL);
  date = test_answer_get (first, "Last-Modified");
  g_assert_nonnull (date);

  second = test_server_call (self, "GET", "/wapt/text.wapt", NULL, NULL, "If-Modified-Since", date, NULL);
  g_assert_cmpuint (second->status, ==, 304);
  g_assert_cmpuint (g_bytes_get_size (second->body), ==, 0);
  older = test_server_call (self, "GET", "/wapt/text.wapt", NULL, NULL,
                            "If-Modified-Since", "Wed, 01 Jan 2020 00:00:00 GMT", NULL);
  g_assert_cmpuint (older->status, ==, 200);
  nonsense = test_server_call (self, "GET", "/wapt/text.wapt", NULL, NULL, "If-Modified-Since", "yesterday", NULL);
  g_assert_cmpuint (nonsense->status, ==, 200);

  /* A rest is only sent of what the client has the beginning of. */
  changed = test_server_call (self, "GET", "/wapt/text.wapt", NULL, NULL, "Range", "bytes=5-",
                              "If-Range", "Wed, 01 Jan 2020 00:00:00 GMT", NULL);
  g_assert_cmpuint (changed->status, ==, 200);
  same = test_server_call (self, "GET", "/wapt/text.wapt", NULL, NULL, "Range", "bytes=5-", "If-Range", date, NULL);
  g_assert_cmpuint (same->status, ==, 206);
}

/* Links lead out of the folders, so none is followed. */
static void
test_links (TestServer    *self,
            gconstpointer  data)
{
  g_autofree char *target = g_build_filename (self->folder, "secret", NULL);
  g_autofree char *link = g_build_filename (kab_depot_get_packages_folder (self->depot), "link.wapt", NULL);
  g_autofree char *folder = g_build_filename (kab_depot_get_packages_folder (self->depot), "folder.wapt", NULL);
  g_autoptr(GFile) file = g_file_new_for_path (link);
  g_autoptr(TestAnswer) first = NULL;
  g_autoptr(TestAnswer) second = NULL;

  g_assert_true (g_file_set_contents (target, "secret", -1, NULL));
  g_assert_true (g_file_make_symbolic_link (file, target, NULL, NULL));
  g_assert_cmpint (g_mkdir (folder, 0700), ==, 0);
  first = test_server_call (self, "GET", "/wapt/link.wapt", NULL, NULL, NULL);
  g_assert_cmpuint (first->status, ==, 404);
  second = test_server_call (self, "GET", "/wapt/folder.wapt", NULL, NULL, NULL);
  g_assert_cmpuint (second->status, ==, 404);
}

static void
test_list (TestServer    *self,
           gconstpointer  data)
{
  static const char * const urls[] = { "http://download.example/c/" CAB_NAME, NULL };
  const KabUpdateFields fields = { .update_id = "11111111-2222-3333-4444-555555555555_200", .download_urls = urls,
                                   .min_download_size = -1, .max_download_size = -1 };
  g_autoptr(TestAnswer) answer = NULL;
  g_autoptr(JsonNode) root = NULL;
  JsonArray *files;
  JsonObject *file;

  put_files (self);
  g_assert_true (kab_depot_put_file (self->depot, "aaa.cab", 5, NULL));
  g_assert_true (kab_depot_put_update (self->depot, 1, &fields, NULL));
  answer = test_server_call (self, "GET", "/api/kabinet/v1/files", NULL, NULL, NULL);
  root = test_answer_parse (answer);
  files = json_object_get_array_member (json_node_get_object (root), "result");
  g_assert_cmpuint (json_array_get_length (files), ==, 2);
  file = json_array_get_object_element (files, 0);
  g_assert_cmpstr (json_object_get_string_member (file, "name"), ==, "aaa.cab");
  g_assert_true (json_object_get_null_member (file, "sha1"));
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (file, "update_ids")), ==, 0);
  file = json_array_get_object_element (files, 1);
  g_assert_cmpint (json_object_get_int_member (file, "size"), ==, CAB_SIZE);
  g_assert_cmpstr (json_object_get_string_member (file, "sha1"), ==, "0123456789abcdef0123456789abcdef01234567");
  g_assert_cmpstr (json_array_get_string_element (json_object_get_array_member (file, "update_ids"), 0), ==,
                   fields.update_id);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/server-files/ranges", test_ranges);
#define ADD(path, test) g_test_add (path, TestServer, NULL, test_server_set_up, test, test_server_tear_down)
  ADD ("/server-files/paths", test_paths);
  ADD ("/server-files/get", test_get);
  ADD ("/server-files/content", test_content);
  ADD ("/server-files/unchanged", test_unchanged);
  ADD ("/server-files/links", test_links);
  ADD ("/server-files/list", test_list);

  return g_test_run ();
}
