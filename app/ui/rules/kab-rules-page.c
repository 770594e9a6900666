/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>
#include <string.h>

#include "kab-error-text.h"
#include "kab-format.h"
#include "kab-hosts-window.h"
#include "kab-packages-columns.h"
#include "kab-packages-list.h"
#include "kab-placeholder.h"
#include "kab-query.h"
#include "kab-rules-columns.h"
#include "kab-rules-context.h"
#include "kab-rules-page-private.h"
#include "kab-tooltip.h"
#include "kab-ui.h"
#include "kab-window.h"

G_DEFINE_FINAL_TYPE (KabRulesPage, kab_rules_page, KAB_TYPE_PAGE)

static void open_door (KabRulesPage *self, const char *query);

void
kab_rules_page_update_subtitle (KabRulesPage *self)
{
  g_autofree char *text = NULL;
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rules));

  if (self->wizard != NULL)
    {
      kab_rules_page_update_wizard (self);
      return;
    }
  text = kab_item_view_dup_summary (self->view);
  if (text == NULL && self->session != NULL)
    {
      g_autofree char *count = kab_format_count (n);

      text = g_strdup_printf (ngettext ("%s rule package", "%s rule packages", n), count);
    }
  kab_page_set_subtitle (KAB_PAGE (self), text);
}

KabRulePackage *
kab_rules_page_dup_single (KabRulesPage *self)
{
  return kab_table_dup_single (kab_item_view_get_table (self->view));
}

/* What is enabled, and why not */
static void
update_actions (KabRulesPage *self)
{
  static const char * const of_one[] = {
    "rules.edit", "rules.copy", "rules.assign", "rules.show-hosts", "rules.show-assigned", "rules.show-package",
  };
  g_autoptr(KabRulePackage) single = kab_rules_page_dup_single (self);

  for (guint i = 0; i < G_N_ELEMENTS (of_one); i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), of_one[i], single != NULL);
  if (single != NULL)
    {
      gtk_widget_action_set_enabled (GTK_WIDGET (self), "rules.show-hosts", single->installed->len > 0);
      gtk_widget_action_set_enabled (GTK_WIDGET (self), "rules.show-assigned", single->assigned->len > 0);
    }
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "rules.new", self->session != NULL);
  kab_tooltip_set (self->edit_button,
                   single != NULL ? _("Write the next version of this package")
                                  : _("Select one rule package first"));
}

static void
selected_cb (KabRulesPage *self,
             GObject      *item,
             guint         n_selected)
{
  kab_rule_package_pane_show (self->pane, self->session, item != NULL ? KAB_RULE_PACKAGE (item) : NULL,
                              G_LIST_MODEL (self->rules), n_selected);
  update_actions (self);
}

/* A package that was only read anew stays selected: what is told of its hosts is newer all the same. */
static void
show_selected (KabRulesPage *self)
{
  g_autoptr(KabRulePackage) single = kab_rules_page_dup_single (self);

  if (single != NULL)
    selected_cb (self, G_OBJECT (single), 1);
}

/* Reading */

/* What is wrong with which package; rows with another number than before are shown anew. */
static void
count_warnings (KabRulesPage *self)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rules));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(KabRulePackage) item = g_list_model_get_item (G_LIST_MODEL (self->rules), i);
      guint n_before = item->n_warnings;

      item->n_warnings = 0;
      for (guint j = 0; self->findings != NULL && j < self->findings->len; j++)
        item->n_warnings += g_strcmp0 (((KabLintFinding *) self->findings->pdata[j])->package, item->origin) == 0;
      if (item->n_warnings != n_before)
        g_list_store_splice (self->rules, i, 1, (gpointer *) &item, 1);
    }
}

