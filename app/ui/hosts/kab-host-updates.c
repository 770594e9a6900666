/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <string.h>
#include <glib/gi18n.h>

#include "kab-format.h"
#include "kab-host-deeds.h"
#include "kab-host-updates.h"
#include "kab-query-text.h"
#include "kab-query.h"
#include "kab-table.h"
#include "kab-window.h"

/* Rows with wrapped text cost most to make: some at once, the rest between frames. */
#define FIRST_ROWS 24
#define MORE_ROWS 24

struct _KabHostUpdates
{
  AdwBin              parent_instance;

  GtkWidget          *search;
  GtkWidget          *states;          /* GtkDropDown */
  KabTable           *table;
  GSimpleActionGroup *actions;
  GtkFilterListModel *filtered;
  GtkSliceListModel  *slice;
  GtkFilter          *filter;
  guint               grow_source;
  char               *needle;
  KabSession         *session;
  KabRecord          *host;
  char               *problem;
};

G_DEFINE_FINAL_TYPE (KabHostUpdates, kab_host_updates, ADW_TYPE_BIN)

/* Rows of the drop-down; the first is every state. */
static const KabState states[] = {
  KAB_STATE_ERROR, KAB_STATE_PENDING, KAB_STATE_MISSING, KAB_STATE_DISCARDED, KAB_STATE_OK,
  KAB_STATE_SUPERSEDED, KAB_STATE_UNKNOWN,
};

/* Cells */

static const KabUpdateFields *
get_fields (gpointer item)
{
  return kab_update_get_fields (KAB_PAIR (item)->update);
}

static KabState
get_state (gconstpointer item)
{
  const KabPair *pair = item;

  return pair->why != NULL ? pair->why->state : kab_state_record_get_reported (&pair->record);
}

static char *
dup_why (gpointer item)
{
  KabPair *pair = KAB_PAIR (item);

  return pair->why != NULL ? kab_explanation_describe (pair->why, kab_format_translate)
                           : g_strdup (kab_format_state_hint (get_state (pair)));
}

static char *
dup_state (gpointer item)
{
  return g_strdup (kab_format_state (get_state (item)));
}

static void
bind_state (KabBadge *badge,
            gpointer  item)
{
  g_autofree char *why = dup_why (item);

  kab_badge_set_state (badge, get_state (item), why);
}

static char *
dup_kb (gpointer item)
{
  return kab_update_dup_kbs (KAB_PAIR (item)->update);
}

static char *
dup_title (gpointer item)
{
  const char *title = kab_update_get_title (KAB_PAIR (item)->update);

  return g_strdup (title != NULL && *title != '\0' ? title : kab_update_get_id (KAB_PAIR (item)->update));
}

static char *
dup_severity (gpointer item)
{
  return g_strdup (kab_format_severity (kab_update_get_severity (KAB_PAIR (item)->update)));
}

static char *
dup_published (gpointer item)
{
  return kab_format_date (get_fields (item)->changed_at);
}

static char *
dup_installed (gpointer item)
{
  return kab_format_date (KAB_PAIR (item)->record.installed_at);
}

static char *
dup_classification (gpointer item)
{
  return g_strdup (get_fields (item)->classification);
}

static char *
dup_product (gpointer item)
{
  return g_strdup (get_fields (item)->product);
}

static char *
dup_size (gpointer item)
{
  return kab_format_size_at_most (get_fields (item)->max_download_size);
}

static char *
dup_result (gpointer item)
{
  return KAB_PAIR (item)->record.result != 0 ? kab_format_result (KAB_PAIR (item)->record.result)
                                             : g_strdup ("");
}

static char *
dup_id (gpointer item)
{
  return g_strdup (kab_update_get_id (KAB_PAIR (item)->update));
}

/* Most pressing first. */
static int
get_urgency (gconstpointer item)
{
  KabState state = get_state (item);

  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    if (states[i] == state)
      return (int) i;

  return G_N_ELEMENTS (states);
}

