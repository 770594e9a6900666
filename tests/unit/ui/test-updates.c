/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-test"

#include "config.h"

#include <string.h>

#include "kab-search.h"
#include "kab-state-bar.h"
#include "kab-updates-columns.h"
#include "kab-updates-page.h"
#include "page-fixture.h"

static PageFixture fixture;

static KabRecordList *
get_list (void)
{
  return kab_list_page_get_list (KAB_LIST_PAGE (fixture.page));
}

static void
facets_are_what_a_click_yields (void)
{
  page_fixture_check_facets (&fixture, 5);
}

static void
wrong_term_keeps_the_list (void)
{
  KabSearch *search = page_fixture_find (fixture.page, KAB_TYPE_SEARCH, NULL, NULL);
  guint n_rows = page_fixture_show (&fixture, "severity:critical");

  g_assert_cmpuint (n_rows, >, 0);
  kab_search_set_text (search, "severity:hot");
  page_fixture_spin (80);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (get_list ())), ==, n_rows);
  g_assert_cmpstr (kab_record_list_get_query (get_list ()), ==, "severity:critical");
  kab_search_set_text (search, "");
  page_fixture_spin (80);
  g_assert_cmpstr (kab_record_list_get_query (get_list ()), ==, "");
}

static void
subtitle_says_how_many (void)
{
  g_autofree char *subtitle = NULL;
  g_autofree char *wanted = NULL;
  guint n_rows = page_fixture_show (&fixture, "severity:critical state:pending");

  g_object_get (fixture.page, "subtitle", &subtitle, NULL);
  wanted = g_strdup_printf ("%u of %u · severity:critical state:pending", n_rows,
                            kab_record_list_get_n_total (get_list ()));
  g_assert_cmpstr (subtitle, ==, wanted);
}

static void
cells_are_doors (void)
{
  page_fixture_check_doors (&fixture, "is:any", &kab_updates_table, KAB_QUERY_HOSTS);
}

static void
detail_shows_the_selected (void)
{
  KabTable *table = kab_list_page_get_table (KAB_LIST_PAGE (fixture.page));
  g_autoptr(KabRecord) record = NULL;

  page_fixture_show (&fixture, "");
  gtk_selection_model_select_item (kab_table_get_selection (table), 0, TRUE);
  page_fixture_spin (400);
  record = kab_table_dup_single (table);
  g_assert_nonnull (record);
  g_assert_nonnull (page_fixture_find (fixture.page, KAB_TYPE_STATE_BAR, NULL, NULL));

  /* A new search keeps it, as long as it is still there. */
  g_assert_cmpuint (page_fixture_show (&fixture, "needed:>=0"), >, 0);
  g_assert_cmpuint (kab_table_get_n_selected (table), ==, 1);
  g_assert_cmpuint (page_fixture_show (&fixture, "title:nosuchthing"), ==, 0);
  g_assert_cmpuint (kab_table_get_n_selected (table), ==, 0);
}

int
main (int    argc,
      char **argv)
{
  int status;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  page_fixture_open (&fixture, KAB_TYPE_UPDATES_PAGE, 120, 60);

  g_test_add_func ("/updates/facets-are-what-a-click-yields", facets_are_what_a_click_yields);
  g_test_add_func ("/updates/wrong-term-keeps-the-list", wrong_term_keeps_the_list);
  g_test_add_func ("/updates/subtitle-says-how-many", subtitle_says_how_many);
  g_test_add_func ("/updates/cells-are-doors", cells_are_doors);
  g_test_add_func ("/updates/detail-shows-the-selected", detail_shows_the_selected);

  status = g_test_run ();
  page_fixture_close (&fixture);
  return status;
}
