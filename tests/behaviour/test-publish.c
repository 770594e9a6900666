/* test-publish.c: rules go out, to their hosts, to production and back, and what may not happen does not
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "kab-assign-job.h"
#include "kab-delete-package-job.h"
#include "kab-drafts.h"
#include "kab-error.h"
#include "kab-package-builder.h"
#include "kab-package-reader.h"
#include "kab-package-resign.h"
#include "kab-promote-job.h"
#include "kab-publish-job.h"
#include "kab-published.h"
#include "kab-rules-package.h"
#include "kab-test-deeds.h"
#include "kab-test-isolate.h"
#include "kab-test-store.h"

#define NAME "test-wua-rules"
#define HOST "4C4C4544-0000-1000-8000-000000000001"

typedef KabTestDeeds Fixture;

static KabPackageJob *
publish_new (Fixture          *fixture,
             KabRulesDocument *document)
{
  return kab_publish_job_new (fixture->sign_in, fixture->mirror, document);
}

/* What a publishing leaves: the document of the server's newest, with its base. */
static KabRulesDocument *
read_newest (Fixture *fixture)
{
  g_autoptr(KabPackage) package = kab_test_deeds_find (fixture, NAME, NULL);
  g_autoptr(GBytes) bytes = kab_test_deeds_download (fixture, kab_package_get (package, "filename"));
  g_autoptr(GError) error = NULL;
  KabRulesDocument *document = kab_rules_package_read_bytes (bytes, NULL, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (kab_rules_document_get_base_uuid (document), ==, kab_package_get (package, "package_uuid"));
  return document;
}

static void
publish_first (Fixture *fixture)
{
  g_autoptr(KabRulesDocument) document = kab_test_document_new (NAME, "KB5063878");

  kab_test_deed_run (publish_new (fixture, document));
}

static void
test_first_and_next (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(KabRulesDocument) document = kab_test_document_new (NAME, "KB5063878");
  g_autofree char *draft = kab_drafts_save (fixture->mirror, NULL, NAME, "text", "step=3", NULL);
  KabPackageJob *job = publish_new (fixture, document);
  g_autoptr(KabRulesDocument) read = NULL;
  g_autoptr(KabRulesDocument) again = NULL;
  g_autoptr(KabPackage) package = NULL;
  g_autoptr(KabPackage) second = NULL;
  g_autoptr(GPtrArray) approvals = NULL;
  g_autoptr(GPtrArray) drafts = NULL;
  g_autofree char *folder = kab_published_dup_folder (fixture->mirror);
  g_autofree char *copy = NULL;
  g_autoptr(KabTestRun) run = NULL;
  GStatBuf status;
  KabApproval *line;

  kab_publish_job_set_draft (KAB_PUBLISH_JOB (job), draft);
  kab_package_job_set_reason (job, "ticket 4711");
  kab_package_job_set_note (job, "12 hosts change");
  kab_test_deed_run (job);

  package = kab_test_deeds_find (fixture, NAME, "PREPROD");
  g_assert_nonnull (package);
  g_assert_cmpstr (kab_package_get_version (package), ==, "1");
  g_assert_cmpstr (kab_package_get_section (package), ==, "wsus");
  g_assert_cmpstr (kab_package_get (package, "architecture"), ==, "all");
  g_assert_cmpstr (kab_package_get (package, "priority"), ==, "critical");
  g_assert_cmpstr (kab_package_get (package, "min_wapt_version"), ==, "1.7.3");
  read = read_newest (fixture);
  g_assert_cmpstr (kab_rules_document_find (read, KAB_RULE_FORBIDDEN_KBS, "KB5063878")->reason, ==,
                   "breaks the label printers");

  drafts = kab_drafts_read (fixture->mirror, NULL);
  g_assert_cmpuint (drafts->len, ==, 0);
  approvals = kab_test_deeds_approvals (fixture);
  g_assert_cmpuint (approvals->len, ==, 1);
  line = approvals->pdata[0];
  g_assert_cmpstr (line->deed, ==, "publish");
  g_assert_cmpstr (line->who, ==, fixture->server->profile->user);
  g_assert_nonnull (strchr (line->person, '@'));
  g_assert_cmpstr (line->package, ==, NAME);
  g_assert_cmpstr (line->reason, ==, "ticket 4711");
  g_assert_cmpstr (line->note, ==, "12 hosts change");
  g_assert_cmpstr (line->package_uuid, ==, kab_package_get (package, "package_uuid"));
  g_assert_cmpstr (line->file_name, ==, kab_package_get (package, "filename"));
  g_assert_cmpstr (line->signer_fingerprint, ==, kab_package_get (package, "signer_fingerprint"));
  g_assert_cmpint (line->at, >, 0);

  copy = kab_published_dup_path (fixture->mirror, line->sha256);
  g_assert_cmpint (g_stat (folder, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0700);
  g_assert_cmpint (g_stat (copy, &status), ==, 0);
  g_assert_cmpuint (status.st_mode & 0777, ==, 0600);

  /* The log as a table that any program reads */
  g_clear_object (&fixture->mirror);
  fixture->mirror = kab_mirror_new (fixture->store);
  run = kab_test_ctl (NULL, fixture->store, NULL, "package", "log", NAME, "--format", "csv", NULL);
  g_assert_cmpint (run->status, ==, 0);
  g_assert_true (g_str_has_prefix (run->out, "id,at,deed,package,"));
  g_assert_nonnull (strstr (run->out, ",publish," NAME ",1,PREPROD,"));
  g_assert_nonnull (strstr (run->out, line->sha256));
  g_assert_nonnull (strstr (run->out, "ticket 4711"));

  /* The next one, from what is there; the one before stays. */
  g_assert_true (kab_rules_document_put (read, KAB_RULE_ALLOWED_SEVERITIES, "Critical", NULL));
  kab_test_deed_run (publish_new (fixture, read));
  second = kab_test_deeds_find (fixture, NAME, "PREPROD");
  g_assert_cmpstr (kab_package_get_version (second), ==, "2");
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 2);
  again = read_newest (fixture);
  g_assert_cmpuint (kab_rules_document_count (again, KAB_RULE_ALLOWED_SEVERITIES), ==, 1);
}

static void
test_two_administrators (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(KabRulesDocument) mine = NULL;
  g_autoptr(KabRulesDocument) theirs = NULL;
  g_autoptr(KabRulesDocument) shown = NULL;
  g_autoptr(KabRulesDocument) twice = kab_test_document_new (NAME, "KB1");
  g_autoptr(KabPackageJob) job = NULL;
  const KabPackageConflict *conflict;

  publish_first (fixture);
  mine = read_newest (fixture);
  theirs = read_newest (fixture);
  kab_rules_document_put (theirs, KAB_RULE_ALLOWED_KBS, "KB5000001", NULL);
  kab_test_deed_run (publish_new (fixture, theirs));

  kab_rules_document_put (mine, KAB_RULE_ALLOWED_KBS, "KB5000002", NULL);
  job = publish_new (fixture, mine);
  kab_test_deed_fail (g_object_ref (job), KAB_ERROR_CONFLICT);
  conflict = kab_package_job_get_conflict (job);
  g_assert_nonnull (conflict);
  g_assert_cmpstr (conflict->version, ==, "2");
  shown = kab_rules_document_new_from_text (conflict->text, -1, NULL);
  g_assert_nonnull (kab_rules_document_find (shown, KAB_RULE_ALLOWED_KBS, "KB5000001"));
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 2);

  /* Seen, and on from there */
  kab_rules_document_set_base (mine, conflict->version, conflict->package_uuid);
  kab_test_deed_run (publish_new (fixture, mine));
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 3);

  /* A new package under a name that there is */
  kab_test_deed_fail (publish_new (fixture, twice), KAB_ERROR_CONFLICT);
  g_assert_cmpuint (kab_test_deeds_count_open (fixture), ==, 0);
}

