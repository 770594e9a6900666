/* In-process tests of the window: real widgets on a real mirror, no input events. Pictures go to $KAB_PICTURES.
 * SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-test"

#include "config.h"

#include "kab-application.h"
#include "kab-banners.h"
#include "kab-chart.h"
#include "kab-connect-dialog.h"
#include "kab-door.h"
#include "kab-overview-page.h"
#include "kab-overview-sections.h"
#include "kab-pictures.h"
#include "kab-preferences-window.h"
#include "kab-record-list.h"
#include "kab-settings.h"
#include "kab-sidebar-row.h"
#include "kab-test-store.h"
#include "kab-window.h"

#define N_HOSTS 240
#define N_UPDATES 90
#define PATIENCE_US (15 * G_USEC_PER_SEC)

static KabApplication *application;
static KabWindow *window;
static KabServers *servers;

static void
spin (guint ms)
{
  gint64 end = g_get_monotonic_time () + (gint64) ms * 1000;

  while (g_get_monotonic_time () < end)
    if (!g_main_context_iteration (NULL, FALSE))
      g_usleep (500);
}

/* Until *@flag: whoever waits says for what. */
static void
wait_for (gboolean   *flag,
          const char *what)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;

  while (!*flag)
    {
      if (g_get_monotonic_time () > end)
        g_error ("waited in vain for %s", what);
      g_main_context_iteration (NULL, FALSE);
    }
}

static void
picture (GtkWidget  *widget,
         const char *name)
{
  const char *folder = g_getenv ("KAB_PICTURES");
  g_autofree char *file = g_strconcat (name, ".png", NULL);
  g_autofree char *path = folder != NULL ? g_build_filename (folder, file, NULL) : NULL;
  g_autoptr(GError) error = NULL;

  if (path == NULL)
    return;
  spin (300);
  gtk_test_widget_wait_for_draw (widget);
  kab_pictures_save (widget, path, &error);
  g_assert_no_error (error);
}

typedef void (*VisitFunc) (GtkWidget *widget, gpointer user_data);

static void
visit (GtkWidget *widget,
       VisitFunc  func,
       gpointer   user_data)
{
  func (widget, user_data);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    visit (child, func, user_data);
}

/* Of a window: without the frame that a window manager without shadows gets. */
static int
get_minimum_width (GtkWidget *widget)
{
  int minimum;

  if (GTK_IS_WINDOW (widget))
    widget = gtk_widget_get_first_child (widget);

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);

  return minimum;
}

/* Which widget makes its page so wide? For whoever reads the log of a failure. */
static void
tell_width (GtkWidget *widget,
            gpointer   user_data)
{
  int limit = GPOINTER_TO_INT (user_data);

  if (gtk_widget_get_mapped (widget) && get_minimum_width (widget) > limit &&
      gtk_widget_get_ancestor (widget, GTK_TYPE_SCROLLED_WINDOW) == NULL)
    g_test_message ("  %s: %d pixels", G_OBJECT_TYPE_NAME (widget), get_minimum_width (widget));
}

static void
check_width (const char *name,
             int         limit)
{
  /* Pages fold on the next turns of the main loop. */
  for (guint i = 0; i < 100 && get_minimum_width (GTK_WIDGET (window)) > limit; i++)
    spin (50);
  if (get_minimum_width (GTK_WIDGET (window)) > limit)
    {
      g_test_message ("%s is wider than %d pixels:", name, limit);
      visit (GTK_WIDGET (window), tell_width, GINT_TO_POINTER (limit));
      g_test_fail ();
    }
}

static void
set_flag (gpointer  object,
          gboolean *flag)
{
  *flag = TRUE;
}

/* What a screen reader can say: a property, or a label inside. */
static void
look_for_label (GtkWidget *widget,
                gpointer   user_data)
{
  gboolean *found = user_data;

  if (GTK_IS_LABEL (widget) && *gtk_label_get_label (GTK_LABEL (widget)) != '\0')
    *found = TRUE;
}

