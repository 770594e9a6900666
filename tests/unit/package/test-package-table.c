/* SPDX-License-Identifier: GPL-3.0-or-later
 * The accept/reject table of wapt-package-format § 15 and what § 2 to 6 say besides, case by case. */

#include "package-forge.h"

#include "kab-package-judge.h"

/* What every case signs, "name", JSON; sorted with the case's own. */
static const char * const base[][2] = {
  { "architecture", "\"all\"" }, { "package", "\"demo\"" }, { "priority", "\"critical\"" }, { "section", "\"wsus\"" },
  { "signature_date", "\"2026-12-01T00:00:00.000000\"" }, { "version", "\"7\"" },
};

static int
compare_pairs (gconstpointer a,
               gconstpointer b)
{
  return strcmp (((const char * const *) *(gconstpointer *) a)[0], ((const char * const *) *(gconstpointer *) b)[0]);
}

/* An independent writer of canonical bytes: the values are JSON already. */
static char *
canonical_of (const char *names[2][2])
{
  g_autoptr(GPtrArray) pairs = g_ptr_array_new ();
  GString *text = g_string_new ("{");

  for (guint i = 0; i < G_N_ELEMENTS (base); i++)
    g_ptr_array_add (pairs, (gpointer) base[i]);
  for (guint i = 0; i < 2; i++)
    if (names[i][0] != NULL)
      g_ptr_array_add (pairs, names[i]);
  g_ptr_array_sort (pairs, compare_pairs);
  for (guint i = 0; i < pairs->len; i++)
    {
      const char * const *pair = pairs->pdata[i];

      g_string_append_printf (text, "%s\"%s\":%s", i > 0 ? "," : "", pair[0], pair[1]);
    }
  g_string_append_c (text, '}');
  return g_string_free (text, FALSE);
}

static char *
control_of (const char *lines,
            const char *names)
{
  return g_strdup_printf ("package           : demo\nversion           : 7\narchitecture      : all\nsection           : wsus\n"
                          "priority          : critical\n%ssignature_date    : 2026-12-01T00:00:00.000000\n"
                          "signed_attributes : %s", lines, names);
}

static const TestMember payload[] = { { "été/a b.txt", "x" }, { "folder/", "", FALSE, "" }, { "empty", "" }, { NULL } };

