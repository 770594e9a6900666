/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-error-text.h"
#include "kab-format.h"
#include "kab-server-foot.h"
#include "kab-tooltip.h"
#include "kab-ui.h"

struct _KabServerFoot
{
  AdwBin         parent_instance;

  GtkMenuButton *button;
  GtkPopover    *popover;
  GtkWidget     *content;
  GtkImage      *image;
  GtkLabel      *name;
  GtkLabel      *state;
  GtkLabel      *facts;
  GtkBox        *list;
  GtkWidget     *list_separator;

  KabServers    *servers;
  KabSession    *session;
};

G_DEFINE_FINAL_TYPE (KabServerFoot, kab_server_foot, ADW_TYPE_BIN)

static char *
dup_name (const KabProfile *profile)
{
  if (g_str_equal (profile->name, KAB_PROFILE_PRACTICE))
    return g_strdup (_("Practice fleet"));

  return g_strdup (profile->name);
}

static void
item_clicked_cb (KabServerFoot *self)
{
  gtk_popover_popdown (self->popover);
}

static void
servers_changed_cb (KabServerFoot *self)
{
  const char *shown = self->session != NULL ? kab_session_get_profile (self->session)->name : NULL;
  guint n = self->servers != NULL ? kab_servers_get_n (self->servers) : 0;
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self->list))) != NULL)
    gtk_box_remove (self->list, child);

  for (guint i = 0; i < n; i++)
    {
      const KabProfile *profile = kab_servers_get (self->servers, i);
      gboolean is_shown = g_strcmp0 (profile->name, shown) == 0;
      g_autofree char *name = dup_name (profile);
      GtkWidget *box = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 8);
      GtkWidget *label = g_object_new (GTK_TYPE_LABEL,
                                       "label", name, "xalign", 0.0, "hexpand", TRUE,
                                       "ellipsize", PANGO_ELLIPSIZE_END, NULL);
      GtkWidget *check = g_object_new (GTK_TYPE_IMAGE,
                                       "icon-name", "object-select-symbolic",
                                       "visible", is_shown, NULL);
      GtkWidget *item = g_object_new (GTK_TYPE_BUTTON,
                                      "child", box, "action-name", "win.switch-server", NULL);

      gtk_actionable_set_action_target (GTK_ACTIONABLE (item), "s", profile->name);
      gtk_accessible_update_property (GTK_ACCESSIBLE (check),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, _("shown now"), -1);
      gtk_widget_add_css_class (item, "flat");
      gtk_widget_add_css_class (item, "menu-item");
      kab_tooltip_set (item, profile->url);
      gtk_box_append (GTK_BOX (box), label);
      gtk_box_append (GTK_BOX (box), check);
      g_signal_connect_swapped (item, "clicked", G_CALLBACK (item_clicked_cb), self);
      gtk_box_append (self->list, item);
    }
  gtk_widget_set_visible (self->list_separator, n > 0);
}

static void
update_facts (KabServerFoot *self,
              KabSnapshot   *snapshot)
{
  const KabProfile *profile = kab_session_get_profile (self->session);
  const GError *error = kab_session_get_error (self->session);
  const char *version = kab_session_get_server_version (self->session);
  const char *level = kab_format_level (kab_session_get_level (self->session));
  g_autofree char *synced = NULL;
  GString *text = g_string_new (profile->url);

  if (version != NULL && *version != '\0')
    {
      g_string_append_c (text, '\n');
      /* Translators: %s is a version such as 1.8.2 */
      g_string_append_printf (text, _("WAPT server %s"), version);
    }
  if (snapshot != NULL && kab_snapshot_get_synced_at (snapshot) > 0)
    {
      synced = kab_format_date_time (kab_snapshot_get_synced_at (snapshot));
      g_string_append_c (text, '\n');
      /* Translators: %s is a date and time */
      g_string_append_printf (text, _("Data of %s"), synced);
    }
  if (*level != '\0')
    {
      g_string_append_c (text, '\n');
      /* Translators: %s is how it is read: "host by host", "changes only" */
      g_string_append_printf (text, _("Read %s"), level);
    }
  if (kab_error_text_is_shown (error))
    g_string_append_printf (text, "\n%s", kab_error_text_title (error));

  gtk_label_set_label (self->facts, text->str);
  g_string_free (text, TRUE);
}

