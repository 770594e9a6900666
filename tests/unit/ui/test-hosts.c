/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-test"

#include "config.h"

#include <string.h>

#include "kab-host-deeds.h"
#include "kab-host-updates.h"
#include "kab-hosts-columns.h"
#include "kab-hosts-page.h"
#include "kab-settings.h"
#include "kab-tooltip.h"
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
  page_fixture_check_facets (&fixture, 10);
}

static void
cells_are_doors (void)
{
  page_fixture_check_doors (&fixture, "is:counted", &kab_hosts_table, KAB_QUERY_UPDATES);
}

static GPtrArray *
dup_records (const char *query,
             guint       limit)
{
  GPtrArray *records = g_ptr_array_new_with_free_func (g_object_unref);
  guint n_rows = page_fixture_show (&fixture, query);

  for (guint i = 0; i < MIN (n_rows, limit); i++)
    g_ptr_array_add (records, g_list_model_get_item (G_LIST_MODEL (get_list ()), i));

  return records;
}

/* What, on how many, who cannot be reached: the first few by name, the rest as a number. */
static void
question_names_who_is_away (void)
{
  g_autoptr(GPtrArray) here = dup_records ("is:triggerable", 3);
  g_autoptr(GPtrArray) away = dup_records ("-is:triggerable", 8);
  g_autoptr(GPtrArray) both = g_ptr_array_new ();
  g_autofree char *heading = NULL;
  g_autofree char *body = NULL;
  g_autofree char *all_here = NULL;
  g_autofree char *all_away = NULL;

  g_assert_cmpuint (here->len, ==, 3);
  g_assert_cmpuint (away->len, ==, 8);
  for (guint i = 0; i < 3; i++)
    g_ptr_array_add (both, here->pdata[i]);
  for (guint i = 0; i < 8; i++)
    g_ptr_array_add (both, away->pdata[i]);

  heading = kab_host_deed_dup_heading (KAB_DEED_INSTALL, both->len);
  g_assert_nonnull (strstr (heading, "11"));
  body = kab_host_deed_dup_body (KAB_DEED_INSTALL, both, 0);
  g_assert_nonnull (strstr (body, "3 can be reached now. 8 are not connected"));
  g_assert_nonnull (strstr (body, kab_record_get_host (away->pdata[0])->name));
  g_assert_nonnull (strstr (body, kab_record_get_host (away->pdata[4])->name));
  g_assert_null (strstr (body, kab_record_get_host (away->pdata[5])->name));
  g_assert_nonnull (strstr (body, "and 3 more"));

  all_here = kab_host_deed_dup_body (KAB_DEED_CANCEL_TASKS, here, 0);
  g_assert_nonnull (strstr (all_here, "All of them are connected now."));
  all_away = kab_host_deed_dup_body (KAB_DEED_DOWNLOAD, away, 2);
  g_assert_nonnull (strstr (all_away, "None of them is connected now"));
}

/* No key is set in this profile: nothing can be sent, and the button says why. */
static gboolean
does_scan (GtkWidget     *widget,
           gconstpointer  data)
{
  return g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), data) == 0;
}

static void
without_key_actions_say_why (void)
{
  GtkWidget *button = page_fixture_find (fixture.page, GTK_TYPE_BUTTON, does_scan, "hosts.scan");
  KabTable *table = kab_list_page_get_table (KAB_LIST_PAGE (fixture.page));

  page_fixture_show (&fixture, "");
  gtk_selection_model_select_item (kab_table_get_selection (table), 0, TRUE);
  page_fixture_spin (300);
  g_assert_nonnull (button);
  g_assert_false (gtk_widget_get_sensitive (button));
  g_assert_nonnull (strstr (kab_tooltip_get (button), "preferences"));
}

static void
detail_says_why (void)
{
  KabTable *table = kab_list_page_get_table (KAB_LIST_PAGE (fixture.page));
  KabHostUpdates *updates;
  KabTable *pairs;
  GListModel *shown;

  page_fixture_show (&fixture, "is:counted pending:>0");
  gtk_selection_model_unselect_all (kab_table_get_selection (table));
  gtk_selection_model_select_item (kab_table_get_selection (table), 0, TRUE);
  page_fixture_spin (1200);
  updates = page_fixture_find (fixture.page, KAB_TYPE_HOST_UPDATES, NULL, NULL);
  pairs = page_fixture_find (GTK_WIDGET (updates), KAB_TYPE_TABLE, NULL, NULL);
  shown = G_LIST_MODEL (kab_table_get_selection (pairs));
  g_assert_cmpuint (g_list_model_get_n_items (shown), >, 0);
  for (guint i = 0; i < MIN (g_list_model_get_n_items (shown), 20); i++)
    {
      g_autoptr(KabPair) pair = g_list_model_get_item (shown, i);
      g_autofree char *why = NULL;

      g_assert_nonnull (pair->why);
      why = kab_explanation_describe (pair->why, kab_format_translate);
      g_assert_cmpuint (strlen (why), >, 10);
    }
}

static void
copies_every_host_at_once (void)
{
  KabTable *table = kab_list_page_get_table (KAB_LIST_PAGE (fixture.page));

  page_fixture_show (&fixture, "");
  gtk_selection_model_select_all (kab_table_get_selection (table));
  g_assert_cmpuint (kab_table_get_n_selected (table), ==,
                    g_list_model_get_n_items (G_LIST_MODEL (get_list ())));
  g_action_group_activate_action (kab_table_get_actions (table), "copy", NULL);
  page_fixture_spin (200);
  gtk_selection_model_unselect_all (kab_table_get_selection (table));
}

/* Who toggles one value after the other keeps his place, although the search bar opens and takes the focus. */
static gboolean
is_in_filters (GtkWidget     *widget,
               gconstpointer  data)
{
  return gtk_widget_get_mapped (widget) && gtk_widget_get_ancestor (widget, KAB_TYPE_FILTER_PANE) != NULL;
}

static void
toggled_filters_keep_the_focus (void)
{
  GtkWidget *check = page_fixture_find (fixture.page, GTK_TYPE_CHECK_BUTTON, is_in_filters, NULL);

  page_fixture_show (&fixture, "");
  g_assert_true (gtk_widget_grab_focus (check));
  for (guint on = 1; on <= 2; on++)
    {
      gtk_check_button_set_active (GTK_CHECK_BUTTON (check), on == 1);
      g_assert_true (gtk_root_get_focus (GTK_ROOT (fixture.window)) == check);
      page_fixture_spin (200);
      g_assert_true (gtk_root_get_focus (GTK_ROOT (fixture.window)) == check);
      g_assert_cmpint (*kab_record_list_get_query (get_list ()) != '\0', ==, on == 1);
    }
}

int
main (int    argc,
      char **argv)
{
  int status;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  page_fixture_open (&fixture, KAB_TYPE_HOSTS_PAGE, 150, 50);

  g_test_add_func ("/hosts/facets-are-what-a-click-yields", facets_are_what_a_click_yields);
  g_test_add_func ("/hosts/cells-are-doors", cells_are_doors);
  g_test_add_func ("/hosts/question-names-who-is-away", question_names_who_is_away);
  g_test_add_func ("/hosts/without-key-actions-say-why", without_key_actions_say_why);
  g_test_add_func ("/hosts/detail-says-why", detail_says_why);
  g_test_add_func ("/hosts/toggled-filters-keep-the-focus", toggled_filters_keep_the_focus);
  g_test_add_func ("/hosts/copies-every-host-at-once", copies_every_host_at_once);

  status = g_test_run ();
  page_fixture_close (&fixture);
  return status;
}