static void
check_name (GtkWidget *widget,
            gpointer   user_data)
{
  const char *where = user_data;
  gboolean named;

  if (!gtk_widget_get_visible (widget))
    return;
  if (!GTK_IS_BUTTON (widget) && !GTK_IS_SWITCH (widget) && !GTK_IS_SPIN_BUTTON (widget) &&
      !GTK_IS_MENU_BUTTON (widget) && !GTK_IS_PROGRESS_BAR (widget) && !GTK_IS_LEVEL_BAR (widget) &&
      !KAB_IS_CHART (widget))
    return;
  /* The parts that GTK and libadwaita make have names of their own, or none: not ours to set. */
  if (gtk_widget_get_ancestor (widget, GTK_TYPE_WINDOW_CONTROLS) != NULL ||
      (gtk_widget_get_parent (widget) != NULL && GTK_IS_MENU_BUTTON (gtk_widget_get_parent (widget))) ||
      gtk_widget_get_ancestor (widget, GTK_TYPE_SPIN_BUTTON) != NULL ||
      gtk_widget_get_ancestor (widget, ADW_TYPE_ENTRY_ROW) != NULL)
    return;

  named = gtk_test_accessible_has_property (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_PROPERTY_LABEL) ||
          gtk_test_accessible_has_relation (GTK_ACCESSIBLE (widget), GTK_ACCESSIBLE_RELATION_LABELLED_BY) ||
          gtk_widget_get_ancestor (widget, ADW_TYPE_ACTION_ROW) != NULL;
  visit (widget, look_for_label, &named);
  if (!named)
    {
      GtkWidget *parent = gtk_widget_get_parent (widget);

      g_error ("%s: a %s in a %s in a %s has no name", where, G_OBJECT_TYPE_NAME (widget),
               G_OBJECT_TYPE_NAME (parent), G_OBJECT_TYPE_NAME (gtk_widget_get_parent (parent)));
    }
}

static void
check_names (GtkWidget  *widget,
             const char *where)
{
  visit (widget, check_name, (gpointer) where);
}

static void
test_welcome (void)
{
  kab_window_show_welcome (window);
  gtk_window_present (GTK_WINDOW (window));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (window));
  check_names (GTK_WIDGET (window), "welcome");
  g_assert_cmpint (get_minimum_width (GTK_WIDGET (window)), <=, 360);
  picture (GTK_WIDGET (window), "welcome");
}

/* Opens the mirror that main() filled; nobody listens at its address. */
static void
test_overview (void)
{
  g_autoptr(KabProfile) profile = kab_profile_new ("srvwapt.example.lan");
  gboolean filled = FALSE;
  KabPage *page;

  g_free (profile->url);
  profile->url = g_strdup ("https://127.0.0.1:9");
  profile->sync_minutes = 0;

  page = kab_window_show_page (window, "overview");
  g_signal_connect (page, "filled", G_CALLBACK (set_flag), &filled);
  kab_window_open_profile (window, kab_servers_put (servers, NULL, profile), NULL);
  wait_for (&filled, "the overview");
  g_signal_handlers_disconnect_by_func (page, set_flag, &filled);
  spin (200);

  g_assert_cmpint (kab_snapshot_get_synced_at (kab_session_get_snapshot (kab_window_get_session (window))),
                   >, 0);
  check_names (GTK_WIDGET (window), "overview");
  picture (GTK_WIDGET (window), "overview");
}

typedef struct {
  KabSnapshot *snapshot;
  guint        n_doors;
} Doors;