static int
compare_published (gconstpointer a,
                   gconstpointer b)
{
  gint64 one = get_fields ((gpointer) a)->changed_at, two = get_fields ((gpointer) b)->changed_at;

  return one < two ? -1 : one > two ? 1 : 0;
}

static int
compare_states (gconstpointer a,
                gconstpointer b)
{
  int order = get_urgency (a) - get_urgency (b);

  return order != 0 ? order : -compare_published (a, b);
}

static int
compare_severities (gconstpointer a,
                    gconstpointer b)
{
  return (int) kab_update_get_severity (((const KabPair *) a)->update) -
         (int) kab_update_get_severity (((const KabPair *) b)->update);
}

static int
compare_titles (gconstpointer a,
                gconstpointer b)
{
  return g_strcmp0 (kab_update_get_title (((const KabPair *) a)->update),
                    kab_update_get_title (((const KabPair *) b)->update));
}

static int
compare_installed (gconstpointer a,
                   gconstpointer b)
{
  guint32 one = ((const KabPair *) a)->record.installed_at, two = ((const KabPair *) b)->record.installed_at;

  return one < two ? -1 : one > two ? 1 : 0;
}

static const KabTableColumn columns[] = {
  { "state", N_("State"), 12, FALSE, TRUE, KAB_CELL_BADGE, KAB_NO_SORT, dup_state, compare_states, bind_state },
  { "kb", N_("KB"), 10, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_kb },
  { "title", N_("Title"), 36, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_title, compare_titles },
  { "why", N_("Why"), 50, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_why },
  { "severity", N_("Severity"), 10, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_severity, compare_severities },
  { "published", N_("Published"), 11, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_published, compare_published },
  { "installed", N_("Installed On"), 11, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_installed,
    compare_installed },
  { "result", N_("Result"), 12, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, dup_result },
  { "classification", N_("Classification"), 16, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_classification },
  { "product", N_("Product"), 18, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_product },
  { "size", N_("Size"), 15, FALSE, FALSE, KAB_CELL_NUMBER, KAB_NO_SORT, dup_size },
  { "id", N_("Update ID"), 30, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, dup_id },
};

static const char *
get_id (gpointer item)
{
  return kab_update_get_id (KAB_PAIR (item)->update);
}

static char *
dup_head (gpointer item)
{
  g_autofree char *kbs = dup_kb (item);
  g_autofree char *title = dup_title (item);

  /* Titles of Microsoft end in the article, those of others do not. */
  if (*kbs == '\0' || strstr (title, kbs) != NULL)
    return g_steal_pointer (&title);
  /* Translators: %1$s is a title, %2$s an article such as KB5031354 */
  return g_strdup_printf (C_("row", "%1$s (%2$s)"), title, kbs);
}

static char *
dup_name (gpointer item)
{
  g_autofree char *head = dup_head (item);
  g_autofree char *why = dup_why (item);

  return g_strdup_printf ("%s. %s", head, why);
}

static const KabTableInfo table_info = {
  .id = "host-updates",
  .name = N_("Updates of the host"),
  .columns = columns,
  .n_columns = G_N_ELEMENTS (columns),
  .sort = "state",
  .get_id = get_id,
  .dup_name = dup_name,
  .narrow_title = N_("Update and Why"),
  .dup_head = dup_head,
  .dup_line = dup_why,
  .bind_badge = bind_state,
  .wrap = TRUE,
};

/* Filter */

static gboolean
matches (gpointer item,
         gpointer user_data)
{
  KabHostUpdates *self = user_data;
  guint chosen = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->states));
  g_autofree char *text = NULL;
  g_autofree char *folded = NULL;
  g_autofree char *kbs = NULL;

  if (chosen > 0 && chosen <= G_N_ELEMENTS (states) && get_state (item) != states[chosen - 1])
    return FALSE;
  if (self->needle == NULL || *self->needle == '\0')
    return TRUE;

  kbs = dup_kb (item);
  text = g_strconcat (kab_update_get_title (KAB_PAIR (item)->update), " ", kbs, " ", get_id (item), NULL);
  folded = kab_text_fold (text, -1);
  return strstr (folded, self->needle) != NULL;
}

