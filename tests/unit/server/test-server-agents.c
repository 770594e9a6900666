/* SPDX-License-Identifier: GPL-3.0-or-later */

#include <string.h>

#include <glib.h>
#include <glib/gstdio.h>

#include "kab-action-signature.h"
#include "kab-error.h"
#include "kab-server-agents.h"
#include "kab-server-seed-private.h"
#include "kab-server-seed.h"
#include "kab-wire.h"

#define HOSTS    60
#define UPDATES  84
#define SEED     11

typedef struct {
  char            *folder;
  KabSigner       *signer;
  KabDepot        *depot;
  KabServerAgents *agents;
  gint64           clock;
  guint            n_notified;
} Fixture;

static KabSigner *shared_signer;    /* finding primes takes time */
static char *key_folder;

static gint64
test_clock (gpointer user_data)
{
  return ((Fixture *) user_data)->clock;
}

static void
notify_cb (const char *uuid,
           gpointer    user_data)
{
  ((Fixture *) user_data)->n_notified++;
}

static KabSigner *
make_signer (const char *name)
{
  g_autofree char *key = g_strdup_printf ("%s/%s.pem", key_folder, name);
  g_autofree char *certificate = g_strdup_printf ("%s/%s.crt", key_folder, name);
  g_autoptr(GError) error = NULL;
  KabSigner *signer;

  kab_signer_generate (name, key, certificate, NULL, TRUE, 0, &error);
  g_assert_no_error (error);
  signer = kab_signer_new (certificate, key, NULL, &error);
  g_assert_no_error (error);
  return signer;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GPtrArray) trusted = g_ptr_array_new_with_free_func (g_object_unref);
  KabSeedOptions seed = { SEED, HOSTS, UPDATES };
  KabAgentsOptions options = { SEED, 1.0, trusted, test_clock, fixture };
  g_autoptr(GError) error = NULL;

  fixture->signer = g_object_ref (shared_signer);
  fixture->folder = g_dir_make_tmp ("kab-agents-XXXXXX", &error);
  g_assert_no_error (error);
  fixture->depot = kab_depot_open (fixture->folder, &error);
  g_assert_no_error (error);
  seed.now = kab_depot_get_now (fixture->depot);
  seed.signer = fixture->signer;
  g_assert_true (kab_server_seed (fixture->depot, &seed, &error));
  g_assert_no_error (error);

  g_ptr_array_add (trusted, g_object_ref (kab_signer_get_certificate (fixture->signer)));
  fixture->agents = kab_server_agents_new (fixture->depot, &options);
  kab_server_agents_set_notify (fixture->agents, notify_cb, fixture);
}

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) folder = g_dir_open (path, 0, NULL);
  const char *name;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
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
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  kab_server_agents_free (fixture->agents);
  kab_depot_close (fixture->depot);
  g_object_unref (fixture->signer);
  remove_tree (fixture->folder);
  g_free (fixture->folder);
}

static JsonObject *
action_for (KabSigner  *signer,
            const char *name,
            const char *uuid)
{
  KabCertificate *certificate = kab_signer_get_certificate (signer);
  JsonObject *action = kab_wire_action_new (name, uuid, NULL, kab_certificate_get_identity (certificate)->fingerprint,
                                            kab_certificate_get_chain_pem (certificate), g_get_real_time ());
  g_autoptr(GError) error = NULL;

  g_assert_true (kab_action_sign (action, signer, &error));
  g_assert_no_error (error);
  return action;
}

static gboolean
trigger (Fixture    *fixture,
         const char *name,
         const char *uuid)
{
  g_autoptr(JsonObject) action = action_for (fixture->signer, name, uuid);

  return kab_server_agents_relay (fixture->agents, uuid, action);
}

/* Moves the clock on until nothing is due within @seconds. */
static void
run_for (Fixture *fixture,
         guint    seconds)
{
  gint64 end = fixture->clock + (gint64) seconds * G_USEC_PER_SEC;

  while (TRUE)
    {
      gint64 wait = kab_server_agents_run_due (fixture->agents);

      if (wait < 0 || fixture->clock + wait > end)
        break;
      fixture->clock += wait;
    }
  fixture->clock = end;
}

