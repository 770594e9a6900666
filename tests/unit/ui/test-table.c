/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-test"

#include "config.h"

#include <string.h>
#include <glib/gstdio.h>

#include "kab-filter-group.h"
#include "kab-record-selection.h"
#include "kab-search-explain.h"
#include "kab-table.h"
#include "page-fixture.h"

/* A list that counts how many items anybody fetched */

#define TEST_TYPE_LIST (test_list_get_type ())
G_DECLARE_FINAL_TYPE (TestList, test_list, TEST, LIST, GObject)

struct _TestList
{
  GObject parent_instance;

  guint   n_items;
  guint   n_fetched;
};

static GType
test_list_get_item_type (GListModel *list)
{
  return GTK_TYPE_STRING_OBJECT;
}

static guint
test_list_get_n_items (GListModel *list)
{
  return TEST_LIST (list)->n_items;
}

static gpointer
test_list_get_item (GListModel *list,
                    guint       position)
{
  g_autofree char *text = g_strdup_printf ("row %u", position);

  if (position >= TEST_LIST (list)->n_items)
    return NULL;
  TEST_LIST (list)->n_fetched++;
  return gtk_string_object_new (text);
}

static void
test_list_iface_init (GListModelInterface *iface)
{
  iface->get_item_type = test_list_get_item_type;
  iface->get_n_items = test_list_get_n_items;
  iface->get_item = test_list_get_item;
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestList, test_list, G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_LIST_MODEL, test_list_iface_init))

static void
test_list_class_init (TestListClass *klass)
{
}

static void
test_list_init (TestList *self)
{
}

static void
select_all_fetches_nothing (void)
{
  g_autoptr(TestList) list = g_object_new (TEST_TYPE_LIST, NULL);
  g_autoptr(KabRecordSelection) selection = NULL;
  gint64 start;

  list->n_items = 1000000;
  selection = kab_record_selection_new (G_LIST_MODEL (list));
  start = g_get_monotonic_time ();
  gtk_selection_model_select_all (GTK_SELECTION_MODEL (selection));
  g_assert_cmpint (g_get_monotonic_time () - start, <, 16000);
  g_assert_cmpuint (list->n_fetched, ==, 0);
  g_assert_cmpuint (kab_record_selection_get_count (selection), ==, 1000000);
  g_assert_true (kab_record_selection_is_all (selection));

  gtk_selection_model_unselect_item (GTK_SELECTION_MODEL (selection), 7);
  g_assert_false (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (selection), 7));
  g_assert_cmpuint (kab_record_selection_get_count (selection), ==, 999999);
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (selection), 3, TRUE);
  g_assert_cmpuint (kab_record_selection_get_count (selection), ==, 1);
}

static void
selection_follows_splices (void)
{
  g_autoptr(GtkStringList) list = gtk_string_list_new ((const char *[]) { "a", "b", "c", "d", NULL });
  g_autoptr(KabRecordSelection) selection = kab_record_selection_new (G_LIST_MODEL (list));

  gtk_selection_model_select_item (GTK_SELECTION_MODEL (selection), 2, TRUE);
  gtk_string_list_remove (list, 0);
  g_assert_true (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (selection), 1));
  gtk_string_list_splice (list, 0, 0, (const char *[]) { "x", "y", NULL });
  g_assert_true (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (selection), 3));
  kab_record_selection_set_model (selection, NULL);
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (selection)), ==, 0);
  g_assert_cmpuint (kab_record_selection_get_count (selection), ==, 0);
}

/* What a view is told of a long list */
typedef struct {
  guint n_refreshed;
  guint position, removed, added;     /* of the last change */
} Told;

static void
refreshed_cb (KabRecordSelection *selection,
              Told               *told)
{
  told->n_refreshed++;
}

static void
items_changed_cb (GListModel *list,
                  guint       position,
                  guint       removed,
                  guint       added,
                  Told       *told)
{
  told->position = position;
  told->removed = removed;
  told->added = added;
}

