/* test-kabinetctl.c: the command line on a real server: verbs, formats, exit codes
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "kab-test-isolate.h"
#include "kab-test-server.h"
#include "kab-test-store.h"
#include "kab-wire.h"

typedef struct {
  char          *folder;
  char          *store;
  KabTestServer *server;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *depot = NULL;

  fixture->folder = kab_test_folder_new ();
  depot = g_build_filename (fixture->folder, "depot", NULL);
  fixture->store = g_build_filename (fixture->folder, "a.mirror", NULL);
  fixture->server = kab_test_server_start (depot, NULL, "--hosts", "40", "--updates", "40", "--seed", "3",
                                           "--tls", "--speed", "600", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  kab_test_server_stop (fixture->server);
  kab_test_folder_remove (fixture->folder);
  g_free (fixture->store);
  g_free (fixture->folder);
}

static JsonNode *
parse (const KabTestRun *run)
{
  JsonNode *node;

  if (run->status != 0)
    g_test_message ("%s", run->err);
  g_assert_cmpint (run->status, ==, 0);
  node = kab_wire_parse (run->out, -1, NULL);
  g_assert_nonnull (node);

  return node;
}

static JsonNode *
ask_json (Fixture    *fixture,
          const char *verb,
          const char *noun,
          const char *word,
          const char *word2)
{
  g_autoptr(KabTestRun) run = kab_test_ctl (NULL, fixture->store, NULL, "--format", "json", verb, noun, word, word2,
                                            NULL);

  return parse (run);
}

static void
test_story (Fixture       *fixture,
            gconstpointer  data)
{
  g_autoptr(KabTestRun) early = kab_test_ctl (NULL, fixture->store, NULL, "status", NULL);
  g_autoptr(KabTestRun) sync = NULL;
  g_autoptr(KabTestRun) table = NULL;
  g_autoptr(KabTestRun) csv = NULL;
  g_autoptr(JsonNode) numbers = NULL;
  g_autoptr(JsonNode) status = NULL;
  g_autoptr(JsonNode) updates = NULL;
  g_autoptr(JsonNode) hosts = NULL;
  g_autoptr(JsonNode) host = NULL;
  g_autoptr(JsonNode) update = NULL;
  g_autoptr(JsonNode) why = NULL;
  JsonObject *object;
  JsonObject *pair = NULL;
  const char *uuid;
  const char *id;

  g_test_message ("%s", early->err);
  g_assert_cmpint (early->status, ==, 1);
  g_assert_nonnull (strstr (early->err, "sync"));

  sync = kab_test_ctl (fixture->server, fixture->store, NULL, "sync", "--format", "json", NULL);
  numbers = parse (sync);
  object = json_node_get_object (numbers);
  g_assert_cmpstr (kab_json_get_text (object, "level"), ==, "bulk");
  g_assert_cmpint (kab_json_get_int (object, "hosts_new", 0), ==, 40);

  status = ask_json (fixture, "status", NULL, NULL, NULL);
  object = json_node_get_object (status);
  g_assert_cmpint (kab_json_get_int (object, "hosts", 0), ==, 40);
  g_assert_cmpint (kab_json_get_int (object, "updates", 0), ==, 40);
  g_assert_cmpint (kab_json_get_int (object, "pairs", 0), >, 0);
  g_assert_cmpint (kab_json_get_int (object, "states/OK", 0), >, 0);

  updates = ask_json (fixture, "updates", "list", "needed:>0", NULL);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (updates)), >, 0);
  hosts = ask_json (fixture, "hosts", "list", NULL, NULL);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (hosts)), ==, 40);

  for (guint i = 0; i < 40 && pair == NULL; i++)
    {
      JsonArray *pairs;

      g_clear_pointer (&host, json_node_unref);
      object = json_array_get_object_element (json_node_get_array (hosts), i);
      uuid = kab_json_get_text (object, "uuid");
      host = ask_json (fixture, "hosts", "show", uuid, NULL);
      pairs = json_object_get_array_member (json_node_get_object (host), "updates");
      if (json_array_get_length (pairs) > 0)
        pair = json_array_get_object_element (pairs, 0);
    }
  g_assert_nonnull (pair);
  id = kab_json_get_text (pair, "update_id");
  update = ask_json (fixture, "updates", "show", id, NULL);
  g_assert_cmpstr (kab_json_get_text (json_node_get_object (update), "title"), ==, kab_json_get_text (pair, "title"));
  why = ask_json (fixture, "explain", uuid, id, NULL);
  object = json_array_get_object_element (json_node_get_array (why), 0);
  g_assert_cmpstr (kab_json_get_text (object, "state"), ==, kab_json_get_text (pair, "state"));
  g_assert_cmpstr (kab_json_get_text (object, "local_status_status"), ==,
                   kab_json_get_text (pair, "local_status_status"));
  g_assert_cmpstr (kab_json_get_text (object, "why"), ==, kab_json_get_text (pair, "why"));

  table = kab_test_ctl (NULL, fixture->store, NULL, "hosts", "list", "--limit", "3", "--sort", "name", NULL);
  g_assert_cmpint (table->status, ==, 0);
  g_assert_cmpstr (table->err, ==, "");
  csv = kab_test_ctl (NULL, fixture->store, NULL, "updates", "list", "--format", "csv", NULL);
  g_assert_cmpint (csv->status, ==, 0);
  g_assert_true (g_str_has_prefix (csv->out, "update_id,"));
}

static void
test_trigger (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(KabTestRun) sync = kab_test_ctl (fixture->server, fixture->store, NULL, "sync", NULL);
  g_autofree char *passphrase = g_build_filename (fixture->folder, "passphrase", NULL);
  const KabProfile *profile = fixture->server->profile;
  g_autoptr(KabTestRun) triggered = NULL;
  g_autoptr(KabTestRun) cancelled = NULL;
  g_autoptr(KabTestRun) tasks = NULL;
  g_autoptr(JsonNode) ends = NULL;
  g_autoptr(JsonNode) hosts = NULL;
  g_autoptr(JsonNode) rows = NULL;
  g_autoptr(JsonNode) list = NULL;
  const char *uuid;

  g_assert_cmpint (sync->status, ==, 0);
  g_assert_true (g_file_set_contents_full (passphrase, fixture->server->passphrase != NULL
                                                         ? fixture->server->passphrase : "", -1, 0, 0600, NULL));
  hosts = ask_json (fixture, "hosts", "list", "is:triggerable", "state:compliant,pending");
  uuid = kab_json_get_text (json_array_get_object_element (json_node_get_array (hosts), 0), "uuid");
  triggered = kab_test_ctl (fixture->server, fixture->store, NULL, "tasks", "trigger", "scan", uuid, "--key",
                            profile->signing_key, "--certificate", profile->signing_certificate, "--passphrase-file",
                            passphrase, "--format", "json", NULL);
  g_test_message ("%s%s", triggered->out, triggered->err);
  rows = parse (triggered);
  g_assert_cmpstr (kab_json_get_text (json_array_get_object_element (json_node_get_array (rows), 0), "state"), ==,
                   "done");

  /* Of a host that does nothing, that is known at once: patience would end in “no answer”. */
  cancelled = kab_test_ctl (fixture->server, fixture->store, NULL, "tasks", "trigger", "cancel-tasks", uuid, "--key",
                            profile->signing_key, "--certificate", profile->signing_certificate, "--passphrase-file",
                            passphrase, "--patience", "20", "--no-sync", "--format", "json", NULL);
  g_test_message ("%s%s", cancelled->out, cancelled->err);
  ends = parse (cancelled);
  g_assert_cmpstr (kab_json_get_text (json_array_get_object_element (json_node_get_array (ends), 0), "state"), ==,
                   "done");

  tasks = kab_test_ctl (fixture->server, fixture->store, NULL, "tasks", "list", uuid, "--format", "json", NULL);
  list = parse (tasks);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (list)), >, 0);
}