static guint
count_tasks (Fixture    *fixture,
             const char *uuid,
             const char *list)
{
  g_autoptr(JsonNode) node = kab_server_agents_tasks (fixture->agents, uuid, -1);

  return json_array_get_length (json_object_get_array_member (json_node_get_object (node), list));
}

static gboolean
is_busy (Fixture    *fixture,
         const char *uuid)
{
  g_autoptr(JsonNode) node = kab_server_agents_tasks (fixture->agents, uuid, -1);

  return !json_object_get_null_member (json_node_get_object (node), "running");
}

typedef gboolean (*HostFunc) (KabDepotHost *host);

static gboolean
is_connected (KabDepotHost *host)
{
  return g_strcmp0 (host->reachable, "OK") == 0;
}

static gboolean
is_plain (KabDepotHost *host)
{
  return is_connected (host) && g_strcmp0 (host->platform, "Windows") == 0 && host->n_records > 0 &&
         g_strcmp0 (host->host_status, "OK") == 0;
}

static gboolean
is_outdated (KabDepotHost *host)
{
  return is_connected (host) && g_strcmp0 (host->host_status, "TO-UPGRADE") == 0;
}

static gboolean
is_away (KabDepotHost *host)
{
  return !is_connected (host);
}

static gboolean
is_disabled (KabDepotHost *host)
{
  return is_connected (host) && host->waptwua_status_json != NULL &&
         strstr (host->waptwua_status_json, "\"enabled\":false") != NULL;
}

static gboolean
is_linux (KabDepotHost *host)
{
  return is_connected (host) && g_strcmp0 (host->platform, "Linux") == 0;
}

static guint
count_state (KabDepotHost *host,
             KabState      state)
{
  guint n = 0;

  for (guint i = 0; i < host->n_records; i++)
    n += kab_state_record_get_reported (&host->records[i]) == state ? 1 : 0;
  return n;
}

static KabDepotHost *
get_host (Fixture    *fixture,
          const char *uuid)
{
  g_autoptr(GError) error = NULL;
  KabDepotHost *host = kab_depot_get_host (fixture->depot, uuid, &error);

  g_assert_no_error (error);
  return host;
}

/* Returns: (transfer full): the first host that fits */
static KabDepotHost *
find_host (Fixture  *fixture,
           HostFunc  func,
           gboolean  with_pending)
{
  g_autoptr(GError) error = NULL;
  g_auto(GStrv) uuids = kab_depot_dup_uuids (fixture->depot, &error);

  g_assert_no_error (error);
  for (guint i = 0; uuids[i] != NULL; i++)
    {
      g_autoptr(KabDepotHost) host = get_host (fixture, uuids[i]);

      if (func (host) && (!with_pending || count_state (host, KAB_STATE_PENDING) > 0))
        return g_steal_pointer (&host);
    }
  g_test_message ("no such host in this fleet");
  g_assert_not_reached ();
}

static const KabStateRecord *
find_record (KabDepotHost *host,
             guint32       number)
{
  for (guint i = 0; i < host->n_records; i++)
    if (host->records[i].update == number)
      return &host->records[i];
  return NULL;
}

/* Records of @before that @after has no more */
static guint
n_hidden (KabDepotHost *before,
          KabDepotHost *after)
{
  guint n = 0;

  for (guint i = 0; i < before->n_records; i++)
    n += find_record (after, before->records[i].update) == NULL ? 1 : 0;
  return n;
}

