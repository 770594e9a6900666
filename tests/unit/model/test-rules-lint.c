/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "kab-rules-lint.h"

#define ID(n, revision) "0000000" n "-0000-4000-8000-00000000000a_" revision

static const struct {
  const char *id, *kb, *severity, *product, *classification, *supersedes;
} catalogue[] = {
  { ID ("1", "200"), "5000001", "Critical", "Windows 11", "Security Updates", NULL },
  { ID ("1", "201"), "5000001", "Critical", "Windows 11", "Security Updates", NULL },
  { ID ("2", "1"), "5000002", "Important", "Windows 10", "Security Updates", NULL },
  { ID ("3", "1"), "5000002", "Important", "Windows 11", "Security Updates", NULL },
  { ID ("4", "1"), "5000004", NULL, "Windows 10", "Update Rollups", "00000005-0000-4000-8000-00000000000a" },
  { ID ("5", "1"), "5000005", NULL, "Windows 10", "Update Rollups", NULL },
};

static KabUpdateIndex *
make_index (void)
{
  g_autoptr(GPtrArray) updates = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; i < G_N_ELEMENTS (catalogue); i++)
    {
      const char *kbs[] = { catalogue[i].kb, NULL };
      const char *guids[] = { catalogue[i].supersedes, NULL };

      g_ptr_array_add (updates, kab_update_new (&(KabUpdateFields) {
        .update_id = catalogue[i].id, .title = catalogue[i].kb, .kbids = kbs, .severity = catalogue[i].severity,
        .product = catalogue[i].product, .classification = catalogue[i].classification,
        .superseded_update_ids = guids }));
    }

  return kab_update_index_new (updates);
}

static KabRulesDocument *
parse (const char *lines)
{
  g_autofree char *text = g_strconcat ("[package]\nname=base\n", lines, NULL);
  g_autoptr(GError) error = NULL;
  KabRulesDocument *document = kab_rules_document_new_from_text (text, -1, &error);

  g_assert_no_error (error);
  return document;
}

static KabRuleSet *
make_rules (const char *origin,
            const char *lines)
{
  g_autoptr(KabRulesDocument) document = parse (lines);

  return kab_rules_document_to_rules (document, origin);
}

