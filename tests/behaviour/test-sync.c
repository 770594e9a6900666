/* test-sync.c: after a sync the mirror says what the server says, whichever way it was read, and never half of it
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-client.h"
#include "kab-detail.h"
#include "kab-error.h"
#include "kab-job-queue.h"
#include "kab-level.h"
#include "kab-sync-job.h"
#include "kab-test-isolate.h"
#include "kab-test-server.h"
#include "kab-test-store.h"

#define N_HOSTS "80"
#define N_UPDATES "60"

typedef struct {
  char          *folder;
  char          *depot;
  KabTestServer *server;
} Fixture;

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = kab_test_folder_new ();
  fixture->depot = g_build_filename (fixture->folder, "depot", NULL);
  fixture->server = kab_test_server_start (fixture->depot, NULL, "--hosts", N_HOSTS, "--updates", N_UPDATES,
                                           "--seed", "7", "--no-agents", NULL);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  if (fixture->server != NULL)
    kab_test_server_stop (fixture->server);
  kab_test_folder_remove (fixture->folder);
  g_free (fixture->depot);
  g_free (fixture->folder);
}

static KabMirror *
new_mirror (Fixture    *fixture,
            const char *name)
{
  g_autofree char *path = g_build_filename (fixture->folder, name, NULL);

  return kab_mirror_new (path);
}

static KabSyncJob *
new_job (Fixture   *fixture,
         KabMirror *mirror,
         KabLevel   level)
{
  g_autoptr(KabProfile) profile = kab_profile_copy (fixture->server->profile);
  g_autoptr(KabSignIn) sign_in = NULL;

  profile->open_level_only = level == KAB_LEVEL_OPEN;
  if (level == KAB_LEVEL_CONFIGURED)
    {
      profile->updates_path = g_strdup ("/api/kabinet/v1/updates?asked-by=test");
      profile->states_path = g_strdup ("/api/kabinet/v1/states");
    }
  sign_in = kab_sign_in_new (profile, fixture->server->password);

  return kab_sync_job_new (sign_in, mirror, FALSE);
}

/* One good sync. */
static KabSyncNumbers
sync_mirror (Fixture   *fixture,
             KabMirror *mirror,
             KabLevel   level)
{
  g_autoptr(KabSyncJob) job = new_job (fixture, mirror, level);
  g_autoptr(GError) error = NULL;

  kab_job_run (KAB_JOB (job), NULL, &error);
  g_assert_no_error (error);

  return *kab_sync_job_get_numbers (job);
}

static char *
dump (KabMirror *mirror)
{
  g_autoptr(GError) error = NULL;
  KabStore *store = kab_mirror_open (mirror, &error);

  g_assert_no_error (error);

  return kab_test_dump (store, TRUE);
}

/* What the server says of one host, counted without the mirror. */
typedef struct {
  KabStore *store;
  GArray   *records;
  GPtrArray *updates;
  guint     n;
} Comparison;

static gboolean
compare_row_cb (const KabUpdateFields  *fields,
                guint64                 fingerprint,
                const KabStateRecord   *record,
                const char             *history_json,
                gpointer                user_data,
                GError                **error)
{
  Comparison *comparison = user_data;

  comparison->n++;
  for (guint i = 0; i < comparison->records->len; i++)
    {
      const KabStateRecord *ours = &g_array_index (comparison->records, KabStateRecord, i);
      const KabUpdateFields *known = kab_update_get_fields (comparison->updates->pdata[i]);

      if (!g_str_equal (known->update_id, fields->update_id))
        continue;
      /* host_data of 1.8 does not tell whether an update is delayed */
      g_assert_cmphex (ours->flags & ~(3u << (4 + 2 * KAB_FLAG_DELAYED)), ==,
                       record->flags & ~(3u << (4 + 2 * KAB_FLAG_DELAYED)));
      g_assert_cmpuint (ours->installed_at, ==, record->installed_at);
      g_assert_cmpint (ours->result, ==, record->result);
      g_assert_cmpstr (known->title, ==, fields->title);
      g_assert_cmpint (known->downloaded_at, ==, fields->downloaded_at);
      return TRUE;
    }
  g_assert_not_reached ();
}