static void
test_exit_codes (Fixture       *fixture,
                 gconstpointer  data)
{
  g_autofree char *good = g_strdup (fixture->server->password);
  g_autofree char *address = g_strdup (fixture->server->profile->url);
  g_autofree char *ca = g_strdup (fixture->server->profile->ca_file);
  g_autofree char *folder = g_build_filename (fixture->folder, "file", "below", "a.mirror", NULL);
  g_autofree char *file = g_build_filename (fixture->folder, "file", NULL);
  g_autoptr(KabTestRun) usage = kab_test_ctl (NULL, fixture->store, NULL, "frobnicate", NULL);
  g_autoptr(KabTestRun) query = NULL;
  g_autoptr(KabTestRun) password = NULL;
  g_autoptr(KabTestRun) network = NULL;
  g_autoptr(KabTestRun) unsafe = NULL;
  g_autoptr(KabTestRun) storage = NULL;
  g_autoptr(KabTestRun) plain = NULL;
  g_autoptr(KabTestRun) sync = kab_test_ctl (fixture->server, fixture->store, NULL, "sync", NULL);
  g_autoptr(KabTestRun) missing = kab_test_ctl (NULL, fixture->store, NULL, "hosts", "show", "no-such-host", NULL);

  g_assert_cmpint (sync->status, ==, 0);
  g_assert_cmpint (usage->status, ==, 2);
  g_assert_cmpint (missing->status, ==, 1);
  query = kab_test_ctl (NULL, fixture->store, NULL, "updates", "list", "frobnicate:1", NULL);
  g_assert_cmpint (query->status, ==, 2);

  g_free (fixture->server->password);
  fixture->server->password = g_strdup ("wrong");
  password = kab_test_ctl (fixture->server, fixture->store, NULL, "sync", NULL);
  g_assert_cmpint (password->status, ==, 5);
  g_free (fixture->server->password);
  fixture->server->password = g_steal_pointer (&good);

  g_free (fixture->server->profile->ca_file);
  fixture->server->profile->ca_file = g_strdup ("");
  unsafe = kab_test_ctl (fixture->server, fixture->store, NULL, "sync", NULL);
  g_assert_cmpint (unsafe->status, ==, 6);
  g_free (fixture->server->profile->ca_file);
  fixture->server->profile->ca_file = g_steal_pointer (&ca);

  g_free (fixture->server->profile->url);
  fixture->server->profile->url = g_strdup ("https://127.0.0.1:9");
  network = kab_test_ctl (fixture->server, fixture->store, NULL, "sync", NULL);
  g_assert_cmpint (network->status, ==, 4);
  g_free (fixture->server->profile->url);
  fixture->server->profile->url = g_strdup ("http://server.example.lan");
  plain = kab_test_ctl (fixture->server, fixture->store, NULL, "sync", NULL);
  g_assert_cmpint (plain->status, ==, 2);
  g_free (fixture->server->profile->url);
  fixture->server->profile->url = g_steal_pointer (&address);

  g_assert_true (g_file_set_contents (file, "x", -1, NULL));
  storage = kab_test_ctl (fixture->server, folder, NULL, "sync", NULL);
  g_assert_cmpint (storage->status, ==, 7);
}