static void
update_empty (KabRulesPage *self)
{
  gboolean searched = *kab_item_view_get_query (self->view) != '\0';
  KabSnapshot *snapshot = self->session != NULL ? kab_session_get_snapshot (self->session) : NULL;
  gboolean mirrored = snapshot != NULL && kab_snapshot_get_synced_at (snapshot) > 0;
  AdwStatusPage *empty = ADW_STATUS_PAGE (self->empty);

  if (searched)
    kab_placeholder_fill (empty, "edit-find-symbolic", _("No Rule Package Found"),
                          _("No rule package matches the search and the filters."), _("_Show All Rules"),
                          "win.show-rules('')");
  else
    kab_placeholder_fill (empty, "kab-rules-symbolic", _("No Rules"),
                          _("Rule packages say which updates hosts may install. Write the first one and see "
                            "what it would do before it is published."),
                          mirrored ? _("_New Rule Package…") : _("_Sync Now"), mirrored ? "rules.new" : "win.sync");
  if (mirrored && !searched)
    gtk_widget_add_css_class (adw_status_page_get_child (empty), "suggested-action");
}

static void
packages_read_cb (GObject      *source,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) packages = kab_session_read_rule_packages_finish (KAB_SESSION (source), result, &error);
  g_autoptr(GListStore) rules = NULL;
  g_autofree char *asked = NULL;
  KabRulesPage *self;
  guint n;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_RULES_PAGE (user_data);
  self->reading = FALSE;
  if (packages == NULL)
    {
      kab_window_add_error (GTK_WIDGET (self), error);
      return;
    }

  rules = g_list_store_new (KAB_TYPE_RULE_PACKAGE);
  n = g_list_model_get_n_items (packages);
  for (guint i = 0; i < n; i++)
    {
      g_autoptr(KabRulePackage) item = g_list_model_get_item (packages, i);

      if (item->is_rules)
        g_list_store_append (rules, item);
    }
  kab_packages_list_update (self->rules, G_LIST_MODEL (rules));
  count_warnings (self);
  show_selected (self);
  kab_rules_page_update_subtitle (self);
  update_empty (self);
  asked = g_steal_pointer (&self->asked);
  if (asked != NULL)
    open_door (self, asked);
}

static void
context_read_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabRulesContext) context = kab_session_read_rules_context_finish (KAB_SESSION (source), result, &error);
  KabRulesPage *self;

  if (context == NULL)
    {
      if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        g_info ("rules are not linted: %s", error->message);
      return;
    }

  self = KAB_RULES_PAGE (user_data);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  self->findings = g_ptr_array_ref (kab_rules_context_get_findings (context));
  count_warnings (self);
  kab_rule_package_pane_set_context (self->pane, context);
}

static void
stop_reading (KabRulesPage *self)
{
  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
}

static void
kab_rules_page_session_changed (KabPage    *page,
                                KabSession *session)
{
  KabRulesPage *self = KAB_RULES_PAGE (page);

  stop_reading (self);
  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  if (self->view != NULL)
    kab_rules_page_leave (self);
  self->session = session;
  self->reading = TRUE;
  g_clear_pointer (&self->asked, g_free);
  if (self->view == NULL)
    return;

  kab_rules_page_forget_drafts (self);
  g_list_store_remove_all (self->rules);
  kab_item_view_show_query (self->view, "");
  kab_rules_page_update_subtitle (self);
  update_empty (self);
  update_actions (self);
}

static void
kab_rules_page_catch_up (KabPage    *page,
                         KabSession *session)
{
  KabRulesPage *self = KAB_RULES_PAGE (page);

  if (kab_session_get_snapshot (session) == NULL)
    return;

  stop_reading (self);
  self->reading = TRUE;
  self->cancellable = g_cancellable_new ();
  kab_session_read_rule_packages_async (session, self->cancellable, packages_read_cb, self);
  kab_session_read_rules_context_async (session, self->cancellable, context_read_cb, self);
  kab_rules_page_read_drafts (self);
}

/* Doors */

static KabRulePackage *
dup_package (KabRulesPage *self,
             const char   *id)
{
  guint n = g_list_model_get_n_items (G_LIST_MODEL (self->rules));

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(KabRulePackage) item = g_list_model_get_item (G_LIST_MODEL (self->rules), i);

      if (g_str_equal (item->id, id))
        return g_steal_pointer (&item);
    }

  return NULL;
}

static void
show_hosts_of (KabRulesPage   *self,
               KabRulePackage *item,
               gboolean        assigned)
{
  const char *name = kab_package_get_name (item->package);
  g_autofree char *title = NULL;

  if (item->snapshot == NULL)
    return;

  title = assigned
          /* Translators: %s is the name of a package */
          ? g_strdup_printf (_("Hosts That Ask for %s"), name)
          /* Translators: %s is the name and version of a package */
          : g_strdup_printf (_("Hosts with Another Version Than %s"), item->origin);
  kab_hosts_window_show (GTK_WIDGET (self), title, item->snapshot, assigned ? item->assigned : item->older);
}

