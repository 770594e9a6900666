/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <string.h>

#include "kab-layout-check.h"
#include "kab-tooltip.h"

#define TOLERANCE 1.0f      /* px, of rounding */
#define ENDLESS 1e6f
#define MOST_CHARS 48       /* of a text that is quoted */

/* What of a window is in sight where a widget stands; endless where one can scroll. */
typedef struct {
  GtkWidget *window;
  float      left, top, right, bottom;
} View;

static void
add (GPtrArray  *faults,
     GtkWidget  *widget,
     const char *text,
     const char *fault)
{
  g_autoptr(GString) path = g_string_new (NULL);
  g_autofree char *brief = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), MOST_CHARS));

  /* Our own widgets around it say where it is. */
  for (GtkWidget *w = widget; w != NULL; w = gtk_widget_get_parent (w))
    if (w == widget || g_str_has_prefix (G_OBJECT_TYPE_NAME (w), "Kab") || GTK_IS_WINDOW (w))
      g_string_append_printf (path, "%s%s", path->len > 0 ? " in " : "", G_OBJECT_TYPE_NAME (w));
  g_ptr_array_add (faults, g_strdup_printf ("“%s” %s (%s)", g_strdelimit (brief, "\n", ' '), fault, path->str));
}

/* Does a tooltip of @widget say all of @text? One that is made when it is asked for is taken at its word. */
static gboolean
tells (GtkWidget  *widget,
       const char *text)
{
  g_autoptr(GObject) tooltip = NULL;
  const char *own = gtk_widget_get_tooltip_text (widget);
  gboolean answer = FALSE;

  if (!gtk_widget_get_has_tooltip (widget))
    return FALSE;
  if (own == NULL)
    own = kab_tooltip_get (widget);
  if (own != NULL)
    return strstr (own, text) != NULL;

  tooltip = g_object_new (GTK_TYPE_TOOLTIP, NULL);
  g_signal_emit_by_name (widget, "query-tooltip", 0, 0, FALSE, tooltip, &answer);
  return answer;
}

static gboolean
is_told (GtkWidget  *widget,
         const char *text)
{
  for (GtkWidget *w = widget; w != NULL && !GTK_IS_WINDOW (w); w = gtk_widget_get_parent (w))
    if (tells (w, text))
      return TRUE;

  return FALSE;
}

static void
check_text (GPtrArray   *faults,
            GtkWidget   *widget,
            const char  *text,
            PangoLayout *layout,
            gboolean     ellipsizes)
{
  int width, height;
  g_autofree char *fault = NULL;

  if (text == NULL || *text == '\0')
    return;

  pango_layout_get_pixel_size (layout, &width, &height);
  if (height > gtk_widget_get_height (widget) + TOLERANCE)
    fault = g_strdup_printf ("is %d px high, and has %d", height, gtk_widget_get_height (widget));
  else if (ellipsizes ? !is_told (widget, text) : width > gtk_widget_get_width (widget) + TOLERANCE)
    fault = g_strdup_printf (ellipsizes ? "ends in “…”, and no tooltip tells the rest" : "is %d px wide, and has %d",
                             width, gtk_widget_get_width (widget));
  if (fault != NULL)
    add (faults, widget, text, fault);
}

static void
check_inscription (GPtrArray *faults,
                   GtkWidget *widget)
{
  const char *text = gtk_inscription_get_text (GTK_INSCRIPTION (widget));
  g_autoptr(PangoLayout) layout = gtk_widget_create_pango_layout (widget, text);
  int width;

  pango_layout_set_attributes (layout, gtk_inscription_get_attributes (GTK_INSCRIPTION (widget)));
  pango_layout_get_pixel_size (layout, &width, NULL);
  check_text (faults, widget, text, layout, width > gtk_widget_get_width (widget) + TOLERANCE);
}

/* What nobody could read or hit when it is not all in sight */
static const char *
get_words (GtkWidget *widget)
{
  if (GTK_IS_LABEL (widget))
    return gtk_label_get_text (GTK_LABEL (widget));
  if (GTK_IS_INSCRIPTION (widget))
    return gtk_inscription_get_text (GTK_INSCRIPTION (widget));
  if (GTK_IS_BUTTON (widget) || GTK_IS_CHECK_BUTTON (widget) || GTK_IS_SWITCH (widget) || GTK_IS_TEXT (widget))
    return "";

  return NULL;
}

