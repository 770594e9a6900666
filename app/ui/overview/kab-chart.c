/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-category.h"
#include "kab-chart.h"
#include "kab-format.h"
#include "kab-tooltip.h"

#define DAY (24 * 60 * 60)
#define N_DAYS 90
#define HEIGHT 190
#define TOP 22          /* for the dates of Patch Tuesdays */
#define BOTTOM 20       /* for the first and the last day */

struct _KabChart
{
  GtkWidget  parent_instance;

  GArray    *days;        /* (element-type KabHistoryDay) */
  gint64     from;
  gint64     until;
  int        reading;     /* index into days, -1 = none */
  char      *words;
};

G_DEFINE_FINAL_TYPE (KabChart, kab_chart, GTK_TYPE_WIDGET)

/* From the axis upwards: what hurts most lies where it is read best. */
static const struct {
  KabState    state;
  const char *color;      /* named colour of the theme */
} layers[] = {
  { KAB_STATE_ERROR, "error_bg_color" },
  { KAB_STATE_MISSING, "purple_3" },
  { KAB_STATE_PENDING, "accent_bg_color" },
};

static double
day_to_x (KabChart *self,
          gint64    day,
          int       width)
{
  double x = (double) (day - self->from) / (double) MAX (self->until - self->from, DAY) * width;

  return gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL ? width - x : x;
}

static guint64
sum_until (const KabHistoryDay *day,
           guint                layer)
{
  guint64 sum = 0;

  for (guint i = 0; i <= layer; i++)
    sum += day->counts[layers[i].state];

  return sum;
}

static guint64
find_top (KabChart *self)
{
  guint64 top = 1;

  for (guint i = 0; i < self->days->len; i++)
    top = MAX (top, sum_until (&g_array_index (self->days, KabHistoryDay, i),
                               G_N_ELEMENTS (layers) - 1));

  return top;
}

static void
get_color (KabChart   *self,
           const char *name,
           GdkRGBA    *color)
{
  G_GNUC_BEGIN_IGNORE_DEPRECATIONS
  GtkStyleContext *context = gtk_widget_get_style_context (GTK_WIDGET (self));

  if (!gtk_style_context_lookup_color (context, name, color))
    gtk_style_context_get_color (context, color);
  G_GNUC_END_IGNORE_DEPRECATIONS
}

static void
draw_text (KabChart    *self,
           GtkSnapshot *snapshot,
           const char  *text,
           double       x,
           double       y,
           gboolean     before)
{
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), text);
  g_autoptr(PangoAttrList) attributes = pango_attr_list_new ();
  GdkRGBA color;
  int width;

  pango_attr_list_insert (attributes, pango_attr_scale_new (PANGO_SCALE_SMALL));
  pango_layout_set_attributes (layout, attributes);
  pango_layout_get_pixel_size (layout, &width, NULL);
  get_color (self, "window_fg_color", &color);
  color.alpha = 0.7f;

  x = CLAMP (before ? x - width : x, 0, MAX (gtk_widget_get_width (GTK_WIDGET (self)) - width, 0));
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot, &GRAPHENE_POINT_INIT ((float) x, (float) y));
  gtk_snapshot_append_layout (snapshot, layout, &color);
  gtk_snapshot_restore (snapshot);
}

static void
draw_layers (KabChart *self,
             cairo_t  *cr,
             int       width,
             int       height)
{
  double top = (double) find_top (self);

  for (int layer = G_N_ELEMENTS (layers) - 1; layer >= 0; layer--)
    {
      GdkRGBA color;
      double x = 0;

      get_color (self, layers[layer].color, &color);
      for (guint i = 0; i < self->days->len; i++)
        {
          const KabHistoryDay *day = &g_array_index (self->days, KabHistoryDay, i);
          double y = height - (double) sum_until (day, (guint) layer) / top * height;

          x = day_to_x (self, day->day, width);
          if (i == 0)
            cairo_move_to (cr, x, height);
          cairo_line_to (cr, x, y);
        }
      cairo_line_to (cr, x, height);
      cairo_close_path (cr);
      gdk_cairo_set_source_rgba (cr, &color);
      cairo_fill (cr);
    }
}

