/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "kab-depot-private.h"
#include "kab-error.h"

/* A depot in a folder of its own. */
typedef struct {
  char     *folder;
  KabDepot *depot;
} Fixture;

static void
set_up (Fixture       *self,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  self->folder = g_dir_make_tmp ("kab-depot-XXXXXX", &error);
  g_assert_no_error (error);
  self->depot = kab_depot_open (self->folder, &error);
  g_assert_no_error (error);
}

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_tree (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
tear_down (Fixture       *self,
           gconstpointer  data)
{
  kab_depot_close (self->depot);
  remove_tree (self->folder);
  g_free (self->folder);
}

static const KabStateRecord two_records[] = {
  { 1, (guint32) KAB_STATE_PENDING | (2u << 4), 0, 0 },
  { 2, (guint32) KAB_STATE_OK | (2u << 6), 1700000000, 0 },
};

static KabDepotHost
make_host (const char *uuid)
{
  KabDepotHost host = {
    .uuid = uuid, .computer_fqdn = "pc-1.example.org", .computer_name = "PC-1", .platform = "Windows",
    .description = "Poste n\302\2601", .last_seen_at = 1700000000, .depends = "grp-a,grp-b",
    .connected_ips_json = "[\"10.0.0.1\"]",
    .host_capabilities_json = "{\"os\":\"windows\",\"packages_maturities\":[\"PROD\"]}",
    .wapt_status_json = "{\"pending_reboot_reasons\":[\"Windows Update: x\"]}",
    .waptwua_status_json = "{\"status\":\"OK\",\"enabled\":true}",
    .installed_packages_json = "[{\"package\":\"rules\",\"version\":\"1\",\"section\":\"wsus\",\"install_status\":\"OK\"}]",
    .records = two_records, .n_records = 2,
    .history_json = "{\"1\":[{\"operation\":1,\"result_code\":\"Failed\"}]}",
  };

  return host;
}

static gint64
get_counters (Fixture *self,
              gint64  *states)
{
  *states = kab_depot_read_int (self->depot->database, "SELECT max (counter) FROM host_states", 0);
  return kab_depot_read_int (self->depot->database, "SELECT max (counter) FROM hosts", 0);
}

static void
test_put_and_get (Fixture       *self,
                  gconstpointer  data)
{
  KabDepotHost host = make_host ("U-1");
  g_autoptr(KabDepotHost) known = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (kab_depot_put_host (self->depot, &host, &error));
  g_assert_no_error (error);
  known = kab_depot_get_host (self->depot, "U-1", &error);
  g_assert_no_error (error);
  g_assert_cmpstr (known->description, ==, host.description);
  g_assert_cmpstr (known->waptwua_status_json, ==, host.waptwua_status_json);
  g_assert_cmpstr (known->history_json, ==, host.history_json);
  g_assert_cmpint (known->last_seen_at, ==, host.last_seen_at);
  g_assert_cmpmem (known->records, known->n_records * 16, two_records, sizeof two_records);
  g_assert_nonnull (strstr (known->status_hashes_json, "\"waptwua_updates_localstatus\":\""));
  g_assert_cmpint (kab_depot_count_hosts (self->depot), ==, 1);

  g_assert_null (kab_depot_get_host (self->depot, "U-2", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND);
}

/* What did not change moves no counter; what changed in a column does not send states again. */
static void
test_only_changes_count (Fixture       *self,
                         gconstpointer  data)
{
  KabStateRecord changed[2];
  KabDepotHost host = make_host ("U-1");
  gint64 first, states, other;

  g_assert_true (kab_depot_put_host (self->depot, &host, NULL));
  first = get_counters (self, &states);
  g_assert_cmpint (states, ==, first);

  g_assert_true (kab_depot_put_host (self->depot, &host, NULL));
  g_assert_cmpint (get_counters (self, &other), ==, first);
  g_assert_cmpint (kab_depot_get_counter (self->depot->database), ==, first);

  host.description = "moved";
  g_assert_true (kab_depot_put_host (self->depot, &host, NULL));
  g_assert_cmpint (get_counters (self, &other), ==, first + 1);
  g_assert_cmpint (other, ==, states);

  memcpy (changed, two_records, sizeof changed);
  changed[0].flags = KAB_STATE_OK;
  host.records = changed;
  g_assert_true (kab_depot_put_host (self->depot, &host, NULL));
  g_assert_cmpint (get_counters (self, &other), ==, first + 2);
  g_assert_cmpint (other, ==, first + 2);
}

/* One transaction, one value of the counter; a rollback takes it all back. */
static void
test_transactions (Fixture       *self,
                   gconstpointer  data)
{
  KabDepotHost one = make_host ("U-1");
  KabDepotHost two = make_host ("U-2");
  gint64 before = kab_depot_get_counter (self->depot->database);

  g_assert_true (kab_depot_begin (self->depot, NULL));
  g_assert_true (kab_depot_put_host (self->depot, &one, NULL));
  g_assert_true (kab_depot_put_host (self->depot, &two, NULL));
  g_assert_true (kab_depot_commit (self->depot, NULL));
  g_assert_cmpint (kab_depot_get_counter (self->depot->database), ==, before + 1);

  g_assert_true (kab_depot_begin (self->depot, NULL));
  g_assert_true (kab_depot_remove_host (self->depot, "U-1", NULL));
  kab_depot_rollback (self->depot);
  g_assert_cmpint (kab_depot_count_hosts (self->depot), ==, 2);
  g_assert_cmpint (kab_depot_get_counter (self->depot->database), ==, before + 1);
}

static void
test_gone (Fixture       *self,
           gconstpointer  data)
{
  KabDepotHost host = make_host ("U-1");
  KabDatabase *database = self->depot->database;

  g_assert_true (kab_depot_put_host (self->depot, &host, NULL));
  g_assert_cmpint (kab_depot_read_int (database, "SELECT count (*) FROM host_packages WHERE section = 'wsus'", 0), ==, 1);
  g_assert_true (kab_depot_remove_host (self->depot, "U-1", NULL));
  g_assert_cmpint (kab_depot_read_int (database, "SELECT count (*) FROM gone", 0), ==, 1);
  g_assert_cmpint (kab_depot_read_int (database, "SELECT count (*) FROM host_states", 0), ==, 0);
  g_assert_cmpint (kab_depot_read_int (database, "SELECT count (*) FROM host_packages", 0), ==, 0);
  g_assert_true (kab_depot_put_host (self->depot, &host, NULL));
  g_assert_cmpint (kab_depot_read_int (database, "SELECT count (*) FROM gone", 0), ==, 0);
}

static void
test_bad_json (Fixture       *self,
               gconstpointer  data)
{
  static const guint members[] = {
    G_STRUCT_OFFSET (KabDepotHost, host_capabilities_json), G_STRUCT_OFFSET (KabDepotHost, wapt_status_json),
    G_STRUCT_OFFSET (KabDepotHost, waptwua_status_json), G_STRUCT_OFFSET (KabDepotHost, history_json),
    G_STRUCT_OFFSET (KabDepotHost, wuauserv_status_json), G_STRUCT_OFFSET (KabDepotHost, waptwua_rules_json),
    G_STRUCT_OFFSET (KabDepotHost, installed_packages_json),
  };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autoptr(GError) error = NULL;
      KabDepotHost host = make_host ("U-1");

      G_STRUCT_MEMBER (const char *, &host, members[i]) = "{\"half\":";
      g_assert_false (kab_depot_put_host (self->depot, &host, &error));
      g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
      g_assert_cmpint (kab_depot_count_hosts (self->depot), ==, 0);
    }
}

static void
test_updates (Fixture       *self,
              gconstpointer  data)
{
  const char * const kbids[] = { "5031354", NULL };
  KabUpdateFields fields = {
    .update_id = "00000000-0000-0000-0000-000000000001_200", .title = "\"Quoted\" \303\251\n", .kbids = kbids,
    .min_download_size = -1, .max_download_size = 12, .changed_at = 1700000000,
  };
  g_autoptr(GPtrArray) updates = NULL;
  g_autoptr(GError) error = NULL;
  gint64 counter;

  g_assert_true (kab_depot_put_update (self->depot, 3, &fields, &error));
  g_assert_no_error (error);
  counter = kab_depot_get_counter (self->depot->database);
  g_assert_true (kab_depot_put_update (self->depot, 3, &fields, &error));
  g_assert_cmpint (kab_depot_get_counter (self->depot->database), ==, counter);

  g_assert_true (kab_depot_set_downloaded (self->depot, 3, 1700000100, &error));
  g_assert_no_error (error);
  g_assert_cmpint (kab_depot_get_counter (self->depot->database), ==, counter + 1);
  updates = kab_depot_load_updates (self->depot, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (updates->len, ==, 4);
  g_assert_null (updates->pdata[1]);
  g_assert_cmpint (kab_update_get_fields (updates->pdata[3])->downloaded_at, ==, 1700000100);
  g_assert_cmpstr (kab_update_get_title (updates->pdata[3]), ==, fields.title);

  g_assert_false (kab_depot_set_downloaded (self->depot, 9, 0, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND);
}

static void
test_survives (Fixture       *self,
               gconstpointer  data)
{
  g_autofree char *uuid = kab_depot_dup_value (self->depot, "server_uuid");
  g_autofree char *again = NULL;
  KabDepotHost host = make_host ("U-1");
  g_autoptr(GError) error = NULL;

  g_assert_true (kab_depot_put_host (self->depot, &host, NULL));
  g_assert_true (kab_depot_set_value (self->depot, "clock_offset", "-1000", NULL));
  g_clear_pointer (&self->depot, kab_depot_close);
  self->depot = kab_depot_open (self->folder, &error);
  g_assert_no_error (error);
  again = kab_depot_dup_value (self->depot, "server_uuid");
  g_assert_cmpstr (uuid, ==, again);
  g_assert_cmpint (kab_depot_count_hosts (self->depot), ==, 1);
  g_assert_cmpint (ABS (kab_depot_get_now (self->depot) + 1000 - g_get_real_time () / G_USEC_PER_SEC), <, 5);
}

static void
test_files (Fixture       *self,
            gconstpointer  data)
{
  static const char * const bad[] = { "", ".", "..", "../x", "a/b", ".hidden" };
  g_autoptr(GBytes) bytes = g_bytes_new_static ("x", 1);
  g_autofree char *path = g_build_filename (kab_depot_get_updates_folder (self->depot), "big.cab", NULL);
  GStatBuf info;

  g_assert_true (kab_depot_put_file (self->depot, "big.cab", G_GINT64_CONSTANT (600000000), NULL));
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_size, ==, 600000000);
  g_assert_cmpint (info.st_blocks, <, 1000);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (kab_depot_put_file (self->depot, bad[i], 1, &error));
      g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
      g_clear_error (&error);
      g_assert_false (kab_depot_put_package (self->depot, bad[i], bytes, &error));
      g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/depot/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("put-and-get", test_put_and_get);
  ADD ("only-changes-count", test_only_changes_count);
  ADD ("transactions", test_transactions);
  ADD ("gone", test_gone);
  ADD ("bad-json", test_bad_json);
  ADD ("updates", test_updates);
  ADD ("survives", test_survives);
  ADD ("files", test_files);
  return g_test_run ();
}
