/* test-delete.c: packages go from the server and come back as they were, and what has no copy goes only when it may
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "kab-approval.h"
#include "kab-delete-package-job.h"
#include "kab-error.h"
#include "kab-package-reader.h"
#include "kab-package-resign.h"
#include "kab-publish-job.h"
#include "kab-published.h"
#include "kab-signer.h"
#include "kab-test-deeds.h"
#include "kab-test-isolate.h"

#define NAME  "test-wua-rules"
#define OTHER "test-wua-more"

typedef KabTestDeeds Fixture;

/* (transfer full): the name of its file on the server */
static char *
publish (Fixture    *fixture,
         const char *name)
{
  g_autoptr(KabRulesDocument) document = kab_test_document_new (name, "KB5063878");
  g_autoptr(KabPackage) package = NULL;

  kab_test_deed_run (kab_publish_job_new (fixture->sign_in, fixture->mirror, document));
  package = kab_test_deeds_find (fixture, name, NULL);
  return g_strdup (kab_package_get (package, "filename"));
}

static KabPackageJob *
delete_new (Fixture    *fixture,
            const char *first,
            const char *second)
{
  const char * const files[] = { first, second, NULL };

  return kab_delete_package_job_new (fixture->sign_in, fixture->mirror, files);
}

/* As somebody else, who keeps no copies yet */
static void
forget_copies (Fixture    *fixture,
               const char *name)
{
  g_autofree char *store = g_build_filename (fixture->folder, name, NULL);

  g_clear_object (&fixture->mirror);
  fixture->mirror = kab_mirror_new (store);
}

static char *
dup_path_on_server (Fixture    *fixture,
                    const char *file)
{
  return g_build_filename (fixture->depot, "repository", "wapt", file, NULL);
}

static void
damage (Fixture    *fixture,
        const char *file)
{
  g_autofree char *path = dup_path_on_server (fixture, file);

  g_assert_true (g_file_set_contents (path, "nothing", -1, NULL));
}

/* Byte by byte, under the same names, and both deeds are in the log. */
static void
test_back_as_it_was (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *first = publish (fixture, NAME);
  g_autofree char *second = publish (fixture, OTHER);
  g_autoptr(GBytes) before = kab_test_deeds_download (fixture, first);
  g_autoptr(GBytes) before_too = kab_test_deeds_download (fixture, second);
  g_autoptr(KabPackageJob) job = NULL;
  g_autoptr(KabPackageJob) undo = NULL;
  g_autoptr(GPtrArray) approvals = NULL;
  g_autoptr(GBytes) after = NULL;
  g_autoptr(GBytes) after_too = NULL;
  static const char * const deeds[] = { "delete", "delete", "upload", "upload" };

  forget_copies (fixture, "other.mirror");      /* so that they are fetched */
  job = delete_new (fixture, first, second);
  kab_test_deed_run (g_object_ref (job));
  g_assert_null (kab_test_deeds_download (fixture, first));
  g_assert_null (kab_test_deeds_download (fixture, second));
  approvals = kab_test_deeds_approvals (fixture);
  g_assert_cmpuint (approvals->len, ==, 2);
  for (guint i = 0; i < approvals->len; i++)
    g_assert_true (kab_published_has (fixture->mirror, ((KabApproval *) approvals->pdata[i])->sha256));

  undo = kab_package_job_undo (job);
  kab_test_deed_run (g_object_ref (undo));
  g_assert_cmpuint (kab_package_job_count (undo, KAB_PACKAGE_STEP_DONE), ==, 2);
  after = kab_test_deeds_download (fixture, first);
  after_too = kab_test_deeds_download (fixture, second);
  g_assert_true (g_bytes_equal (before, after));
  g_assert_true (g_bytes_equal (before_too, after_too));
  g_clear_pointer (&approvals, g_ptr_array_unref);
  approvals = kab_test_deeds_approvals (fixture);
  g_assert_cmpuint (approvals->len, ==, 4);
  for (guint i = 0; i < approvals->len; i++)
    g_assert_cmpstr (((KabApproval *) approvals->pdata[i])->deed, ==, deeds[i]);

  /* It is there: once more changes nothing. */
  kab_test_deed_run (kab_package_job_undo (job));
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 1);
  g_assert_cmpuint (kab_test_deeds_count_open (fixture), ==, 0);
}

/* What went out from here is here: the server's file is not even looked at. */
static void
test_not_fetched (Fixture       *fixture,
                  gconstpointer  data)
{
  g_autofree char *file = publish (fixture, NAME);
  g_autoptr(GBytes) before = kab_test_deeds_download (fixture, file);
  g_autoptr(GBytes) after = NULL;
  g_autoptr(KabPackageJob) job = delete_new (fixture, file, NULL);

  damage (fixture, file);
  kab_test_deed_run (g_object_ref (job));
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 0);
  kab_test_deed_run (kab_package_job_undo (job));
  after = kab_test_deeds_download (fixture, file);
  g_assert_true (g_bytes_equal (before, after));
}

/* A copy that is damaged here is none: it is fetched again. */
static void
test_fetched_again (Fixture       *fixture,
                    gconstpointer  data)
{
  g_autofree char *file = publish (fixture, NAME);
  g_autoptr(GPtrArray) approvals = kab_test_deeds_approvals (fixture);
  g_autofree char *copy = kab_published_dup_path (fixture->mirror, ((KabApproval *) approvals->pdata[0])->sha256);
  g_autoptr(KabPackageJob) job = delete_new (fixture, file, NULL);

  g_assert_true (g_file_set_contents (copy, "nothing", -1, NULL));
  kab_test_deed_run (g_object_ref (job));
  kab_test_deed_run (kab_package_job_undo (job));
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 1);
}

