/* test-publish-faults.c: kill -9 of either side before and after every write, upload and delete of publish, assign,
 * promote, delete and its undo; then the next start, after which everything is finished or undone, and nothing is lost
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <signal.h>
#include <string.h>

#include "kab-assign-job.h"
#include "kab-delete-package-job.h"
#include "kab-drafts.h"
#include "kab-error.h"
#include "kab-journal.h"
#include "kab-package-reader.h"
#include "kab-promote-job.h"
#include "kab-publish-job.h"
#include "kab-published.h"
#include "kab-rules-package.h"
#include "kab-secrets.h"
#include "kab-test-deeds.h"
#include "kab-test-isolate.h"

#define NAME  "test-wua-rules"
#define HOST  "4C4C4544-0000-1000-8000-000000000001"
#define UNIT  "OU=Desks,DC=example,DC=lan"
#define GROUP "grp-desks"
#define N_TARGETS 3

#define N_DELETED 2

typedef enum { PUBLISH, ASSIGN, PROMOTE, DELETE, RESTORE } Deed;

static const char * const deeds[] = { "publish", "assign", "promote", "delete", "restore" };

typedef KabTestDeeds Fixture;

/* What both sides hold before and after. */
typedef struct {
  guint       n_packages;
  guint       n_approvals;
  guint       n_drafts;
  guint       n_assigned;
  KabPackage *newest;
} Picture;

static guint
count_assigned (Fixture *fixture)
{
  static const char * const names[] = { UNIT, GROUP };
  g_autofree char *depends = kab_test_deeds_depends (fixture, HOST);
  guint n = strcmp (depends, NAME) == 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(KabPackage) package = kab_test_deeds_find (fixture, names[i], NULL);

      n += package != NULL && strcmp (kab_package_get (package, "depends"), NAME) == 0;
    }

  return n;
}

static Picture
take_picture (Fixture *fixture)
{
  g_autoptr(GPtrArray) approvals = kab_test_deeds_approvals (fixture);
  g_autoptr(GPtrArray) drafts = kab_drafts_read (fixture->mirror, NULL);
  Picture picture = { 0 };

  picture.n_packages = kab_test_deeds_count (fixture, NAME);
  picture.n_approvals = approvals->len;
  picture.n_drafts = drafts->len;
  picture.n_assigned = count_assigned (fixture);
  picture.newest = kab_test_deeds_find (fixture, NAME, NULL);

  /* Whatever the log says went out is kept. */
  for (guint i = 0; i < approvals->len; i++)
    g_assert_true (kab_published_has (fixture->mirror, ((KabApproval *) approvals->pdata[i])->sha256));

  return picture;
}

static KabPackageJob *
job_new (Deed        deed,
         KabSignIn  *sign_in,
         KabMirror  *mirror,
         const char *text,
         const char *draft)
{
  if (deed == PUBLISH)
    {
      g_autoptr(KabRulesDocument) document = kab_rules_document_new_from_text (text, -1, NULL);
      KabPackageJob *job = kab_publish_job_new (sign_in, mirror, document);

      kab_publish_job_set_draft (KAB_PUBLISH_JOB (job), draft);
      return job;
    }
  if (deed == ASSIGN)
    {
      const KabAssignTarget targets[N_TARGETS] = {
        { KAB_TARGET_HOST, HOST, NULL }, { KAB_TARGET_UNIT, UNIT, NULL }, { KAB_TARGET_GROUP, GROUP, NULL },
      };
      const char * const requirements[] = { NAME, NULL };

      return kab_assign_job_new (sign_in, mirror, strcmp (text, "assign") == 0 ? KAB_ASSIGN : KAB_UNASSIGN,
                                 targets, N_TARGETS, requirements);
    }
  if (deed == DELETE || deed == RESTORE)
    {
      g_auto(GStrv) names = g_strsplit (text, " ", -1);

      return deed == DELETE ? kab_delete_package_job_new (sign_in, mirror, (gpointer) names)
                            : kab_publish_job_new_from_kept (sign_in, mirror, (gpointer) names);
    }
  return kab_promote_job_new (sign_in, mirror, text, draft, "PROD");
}

