/* test-package-board.c: packages as rows and cards: what searches find, which ring a card stands in, what may go on
 * SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <adwaita.h>

#include "kab-error.h"
#include "kab-gate-words.h"
#include "kab-item-view.h"
#include "kab-package-board.h"
#include "kab-packages-columns.h"

static void
add (GListStore *list,
     const char *name,
     const char *version,
     const char *maturity,
     const char *section,
     gboolean    waits)
{
  g_autofree char *control = g_strdup_printf ("package           : %s\nversion           : %s\narchitecture      : all\n"
                                              "section           : %s\npriority          : critical\n"
                                              "maturity          : %s\ndescription       : Règles\nfilename          : %s.wapt",
                                              name, version, section, maturity, name);
  g_autoptr(KabRulePackage) item = g_object_new (KAB_TYPE_RULE_PACKAGE, NULL);
  g_autoptr(GError) error = NULL;

  item->package = kab_package_new_from_control (control, -1, &error);
  g_assert_no_error (error);
  item->id = g_strjoin (" ", name, version, maturity, NULL);
  item->origin = g_strjoin (" ", name, version, NULL);
  item->is_rules = g_str_equal (section, "wsus");
  item->is_newest = TRUE;
  item->waits = waits;
  item->size = -1;
  item->installed = g_array_new (FALSE, FALSE, sizeof (guint));
  item->older = g_array_new (FALSE, FALSE, sizeof (guint));
  item->assigned = g_array_new (FALSE, FALSE, sizeof (guint));
  g_list_store_append (list, item);
}

static GListStore *
list_new (void)
{
  GListStore *list = g_list_store_new (KAB_TYPE_RULE_PACKAGE);

  add (list, "demo-wua-base", "13", "PREPROD", "wsus", TRUE);
  add (list, "demo-wua-base", "12", "PROD", "wsus", FALSE);
  add (list, "demo-wua-drivers", "1", "DEV", "wsus", TRUE);
  add (list, "demo-trial", "1", "TRIAL", "wsus", FALSE);
  add (list, "demo-7zip", "23.1-0", "PROD", "base", FALSE);
  add (list, "grp-pilot", "2", "PROD", "group", FALSE);

  return list;
}

/* A search finds exactly what its words and terms say, and refuses what it does not know. */
static void
test_search (void)
{
  static const struct { const char *query; guint n; } cases[] = {
    { "", 6 }, { "base", 3 }, { "REGLES", 6 }, { "is:waiting", 2 }, { "maturity:prod", 3 }, { "maturity:PROD,DEV", 4 },
    { "-maturity:PROD", 3 }, { "kind:rules maturity:PROD", 1 }, { "kind:assignment", 1 }, { "kind:software 7zip", 1 },
    { "name:demo-wua-base", 2 }, { "name:demo-wua", 0 }, { "is:waiting drivers", 1 }, { "signature:unchecked", 6 },
  };
  g_autoptr(GListStore) list = list_new ();
  GtkWidget *widget = g_object_ref_sink (g_object_new (KAB_TYPE_ITEM_FILTER, NULL));
  KabItemFilter *filter = KAB_ITEM_FILTER (widget);
  const KabItemTerm *terms;
  guint n_terms;
  g_autoptr(GError) error = NULL;

  terms = kab_packages_get_terms (&n_terms);
  kab_item_filter_set_terms (filter, &kab_packages_table, terms, n_terms);
  kab_item_filter_set_source (filter, G_LIST_MODEL (list));
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("“%s”", cases[i].query);
      g_assert_true (kab_item_filter_set_query (filter, cases[i].query, &error));
      g_assert_no_error (error);
      g_assert_cmpuint (g_list_model_get_n_items (kab_item_filter_get_shown (filter)), ==, cases[i].n);
    }

  /* What is not understood changes nothing. */
  g_assert_false (kab_item_filter_set_query (filter, "ring:PROD", &error));
  g_assert_error (error, KAB_ERROR, KAB_ERROR_USAGE);
  g_assert_cmpstr (kab_item_filter_get_query (filter), ==, "signature:unchecked");
  g_object_unref (widget);
}

/* Only rule packages go on, one ring at a time, and not beyond production. */
static void
test_rings (void)
{
  static const struct { KabRing ring; const char *next; } expected[] = {
    { KAB_RING_PREPROD, "PROD" }, { KAB_RING_PROD, NULL }, { KAB_RING_DEV, "PREPROD" }, { KAB_RING_OTHER, NULL },
    { KAB_RING_PROD, NULL }, { KAB_RING_PROD, NULL },
  };
  g_autoptr(GListStore) list = list_new ();

  for (guint i = 0; i < G_N_ELEMENTS (expected); i++)
    {
      g_autoptr(KabRulePackage) item = g_list_model_get_item (G_LIST_MODEL (list), i);

      g_assert_cmpint (kab_packages_get_ring (item), ==, expected[i].ring);
      g_assert_cmpstr (kab_packages_get_next (item), ==, expected[i].next);
    }
}

