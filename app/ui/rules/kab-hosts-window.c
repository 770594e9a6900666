/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-format.h"
#include "kab-hosts-window.h"
#include "kab-item-search.h"
#include "kab-query.h"
#include "kab-record-list.h"
#include "kab-window.h"

/* One window: a header, a search over all cells, the table. */
typedef struct {
  GtkWidget     *from;          /* weak */
  GtkWidget     *window;
  GtkWidget     *title;
  KabTable      *table;
  KabItemSearch *search;
  const char    *page;
  char        *(*dup_query) (gpointer item);
} Window;

static void
window_free (gpointer data)
{
  Window *self = data;

  g_clear_weak_pointer (&self->from);
  g_free (self);
}

static void
count_rows (Window *self)
{
  guint n_all;
  guint n = kab_item_search_get_n (self->search, &n_all);
  g_autofree char *count = kab_format_count (n);
  g_autofree char *total = kab_format_count (n_all);
  g_autofree char *text = NULL;

  text = n == n_all ? g_strdup_printf (ngettext ("%s row", "%s rows", n), count)
                    /* Translators: %1$s of the %2$s rows of a list are shown */
                    : g_strdup_printf (_("%1$s of %2$s rows"), count, total);
  adw_window_title_set_subtitle (ADW_WINDOW_TITLE (self->title), text);
}

/* The list stays open: its owner may want the next row. */
static void
activate_cb (Window  *self,
             GObject *item)
{
  g_autofree char *query = self->dup_query != NULL ? self->dup_query (item) : NULL;
  g_autofree char *action = NULL;

  if (query == NULL || self->from == NULL)
    return;
  action = g_strconcat ("win.show-", self->page, NULL);
  gtk_widget_activate_action (self->from, action, "s", query);
  gtk_window_close (GTK_WINDOW (self->window));
}

static void
told_cb (Window     *self,
         const char *text)
{
  kab_window_add_toast (self->window, text);
}

static void
failed_cb (Window       *self,
           const GError *error)
{
  kab_window_add_error (self->window, error);
}

static gboolean
close_cb (GtkWidget *widget,
          GVariant  *arguments,
          gpointer   user_data)
{
  gtk_window_close (GTK_WINDOW (widget));

  return TRUE;
}

void
kab_list_window_show (GtkWidget          *from,
                      const char         *title,
                      const KabTableInfo *info,
                      GListModel         *model,
                      const char         *activate_page,
                      char             *(*dup_query) (gpointer item))
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *header = adw_header_bar_new ();
  GtkEventController *keys;
  GtkRoot *root;
  Window *self;

  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (G_IS_LIST_MODEL (model));

  root = gtk_widget_get_root (from);
  self = g_new0 (Window, 1);
  g_set_weak_pointer (&self->from, from);
  self->page = activate_page;
  self->dup_query = dup_query;
  self->table = KAB_TABLE (kab_table_new (info));
  gtk_widget_set_vexpand (GTK_WIDGET (self->table), TRUE);
  self->search = KAB_ITEM_SEARCH (kab_item_search_new (self->table, info, _("Search")));
  self->title = adw_window_title_new (title, NULL);
  adw_header_bar_set_title_widget (ADW_HEADER_BAR (header), self->title);
  self->window = adw_window_new ();
  g_object_set (self->window, "title", title, "modal", TRUE, "default-width", 880, "default-height", 560,
                "width-request", 340, "transient-for", GTK_IS_WINDOW (root) ? root : NULL, "content", box, NULL);
  gtk_box_append (GTK_BOX (box), header);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->search));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->table));
  g_object_set_data_full (G_OBJECT (self->window), "kab-list-window", self, window_free);
  g_signal_connect_swapped (self->search, "changed", G_CALLBACK (count_rows), self);
  g_signal_connect_swapped (self->table, "activate", G_CALLBACK (activate_cb), self);
  g_signal_connect_swapped (self->table, "told", G_CALLBACK (told_cb), self);
  g_signal_connect_swapped (self->table, "failed", G_CALLBACK (failed_cb), self);
  keys = gtk_shortcut_controller_new ();
  gtk_shortcut_controller_add_shortcut (GTK_SHORTCUT_CONTROLLER (keys),
                                        gtk_shortcut_new (gtk_keyval_trigger_new (GDK_KEY_Escape, 0),
                                                          gtk_callback_action_new (close_cb, NULL, NULL)));
  gtk_widget_add_controller (self->window, keys);
  kab_item_search_set_model (self->search, model);
  count_rows (self);
  gtk_window_present (GTK_WINDOW (self->window));
  gtk_widget_grab_focus (GTK_WIDGET (self->table));
}