static void
test_scan_agrees (Fixture       *fixture,
                  gconstpointer  data)
{
  g_auto(GStrv) uuids = kab_depot_dup_uuids (fixture->depot, NULL);
  guint n_same = 0;

  /* The seed and the agents are two writers of one truth. */
  for (guint i = 0; uuids[i] != NULL; i++)
    {
      g_autoptr(KabDepotHost) before = get_host (fixture, uuids[i]);
      g_autoptr(KabDepotHost) after = NULL;

      if (!is_plain (before))
        continue;
      g_assert_true (trigger (fixture, "trigger_waptwua_scan", uuids[i]));
      run_for (fixture, 600);
      after = get_host (fixture, uuids[i]);
      g_assert_cmpuint (count_tasks (fixture, uuids[i], "done"), ==, 1);
      for (guint k = 0; k < before->n_records; k++)
        {
          const KabStateRecord *record = find_record (after, before->records[k].update);

          /* What came out since the last scan may have replaced something; nothing else moved. */
          if (record == NULL || (kab_state_record_get_reported (record) == KAB_STATE_SUPERSEDED &&
                                 kab_state_record_get_reported (&before->records[k]) != KAB_STATE_SUPERSEDED))
            {
              g_assert_cmpuint (after->n_records + n_hidden (before, after), >, before->n_records);
              continue;
            }
          g_assert_cmphex (record->flags, ==, before->records[k].flags);
          g_assert_cmpint (record->result, ==, before->records[k].result);
          n_same++;
        }
    }
  g_test_message ("%u records", n_same);
  g_assert_cmpuint (n_same, >, 1000);
}

static void
test_progress (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(KabDepotHost) host = find_host (fixture, is_plain, FALSE);
  g_autoptr(JsonNode) node = NULL;
  gint64 event_id = kab_server_agents_get_event_id (fixture->agents, host->uuid);
  JsonObject *running;
  int last = -1;

  g_assert_cmpint (event_id, ==, 0);
  g_assert_null (kab_server_agents_tasks (fixture->agents, host->uuid, 0));
  g_assert_true (trigger (fixture, "trigger_waptwua_scan", host->uuid));
  g_assert_true (trigger (fixture, "trigger_waptwua_download", host->uuid));
  run_for (fixture, 2);
  g_assert_cmpuint (count_tasks (fixture, host->uuid, "pending"), ==, 1);

  for (guint i = 0; i < 20; i++)
    {
      g_autoptr(KabHostTask) task = NULL;

      g_clear_pointer (&node, json_node_unref);
      node = kab_server_agents_tasks (fixture->agents, host->uuid, -1);
      if (json_object_get_null_member (json_node_get_object (node), "running"))
        break;
      running = json_object_get_object_member (json_node_get_object (node), "running");
      task = kab_wire_read_task (running, KAB_HOST_TASK_RUNNING);
      if (kab_host_task_get_fields (task)->id == 1)
        {
          g_assert_true (kab_host_task_does (task, KAB_DEED_SCAN));
          g_assert_cmpint (kab_host_task_get_fields (task)->progress, >=, last);
          last = kab_host_task_get_fields (task)->progress;
        }
      else
        g_assert_true (kab_host_task_does (task, KAB_DEED_DOWNLOAD));
      run_for (fixture, 20);
    }
  run_for (fixture, 600);
  g_assert_cmpint (last, >, 0);
  g_assert_cmpuint (count_tasks (fixture, host->uuid, "done"), ==, 2);
  g_assert_cmpint (kab_server_agents_get_event_id (fixture->agents, host->uuid), >, 4);
  g_assert_cmpuint (fixture->n_notified, >, 4);
}

static void
test_refused (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(KabDepotHost) host = find_host (fixture, is_plain, FALSE);
  g_autoptr(KabDepotHost) away = find_host (fixture, is_away, FALSE);
  g_autoptr(KabSigner) stranger = make_signer ("stranger");
  g_autoptr(JsonObject) by_stranger = action_for (stranger, "trigger_waptwua_scan", host->uuid);
  g_autoptr(JsonObject) for_other = action_for (fixture->signer, "trigger_waptwua_scan", away->uuid);
  g_autoptr(JsonObject) unknown = action_for (fixture->signer, "trigger_coffee", host->uuid);
  g_autoptr(JsonObject) nothing = json_object_new ();

  g_assert_false (kab_server_agents_is_connected (fixture->agents, away->uuid));
  g_assert_false (trigger (fixture, "trigger_waptwua_scan", away->uuid));
  g_assert_false (kab_server_agents_relay (fixture->agents, "no-such-host", nothing));
  g_assert_true (kab_server_agents_relay (fixture->agents, host->uuid, by_stranger));
  g_assert_true (kab_server_agents_relay (fixture->agents, host->uuid, for_other));
  g_assert_true (kab_server_agents_relay (fixture->agents, host->uuid, unknown));
  g_assert_true (kab_server_agents_relay (fixture->agents, host->uuid, nothing));
  run_for (fixture, 600);
  g_assert_null (kab_server_agents_tasks (fixture->agents, host->uuid, 0));
}

