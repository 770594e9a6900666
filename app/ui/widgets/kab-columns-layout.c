/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-columns-layout.h"

struct _KabColumnsLayout
{
  GtkLayoutManager parent_instance;

  int              column_width;
  int              max_columns;
  int              spacing;
};

G_DEFINE_FINAL_TYPE (KabColumnsLayout, kab_columns_layout, GTK_TYPE_LAYOUT_MANAGER)

enum {
  PROP_COLUMN_WIDTH = 1,
  PROP_MAX_COLUMNS,
  PROP_SPACING,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static GtkSizeRequestMode
kab_columns_layout_get_request_mode (GtkLayoutManager *layout,
                                     GtkWidget        *widget)
{
  return GTK_SIZE_REQUEST_HEIGHT_FOR_WIDTH;
}

static int
measure_children (GtkWidget      *widget,
                  GtkOrientation  orientation,
                  gboolean        natural)
{
  int largest = 0;

  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    {
      int child_minimum;
      int child_natural;

      if (!gtk_widget_should_layout (child))
        continue;
      gtk_widget_measure (child, orientation, -1, &child_minimum, &child_natural, NULL, NULL);
      largest = MAX (largest, natural ? child_natural : child_minimum);
    }

  return largest;
}

static int
count_columns (KabColumnsLayout *self,
               GtkWidget        *widget,
               int               width)
{
  int dpi = 0;
  int column;
  int n;

  /* Larger letters want wider columns. 96 dots an inch are 100 %. */
  g_object_get (gtk_widget_get_settings (widget), "gtk-xft-dpi", &dpi, NULL);
  column = dpi > 0 ? (int) (self->column_width * (gint64) dpi / (96 * 1024)) : self->column_width;
  column = MAX (column, measure_children (widget, GTK_ORIENTATION_HORIZONTAL, FALSE));
  n = (width + self->spacing) / (column + self->spacing);

  return CLAMP (n, 1, self->max_columns);
}

/* Places the children when @place, with @extra height for the last row. Returns: the height of all rows */
static int
lay_out (KabColumnsLayout *self,
         GtkWidget        *widget,
         int               width,
         int               extra,
         gboolean          place)
{
  gboolean rtl = gtk_widget_get_direction (widget) == GTK_TEXT_DIR_RTL;
  int n_columns = count_columns (self, widget, width);
  int column_width = (width - (n_columns - 1) * self->spacing) / n_columns;
  GtkWidget *first = gtk_widget_get_first_child (widget);
  int y = 0;

  while (first != NULL)
    {
      GtkWidget *next = first;
      int height = 0;
      int column = 0;

      for (; next != NULL && column < n_columns; next = gtk_widget_get_next_sibling (next))
        {
          int child_height;

          if (!gtk_widget_should_layout (next))
            continue;
          gtk_widget_measure (next, GTK_ORIENTATION_VERTICAL, column_width, NULL, &child_height, NULL, NULL);
          height = MAX (height, child_height);
          column++;
        }

      if (next == NULL && gtk_widget_compute_expand (first, GTK_ORIENTATION_VERTICAL))
        height += extra;
      column = 0;
      for (; first != next; first = gtk_widget_get_next_sibling (first))
        {
          int x = column * (column_width + self->spacing);

          if (!place || !gtk_widget_should_layout (first))
            continue;
          gtk_widget_size_allocate (first,
                                    &(GtkAllocation) { rtl ? width - x - column_width : x, y,
                                                       column_width, height }, -1);
          column++;
        }
      if (height > 0)
        y += height + self->spacing;
    }

  return MAX (y - self->spacing, 0);
}

static void
kab_columns_layout_measure (GtkLayoutManager *layout,
                            GtkWidget        *widget,
                            GtkOrientation    orientation,
                            int               for_size,
                            int              *minimum,
                            int              *natural,
                            int              *minimum_baseline,
                            int              *natural_baseline)
{
  KabColumnsLayout *self = KAB_COLUMNS_LAYOUT (layout);

  if (orientation == GTK_ORIENTATION_HORIZONTAL)
    {
      *minimum = measure_children (widget, orientation, FALSE);
      *natural = MAX (*minimum, self->column_width) * self->max_columns +
                 self->spacing * (self->max_columns - 1);
    }
  else
    {
      if (for_size < 0)
        for_size = measure_children (widget, GTK_ORIENTATION_HORIZONTAL, TRUE);
      *minimum = *natural = lay_out (self, widget, for_size, 0, FALSE);
    }
}

static void
kab_columns_layout_allocate (GtkLayoutManager *layout,
                             GtkWidget        *widget,
                             int               width,
                             int               height,
                             int               baseline)
{
  KabColumnsLayout *self = KAB_COLUMNS_LAYOUT (layout);
  int wanted = lay_out (self, widget, width, 0, FALSE);

  lay_out (self, widget, width, MAX (height - wanted, 0), TRUE);
}

static void
kab_columns_layout_get_property (GObject    *object,
                                 guint       id,
                                 GValue     *value,
                                 GParamSpec *pspec)
{
  KabColumnsLayout *self = KAB_COLUMNS_LAYOUT (object);

  switch (id)
    {
    case PROP_COLUMN_WIDTH:
      g_value_set_int (value, self->column_width);
      break;
    case PROP_MAX_COLUMNS:
      g_value_set_int (value, self->max_columns);
      break;
    case PROP_SPACING:
      g_value_set_int (value, self->spacing);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
}

static void
kab_columns_layout_set_property (GObject      *object,
                                 guint         id,
                                 const GValue *value,
                                 GParamSpec   *pspec)
{
  KabColumnsLayout *self = KAB_COLUMNS_LAYOUT (object);

  switch (id)
    {
    case PROP_COLUMN_WIDTH:
      self->column_width = g_value_get_int (value);
      break;
    case PROP_MAX_COLUMNS:
      self->max_columns = g_value_get_int (value);
      break;
    case PROP_SPACING:
      self->spacing = g_value_get_int (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
      return;
    }
  gtk_layout_manager_layout_changed (GTK_LAYOUT_MANAGER (self));
}

static void
kab_columns_layout_class_init (KabColumnsLayoutClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkLayoutManagerClass *layout_class = GTK_LAYOUT_MANAGER_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kab_columns_layout_get_property;
  object_class->set_property = kab_columns_layout_set_property;
  layout_class->get_request_mode = kab_columns_layout_get_request_mode;
  layout_class->measure = kab_columns_layout_measure;
  layout_class->allocate = kab_columns_layout_allocate;

  properties[PROP_COLUMN_WIDTH] = g_param_spec_int ("column-width", NULL, NULL, 1, 4000, 240, flags);
  properties[PROP_MAX_COLUMNS] = g_param_spec_int ("max-columns", NULL, NULL, 1, 20, 2, flags);
  properties[PROP_SPACING] = g_param_spec_int ("spacing", NULL, NULL, 0, 100, 12, flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
kab_columns_layout_init (KabColumnsLayout *self)
{
  self->column_width = 240;
  self->max_columns = 2;
  self->spacing = 12;
}
