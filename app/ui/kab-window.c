/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-activity-page.h"
#include "kab-hosts-page.h"
#include "kab-overview-page.h"
#include "kab-packages-page.h"
#include "kab-rules-page.h"
#include "kab-settings.h"
#include "kab-ui.h"
#include "kab-updates-page.h"
#include "kab-welcome.h"
#include "kab-window-private.h"

G_DEFINE_FINAL_TYPE (KabWindow, kab_window, ADW_TYPE_APPLICATION_WINDOW)

/* The pages in the order of the sidebar, and of Ctrl+1 … */
static const struct {
  const char  *name;
  const char  *title;
  const char  *icon_name;
  GType      (*get_type) (void);
} page_infos[] = {
  { "overview", N_("Overview"), "kab-overview-symbolic", kab_overview_page_get_type },
  { "updates", N_("Updates"), "kab-updates-symbolic", kab_updates_page_get_type },
  { "hosts", N_("Hosts"), "kab-hosts-symbolic", kab_hosts_page_get_type },
  { "rules", N_("Rules"), "kab-rules-symbolic", kab_rules_page_get_type },
  { "packages", N_("Packages"), "kab-packages-symbolic", kab_packages_page_get_type },
  { "activity", N_("Activity"), "kab-activity-symbolic", kab_activity_page_get_type },
};

static gboolean
minute_cb (gpointer user_data)
{
  kab_window_minute (KAB_WINDOW (user_data));

  return G_SOURCE_CONTINUE;
}

KabSidebarRow *
kab_window_get_row (KabWindow  *self,
                    const char *name)
{
  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->page_list)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (KAB_IS_SIDEBAR_ROW (row) && g_strcmp0 (kab_sidebar_row_get_name (KAB_SIDEBAR_ROW (row)), name) == 0)
      return KAB_SIDEBAR_ROW (row);

  return NULL;
}

static void
visible_page_changed_cb (KabWindow *self)
{
  GtkWidget *page = gtk_stack_get_visible_child (self->pages);
  GtkWidget *parent = gtk_widget_get_parent (self->banners);

  if (page == NULL || gtk_widget_in_destruction (GTK_WIDGET (self)))
    return;

  if (parent != NULL)
    kab_page_set_banners (KAB_PAGE (gtk_widget_get_ancestor (parent, KAB_TYPE_PAGE)), NULL);
  kab_page_set_banners (KAB_PAGE (page), self->banners);
  kab_page_refresh (KAB_PAGE (page));

  gtk_list_box_select_row (self->page_list,
                           GTK_LIST_BOX_ROW (kab_window_get_row (self, gtk_stack_get_visible_child_name (self->pages))));
}

/* Arrow keys select: the page beside follows. Where the list has the window for itself, only Enter leaves it. */
static void
page_row_selected_cb (KabWindow     *self,
                      GtkListBoxRow *row)
{
  KabPage *page;

  if (row == NULL || adw_leaflet_get_folded (self->leaflet))
    return;

  page = kab_window_ensure_page (self, kab_sidebar_row_get_name (KAB_SIDEBAR_ROW (row)));
  if (page == NULL || GTK_WIDGET (page) == gtk_stack_get_visible_child (self->pages))
    return;

  g_clear_pointer (&self->came_from, g_free);
  gtk_stack_set_visible_child (self->pages, GTK_WIDGET (page));
}

static void
page_row_activated_cb (KabWindow     *self,
                       GtkListBoxRow *row)
{
  g_clear_pointer (&self->came_from, g_free);
  kab_window_show_page (self, kab_sidebar_row_get_name (KAB_SIDEBAR_ROW (row)));
}

static void
show_page_action (GtkWidget  *widget,
                  const char *action_name,
                  GVariant   *parameter)
{
  g_clear_pointer (&KAB_WINDOW (widget)->came_from, g_free);
  kab_window_show_page (KAB_WINDOW (widget), g_variant_get_string (parameter, NULL));
}

