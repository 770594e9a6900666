/* test-sync-faults.c: kill -9 of either side wherever it can hurt, then a good sync, and nothing was lost
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "kab-test-isolate.h"
#include "kab-test-server.h"
#include "kab-test-store.h"

typedef struct {
  char          *folder;
  char          *depot;
  char          *store;
  KabTestServer *server;
} Fixture;

static KabTestServer *
start_server (Fixture    *fixture,
              const char *fault)
{
  return kab_test_server_start (fixture->depot, fault, "--hosts", "6", "--updates", "20", "--seed", "5",
                                "--no-agents", NULL);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = kab_test_folder_new ();
  fixture->depot = g_build_filename (fixture->folder, "depot", NULL);
  fixture->store = g_build_filename (fixture->folder, "a.mirror", NULL);
  fixture->server = start_server (fixture, NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->server != NULL)
    kab_test_server_stop (fixture->server);
  kab_test_folder_remove (fixture->folder);
  g_free (fixture->store);
  g_free (fixture->depot);
  g_free (fixture->folder);
}

static KabTestRun *
sync_with (Fixture    *fixture,
           const char *store,
           const char *fault,
           gboolean    open_level)
{
  return kab_test_ctl (fixture->server, store, fault, "sync", "--format", "json",
                       open_level ? "--open-level" : NULL, NULL);
}

static void
remove_mirror (const char *path)
{
  const char * const ends[] = { "", "-wal", "-shm" };

  for (guint i = 0; i < G_N_ELEMENTS (ends); i++)
    {
      g_autofree char *file = g_strconcat (path, ends[i], NULL);

      g_unlink (file);
    }
}

static void
assert_good (const KabTestRun *run)
{
  if (run->status != 0)
    g_test_message ("%s", run->err);
  g_assert_cmpint (run->status, ==, 0);
}

/* "fault point name" lines → how often each place was visited */
static GHashTable *
count_places (const char *text)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  GHashTable *places = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (char **line = lines; *line != NULL; line++)
    {
      const char *mark = strstr (*line, "fault point ");
      guint n;

      if (mark == NULL)
        continue;
      mark += strlen ("fault point ");
      n = GPOINTER_TO_UINT (g_hash_table_lookup (places, mark));
      g_hash_table_replace (places, g_strdup (mark), GUINT_TO_POINTER (n + 1));
    }

  return places;
}

/* A fresh mirror of what the server has now. */
static char *
dump_fresh (Fixture *fixture)
{
  g_autofree char *path = g_build_filename (fixture->folder, "fresh.mirror", NULL);
  g_autoptr(KabTestRun) run = NULL;
  char *dump;

  remove_mirror (path);
  run = sync_with (fixture, path, NULL, FALSE);
  assert_good (run);
  dump = kab_test_dump_file (path);

  return dump;
}

/* How many places must be visited: a test that visits none proves nothing. */
static void
test_client_dies (Fixture       *fixture,
                  gconstpointer  data)
{
  gboolean open_level = GPOINTER_TO_INT (data);
  g_autoptr(KabTestRun) first = sync_with (fixture, fixture->store, NULL, open_level);
  g_autoptr(KabTestRun) listed = NULL;
  g_autoptr(GHashTable) places = NULL;
  GHashTableIter iter;
  gpointer name;
  gpointer visits;
  guint n_deaths = 0;
  guint seed = 1;

  assert_good (first);
  kab_test_server_change (fixture->depot, 20, seed++);
  listed = sync_with (fixture, fixture->store, "list", open_level);
  assert_good (listed);
  places = count_places (listed->err);
  g_assert_cmpuint (g_hash_table_size (places), >=, 2);

  g_hash_table_iter_init (&iter, places);
  while (g_hash_table_iter_next (&iter, &name, &visits))
    {
      for (guint visit = 1; visit <= GPOINTER_TO_UINT (visits); visit++)
        {
          g_autofree char *fault = g_strdup_printf ("%s:%u", (char *) name, visit);
          g_autoptr(KabTestRun) killed = NULL;
          g_autoptr(KabTestRun) good = NULL;
          g_autofree char *after = NULL;
          g_autofree char *whole = NULL;

          g_test_message ("%s", fault);
          kab_test_server_change (fixture->depot, 20, seed++);
          killed = sync_with (fixture, fixture->store, fault, open_level);
          n_deaths += killed->status == -SIGKILL;

          good = sync_with (fixture, fixture->store, NULL, open_level);
          assert_good (good);
          after = kab_test_dump_file (fixture->store);
          whole = dump_fresh (fixture);
          kab_test_assert_same (after, whole);
        }
    }
  g_assert_cmpuint (n_deaths, >=, 2);
}

