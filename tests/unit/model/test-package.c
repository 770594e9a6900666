/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-package.h"

/* wapt-package-format § 15; 691 bytes. */
static const char vector[] =
  "package           : demo-wua-rules\n"
  "version           : 7\n"
  "architecture      : all\n"
  "section           : wsus\n"
  "priority          : critical\n"
  "description       : Règles \"été\" \\ 😀\n"
  " second line\n"
  "maturity          : PREPROD\n"
  "locale            : \n"
  "installed_size    : 4096\n"
  "package_uuid      : 00000000-0000-4000-8000-000000000001\n"
  "signer            : Demo Signer\n"
  "signer_fingerprint: abababababababababababababababababababababababababababababababab\n"
  "signature         : AA==\n"
  "signature_date    : 2026-01-02T03:04:05.000006\n"
  "signed_attributes : package,version,architecture,section,priority,description,maturity,locale,installed_size,"
  "package_uuid,signer,signer_fingerprint,signature_date,signed_attributes";

static void
test_vector (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabPackage) package = kab_package_new_from_control (vector, -1, &error);
  g_autofree char *written = NULL;
  g_autofree char *digest = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (kab_package_get (package, "description"), ==, "Règles \"été\" \\ 😀\nsecond line");
  g_assert_true (kab_package_has (package, "locale"));
  g_assert_cmpstr (kab_package_get (package, "locale"), ==, "");
  g_assert_false (kab_package_has (package, "depends"));

  written = kab_package_to_control (package);
  g_assert_cmpstr (written, ==, vector);
  g_assert_cmpuint (strlen (written), ==, 691);
  digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, written, -1);
  g_assert_cmpstr (digest, ==, "b72248a117390d8470e553160b1e4bffdab6afd027e15b3dc16d4659d295c894");
}

