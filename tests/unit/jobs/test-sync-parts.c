/* test-sync-parts.c: renaming histories, numbers of a bulk server, and what an interrupted sync leaves
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "kab-bulk-numbers.h"
#include "kab-history-keys.h"
#include "kab-sync-spool.h"

static const char *
name_cb (guint32  number,
         gpointer user_data)
{
  static const char * const names[] = { NULL, "one", "t\"wo", "three" };

  return number < G_N_ELEMENTS (names) ? names[number] : NULL;
}

static void
test_history (void)
{
  const struct {
    const char *in;
    const char *out;
  } cases[] = {
    { NULL, NULL },
    { "", NULL },
    { "{}", NULL },
    { "[]", NULL },
    { "{\"1\":[]}", "{\"one\":[]}" },
    { " { \"1\" : [ {\"a\":\"}\\\"],{\"} ] , \"3\":[1]}", "{\"one\":[ {\"a\":\"}\\\"],{\"} ] ,\"three\":[1]}" },
    { "{\"2\":[1]}", "{\"t\\\"wo\":[1]}" },
    { "{\"9\":[1],\"3\":[2]}", "{\"three\":[2]}" },
    { "{\"9\":[1]}", NULL },
    { "{\"1\":[1]", NULL },
    { "{\"1\":[1", NULL },
    { "{\"1\":]}", NULL },
    { "{\"1\"", NULL },
    { "{\"x\":[1]}", NULL },
    { "{\"99999999999999999999\":[1]}", NULL },
    { "{\"1\":\"\\", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *out = kab_history_rename (cases[i].in, name_cb, NULL);

      g_assert_cmpstr (out, ==, cases[i].out);
    }
}

static void
test_numbers (void)
{
  g_autoptr(KabBulkNumbers) numbers = kab_bulk_numbers_new ("5 17 abc_1\nrubbish\n\n7 0 x\n8 99999999999 y\n-1 3 z\n9 4 \n");
  g_autoptr(KabBulkNumbers) again = NULL;
  g_autofree char *text = NULL;

  g_assert_cmpuint (kab_bulk_numbers_count (numbers), ==, 1);
  g_assert_cmpuint (kab_bulk_numbers_get (numbers, 5), ==, 17);
  g_assert_cmpuint (kab_bulk_numbers_get (numbers, 6), ==, 0);
  g_assert_false (kab_bulk_numbers_changed (numbers));

  kab_bulk_numbers_set (numbers, 5, 17, "abc_1");
  g_assert_false (kab_bulk_numbers_changed (numbers));
  kab_bulk_numbers_set (numbers, 6, 18, "def 2");
  g_assert_true (kab_bulk_numbers_changed (numbers));
  kab_bulk_numbers_remove (numbers, 5);

  text = kab_bulk_numbers_to_text (numbers);
  again = kab_bulk_numbers_new (text);
  g_assert_cmpuint (kab_bulk_numbers_count (again), ==, 1);
  g_assert_cmpuint (kab_bulk_numbers_get (again, 6), ==, 18);
  g_assert_cmpstr (kab_bulk_numbers_get_id (again, 6), ==, "def 2");
  g_assert_null (kab_bulk_numbers_get_id (again, 5));
}

/* The spool. */
typedef struct {
  char *folder;
  char *mirror;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("kab-spool-XXXXXX", NULL);
  fixture->mirror = g_build_filename (fixture->folder, "a.mirror", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  kab_sync_spool_remove_files (fixture->mirror);
  g_assert_cmpint (g_rmdir (fixture->folder), ==, 0);
  g_free (fixture->mirror);
  g_free (fixture->folder);
}

static void
write_spool (Fixture    *fixture,
             const char *server,
             gint64      now)
{
  g_autoptr(KabSyncSpool) spool = kab_sync_spool_new (fixture->mirror, server, now);
  const KabUpdateFields updates[] = {
    { .update_id = "aaa_1", .title = "first", .min_download_size = -1, .max_download_size = 5 },
    { .update_id = "bbb_2", .title = "second", .min_download_size = -1, .max_download_size = -1 },
  };
  const KabStateRecord records[] = { { 1, 0x1221, 1700000000, -2145124329 }, { 0, 0x2, 0, 0 } };

  kab_sync_spool_begin (spool);
  kab_sync_spool_add_update (spool, 0, &updates[0]);
  kab_sync_spool_add_update (spool, 1, &updates[1]);
  kab_sync_spool_add_host (spool, "host-\"1\"", "hash1", records, 2, "{\"1\":[{\"date\":\"x\"}]}");
  kab_sync_spool_add_host (spool, "host-2", "hash2", records, 0, NULL);
  kab_sync_spool_add_host (spool, "host-3", NULL, records, 0, NULL);
  kab_sync_spool_add_host (spool, "host-4", "hash4", records, 2, "{\n\"1\":[]}");
}

static gboolean
host_cb (const char            *uuid,
         const char            *updates_hash,
         const KabStateRecord  *records,
         guint                  n_records,
         const char            *history_json,
         gpointer               user_data,
         GError               **error)
{
  g_string_append_printf (user_data, "%s %s %u %s;", uuid, updates_hash, n_records,
                          history_json != NULL ? history_json : "-");
  for (guint i = 0; i < n_records; i++)
    g_string_append_printf (user_data, "%u %x %u %d;", records[i].update, records[i].flags, records[i].installed_at,
                            records[i].result);

  return TRUE;
}

static char *
read_spool (Fixture    *fixture,
            const char *server,
            gint64      now)
{
  g_autoptr(KabSyncSpool) spool = kab_sync_spool_new (fixture->mirror, server, now);
  g_autoptr(KabUpdateRegistry) registry = kab_update_registry_new (NULL, NULL);
  GString *seen = g_string_new (NULL);

  g_assert_true (kab_sync_spool_replay (spool, registry, host_cb, seen, NULL));

  return g_string_free (seen, FALSE);
}

#define WHOLE "host-\"1\" hash1 2 {\"1\":[{\"date\":\"x\"}]};1 1221 1700000000 -2145124329;0 2 0 0;host-2 hash2 0 -;"

static void
test_spool_whole (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *seen = NULL;

  write_spool (fixture, "server", 1000000);
  seen = read_spool (fixture, "server", 1000060);
  g_assert_cmpstr (seen, ==, WHOLE);
}

/* The numbers of a file mean nothing but within it: those of the registry may be others. */
static void
test_spool_renumbered (Fixture       *fixture,
                       gconstpointer  data)
{
  const KabUpdateFields known = { .update_id = "bbb_2", .title = "second", .min_download_size = -1,
                                  .max_download_size = -1 };
  g_autoptr(KabUpdateRegistry) registry = kab_update_registry_new (NULL, NULL);
  g_autoptr(GString) seen = g_string_new (NULL);
  g_autoptr(KabSyncSpool) spool = NULL;
  guint32 index;

  write_spool (fixture, "server", 1000000);
  spool = kab_sync_spool_new (fixture->mirror, "server", 1000060);
  g_assert_true (kab_update_registry_intern (registry, &known, 1, 1, &index, NULL));
  g_assert_true (kab_sync_spool_replay (spool, registry, host_cb, seen, NULL));
  g_assert_cmpstr (seen->str, ==,
                   "host-\"1\" hash1 2 {\"0\":[{\"date\":\"x\"}]};0 1221 1700000000 -2145124329;1 2 0 0;"
                   "host-2 hash2 0 -;");
}

static void
test_spool_refused (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *other = NULL;
  g_autofree char *old = NULL;
  g_autofree char *early = NULL;

  write_spool (fixture, "server", 1000000);
  other = read_spool (fixture, "impostor", 1000060);
  g_assert_cmpstr (other, ==, "");
  old = read_spool (fixture, "server", 1000000 + 25 * 60 * 60);
  g_assert_cmpstr (old, ==, "");
  early = read_spool (fixture, "server", 999999);
  g_assert_cmpstr (early, ==, "");
}

/* Whatever byte the power cut left as the last one: a prefix of the truth comes back, never an error. */
static void
test_spool_torn (Fixture       *fixture,
                 gconstpointer  data)
{
  const char * const names[] = { "resume-updates", "resume-states" };

  for (guint which = 0; which < G_N_ELEMENTS (names); which++)
    {
      g_autofree char *path = g_strconcat (fixture->mirror, ".", names[which], NULL);
      g_autofree char *text = NULL;
      gsize length;

      write_spool (fixture, "server", 1000000);
      g_assert_true (g_file_get_contents (path, &text, &length, NULL));
      for (gsize cut = 0; cut < length; cut++)
        {
          g_autofree char *seen = NULL;

          g_assert_true (g_file_set_contents (path, text, (gssize) cut, NULL));
          seen = read_spool (fixture, "server", 1000060);
          g_assert_true (g_str_has_prefix (WHOLE, seen) || g_str_equal (seen, "host-2 hash2 0 -;"));
        }
    }
}

static void
test_spool_garbage (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *path = g_strconcat (fixture->mirror, ".resume-states", NULL);
  g_autofree char *seen = NULL;

  write_spool (fixture, "server", 1000000);
  g_assert_true (g_file_set_contents (path, "\0\0\0{\"kabinet_bulk\"\n\n\n[]", 24, NULL));
  seen = read_spool (fixture, "server", 1000060);
  g_assert_cmpstr (seen, ==, "");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/history-keys/rename", test_history);
  g_test_add_func ("/bulk-numbers/text", test_numbers);
  g_test_add ("/sync-spool/whole", Fixture, NULL, set_up, test_spool_whole, tear_down);
  g_test_add ("/sync-spool/renumbered", Fixture, NULL, set_up, test_spool_renumbered, tear_down);
  g_test_add ("/sync-spool/refused", Fixture, NULL, set_up, test_spool_refused, tear_down);
  g_test_add ("/sync-spool/torn", Fixture, NULL, set_up, test_spool_torn, tear_down);
  g_test_add ("/sync-spool/garbage", Fixture, NULL, set_up, test_spool_garbage, tear_down);

  return g_test_run ();
}