/* win.show-updates, win.show-hosts, win.show-rules, win.show-packages, win.show-activity: the doors */
static void
show_query_action (GtkWidget  *widget,
                   const char *action_name,
                   GVariant   *parameter)
{
  KabWindow *self = KAB_WINDOW (widget);
  const char *from = gtk_stack_get_visible_child_name (self->pages);
  const char *name = strrchr (action_name, '-') + 1;
  KabPage *page;

  if (g_strcmp0 (from, name) != 0)
    {
      g_free (self->came_from);
      self->came_from = g_strdup (from);
    }
  page = kab_window_show_page (self, name);
  if (page != NULL)
    kab_page_show_query (page, g_variant_get_string (parameter, NULL));
}

/* Ctrl+N */
static void
new_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  KabPage *page = kab_window_show_page (KAB_WINDOW (widget), "rules");

  if (page != NULL)
    gtk_widget_activate_action (GTK_WIDGET (page), "rules.new", NULL);
}

static void
show_sidebar_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  adw_leaflet_set_visible_child_name (KAB_WINDOW (widget)->leaflet, "sidebar");
}

static void
search_action (GtkWidget  *widget,
               const char *action_name,
               GVariant   *parameter)
{
  KabPage *page = kab_window_get_page (KAB_WINDOW (widget));

  if (page != NULL && kab_page_focus_search (page))
    adw_leaflet_set_visible_child_name (KAB_WINDOW (widget)->leaflet, "content");
}

static void
toggle_filters_action (GtkWidget  *widget,
                       const char *action_name,
                       GVariant   *parameter)
{
  KabPage *page = kab_window_get_page (KAB_WINDOW (widget));

  if (page != NULL)
    kab_page_toggle_filters (page);
}

static void
back_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  KabWindow *self = KAB_WINDOW (widget);
  KabPage *page = kab_window_get_page (self);
  g_autofree char *came_from = NULL;

  if (page == NULL || kab_page_go_back (page))
    return;

  came_from = g_steal_pointer (&self->came_from);
  if (came_from != NULL)
    kab_window_show_page (self, came_from);
  else if (adw_leaflet_get_folded (self->leaflet))
    adw_leaflet_set_visible_child_name (self->leaflet, "sidebar");
}

static void
show_servers_action (GtkWidget  *widget,
                     const char *action_name,
                     GVariant   *parameter)
{
  kab_server_foot_popup (KAB_WINDOW (widget)->foot);
}

static gboolean
kab_window_close_request (GtkWindow *window)
{
  KabWindow *self = KAB_WINDOW (window);
  GSettings *settings = kab_settings_get_default ();
  const char *page = gtk_stack_get_visible_child_name (self->pages);
  int width;
  int height;

  gtk_window_get_default_size (window, &width, &height);
  g_settings_set_int (settings, "window-width", width);
  g_settings_set_int (settings, "window-height", height);
  g_settings_set_boolean (settings, "window-maximized", gtk_window_is_maximized (window));
  if (page != NULL)
    g_settings_set_string (settings, "page", page);

  kab_window_close_session (self);

  return GTK_WINDOW_CLASS (kab_window_parent_class)->close_request (window);
}

void
kab_window_set_badge (KabWindow  *self,
                      const char *page,
                      guint       count,
                      gboolean    attention,
                      const char *text)
{
  kab_sidebar_row_set_badge (kab_window_get_row (self, page), count, attention, text);
}

/* Pages are made when they are needed: a start does not wait for tables that nobody looks at. */
KabPage *
kab_window_ensure_page (KabWindow  *self,
                        const char *name)
{
  GtkWidget *page = gtk_stack_get_child_by_name (self->pages, name);

  for (guint i = 0; i < G_N_ELEMENTS (page_infos) && page == NULL; i++)
    if (g_strcmp0 (page_infos[i].name, name) == 0)
      {
        page = g_object_new (page_infos[i].get_type (), NULL);
        gtk_stack_add_named (self->pages, page, name);
        g_object_bind_property (self->leaflet, "folded", page, "folded", G_BINDING_SYNC_CREATE);
        kab_page_set_session (KAB_PAGE (page), self->session);
      }

  return page != NULL ? KAB_PAGE (page) : NULL;
}

