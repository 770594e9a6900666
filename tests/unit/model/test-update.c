/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-update.h"

static void
test_id (void)
{
  static const struct { const char *id; int revision; gsize length; } cases[] = {
    { "7f4b2a1c-0000-4000-8000-000000000001_200", 200, 36 },
    { "7f4b2a1c-0000-4000-8000-000000000001", -1, 36 },
    { "a_b_7", 7, 3 },
    { "a_", -1, 2 },
    { "_7", -1, 2 },
    { "a_7x", -1, 4 },
    { "a_-7", -1, 4 },
    { "a_99999999999999999999", -1, 22 },
    { "a_2147483647", 2147483647, 1 },
    { "", -1, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize length = 99;

      g_assert_cmpint (kab_update_id_split (cases[i].id, &length), ==, cases[i].revision);
      g_assert_cmpuint (length, ==, cases[i].length);
    }
}

static void
test_urls (void)
{
  static const struct { const char *url; const char *name; const char *sha1; } cases[] = {
    { "http://x/d/windows10.0-kb5031354-x64_0123456789ABCDEF0123456789abcdef01234567.cab",
      "windows10.0-kb5031354-x64_0123456789ABCDEF0123456789abcdef01234567.cab", "0123456789abcdef0123456789abcdef01234567" },
    { "http://x/a_0123456789abcdef0123456789abcdef01234567.psf?P1=2#3", "a_0123456789abcdef0123456789abcdef01234567.psf",
      "0123456789abcdef0123456789abcdef01234567" },
    { "http://x/a_0123456789abcdef0123456789abcdef01234567", "a_0123456789abcdef0123456789abcdef01234567",
      "0123456789abcdef0123456789abcdef01234567" },
    { "http://x/0123456789abcdef0123456789abcdef01234567.cab", "0123456789abcdef0123456789abcdef01234567.cab", NULL },
    { "http://x/a_g123456789abcdef0123456789abcdef01234567.cab", "a_g123456789abcdef0123456789abcdef01234567.cab", NULL },
    { "a.cab", "a.cab", NULL },
    { "http://x/", NULL, NULL },
    { "", NULL, NULL },
    { NULL, NULL, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name = kab_download_url_dup_name (cases[i].url);
      g_autofree char *sha1 = kab_download_url_dup_sha1 (cases[i].url);

      g_assert_cmpstr (name, ==, cases[i].name);
      g_assert_cmpstr (sha1, ==, cases[i].sha1);
    }
}

static void
test_fields (void)
{
  const char * const kbs[] = { "5031354", "KB5031355", NULL };
  g_autoptr(KabUpdate) update = kab_update_new (&(KabUpdateFields) {
    .update_id = "g_7", .severity = "Critical", .kbids = kbs, .downloaded_at = 5, .changed_at = 3 });
  g_autoptr(KabUpdate) bare = kab_update_new (&(KabUpdateFields) { .update_id = "g" });
  g_autofree char *text = kab_update_dup_kbs (update);
  g_autofree char *none = kab_update_dup_kbs (bare);
  g_autofree char *guid = kab_update_dup_guid (update);

  g_assert_cmpstr (text, ==, "KB5031354, KB5031355");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (guid, ==, "g");
  g_assert_cmpint (kab_update_get_revision (update), ==, 7);
  g_assert_cmpint (kab_update_get_revision (bare), ==, -1);
  g_assert_cmpstr (kab_update_get_title (bare), ==, "g");
  g_assert_cmpint (kab_update_get_severity (update), ==, KAB_SEVERITY_CRITICAL);
  g_assert_cmpint (kab_update_get_severity (bare), ==, KAB_SEVERITY_NONE);
  g_assert_true (kab_update_is_on_server (update));
  g_assert_false (kab_update_is_on_server (bare));
}

static void
test_severity (void)
{
  for (guint i = 0; i < KAB_N_SEVERITIES; i++)
    g_assert_cmpint (kab_severity_from_text (kab_severity_get_text (i)), ==, (int) i);
  g_assert_cmpint (kab_severity_from_text ("critical"), ==, KAB_SEVERITY_CRITICAL);
  g_assert_cmpint (kab_severity_from_text ("Critique"), ==, KAB_SEVERITY_NONE);
  g_assert_cmpint (kab_severity_from_text (NULL), ==, KAB_SEVERITY_NONE);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/update/id", test_id);
  g_test_add_func ("/update/urls", test_urls);
  g_test_add_func ("/update/fields", test_fields);
  g_test_add_func ("/update/severity", test_severity);
  return g_test_run ();
}
