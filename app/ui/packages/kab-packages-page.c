/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-format.h"
#include "kab-item-view.h"
#include "kab-package-board.h"
#include "kab-package-delete.h"
#include "kab-package-pane.h"
#include "kab-packages-columns.h"
#include "kab-packages-evidence.h"
#include "kab-packages-list.h"
#include "kab-packages-page.h"
#include "kab-placeholder.h"
#include "kab-promote-dialog.h"
#include "kab-roll-back-dialog.h"
#include "kab-settings.h"
#include "kab-tooltip.h"
#include "kab-ui.h"
#include "kab-window.h"

struct _KabPackagesPage
{
  KabPage              parent_instance;

  KabItemView         *view;
  GtkWidget           *view_button;
  GtkWidget           *promote_button;
  GMenuModel          *row_menu;
  KabPackageBoard     *board;
  KabPackagePane      *pane;
  KabTable            *table;         /* borrowed: the view's */
  GtkWidget           *empty;         /* of the table */
  GtkWidget           *board_empty;
  GtkWidget           *board_stack;

  KabSession          *session;       /* borrowed: the page's own */
  GListStore          *list;          /* of KabRulePackage: all; (nullable): not read yet */
  KabPackagesEvidence *evidence;
  GCancellable        *reading;
};

G_DEFINE_FINAL_TYPE (KabPackagesPage, kab_packages_page, KAB_TYPE_PAGE)

static KabRulePackage *
dup_selected (KabPackagesPage *self)
{
  return kab_table_dup_single (self->table);
}

/* (nullable): why nothing can be promoted now */
static const char *
find_problem (KabRulePackage *item,
              guint           n_selected)
{
  if (item == NULL)
    return n_selected > 1 ? _("One package at a time") : _("Choose a package first");
  if (!item->is_rules)
    return _("Only rule packages go from ring to ring here");
  if (kab_packages_get_ring (item) == KAB_RING_PROD)
    return _("It is in production already");

  return kab_packages_get_next (item) == NULL ? _("Its maturity is none of DEV, PREPROD and PROD") : NULL;
}

static void
update_actions (KabPackagesPage *self)
{
  g_autoptr(KabRulePackage) item = dup_selected (self);
  guint n = kab_table_get_n_selected (self->table);
  GtkWidget *widget = GTK_WIDGET (self);

  gtk_widget_action_set_enabled (widget, "packages.details", n > 0);
  gtk_widget_action_set_enabled (widget, "packages.promote", find_problem (item, n) == NULL);
  kab_tooltip_set (self->promote_button, find_problem (item, n));
  gtk_widget_action_set_enabled (widget, "packages.roll-back", item != NULL && item->is_rules);
  gtk_widget_action_set_enabled (widget, "packages.delete", n > 0);
  gtk_widget_action_set_enabled (widget, "packages.show-hosts", item != NULL && item->installed->len > 0);
  gtk_widget_action_set_enabled (widget, "packages.show-rules", item != NULL && item->is_rules);
  gtk_widget_action_set_enabled (widget, "packages.copy-file", n > 0);
}

static void
update_subtitle (KabPackagesPage *self)
{
  g_autofree char *text = self->list != NULL ? kab_item_view_dup_summary (self->view) : NULL;

  if (text == NULL && self->list != NULL)
    {
      guint n = g_list_model_get_n_items (G_LIST_MODEL (self->list));
      g_autofree char *count = kab_format_count (n);

      text = g_strdup_printf (ngettext ("%s package", "%s packages", n), count);
    }
  kab_page_set_subtitle (KAB_PAGE (self), text);
}

static void
fill_empty (KabPackagesPage *self,
            GtkWidget       *page)
{
  if (*kab_item_view_get_query (self->view) != '\0')
    kab_placeholder_fill (ADW_STATUS_PAGE (page), "edit-find-symbolic", _("No Package Found"),
                          _("No package matches the search and the filters."),
                          _("_Show All Packages"), "win.show-packages('')");
  else
    kab_placeholder_fill (ADW_STATUS_PAGE (page), "kab-packages-symbolic", _("No Packages"),
                          _("Here are the packages of the server, once it was read."), _("_Sync Now"), "win.sync");
}

static void
shown_changed_cb (KabPackagesPage *self)
{
  gboolean empty = g_list_model_get_n_items (kab_item_view_get_shown (self->view)) == 0;

  update_subtitle (self);
  gtk_stack_set_visible_child (GTK_STACK (self->board_stack), empty ? self->board_empty
                                                                    : GTK_WIDGET (self->board));
}