/* Of one no copy can be had: nothing goes, it is named; then it goes for good, and undo brings the other back. */
static void
test_no_copy (Fixture       *fixture,
              gconstpointer  data)
{
  g_autofree char *lost = publish (fixture, NAME);
  g_autofree char *good = publish (fixture, OTHER);
  g_autoptr(KabPackageJob) job = NULL;
  g_autoptr(KabPackageJob) again = NULL;
  g_autoptr(KabPackageJob) last = NULL;
  g_autoptr(GPtrArray) approvals = NULL;
  GPtrArray *unkept;

  forget_copies (fixture, "other.mirror");
  damage (fixture, lost);
  job = delete_new (fixture, lost, good);
  kab_test_deed_fail (g_object_ref (job), KAB_ERROR_USAGE);
  unkept = kab_delete_package_job_get_unkept (KAB_DELETE_PACKAGE_JOB (job));
  g_assert_cmpuint (unkept->len, ==, 1);
  g_assert_cmpstr (kab_package_get (unkept->pdata[0], "filename"), ==, lost);
  g_assert_null (kab_package_job_undo (job));
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 1);
  g_assert_cmpuint (kab_test_deeds_count (fixture, OTHER), ==, 1);

  again = delete_new (fixture, lost, good);
  kab_delete_package_job_accept_loss (KAB_DELETE_PACKAGE_JOB (again), lost);
  kab_test_deed_run (g_object_ref (again));
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 0);
  g_assert_cmpuint (kab_test_deeds_count (fixture, OTHER), ==, 0);
  approvals = kab_test_deeds_approvals (fixture);
  g_assert_cmpstr (((KabApproval *) approvals->pdata[0])->sha256, ==, "");
  g_assert_nonnull (strstr (((KabApproval *) approvals->pdata[0])->note, "no copy"));

  kab_test_deed_run (kab_package_job_undo (again));
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 0);
  g_assert_cmpuint (kab_test_deeds_count (fixture, OTHER), ==, 1);

  /* Nothing kept, nothing to undo */
  damage (fixture, good);
  forget_copies (fixture, "third.mirror");
  last = delete_new (fixture, good, NULL);
  kab_delete_package_job_accept_loss (KAB_DELETE_PACKAGE_JOB (last), good);
  kab_test_deed_run (g_object_ref (last));
  g_assert_null (kab_package_job_undo (last));
}

/* Meanwhile somebody put another of that name, version and maturity there: theirs stays. */
static void
test_overtaken (Fixture       *fixture,
                gconstpointer  data)
{
  const KabProfile *profile = fixture->server->profile;
  g_autofree char *file = publish (fixture, NAME);
  g_autoptr(GBytes) bytes = kab_test_deeds_download (fixture, file);
  g_autoptr(KabPackageReader) reader = kab_package_reader_open_bytes (bytes, NULL);
  g_autoptr(GHashTable) changes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(KabSigner) signer = NULL;
  g_autoptr(GBytes) theirs = NULL;
  g_autoptr(GBytes) there = NULL;
  g_autofree char *path = g_build_filename (fixture->folder, "theirs.wapt", NULL);
  g_autoptr(KabPackageJob) job = delete_new (fixture, file, NULL);
  g_autoptr(KabPackageJob) undo = NULL;
  g_autoptr(KabPackage) package = NULL;
  g_autoptr(GPtrArray) approvals = NULL;
  g_autoptr(GError) error = NULL;
  const char * const paths[] = { path, NULL };

  kab_test_deed_run (g_object_ref (job));
  signer = kab_signer_new (profile->signing_certificate, profile->signing_key, fixture->server->passphrase, &error);
  g_assert_no_error (error);
  theirs = kab_package_resign (reader, signer, changes, NULL, "00000000-0000-0000-0000-000000000001", 1700000000, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (theirs, NULL), (gssize) g_bytes_get_size (theirs), NULL));
  kab_test_deed_run (kab_publish_job_new_from_files (fixture->sign_in, fixture->mirror, paths));
  approvals = kab_test_deeds_approvals (fixture);

  undo = kab_package_job_undo (job);
  kab_test_deed_fail (g_object_ref (undo), KAB_ERROR_CONFLICT);
  g_assert_cmpuint (kab_package_job_count (undo, KAB_PACKAGE_STEP_OVERTAKEN), ==, 1);
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 1);
  package = kab_test_deeds_find (fixture, NAME, NULL);
  there = kab_test_deeds_download (fixture, kab_package_get (package, "filename"));
  g_assert_true (g_bytes_equal (there, theirs));
  g_assert_true (kab_published_has (fixture->mirror, ((KabApproval *) approvals->pdata[1])->sha256));

  /* Away with theirs: then ours goes back. */
  kab_test_deed_run (delete_new (fixture, kab_package_get (package, "filename"), NULL));
  kab_test_deed_run (kab_package_job_undo (job));
  g_clear_pointer (&there, g_bytes_unref);
  there = kab_test_deeds_download (fixture, file);
  g_assert_true (g_bytes_equal (there, bytes));
}

int
main (int    argc,
      char **argv)
{
  kab_test_isolate ();
  g_test_init (&argc, &argv, NULL);
  KAB_TEST_DEED ("/delete/back-as-it-was", NULL, test_back_as_it_was);
  KAB_TEST_DEED ("/delete/not-fetched", NULL, test_not_fetched);
  KAB_TEST_DEED ("/delete/fetched-again", NULL, test_fetched_again);
  KAB_TEST_DEED ("/delete/no-copy", NULL, test_no_copy);
  KAB_TEST_DEED ("/delete/overtaken", NULL, test_overtaken);
  return kab_test_isolate_run ();
}