static void
test_not_managed (Fixture       *fixture,
                  gconstpointer  data)
{
  HostFunc funcs[] = { is_disabled, is_linux };

  for (guint i = 0; i < G_N_ELEMENTS (funcs); i++)
    {
      g_autoptr(KabDepotHost) host = find_host (fixture, funcs[i], FALSE);

      g_assert_true (trigger (fixture, "trigger_waptwua_scan", host->uuid));
      run_for (fixture, 600);
      g_assert_cmpuint (count_tasks (fixture, host->uuid, "errors"), ==, 1);
    }
}

static void
test_upgrade (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(KabDepotHost) before = find_host (fixture, is_outdated, FALSE);
  g_autoptr(KabDepotHost) upgraded = NULL;
  g_autoptr(KabDepotHost) scanned = NULL;

  /* A scan installs no rule package … */
  g_assert_nonnull (strstr (before->installed_packages_json, "\"package\":\"demo-wua-base\",\"version\":\"11\""));
  g_assert_true (trigger (fixture, "trigger_waptwua_scan", before->uuid));
  run_for (fixture, 600);
  scanned = get_host (fixture, before->uuid);
  g_assert_nonnull (strstr (scanned->waptwua_status_json, "\"version\":\"11\""));
  g_clear_pointer (&scanned, kab_depot_host_free);

  /* … an upgrade does, but changes no state before the next scan. */
  g_assert_true (trigger (fixture, "trigger_host_upgrade", before->uuid));
  run_for (fixture, 600);
  g_assert_cmpuint (count_tasks (fixture, before->uuid, "done"), ==, 2);
  upgraded = get_host (fixture, before->uuid);
  g_assert_cmpstr (upgraded->host_status, ==, "OK");
  g_assert_null (strstr (upgraded->installed_packages_json, "\"version\":\"11\""));
  g_assert_nonnull (strstr (upgraded->waptwua_status_json, "\"version\":\"11\""));

  g_assert_true (trigger (fixture, "trigger_waptwua_scan", before->uuid));
  run_for (fixture, 600);
  scanned = get_host (fixture, before->uuid);
  g_assert_null (strstr (scanned->waptwua_status_json, "\"version\":\"11\""));
  g_assert_nonnull (strstr (scanned->waptwua_status_json, "\"version\":\"12\""));
  g_assert_cmpuint (count_state (scanned, KAB_STATE_SUPERSEDED), >, 0);
  g_assert_cmpstr (scanned->status_hashes_json, !=, before->status_hashes_json);
}

static void
test_download (Fixture       *fixture,
               gconstpointer  data)
{
  g_auto(GStrv) uuids = kab_depot_dup_uuids (fixture->depot, NULL);
  g_autofree char *found = NULL;

  for (guint i = 0; uuids[i] != NULL && found == NULL; i++)
    {
      g_autoptr(KabDepotHost) host = get_host (fixture, uuids[i]);

      if (is_plain (host) && strstr (host->waptwua_status_json, "missing_downloads\":[\"http") != NULL)
        found = g_strdup (uuids[i]);
    }
  g_assert_nonnull (found);

  g_assert_true (trigger (fixture, "trigger_waptwua_download", found));
  run_for (fixture, 600);
  {
    g_autoptr(KabDepotHost) host = get_host (fixture, found);

    g_assert_nonnull (strstr (host->waptwua_status_json, "missing_downloads\":[\"http"));
  }

  /* Half an hour later the server has them, and the next download takes them. */
  run_for (fixture, 31 * 60);
  g_assert_true (trigger (fixture, "trigger_waptwua_download", found));
  run_for (fixture, 600);
  {
    g_autoptr(KabDepotHost) host = get_host (fixture, found);

    g_assert_nonnull (strstr (host->waptwua_status_json, "missing_downloads\":[]"));
    for (guint i = 0; i < host->n_records; i++)
      if (kab_state_record_get_reported (&host->records[i]) == KAB_STATE_PENDING)
        g_assert_cmpint (kab_state_record_get_flag (&host->records[i], KAB_FLAG_DOWNLOADED), ==, KAB_TRISTATE_TRUE);
  }
}