static void
searched_cb (KabPackagesPage *self)
{
  fill_empty (self, self->empty);
  fill_empty (self, self->board_empty);
  shown_changed_cb (self);
}

/* Evidence of what is on its way */

static char *
dup_note (KabRulePackage *item,
          gpointer        user_data)
{
  return kab_packages_evidence_dup_note (KAB_PACKAGES_PAGE (user_data)->evidence, item);
}

static void
show_evidence (KabPackagesPage *self)
{
  g_autoptr(KabRulePackage) item = dup_selected (self);

  kab_package_pane_set_evidence (self->pane, item != NULL ? kab_packages_evidence_get (self->evidence, item) : NULL);
}

static void
evidence_changed_cb (KabPackagesPage *self,
                     gboolean         other)
{
  if (other)
    kab_package_board_refresh (self->board);
  show_evidence (self);
}

static void
selected_cb (KabPackagesPage *self,
             KabRulePackage  *item,
             guint            n_selected)
{
  kab_package_pane_show (self->pane, self->session, item, n_selected);
  show_evidence (self);
  if (g_strcmp0 (item != NULL ? item->id : NULL,
                 kab_package_board_get_selected (self->board) != NULL
                 ? kab_package_board_get_selected (self->board)->id : NULL) != 0)
    kab_package_board_select_id (self->board, item != NULL ? item->id : NULL);
  update_actions (self);
}

/* What is selected is the table's, whichever view is shown. */
static void
board_selected_cb (KabPackagesPage *self)
{
  KabRulePackage *item = kab_package_board_get_selected (self->board);
  g_autoptr(KabRulePackage) known = dup_selected (self);

  if (item != NULL && item != known)
    kab_table_select_id (self->table, item->id);
}

static void
promote (KabPackagesPage *self,
         KabRulePackage  *item,
         const char      *maturity)
{
  if (self->session != NULL && maturity != NULL)
    kab_promote_dialog_show (GTK_WIDGET (self), self->session, item, maturity);
}

static void
board_activate_cb (KabPackagesPage *self,
                   KabRulePackage  *item)
{
  gboolean folded;

  g_object_get (self->view, "folded", &folded, NULL);
  if (folded || kab_packages_get_next (item) == NULL)
    kab_item_view_open (self->view, item->id);
  else
    promote (self, item, kab_packages_get_next (item));
}

static void
dropped_cb (KabPackagesPage *self,
            KabRulePackage  *item,
            const char      *maturity)
{
  KabRing to = KAB_RING_DEV;

  while (to < KAB_RING_OTHER && !g_str_equal (kab_packages_get_ring_name (to), maturity))
    to++;
  if (to > kab_packages_get_ring (item))
    promote (self, item, maturity);
  else
    kab_window_add_toast (GTK_WIDGET (self), _("A package does not go back: roll back to an earlier content instead."));
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) list = kab_session_read_rule_packages_finish (KAB_SESSION (object), result, &error);
  KabPackagesPage *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_PACKAGES_PAGE (user_data);
  if (list == NULL)
    {
      kab_window_add_error (GTK_WIDGET (self), error);
      return;
    }

  if (self->list == NULL)
    {
      self->list = g_list_store_new (KAB_TYPE_RULE_PACKAGE);
      kab_packages_list_update (self->list, list);
      kab_item_view_set_model (self->view, G_LIST_MODEL (self->list));
    }
  else
    {
      kab_packages_list_update (self->list, list);
    }
  update_subtitle (self);
  kab_packages_evidence_read (self->evidence, self->session, G_LIST_MODEL (self->list));
}

/* Actions */

static void
promote_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  g_autoptr(KabRulePackage) item = dup_selected (KAB_PACKAGES_PAGE (widget));

  if (item != NULL)
    promote (KAB_PACKAGES_PAGE (widget), item, kab_packages_get_next (item));
}

static void
roll_back_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  KabPackagesPage *self = KAB_PACKAGES_PAGE (widget);
  g_autoptr(KabRulePackage) item = dup_selected (self);

  if (item != NULL && item->is_rules && self->session != NULL)
    kab_roll_back_dialog_show (widget, self->session, item);
}

static void
collected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autoptr(KabPackagesPage) self = user_data;
  g_autoptr(GPtrArray) items = kab_table_collect_finish (KAB_TABLE (object), result, NULL);

  if (items != NULL && items->len > 0 && self->session != NULL)
    kab_package_delete_ask (GTK_WIDGET (self), self->session, items);
}

static void
delete_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  KabPackagesPage *self = KAB_PACKAGES_PAGE (widget);

  kab_table_collect_async (self->table, TRUE, self->reading, collected_cb, g_object_ref (self));
}

