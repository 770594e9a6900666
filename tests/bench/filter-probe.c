/* filter-probe.c: types a word into a list of N updates, key by key, and tells how long the main thread was busy
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * filter-probe STORE WORD own|paint: prints one JSON line. "own" has no window: what runs on the main thread is ours alone.
 * "paint" shows the list in a GtkColumnView and measures from key to the painted frame, GTK's layout included. */

#include <adwaita.h>
#include <stdio.h>

#include "kab-record-list.h"
#include "kab-store.h"

#define N_COLUMNS 8

typedef struct {
  KabRecordList *list;
  const char    *word;
  guint          length;           /* keys typed so far */
  gint64         typed_at;
  gint64         woke_at;          /* when poll returned: the main thread works from here to the next poll */
  gint64         longest_turn;     /* microseconds, of this key */
  GArray        *turns;            /* longest turn of each key */
  GArray        *answers;          /* key to answer (own) or to paint */
  GtkWidget     *window;
  guint          tick;
  gboolean       answered;
  GMainLoop     *loop;
} Probe;

static Probe probe;

static int
poll_cb (GPollFD *fds,
         guint    n_fds,
         int      timeout)
{
  int result;

  if (probe.woke_at != 0)
    probe.longest_turn = MAX (probe.longest_turn, g_get_monotonic_time () - probe.woke_at);
  result = g_poll (fds, n_fds, timeout);
  probe.woke_at = g_get_monotonic_time ();
  return result;
}

static gboolean
type_key_cb (gpointer user_data)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *text = NULL;

  if (probe.word[probe.length] == '\0')
    {
      g_main_loop_quit (probe.loop);
      return G_SOURCE_REMOVE;
    }
  probe.length++;
  probe.longest_turn = 0;
  probe.answered = FALSE;
  text = g_strndup (probe.word, probe.length);
  probe.typed_at = g_get_monotonic_time ();
  if (!kab_record_list_set_query (probe.list, text, &error))
    g_error ("%s: %s", text, error->message);
  return G_SOURCE_REMOVE;
}

static gboolean
finish_key_cb (gpointer user_data)
{
  g_array_append_val (probe.turns, probe.longest_turn);
  g_timeout_add (150, type_key_cb, NULL);
  return G_SOURCE_REMOVE;
}

static void
note_answer (void)
{
  gint64 elapsed = g_get_monotonic_time () - probe.typed_at;

  g_array_append_val (probe.answers, elapsed);
  /* one more turn, so that what the answer set off is counted with this key */
  g_timeout_add (100, finish_key_cb, NULL);
}

static void
after_paint_cb (GdkFrameClock *clock,
                gpointer       user_data)
{
  if (probe.answered)
    {
      probe.answered = FALSE;
      note_answer ();
    }
}

static void
busy_changed_cb (KabRecordList *list)
{
  if (kab_record_list_is_busy (list) || probe.typed_at == 0)
    return;
  if (probe.window == NULL)
    note_answer ();
  else
    {
      probe.answered = TRUE;
      gtk_widget_queue_draw (probe.window);
    }
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item)
{
  gtk_list_item_set_child (item, gtk_inscription_new (NULL));
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         gpointer                  column)
{
  const KabUpdateRecord *record = kab_record_get_update (gtk_list_item_get_item (item));
  const char *texts[N_COLUMNS] = { record->kbs, record->title, record->product, record->classification,
                                   record->update_id, record->family, record->sha1s, record->bulletins };

  gtk_inscription_set_text (GTK_INSCRIPTION (gtk_list_item_get_child (item)),
                            texts[GPOINTER_TO_UINT (column)]);
}