static void
open_door (KabRulesPage *self,
           const char   *query)
{
  const char *colon = strchr (query, ':');
  g_autofree char *what = colon != NULL ? g_strndup (query, (gsize) (colon - query)) : NULL;
  g_autoptr(KabRulePackage) item = NULL;

  if (self->wizard != NULL && kab_rules_wizard_open_door (self->wizard, query))
    return;

  item = what != NULL ? dup_package (self, colon + 1) : NULL;
  /* What a door leads to is in the list; the draft waits there too. */
  if (self->wizard != NULL && (item == NULL || !g_str_equal (what, "assigned")))
    kab_rules_page_leave (self);
  if (item == NULL)
    {
      kab_item_view_show_query (self->view, query);
      return;
    }

  if (g_str_equal (what, "assigned") || g_str_equal (what, "older"))
    {
      show_hosts_of (self, item, g_str_equal (what, "assigned"));
      return;
    }
  if (kab_table_select_id (kab_item_view_get_table (self->view), item->id) || *kab_item_view_get_query (self->view) == '\0')
    {
      kab_item_view_open (self->view, item->id);
    }
  else
    {
      /* The search hides it. */
      kab_item_view_show_query (self->view, "");
      kab_item_view_open (self->view, item->id);
    }
  kab_rule_package_pane_show_part (self->pane, what);
}

static void
kab_rules_page_show_query (KabPage    *page,
                           const char *query)
{
  KabRulesPage *self = KAB_RULES_PAGE (page);
  g_autofree char *copy = g_strdup (query);

  g_clear_pointer (&self->asked, g_free);
  if (self->reading && *query != '\0')
    self->asked = g_steal_pointer (&copy);
  else
    open_door (self, copy);
}

static gboolean
kab_rules_page_focus_search (KabPage *page)
{
  if (KAB_RULES_PAGE (page)->wizard != NULL)
    return FALSE;

  return kab_item_view_focus_search (KAB_RULES_PAGE (page)->view);
}

static gboolean
kab_rules_page_toggle_filters (KabPage *page)
{
  if (KAB_RULES_PAGE (page)->wizard != NULL)
    return FALSE;

  return kab_item_view_toggle_filters (KAB_RULES_PAGE (page)->view);
}

/* Esc: a step back, and out of the wizard at the first; the draft stays. */
static gboolean
kab_rules_page_go_back (KabPage *page)
{
  KabRulesPage *self = KAB_RULES_PAGE (page);

  if (self->wizard == NULL)
    return kab_item_view_go_back (self->view);
  if (!kab_rules_wizard_back (self->wizard))
    kab_rules_page_leave (self);

  return TRUE;
}

static void
folded_cb (KabRulesPage *self)
{
  gboolean folded;

  g_object_get (self, "folded", &folded, NULL);
  if (self->wizard != NULL)
    kab_rules_wizard_set_narrow (self->wizard, folded);
}

/* Actions */

static void
details_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  kab_item_view_toggle_detail (KAB_RULES_PAGE (widget)->view);
}

static void
show_hosts_action (GtkWidget  *widget,
                   const char *name,
                   GVariant   *parameter)
{
  KabRulesPage *self = KAB_RULES_PAGE (widget);
  g_autoptr(KabRulePackage) item = kab_rules_page_dup_single (self);
  g_autofree char *query = item != NULL ? kab_packages_dup_query (item) : NULL;

  if (item == NULL)
    return;
  if (g_str_equal (name, "rules.show-assigned"))
    show_hosts_of (self, item, TRUE);
  else
    gtk_widget_activate_action (widget, g_str_equal (name, "rules.show-hosts") ? "win.show-hosts" : "win.show-packages",
                                "s", query);
}

static void
kab_rules_page_dispose (GObject *object)
{
  KabRulesPage *self = KAB_RULES_PAGE (object);

  stop_reading (self);
  if (self->opening != NULL)
    g_cancellable_cancel (self->opening);
  kab_page_set_session (KAB_PAGE (self), NULL);
  if (self->view != NULL)
    kab_item_view_set_model (self->view, NULL);

  G_OBJECT_CLASS (kab_rules_page_parent_class)->dispose (object);
}

