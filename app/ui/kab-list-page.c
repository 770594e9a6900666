/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-list-detail.h"
#include "kab-list-page.h"
#include "kab-search.h"
#include "kab-settings.h"
#include "kab-ui.h"
#include "kab-window.h"

typedef struct
{
  GtkWidget     *filters_button;
  GtkWidget     *view_button;
  GtkSearchBar  *search_bar;
  KabSearch     *search;
  AdwFlap       *flap;
  KabFilterPane *filters;
  KabListDetail *content;
  KabTable      *table;         /* of @content */
  GtkWidget     *empty;

  KabRecordList *list;
  char          *query;         /* understood and shown */
  gboolean       folding;
} KabListPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (KabListPage, kab_list_page, KAB_TYPE_PAGE)

#define PRIV(self) ((KabListPagePrivate *) kab_list_page_get_instance_private (self))

static void
update_subtitle (KabListPage *self)
{
  KabListPagePrivate *priv = PRIV (self);
  g_autofree char *shown = NULL;
  g_autofree char *total = NULL;
  g_autofree char *text = NULL;
  guint n_rows;

  if (priv->list == NULL)
    {
      kab_page_set_subtitle (KAB_PAGE (self), NULL);
      return;
    }

  n_rows = g_list_model_get_n_items (G_LIST_MODEL (priv->list));
  if (*priv->query == '\0')
    {
      text = KAB_LIST_PAGE_GET_CLASS (self)->dup_summary (self, n_rows);
    }
  else
    {
      shown = kab_format_count (n_rows);
      total = kab_format_count (kab_record_list_get_n_total (priv->list));
      /* Translators: rows shown, rows there are, and the search: "37 of 1,284 · severity:critical" */
      text = g_strdup_printf (_("%1$s of %2$s · %3$s"), shown, total, priv->query);
    }
  kab_page_set_subtitle (KAB_PAGE (self), text);
}

static void
update_empty (KabListPage *self)
{
  KabListPagePrivate *priv = PRIV (self);

  KAB_LIST_PAGE_GET_CLASS (self)->fill_empty (self, ADW_STATUS_PAGE (priv->empty),
                                              *priv->query != '\0');
}

static void
search_cb (KabListPage *self,
           const char  *text)
{
  KabListPagePrivate *priv = PRIV (self);
  g_autoptr(GError) error = NULL;

  if (priv->list != NULL && !kab_record_list_set_query (priv->list, text, &error))
    {
      /* The list keeps what it shows. */
      kab_search_set_error (priv->search, error);
      return;
    }

  kab_search_set_error (priv->search, NULL);
  if (text != priv->query)
    {
      g_free (priv->query);
      priv->query = g_strstrip (g_strdup (text));
    }
  kab_filter_pane_set_query (priv->filters, priv->query);
  if (KAB_LIST_PAGE_GET_CLASS (self)->query_changed != NULL)
    KAB_LIST_PAGE_GET_CLASS (self)->query_changed (self, priv->query);
  update_subtitle (self);
  update_empty (self);
}

static void
set_search (KabListPage *self,
            const char  *text)
{
  KabListPagePrivate *priv = PRIV (self);

  gtk_search_bar_set_search_mode (priv->search_bar, *text != '\0');
  kab_search_set_text (priv->search, text);
}

static void
filter_cb (KabListPage *self,
           const char  *text)
{
  g_autofree char *copy = g_strdup (text);

  set_search (self, copy);
}

/* A bar that closes takes the search with it. */
static void
search_mode_cb (KabListPage *self)
{
  KabListPagePrivate *priv = PRIV (self);

  if (!gtk_search_bar_get_search_mode (priv->search_bar) && *kab_search_get_text (priv->search) != '\0')
    kab_search_set_text (priv->search, "");
}

static void
show_selection (KabListPage *self)
{
  KabListPagePrivate *priv = PRIV (self);
  g_autoptr(KabRecord) record = kab_table_dup_single (priv->table);

  KAB_LIST_PAGE_GET_CLASS (self)->show_detail (self, record,
                                               kab_table_get_n_selected (priv->table));
}

static void
activate_cb (KabListPage *self,
             GObject     *item)
{
  KabListPagePrivate *priv = PRIV (self);

  kab_table_select_id (priv->table, kab_record_get_id (KAB_RECORD (item)));
  kab_list_detail_open (priv->content);
}

/* Beside the list the pane stays as the user left it; over the list it starts closed. */
static void
flap_folded_cb (KabListPage *self)
{
  KabListPagePrivate *priv = PRIV (self);
  gboolean shown = g_settings_get_boolean (kab_settings_get_default (), "filters-shown");

  priv->folding = TRUE;
  adw_flap_set_reveal_flap (priv->flap, !adw_flap_get_folded (priv->flap) && shown);
  priv->folding = FALSE;
}