/* The files that the server has of our package */
static char *
list_files (Fixture *fixture)
{
  g_autoptr(GPtrArray) index = kab_test_deeds_index (fixture);
  g_autoptr(GStrvBuilder) names = g_strv_builder_new ();
  g_auto(GStrv) list = NULL;

  for (guint i = 0; i < index->len; i++)
    if (strcmp (kab_package_get_name (index->pdata[i]), NAME) == 0)
      g_strv_builder_add (names, kab_package_get (index->pdata[i], "filename"));
  list = g_strv_builder_end (names);

  return g_strjoinv (" ", list);
}

/* What is to be done next, from what is there. */
static void
plan (Fixture  *fixture,
      Deed      deed,
      char    **text,
      char    **draft);

/* A first one, and a next one, of our package are on the server. */
static void
have_two (Fixture *fixture)
{
  while (kab_test_deeds_count (fixture, NAME) < N_DELETED)
    {
      g_autofree char *text = NULL;
      g_autofree char *draft = NULL;

      plan (fixture, PUBLISH, &text, &draft);
      kab_test_deed_run (job_new (PUBLISH, fixture->sign_in, fixture->mirror, text, draft));
    }
}

static void
plan (Fixture  *fixture,
      Deed      deed,
      char    **text,
      char    **draft)
{
  g_autoptr(KabPackage) newest = kab_test_deeds_find (fixture, NAME, NULL);

  if (deed == PUBLISH)
    {
      g_autoptr(KabRulesDocument) document = kab_test_document_new (NAME, "KB5063878");

      if (newest != NULL)
        kab_rules_document_set_base (document, kab_package_get_version (newest), kab_package_get (newest, "package_uuid"));
      *text = kab_rules_document_to_text (document);
      *draft = kab_drafts_save (fixture->mirror, NULL, NAME, *text, "", NULL);
    }
  else if (deed == ASSIGN)
    {
      *text = g_strdup (count_assigned (fixture) == 0 ? "assign" : "unassign");
      *draft = g_strdup ("");
    }
  else if (deed == DELETE || deed == RESTORE)
    {
      g_autofree char *files = NULL;

      have_two (fixture);
      files = list_files (fixture);
      *draft = g_strdup ("");
      if (deed == RESTORE)
        {
          g_autoptr(KabPackageJob) job = job_new (DELETE, fixture->sign_in, fixture->mirror, files, "");
          GPtrArray *approvals = kab_package_job_get_approvals (job);

          kab_test_deed_run (g_object_ref (job));
          *text = g_strjoin (" ", ((KabApproval *) approvals->pdata[0])->sha256,
                             ((KabApproval *) approvals->pdata[1])->sha256, NULL);
        }
      else
        {
          *text = g_steal_pointer (&files);
        }
    }
  else
    {
      if (newest == NULL || strcmp (kab_package_get_maturity (newest), "PROD") == 0)
        {
          g_autofree char *first = NULL;
          g_autofree char *id = NULL;

          plan (fixture, PUBLISH, &first, &id);
          kab_test_deed_run (job_new (PUBLISH, fixture->sign_in, fixture->mirror, first, id));
          g_clear_object (&newest);
          newest = kab_test_deeds_find (fixture, NAME, NULL);
        }
      *text = g_strdup (kab_package_get (newest, "filename"));
      *draft = g_strdup (kab_package_get (newest, "package_uuid"));
    }
}

/* This program again, doing one deed. Returns: minus the signal that ended it, or its exit status */
static int
run_child (Fixture    *fixture,
           const char *deed,
           const char *text,
           const char *draft,
           const char *fault,
           char      **places)
{
  const KabProfile *profile = fixture->server->profile;
  g_autoptr(GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_autoptr(GSubprocess) process = NULL;
  g_autofree char *err = NULL;
  g_autoptr(GError) error = NULL;

  g_subprocess_launcher_setenv (launcher, "KABINET_FAULT", fault, TRUE);
  process = g_subprocess_launcher_spawn (launcher, &error, "/proc/self/exe", "--child", deed, fixture->store,
                                         profile->url, profile->user, fixture->server->password, profile->signing_key,
                                         profile->signing_certificate, fixture->server->passphrase, text, draft, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &err, NULL);
  if (places != NULL)
    *places = g_steal_pointer (&err);

  return g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process)
                                              : -g_subprocess_get_term_sig (process);
}

static int
resume_as_child (KabSignIn *sign_in,
                 KabMirror *mirror)
{
  g_autoptr(GError) error = NULL;

  if (kab_journal_resume (sign_in, mirror, NULL, &error))
    return 0;
  g_printerr ("%s\n", error->message);
  return 1;
}

