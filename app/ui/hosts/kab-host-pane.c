/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-badge.h"
#include "kab-detail.h"
#include "kab-error-text.h"
#include "kab-facts.h"
#include "kab-format.h"
#include "kab-host-pane.h"
#include "kab-host-parts.h"
#include "kab-host-rules-list.h"
#include "kab-host-tasks.h"
#include "kab-host-updates.h"
#include "kab-hosts-columns.h"
#include "kab-state-bar.h"

struct _KabHostPane
{
  AdwBin            parent_instance;

  GtkWidget        *stack;
  GtkWidget        *none;
  GtkBox           *head;
  GtkWidget        *menu_button;
  AdwViewStack     *tabs;
  KabHostUpdates   *updates;
  KabHostRulesList *rules;
  KabHostTasks     *tasks;
  GtkBox           *history;
  GtkBox           *facts;
  GtkWidget        *error;

  KabSession       *session;
  KabRecord        *record;
  KabHostDetail    *detail;         /* (nullable): what the tabs show */
  guint             filled;         /* bit of each tab that shows it: the others wait until they are looked at */
  GCancellable     *reading;
};

G_DEFINE_FINAL_TYPE (KabHostPane, kab_host_pane, ADW_TYPE_BIN)

static char *
dup_state_query (KabState state,
                 gpointer user_data)
{
  return kab_host_dup_updates_query (user_data, state);
}

static void
fill_head (KabHostPane *self)
{
  const KabHostRecord *record = kab_record_get_host (self->record);
  const KabLimits *limits = kab_snapshot_get_limits (kab_record_get_snapshot (self->record));
  GtkWidget *line, *badge, *bar, *top;

  kab_facts_clear (self->head);
  top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  gtk_box_append (self->head, top);
  gtk_widget_set_hexpand (kab_facts_add_title (GTK_BOX (top), record->name), TRUE);
  gtk_box_append (GTK_BOX (top), self->menu_button);
  if (*record->description != '\0')
    kab_facts_add_dim (self->head, record->description);

  line = kab_facts_add_line (self->head);
  badge = kab_badge_new ();
  kab_badge_set_host_state (KAB_BADGE (badge), record->state, limits);
  gtk_box_append (GTK_BOX (line), badge);
  if (record->restart && record->state != KAB_HOST_STATE_RESTART)
    {
      badge = kab_badge_new ();
      kab_badge_set_host_state (KAB_BADGE (badge), KAB_HOST_STATE_RESTART, limits);
      gtk_box_append (GTK_BOX (line), badge);
    }
  badge = kab_badge_new ();
  if (record->triggerable)
    kab_badge_set (KAB_BADGE (badge), "success", "network-wired-symbolic", C_("host", "Connected"),
                   _("It hears at once what it is asked to do"));
  else
    kab_badge_set (KAB_BADGE (badge), "neutral", "network-offline-symbolic", C_("host", "Not connected"),
                   _("It does not hear what it is asked to do until it is connected"));
  gtk_box_append (GTK_BOX (line), badge);
  if (!record->counted)
    {
      badge = kab_badge_new ();
      kab_badge_set (KAB_BADGE (badge), "neutral", NULL, _("Not counted"),
                     _("It is not Windows or its Windows updates are not managed: it does not take part in compliance"));
      gtk_box_append (GTK_BOX (line), badge);
    }

  bar = kab_state_bar_new ();
  kab_state_bar_set_counts (KAB_STATE_BAR (bar), "updates", record->counts,
                            record->counted ? dup_state_query : NULL, (gpointer) record->uuid);
  gtk_box_append (self->head, bar);
}