static void
test_promote (Fixture       *fixture,
              gconstpointer  data)
{
  g_autoptr(KabPackage) pilot = NULL;
  g_autoptr(KabPackage) prod = NULL;
  g_autoptr(KabPackage) back = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) gone = NULL;
  g_autoptr(GPtrArray) approvals = NULL;
  g_autoptr(KabPackageJob) job = NULL;
  g_autoptr(KabRulesDocument) document = NULL;
  const char *file, *uuid;

  publish_first (fixture);
  pilot = kab_test_deeds_find (fixture, NAME, "PREPROD");
  file = kab_package_get (pilot, "filename");
  uuid = kab_package_get (pilot, "package_uuid");

  /* The gate says no, and nobody says why. */
  job = kab_promote_job_new (fixture->sign_in, fixture->mirror, file, uuid, "PROD");
  kab_promote_job_set_gate (KAB_PROMOTE_JOB (job), FALSE, "too few: 2 of 40");
  kab_package_job_set_reason (job, "  ");
  kab_test_deed_fail (g_steal_pointer (&job), KAB_ERROR_USAGE);
  /* Somebody else's under that name */
  kab_test_deed_fail (kab_promote_job_new (fixture->sign_in, fixture->mirror, file, "another", "PROD"),
                      KAB_ERROR_CONFLICT);
  kab_test_deed_fail (kab_promote_job_new (fixture->sign_in, fixture->mirror, file, uuid, "PREPROD"), KAB_ERROR_USAGE);
  kab_test_deed_fail (kab_promote_job_new (fixture->sign_in, fixture->mirror, "none.wapt", "", "PROD"),
                      KAB_ERROR_NOT_FOUND);

  job = kab_promote_job_new (fixture->sign_in, fixture->mirror, file, uuid, "PROD");
  kab_promote_job_set_gate (KAB_PROMOTE_JOB (job), FALSE, "too few: 2 of 40");
  kab_package_job_set_reason (job, "zero day");
  kab_test_deed_run (g_object_ref (job));

  prod = kab_test_deeds_find (fixture, NAME, "PROD");
  g_assert_nonnull (prod);
  g_assert_cmpstr (kab_package_get_version (prod), ==, "1");
  g_assert_cmpstr (kab_package_get (prod, "package_uuid"), !=, uuid);
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 1);
  gone = kab_test_deeds_download (fixture, file);
  g_assert_null (gone);
  bytes = kab_test_deeds_download (fixture, kab_package_get (prod, "filename"));
  document = kab_rules_package_read_bytes (bytes, NULL, NULL);
  g_assert_nonnull (document);
  g_assert_cmpstr (kab_rules_document_get_maturity (document), ==, "PROD");

  approvals = kab_test_deeds_approvals (fixture);
  g_assert_cmpuint (approvals->len, ==, 2);
  g_assert_cmpstr (((KabApproval *) approvals->pdata[1])->deed, ==, "promote");
  g_assert_cmpstr (((KabApproval *) approvals->pdata[1])->gate, ==, "overridden: too few: 2 of 40");
  g_assert_cmpstr (((KabApproval *) approvals->pdata[1])->reason, ==, "zero day");

  /* And back */
  kab_test_deed_run (kab_package_job_undo (job));
  back = kab_test_deeds_find (fixture, NAME, NULL);
  g_assert_cmpstr (kab_package_get_maturity (back), ==, "PREPROD");
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 1);
}

