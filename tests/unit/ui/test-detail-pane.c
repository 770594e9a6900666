/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-test"

#include "config.h"

#include "kab-door.h"
#include "kab-facts.h"
#include "kab-refill.h"
#include "kab-update-pane.h"
#include "kab-updates-page.h"
#include "kab-tooltip.h"
#include "page-fixture.h"

static PageFixture fixture;

static GtkWidget *
get_focus (void)
{
  return gtk_window_get_focus (GTK_WINDOW (fixture.window));
}

static KabUpdatePane *
get_pane (void)
{
  return page_fixture_find (fixture.page, KAB_TYPE_UPDATE_PANE, NULL, NULL);
}

/* Doors that nobody answers cannot have the keyboard. */
static void
answer_doors (GtkWidget *window)
{
  static const char * const names[] = { "show-hosts", "show-updates" };
  g_autoptr(GSimpleActionGroup) actions = g_simple_action_group_new ();

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(GSimpleAction) action = g_simple_action_new (names[i], G_VARIANT_TYPE_STRING);

      g_action_map_add_action (G_ACTION_MAP (actions), G_ACTION (action));
    }
  gtk_widget_insert_action_group (window, "win", G_ACTION_GROUP (actions));
}

/* What a part of a pane shows: @names become doors, below a text that is higher than the window. */
typedef struct {
  const char *names;
  guint       number;
  const char *told;
} Content;

static void
fill (GtkBox   *box,
      gpointer  user_data)
{
  const Content *content = user_data;
  g_auto(GStrv) names = g_strsplit (content->names, " ", -1);
  GtkWidget *high = kab_facts_add_text (box, "high");

  gtk_widget_set_size_request (high, -1, 3000);
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autofree char *text = g_strdup_printf ("%u %s", content->number, names[i]);

      gtk_box_append (box, kab_door_new ("hosts", names[i], text));
    }
  if (content->told != NULL)
    kab_refill_tell (high, content->told);
}

static gboolean
has_query (GtkWidget     *widget,
           gconstpointer  query)
{
  return g_strcmp0 (kab_door_get_query (KAB_DOOR (widget)), query) == 0;
}

static KabDoor *
find_door (GtkWidget  *from,
           const char *query)
{
  return page_fixture_find (from, KAB_TYPE_DOOR, has_query, query);
}

/* Where it has come to rest. */
static double
wait_for_place (GtkAdjustment *adjustment)
{
  double place;

  do
    {
      place = gtk_adjustment_get_value (adjustment);
      page_fixture_spin (100);
    }
  while (gtk_adjustment_get_value (adjustment) != place);

  return place;
}

static void
place_is_kept (void)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  GtkWidget *scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", box, NULL);
  GtkWindow *window = g_object_new (GTK_TYPE_WINDOW, "child", scrolled, "default-height", 300, NULL);
  GtkAdjustment *adjustment = gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled));
  Content content = { "one two three", 1, NULL };
  GtkWidget *door;
  double place;

  answer_doors (GTK_WIDGET (window));
  kab_refill (box, fill, &content);
  gtk_window_present (window);
  gtk_test_widget_wait_for_draw (GTK_WIDGET (window));
  door = GTK_WIDGET (find_door (GTK_WIDGET (box), "two"));
  g_assert_true (gtk_widget_grab_focus (door));
  page_fixture_spin (100);
  place = wait_for_place (adjustment);
  g_assert_cmpfloat (place, >, 1000);

  /* The same again: nothing is made anew. */
  kab_refill (box, fill, &content);
  g_assert_true (gtk_window_get_focus (window) == door);

  /* Another number, another place in the row: it is the same door. */
  content = (Content) { "zero one two three", 7, NULL };
  kab_refill (box, fill, &content);
  g_assert_cmpstr (kab_door_get_query (KAB_DOOR (gtk_window_get_focus (window))), ==, "two");
  page_fixture_spin (100);
  g_assert_cmpfloat (wait_for_place (adjustment), ==, place);
  g_assert_cmpstr (kab_door_get_query (KAB_DOOR (gtk_window_get_focus (window))), ==, "two");

  /* It is gone: the keyboard is on what stands in its place. */
  content.names = "zero one three";
  kab_refill (box, fill, &content);
  g_assert_cmpstr (kab_door_get_query (KAB_DOOR (gtk_window_get_focus (window))), ==, "three");

  /* The same words that do something else are made anew. */
  door = gtk_widget_get_first_child (GTK_WIDGET (box));
  content.told = "other hosts";
  kab_refill (box, fill, &content);
  g_assert_true (gtk_widget_get_first_child (GTK_WIDGET (box)) != door);

  gtk_window_destroy (window);
}

