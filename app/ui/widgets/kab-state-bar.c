/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-door.h"
#include "kab-format.h"
#include "kab-state-bar.h"

#define BAR_HEIGHT 12
#define SPACING 6
/* Pixels: one host of ten thousand can still be seen. */
#define MIN_PART 4

typedef struct {
  GtkWidget *widget;
  guint64    count;
} Segment;

struct _KabStateBar
{
  GtkWidget  parent_instance;

  GtkWidget *bar;           /* the drawn part; we place its children */
  GtkWidget *doors;
  GArray    *segments;
  guint64    total;
};

G_DEFINE_FINAL_TYPE (KabStateBar, kab_state_bar, GTK_TYPE_WIDGET)

static void
allocate_segments (KabStateBar *self,
                   int          width)
{
  gboolean rtl = gtk_widget_get_direction (GTK_WIDGET (self)) == GTK_TEXT_DIR_RTL;
  int room = width - (int) self->segments->len * MIN_PART;
  guint64 before = 0;

  for (guint i = 0; i < self->segments->len; i++)
    {
      const Segment *segment = &g_array_index (self->segments, Segment, i);
      double total = (double) MAX (self->total, 1);
      int x = (int) i * MIN_PART + (int) ((double) before / total * MAX (room, 0));
      int end;

      before += segment->count;
      end = (int) (i + 1) * MIN_PART + (int) ((double) before / total * MAX (room, 0));
      gtk_widget_size_allocate (segment->widget,
                                &(GtkAllocation) { rtl ? width - end : x, 0, end - x, BAR_HEIGHT },
                                -1);
    }
}

