/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-format.h"
#include "kab-item-view.h"
#include "kab-list-detail.h"

struct _KabItemView
{
  AdwBin          parent_instance;

  GtkSearchBar   *search_bar;
  GtkSearchEntry *search;
  GtkWidget      *problem;        /* why a search is not understood */
  AdwFlap        *flap;
  KabItemFilter  *filter;
  KabListDetail  *content;
  KabTable       *table;          /* of @content, alone or in @views */
  GtkStack       *views;          /* (nullable) */

  GListModel     *shown;          /* borrowed: the filter's */
};

G_DEFINE_FINAL_TYPE (KabItemView, kab_item_view, ADW_TYPE_BIN)

enum {
  PROP_SEARCH_SHOWN = 1,
  PROP_FILTERS_SHOWN,
  PROP_FOLDED,
  PROP_VIEW,
  N_PROPS,
};

enum {
  SELECTED,
  SEARCHED,
  N_SIGNALS,
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

static void
set_query (KabItemView *self,
           const char  *text)
{
  g_autoptr(GError) error = NULL;
  gboolean understood = kab_item_filter_set_query (self->filter, text, &error);

  gtk_label_set_label (GTK_LABEL (self->problem), understood ? "" : error->message);
  gtk_widget_set_visible (self->problem, !understood);
  if (understood)
    g_signal_emit (self, signals[SEARCHED], 0, kab_item_filter_get_query (self->filter));
}

static void
search_changed_cb (KabItemView *self)
{
  set_query (self, gtk_editable_get_text (GTK_EDITABLE (self->search)));
}

static void
filter_cb (KabItemView *self,
           const char  *text)
{
  g_autofree char *copy = g_strdup (text);

  kab_item_view_show_query (self, copy);
}

/* A bar that closes takes the search with it. */
static void
search_mode_cb (KabItemView *self)
{
  if (!gtk_search_bar_get_search_mode (self->search_bar))
    gtk_editable_set_text (GTK_EDITABLE (self->search), "");
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_SEARCH_SHOWN]);
}

static void
flap_revealed_cb (KabItemView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FILTERS_SHOWN]);
}

/* Over the list the pane starts closed. */
static void
flap_folded_cb (KabItemView *self)
{
  adw_flap_set_reveal_flap (self->flap, FALSE);
}

static void
selection_changed_cb (KabItemView *self)
{
  g_autoptr(GObject) item = kab_table_dup_single (self->table);

  g_signal_emit (self, signals[SELECTED], 0, item, kab_table_get_n_selected (self->table));
}

static void
view_changed_cb (KabItemView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_VIEW]);
}

static void
grab_list_focus (KabItemView *self)
{
  gtk_widget_grab_focus (self->views != NULL ? gtk_stack_get_visible_child (self->views)
                                             : GTK_WIDGET (self->table));
}

/* The detail over the list, the filters over it, or the search. Returns: FALSE when nothing was open */
static gboolean
close_nearest (KabItemView *self)
{
  if (kab_list_detail_go_back (self->content))
    return TRUE;

  if (adw_flap_get_folded (self->flap) && adw_flap_get_reveal_flap (self->flap))
    adw_flap_set_reveal_flap (self->flap, FALSE);
  else if (gtk_search_bar_get_search_mode (self->search_bar))
    kab_item_view_show_query (self, "");
  else
    return FALSE;

  return TRUE;
}

static void
folded_cb (KabItemView *self)
{
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLDED]);
}

