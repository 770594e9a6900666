/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <string.h>

#include "kab-calendar.h"
#include "kab-error.h"
#include "kab-query.h"

#define DAY KAB_SECONDS_PER_DAY

/* Saturday, 21 November 2026, 12:00; Patch Tuesday was the 10th. */
static gint64
get_now (void)
{
  return kab_calendar_to_days (2026, 11, 21) * DAY + DAY / 2;
}

/* One row; texts as they are, not folded. */
typedef struct {
  const char *folded;
  const char *kbs;
  const char *product;
  const char *severity;
  gint64      needed;
  gint64      published;
  gint64      size;
} Row;

static gboolean
matches_text (gpointer    rows,
              guint       row,
              int         field,
              const char *needle)
{
  const Row *at = (const Row *) rows + row;

  switch (field)
    {
    case -1:
      return strstr (at->folded, needle) != NULL;
    case KAB_UPDATE_FIELD_KB:
      return kab_text_list_has (at->kbs, needle);
    case KAB_UPDATE_FIELD_TITLE:
      return strstr (at->folded, needle) != NULL;
    case KAB_UPDATE_FIELD_PRODUCT:
      return kab_text_equals (at->product, needle);
    case KAB_UPDATE_FIELD_SEVERITY:
      return strcmp (at->severity, needle) == 0;
    default:
      g_assert_not_reached ();
    }
}

static gint64
get_number (gpointer rows,
            guint    row,
            int      field)
{
  const Row *at = (const Row *) rows + row;

  switch (field)
    {
    case KAB_UPDATE_FIELD_NEEDED:
      return at->needed;
    case KAB_UPDATE_FIELD_PUBLISHED:
      return at->published;
    case KAB_UPDATE_FIELD_SIZE:
      return at->size;
    default:
      g_assert_not_reached ();
    }
}

static const KabRowAccess row_access = { matches_text, get_number };

static void
test_matches (void)
{
  static const struct { const char *text; gboolean expected; } cases[] = {
    { "", TRUE }, { "   ", TRUE }, { "\"\"", TRUE }, { "TEAMS", TRUE }, { "tëams", TRUE }, { "teams missing", FALSE },
    { "teams -missing", TRUE }, { "-teams", FALSE }, { "\"for teams\"", TRUE }, { "\"teams for\"", FALSE }, { "-", FALSE },
    { "kb:5031354", TRUE }, { "kb:KB5031354", TRUE }, { "KB:kb5031354", TRUE }, { "kb:503135", FALSE }, { "kb:1,5031355", TRUE },
    { "kb:1,2", FALSE }, { "-kb:1,2", TRUE }, { "-kb:5031354", FALSE }, { "kb:5031354,", TRUE },
    { "severity:critical", TRUE }, { "severity:CRITICAL,low", TRUE }, { "severity:low", FALSE }, { "-severity:low", TRUE },
    { "severity:critical severity:low", FALSE },
    { "product:\"Windows 10, version 1903 and later\"", TRUE }, { "product:\"windows 10\"", FALSE }, { "product:\"\"", FALSE },
    { "needed:12", TRUE }, { "needed:=12", TRUE }, { "needed:>12", FALSE }, { "needed:>=12", TRUE }, { "needed:<12", FALSE },
    { "needed:<=12", TRUE }, { "needed:10..12", TRUE }, { "needed:13..20", FALSE }, { "needed:>-1", TRUE },
    { "needed:<3,>10", TRUE },
    { "size:200M", TRUE }, { "size:>0.1G", TRUE }, { "size:>1G", FALSE }, { "size:200000k", TRUE }, { "size:<200.5M", TRUE },
    { "published:2026-11-10", TRUE }, { "published:2026-11", TRUE }, { "published:2026", TRUE }, { "published:2025", FALSE },
    { "published:>=2026-11", TRUE }, { "published:>2026-11", FALSE }, { "published:<2026-11-10", FALSE },
    { "published:<=2026-11-10", TRUE }, { "published:<2026-11-11", TRUE }, { "published:<30d", TRUE },
    { "published:>30d", FALSE },
    { "published:<1w", FALSE }, { "published:>1w", TRUE }, { "published:30d", TRUE }, { "published:patch-tuesday", TRUE },
    { "published:>=patch-tuesday", TRUE }, { "published:today", FALSE }, { "published:<today", TRUE },
    { "published:never", FALSE },
    { "since:2026-11-01", TRUE }, { "since:patch-tuesday", TRUE }, { "since:2026-11-11", FALSE }, { "since:2w", TRUE },
    { "-published:never", TRUE }, { "kb:5031354 severity:critical teams", TRUE },
    { "\"kb:5031354\"", FALSE }, { "te\"ams\"", TRUE }, { "\"teams", TRUE },
  };
  static Row row = {
    "cumulative update for teams kb5031354", "KB5031354, KB5031355", "Windows 10, version 1903 and later", "critical", 12, 0,
    200 * 1000 * 1000,
  };

  row.published = kab_calendar_to_days (2026, 11, 10) * DAY + 3600;
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(KabQuery) query = kab_query_parse (cases[i].text, KAB_QUERY_UPDATES, get_now (), &error);

      g_test_message ("%s", cases[i].text);
      g_assert_no_error (error);
      g_assert_cmpint (kab_query_matches (query, &row_access, &row, 0), ==, cases[i].expected);
    }
}

