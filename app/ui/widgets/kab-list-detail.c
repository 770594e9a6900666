/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-list-detail.h"
#include "kab-ui.h"
#include "kab-window.h"

#define DETAIL_WIDTH 340
#define DETAIL_WIDTH_ALONE 640
#define REVEALED_JUST_NOW (500 * G_TIME_SPAN_MILLISECOND)

struct _KabListDetail
{
  AdwBin      parent_instance;

  AdwLeaflet *leaflet;
  AdwBin     *list;
  KabTable   *table;          /* in @list, alone or in what a page made around it */
  GtkWidget  *detail_box;
  AdwClamp   *detail;

  gboolean    detail_closed;  /* by the user */
  gint64      revealed_at;    /* monotonic microseconds: when a selection made the detail come */
};

G_DEFINE_FINAL_TYPE (KabListDetail, kab_list_detail, ADW_TYPE_BIN)

enum {
  PROP_FOLDED = 1,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* With nothing selected all room is the list's. Where there is room for one of the two only, nothing is gained. */
static void
update_detail (KabListDetail *self)
{
  gboolean shown = adw_leaflet_get_folded (self->leaflet) ||
                   (kab_table_get_n_selected (self->table) > 0 && !self->detail_closed);

  if (shown && !gtk_widget_get_visible (self->detail_box))
    self->revealed_at = g_get_monotonic_time ();
  gtk_widget_set_visible (self->detail_box, shown);
}

static gboolean
is_detail_on_top (KabListDetail *self)
{
  return adw_leaflet_get_folded (self->leaflet) &&
         g_strcmp0 (adw_leaflet_get_visible_child_name (self->leaflet), "detail") == 0;
}

static void
back_cb (KabListDetail *self)
{
  kab_list_detail_show_list (self);
  if (gtk_widget_get_mapped (GTK_WIDGET (self->table)))
    gtk_widget_grab_focus (GTK_WIDGET (self->table));
}

static void
told_cb (KabListDetail *self,
         const char    *text)
{
  kab_window_add_toast (GTK_WIDGET (self), text);
}

static void
failed_cb (KabListDetail *self,
           const GError  *error)
{
  kab_window_add_error (GTK_WIDGET (self), error);
}

/* One click opens where there is room for one of the two only. */
static void
folded_cb (KabListDetail *self)
{
  gboolean folded = adw_leaflet_get_folded (self->leaflet);
  int width = folded ? DETAIL_WIDTH_ALONE : DETAIL_WIDTH;

  kab_table_set_single_click (self->table, folded);
  gtk_widget_set_hexpand (self->detail_box, folded);
  adw_clamp_set_maximum_size (self->detail, width);
  adw_clamp_set_tightening_threshold (self->detail, width);
  /* A click on a row that left no room for both is a click that opens. */
  if (folded)
    adw_leaflet_set_visible_child_name (self->leaflet,
                                        g_get_monotonic_time () - self->revealed_at < REVEALED_JUST_NOW
                                        ? "detail" : "list");
  update_detail (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLDED]);
}

static void
kab_list_detail_get_property (GObject    *object,
                              guint       id,
                              GValue     *value,
                              GParamSpec *pspec)
{
  if (id == PROP_FOLDED)
    g_value_set_boolean (value, adw_leaflet_get_folded (KAB_LIST_DETAIL (object)->leaflet));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kab_list_detail_dispose (GObject *object)
{
  KabListDetail *self = KAB_LIST_DETAIL (object);

  if (self->table != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->table, self);
      g_signal_handlers_disconnect_by_data (self->leaflet, self);
      self->table = NULL;
    }

  G_OBJECT_CLASS (kab_list_detail_parent_class)->dispose (object);
}

static void
kab_list_detail_class_init (KabListDetailClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = kab_list_detail_get_property;
  object_class->dispose = kab_list_detail_dispose;

  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (KAB_TYPE_TABLE);
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "widgets/kab-list-detail.ui");
  gtk_widget_class_bind_template_child (widget_class, KabListDetail, leaflet);
  gtk_widget_class_bind_template_child (widget_class, KabListDetail, list);
  gtk_widget_class_bind_template_child (widget_class, KabListDetail, table);
  gtk_widget_class_bind_template_child (widget_class, KabListDetail, detail_box);
  gtk_widget_class_bind_template_child (widget_class, KabListDetail, detail);
  gtk_widget_class_bind_template_callback (widget_class, back_cb);
  gtk_widget_class_bind_template_callback (widget_class, folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, update_detail);
  gtk_widget_class_bind_template_callback (widget_class, told_cb);
  gtk_widget_class_bind_template_callback (widget_class, failed_cb);
}

static void
kab_list_detail_init (KabListDetail *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

KabTable *
kab_list_detail_get_table (KabListDetail *self)
{
  g_return_val_if_fail (KAB_IS_LIST_DETAIL (self), NULL);

  return self->table;
}

void
kab_list_detail_set_list (KabListDetail *self,
                          GtkWidget     *list)
{
  g_return_if_fail (KAB_IS_LIST_DETAIL (self));

  adw_bin_set_child (self->list, list);
}

void
kab_list_detail_set_detail (KabListDetail *self,
                            GtkWidget     *detail)
{
  g_return_if_fail (KAB_IS_LIST_DETAIL (self));

  adw_clamp_set_child (self->detail, detail);
}

void
kab_list_detail_open (KabListDetail *self)
{
  g_return_if_fail (KAB_IS_LIST_DETAIL (self));

  self->detail_closed = FALSE;
  update_detail (self);
  adw_leaflet_set_visible_child_name (self->leaflet, "detail");
}

void
kab_list_detail_toggle (KabListDetail *self)
{
  g_return_if_fail (KAB_IS_LIST_DETAIL (self));

  if (is_detail_on_top (self))
    {
      kab_list_detail_show_list (self);
    }
  else if (adw_leaflet_get_folded (self->leaflet))
    {
      kab_list_detail_open (self);
    }
  else
    {
      self->detail_closed = !self->detail_closed;
      update_detail (self);
    }
}

void
kab_list_detail_show_list (KabListDetail *self)
{
  g_return_if_fail (KAB_IS_LIST_DETAIL (self));

  adw_leaflet_set_visible_child_name (self->leaflet, "list");
}

gboolean
kab_list_detail_go_back (KabListDetail *self)
{
  g_return_val_if_fail (KAB_IS_LIST_DETAIL (self), FALSE);

  if (!is_detail_on_top (self))
    return FALSE;

  kab_list_detail_show_list (self);
  return TRUE;
}