static gboolean
grow (gpointer data)
{
  KabHostUpdates *self = KAB_HOST_UPDATES (data);
  guint n_items = g_list_model_get_n_items (G_LIST_MODEL (self->filtered));
  guint size = gtk_slice_list_model_get_size (self->slice);

  if (size >= n_items)
    {
      self->grow_source = 0;
      return G_SOURCE_REMOVE;
    }
  gtk_slice_list_model_set_size (self->slice, size + MORE_ROWS);
  return G_SOURCE_CONTINUE;
}

static void
restart_growing (KabHostUpdates *self)
{
  if (self->grow_source == 0)
    self->grow_source = g_timeout_add_full (G_PRIORITY_DEFAULT_IDLE, 30, grow, self, NULL);
}

static void
filter_changed_cb (KabHostUpdates *self)
{
  g_free (self->needle);
  self->needle = kab_text_fold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  gtk_slice_list_model_set_size (self->slice, FIRST_ROWS);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  restart_growing (self);
}

/* "Pending (12)": the counts of this host. */
static void
name_states (KabHostUpdates *self,
             GListModel     *pairs)
{
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  guint n_items = pairs != NULL ? g_list_model_get_n_items (pairs) : 0;
  guint counts[KAB_N_STATES] = { 0 };
  guint chosen = gtk_drop_down_get_selected (GTK_DROP_DOWN (self->states));
  g_autofree char *all = g_strdup_printf (_("All (%u)"), n_items);

  for (guint i = 0; i < n_items; i++)
    {
      g_autoptr(KabPair) pair = g_list_model_get_item (pairs, i);

      counts[get_state (pair)]++;
    }
  gtk_string_list_append (names, all);
  for (guint i = 0; i < G_N_ELEMENTS (states); i++)
    {
      /* Translators: a state and how many updates are in it */
      g_autofree char *name = g_strdup_printf (C_("state and count", "%1$s (%2$u)"),
                                               kab_format_state (states[i]), counts[states[i]]);

      gtk_string_list_append (names, name);
    }
  gtk_drop_down_set_model (GTK_DROP_DOWN (self->states), G_LIST_MODEL (names));
  gtk_drop_down_set_selected (GTK_DROP_DOWN (self->states),
                              chosen == GTK_INVALID_LIST_POSITION ? 0 : chosen);
}

/* Actions */

static GStrv
dup_selected_ids (KabHostUpdates *self)
{
  GtkSelectionModel *selection = kab_table_get_selection (self->table);
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (selection);
  g_autoptr(GStrvBuilder) ids = g_strv_builder_new ();
  GtkBitsetIter iter;
  guint position;
  gboolean more;

  for (more = gtk_bitset_iter_init_first (&iter, selected, &position); more;
       more = gtk_bitset_iter_next (&iter, &position))
    {
      g_autoptr(KabPair) pair = g_list_model_get_item (G_LIST_MODEL (selection), position);

      if (pair != NULL)
        g_strv_builder_add (ids, kab_update_get_id (pair->update));
    }

  return g_strv_builder_end (ids);
}

static void
deed_action (GSimpleAction *action,
             GVariant      *parameter,
             gpointer       user_data)
{
  KabHostUpdates *self = KAB_HOST_UPDATES (user_data);
  gboolean install = g_str_equal (g_action_get_name (G_ACTION (action)), "install");
  g_auto(GStrv) ids = dup_selected_ids (self);
  g_autoptr(GPtrArray) hosts = NULL;

  if (self->host == NULL || self->session == NULL || g_strv_length (ids) == 0)
    return;

  hosts = g_ptr_array_new_with_free_func (g_object_unref);
  g_ptr_array_add (hosts, g_object_ref (self->host));
  kab_host_deed_start (GTK_WIDGET (self), self->session,
                       install ? KAB_DEED_INSTALL : KAB_DEED_DOWNLOAD, hosts,
                       (const char * const *) ids);
}

