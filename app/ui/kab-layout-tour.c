/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-layout-check.h"
#include "kab-layout-tour.h"
#include "kab-window.h"

#define LOOK_AGAIN_MS 40        /* while it is still being laid out */
#define STEADY 3                /* looks in a row that find the same size */
#define MOST_LOOKS 50
#define DPI (96 * 1024)

static const struct {
  int      width;               /* at most, for all but the main window */
  int      text;                /* per cent */
  gboolean pages;               /* only the main window */
} looks[] = {
  { 1480, 100, FALSE }, { 800, 100, FALSE }, { 360, 100, FALSE },
  { 360, 200, TRUE }, { 800, 200, FALSE }, { 1480, 200, FALSE },
};

/* One window being shown in each look */
typedef struct {
  GtkWindow *window;
  char      *name;
  int        first_width, first_height;
  guint      look;
  guint      n_looks;           /* at this one */
  guint      steady;
  int        width;             /* when it was last looked at */
} Tour;

static void
tour_free (Tour *tour)
{
  g_object_unref (tour->window);
  g_free (tour->name);
  g_free (tour);
}

static void
set_text_size (int percent)
{
  g_object_set (gtk_settings_get_default (), "gtk-xft-dpi", DPI * percent / 100, NULL);
}

static int
get_width (Tour  *tour,
           guint  look)
{
  return KAB_IS_WINDOW (tour->window) ? looks[look].width : MIN (looks[look].width, tour->first_width);
}

static gboolean
is_needless (Tour  *tour,
             guint  look,
             guint  before)
{
  return (looks[look].pages && !KAB_IS_WINDOW (tour->window)) ||
         (looks[look].text == looks[before].text && get_width (tour, look) == get_width (tour, before));
}

/* FALSE: that was the last one */
static gboolean
go_on (Tour *tour)
{
  guint before = tour->look++;

  while (tour->look < G_N_ELEMENTS (looks) && is_needless (tour, tour->look, before))
    tour->look++;

  return tour->look < G_N_ELEMENTS (looks);
}

static void
pose (Tour *tour)
{
  set_text_size (looks[tour->look].text);
  gtk_window_set_default_size (tour->window, get_width (tour, tour->look), tour->first_height);
  tour->n_looks = 0;
  tour->steady = 0;
}

static int
get_least_width (GtkWidget *widget)
{
  int width;

  gtk_widget_measure (widget, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
  return width;
}

/* The innermost widget that wants @width or nearly so. */
static GtkWidget *
find_culprit (GtkWidget *widget,
              int        width)
{
  for (GtkWidget *w = gtk_widget_get_first_child (widget); w != NULL; w = gtk_widget_get_next_sibling (w))
    if (gtk_widget_get_mapped (w) && !GTK_IS_NATIVE (w) && get_least_width (w) > width)
      return find_culprit (w, width);

  return widget;
}

static void
report (Tour      *tour,
        GPtrArray *faults)
{
  int width = get_width (tour, tour->look);
  int least = get_least_width (GTK_WIDGET (tour->window));

  if (least > width)
    g_ptr_array_add (faults, g_strdup_printf ("the window is at least %d px wide: %s", least,
                                              G_OBJECT_TYPE_NAME (find_culprit (GTK_WIDGET (tour->window), width))));
  for (guint i = 0; i < faults->len; i++)
    g_print ("layout %s, %d px, %d %%: %s\n", tour->name, width, looks[tour->look].text,
             (const char *) faults->pdata[i]);
}

static gboolean
look_cb (gpointer user_data)
{
  Tour *tour = user_data;
  int width = gtk_widget_get_width (GTK_WIDGET (tour->window));
  g_autoptr(GPtrArray) faults = NULL;

  tour->steady = width == tour->width ? tour->steady + 1 : 0;
  tour->width = width;
  if (++tour->n_looks < MOST_LOOKS && tour->steady < STEADY)
    return G_SOURCE_CONTINUE;

  /* What is on its way to its place is no fault yet, and pages fold when they are told that they are narrow. */
  faults = kab_layout_check_find ();
  if (tour->n_looks < MOST_LOOKS / 2 &&
      (faults->len > 0 || get_least_width (GTK_WIDGET (tour->window)) > get_width (tour, tour->look)))
    return G_SOURCE_CONTINUE;

  report (tour, faults);
  if (go_on (tour))
    {
      pose (tour);
      return G_SOURCE_CONTINUE;
    }

  set_text_size (100);
  gtk_window_set_default_size (tour->window, tour->first_width, tour->first_height);
  g_print ("layout %s: checked\n", tour->name);
  tour_free (tour);
  return G_SOURCE_REMOVE;
}

static GtkWindow *
find_front (void)
{
  GListModel *windows = gtk_window_get_toplevels ();
  GtkWindow *front = NULL;

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWindow) window = g_list_model_get_item (windows, i);

      if (gtk_widget_get_mapped (GTK_WIDGET (window)) && (front == NULL || gtk_window_is_active (window)))
        front = window;
    }

  return front;
}

static void
check_layout_cb (GSimpleAction *action,
                 GVariant      *parameter,
                 gpointer       user_data)
{
  GtkWindow *front = find_front ();
  Tour *tour;

  if (front == NULL)
    return;

  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  tour = g_new0 (Tour, 1);
  tour->window = g_object_ref (front);
  tour->name = g_variant_dup_string (parameter, NULL);
  tour->first_width = gtk_widget_get_width (GTK_WIDGET (front));
  tour->first_height = gtk_widget_get_height (GTK_WIDGET (front));
  pose (tour);
  /* After whatever lays out and draws */
  g_timeout_add_full (G_PRIORITY_LOW, LOOK_AGAIN_MS, look_cb, tour, NULL);
}

void
kab_layout_tour_add_action (GtkApplication *application)
{
  g_autoptr(GSimpleAction) action = g_simple_action_new ("check-layout", G_VARIANT_TYPE_STRING);

  g_return_if_fail (GTK_IS_APPLICATION (application));

  g_signal_connect (action, "activate", G_CALLBACK (check_layout_cb), NULL);
  g_action_map_add_action (G_ACTION_MAP (application), G_ACTION (action));
}
