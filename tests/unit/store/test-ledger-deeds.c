/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>
#include <glib/gstdio.h>

#include "kab-database.h"
#include "kab-ledger-deeds.h"
#include "kab-test-store.h"

#define PAGE 8192      /* bytes; what kab_database_open() chooses */

typedef struct {
  char      *folder;
  char      *path;
  KabLedger *ledger;
} Fixture;

static KabLedger *
open_ledger (const char *path)
{
  g_autoptr(GError) error = NULL;
  KabLedger *ledger = kab_ledger_open (path, FALSE, NULL, &error);

  g_assert_no_error (error);
  return ledger;
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  fixture->folder = kab_test_folder_new ();
  fixture->path = g_build_filename (fixture->folder, "test.ledger", NULL);
  fixture->ledger = open_ledger (fixture->path);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_pointer (&fixture->ledger, kab_ledger_close);
  kab_test_folder_remove (fixture->folder);
  g_free (fixture->folder);
  g_free (fixture->path);
}

static void
set_text (char       **place,
          const char  *text)
{
  g_free (*place);
  *place = g_strdup (text);
}

/* A promotion: one upload, one removal */
static KabJournalEntry *
begin_promotion (KabLedger  *ledger,
                 const char *package,
                 const char *draft_id)
{
  KabJournalEntry *entry = kab_journal_entry_new ("promote");
  KabJournalStep *step = kab_journal_entry_add (entry, KAB_STEP_UPLOAD);
  g_autoptr(GError) error = NULL;

  entry->begun_at = 1000;
  entry->draft_id = g_strdup (draft_id);
  step->expected = g_strdup ("listed u-1");
  set_text (&step->approval->package, package);
  set_text (&step->approval->sha256, "abc");
  set_text (&step->approval->reason, "tickét 4711\nsecond line");
  step = kab_journal_entry_add (entry, KAB_STEP_DELETE);
  step->file_name = g_strdup ("old.wapt");
  set_text (&step->approval->deed, "");

  g_assert_true (kab_ledger_begin_deed (ledger, entry, &error));
  g_assert_no_error (error);
  g_assert_cmpint (entry->id, >, 0);
  return entry;
}

static void
end_promotion (KabLedger       *ledger,
               KabJournalEntry *entry)
{
  g_autoptr(GError) error = NULL;

  ((KabJournalStep *) entry->steps->pdata[0])->state = KAB_STEP_DONE;
  ((KabJournalStep *) entry->steps->pdata[1])->state = KAB_STEP_DONE;
  g_assert_true (kab_ledger_note_step (ledger, entry, G_MAXUINT, &error));
  g_assert_true (kab_ledger_end_deed (ledger, entry, 2000, &error));
  g_assert_no_error (error);
}

static void
write_draft (KabLedger  *ledger,
             const char *id,
             gint64      at)
{
  g_autoptr(KabDraft) draft = g_object_new (KAB_TYPE_DRAFT, NULL);

  draft->id = g_strdup (id);
  draft->name = g_strdup ("demo");
  draft->text = g_strdup ("[package]\nname=demo\n");
  draft->extra = g_strdup ("step=2");
  draft->changed_at = at;
  g_assert_true (kab_ledger_write_draft (ledger, draft, NULL));
}

static void
test_a_deed (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(KabJournalEntry) entry = NULL;
  g_autoptr(GPtrArray) open = NULL;
  g_autoptr(GPtrArray) none = NULL;
  g_autoptr(GPtrArray) approvals = NULL;
  g_autoptr(GPtrArray) others = NULL;
  g_autoptr(GPtrArray) drafts = NULL;
  KabJournalEntry *read;
  KabJournalStep *step;
  KabApproval *line;

  write_draft (fixture->ledger, "d-1", 5);
  entry = begin_promotion (fixture->ledger, "demo", "d-1");
  step = entry->steps->pdata[0];
  step->state = KAB_STEP_BEGUN;
  g_assert_true (kab_ledger_note_step (fixture->ledger, entry, 0, NULL));

  /* As the next start finds it */
  g_clear_pointer (&fixture->ledger, kab_ledger_close);
  fixture->ledger = open_ledger (fixture->path);
  open = kab_ledger_read_open_deeds (fixture->ledger, NULL);
  g_assert_cmpuint (open->len, ==, 1);
  read = open->pdata[0];
  g_assert_cmpstr (read->deed, ==, "promote");
  g_assert_cmpstr (read->draft_id, ==, "d-1");
  g_assert_cmpuint (read->steps->len, ==, 2);
  step = read->steps->pdata[0];
  g_assert_cmpint (step->kind, ==, KAB_STEP_UPLOAD);
  g_assert_cmpint (step->state, ==, KAB_STEP_BEGUN);
  g_assert_cmpstr (step->expected, ==, "listed u-1");
  g_assert_cmpstr (step->approval->reason, ==, "tickét 4711\nsecond line");
  step = read->steps->pdata[1];
  g_assert_cmpstr (step->file_name, ==, "old.wapt");
  g_assert_cmpstr (step->approval->deed, ==, "");

  end_promotion (fixture->ledger, read);
  none = kab_ledger_read_open_deeds (fixture->ledger, NULL);
  g_assert_cmpuint (none->len, ==, 0);
  approvals = kab_ledger_read_approvals (fixture->ledger, "demo", 0, NULL);
  g_assert_cmpuint (approvals->len, ==, 1);       /* the removal belongs to the promotion */
  line = approvals->pdata[0];
  g_assert_cmpstr (line->deed, ==, "promote");
  g_assert_cmpstr (line->sha256, ==, "abc");
  g_assert_cmpint (line->at, ==, 2000);
  g_assert_cmpint (line->id, ==, 1);
  others = kab_ledger_read_approvals (fixture->ledger, "dem", 0, NULL);
  g_assert_cmpuint (others->len, ==, 0);
  drafts = kab_ledger_read_drafts (fixture->ledger, NULL);
  g_assert_cmpuint (drafts->len, ==, 0);
}

