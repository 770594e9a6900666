/* test-trigger.c: hosts do what they are asked, and nothing is called done that is not
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-error.h"
#include "kab-host-tasks.h"
#include "kab-secrets.h"
#include "kab-sync-job.h"
#include "kab-test-isolate.h"
#include "kab-test-server.h"
#include "kab-test-store.h"
#include "kab-trigger-job.h"

typedef struct {
  char          *folder;
  KabTestServer *server;
  KabMirror     *mirror;
  KabSignIn     *sign_in;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autofree char *depot = NULL;
  g_autofree char *path = NULL;

  fixture->folder = kab_test_folder_new ();
  depot = g_build_filename (fixture->folder, "depot", NULL);
  path = g_build_filename (fixture->folder, "a.mirror", NULL);
  fixture->server = kab_test_server_start (depot, NULL, "--hosts", "40", "--updates", "40", "--seed", "3",
                                           "--speed", "600", NULL);
  fixture->mirror = kab_mirror_new (path);
  fixture->sign_in = kab_test_server_sign_in (fixture->server);
  if (fixture->server->passphrase != NULL)
    kab_secrets_store (KAB_SECRET_SIGNING_PASSPHRASE, fixture->server->profile, fixture->server->passphrase, FALSE,
                       NULL, NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->mirror);
  g_clear_object (&fixture->sign_in);
  kab_test_server_stop (fixture->server);
  kab_test_folder_remove (fixture->folder);
  g_free (fixture->folder);
}

static KabSnapshot *
sync_and_read (Fixture *fixture)
{
  g_autoptr(KabSyncJob) job = kab_sync_job_new (fixture->sign_in, fixture->mirror, FALSE);
  const KabLimits limits = { .now = g_get_real_time () / G_USEC_PER_SEC, .silent_days = 14, .stale_scan_days = 7 };
  g_autoptr(GError) error = NULL;
  KabSnapshot *snapshot;

  kab_job_run (KAB_JOB (job), NULL, &error);
  g_assert_no_error (error);
  snapshot = kab_store_read_snapshot (kab_mirror_open (fixture->mirror, NULL), &limits, NULL, &error);
  g_assert_no_error (error);

  return snapshot;
}

/* Some hosts of which the server says that they are connected, or not. */
static GArray *
pick (KabSnapshot *snapshot,
      gboolean     connected,
      guint        n_wanted)
{
  GArray *targets = g_array_new (FALSE, FALSE, sizeof (KabTriggerTarget));
  guint n;
  const KabHostRecord *hosts = kab_snapshot_get_hosts (snapshot, &n);

  for (guint i = 0; i < n && targets->len < n_wanted; i++)
    {
      KabTriggerTarget target = { hosts[i].uuid, hosts[i].name, hosts[i].triggerable };

      if (hosts[i].counted && (hosts[i].triggerable != 0) == connected)
        g_array_append_val (targets, target);
    }
  g_assert_cmpuint (targets->len, >, 0);

  return targets;
}

static KabTriggerJob *
run_deed (Fixture  *fixture,
          KabDeed   deed,
          GArray   *targets,
          GError  **error)
{
  KabTriggerJob *job = kab_trigger_job_new (fixture->sign_in, deed, (gpointer) targets->data,
                                            targets->len, NULL);

  kab_trigger_job_set_patience (job, 60);
  kab_job_run (KAB_JOB (job), NULL, error);

  return job;
}

static void
test_done (Fixture       *fixture,
           gconstpointer  data)
{
  KabDeed deed = GPOINTER_TO_INT (data);
  g_autoptr(KabSnapshot) before = sync_and_read (fixture);
  g_autoptr(GArray) targets = pick (before, TRUE, 5);
  g_autoptr(GError) error = NULL;
  g_autoptr(KabTriggerJob) job = run_deed (fixture, deed, targets, &error);
  g_autoptr(KabSnapshot) after = NULL;
  GListModel *rows = kab_trigger_job_get_rows (job);
  guint n_ended = 0;

  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (rows), ==, targets->len);
  for (guint i = 0; i < targets->len; i++)
    {
      g_autoptr(KabTriggerRow) row = g_list_model_get_item (rows, i);
      KabTriggerState state = kab_trigger_row_get_state (row);

      g_test_message ("%s: %s %d %% %s %s", kab_trigger_row_get_name (row), kab_trigger_state_get_text (state),
                      kab_trigger_row_get_progress (row), kab_trigger_row_get_task (row), kab_trigger_row_get_error (row));
      /* Simulated agents fail now and then, as real ones do; they never leave us in the dark. */
      g_assert_true (state == KAB_TRIGGER_DONE || state == KAB_TRIGGER_FAILED);
      if (state == KAB_TRIGGER_FAILED)
        g_assert_cmpstr (kab_trigger_row_get_error (row), !=, "");
      n_ended += state == KAB_TRIGGER_DONE;
    }
  g_assert_cmpuint (n_ended, >, 0);
  if (deed != KAB_DEED_SCAN)
    return;

  /* A scan that is done shows in the next report. */
  after = sync_and_read (fixture);
  for (guint i = 0; i < targets->len; i++)
    {
      const KabTriggerTarget *target = &g_array_index (targets, KabTriggerTarget, i);
      g_autoptr(KabTriggerRow) row = g_list_model_get_item (rows, i);
      int was = kab_snapshot_find_host (before, target->uuid);
      int is = kab_snapshot_find_host (after, target->uuid);

      if (kab_trigger_row_get_state (row) == KAB_TRIGGER_DONE)
        g_assert_cmpint (kab_snapshot_get_hosts (after, NULL)[is].last_scan_at, >,
                         kab_snapshot_get_hosts (before, NULL)[was].last_scan_at);
    }
}