static void
kab_rules_page_finalize (GObject *object)
{
  KabRulesPage *self = KAB_RULES_PAGE (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->opening);
  g_clear_object (&self->draft);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  g_object_unref (self->rules);
  g_free (self->asked);

  G_OBJECT_CLASS (kab_rules_page_parent_class)->finalize (object);
}

static void
kab_rules_page_class_init (KabRulesPageClass *klass)
{
  static const char * const hosts_actions[] = { "rules.show-hosts", "rules.show-assigned", "rules.show-package" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  KabPageClass *page_class = KAB_PAGE_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_rules_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_rules_page_finalize;
  page_class->session_changed = kab_rules_page_session_changed;
  page_class->catch_up = kab_rules_page_catch_up;
  page_class->show_query = kab_rules_page_show_query;
  page_class->focus_search = kab_rules_page_focus_search;
  page_class->toggle_filters = kab_rules_page_toggle_filters;
  page_class->go_back = kab_rules_page_go_back;

  g_type_ensure (KAB_TYPE_ITEM_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "rules/kab-rules-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KabRulesPage, modes);
  gtk_widget_class_bind_template_child (widget_class, KabRulesPage, view);
  gtk_widget_class_bind_template_child (widget_class, KabRulesPage, list_start);
  gtk_widget_class_bind_template_child (widget_class, KabRulesPage, list_end);
  gtk_widget_class_bind_template_child (widget_class, KabRulesPage, view_button);
  gtk_widget_class_bind_template_child (widget_class, KabRulesPage, edit_button);
  gtk_widget_class_bind_template_child (widget_class, KabRulesPage, drafts);
  gtk_widget_class_bind_template_child (widget_class, KabRulesPage, drafts_text);
  gtk_widget_class_bind_template_child (widget_class, KabRulesPage, wizard_back);
  gtk_widget_class_bind_template_child (widget_class, KabRulesPage, wizard_end);
  gtk_widget_class_bind_template_child (widget_class, KabRulesPage, wizard_next);
  gtk_widget_class_bind_template_child (widget_class, KabRulesPage, row_menu);
  gtk_widget_class_bind_template_callback (widget_class, selected_cb);
  gtk_widget_class_bind_template_callback_full (widget_class, "update_subtitle",
                                                G_CALLBACK (kab_rules_page_update_subtitle));

  kab_rules_page_class_install_wizard (widget_class);
  kab_rules_page_class_install_drafts (widget_class);
  kab_rules_page_class_install_assign (widget_class);
  for (guint i = 0; i < G_N_ELEMENTS (hosts_actions); i++)
    gtk_widget_class_install_action (widget_class, hosts_actions[i], NULL, show_hosts_action);
  gtk_widget_class_install_action (widget_class, "rules.details", NULL, details_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, GDK_ALT_MASK, "rules.details", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_ALT_MASK, "rules.details", NULL);
}

static void
kab_rules_page_init (KabRulesPage *self)
{
  const KabItemTerm *terms;
  guint n_terms;
  KabTable *table;

  self->rules = g_list_store_new (KAB_TYPE_RULE_PACKAGE);
  gtk_widget_init_template (GTK_WIDGET (self));
  terms = kab_rules_get_terms (&n_terms);
  kab_item_view_set_info (self->view, _("Search rules"), &kab_rules_table, terms, n_terms);
  self->pane = KAB_RULE_PACKAGE_PANE (kab_rule_package_pane_new ());
  kab_item_view_set_detail (self->view, GTK_WIDGET (self->pane));
  table = kab_item_view_get_table (self->view);
  kab_table_set_row_menu (table, self->row_menu);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "table", kab_table_get_actions (table));
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->view_button), kab_table_get_view_menu (table));
  self->empty = adw_status_page_new ();
  kab_table_set_placeholder (table, self->empty);
  kab_item_view_set_model (self->view, G_LIST_MODEL (self->rules));
  g_signal_connect (self, "notify::folded", G_CALLBACK (folded_cb), NULL);
  update_empty (self);
  update_actions (self);
}
