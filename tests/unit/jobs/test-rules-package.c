/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "kab-depends.h"
#include "kab-drafts.h"
#include "kab-error.h"
#include "kab-package-reader.h"
#include "kab-package-resign.h"
#include "kab-published.h"
#include "kab-rules-document.h"
#include "kab-rules-package.h"
#include "kab-signer.h"
#include "kab-test-isolate.h"
#include "kab-test-store.h"

#define TEST_NOW G_GINT64_CONSTANT (1798761600)      /* 2027-01-01, when the recorded certificates are valid */

static KabSigner *
recorded_signer (void)
{
  g_autofree char *certificate = g_test_build_filename (G_TEST_DIST, "data", "wapt-1.8.2", "keys", "self.crt", NULL);
  g_autofree char *key = g_test_build_filename (G_TEST_DIST, "data", "wapt-1.8.2", "keys", "self.pem", NULL);
  KabSigner *signer = kab_signer_new (certificate, key, NULL, NULL);

  g_assert_nonnull (signer);
  kab_signer_set_time (signer, TEST_NOW);
  return signer;
}

static KabRulesDocument *
document_new (void)
{
  KabRulesDocument *document = kab_rules_document_new ("demo-wua-rules");

  kab_rules_document_set_description (document, "Règles de mars");
  kab_rules_document_put (document, KAB_RULE_FORBIDDEN_KBS, "KB5063878", "label printers");
  kab_rules_document_put (document, KAB_RULE_ALLOWED_SEVERITIES, "Critical", NULL);
  return document;
}

static void
test_there_and_back (void)
{
  g_autoptr(KabRulesDocument) document = document_new ();
  g_autoptr(KabSigner) signer = recorded_signer ();
  g_autoptr(KabPackageReader) reader = NULL;
  g_autoptr(KabRulesDocument) back = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) again = NULL;
  g_autoptr(GBytes) persistent = NULL;
  g_autoptr(GBytes) old = NULL;
  g_autoptr(GError) error = NULL;
  gboolean is_stale = TRUE;
  KabPackage *package;

  bytes = kab_rules_package_build (document, "7", signer, "00000000-0000-4000-8000-000000000001",
                                   TEST_NOW * G_USEC_PER_SEC, &error);
  g_assert_no_error (error);
  again = kab_rules_package_build (document, "7", signer, "00000000-0000-4000-8000-000000000001",
                                   TEST_NOW * G_USEC_PER_SEC, &error);
  g_assert_true (g_bytes_equal (bytes, again));

  reader = kab_package_reader_open_bytes (bytes, &error);
  g_assert_no_error (error);
  package = kab_package_reader_get_package (reader);
  g_assert_cmpstr (kab_package_get_section (package), ==, "wsus");
  g_assert_cmpstr (kab_package_get (package, "priority"), ==, "critical");
  g_assert_cmpstr (kab_package_get (package, "min_wapt_version"), ==, "1.7.3");
  g_assert_false (kab_package_reader_has (reader, "setup.py"));
  persistent = kab_package_reader_read (reader, "WAPT/persistent/waptwua_rules.json", 10000, &error);
  old = kab_package_reader_read (reader, "WAPT/waptwua_rules.json", 10000, &error);
  g_assert_no_error (error);
  g_assert_true (g_bytes_equal (persistent, old));

  back = kab_rules_package_read (reader, &is_stale, &error);
  g_assert_no_error (error);
  g_assert_false (is_stale);
  g_assert_null (kab_rules_package_renew (reader, "PROD"));
  g_assert_cmpstr (kab_rules_document_get_description (back), ==, "Règles de mars");
  g_assert_cmpstr (kab_rules_document_get_base_version (back), ==, "7");
  g_assert_cmpstr (kab_rules_document_get_base_uuid (back), ==, "00000000-0000-4000-8000-000000000001");
  g_assert_cmpstr (kab_rules_document_find (back, KAB_RULE_FORBIDDEN_KBS, "KB5063878")->reason, ==, "label printers");
}