static void
test_install (Fixture       *fixture,
              gconstpointer  data)
{
  g_auto(GStrv) uuids = kab_depot_dup_uuids (fixture->depot, NULL);
  guint n_installed = 0, n_failed = 0, n_restarts = 0;

  for (guint i = 0; uuids[i] != NULL; i++)
    {
      g_autoptr(KabDepotHost) before = get_host (fixture, uuids[i]);
      g_autoptr(KabDepotHost) after = NULL;
      g_autoptr(KabDepotHost) later = NULL;

      if (!is_plain (before) || count_state (before, KAB_STATE_PENDING) == 0)
        continue;
      g_assert_true (trigger (fixture, "trigger_waptwua_install", uuids[i]));
      run_for (fixture, 60);
      while (is_busy (fixture, uuids[i]))
        run_for (fixture, 60);
      after = get_host (fixture, uuids[i]);
      n_installed += count_state (after, KAB_STATE_OK) - count_state (before, KAB_STATE_OK);
      for (guint k = 0; k < after->n_records; k++)
        {
          const KabStateRecord *record = &after->records[k];

          /* The word and the newest entry tell one story. */
          g_assert_cmpint (kab_state_record_get_reported (record) == KAB_STATE_ERROR, ==,
                           record->result != 0 && kab_state_record_get_flag (record, KAB_FLAG_ALLOWED) == KAB_TRISTATE_TRUE);
          n_failed += record->result != 0 ? 1 : 0;
        }

      if (strstr (after->wuauserv_status_json, "\"reboot_needed\":true") != NULL &&
          strstr (before->wuauserv_status_json, "\"reboot_needed\":true") == NULL)
        {
          g_assert_nonnull (strstr (after->wapt_status_json, "Windows Update"));
          run_for (fixture, 5 * 60 * 60);
          later = get_host (fixture, uuids[i]);
          g_assert_nonnull (strstr (later->wuauserv_status_json, "\"reboot_needed\":false"));
          g_assert_nonnull (strstr (later->wapt_status_json, "pending_reboot_reasons\":[]"));
          g_assert_cmpstr (later->os_version, !=, before->os_version);
          n_restarts++;
        }
    }
  g_test_message ("%u installed, %u failed, %u restarts", n_installed, n_failed, n_restarts);
  g_assert_cmpuint (n_installed, >, 20);
  g_assert_cmpuint (n_failed, >, 0);
  g_assert_cmpuint (n_restarts, >, 0);
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(KabDepotHost) host = find_host (fixture, is_plain, TRUE);

  g_assert_true (trigger (fixture, "trigger_waptwua_install", host->uuid));
  g_assert_true (trigger (fixture, "trigger_waptwua_scan", host->uuid));
  run_for (fixture, 10);
  g_assert_cmpuint (count_tasks (fixture, host->uuid, "pending"), ==, 1);
  g_assert_true (trigger (fixture, "trigger_cancel_all_tasks", host->uuid));
  run_for (fixture, 2);
  g_assert_cmpuint (count_tasks (fixture, host->uuid, "pending"), ==, 0);
  g_assert_cmpuint (count_tasks (fixture, host->uuid, "cancelled"), ==, 2);
  run_for (fixture, 3600);
  g_assert_cmpuint (count_tasks (fixture, host->uuid, "done"), ==, 0);
}

static gboolean
says (Fixture    *fixture,
      const char *uuid,
      const char *text)
{
  g_autoptr(KabDepotHost) host = get_host (fixture, uuid);

  return strstr (host->waptwua_status_json, text) != NULL;
}