/* One document by itself: the kinds that are found, with line numbers, and what the first fix makes of it. */
static const struct {
  const char *lines;
  const char *found;          /* "level kind@line" joined by blanks */
  const char *sentence;       /* part of the first one's */
  const char *fixed;          /* part of the text with the first fix applied; NULL = it has none */
} cases[] = {
  { "[allowed_kbs]\nKB5000005=\n", "note superseded@4", "5000005 is superseded by 5000004", NULL },
  { "[allowed_kbs]\nKB5000004=\n", "", NULL, NULL },
  { "[allowed_kbs]\nKB5000002=\n", "note several@4", "KB5000002 stands for 2 different updates", NULL },
  { "[allowed_kbs]\nKB5000001=\n", "", NULL, NULL },
  { "[allowed_kbs]\nKB5999999=\n", "warning withdrawn@4", "does not know KB5999999", "[package]\nname=base\nmaturity=PREPROD\n" },
  { "[allowed_kbs]\n5000004=why\n", "error spelling@4", "it is written KB5000004", "KB5000004=why\n" },
  { "[forbidden_kbs]\nkb5000004=why\n", "error spelling@4", "it is written KB5000004", "KB5000004=why\n" },
  { "[allowed_updates]\n" ID ("1", "200") "=why\n", "warning revision@4", "newer revision, 201", ID ("1", "201") "=why\n" },
  { "[allowed_updates]\n" ID ("1", "199") "=why\n", "warning revision@4", "newer revision, 201", ID ("1", "201") "=why\n" },
  { "[allowed_updates]\n" ID ("1", "200") "=\n" ID ("1", "201") "=\n", "", NULL, NULL },
  { "[allowed_updates]\n" ID ("1", "200") "=\n[allowed_kbs]\nKB5000001=\n", "", NULL, NULL },
  { "[allowed_updates]\n" ID ("9", "1") "=\n", "warning withdrawn@4", "was withdrawn", "[package]\nname=base\nmaturity=PREPROD\n" },
  { "[allowed_severities]\nCritcal=\n", "error severity@4", "did you mean “Critical”", "[allowed_severities]\nCritical=\n" },
  { "[allowed_severities]\nimportant=\n", "error severity@4", "did you mean “Important”", "[allowed_severities]\nImportant=\n" },
  { "[allowed_severities]\nZzz=\n", "error severity@4", "there are Critical", NULL },
  { "[allowed_severities]\nLow=\n", "note dead@4", "No update that the server knows has the severity “Low”", NULL },
  { "[allowed_severities]\nCritical=\n", "", NULL, NULL },
  { "[allowed_products]\nwindows 11=\n", "error spelling@4", "it is written “Windows 11”", "Windows 11=\n" },
  { "[allowed_products]\nWindows 7=\n", "note dead@4", "has the product “Windows 7”", NULL },
  { "[allowed_products]\nWindows 12=\n", "warning dead@4", "has the product “Windows 12”", NULL },
  { "[allowed_classifications]\nSecurityUpdates=\n", "error spelling@4", "“Security Updates”", "Security Updates=\n" },
  { "[allowed_classifications]\n0fa1201d-4330-4fa8-8ae9-b877473b6441=\n", "error spelling@4", "“Security Updates”",
    "Security Updates=\n" },
  { "[allowed_classifications]\nDrivers=\n", "note not-offline@4", "offline catalogue holds nothing", NULL },
  { "[allowed_classifications]\nUpgrades=\n", "note not-offline@4", "offline catalogue holds nothing", NULL },
  { "[allowed_kbs]\nKB5000004=\n[forbidden_kbs]\nKB5000004=\n", "error conflict@4", "forbidding wins",
    "[forbidden_kbs]\nKB5000004=\n" },
  { "[allowed_updates]\n" ID ("4", "1") "=\n[forbidden_kbs]\nKB5000004=\n", "error conflict@4", "forbids KB5000004",
    "[forbidden_kbs]\nKB5000004=\n" },
  /* An exception is no conflict: one of two updates of a KB is forbidden. */
  { "[allowed_kbs]\nKB5000002=\n[forbidden_updates]\n" ID ("2", "1") "=\n", "note several@4", NULL, NULL },
  { "[allowed_kbs]\nKB5000002=\n[forbidden_updates]\n" ID ("2", "1") "=\n" ID ("3", "1") "=\n",
    "error conflict@4 note several@4", "forbidding wins", "[forbidden_updates]" },
  /* Whatever a line matches, an earlier one decides. */
  { "[allowed_severities]\nCritical=\n[allowed_products]\nWindows 11=\n", "note shadowed@4", "another line allows the product",
    NULL },
  { "[allowed_severities]\nImportant=\n[allowed_products]\nWindows 11=\n", "", NULL, NULL },
  { "[allowed_severities]\nCritical=\n[forbidden_kbs]\nKB5000001=\n", "warning shadowed@4",
    "The line “Critical” never decides: another line forbids", NULL },
  { "[allowed_updates]\n" ID ("4", "1") "=\n[allowed_kbs]\nKB5000004=\n", "note shadowed@6", "never decides",
    "[allowed_updates]\n" ID ("4", "1") "=\n" },
  { "[options]\ndefault_allow=true\n", "warning no-effect@0", "no effect", "[package]\nname=base\nmaturity=PREPROD\n" },
  { "[unknown_keys]\nspeed=\n", "error unknown-key@0", "do not know the key “speed”", NULL },
};

static char *
list_findings (GPtrArray *findings)
{
  GString *found = g_string_new (NULL);

  for (guint i = 0; i < findings->len; i++)
    {
      const KabLintFinding *finding = findings->pdata[i];

      g_string_append_printf (found, "%s%s %s@%u", i > 0 ? " " : "", kab_lint_level_get_text (finding->level),
                              kab_lint_kind_get_text (finding->kind), finding->line_number);
    }

  return g_string_free (found, FALSE);
}