void
kab_server_foot_update (KabServerFoot *self)
{
  g_autofree char *name = NULL;
  g_autofree char *age = NULL;
  g_autofree char *state = NULL;
  g_autofree char *spoken = NULL;
  g_autofree char *told = NULL;
  const char *connection;
  KabSnapshot *snapshot;

  g_return_if_fail (KAB_IS_SERVER_FOOT (self));

  gtk_widget_set_visible (GTK_WIDGET (self), self->session != NULL);
  if (self->session == NULL)
    return;

  snapshot = kab_session_get_snapshot (self->session);
  name = dup_name (kab_session_get_profile (self->session));
  connection = kab_format_connection (kab_session_get_connection (self->session));
  if (snapshot != NULL && kab_snapshot_get_synced_at (snapshot) > 0)
    {
      age = kab_format_age (kab_snapshot_get_synced_at (snapshot),
                            kab_session_get_now (self->session));
      /* Translators: two lines; %1$s is "Connected" or the like, %2$s an age such as "4 minutes ago" */
      state = g_strdup_printf (_("%1$s\nsynced %2$s"), connection, age);
    }
  else
    state = g_strdup (connection);

  gtk_label_set_label (self->name, name);
  gtk_label_set_label (self->state, state);
  gtk_image_set_from_icon_name (self->image,
                                kab_format_connection_look (kab_session_get_connection (self->session))->icon_name);
  told = g_strconcat (name, "\n", state, NULL);
  kab_tooltip_set (GTK_WIDGET (self->button), told);
  /* Translators: for screen readers; %1$s is a server, %2$s how it stands */
  spoken = g_strdup_printf (_("Server %1$s: %2$s"), name, state);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
  update_facts (self, snapshot);
}

static void
kab_server_foot_dispose (GObject *object)
{
  KabServerFoot *self = KAB_SERVER_FOOT (object);

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  if (self->servers != NULL)
    g_signal_handlers_disconnect_by_data (self->servers, self);
  g_clear_object (&self->servers);
  /* The bin would unparent a child that the template has let go of. */
  adw_bin_set_child (ADW_BIN (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), KAB_TYPE_SERVER_FOOT);

  G_OBJECT_CLASS (kab_server_foot_parent_class)->dispose (object);
}

static void
kab_server_foot_class_init (KabServerFootClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_server_foot_dispose;

  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "kab-server-foot.ui");
  gtk_widget_class_bind_template_child (widget_class, KabServerFoot, button);
  gtk_widget_class_bind_template_child (widget_class, KabServerFoot, popover);
  gtk_widget_class_bind_template_child (widget_class, KabServerFoot, content);
  gtk_widget_class_bind_template_child (widget_class, KabServerFoot, image);
  gtk_widget_class_bind_template_child (widget_class, KabServerFoot, name);
  gtk_widget_class_bind_template_child (widget_class, KabServerFoot, state);
  gtk_widget_class_bind_template_child (widget_class, KabServerFoot, facts);
  gtk_widget_class_bind_template_child (widget_class, KabServerFoot, list);
  gtk_widget_class_bind_template_child (widget_class, KabServerFoot, list_separator);
  gtk_widget_class_bind_template_callback (widget_class, item_clicked_cb);
}

static void
kab_server_foot_init (KabServerFoot *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  /* A menu button centres its content. */
  if (GTK_IS_BOX (gtk_widget_get_parent (self->content)))
    gtk_widget_set_halign (gtk_widget_get_parent (self->content), GTK_ALIGN_FILL);
}

void
kab_server_foot_set_servers (KabServerFoot *self,
                             KabServers    *servers)
{
  g_return_if_fail (KAB_IS_SERVER_FOOT (self));

  if (!g_set_object (&self->servers, servers))
    return;

  g_signal_connect_swapped (servers, "changed", G_CALLBACK (servers_changed_cb), self);
  servers_changed_cb (self);
}

void
kab_server_foot_set_session (KabServerFoot *self,
                             KabSession    *session)
{
  g_return_if_fail (KAB_IS_SERVER_FOOT (self));

  if (self->session == session)
    return;

  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  if (g_set_object (&self->session, session) && session != NULL)
    g_signal_connect_swapped (session, "notify", G_CALLBACK (kab_server_foot_update), self);
  servers_changed_cb (self);
  kab_server_foot_update (self);
}

void
kab_server_foot_popup (KabServerFoot *self)
{
  g_return_if_fail (KAB_IS_SERVER_FOOT (self));

  gtk_menu_button_popup (self->button);
}