/* A host that scans says so, but not for ever when the server goes away meanwhile. */
static void
test_busy (Fixture       *fixture,
           gconstpointer  data)
{
  g_autoptr(KabDepotHost) host = find_host (fixture, is_plain, TRUE);
  g_autoptr(GPtrArray) trusted = g_ptr_array_new ();
  KabAgentsOptions options = { SEED, 1.0, trusted, test_clock, fixture };

  g_ptr_array_add (trusted, kab_signer_get_certificate (fixture->signer));
  g_assert_true (trigger (fixture, "trigger_waptwua_scan", host->uuid));
  run_for (fixture, 5);
  g_assert_true (says (fixture, host->uuid, "\"status\":\"SCANNING\""));
  run_for (fixture, 600);
  g_assert_true (says (fixture, host->uuid, "\"status\":\"PENDING_UPDATES\""));

  g_assert_true (trigger (fixture, "trigger_waptwua_install", host->uuid));
  run_for (fixture, 5);
  g_assert_true (says (fixture, host->uuid, "\"status\":\"INSTALL\""));
  kab_server_agents_free (fixture->agents);
  fixture->agents = kab_server_agents_new (fixture->depot, &options);
  g_assert_true (says (fixture, host->uuid, "\"status\":\"PENDING_UPDATES\""));
}

static void
test_change (Fixture       *fixture,
             gconstpointer  data)
{
  g_auto(GStrv) uuids = kab_depot_dup_uuids (fixture->depot, NULL);
  g_autoptr(GPtrArray) hashes = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) error = NULL;
  guint n_changed = 0, n_differ = 0;

  for (guint i = 0; uuids[i] != NULL; i++)
    {
      g_autoptr(KabDepotHost) host = get_host (fixture, uuids[i]);

      g_ptr_array_add (hashes, g_strdup (host->status_hashes_json));
    }
  g_assert_true (kab_server_seed_change (fixture->depot, 10, 5, &n_changed, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (n_changed, ==, HOSTS / 10);
  g_assert_cmpint (kab_depot_count_updates (fixture->depot), ==, UPDATES + 2);
  for (guint i = 0; uuids[i] != NULL; i++)
    {
      g_autoptr(KabDepotHost) host = get_host (fixture, uuids[i]);

      n_differ += g_strcmp0 (host->status_hashes_json, hashes->pdata[i]) != 0 ? 1 : 0;
    }
  g_assert_cmpuint (n_differ, ==, n_changed);

  /* Agents of a server that ran meanwhile keep what they do not know. */
  for (guint i = 0; uuids[i] != NULL; i++)
    {
      g_autoptr(KabDepotHost) before = get_host (fixture, uuids[i]);
      g_autoptr(KabDepotHost) after = NULL;

      if (!is_plain (before) || before->records[before->n_records - 1].update <= UPDATES)
        continue;
      g_assert_true (trigger (fixture, "trigger_waptwua_scan", uuids[i]));
      run_for (fixture, 600);
      after = get_host (fixture, uuids[i]);
      g_assert_cmpuint (after->records[after->n_records - 1].update, ==, before->records[before->n_records - 1].update);
    }
}

static void
test_idle (Fixture       *fixture,
           gconstpointer  data)
{
  g_assert_cmpint (kab_server_agents_run_due (fixture->agents), ==, -1);
  g_assert_cmpuint (fixture->n_notified, ==, 0);
}

#define ADD(name, func) g_test_add ("/server-agents/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int    argc,
      char **argv)
{
  int result;

  g_test_init (&argc, &argv, NULL);
  key_folder = g_dir_make_tmp ("kab-keys-XXXXXX", NULL);
  shared_signer = make_signer ("practice");
  ADD ("idle", test_idle);
  ADD ("scan-agrees-with-seed", test_scan_agrees);
  ADD ("progress", test_progress);
  ADD ("refused", test_refused);
  ADD ("not-managed", test_not_managed);
  ADD ("upgrade", test_upgrade);
  ADD ("download", test_download);
  ADD ("install", test_install);
  ADD ("cancel", test_cancel);
  ADD ("busy", test_busy);
  ADD ("change", test_change);
  result = g_test_run ();
  remove_tree (key_folder);
  g_free (key_folder);
  g_object_unref (shared_signer);
  return result;
}
