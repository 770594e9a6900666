/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-detail-pane.h"
#include "kab-error-text.h"
#include "kab-facts.h"
#include "kab-tooltip.h"
#include "kab-wrap-layout.h"

typedef struct
{
  GtkStack     *stack;          /* none, one */
  GtkWidget    *none;           /* AdwStatusPage */
  GtkBox       *one;
  GtkBox       *top;            /* title, head and error */
  GtkWidget    *title;
  GtkWidget    *menu_button;
  GtkBox       *head;
  GtkWidget    *error;
  GtkBox       *parts;          /* (nullable): @top, and what scrolls with it */
  GtkWidget    *switcher;       /* of @tabs */
  AdwViewStack *tabs;           /* (nullable) */
  GtkWidget    *bar_box;        /* the bar and its line */
  GtkWidget    *bar;            /* (nullable) */

  GPtrArray    *scrolled;       /* borrowed: the scrolled windows of parts and tabs */
  char         *shown_id;       /* (nullable) */
  GCancellable *reading;
} KabDetailPanePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (KabDetailPane, kab_detail_pane, ADW_TYPE_BIN)

#define PRIV(self) ((KabDetailPanePrivate *) kab_detail_pane_get_instance_private (self))

static void
read_no_more (KabDetailPanePrivate *priv)
{
  g_cancellable_cancel (priv->reading);
  g_object_unref (priv->reading);
  priv->reading = g_cancellable_new ();
}

static void
kab_detail_pane_dispose (GObject *object)
{
  KabDetailPanePrivate *priv = PRIV (KAB_DETAIL_PANE (object));

  g_cancellable_cancel (priv->reading);

  G_OBJECT_CLASS (kab_detail_pane_parent_class)->dispose (object);
}

static void
kab_detail_pane_finalize (GObject *object)
{
  KabDetailPanePrivate *priv = PRIV (KAB_DETAIL_PANE (object));

  g_ptr_array_unref (priv->scrolled);
  g_object_unref (priv->reading);
  g_free (priv->shown_id);

  G_OBJECT_CLASS (kab_detail_pane_parent_class)->finalize (object);
}

static void
kab_detail_pane_class_init (KabDetailPaneClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_detail_pane_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_detail_pane_finalize;
}

static void
init_top (KabDetailPanePrivate *priv)
{
  GtkBox *line = GTK_BOX (gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6));

  priv->top = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  priv->title = kab_facts_add_title (line, "");
  gtk_widget_set_hexpand (priv->title, TRUE);
  priv->menu_button = g_object_new (GTK_TYPE_MENU_BUTTON, "icon-name", "view-more-symbolic",
                                    "valign", GTK_ALIGN_START, "visible", FALSE, NULL);
  gtk_widget_add_css_class (priv->menu_button, "flat");
  gtk_box_append (line, priv->menu_button);
  priv->head = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  priv->error = kab_facts_new_text ("");
  gtk_widget_add_css_class (priv->error, "error");
  gtk_widget_set_visible (priv->error, FALSE);
  gtk_box_append (priv->top, GTK_WIDGET (line));
  gtk_box_append (priv->top, GTK_WIDGET (priv->head));
  gtk_box_append (priv->top, priv->error);
}

static void
kab_detail_pane_init (KabDetailPane *self)
{
  KabDetailPanePrivate *priv = PRIV (self);
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  priv->scrolled = g_ptr_array_new ();
  priv->reading = g_cancellable_new ();
  init_top (priv);
  priv->one = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 0));
  gtk_box_append (priv->one, GTK_WIDGET (priv->top));
  priv->none = adw_status_page_new ();
  gtk_widget_add_css_class (priv->none, "compact");
  priv->stack = GTK_STACK (gtk_stack_new ());
  gtk_widget_set_vexpand (GTK_WIDGET (priv->stack), TRUE);
  gtk_stack_add_named (priv->stack, priv->none, "none");
  gtk_stack_add_named (priv->stack, GTK_WIDGET (priv->one), "one");
  priv->bar_box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_widget_set_visible (priv->bar_box, FALSE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (priv->stack));
  gtk_box_append (GTK_BOX (box), priv->bar_box);
  adw_bin_set_child (ADW_BIN (self), box);
}

GtkBox *
kab_detail_pane_get_head (KabDetailPane *self)
{
  g_return_val_if_fail (KAB_IS_DETAIL_PANE (self), NULL);

  return PRIV (self)->head;
}