static void
test_not_connected (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autoptr(KabSnapshot) snapshot = sync_and_read (fixture);
  g_autoptr(GArray) away = pick (snapshot, FALSE, 2);
  g_autoptr(GArray) here = pick (snapshot, TRUE, 1);
  g_autoptr(KabTriggerJob) mixed = NULL;
  g_autoptr(KabTriggerJob) none = NULL;
  g_autoptr(GError) error = NULL;

  /* One is there: it is asked, the others are named. */
  g_array_append_vals (here, away->data, away->len);
  mixed = run_deed (fixture, KAB_DEED_SCAN, here, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kab_trigger_job_count (mixed, KAB_TRIGGER_UNREACHABLE), ==, away->len);

  /* Believing that they are there does not make it so. */
  for (guint i = 0; i < away->len; i++)
    g_array_index (away, KabTriggerTarget, i).connected = TRUE;
  none = run_deed (fixture, KAB_DEED_SCAN, away, &error);
  g_assert_error (error, KAB_ERROR, KAB_ERROR_UNREACHABLE);
  g_assert_cmpuint (kab_trigger_job_count (none, KAB_TRIGGER_UNREACHABLE), ==, away->len);
}

/* A name that agents do not know: the server says success, and nothing happens. */
static void
test_success_that_is_none (Fixture       *fixture,
                           gconstpointer  data)
{
  g_autoptr(KabSnapshot) snapshot = sync_and_read (fixture);
  g_autoptr(GArray) targets = pick (snapshot, TRUE, 2);
  g_autoptr(KabProfile) profile = kab_profile_copy (fixture->server->profile);
  g_autoptr(KabSignIn) sign_in = NULL;
  g_autoptr(KabTriggerJob) job = NULL;
  g_autoptr(GError) error = NULL;

  g_free (profile->action_scan);
  profile->action_scan = g_strdup ("trigger_something_else");
  sign_in = kab_sign_in_new (profile, fixture->server->password);
  job = kab_trigger_job_new (sign_in, KAB_DEED_SCAN, (gpointer) targets->data, targets->len, NULL);
  kab_trigger_job_set_patience (job, 2);
  kab_job_run (KAB_JOB (job), NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kab_trigger_job_count (job, KAB_TRIGGER_UNKNOWN), ==, targets->len);
}

static void
test_no_key (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(KabSnapshot) snapshot = sync_and_read (fixture);
  g_autoptr(GArray) targets = pick (snapshot, TRUE, 1);
  g_autoptr(KabProfile) profile = kab_profile_copy (fixture->server->profile);
  g_autoptr(KabSignIn) sign_in = NULL;
  g_autoptr(KabTriggerJob) job = NULL;
  g_autoptr(GError) error = NULL;

  g_free (profile->signing_key);
  profile->signing_key = g_strdup ("");
  sign_in = kab_sign_in_new (profile, fixture->server->password);
  job = kab_trigger_job_new (sign_in, KAB_DEED_SCAN, (gpointer) targets->data, targets->len, NULL);
  g_assert_false (kab_job_run (KAB_JOB (job), NULL, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
  g_assert_cmpuint (kab_trigger_job_count (job, KAB_TRIGGER_WAITING), ==, 1);
}

int
main (int    argc,
      char **argv)
{
  kab_test_isolate ();
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/trigger/scan", Fixture, GINT_TO_POINTER (KAB_DEED_SCAN), set_up, test_done, tear_down);
  g_test_add ("/trigger/download", Fixture, GINT_TO_POINTER (KAB_DEED_DOWNLOAD), set_up, test_done, tear_down);
  g_test_add ("/trigger/install", Fixture, GINT_TO_POINTER (KAB_DEED_INSTALL), set_up, test_done, tear_down);
  g_test_add ("/trigger/upgrade", Fixture, GINT_TO_POINTER (KAB_DEED_UPGRADE_PACKAGES), set_up, test_done, tear_down);
  g_test_add ("/trigger/not-connected", Fixture, NULL, set_up, test_not_connected, tear_down);
  g_test_add ("/trigger/success-that-is-none", Fixture, NULL, set_up, test_success_that_is_none, tear_down);
  g_test_add ("/trigger/no-key", Fixture, NULL, set_up, test_no_key, tear_down);

  return kab_test_isolate_run ();
}