static int
be_child (char **argv)
{
  g_autoptr(KabProfile) profile = kab_profile_new ("child");
  g_autoptr(KabSignIn) sign_in = NULL;
  g_autoptr(KabMirror) mirror = kab_mirror_new (argv[3]);
  g_autoptr(KabPackageJob) job = NULL;
  g_autoptr(GError) error = NULL;
  Deed deed = PUBLISH;

  g_free (profile->url);
  profile->url = g_strdup (argv[4]);
  g_free (profile->user);
  profile->user = g_strdup (argv[5]);
  g_free (profile->signing_key);
  profile->signing_key = g_strdup (argv[7]);
  g_free (profile->signing_certificate);
  profile->signing_certificate = g_strdup (argv[8]);
  kab_secrets_store (KAB_SECRET_SIGNING_PASSPHRASE, profile, argv[9], FALSE, NULL, NULL);
  sign_in = kab_sign_in_new (profile, argv[6]);
  if (strcmp (argv[2], "resume") == 0)
    return resume_as_child (sign_in, mirror);
  while (strcmp (argv[2], deeds[deed]) != 0)
    deed++;
  job = job_new (deed, sign_in, mirror, argv[10], argv[11]);
  if (kab_job_run (KAB_JOB (job), NULL, &error))
    return 0;

  g_printerr ("%s\n", error->message);
  return 1;
}

/* The next start; then it is finished or as if it had never begun. */
static void
settle (Fixture       *fixture,
        Deed           deed,
        const Picture *before)
{
  g_autoptr(GError) error = NULL;
  Picture after;
  gboolean finished;

  kab_journal_resume (fixture->sign_in, fixture->mirror, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (kab_test_deeds_count_open (fixture), ==, 0);

  after = take_picture (fixture);
  finished = after.n_approvals > before->n_approvals;
  g_test_message ("%s", finished ? "finished" : "undone");
  switch (deed)
    {
    case PUBLISH:
      g_assert_cmpuint (after.n_approvals, ==, before->n_approvals + finished);
      g_assert_cmpuint (after.n_packages, ==, before->n_packages + finished);
      g_assert_cmpuint (after.n_drafts, ==, before->n_drafts - finished);
      break;
    case ASSIGN:
      g_assert_cmpuint (after.n_approvals, ==, before->n_approvals + finished * N_TARGETS);
      g_assert_cmpuint (after.n_assigned, ==, finished ? N_TARGETS - before->n_assigned : before->n_assigned);
      break;
    case DELETE:
      g_assert_cmpuint (after.n_approvals, ==, before->n_approvals + finished * N_DELETED);
      g_assert_cmpuint (after.n_packages, ==, before->n_packages - finished * N_DELETED);
      break;
    case RESTORE:
      g_assert_cmpuint (after.n_approvals, ==, before->n_approvals + finished * N_DELETED);
      g_assert_cmpuint (after.n_packages, ==, before->n_packages + finished * N_DELETED);
      break;
    case PROMOTE:
    default:
      g_assert_cmpuint (after.n_approvals, ==, before->n_approvals + finished);
      g_assert_cmpuint (after.n_packages, ==, before->n_packages);
      g_assert_cmpstr (kab_package_get_maturity (after.newest), ==, finished ? "PROD" : "PREPROD");
      g_assert_cmpstr (kab_package_get_version (after.newest), ==, kab_package_get_version (before->newest));
      break;
    }
  g_clear_object (&after.newest);
}

/* The places that the deed passes, each visit once: "journal-step-after-commit:2" */
static GPtrArray *
list_places (const char *text)
{
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr(GHashTable) visits = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *places = g_ptr_array_new_with_free_func (g_free);

  for (char **line = lines; *line != NULL; line++)
    {
      const char *mark = strstr (*line, "fault point ");
      guint n;

      if (mark == NULL)
        continue;
      mark += strlen ("fault point ");
      n = GPOINTER_TO_UINT (g_hash_table_lookup (visits, mark)) + 1;
      g_hash_table_replace (visits, g_strdup (mark), GUINT_TO_POINTER (n));
      g_ptr_array_add (places, g_strdup_printf ("%s:%u", mark, n));
    }

  return places;
}

static void
test_client_dies (Fixture       *fixture,
                  gconstpointer  data)
{
  static const guint n_expected[] = { 12, 26, 18, 14, 14 };
  Deed deed = GPOINTER_TO_INT (data);
  g_autoptr(GPtrArray) places = NULL;
  g_autofree char *listed = NULL;
  g_autofree char *first_text = NULL;
  g_autofree char *first_draft = NULL;

  plan (fixture, deed, &first_text, &first_draft);
  g_assert_cmpint (run_child (fixture, deeds[deed], first_text, first_draft, "list", &listed), ==, 0);
  places = list_places (listed);
  g_assert_cmpuint (places->len, >=, n_expected[deed]);

  for (guint i = 0; i < places->len; i++)
    {
      g_autofree char *text = NULL;
      g_autofree char *draft = NULL;
      Picture before;

      g_test_message ("%s %s", deeds[deed], (char *) places->pdata[i]);
      plan (fixture, deed, &text, &draft);
      before = take_picture (fixture);
      g_assert_cmpint (run_child (fixture, deeds[deed], text, draft, places->pdata[i], NULL), ==, -SIGKILL);
      if (deed != DELETE)
        g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), >=, before.n_packages);    /* never neither */
      settle (fixture, deed, &before);
      g_clear_object (&before.newest);
    }
}

