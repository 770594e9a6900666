/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-tab-stop.h"

struct _KabTabStop
{
  AdwBin parent_instance;
};

G_DEFINE_FINAL_TYPE (KabTabStop, kab_tab_stop, ADW_TYPE_BIN)

static gboolean
kab_tab_stop_focus (GtkWidget        *widget,
                    GtkDirectionType  direction)
{
  if ((direction == GTK_DIR_TAB_FORWARD || direction == GTK_DIR_TAB_BACKWARD) &&
      gtk_widget_get_focus_child (widget) != NULL)
    return FALSE;

  return GTK_WIDGET_CLASS (kab_tab_stop_parent_class)->focus (widget, direction);
}

static void
kab_tab_stop_class_init (KabTabStopClass *klass)
{
  GTK_WIDGET_CLASS (klass)->focus = kab_tab_stop_focus;
}

static void
kab_tab_stop_init (KabTabStop *self)
{
}