/* Ctrl-C while it runs: 130, and the mirror still reads. */
static void
test_interrupt (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "..", "app", "cli", "kabinetctl", NULL);
  g_autofree char *secret = g_build_filename (fixture->folder, "password", NULL);
  const KabProfile *profile = fixture->server->profile;
  guint n_interrupted = 0;

  g_assert_true (g_file_set_contents_full (secret, fixture->server->password, -1, 0, 0600, NULL));
  for (guint i = 0; i < 8 && n_interrupted == 0; i++)
    {
      g_autoptr(GSubprocess) process = NULL;
      g_autoptr(GError) error = NULL;

      process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, path,
                                  "--store", fixture->store, "--server", profile->url, "--user", profile->user,
                                  "--password-file", secret, "--ca", profile->ca_file, "sync", "--open-level", NULL);
      g_assert_no_error (error);
      g_usleep (60000 + i * 40000);
      g_subprocess_send_signal (process, SIGINT);
      g_assert_true (g_subprocess_wait (process, NULL, NULL));
      if (g_subprocess_get_if_signaled (process))     /* a busy machine had not started it yet */
        continue;
      n_interrupted += g_subprocess_get_exit_status (process) == 130;
      g_assert_true (g_subprocess_get_exit_status (process) == 130 || g_subprocess_get_exit_status (process) == 0);
    }
  g_assert_cmpuint (n_interrupted, >, 0);
}

static void
test_open_file (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *path = g_test_build_filename (G_TEST_BUILT, "..", "app", "cli", "kabinetctl", NULL);
  g_autofree char *secret = g_build_filename (fixture->folder, "password", NULL);
  const KabProfile *profile = fixture->server->profile;
  g_autoptr(GSubprocess) process = NULL;
  g_autofree char *words = NULL;

  g_assert_true (g_file_set_contents_full (secret, fixture->server->password, -1, 0, 0644, NULL));
  g_chmod (secret, 0644);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_PIPE, NULL, path,
                              "--store", fixture->store, "--server", profile->url, "--user", profile->user,
                              "--password-file", secret, "--ca", profile->ca_file, "sync", NULL);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &words, NULL));
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 0);
  g_assert_nonnull (strstr (words, "chmod 600"));
  g_assert_null (strstr (words, fixture->server->password));
}

int
main (int    argc,
      char **argv)
{
  kab_test_isolate ();
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/kabinetctl/story", Fixture, NULL, set_up, test_story, tear_down);
  g_test_add ("/kabinetctl/trigger", Fixture, NULL, set_up, test_trigger, tear_down);
  g_test_add ("/kabinetctl/exit-codes", Fixture, NULL, set_up, test_exit_codes, tear_down);
  g_test_add ("/kabinetctl/interrupt", Fixture, NULL, set_up, test_interrupt, tear_down);
  g_test_add ("/kabinetctl/open-file", Fixture, NULL, set_up, test_open_file, tear_down);

  return kab_test_isolate_run ();
}