static void
kab_item_view_get_property (GObject    *object,
                            guint       id,
                            GValue     *value,
                            GParamSpec *pspec)
{
  KabItemView *self = KAB_ITEM_VIEW (object);

  if (id == PROP_SEARCH_SHOWN)
    g_value_set_boolean (value, gtk_search_bar_get_search_mode (self->search_bar));
  else if (id == PROP_FILTERS_SHOWN)
    g_value_set_boolean (value, adw_flap_get_reveal_flap (self->flap));
  else if (id == PROP_FOLDED)
    g_object_get_property (G_OBJECT (self->content), "folded", value);
  else if (id == PROP_VIEW)
    g_value_set_string (value, self->views != NULL ? gtk_stack_get_visible_child_name (self->views) : "table");
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kab_item_view_set_property (GObject      *object,
                            guint         id,
                            const GValue *value,
                            GParamSpec   *pspec)
{
  KabItemView *self = KAB_ITEM_VIEW (object);

  if (id == PROP_SEARCH_SHOWN)
    gtk_search_bar_set_search_mode (self->search_bar, g_value_get_boolean (value));
  else if (id == PROP_FILTERS_SHOWN)
    adw_flap_set_reveal_flap (self->flap, g_value_get_boolean (value));
  else if (id == PROP_VIEW && self->views != NULL)
    gtk_stack_set_visible_child_name (self->views, g_value_get_string (value));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kab_item_view_dispose (GObject *object)
{
  KabItemView *self = KAB_ITEM_VIEW (object);

  if (self->table != NULL)
    {
      g_signal_handlers_disconnect_by_data (self->table, self);
      g_signal_handlers_disconnect_by_data (self->search_bar, self);
      g_signal_handlers_disconnect_by_data (self->flap, self);
      g_signal_handlers_disconnect_by_data (self->content, self);
      if (self->views != NULL)
        g_signal_handlers_disconnect_by_data (self->views, self);
      self->table = NULL;
    }

  G_OBJECT_CLASS (kab_item_view_parent_class)->dispose (object);
}

static void
kab_item_view_class_init (KabItemViewClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_EXPLICIT_NOTIFY | G_PARAM_STATIC_STRINGS;

  object_class->get_property = kab_item_view_get_property;
  object_class->set_property = kab_item_view_set_property;
  object_class->dispose = kab_item_view_dispose;

  properties[PROP_SEARCH_SHOWN] = g_param_spec_boolean ("search-shown", NULL, NULL, FALSE, flags);
  properties[PROP_FILTERS_SHOWN] = g_param_spec_boolean ("filters-shown", NULL, NULL, FALSE, flags);
  properties[PROP_FOLDED] = g_param_spec_boolean ("folded", NULL, NULL, FALSE,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  properties[PROP_VIEW] = g_param_spec_string ("view", NULL, NULL, "table", flags);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  signals[SELECTED] = g_signal_new ("selected", KAB_TYPE_ITEM_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 2, G_TYPE_OBJECT, G_TYPE_UINT);
  signals[SEARCHED] = g_signal_new ("searched", KAB_TYPE_ITEM_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_STRING);
}

static GtkWidget *
new_search_bar (KabItemView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 3);
  GtkWidget *clamp = adw_clamp_new ();

  self->search_bar = GTK_SEARCH_BAR (gtk_search_bar_new ());
  self->search = GTK_SEARCH_ENTRY (gtk_search_entry_new ());
  self->problem = g_object_new (GTK_TYPE_LABEL, "wrap", TRUE, "xalign", 0.0, "visible", FALSE, NULL);
  gtk_widget_add_css_class (self->problem, "error");
  gtk_widget_set_hexpand (box, TRUE);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->search));
  gtk_box_append (GTK_BOX (box), self->problem);
  g_object_set (clamp, "maximum-size", 640, "child", box, NULL);
  gtk_search_bar_set_child (self->search_bar, clamp);
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search));

  return GTK_WIDGET (self->search_bar);
}

static void
kab_item_view_init (KabItemView *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);

  self->filter = g_object_new (KAB_TYPE_ITEM_FILTER, "width-request", 216, NULL);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->filter), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Filters"), -1);
  self->flap = ADW_FLAP (adw_flap_new ());
  g_object_set (self->flap, "vexpand", TRUE, "reveal-flap", FALSE, "locked", TRUE, "flap", self->filter,
                "separator", gtk_separator_new (GTK_ORIENTATION_VERTICAL), NULL);
  self->content = g_object_new (KAB_TYPE_LIST_DETAIL, NULL);
  self->table = kab_list_detail_get_table (self->content);
  adw_flap_set_content (self->flap, GTK_WIDGET (self->content));
  gtk_box_append (GTK_BOX (box), new_search_bar (self));
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->flap));
  adw_bin_set_child (ADW_BIN (self), box);
  self->shown = kab_item_filter_get_shown (self->filter);

  g_signal_connect_swapped (self->search, "search-changed", G_CALLBACK (search_changed_cb), self);
  g_signal_connect_swapped (self->search_bar, "notify::search-mode-enabled", G_CALLBACK (search_mode_cb), self);
  g_signal_connect_swapped (self->filter, "query", G_CALLBACK (filter_cb), self);
  g_signal_connect_swapped (self->flap, "notify::reveal-flap", G_CALLBACK (flap_revealed_cb), self);
  g_signal_connect_swapped (self->flap, "notify::folded", G_CALLBACK (flap_folded_cb), self);
  g_signal_connect_swapped (self->content, "notify::folded", G_CALLBACK (folded_cb), self);
  g_signal_connect_swapped (self->table, "selection-changed", G_CALLBACK (selection_changed_cb), self);
  g_signal_connect_object (self->table, "activate", G_CALLBACK (kab_list_detail_open), self->content,
                           G_CONNECT_SWAPPED);
}

void
kab_item_view_set_info (KabItemView        *self,
                        const char         *name,
                        const KabTableInfo *info,
                        const KabItemTerm  *terms,
                        guint               n_terms)
{
  g_return_if_fail (KAB_IS_ITEM_VIEW (self));

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->search), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  kab_table_set_info (self->table, info);
  kab_item_filter_set_terms (self->filter, info, terms, n_terms);
  kab_table_set_model (self->table, self->shown);
}