static void
compare_with_server (Fixture   *fixture,
                     KabMirror *mirror)
{
  g_autoptr(KabSignIn) sign_in = kab_test_server_sign_in (fixture->server);
  g_autoptr(GError) error = NULL;
  g_autoptr(KabClient) client = kab_sign_in_open (sign_in, NULL, &error);
  g_autoptr(KabSnapshot) snapshot = NULL;
  KabStore *store = kab_mirror_open (mirror, NULL);
  const KabHostRecord *hosts;
  guint n_hosts;

  g_assert_no_error (error);
  snapshot = kab_store_read_snapshot (store, &kab_test_limits, NULL, &error);
  g_assert_no_error (error);
  hosts = kab_snapshot_get_hosts (snapshot, &n_hosts);
  g_assert_cmpuint (n_hosts, ==, kab_client_get_info (client)->n_hosts);

  for (guint i = 0; i < n_hosts; i++)
    {
      Comparison comparison = { .store = store };

      comparison.records = kab_store_read_host_states (store, hosts[i].uuid, &comparison.updates, &error);
      g_assert_no_error (error);
      kab_client_read_host_updates (client, hosts[i].uuid, compare_row_cb, &comparison, NULL, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (comparison.n, ==, comparison.records->len);
      g_array_unref (comparison.records);
      g_ptr_array_unref (comparison.updates);
    }
}

static void
test_full (Fixture       *fixture,
           gconstpointer  data)
{
  KabLevel level = GPOINTER_TO_INT (data);
  g_autoptr(KabMirror) mirror = new_mirror (fixture, "a.mirror");
  KabSyncNumbers numbers = sync_mirror (fixture, mirror, level);

  g_assert_cmpstr (numbers.level, ==, kab_level_get_text (level));
  g_assert_cmpuint (numbers.hosts_new, ==, 80);
  g_assert_cmpuint (numbers.n_hosts_resumed, ==, 0);
  g_assert_cmpuint (numbers.n_bytes, >, 0);
  compare_with_server (fixture, mirror);

  /* Nothing changed: nothing is written. */
  numbers = sync_mirror (fixture, mirror, level);
  g_assert_cmpuint (numbers.hosts_new, ==, 0);
  g_assert_cmpuint (numbers.hosts_changed, ==, 0);
  g_assert_cmpuint (numbers.states_changed, ==, 0);
  g_assert_cmpuint (numbers.updates_changed, ==, 0);
  g_assert_cmpuint (numbers.n_hosts_read, <=, level == KAB_LEVEL_OPEN ? 40 : 0);
}

static void
test_levels_agree (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(KabMirror) bulk = new_mirror (fixture, "bulk.mirror");
  g_autoptr(KabMirror) open = new_mirror (fixture, "open.mirror");
  g_autofree char *by_bulk = NULL;
  g_autofree char *by_open = NULL;
  g_autofree char *turned = NULL;
  g_autoptr(KabMirror) configured = new_mirror (fixture, "configured.mirror");
  g_autofree char *by_configured = NULL;

  sync_mirror (fixture, configured, KAB_LEVEL_CONFIGURED);
  sync_mirror (fixture, bulk, KAB_LEVEL_BULK);
  sync_mirror (fixture, open, KAB_LEVEL_OPEN);
  by_bulk = dump (bulk);
  by_open = dump (open);
  by_configured = dump (configured);
  kab_test_assert_same (by_bulk, by_open);
  kab_test_assert_same (by_bulk, by_configured);

  /* And one mirror may be read now this way, now that. */
  sync_mirror (fixture, bulk, KAB_LEVEL_OPEN);
  sync_mirror (fixture, bulk, KAB_LEVEL_BULK);
  turned = dump (bulk);
  kab_test_assert_same (turned, by_bulk);
}

static void
test_changes (Fixture       *fixture,
              gconstpointer  data)
{
  KabLevel level = GPOINTER_TO_INT (data);
  g_autoptr(KabMirror) mirror = new_mirror (fixture, "a.mirror");
  g_autoptr(KabMirror) fresh = new_mirror (fixture, "fresh.mirror");
  g_autofree char *after = NULL;
  g_autofree char *whole = NULL;

  sync_mirror (fixture, mirror, level);
  for (guint round = 1; round <= 3; round++)
    {
      guint n_changed = kab_test_server_change (fixture->depot, 5, round);
      KabSyncNumbers numbers = sync_mirror (fixture, mirror, level);

      g_assert_cmpuint (n_changed, >, 0);
      g_assert_cmpuint (numbers.hosts_changed, ==, n_changed);
      g_assert_cmpuint (numbers.hosts_new, ==, 0);
      if (level != KAB_LEVEL_OPEN)
        g_assert_cmpuint (numbers.n_hosts_read, ==, n_changed);
    }

  sync_mirror (fixture, fresh, level);
  after = dump (mirror);
  whole = dump (fresh);
  kab_test_assert_same (after, whole);
}

/* Cancels a job when it has reported so many times. */
typedef struct {
  KabSyncJob *job;
  guint       after_us;
} Canceller;

static gpointer
cancel_in_thread (gpointer data)
{
  const Canceller *canceller = data;

  g_usleep (canceller->after_us);
  kab_job_cancel (KAB_JOB (canceller->job));

  return NULL;
}

static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  KabLevel level = GPOINTER_TO_INT (data);
  g_autoptr(KabMirror) mirror = new_mirror (fixture, "a.mirror");
  g_autoptr(KabMirror) fresh = new_mirror (fixture, "fresh.mirror");
  g_autofree char *before = NULL;
  g_autofree char *after = NULL;
  g_autofree char *whole = NULL;
  guint n_cancelled = 0;

  sync_mirror (fixture, mirror, level);
  before = dump (mirror);
  kab_test_server_change (fixture->depot, 50, 3);

  for (guint i = 0; i < 12; i++)
    {
      g_autoptr(KabSyncJob) job = new_job (fixture, mirror, level);
      Canceller canceller = { job, i * i * 1500 };
      GThread *thread = g_thread_new ("cancel", cancel_in_thread, &canceller);
      g_autofree char *now = NULL;
      g_autoptr(GError) error = NULL;
      gboolean done = kab_job_run (KAB_JOB (job), NULL, &error);

      g_thread_join (thread);
      if (done)
        break;
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      n_cancelled++;
      now = dump (mirror);
      kab_test_assert_same (now, before);
    }
  g_assert_cmpuint (n_cancelled, >, 0);

  sync_mirror (fixture, mirror, level);
  sync_mirror (fixture, fresh, level);
  after = dump (mirror);
  whole = dump (fresh);
  kab_test_assert_same (after, whole);
}