/* Every number is a door: the list behind it has exactly that many rows. */
static void
check_door (GtkWidget *widget,
            gpointer   user_data)
{
  Doors *doors = user_data;
  KabDoor *door = KAB_IS_DOOR (widget) ? KAB_DOOR (widget) : NULL;
  gboolean hosts;
  g_autoptr(GError) error = NULL;
  g_autoptr(GArray) rows = NULL;

  if (door == NULL || kab_door_get_query (door) == NULL || !gtk_widget_get_mapped (widget))
    return;

  hosts = g_str_equal (kab_door_get_page (door), "hosts");
  rows = kab_record_order_now (doors->snapshot, hosts ? KAB_QUERY_HOSTS : KAB_QUERY_UPDATES,
                               kab_door_get_query (door), hosts ? KAB_SORT_NAME : KAB_SORT_TITLE, FALSE,
                               NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%s “%s”: %" G_GINT64_FORMAT, kab_door_get_page (door), kab_door_get_query (door),
                  kab_door_get_count (door));
  g_assert_cmpint (kab_door_get_count (door), ==, rows->len);
  g_assert_cmpuint (rows->len, >, 0);
  g_assert_nonnull (gtk_actionable_get_action_name (GTK_ACTIONABLE (door)));
  doors->n_doors++;
}

static void
test_doors (void)
{
  Doors doors = { kab_session_get_snapshot (kab_window_get_session (window)), 0 };
  KabPage *page = kab_window_show_page (window, "overview");

  gtk_test_widget_wait_for_draw (GTK_WIDGET (page));
  visit (GTK_WIDGET (page), check_door, &doors);
  g_assert_cmpuint (doors.n_doors, >, 12);
}

