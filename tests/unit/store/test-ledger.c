/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-database.h"
#include "kab-error.h"
#include "kab-ledger.h"
#include "kab-test-store.h"

#define DAY (24 * 60 * 60)
#define PAGE 8192      /* bytes; what kab_database_open() chooses */

typedef struct
{
  char     *folder;
  char     *path;
  KabStore *store;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = kab_test_folder_new ();
  fixture->path = g_build_filename (fixture->folder, "test.ledger", NULL);
  fixture->store = kab_test_store_new (fixture->folder, 5, 10);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->store);
  kab_test_folder_remove (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static gint64
count (const char *path,
       const char *sql)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabDatabase) database = kab_database_open (path, KAB_DATABASE_READ_ONLY, &error);
  g_autoptr(KabStatement) stmt = NULL;

  g_assert_no_error (error);
  stmt = kab_database_prepare (database, sql, &error);
  g_assert_no_error (error);
  g_assert_true (kab_statement_step (stmt, &error));
  return kab_statement_get_int64 (stmt, 0);
}

/* Since when "u_1" of host "h" is in its present state; 0 when the host does not report it */
static gint64
read_since (Fixture  *fixture,
            gboolean *is_exact)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabLedger) ledger = kab_store_open_ledger (fixture->store, &error);
  g_autoptr(GPtrArray) updates = NULL;
  g_autoptr(GArray) states = kab_store_read_host_states (fixture->store, "h", &updates, &error);
  const KabStateRecord *record;
  KabState state;
  gint64 since;

  g_assert_no_error (error);
  if (states->len == 0)
    return 0;

  record = &g_array_index (states, KabStateRecord, 0);
  state = kab_state_derive (record, kab_update_is_on_server (updates->pdata[0]));
  since = kab_ledger_read_since (ledger, "h", "u_1", state, kab_state_derive (record, FALSE) == KAB_STATE_MISSING,
                                 is_exact, &error);
  g_assert_no_error (error);
  return since;
}

/* One sync at @now in which host "h" has one update in one state; @state ABSENT (15): it does not report it */
static void
sync_pair (Fixture  *fixture,
           gint64    now,
           int       state,
           gboolean  has_files)
{
  KabStoreWriter *writer = kab_store_write_begin (fixture->store, NULL, NULL);
  KabSyncReport report = { now - 1, now, "open" };
  KabUpdateFields update = { "u_1" };
  KabHostFields host = { "h" };
  KabStateRecord record = { 0 };
  g_autoptr(GError) error = NULL;

  update.downloaded_at = has_files ? now : 0;
  record.update = kab_store_write_update (writer, &update, 0, &error);
  record.flags = (guint32) state & 0xf;
  g_assert_true (kab_store_write_host (writer, &host, &record, state == 15 ? 0 : 1, NULL, &error));
  kab_store_write_commit (writer, &report, &error);
  g_assert_no_error (error);
}

static void
test_first_sync_is_small (Fixture       *fixture,
                          gconstpointer  data)
{
  g_assert_cmpint (count (fixture->path, "SELECT count (*) FROM changes"), ==, 0);
  g_assert_cmpint (count (fixture->path, "SELECT count (*) FROM spans WHERE end_at = 0"), ==, 5);
  g_assert_cmpint (count (fixture->path, "SELECT count (*) FROM days"), ==, 1);
}

static void
check_entry (GPtrArray *entries,
             guint      index,
             KabState   state,
             gint64     from,
             gint64     to)
{
  const KabHistoryEntry *entry;

  g_assert_cmpuint (index, <, entries->len);
  entry = entries->pdata[index];
  g_assert_cmpstr (entry->host, ==, "h");
  g_assert_cmpstr (entry->update_id, ==, "u_1");
  g_assert_cmpint (entry->state, ==, state);
  g_assert_cmpint (entry->from, ==, from);
  g_assert_cmpint (entry->to, ==, to);
}