static GtkWidget *
new_scrolled (KabDetailPanePrivate *priv,
              GtkBox               *box)
{
  GtkWidget *scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", box, "hscrollbar-policy", GTK_POLICY_NEVER,
                                      "vexpand", TRUE, NULL);

  gtk_widget_add_css_class (GTK_WIDGET (box), "facts");
  g_ptr_array_add (priv->scrolled, scrolled);

  return scrolled;
}

GtkBox *
kab_detail_pane_add_part (KabDetailPane *self)
{
  KabDetailPanePrivate *priv;
  GtkWidget *part;

  g_return_val_if_fail (KAB_IS_DETAIL_PANE (self), NULL);

  priv = PRIV (self);
  if (priv->parts == NULL)
    {
      priv->parts = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
      g_object_ref (priv->top);
      gtk_box_remove (priv->one, GTK_WIDGET (priv->top));
      gtk_box_append (priv->parts, GTK_WIDGET (priv->top));
      g_object_unref (priv->top);
      gtk_box_append (priv->one, new_scrolled (priv, priv->parts));
    }
  part = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (priv->parts, part);

  return GTK_BOX (part);
}

static void
tab_changed_cb (KabDetailPane *self)
{
  if (KAB_DETAIL_PANE_GET_CLASS (self)->tab_changed != NULL)
    KAB_DETAIL_PANE_GET_CLASS (self)->tab_changed (self);
}

static void
add_tabs (KabDetailPane *self)
{
  KabDetailPanePrivate *priv = PRIV (self);

  priv->switcher = adw_view_switcher_new ();
  gtk_widget_add_css_class (GTK_WIDGET (priv->top), "facts");
  gtk_widget_add_css_class (GTK_WIDGET (priv->top), "head");
  priv->tabs = ADW_VIEW_STACK (adw_view_stack_new ());
  adw_view_stack_set_hhomogeneous (priv->tabs, FALSE);
  gtk_widget_set_vexpand (GTK_WIDGET (priv->tabs), TRUE);
  g_signal_connect_object (priv->tabs, "notify::visible-child", G_CALLBACK (tab_changed_cb), self, G_CONNECT_SWAPPED);
  adw_view_switcher_set_stack (ADW_VIEW_SWITCHER (priv->switcher), priv->tabs);
  adw_view_switcher_set_policy (ADW_VIEW_SWITCHER (priv->switcher), ADW_VIEW_SWITCHER_POLICY_NARROW);
  gtk_box_append (priv->one, priv->switcher);
  gtk_box_append (priv->one, gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (priv->one, GTK_WIDGET (priv->tabs));
}

/* With large text the titles do not fit. */
static void
set_tooltips (KabDetailPanePrivate *priv)
{
  g_autoptr(GtkSelectionModel) pages = adw_view_stack_get_pages (priv->tabs);
  GtkWidget *button = gtk_widget_get_first_child (priv->switcher);

  for (guint i = 0; i < g_list_model_get_n_items (G_LIST_MODEL (pages)) && button != NULL; i++)
    {
      g_autoptr(AdwViewStackPage) page = g_list_model_get_item (G_LIST_MODEL (pages), i);

      kab_tooltip_set (button, adw_view_stack_page_get_title (page));
      button = gtk_widget_get_next_sibling (button);
    }
}

void
kab_detail_pane_add_tab (KabDetailPane *self,
                         GtkWidget     *child,
                         const char    *name,
                         const char    *title,
                         const char    *icon_name)
{
  g_return_if_fail (KAB_IS_DETAIL_PANE (self));

  if (PRIV (self)->tabs == NULL)
    add_tabs (self);
  adw_view_stack_add_titled_with_icon (PRIV (self)->tabs, child, name, title, icon_name);
  set_tooltips (PRIV (self));
}

GtkBox *
kab_detail_pane_add_facts_tab (KabDetailPane *self,
                               const char    *name,
                               const char    *title,
                               const char    *icon_name)
{
  GtkWidget *outer, *part;

  g_return_val_if_fail (KAB_IS_DETAIL_PANE (self), NULL);

  outer = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  part = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  gtk_box_append (GTK_BOX (outer), part);
  kab_detail_pane_add_tab (self, new_scrolled (PRIV (self), GTK_BOX (outer)), name, title, icon_name);

  return GTK_BOX (part);
}

GtkWidget *
kab_detail_pane_add_bar (KabDetailPane *self)
{
  KabDetailPanePrivate *priv;

  g_return_val_if_fail (KAB_IS_DETAIL_PANE (self), NULL);

  priv = PRIV (self);
  priv->bar = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 0);
  gtk_widget_set_layout_manager (priv->bar, kab_wrap_layout_new (6, 6));
  gtk_widget_add_css_class (priv->bar, "pane-bar");
  gtk_box_append (GTK_BOX (priv->bar_box), gtk_separator_new (GTK_ORIENTATION_HORIZONTAL));
  gtk_box_append (GTK_BOX (priv->bar_box), priv->bar);

  return priv->bar;
}