static void
show_updates_action (GSimpleAction *action,
                     GVariant      *parameter,
                     gpointer       user_data)
{
  KabHostUpdates *self = KAB_HOST_UPDATES (user_data);
  g_auto(GStrv) ids = dup_selected_ids (self);
  g_autofree char *query = kab_query_text_with_values ("", "id", (const char * const *) ids);

  if (g_strv_length (ids) > 0)
    gtk_widget_activate_action (GTK_WIDGET (self), "win.show-updates", "s", query);
}

static void
update_actions (KabHostUpdates *self)
{
  static const char * const names[] = { "install", "download", "show-updates" };
  gboolean any = kab_table_get_n_selected (self->table) > 0;

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), names[i]);
      gboolean sends = !g_str_equal (names[i], "show-updates");

      g_simple_action_set_enabled (G_SIMPLE_ACTION (action), any && !(sends && self->problem != NULL));
    }
}

static void
activate_cb (KabHostUpdates *self,
             GObject        *item)
{
  g_autofree char *quoted = kab_query_quote (kab_update_get_id (KAB_PAIR (item)->update));
  g_autofree char *query = g_strconcat ("id:", quoted, NULL);

  gtk_widget_activate_action (GTK_WIDGET (self), "win.show-updates", "s", query);
}

static void
told_cb (KabHostUpdates *self,
         const char     *text)
{
  kab_window_add_toast (GTK_WIDGET (self), text);
}

static void
failed_cb (KabHostUpdates *self,
           const GError   *error)
{
  kab_window_add_error (GTK_WIDGET (self), error);
}

static void
kab_host_updates_dispose (GObject *object)
{
  KabHostUpdates *self = KAB_HOST_UPDATES (object);

  g_clear_handle_id (&self->grow_source, g_source_remove);
  if (self->states != NULL)
    g_signal_handlers_disconnect_by_data (self->states, self);
  self->states = NULL;
  g_clear_object (&self->filtered);
  g_clear_object (&self->slice);
  g_clear_object (&self->session);
  g_clear_object (&self->host);
  g_clear_object (&self->actions);
  g_clear_pointer (&self->needle, g_free);
  g_clear_pointer (&self->problem, g_free);

  G_OBJECT_CLASS (kab_host_updates_parent_class)->dispose (object);
}

static void
kab_host_updates_class_init (KabHostUpdatesClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_host_updates_dispose;
}

static GMenuModel *
new_row_menu (void)
{
  GMenu *menu = g_menu_new ();

  g_menu_append (menu, _("_Install Chosen Updates…"), "pairs.install");
  g_menu_append (menu, _("_Download Chosen Updates…"), "pairs.download");
  g_menu_append (menu, _("Show in _Updates"), "pairs.show-updates");
  return G_MENU_MODEL (menu);
}

static GtkWidget *
new_bar (KabHostUpdates *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *button = gtk_menu_button_new ();

  self->search = gtk_search_entry_new ();
  g_object_set (self->search, "placeholder-text", _("Search"), "hexpand", TRUE, NULL);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->search), 6);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search the updates of this host"), -1);
  self->states = gtk_drop_down_new (NULL, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->states),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("State"), -1);
  g_object_set (button, "icon-name", "view-more-symbolic", "tooltip-text", _("View"),
                "menu-model", kab_table_get_view_menu (self->table), NULL);
  gtk_widget_add_css_class (button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("View"), -1);
  gtk_box_append (GTK_BOX (bar), self->search);
  gtk_box_append (GTK_BOX (bar), self->states);
  gtk_box_append (GTK_BOX (bar), button);
  gtk_widget_add_css_class (bar, "pane-bar");
  return bar;
}