static void
select_row (guint row)
{
  gtk_selection_model_select_item (kab_table_get_selection (kab_list_page_get_table (KAB_LIST_PAGE (fixture.page))), row,
                                   TRUE);
  page_fixture_spin (300);
}

static gboolean
has_action (GtkWidget     *widget,
            gconstpointer  action)
{
  return g_strcmp0 (gtk_actionable_get_action_name (GTK_ACTIONABLE (widget)), action) == 0;
}

/* An update read anew, as after a sync, keeps the keyboard where it is. */
static void
reading_anew_keeps_the_focus (void)
{
  g_autoptr(KabRecord) record = NULL;
  g_autofree char *query = NULL;
  GtkWidget *door, *button;

  page_fixture_show (&fixture, "");
  select_row (0);
  record = kab_table_dup_single (kab_list_page_get_table (KAB_LIST_PAGE (fixture.page)));
  door = page_fixture_find (GTK_WIDGET (get_pane ()), KAB_TYPE_DOOR, NULL, NULL);
  g_assert_nonnull (door);
  query = g_strdup (kab_door_get_query (KAB_DOOR (door)));
  g_assert_true (gtk_widget_grab_focus (door));
  kab_update_pane_show (get_pane (), fixture.session, record, 1);
  page_fixture_spin (300);
  g_assert_true (KAB_IS_DOOR (get_focus ()));
  g_assert_cmpstr (kab_door_get_query (KAB_DOOR (get_focus ())), ==, query);

  /* The buttons stay the same, whatever is shown. */
  button = page_fixture_find (GTK_WIDGET (get_pane ()), GTK_TYPE_BUTTON, has_action, "updates.forbid");
  g_assert_true (gtk_widget_get_mapped (button));
  select_row (1);
  g_assert_true (page_fixture_find (GTK_WIDGET (get_pane ()), GTK_TYPE_BUTTON, has_action, "updates.forbid") == button);
}

static void
problem_is_told_at_once (void)
{
  GtkWidget *button;

  page_fixture_show (&fixture, "");
  select_row (0);
  button = page_fixture_find (GTK_WIDGET (get_pane ()), GTK_TYPE_BUTTON, has_action, "updates.allow");
  kab_update_pane_set_problem (get_pane (), "No key");
  g_assert_cmpstr (kab_tooltip_get (button), ==, "No key");
  kab_update_pane_set_problem (get_pane (), NULL);
  g_assert_cmpstr (kab_tooltip_get (button), !=, "No key");

  /* With several selected it is there, with none it is not. */
  gtk_selection_model_select_item (kab_table_get_selection (kab_list_page_get_table (KAB_LIST_PAGE (fixture.page))), 1,
                                   FALSE);
  page_fixture_spin (100);
  g_assert_true (gtk_widget_get_mapped (button));
  gtk_selection_model_unselect_all (kab_table_get_selection (kab_list_page_get_table (KAB_LIST_PAGE (fixture.page))));
  page_fixture_spin (100);
  g_assert_false (gtk_widget_get_mapped (button));
}

int
main (int    argc,
      char **argv)
{
  int status;

  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  page_fixture_open (&fixture, KAB_TYPE_UPDATES_PAGE, 60, 40);
  answer_doors (fixture.window);

  g_test_add_func ("/detail-pane/place-is-kept", place_is_kept);
  g_test_add_func ("/detail-pane/reading-anew-keeps-the-focus", reading_anew_keeps_the_focus);
  g_test_add_func ("/detail-pane/problem-is-told-at-once", problem_is_told_at_once);

  status = g_test_run ();
  page_fixture_close (&fixture);
  return status;
}