static void
long_lists_change_at_their_end (void)
{
  g_autoptr(GtkStringList) list = gtk_string_list_new (NULL);
  g_autoptr(KabRecordSelection) selection = NULL;
  Told told = { 0 };

  for (guint i = 0; i < 100; i++)
    gtk_string_list_take (list, g_strdup_printf ("%u", i));
  selection = kab_record_selection_new (G_LIST_MODEL (list));
  g_signal_connect (selection, "refreshed", G_CALLBACK (refreshed_cb), &told);
  g_signal_connect (selection, "items-changed", G_CALLBACK (items_changed_cb), &told);

  /* Without a selection the rows are there first, and what stands in them follows. */
  gtk_string_list_splice (list, 3, 0, (const char *[]) { "x", NULL });
  g_assert_cmpuint (g_list_model_get_n_items (G_LIST_MODEL (selection)), ==, 101);
  g_assert_cmpuint (told.position, ==, 100);
  g_assert_cmpuint (told.added, ==, 1);
  g_assert_cmpuint (told.n_refreshed, ==, 0);
  g_assert_true (kab_record_selection_is_refreshing (selection));
  while (told.n_refreshed == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_false (kab_record_selection_is_refreshing (selection));

  /* With one there is no moment in which it is gone or another row's. */
  gtk_selection_model_select_item (GTK_SELECTION_MODEL (selection), 50, TRUE);
  gtk_string_list_splice (list, 3, 0, (const char *[]) { "y", "z", NULL });
  g_assert_cmpuint (told.n_refreshed, ==, 2);
  g_assert_cmpuint (kab_record_selection_get_count (selection), ==, 1);
  g_assert_true (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (selection), 52));
  gtk_string_list_splice (list, 3, 3, NULL);
  g_assert_true (gtk_selection_model_is_selected (GTK_SELECTION_MODEL (selection), 49));
  g_assert_cmpuint (told.position, ==, 100);
  g_assert_cmpuint (told.removed, ==, 3);

  /* Near the end, rows come and go where they are. */
  gtk_string_list_splice (list, 90, 0, (const char *[]) { "w", NULL });
  g_assert_cmpuint (told.position, ==, 90);
  g_assert_cmpuint (told.n_refreshed, ==, 3);
}

/* A table over texts */

static char *
dup_text (gpointer item)
{
  return g_strdup (gtk_string_object_get_string (GTK_STRING_OBJECT (item)));
}

static char *
dup_length (gpointer item)
{
  return g_strdup_printf ("%zu", strlen (gtk_string_object_get_string (GTK_STRING_OBJECT (item))));
}

static const char *
get_id (gpointer item)
{
  return gtk_string_object_get_string (GTK_STRING_OBJECT (item));
}

static int
compare_texts (gconstpointer a,
               gconstpointer b)
{
  return strcmp (get_id ((gpointer) a), get_id ((gpointer) b));
}

static const KabTableColumn columns[] = {
  { "text", "Text", 20, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_text, compare_texts },
  { "length", "Length", 6, FALSE, TRUE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_length },
};

static const KabTableInfo info = {
  .id = "test",
  .name = "Test",
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .get_id = get_id,
  .dup_name = dup_text,
  .narrow_title = "Row",
  .dup_head = dup_text,
  .dup_line = dup_length,
};

static void
spin (guint ms)
{
  gint64 end = g_get_monotonic_time () + (gint64) ms * 1000;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (500);
}

static char *
dup_first (KabTable *table)
{
  g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (kab_table_get_selection (table)), 0);

  return g_strdup (get_id (item));
}

