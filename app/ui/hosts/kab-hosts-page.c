/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-assign-dialog.h"
#include "kab-format.h"
#include "kab-host-deeds.h"
#include "kab-host-pane.h"
#include "kab-hosts-columns.h"
#include "kab-hosts-page.h"
#include "kab-key-problem.h"
#include "kab-query-text.h"
#include "kab-saved-searches.h"
#include "kab-ui.h"
#include "kab-window.h"

/* Hosts named one by one in a search. */
#define MAX_TERMS 200

struct _KabHostsPage
{
  KabListPage       parent_instance;

  GtkWidget        *scan_button;
  GtkWidget        *install_button;
  GMenuModel       *row_menu;
  KabHostPane      *pane;
  KabSavedSearches *saved;
  GCancellable     *cancellable;    /* of what the page reads; renewed with the session */
  char             *problem;        /* why nothing can be sent; NULL when it can */
  gboolean          no_key;         /* and that can be set up in the preferences */
};

G_DEFINE_FINAL_TYPE (KabHostsPage, kab_hosts_page, KAB_TYPE_LIST_PAGE)

static const struct { const char *action; KabDeed deed; } deeds[] = {
  { "hosts.scan", KAB_DEED_SCAN },
  { "hosts.download", KAB_DEED_DOWNLOAD },
  { "hosts.install", KAB_DEED_INSTALL },
  { "hosts.upgrade-packages", KAB_DEED_UPGRADE_PACKAGES },
  { "hosts.cancel-tasks", KAB_DEED_CANCEL_TASKS },
};

/* What is enabled, and why not */

static void
update_actions (KabHostsPage *self)
{
  static const char * const free_actions[] = { "hosts.show-updates", "hosts.show-tasks", "hosts.copy-names" };
  static const char * const packages[] = { "hosts.assign-package", "hosts.unassign-package" };
  guint n = kab_table_get_n_selected (kab_list_page_get_table (KAB_LIST_PAGE (self)));
  const char *why = self->problem != NULL ? self->problem : n == 0 ? _("Select hosts first") : NULL;

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), deeds[i].action, why == NULL);
  for (guint i = 0; i < G_N_ELEMENTS (packages); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), packages[i], why == NULL);
  for (guint i = 0; i < G_N_ELEMENTS (free_actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), free_actions[i], n > 0);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "hosts.set-up-signing", self->no_key);

  gtk_widget_set_tooltip_text (self->scan_button,
                               why != NULL ? why : _("The selected hosts look for updates and report"));
  gtk_widget_set_tooltip_text (self->install_button,
                               why != NULL ? why : _("The selected hosts install what their rules allow"));
  kab_host_pane_set_problem (self->pane, self->problem);
}

static void
key_problem_cb (const char *problem,
                gboolean    can_set_up,
                gpointer    user_data)
{
  KabHostsPage *self = KAB_HOSTS_PAGE (user_data);

  g_free (self->problem);
  self->problem = g_strdup (problem);
  self->no_key = can_set_up;
  update_actions (self);
}

static void
check_key (KabHostsPage *self)
{
  kab_key_problem_check (kab_page_get_session (KAB_PAGE (self)), self->cancellable, key_problem_cb, self);
}

/* Actions */

typedef struct {
  KabHostsPage  *page;       /* alive unless the gathering was cancelled */
  KabDeed        deed;
  gboolean       is_package; /* @assignment, not @deed */
  KabAssignment  assignment;
} Wish;

static void
collected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autofree Wish *wish = user_data;
  g_autoptr(GPtrArray) records = kab_table_collect_finish (KAB_TABLE (object), result, NULL);
  KabSession *session;

  if (records == NULL)
    return;

  session = kab_page_get_session (KAB_PAGE (wish->page));
  if (session != NULL && wish->is_package && records->len > 0)
    kab_assign_dialog_show (GTK_WIDGET (wish->page), session, wish->assignment, records);
  else if (session != NULL)
    kab_host_deed_start (GTK_WIDGET (wish->page), session, wish->deed, records, NULL);
}

static void
package_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  KabHostsPage *self = KAB_HOSTS_PAGE (widget);
  Wish *wish = g_new0 (Wish, 1);

  wish->page = self;
  wish->is_package = TRUE;
  wish->assignment = g_str_equal (name, "hosts.assign-package") ? KAB_ASSIGN : KAB_UNASSIGN;
  kab_table_collect_async (kab_list_page_get_table (KAB_LIST_PAGE (self)), TRUE, self->cancellable, collected_cb,
                           wish);
}

static void
deed_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  KabHostsPage *self = KAB_HOSTS_PAGE (widget);

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    if (g_str_equal (deeds[i].action, name))
      {
        Wish *wish = g_new0 (Wish, 1);

        wish->page = self;
        wish->deed = deeds[i].deed;
        kab_table_collect_async (kab_list_page_get_table (KAB_LIST_PAGE (self)), TRUE, self->cancellable,
                                 collected_cb, wish);
      }
}