/* A package whose text somebody replaced: agents read the JSON, so that is what it says; the text is made anew of it. */
static void
test_stale_text (void)
{
  static const char * const texts[] = {
    "[package]\nname=demo-wua-rules\n\n[forbidden_kbs]\nKB5063878=label printers, at last\nKB5000001=gone\n",
    "no text of rules",
    "",
  };
  g_autoptr(KabRulesDocument) document = document_new ();
  g_autoptr(KabSigner) signer = recorded_signer ();
  g_autoptr(GBytes) bytes = kab_rules_package_build (document, "7", signer, NULL, TEST_NOW * G_USEC_PER_SEC, NULL);
  g_autoptr(KabPackageReader) good = kab_package_reader_open_bytes (bytes, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GHashTable) wrong = g_hash_table_new (g_str_hash, g_str_equal);
      g_autoptr(GBytes) text = g_bytes_new_static (texts[i], strlen (texts[i]));
      g_autoptr(GHashTable) members = NULL;
      g_autoptr(GBytes) stale = NULL;
      g_autoptr(GBytes) renewed = NULL;
      g_autoptr(KabPackageReader) reader = NULL;
      g_autoptr(KabPackageReader) again = NULL;
      g_autoptr(KabRulesDocument) read = NULL;
      g_autoptr(KabRulesDocument) after = NULL;
      gboolean is_stale = FALSE;
      const KabRulesLine *line;

      g_hash_table_insert (wrong, (gpointer) KAB_RULES_PACKAGE_TEXT, text);
      stale = kab_package_resign (good, signer, NULL, wrong, "00000000-0000-4000-8000-000000000001",
                                  TEST_NOW * G_USEC_PER_SEC, NULL);
      reader = kab_package_reader_open_bytes (stale, NULL);
      read = kab_rules_package_read (reader, &is_stale, NULL);
      g_assert_true (is_stale);
      g_assert_cmpuint (kab_rules_document_get_lines (read)->len, ==, 2);
      line = kab_rules_document_find (read, KAB_RULE_FORBIDDEN_KBS, "KB5063878");
      g_assert_cmpstr (line->reason, ==, i == 0 ? "label printers, at last" : "");

      members = kab_rules_package_renew (reader, "PROD");
      g_assert_nonnull (members);
      renewed = kab_package_resign (reader, signer, NULL, members, "00000000-0000-4000-8000-000000000002",
                                    TEST_NOW * G_USEC_PER_SEC, NULL);
      again = kab_package_reader_open_bytes (renewed, NULL);
      after = kab_rules_package_read (again, &is_stale, NULL);
      g_assert_false (is_stale);
      g_assert_cmpuint (kab_rules_document_get_lines (after)->len, ==, 2);
      line = kab_rules_document_find (after, KAB_RULE_FORBIDDEN_KBS, "KB5063878");
      g_assert_cmpstr (line->reason, ==, i == 0 ? "label printers, at last" : "");
    }
}

