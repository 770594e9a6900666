/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-badge.h"
#include "kab-door.h"
#include "kab-refill.h"
#include "kab-tooltip.h"

/* Of a widget: what it does, where its words do not tell. Of a filling: all that it says. */
static GQuark
told_quark (void)
{
  return g_quark_from_static_string ("kab-refill");
}

static void
add_text (GString    *words,
          const char *text)
{
  if (text != NULL && *text != '\0')
    g_string_append_printf (words, " “%s”", text);
}

/* What a widget and all in it say and do. */
static void
describe (GtkWidget *widget,
          GString   *words)
{
  g_auto(GStrv) classes = gtk_widget_get_css_classes (widget);
  g_autofree char *kinds = g_strjoinv (" ", classes);

  g_string_append_printf (words, "(%s", G_OBJECT_TYPE_NAME (widget));
  add_text (words, kinds);
  add_text (words, gtk_widget_get_tooltip_text (widget));
  add_text (words, kab_tooltip_get (widget));
  add_text (words, g_object_get_qdata (G_OBJECT (widget), told_quark ()));
  if (GTK_IS_LABEL (widget))
    add_text (words, gtk_label_get_label (GTK_LABEL (widget)));
  else if (GTK_IS_IMAGE (widget))
    add_text (words, gtk_image_get_icon_name (GTK_IMAGE (widget)));
  else if (KAB_IS_BADGE (widget))
    add_text (words, kab_badge_get_tooltip (KAB_BADGE (widget)));
  else if (KAB_IS_DOOR (widget))
    {
      add_text (words, kab_door_get_page (KAB_DOOR (widget)));
      add_text (words, kab_door_get_query (KAB_DOOR (widget)));
    }
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    describe (child, words);
  g_string_append_c (words, ')');
}

static char *
dup_words (GtkWidget *widget)
{
  GString *words = g_string_new (NULL);

  describe (widget, words);
  return g_string_free (words, FALSE);
}

/* A door is the same whatever its number is now. */
static char *
dup_identity (GtkWidget *widget)
{
  if (KAB_IS_DOOR (widget))
    return g_strdup_printf ("%s %s", kab_door_get_page (KAB_DOOR (widget)), kab_door_get_query (KAB_DOOR (widget)));

  return dup_words (widget);
}

/* Where the keyboard can be, in order */
static void
collect_stops (GtkWidget *widget,
               GPtrArray *stops)
{
  if (gtk_widget_get_focusable (widget))
    g_ptr_array_add (stops, widget);
  for (GtkWidget *child = gtk_widget_get_first_child (widget); child != NULL;
       child = gtk_widget_get_next_sibling (child))
    collect_stops (child, stops);
}

/* The widget that says the same, the n-th of those that do; else the one at the same place. */
static GtkWidget *
find_again (GtkWidget *focus,
            GtkWidget *old,
            GtkWidget *fresh)
{
  g_autoptr(GPtrArray) before = g_ptr_array_new ();
  g_autoptr(GPtrArray) after = g_ptr_array_new ();
  g_autofree char *wanted = dup_identity (focus);
  GtkWidget *found = NULL;
  guint place, n_same = 0;

  collect_stops (old, before);
  collect_stops (fresh, after);
  for (place = 0; place < before->len && before->pdata[place] != focus; place++)
    {
      g_autofree char *identity = dup_identity (before->pdata[place]);

      n_same += g_str_equal (identity, wanted);
    }
  for (guint i = 0; i < after->len; i++)
    {
      g_autofree char *identity = dup_identity (after->pdata[i]);

      if (!g_str_equal (identity, wanted))
        continue;
      found = after->pdata[i];
      if (n_same-- == 0)
        break;
    }

  return found != NULL || after->len == 0 ? found : after->pdata[MIN (place, after->len - 1)];
}

static void
replace (GtkBox    *box,
         GtkWidget *old,
         GtkWidget *fresh)
{
  GtkWidget *scrolled = gtk_widget_get_ancestor (GTK_WIDGET (box), GTK_TYPE_SCROLLED_WINDOW);
  GtkAdjustment *place = scrolled != NULL ? gtk_scrolled_window_get_vadjustment (GTK_SCROLLED_WINDOW (scrolled)) : NULL;
  double value = place != NULL ? gtk_adjustment_get_value (place) : 0;
  GtkRoot *root = gtk_widget_get_root (GTK_WIDGET (box));
  GtkWidget *focus = root != NULL ? gtk_root_get_focus (root) : NULL;

  gtk_box_append (box, fresh);
  if (old == NULL)
    return;

  if (focus != NULL && gtk_widget_is_ancestor (focus, old))
    {
      focus = find_again (focus, old, fresh);
      if (focus != NULL)
        gtk_widget_grab_focus (focus);
    }
  gtk_box_remove (box, old);
  /* A widget that gets the focus scrolls itself into sight, and does not know yet where it will be. */
  if (place != NULL)
    gtk_adjustment_set_value (place, value);
}

void
kab_refill (GtkBox   *box,
            KabFill   fill,
            gpointer  user_data)
{
  GtkWidget *fresh, *old;
  const char *known;
  char *words;

  g_return_if_fail (GTK_IS_BOX (box));

  old = gtk_widget_get_first_child (GTK_WIDGET (box));
  fresh = g_object_ref_sink (gtk_box_new (GTK_ORIENTATION_VERTICAL, gtk_box_get_spacing (box)));
  fill (GTK_BOX (fresh), user_data);
  words = dup_words (fresh);
  known = old != NULL ? g_object_get_qdata (G_OBJECT (old), told_quark ()) : NULL;
  if (g_strcmp0 (words, known) != 0)
    replace (box, old, fresh);
  g_object_set_qdata_full (G_OBJECT (fresh), told_quark (), words, g_free);
  gtk_widget_set_visible (GTK_WIDGET (box), gtk_widget_get_first_child (fresh) != NULL);
  g_object_unref (fresh);
}

void
kab_refill_tell (GtkWidget  *widget,
                 const char *text)
{
  g_object_set_qdata_full (G_OBJECT (widget), told_quark (), g_strdup (text), g_free);
}