/* One death of the server at the @visit-th visit of a place, in its start or in the middle of an answer.
 * Returns: %FALSE when it lived through a whole sync: there is no such visit. */
static gboolean
let_server_die (Fixture    *fixture,
                const char *fault,
                gboolean    open_level)
{
  g_autofree char *before = kab_test_dump_file (fixture->store);
  g_autoptr(KabTestRun) broken = NULL;

  kab_test_server_stop (fixture->server);
  fixture->server = start_server (fixture, fault);
  if (fixture->server == NULL)
    return TRUE;

  broken = sync_with (fixture, fixture->store, NULL, open_level);
  if (broken->status != 0)
    {
      g_autofree char *after = kab_test_dump_file (fixture->store);

      g_assert_cmpint (broken->status, ==, 4);
      kab_test_assert_same (after, before);
    }
  return !kab_test_server_end (g_steal_pointer (&fixture->server));
}

/* Deaths in one place, on a server of their own: a client spends most of its time between two attempts. */
typedef struct {
  const char *fault;
  gboolean    open_level;
  guint       n_deaths;
  GThread    *thread;
} Deaths;

static gpointer
die_at_each_visit (gpointer user_data)
{
  Deaths *deaths = user_data;
  Fixture fixture = { 0 };
  g_autoptr(KabTestRun) first = NULL;
  gboolean died = TRUE;
  guint seed = 100;

  set_up (&fixture, NULL);
  first = sync_with (&fixture, fixture.store, NULL, deaths->open_level);
  assert_good (first);
  for (guint visit = 1; died; visit++)
    {
      g_autofree char *fault = g_strdup_printf ("%s:%u", deaths->fault, visit);
      g_autoptr(KabTestRun) good = NULL;
      g_autofree char *after = NULL;
      g_autofree char *whole = NULL;

      kab_test_server_change (fixture.depot, 50, seed++);
      died = let_server_die (&fixture, fault, deaths->open_level);
      deaths->n_deaths += died;

      fixture.server = start_server (&fixture, NULL);
      good = sync_with (&fixture, fixture.store, NULL, deaths->open_level);
      assert_good (good);
      after = kab_test_dump_file (fixture.store);
      whole = dump_fresh (&fixture);
      kab_test_assert_same (after, whole);
    }
  tear_down (&fixture, NULL);

  return NULL;
}

/* The other side of the line; how many deaths at least: a test that kills nobody proves nothing. */
static void
test_server_dies (void)
{
  Deaths deaths[] = {
    { "server-before-answer", FALSE }, { "server-in-stream", FALSE }, { "server-after-answer", FALSE },
    { "server-before-answer", TRUE }, { "server-in-stream", TRUE }, { "server-after-answer", TRUE },
  };
  guint n_bulk = 0;
  guint n_open = 0;

  for (guint i = 0; i < G_N_ELEMENTS (deaths); i++)
    deaths[i].thread = g_thread_new (deaths[i].fault, die_at_each_visit, &deaths[i]);
  for (guint i = 0; i < G_N_ELEMENTS (deaths); i++)
    {
      g_thread_join (deaths[i].thread);
      *(deaths[i].open_level ? &n_open : &n_bulk) += deaths[i].n_deaths;
    }
  g_test_message ("the server died %u times at the bulk level, %u times at the open one", n_bulk, n_open);
  g_assert_cmpuint (n_bulk, >=, 10);
  g_assert_cmpuint (n_open, >=, 10);
}

int
main (int    argc,
      char **argv)
{
  kab_test_isolate ();
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/sync-faults/client-bulk", Fixture, GINT_TO_POINTER (FALSE), set_up, test_client_dies, tear_down);
  g_test_add ("/sync-faults/client-open", Fixture, GINT_TO_POINTER (TRUE), set_up, test_client_dies, tear_down);
  g_test_add_func ("/sync-faults/server", test_server_dies);

  return kab_test_isolate_run ();
}
