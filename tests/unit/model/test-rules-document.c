/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "kab-rules-document.h"

#define GUID "0a1b2c3d-0000-4000-8000-000000000001"

static const char whole[] =
  "# What desks get.\n"
  "#\n"
  "# Second paragraph.\n"
  "[package]\n"
  "name=demo-wua-base\n"
  "description=Règles “été” \\\\ tabs\\tand\\nlines\n"
  "maturity=PREPROD\n"
  "base-version=12\n"
  "base-uuid=00000000-0000-4000-8000-000000000001\n"
  "\n"
  "[options]\n"
  "include_potentially_superseded_updates=true\n"
  "\n"
  "[forbidden_updates]\n"
  GUID "_200=\n"
  "\n"
  "# Never on desks\n"
  "[forbidden_kbs]\n"
  "# ticket 4711\n"
  "# and 4712\n"
  "KB5063878=breaks the label printers\n"
  "KB5063879=\\sblanks\\s\n"
  "\n"
  "[allowed_products]\n"
  "%23 Office %3D %5B365%5D 100%25%20=\n"
  "Windows 10, version 1903 and later=\n"
  "\n"
  "[allowed_severities]\n"
  "Critical=the gate looks at them\n"
  "\n"
  "[unknown_keys]\n"
  "allowed_windows_updates=\n"
  "\n"
  "# The end.\n";

/* Texts survive, byte by byte; and GLib reads the same values. */
static void
test_round_trip (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabRulesDocument) document = kab_rules_document_new_from_text (whole, -1, &error);
  g_autoptr(KabRulesDocument) copy = NULL;
  g_autoptr(GKeyFile) key_file = g_key_file_new ();
  g_autofree char *text = NULL;
  g_autofree char *again = NULL;
  g_autofree char *description = NULL;
  const KabRulesLine *line;

  g_assert_no_error (error);
  text = kab_rules_document_to_text (document);
  g_assert_cmpstr (text, ==, whole);
  copy = kab_rules_document_copy (document);
  again = kab_rules_document_to_text (copy);
  g_assert_cmpstr (again, ==, whole);

  g_assert_cmpstr (kab_rules_document_get_name (document), ==, "demo-wua-base");
  g_assert_cmpstr (kab_rules_document_get_description (document), ==, "Règles “été” \\ tabs\tand\nlines");
  g_assert_cmpstr (kab_rules_document_get_base_version (document), ==, "12");
  g_assert_cmpint (kab_rules_document_get_include_superseded (document), ==, KAB_TRISTATE_TRUE);
  g_assert_cmpint (kab_rules_document_get_default_allow (document), ==, KAB_TRISTATE_NULL);
  g_assert_cmpstr (kab_rules_document_get_unknown_keys (document)[0], ==, "allowed_windows_updates");
  line = kab_rules_document_find (document, KAB_RULE_FORBIDDEN_KBS, "KB5063878");
  g_assert_cmpstr (line->reason, ==, "breaks the label printers");
  g_assert_cmpstr (line->comment, ==, "ticket 4711\nand 4712");
  g_assert_cmpuint (line->line_number, ==, 21);
  g_assert_cmpstr (kab_rules_document_find (document, KAB_RULE_FORBIDDEN_KBS, "KB5063879")->reason, ==, " blanks ");
  g_assert_nonnull (kab_rules_document_find (document, KAB_RULE_ALLOWED_PRODUCTS, "# Office = [365] 100% "));

  g_assert_true (g_key_file_load_from_data (key_file, whole, -1, G_KEY_FILE_NONE, &error));
  g_assert_no_error (error);
  description = g_key_file_get_string (key_file, "package", "description", NULL);
  g_assert_cmpstr (description, ==, kab_rules_document_get_description (document));
  g_assert_true (g_key_file_has_key (key_file, "allowed_products", "Windows 10, version 1903 and later", NULL));
}

