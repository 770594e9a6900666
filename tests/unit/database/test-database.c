/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-database"

#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <glib/gstdio.h>

#include "kab-database.h"
#include "kab-error.h"

typedef struct
{
  char *folder;
  char *path;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = g_dir_make_tmp ("kab-database-XXXXXX", NULL);
  fixture->path = g_build_filename (fixture->folder, "test.db", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  static const char * const suffixes[] = { "", "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (fixture->path, suffixes[i], NULL);

      g_unlink (path);
    }
  g_rmdir (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static KabDatabase *
open_filled (Fixture *fixture)
{
  g_autoptr(GError) error = NULL;
  KabDatabase *database = kab_database_open (fixture->path, KAB_DATABASE_READ_WRITE, &error);

  g_assert_no_error (error);
  kab_database_execute (database, "CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT, c BLOB, d REAL) STRICT", &error);
  g_assert_no_error (error);
  return database;
}

static gint64
count_rows (KabDatabase *database)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabStatement) stmt = kab_database_prepare (database, "SELECT count (*) FROM t", &error);
  gint64 n;

  g_assert_no_error (error);
  g_assert_true (kab_statement_step (stmt, &error));
  n = kab_statement_get_int64 (stmt, 0);
  g_assert_false (kab_statement_step (stmt, &error));
  g_assert_no_error (error);
  return n;
}

static void
test_values_come_back (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(KabDatabase) database = open_filled (fixture);
  g_autoptr(KabStatement) insert = NULL;
  g_autoptr(KabStatement) select = NULL;
  g_autoptr(GError) error = NULL;
  gsize size = 99;

  insert = kab_database_prepare (database, "INSERT INTO t VALUES (?1, ?2, ?3, ?4)", &error);
  g_assert_no_error (error);
  kab_statement_bind_int64 (insert, 1, G_MAXINT64);
  kab_statement_bind_text (insert, 2, "x' OR 1 --");
  kab_statement_bind_blob (insert, 3, "a\0b", 3);
  g_assert_true (kab_database_run (database, insert, &error));
  kab_statement_bind_int64 (insert, 1, 1);
  kab_statement_bind_static (insert, 2, "abcdef", 3);
  kab_statement_bind_blob (insert, 3, NULL, 0);
  g_assert_true (kab_database_run (database, insert, &error));      /* what was bound before is gone */
  g_assert_cmpint (kab_database_get_last_rowid (database), ==, 1);

  select = kab_database_prepare (database, "SELECT * FROM t ORDER BY a", &error);
  g_assert_true (kab_statement_step (select, &error));
  g_assert_cmpstr (kab_statement_get_text (select, 1), ==, "abc");
  g_assert_false (kab_statement_is_null (select, 2));
  kab_statement_get_blob (select, 2, &size);
  g_assert_cmpuint (size, ==, 0);
  g_assert_true (kab_statement_is_null (select, 3));
  g_assert_true (kab_statement_step (select, &error));
  g_assert_cmpint (kab_statement_get_int64 (select, 0), ==, G_MAXINT64);
  g_assert_cmpstr (kab_statement_get_text (select, 1), ==, "x' OR 1 --");
  g_assert_cmpmem (kab_statement_get_blob (select, 2, &size), 3, "a\0b", 3);
  g_assert_false (kab_statement_step (select, &error));
  g_assert_no_error (error);
}

static void
test_file_is_private (Fixture       *fixture,
                      gconstpointer  data)
{
  static const char * const suffixes[] = { "", "-wal" };
  g_autoptr(KabDatabase) database G_GNUC_UNUSED = open_filled (fixture);
  struct stat status;

  for (guint i = 0; i < G_N_ELEMENTS (suffixes); i++)
    {
      g_autofree char *path = g_strconcat (fixture->path, suffixes[i], NULL);

      g_assert_cmpint (stat (path, &status), ==, 0);
      g_assert_cmpint (status.st_mode & 0777, ==, 0600);
    }
}

static void
test_transactions (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(KabDatabase) database = open_filled (fixture);
  g_autoptr(KabDatabase) reader = kab_database_open (fixture->path, KAB_DATABASE_READ_ONLY, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_true (kab_database_begin_read (reader, &error));
  g_assert_true (kab_database_begin (database, &error));
  g_assert_true (kab_database_is_in_transaction (database));
  g_assert_true (kab_database_execute (database, "INSERT INTO t (a) VALUES (1)", &error));
  g_assert_cmpint (count_rows (reader), ==, 0);
  g_assert_true (kab_database_commit (database, &error));
  g_assert_cmpint (count_rows (reader), ==, 0);          /* a frozen view */
  g_assert_true (kab_database_commit (reader, &error));
  g_assert_cmpint (count_rows (reader), ==, 1);

  g_assert_true (kab_database_begin (database, &error));
  g_assert_true (kab_database_execute (database, "DELETE FROM t", &error));
  kab_database_rollback (database);
  kab_database_rollback (database);
  g_assert_cmpint (count_rows (database), ==, 1);

  g_assert_false (kab_database_execute (reader, "DELETE FROM t", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_STORAGE);
}

static void
test_one_writer_at_a_time (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(KabDatabase) first = open_filled (fixture);
  g_autoptr(KabDatabase) second = kab_database_open (fixture->path, KAB_DATABASE_READ_WRITE, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;
  gint64 start;

  g_assert_true (kab_database_begin (first, &error));
  kab_database_set_busy_timeout (second, 30);
  g_assert_false (kab_database_begin (second, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_STORAGE);
  g_assert_nonnull (strstr (error->message, "another process"));
  g_clear_error (&error);

  /* Waiting can be cancelled. */
  kab_database_set_busy_timeout (second, 60000);
  kab_database_set_cancellable (second, cancellable);
  g_cancellable_cancel (cancellable);
  start = g_get_monotonic_time ();
  g_assert_false (kab_database_begin (second, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (g_get_monotonic_time () - start, <, 5 * G_USEC_PER_SEC);
}

static void
test_statements_can_be_cancelled (Fixture       *fixture,
                                  gconstpointer  data)
{
  g_autoptr(KabDatabase) database = open_filled (fixture);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  kab_database_set_cancellable (database, cancellable);
  g_cancellable_cancel (cancellable);
  g_assert_false (kab_database_execute (database, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
                                        "SELECT sum (i) FROM n", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  kab_database_set_cancellable (database, NULL);
  g_assert_cmpint (count_rows (database), ==, 0);
}

static void
test_errors_say_what_to_do (Fixture       *fixture,
                            gconstpointer  data)
{
  g_autoptr(KabDatabase) database = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *nowhere = g_build_filename (fixture->folder, "no", "such", "folder", NULL);

  g_assert_null (kab_database_open (fixture->path, KAB_DATABASE_READ_ONLY, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND);
  g_clear_error (&error);

  g_assert_null (kab_database_open (nowhere, KAB_DATABASE_READ_WRITE, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_STORAGE);
  g_clear_error (&error);

  g_assert_null (kab_database_open (fixture->folder, KAB_DATABASE_READ_WRITE, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_STORAGE);
  g_clear_error (&error);

  g_file_set_contents (fixture->path, "This is no database, but a letter of some length to somebody else, quite long.\n"
                       "It goes on and on until it is longer than a header of a hundred bytes.", -1, NULL);
  g_assert_null (kab_database_open (fixture->path, KAB_DATABASE_READ_WRITE, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
  g_clear_error (&error);
  g_unlink (fixture->path);

  database = open_filled (fixture);
  g_assert_false (kab_database_execute (database, "INSERT INTO t VALUES (1, 2, 3, 'no number')", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
  g_clear_error (&error);
  g_assert_null (kab_database_prepare (database, "SELEKT", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
}

/* A disk that is full: SQLite refuses to grow the file. */
static void
test_full_disk (Fixture       *fixture,
                gconstpointer  data)
{
  g_autoptr(KabDatabase) database = open_filled (fixture);
  g_autoptr(GError) error = NULL;

  g_assert_true (kab_database_execute (database, "PRAGMA max_page_count = 4", &error));
  g_assert_true (kab_database_begin (database, &error));
  g_assert_false (kab_database_execute (database, "INSERT INTO t (c) VALUES (zeroblob (100000))", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_STORAGE);
  kab_database_rollback (database);
  g_assert_cmpint (count_rows (database), ==, 0);
}

static void
test_damage_is_found (Fixture       *fixture,
                      gconstpointer  data)
{
  g_autoptr(KabDatabase) database = open_filled (fixture);
  g_autoptr(GError) error = NULL;
  g_autofree char *contents = NULL;
  gsize length;

  g_assert_true (kab_database_execute (database, "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                                       "WHERE i < 2000) INSERT INTO t SELECT i, 'text ' || i, NULL, NULL FROM n", &error));
  g_assert_true (kab_database_is_intact (database, &error));
  g_assert_no_error (error);
  g_clear_pointer (&database, kab_database_close);

  g_assert_true (g_file_get_contents (fixture->path, &contents, &length, NULL));
  memset (contents + 2 * 4096, 0x55, 3 * 4096);
  g_assert_true (g_file_set_contents (fixture->path, contents, (gssize) length, NULL));
  database = kab_database_open (fixture->path, KAB_DATABASE_READ_WRITE, &error);
  g_assert_no_error (error);
  g_assert_false (kab_database_is_intact (database, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
}

static void
test_steps_only_grow (Fixture       *fixture,
                      gconstpointer  data)
{
  static const char * const steps[] = {
    "CREATE TABLE t (a INTEGER) STRICT", "ALTER TABLE t ADD COLUMN b TEXT", "INSERT INTO t VALUES (1, 'b')",
  };
  static const char * const broken[] = { "CREATE TABLE t (a INTEGER) STRICT", "CREATE TABLE u (a INTEGER); NONSENSE" };
  g_autoptr(KabDatabase) database = kab_database_open (fixture->path, KAB_DATABASE_READ_WRITE, NULL);
  g_autoptr(GError) error = NULL;

  g_assert_false (kab_migration_run (database, broken, 2, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
  g_clear_error (&error);
  g_assert_cmpint (kab_migration_get_version (database, NULL), ==, 1);
  g_assert_null (kab_database_prepare (database, "SELECT * FROM u", NULL));     /* half a step is none */

  g_assert_true (kab_migration_run (database, steps, 2, &error));
  g_assert_cmpint (kab_migration_get_version (database, NULL), ==, 2);
  g_assert_true (kab_migration_run (database, steps, 3, &error));
  g_assert_true (kab_migration_run (database, steps, 3, &error));
  g_assert_cmpint (count_rows (database), ==, 1);

  g_assert_false (kab_migration_run (database, steps, 2, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_UNSUPPORTED);
}

#define ADD(name, function) g_test_add ("/database/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("values-come-back", test_values_come_back);
  ADD ("file-is-private", test_file_is_private);
  ADD ("transactions", test_transactions);
  ADD ("one-writer-at-a-time", test_one_writer_at_a_time);
  ADD ("statements-can-be-cancelled", test_statements_can_be_cancelled);
  ADD ("errors-say-what-to-do", test_errors_say_what_to_do);
  ADD ("full-disk", test_full_disk);
  ADD ("damage-is-found", test_damage_is_found);
  ADD ("steps-only-grow", test_steps_only_grow);
  return g_test_run ();
}
