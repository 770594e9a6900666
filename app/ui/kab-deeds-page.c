/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-deeds-page.h"
#include "kab-key-problem.h"

/* More rows than this have no business in one query or on the clipboard one by one. */
#define MAX_NAMED 200

typedef struct
{
  GCancellable *cancellable;
  char         *problem;        /* why nothing can be signed; NULL when it can */
  gboolean      can_set_up;     /* the preferences can mend it */
} KabDeedsPagePrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE (KabDeedsPage, kab_deeds_page, KAB_TYPE_LIST_PAGE)

#define PRIV(self) ((KabDeedsPagePrivate *) kab_deeds_page_get_instance_private (self))

static void
update_actions (KabDeedsPage *self)
{
  KabDeedsPagePrivate *priv = PRIV (self);
  KabDeedsPageClass *klass = KAB_DEEDS_PAGE_GET_CLASS (self);
  guint n = kab_table_get_n_selected (kab_list_page_get_table (KAB_LIST_PAGE (self)));
  const char *why = priv->problem != NULL ? priv->problem : n == 0 ? _(klass->select_first) : NULL;

  for (guint i = 0; i < klass->n_deeds; i++)
    gtk_widget_action_set_enabled (GTK_WIDGET (self), klass->deeds[i].action, why == NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), klass->set_up_signing, priv->can_set_up);
  klass->update (self, why, priv->problem);
}

static void
key_problem_cb (const char *problem,
                gboolean    can_set_up,
                gpointer    user_data)
{
  KabDeedsPage *self = KAB_DEEDS_PAGE (user_data);
  KabDeedsPagePrivate *priv = PRIV (self);

  g_free (priv->problem);
  priv->problem = g_strdup (problem);
  priv->can_set_up = can_set_up;
  update_actions (self);
}

static void
check_key (KabDeedsPage *self)
{
  kab_key_problem_check (kab_page_get_session (KAB_PAGE (self)), PRIV (self)->cancellable, key_problem_cb, self);
}

typedef struct {
  KabDeedsPage *page;       /* alive unless the gathering was cancelled */
  int           deed;
} Wish;

static void
collected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  g_autofree Wish *wish = user_data;
  g_autoptr(GPtrArray) records = kab_table_collect_finish (KAB_TABLE (object), result, NULL);
  KabSession *session;

  if (records == NULL)
    return;

  session = kab_page_get_session (KAB_PAGE (wish->page));
  if (session != NULL && records->len > 0)
    KAB_DEEDS_PAGE_GET_CLASS (wish->page)->start (wish->page, wish->deed, session, records);
}

static void
deed_action (GtkWidget  *widget,
             const char *name,
             GVariant   *parameter)
{
  KabDeedsPage *self = KAB_DEEDS_PAGE (widget);
  KabDeedsPageClass *klass = KAB_DEEDS_PAGE_GET_CLASS (self);

  for (guint i = 0; i < klass->n_deeds; i++)
    if (g_str_equal (klass->deeds[i].action, name))
      {
        Wish *wish = g_new0 (Wish, 1);

        wish->page = self;
        wish->deed = klass->deeds[i].deed;
        kab_table_collect_async (kab_list_page_get_table (KAB_LIST_PAGE (self)), TRUE, PRIV (self)->cancellable,
                                 collected_cb, wish);
      }
}

static void
set_up_signing_action (GtkWidget  *widget,
                       const char *name,
                       GVariant   *parameter)
{
  gtk_widget_activate_action (widget, "app.preferences", NULL);
}

/* Overrides */

static void
kab_deeds_page_session_changed (KabPage    *page,
                                KabSession *session)
{
  KabDeedsPagePrivate *priv = PRIV (KAB_DEEDS_PAGE (page));

  g_cancellable_cancel (priv->cancellable);
  g_object_unref (priv->cancellable);
  priv->cancellable = g_cancellable_new ();

  KAB_PAGE_CLASS (kab_deeds_page_parent_class)->session_changed (page, session);
  check_key (KAB_DEEDS_PAGE (page));
}

static void
kab_deeds_page_refresh (KabPage *page)
{
  if (KAB_PAGE_CLASS (kab_deeds_page_parent_class)->refresh != NULL)
    KAB_PAGE_CLASS (kab_deeds_page_parent_class)->refresh (page);

  check_key (KAB_DEEDS_PAGE (page));
}

static void
kab_deeds_page_show_detail (KabListPage *page,
                            KabRecord   *record,
                            guint        n_selected)
{
  update_actions (KAB_DEEDS_PAGE (page));
}

static void
kab_deeds_page_dispose (GObject *object)
{
  g_cancellable_cancel (PRIV (KAB_DEEDS_PAGE (object))->cancellable);
  kab_page_set_session (KAB_PAGE (object), NULL);

  G_OBJECT_CLASS (kab_deeds_page_parent_class)->dispose (object);
}

static void
kab_deeds_page_finalize (GObject *object)
{
  KabDeedsPagePrivate *priv = PRIV (KAB_DEEDS_PAGE (object));

  g_object_unref (priv->cancellable);
  g_free (priv->problem);

  G_OBJECT_CLASS (kab_deeds_page_parent_class)->finalize (object);
}

static void
kab_deeds_page_class_init (KabDeedsPageClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_deeds_page_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_deeds_page_finalize;
  KAB_PAGE_CLASS (klass)->session_changed = kab_deeds_page_session_changed;
  KAB_PAGE_CLASS (klass)->refresh = kab_deeds_page_refresh;
  KAB_LIST_PAGE_CLASS (klass)->show_detail = kab_deeds_page_show_detail;
}

static void
kab_deeds_page_init (KabDeedsPage *self)
{
  PRIV (self)->cancellable = g_cancellable_new ();
  PRIV (self)->problem = g_strdup (_("No server is open"));
}

void
kab_deeds_page_class_install_actions (KabDeedsPageClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  for (guint i = 0; i < klass->n_deeds; i++)
    gtk_widget_class_install_action (widget_class, klass->deeds[i].action, NULL, deed_action);
  gtk_widget_class_install_action (widget_class, klass->set_up_signing, NULL, set_up_signing_action);
}

GCancellable *
kab_deeds_page_get_cancellable (KabDeedsPage *self)
{
  g_return_val_if_fail (KAB_IS_DEEDS_PAGE (self), NULL);

  return PRIV (self)->cancellable;
}

GPtrArray *
kab_deeds_page_dup_selected (KabDeedsPage *self)
{
  GtkSelectionModel *selection;
  g_autoptr(GtkBitset) selected = NULL;
  GPtrArray *records;
  GtkBitsetIter iter;
  guint position;
  gboolean more;

  g_return_val_if_fail (KAB_IS_DEEDS_PAGE (self), NULL);

  selection = kab_table_get_selection (kab_list_page_get_table (KAB_LIST_PAGE (self)));
  selected = gtk_selection_model_get_selection (selection);
  records = g_ptr_array_new_with_free_func (g_object_unref);
  for (more = gtk_bitset_iter_init_first (&iter, selected, &position);
       more && records->len < MAX_NAMED; more = gtk_bitset_iter_next (&iter, &position))
    g_ptr_array_add (records, g_list_model_get_item (G_LIST_MODEL (selection), position));

  return records;
}