/* What came to nothing leaves no line, and keeps its draft. */
static void
test_an_undone_deed (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(KabJournalEntry) entry = NULL;
  g_autoptr(GPtrArray) open = NULL;
  g_autoptr(GPtrArray) approvals = NULL;
  g_autoptr(GPtrArray) drafts = NULL;

  write_draft (fixture->ledger, "d-1", 5);
  write_draft (fixture->ledger, "d-2", 7);
  write_draft (fixture->ledger, "d-1", 9);
  entry = begin_promotion (fixture->ledger, "demo", "d-1");
  ((KabJournalStep *) entry->steps->pdata[0])->state = KAB_STEP_FAILED;
  g_assert_true (kab_ledger_end_deed (fixture->ledger, entry, 2000, NULL));

  open = kab_ledger_read_open_deeds (fixture->ledger, NULL);
  g_assert_cmpuint (open->len, ==, 0);
  approvals = kab_ledger_read_approvals (fixture->ledger, NULL, 0, NULL);
  g_assert_cmpuint (approvals->len, ==, 0);
  drafts = kab_ledger_read_drafts (fixture->ledger, NULL);
  g_assert_cmpuint (drafts->len, ==, 2);
  g_assert_cmpstr (((KabDraft *) drafts->pdata[0])->id, ==, "d-1");
  g_assert_cmpint (((KabDraft *) drafts->pdata[0])->changed_at, ==, 9);
  g_assert_true (kab_ledger_delete_draft (fixture->ledger, "d-1", NULL));
  g_assert_true (kab_ledger_delete_draft (fixture->ledger, "d-1", NULL));
}

/* Not even with a hand of one's own in the file */
static void
test_the_log_is_only_added_to (Fixture       *fixture,
                               gconstpointer  data)
{
  static const char * const attempts[] = {
    "UPDATE approvals SET reason = 'better'",
    "UPDATE approvals SET id = 7",
    "DELETE FROM approvals",
    ("INSERT OR REPLACE INTO approvals SELECT id, at, deed, 'nobody', person, package, version, maturity, package_uuid,"
     " file_name, sha256, target, signer, fingerprint, reason, gate, note FROM approvals"),
  };
  g_autoptr(KabJournalEntry) entry = begin_promotion (fixture->ledger, "demo", NULL);
  g_autoptr(KabDatabase) database = NULL;
  g_autoptr(GPtrArray) approvals = NULL;

  end_promotion (fixture->ledger, entry);
  database = kab_database_open (fixture->path, KAB_DATABASE_READ_WRITE, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (attempts); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_false (kab_database_execute (database, attempts[i], &error));
      g_assert_nonnull (strstr (error->message, "only added to"));
    }
  approvals = kab_ledger_read_approvals (fixture->ledger, NULL, 0, NULL);
  g_assert_cmpuint (approvals->len, ==, 1);
  g_assert_cmpstr (((KabApproval *) approvals->pdata[0])->reason, ==, "tickét 4711\nsecond line");
}

static void
fill (Fixture *fixture)
{
  for (guint i = 0; i < 60; i++)
    {
      g_autofree char *name = g_strdup_printf ("demo-%u", i);
      g_autoptr(KabJournalEntry) entry = begin_promotion (fixture->ledger, name, NULL);
      g_autoptr(KabApproval) kept = kab_approval_new ("");

      if (i % 20 != 0)
        end_promotion (fixture->ledger, entry);
      set_text (&kept->package, name);
      set_text (&kept->sha256, name);
      g_assert_true (kab_ledger_add_kept (fixture->ledger, kept, NULL));
      g_assert_true (kab_ledger_add_kept (fixture->ledger, kept, NULL));
      write_draft (fixture->ledger, name, i);
    }
  g_clear_pointer (&fixture->ledger, kab_ledger_close);
}