static void
test_history_of_a_pair (Fixture       *fixture,
                        gconstpointer  data)
{
  const gint64 t = KAB_TEST_NOW;
  g_autoptr(GPtrArray) entries = NULL;
  g_autoptr(GPtrArray) newest = NULL;
  g_autoptr(GPtrArray) of_update = NULL;
  g_autoptr(GPtrArray) of_nobody = NULL;
  gboolean is_exact = TRUE;

  sync_pair (fixture, t, KAB_STATE_PENDING, FALSE);
  g_assert_cmpint (read_since (fixture, &is_exact), ==, t);
  g_assert_false (is_exact);                               /* so it was when we first looked */
  entries = kab_store_read_history (fixture->store, "h", "u_1", 0, NULL);
  g_assert_cmpuint (entries->len, ==, 0);
  g_clear_pointer (&entries, g_ptr_array_unref);

  sync_pair (fixture, t + DAY, KAB_STATE_PENDING, TRUE);   /* the server fetched it: MISSING → PENDING */
  g_assert_cmpint (read_since (fixture, &is_exact), ==, t + DAY);
  g_assert_true (is_exact);
  sync_pair (fixture, t + 2 * DAY, KAB_STATE_OK, TRUE);
  g_assert_cmpint (read_since (fixture, &is_exact), ==, t + 2 * DAY);
  g_assert_true (is_exact);
  sync_pair (fixture, t + 3 * DAY, KAB_STATE_OK, TRUE);
  g_assert_cmpint (read_since (fixture, &is_exact), ==, t + 2 * DAY);
  sync_pair (fixture, t + 4 * DAY, 15, TRUE);
  g_assert_cmpint (read_since (fixture, &is_exact), ==, 0);
  sync_pair (fixture, t + 5 * DAY, KAB_STATE_DISCARDED, TRUE);

  entries = kab_store_read_history (fixture->store, "h", "u_1", 0, NULL);
  g_assert_cmpuint (entries->len, ==, 4);
  check_entry (entries, 0, KAB_STATE_DISCARDED, t + 5 * DAY, 0);
  check_entry (entries, 1, KAB_STATE_OK, t + 2 * DAY, t + 4 * DAY);
  check_entry (entries, 2, KAB_STATE_PENDING, t + DAY, t + 2 * DAY);
  check_entry (entries, 3, KAB_STATE_MISSING, t, t + DAY);

  newest = kab_store_read_history (fixture->store, "h", NULL, 1, NULL);
  g_assert_cmpuint (newest->len, ==, 1);
  check_entry (newest, 0, KAB_STATE_DISCARDED, t + 5 * DAY, 0);
  of_update = kab_store_read_history (fixture->store, NULL, "u_1", 0, NULL);
  g_assert_cmpuint (of_update->len, ==, 4);
  of_nobody = kab_store_read_history (fixture->store, "nobody", NULL, 0, NULL);
  g_assert_cmpuint (of_nobody->len, ==, 0);
}

static void
test_a_host_that_goes_and_returns (Fixture       *fixture,
                                   gconstpointer  data)
{
  const gint64 t = KAB_TEST_NOW;
  g_autoptr(GPtrArray) entries = NULL;
  gboolean is_exact = TRUE;

  sync_pair (fixture, t, KAB_STATE_PENDING, TRUE);
  sync_pair (fixture, t + DAY, KAB_STATE_OK, TRUE);
  {
    KabStoreWriter *writer = kab_store_write_begin (fixture->store, NULL, NULL);
    KabSyncReport report = { t + 2 * DAY, t + 2 * DAY, "open" };

    g_assert_true (kab_store_write_host_gone (writer, "h", NULL));
    g_assert_true (kab_store_write_commit (writer, &report, NULL));
  }
  sync_pair (fixture, t + 3 * DAY, KAB_STATE_OK, TRUE);

  g_assert_cmpint (read_since (fixture, &is_exact), ==, t + 3 * DAY);
  g_assert_false (is_exact);
  entries = kab_store_read_history (fixture->store, "h", NULL, 0, NULL);
  g_assert_cmpuint (entries->len, ==, 2);
  check_entry (entries, 0, KAB_STATE_OK, t + DAY, t + 2 * DAY);
  check_entry (entries, 1, KAB_STATE_PENDING, t, t + DAY);
}