static void
test_documents (void)
{
  g_autoptr(KabUpdateIndex) index = make_index ();
  g_autoptr(KabLintFleet) fleet = kab_lint_fleet_new (index);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KabRulesDocument) document = parse (cases[i].lines);
      g_autoptr(GPtrArray) findings = kab_rules_lint (fleet, document);
      g_autofree char *found = list_findings (findings);
      g_autofree char *sentence = NULL;
      g_autofree char *fix = NULL;
      g_autofree char *text = NULL;

      g_test_message ("%s", cases[i].lines);
      g_assert_cmpstr (found, ==, cases[i].found);
      if (cases[i].sentence == NULL)
        continue;
      sentence = kab_lint_finding_describe (findings->pdata[0], index);
      fix = kab_lint_finding_describe_fix (findings->pdata[0], index);
      if (strstr (sentence, cases[i].sentence) == NULL)
        g_error ("“%s” does not say “%s”", sentence, cases[i].sentence);
      g_assert_cmpint (kab_lint_finding_apply (findings->pdata[0], document), ==, cases[i].fixed != NULL);
      g_assert_cmpint (fix != NULL, ==, cases[i].fixed != NULL);
      text = kab_rules_document_to_text (document);
      if (cases[i].fixed != NULL && strstr (text, cases[i].fixed) == NULL)
        g_error ("“%s” does not hold “%s”", text, cases[i].fixed);
      g_assert_false (kab_lint_finding_apply (findings->pdata[0], document));
    }
}

static KabLintFleet *
make_fleet (KabUpdateIndex *index)
{
  static const char * const both[] = { "base 3", "servers 1", NULL };
  static const char * const one[] = { "base 3", NULL };
  static const char * const alone[] = { "other 1", NULL };
  KabLintFleet *fleet = kab_lint_fleet_new (index);
  g_autoptr(KabRuleSet) base = make_rules ("base 3", "[forbidden_kbs]\nKB5000004=\n");
  g_autoptr(KabRuleSet) servers = make_rules ("servers 1", "[allowed_kbs]\nKB5000004=\n");
  g_autoptr(KabRuleSet) other = make_rules ("other 1", "[allowed_kbs]\nKB5000004=\n");
  g_autoptr(KabRuleSet) unused = make_rules ("unused 1", "[allowed_severities]\nCritcal=\n");

  kab_lint_fleet_add_package (fleet, base);
  kab_lint_fleet_add_package (fleet, servers);
  kab_lint_fleet_add_package (fleet, other);
  kab_lint_fleet_add_package (fleet, unused);
  for (guint i = 0; i < 7; i++)
    kab_lint_fleet_add_host (fleet, both);
  for (guint i = 0; i < 5; i++)
    kab_lint_fleet_add_host (fleet, one);
  kab_lint_fleet_add_host (fleet, alone);
  kab_lint_fleet_add_host (fleet, NULL);
  kab_lint_fleet_add_host (fleet, NULL);

  return fleet;
}

/* A conflict is one only where hosts have both packages, and it counts them. */
static void
test_fleet (void)
{
  g_autoptr(KabUpdateIndex) index = make_index ();
  g_autoptr(KabLintFleet) fleet = make_fleet (index);
  g_autoptr(GPtrArray) findings = kab_rules_lint (fleet, NULL);
  g_autoptr(KabRulesDocument) document = NULL;
  g_autofree char *found = list_findings (findings);
  g_autofree char *sentence = NULL;
  const KabLintFinding *finding;

  g_assert_cmpstr (found, ==, "warning no-rules@0 warning conflict@0");
  finding = findings->pdata[0];
  g_assert_cmpuint (finding->n_hosts, ==, 2);
  finding = findings->pdata[1];
  g_assert_cmpstr (finding->package, ==, "servers 1");
  g_assert_cmpstr (finding->other_package, ==, "base 3");
  g_assert_cmpuint (finding->n_hosts, ==, 7);
  g_assert_true (finding->query_is_hosts);
  g_assert_cmpstr (finding->query, ==, "is:counted package:\"servers 1\" package:\"base 3\"");
  g_clear_pointer (&findings, g_ptr_array_unref);

  /* An editor of either side sees it. */
  document = parse ("[forbidden_kbs]\nKB5000004=\n");
  findings = kab_rules_lint (fleet, document);
  g_assert_cmpuint (findings->len, ==, 1);
  finding = findings->pdata[0];
  sentence = kab_lint_finding_describe (finding, index);
  g_assert_cmpstr (sentence, ==, "It forbids KB5000004, and servers 1 allows KB5000004; on hosts that have both, "
                                 "forbidding wins.");
  g_assert_cmpuint (finding->n_hosts, ==, 7);
}