static void
test_read (void)
{
  static const struct { const char *name; const char *text; const char *attribute; const char *value; } cases[] = {
    { "final LF", "package : a\nversion : 1\n", "version", "1" },
    { "CRLF", "package : a\r\nversion : 1\r\n", "version", "1" },
    { "CR alone", "package : a\rversion : 1", "version", "1" },
    { "inner colons", "package : a:b:c", "package", "a:b:c" },
    { "no blank", "package:a", "package", "a" },
    { "hash", "description : #1", "description", "#1" },
    { "upper case name", "PACKAGE : A", "package", "A" },
    { "unknown name", "x_icon : 7", "x_icon", "7" },
    { "no-break space", "package : \xc2\xa0" "a\xc2\xa0", "package", "a" },
    { "em space inside", "package : a\xe2\x80\x83z", "package", "a\xe2\x80\x83z" },
    { "tab inside", "package : a\tz", "package", "a\tz" },
    { "first line empty, then a continuation", "description :\n x", "description", "\nx" },
    { "continuation stripped", "description : a\n  \t b \n", "description", "a\nb" },
    { "continuation with a colon", "description : a\n b: c", "description", "a\nb: c" },
    { "empty line ends the record", "package : a\n\nversion : 1", "version", "" },
    { "blank line ends the record", "description : a\n \n b", "description", "a" },
    { "twice", "package : a\npackage : b", "package", "b" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(KabPackage) package = kab_package_new_from_control (cases[i].text, -1, &error);

      g_test_message ("%s", cases[i].name);
      g_assert_no_error (error);
      g_assert_cmpstr (kab_package_get (package, cases[i].attribute), ==, cases[i].value);
    }
}

static void
test_refused (void)
{
  static const struct { const char *text; gssize length; } cases[] = {
    { "", 0 }, { "\n\npackage : a", -1 }, { "no colon", -1 }, { " continuation", -1 }, { ": value", -1 },
    { "package : a\xe2\x80\xa8 b", -1 }, { "package : a\xe2\x80\xa8z", -1 }, { "package : a\vz", -1 },
    { "package : \xff", -1 }, { "package : \xc3", -1 }, { "package : a\0b", 13 }, { "\tpackage", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(KabPackage) package = kab_package_new_from_control (cases[i].text, cases[i].length, &error);

      /* A continuation behind U+2028 is one: the agent reads it so too. */
      if (i == 5)
        {
          g_assert_no_error (error);
          g_assert_cmpstr (kab_package_get (package, "package"), ==, "a\nb");
          continue;
        }
      g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
      g_assert_null (package);
    }
}

/* Whatever is written is read back as it was: values are normalised before. */
static void
test_write (void)
{
  g_autoptr(GHashTable) attributes = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(KabPackage) package = NULL;
  g_autoptr(KabPackage) again = NULL;
  g_autofree char *control = NULL;
  g_autofree char *control_again = NULL;
  g_autofree char *index = NULL;

  g_hash_table_insert (attributes, (gpointer) "version", (gpointer) "3");
  g_hash_table_insert (attributes, (gpointer) "package", (gpointer) " demo ");
  g_hash_table_insert (attributes, (gpointer) "description", (gpointer) "a\r\n\r\n \t b\xe2\x80\xa8" "c\n");
  g_hash_table_insert (attributes, (gpointer) "zeta", (gpointer) "1");
  g_hash_table_insert (attributes, (gpointer) "Alpha", (gpointer) "2");
  g_hash_table_insert (attributes, (gpointer) "filename", (gpointer) "demo_3.wapt");

  package = kab_package_new (attributes);
  control = kab_package_to_control (package);
  g_assert_cmpstr (control, ==, "package           : demo\nversion           : 3\ndescription       : a\n b\n c\n"
                                "alpha             : 2\nzeta              : 1");
  again = kab_package_new_from_control (control, -1, NULL);
  control_again = kab_package_to_control (again);
  g_assert_cmpstr (control_again, ==, control);

  index = kab_package_to_index (package);
  g_assert_true (g_str_has_suffix (index, "\nfilename          : demo_3.wapt"));
}

static void
test_index (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) packages =
    kab_package_parse_index ("\n\npackage : a\nversion : 1\n\n\n\npackage : b\n\n", -1, &error);
  g_autoptr(GPtrArray) none = kab_package_parse_index ("", 0, NULL);
  g_autoptr(GPtrArray) bad = NULL;

  g_assert_no_error (error);
  g_assert_cmpuint (packages->len, ==, 2);
  g_assert_cmpstr (kab_package_get_name (g_ptr_array_index (packages, 1)), ==, "b");
  g_assert_cmpuint (none->len, ==, 0);

  bad = kab_package_parse_index ("package : a\n\nbroken\n", -1, &error);
  g_assert_null (bad);
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
  g_assert_nonnull (strstr (error->message, "record 2"));
}

/* Many small lines, one huge line, too many attributes: an answer at once. */
static void
test_huge (void)
{
  g_autoptr(GString) text = g_string_new ("a : b");
  g_autoptr(GError) error = NULL;
  g_autoptr(KabPackage) package = NULL;

  for (guint i = 0; i < 300000; i++)
    g_string_append (text, "\v c");
  package = kab_package_new_from_control (text->str, (gssize) text->len, &error);
  g_assert_no_error (error);
  g_clear_object (&package);

  for (guint i = 0; i < 5000000; i++)
    g_string_append (text, "x");
  g_string_append (text, "\n");
  package = kab_package_new_from_control (text->str, (gssize) text->len, &error);
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
  g_clear_error (&error);

  g_string_truncate (text, 0);
  for (guint i = 0; i < 1000; i++)
    g_string_append_printf (text, "a%u : b\n", i);
  package = kab_package_new_from_control (text->str, (gssize) text->len, &error);
  g_assert_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
}

static void
test_file_name (void)
{
  static const struct { const char *control; const char *md5; const char *expected; } cases[] = {
    { "package:demo\nversion:7\narchitecture:all\nsection:base", NULL, "demo_7.wapt" },
    { "package:demo\nversion:7\narchitecture:all\nsection:base\nmaturity:PREPROD", "0123456789abcdef0123456789abcdef",
      "demo_7_PREPROD_0123456789abcdef0123456789abcdef.wapt" },
    { "package:demo\nversion:7\narchitecture:x64\nsection:base\nmaturity:PROD\nlocale:fr, en", NULL, "demo_7_x64_PROD_fr-en.wapt" },
    { "package:demo\nversion:7\nlocale:all", NULL, "demo_7.wapt" },
    { "package:smp-waptupgrade\nversion:1.8.2\narchitecture:all", NULL, "smp-waptupgrade_1.8.2_all.wapt" },
    { "package:4C4C-1\nversion:9\nsection:host", "abc", "4C4C-1.wapt" },
    { "package:OU=a,DC=b\nversion:1\nsection:unit", NULL, "5aac29371d45c1a4ecd6d54a1e3b78a6_1.wapt" },
    { "package:demo\nversion:1..2/../3", NULL, "demo_1_2_3.wapt" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KabPackage) package = kab_package_new_from_control (cases[i].control, -1, NULL);
      g_autofree char *name = kab_package_dup_file_name (package, cases[i].md5);
      g_autofree char *digest = NULL;

      if (strchr (kab_package_get_name (package), '=') != NULL)
        {
          digest = g_compute_checksum_for_string (G_CHECKSUM_MD5, kab_package_get_name (package), -1);
          g_assert_true (g_str_has_prefix (name, digest));
          g_assert_true (g_str_has_suffix (name, "_1.wapt"));
        }
      else
        g_assert_cmpstr (name, ==, cases[i].expected);
    }
}

/* wapt-package-format § 8.2: each is lower than the next. */
static void
test_version_order (void)
{
  static const char * const ascending[] = {
    "0", "1", "1-0", "1-2", "1-10", "1-10a", "1.0", "1.0.0", "1.2", "1.2-3", "1.2-3.4", "1.2-3a.4", "1.10", "2", "20180101120000-0",
    "99999999999999999999999999999999",
  };

  for (guint i = 0; i < G_N_ELEMENTS (ascending); i++)
    for (guint j = 0; j < G_N_ELEMENTS (ascending); j++)
      g_assert_cmpint (kab_version_compare (ascending[i], ascending[j]), ==, i < j ? -1 : i > j);

  g_assert_cmpint (kab_version_compare ("1-01", "1-1"), ==, 0);
  g_assert_cmpint (kab_version_compare ("01.002", "1.2"), ==, 0);
  g_assert_cmpint (kab_version_compare ("1-A", "1-a"), ==, 0);
  g_assert_cmpint (kab_version_compare ("", ""), ==, 0);
  g_assert_cmpint (kab_version_compare ("", "0"), ==, -1);
  g_assert_cmpint (kab_version_compare ("1..2", "1.0.2"), ==, -1);
}

static void
test_version_grammar (void)
{
  static const char * const valid[] = { "1", "1.2.3.4", "1.2-3", "20180101120000-0", "1.2-3a.4", "007", "1-a" };
  static const char * const invalid[] = { "", "1.2.3.4.5", "1.2a", "1.2-", "a", ".1", "1.", "1..2", "1-2.", "1-.2", "1-2_3", " 1",
                                          "1 ", "-1", "1-é" };
  static const struct { const char *version; const char *next; } nexts[] = {
    { "1-9", "1-10" }, { "1.2", "1.3" }, { "0", "1" }, { "1.2-3a", "1.3-3a" }, { "9", "10" }, { "1.99-1.2", "1.100-1.2" },
    { "1-09", "1-10" }, { "x", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (valid); i++)
    g_assert_true (kab_version_is_valid (valid[i]));
  for (guint i = 0; i < G_N_ELEMENTS (invalid); i++)
    g_assert_false (kab_version_is_valid (invalid[i]));
  for (guint i = 0; i < G_N_ELEMENTS (nexts); i++)
    {
      g_autofree char *next = kab_version_dup_next (nexts[i].version);

      g_assert_cmpstr (next, ==, nexts[i].next);
    }
}

static void
test_compare (void)
{
  static const char * const ascending[] = {
    "version:1\nmaturity:DEV", "version:1\nmaturity:PREPROD", "version:1\nmaturity:\nsignature_date:2026-01-01",
    "version:1\nmaturity:PROD\nsignature_date:2026-01-02", "version:2\nmaturity:DEV",
  };

  for (guint i = 0; i < G_N_ELEMENTS (ascending); i++)
    for (guint j = 0; j < G_N_ELEMENTS (ascending); j++)
      {
        g_autoptr(KabPackage) a = kab_package_new_from_control (ascending[i], -1, NULL);
        g_autoptr(KabPackage) b = kab_package_new_from_control (ascending[j], -1, NULL);

        g_assert_cmpint (kab_package_compare (a, b), ==, i < j ? -1 : i > j);
      }
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/package/vector", test_vector);
  g_test_add_func ("/package/read", test_read);
  g_test_add_func ("/package/refused", test_refused);
  g_test_add_func ("/package/write", test_write);
  g_test_add_func ("/package/index", test_index);
  g_test_add_func ("/package/huge", test_huge);
  g_test_add_func ("/package/file-name", test_file_name);
  g_test_add_func ("/package/compare", test_compare);
  g_test_add_func ("/version/order", test_version_order);
  g_test_add_func ("/version/grammar", test_version_grammar);
  return g_test_run ();
}