/* An account that may publish and not delete finishes, and names what is left. */
static void
test_may_not_delete (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(KabPackage) pilot = NULL;
  g_autoptr(KabPackageJob) job = NULL;
  g_autoptr(GPtrArray) approvals = NULL;
  const char *files[] = { NULL, NULL };
  const char *file;

  publish_first (fixture);
  pilot = kab_test_deeds_find (fixture, NAME, "PREPROD");
  file = kab_package_get (pilot, "filename");
  kab_test_deeds_sign_in_as (fixture, fixture->server->publisher, fixture->server->publisher_password);

  job = kab_promote_job_new (fixture->sign_in, fixture->mirror, file, "", "PROD");
  kab_test_deed_run (g_object_ref (job));
  g_assert_nonnull (kab_package_job_get_left (job));
  g_assert_cmpstr (kab_package_job_get_left (job)[0], ==, file);
  g_assert_cmpuint (kab_package_job_count (job, KAB_PACKAGE_STEP_LEFT), ==, 1);
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 2);
  approvals = kab_test_deeds_approvals (fixture);
  g_assert_nonnull (strstr (((KabApproval *) approvals->pdata[1])->note, file));
  g_assert_cmpuint (kab_test_deeds_count_open (fixture), ==, 0);

  files[0] = file;
  kab_test_deed_fail (kab_delete_package_job_new (fixture->sign_in, fixture->mirror, files), KAB_ERROR_REFUSED);
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 2);
}

