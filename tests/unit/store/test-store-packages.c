/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-test-store.h"

typedef struct
{
  char     *folder;
  KabStore *store;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = kab_test_folder_new ();
  fixture->store = kab_test_store_new (fixture->folder, 3, 3);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_object_unref (fixture->store);
  kab_test_folder_remove (fixture->folder);
  g_free (fixture->folder);
}

static void
write_packages (Fixture    *fixture,
                const char *index)
{
  g_autoptr(KabStoreWriter) writer = kab_store_write_begin (fixture->store, NULL, NULL);
  g_autoptr(GPtrArray) packages = NULL;
  g_autoptr(GError) error = NULL;
  KabSyncReport report = { 0 };

  packages = kab_package_parse_index (index, -1, &error);
  g_assert_no_error (error);
  g_assert_true (kab_store_write_packages (writer, packages, &error));
  kab_store_write_commit (g_steal_pointer (&writer), &report, &error);
  g_assert_no_error (error);
}

static void
write_rules (Fixture    *fixture,
             const char *name_version,
             const char *uuid,
             const char *rules)
{
  g_autoptr(KabStoreWriter) writer = kab_store_write_begin (fixture->store, NULL, NULL);
  KabSyncReport report = { 0 };

  g_assert_false (kab_store_write_has_rules (writer, name_version, uuid));
  g_assert_true (kab_store_write_rules (writer, name_version, uuid, rules, "untrusted", NULL));
  g_assert_true (kab_store_write_has_rules (writer, name_version, uuid));
  g_assert_false (kab_store_write_has_rules (writer, name_version, "another"));
  g_assert_true (kab_store_write_commit (g_steal_pointer (&writer), &report, NULL));
}

static const char both[] =
  "package          : demo-wua-base\nversion          : 12\narchitecture     : all\nsection          : wsus\n"
  "maturity         : PROD\n\n"
  "package          : demo-wua-servers\nversion          : 3\narchitecture     : all\nsection          : wsus\n";
static const char one[] =
  "package          : demo-wua-servers\nversion          : 3\narchitecture     : all\nsection          : wsus\n";

static void
test_index_comes_back (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(GPtrArray) packages = NULL;
  g_autoptr(GPtrArray) fewer = NULL;

  write_packages (fixture, both);
  write_packages (fixture, both);
  write_rules (fixture, "demo-wua-base 12", "u", "{}");
  packages = kab_store_read_packages (fixture->store, NULL);
  g_assert_cmpuint (packages->len, ==, 2);
  g_assert_cmpstr (kab_package_get_name (packages->pdata[0]), ==, "demo-wua-base");
  g_assert_cmpstr (kab_package_get (packages->pdata[0], "x-signature"), ==, "untrusted");
  g_assert_cmpstr (kab_package_get (packages->pdata[1], "x-signature"), ==, "");

  write_packages (fixture, one);
  fewer = kab_store_read_packages (fixture->store, NULL);
  g_assert_cmpuint (fewer->len, ==, 1);
}

static void
test_rules_of_a_host (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autofree char *uuid = kab_test_dup_uuid (0);
  g_autoptr(GPtrArray) sets = NULL;
  g_autoptr(GPtrArray) more = NULL;
  g_autoptr(GPtrArray) all = NULL;
  const char * const *list;
  gboolean complete = TRUE;

  write_packages (fixture, both);
  write_rules (fixture, "demo-wua-base 12", "a",
               "{\"allowed_kbs\": [\"KB1\", \"KB2\", 7, null], \"forbidden_kbs\": null, \"default_allow\": true, "
               "\"odd key\": 1, \"forbidden_updates\": [\"lost\"]}");
  sets = kab_store_read_host_rules (fixture->store, uuid, &complete, NULL);
  g_assert_false (complete);                           /* demo-wua-servers 3 is not there */
  g_assert_cmpuint (sets->len, ==, 1);
  g_assert_cmpstr (kab_rule_set_get_origin (sets->pdata[0]), ==, "demo-wua-base 12");
  list = kab_rule_set_get_list (sets->pdata[0], KAB_RULE_ALLOWED_KBS);
  g_assert_cmpstr (list[0], ==, "KB1");
  g_assert_cmpstr (list[1], ==, "KB2");
  g_assert_null (list[2]);
  g_assert_null (kab_rule_set_get_list (sets->pdata[0], KAB_RULE_FORBIDDEN_KBS)[0]);
  g_assert_null (kab_rule_set_get_list (sets->pdata[0], KAB_RULE_FORBIDDEN_UPDATES)[0]);
  g_assert_cmpint (kab_rule_set_get_default_allow (sets->pdata[0]), ==, KAB_TRISTATE_TRUE);
  g_assert_cmpstr (kab_rule_set_get_dropped_keys (sets->pdata[0])[0], ==, "odd key");
  g_assert_cmpstr (kab_rule_set_get_dropped_keys (sets->pdata[0])[1], ==, "forbidden_updates");

  write_rules (fixture, "demo-wua-servers 3", NULL, NULL);     /* no rules an agent would read */
  more = kab_store_read_host_rules (fixture->store, uuid, &complete, NULL);
  g_assert_true (complete);
  g_assert_cmpuint (more->len, ==, 1);
  all = kab_store_read_rule_sets (fixture->store, NULL);
  g_assert_cmpuint (all->len, ==, 1);
}

static void
test_hostile_rules (Fixture       *fixture,
                    gconstpointer  data)
{
  static const char * const texts[] = {
    "", "[]", "null", "{", "{\"allowed_kbs\": {\"a\": 1}}", "{\"allowed_kbs\": \"KB1\"}", "\"text\"", "{\"\": 1}",
  };
  g_autofree char *uuid = kab_test_dup_uuid (0);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autofree char *package_uuid = g_strdup_printf ("%u", i);
      g_autoptr(GPtrArray) sets = NULL;
      g_autoptr(GError) error = NULL;

      write_rules (fixture, "demo-wua-base 12", package_uuid, texts[i]);
      sets = kab_store_read_host_rules (fixture->store, uuid, NULL, &error);
      g_assert_no_error (error);
      for (guint j = 0; j < sets->len; j++)
        g_assert_null (kab_rule_set_get_list (sets->pdata[j], KAB_RULE_ALLOWED_KBS)[0]);
    }
}

#define ADD(name, function) g_test_add ("/store-packages/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("index-comes-back", test_index_comes_back);
  ADD ("rules-of-a-host", test_rules_of_a_host);
  ADD ("hostile-rules", test_hostile_rules);
  return g_test_run ();
}