static void
test_nothing_to_publish (void)
{
  g_autoptr(KabRulesDocument) empty = kab_rules_document_new ("demo-wua-rules");
  g_autoptr(KabRulesDocument) nameless = document_new ();
  g_autoptr(KabSigner) signer = recorded_signer ();
  g_autoptr(GBytes) garbage = g_bytes_new_static ("PK\003\004 nothing", 12);
  g_autoptr(GError) error = NULL;

  g_assert_null (kab_rules_package_build (empty, "1", signer, NULL, 0, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
  g_clear_error (&error);
  kab_rules_document_set_name (nameless, "");
  g_assert_null (kab_rules_package_build (nameless, "1", signer, NULL, 0, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
  g_clear_error (&error);
  g_assert_null (kab_rules_package_read_bytes (garbage, NULL, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
}

static void
test_depends (void)
{
  static const struct {
    const char *depends, *conflicts, *requirement;
    KabAssignment assignment;
    const char *then_depends, *then_conflicts;
  } cases[] = {
    { "", "", "demo", KAB_ASSIGN, "demo", "" },
    { "a,b", "", "demo(>=3)", KAB_ASSIGN, "a,b,demo(>=3)", "" },
    { "a, demo (>=2) ,b", "x", "demo(>=3)", KAB_ASSIGN, "a,demo(>=3),b", "x" },
    { "a", "demo,x", "demo", KAB_ASSIGN, "a,demo", "x" },
    { "demo,a,demo(>2)", "", "demo", KAB_ASSIGN, "demo,a", "" },
    { "a,demo,b", "x", "demo", KAB_UNASSIGN, "a,b", "x" },
    { "a,b", "demo", "demo", KAB_UNASSIGN, "a,b", "demo" },
    { "a,demo(>=3)", "x", "demo", KAB_FORBID, "a", "x,demo" },
    { "a", "demo", "demo", KAB_FORBID, "a", "demo" },
    { "demo-two", "", "demo", KAB_UNASSIGN, "demo-two", "" },
    { "OU=a,DC=b,x", "", "demo", KAB_ASSIGN, "OU=a,DC=b,x,demo", "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KabDepends) before = kab_depends_new (cases[i].depends, cases[i].conflicts);
      g_autoptr(KabDepends) changed = kab_depends_copy (before);
      g_autofree char *depends = NULL;
      g_autofree char *conflicts = NULL;

      kab_depends_change (changed, cases[i].requirement, cases[i].assignment);
      depends = kab_depends_dup_text (changed->depends);
      conflicts = kab_depends_dup_text (changed->conflicts);
      g_assert_cmpstr (depends, ==, cases[i].then_depends);
      g_assert_cmpstr (conflicts, ==, cases[i].then_conflicts);

      /* And back, whatever came meanwhile */
      g_ptr_array_add (changed->depends, g_strdup ("meanwhile"));
      kab_depends_restore (changed, cases[i].requirement, before);
      for (guint j = 0; j < before->depends->len; j++)
        if (g_str_has_prefix (before->depends->pdata[j], "demo") == FALSE)
          g_assert_true (g_ptr_array_find_with_equal_func (changed->depends, before->depends->pdata[j], g_str_equal, NULL));
      g_assert_true (g_ptr_array_find_with_equal_func (changed->depends, "meanwhile", g_str_equal, NULL));
    }
}

static void
test_copies (void)
{
  g_autofree char *folder = kab_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "a.mirror", NULL);
  g_autoptr(KabMirror) mirror = kab_mirror_new (path);
  g_autoptr(GBytes) bytes = g_bytes_new_static ("a package", 9);
  g_autoptr(GBytes) read = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *sha256 = kab_published_keep (mirror, bytes, &error);
  g_autofree char *again = kab_published_keep (mirror, bytes, &error);
  g_autofree char *file = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (sha256, ==, again);
  g_assert_true (kab_published_has (mirror, sha256));
  read = kab_published_read (mirror, sha256, &error);
  g_assert_true (g_bytes_equal (read, bytes));

  /* Names that are none, and a file that somebody changed */
  g_assert_false (kab_published_has (mirror, "../a"));
  g_assert_null (kab_published_read (mirror, "../../etc/passwd", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND);
  g_clear_error (&error);
  file = kab_published_dup_path (mirror, sha256);
  g_assert_true (g_file_set_contents (file, "another", -1, NULL));
  g_assert_null (kab_published_read (mirror, sha256, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
  g_clear_error (&error);
  g_free (kab_published_keep (mirror, bytes, &error));
  g_assert_no_error (error);
  kab_published_forget (mirror, sha256);
  g_assert_false (kab_published_has (mirror, sha256));

  kab_test_folder_remove (folder);
}

static void
test_drafts (void)
{
  g_autofree char *folder = kab_test_folder_new ();
  g_autofree char *path = g_build_filename (folder, "a.mirror", NULL);
  g_autoptr(KabMirror) mirror = kab_mirror_new (path);
  g_autoptr(GPtrArray) drafts = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *id = kab_drafts_save (mirror, NULL, "demo", "text", NULL, &error);
  g_autofree char *same = NULL;

  g_assert_no_error (error);
  same = kab_drafts_save (mirror, id, "demo", "more text", "step=2", &error);
  g_assert_cmpstr (same, ==, id);
  drafts = kab_drafts_read (mirror, &error);
  g_assert_cmpuint (drafts->len, ==, 1);
  g_assert_cmpstr (((KabDraft *) drafts->pdata[0])->text, ==, "more text");
  g_assert_cmpstr (((KabDraft *) drafts->pdata[0])->extra, ==, "step=2");
  g_assert_true (kab_drafts_discard (mirror, id, &error));

  g_clear_object (&mirror);
  kab_test_folder_remove (folder);
}

int
main (int    argc,
      char **argv)
{
  kab_test_isolate ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/rules-package/there-and-back", test_there_and_back);
  g_test_add_func ("/rules-package/stale-text", test_stale_text);
  g_test_add_func ("/rules-package/nothing-to-publish", test_nothing_to_publish);
  g_test_add_func ("/rules-package/depends", test_depends);
  g_test_add_func ("/rules-package/copies", test_copies);
  g_test_add_func ("/rules-package/drafts", test_drafts);
  return kab_test_isolate_run ();
}