static void
test_roll_back_and_undo (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(KabRulesDocument) next = NULL;
  g_autoptr(KabRulesDocument) now = NULL;
  g_autoptr(KabPackage) first = NULL;
  g_autoptr(KabPackage) second = NULL;
  g_autoptr(KabPackage) third = NULL;
  g_autoptr(KabPackageJob) job = NULL;
  g_autoptr(KabPackageJob) deleting = NULL;
  g_autoptr(GPtrArray) approvals = NULL;
  g_autoptr(GBytes) before = NULL;
  g_autoptr(GBytes) after = NULL;
  const char *files[] = { NULL, NULL };

  publish_first (fixture);
  first = kab_test_deeds_find (fixture, NAME, NULL);
  next = read_newest (fixture);
  kab_rules_document_put (next, KAB_RULE_ALLOWED_KBS, "KB5000001", NULL);
  job = publish_new (fixture, next);
  kab_test_deed_run (g_object_ref (job));
  second = kab_test_deeds_find (fixture, NAME, NULL);

  /* The server loses the first; its copy is still here. */
  files[0] = kab_package_get (first, "filename");
  kab_test_deed_run (kab_delete_package_job_new (fixture->sign_in, fixture->mirror, files));
  approvals = kab_test_deeds_approvals (fixture);
  kab_test_deed_run (kab_promote_job_new_roll_back (fixture->sign_in, fixture->mirror,
                                                    ((KabApproval *) approvals->pdata[0])->sha256,
                                                    kab_package_get (second, "package_uuid"), "PREPROD"));
  third = kab_test_deeds_find (fixture, NAME, NULL);
  g_assert_cmpstr (kab_package_get_version (third), ==, "3");
  now = read_newest (fixture);
  g_assert_cmpuint (kab_rules_document_count (now, KAB_RULE_ALLOWED_KBS), ==, 0);
  g_assert_cmpuint (kab_rules_document_count (now, KAB_RULE_FORBIDDEN_KBS), ==, 1);

  /* The undo of the second publishing is too late now: the third is another's word. */
  kab_test_deed_fail (kab_package_job_undo (job), KAB_ERROR_CONFLICT);

  /* What is deleted comes back as it was, byte by byte. */
  files[0] = kab_package_get (third, "filename");
  before = kab_test_deeds_download (fixture, files[0]);
  deleting = kab_delete_package_job_new (fixture->sign_in, fixture->mirror, files);
  kab_test_deed_run (g_object_ref (deleting));
  g_assert_null (kab_test_deeds_download (fixture, files[0]));
  kab_test_deed_run (kab_package_job_undo (deleting));
  after = kab_test_deeds_download (fixture, files[0]);
  g_assert_true (g_bytes_equal (before, after));
}

/* Undoing the very first takes it away; a number is never given twice all the same. */
static void
test_undo_the_first (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(KabRulesDocument) document = kab_test_document_new (NAME, "KB5063878");
  g_autoptr(KabPackageJob) job = publish_new (fixture, document);
  g_autoptr(KabPackage) package = NULL;

  kab_test_deed_run (g_object_ref (job));
  kab_test_deed_run (kab_package_job_undo (job));
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 0);

  kab_test_deed_run (publish_new (fixture, document));
  package = kab_test_deeds_find (fixture, NAME, NULL);
  g_assert_cmpstr (kab_package_get_version (package), ==, "2");
}

static KabPackageJob *
assign_new (Fixture       *fixture,
            KabAssignment  assignment,
            const char    *requirement)
{
  const KabAssignTarget targets[] = {
    { KAB_TARGET_HOST, HOST, "pc-1" },
    { KAB_TARGET_UNIT, "OU=Desks,DC=example,DC=lan", NULL },
    { KAB_TARGET_GROUP, "grp-desks", NULL },
    { KAB_TARGET_PROFILE, "desk-computers", NULL },
  };
  const char * const requirements[] = { requirement, NULL };

  return kab_assign_job_new (fixture->sign_in, fixture->mirror, assignment, targets, G_N_ELEMENTS (targets), requirements);
}