static void
cancel_late_cb (KabJob     *job,
                GParamSpec *pspec,
                gpointer    user_data)
{
  if (g_str_equal (kab_job_get_step (job), "states") && kab_job_get_done (job, NULL) >= 40)
    kab_job_cancel (job);
}

/* The second half is all that the next sync has to ask for. */
static void
test_resume (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(KabMirror) mirror = new_mirror (fixture, "a.mirror");
  g_autoptr(KabMirror) fresh = new_mirror (fixture, "fresh.mirror");
  g_autoptr(KabJobQueue) queue = kab_job_queue_new (1);
  g_autoptr(KabSyncJob) job = new_job (fixture, mirror, KAB_LEVEL_OPEN);
  g_autofree char *after = NULL;
  g_autofree char *whole = NULL;
  KabSyncNumbers numbers;

  g_signal_connect (job, "notify::fraction", G_CALLBACK (cancel_late_cb), NULL);
  kab_job_queue_add (queue, KAB_JOB (job));
  while (kab_job_queue_get_active (queue) > 0)
    g_main_context_iteration (NULL, TRUE);
  if (kab_job_get_state (KAB_JOB (job)) == KAB_JOB_DONE)
    {
      g_test_skip ("the sync was faster than its canceller");
      return;
    }
  g_assert_cmpint (kab_job_get_state (KAB_JOB (job)), ==, KAB_JOB_CANCELLED);

  numbers = sync_mirror (fixture, mirror, KAB_LEVEL_OPEN);
  g_assert_cmpuint (numbers.n_hosts_resumed, >=, 40);
  g_assert_cmpuint (numbers.hosts_new, ==, 80);

  sync_mirror (fixture, fresh, KAB_LEVEL_BULK);
  after = dump (mirror);
  whole = dump (fresh);
  kab_test_assert_same (after, whole);
}

