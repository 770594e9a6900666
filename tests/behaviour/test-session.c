/* test-session.c: what the window does: practice fleet, sync, look, act, see it change
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-detail.h"
#include "kab-error.h"
#include "kab-session.h"
#include "kab-signing.h"
#include "kab-sync-job.h"
#include "kab-sync-log-entry.h"
#include "kab-test-isolate.h"
#include "kab-test-store.h"
#include "kab-trigger-job.h"

/* Lets the main loop turn until something is there. */
#define WAIT_FOR(condition) \
  G_STMT_START \
    { \
      gint64 give_up = g_get_monotonic_time () + 120 * G_USEC_PER_SEC; \
      while (!(condition)) \
        { \
          g_main_context_iteration (NULL, FALSE); \
          g_usleep (500); \
          g_assert_cmpint (g_get_monotonic_time (), <, give_up); \
        } \
    } \
  G_STMT_END

static void
keep_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
count_cb (KabSession *session,
          KabJob     *job,
          guint      *n)
{
  ++*n;
}

static KabProfile *
start_practice (void)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  KabProfile *profile;
  char *password = NULL;

  kab_practice_start_async (NULL, keep_cb, &result);
  WAIT_FOR (result != NULL);
  profile = kab_practice_start_finish (result, &password, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (profile->name, ==, KAB_PROFILE_PRACTICE);
  g_assert_cmpstr (profile->ca_file, !=, "");
  g_assert_nonnull (password);
  kab_secret_free (password);

  return profile;
}

static void
look_at_host (KabSession *session,
              const char *uuid)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(KabHostDetail) detail = NULL;
  g_autoptr(GError) error = NULL;
  guint sum = 0;

  kab_session_read_host_async (session, uuid, NULL, keep_cb, &result);
  WAIT_FOR (result != NULL);
  detail = kab_session_read_host_finish (session, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kab_host_get_uuid (detail->host), ==, uuid);
  for (guint i = 0; i < KAB_N_STATES; i++)
    sum += detail->counts[i];
  g_assert_cmpuint (sum, ==, g_list_model_get_n_items (detail->pairs));
}

static void
look_at_update (KabSession            *session,
                const KabUpdateRecord *record)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(KabUpdateDetail) detail = NULL;
  g_autoptr(GError) error = NULL;

  kab_session_read_update_async (session, record->update_id, NULL, keep_cb, &result);
  WAIT_FOR (result != NULL);
  detail = kab_session_read_update_finish (session, result, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (kab_update_get_id (detail->update), ==, record->update_id);
  for (guint i = 0; i < KAB_N_STATES; i++)
    g_assert_cmpuint (detail->counts[i], ==, record->counts[i]);
  g_assert_cmpuint (detail->verdicts->len, >, 0);
}

static void
look_at_log (KabSession *session,
             guint       n_expected)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) days_result = NULL;
  g_autoptr(GListModel) log = NULL;
  g_autoptr(GArray) days = NULL;
  g_autoptr(GError) error = NULL;

  kab_session_read_sync_log_async (session, NULL, keep_cb, &result);
  kab_session_read_days_async (session, 0, NULL, keep_cb, &days_result);
  WAIT_FOR (result != NULL && days_result != NULL);
  log = kab_session_read_sync_log_finish (session, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (log), >=, n_expected);
  days = kab_session_read_days_finish (session, days_result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (days->len, >=, 1);
}

static void
look_at_tasks (KabSession *session,
               const char *uuid)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GListModel) tasks = NULL;
  g_autoptr(GError) error = NULL;

  kab_session_read_tasks_async (session, uuid, NULL, keep_cb, &result);
  WAIT_FOR (result != NULL);
  tasks = kab_session_read_tasks_finish (session, result, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (tasks), >, 0);
}

static const char *
find_connected (KabSnapshot *snapshot)
{
  guint n;
  const KabHostRecord *hosts = kab_snapshot_get_hosts (snapshot, &n);

  for (guint i = 0; i < n; i++)
    {
      if (hosts[i].triggerable && hosts[i].counted && hosts[i].state == KAB_HOST_STATE_PENDING)
        return hosts[i].uuid;
    }
  g_assert_not_reached ();
}