static void
assert_depends (Fixture    *fixture,
                const char *expected)
{
  static const char * const names[] = { "OU=Desks,DC=example,DC=lan", "grp-desks", "desk-computers" };
  static const char * const sections[] = { "unit", "group", "profile" };
  g_autofree char *depends = kab_test_deeds_depends (fixture, HOST);

  g_assert_cmpstr (depends, ==, expected);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(KabPackage) package = kab_test_deeds_find (fixture, names[i], NULL);

      g_assert_nonnull (package);
      g_assert_cmpstr (kab_package_get_section (package), ==, sections[i]);
      g_assert_cmpstr (kab_package_get (package, "depends"), ==, expected);
    }
}

static void
test_assign (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(KabPackageJob) job = assign_new (fixture, KAB_ASSIGN, NAME);
  g_autoptr(KabPackageJob) again = assign_new (fixture, KAB_ASSIGN, NAME);
  g_autoptr(KabPackageJob) newer = assign_new (fixture, KAB_ASSIGN, NAME "(>=3)");
  g_autoptr(KabPackageJob) nothing = assign_new (fixture, KAB_UNASSIGN, "never-had");
  g_autoptr(GPtrArray) approvals = NULL;

  kab_test_deed_run (g_object_ref (nothing));
  g_assert_cmpuint (kab_package_job_count (nothing, KAB_PACKAGE_STEP_UNCHANGED), ==, 4);
  g_assert_null (kab_package_job_undo (nothing));

  kab_test_deed_run (g_object_ref (job));
  g_assert_cmpuint (kab_package_job_count (job, KAB_PACKAGE_STEP_DONE), ==, 4);
  assert_depends (fixture, NAME);
  approvals = kab_test_deeds_approvals (fixture);
  g_assert_cmpuint (approvals->len, ==, 4);
  g_assert_cmpstr (((KabApproval *) approvals->pdata[0])->package, ==, NAME);
  g_assert_cmpstr (((KabApproval *) approvals->pdata[0])->target, ==, "host " HOST);
  g_assert_cmpstr (((KabApproval *) approvals->pdata[1])->target, ==, "unit OU=Desks,DC=example,DC=lan");

  kab_test_deed_run (g_object_ref (again));
  g_assert_cmpuint (kab_package_job_count (again, KAB_PACKAGE_STEP_UNCHANGED), ==, 4);

  kab_test_deed_run (assign_new (fixture, KAB_ASSIGN, "other"));
  kab_test_deed_run (g_object_ref (newer));
  assert_depends (fixture, NAME "(>=3),other");

  /* Each gets back what it had; what came meanwhile stays. */
  kab_test_deed_run (assign_new (fixture, KAB_ASSIGN, "third"));
  kab_test_deed_run (kab_package_job_undo (newer));
  assert_depends (fixture, NAME ",other,third");
  kab_test_deed_run (kab_package_job_undo (job));
  assert_depends (fixture, "other,third");
  kab_test_deed_run (assign_new (fixture, KAB_FORBID, "other"));
  assert_depends (fixture, "third");
}

static KabPackageJob *
assign_host_new (Fixture *fixture)
{
  const KabAssignTarget target = { KAB_TARGET_HOST, HOST, "pc-1" };
  const char * const requirements[] = { NAME, NULL };

  return kab_assign_job_new (fixture->sign_in, fixture->mirror, KAB_ASSIGN, &target, 1, requirements);
}