/* The matrix divides the updates: a host that is not Windows or has WUA off takes no part. */
static void
test_figures (void)
{
  KabSnapshot *snapshot = kab_session_get_snapshot (kab_window_get_session (window));
  g_autoptr(GError) error = NULL;
  g_autoptr(KabOverviewFigures) figures = kab_overview_figures_count (snapshot, NULL, &error);
  guint sum = 0;
  guint since;

  g_assert_no_error (error);
  g_assert_cmpuint (figures->n[KAB_FIGURE_HOSTS], ==, N_HOSTS);
  g_assert_cmpuint (figures->n[KAB_FIGURE_COUNTED] + figures->n[KAB_FIGURE_NOT_WINDOWS] +
                    figures->n[KAB_FIGURE_DISABLED], ==, N_HOSTS);
  g_assert_cmpuint (figures->n[KAB_FIGURE_NOT_WINDOWS], >, 0);
  g_assert_cmpuint (figures->n[KAB_FIGURE_DISABLED], >, 0);
  g_assert_cmpuint (figures->n[KAB_FIGURE_COUNTED], ==, kab_snapshot_count_counted (snapshot));
  g_assert_cmpuint (figures->n[KAB_FIGURE_ERROR] + figures->n[KAB_FIGURE_RESTART] +
                    figures->n[KAB_FIGURE_SILENT], ==, figures->n[KAB_FIGURE_ATTENTION]);

  for (guint severity = 0; severity < KAB_N_SEVERITIES; severity++)
    for (guint state = 0; state < KAB_N_STATES; state++)
      sum += figures->matrix[severity][state];
  since = kab_record_count_now (snapshot, KAB_QUERY_UPDATES, "since:patch-tuesday", NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (sum, ==, since);
  g_assert_cmpuint (figures->rings->len, ==, 3);
  g_assert_cmpuint (figures->failures->len, >, 0);
}

static void
focus_doors (GtkWidget *widget,
             gpointer   data)
{
  GPtrArray *doors = data;

  if (KAB_IS_DOOR (widget) && gtk_widget_get_focusable (widget))
    g_ptr_array_add (doors, widget);
}

static void
opened_cb (GSimpleAction *action,
           GVariant      *parameter,
           gpointer       user_data)
{
}

/* A new reading of the mirror shows other numbers: whoever is on a door stays on it. */
static void
test_overview_focus (void)
{
  KabSnapshot *snapshot = kab_session_get_snapshot (kab_window_get_session (window));
  g_autoptr(KabOverviewFigures) figures = kab_overview_figures_count (snapshot, NULL, NULL);
  GtkWidget *own_window = gtk_window_new ();
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *catalogue = gtk_grid_new ();
  GtkWidget *failures = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  static const GActionEntry entries[] = { { "show-hosts", opened_cb, "s" }, { "show-updates", opened_cb, "s" } };
  g_autoptr(GSimpleActionGroup) actions = g_simple_action_group_new ();
  g_autoptr(GPtrArray) doors = g_ptr_array_new ();
  guint n_doors;

  /* A door without its action cannot be pressed. */
  g_action_map_add_action_entries (G_ACTION_MAP (actions), entries, G_N_ELEMENTS (entries), NULL);
  gtk_widget_insert_action_group (own_window, "win", G_ACTION_GROUP (actions));
  gtk_box_append (GTK_BOX (box), catalogue);
  gtk_box_append (GTK_BOX (box), failures);
  gtk_window_set_child (GTK_WINDOW (own_window), box);
  kab_overview_fill_catalogue (GTK_GRID (catalogue), figures, snapshot, 1);
  kab_overview_fill_failures (GTK_BOX (failures), figures);
  gtk_window_present (GTK_WINDOW (own_window));
  gtk_test_widget_wait_for_draw (own_window);
  visit (box, focus_doors, doors);
  n_doors = doors->len;
  g_assert_cmpuint (n_doors, >, 3);

  for (guint i = 0; i < n_doors; i++)
    {
      GtkWidget *door = doors->pdata[i];
      g_autofree char *query = NULL;

      g_assert_true (gtk_widget_grab_focus (door));
      query = g_strdup (kab_door_get_query (KAB_DOOR (door)));
      for (guint j = 0; j < figures->failures->len; j++)
        ((KabFailureFigure *) figures->failures->pdata[j])->n_hosts++;
      figures->n[KAB_FIGURE_HOSTS]++;
      kab_overview_fill_catalogue (GTK_GRID (catalogue), figures, snapshot, 2);
      kab_overview_fill_failures (GTK_BOX (failures), figures);
      door = gtk_root_get_focus (GTK_ROOT (own_window));
      g_assert_true (KAB_IS_DOOR (door));
      g_assert_cmpstr (kab_door_get_query (KAB_DOOR (door)), ==, query);
      g_ptr_array_set_size (doors, 0);
      visit (box, focus_doors, doors);
      g_assert_cmpuint (doors->len, ==, n_doors);
    }
  gtk_window_destroy (GTK_WINDOW (own_window));
}

static void
find_page_list (GtkWidget *widget,
                gpointer   user_data)
{
  GtkListBox **list = user_data;

  if (GTK_IS_LIST_BOX (widget) && KAB_IS_SIDEBAR_ROW (gtk_widget_get_first_child (widget)))
    *list = GTK_LIST_BOX (widget);
}

/* What arrow keys do: the page beside the list follows. */
static void
test_page_follows_the_selection (void)
{
  GtkListBox *list = NULL;

  kab_window_show_page (window, "overview");
  visit (GTK_WIDGET (window), find_page_list, &list);
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (list)); row != NULL; row = gtk_widget_get_next_sibling (row))
    {
      KabPage *page;

      gtk_list_box_select_row (list, GTK_LIST_BOX_ROW (row));
      page = kab_window_get_page (window);
      g_assert_true (page == kab_window_show_page (window, kab_sidebar_row_get_name (KAB_SIDEBAR_ROW (row))));
      g_assert_true (gtk_list_box_get_selected_row (list) == GTK_LIST_BOX_ROW (row));
      spin (50);
    }
  kab_window_show_page (window, "overview");
}

static void
test_pages (void)
{
  g_autoptr(GPtrArray) names = kab_window_dup_page_names (window);

  g_assert_cmpuint (names->len, >=, 2);
  for (guint i = 0; i < names->len; i++)
    {
      KabPage *page = kab_window_show_page (window, names->pdata[i]);
      g_autofree char *title = NULL;

      g_assert_true (kab_window_get_page (window) == page);
      g_object_get (page, "title", &title, NULL);
      g_assert_cmpstr (title, !=, "");
      spin (400);
      check_names (GTK_WIDGET (page), names->pdata[i]);
      picture (GTK_WIDGET (window), names->pdata[i]);
    }
  g_assert_null (kab_window_show_page (window, "no such page"));
}