static void
fill_tab (KabHostPane *self)
{
  static const char * const names[] = { "updates", "rules", "history", "facts" };
  const char *name = adw_view_stack_get_visible_child_name (self->tabs);
  KabSnapshot *snapshot = self->record != NULL ? kab_record_get_snapshot (self->record) : NULL;
  guint tab = 0;

  while (tab < G_N_ELEMENTS (names) && g_strcmp0 (names[tab], name) != 0)
    tab++;
  if (tab == G_N_ELEMENTS (names) || (self->filled & (1u << tab)) != 0)
    return;

  self->filled |= 1u << tab;
  if (tab == 0)
    kab_host_updates_show (self->updates, self->session, self->record,
                           self->detail != NULL ? self->detail->pairs : NULL);
  else if (tab == 1)
    kab_host_rules_list_show (self->rules, self->detail, snapshot);
  else if (self->detail == NULL)
    kab_facts_clear (tab == 2 ? self->history : self->facts);
  else if (tab == 2)
    kab_host_parts_fill_history (self->history, self->detail, snapshot);
  else
    kab_host_parts_fill_facts (self->facts, self->detail, kab_session_get_now (self->session));
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabHostDetail) detail = NULL;
  KabHostPane *self;

  detail = kab_session_read_host_finish (KAB_SESSION (object), result, &error);
  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_HOST_PANE (user_data);
  gtk_widget_set_visible (self->error, error != NULL);
  if (error != NULL)
    gtk_label_set_label (GTK_LABEL (self->error), kab_error_text_describe (error));
  g_clear_pointer (&self->detail, kab_host_detail_free);
  self->detail = g_steal_pointer (&detail);
  self->filled = 0;
  fill_tab (self);
}

static void
stop_reading (KabHostPane *self)
{
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

static void
kab_host_pane_dispose (GObject *object)
{
  KabHostPane *self = KAB_HOST_PANE (object);

  stop_reading (self);
  g_clear_object (&self->menu_button);
  g_clear_object (&self->record);
  g_clear_object (&self->session);
  g_clear_pointer (&self->detail, kab_host_detail_free);

  G_OBJECT_CLASS (kab_host_pane_parent_class)->dispose (object);
}

static void
kab_host_pane_class_init (KabHostPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_host_pane_dispose;
}

static GtkBox *
add_scrolled_tab (KabHostPane *self,
                  const char  *name,
                  const char  *title,
                  const char  *icon_name)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *scrolled;

  gtk_widget_add_css_class (box, "facts");
  scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", box,
                           "hscrollbar-policy", GTK_POLICY_NEVER, "vexpand", TRUE, NULL);
  adw_view_stack_add_titled_with_icon (self->tabs, scrolled, name, title, icon_name);
  return GTK_BOX (box);
}

static void
add_tabs (KabHostPane *self)
{
  self->tabs = ADW_VIEW_STACK (adw_view_stack_new ());
  adw_view_stack_set_hhomogeneous (self->tabs, FALSE);
  self->updates = KAB_HOST_UPDATES (kab_host_updates_new ());
  adw_view_stack_add_titled_with_icon (self->tabs, GTK_WIDGET (self->updates), "updates",
                                       _("Updates"), "kab-updates-symbolic");
  self->rules = KAB_HOST_RULES_LIST (kab_host_rules_list_new ());
  adw_view_stack_add_titled_with_icon (self->tabs, GTK_WIDGET (self->rules), "rules",
                                       _("Rules"), "security-medium-symbolic");
  self->tasks = KAB_HOST_TASKS (kab_host_tasks_new ());
  adw_view_stack_add_titled_with_icon (self->tabs, GTK_WIDGET (self->tasks), "tasks",
                                       _("Tasks"), "system-run-symbolic");
  self->history = add_scrolled_tab (self, "history", _("History"), "document-open-recent-symbolic");
  self->facts = add_scrolled_tab (self, "facts", _("Facts"), "computer-symbolic");
  g_signal_connect_object (self->tabs, "notify::visible-child", G_CALLBACK (fill_tab), self,
                           G_CONNECT_SWAPPED);
}

