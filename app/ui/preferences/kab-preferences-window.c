/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-gate-page.h"
#include "kab-preferences-window.h"
#include "kab-server-editor.h"
#include "kab-settings.h"
#include "kab-signing-page.h"
#include "kab-ui.h"

struct _KabPreferencesWindow
{
  AdwPreferencesWindow  parent_instance;

  GtkListBox           *server_list;
  AdwComboRow          *color_scheme;
  GtkSwitch            *notify;
  KabSigningPage       *signing;

  KabWindow            *window;         /* borrowed: we are transient for it */
  KabServers           *servers;
};

G_DEFINE_FINAL_TYPE (KabPreferencesWindow, kab_preferences_window, ADW_TYPE_PREFERENCES_WINDOW)

static void
color_scheme_changed_cb (KabPreferencesWindow *self)
{
  g_settings_set_enum (kab_settings_get_default (), "color-scheme",
                       (int) adw_combo_row_get_selected (self->color_scheme));
}

static void
edit_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  kab_preferences_window_show_server (KAB_PREFERENCES_WINDOW (widget),
                                      g_variant_get_string (parameter, NULL));
}

static void
add_action (GtkWidget  *widget,
            const char *action_name,
            GVariant   *parameter)
{
  KabPreferencesWindow *self = KAB_PREFERENCES_WINDOW (widget);
  KabWindow *window = self->window;

  gtk_window_close (GTK_WINDOW (self));
  gtk_widget_activate_action (GTK_WIDGET (window), "win.connect", NULL);
}

static GtkWidget *
row_new (KabPreferencesWindow *self,
         const KabProfile     *profile)
{
  KabSession *session = kab_window_get_session (self->window);
  gboolean is_shown = session != NULL &&
                      g_strcmp0 (kab_session_get_profile (session)->name, profile->name) == 0;
  gboolean practice = g_str_equal (profile->name, KAB_PROFILE_PRACTICE);
  g_autofree char *name = g_markup_escape_text (practice ? _("Practice fleet") : profile->name, -1);
  g_autofree char *url = g_markup_escape_text (profile->url, -1);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW,
                                 "title", name, "subtitle", url, "activatable", TRUE,
                                 "action-name", "preferences.edit", NULL);
  GtkWidget *mark = g_object_new (GTK_TYPE_IMAGE,
                                  "icon-name", "object-select-symbolic", "visible", is_shown,
                                  "tooltip-text", _("Shown now"), NULL);

  gtk_actionable_set_action_target (GTK_ACTIONABLE (row), "s", profile->name);
  gtk_accessible_update_property (GTK_ACCESSIBLE (mark), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Shown now"), -1);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row), mark);
  adw_action_row_add_suffix (ADW_ACTION_ROW (row),
                             g_object_new (GTK_TYPE_IMAGE, "icon-name", "go-next-symbolic",
                                           "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL));

  return row;
}

static void
servers_changed_cb (KabPreferencesWindow *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->server_list))) != NULL)
    gtk_list_box_remove (self->server_list, child);
  for (guint i = 0; i < kab_servers_get_n (self->servers); i++)
    gtk_list_box_append (self->server_list, row_new (self, kab_servers_get (self->servers, i)));
  gtk_widget_set_visible (GTK_WIDGET (self->server_list), kab_servers_get_n (self->servers) > 0);
}

static void
kab_preferences_window_dispose (GObject *object)
{
  KabPreferencesWindow *self = KAB_PREFERENCES_WINDOW (object);

  if (self->servers != NULL)
    g_signal_handlers_disconnect_by_data (self->servers, self);
  g_clear_object (&self->servers);
  gtk_widget_dispose_template (GTK_WIDGET (self), KAB_TYPE_PREFERENCES_WINDOW);

  G_OBJECT_CLASS (kab_preferences_window_parent_class)->dispose (object);
}

static void
kab_preferences_window_class_init (KabPreferencesWindowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_preferences_window_dispose;

  g_type_ensure (KAB_TYPE_SIGNING_PAGE);
  g_type_ensure (KAB_TYPE_GATE_PAGE);
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "preferences/kab-preferences-window.ui");
  gtk_widget_class_bind_template_child (widget_class, KabPreferencesWindow, server_list);
  gtk_widget_class_bind_template_child (widget_class, KabPreferencesWindow, color_scheme);
  gtk_widget_class_bind_template_child (widget_class, KabPreferencesWindow, notify);
  gtk_widget_class_bind_template_child (widget_class, KabPreferencesWindow, signing);
  gtk_widget_class_bind_template_callback (widget_class, color_scheme_changed_cb);
  gtk_widget_class_install_action (widget_class, "preferences.edit", "s", edit_action);
  gtk_widget_class_install_action (widget_class, "preferences.add", NULL, add_action);
}

/* libadwaita 1.2 wants 360 px for the content alone, and the frame of a window without shadow comes on top. */
static void
make_narrower (KabPreferencesWindow *self)
{
  GtkWidget *widget = adw_window_get_content (ADW_WINDOW (self));

  while (widget != NULL && !ADW_IS_LEAFLET (widget))
    widget = gtk_widget_get_first_child (widget);
  if (widget != NULL)
    gtk_widget_set_size_request (widget, -1, -1);
}

static void
kab_preferences_window_init (KabPreferencesWindow *self)
{
  GSettings *settings = kab_settings_get_default ();
  guint scheme = (guint) g_settings_get_enum (settings, "color-scheme");

  gtk_widget_init_template (GTK_WIDGET (self));
  make_narrower (self);
  adw_combo_row_set_selected (self->color_scheme, scheme);
  g_settings_bind (settings, "notify", self->notify, "active", G_SETTINGS_BIND_DEFAULT);
}

KabPreferencesWindow *
kab_preferences_window_new (KabWindow  *parent,
                            KabServers *servers)
{
  KabPreferencesWindow *self = g_object_new (KAB_TYPE_PREFERENCES_WINDOW, "transient-for", parent, NULL);

  self->window = parent;
  self->servers = g_object_ref (servers);
  g_signal_connect_swapped (servers, "changed", G_CALLBACK (servers_changed_cb), self);
  servers_changed_cb (self);
  kab_signing_page_set_window (self->signing, parent, servers);

  return self;
}

void
kab_preferences_window_show_server (KabPreferencesWindow *self,
                                    const char           *name)
{
  const KabProfile *profile;

  g_return_if_fail (KAB_IS_PREFERENCES_WINDOW (self));

  profile = kab_servers_find (self->servers, name);
  if (profile != NULL)
    adw_preferences_window_present_subpage (ADW_PREFERENCES_WINDOW (self),
                                            kab_server_editor_new (self->window, self->servers, profile));
}