static void
count_cb (KabPackageBoard *board,
          guint           *count)
{
  (*count)++;
}

/* One card of the whole board is selected, and a new reading of the list forgets the one that is gone. */
static void
test_board (void)
{
  g_autoptr(GListStore) list = list_new ();
  GtkWidget *window = adw_window_new ();
  KabPackageBoard *board = KAB_PACKAGE_BOARD (kab_package_board_new ());
  guint count = 0;

  adw_window_set_content (ADW_WINDOW (window), GTK_WIDGET (board));
  kab_package_board_set_model (board, G_LIST_MODEL (list));
  g_signal_connect (board, "selection-changed", G_CALLBACK (count_cb), &count);
  g_assert_null (kab_package_board_get_selected (board));
  gtk_window_present (GTK_WINDOW (window));

  kab_package_board_select_id (board, "demo-wua-drivers 1 DEV");
  g_assert_cmpstr (kab_package_board_get_selected (board)->origin, ==, "demo-wua-drivers 1");
  kab_package_board_select_id (board, "demo-trial 1 TRIAL");
  g_assert_cmpstr (kab_package_board_get_selected (board)->origin, ==, "demo-trial 1");
  g_assert_cmpuint (count, >=, 2);
  kab_package_board_refresh (board);
  g_list_store_remove (list, 3);
  g_assert_null (kab_package_board_get_selected (board));
  kab_package_board_set_model (board, NULL);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* What the gate says, judged with the settings' defaults */
static void
test_gate (void)
{
  g_autoptr(KabEvidence) evidence = kab_evidence_new ();
  g_autofree char *text = NULL;
  g_autofree char *passing = NULL;
  KabGateVerdict verdict;

  evidence->since = 1;
  evidence->now = 1 + 30 * 86400;
  evidence->counts = (KabGateCounts) { .targeted = 20, .succeeded = 3, .silent = 17 };
  kab_gate_words_judge (evidence, &verdict);
  text = kab_gate_words_describe (&verdict);
  g_assert_false (verdict.passes);
  g_assert_true (g_str_has_prefix (text, "Needs "));
  evidence->counts = (KabGateCounts) { .targeted = 20, .succeeded = 20 };
  kab_gate_words_judge (evidence, &verdict);
  passing = kab_gate_words_describe (&verdict);
  g_assert_true (verdict.passes);
  g_assert_cmpstr (passing, ==, "The gate passes");
}

static GtkWidget *
find_check (GtkWidget *from)
{
  GtkWidget *found = GTK_IS_CHECK_BUTTON (from) ? from : NULL;

  for (GtkWidget *child = gtk_widget_get_first_child (from); child != NULL && found == NULL;
       child = gtk_widget_get_next_sibling (child))
    found = find_check (child);

  return found;
}

/* A short list filters as a long one does: the keyboard stays on the value that it toggled. */
static void
test_filter_focus (void)
{
  g_autoptr(GListStore) list = list_new ();
  GtkWidget *window = gtk_window_new ();
  GtkWidget *view = g_object_new (KAB_TYPE_ITEM_VIEW, NULL);
  const KabItemTerm *terms;
  GtkWidget *check = NULL;
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  guint n_terms;

  terms = kab_packages_get_terms (&n_terms);
  kab_item_view_set_info (KAB_ITEM_VIEW (view), "Search", &kab_packages_table, terms, n_terms);
  kab_item_view_set_model (KAB_ITEM_VIEW (view), G_LIST_MODEL (list));
  gtk_window_set_default_size (GTK_WINDOW (window), 1200, 700);
  gtk_window_set_child (GTK_WINDOW (window), view);
  g_object_set (view, "filters-shown", TRUE, NULL);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (window);

  while (check == NULL && g_get_monotonic_time () < end)
    {
      g_main_context_iteration (NULL, FALSE);
      check = find_check (view);
    }
  g_assert_true (gtk_widget_grab_focus (check));
  gtk_check_button_set_active (GTK_CHECK_BUTTON (check), TRUE);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_cmpstr (kab_item_view_get_query (KAB_ITEM_VIEW (view)), !=, "");
  g_assert_true (gtk_check_button_get_active (GTK_CHECK_BUTTON (check)));
  g_assert_true (gtk_root_get_focus (GTK_ROOT (window)) == check);
  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int   argc,
      char *argv[])
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_test_add_func ("/package-board/search", test_search);
  g_test_add_func ("/package-board/filter-focus", test_filter_focus);
  g_test_add_func ("/package-board/rings", test_rings);
  g_test_add_func ("/package-board/board", test_board);
  g_test_add_func ("/package-board/gate", test_gate);

  return g_test_run ();
}
