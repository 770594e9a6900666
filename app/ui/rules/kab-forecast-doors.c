/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-forecast-columns.h"
#include "kab-forecast-doors.h"
#include "kab-hosts-window.h"

typedef struct {
  KabForecast       *forecast;
  KabForecastFilter  filter;
  int                outcome;      /* -1: pairs */
  int                ring;
  char              *title;        /* of the window */
} Behind;

static void
behind_free (gpointer  data,
             GClosure *closure)
{
  Behind *behind = data;

  g_object_unref (behind->forecast);
  g_free (behind->title);
  g_free (behind);
}

static void
clicked_cb (GtkButton *button,
            Behind    *behind)
{
  gboolean pairs = behind->outcome < 0;
  g_autoptr(GListModel) list = pairs ? kab_forecast_list_pairs (behind->forecast, &behind->filter)
                                     : kab_forecast_list_hosts (behind->forecast, behind->outcome, behind->ring);

  kab_list_window_show (GTK_WIDGET (button), behind->title,
                        pairs ? &kab_forecast_pairs_table : &kab_forecast_hosts_table, list, "hosts",
                        kab_forecast_item_dup_query);
}

static GtkWidget *
door_new (KabForecast  *forecast,
          const char   *label,
          const char   *title,
          const Behind *what)
{
  Behind *behind = g_new (Behind, 1);
  GtkWidget *door = g_object_new (GTK_TYPE_BUTTON, "label", label, "accessible-role", GTK_ACCESSIBLE_ROLE_LINK,
                                  "halign", GTK_ALIGN_START, "valign", GTK_ALIGN_CENTER,
                                  "tooltip-text", _("Shows what is counted here"), NULL);

  *behind = *what;
  behind->forecast = g_object_ref (forecast);
  behind->title = g_strdup (title);
  gtk_widget_add_css_class (door, "flat");
  gtk_widget_add_css_class (door, "door");
  g_signal_connect_data (door, "clicked", G_CALLBACK (clicked_cb), behind, behind_free, 0);
  return door;
}

GtkWidget *
kab_forecast_pairs_door_new (KabForecast             *forecast,
                             const char              *label,
                             const char              *title,
                             const KabForecastFilter *filter)
{
  Behind behind = { NULL, KAB_FORECAST_FILTER_ALL, -1, -1 };

  g_return_val_if_fail (KAB_IS_FORECAST (forecast), NULL);

  if (filter != NULL)
    behind.filter = *filter;
  return door_new (forecast, label, title, &behind);
}

GtkWidget *
kab_forecast_hosts_door_new (KabForecast *forecast,
                             const char  *label,
                             const char  *title,
                             int          outcome,
                             int          ring)
{
  Behind behind = { NULL, KAB_FORECAST_FILTER_ALL, outcome, ring };

  g_return_val_if_fail (KAB_IS_FORECAST (forecast), NULL);

  return door_new (forecast, label, title, &behind);
}