static void
flap_revealed_cb (KabListPage *self)
{
  KabListPagePrivate *priv = PRIV (self);

  if (!priv->folding && !adw_flap_get_folded (priv->flap))
    g_settings_set_boolean (kab_settings_get_default (), "filters-shown",
                            adw_flap_get_reveal_flap (priv->flap));
}

static void
kab_list_page_session_changed (KabPage    *page,
                               KabSession *session)
{
  KabListPage *self = KAB_LIST_PAGE (page);
  KabListPagePrivate *priv = PRIV (self);

  if (priv->list != NULL)
    g_signal_handlers_disconnect_by_data (priv->list, self);
  kab_filter_pane_set_list (priv->filters, NULL);
  kab_search_set_list (priv->search, NULL);
  g_clear_object (&priv->list);

  if (session != NULL)
    {
      priv->list = kab_record_list_new (KAB_LIST_PAGE_GET_CLASS (self)->domain);
      g_signal_connect_object (priv->list, "items-changed", G_CALLBACK (update_subtitle), self,
                               G_CONNECT_SWAPPED);
      g_signal_connect_object (priv->list, "notify::n-total", G_CALLBACK (update_subtitle), self,
                               G_CONNECT_SWAPPED);
    }
  kab_table_set_model (priv->table, priv->list != NULL ? G_LIST_MODEL (priv->list) : NULL);
  kab_search_set_list (priv->search, priv->list);
  kab_filter_pane_set_list (priv->filters, priv->list);
  set_search (self, "");
  update_subtitle (self);
  update_empty (self);
  kab_list_page_show_list (self);
}

static void
kab_list_page_catch_up (KabPage    *page,
                        KabSession *session)
{
  KabListPage *self = KAB_LIST_PAGE (page);

  kab_record_list_set_snapshot (PRIV (self)->list, kab_session_get_snapshot (session));
  update_empty (self);
}

static void
kab_list_page_show_query (KabPage    *page,
                          const char *query)
{
  KabListPage *self = KAB_LIST_PAGE (page);
  g_autofree char *copy = g_strdup (query);

  set_search (self, copy);
  kab_list_page_show_list (self);
}

static gboolean
kab_list_page_focus_search (KabPage *page)
{
  KabListPagePrivate *priv = PRIV (KAB_LIST_PAGE (page));

  kab_list_page_show_list (KAB_LIST_PAGE (page));
  gtk_search_bar_set_search_mode (priv->search_bar, TRUE);
  gtk_widget_grab_focus (GTK_WIDGET (priv->search));
  return TRUE;
}

static gboolean
kab_list_page_toggle_filters (KabPage *page)
{
  KabListPagePrivate *priv = PRIV (KAB_LIST_PAGE (page));

  adw_flap_set_reveal_flap (priv->flap, !adw_flap_get_reveal_flap (priv->flap));
  return TRUE;
}

static gboolean
kab_list_page_go_back (KabPage *page)
{
  KabListPagePrivate *priv = PRIV (KAB_LIST_PAGE (page));

  if (kab_list_detail_go_back (priv->content))
    gtk_widget_grab_focus (GTK_WIDGET (priv->table));
  else if (adw_flap_get_folded (priv->flap) && adw_flap_get_reveal_flap (priv->flap))
    adw_flap_set_reveal_flap (priv->flap, FALSE);
  else if (gtk_search_bar_get_search_mode (priv->search_bar))
    {
      set_search (KAB_LIST_PAGE (page), "");
      gtk_widget_grab_focus (GTK_WIDGET (priv->table));
    }
  else
    return FALSE;

  return TRUE;
}

static void
details_action (GtkWidget  *widget,
                const char *name,
                GVariant   *parameter)
{
  kab_list_detail_toggle (PRIV (KAB_LIST_PAGE (widget))->content);
}

static void
kab_list_page_constructed (GObject *object)
{
  KabListPage *self = KAB_LIST_PAGE (object);
  KabListPagePrivate *priv = PRIV (self);
  KabListPageClass *klass = KAB_LIST_PAGE_GET_CLASS (self);

  G_OBJECT_CLASS (kab_list_page_parent_class)->constructed (object);

  kab_table_set_info (priv->table, klass->table);
  kab_search_set_domain (priv->search, klass->domain);
  kab_filter_pane_set_groups (priv->filters, klass->domain, klass->groups, klass->n_groups);
  priv->empty = adw_status_page_new ();
  update_empty (self);
  kab_table_set_placeholder (priv->table, priv->empty);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "table", kab_table_get_actions (priv->table));
  gtk_menu_button_set_menu_model (GTK_MENU_BUTTON (priv->view_button),
                                  kab_table_get_view_menu (priv->table));
  show_selection (self);
}