/* The totals of a day are kept by differences; they must be those of a count of everything. */
static void
test_days_add_up (Fixture       *fixture,
                  gconstpointer  data)
{
  static const struct {
    guint    first, n_hosts, n_updates;
    gboolean full;
  } rounds[] = { { 0, 70, 20, TRUE }, { 3, 10, 20, FALSE }, { 0, 50, 15, TRUE }, { 40, 30, 20, FALSE }, { 0, 70, 20, TRUE } };

  for (guint i = 0; i < G_N_ELEMENTS (rounds); i++)
    {
      KabSyncReport report = kab_test_store_fill (fixture->store, rounds[i].first, rounds[i].n_hosts,
                                                  rounds[i].n_updates, i + 1, rounds[i].full);
      KabLimits limits = { report.finished_at, 14, 0 };
      g_autoptr(KabSnapshot) snapshot = kab_store_read_snapshot (fixture->store, &limits, NULL, NULL);
      g_autoptr(GArray) days = kab_store_read_days (fixture->store, report.finished_at - DAY + 1, NULL);
      const KabHistoryDay *day = &g_array_index (days, KabHistoryDay, 0);
      const KabUpdateRecord *updates;
      guint n_updates;

      g_assert_cmpuint (days->len, ==, 1);
      g_assert_cmpint (day->day % DAY, ==, 0);
      g_assert_cmpuint (day->n_hosts, ==, kab_snapshot_count_counted (snapshot));
      g_assert_cmpuint (day->n_compliant, ==, kab_snapshot_count_hosts (snapshot, KAB_HOST_STATE_COMPLIANT));
      updates = kab_snapshot_get_updates (snapshot, &n_updates);
      for (guint j = 0; j < KAB_N_STATES; j++)
        {
          guint n_pairs = 0;

          for (guint k = 0; k < n_updates; k++)
            n_pairs += updates[k].counts[j];
          g_assert_cmpuint (day->counts[j], ==, n_pairs);
        }
    }
}

static void
test_a_rebuilt_mirror_goes_on (Fixture       *fixture,
                               gconstpointer  data)
{
  const gint64 t = KAB_TEST_NOW;
  g_autofree char *mirror = g_build_filename (fixture->folder, "test.mirror", NULL);
  gboolean is_exact = FALSE;

  sync_pair (fixture, t, KAB_STATE_PENDING, TRUE);
  sync_pair (fixture, t + DAY, KAB_STATE_OK, TRUE);
  g_clear_object (&fixture->store);
  g_assert_true (g_file_set_contents (mirror, "no database at all, but long enough to be looked at as one, is it not? "
                                      "A hundred bytes is what a header has.", -1, NULL));
  fixture->store = kab_store_open (mirror, NULL);
  g_assert_nonnull (fixture->store);

  sync_pair (fixture, t + 2 * DAY, KAB_STATE_OK, TRUE);
  g_assert_cmpint (read_since (fixture, &is_exact), ==, t + DAY);
  g_assert_true (is_exact);
}

/* A full disk, or a copy that broke off: what is left of the file is saved, and what an index has a second time. */
static void
test_shortening_is_survived (Fixture       *fixture,
                             gconstpointer  data)
{
  g_autofree char *contents = NULL;
  gsize length;
  gint64 n_changes;

  for (guint round = 1; round < 4; round++)
    kab_test_store_fill (fixture->store, 0, 60, 20, round, TRUE);
  g_clear_object (&fixture->store);
  n_changes = count (fixture->path, "SELECT count (*) FROM changes");
  g_assert_true (g_file_get_contents (fixture->path, &contents, &length, NULL));
  g_assert_cmpuint (length, >, 12 * PAGE);

  for (gsize n_lost = 1; n_lost <= 8; n_lost++)
    {
      g_autofree char *repair = NULL;
      g_autoptr(GError) error = NULL;
      KabLedger *ledger;
      gint64 n_saved;

      g_assert_true (g_file_set_contents (fixture->path, contents, (gssize) (length - n_lost * PAGE + 1000), NULL));
      ledger = kab_ledger_open (fixture->path, FALSE, &repair, &error);
      g_assert_no_error (error);
      kab_ledger_close (ledger);
      g_assert_nonnull (repair);
      g_assert_cmpint (count (fixture->path, "SELECT count (*) FROM spans"), ==, 60);
      g_assert_cmpint (count (fixture->path, "SELECT count (*) FROM hosts"), ==, 60);
      n_saved = count (fixture->path, "SELECT count (*) FROM changes");
      g_test_message ("%" G_GSIZE_FORMAT " pages lost: %" G_GINT64_FORMAT " changes", n_lost, n_saved);
      g_assert_cmpint (n_saved, <=, n_changes);
      if (n_lost <= 3)
        g_assert_cmpint (n_saved, >, n_changes / 3);
    }
}

