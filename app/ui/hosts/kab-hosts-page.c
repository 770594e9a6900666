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
#include "kab-placeholder.h"
#include "kab-query-text.h"
#include "kab-saved-searches.h"
#include "kab-tooltip.h"
#include "kab-ui.h"
#include "kab-window.h"

/* Deeds of the page from here on change what is installed on the hosts: KabAssignment comes on top. */
#define ASSIGNMENTS 100

struct _KabHostsPage
{
  KabDeedsPage      parent_instance;

  GtkWidget        *scan_button;
  GtkWidget        *install_button;
  GMenuModel       *row_menu;
  KabHostPane      *pane;
  KabSavedSearches *saved;
};

G_DEFINE_FINAL_TYPE (KabHostsPage, kab_hosts_page, KAB_TYPE_DEEDS_PAGE)

static const KabPageDeed deeds[] = {
  { "hosts.scan", KAB_DEED_SCAN },
  { "hosts.download", KAB_DEED_DOWNLOAD },
  { "hosts.install", KAB_DEED_INSTALL },
  { "hosts.upgrade-packages", KAB_DEED_UPGRADE_PACKAGES },
  { "hosts.cancel-tasks", KAB_DEED_CANCEL_TASKS },
  { "hosts.assign-package", ASSIGNMENTS + KAB_ASSIGN },
  { "hosts.unassign-package", ASSIGNMENTS + KAB_UNASSIGN },
};

/* Actions */

static void
show_updates_action (GtkWidget  *widget,
                     const char *name,
                     GVariant   *parameter)
{
  g_autoptr(GPtrArray) records = kab_deeds_page_dup_selected (KAB_DEEDS_PAGE (widget));
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
  kab_detail_pane_show_tab (KAB_DETAIL_PANE (self->pane), "tasks");
  g_signal_emit_by_name (kab_list_page_get_table (KAB_LIST_PAGE (self)), "activate", item);
}

static void
copy_names_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  g_autoptr(GPtrArray) records = kab_deeds_page_dup_selected (KAB_DEEDS_PAGE (widget));
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < records->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "", kab_record_get_host (records->pdata[i])->name);
  gdk_clipboard_set_text (gtk_widget_get_clipboard (widget), text->str);
  kab_window_add_toast (widget, _("Copied"));
}

/* Overrides */

static void
kab_hosts_page_update (KabDeedsPage *page,
                       const char   *why,
                       const char   *problem)
{
  static const char * const free_actions[] = { "hosts.show-updates", "hosts.show-tasks", "hosts.copy-names" };
  KabHostsPage *self = KAB_HOSTS_PAGE (page);
  guint n = kab_table_get_n_selected (kab_list_page_get_table (KAB_LIST_PAGE (page)));

  for (guint i = 0; i < G_N_ELEMENTS (free_actions); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), free_actions[i], n > 0);
  kab_tooltip_set (self->scan_button,
                   why != NULL ? why : _("The selected hosts look for updates and report"));
  kab_tooltip_set (self->install_button,
                   why != NULL ? why : _("The selected hosts install what their rules allow"));
  kab_host_pane_set_problem (self->pane, problem);
}

static void
kab_hosts_page_start (KabDeedsPage *page,
                      int           deed,
                      KabSession   *session,
                      GPtrArray    *records)
{
  if (deed >= ASSIGNMENTS)
    kab_assign_dialog_show (GTK_WIDGET (page), session, (KabAssignment) (deed - ASSIGNMENTS), records);
  else
    kab_host_deed_start (GTK_WIDGET (page), session, (KabDeed) deed, records, NULL);
}

static void
kab_hosts_page_show_detail (KabListPage *page,
                            KabRecord   *record,
                            guint        n_selected)
{
  KabHostsPage *self = KAB_HOSTS_PAGE (page);

  kab_host_pane_show (self->pane, kab_page_get_session (KAB_PAGE (self)), record, n_selected);
  KAB_LIST_PAGE_CLASS (kab_hosts_page_parent_class)->show_detail (page, record, n_selected);
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

  if (searched)
    kab_placeholder_fill (empty, "edit-find-symbolic", _("No Host Found"),
                          _("No host matches the search and the filters."), _("_Show All Hosts"), "win.show-hosts('')");
  else
    kab_placeholder_fill (empty, "kab-hosts-symbolic", _("No Hosts"),
                          mirrored ? _("No agent has registered with this server yet.")
                                   : _("Here are the hosts of the server, once it was read."),
                          _("_Sync Now"), "win.sync");
}

static void
kab_hosts_page_class_init (KabHostsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  KabListPageClass *list_class = KAB_LIST_PAGE_CLASS (klass);
  KabDeedsPageClass *deeds_class = KAB_DEEDS_PAGE_CLASS (klass);

  list_class->domain = KAB_QUERY_HOSTS;
  list_class->table = &kab_hosts_table;
  list_class->groups = kab_hosts_get_filters (&list_class->n_groups);
  list_class->show_detail = kab_hosts_page_show_detail;
  list_class->query_changed = kab_hosts_page_query_changed;
  list_class->dup_summary = kab_hosts_page_dup_summary;
  list_class->fill_empty = kab_hosts_page_fill_empty;
  deeds_class->select_first = N_("Select hosts first");
  deeds_class->set_up_signing = "hosts.set-up-signing";
  deeds_class->deeds = deeds;
  deeds_class->n_deeds = G_N_ELEMENTS (deeds);
  deeds_class->update = kab_hosts_page_update;
  deeds_class->start = kab_hosts_page_start;

  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "hosts/kab-hosts-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KabHostsPage, scan_button);
  gtk_widget_class_bind_template_child (widget_class, KabHostsPage, install_button);
  gtk_widget_class_bind_template_child (widget_class, KabHostsPage, row_menu);

  kab_deeds_page_class_install_actions (deeds_class);
  gtk_widget_class_install_action (widget_class, "hosts.show-updates", NULL, show_updates_action);
  gtk_widget_class_install_action (widget_class, "hosts.show-tasks", NULL, show_tasks_action);
  gtk_widget_class_install_action (widget_class, "hosts.copy-names", NULL, copy_names_action);
}

static void
kab_hosts_page_init (KabHostsPage *self)
{
  self->pane = KAB_HOST_PANE (kab_host_pane_new ());
  self->saved = KAB_SAVED_SEARCHES (kab_saved_searches_new ());
  gtk_widget_init_template (GTK_WIDGET (self));
  kab_list_page_set_detail (KAB_LIST_PAGE (self), GTK_WIDGET (self->pane));
  kab_list_page_set_row_menu (KAB_LIST_PAGE (self), self->row_menu);
  kab_detail_pane_set_menu (KAB_DETAIL_PANE (self->pane), self->row_menu);
  kab_filter_pane_set_header (kab_list_page_get_filters (KAB_LIST_PAGE (self)), GTK_WIDGET (self->saved));
  g_signal_connect_object (self->saved, "chosen", G_CALLBACK (chosen_cb), self, G_CONNECT_SWAPPED);
}