static void
sorts_and_keeps_what_is_selected (void)
{
  g_autoptr(GtkStringList) list = gtk_string_list_new ((const char *[]) { "pear", "apple", "fig", NULL });
  KabTable *table = KAB_TABLE (kab_table_new (&info));
  GtkWidget *window = gtk_window_new ();
  GActionGroup *actions = kab_table_get_actions (table);
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;
  g_autoptr(GObject) single = NULL;

  gtk_window_set_child (GTK_WINDOW (window), GTK_WIDGET (table));
  gtk_window_present (GTK_WINDOW (window));
  kab_table_set_model (table, G_LIST_MODEL (list));
  g_assert_true (kab_table_select_id (table, "fig"));

  g_action_group_activate_action (actions, "sort", g_variant_new_string ("text"));
  first = dup_first (table);
  g_assert_cmpstr (first, ==, "apple");
  g_action_group_activate_action (actions, "descending", NULL);
  last = dup_first (table);
  g_assert_cmpstr (last, ==, "pear");
  single = kab_table_dup_single (table);
  g_assert_nonnull (single);
  g_assert_cmpstr (get_id (single), ==, "fig");
  g_assert_false (kab_table_select_id (table, "quince"));
  gtk_window_destroy (GTK_WINDOW (window));
}

static void
collected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  GPtrArray **items = user_data;

  *items = kab_table_collect_finish (KAB_TABLE (object), result, NULL);
}