static void
assert_whole (Fixture *fixture)
{
  g_autoptr(GPtrArray) approvals = kab_ledger_read_approvals (fixture->ledger, NULL, 0, NULL);
  g_autoptr(GPtrArray) open = kab_ledger_read_open_deeds (fixture->ledger, NULL);
  g_autoptr(GPtrArray) drafts = kab_ledger_read_drafts (fixture->ledger, NULL);
  g_autoptr(GPtrArray) kept = kab_ledger_read_kept (fixture->ledger, "demo-59", NULL);

  g_assert_cmpuint (approvals->len, ==, 57);
  g_assert_cmpint (((KabApproval *) approvals->pdata[0])->id, ==, 57);
  g_assert_cmpstr (((KabApproval *) approvals->pdata[0])->package, ==, "demo-59");
  g_assert_cmpuint (open->len, ==, 3);
  g_assert_cmpuint (((KabJournalEntry *) open->pdata[2])->steps->len, ==, 2);
  g_assert_cmpuint (drafts->len, ==, 60);
  g_assert_cmpuint (kept->len, ==, 1);
}

/* Damages every page in turn; whatever is hit, nothing of what people decided is lost. */
static void
damage_each_page (Fixture *fixture)
{
  g_autofree char *layout = g_strconcat (fixture->path, ".layout", NULL);
  g_autofree char *contents = NULL;
  g_autofree char *pages = NULL;
  gsize length, n_pages;
  guint n_damaged = 0;

  g_assert_true (g_file_get_contents (fixture->path, &contents, &length, NULL));
  g_assert_true (g_file_get_contents (layout, &pages, &n_pages, NULL));
  for (gsize page = 0; page < length / PAGE; page++)
    {
      g_autofree char *damaged = g_memdup2 (contents, length);
      g_autofree char *repair = NULL;
      g_autoptr(GError) error = NULL;

      memset (damaged + page * PAGE, 0xa5, PAGE);
      g_assert_true (g_file_set_contents (fixture->path, damaged, (gssize) length, NULL));
      g_assert_true (g_file_set_contents (layout, pages, (gssize) n_pages, NULL));
      fixture->ledger = kab_ledger_open (fixture->path, FALSE, &repair, &error);
      g_assert_no_error (error);
      if (repair != NULL)
        {
          n_damaged++;
          g_test_message ("page %" G_GSIZE_FORMAT, page + 1);
          assert_whole (fixture);
        }
      g_clear_pointer (&fixture->ledger, kab_ledger_close);
    }
  g_assert_cmpuint (n_damaged, >=, 5);
}

static void
test_damage_is_survived (Fixture       *fixture,
                         gconstpointer  data)
{
  fill (fixture);
  damage_each_page (fixture);
}

/* A ledger that was of version 1 is laid out in another way than a new one. */
static void
test_damage_after_a_step (Fixture       *fixture,
                          gconstpointer  data)
{
  g_autofree char *dump = g_test_build_filename (G_TEST_DIST, "data", "store", "ledger-1.sql", NULL);
  g_autofree char *layout = g_strconcat (fixture->path, ".layout", NULL);
  g_autofree char *sql = NULL;
  g_autoptr(KabDatabase) database = NULL;
  g_autoptr(GArray) days = NULL;
  g_autoptr(GError) error = NULL;

  g_clear_pointer (&fixture->ledger, kab_ledger_close);
  g_unlink (fixture->path);
  g_unlink (layout);
  g_assert_true (g_file_get_contents (dump, &sql, NULL, NULL));
  database = kab_database_open (fixture->path, KAB_DATABASE_READ_WRITE, NULL);
  kab_database_execute (database, sql, &error);
  g_assert_no_error (error);
  g_clear_pointer (&database, kab_database_close);

  fixture->ledger = open_ledger (fixture->path);
  days = kab_ledger_read_days (fixture->ledger, 0, NULL);
  g_assert_cmpuint (days->len, ==, 2);
  fill (fixture);
  damage_each_page (fixture);

  fixture->ledger = open_ledger (fixture->path);
  g_clear_pointer (&days, g_array_unref);
  days = kab_ledger_read_days (fixture->ledger, 0, NULL);
  g_assert_cmpuint (days->len, ==, 2);
}

#define ADD(name, function) g_test_add ("/ledger-deeds/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("a-deed", test_a_deed);
  ADD ("an-undone-deed", test_an_undone_deed);
  ADD ("the-log-is-only-added-to", test_the_log_is_only_added_to);
  ADD ("damage-is-survived", test_damage_is_survived);
  ADD ("damage-after-a-step", test_damage_after_a_step);
  return g_test_run ();
}