static void
show_hosts_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  g_autoptr(KabRulePackage) item = dup_selected (KAB_PACKAGES_PAGE (widget));
  g_autofree char *query = item != NULL ? kab_packages_dup_query (item) : NULL;

  if (query != NULL)
    gtk_widget_activate_action (widget, "win.show-hosts", "s", query);
}

static void
show_rules_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  g_autoptr(KabRulePackage) item = dup_selected (KAB_PACKAGES_PAGE (widget));

  if (item != NULL)
    gtk_widget_activate_action (widget, "win.show-rules", "s", kab_package_get_name (item->package));
}

static void
copied_cb (GObject      *object,
           GAsyncResult *result,
           gpointer      user_data)
{
  g_autoptr(KabPackagesPage) self = user_data;
  g_autoptr(GPtrArray) items = kab_table_collect_finish (KAB_TABLE (object), result, NULL);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; items != NULL && i < items->len; i++)
    g_string_append_printf (text, "%s%s", i > 0 ? "\n" : "",
                            kab_package_get (KAB_RULE_PACKAGE (items->pdata[i])->package, "filename"));
  if (text->len == 0)
    return;
  gdk_clipboard_set_text (gtk_widget_get_clipboard (GTK_WIDGET (self)), text->str);
  kab_window_add_toast (GTK_WIDGET (self), _("Copied"));
}

static void
copy_file_action (GtkWidget  *widget,
                  const char *name,
                  GVariant   *parameter)
{
  KabPackagesPage *self = KAB_PACKAGES_PAGE (widget);

  kab_table_collect_async (self->table, TRUE, self->reading, copied_cb, g_object_ref (self));
}

static void
details_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  kab_item_view_toggle_detail (KAB_PACKAGES_PAGE (widget)->view);
}

/* Overrides */

static void
stop_reading (KabPackagesPage *self)
{
  g_cancellable_cancel (self->reading);
  g_object_unref (self->reading);
  self->reading = g_cancellable_new ();
}

static void
kab_packages_page_session_changed (KabPage    *page,
                                   KabSession *session)
{
  KabPackagesPage *self = KAB_PACKAGES_PAGE (page);

  stop_reading (self);
  self->session = session;
  kab_packages_evidence_clear (self->evidence);
  if (self->view == NULL)
    return;

  kab_item_view_set_model (self->view, NULL);
  g_clear_object (&self->list);
  update_subtitle (self);
}

static void
kab_packages_page_catch_up (KabPage    *page,
                            KabSession *session)
{
  KabPackagesPage *self = KAB_PACKAGES_PAGE (page);

  if (kab_session_get_snapshot (session) == NULL)
    return;

  stop_reading (self);
  kab_session_read_rule_packages_async (session, self->reading, read_cb, self);
}

static void
kab_packages_page_show_query (KabPage    *page,
                              const char *query)
{
  kab_item_view_show_query (KAB_PACKAGES_PAGE (page)->view, query);
}

static gboolean
kab_packages_page_focus_search (KabPage *page)
{
  return kab_item_view_focus_search (KAB_PACKAGES_PAGE (page)->view);
}

static gboolean
kab_packages_page_toggle_filters (KabPage *page)
{
  return kab_item_view_toggle_filters (KAB_PACKAGES_PAGE (page)->view);
}

static gboolean
kab_packages_page_go_back (KabPage *page)
{
  return kab_item_view_go_back (KAB_PACKAGES_PAGE (page)->view);
}

/* The thresholds of the gate may have changed. */
static void
kab_packages_page_refresh (KabPage *page)
{
  kab_package_board_refresh (KAB_PACKAGES_PAGE (page)->board);
  show_evidence (KAB_PACKAGES_PAGE (page));
}

static void
kab_packages_page_dispose (GObject *object)
{
  KabPackagesPage *self = KAB_PACKAGES_PAGE (object);

  kab_page_set_session (KAB_PAGE (self), NULL);
  if (self->view != NULL)
    g_signal_handlers_disconnect_by_data (kab_item_view_get_shown (self->view), self);
  self->view = NULL;
  gtk_widget_dispose_template (GTK_WIDGET (self), KAB_TYPE_PACKAGES_PAGE);

  G_OBJECT_CLASS (kab_packages_page_parent_class)->dispose (object);
}

static void
kab_packages_page_finalize (GObject *object)
{
  KabPackagesPage *self = KAB_PACKAGES_PAGE (object);

  g_object_unref (self->reading);
  g_object_unref (self->evidence);

  G_OBJECT_CLASS (kab_packages_page_parent_class)->finalize (object);
}