static void
collects_in_slices (void)
{
  g_autoptr(TestList) list = g_object_new (TEST_TYPE_LIST, NULL);
  g_autoptr(GPtrArray) all = NULL;
  g_autoptr(GPtrArray) some = NULL;
  g_autoptr(GObject) last = NULL;
  KabTable *table = g_object_ref_sink (KAB_TABLE (kab_table_new (&info)));

  list->n_items = 30000;
  kab_table_set_model (table, G_LIST_MODEL (list));
  gtk_selection_model_select_item (kab_table_get_selection (table), 29999, TRUE);
  kab_table_collect_async (table, FALSE, NULL, collected_cb, &all);
  kab_table_collect_async (table, TRUE, NULL, collected_cb, &some);
  while (all == NULL || some == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpuint (all->len, ==, 30000);
  g_assert_cmpuint (some->len, ==, 1);
  last = g_list_model_get_item (G_LIST_MODEL (kab_table_get_selection (table)), 29999);
  g_assert_cmpstr (get_id (some->pdata[0]), ==, get_id (last));
  g_object_unref (table);
}

static void
told_cb (KabTable   *table,
         const char *text,
         char      **told)
{
  *told = g_strdup (text);
}

/* A cell that a spreadsheet would run comes escaped; the file is there only when it is whole. */
static void
exports_csv (void)
{
  g_autoptr(GtkStringList) list = gtk_string_list_new ((const char *[]) { "=1+1", "a,\"b\"", "plain", NULL });
  KabTable *table = g_object_ref_sink (KAB_TABLE (kab_table_new (&info)));
  g_autofree char *folder = g_dir_make_tmp ("kab-table-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "rows.csv", NULL);
  g_autofree char *told = NULL;
  g_autofree char *csv = NULL;

  kab_table_set_model (table, G_LIST_MODEL (list));
  g_signal_connect (table, "told", G_CALLBACK (told_cb), &told);
  g_action_group_activate_action (kab_table_get_actions (table), "export-to", g_variant_new_string (path));
  while (told == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (g_file_get_contents (path, &csv, NULL, NULL));
  g_assert_nonnull (strstr (csv, "Text,Length"));
  g_assert_nonnull (strstr (csv, "'=1+1"));
  g_assert_nonnull (strstr (csv, "\"a,\"\"b\"\"\""));
  g_unlink (path);
  g_rmdir (folder);
  g_object_unref (table);
}

static guint
count_columns (GtkWidget *table)
{
  GtkColumnView *view = page_fixture_find (table, GTK_TYPE_COLUMN_VIEW, NULL, NULL);
  GListModel *shown = gtk_column_view_get_columns (view);
  guint n_visible = 0;

  for (guint i = 0; i < g_list_model_get_n_items (shown); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (shown, i);

      n_visible += gtk_column_view_column_get_visible (column);
    }

  return n_visible;
}

static void
wait_for_columns (GtkWidget *table,
                  guint      n)
{
  gint64 end = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;

  while (count_columns (table) != n && g_get_monotonic_time () < end)
    spin (5);
  g_assert_cmpuint (count_columns (table), ==, n);
}

static void
narrow_tables_have_one_column (void)
{
  g_autoptr(GtkStringList) list = gtk_string_list_new ((const char *[]) { "one", "two", NULL });
  GtkWidget *table = kab_table_new (&info);
  GtkWidget *window = gtk_window_new ();

  kab_table_set_model (KAB_TABLE (table), G_LIST_MODEL (list));
  gtk_window_set_child (GTK_WINDOW (window), table);
  gtk_window_set_default_size (GTK_WINDOW (window), 320, 300);
  gtk_window_present (GTK_WINDOW (window));
  wait_for_columns (table, 1);
  gtk_window_set_default_size (GTK_WINDOW (window), 900, 300);
  wait_for_columns (table, info.n_columns);
  gtk_window_destroy (GTK_WINDOW (window));
}

/* Search and filters */

static void
explains_wrong_terms (void)
{
  static const struct { KabQueryDomain domain; const char *text, *part; } cases[] = {
    { KAB_QUERY_UPDATES, "severity:hot", "critical, important" },
    { KAB_QUERY_UPDATES, "colour:red", "colour" },
    { KAB_QUERY_UPDATES, "needed:many", "number" },
    { KAB_QUERY_UPDATES, "published:soon", "day or an age" },
    { KAB_QUERY_HOSTS, "PC state:tired", "compliant" },
    { KAB_QUERY_HOSTS, "state:error", NULL },
    { KAB_QUERY_HOSTS, "", NULL },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *words = kab_search_explain (cases[i].text, cases[i].domain, 0);

      if (cases[i].part == NULL)
        g_assert_null (words);
      else
        g_assert_nonnull (strstr (words, cases[i].part));
    }
}

static void
units_are_a_tree (void)
{
  KabFacet facets[] = {
    { "ou", (char *) "OU=Paris,OU=France,DC=demo,DC=lan", 4 },
    { "ou", (char *) "OU=Desks,OU=Paris,OU=France,DC=demo,DC=lan", 3 },
    { "ou", (char *) "OU=Lyon\\, East,OU=France,DC=demo,DC=lan", 2 },
    { "site", (char *) "Paris", 9 },
    { "ou", (char *) ",,,=", 1 },
  };
  g_autoptr(GPtrArray) list = g_ptr_array_new ();
  g_autoptr(GPtrArray) nodes = NULL;
  guint france = G_MAXUINT, desks = G_MAXUINT;

  for (guint i = 0; i < G_N_ELEMENTS (facets); i++)
    g_ptr_array_add (list, &facets[i]);
  nodes = kab_filter_units ("ou", list);
  for (guint i = 0; i < nodes->len; i++)
    {
      const KabFilterNode *node = nodes->pdata[i];

      if (g_str_equal (node->label, "France"))
        france = i;
      if (g_str_equal (node->label, "Desks"))
        desks = i;
      if (g_str_has_prefix (node->value, "OU=Lyon"))
        g_assert_cmpstr (node->label, ==, "Lyon, East");
    }
  g_assert_cmpuint (france, <, desks);
  g_assert_cmpuint (((KabFilterNode *) nodes->pdata[france])->count, ==, 6);
  g_assert_cmpuint (((KabFilterNode *) nodes->pdata[france])->depth, ==, 0);
  g_assert_cmpuint (((KabFilterNode *) nodes->pdata[desks])->depth, ==, 2);
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();

  g_test_add_func ("/table/select-all-fetches-nothing", select_all_fetches_nothing);
  g_test_add_func ("/table/selection-follows-splices", selection_follows_splices);
  g_test_add_func ("/table/long-lists-change-at-their-end", long_lists_change_at_their_end);
  g_test_add_func ("/table/sorts-and-keeps-what-is-selected", sorts_and_keeps_what_is_selected);
  g_test_add_func ("/table/collects-in-slices", collects_in_slices);
  g_test_add_func ("/table/exports-csv", exports_csv);
  g_test_add_func ("/table/narrow-tables-have-one-column", narrow_tables_have_one_column);
  g_test_add_func ("/search/explains-wrong-terms", explains_wrong_terms);
  g_test_add_func ("/filter/units-are-a-tree", units_are_a_tree);

  return g_test_run ();
}
