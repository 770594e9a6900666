/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-database.h"
#include "kab-error.h"
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
  fixture->store = kab_test_store_new (fixture->folder, 40, 30);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_object_unref (fixture->store);
  kab_test_folder_remove (fixture->folder);
  g_free (fixture->folder);
}

static KabStoreWriter *
begin (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  KabStoreWriter *writer = kab_store_write_begin (fixture->store, NULL, &error);

  g_assert_no_error (error);
  return writer;
}

static KabSyncReport
commit (KabStoreWriter *writer)
{
  KabSyncReport report = { KAB_TEST_NOW, KAB_TEST_NOW, "open" };
  g_autoptr(GError) error = NULL;

  kab_store_write_commit (writer, &report, &error);
  g_assert_no_error (error);
  return report;
}

/* The mirror's number of a made-up update */
static guint32
get_number (Fixture *fixture,
            guint    update)
{
  g_autofree char *id = kab_test_dup_update_id (update);
  g_autoptr(GError) error = NULL;
  g_autoptr(KabDatabase) database = kab_database_open (kab_store_get_path (fixture->store), KAB_DATABASE_READ_ONLY, &error);
  g_autoptr(KabStatement) stmt = NULL;

  g_assert_no_error (error);
  stmt = kab_database_prepare (database, "SELECT number FROM updates WHERE update_id = ?1", &error);
  g_assert_no_error (error);
  kab_statement_bind_text (stmt, 1, id);
  g_assert_true (kab_statement_step (stmt, &error));
  return (guint32) kab_statement_get_int64 (stmt, 0);
}

static guint
count_hosts (Fixture *fixture)
{
  g_autoptr(GHashTable) hashes = kab_store_read_host_hashes (fixture->store, NULL);

  return g_hash_table_size (hashes);
}

static void
test_writes_only_what_differs (Fixture       *fixture,
                               gconstpointer  data)
{
  KabSyncReport report = kab_test_store_fill (fixture->store, 0, 40, 30, 0, TRUE);

  g_assert_cmpuint (report.hosts_new + report.hosts_changed + report.hosts_gone, ==, 0);
  g_assert_cmpuint (report.updates_new + report.updates_changed + report.updates_gone, ==, 0);
  g_assert_cmpuint (report.states_changed, ==, 0);

  report = kab_test_store_fill (fixture->store, 5, 3, 30, 1, FALSE);
  g_assert_cmpuint (report.hosts_changed, ==, 3);
  g_assert_cmpuint (report.states_changed, >, 0);
  g_assert_cmpuint (count_hosts (fixture), ==, 40);

  report = kab_test_store_fill (fixture->store, 0, 20, 25, 1, TRUE);
  g_assert_cmpuint (report.hosts_gone, ==, 20);
  g_assert_cmpuint (report.updates_gone, ==, 5);
  g_assert_cmpuint (count_hosts (fixture), ==, 20);

  /* What comes back keeps its number: states that name it mean it again. */
  report = kab_test_store_fill (fixture->store, 0, 20, 30, 1, TRUE);
  g_assert_cmpuint (report.updates_new, ==, 5);
  g_assert_cmpuint (report.updates_gone, ==, 0);
}