/* Hosts: what tells them apart; the page has the rest. */

static const KabHostRecord *
get_host (gconstpointer item)
{
  return kab_record_get_host (KAB_RECORD ((gpointer) item));
}

#define TEXT_CELL(name, member) \
  static char * \
  dup_##name (gpointer item) \
  { \
    return g_strdup (get_host (item)->member); \
  } \
  static int \
  compare_##name (gconstpointer a, gconstpointer b) \
  { \
    return g_utf8_collate (get_host (a)->member, get_host (b)->member); \
  }

TEXT_CELL (host, name)
TEXT_CELL (ring, rings)
TEXT_CELL (windows, windows)
TEXT_CELL (packages, packages)
TEXT_CELL (unit, ou)

static char *
dup_state (gpointer item)
{
  return g_strdup (kab_format_host_state (get_host (item)->state));
}

static void
bind_state (KabBadge *badge,
            gpointer  item)
{
  kab_badge_set_host_state (badge, get_host (item)->state,
                            kab_snapshot_get_limits (kab_record_get_snapshot (KAB_RECORD (item))));
}

static int
compare_states (gconstpointer a,
                gconstpointer b)
{
  return (int) get_host (a)->state - (int) get_host (b)->state;
}

static char *
dup_seen (gpointer item)
{
  return kab_format_age (get_host (item)->last_seen_at,
                         kab_snapshot_get_limits (kab_record_get_snapshot (KAB_RECORD (item)))->now);
}

static int
compare_seen (gconstpointer a,
              gconstpointer b)
{
  return (get_host (a)->last_seen_at > get_host (b)->last_seen_at) -
         (get_host (a)->last_seen_at < get_host (b)->last_seen_at);
}

static const char *
get_id (gpointer item)
{
  return kab_record_get_id (KAB_RECORD (item));
}

static char *
dup_line (gpointer item)
{
  const KabHostRecord *host = get_host (item);

  return g_strjoin (" · ", host->windows, host->rings, NULL);
}

static const KabTableColumn host_columns[] = {
  { "host", N_("Host"), 22, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_host, compare_host },
  { "state", N_("State"), 16, FALSE, TRUE, KAB_CELL_BADGE, KAB_NO_SORT, dup_state, compare_states, bind_state },
  { "ring", N_("Ring"), 14, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_ring, compare_ring },
  { "packages", N_("Rule Packages"), 30, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_packages, compare_packages },
  { "windows", N_("Windows"), 18, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_windows, compare_windows },
  { "seen", N_("Last Seen"), 16, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_seen, compare_seen },
  { "unit", N_("Organisational Unit"), 30, TRUE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_unit, compare_unit },
};

static const KabTableInfo hosts_info = {
  .id = "hosts-behind",
  .name = N_("Hosts"),
  .columns = host_columns,
  .n_columns = G_N_ELEMENTS (host_columns),
  .get_id = get_id,
  .dup_name = dup_host,
  .narrow_title = N_("Host"),
  .dup_head = dup_host,
  .dup_line = dup_line,
  .bind_badge = bind_state,
};

static char *
dup_host_query (gpointer item)
{
  g_autofree char *quoted = kab_query_quote (kab_record_get_id (KAB_RECORD (item)));

  return g_strconcat ("uuid:", quoted, NULL);
}

void
kab_hosts_window_show (GtkWidget   *from,
                       const char  *title,
                       KabSnapshot *snapshot,
                       GArray      *hosts)
{
  g_autoptr(GListStore) list = g_list_store_new (KAB_TYPE_RECORD);
  g_autoptr(GPtrArray) records = g_ptr_array_new_full (hosts->len, g_object_unref);

  for (guint i = 0; i < hosts->len; i++)
    g_ptr_array_add (records, kab_record_new (snapshot, KAB_QUERY_HOSTS, g_array_index (hosts, guint, i)));
  g_list_store_splice (list, 0, 0, records->pdata, records->len);
  kab_list_window_show (from, title, &hosts_info, G_LIST_MODEL (list), "hosts", dup_host_query);
}