/* A line that another package shadows counts only where all hosts have that one. */
static void
test_shadow (void)
{
  static const char * const both[] = { "base 1", "all 1", NULL };
  static const char * const one[] = { "base 1", NULL };
  g_autoptr(KabUpdateIndex) index = make_index ();

  for (guint some = 0; some < 2; some++)
    {
      g_autoptr(KabLintFleet) fleet = kab_lint_fleet_new (index);
      g_autoptr(KabRuleSet) base = make_rules ("base 1", "[allowed_severities]\nCritical=\n");
      g_autoptr(KabRuleSet) all = make_rules ("all 1", "[allowed_products]\nWindows 11=\n");
      g_autoptr(GPtrArray) findings = NULL;

      kab_lint_fleet_add_package (fleet, base);
      kab_lint_fleet_add_package (fleet, all);
      kab_lint_fleet_add_host (fleet, both);
      if (some)
        kab_lint_fleet_add_host (fleet, one);
      findings = kab_rules_lint (fleet, NULL);
      g_assert_cmpuint (findings->len, ==, some ? 0 : 1);
      if (!some)
        g_assert_cmpstr (((const KabLintFinding *) findings->pdata[0])->other_package, ==, "all 1");
    }
}

/* The design fleet: 10,000 hosts, 300 updates, 40 packages of 60 lines. */
static void
test_speed (void)
{
  g_autoptr(GPtrArray) updates = g_ptr_array_new_with_free_func (g_object_unref);
  g_autoptr(KabUpdateIndex) index = NULL;
  g_autoptr(KabLintFleet) fleet = NULL;
  g_autoptr(GPtrArray) findings = NULL;
  gint64 begin;

  for (guint i = 0; i < 300; i++)
    {
      g_autofree char *id = g_strdup_printf ("%08x-0000-4000-8000-00000000000a_200", i);
      g_autofree char *kb = g_strdup_printf ("%u", 5000000 + i / 2);
      const char *kbs[] = { kb, NULL };

      g_ptr_array_add (updates, kab_update_new (&(KabUpdateFields) {
        .update_id = id, .kbids = kbs, .severity = i % 2 ? "Critical" : "Important", .product = "Windows 11",
        .classification = "Security Updates" }));
    }

  begin = g_get_monotonic_time ();
  index = kab_update_index_new (updates);
  fleet = kab_lint_fleet_new (index);
  for (guint i = 0; i < 40; i++)
    {
      g_autoptr(GString) lines = g_string_new ("[allowed_severities]\nCritical=\n[allowed_kbs]\n");
      g_autofree char *origin = g_strdup_printf ("package-%u 1", i);
      g_autoptr(KabRuleSet) rules = NULL;

      for (guint j = 0; j < 60; j++)
        g_string_append_printf (lines, "KB%u=\n", 5000000 + (i * 7 + j) % 170);
      g_string_append_printf (lines, "[forbidden_kbs]\nKB%u=\n", 5000000 + i);
      rules = make_rules (origin, lines->str);
      kab_lint_fleet_add_package (fleet, rules);
    }
  for (guint i = 0; i < 10000; i++)
    {
      g_autofree char *first = g_strdup_printf ("package-%u 1", i % 40);
      g_autofree char *second = g_strdup_printf ("package-%u 1", (i * 7 + 3) % 40);
      const char *packages[] = { first, second, NULL };

      kab_lint_fleet_add_host (fleet, packages);
    }
  findings = kab_rules_lint (fleet, NULL);
  g_test_message ("%u findings in %" G_GINT64_FORMAT " µs", findings->len, g_get_monotonic_time () - begin);
  g_assert_cmpuint (findings->len, >, 100);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 2 * G_USEC_PER_SEC);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/rules-lint/documents", test_documents);
  g_test_add_func ("/model/rules-lint/fleet", test_fleet);
  g_test_add_func ("/model/rules-lint/shadow", test_shadow);
  g_test_add_func ("/model/rules-lint/speed", test_speed);
  return g_test_run ();
}