static void
test_door_opens (void)
{
  KabPage *overview = kab_window_show_page (window, "overview");

  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (overview), "win.show-hosts", "s", "state:error"));
  g_assert_cmpstr (G_OBJECT_TYPE_NAME (kab_window_get_page (window)), ==, "KabHostsPage");
  g_assert_true (gtk_widget_activate_action (GTK_WIDGET (overview), "win.show-activity", "s", "log"));
  g_assert_cmpstr (G_OBJECT_TYPE_NAME (kab_window_get_page (window)), ==, "KabActivityPage");
  spin (300);
  picture (GTK_WIDGET (window), "activity-log");
}

static void
set_text_scale (int percent)
{
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", 96 * 1024 * percent / 100, NULL);
  spin (100);
}

static void
check_banner (GtkWidget *widget,
              gpointer   user_data)
{
  int minimum;

  if (!KAB_IS_BANNERS (widget) || !gtk_widget_get_mapped (widget))
    return;

  gtk_widget_measure (widget, GTK_ORIENTATION_VERTICAL, gtk_widget_get_width (widget), &minimum, NULL, NULL, NULL);
  g_assert_cmpint (gtk_widget_get_height (widget), >=, minimum);
}

/* All pages fit into 360 pixels, and into an ordinary screen with letters of twice the size. */
static void
test_narrow (void)
{
  g_autoptr(GPtrArray) names = kab_window_dup_page_names (window);

  gtk_window_set_default_size (GTK_WINDOW (window), 360, 720);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s-narrow", (char *) names->pdata[i]);

      kab_window_show_page (window, names->pdata[i]);
      spin (400);
      check_width (name, 360);
      visit (GTK_WIDGET (window), check_banner, NULL);
      picture (GTK_WIDGET (window), name);
    }
  gtk_window_set_default_size (GTK_WINDOW (window), 1280, 800);
  spin (200);
}

typedef struct {
  guint n_cells;
  guint n_low;      /* less high than their text */
} Cells;

static void
count_cell (GtkWidget *widget,
            gpointer   user_data)
{
  Cells *cells = user_data;
  g_autoptr(PangoLayout) layout = NULL;
  int height;

  if (!GTK_IS_INSCRIPTION (widget) || !gtk_widget_get_mapped (widget) ||
      gtk_widget_get_ancestor (widget, GTK_TYPE_COLUMN_VIEW) == NULL)
    return;

  layout = gtk_widget_create_pango_layout (widget, gtk_inscription_get_text (GTK_INSCRIPTION (widget)));
  pango_layout_get_pixel_size (layout, NULL, &height);
  cells->n_cells++;
  cells->n_low += gtk_widget_get_height (widget) < height;
}

/* Cells are as high as their text. Those of columns that come while a table changes its form have no size for a moment. */
static guint
check_cells (void)
{
  gint64 end = g_get_monotonic_time () + PATIENCE_US;
  Cells cells;

  for (;;)
    {
      cells = (Cells) { 0 };
      visit (GTK_WIDGET (window), count_cell, &cells);
      if (cells.n_low == 0 || g_get_monotonic_time () > end)
        break;
      spin (20);
    }
  g_assert_cmpuint (cells.n_low, ==, 0);

  return cells.n_cells;
}

static void
test_large_text (void)
{
  g_autoptr(GPtrArray) names = kab_window_dup_page_names (window);
  guint n_cells = 0;

  set_text_scale (200);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s-large-text", (char *) names->pdata[i]);

      kab_window_show_page (window, names->pdata[i]);
      spin (400);
      check_width (name, 1024);
      n_cells += check_cells ();
      picture (GTK_WIDGET (window), name);
    }
  g_assert_cmpuint (n_cells, >, 20);
  set_text_scale (100);
}

