/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-test"

#include "config.h"

#include "kab-progress-line.h"

static void
wait_until_mapped (GtkWidget *widget)
{
  while (!gtk_widget_get_mapped (widget))
    g_main_context_iteration (NULL, TRUE);
}

static void
count_cb (GdkFrameClock *clock,
          gpointer       user_data)
{
  (*(guint *) user_data)++;
}

static gboolean
end_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* How often did a window's clock come to this phase in a quarter of a second? */
static guint
count_phases (GtkWidget  *widget,
              const char *phase)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (widget);
  gboolean is_over = FALSE;
  guint n = 0;
  gulong handler = g_signal_connect (clock, phase, G_CALLBACK (count_cb), &n);

  g_timeout_add (250, end_cb, &is_over);
  while (!is_over)
    g_main_context_iteration (NULL, TRUE);
  g_signal_handler_disconnect (clock, handler);
  return n;
}

/* Who moves asks for frame after frame. */
static gboolean
is_moving (GtkWidget *window)
{
  return count_phases (window, "update") > 4;
}

static void
test_movement (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *line = kab_progress_line_new ();
  KabProgressLine *self = KAB_PROGRESS_LINE (line);

  kab_progress_line_set (self, -1);
  gtk_window_set_child (GTK_WINDOW (window), line);
  gtk_window_present (GTK_WINDOW (window));
  wait_until_mapped (line);
  count_phases (window, "update");                          /* the window comes to rest */
  g_assert_true (is_moving (window));

  kab_progress_line_set (self, 0.5);
  count_phases (window, "update");
  g_assert_false (is_moving (window));
  kab_progress_line_set (self, -1);
  g_assert_true (is_moving (window));

  /* Nobody sees it. */
  gtk_widget_set_visible (line, FALSE);
  count_phases (window, "update");
  g_assert_false (is_moving (window));
  gtk_widget_set_visible (line, TRUE);
  g_assert_true (is_moving (window));

  /* Nobody wants to. */
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", FALSE, NULL);
  kab_progress_line_set (self, 0);
  kab_progress_line_set (self, -1);
  count_phases (window, "update");
  g_assert_false (is_moving (window));
  g_object_set (gtk_settings_get_default (), "gtk-enable-animations", TRUE, NULL);

  gtk_window_destroy (GTK_WINDOW (window));
}

static void
test_no_layout (void)
{
  GtkWidget *window = gtk_window_new ();
  GtkWidget *line = kab_progress_line_new ();

  gtk_window_set_child (GTK_WINDOW (window), line);
  gtk_window_present (GTK_WINDOW (window));
  wait_until_mapped (line);
  count_phases (line, "layout");                                     /* the window comes to rest */

  kab_progress_line_set (KAB_PROGRESS_LINE (line), -1);
  g_assert_cmpuint (count_phases (line, "layout"), ==, 0);
  kab_progress_line_set (KAB_PROGRESS_LINE (line), 0.25);
  g_assert_cmpuint (count_phases (line, "layout"), ==, 0);

  gtk_window_destroy (GTK_WINDOW (window));
}

int
main (int    argc,
      char **argv)
{
  gtk_test_init (&argc, &argv, NULL);

  g_test_add_func ("/ui/progress-line/movement", test_movement);
  g_test_add_func ("/ui/progress-line/no-layout", test_no_layout);

  return g_test_run ();
}