/* Signed by somebody whom the server takes and we do not know: shown, and only signed anew when he is accepted. */
static void
test_strangers (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *key = g_build_filename (fixture->folder, "stranger.pem", NULL);
  g_autofree char *certificate = g_build_filename (fixture->folder, "stranger.crt", NULL);
  g_autofree char *path = NULL;
  g_autoptr(KabSigner) stranger = NULL;
  g_autoptr(KabPackageBuilder) builder = kab_package_builder_new ();
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) kept = NULL;
  g_autoptr(KabPackageJob) job = NULL;
  g_autoptr(KabPackageRow) row = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *depends = NULL;
  const char encrypted[] = "RSAFERNET256and whatever only that host can read";

  kab_signer_generate ("Stranger", key, certificate, "secret phrase", FALSE, 0, &error);
  g_assert_no_error (error);
  stranger = kab_signer_new (certificate, key, "secret phrase", &error);
  g_assert_no_error (error);
  kab_package_builder_set (builder, "package", HOST);
  kab_package_builder_set (builder, "version", "4");
  kab_package_builder_set (builder, "architecture", "all");
  kab_package_builder_set (builder, "section", "host");
  kab_package_builder_set (builder, "priority", "standard");
  kab_package_builder_set (builder, "depends", "theirs");
  bytes = kab_package_builder_sign (builder, stranger, "00000000-0000-4000-8000-000000000001",
                                    kab_package_get_wall_clock (), &error);
  g_assert_no_error (error);
  path = g_build_filename (fixture->depot, "repository", "wapt-host", HOST ".wapt", NULL);
  g_assert_true (g_file_set_contents (path, g_bytes_get_data (bytes, NULL), (gssize) g_bytes_get_size (bytes), NULL));

  job = assign_host_new (fixture);
  kab_test_deed_fail (g_object_ref (job), KAB_ERROR_REFUSED);
  g_assert_cmpuint (kab_package_job_count (job, KAB_PACKAGE_STEP_UNTRUSTED), ==, 1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  row = g_list_model_get_item (kab_package_job_get_rows (job), 0);
  g_assert_cmpstr (kab_package_row_get_message (row), ==, "Stranger");
  kept = kab_test_deeds_download_host (fixture, HOST);
  g_assert_true (g_bytes_equal (kept, bytes));

  g_clear_object (&job);
  job = assign_host_new (fixture);
  kab_package_job_accept_signer (job, kab_package_row_get_signer (row));
  kab_test_deed_run (g_steal_pointer (&job));
  depends = kab_test_deeds_depends (fixture, HOST);
  g_assert_cmpstr (depends, ==, "theirs," NAME);

  /* Encrypted: never. */
  g_assert_true (g_file_set_contents (path, encrypted, -1, NULL));
  job = assign_host_new (fixture);
  kab_test_deed_fail (g_object_ref (job), KAB_ERROR_REFUSED);
  g_assert_cmpuint (kab_package_job_count (job, KAB_PACKAGE_STEP_ENCRYPTED), ==, 1);
  g_clear_pointer (&kept, g_bytes_unref);
  kept = kab_test_deeds_download_host (fixture, HOST);
  g_assert_cmpuint (g_bytes_get_size (kept), ==, strlen (encrypted));

  /* Nor what nobody signed well; and the other target does not suffer. */
  {
    const KabAssignTarget targets[] = { { KAB_TARGET_HOST, HOST, NULL }, { KAB_TARGET_GROUP, "grp-desks", NULL } };
    const char * const requirements[] = { NAME, NULL };
    g_autofree char *broken = g_memdup2 (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));

    broken[g_bytes_get_size (bytes) / 2] ^= 0x55;
    g_assert_true (g_file_set_contents (path, broken, (gssize) g_bytes_get_size (bytes), NULL));
    g_clear_object (&job);
    job = kab_assign_job_new (fixture->sign_in, fixture->mirror, KAB_ASSIGN, targets, 2, requirements);
    kab_test_deed_run (g_object_ref (job));
    g_assert_cmpuint (kab_package_job_count (job, KAB_PACKAGE_STEP_FAILED), ==, 1);
    g_assert_cmpuint (kab_package_job_count (job, KAB_PACKAGE_STEP_DONE), ==, 1);
  }
}