static void
kab_host_updates_init (KabHostUpdates *self)
{
  const GActionEntry entries[] = {
    { "install", deed_action },
    { "download", deed_action },
    { "show-updates", show_updates_action },
  };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *none = adw_status_page_new ();
  g_autoptr(GMenuModel) menu = new_row_menu ();

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "pairs", G_ACTION_GROUP (self->actions));

  self->table = KAB_TABLE (kab_table_new (&table_info));
  /* The view menu stands outside of the table. */
  gtk_widget_insert_action_group (GTK_WIDGET (self), "table", kab_table_get_actions (self->table));
  kab_table_set_row_menu (self->table, menu);
  g_object_set (none, "icon-name", "kab-updates-symbolic", "title", _("No Updates"),
                "description", _("Nothing here: no report yet, or the filter hides all of it."), NULL);
  gtk_widget_add_css_class (none, "compact");
  kab_table_set_placeholder (self->table, none);
  gtk_widget_set_vexpand (GTK_WIDGET (self->table), TRUE);

  gtk_box_append (GTK_BOX (box), new_bar (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->table));
  adw_bin_set_child (ADW_BIN (self), box);

  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));
  self->filtered = gtk_filter_list_model_new (NULL, self->filter);
  self->slice = gtk_slice_list_model_new (g_object_ref (G_LIST_MODEL (self->filtered)), 0, FIRST_ROWS);
  name_states (self, NULL);
  kab_table_set_model (self->table, G_LIST_MODEL (self->slice));

  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (filter_changed_cb), self);
  g_signal_connect_swapped (self->states, "notify::selected", G_CALLBACK (filter_changed_cb), self);
  g_signal_connect_swapped (self->table, "selection-changed", G_CALLBACK (update_actions), self);
  g_signal_connect_swapped (self->table, "activate", G_CALLBACK (activate_cb), self);
  g_signal_connect_swapped (self->table, "told", G_CALLBACK (told_cb), self);
  g_signal_connect_swapped (self->table, "failed", G_CALLBACK (failed_cb), self);
  update_actions (self);
}

GtkWidget *
kab_host_updates_new (void)
{
  return g_object_new (KAB_TYPE_HOST_UPDATES, NULL);
}

static int
compare_pairs (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  return compare_states (a, b);
}

void
kab_host_updates_show (KabHostUpdates *self,
                       KabSession     *session,
                       KabRecord      *host,
                       GListModel     *pairs)
{
  gboolean same;
  g_autoptr(GtkSortListModel) sorted = NULL;

  g_return_if_fail (KAB_IS_HOST_UPDATES (self));

  same = host != NULL && self->host != NULL &&
         g_str_equal (kab_record_get_id (host), kab_record_get_id (self->host));
  g_set_object (&self->session, session);
  g_set_object (&self->host, host);
  if (!same)
    {
      gtk_selection_model_unselect_all (kab_table_get_selection (self->table));
      gtk_slice_list_model_set_size (self->slice, FIRST_ROWS);
    }

  gtk_filter_list_model_set_model (self->filtered, NULL);
  name_states (self, pairs);
  /* Urgent ones are made first. */
  if (pairs != NULL)
    sorted = gtk_sort_list_model_new (g_object_ref (pairs),
                                      GTK_SORTER (gtk_custom_sorter_new (compare_pairs, NULL, NULL)));
  gtk_filter_list_model_set_model (self->filtered, G_LIST_MODEL (sorted));
  restart_growing (self);
  update_actions (self);
}

void
kab_host_updates_set_problem (KabHostUpdates *self,
                              const char     *problem)
{
  g_return_if_fail (KAB_IS_HOST_UPDATES (self));

  g_free (self->problem);
  self->problem = g_strdup (problem);
  update_actions (self);
}