/* Breaks a promotion off: its upload is on the server, or not even begun. */
static Picture
break_promotion (Fixture    *fixture,
                 const char *fault)
{
  g_autofree char *text = NULL;
  g_autofree char *draft = NULL;
  Picture before;

  plan (fixture, PROMOTE, &text, &draft);
  before = take_picture (fixture);
  g_assert_cmpint (run_child (fixture, "promote", text, draft, fault, NULL), ==, -SIGKILL);
  g_assert_cmpuint (kab_test_deeds_count_open (fixture), ==, 1);
  return before;
}

/* The next start may die too, and the one after it. */
static void
test_resume_dies (Fixture       *fixture,
                  gconstpointer  data)
{
  const char *fault = data;
  g_autofree char *listed = NULL;
  g_autoptr(GPtrArray) places = NULL;
  Picture before = break_promotion (fixture, fault);

  g_assert_cmpint (run_child (fixture, "resume", "", "", "list", &listed), ==, 0);
  settle (fixture, PROMOTE, &before);
  g_clear_object (&before.newest);
  places = list_places (listed);
  g_assert_cmpuint (places->len, >=, 4);
  for (guint i = 0; i < places->len; i++)
    {
      g_test_message ("resume %s", (char *) places->pdata[i]);
      before = break_promotion (fixture, fault);
      g_assert_cmpint (run_child (fixture, "resume", "", "", places->pdata[i], NULL), ==, -SIGKILL);
      g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), >=, before.n_packages);
      settle (fixture, PROMOTE, &before);
      g_clear_object (&before.newest);
    }
}

/* A server that took the file and died before its index was made: the original does not make it at its start. */
static void
test_half_there (Fixture       *fixture,
                 gconstpointer  data)
{
  Picture before = break_promotion (fixture, "deed-before-upload");
  g_autofree char *folder = kab_published_dup_folder (fixture->mirror);
  g_autoptr(GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;
  guint n_found = 0;

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *contents = NULL;
      g_autofree char *md5 = NULL;
      g_autofree char *file = NULL;
      g_autofree char *there = NULL;
      g_autoptr(GBytes) bytes = NULL;
      g_autoptr(KabPackageReader) reader = NULL;
      KabPackage *package;
      gsize length;

      if (!g_str_has_suffix (name, ".wapt") || !g_file_get_contents (path, &contents, &length, NULL))
        continue;
      bytes = g_bytes_new (contents, length);
      reader = kab_package_reader_open_bytes (bytes, NULL);
      package = kab_package_reader_get_package (reader);
      if (strcmp (kab_package_get_maturity (package), "PROD") != 0)
        continue;
      md5 = g_compute_checksum_for_bytes (G_CHECKSUM_MD5, bytes);
      file = kab_package_dup_file_name (package, md5);
      there = g_build_filename (fixture->depot, "repository", "wapt", file, NULL);
      g_assert_true (g_file_set_contents (there, contents, (gssize) length, NULL));
      n_found++;
    }
  g_assert_cmpuint (n_found, ==, 1);
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, before.n_packages);

  settle (fixture, PROMOTE, &before);
  g_clear_object (&before.newest);
  before.newest = kab_test_deeds_find (fixture, NAME, "PROD");
  g_assert_nonnull (before.newest);
  g_clear_object (&before.newest);
}

