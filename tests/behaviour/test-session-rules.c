/* test-session-rules.c: what the pages Rules and Packages do: draft, forecast, publish, look, undo, and come back after a crash
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "kab-forecast-job.h"
#include "kab-journal.h"
#include "kab-ledger-deeds.h"
#include "kab-rules-document.h"
#include "kab-session-rules.h"
#include "kab-test-deeds.h"
#include "kab-test-isolate.h"

#define NAME "test-wua-rules"
#define HOST "4C4C4544-0000-1000-8000-000000000001"

/* Lets the main loop turn until something is there. */
#define WAIT_FOR(condition) \
  G_STMT_START \
    { \
      gint64 give_up = g_get_monotonic_time () + 60 * G_USEC_PER_SEC; \
      while (!(condition)) \
        { \
          g_main_context_iteration (NULL, FALSE); \
          g_usleep (500); \
          g_assert_cmpint (g_get_monotonic_time (), <, give_up); \
        } \
    } \
  G_STMT_END

typedef struct {
  KabTestDeeds  deeds;
  KabSession   *session;
} Fixture;

static void
keep_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static gboolean
has_ended (gpointer job)
{
  return kab_job_get_state (job) > KAB_JOB_RUNNING;
}

static void
wait_for (gpointer job)
{
  WAIT_FOR (has_ended (job));
  if (kab_job_get_error (job) != NULL)
    g_test_message ("%s", kab_job_get_error (job)->message);
  g_assert_cmpint (kab_job_get_state (job), ==, KAB_JOB_DONE);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  kab_test_deeds_set_up (&fixture->deeds, data);
  fixture->session = kab_session_new (fixture->deeds.server->profile, fixture->deeds.store);
  kab_session_set_password (fixture->session, fixture->deeds.server->password, FALSE);
  kab_session_set_passphrase_time (fixture->session, 60);
  kab_session_set_signing_passphrase (fixture->session, fixture->deeds.server->passphrase);
  wait_for (kab_session_sync (fixture->session, FALSE));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  kab_session_close (fixture->session);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_object_unref (fixture->session);
  kab_test_deeds_tear_down (&fixture->deeds, data);
}

static GListModel *
read_drafts (Fixture *fixture)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GListModel *drafts;

  kab_session_read_drafts_async (fixture->session, NULL, keep_cb, &result);
  WAIT_FOR (result != NULL);
  drafts = kab_session_read_drafts_finish (fixture->session, result, &error);
  g_assert_no_error (error);
  return drafts;
}

/* Somebody types: each letter saves, and the last is what stays, however the threads run. */
static void
test_drafts (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(GAsyncResult) first = NULL;
  g_autoptr(GAsyncResult) last = NULL;
  g_autoptr(GAsyncResult) discarded = NULL;
  g_autoptr(GListModel) drafts = NULL;
  g_autoptr(GListModel) none = NULL;
  g_autoptr(KabDraft) draft = NULL;
  g_autofree char *id = NULL;

  kab_session_save_draft_async (fixture->session, NULL, NAME, "0", "", NULL, keep_cb, &first);
  WAIT_FOR (first != NULL);
  id = kab_session_save_draft_finish (fixture->session, first, NULL);
  g_assert_nonnull (id);
  for (guint i = 1; i < 20; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u", i);

      kab_session_save_draft_async (fixture->session, id, NAME, text, "", NULL, i == 19 ? keep_cb : NULL, &last);
    }
  WAIT_FOR (last != NULL);
  drafts = read_drafts (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (drafts), ==, 1);
  draft = g_list_model_get_item (drafts, 0);
  g_assert_cmpstr (draft->text, ==, "19");
  g_assert_cmpstr (draft->id, ==, id);

  /* A save that is on its way does not bring back what was discarded. */
  kab_session_save_draft_async (fixture->session, id, NAME, "late", "", NULL, NULL, NULL);
  kab_session_discard_draft_async (fixture->session, id, NULL, keep_cb, &discarded);
  WAIT_FOR (discarded != NULL);
  g_assert_true (kab_session_discard_draft_finish (fixture->session, discarded, NULL));
  none = read_drafts (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (none), ==, 0);
}