static void
test_dark (void)
{
  g_autoptr(GPtrArray) names = kab_window_dup_page_names (window);

  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_FORCE_DARK);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s-dark", (char *) names->pdata[i]);

      kab_window_show_page (window, names->pdata[i]);
      spin (300);
      picture (GTK_WIDGET (window), name);
    }
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), ADW_COLOR_SCHEME_DEFAULT);
}

static void
test_right_to_left (void)
{
  g_autoptr(GPtrArray) names = kab_window_dup_page_names (window);

  gtk_widget_set_default_direction (GTK_TEXT_DIR_RTL);
  for (guint i = 0; i < names->len; i++)
    {
      g_autofree char *name = g_strdup_printf ("%s-rtl", (char *) names->pdata[i]);

      kab_window_show_page (window, names->pdata[i]);
      spin (300);
      check_width (name, 1024);
      picture (GTK_WIDGET (window), name);
    }
  gtk_widget_set_default_direction (GTK_TEXT_DIR_LTR);
  spin (100);
}

static void
test_connect_dialog (void)
{
  KabConnectDialog *dialog = kab_connect_dialog_new (GTK_WINDOW (window), NULL);
  GtkWidget *accept = GTK_WIDGET (gtk_widget_get_template_child (GTK_WIDGET (dialog), KAB_TYPE_CONNECT_DIALOG,
                                                                 "connect_button"));

  gtk_window_present (GTK_WINDOW (dialog));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (dialog));
  g_assert_false (gtk_widget_get_sensitive (accept));
  kab_connect_dialog_set_address (dialog, "srvwapt.example.lan");
  g_assert_true (gtk_widget_get_sensitive (accept));
  kab_connect_dialog_set_address (dialog, "https://");
  g_assert_false (gtk_widget_get_sensitive (accept));
  check_names (GTK_WIDGET (dialog), "connect");
  g_assert_cmpint (get_minimum_width (GTK_WIDGET (dialog)), <=, 360);

  /* Nobody listens there: the result is in words, and the way on is offered. */
  kab_connect_dialog_set_address (dialog, "https://127.0.0.1:9");
  kab_connect_dialog_test (dialog);
  for (guint i = 0; i < 300 && !gtk_widget_get_sensitive (accept); i++)
    spin (20);
  g_assert_cmpstr (gtk_button_get_label (GTK_BUTTON (accept)), ==, "_Add Anyway");
  picture (GTK_WIDGET (dialog), "connect");
  gtk_window_destroy (GTK_WINDOW (dialog));
  spin (50);
}

static void
test_preferences (void)
{
  KabPreferencesWindow *preferences = kab_preferences_window_new (window, servers);

  gtk_window_present (GTK_WINDOW (preferences));
  gtk_test_widget_wait_for_draw (GTK_WIDGET (preferences));
  check_names (GTK_WIDGET (preferences), "preferences");
  picture (GTK_WIDGET (preferences), "preferences");
  kab_preferences_window_show_server (preferences, "srvwapt.example.lan");
  spin (500);
  check_names (GTK_WIDGET (preferences), "server editor");
  picture (GTK_WIDGET (preferences), "preferences-server");
  g_assert_cmpint (get_minimum_width (GTK_WIDGET (preferences)), <=, 360);
  gtk_window_destroy (GTK_WINDOW (preferences));
  spin (50);
}

