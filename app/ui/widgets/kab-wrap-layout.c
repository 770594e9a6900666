/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-wrap-layout.h"

struct _KabWrapLayout
{
  GtkLayoutManager parent_instance;

  int              spacing;
  int              line_spacing;
};

G_DEFINE_FINAL_TYPE (KabWrapLayout, kab_wrap_layout, GTK_TYPE_LAYOUT_MANAGER)

static GtkSizeRequestMode
kab_wrap_layout_get_request_mode (GtkLayoutManager *layout,
                                  GtkWidget        *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

/* Lays the children out in lines of @width; places them when @place. Returns: the height */
static int
flow (KabWrapLayout *self,
      GtkWidget     *widget,
      int            width,
      gboolean       place)
{
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  GtkWidget *first = gtk_widget_get_first_child (widget);
  int y = 0;

  while (first != NULL)
    {
      GtkWidget *next = first;
      int used = 0;
      int height = 0;
      int x = 0;

      /* How many fit into this line, and how high is it? */
      for (; next != NULL; next = gtk_widget_get_next_sibling (next))
        {
          int minimum;
          int natural;
          int child_height;

          if (!gtk_widget_should_layout (next))
            continue;
          gtk_widget_measure (next, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
          natural = MAX (minimum, MIN (natural, width));
          if (used > 0 && used + self->spacing + natural > width)
            break;
          used += natural + (used > 0 ? self->spacing : 0);
          gtk_widget_measure (next, GTK_ORIENTATION_VERTICAL, natural, NULL, &child_height, NULL, NULL);
          height = MAX (height, child_height);
        }

      for (; first != next; first = gtk_widget_get_next_sibling (first))
        {
          int minimum;
          int natural;

          if (!place || !gtk_widget_should_layout (first))
            continue;
          gtk_widget_measure (first, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, &natural, NULL, NULL);
          natural = MAX (minimum, MIN (natural, width));
          gtk_widget_size_allocate (first,
                                    &(GtkAllocation) { rtl ? width - x - natural : x, y, natural, height },
                                    -1);
          x += natural + self->spacing;
        }
      if (height > 0)
        y += height + self->line_spacing;
    }

  return MAX (y - self->line_spacing, 0);
}

static void
kab_wrap_layout_measure (GtkLayoutManager *layout,
                         GtkWidget        *widget,
                         GtkOrientation    orientation,
                         int               for_size,
                         int              *minimum,
                         int              *natural,
                         int              *minimum_baseline,
                         int              *natural_baseline)
{
  KabWrapLayout *self = KAB_WRAP_LAYOUT (layout);

  *minimum = 0;
  *natural = 0;
  if (orientation == GTK_ORIENTATION_VERTICAL)
    {
      *minimum = *natural = flow (self, widget, for_size < 0 ? G_MAXINT / 2 : for_size, FALSE);
      return;
    }

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int child_minimum;
      int child_natural;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, orientation, -1, &child_minimum, &child_natural, NULL, NULL);
      *minimum = MAX (*minimum, child_minimum);
      *natural += child_natural + (*natural > 0 ? self->spacing : 0);
    }
}

static void
kab_wrap_layout_allocate (GtkLayoutManager *layout,
                          GtkWidget        *widget,
                          int               width,
                          int               height,
                          int               baseline)
{
  flow (KAB_WRAP_LAYOUT (layout), widget, width, TRUE);
}

static void
kab_wrap_layout_class_init (KabWrapLayoutClass *klass)
{
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);

  layout_class->get_request_mode = kab_wrap_layout_get_request_mode;
  layout_class->measure = kab_wrap_layout_measure;
  layout_class->allocate = kab_wrap_layout_allocate;
}

static void
kab_wrap_layout_init (KabWrapLayout *self)
{
  self->spacing = 6;
}

GtkLayoutManager *
kab_wrap_layout_new (int spacing,
                     int line_spacing)
{
  KabWrapLayout *self = g_object_new (KAB_TYPE_WRAP_LAYOUT, NULL);

  self->spacing = spacing;
  self->line_spacing = line_spacing;

  return GTK_LAYOUT_MANAGER (self);
}