void
kab_item_view_set_model (KabItemView *self,
                         GListModel  *model)
{
  g_return_if_fail (KAB_IS_ITEM_VIEW (self));

  kab_item_filter_set_source (self->filter, model);
}

KabTable *
kab_item_view_get_table (KabItemView *self)
{
  g_return_val_if_fail (KAB_IS_ITEM_VIEW (self), NULL);

  return self->table;
}

void
kab_item_view_set_detail (KabItemView *self,
                          GtkWidget   *detail)
{
  g_return_if_fail (KAB_IS_ITEM_VIEW (self));

  kab_list_detail_set_detail (self->content, detail);
}

void
kab_item_view_set_other (KabItemView *self,
                         GtkWidget   *other,
                         const char  *title,
                         const char  *table_title)
{
  GtkWidget *box, *switcher;

  g_return_if_fail (KAB_IS_ITEM_VIEW (self));
  g_return_if_fail (self->views == NULL);

  self->views = GTK_STACK (gtk_stack_new ());
  switcher = g_object_new (GTK_TYPE_STACK_SWITCHER, "stack", self->views, "halign", GTK_ALIGN_CENTER,
                           "margin-top", 6, "margin-bottom", 6, NULL);
  gtk_widget_add_css_class (switcher, "kab-views");
  box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 0);
  gtk_box_append (GTK_BOX (box), switcher);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->views));

  g_object_ref (self->table);
  kab_list_detail_set_list (self->content, box);
  gtk_stack_add_titled (self->views, other, "other", title);
  gtk_stack_add_titled (self->views, GTK_WIDGET (self->table), "table", table_title);
  g_object_unref (self->table);
  g_signal_connect_swapped (self->views, "notify::visible-child", G_CALLBACK (view_changed_cb), self);
}

GListModel *
kab_item_view_get_shown (KabItemView *self)
{
  g_return_val_if_fail (KAB_IS_ITEM_VIEW (self), NULL);

  return self->shown;
}

char *
kab_item_view_dup_summary (KabItemView *self)
{
  const char *query;
  GListModel *source;
  g_autofree char *shown = NULL;
  g_autofree char *total = NULL;

  g_return_val_if_fail (KAB_IS_ITEM_VIEW (self), NULL);

  query = kab_item_filter_get_query (self->filter);
  source = gtk_filter_list_model_get_model (GTK_FILTER_LIST_MODEL (self->shown));
  if (*query == '\0' || source == NULL)
    return NULL;

  shown = kab_format_count (g_list_model_get_n_items (self->shown));
  total = kab_format_count (g_list_model_get_n_items (source));
  /* Translators: rows shown, rows there are, and the search: "37 of 1,284 · severity:critical" */
  return g_strdup_printf (_("%1$s of %2$s · %3$s"), shown, total, query);
}

void
kab_item_view_show_query (KabItemView *self,
                          const char  *query)
{
  g_return_if_fail (KAB_IS_ITEM_VIEW (self));

  gtk_search_bar_set_search_mode (self->search_bar, *query != '\0');
  gtk_editable_set_text (GTK_EDITABLE (self->search), query);
  set_query (self, query);
  kab_list_detail_show_list (self->content);
}

const char *
kab_item_view_get_query (KabItemView *self)
{
  g_return_val_if_fail (KAB_IS_ITEM_VIEW (self), NULL);

  return kab_item_filter_get_query (self->filter);
}

gboolean
kab_item_view_open (KabItemView *self,
                    const char  *id)
{
  g_return_val_if_fail (KAB_IS_ITEM_VIEW (self), FALSE);

  if (!kab_table_select_id (self->table, id))
    return FALSE;

  kab_list_detail_open (self->content);
  return TRUE;
}

gboolean
kab_item_view_focus_search (KabItemView *self)
{
  g_return_val_if_fail (KAB_IS_ITEM_VIEW (self), FALSE);

  kab_list_detail_show_list (self->content);
  gtk_search_bar_set_search_mode (self->search_bar, TRUE);

  return gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

gboolean
kab_item_view_toggle_filters (KabItemView *self)
{
  g_return_val_if_fail (KAB_IS_ITEM_VIEW (self), FALSE);

  adw_flap_set_reveal_flap (self->flap, !adw_flap_get_reveal_flap (self->flap));

  return TRUE;
}

gboolean
kab_item_view_go_back (KabItemView *self)
{
  g_return_val_if_fail (KAB_IS_ITEM_VIEW (self), FALSE);

  if (!close_nearest (self))
    return FALSE;

  grab_list_focus (self);
  return TRUE;
}

void
kab_item_view_toggle_detail (KabItemView *self)
{
  g_return_if_fail (KAB_IS_ITEM_VIEW (self));

  kab_list_detail_toggle (self->content);
}
