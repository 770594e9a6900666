/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kab-database.h"
#include "kab-error.h"
#include "kab-test-store.h"

static char *program;

typedef struct
{
  char *folder;
  char *mirror;
  char *ledger;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = kab_test_folder_new ();
  fixture->mirror = g_build_filename (fixture->folder, "test.mirror", NULL);
  fixture->ledger = g_build_filename (fixture->folder, "test.ledger", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  kab_test_folder_remove (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->mirror);
  g_free (fixture->ledger);
}

static gint64
count (const char *path,
       const char *sql)
{
  g_autoptr(KabDatabase) database = kab_database_open (path, KAB_DATABASE_READ_WRITE, NULL);
  g_autoptr(KabStatement) stmt = kab_database_prepare (database, sql, NULL);

  g_assert_nonnull (stmt);
  g_assert_true (kab_statement_step (stmt, NULL));
  return kab_statement_get_int64 (stmt, 0);
}

/* Dies at one place of the second sync, then looks from outside: all or nothing, and history neither lost nor twice. */
static void
test_killed_at_any_place (Fixture       *fixture,
                          gconstpointer  data)
{
  static const struct {
    const char *fault;
    gboolean    committed;
  } cases[] = {
    { "store-before-commit:2", FALSE },
    { "store-after-commit:2", TRUE },
    { "ledger-before-commit:2", TRUE },
    { "ledger-after-commit:2", TRUE },
    { "outbox-after-clear:2", TRUE },
    { "log-before-commit", TRUE },
    { "log-after-commit", TRUE },
  };
  gint64 n_changes = -1;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *folder = kab_test_folder_new ();
      g_autofree char *mirror = g_build_filename (folder, "test.mirror", NULL);
      g_autofree char *ledger = g_build_filename (folder, "test.ledger", NULL);
      g_auto(GStrv) environment = g_environ_setenv (g_get_environ (), "KABINET_FAULT", cases[i].fault, TRUE);
      char *argv[] = { program, (char *) "--child", folder, NULL };
      g_autoptr(KabStore) store = NULL;
      g_autoptr(KabSnapshot) snapshot = NULL;
      g_autoptr(GError) error = NULL;
      KabSyncReport report;
      int status = 0;

      g_spawn_sync (NULL, argv, environment, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status, &error);
      g_assert_no_error (error);
      g_assert_true (WIFSIGNALED (status) && WTERMSIG (status) == SIGKILL);

      store = kab_store_open (mirror, &error);
      g_assert_no_error (error);
      g_assert_null (kab_store_dup_repair (store));
      snapshot = kab_store_read_snapshot (store, &kab_test_limits, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpint (kab_snapshot_get_synced_at (snapshot), ==,
                       KAB_TEST_NOW + (cases[i].committed ? 24 * 60 * 60 : 0) + 5);

      /* Opening has let the ledger take what was left; the same sync again brings what was not committed. */
      g_assert_cmpint (count (mirror, "SELECT count (*) FROM outbox"), ==, 0);
      if (cases[i].committed)
        g_assert_cmpint (count (ledger, "SELECT count (*) FROM days"), ==, 2);
      report = kab_test_store_fill (store, 0, 20, 10, 1, TRUE);
      g_assert_cmpint (report.states_changed == 0, ==, cases[i].committed);
      if (n_changes < 0)
        n_changes = count (ledger, "SELECT count (*) FROM changes");
      g_assert_cmpint (n_changes, >, 0);
      g_assert_cmpint (count (ledger, "SELECT count (*) FROM changes"), ==, n_changes);
      g_assert_cmpint (count (ledger, "SELECT count (*) FROM spans"), ==, 20);

      g_clear_object (&snapshot);
      g_clear_object (&store);
      kab_test_folder_remove (folder);
    }
}

static int
live_and_die (const char *folder)
{
  g_autoptr(KabStore) store = kab_test_store_new (folder, 20, 10);
  KabSyncReport report = { 0 };

  kab_test_store_fill (store, 0, 20, 10, 1, TRUE);
  kab_store_log_failure (store, &report, "cancelled", NULL);
  return 0;
}

/* Returns: the name of the file set aside, which must exist */
static void
assert_repaired (KabStore *store)
{
  g_autofree char *repair = kab_store_dup_repair (store);
  g_autofree char *aside = NULL;
  char *start;

  g_assert_nonnull (repair);
  start = strstr (repair, "set aside as ");
  g_assert_nonnull (start);
  start += strlen ("set aside as ");
  aside = g_strndup (start, strcspn (start, ";"));
  g_assert_true (g_file_test (aside, G_FILE_TEST_EXISTS));
}

static void
test_damaged_at_open (Fixture       *fixture,
                      gconstpointer  data)
{
  enum { NOT_A_DATABASE, TRUNCATED, HEADER, FIRST_PAGE, OTHER_SCHEMA, N_CASES };
  g_autofree char *contents = NULL;
  gsize length;

  g_object_unref (kab_test_store_new (fixture->folder, 100, 50));
  g_assert_true (g_file_get_contents (fixture->mirror, &contents, &length, NULL));

  for (guint i = 0; i < N_CASES; i++)
    {
      g_autofree char *damaged = g_memdup2 (contents, length);
      g_autoptr(KabStore) store = NULL;
      g_autoptr(KabSnapshot) snapshot = NULL;
      g_autoptr(GError) error = NULL;
      guint n_hosts;

      if (i == NOT_A_DATABASE)
        memset (damaged, 'x', length);
      if (i == HEADER)
        memset (damaged + 16, 0xff, 16);
      if (i == FIRST_PAGE)
        memset (damaged + 100, 0xff, 2000);
      g_assert_true (g_file_set_contents (fixture->mirror, damaged, (gssize) (i == TRUNCATED ? length / 2 : length), NULL));
      if (i == OTHER_SCHEMA)
        {
          g_autoptr(KabDatabase) database = kab_database_open (fixture->mirror, KAB_DATABASE_READ_WRITE, NULL);

          g_assert_true (kab_database_execute (database, "DROP TABLE host_states", &error));
        }

      store = kab_store_open (fixture->mirror, &error);
      g_assert_no_error (error);
      assert_repaired (store);
      snapshot = kab_store_read_snapshot (store, &kab_test_limits, NULL, &error);
      g_assert_no_error (error);
      kab_snapshot_get_hosts (snapshot, &n_hosts);
      g_assert_cmpuint (n_hosts, ==, 0);
      g_assert_cmpuint (kab_test_store_fill (store, 0, 10, 5, 3, TRUE).hosts_new, ==, 10);
    }
}

/* Damage that nobody saw at open: a read meets it, says so, and the next one finds a new, empty mirror. */
static void
test_damaged_while_open (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *contents = NULL;
  g_autoptr(KabStore) store = NULL;
  g_autoptr(KabSnapshot) snapshot = NULL;
  g_autoptr(KabDatabase) other = NULL;
  g_autoptr(GError) error = NULL;
  gsize length;
  guint n_hosts;

  g_object_unref (kab_test_store_new (fixture->folder, 100, 50));
  store = kab_store_open (fixture->mirror, &error);
  g_assert_no_error (error);
  other = kab_database_open (fixture->mirror, KAB_DATABASE_READ_WRITE, &error);
  g_assert_true (kab_database_execute (other, "INSERT INTO meta VALUES ('a', 'b'); PRAGMA wal_checkpoint", &error));
  g_assert_true (g_file_get_contents (fixture->mirror, &contents, &length, NULL));
  {
    FILE *file = fopen (fixture->mirror, "r+");

    memset (contents, 0xff, length);
    g_assert_cmpint (fseek (file, 8192, SEEK_SET), ==, 0);
    g_assert_cmpuint (fwrite (contents, 1, length - 8192, file), ==, length - 8192);
    fclose (file);
  }
  /* A commit of somebody else makes the store forget the pages that it still has in memory. */
  g_assert_true (kab_database_execute (other, "INSERT INTO meta VALUES ('c', 'd')", &error));

  g_assert_null (kab_store_read_snapshot (store, &kab_test_limits, NULL, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
  g_clear_error (&error);
  assert_repaired (store);
  snapshot = kab_store_read_snapshot (store, &kab_test_limits, NULL, &error);
  g_assert_no_error (error);
  kab_snapshot_get_hosts (snapshot, &n_hosts);
  g_assert_cmpuint (n_hosts, ==, 0);
  g_assert_cmpuint (kab_test_store_fill (store, 0, 10, 5, 3, TRUE).hosts_new, ==, 10);
}

/* Damage in pages that opening does not look at: a check finds it, and the mirror is made anew. */
static void
test_damage_further_down (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autofree char *contents = NULL;
  g_autoptr(KabStore) store = NULL;
  g_autoptr(GError) error = NULL;
  gsize length;

  g_object_unref (kab_test_store_new (fixture->folder, 100, 50));
  store = kab_store_open (fixture->mirror, &error);
  g_assert_true (kab_store_check (store, NULL, &error));
  g_assert_no_error (error);
  g_clear_object (&store);

  g_assert_true (g_file_get_contents (fixture->mirror, &contents, &length, NULL));
  memset (contents + length - 3 * 8192, 0xa5, 3 * 8192);
  g_assert_true (g_file_set_contents (fixture->mirror, contents, (gssize) length, NULL));
  store = kab_store_open (fixture->mirror, &error);
  g_assert_no_error (error);
  g_assert_null (kab_store_dup_repair (store));
  g_assert_false (kab_store_check (store, NULL, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
  assert_repaired (store);
  g_clear_error (&error);
  g_assert_true (kab_store_check (store, NULL, &error));
}

static void
test_newer_schema_is_left_alone (Fixture       *fixture,
                                 gconstpointer  data)
{
  g_autoptr(KabDatabase) database = NULL;
  g_autoptr(GError) error = NULL;

  g_object_unref (kab_test_store_new (fixture->folder, 3, 3));
  database = kab_database_open (fixture->mirror, KAB_DATABASE_READ_WRITE, NULL);
  g_assert_true (kab_database_execute (database, "PRAGMA user_version = 1000", &error));
  g_assert_null (kab_store_open (fixture->mirror, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_UNSUPPORTED);
  g_assert_cmpint (count (fixture->mirror, "SELECT count (*) FROM hosts"), ==, 3);
}

/* tests/data/store/mirror-N.sql, ledger-N.sql: a file of every past version as text */
static void
test_past_versions_open (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autofree char *folder = g_test_build_filename (G_TEST_DIST, "data", "store", NULL);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n_versions = 0;

  g_assert_nonnull (dir);
  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *sql_path = g_build_filename (folder, name, NULL);
      g_autofree char *path = NULL;
      g_autofree char *sql = NULL;
      g_autofree char *scratch = kab_test_folder_new ();
      g_autofree char *mirror = g_build_filename (scratch, "test.mirror", NULL);
      g_autoptr(KabDatabase) database = NULL;
      g_autoptr(KabStore) store = NULL;
      g_autoptr(GArray) days = NULL;
      g_autoptr(GHashTable) hashes = NULL;
      g_autoptr(GError) error = NULL;

      if (!g_str_has_suffix (name, ".sql"))
        continue;
      n_versions++;
      path = g_build_filename (scratch, g_str_has_prefix (name, "mirror") ? "test.mirror" : "test.ledger", NULL);
      g_assert_true (g_file_get_contents (sql_path, &sql, NULL, NULL));
      database = kab_database_open (path, KAB_DATABASE_READ_WRITE, &error);
      g_assert_no_error (error);
      kab_database_execute (database, sql, &error);
      g_assert_no_error (error);
      g_clear_pointer (&database, kab_database_close);

      store = kab_store_open (mirror, &error);
      g_assert_no_error (error);
      g_assert_null (kab_store_dup_repair (store));
      hashes = kab_store_read_host_hashes (store, &error);
      days = kab_store_read_days (store, 0, &error);
      g_assert_no_error (error);
      if (g_str_has_prefix (name, "mirror"))
        g_assert_cmpuint (g_hash_table_size (hashes), ==, 2);
      else
        g_assert_cmpuint (days->len, ==, 2);
      kab_test_store_fill (store, 0, 5, 5, 50, TRUE);
      g_clear_object (&store);
      kab_test_folder_remove (scratch);
    }

  g_assert_cmpuint (n_versions, >=, 2);
}

static void
test_two_writers (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autoptr(KabStore) first = kab_test_store_new (fixture->folder, 3, 3);
  g_autoptr(KabStore) second = kab_store_open (fixture->mirror, NULL);
  g_autoptr(KabStoreWriter) writer = kab_store_write_begin (first, NULL, NULL);
  g_autoptr(KabDatabase) impatient = kab_database_open (fixture->mirror, KAB_DATABASE_READ_WRITE, NULL);
  g_autoptr(GHashTable) hashes = NULL;
  g_autoptr(GError) error = NULL;

  kab_database_set_busy_timeout (impatient, 20);
  g_assert_false (kab_database_begin (impatient, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_STORAGE);

  /* Reading goes on meanwhile. */
  hashes = kab_store_read_host_hashes (second, NULL);
  g_assert_cmpuint (g_hash_table_size (hashes), ==, 3);
  g_clear_pointer (&writer, kab_store_write_abandon);
  g_assert_cmpuint (kab_test_store_fill (second, 0, 4, 3, 0, TRUE).hosts_new, ==, 1);
}

static void
test_folder_that_cannot_be_written (Fixture       *fixture,
                                    gconstpointer  data)
{
  g_autofree char *path = g_build_filename (fixture->folder, "deep", "down", "test.mirror", NULL);
  g_autofree char *file = g_build_filename (fixture->folder, "file", NULL);
  g_autofree char *below = g_build_filename (file, "test.mirror", NULL);
  g_autoptr(KabStore) store = NULL;
  g_autoptr(GError) error = NULL;
  struct stat status;

  store = kab_store_open (path, &error);       /* folders are made, for their owner only */
  g_assert_no_error (error);
  g_assert_cmpint (stat (path, &status), ==, 0);
  g_assert_cmpint (status.st_mode & 0777, ==, 0600);

  g_assert_true (g_file_set_contents (file, "", 0, NULL));
  g_assert_null (kab_store_open (below, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_STORAGE);
  g_clear_error (&error);

  if (geteuid () != 0)
    {
      g_assert_cmpint (chmod (fixture->folder, 0500), ==, 0);
      g_assert_null (kab_store_open (fixture->mirror, &error));
      g_assert_error (error, KAB_ERROR, KAB_ERROR_STORAGE);
      g_assert_cmpint (chmod (fixture->folder, 0700), ==, 0);
    }
}

#define ADD(name, function) g_test_add ("/store-damage/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  if (argc > 2 && strcmp (argv[1], "--child") == 0)
    return live_and_die (argv[2]);

  program = argv[0];
  g_test_init (&argc, &argv, NULL);
  ADD ("killed-at-any-place", test_killed_at_any_place);
  ADD ("damaged-at-open", test_damaged_at_open);
  ADD ("damaged-while-open", test_damaged_while_open);
  ADD ("damage-further-down", test_damage_further_down);
  ADD ("newer-schema-is-left-alone", test_newer_schema_is_left_alone);
  ADD ("past-versions-open", test_past_versions_open);
  ADD ("two-writers", test_two_writers);
  ADD ("folder-that-cannot-be-written", test_folder_that_cannot_be_written);
  return g_test_run ();
}
