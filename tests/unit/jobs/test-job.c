/* test-job.c: a deed runs once, tells how it ends, and says so on the main thread
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-error.h"
#include "kab-job-queue.h"

/* A job that does what the test asks for. */
#define TEST_TYPE_JOB (test_job_get_type ())
G_DECLARE_FINAL_TYPE (TestJob, test_job, TEST, JOB, KabJob)

struct _TestJob
{
  KabJob    parent_instance;

  gboolean  fails;
  gboolean  waits;          /* until it is cancelled */
  guint     n_reports;
  guint     n_published;
  GThread  *ran_in;
  GThread  *published_in;
};

G_DEFINE_FINAL_TYPE (TestJob, test_job, KAB_TYPE_JOB)

static gboolean
test_job_run (KabJob        *job,
              GCancellable  *cancellable,
              GError       **error)
{
  TestJob *self = TEST_JOB (job);

  self->ran_in = g_thread_self ();
  for (guint i = 0; i < self->n_reports; i++)
    kab_job_report (job, "hosts", i + 1, self->n_reports);
  while (self->waits)
    {
      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      g_usleep (1000);
    }
  if (!self->fails)
    return TRUE;

  g_set_error_literal (error, KAB_ERROR, KAB_ERROR_NETWORK, "the line is cut");
  return FALSE;
}

static void
test_job_publish (KabJob *job)
{
  TEST_JOB (job)->n_published++;
  TEST_JOB (job)->published_in = g_thread_self ();
}

static void
test_job_class_init (TestJobClass *klass)
{
  KAB_JOB_CLASS (klass)->kind = "test";
  KAB_JOB_CLASS (klass)->run = test_job_run;
  KAB_JOB_CLASS (klass)->publish = test_job_publish;
}

static void
test_job_init (TestJob *self)
{
}

static void
count_cb (KabJob *job,
          guint  *n)
{
  ++*n;
}

static void
wait_for (KabJobQueue *queue)
{
  while (kab_job_queue_get_active (queue) > 0)
    g_main_context_iteration (NULL, TRUE);
}

