/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "kab-calendar.h"
#include "kab-category.h"

static void
test_classifications (void)
{
  static const struct { const char *text; const char *name; } cases[] = {
    { "Security Updates", "Security Updates" }, { "SecurityUpdates", "Security Updates" },
    { "0fa1201d-4330-4fa8-8ae9-b877473b6441", "Security Updates" },
    { "0FA1201D-4330-4FA8-8AE9-B877473B6441", "Security Updates" },
    { "Mise à jour de la sécurité", "Security Updates" }, { " Mises à jour de sécurité ", "Security Updates" },
    { "Ensemble de mises à jour", "Update Rollups" }, { "Service Pack", "Service Packs" }, { "Application", "Applications" },
    { "Mises à jour", "Updates" }, { "nobody", NULL }, { "", NULL }, { NULL, NULL }, { "\xff", NULL },
  };
  guint n;
  const KabClassification *all = kab_classification_get_all (&n);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      const KabClassification *found = kab_classification_lookup (cases[i].text);

      g_assert_cmpstr (found != NULL ? found->name : NULL, ==, cases[i].name);
    }

  g_assert_cmpuint (n, ==, 15);
  for (guint i = 0; i < n; i++)
    {
      g_assert_true (kab_classification_lookup (all[i].guid) == &all[i]);
      g_assert_true (kab_classification_lookup (all[i].name) == &all[i]);
    }
}

static void
test_products (void)
{
  guint n;
  const KabProduct *all = kab_product_get_all (&n);

  g_assert_cmpuint (n, >, 300);
  for (guint i = 0; i < n; i++)
    g_assert_true (kab_product_lookup (all[i].guid) == &all[i]);

  g_assert_cmpstr (kab_product_get_group ("Windows 11"), ==, "windows-client");
  g_assert_cmpstr (kab_product_get_group ("microsoft server operating system-21h2"), ==, "windows-server");
  g_assert_cmpstr (kab_product_get_group ("Somebody's driver"), ==, "other");
  g_assert_cmpstr (kab_product_get_group (""), ==, "other");
  g_assert_cmpstr (kab_product_get_group (NULL), ==, "other");
  g_assert_cmpstr (kab_product_get_familiar ("Microsoft Server operating system-21H2"), ==, "Windows Server 2022");
  g_assert_cmpstr (kab_product_get_familiar ("Microsoft Server Operating System-24H2"), ==, "Windows Server 2025");
  g_assert_cmpstr (kab_product_get_familiar ("Windows 11"), ==, "Windows 11");
}

static void
test_patch_tuesday (void)
{
  static const struct { int year, month, day, before_year, before_month, before_day; } cases[] = {
    { 2026, 11, 21, 2026, 11, 10 },
    { 2026, 11, 10, 2026, 11, 10 },
    { 2026, 11, 9, 2026, 10, 13 },
    { 2026, 1, 1, 2025, 12, 9 },
    { 2025, 12, 31, 2025, 12, 9 },
    { 2026, 9, 8, 2026, 9, 8 },     /* the 8th is the earliest */
    { 2026, 7, 14, 2026, 7, 14 },    /* the 14th the latest */
    { 1969, 12, 31, 1969, 12, 9 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    for (gint64 second = 0; second < KAB_SECONDS_PER_DAY; second += KAB_SECONDS_PER_DAY - 1)
      {
        gint64 now = kab_calendar_to_days (cases[i].year, cases[i].month, cases[i].day) * KAB_SECONDS_PER_DAY + second;

        g_assert_cmpint (kab_patch_tuesday_before (now), ==, KAB_SECONDS_PER_DAY *
                         kab_calendar_to_days (cases[i].before_year, cases[i].before_month, cases[i].before_day));
      }
}

static void
test_calendar (void)
{
  for (gint64 days = -800000; days < 3000000; days += 37)
    {
      int year, month, day;

      kab_calendar_from_days (days, &year, &month, &day);
      g_assert_cmpint (kab_calendar_to_days (year, month, day), ==, days);
    }

  g_assert_cmpint (kab_calendar_to_days (1970, 1, 1), ==, 0);
  g_assert_cmpint (kab_calendar_to_days (2000, 2, 29), ==, 11016);
  g_assert_cmpint (kab_calendar_midnight (-1), ==, -KAB_SECONDS_PER_DAY);
  g_assert_cmpint (kab_calendar_midnight (KAB_SECONDS_PER_DAY), ==, KAB_SECONDS_PER_DAY);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/category/classifications", test_classifications);
  g_test_add_func ("/category/products", test_products);
  g_test_add_func ("/category/patch-tuesday", test_patch_tuesday);
  g_test_add_func ("/calendar/days", test_calendar);
  return g_test_run ();
}