static void
test_chart (void)
{
  GtkWidget *chart = g_object_ref_sink (g_object_new (KAB_TYPE_CHART, NULL));
  g_autoptr(GArray) days = g_array_new (FALSE, TRUE, sizeof (KabHistoryDay));

  for (guint i = 0; i < 3; i++)
    {
      KabHistoryDay day = { 1794268800 + (gint64) i * 86400, { 0 }, 10, 9 };

      day.counts[KAB_STATE_PENDING] = 40 + i;
      g_array_append_val (days, day);
    }
  kab_chart_set_days (KAB_CHART (chart), days, KAB_TEST_NOW);
  g_assert_null (kab_chart_get_reading (KAB_CHART (chart)));
  gtk_widget_activate_action (chart, "chart.walk", "i", -1);
  g_assert_nonnull (strstr (kab_chart_get_reading (KAB_CHART (chart)), "12 Nov"));
  g_assert_nonnull (strstr (kab_chart_get_reading (KAB_CHART (chart)), "42"));
  gtk_widget_activate_action (chart, "chart.walk", "i", -1);
  g_assert_nonnull (strstr (kab_chart_get_reading (KAB_CHART (chart)), "11 Nov"));
  kab_chart_set_days (KAB_CHART (chart), NULL, KAB_TEST_NOW);
  g_assert_null (kab_chart_get_reading (KAB_CHART (chart)));
  g_object_unref (chart);
}

static void
fill_mirror (void)
{
  g_autoptr(KabProfile) profile = kab_profile_new ("srvwapt.example.lan");
  g_autofree char *path = kab_profile_dup_store_path (profile);
  g_autofree char *folder = g_path_get_dirname (path);
  g_autoptr(GError) error = NULL;
  g_autoptr(KabStore) store = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  store = kab_store_open (path, &error);
  g_assert_no_error (error);
  kab_test_store_fill (store, 0, N_HOSTS, N_UPDATES, 0, TRUE);
}

static void
load_style (void)
{
  g_autoptr(GtkCssProvider) provider = gtk_css_provider_new ();

  gtk_css_provider_load_from_resource (provider, "/io/github/kabinet/Kabinet/style.css");
  gtk_style_context_add_provider_for_display (gdk_display_get_default (), GTK_STYLE_PROVIDER (provider),
                                              GTK_STYLE_PROVIDER_PRIORITY_APPLICATION);
  g_object_set (gtk_settings_get_default (), "gtk-font-name", "Cantarell 11", NULL);
  gtk_icon_theme_add_resource_path (gtk_icon_theme_get_for_display (gdk_display_get_default ()),
                                    "/io/github/kabinet/Kabinet/icons");
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *folder = kab_test_folder_new ();
  int result;

  g_setenv ("XDG_DATA_HOME", folder, TRUE);
  g_setenv ("XDG_CONFIG_HOME", folder, TRUE);
  gtk_test_init (&argc, &argv, NULL);
  adw_init ();
  load_style ();
  fill_mirror ();

  servers = kab_servers_new ();
  application = kab_application_new ();
  g_application_set_flags (G_APPLICATION (application), G_APPLICATION_NON_UNIQUE);
  g_assert_true (g_application_register (G_APPLICATION (application), NULL, NULL));
  window = kab_window_new (ADW_APPLICATION (application));
  kab_window_set_servers (window, servers);

  g_test_add_func ("/window/welcome", test_welcome);
  g_test_add_func ("/window/overview", test_overview);
  g_test_add_func ("/window/overview/figures", test_figures);
  g_test_add_func ("/window/overview/doors", test_doors);
  g_test_add_func ("/window/overview/focus", test_overview_focus);
  g_test_add_func ("/window/pages", test_pages);
  g_test_add_func ("/window/page-follows-the-selection", test_page_follows_the_selection);
  g_test_add_func ("/window/door-opens", test_door_opens);
  g_test_add_func ("/window/narrow", test_narrow);
  g_test_add_func ("/window/large-text", test_large_text);
  g_test_add_func ("/window/dark", test_dark);
  g_test_add_func ("/window/right-to-left", test_right_to_left);
  g_test_add_func ("/window/connect-dialog", test_connect_dialog);
  g_test_add_func ("/window/preferences", test_preferences);
  g_test_add_func ("/window/chart", test_chart);
  result = g_test_run ();

  gtk_window_destroy (GTK_WINDOW (window));
  spin (50);
  g_clear_object (&application);
  g_clear_object (&servers);
  kab_test_folder_remove (folder);

  return result;
}