/* The same content gives the same text, whatever the order it came in. */
static void
test_stable (void)
{
  static const char messy[] =
    "\xef\xbb\xbf  [allowed_kbs]\r\n"
    "  KB3 = c \r\n"
    "KB1\r\n"
    "\r\n"
    "[package]\r\n"
    "maturity=PROD\r\n"
    "name = a\r\n"
    "[allowed_kbs]\r\n"
    "KB2=\r\n"
    "KB1=twice\r\n";
  g_autoptr(GError) error = NULL;
  g_autoptr(KabRulesDocument) read = kab_rules_document_new_from_text (messy, -1, &error);
  g_autoptr(KabRulesDocument) made = kab_rules_document_new ("a");
  g_autofree char *read_text = NULL;
  g_autofree char *made_text = NULL;

  g_assert_no_error (error);
  kab_rules_document_set_maturity (made, "PROD");
  g_assert_true (kab_rules_document_put (made, KAB_RULE_ALLOWED_KBS, "KB2", NULL));
  g_assert_true (kab_rules_document_put (made, KAB_RULE_ALLOWED_KBS, "KB3", "c"));
  g_assert_true (kab_rules_document_put (made, KAB_RULE_ALLOWED_KBS, "KB1", NULL));
  g_assert_false (kab_rules_document_put (made, KAB_RULE_ALLOWED_KBS, "KB1", NULL));

  read_text = kab_rules_document_to_text (read);
  made_text = kab_rules_document_to_text (made);
  g_assert_cmpstr (read_text, ==, made_text);
  g_assert_cmpstr (made_text, ==, "[package]\nname=a\nmaturity=PROD\n\n[allowed_kbs]\nKB1=\nKB2=\nKB3=c\n");
}

static void
test_refused (void)
{
  static const struct { const char *text, *message; } cases[] = {
    { "", "there is no group" },
    { "# only\n", "there is no group" },
    { "KB1=\n", "Line 1: “KB1” stands before the first group" },
    { "[package]\nnmae=x\n", "Line 2: a package has no “nmae”" },
    { "[allowed_kb]\n", "Line 1: there is no group “allowed_kb”" },
    { "[allowed_kbs\n", "a group looks like" },
    { "[allowed_kbs] x\n", "a group looks like" },
    { "[options]\ndefault_allow=perhaps\n", "neither true nor false" },
    { "[options]\ninstall_delay=7d\n", "no option “install_delay”" },
    { "[allowed_kbs]\nKB%1=\n", "Line 2: “KB%1” cannot be read" },
    { "[allowed_kbs]\nKB%00=\n", "cannot be read" },
    { "[allowed_kbs]\nK%ff%fe=\n", "cannot be read" },
    { "[allowed_kbs]\n=x\n", "cannot be read" },
    { "[allowed_kbs]\n\xff\xfe=\n", "no text in UTF-8" },
    { "\x1f\x8b\x08 not text", "no text in UTF-8" },
  };
  g_autofree char *long_line = g_strnfill (70000, 'x');
  g_autofree char *long_value = g_strdup_printf ("[allowed_kbs]\n%.*s=\n", 5000, long_line);
  g_autofree char *too_long = g_strdup_printf ("[allowed_kbs]\nKB1=%s\n", long_line);
  g_autofree char *huge = g_strnfill (KAB_RULES_DOCUMENT_MAX_SIZE + 1, '#');

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;

      g_assert_null (kab_rules_document_new_from_text (cases[i].text, -1, &error));
      g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
      if (strstr (error->message, cases[i].message) == NULL)
        g_error ("“%s” does not say “%s”", error->message, cases[i].message);
    }
  for (guint i = 0; i < 4; i++)
    {
      const char *texts[] = { long_value, too_long, huge, "[package]\nname=a\0b\n" };
      g_autoptr(GError) error = NULL;

      g_assert_null (kab_rules_document_new_from_text (texts[i], i == 3 ? 19 : -1, &error));
      g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
    }
}