/* Another server under the same address is met with suspicion, until somebody says that it is right. */
static void
test_other_server (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(KabMirror) mirror = new_mirror (fixture, "a.mirror");
  g_autoptr(KabSyncJob) refused = NULL;
  g_autoptr(KabSyncJob) accepted = NULL;
  g_autoptr(KabMirror) fresh = new_mirror (fixture, "fresh.mirror");
  g_autofree char *other = g_build_filename (fixture->folder, "other", NULL);
  g_autofree char *before = NULL;
  g_autofree char *still = NULL;
  g_autofree char *after = NULL;
  g_autofree char *whole = NULL;
  g_autoptr(GError) error = NULL;

  sync_mirror (fixture, mirror, KAB_LEVEL_BULK);
  before = dump (mirror);
  kab_test_server_stop (fixture->server);
  fixture->server = kab_test_server_start (other, NULL, "--hosts", "20", "--updates", "30", "--seed", "8",
                                           "--no-agents", NULL);

  refused = new_job (fixture, mirror, KAB_LEVEL_BULK);
  g_assert_false (kab_job_run (KAB_JOB (refused), NULL, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_UNTRUSTED);
  g_assert_true (kab_sync_job_met_other_server (refused));
  still = dump (mirror);
  kab_test_assert_same (still, before);
  g_clear_error (&error);

  accepted = new_job (fixture, mirror, KAB_LEVEL_BULK);
  kab_sync_job_set_accept_server (accepted, TRUE);
  kab_job_run (KAB_JOB (accepted), NULL, &error);
  g_assert_no_error (error);
  sync_mirror (fixture, fresh, KAB_LEVEL_BULK);
  after = dump (mirror);
  whole = dump (fresh);
  kab_test_assert_same (after, whole);
}

/* What our rules engine says and what the host reported are the same story. */
static void
test_explanations (Fixture       *fixture,
                   gconstpointer  data)
{
  g_autoptr(KabMirror) mirror = new_mirror (fixture, "a.mirror");
  g_autoptr(KabSnapshot) snapshot = NULL;
  g_autoptr(GError) error = NULL;
  const KabHostRecord *hosts;
  guint n_known = 0;
  guint n_differ = 0;
  KabStore *store;
  guint n_hosts;

  sync_mirror (fixture, mirror, KAB_LEVEL_BULK);
  store = kab_mirror_open (mirror, NULL);
  snapshot = kab_store_read_snapshot (store, &kab_test_limits, NULL, NULL);
  hosts = kab_snapshot_get_hosts (snapshot, &n_hosts);
  for (guint i = 0; i < n_hosts; i++)
    {
      KabLimits limits = { .now = g_get_real_time () / G_USEC_PER_SEC, .silent_days = 14, .stale_scan_days = 7 };
      g_autoptr(KabHostDetail) detail = kab_host_detail_read (store, hosts[i].uuid, &limits, NULL, &error);

      g_assert_no_error (error);
      for (guint j = 0; j < g_list_model_get_n_items (detail->pairs); j++)
        {
          g_autoptr(KabPair) pair = g_list_model_get_item (detail->pairs, j);
          g_autofree char *words = kab_explanation_describe (pair->why, NULL);

          g_assert_cmpuint (strlen (words), >, 10);
          n_known += pair->why->rules_known;
          n_differ += pair->why->rules_known && pair->why->estimate_differs;
        }
    }
  g_assert_cmpuint (n_known, >, 100);
  /* A few hosts of the seed reported before a rule package came. */
  g_assert_cmpuint (n_differ, <=, n_known / 20);
}

int
main (int    argc,
      char **argv)
{
  kab_test_isolate ();
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/sync/full-bulk", Fixture, GINT_TO_POINTER (KAB_LEVEL_BULK), set_up, test_full, tear_down);
  g_test_add ("/sync/full-configured", Fixture, GINT_TO_POINTER (KAB_LEVEL_CONFIGURED), set_up, test_full, tear_down);
  g_test_add ("/sync/full-open", Fixture, GINT_TO_POINTER (KAB_LEVEL_OPEN), set_up, test_full, tear_down);
  g_test_add ("/sync/levels-agree", Fixture, NULL, set_up, test_levels_agree, tear_down);
  g_test_add ("/sync/changes-bulk", Fixture, GINT_TO_POINTER (KAB_LEVEL_BULK), set_up, test_changes, tear_down);
  g_test_add ("/sync/changes-configured", Fixture, GINT_TO_POINTER (KAB_LEVEL_CONFIGURED), set_up, test_changes, tear_down);
  g_test_add ("/sync/changes-open", Fixture, GINT_TO_POINTER (KAB_LEVEL_OPEN), set_up, test_changes, tear_down);
  g_test_add ("/sync/cancel-bulk", Fixture, GINT_TO_POINTER (KAB_LEVEL_BULK), set_up, test_cancel, tear_down);
  g_test_add ("/sync/cancel-configured", Fixture, GINT_TO_POINTER (KAB_LEVEL_CONFIGURED), set_up, test_cancel, tear_down);
  g_test_add ("/sync/cancel-open", Fixture, GINT_TO_POINTER (KAB_LEVEL_OPEN), set_up, test_cancel, tear_down);
  g_test_add ("/sync/resume", Fixture, NULL, set_up, test_resume, tear_down);
  g_test_add ("/sync/other-server", Fixture, NULL, set_up, test_other_server, tear_down);
  g_test_add ("/sync/explanations", Fixture, NULL, set_up, test_explanations, tear_down);

  return kab_test_isolate_run ();
}