static void
draw_frame (KabChart    *self,
            GtkSnapshot *snapshot,
            cairo_t     *cr,
            int          width,
            int          height)
{
  static const double dashes[] = { 3, 3 };
  GdkRGBA color;

  get_color (self, "window_fg_color", &color);
  color.alpha = 0.15f;
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_line_width (cr, 1);
  for (guint i = 0; i <= 4; i++)
    {
      cairo_move_to (cr, 0, i * height / 4 + 0.5);
      cairo_line_to (cr, width, i * height / 4 + 0.5);
    }
  cairo_stroke (cr);

  color.alpha = 0.55f;
  gdk_cairo_set_source_rgba (cr, &color);
  cairo_set_dash (cr, dashes, 2, 0);
  for (gint64 tuesday = kab_patch_tuesday_before (self->until); tuesday >= self->from;
       tuesday = kab_patch_tuesday_before (tuesday - 1))
    {
      double x = day_to_x (self, tuesday, width);

      cairo_move_to (cr, x, -TOP + 4);
      cairo_line_to (cr, x, height);
    }
  cairo_stroke (cr);

  if (self->reading >= 0)
    {
      double x = day_to_x (self, g_array_index (self->days, KabHistoryDay, self->reading).day, width);

      color.alpha = 1;
      gdk_cairo_set_source_rgba (cr, &color);
      cairo_set_dash (cr, NULL, 0, 0);
      cairo_move_to (cr, x, 0);
      cairo_line_to (cr, x, height);
      cairo_stroke (cr);
    }
}

static void
kab_chart_snapshot (GtkWidget   *widget,
                    GtkSnapshot *snapshot)
{
  KabChart *self = KAB_CHART (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget) - TOP - BOTTOM;
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;
  cairo_t *cr;

  if (self->days->len == 0 || height < 10)
    return;

  cr = gtk_snapshot_append_cairo (snapshot, &GRAPHENE_RECT_INIT (0, 0, (float) width,
                                                                 (float) (height + TOP + 1)));
  cairo_translate (cr, 0, TOP);
  draw_layers (self, cr, width, height);
  draw_frame (self, snapshot, cr, width, height);
  cairo_destroy (cr);

  for (gint64 tuesday = kab_patch_tuesday_before (self->until); tuesday >= self->from;
       tuesday = kab_patch_tuesday_before (tuesday - 1))
    {
      g_autofree char *date = kab_format_day (tuesday);
      double x = day_to_x (self, tuesday, width);

      draw_text (self, snapshot, date, rtl ? x - 4 : x + 4, 0, rtl);
    }
  first = kab_format_day (self->from);
  last = kab_format_day (self->until);
  draw_text (self, snapshot, first, rtl ? width : 0, TOP + height + 3, rtl);
  draw_text (self, snapshot, last, rtl ? 0 : width, TOP + height + 3, !rtl);
}

static void
kab_chart_measure (GtkWidget      *widget,
                   GtkOrientation  orientation,
                   int             for_size,
                   int            *minimum,
                   int            *natural,
                   int            *minimum_baseline,
                   int            *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 200 : HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 560 : HEIGHT;
}