/* A page that is told of the fold needs less room than before. The leaflet would unfold again, and so on for ever, if it did
 * not wait for the room that is missing now; we learn of the fold before the pages do. */
static void
leaflet_folded_cb (KabWindow *self)
{
  int width;

  if (!adw_leaflet_get_folded (self->leaflet))
    return;

  self->unfold_width = 0;
  for (GtkWidget *w = gtk_widget_get_first_child (GTK_WIDGET (self->leaflet)); w != NULL;
       w = gtk_widget_get_next_sibling (w))
    {
      gtk_widget_measure (w, GTK_ORIENTATION_HORIZONTAL, -1, &width, NULL, NULL, NULL);
      self->unfold_width += width;
    }
}

/* Text of another size wants other room. */
static void
text_size_changed_cb (KabWindow *self)
{
  self->unfold_width = 0;
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
kab_window_size_allocate (GtkWidget *widget,
                          int        width,
                          int        height,
                          int        baseline)
{
  KabWindow *self = KAB_WINDOW (widget);

  adw_leaflet_set_can_unfold (self->leaflet, width >= self->unfold_width);
  GTK_WIDGET_CLASS (kab_window_parent_class)->size_allocate (widget, width, height, baseline);
}

static void
kab_window_dispose (GObject *object)
{
  KabWindow *self = KAB_WINDOW (object);

  g_clear_handle_id (&self->minute_id, g_source_remove);
  kab_window_close_session (self);
  if (self->servers != NULL)
    g_signal_handlers_disconnect_by_data (self->servers, self);
  g_clear_object (&self->servers);
  g_clear_object (&self->banners);
  gtk_widget_dispose_template (GTK_WIDGET (self), KAB_TYPE_WINDOW);

  G_OBJECT_CLASS (kab_window_parent_class)->dispose (object);
}

static void
kab_window_finalize (GObject *object)
{
  g_free (KAB_WINDOW (object)->came_from);

  G_OBJECT_CLASS (kab_window_parent_class)->finalize (object);
}

static void
kab_window_class_init (KabWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_window_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_window_finalize;
  widget_class->size_allocate = kab_window_size_allocate;
  GTK_WINDOW_CLASS (klass)->close_request = kab_window_close_request;

  g_type_ensure (KAB_TYPE_SERVER_FOOT);
  g_type_ensure (KAB_TYPE_WELCOME);

  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "kab-window.ui");
  gtk_widget_class_bind_template_child (widget_class, KabWindow, toasts);
  gtk_widget_class_bind_template_child (widget_class, KabWindow, root);
  gtk_widget_class_bind_template_child (widget_class, KabWindow, welcome);
  gtk_widget_class_bind_template_child (widget_class, KabWindow, leaflet);
  gtk_widget_class_bind_template_child (widget_class, KabWindow, page_list);
  gtk_widget_class_bind_template_child (widget_class, KabWindow, pages);
  gtk_widget_class_bind_template_child (widget_class, KabWindow, foot);
  gtk_widget_class_bind_template_callback (widget_class, leaflet_folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, page_row_activated_cb);
  gtk_widget_class_bind_template_callback (widget_class, page_row_selected_cb);
  gtk_widget_class_bind_template_callback (widget_class, visible_page_changed_cb);

  gtk_widget_class_install_action (widget_class, "win.show-page", "s", show_page_action);
  gtk_widget_class_install_action (widget_class, "win.show-updates", "s", show_query_action);
  gtk_widget_class_install_action (widget_class, "win.show-hosts", "s", show_query_action);
  gtk_widget_class_install_action (widget_class, "win.show-rules", "s", show_query_action);
  gtk_widget_class_install_action (widget_class, "win.show-packages", "s", show_query_action);
  gtk_widget_class_install_action (widget_class, "win.show-activity", "s", show_query_action);
  gtk_widget_class_install_action (widget_class, "win.new", NULL, new_action);
  gtk_widget_class_install_action (widget_class, "win.show-sidebar", NULL, show_sidebar_action);
  gtk_widget_class_install_action (widget_class, "win.show-servers", NULL, show_servers_action);
  gtk_widget_class_install_action (widget_class, "win.search", NULL, search_action);
  gtk_widget_class_install_action (widget_class, "win.toggle-filters", NULL, toggle_filters_action);
  gtk_widget_class_install_action (widget_class, "win.back", NULL, back_action);
  kab_window_class_install_session_actions (widget_class);
  kab_window_class_install_dialog_actions (widget_class);

  /* Not an accelerator of the application, which would come before popovers and search entries. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "win.back", NULL);
}

static void
kab_window_init (KabWindow *self)
{
  GSettings *settings = kab_settings_get_default ();

  self->banners = g_object_ref_sink (kab_banners_new ());
  gtk_widget_init_template (GTK_WIDGET (self));

  for (guint i = 0; i < G_N_ELEMENTS (page_infos); i++)
    gtk_list_box_append (self->page_list,
                         kab_sidebar_row_new (page_infos[i].name, _(page_infos[i].title),
                                              page_infos[i].icon_name));

  gtk_window_set_default_size (GTK_WINDOW (self),
                               g_settings_get_int (settings, "window-width"),
                               g_settings_get_int (settings, "window-height"));
  if (g_settings_get_boolean (settings, "window-maximized"))
    gtk_window_maximize (GTK_WINDOW (self));
  g_signal_connect_object (gtk_settings_get_default (), "notify::gtk-xft-dpi", G_CALLBACK (text_size_changed_cb), self,
                           G_CONNECT_SWAPPED);
  self->minute_id = g_timeout_add_seconds (30, minute_cb, self);
  kab_window_update_actions (self);
}

KabWindow *
kab_window_new (AdwApplication *application)
{
  return g_object_new (KAB_TYPE_WINDOW, "application", application, NULL);
}

KabSession *
kab_window_get_session (KabWindow *self)
{
  g_return_val_if_fail (KAB_IS_WINDOW (self), NULL);

  return self->session;
}

/**
 * kab_window_show_page:
 * @self: the window
 * @name: "overview", "updates", "hosts" or "activity"
 *
 * Returns: (transfer none) (nullable): the page; %NULL when there is none of that name
 */
KabPage *
kab_window_show_page (KabWindow  *self,
                      const char *name)
{
  KabPage *page;

  g_return_val_if_fail (KAB_IS_WINDOW (self), NULL);

  page = kab_window_ensure_page (self, name);
  if (page == NULL)
    return NULL;

  gtk_stack_set_visible_child (self->pages, GTK_WIDGET (page));
  adw_leaflet_set_visible_child_name (self->leaflet, "content");

  return page;
}

KabPage *
kab_window_get_page (KabWindow *self)
{
  GtkWidget *page;

  g_return_val_if_fail (KAB_IS_WINDOW (self), NULL);

  page = gtk_stack_get_visible_child (self->pages);

  return page != NULL && self->session != NULL ? KAB_PAGE (page) : NULL;
}

gboolean
kab_window_knows_page (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (page_infos); i++)
    if (g_strcmp0 (page_infos[i].name, name) == 0)
      return TRUE;

  return FALSE;
}

GPtrArray *
kab_window_dup_page_names (KabWindow *self)
{
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  g_return_val_if_fail (KAB_IS_WINDOW (self), names);

  for (GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->page_list)); row != NULL;
       row = gtk_widget_get_next_sibling (row))
    if (KAB_IS_SIDEBAR_ROW (row))
      g_ptr_array_add (names, g_strdup (kab_sidebar_row_get_name (KAB_SIDEBAR_ROW (row))));

  return names;
}