static void
test_story (void)
{
  g_autoptr(KabProfile) profile = start_practice ();
  g_autofree char *folder = kab_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "a.mirror", NULL);
  g_autoptr(KabSession) session = NULL;
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(KabSnapshot) first = NULL;
  g_autoptr(GError) error = NULL;
  const char *hosts[2] = { NULL, NULL };
  g_autofree char *uuid = NULL;
  gboolean needs_passphrase = TRUE;
  guint n_synced = 0;
  guint n_triggered = 0;
  guint n_hosts;
  KabJob *job;

  profile->sync_minutes = 0;
  session = kab_session_new (profile, path);
  g_signal_connect (session, "synced", G_CALLBACK (count_cb), &n_synced);
  g_signal_connect (session, "triggered", G_CALLBACK (count_cb), &n_triggered);
  g_assert_null (kab_session_get_snapshot (session));
  WAIT_FOR (kab_session_get_snapshot (session) != NULL);
  g_assert_cmpint (kab_snapshot_get_synced_at (kab_session_get_snapshot (session)), ==, 0);
  g_assert_cmpint (kab_session_get_connection (session), ==, KAB_CONNECTION_OFFLINE);

  job = kab_session_sync (session, FALSE);
  g_assert_true (kab_session_sync (session, TRUE) == job);
  g_assert_cmpint (kab_session_get_connection (session), ==, KAB_CONNECTION_CONNECTING);
  WAIT_FOR (n_synced == 1);
  g_assert_cmpint (kab_session_get_connection (session), ==, KAB_CONNECTION_ONLINE);
  g_assert_cmpstr (kab_session_get_level (session), ==, "bulk");
  g_assert_cmpstr (kab_session_get_server_version (session), !=, "");
  first = g_object_ref (kab_session_get_snapshot (session));
  kab_snapshot_get_hosts (first, &n_hosts);
  g_assert_cmpuint (n_hosts, ==, 60);

  uuid = g_strdup (find_connected (first));
  look_at_host (session, uuid);
  look_at_update (session, &kab_snapshot_get_updates (first, NULL)[0]);
  look_at_log (session, 1);

  kab_session_check_signing_key_async (session, NULL, keep_cb, &result);
  WAIT_FOR (result != NULL);
  g_assert_true (kab_session_check_signing_key_finish (session, result, &needs_passphrase, &error));
  g_assert_no_error (error);
  g_assert_false (needs_passphrase);

  hosts[0] = uuid;
  job = kab_session_trigger (session, KAB_DEED_SCAN, hosts, NULL);
  WAIT_FOR (n_triggered == 1);
  g_assert_cmpint (kab_job_get_state (job), ==, KAB_JOB_DONE);
  g_assert_cmpuint (kab_trigger_job_count (KAB_TRIGGER_JOB (job), KAB_TRIGGER_DONE), ==, 1);
  look_at_tasks (session, uuid);

  /* A sync follows by itself, and shows what the scan found. */
  WAIT_FOR (n_synced == 2);
  g_assert_cmpint (kab_snapshot_get_hosts (kab_session_get_snapshot (session), NULL)
                     [kab_snapshot_find_host (kab_session_get_snapshot (session), uuid)].last_scan_at, >,
                   kab_snapshot_get_hosts (first, NULL)[kab_snapshot_find_host (first, uuid)].last_scan_at);

  /* Closing in the middle of a sync ends it. */
  kab_session_sync (session, FALSE);
  kab_session_close (session);
  WAIT_FOR (kab_job_queue_get_active (kab_session_get_jobs (session)) == 0);
  g_clear_object (&session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  kab_practice_stop ();
  kab_test_folder_remove (folder);
}