static void
kab_packages_page_class_init (KabPackagesPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  KabPageClass *page_class = KAB_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_packages_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_packages_page_finalize;
  page_class->session_changed = kab_packages_page_session_changed;
  page_class->catch_up = kab_packages_page_catch_up;
  page_class->show_query = kab_packages_page_show_query;
  page_class->focus_search = kab_packages_page_focus_search;
  page_class->toggle_filters = kab_packages_page_toggle_filters;
  page_class->go_back = kab_packages_page_go_back;
  page_class->refresh = kab_packages_page_refresh;

  g_type_ensure (KAB_TYPE_ITEM_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "packages/kab-packages-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KabPackagesPage, view);
  gtk_widget_class_bind_template_child (widget_class, KabPackagesPage, view_button);
  gtk_widget_class_bind_template_child (widget_class, KabPackagesPage, promote_button);
  gtk_widget_class_bind_template_child (widget_class, KabPackagesPage, row_menu);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, searched_cb);

  gtk_widget_class_install_action (widget_class, "packages.promote", NULL, promote_action);
  gtk_widget_class_install_action (widget_class, "packages.roll-back", NULL, roll_back_action);
  gtk_widget_class_install_action (widget_class, "packages.delete", NULL, delete_action);
  gtk_widget_class_install_action (widget_class, "packages.show-hosts", NULL, show_hosts_action);
  gtk_widget_class_install_action (widget_class, "packages.show-rules", NULL, show_rules_action);
  gtk_widget_class_install_action (widget_class, "packages.copy-file", NULL, copy_file_action);
  gtk_widget_class_install_action (widget_class, "packages.details", NULL, details_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_ALT_MASK, "packages.details", NULL);
}

static void
init_board (KabPackagesPage *self)
{
  self->board = KAB_PACKAGE_BOARD (kab_package_board_new ());
  self->board_empty = adw_status_page_new ();
  self->board_stack = gtk_stack_new ();
  gtk_stack_add_child (GTK_STACK (self->board_stack), GTK_WIDGET (self->board));
  gtk_stack_add_child (GTK_STACK (self->board_stack), self->board_empty);
  kab_package_board_set_menu (self->board, self->row_menu);
  kab_package_board_set_notes (self->board, dup_note, self);
  kab_package_board_set_model (self->board, kab_item_view_get_shown (self->view));
  g_object_bind_property (self->view, "folded", self->board, "single-click", G_BINDING_SYNC_CREATE);
  g_signal_connect_swapped (self->board, "selection-changed", G_CALLBACK (board_selected_cb), self);
  g_signal_connect_swapped (self->board, "activate", G_CALLBACK (board_activate_cb), self);
  g_signal_connect_swapped (self->board, "dropped", G_CALLBACK (dropped_cb), self);
  kab_item_view_set_other (self->view, self->board_stack, _("Board"), _("Table"));
}

static void
kab_packages_page_init (KabPackagesPage *self)
{
  const KabItemTerm *terms;
  guint n_terms;

  self->reading = g_cancellable_new ();
  self->evidence = kab_packages_evidence_new ();
  g_signal_connect_object (self->evidence, "changed", G_CALLBACK (evidence_changed_cb), self, G_CONNECT_SWAPPED);
  gtk_widget_init_template (GTK_WIDGET (self));

  terms = kab_packages_get_terms (&n_terms);
  kab_item_view_set_info (self->view, _("Search packages"), &kab_packages_table, terms, n_terms);
  self->table = kab_item_view_get_table (self->view);
  self->empty = adw_status_page_new ();
  kab_table_set_placeholder (self->table, self->empty);
  kab_table_set_row_menu (self->table, self->row_menu);
  self->pane = KAB_PACKAGE_PANE (kab_package_pane_new ());
  kab_detail_pane_set_menu (KAB_DETAIL_PANE (self->pane), self->row_menu);
  kab_item_view_set_detail (self->view, GTK_WIDGET (self->pane));
  init_board (self);
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->view_button), kab_table_get_view_menu (self->table));
  gtk_widget_insert_action_group (GTK_WIDGET (self), "table", kab_table_get_actions (self->table));
  g_settings_bind (kab_settings_get_default (), "packages-view", self->view, "view", G_SETTINGS_BIND_DEFAULT);
  g_signal_connect_swapped (kab_item_view_get_shown (self->view), "items-changed", G_CALLBACK (shown_changed_cb), self);
  searched_cb (self);
  kab_package_pane_show (self->pane, NULL, NULL, 0);
  update_actions (self);
}