static void
forecast (Fixture *fixture)
{
  g_autoptr(KabForecastPlan) plan = kab_forecast_plan_new ();
  g_autoptr(KabJob) job = NULL;
  g_autoptr(KabJob) given_up = NULL;
  guint n_jobs = g_list_model_get_n_items (G_LIST_MODEL (kab_session_get_jobs (fixture->session)));

  kab_forecast_plan_remove_package (plan, "demo-wua-base", NULL, NULL);
  given_up = kab_session_forecast (fixture->session, plan);
  kab_job_cancel (given_up);
  job = kab_session_forecast (fixture->session, plan);
  wait_for (job);
  g_assert_nonnull (kab_forecast_job_get_forecast (KAB_FORECAST_JOB (job)));
  WAIT_FOR (has_ended (given_up));
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (kab_session_get_jobs (fixture->session))), ==, n_jobs);
}

static GListModel *
read_versions (Fixture *fixture)
{
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GError) error = NULL;
  GListModel *versions;

  kab_session_read_versions_async (fixture->session, NAME, NULL, keep_cb, &result);
  WAIT_FOR (result != NULL);
  versions = kab_session_read_versions_finish (fixture->session, result, &error);
  g_assert_no_error (error);
  return versions;
}

static void
test_publish_and_undo (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(KabRulesDocument) document = kab_test_document_new (NAME, "KB5063878");
  g_autoptr(KabRulesDocument) next = NULL;
  g_autoptr(KabPackage) package = NULL;
  g_autoptr(KabPackage) third = NULL;
  g_autoptr(GAsyncResult) read = NULL;
  g_autoptr(GAsyncResult) logged = NULL;
  g_autoptr(GListModel) versions = NULL;
  g_autoptr(GListModel) approvals = NULL;
  g_autoptr(KabPackageVersion) newest = NULL;
  g_autoptr(KabPackageVersion) oldest = NULL;
  g_autoptr(KabPackageJob) job = NULL;
  g_autoptr(GError) error = NULL;
  const KabAssignTarget target = { KAB_TARGET_HOST, HOST, NULL };
  const char * const requirements[] = { NAME, NULL };
  const KabDeedWords words = { .reason = "ticket 4711", .note = "0 hosts change" };
  KabJob *sync;

  forecast (fixture);
  wait_for (kab_session_publish (fixture->session, document, &words));
  package = kab_test_deeds_find (&fixture->deeds, NAME, "PREPROD");
  g_assert_nonnull (package);

  kab_session_read_document_async (fixture->session, kab_package_get (package, "filename"), NULL, keep_cb, &read);
  WAIT_FOR (read != NULL);
  next = kab_session_read_document_finish (fixture->session, read, &error);
  g_assert_no_error (error);
  kab_rules_document_put (next, KAB_RULE_ALLOWED_KBS, "KB5000001", NULL);
  job = g_object_ref (kab_session_publish (fixture->session, next, NULL));
  wait_for (job);
  wait_for (kab_session_undo (fixture->session, job));
  third = kab_test_deeds_find (&fixture->deeds, NAME, NULL);
  g_assert_cmpstr (kab_package_get_version (third), ==, "3");
  wait_for (kab_session_assign (fixture->session, KAB_ASSIGN, &target, 1, requirements, &words));
  wait_for (kab_session_promote (fixture->session, third, "PROD", &words));

  sync = kab_session_sync (fixture->session, TRUE);
  wait_for (sync);
  versions = read_versions (fixture);
  g_assert_cmpuint (g_list_model_get_n_items (versions), ==, 4);      /* 1, 2, 3 PREPROD, which is only here, and 3 PROD */
  newest = g_list_model_get_item (versions, 0);
  g_assert_cmpstr (newest->version, ==, "3");
  g_assert_cmpstr (newest->maturity, ==, "PROD");
  g_assert_cmpstr (newest->file_name, !=, "");
  g_assert_cmpstr (newest->sha256, !=, "");
  g_assert_nonnull (newest->document);
  g_assert_cmpuint (kab_rules_document_count (newest->document, KAB_RULE_ALLOWED_KBS), ==, 0);
  oldest = g_list_model_get_item (versions, 3);
  g_assert_cmpstr (oldest->version, ==, "1");
  wait_for (kab_session_roll_back (fixture->session, oldest->sha256, newest->package_uuid, "PROD", &words));

  kab_session_read_approvals_async (fixture->session, NAME, 0, NULL, keep_cb, &logged);
  WAIT_FOR (logged != NULL);
  approvals = kab_session_read_approvals_finish (fixture->session, logged, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (g_list_model_get_n_items (approvals), ==, 6);
}

/* Enough: what is out is out and logged, the rest does not go out later either. */
static void
test_cancel (Fixture       *fixture,
             gconstpointer  data)
{
  enum { N_HOSTS = 120 };
  KabAssignTarget targets[N_HOSTS];
  char uuids[N_HOSTS][40];
  const char * const requirements[] = { NAME, NULL };
  g_autoptr(KabPackageJob) job = NULL;
  g_autoptr(GPtrArray) approvals = NULL;
  g_autoptr(GError) error = NULL;
  guint n_done = 0, n_assigned = 0;

  for (guint i = 0; i < N_HOSTS; i++)
    {
      g_snprintf (uuids[i], sizeof uuids[i], "4C4C4544-0000-1000-8000-%012u", i);
      targets[i] = (KabAssignTarget) { KAB_TARGET_HOST, uuids[i], NULL };
    }
  job = g_object_ref (kab_session_assign (fixture->session, KAB_ASSIGN, targets, N_HOSTS, requirements, NULL));
  WAIT_FOR (has_ended (job) || kab_package_job_count (job, KAB_PACKAGE_STEP_DONE) >= 5);
  kab_job_cancel (KAB_JOB (job));
  WAIT_FOR (has_ended (job));
  g_assert_cmpint (kab_job_get_state (KAB_JOB (job)), ==, KAB_JOB_CANCELLED);

  g_assert_true (kab_journal_resume (fixture->deeds.sign_in, fixture->deeds.mirror, NULL, &error));
  g_assert_no_error (error);
  n_done = kab_package_job_count (job, KAB_PACKAGE_STEP_DONE);
  approvals = kab_test_deeds_approvals (&fixture->deeds);
  for (guint i = 0; i < N_HOSTS; i++)
    {
      g_autofree char *depends = kab_test_deeds_depends (&fixture->deeds, uuids[i]);

      n_assigned += *depends != '\0';
    }
  g_test_message ("%u done, %u logged", n_done, approvals->len);
  g_assert_cmpuint (n_assigned, ==, approvals->len);
  g_assert_cmpuint (n_assigned, >=, n_done);           /* the one that was under way may have arrived */
  g_assert_cmpuint (n_assigned, <=, n_done + 1);
  g_assert_cmpuint (n_assigned, <, N_HOSTS);
}

/* What an earlier run left open is settled when the server can be reached. */
static void
test_resumes_by_itself (Fixture       *fixture,
                        gconstpointer  data)
{
  KabStore *store = kab_mirror_open (fixture->deeds.mirror, NULL);
  g_autoptr(KabLedger) ledger = kab_store_open_ledger (store, NULL);
  g_autoptr(KabJournalEntry) entry = kab_journal_entry_new ("promote");
  KabJournalStep *step = kab_journal_entry_add (entry, KAB_STEP_UPLOAD);
  g_autoptr(GError) error = NULL;

  step->state = KAB_STEP_BEGUN;
  step->expected = g_strdup ("listed none");
  g_free (step->approval->package_uuid);
  step->approval->package_uuid = g_strdup ("00000000-0000-4000-8000-00000000dead");
  kab_ledger_begin_deed (ledger, entry, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kab_test_deeds_count_open (&fixture->deeds), ==, 1);

  wait_for (kab_session_sync (fixture->session, FALSE));
  WAIT_FOR (kab_test_deeds_count_open (&fixture->deeds) == 0);
}

#define ADD(name, function) g_test_add ("/session-rules/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  kab_test_isolate ();
  g_test_init (&argc, &argv, NULL);
  ADD ("drafts", test_drafts);
  ADD ("publish-and-undo", test_publish_and_undo);
  ADD ("cancel", test_cancel);
  ADD ("resumes-by-itself", test_resumes_by_itself);
  return kab_test_isolate_run ();
}