/* The test that first run and preferences offer, on a good server and on bad answers. */
static void
test_connect (void)
{
  g_autoptr(KabProfile) profile = start_practice ();
  g_autoptr(KabConnectResult) good = NULL;
  g_autoptr(KabConnectResult) wrong = NULL;
  g_autoptr(KabConnectResult) untrusted = NULL;
  g_autoptr(KabConnectResult) pinned = NULL;
  g_autoptr(KabConnectResult) away = NULL;
  g_autoptr(GError) error = NULL;
  char *password = NULL;
  KabProfile *same = kab_practice_start (&password, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (same->url, ==, profile->url);
  kab_profile_free (same);

  good = kab_connect_test_run (profile, password, NULL, &error);
  g_assert_no_error (good->error);
  g_assert_true (good->reachable && good->trusted && good->signed_in);
  g_assert_cmpuint (good->n_hosts, ==, 60);
  g_assert_cmpstr (good->level, ==, "bulk");
  g_assert_nonnull (good->certificate);

  wrong = kab_connect_test_run (profile, "wrong", NULL, &error);
  g_assert_error (wrong->error, KAB_ERROR, KAB_ERROR_AUTH);
  g_assert_true (wrong->reachable && wrong->trusted && !wrong->signed_in);

  g_free (profile->ca_file);
  profile->ca_file = g_strdup ("");
  untrusted = kab_connect_test_run (profile, password, NULL, &error);
  g_assert_error (untrusted->error, KAB_ERROR, KAB_ERROR_UNTRUSTED);
  g_assert_true (untrusted->reachable && !untrusted->trusted);
  g_assert_nonnull (untrusted->problems);
  g_assert_cmpstr (untrusted->certificate->fingerprint, ==, good->certificate->fingerprint);

  g_free (profile->pinned_fingerprint);
  profile->pinned_fingerprint = g_strdup (untrusted->certificate->fingerprint);
  pinned = kab_connect_test_run (profile, password, NULL, &error);
  g_assert_no_error (pinned->error);
  g_assert_true (pinned->signed_in);

  g_free (profile->url);
  profile->url = g_strdup ("https://127.0.0.1:9");
  away = kab_connect_test_run (profile, password, NULL, &error);
  g_assert_error (away->error, KAB_ERROR, KAB_ERROR_NETWORK);
  g_assert_false (away->reachable);
  kab_practice_stop ();
  kab_secret_free (password);
}

/* Without a password there is something to ask for, and without a key as well. */
static void
test_missing (void)
{
  g_autoptr(KabProfile) profile = start_practice ();
  g_autofree char *folder = kab_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "a.mirror", NULL);
  g_autoptr(KabSession) session = NULL;
  g_autoptr(KabSigningCheck) check = NULL;
  g_autoptr(KabSigningCheck) locked = NULL;
  char *password = NULL;

  kab_profile_free (kab_practice_start (&password, NULL, NULL));
  locked = kab_signing_check_run (profile->signing_certificate, profile->signing_key, "wrong");
  g_assert_error (locked->error, KAB_ERROR, KAB_ERROR_PASSPHRASE);
  g_assert_true (locked->needs_passphrase);
  check = kab_signing_check_run (profile->signing_certificate, "", NULL);
  g_assert_error (check->error, KAB_ERROR, KAB_ERROR_USAGE);
  g_assert_nonnull (check->identity);

  g_free (profile->user);
  profile->user = g_strdup ("somebody");
  profile->sync_minutes = 0;
  session = kab_session_new (profile, path);
  kab_session_sync (session, FALSE);
  WAIT_FOR (kab_session_get_connection (session) == KAB_CONNECTION_SIGN_IN);
  g_assert_error (kab_session_get_error (session), KAB_ERROR, KAB_ERROR_AUTH);
  kab_session_set_password (session, password, FALSE);
  g_assert_cmpint (kab_session_get_connection (session), !=, KAB_CONNECTION_SIGN_IN);

  kab_session_close (session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_clear_object (&session);
  kab_practice_stop ();
  kab_test_folder_remove (folder);
  kab_secret_free (password);
}

int
main (int    argc,
      char **argv)
{
  g_autofree char *server = NULL;

  g_setenv ("KABINET_PRACTICE_HOSTS", "60", TRUE);
  g_setenv ("KABINET_PRACTICE_SPEED", "600", TRUE);
  kab_test_isolate ();
  g_test_init (&argc, &argv, NULL);
  server = g_test_build_filename (G_TEST_BUILT, "..", "app", "server", "kabinet-server", NULL);
  g_setenv ("KABINET_SERVER", server, TRUE);

  g_test_add_func ("/session/story", test_story);
  g_test_add_func ("/session/connect", test_connect);
  g_test_add_func ("/session/missing", test_missing);

  return kab_test_isolate_run ();
}