static void
test_everything_comes_back (Fixture       *fixture,
                            gconstpointer  data)
{
  static const char * const texts[] = { "one", "", "with, comma", NULL };
  static const char * const none[] = { NULL };
  KabStoreWriter *writer = begin (fixture);
  g_autoptr(KabUpdate) update = NULL;
  g_autoptr(KabHost) host = NULL;
  g_autoptr(KabHost) by_name = NULL;
  g_autoptr(GArray) states = NULL;
  g_autoptr(GPtrArray) updates = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *history = NULL;
  g_autofree char *whole = NULL;
  KabUpdateFields fields = { "abc_7" };
  KabHostFields host_fields = { "U" };
  KabStateRecord records[3] = { { 0, KAB_STATE_OK, 5, 0 }, { 0, KAB_STATE_ERROR, 0, -1 } };
  const KabHostFields *read;

  fields.title = "Züge \xff und mehr";       /* no UTF-8 */
  fields.kbids = texts;
  fields.languages = none;
  fields.max_download_size = -1;
  fields.is_beta = KAB_TRISTATE_FALSE;
  records[1].update = kab_store_write_update (writer, &fields, 77, &error);
  g_assert_cmpuint (kab_store_write_find (writer, "abc_7", 77), ==, records[1].update);
  g_assert_cmpuint (kab_store_write_find (writer, "abc_7", 78), ==, 0);
  fields.update_id = "abc_8";
  records[0].update = kab_store_write_update (writer, &fields, 77, &error);
  records[2] = records[0];                    /* twice, and out of order */

  host_fields.computer_name = "Name";
  host_fields.rules_packages = texts;
  host_fields.status_json = "{\"status\": null}";
  host_fields.last_seen_at = -5;
  host_fields.reboot_needed = KAB_TRISTATE_TRUE;
  g_assert_true (kab_store_write_host (writer, &host_fields, records, 3,
                                       "{\"abc_7\": [{\"date\": \"d\"}], \"abc_8\": 3}", &error));
  g_assert_no_error (error);
  commit (writer);

  update = kab_store_read_update (fixture->store, "abc_7", &error);
  g_assert_no_error (error);
  g_assert_true (g_utf8_validate (kab_update_get_title (update), -1, NULL));
  g_assert_true (g_strv_equal (kab_update_get_fields (update)->kbids, texts));
  g_assert_true (g_strv_equal (kab_update_get_fields (update)->languages, none));
  g_assert_null (kab_update_get_fields (update)->download_urls);
  g_assert_cmpint (kab_update_get_fields (update)->max_download_size, ==, -1);
  g_assert_cmpint (kab_update_get_fields (update)->is_beta, ==, KAB_TRISTATE_FALSE);

  host = kab_store_read_host (fixture->store, "U", &error);
  g_assert_no_error (error);
  read = kab_host_get_fields (host);
  g_assert_true (g_strv_equal (read->rules_packages, texts));
  g_assert_cmpstr (read->status_json, ==, host_fields.status_json);
  g_assert_null (read->description);
  g_assert_cmpint (read->last_seen_at, ==, -5);
  g_assert_cmpint (read->reboot_needed, ==, KAB_TRISTATE_TRUE);
  by_name = kab_store_read_host (fixture->store, "nAME", &error);
  g_assert_cmpstr (kab_host_get_uuid (by_name), ==, "U");

  states = kab_store_read_host_states (fixture->store, "U", &updates, &error);
  g_assert_cmpuint (states->len, ==, 2);
  g_assert_cmpstr (kab_update_get_id (updates->pdata[0]), ==, "abc_7");
  g_assert_cmpint (g_array_index (states, KabStateRecord, 0).result, ==, -1);
  history = kab_store_read_host_history (fixture->store, "U", "abc_7", &error);
  g_assert_cmpstr (history, ==, "[{\"date\":\"d\"}]");
  g_assert_null (kab_store_read_host_history (fixture->store, "U", "abc_8", &error));    /* no array */
  whole = kab_store_read_host_history (fixture->store, "U", NULL, &error);
  g_assert_nonnull (strstr (whole, "abc_8"));
  g_assert_no_error (error);
}

