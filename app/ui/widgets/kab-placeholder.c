/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-placeholder.h"

void
kab_placeholder_wrap (GtkButton *button)
{
  g_return_if_fail (GTK_IS_BUTTON (button));

  g_object_set (gtk_button_get_child (button), "wrap", TRUE, "justify", GTK_JUSTIFY_CENTER, NULL);
}

void
kab_placeholder_fill (AdwStatusPage *page,
                      const char    *icon_name,
                      const char    *title,
                      const char    *description,
                      const char    *button,
                      const char    *action)
{
  GtkWidget *child = NULL;

  g_return_if_fail (ADW_IS_STATUS_PAGE (page));

  if (button != NULL)
    {
      child = gtk_button_new_with_mnemonic (button);
      gtk_actionable_set_detailed_action_name (GTK_ACTIONABLE (child), action);
      gtk_widget_add_css_class (child, "pill");
      gtk_widget_set_halign (child, GTK_ALIGN_CENTER);
      kab_placeholder_wrap (GTK_BUTTON (child));
    }
  g_object_set (page, "icon-name", icon_name, "title", title, "description", description, "child", child, NULL);
}