/* Many targets, of which some may not be touched: each says how it went, and undo finds those that changed. */
static void
test_many_hosts (Fixture       *fixture,
                 gconstpointer  data)
{
  enum { N_HOSTS = 60 };
  KabAssignTarget targets[N_HOSTS];
  char uuids[N_HOSTS][40];
  const char * const requirements[] = { NAME, NULL };
  g_autofree char *encrypted = NULL;
  g_autoptr(KabPackageJob) job = NULL;
  g_autoptr(KabPackageJob) undo = NULL;
  g_autoptr(KabPackageRow) row = NULL;
  g_autofree char *depends = NULL;
  g_autofree char *after = NULL;
  gint64 begin;

  for (guint i = 0; i < N_HOSTS; i++)
    {
      g_snprintf (uuids[i], sizeof uuids[i], "4C4C4544-0000-1000-8000-%012u", i + 100);
      targets[i] = (KabAssignTarget) { KAB_TARGET_HOST, uuids[i], NULL };
    }
  encrypted = g_strdup_printf ("%s/repository/wapt-host/%s.wapt", fixture->depot, uuids[7]);
  g_assert_true (g_file_set_contents (encrypted, "RSAFERNET256xyz", -1, NULL));

  begin = g_get_monotonic_time ();
  job = kab_assign_job_new (fixture->sign_in, fixture->mirror, KAB_ASSIGN, targets, N_HOSTS, requirements);
  kab_test_deed_run (g_object_ref (job));
  g_test_message ("%d hosts in %.2f s", N_HOSTS, (double) (g_get_monotonic_time () - begin) / G_USEC_PER_SEC);
  g_assert_cmpuint (kab_package_job_count (job, KAB_PACKAGE_STEP_DONE), ==, N_HOSTS - 1);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpuint (g_list_model_get_n_items (kab_package_job_get_rows (job)), ==, N_HOSTS);
  row = g_list_model_get_item (kab_package_job_get_rows (job), 7);
  g_assert_cmpint (kab_package_row_get_state (row), ==, KAB_PACKAGE_STEP_ENCRYPTED);
  depends = kab_test_deeds_depends (fixture, uuids[59]);
  g_assert_cmpstr (depends, ==, NAME);

  undo = kab_package_job_undo (job);
  kab_test_deed_run (g_object_ref (undo));
  g_assert_cmpuint (kab_package_job_count (undo, KAB_PACKAGE_STEP_DONE), ==, N_HOSTS - 1);
  after = kab_test_deeds_depends (fixture, uuids[59]);
  g_assert_cmpstr (after, ==, "");
}

/* Saved instead of sent: the server is not asked, and does not notice. Then it is sent as it is. */
static void
test_out_and_upload (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(KabRulesDocument) document = kab_test_document_new (NAME, "KB5063878");
  g_autofree char *out = g_build_filename (fixture->folder, "out.wapt", NULL);
  g_autofree char *bad = g_build_filename (fixture->folder, "bad.wapt", NULL);
  const char *files[] = { out, NULL };
  g_autoptr(KabPackageJob) job = publish_new (fixture, document);
  g_autofree char *contents = NULL;
  gsize length;

  kab_package_job_set_out (job, out);
  kab_test_deed_run (g_object_ref (job));
  g_assert_true (g_file_test (out, G_FILE_TEST_IS_REGULAR));
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 0);

  kab_test_deed_run (kab_publish_job_new_from_files (fixture->sign_in, fixture->mirror, files));
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 1);

  g_assert_true (g_file_get_contents (out, &contents, &length, NULL));
  contents[length / 2] ^= 0x55;
  g_assert_true (g_file_set_contents (bad, contents, (gssize) length, NULL));
  files[0] = bad;
  {
    g_autoptr(KabPackageJob) tampered = kab_publish_job_new_from_files (fixture->sign_in, fixture->mirror, files);

    g_assert_false (kab_job_run (KAB_JOB (tampered), NULL, NULL));
  }
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 1);
}

#define ADD(name, function) KAB_TEST_DEED ("/publish/" name, NULL, function)

int
main (int    argc,
      char **argv)
{
  kab_test_isolate ();
  g_test_init (&argc, &argv, NULL);
  ADD ("first-and-next", test_first_and_next);
  ADD ("two-administrators", test_two_administrators);
  ADD ("promote", test_promote);
  ADD ("may-not-delete", test_may_not_delete);
  ADD ("roll-back-and-undo", test_roll_back_and_undo);
  ADD ("undo-the-first", test_undo_the_first);
  ADD ("assign", test_assign);
  ADD ("strangers", test_strangers);
  ADD ("many-hosts", test_many_hosts);
  ADD ("out-and-upload", test_out_and_upload);
  return kab_test_isolate_run ();
}