/* Somebody promoted it while our program was away: what never left us stays here. */
static void
test_overtaken (Fixture       *fixture,
                gconstpointer  data)
{
  g_autofree char *text = NULL;
  g_autofree char *draft = NULL;
  g_autofree char *other_store = g_build_filename (fixture->folder, "other.mirror", NULL);
  g_autoptr(KabMirror) other = kab_mirror_new (other_store);
  g_autoptr(GError) error = NULL;

  plan (fixture, PROMOTE, &text, &draft);
  g_assert_cmpint (run_child (fixture, "promote", text, draft, "deed-before-upload", NULL), ==, -SIGKILL);
  kab_test_deed_run (kab_promote_job_new (fixture->sign_in, other, text, draft, "PROD"));
  g_assert_true (kab_journal_resume (fixture->sign_in, fixture->mirror, NULL, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (kab_test_deeds_count (fixture, NAME), ==, 1);
  g_assert_cmpuint (kab_test_deeds_count_open (fixture), ==, 0);
}

/* The other side dies, wherever it writes or deletes something, and before and after each of its answers. */
static void
test_server_dies (Fixture       *fixture,
                  gconstpointer  data)
{
  static const struct { const char *place; guint max; } places[] = {
    { "server-before-store", 3 }, { "server-after-store", 3 }, { "server-before-index", 4 }, { "server-after-index", 4 },
    { "server-before-delete", 1 }, { "server-after-delete", 1 },
    { "server-before-answer", 40 }, { "server-after-answer", 40 },
  };
  Deed deed = GPOINTER_TO_INT (data);
  guint n_deaths = 0;

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      gboolean answers = places[i].max == 40;

      if (answers && deed != PROMOTE)
        continue;
      for (guint visit = 1; visit <= places[i].max; visit++)
        {
          g_autofree char *fault = g_strdup_printf ("%s:%u", places[i].place, visit);
          g_autofree char *text = NULL;
          g_autofree char *draft = NULL;
          g_autoptr(KabPackageJob) job = NULL;
          g_autoptr(GError) error = NULL;
          gboolean good;
          Picture before;

          plan (fixture, deed, &text, &draft);
          before = take_picture (fixture);
          kab_test_deeds_restart (fixture, FALSE, fault);
          if (fixture->server == NULL)
            {
              /* It died before it was ready: nothing to do with deeds. */
              kab_test_deeds_restart (fixture, FALSE, NULL);
              g_clear_object (&before.newest);
              continue;
            }
          job = job_new (deed, fixture->sign_in, fixture->mirror, text, draft);
          good = kab_job_run (KAB_JOB (job), NULL, &error);
          g_test_message ("%s %s: %s", deeds[deed], fault, good ? "lives" : error->message);
          if (good)
            {
              g_clear_object (&before.newest);
              kab_test_deeds_restart (fixture, TRUE, NULL);
              break;
            }
          n_deaths++;
          g_assert_error (error, KAB_ERROR, KAB_ERROR_NETWORK);
          kab_test_deeds_restart (fixture, TRUE, NULL);
          settle (fixture, deed, &before);
          g_clear_object (&before.newest);
        }
    }
  g_assert_cmpuint (n_deaths, >=, deed == PROMOTE ? 12 : 3);
}

int
main (int    argc,
      char **argv)
{
  if (argc == 12 && strcmp (argv[1], "--child") == 0)
    return be_child (argv);

  kab_test_isolate ();
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    {
      g_autofree char *client = g_strdup_printf ("/publish-faults/%s/client", deeds[i]);
      g_autofree char *server = g_strdup_printf ("/publish-faults/%s/server", deeds[i]);

      KAB_TEST_DEED (client, GINT_TO_POINTER (i), test_client_dies);
      /* To the server a deletion is a part of a promotion, and its undo a publishing. */
      if (i <= PROMOTE)
        KAB_TEST_DEED (server, GINT_TO_POINTER (i), test_server_dies);
    }
  KAB_TEST_DEED ("/publish-faults/resume/finishing", "deed-after-upload", test_resume_dies);
  KAB_TEST_DEED ("/publish-faults/resume/undoing", "deed-before-upload", test_resume_dies);
  KAB_TEST_DEED ("/publish-faults/resume/half-there", NULL, test_half_there);
  KAB_TEST_DEED ("/publish-faults/resume/overtaken", NULL, test_overtaken);
  return kab_test_isolate_run ();
}