void
kab_detail_pane_name_menu (KabDetailPane *self,
                           const char    *name,
                           const char    *tooltip)
{
  g_return_if_fail (KAB_IS_DETAIL_PANE (self));

  kab_tooltip_set (PRIV (self)->menu_button, tooltip);
  gtk_accessible_update_property (GTK_ACCESSIBLE (PRIV (self)->menu_button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

void
kab_detail_pane_set_menu (KabDetailPane *self,
                          GMenuModel    *menu)
{
  g_return_if_fail (KAB_IS_DETAIL_PANE (self));

  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (PRIV (self)->menu_button), menu);
  gtk_widget_set_visible (PRIV (self)->menu_button, menu != NULL);
}

static void
show_bar (KabDetailPanePrivate *priv,
          guint                 n_selected)
{
  gtk_widget_set_visible (priv->bar_box, priv->bar != NULL && n_selected > 0);
}

void
kab_detail_pane_show_none (KabDetailPane *self,
                           guint          n_selected,
                           const char    *icon_name,
                           const char    *title,
                           const char    *description)
{
  KabDetailPanePrivate *priv;

  g_return_if_fail (KAB_IS_DETAIL_PANE (self));

  priv = PRIV (self);
  read_no_more (priv);
  g_clear_pointer (&priv->shown_id, g_free);
  g_object_set (priv->none, "icon-name", icon_name, "title", title, "description", description, NULL);
  gtk_stack_set_visible_child (priv->stack, priv->none);
  show_bar (priv, n_selected);
}

gboolean
kab_detail_pane_show_one (KabDetailPane *self,
                          const char    *id,
                          const char    *title)
{
  KabDetailPanePrivate *priv;
  gboolean another;

  g_return_val_if_fail (KAB_IS_DETAIL_PANE (self), FALSE);
  g_return_val_if_fail (id != NULL && title != NULL, FALSE);

  priv = PRIV (self);
  read_no_more (priv);
  another = g_strcmp0 (priv->shown_id, id) != 0;
  if (another)
    {
      g_free (priv->shown_id);
      priv->shown_id = g_strdup (id);
      kab_detail_pane_set_error (self, NULL);
      for (guint i = 0; i < priv->scrolled->len; i++)
        gtk_adjustment_set_value (gtk_scrolled_window_get_vadjustment (priv->scrolled->pdata[i]), 0);
    }
  gtk_label_set_label (GTK_LABEL (priv->title), title);
  gtk_stack_set_visible_child (priv->stack, GTK_WIDGET (priv->one));
  show_bar (priv, 1);

  return another;
}

GCancellable *
kab_detail_pane_get_reading (KabDetailPane *self)
{
  g_return_val_if_fail (KAB_IS_DETAIL_PANE (self), NULL);

  return PRIV (self)->reading;
}

void
kab_detail_pane_set_error (KabDetailPane *self,
                           const GError  *error)
{
  GtkWidget *label;

  g_return_if_fail (KAB_IS_DETAIL_PANE (self));

  label = PRIV (self)->error;
  gtk_label_set_label (GTK_LABEL (label), error != NULL ? kab_error_text_describe (error) : "");
  gtk_widget_set_visible (label, error != NULL);
}

const char *
kab_detail_pane_get_tab (KabDetailPane *self)
{
  g_return_val_if_fail (KAB_IS_DETAIL_PANE (self), NULL);

  return adw_view_stack_get_visible_child_name (PRIV (self)->tabs);
}

void
kab_detail_pane_show_tab (KabDetailPane *self,
                          const char    *name)
{
  g_return_if_fail (KAB_IS_DETAIL_PANE (self));

  adw_view_stack_set_visible_child_name (PRIV (self)->tabs, name);
}