static void
kab_list_page_dispose (GObject *object)
{
  kab_page_set_session (KAB_PAGE (object), NULL);

  G_OBJECT_CLASS (kab_list_page_parent_class)->dispose (object);
}

static void
kab_list_page_finalize (GObject *object)
{
  g_free (PRIV (KAB_LIST_PAGE (object))->query);

  G_OBJECT_CLASS (kab_list_page_parent_class)->finalize (object);
}

static void
bind_template (GtkWidgetClass *widget_class)
{
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "kab-list-page.ui");
  gtk_widget_class_bind_template_child_private (widget_class, KabListPage, filters_button);
  gtk_widget_class_bind_template_child_private (widget_class, KabListPage, view_button);
  gtk_widget_class_bind_template_child_private (widget_class, KabListPage, search_bar);
  gtk_widget_class_bind_template_child_private (widget_class, KabListPage, search);
  gtk_widget_class_bind_template_child_private (widget_class, KabListPage, flap);
  gtk_widget_class_bind_template_child_private (widget_class, KabListPage, filters);
  gtk_widget_class_bind_template_child_private (widget_class, KabListPage, content);
  gtk_widget_class_bind_template_callback (widget_class, search_cb);
  gtk_widget_class_bind_template_callback (widget_class, filter_cb);
  gtk_widget_class_bind_template_callback (widget_class, flap_folded_cb);
  gtk_widget_class_bind_template_callback (widget_class, flap_revealed_cb);
}

static void
kab_list_page_class_init (KabListPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  KabPageClass *page_class = KAB_PAGE_CLASS (klass);

  object_class->constructed = kab_list_page_constructed;
  object_class->dispose = kab_list_page_dispose;
  object_class->finalize = kab_list_page_finalize;
  page_class->session_changed = kab_list_page_session_changed;
  page_class->catch_up = kab_list_page_catch_up;
  page_class->show_query = kab_list_page_show_query;
  page_class->focus_search = kab_list_page_focus_search;
  page_class->toggle_filters = kab_list_page_toggle_filters;
  page_class->go_back = kab_list_page_go_back;

  g_type_ensure (KAB_TYPE_LIST_DETAIL);
  g_type_ensure (KAB_TYPE_SEARCH);
  g_type_ensure (KAB_TYPE_FILTER_PANE);
  bind_template (widget_class);

  gtk_widget_class_install_action (widget_class, "list.details", NULL, details_action);
  /* Menus show the last one. */
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_KP_Enter, GDK_ALT_MASK, "list.details", NULL);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_ALT_MASK, "list.details", NULL);
}

static void
kab_list_page_init (KabListPage *self)
{
  KabListPagePrivate *priv = PRIV (self);

  priv->query = g_strdup ("");
  gtk_widget_init_template (GTK_WIDGET (self));
  priv->table = kab_list_detail_get_table (priv->content);
  g_signal_connect_object (priv->table, "selection-changed", G_CALLBACK (show_selection), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (priv->table, "activate", G_CALLBACK (activate_cb), self, G_CONNECT_SWAPPED);
  gtk_search_bar_connect_entry (priv->search_bar, kab_search_get_entry (priv->search));
  g_signal_connect_object (priv->search_bar, "notify::search-mode-enabled",
                           G_CALLBACK (search_mode_cb), self, G_CONNECT_SWAPPED);
  flap_folded_cb (self);
}

KabTable *
kab_list_page_get_table (KabListPage *self)
{
  g_return_val_if_fail (KAB_IS_LIST_PAGE (self), NULL);

  return PRIV (self)->table;
}

KabRecordList *
kab_list_page_get_list (KabListPage *self)
{
  g_return_val_if_fail (KAB_IS_LIST_PAGE (self), NULL);

  return PRIV (self)->list;
}

KabFilterPane *
kab_list_page_get_filters (KabListPage *self)
{
  g_return_val_if_fail (KAB_IS_LIST_PAGE (self), NULL);

  return PRIV (self)->filters;
}

void
kab_list_page_set_detail (KabListPage *self,
                          GtkWidget   *detail)
{
  g_return_if_fail (KAB_IS_LIST_PAGE (self));

  kab_list_detail_set_detail (PRIV (self)->content, detail);
}

void
kab_list_page_set_row_menu (KabListPage *self,
                            GMenuModel  *menu)
{
  g_return_if_fail (KAB_IS_LIST_PAGE (self));

  kab_table_set_row_menu (PRIV (self)->table, menu);
}

void
kab_list_page_show_list (KabListPage *self)
{
  g_return_if_fail (KAB_IS_LIST_PAGE (self));

  kab_list_detail_show_list (PRIV (self)->content);
}
