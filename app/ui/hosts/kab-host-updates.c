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
#include "kab-pair-columns.h"
#include "kab-quick-rules-dialog.h"
#include "kab-table.h"
#include "kab-window.h"

/* Rows with wrapped text cost GTK most to measure: some at first, more when the end comes into sight. */
#define FIRST_ROWS 16
#define MORE_ROWS 16

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

  if (chosen > 0 && chosen <= KAB_N_STATES &&
      kab_pair_get_state (KAB_PAIR (item)) != kab_pair_states[chosen - 1])
    return FALSE;
  if (self->needle == NULL || *self->needle == '\0')
    return TRUE;

  kbs = kab_update_dup_kbs (KAB_PAIR (item)->update);
  text = g_strconcat (kab_update_get_title (KAB_PAIR (item)->update), " ", kbs, " ",
                      kab_update_get_id (KAB_PAIR (item)->update), NULL);
  folded = kab_text_fold (text, -1);
  return strstr (folded, self->needle) != NULL;
}

static void
show_all_rows (KabHostUpdates *self)
{
  gtk_slice_list_model_set_size (self->slice, G_MAXUINT);
}

static gboolean
grow (gpointer data)
{
  KabHostUpdates *self = KAB_HOST_UPDATES (data);
  guint size = gtk_slice_list_model_get_size (self->slice);

  self->grow_source = 0;
  if (size < g_list_model_get_n_items (G_LIST_MODEL (self->filtered)))
    gtk_slice_list_model_set_size (self->slice, size + MORE_ROWS);
  return G_SOURCE_REMOVE;
}

/* Less than a page is left below: not at once, for sizes are being dealt out. */
static void
scrolled_cb (KabHostUpdates *self)
{
  GtkAdjustment *adjustment = kab_table_get_vadjustment (self->table);
  double left = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_value (adjustment) -
                2 * gtk_adjustment_get_page_size (adjustment);

  if (left < 0 && self->grow_source == 0 && gtk_adjustment_get_page_size (adjustment) > 1)
    self->grow_source = g_timeout_add (20, grow, self);
}

/* All that are loaded means all. */
static void
select_all_rows (KabHostUpdates *self)
{
  GtkSelectionModel *selection = kab_table_get_selection (self->table);
  guint n_shown = g_list_model_get_n_items (G_LIST_MODEL (selection));

  if (n_shown > 1 && kab_table_get_n_selected (self->table) == n_shown &&
      n_shown < g_list_model_get_n_items (G_LIST_MODEL (self->filtered)))
    {
      show_all_rows (self);
      gtk_selection_model_select_all (selection);
    }
}

static void
filter_changed_cb (KabHostUpdates *self)
{
  g_free (self->needle);
  self->needle = kab_text_fold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  gtk_slice_list_model_set_size (self->slice, FIRST_ROWS);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
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

      counts[kab_pair_get_state (pair)]++;
    }
  gtk_string_list_append (names, all);
  for (guint i = 0; i < KAB_N_STATES; i++)
    {
      /* Translators: a state and how many updates are in it */
      g_autofree char *name = g_strdup_printf (C_("state and count", "%1$s (%2$u)"),
                                               kab_format_state (kab_pair_states[i]), counts[kab_pair_states[i]]);

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

/* Allow, forbid or clear: not only for this host, but in a rule package. */
static void
rules_action (GSimpleAction *action,
              GVariant      *parameter,
              gpointer       user_data)
{
  KabHostUpdates *self = KAB_HOST_UPDATES (user_data);
  const char *name = g_action_get_name (G_ACTION (action));
  KabSnapshot *snapshot = self->session != NULL ? kab_session_get_snapshot (self->session) : NULL;
  g_auto(GStrv) ids = dup_selected_ids (self);
  g_autoptr(GPtrArray) updates = g_ptr_array_new_with_free_func (g_object_unref);

  for (guint i = 0; snapshot != NULL && ids[i] != NULL; i++)
    {
      int index = kab_snapshot_find_update (snapshot, ids[i]);

      if (index >= 0)
        g_ptr_array_add (updates, kab_record_new (snapshot, KAB_QUERY_UPDATES, (guint) index));
    }
  if (updates->len > 0)
    kab_quick_rules_dialog_show (GTK_WIDGET (self), self->session,
                                 g_str_equal (name, "allow") ? KAB_QUICK_ALLOW
                                 : g_str_equal (name, "forbid") ? KAB_QUICK_FORBID : KAB_QUICK_CLEAR, updates);
}

static void
update_actions (KabHostUpdates *self)
{
  static const char * const names[] = { "install", "download", "allow", "forbid", "clear-rules", "show-updates" };
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
  g_autoptr(GMenu) section = g_menu_new ();
  g_autoptr(GMenu) rules = g_menu_new ();

  g_menu_append (section, _("_Install Chosen Updates…"), "pairs.install");
  g_menu_append (section, _("_Download Chosen Updates…"), "pairs.download");
  g_menu_append (section, _("Show in _Updates"), "pairs.show-updates");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (section));
  g_menu_append (rules, _("_Allow in Rules…"), "pairs.allow");
  g_menu_append (rules, _("_Forbid in Rules…"), "pairs.forbid");
  g_menu_append (rules, _("_Clear From Rules…"), "pairs.clear-rules");
  g_menu_append_section (menu, NULL, G_MENU_MODEL (rules));
  return G_MENU_MODEL (menu);
}

static GtkWidget *
new_bar (KabHostUpdates *self)
{
  GtkWidget *bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *button = gtk_menu_button_new ();

  self->search = gtk_search_entry_new ();
  g_object_set (self->search, "placeholder-text", _("Search"), "hexpand", TRUE, NULL);
  gtk_editable_set_width_chars (GTK_EDITABLE (self->search), 3);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Search the updates of this host"), -1);
  self->states = gtk_drop_down_new (NULL, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->states),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("State"), -1);
  g_object_set (button, "icon-name", "view-more-symbolic", "tooltip-text", _("View"),
                "menu-model", kab_table_get_view_menu (self->table), NULL);
  gtk_widget_add_css_class (button, "flat");
  /* It has Export. */
  g_signal_connect_swapped (button, "notify::active", G_CALLBACK (show_all_rows), self);
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
    { "allow", rules_action },
    { "forbid", rules_action },
    { "clear-rules", rules_action },
  };
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *none = adw_status_page_new ();
  g_autoptr(GMenuModel) menu = new_row_menu ();

  self->actions = g_simple_action_group_new ();
  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries), self);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "pairs", G_ACTION_GROUP (self->actions));

  self->table = KAB_TABLE (kab_table_new (&kab_pairs_table));
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
  g_signal_connect_swapped (self->table, "selection-changed", G_CALLBACK (select_all_rows), self);
  g_signal_connect_object (kab_table_get_vadjustment (self->table), "value-changed",
                           G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (kab_table_get_vadjustment (self->table), "changed",
                           G_CALLBACK (scrolled_cb), self, G_CONNECT_SWAPPED);
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
  return kab_pair_compare_urgency (a, b);
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