static void
kab_host_pane_init (KabHostPane *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  GtkWidget *switcher = adw_view_switcher_new ();

  self->menu_button = g_object_ref_sink (gtk_menu_button_new ());
  g_object_set (self->menu_button, "icon-name", "view-more-symbolic", "valign", GTK_ALIGN_START,
                "tooltip-text", _("What can be done with this host"), NULL);
  gtk_widget_add_css_class (self->menu_button, "flat");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->menu_button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, _("Actions of the host"), -1);
  self->head = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  gtk_widget_add_css_class (GTK_WIDGET (self->head), "facts");
  gtk_widget_add_css_class (GTK_WIDGET (self->head), "head");
  self->error = kab_facts_new_text ("");
  gtk_widget_add_css_class (self->error, "error");
  gtk_widget_set_visible (self->error, FALSE);
  add_tabs (self);
  adw_view_switcher_set_stack (ADW_VIEW_SWITCHER (switcher), self->tabs);
  adw_view_switcher_set_policy (ADW_VIEW_SWITCHER (switcher), ADW_VIEW_SWITCHER_POLICY_NARROW);
  gtk_widget_set_vexpand (GTK_WIDGET (self->tabs), TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->head));
  gtk_box_append (GTK_BOX (box), self->error);
  gtk_box_append (GTK_BOX (box), switcher);
  gtk_box_append (GTK_BOX (box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->tabs));

  self->none = adw_status_page_new ();
  gtk_widget_add_css_class (self->none, "compact");
  self->stack = gtk_stack_new ();
  gtk_stack_add_named (GTK_STACK (self->stack), self->none, "none");
  gtk_stack_add_named (GTK_STACK (self->stack), box, "one");
  adw_bin_set_child (ADW_BIN (self), self->stack);
}

GtkWidget *
kab_host_pane_new (void)
{
  return g_object_new (KAB_TYPE_HOST_PANE, NULL);
}

static void
show_none (KabHostPane *self,
           guint        n_selected)
{
  g_autofree char *count = kab_format_count (n_selected);
  g_autofree char *title = NULL;

  if (n_selected > 1)
    title = g_strdup_printf (ngettext ("%s Host Selected", "%s Hosts Selected", n_selected), count);
  g_object_set (self->none,
                "icon-name", "kab-hosts-symbolic",
                "title", title != NULL ? title : _("No Host Selected"),
                "description", n_selected > 1
                               ? _("Scan, download and install are asked of all of them at once.")
                               : _("Choose a host to see its updates and why each is in its state."),
                NULL);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "none");
  kab_host_tasks_show (self->tasks, NULL, NULL);
}

void
kab_host_pane_show (KabHostPane *self,
                    KabSession  *session,
                    KabRecord   *record,
                    guint        n_selected)
{
  g_return_if_fail (KAB_IS_HOST_PANE (self));

  stop_reading (self);
  g_set_object (&self->session, session);
  g_set_object (&self->record, record);
  if (record == NULL || session == NULL)
    {
      show_none (self, n_selected);
      return;
    }

  fill_head (self);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "one");
  kab_host_tasks_show (self->tasks, session, kab_record_get_id (record));
  self->reading = g_cancellable_new ();
  kab_session_read_host_async (session, kab_record_get_id (record), self->reading, read_cb, self);
}

void
kab_host_pane_set_problem (KabHostPane *self,
                           const char  *problem)
{
  g_return_if_fail (KAB_IS_HOST_PANE (self));

  kab_host_updates_set_problem (self->updates, problem);
}

void
kab_host_pane_show_tab (KabHostPane *self,
                        const char  *name)
{
  g_return_if_fail (KAB_IS_HOST_PANE (self));

  adw_view_stack_set_visible_child_name (self->tabs, name);
}

void
kab_host_pane_set_menu (KabHostPane *self,
                        GMenuModel  *menu)
{
  g_return_if_fail (KAB_IS_HOST_PANE (self));

  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (self->menu_button), menu);
}