static gboolean
check_place (GPtrArray  *faults,
             GtkWidget  *widget,
             const View *view)
{
  const char *words = get_words (widget);
  g_autofree char *fault = NULL;
  graphene_rect_t box;
  float right, bottom;

  if (words == NULL || !gtk_widget_compute_bounds (widget, view->window, &box))
    return TRUE;

  right = box.origin.x + box.size.width;
  bottom = box.origin.y + box.size.height;
  if (box.origin.x >= view->left - TOLERANCE && right <= view->right + TOLERANCE &&
      box.origin.y >= view->top - TOLERANCE && bottom <= view->bottom + TOLERANCE)
    return TRUE;

  fault = g_strdup_printf ("stands at %g…%g × %g…%g, of which %g…%g × %g…%g is in sight",
                           (double) box.origin.x, (double) right, (double) box.origin.y, (double) bottom,
                           (double) view->left, (double) view->right, (double) view->top, (double) view->bottom);
  add (faults, widget, words, fault);
  return FALSE;
}

static void
narrow_view (View      *view,
             GtkWidget *widget)
{
  GtkWidget *parent = gtk_widget_get_parent (widget);
  graphene_rect_t box;

  if (GTK_IS_SCROLLABLE (widget) && GTK_IS_SCROLLED_WINDOW (parent))
    {
      GtkPolicyType across, down;

      gtk_scrolled_window_get_policy (GTK_SCROLLED_WINDOW (parent), &across, &down);
      if (across != GTK_POLICY_NEVER)
        *view = (View) { view->window, -ENDLESS, view->top, ENDLESS, view->bottom };
      if (down != GTK_POLICY_NEVER)
        *view = (View) { view->window, view->left, -ENDLESS, view->right, ENDLESS };
    }
  else if (gtk_widget_get_overflow (widget) == GTK_OVERFLOW_HIDDEN && !GTK_IS_SCROLLABLE (widget) &&
           gtk_widget_compute_bounds (widget, view->window, &box))
    {
      view->left = MAX (view->left, box.origin.x);
      view->top = MAX (view->top, box.origin.y);
      view->right = MIN (view->right, box.origin.x + box.size.width);
      view->bottom = MIN (view->bottom, box.origin.y + box.size.height);
    }
}

static void
walk (GPtrArray *faults,
      GtkWidget *widget,
      View       view)
{
  if (!gtk_widget_get_mapped (widget) || gtk_widget_get_opacity (widget) == 0 || GTK_IS_NATIVE (widget))
    return;

  if (!check_place (faults, widget, &view))
    return;         /* so do its children */
  if (GTK_IS_LABEL (widget))
    check_text (faults, widget, gtk_label_get_text (GTK_LABEL (widget)), gtk_label_get_layout (GTK_LABEL (widget)),
                pango_layout_is_ellipsized (gtk_label_get_layout (GTK_LABEL (widget))));
  else if (GTK_IS_INSCRIPTION (widget))
    check_inscription (faults, widget);

  narrow_view (&view, widget);
  for (GtkWidget *w = gtk_widget_get_first_child (widget); w != NULL; w = gtk_widget_get_next_sibling (w))
    walk (faults, w, view);
}

GPtrArray *
kab_layout_check_find (void)
{
  GPtrArray *faults = g_ptr_array_new_with_free_func (g_free);
  GListModel *windows = gtk_window_get_toplevels ();

  for (guint i = 0; i < g_list_model_get_n_items (windows); i++)
    {
      g_autoptr(GtkWidget) window = g_list_model_get_item (windows, i);
      View view = { window, 0, 0, (float) gtk_widget_get_width (window), (float) gtk_widget_get_height (window) };

      if (gtk_widget_get_mapped (window))
        for (GtkWidget *w = gtk_widget_get_first_child (window); w != NULL; w = gtk_widget_get_next_sibling (w))
          walk (faults, w, view);
    }

  return faults;
}