static KabSignatureStatus
status_of (GBytes      *bytes,
           const char **detail)
{
  static char *kept;
  g_autoptr(GPtrArray) trusted = trust ("keys/self.crt", NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(KabPackageReader) reader = kab_package_reader_open_bytes (bytes, &error);
  g_autoptr(KabSignature) signature = NULL;

  g_clear_pointer (&kept, g_free);
  if (reader == NULL)
    {
      g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
      *detail = kept = g_strdup (error->message);
      return KAB_SIGNATURE_BROKEN;
    }
  signature = kab_package_reader_verify (reader, trusted, TEST_NOW);
  *detail = kept = g_strdup (signature->detail);
  return signature->status;
}

static void
test_values (void)
{
  static const struct {
    const char *what;
    const char *lines;       /* more of the control */
    const char *signs[2];    /* attribute and JSON that its writer signed */
    const char *fault;       /* NULL: accepted; else what the reason says */
  } cases[] = {
    { "plain", "", { NULL }, NULL },
    { "text", "description       : hello\n", { "description", "\"hello\"" }, NULL },
    { "unknown attribute, listed", "icon_sha256sum    : ab\n", { "icon_sha256sum", "\"ab\"" }, NULL },
    { "unknown attribute, not listed", "x_y               : ab\n", { NULL }, NULL },
    { "unknown and absent is null", "", { "icon_sha256sum", "null" }, NULL },
    { "known and absent is empty", "", { "changelog", "\"\"" }, NULL },
    { "inner colons", "description       : a: b:c\n", { "description", "\"a: b:c\"" }, NULL },
    { "begins with #", "description       : # no comment\n", { "description", "\"# no comment\"" }, NULL },
    { "comma list with spaces", "depends           : a, b , c\n", { "depends", "\"a, b , c\"" }, NULL },
    { "first line empty", "description       : \n second\n", { "description", "\"\\nsecond\"" }, NULL },
    { "two lines", "description       : one\n two\n", { "description", "\"one\\ntwo\"" }, NULL },
    { "size 0", "installed_size    : 0\n", { "installed_size", "0" }, NULL },
    { "size of more than 32 bits", "installed_size    : 5000000000\n", { "installed_size", "5000000000" }, NULL },
    { "size empty", "installed_size    : \n", { "installed_size", "\"\"" }, NULL },
    { "tab inside", "description       : a\tb\n", { "description", "\"a\\tb\"" }, NULL },
    { "delete inside", "description       : a\177b\n", { "description", "\"a\\u007fb\"" }, NULL },
    { "em space inside", "description       : a\342\200\203b\n", { "description", "\"a\\u2003b\"" }, NULL },
    { "beyond the basic plane", "description       : 😀/\n", { "description", "\"\\ud83d\\ude00/\"" }, NULL },
    { "name in capitals", "Description       : hello\n", { "description", "\"hello\"" }, NULL },
    { "size signed as text", "installed_size    : 12\n", { "installed_size", "\"12\"" }, "does not fit" },
    { "own size signed", "", { "size", "3000" }, "size" },
    { "known signed as null", "", { "changelog", "null" }, "does not fit" },
    { "leading space", "description       :  hello\n", { "description", "\" hello\"" }, "does not fit" },
    { "trailing space", "description       : hello \n", { "description", "\"hello \"" }, "does not fit" },
    { "trailing no-break space", "description       : hello\302\240\n", { "description", "\"hello\\u00a0\"" }, "does not fit" },
    { "continuation with more indent", "description       : a\n   b\n", { "description", "\"a\\n  b\"" }, "does not fit" },
    { "continuation with a tab", "description       : a\n \tb\n", { "description", "\"a\\n\\tb\"" }, "does not fit" },
    { "empty line inside", "description       : a\n \n b\n", { "description", "\"a\\n\\nb\"" }, "not signed" },
    { "line separator inside", "description       : a\342\200\250b\n", { "description", "\"a\\u2028b\"" }, "colon" },
    { "another value", "description       : hello\n", { "description", "\"hallo\"" }, "does not fit" },
  };
  g_autoptr(KabSigner) signer = recorded_signer ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const char *pairs[2][2] = { { cases[i].signs[0], cases[i].signs[1] },
                                  { "signed_attributes", NULL } };
      g_autofree char *names = g_strconcat ("package,version,architecture,section,priority,signature_date,signed_attributes",
                                            cases[i].signs[0] != NULL ? "," : NULL, cases[i].signs[0], NULL);
      g_autofree char *quoted = g_strdup_printf ("\"%s\"", names);
      g_autofree char *control = control_of (cases[i].lines, names);
      g_autofree char *canonical = NULL;
      g_autoptr(GBytes) bytes = NULL;
      KabSignatureStatus status;
      const char *detail;

      pairs[1][1] = quoted;
      canonical = canonical_of (pairs);
      bytes = forge (signer, control, canonical, payload, FORGE_PLAIN);
      status = status_of (bytes, &detail);
      g_test_message ("%s: %s", cases[i].what, detail);
      if (cases[i].fault == NULL)
        g_assert_cmpint (status, ==, KAB_SIGNATURE_TRUSTED);
      else
        {
          g_assert_true (status == KAB_SIGNATURE_BROKEN || status == KAB_SIGNATURE_NONE);
          g_assert_nonnull (strstr (detail, cases[i].fault));
        }
    }
}

static void
test_forms (void)
{
  static const struct {
    const char *what;
    ForgeFlags flags;
    const char *fault;
  } cases[] = {
    { "control ends in LF", FORGE_CONTROL_LF, NULL },
    { "control with CRLF", FORGE_CONTROL_CRLF, NULL },
    { "pretty manifest", FORGE_PRETTY, NULL },
    { "manifest ends in LF", FORGE_MANIFEST_LF, NULL },
    { "manifest lists twice", FORGE_MANIFEST_TWICE, NULL },
    { "signature on one line", FORGE_UNWRAPPED, NULL },
    { "members in another order", FORGE_FIRST, NULL },
    { "all at once", FORGE_CONTROL_LF | FORGE_PRETTY | FORGE_MANIFEST_LF | FORGE_UNWRAPPED | FORGE_FIRST, NULL },
    { "digests in capitals", FORGE_MANIFEST_UPPER, "differs" },
    { "manifest with CR", FORGE_MANIFEST_CRLF, "Windows" },
    { "only SHA-1", FORGE_SHA1_ONLY, "manifest.sha256" },
    { "no certificate", FORGE_NO_CERTIFICATE, "certificate" },
  };
  static const char names[] = "package,version,architecture,section,priority,signature_date";
  const char *none[2][2] = { { NULL } };
  g_autofree char *control = control_of ("", names);
  g_autofree char *canonical = canonical_of (none);
  g_autoptr(KabSigner) signer = recorded_signer ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) bytes = forge (signer, control, canonical, payload, cases[i].flags);
      const char *detail;
      KabSignatureStatus status = status_of (bytes, &detail);

      g_test_message ("%s: %s", cases[i].what, detail);
      g_assert_cmpint (status, ==, cases[i].fault == NULL ? KAB_SIGNATURE_TRUSTED : KAB_SIGNATURE_BROKEN);
      if (cases[i].fault != NULL)
        g_assert_nonnull (strstr (detail, cases[i].fault));
    }
}

