/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-test"

#include "config.h"

#include "kab-error-text.h"
#include "kab-error.h"
#include "kab-format.h"

static void
test_percent (void)
{
  static const struct {
    guint64     part;
    guint64     whole;
    const char *text;
  } cases[] = {
    { 0, 0, "–" },
    { 0, 10, "0 %" },
    { 10, 10, "100 %" },
    { 9999, 10000, "99.9 %" },        /* never "100 %" before all are there */
    { 999999, 1000000, "99.9 %" },
    { 1, 100000, "under 0.1 %" },     /* never "0 %" when there is one */
    { 1753, 2006, "87.3 %" },
    { 1, 3, "33.3 %" },
    { G_MAXUINT64, 1, "100 %" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = kab_format_percent (cases[i].part, cases[i].whole);

      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

static void
test_age (void)
{
  const gint64 now = 1795251600;
  static const struct {
    gint64      age;
    const char *text;
  } cases[] = {
    { -500, "just now" },             /* clocks differ */
    { 0, "just now" },
    { 59, "just now" },
    { 60, "1 minute ago" },
    { 240, "4 minutes ago" },
    { 3599, "59 minutes ago" },
    { 3600, "1 hour ago" },
    { 47 * 3600, "47 hours ago" },
    { 48 * 3600, "2 days ago" },
    { 400 * 86400, "400 days ago" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = kab_format_age (now - cases[i].age, now);

      g_assert_cmpstr (text, ==, cases[i].text);
    }

  {
    g_autofree char *never = kab_format_age (0, now);

    g_assert_cmpstr (never, ==, "never");
  }
}

static void
test_times (void)
{
  g_autofree char *date = kab_format_date (1794268800);
  g_autofree char *day = kab_format_day (1794268800);
  g_autofree char *date_time = kab_format_date_time (1794268800 + 3720);
  g_autofree char *none = kab_format_date (0);
  g_autofree char *absurd = kab_format_date (G_MAXINT64);

  g_assert_cmpstr (date, ==, "10 Nov 2026");
  g_assert_cmpstr (day, ==, "10 Nov");
  g_assert_cmpstr (date_time, ==, "10 Nov 2026, 01:02");
  g_assert_cmpstr (none, ==, "");
  g_assert_cmpstr (absurd, ==, "");
}

static void
test_numbers (void)
{
  static const struct {
    gint64      seconds;
    const char *text;
  } durations[] = {
    { -1, "0 s" }, { 59, "59 s" }, { 80, "1 min 20 s" }, { 3600, "1 h 0 min" }, { 90000, "25 h 0 min" },
  };
  g_autofree char *no_size = kab_format_size (-1);
  g_autofree char *at_most = kab_format_size_at_most (623400000);
  g_autofree char *not_known = kab_format_size_at_most (-1);

  for (guint i = 0; i < G_N_ELEMENTS (durations); i++)
    {
      g_autofree char *text = kab_format_duration (durations[i].seconds);

      g_assert_cmpstr (text, ==, durations[i].text);
    }

  g_assert_cmpstr (no_size, ==, "");
  g_assert_cmpstr (not_known, ==, "");
  g_assert_true (g_str_has_prefix (at_most, "at most 623.4"));
}

static void
test_csv (void)
{
  static const struct {
    const char *cell;
    const char *csv;
  } cases[] = {
    { "plain", "plain," },
    { "", "," },
    { NULL, "," },
    { "a,b", "\"a,b\"," },
    { "say \"hi\"", "\"say \"\"hi\"\"\"," },
    { "two\nlines", "\"two\nlines\"," },
    { "=1+1", "'=1+1," },
    { "+49 30", "'+49 30," },
    { "-3", "'-3," },
    { "@cmd", "'@cmd," },
    { "\ttab", "'\ttab," },
    { "=a,\"b\"", "\"'=a,\"\"b\"\"\"," },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GString) csv = g_string_new (NULL);

      kab_format_append_csv (csv, cases[i].cell, FALSE);
      g_assert_cmpstr (csv->str, ==, cases[i].csv);
    }
}

/* Every value has a word; values that come from a newer server or mirror are no crash. */
static void
test_words (void)
{
  for (guint i = 0; i < KAB_N_STATES; i++)
    {
      g_assert_cmpstr (kab_format_state (i), !=, "");
      g_assert_cmpstr (kab_format_state_hint (i), !=, "");
      g_assert_nonnull (kab_format_state_look (i)->icon_name);
    }
  for (guint i = 0; i < KAB_N_HOST_STATES; i++)
    {
      g_autofree char *hint = kab_format_host_state_hint (i, NULL);

      g_assert_cmpstr (kab_format_host_state (i), !=, "");
      g_assert_cmpstr (hint, !=, "");
      g_assert_nonnull (kab_format_host_state_look (i)->icon_name);
    }
  for (guint i = 0; i < KAB_N_SEVERITIES; i++)
    g_assert_cmpstr (kab_format_severity (i), !=, "");
  for (guint i = 0; i <= KAB_HOST_TASK_CANCELLED; i++)
    g_assert_cmpstr (kab_format_task_state (i), !=, "");
  for (guint i = 0; i <= KAB_JOB_CANCELLED; i++)
    g_assert_cmpstr (kab_format_job_state (i), !=, "");
  for (guint i = 0; i < KAB_N_TRIGGER_STATES; i++)
    {
      g_assert_cmpstr (kab_format_trigger_state (i), !=, "");
      g_assert_nonnull (kab_format_trigger_state_look (i)->icon_name);
    }
  for (guint i = 0; i <= KAB_CONNECTION_UNTRUSTED; i++)
    g_assert_cmpstr (kab_format_connection (i), !=, "");

  g_assert_cmpstr (kab_format_task_state (999), ==, "");
  g_assert_cmpstr (kab_format_state_look (999)->kind, ==, "neutral");
  g_assert_cmpstr (kab_format_level ("nobody knows"), ==, "");
  g_assert_cmpstr (kab_format_level (NULL), ==, "");
  g_assert_cmpstr (kab_format_result_meaning (0x12345678), !=, "");
}

static void
test_errors (void)
{
  g_autoptr(GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_autoptr(GError) cancelled = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_CANCELLED, "x");
  g_autoptr(GError) foreign = g_error_new_literal (G_IO_ERROR, G_IO_ERROR_NO_SPACE, "x");
  g_autoptr(GError) newer = g_error_new_literal (KAB_ERROR, 9999, "x");

  for (int code = KAB_ERROR_FAILED; code <= KAB_ERROR_CONFLICT; code++)
    {
      g_autoptr(GError) error = g_error_new_literal (KAB_ERROR, code, "srv: secret detail");
      const char *text = kab_error_text_describe (error);
      const char *title = kab_error_text_title (error);

      g_assert_cmpstr (text, !=, "");
      g_assert_cmpstr (title, !=, "");
      /* The technical message goes under “Details”. */
      g_assert_null (strstr (text, "secret detail"));
      g_assert_true (g_str_has_suffix (text, "."));
      g_assert_true (g_hash_table_add (seen, (gpointer) text));
      g_assert_true (g_hash_table_add (seen, (gpointer) title));
      g_assert_true (kab_error_text_is_shown (error));
    }

  g_assert_false (kab_error_text_is_shown (cancelled));
  g_assert_false (kab_error_text_is_shown (NULL));
  g_assert_cmpstr (kab_error_text_title (foreign), !=, "");
  g_assert_cmpstr (kab_error_text_title (newer), !=, "");
}

int
main (int   argc,
      char *argv[])
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/format/percent", test_percent);
  g_test_add_func ("/format/age", test_age);
  g_test_add_func ("/format/times", test_times);
  g_test_add_func ("/format/numbers", test_numbers);
  g_test_add_func ("/format/csv", test_csv);
  g_test_add_func ("/format/words", test_words);
  g_test_add_func ("/error-text/every-code", test_errors);

  return g_test_run ();
}