static void
test_finds (Fixture       *fixture,
            gconstpointer  data)
{
  static const struct {
    const char *text;
    guint       n;
  } cases[] = { { "KB5000003", 1 }, { "5000003", 1 }, { "kb5000003", 1 }, { "500000", 0 }, { "", 0 }, { "%", 0 } };
  g_autofree char *id = kab_test_dup_update_id (4);
  g_autoptr(GPtrArray) by_id = kab_store_find_updates (fixture->store, id, NULL);
  g_autoptr(GPtrArray) by_guid = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_cmpuint (by_id->len, ==, 1);
  *strrchr (id, '_') = '\0';
  by_guid = kab_store_find_updates (fixture->store, id, NULL);
  g_assert_cmpuint (by_guid->len, ==, 1);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GPtrArray) found = kab_store_find_updates (fixture->store, cases[i].text, NULL);

      g_assert_cmpuint (found->len, ==, cases[i].n);
    }

  g_assert_null (kab_store_read_update (fixture->store, "nothing", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND);
  g_clear_error (&error);
  g_assert_null (kab_store_read_host (fixture->store, "nothing", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND);
}

/* All updates at once are those of a snapshot, in its order. */
static void
test_reads_all_updates (Fixture       *fixture,
                        gconstpointer  data)
{
  g_autoptr(KabSnapshot) snapshot = kab_store_read_snapshot (fixture->store, &kab_test_limits, NULL, NULL);
  g_autoptr(GPtrArray) updates = kab_store_read_updates (fixture->store, NULL, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  const KabUpdateRecord *records;
  guint n_records;

  records = kab_snapshot_get_updates (snapshot, &n_records);
  g_assert_cmpuint (n_records, >, 1);
  g_assert_cmpuint (updates->len, ==, n_records);
  for (guint i = 0; i < n_records; i++)
    {
      g_autoptr(KabUpdate) alone = kab_store_read_update (fixture->store, records[i].update_id, NULL);

      g_assert_cmpstr (kab_update_get_id (updates->pdata[i]), ==, records[i].update_id);
      g_assert_cmpstr (kab_update_get_fields (updates->pdata[i])->title, ==, kab_update_get_fields (alone)->title);
    }

  g_cancellable_cancel (cancellable);
  g_assert_null (kab_store_read_updates (fixture->store, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

static void
test_names_may_be_ambiguous (Fixture       *fixture,
                             gconstpointer  data)
{
  KabStoreWriter *writer = begin (fixture);
  g_autoptr(KabHost) host = NULL;
  g_autoptr(GError) error = NULL;
  KabHostFields one = { "one" }, two = { "two" };

  one.computer_name = "twin";
  two.computer_fqdn = "TWIN";
  g_assert_true (kab_store_write_host (writer, &one, NULL, 0, NULL, &error));
  g_assert_true (kab_store_write_host (writer, &two, NULL, 0, NULL, &error));
  commit (writer);

  g_assert_null (kab_store_read_host (fixture->store, "twin", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
  g_clear_error (&error);
  host = kab_store_read_host (fixture->store, "two", &error);
  g_assert_no_error (error);
}

static void
test_readers_see_all_or_nothing (Fixture       *fixture,
                                 gconstpointer  data)
{
  KabStoreWriter *writer = begin (fixture);
  g_autofree char *uuid = kab_test_dup_uuid (1);
  g_autofree char *value = NULL;
  g_autoptr(GError) error = NULL;

  g_assert_true (kab_store_write_host_gone (writer, uuid, &error));
  g_assert_true (kab_store_write_value (writer, "counter", "12", &error));
  g_assert_cmpuint (kab_store_write_count_hosts (writer), ==, 39);
  g_assert_cmpuint (count_hosts (fixture), ==, 40);
  g_assert_null (kab_store_read_value (fixture->store, "counter"));
  kab_store_write_abandon (writer);
  g_assert_cmpuint (count_hosts (fixture), ==, 40);

  writer = begin (fixture);
  g_assert_true (kab_store_write_host_gone (writer, uuid, &error));
  g_assert_true (kab_store_write_host_gone (writer, "never there", &error));
  g_assert_true (kab_store_write_value (writer, "counter", "12", &error));
  g_assert_true (kab_store_write_value (writer, "other", "12", &error));
  g_assert_true (kab_store_write_value (writer, "other", NULL, &error));
  g_assert_cmpuint (commit (writer).hosts_gone, ==, 1);
  g_assert_cmpuint (count_hosts (fixture), ==, 39);
  value = kab_store_read_value (fixture->store, "counter");
  g_assert_cmpstr (value, ==, "12");
  g_assert_null (kab_store_read_value (fixture->store, "other"));
}

static void
test_cancel_leaves_no_trace (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  KabStoreWriter *writer = kab_store_write_begin (fixture->store, cancellable, &error);
  g_autofree char *uuid = kab_test_dup_uuid (1);
  KabHostFields fields = { "new" };
  KabSyncReport report = { 0 };

  g_assert_true (kab_store_write_host_gone (writer, uuid, &error));
  g_cancellable_cancel (cancellable);
  g_assert_false (kab_store_write_host (writer, &fields, NULL, 0, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_false (kab_store_write_commit (writer, &report, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_assert_cmpuint (count_hosts (fixture), ==, 40);

  g_assert_null (kab_store_write_begin (fixture->store, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* Level 1: all hosts come without states, the states of some later. */
static void
test_states_may_come_later (Fixture       *fixture,
                            gconstpointer  data)
{
  KabStoreWriter *writer = begin (fixture);
  g_autofree char *uuid = kab_test_dup_uuid (0);
  g_autoptr(GArray) states = NULL;
  g_autoptr(GError) error = NULL;
  KabHostFields fields = { "late" };
  KabStateRecord record = { get_number (fixture, 3), KAB_STATE_OK, 0, 0 };
  KabStateRecord nothing;
  KabSyncReport report;

  kab_store_write_set_full (writer, FALSE, TRUE);
  g_assert_true (kab_store_write_host (writer, &fields, NULL, 0, NULL, &error));
  g_assert_true (kab_store_write_states (writer, "late", &record, 1, NULL, &error));
  g_assert_true (kab_store_write_states (writer, uuid, &nothing, 0, NULL, &error));
  g_assert_cmpuint (kab_store_write_count_hosts (writer), ==, 2);
  g_assert_false (kab_store_write_states (writer, "unknown", &record, 1, NULL, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND);
  g_clear_error (&error);
  report = commit (writer);
  g_assert_cmpuint (report.hosts_new, ==, 1);
  g_assert_cmpuint (report.hosts_changed, ==, 1);
  g_assert_cmpuint (report.hosts_gone, ==, 39);
  g_assert_cmpuint (report.states_changed, ==, 31);

  states = kab_store_read_host_states (fixture->store, "late", NULL, &error);
  g_assert_cmpuint (states->len, ==, 1);
}

static void
test_cover_reports_every_update (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autoptr(KabStoreWriter) writer = begin (fixture);
  g_autoptr(GHashTable) fresh = g_hash_table_new (NULL, NULL);
  g_autoptr(GPtrArray) cover = kab_store_write_find_cover (writer, fresh, NULL);
  g_autoptr(GPtrArray) rest = NULL;

  g_assert_cmpuint (cover->len, ==, 1);      /* every host reports them all */
  for (guint i = 0; i < 30; i++)
    g_hash_table_add (fresh, GUINT_TO_POINTER (get_number (fixture, i)));
  rest = kab_store_write_find_cover (writer, fresh, NULL);
  g_assert_cmpuint (rest->len, ==, 0);
}

static void
test_log_tells_good_and_bad (Fixture       *fixture,
                             gconstpointer  data)
{
  KabSyncReport report = { KAB_TEST_NOW + 100, KAB_TEST_NOW + 160, "open", TRUE };
  g_autoptr(GPtrArray) entries = NULL;
  g_autoptr(GPtrArray) one = NULL;
  g_autoptr(GError) error = NULL;
  KabSyncLogEntry *entry;

  report.n_bytes = G_GUINT64_CONSTANT (5000000000);
  g_assert_true (kab_store_log_failure (fixture->store, &report, "cancelled", &error));
  entries = kab_store_read_sync_log (fixture->store, 0, &error);
  g_assert_cmpuint (entries->len, ==, 2);
  entry = entries->pdata[0];
  g_assert_cmpstr (entry->error, ==, "cancelled");
  g_assert_true (entry->automatic);
  g_assert_cmpuint (entry->n_bytes, ==, G_GUINT64_CONSTANT (5000000000));
  entry = entries->pdata[1];
  g_assert_null (entry->error);
  g_assert_cmpstr (entry->level, ==, "bulk");
  g_assert_cmpuint (entry->hosts_new, ==, 40);
  g_assert_cmpuint (entry->updates_new, ==, 30);
  g_assert_cmpuint (entry->states_changed, ==, 1200);
  one = kab_store_read_sync_log (fixture->store, 1, &error);
  g_assert_cmpuint (one->len, ==, 1);
}

#define ADD(name, function) g_test_add ("/store/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("writes-only-what-differs", test_writes_only_what_differs);
  ADD ("everything-comes-back", test_everything_comes_back);
  ADD ("finds", test_finds);
  ADD ("reads-all-updates", test_reads_all_updates);
  ADD ("names-may-be-ambiguous", test_names_may_be_ambiguous);
  ADD ("readers-see-all-or-nothing", test_readers_see_all_or_nothing);
  ADD ("cancel-leaves-no-trace", test_cancel_leaves_no_trace);
  ADD ("states-may-come-later", test_states_may_come_later);
  ADD ("cover-reports-every-update", test_cover_reports_every_update);
  ADD ("log-tells-good-and-bad", test_log_tells_good_and_bad);
  return g_test_run ();
}