/* § 3.1, last row: before 9 June 2017 there was no list. */
static void
test_without_list (void)
{
  static const struct { const char *date; KabSignatureStatus status; } cases[] = {
    { "20170608-164552", KAB_SIGNATURE_TRUSTED },
    { "", KAB_SIGNATURE_TRUSTED },
    { "20170609-000000", KAB_SIGNATURE_BROKEN },
    { "20260101-000000", KAB_SIGNATURE_BROKEN },
  };
  g_autoptr(KabSigner) signer = recorded_signer ();

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *control = g_strdup_printf ("package: demo\nversion: 1\narchitecture: all\nsection: group\n"
                                                  "priority: optional\ndepends: a\nsignature_date: %s", cases[i].date);
      g_autoptr(GBytes) bytes = forge (signer, control, "{\"architecture\":\"all\",\"conflicts\":\"\",\"depends\":\"a\","
                                       "\"maturity\":\"\",\"package\":\"demo\",\"priority\":\"optional\","
                                       "\"section\":\"group\",\"version\":\"1\"}", NULL, FORGE_PLAIN);
      const char *detail;

      g_assert_cmpint (status_of (bytes, &detail), ==, cases[i].status);
    }
}

/* No priority, and a list of ten: accepted, but not safe; a list that holds what decides: safe. */
static void
test_short_lists (void)
{
  static const struct {
    const char *control;
    const char *canonical;
    const char *missing;     /* NULL: safe */
  } cases[] = {
    { "package: demo\nversion: 1\narchitecture: all\nsection: wsus\nsigned_attributes: package,version",
      "{\"package\":\"demo\",\"version\":\"1\"}", "architecture, section, depends, conflicts, maturity" },
    { "package: demo\nversion: 1\narchitecture: all\nsection: wsus\nlocale: fr\npackage_uuid: 1\n"
      "signed_attributes: package,version,architecture,section,depends,conflicts,maturity",
      "{\"architecture\":\"all\",\"conflicts\":\"\",\"depends\":\"\",\"maturity\":\"\",\"package\":\"demo\","
      "\"section\":\"wsus\",\"version\":\"1\"}", "locale, package_uuid" },
    { "package: demo\nversion: 1\narchitecture: all\nsection: wsus\nlocale: fr\n"
      "signed_attributes: package,version,architecture,section,depends,conflicts,maturity,locale",
      "{\"architecture\":\"all\",\"conflicts\":\"\",\"depends\":\"\",\"locale\":\"fr\",\"maturity\":\"\","
      "\"package\":\"demo\",\"section\":\"wsus\",\"version\":\"1\"}", NULL },
    { "package: demo\nversion: 1\narchitecture: all\nsection: wsus\npriority: low\nsignature_date: 20170101-000000",
      "{\"architecture\":\"all\",\"conflicts\":\"\",\"depends\":\"\",\"maturity\":\"\",\"package\":\"demo\","
      "\"priority\":\"low\",\"section\":\"wsus\",\"version\":\"1\"}", NULL },
  };
  g_autoptr(KabSigner) signer = recorded_signer ();
  g_autoptr(GPtrArray) trusted = trust ("keys/self.crt", NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GBytes) bytes = forge (signer, cases[i].control, cases[i].canonical, payload, FORGE_PLAIN);
      g_autoptr(KabJudgement) judgement = kab_package_judge_bytes (bytes, trusted, NULL, TEST_NOW, NULL);

      g_test_message ("%u: %s", i, judgement->reason);
      g_assert_cmpint (judgement->signature->status, ==, KAB_SIGNATURE_TRUSTED);
      g_assert_cmpint (judgement->outcome, ==, cases[i].missing != NULL ? KAB_JUDGEMENT_UNSAFE : KAB_JUDGEMENT_ACCEPTED);
      if (cases[i].missing != NULL)
        g_assert_true (g_str_has_suffix (judgement->reason, cases[i].missing));
    }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/package-table/values", test_values);
  g_test_add_func ("/package-table/forms", test_forms);
  g_test_add_func ("/package-table/without-list", test_without_list);
  g_test_add_func ("/package-table/short-lists", test_short_lists);
  return g_test_run ();
}