/* Whatever comes: an error, or a document that reads back as it was written. */
static void
test_random (void)
{
  static const char alphabet[] = "[]=#%\n\r\t \\ab2\x01\xc3\xa9";

  for (guint i = 0; i < 3000; i++)
    {
      g_autoptr(GString) text = g_string_new ("[allowed_products]\n");
      g_autoptr(KabRulesDocument) document = NULL;

      for (int n = g_test_rand_int_range (0, 60); n > 0; n--)
        g_string_append_c (text, alphabet[g_test_rand_int_range (0, sizeof alphabet - 1)]);
      document = kab_rules_document_new_from_text (text->str, (gssize) text->len, NULL);
      if (document != NULL)
        {
          g_autofree char *written = kab_rules_document_to_text (document);
          g_autoptr(GError) error = NULL;
          g_autoptr(KabRulesDocument) again = kab_rules_document_new_from_text (written, -1, &error);
          g_autofree char *twice = NULL;

          g_assert_no_error (error);
          twice = kab_rules_document_to_text (again);
          g_assert_cmpstr (twice, ==, written);
          g_assert_cmpuint (kab_rules_document_get_lines (again)->len, ==, kab_rules_document_get_lines (document)->len);
        }
    }
}

static KabRuleSet *
make_rules (void)
{
  KabRuleSetBuilder *builder = kab_rule_set_builder_new ("demo-wua-base 12");

  kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_KBS, "KB2");
  kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_KBS, "KB1");
  kab_rule_set_builder_add (builder, KAB_RULE_ALLOWED_PRODUCTS, "Windows 11");
  kab_rule_set_builder_set_default_allow (builder, KAB_TRISTATE_TRUE);
  kab_rule_set_builder_add_dropped_key (builder, "speed");
  return kab_rule_set_builder_end (builder);
}

static void
test_rules (void)
{
  g_autoptr(KabRuleSet) rules = make_rules ();
  g_autoptr(KabPackage) package = kab_package_new_from_control (
    "package           : demo-wua-base\nversion           : 12\nmaturity          : PROD\n"
    "description       : What desks get\npackage_uuid      : u-12", -1, NULL);
  g_autoptr(KabRulesDocument) document = kab_rules_document_new_from_rules (rules, package);
  g_autoptr(KabRulesDocument) written = NULL;
  g_autoptr(KabRuleSet) back = NULL;

  g_assert_cmpstr (kab_rules_document_get_name (document), ==, "demo-wua-base");
  g_assert_cmpstr (kab_rules_document_get_maturity (document), ==, "PROD");
  g_assert_cmpstr (kab_rules_document_get_base_uuid (document), ==, "u-12");
  g_assert_cmpuint (kab_rules_document_count (document, KAB_RULE_ALLOWED_KBS), ==, 2);
  g_assert_cmpstr (kab_rules_document_get_unknown_keys (document)[0], ==, "speed");
  g_assert_true (kab_rules_document_agrees (document, rules));

  back = kab_rules_document_to_rules (document, "x 1");
  g_assert_cmpstr (kab_rule_set_get_origin (back), ==, "x 1");
  g_assert_cmpstr (kab_rule_set_get_list (back, KAB_RULE_ALLOWED_KBS)[0], ==, "KB1");
  g_assert_null (kab_rule_set_get_dropped_keys (back)[0]);
  g_assert_true (kab_rules_document_agrees (document, back));

  /* The text beside the JSON gives reasons and comments; what the JSON says counts. */
  written = kab_rules_document_new_from_package (rules, package,
                                                 "[package]\nname=other\nmaturity=DEV\n\n# why\n[allowed_kbs]\n# c\n"
                                                 "KB1=because\nKB9=gone\n", -1);
  g_assert_cmpstr (kab_rules_document_get_name (written), ==, "demo-wua-base");
  g_assert_cmpstr (kab_rules_document_find (written, KAB_RULE_ALLOWED_KBS, "KB1")->reason, ==, "because");
  g_assert_null (kab_rules_document_find (written, KAB_RULE_ALLOWED_KBS, "KB9"));
  g_assert_nonnull (kab_rules_document_find (written, KAB_RULE_ALLOWED_KBS, "KB2"));
  g_clear_object (&written);
  written = kab_rules_document_new_from_package (rules, package, "damaged", -1);
  g_assert_true (kab_rules_document_agrees (written, rules));
}