static void
bar_measure (GtkWidget      *bar,
             GtkOrientation  orientation,
             int             for_size,
             int            *minimum,
             int            *natural,
             int            *minimum_baseline,
             int            *natural_baseline)
{
  for (GtkWidget *child = gtk_widget_get_first_child (bar); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    gtk_widget_measure (child, orientation, -1, NULL, NULL, NULL, NULL);
  *minimum = orientation == GTK_ORIENTATION_HORIZONTAL ? 60 : BAR_HEIGHT;
  *natural = orientation == GTK_ORIENTATION_HORIZONTAL ? 240 : BAR_HEIGHT;
}

static void
bar_allocate (GtkWidget *bar,
              int        width,
              int        height,
              int        baseline)
{
  allocate_segments (KAB_STATE_BAR (gtk_widget_get_parent (bar)), width);
}

static void
clear (KabStateBar *self)
{
  GtkWidget *child;

  while ((child = gtk_widget_get_first_child (self->bar)) != NULL)
    gtk_widget_unparent (child);
  while ((child = gtk_widget_get_first_child (self->doors)) != NULL)
    gtk_flow_box_remove (GTK_FLOW_BOX (self->doors), child);
  g_array_set_size (self->segments, 0);
  self->total = 0;
}

static void
kab_state_bar_dispose (GObject *object)
{
  KabStateBar *self = KAB_STATE_BAR (object);

  if (self->bar != NULL)
    clear (self);
  g_clear_pointer (&self->bar, gtk_widget_unparent);
  g_clear_pointer (&self->doors, gtk_widget_unparent);

  G_OBJECT_CLASS (kab_state_bar_parent_class)->dispose (object);
}

static void
kab_state_bar_finalize (GObject *object)
{
  g_array_unref (KAB_STATE_BAR (object)->segments);

  G_OBJECT_CLASS (kab_state_bar_parent_class)->finalize (object);
}

static void
kab_state_bar_class_init (KabStateBarClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_state_bar_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_state_bar_finalize;

  gtk_widget_class_set_layout_manager_type (GTK_WIDGET_CLASS (klass), GTK_TYPE_BOX_LAYOUT);
  gtk_widget_class_set_css_name (GTK_WIDGET_CLASS (klass), "statebar");
  gtk_widget_class_set_accessible_role (GTK_WIDGET_CLASS (klass), GTK_ACCESSIBLE_ROLE_GROUP);
}

static void
kab_state_bar_init (KabStateBar *self)
{
  GtkLayoutManager *layout = gtk_widget_get_layout_manager (GTK_WIDGET (self));

  gtk_orientable_set_orientation (GTK_ORIENTABLE (layout), GTK_ORIENTATION_VERTICAL);
  gtk_box_layout_set_spacing (GTK_BOX_LAYOUT (layout), SPACING);

  self->segments = g_array_new (FALSE, FALSE, sizeof (Segment));
  self->bar = g_object_new (GTK_TYPE_BOX, "overflow", GTK_OVERFLOW_HIDDEN, "hexpand", TRUE,
                            "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
  gtk_widget_add_css_class (self->bar, "bar");
  gtk_widget_set_layout_manager (self->bar, gtk_custom_layout_new (NULL, bar_measure, bar_allocate));
  gtk_widget_set_parent (self->bar, GTK_WIDGET (self));

  self->doors = g_object_new (GTK_TYPE_FLOW_BOX, "selection-mode", GTK_SELECTION_NONE,
                              "column-spacing", 6, "max-children-per-line", 6, NULL);
  gtk_widget_set_parent (self->doors, GTK_WIDGET (self));
}

GtkWidget *
kab_state_bar_new (void)
{
  return g_object_new (KAB_TYPE_STATE_BAR, NULL);
}

void
kab_state_bar_set (KabStateBar        *self,
                   const char         *page,
                   const KabStatePart *parts,
                   guint               n_parts)
{
  g_autoptr(GString) spoken = g_string_new (NULL);

  g_return_if_fail (KAB_IS_STATE_BAR (self));

  clear (self);
  for (guint i = 0; i < n_parts; i++)
    {
      const KabStatePart *part = &parts[i];
      g_autofree char *count = kab_format_count (part->count);
      g_autofree char *text = NULL;
      GtkWidget *door, *child;
      Segment segment;

      if (part->count == 0)
        continue;

      /* Translators: a count and a state: "1,742 pending" */
      text = g_strdup_printf (C_("count and state", "%1$s %2$s"), count, part->label);
      segment.count = part->count;
      segment.widget = g_object_new (GTK_TYPE_BOX, "css-name", "segment", "tooltip-text", text,
                                     "accessible-role", GTK_ACCESSIBLE_ROLE_PRESENTATION, NULL);
      gtk_widget_add_css_class (segment.widget, part->kind);
      gtk_widget_set_parent (segment.widget, self->bar);
      g_array_append_val (self->segments, segment);
      self->total += part->count;

      door = kab_door_new (page, part->query, text);
      kab_door_set_count (KAB_DOOR (door), (gint64) part->count);
      gtk_flow_box_insert (GTK_FLOW_BOX (self->doors), door, -1);
      child = gtk_widget_get_parent (door);
      gtk_widget_set_focusable (child, FALSE);
      g_string_append_printf (spoken, "%s%s", spoken->len > 0 ? ", " : "", text);
    }

  gtk_widget_set_visible (self->bar, self->total > 0);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, spoken->str, -1);
}

void
kab_state_bar_set_counts (KabStateBar  *self,
                          const char   *page,
                          const guint   counts[KAB_N_STATES],
                          char       *(*dup_query) (KabState state, gpointer user_data),
                          gpointer      user_data)
{
  static const KabState order[] = {
    KAB_STATE_OK, KAB_STATE_PENDING, KAB_STATE_MISSING, KAB_STATE_DISCARDED, KAB_STATE_SUPERSEDED,
    KAB_STATE_UNKNOWN, KAB_STATE_ERROR,
  };
  KabStatePart parts[G_N_ELEMENTS (order)];

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    {
      parts[i].kind = kab_format_state_look (order[i])->kind;
      parts[i].label = kab_format_state (order[i]);
      parts[i].count = counts[order[i]];
      parts[i].query = dup_query != NULL ? dup_query (order[i], user_data) : NULL;
    }
  kab_state_bar_set (self, page, parts, G_N_ELEMENTS (order));
  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    g_free (parts[i].query);
}