static void
read_day (KabChart *self,
          int       index)
{
  const KabHistoryDay *day;
  g_autofree char *date = NULL;
  GString *words;

  index = CLAMP (index, -1, (int) self->days->len - 1);
  if (index == self->reading)
    return;

  self->reading = index;
  g_clear_pointer (&self->words, g_free);
  if (index >= 0)
    {
      day = &g_array_index (self->days, KabHistoryDay, index);
      date = kab_format_day (day->day);
      words = g_string_new (date);
      for (guint i = G_N_ELEMENTS (layers); i > 0; i--)
        {
          g_autofree char *count = kab_format_count (day->counts[layers[i - 1].state]);

          /* Translators: one line of a reading: a state and how many; "Pending: 1,842" */
          g_string_append_c (words, '\n');
          g_string_append_printf (words, _("%1$s: %2$s"), kab_format_state (layers[i - 1].state), count);
        }
      if (day->n_hosts > 0)
        {
          g_autofree char *share = kab_format_percent (day->n_compliant, day->n_hosts);

          g_string_append_c (words, '\n');
          /* Translators: %s is a share such as "87.4 %" */
          g_string_append_printf (words, _("Compliant hosts: %s"), share);
        }
      self->words = g_string_free (words, FALSE);
    }

  kab_tooltip_set (GTK_WIDGET (self), self->words);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION,
                                  self->words != NULL ? self->words : "", -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

static void
motion_cb (KabChart *self,
           double    x,
           double    y)
{
  double nearest = G_MAXDOUBLE;
  int index = -1;

  for (guint i = 0; i < self->days->len; i++)
    {
      double distance = ABS (day_to_x (self, g_array_index (self->days, KabHistoryDay, i).day,
                                       gtk_widget_get_width (GTK_WIDGET (self))) - x);

      if (distance < nearest)
        {
          nearest = distance;
          index = (int) i;
        }
    }
  read_day (self, index);
}

static void
leave_cb (KabChart *self)
{
  if (!gtk_widget_has_focus (GTK_WIDGET (self)))
    read_day (self, -1);
}

static void
walk_action (GtkWidget  *widget,
             const char *action_name,
             GVariant   *parameter)
{
  KabChart *self = KAB_CHART (widget);
  int step = g_variant_get_int32 (parameter);

  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    step = -step;
  read_day (self, self->reading < 0 ? (int) self->days->len - 1 : MAX (self->reading + step, 0));
}

static void
kab_chart_finalize (GObject *object)
{
  KabChart *self = KAB_CHART (object);

  g_clear_pointer (&self->days, g_array_unref);
  g_free (self->words);

  G_OBJECT_CLASS (kab_chart_parent_class)->finalize (object);
}

static void
kab_chart_class_init (KabChartClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = kab_chart_finalize;
  widget_class->snapshot = kab_chart_snapshot;
  widget_class->measure = kab_chart_measure;

  gtk_widget_class_set_css_name (widget_class, "chart");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_IMG);
  gtk_widget_class_install_action (widget_class, "chart.walk", "i", walk_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Left, 0, "chart.walk", "i", -1);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Right, 0, "chart.walk", "i", 1);
}

static void
kab_chart_init (KabChart *self)
{
  GtkEventController *motion = gtk_event_controller_motion_new ();

  self->days = g_array_new (FALSE, FALSE, sizeof (KabHistoryDay));
  self->reading = -1;
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  g_signal_connect_swapped (motion, "motion", G_CALLBACK (motion_cb), self);
  g_signal_connect_swapped (motion, "leave", G_CALLBACK (leave_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), motion);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL,
                                  _("Updates on hosts, day by day. Left and Right read the days."), -1);
}

void
kab_chart_set_days (KabChart *self,
                    GArray   *days,
                    gint64    now)
{
  g_return_if_fail (KAB_IS_CHART (self));

  read_day (self, -1);
  g_array_set_size (self->days, 0);
  if (days != NULL && days->len > 0)
    g_array_append_vals (self->days, days->data, days->len);

  self->until = now - now % DAY;
  self->from = self->until - N_DAYS * DAY;
  /* A young ledger: its days need not huddle at the edge. */
  if (self->days->len > 0)
    self->from = MAX (self->from, MIN (g_array_index (self->days, KabHistoryDay, 0).day,
                                       self->until - 7 * DAY));
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

const char *
kab_chart_get_reading (KabChart *self)
{
  g_return_val_if_fail (KAB_IS_CHART (self), NULL);

  return self->words;
}