static void
set_up_signing_action (GtkWidget  *widget,
                       const char *name,
                       GVariant   *parameter)
{
  gtk_widget_activate_action (widget, "app.preferences", NULL);
}

static GPtrArray *
dup_selected (KabHostsPage *self)
{
  GtkSelectionModel *selection = kab_table_get_selection (kab_list_page_get_table (KAB_LIST_PAGE (self)));
  g_autoptr(GtkBitset) selected = gtk_selection_model_get_selection (selection);
  GPtrArray *records = g_ptr_array_new_with_free_func (g_object_unref);
  GtkBitsetIter iter;
  guint position;
  gboolean more;

  for (more = gtk_bitset_iter_init_first (&iter, selected, &position);
       more && records->len < MAX_TERMS; more = gtk_bitset_iter_next (&iter, &position))
    g_ptr_array_add (records, g_list_model_get_item (G_LIST_MODEL (selection), position));

  return records;
}

static void
show_updates_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  g_autoptr(GPtrArray) records = dup_selected (KAB_HOSTS_PAGE (widget));
  g_autoptr(GPtrArray) uuids = g_ptr_array_new ();
  g_autofree char *query = NULL;

  for (guint i = 0; i < records->len; i++)
    g_ptr_array_add (uuids, (gpointer) kab_record_get_id (records->pdata[i]));
  g_ptr_array_add (uuids, NULL);
  query = kab_query_text_with_values ("", "host", (const char * const *) uuids->pdata);
  if (records->len > 0)
    gtk_widget_activate_action (widget, "win.show-updates", "s", query);
}

static void
show_tasks_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  KabHostsPage *self = KAB_HOSTS_PAGE (widget);
  g_autoptr(GObject) item = kab_table_dup_current (kab_list_page_get_table (KAB_LIST_PAGE (self)));

  if (item == NULL)
    return;
  kab_host_pane_show_tab (self->pane, "tasks");
  g_signal_emit_by_name (kab_list_page_get_table (KAB_LIST_PAGE (self)), "activate", item);
}

static void
copy_names_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  g_autoptr(GPtrArray) records = dup_selected (KAB_HOSTS_PAGE (widget));
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < records->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", kab_record_get_host (records->pdata[i])->name);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text->str);
  kab_window_add_toast (widget, _("Copied"));
}

/* Overrides */

static void
kab_hosts_page_session_changed (KabPage    *page,
                                KabSession *session)
{
  KabHostsPage *self = KAB_HOSTS_PAGE (page);

  g_cancellable_cancel (self->cancellable);
  g_object_unref (self->cancellable);
  self->cancellable = g_cancellable_new ();

  KAB_PAGE_CLASS (kab_hosts_page_parent_class)->session_changed (page, session);
  check_key (self);
}

static void
kab_hosts_page_refresh (KabPage *page)
{
  check_key (KAB_HOSTS_PAGE (page));
  if (KAB_PAGE_CLASS (kab_hosts_page_parent_class)->refresh != NULL)
    KAB_PAGE_CLASS (kab_hosts_page_parent_class)->refresh (page);
}

static void
kab_hosts_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (kab_hosts_page_parent_class)->map (widget);

  check_key (KAB_HOSTS_PAGE (widget));
}

static void
kab_hosts_page_show_detail (KabListPage *page,
                            KabRecord   *record,
                            guint        n_selected)
{
  KabHostsPage *self = KAB_HOSTS_PAGE (page);

  kab_host_pane_show (self->pane, kab_page_get_session (KAB_PAGE (self)), record, n_selected);
  update_actions (self);
}

static void
kab_hosts_page_query_changed (KabListPage *page,
                              const char  *text)
{
  kab_saved_searches_set_query (KAB_HOSTS_PAGE (page)->saved, text);
}

static char *
kab_hosts_page_dup_summary (KabListPage *page,
                            guint        n_rows)
{
  g_autofree char *rows = kab_format_count (n_rows);
  KabSession *session = kab_page_get_session (KAB_PAGE (page));
  KabSnapshot *snapshot = session != NULL ? kab_session_get_snapshot (session) : NULL;
  guint n_counted = snapshot != NULL ? kab_snapshot_count_counted (snapshot) : n_rows;
  g_autofree char *apart = NULL;

  if (n_counted >= n_rows)
    return g_strdup_printf (ngettext ("%s host", "%s hosts", n_rows), rows);

  apart = kab_format_count (n_rows - n_counted);
  /* Translators: %1$s is the number of hosts, %2$s of those that compliance does not count */
  return g_strdup_printf (ngettext ("%1$s host · %2$s not counted for compliance",
                                    "%1$s hosts · %2$s not counted for compliance", n_rows), rows, apart);
}