/* A date that is not known is older than nothing and younger than nothing. */
static void
test_unknown_date (void)
{
  static const struct { const char *text; gboolean expected; } cases[] = {
    { "published:never", TRUE }, { "published:<2026", FALSE }, { "published:>30d", FALSE }, { "published:>=1971", FALSE },
    { "published:<30d", FALSE }, { "-published:<30d", TRUE }, { "published:never,2026", TRUE }, { "since:1970", FALSE },
  };
  static Row row = { "", "", "", "none", 0, 0, 0 };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KabQuery) query = kab_query_parse (cases[i].text, KAB_QUERY_UPDATES, get_now (), NULL);

      g_assert_cmpint (kab_query_matches (query, &row_access, &row, 0), ==, cases[i].expected);
    }
}

static void
test_wrong (void)
{
  static const struct { const char *text; const char *hint; } cases[] = {
    { "nonsense:1", "severity" }, { "severity:urgent", "critical, important" }, { "severity:", "needs a value" },
    { "kb:,", "needs a value" }, { "needed:many", "needed:>10" }, { "needed:>", "needed:3" }, { "needed:1..", "needed:" },
    { "needed:99999999999999999999", "needed:" }, { "needed:999999999999999G", "needed:" }, { "published:soon", "2026-11-10" },
    { "published:2026-13", "2026-11-10" }, { "published:2026-02-29", "2026-11-10" },
    { "published:>never", "date" }, { "published:<3x", "date" }, { "http://x", "quotes" }, { "a\xff", "not text" },
    { "state:pending,gone", "“gone”" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(GError) error = NULL;
      g_autoptr(KabQuery) query = kab_query_parse (cases[i].text, KAB_QUERY_UPDATES, get_now (), &error);
      g_autofree char *words = kab_query_describe_problem (cases[i].text, KAB_QUERY_UPDATES, get_now (), NULL);

      g_test_message ("%s", words != NULL ? words : cases[i].hint);

      g_assert_null (query);
      g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
      g_assert_nonnull (strstr (error->message, cases[i].hint));
      g_assert_cmpstr (words, ==, error->message);
    }

  g_assert_null (kab_query_describe_problem ("teams", KAB_QUERY_UPDATES, 0, NULL));
}

/* Limits hold, and a text at the limit is still quick. */
static void
test_huge (void)
{
  static Row empty = { "", "", "", "none", 0, 0, 0 };
  g_autofree char *quotes = g_strnfill (1024 * 1024, '"');
  g_autofree char *commas = g_strnfill (1024 * 1024, ',');
  g_autofree char *spaces = g_strnfill (1024 * 1024, ' ');
  g_autofree char *longer = g_strnfill (1024 * 1024 + 1, 'a');
  g_autoptr(GString) words = g_string_new (NULL);
  g_autoptr(GString) ids = g_string_new ("id:");
  g_autoptr(GString) many = g_string_new ("kb:");
  g_autoptr(KabQuery) query = NULL;

  for (guint i = 0; i < 257; i++)
    g_string_append (words, "a ");
  for (guint i = 0; i < 20000; i++)
    g_string_append_printf (ids, "7f4b2a1c-0000-4000-8000-%012x_200,", i);
  g_string_append (many, commas);

  g_assert_null (kab_query_parse (longer, KAB_QUERY_UPDATES, 0, NULL));
  g_assert_null (kab_query_parse (words->str, KAB_QUERY_UPDATES, 0, NULL));
  g_assert_null (kab_query_parse (many->str, KAB_QUERY_UPDATES, 0, NULL));

  query = kab_query_parse (spaces, KAB_QUERY_UPDATES, 0, NULL);
  g_assert_true (kab_query_matches (query, &row_access, &empty, 0));
  g_clear_pointer (&query, kab_query_unref);
  query = kab_query_parse (quotes, KAB_QUERY_UPDATES, 0, NULL);
  g_assert_true (kab_query_matches (query, &row_access, &empty, 0));
  g_clear_pointer (&query, kab_query_unref);
  query = kab_query_parse (ids->str, KAB_QUERY_UPDATES, 0, NULL);
  g_assert_nonnull (query);
}

static void
test_values (void)
{
  g_autoptr(KabQuery) query = kab_query_parse ("update:A_1,b_2 result:-2146498270 -update:c ou:\"OU=É,DC=x\" pending:>0",
                                               KAB_QUERY_HOSTS, 0, NULL);
  g_auto(GStrv) updates = kab_query_dup_values (query, "update");
  g_auto(GStrv) results = kab_query_dup_values (query, "result");
  g_auto(GStrv) units = kab_query_dup_values (query, "ou");
  g_auto(GStrv) numbers = kab_query_dup_values (query, "pending");
  g_autoptr(GError) error = NULL;

  g_assert_cmpstrv (updates, ((const char *[]) { "a_1", "b_2", "c", NULL }));
  g_assert_cmpstrv (results, ((const char *[]) { "0x800f0922", NULL }));
  g_assert_cmpstrv (units, ((const char *[]) { "ou=e,dc=x", NULL }));
  g_assert_cmpuint (g_strv_length (numbers), ==, 0);
  g_assert_true (kab_query_names_field (query, "pending"));
  g_assert_false (kab_query_names_field (query, "name"));
  g_assert_false (kab_query_names_field (query, "nonsense"));
  g_assert_null (kab_query_parse ("result:oops", KAB_QUERY_HOSTS, 0, &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
}

static void
test_fields (void)
{
  for (guint domain = KAB_QUERY_UPDATES; domain <= KAB_QUERY_HOSTS; domain++)
    {
      guint n;
      const KabFieldInfo *fields = kab_query_get_fields (domain, &n);

      for (guint i = 0; i < n; i++)
        {
          g_assert_cmpint (kab_query_find_field (domain, fields[i].name), ==, (int) i);
          g_assert_cmpstr (fields[i].description, !=, "");
          g_assert_cmpint (fields[i].kind == KAB_FIELD_WORD, ==, fields[i].words != NULL);
          for (guint j = 0; fields[i].words != NULL && fields[i].words[j] != NULL; j++)
            {
              g_autofree char *text = g_strconcat (fields[i].name, ":", fields[i].words[j], NULL);
              g_autoptr(KabQuery) query = kab_query_parse (text, domain, 0, NULL);

              g_assert_nonnull (query);
            }
        }
    }
}

/* What a pane writes is read back as it was meant, whatever the value. */
static void
test_round_trip (void)
{
  static const char * const values[] = {
    "critical", "Windows 10, version 1903 and later", "say \"hi\"", "back\\slash", "\\\"", "", " ", ">10", "-x", "a:b",
    "été", "a\tb",
    "nbsp\xc2\xa0here", "\"", "\\", "a\\", "OU=Comptes\\, divers,DC=x", ",", ",,", "line\nbreak", "😀",
  };
  static const char * const texts[] = { "", "teams", "product:old teams", "-product:x \"two words\"", "\"open", "\"open\\",
    "\"open\\\\", "teams product:\"open",
                                        "product:a product:b kb:1" };

  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    for (guint j = 0; j < G_N_ELEMENTS (texts); j++)
      {
        g_autofree char *with = kab_query_text_with (texts[j], "product", values[i]);
        g_auto(GStrv) read = kab_query_text_dup_values (with, "product");
        g_autofree char *again = kab_query_text_with (with, "product", values[i]);
        g_autofree char *without = kab_query_text_with (with, "product", NULL);
        g_auto(GStrv) none = kab_query_text_dup_values (without, "product");
        g_autoptr(KabQuery) query = kab_query_parse (with, KAB_QUERY_UPDATES, 0, NULL);

        g_assert_cmpstrv (read, ((const char *[]) { values[i], NULL }));
        g_assert_cmpstr (again, ==, with);
        g_assert_cmpuint (g_strv_length (none), ==, 0);
        g_assert_nonnull (query);
      }

  {
    const char * const several[] = { "Windows 11", "a,b", "c", NULL };
    g_autofree char *with = kab_query_text_with_values ("x severity:low y", "severity", several);
    g_auto(GStrv) read = kab_query_text_dup_values (with, "SEVERITY");

    g_assert_cmpstr (with, ==, "x severity:\"Windows 11\",\"a,b\",c y");
    g_assert_cmpstrv (read, several);
  }
}

static void
test_complete (void)
{
  static const struct { const char *text; gsize cursor; const char *first; gsize start, end; } cases[] = {
    { "sev", 3, "severity:", 0, 3 }, { "teams sev", 9, "severity:", 6, 9 }, { "severity:cr", 11, "severity:critical", 0, 11 },
    { "severity:low,cr", 15, "severity:low,critical", 0, 15 }, { "-sev", 4, "-severity:", 0, 4 }, { "", 0, "kb:", 0, 0 },
    { "zzz", 3, NULL, 0, 3 }, { "product:w", 9, NULL, 0, 9 }, { "a \xff", 3, NULL, 3, 3 }, { "sev", 99, "severity:", 0, 3 },
    { "teams ", 6, "kb:", 6, 6 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gsize start, end;
      g_auto(GStrv) found = kab_query_text_complete (cases[i].text, cases[i].cursor, KAB_QUERY_UPDATES, &start, &end);

      g_assert_cmpstr (found[0], ==, cases[i].first);
      g_assert_cmpuint (start, ==, cases[i].start);
      g_assert_cmpuint (end, ==, cases[i].end);
    }
}

static void
test_text (void)
{
  static const struct { const char *text; const char *folded; } folds[] = {
    { "Teams", "teams" }, { "ÉTÉ", "ete" }, { "Straße", "strasse" }, { "e\xcc\x81", "e" }, { "ﬁn", "fin" }, { "", "" },
    { "ДА", "да" },
  };
  g_autofree char *broken = kab_text_fold ("a\xff", -1);
  g_autofree char *part = kab_text_fold ("ABCDEF", 3);

  for (guint i = 0; i < G_N_ELEMENTS (folds); i++)
    {
      g_autofree char *folded = kab_text_fold (folds[i].text, -1);

      g_assert_cmpstr (folded, ==, folds[i].folded);
      g_assert_true (kab_text_equals (folds[i].text, folds[i].folded));
    }
  g_assert_true (g_utf8_validate (broken, -1, NULL));
  g_assert_cmpstr (part, ==, "abc");

  g_assert_false (kab_text_equals ("ab", "abc"));
  g_assert_false (kab_text_equals ("abc", "ab"));
  g_assert_true (kab_text_equals (NULL, ""));
  g_assert_true (kab_text_list_has ("PROD, PREPROD", "preprod"));
  g_assert_false (kab_text_list_has ("PROD, PREPROD", "pre"));
  g_assert_false (kab_text_list_has ("PROD", ""));
  g_assert_true (kab_text_list_has ("", ""));
  g_assert_true (kab_text_tree_has ("OU=a,OU=B,DC=x", "ou=b,dc=x"));
  g_assert_true (kab_text_tree_has ("OU=B,DC=x", "ou=b,dc=x"));
  g_assert_false (kab_text_tree_has ("OU=ab,DC=x", "b,dc=x"));
  g_assert_false (kab_text_tree_has ("DC=x", "ou=b,dc=x"));
  g_assert_false (kab_text_tree_has ("DC=x", ""));
  g_assert_true (kab_text_tree_has (NULL, ""));
}

static gboolean
find_word (gpointer    rows,
           guint       row,
           int         field,
           const char *needle)
{
  return strstr (((const char **) rows)[row & 1023], needle) != NULL;
}

/* A typed word over a million rows: our part is one call a row. */
static void
test_million (void)
{
  static const KabRowAccess words = { find_word, NULL };
  const char *rows[1024];
  g_autoptr(KabQuery) query = kab_query_parse ("kb5031354", KAB_QUERY_UPDATES, 0, NULL);
  gint64 start;
  guint n = 0;

  for (guint i = 0; i < 1024; i++)
    rows[i] = i == 7 ? "2026-11 kb5031354" : "2026-11 cumulative update for windows 11";
  start = g_get_monotonic_time ();
  for (guint i = 0; i < 1024 * 1024; i++)
    n += kab_query_matches (query, &words, rows, i) ? 1 : 0;
  g_test_message ("1,048,576 rows in %.1f ms", (double) (g_get_monotonic_time () - start) / 1000);
  g_assert_cmpuint (n, ==, 1024);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/query/matches", test_matches);
  g_test_add_func ("/query/unknown-date", test_unknown_date);
  g_test_add_func ("/query/wrong", test_wrong);
  g_test_add_func ("/query/huge", test_huge);
  g_test_add_func ("/query/values", test_values);
  g_test_add_func ("/query/fields", test_fields);
  g_test_add_func ("/query/round-trip", test_round_trip);
  g_test_add_func ("/query/complete", test_complete);
  g_test_add_func ("/query/million", test_million);
  g_test_add_func ("/text/fold", test_text);
  return g_test_run ();
}