static void
show_in_window (void)
{
  GtkWidget *scrolled = gtk_scrolled_window_new ();
  GtkWidget *view = NULL;

  probe.window = gtk_window_new ();
  view = gtk_column_view_new (GTK_SELECTION_MODEL (gtk_no_selection_new (g_object_ref (G_LIST_MODEL (probe.list)))));
  for (guint i = 0; i < N_COLUMNS; i++)
    {
      GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();
      g_autoptr(GtkColumnViewColumn) column = NULL;

      g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), NULL);
      g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), GUINT_TO_POINTER (i));
      column = gtk_column_view_column_new ("Column", factory);
      gtk_column_view_column_set_fixed_width (column, 150);
      gtk_column_view_append_column (GTK_COLUMN_VIEW (view), column);
    }
  gtk_scrolled_window_set_child (GTK_SCROLLED_WINDOW (scrolled), view);
  gtk_window_set_child (GTK_WINDOW (probe.window), scrolled);
  gtk_window_set_default_size (GTK_WINDOW (probe.window), 1280, 800);
  gtk_widget_realize (probe.window);
  g_signal_connect (gtk_widget_get_frame_clock (probe.window), "after-paint", G_CALLBACK (after_paint_cb), NULL);
  gtk_window_present (GTK_WINDOW (probe.window));
}

static int
compare_int64 (gconstpointer a,
               gconstpointer b)
{
  gint64 left = *(const gint64 *) a;
  gint64 right = *(const gint64 *) b;

  return (left > right) - (left < right);
}

static void
print_figures (guint n_rows)
{
  g_array_sort (probe.turns, compare_int64);
  g_array_sort (probe.answers, compare_int64);
  printf ("{\"rows\":%u,\"keys\":%u,\"matches\":%u,\"turn_median_us\":%" G_GINT64_FORMAT
          ",\"turn_longest_us\":%" G_GINT64_FORMAT ",\"answer_median_us\":%" G_GINT64_FORMAT
          ",\"answer_longest_us\":%" G_GINT64_FORMAT "}\n",
          n_rows, probe.turns->len, g_list_model_get_n_items (G_LIST_MODEL (probe.list)),
          g_array_index (probe.turns, gint64, probe.turns->len / 2),
          g_array_index (probe.turns, gint64, probe.turns->len - 1),
          g_array_index (probe.answers, gint64, probe.answers->len / 2),
          g_array_index (probe.answers, gint64, probe.answers->len - 1));
}

int
main (int    argc,
      char **argv)
{
  const KabLimits limits = { .now = g_get_real_time () / G_USEC_PER_SEC, .silent_days = 14, .stale_scan_days = 7 };
  g_autoptr(KabStore) store = NULL;
  g_autoptr(KabSnapshot) snapshot = NULL;
  g_autoptr(GError) error = NULL;
  guint n_rows = 0;

  if (argc != 4)
    g_error ("usage: filter-probe STORE WORD own|paint");
  store = kab_store_open (argv[1], &error);
  if (store != NULL)
    snapshot = kab_store_read_snapshot (store, &limits, NULL, &error);
  if (snapshot == NULL)
    g_error ("%s: %s", argv[1], error->message);
  kab_snapshot_get_updates (snapshot, &n_rows);

  probe.word = argv[2];
  probe.turns = g_array_new (FALSE, FALSE, sizeof (gint64));
  probe.answers = g_array_new (FALSE, FALSE, sizeof (gint64));
  probe.loop = g_main_loop_new (NULL, FALSE);
  probe.list = kab_record_list_new (KAB_QUERY_UPDATES);
  if (g_str_equal (argv[3], "paint"))
    {
      adw_init ();
      show_in_window ();
    }
  kab_record_list_set_snapshot (probe.list, snapshot);
  while (kab_record_list_is_busy (probe.list))
    g_main_context_iteration (NULL, TRUE);

  g_signal_connect (probe.list, "notify::busy", G_CALLBACK (busy_changed_cb), NULL);
  g_main_context_set_poll_func (NULL, poll_cb);
  g_timeout_add (500, type_key_cb, NULL);
  g_main_loop_run (probe.loop);
  print_figures (n_rows);
  return 0;
}