static void
chosen_cb (KabHostsPage *self,
           const char   *text)
{
  g_autofree char *copy = g_strdup (text);

  kab_page_show_query (KAB_PAGE (self), copy);
}

static void
kab_hosts_page_fill_empty (KabListPage   *page,
                           AdwStatusPage *empty,
                           gboolean       searched)
{
  KabSession *session = kab_page_get_session (KAB_PAGE (page));
  gboolean mirrored = session != NULL && kab_session_get_snapshot (session) != NULL &&
                      kab_snapshot_get_synced_at (kab_session_get_snapshot (session)) > 0;
  GtkWidget *button;

  button = gtk_button_new_with_mnemonic (searched ? _("_Show All Hosts") : _("_Sync Now"));
  gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (button),
                                           searched ? "win.show-hosts('')" : "win.sync");
  gtk_widget_add_css_class (button, "pill");
  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  g_object_set (empty,
                "icon-name", searched ? "edit-find-symbolic" : "kab-hosts-symbolic",
                "title", searched ? _("No Host Found") : _("No Hosts"),
                "description", searched
                               ? _("No host matches the search and the filters.")
                               : mirrored
                               ? _("No agent has registered with this server yet.")
                               : _("Here are the hosts of the server, once it was read."),
                "child", button,
                NULL);
}

static void
kab_hosts_page_dispose (GObject *object)
{
  KabHostsPage *self = KAB_HOSTS_PAGE (object);

  g_cancellable_cancel (self->cancellable);
  kab_page_set_session (KAB_PAGE (self), NULL);

  G_OBJECT_CLASS (kab_hosts_page_parent_class)->dispose (object);
}

static void
kab_hosts_page_finalize (GObject *object)
{
  KabHostsPage *self = KAB_HOSTS_PAGE (object);

  g_object_unref (self->cancellable);
  g_free (self->problem);

  G_OBJECT_CLASS (kab_hosts_page_parent_class)->finalize (object);
}

static void
kab_hosts_page_class_init (KabHostsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  KabPageClass *page_class = KAB_PAGE_CLASS (klass);
  KabListPageClass *list_class = KAB_LIST_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_hosts_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_hosts_page_finalize;
  widget_class->map = kab_hosts_page_map;
  page_class->session_changed = kab_hosts_page_session_changed;
  page_class->refresh = kab_hosts_page_refresh;
  list_class->domain = KAB_QUERY_HOSTS;
  list_class->table = &kab_hosts_table;
  list_class->groups = kab_hosts_get_filters (&list_class->n_groups);
  list_class->show_detail = kab_hosts_page_show_detail;
  list_class->query_changed = kab_hosts_page_query_changed;
  list_class->dup_summary = kab_hosts_page_dup_summary;
  list_class->fill_empty = kab_hosts_page_fill_empty;

  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "hosts/kab-hosts-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KabHostsPage, scan_button);
  gtk_widget_class_bind_template_child (widget_class, KabHostsPage, install_button);
  gtk_widget_class_bind_template_child (widget_class, KabHostsPage, row_menu);

  for (guint i = 0; i < G_N_ELEMENTS (deeds); i++)
    gtk_widget_class_install_action (widget_class, deeds[i].action, NULL, deed_action);
  gtk_widget_class_install_action (widget_class, "hosts.assign-package", NULL, package_action);
  gtk_widget_class_install_action (widget_class, "hosts.unassign-package", NULL, package_action);
  gtk_widget_class_install_action (widget_class, "hosts.set-up-signing", NULL, set_up_signing_action);
  gtk_widget_class_install_action (widget_class, "hosts.show-updates", NULL, show_updates_action);
  gtk_widget_class_install_action (widget_class, "hosts.show-tasks", NULL, show_tasks_action);
  gtk_widget_class_install_action (widget_class, "hosts.copy-names", NULL, copy_names_action);
}

static void
kab_hosts_page_init (KabHostsPage *self)
{
  self->cancellable = g_cancellable_new ();
  self->problem = g_strdup (_("No server is open"));
  self->pane = KAB_HOST_PANE (kab_host_pane_new ());
  self->saved = KAB_SAVED_SEARCHES (kab_saved_searches_new ());
  gtk_widget_init_template (GTK_WIDGET (self));
  kab_list_page_set_detail (KAB_LIST_PAGE (self), GTK_WIDGET (self->pane));
  kab_list_page_set_row_menu (KAB_LIST_PAGE (self), self->row_menu);
  kab_host_pane_set_menu (self->pane, self->row_menu);
  kab_filter_pane_set_header (kab_list_page_get_filters (KAB_LIST_PAGE (self)), GTK_WIDGET (self->saved));
  g_signal_connect_object (self->saved, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
}
