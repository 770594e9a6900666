/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-progress-line.h"

/* Of the block that moves to and fro: its part of the width, and the time there and back */
#define BLOCK 0.25
#define PERIOD_USEC (1800 * G_TIME_SPAN_MILLISECOND)

struct _KabProgressLine
{
  GtkWidget parent_instance;

  double    fraction;
  guint     tick;       /* while it moves */
};

G_DEFINE_FINAL_TYPE (KabProgressLine, kab_progress_line, GTK_TYPE_WIDGET)

static gboolean
tick_cb (GtkWidget     *widget,
         GdkFrameClock *clock,
         gpointer       user_data)
{
  gtk_widget_queue_draw (widget);
  return G_SOURCE_CONTINUE;
}

/* Nobody sees it move when it is not mapped, or does not want to. */
static void
update_movement (KabProgressLine *self)
{
  GtkWidget *widget = GTK_WIDGET (self);
  gboolean animations = TRUE;
  gboolean moves;

  g_object_get (gtk_widget_get_settings (widget), "gtk-enable-animations", &animations, NULL);
  moves = self->fraction < 0 && animations && gtk_widget_get_mapped (widget);
  if (moves == (self->tick != 0))
    return;

  if (moves)
    {
      self->tick = gtk_widget_add_tick_callback (widget, tick_cb, NULL, NULL);
    }
  else
    {
      gtk_widget_remove_tick_callback (widget, self->tick);
      self->tick = 0;
    }
}

static void
kab_progress_line_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (kab_progress_line_parent_class)->map (widget);
  update_movement (KAB_PROGRESS_LINE (widget));
}

static void
kab_progress_line_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (kab_progress_line_parent_class)->unmap (widget);
  update_movement (KAB_PROGRESS_LINE (widget));
}

/* Where the block begins, as a part of the room that it has */
static double
get_place (KabProgressLine *self)
{
  GdkFrameClock *clock = gtk_widget_get_frame_clock (GTK_WIDGET (self));
  double phase;

  if (self->tick == 0 || clock == NULL)
    return 0.5;

  phase = (double) (gdk_frame_clock_get_frame_time (clock) % PERIOD_USEC) / PERIOD_USEC;
  return phase < 0.5 ? 2 * phase : 2 - 2 * phase;
}

static void
kab_progress_line_snapshot (GtkWidget   *widget,
                            GtkSnapshot *snapshot)
{
  KabProgressLine *self = KAB_PROGRESS_LINE (widget);
  float width = gtk_widget_get_width (widget);
  float height = gtk_widget_get_height (widget);
  float length = width * (float) (self->fraction < 0 ? BLOCK : self->fraction);
  float x = self->fraction < 0 ? (width - length) * (float) get_place (self) : 0;
  GskRoundedRect shape;
  GdkRGBA color;

  if (length <= 0)
    return;

  if (gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL)
    x = width - length - x;
  gtk_style_context_get_color (gtk_widget_get_style_context (widget), &color);
  gsk_rounded_rect_init_from_rect (&shape, &GRAPHENE_RECT_INIT (x, 0, length, height), height > 3 ? height / 2 : 0);
  gtk_snapshot_push_rounded_clip (snapshot, &shape);
  gtk_snapshot_append_color (snapshot, &color, &shape.bounds);
  gtk_snapshot_pop (snapshot);
}

static void
kab_progress_line_class_init (KabProgressLineClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  widget_class->map = kab_progress_line_map;
  widget_class->unmap = kab_progress_line_unmap;
  widget_class->snapshot = kab_progress_line_snapshot;

  gtk_widget_class_set_css_name (widget_class, "progressline");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_PROGRESS_BAR);
}

static void
kab_progress_line_init (KabProgressLine *self)
{
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MIN, 0.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_MAX, 1.0,
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, 0.0, -1);
}

GtkWidget *
kab_progress_line_new (void)
{
  return g_object_new (KAB_TYPE_PROGRESS_LINE, NULL);
}

void
kab_progress_line_set (KabProgressLine *self,
                       double           fraction)
{
  g_return_if_fail (KAB_IS_PROGRESS_LINE (self));

  fraction = fraction < 0 ? -1 : MIN (fraction, 1);
  if (self->fraction == fraction)
    return;

  self->fraction = fraction;
  update_movement (self);
  gtk_widget_queue_draw (GTK_WIDGET (self));
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_BUSY, fraction < 0, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_VALUE_NOW, MAX (fraction, 0.0), -1);
}