/* Damages every page in turn: whatever is hit, the old file stays and no row is lost. */
static void
test_damage_is_survived (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *contents = NULL;
  gsize length;
  gint64 n_changes;
  guint n_damaged = 0;

  for (guint round = 1; round < 4; round++)
    kab_test_store_fill (fixture->store, 0, 60, 20, round, TRUE);
  g_clear_object (&fixture->store);
  n_changes = count (fixture->path, "SELECT count (*) FROM changes");
  g_assert_cmpint (n_changes, >, 500);
  g_assert_true (g_file_get_contents (fixture->path, &contents, &length, NULL));

  for (gsize page = 0; page < length / PAGE; page++)
    {
      g_autofree char *damaged = g_memdup2 (contents, length);
      g_autofree char *repair = NULL;
      g_autoptr(GError) error = NULL;
      KabLedger *ledger;

      memset (damaged + page * PAGE, 0xa5, PAGE);
      g_assert_true (g_file_set_contents (fixture->path, damaged, (gssize) length, NULL));
      ledger = kab_ledger_open (fixture->path, FALSE, &repair, &error);
      g_assert_no_error (error);
      kab_ledger_close (ledger);
      if (repair == NULL)
        continue;

      n_damaged++;
      g_assert_nonnull (strstr (repair, ".damaged-"));
      g_assert_cmpint (count (fixture->path, "SELECT count (*) FROM changes"), ==, n_changes);
      g_assert_cmpint (count (fixture->path, "SELECT count (*) FROM days"), ==, 4);
      g_assert_cmpint (count (fixture->path, "SELECT count (*) FROM spans"), ==, 60);
      g_assert_cmpint (count (fixture->path, "SELECT count (*) FROM hosts"), ==, 60);
    }
  g_assert_cmpuint (n_damaged, >=, 3);
}

/* A store looks at its ledger once; damage that comes later is met by a read, and repaired by the next opening. */
static void
test_later_damage_is_survived (Fixture       *fixture,
                               gconstpointer  data)
{
  g_autofree char *contents = NULL;
  g_autofree char *repair = NULL;
  g_autoptr(GArray) days = NULL;
  g_autoptr(GError) error = NULL;
  gsize length;
  gint64 n_changes, root;

  for (guint round = 1; round < 4; round++)
    kab_test_store_fill (fixture->store, 0, 60, 20, round, TRUE);
  n_changes = count (fixture->path, "SELECT count (*) FROM changes");
  root = count (fixture->path, "SELECT rootpage - 1 FROM sqlite_schema WHERE name = 'days'");
  days = kab_store_read_days (fixture->store, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (days->len, ==, 4);

  g_assert_true (g_file_get_contents (fixture->path, &contents, &length, NULL));
  memset (contents + root * PAGE, 0xa5, PAGE);
  g_assert_true (g_file_set_contents (fixture->path, contents, (gssize) length, NULL));
  g_assert_null (kab_store_read_days (fixture->store, 0, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
  g_clear_error (&error);

  g_clear_pointer (&days, g_array_unref);
  days = kab_store_read_days (fixture->store, 0, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (days->len, ==, 4);
  repair = kab_store_dup_repair (fixture->store);
  g_assert_nonnull (strstr (repair, ".damaged-"));
  g_assert_cmpint (count (fixture->path, "SELECT count (*) FROM changes"), ==, n_changes);
}

static void
test_what_cannot_be_read_is_kept (Fixture       *fixture,
                                  gconstpointer  data)
{
  static const char * const contents[] = {
    "this is a letter and not a database, though it is longer than the hundred bytes of a header are, as one can see",
    "SQLite format 3",
  };

  g_clear_object (&fixture->store);
  for (guint i = 0; i < G_N_ELEMENTS (contents); i++)
    {
      g_autofree char *repair = NULL;
      g_autofree char *aside = NULL;
      g_autofree char *kept = NULL;
      g_autoptr(GError) error = NULL;
      KabLedger *ledger;
      char *start;

      g_assert_true (g_file_set_contents (fixture->path, contents[i], -1, NULL));
      ledger = kab_ledger_open (fixture->path, FALSE, &repair, &error);
      g_assert_no_error (error);
      kab_ledger_close (ledger);
      g_assert_nonnull (repair);
      start = strstr (repair, " as ") + 4;
      aside = g_strndup (start, strcspn (start, ";"));
      g_assert_true (g_file_get_contents (aside, &kept, NULL, &error));
      g_assert_cmpstr (kept, ==, contents[i]);
    }
}

#define ADD(name, function) g_test_add ("/ledger/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("first-sync-is-small", test_first_sync_is_small);
  ADD ("history-of-a-pair", test_history_of_a_pair);
  ADD ("shortening-is-survived", test_shortening_is_survived);
  ADD ("a-host-that-goes-and-returns", test_a_host_that_goes_and_returns);
  ADD ("days-add-up", test_days_add_up);
  ADD ("a-rebuilt-mirror-goes-on", test_a_rebuilt_mirror_goes_on);
  ADD ("damage-is-survived", test_damage_is_survived);
  ADD ("later-damage-is-survived", test_later_damage_is_survived);
  ADD ("what-cannot-be-read-is-kept", test_what_cannot_be_read_is_kept);
  return g_test_run ();
}
