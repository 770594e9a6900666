/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "kab-result-code-table.h"
#include "kab-result-code.h"

static void
test_parse (void)
{
  static const struct { const char *text; gboolean good; guint32 code; } cases[] = {
    { "0x80240017", TRUE, 0x80240017 }, { "0X80240017", TRUE, 0x80240017 }, { "80240017", TRUE, 0x80240017 },
    { "8024401c", TRUE, 0x8024401c }, { "C1900208", TRUE, 0xc1900208 }, { "-2145124329", TRUE, 0x80240017 },
    { "2149842967", TRUE, 0x80240017 }, { "3010", TRUE, 3010 }, { "0", TRUE, 0 }, { " 3010\n", TRUE, 3010 },
    { "+5", TRUE, 5 }, { "-1", TRUE, 0xffffffff }, { "-2147483648", TRUE, 0x80000000 },
    { "0xFFFFFFFF80240017", TRUE, 0x80240017 }, { "20240017", TRUE, 20240017 },
    { "-2147483649", FALSE, 0 }, { "4294967296", FALSE, 0 }, { "0x180240017", FALSE, 0 }, { "", FALSE, 0 }, { "-", FALSE, 0 },
    { "0x", FALSE, 0 }, { "-0x1", FALSE, 0 }, { "80240017h", FALSE, 0 }, { "Failed", FALSE, 0 }, { "1.5", FALSE, 0 },
    { NULL, FALSE, 0 },
    { "--1", FALSE, 0 }, { "99999999999999999999999999", FALSE, 0 }, { "0x -1", FALSE, 0 }, { "- 1", FALSE, 0 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint32 code = 0;

      g_test_message ("%s", cases[i].text);
      g_assert_cmpint (kab_result_code_parse (cases[i].text, &code), ==, cases[i].good);
      if (cases[i].good)
        g_assert_cmphex (code, ==, cases[i].code);
    }
}

static void
test_huge (void)
{
  g_autofree char *text = g_strnfill (1024 * 1024, '0');
  guint32 code;

  g_assert_false (kab_result_code_parse (text, &code));
}

static void
test_lookup (void)
{
  static const struct { guint32 code; const char *symbol; } cases[] = {
    { 0, "S_OK" }, { 0x80240017, "WU_E_NOT_APPLICABLE" }, { 3010, "ERROR_SUCCESS_REBOOT_REQUIRED" },
    { 0x80070bc2, "ERROR_SUCCESS_REBOOT_REQUIRED (as HRESULT)" }, { 14098, "ERROR_SXS_COMPONENT_STORE_CORRUPT" },
    { 0x80073712, "ERROR_SXS_COMPONENT_STORE_CORRUPT" }, { 0x12345678, NULL }, { 0x80070000, NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const KabResultCode *found = kab_result_code_lookup (cases[i].code);

      if (cases[i].symbol == NULL)
        g_assert_null (found);
      else
        g_assert_cmpstr (found->symbol, ==, cases[i].symbol);
    }

  for (guint i = 0; i < kab_n_result_codes; i++)
    {
      g_autofree char *text = kab_result_code_format (kab_result_code_table[i].code);
      guint32 code;

      g_assert_true (kab_result_code_parse (text, &code));
      g_assert_true (kab_result_code_lookup (code) == &kab_result_code_table[i]);
      g_assert_cmpstr (kab_result_code_table[i].meaning, !=, "");
      g_assert_cmpstr (kab_result_code_table[i].remedy, !=, "");
    }
}

static void
test_words (void)
{
  g_autofree char *text = kab_result_code_format (0x8024a004);

  g_assert_cmpstr (text, ==, "0x8024A004");
  g_assert_cmpstr (kab_result_code_get_facility (0x80240017), ==, "Windows Update");
  g_assert_cmpstr (kab_result_code_get_facility (0x800f0922), ==, "Servicing stack");
  g_assert_cmpstr (kab_result_code_get_facility (3010), ==, "Windows");
  g_assert_cmpstr (kab_result_code_get_facility (0x87ff0001), ==, "Unknown component");

  g_assert_false (kab_result_code_is_failure (0));
  g_assert_false (kab_result_code_is_failure (3010));
  g_assert_false (kab_result_code_is_failure (1641));
  g_assert_false (kab_result_code_is_failure (0x80070bc2));
  g_assert_false (kab_result_code_is_failure (0x00240001));
  g_assert_true (kab_result_code_is_failure (5));
  g_assert_true (kab_result_code_is_failure (0x800f0922));
  g_assert_true (kab_result_code_is_failure (0xc1900208));

  g_assert_true (kab_operation_result_is_failure ("Failed"));
  g_assert_true (kab_operation_result_is_failure ("aborted"));
  g_assert_true (kab_operation_result_is_failure ("4"));
  g_assert_true (kab_operation_result_is_failure ("-2145124329"));
  g_assert_false (kab_operation_result_is_failure ("Succeeded"));
  g_assert_false (kab_operation_result_is_failure ("SucceededWithErrors"));
  g_assert_false (kab_operation_result_is_failure ("2"));
  g_assert_false (kab_operation_result_is_failure (""));
  g_assert_false (kab_operation_result_is_failure (NULL));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/result-code/parse", test_parse);
  g_test_add_func ("/result-code/huge", test_huge);
  g_test_add_func ("/result-code/lookup", test_lookup);
  g_test_add_func ("/result-code/words", test_words);
  return g_test_run ();
}