static void
test_run (void)
{
  g_autoptr(KabJob) job = g_object_new (TEST_TYPE_JOB, NULL);
  g_autoptr(GError) error = NULL;
  guint n_finished = 0;
  guint64 total;

  TEST_JOB (job)->n_reports = 7;
  g_signal_connect (job, "finished", G_CALLBACK (count_cb), &n_finished);
  g_assert_cmpint (kab_job_get_state (job), ==, KAB_JOB_WAITING);
  g_assert_cmpfloat (kab_job_get_fraction (job), ==, -1.0);

  g_assert_true (kab_job_run (job, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpint (kab_job_get_state (job), ==, KAB_JOB_DONE);
  g_assert_cmpuint (n_finished, ==, 1);
  g_assert_cmpuint (kab_job_get_done (job, &total), ==, 7);
  g_assert_cmpuint (total, ==, 7);
  g_assert_cmpstr (kab_job_get_step (job), ==, "hosts");
  g_assert_cmpfloat (kab_job_get_fraction (job), ==, 1.0);
  g_assert_null (kab_job_get_error (job));
  g_assert_cmpint (kab_job_get_finished_at (job), >=, kab_job_get_started_at (job));

  /* Nothing is left behind for the loop to say again. */
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (n_finished, ==, 1);
}

static void
test_failure (void)
{
  g_autoptr(KabJob) job = g_object_new (TEST_TYPE_JOB, NULL);
  g_autoptr(GError) error = NULL;

  TEST_JOB (job)->fails = TRUE;
  g_assert_false (kab_job_run (job, NULL, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_NETWORK);
  g_assert_cmpint (kab_job_get_state (job), ==, KAB_JOB_FAILED);
  g_assert_error (kab_job_get_error (job), KAB_ERROR, KAB_ERROR_NETWORK);
}

static void
test_cancelled_before (void)
{
  g_autoptr(KabJob) job = g_object_new (TEST_TYPE_JOB, NULL);
  g_autoptr(GError) error = NULL;

  kab_job_cancel (job);
  g_assert_false (kab_job_run (job, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpint (kab_job_get_state (job), ==, KAB_JOB_CANCELLED);
  g_assert_null (TEST_JOB (job)->ran_in);
}

static void
test_outer_cancellable (void)
{
  g_autoptr(KabJob) job = g_object_new (TEST_TYPE_JOB, NULL);
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(GError) error = NULL;

  TEST_JOB (job)->waits = TRUE;
  g_cancellable_cancel (cancellable);
  g_assert_false (kab_job_run (job, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
}

/* A thousand reports wake the main loop a few times, not a thousand, and everything is shown there. */
static void
test_publishing (void)
{
  g_autoptr(KabJobQueue) queue = kab_job_queue_new (1);
  g_autoptr(KabJob) job = g_object_new (TEST_TYPE_JOB, NULL);

  TEST_JOB (job)->n_reports = 1000;
  kab_job_queue_add (queue, job);
  g_usleep (20000);
  wait_for (queue);

  g_assert_cmpuint (TEST_JOB (job)->n_published, >, 0);
  g_assert_cmpuint (TEST_JOB (job)->n_published, <, 100);
  g_assert_true (TEST_JOB (job)->published_in == g_thread_self ());
  g_assert_false (TEST_JOB (job)->ran_in == g_thread_self ());
}

static void
test_queue_order (void)
{
  g_autoptr(KabJobQueue) queue = kab_job_queue_new (2);
  g_autoptr(KabJob) first = g_object_new (TEST_TYPE_JOB, NULL);
  g_autoptr(KabJob) second = g_object_new (TEST_TYPE_JOB, NULL);
  g_autoptr(KabJob) shown = NULL;

  kab_job_queue_add (queue, first);
  kab_job_queue_add (queue, second);
  g_assert_cmpuint (kab_job_queue_get_active (queue), ==, 2);
  shown = g_list_model_get_item (G_LIST_MODEL (queue), 0);
  g_assert_true (shown == second);
  g_assert_null (g_list_model_get_item (G_LIST_MODEL (queue), 2));
  wait_for (queue);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (queue)), ==, 2);
}

static void
test_queue_cancel (void)
{
  g_autoptr(KabJobQueue) queue = kab_job_queue_new (1);
  KabJob *jobs[3];

  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      jobs[i] = g_object_new (TEST_TYPE_JOB, NULL);
      TEST_JOB (jobs[i])->waits = TRUE;
      kab_job_queue_add (queue, jobs[i]);
    }
  kab_job_queue_cancel_all (queue);
  wait_for (queue);

  for (guint i = 0; i < G_N_ELEMENTS (jobs); i++)
    {
      g_assert_cmpint (kab_job_get_state (jobs[i]), ==, KAB_JOB_CANCELLED);
      g_object_unref (jobs[i]);
    }

  /* It goes on working afterwards. */
  jobs[0] = g_object_new (TEST_TYPE_JOB, NULL);
  kab_job_queue_add (queue, jobs[0]);
  wait_for (queue);
  g_assert_cmpint (kab_job_get_state (jobs[0]), ==, KAB_JOB_DONE);
  g_object_unref (jobs[0]);
}

static void
changed_cb (GListModel *model,
            guint       position,
            guint       removed,
            guint       added,
            int        *n_items)
{
  *n_items += (int) added - (int) removed;
  g_assert_cmpuint (position + added, <=, g_list_model_get_n_items (model));
}

static void
test_queue_history (void)
{
  g_autoptr(KabJobQueue) queue = kab_job_queue_new (2);
  int n_items = 0;

  g_signal_connect (queue, "items-changed", G_CALLBACK (changed_cb), &n_items);
  for (guint i = 0; i < KAB_JOB_QUEUE_HISTORY + 50; i++)
    {
      g_autoptr(KabJob) job = g_object_new (TEST_TYPE_JOB, NULL);

      kab_job_queue_add (queue, job);
    }
  wait_for (queue);

  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (queue)), ==, KAB_JOB_QUEUE_HISTORY);
  g_assert_cmpint (n_items, ==, KAB_JOB_QUEUE_HISTORY);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/job/run", test_run);
  g_test_add_func ("/job/failure", test_failure);
  g_test_add_func ("/job/cancelled-before", test_cancelled_before);
  g_test_add_func ("/job/outer-cancellable", test_outer_cancellable);
  g_test_add_func ("/job/publishing", test_publishing);
  g_test_add_func ("/job-queue/order", test_queue_order);
  g_test_add_func ("/job-queue/cancel", test_queue_cancel);
  g_test_add_func ("/job-queue/history", test_queue_history);

  return g_test_run ();
}