static void
count_cb (KabRulesDocument *document,
          guint            *n)
{
  (*n)++;
}

static void
test_edit (void)
{
  g_autoptr(KabRulesDocument) document = kab_rules_document_new ("a");
  guint n = 0;

  g_signal_connect (document, "changed", G_CALLBACK (count_cb), &n);
  g_assert_true (kab_rules_document_put (document, KAB_RULE_FORBIDDEN_UPDATES, GUID "_1", "bad"));
  g_assert_true (kab_rules_document_put (document, KAB_RULE_ALLOWED_UPDATES, GUID "_1", "good again"));
  g_assert_null (kab_rules_document_find (document, KAB_RULE_FORBIDDEN_UPDATES, GUID "_1"));
  g_assert_true (kab_rules_document_put (document, KAB_RULE_ALLOWED_UPDATES, GUID "_1", "better"));
  g_assert_false (kab_rules_document_put (document, KAB_RULE_ALLOWED_UPDATES, GUID "_1", "better"));
  g_assert_false (kab_rules_document_put (document, KAB_RULE_ALLOWED_UPDATES, "", NULL));
  g_assert_false (kab_rules_document_put (document, KAB_RULE_ALLOWED_UPDATES, "\xff", NULL));
  g_assert_cmpuint (n, ==, 3);
  g_assert_true (kab_rules_document_clear_update (document, GUID "_1"));
  g_assert_false (kab_rules_document_clear_update (document, GUID "_1"));
  g_assert_cmpuint (kab_rules_document_get_lines (document)->len, ==, 0);
  kab_rules_document_set_name (document, "a");
  g_assert_cmpuint (n, ==, 4);
}

static void
test_check (void)
{
  static const char * const bad_names[] = { "", "A", "a b", "-a", "a_", "a/b", "a~b", "é", "a..b" };
  g_autoptr(KabRulesDocument) document = kab_rules_document_new ("demo-wua-base");
  g_autoptr(GError) error = NULL;

  g_assert_false (kab_rules_document_check (document, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
  g_clear_error (&error);
  kab_rules_document_put (document, KAB_RULE_ALLOWED_KBS, "KB1", NULL);
  g_assert_true (kab_rules_document_check (document, &error));
  g_assert_no_error (error);
  kab_rules_document_set_maturity (document, "preprod");
  g_assert_false (kab_rules_document_check (document, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (bad_names); i++)
    g_assert_false (kab_rules_document_check_name (bad_names[i], NULL));
}

/* A page of it opens at once. */
static void
test_large (void)
{
  g_autoptr(GString) text = g_string_new ("[package]\nname=a\n\n[allowed_updates]\n");
  g_autoptr(KabRulesDocument) document = NULL;
  g_autofree char *written = NULL;
  gint64 begin = g_get_monotonic_time ();

  for (guint i = 0; i < 50000; i++)
    g_string_append_printf (text, "# why %u\n%08x-0000-4000-8000-000000000001_200=reason %u\n", i, i * 7919u, i);
  document = kab_rules_document_new_from_text (text->str, (gssize) text->len, NULL);
  g_assert_cmpuint (kab_rules_document_get_lines (document)->len, ==, 50000);
  written = kab_rules_document_to_text (document);
  g_assert_cmpuint (strlen (written), >, text->len - 100);
  g_assert_cmpint (g_get_monotonic_time () - begin, <, 5 * G_USEC_PER_SEC);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/rules-document/round-trip", test_round_trip);
  g_test_add_func ("/model/rules-document/stable", test_stable);
  g_test_add_func ("/model/rules-document/refused", test_refused);
  g_test_add_func ("/model/rules-document/random", test_random);
  g_test_add_func ("/model/rules-document/rules", test_rules);
  g_test_add_func ("/model/rules-document/edit", test_edit);
  g_test_add_func ("/model/rules-document/check", test_check);
  g_test_add_func ("/model/rules-document/large", test_large);
  return g_test_run ();
}
