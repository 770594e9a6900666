/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-activity-details.h"
#include "kab-activity-page.h"
#include "kab-activity-tables.h"
#include "kab-format.h"
#include "kab-job-row.h"
#include "kab-live-list.h"
#include "kab-placeholder.h"
#include "kab-session-rules.h"
#include "kab-sync-log-entry.h"
#include "kab-table.h"
#include "kab-task-item.h"
#include "kab-ui.h"
#include "kab-window.h"

/* One view: a table behind a search. */
typedef struct {
  const char         *name;
  const KabTableInfo *info;
  KabTable           *table;
  GtkFilterListModel *filtered;
  GtkFilter          *filter;
} View;
#define N_VIEWS 4

/* What runs changes all the time. */
enum { LIVE_RUNNING, LIVE_JOBS, LIVE_TASKS, N_LIVE };

struct _KabActivityPage
{
  KabPage         parent_instance;

  GtkStack       *views;
  GtkSearchBar   *search_bar;
  GtkSearchEntry *search;
  GtkMenuButton  *view_button;
  GtkListBox     *running;
  KabTable       *jobs;
  KabTable       *tasks;
  KabTable       *approvals;
  KabTable       *log;

  View            view[N_VIEWS];
  GListModel     *live[N_LIVE];   /* (nullable): no session */
  GListStore     *entries;        /* of the sync log */
  char           *needle;         /* folded */
  KabSession     *session;        /* borrowed: the page's own */
  GCancellable   *cancellable;
};

G_DEFINE_FINAL_TYPE (KabActivityPage, kab_activity_page, KAB_TYPE_PAGE)

static View *
get_view (KabActivityPage *self)
{
  const char *name = gtk_stack_get_visible_child_name (self->views);

  for (guint i = 0; i < N_VIEWS; i++)
    if (g_strcmp0 (self->view[i].name, name) == 0)
      return &self->view[i];

  return &self->view[0];
}

/* A filter knows its table: which columns to look into. */
typedef struct {
  KabActivityPage    *page;      /* borrowed: owns the filter */
  const KabTableInfo *info;
} Look;

static gboolean
matches_search (gpointer item,
                gpointer user_data)
{
  Look *look = user_data;
  g_autofree char *text = NULL;

  if (look->page->needle == NULL || *look->page->needle == '\0')
    return TRUE;

  text = kab_activity_dup_folded (look->info, item);

  return strstr (text, look->page->needle) != NULL;
}

static GtkFilter *
filter_new (KabActivityPage    *self,
            const KabTableInfo *info)
{
  Look *look = g_new0 (Look, 1);

  look->page = self;
  look->info = info;

  return GTK_FILTER (gtk_custom_filter_new (matches_search, look, g_free));
}

static void
search_changed_cb (KabActivityPage *self)
{
  g_free (self->needle);
  self->needle = kab_text_fold (gtk_editable_get_text (GTK_EDITABLE (self->search)), -1);
  for (guint i = 0; i < N_VIEWS; i++)
    gtk_filter_changed (self->view[i].filter, GTK_FILTER_CHANGE_DIFFERENT);
}

static void
update_actions (KabActivityPage *self)
{
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "activity.details",
                                 kab_table_get_n_selected (get_view (self)->table) == 1);
}

static void
view_changed_cb (KabActivityPage *self)
{
  View *view = get_view (self);

  if (view->table == NULL)
    return;

  gtk_menu_button_set_menu_model (self->view_button, kab_table_get_view_menu (view->table));
  gtk_widget_insert_action_group (GTK_WIDGET (self->view_button), "table",
                                  kab_table_get_actions (view->table));
  update_actions (self);
}

static void
set_model (View       *view,
           GListModel *model)
{
  gtk_filter_list_model_set_model (view->filtered, model);
}

static gboolean
is_same_sync (KabSyncLogEntry *a,
              KabSyncLogEntry *b)
{
  return a->started_at == b->started_at && a->finished_at == b->finished_at && a->states_changed == b->states_changed;
}

/* Newest first: what is new goes in at the head, what fell out of the log goes at the tail, and the rows between stay. */
static void
update_log (GListStore *log,
            GListModel *entries)
{
  g_autoptr(KabSyncLogEntry) known = g_list_model_get_item (G_LIST_MODEL (log), 0);
  g_autoptr(GPtrArray) fresh = g_ptr_array_new_with_free_func (g_object_unref);
  guint n = g_list_model_get_n_items (entries);
  guint n_after;

  for (guint i = 0; i < n; i++)
    {
      g_autoptr(KabSyncLogEntry) entry = g_list_model_get_item (entries, i);

      if (known != NULL && is_same_sync (known, entry))
        break;
      g_ptr_array_add (fresh, g_steal_pointer (&entry));
    }
  if (fresh->len > 0)
    g_list_store_splice (log, 0, 0, fresh->pdata, fresh->len);
  n_after = g_list_model_get_n_items (G_LIST_MODEL (log));
  if (n_after > n)
    g_list_store_splice (log, n, n_after - n, NULL, 0);
}

static void
log_read_cb (GObject      *source,
             GAsyncResult *result,
             gpointer      user_data)
{
  KabActivityPage *self;
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) entries = kab_session_read_sync_log_finish (KAB_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_ACTIVITY_PAGE (user_data);
  if (entries != NULL)
    update_log (self->entries, entries);
  else
    g_info ("the sync log cannot be read: %s", error->message);
}

static void
approvals_read_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  KabActivityPage *self;
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) approvals = kab_session_read_approvals_finish (KAB_SESSION (source), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_ACTIVITY_PAGE (user_data);
  if (approvals != NULL)
    set_model (&self->view[2], approvals);
  else
    g_info ("the approval log cannot be read: %s", error->message);
}

static gboolean
is_running (gpointer item,
            gpointer user_data)
{
  return kab_job_get_state (item) <= KAB_JOB_RUNNING;
}

static GtkWidget *
create_running_row (gpointer item,
                    gpointer user_data)
{
  return kab_job_row_new (item);
}

static void
running_changed_cb (KabActivityPage *self,
                    guint            position,
                    guint            removed,
                    guint            added,
                    GListModel      *running)
{
  gtk_widget_set_visible (GTK_WIDGET (self->running), g_list_model_get_n_items (running) > 0);
}

static void
bind_running (KabActivityPage *self)
{
  GtkFilter *filter = GTK_FILTER (gtk_custom_filter_new (is_running, NULL, NULL));
  g_autoptr(GListModel) running = NULL;

  running = G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (self->live[LIVE_RUNNING]), filter));
  g_signal_connect_object (running, "items-changed", G_CALLBACK (running_changed_cb), self,
                           G_CONNECT_SWAPPED);
  gtk_list_box_bind_model (self->running, running, create_running_row, NULL, NULL);
  running_changed_cb (self, 0, 0, 0, running);
}

static void
hold_live (KabActivityPage *self)
{
  for (guint i = 0; i < N_LIVE; i++)
    if (self->live[i] != NULL)
      kab_live_list_set_held (self->live[i], !gtk_widget_get_mapped (GTK_WIDGET (self)));
}

static void
kab_activity_page_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (kab_activity_page_parent_class)->map (widget);

  hold_live (KAB_ACTIVITY_PAGE (widget));
}

static void
kab_activity_page_unmap (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (kab_activity_page_parent_class)->unmap (widget);

  hold_live (KAB_ACTIVITY_PAGE (widget));
}

static void
kab_activity_page_session_changed (KabPage    *page,
                                   KabSession *session)
{
  KabActivityPage *self = KAB_ACTIVITY_PAGE (page);

  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (kab_session_get_jobs (self->session), self);
  for (guint i = 0; i < N_LIVE; i++)
    g_clear_object (&self->live[i]);
  self->session = session;
  if (self->views == NULL)
    return;

  gtk_list_box_bind_model (self->running, NULL, NULL, NULL, NULL);
  gtk_widget_set_visible (GTK_WIDGET (self->running), FALSE);
  for (guint i = 0; i < N_VIEWS; i++)
    set_model (&self->view[i], NULL);

  self->cancellable = g_cancellable_new ();
  if (session != NULL)
    {
      GListModel *jobs = G_LIST_MODEL (kab_session_get_jobs (session));

      self->live[LIVE_RUNNING] = kab_live_list_new (g_object_ref (jobs));
      self->live[LIVE_JOBS] = kab_live_list_new (g_object_ref (jobs));
      self->live[LIVE_TASKS] = kab_task_items_new (jobs);
      hold_live (self);
      bind_running (self);
      set_model (&self->view[0], self->live[LIVE_JOBS]);
      set_model (&self->view[1], self->live[LIVE_TASKS]);
      g_list_store_remove_all (self->entries);
      set_model (&self->view[3], G_LIST_MODEL (self->entries));
      /* A sync or a deed that ended, well or not, has left its line. */
      g_signal_connect_swapped (jobs, "notify::active", G_CALLBACK (kab_page_outdate), self);
    }
}

static void
kab_activity_page_catch_up (KabPage    *page,
                            KabSession *session)
{
  KabActivityPage *self = KAB_ACTIVITY_PAGE (page);

  kab_session_read_sync_log_async (session, self->cancellable, log_read_cb, self);
  kab_session_read_approvals_async (session, NULL, 0, self->cancellable, approvals_read_cb, self);
}

static void
kab_activity_page_show_query (KabPage    *page,
                              const char *query)
{
  KabActivityPage *self = KAB_ACTIVITY_PAGE (page);

  if (gtk_stack_get_child_by_name (self->views, query) != NULL)
    gtk_stack_set_visible_child_name (self->views, query);
}

static gboolean
kab_activity_page_focus_search (KabPage *page)
{
  KabActivityPage *self = KAB_ACTIVITY_PAGE (page);

  gtk_search_bar_set_search_mode (self->search_bar, TRUE);

  return gtk_widget_grab_focus (GTK_WIDGET (self->search));
}

static gboolean
kab_activity_page_go_back (KabPage *page)
{
  KabActivityPage *self = KAB_ACTIVITY_PAGE (page);

  if (!gtk_search_bar_get_search_mode (self->search_bar))
    return FALSE;

  gtk_search_bar_set_search_mode (self->search_bar, FALSE);

  return TRUE;
}

static void
details_action (GtkWidget  *widget,
                const char *action_name,
                GVariant   *parameter)
{
  KabActivityPage *self = KAB_ACTIVITY_PAGE (widget);
  View *view = get_view (self);
  g_autoptr(GObject) item = kab_table_dup_single (view->table);

  if (item != NULL)
    kab_activity_details_show (widget, view->info, item);
}

static void
row_activated_cb (KabActivityPage *self,
                  GObject         *item)
{
  kab_activity_details_show (GTK_WIDGET (self), get_view (self)->info, item);
}

static void
told_cb (KabActivityPage *self,
         const char      *text)
{
  kab_window_add_toast (GTK_WIDGET (self), text);
}

static void
failed_cb (KabActivityPage *self,
           GError          *error)
{
  kab_window_add_error (GTK_WIDGET (self), error);
}

static GtkWidget *
placeholder_new (const char *icon_name,
                 const char *title,
                 const char *description,
                 const char *button,
                 const char *action_name)
{
  GtkWidget *page = adw_status_page_new ();

  gtk_widget_add_css_class (page, "compact");
  kab_placeholder_fill (ADW_STATUS_PAGE (page), icon_name, title, description, button, action_name);

  return page;
}

static void
init_view (KabActivityPage    *self,
           guint               i,
           const char         *name,
           const KabTableInfo *info,
           KabTable           *table,
           GtkWidget          *placeholder)
{
  View *view = &self->view[i];

  view->name = name;
  view->info = info;
  view->table = table;
  view->filter = filter_new (self, info);
  view->filtered = gtk_filter_list_model_new (NULL, g_object_ref (view->filter));
  kab_table_set_info (table, info);
  kab_table_set_placeholder (table, placeholder);
  kab_table_set_model (table, G_LIST_MODEL (view->filtered));
  g_signal_connect_swapped (table, "activate", G_CALLBACK (row_activated_cb), self);
  g_signal_connect_swapped (table, "selection-changed", G_CALLBACK (update_actions), self);
  g_signal_connect_swapped (table, "told", G_CALLBACK (told_cb), self);
  g_signal_connect_swapped (table, "failed", G_CALLBACK (failed_cb), self);
}

static void
kab_activity_page_dispose (GObject *object)
{
  KabActivityPage *self = KAB_ACTIVITY_PAGE (object);

  if (self->cancellable != NULL)
    g_cancellable_cancel (self->cancellable);
  for (guint i = 0; i < N_VIEWS; i++)
    {
      if (self->view[i].table != NULL)
        {
          g_signal_handlers_disconnect_by_data (self->view[i].table, self);
          kab_table_set_model (self->view[i].table, NULL);
          self->view[i].table = NULL;
        }
      g_clear_object (&self->view[i].filtered);
      g_clear_object (&self->view[i].filter);
    }
  gtk_widget_dispose_template (GTK_WIDGET (self), KAB_TYPE_ACTIVITY_PAGE);

  G_OBJECT_CLASS (kab_activity_page_parent_class)->dispose (object);
}

static void
kab_activity_page_finalize (GObject *object)
{
  KabActivityPage *self = KAB_ACTIVITY_PAGE (object);

  g_clear_object (&self->cancellable);
  g_clear_object (&self->entries);
  g_free (self->needle);

  G_OBJECT_CLASS (kab_activity_page_parent_class)->finalize (object);
}

static void
kab_activity_page_class_init (KabActivityPageClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);
  KabPageClass *page_class = KAB_PAGE_CLASS (klass);

  object_class->dispose = kab_activity_page_dispose;
  object_class->finalize = kab_activity_page_finalize;
  widget_class->map = kab_activity_page_map;
  widget_class->unmap = kab_activity_page_unmap;
  page_class->session_changed = kab_activity_page_session_changed;
  page_class->catch_up = kab_activity_page_catch_up;
  page_class->show_query = kab_activity_page_show_query;
  page_class->focus_search = kab_activity_page_focus_search;
  page_class->go_back = kab_activity_page_go_back;

  g_type_ensure (KAB_TYPE_TABLE);
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "activity/kab-activity-page.ui");
  gtk_widget_class_bind_template_child (widget_class, KabActivityPage, views);
  gtk_widget_class_bind_template_child (widget_class, KabActivityPage, search_bar);
  gtk_widget_class_bind_template_child (widget_class, KabActivityPage, search);
  gtk_widget_class_bind_template_child (widget_class, KabActivityPage, view_button);
  gtk_widget_class_bind_template_child (widget_class, KabActivityPage, running);
  gtk_widget_class_bind_template_child (widget_class, KabActivityPage, jobs);
  gtk_widget_class_bind_template_child (widget_class, KabActivityPage, tasks);
  gtk_widget_class_bind_template_child (widget_class, KabActivityPage, approvals);
  gtk_widget_class_bind_template_child (widget_class, KabActivityPage, log);
  gtk_widget_class_bind_template_callback (widget_class, search_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, view_changed_cb);

  gtk_widget_class_install_action (widget_class, "activity.details", NULL, details_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Return, GDK_ALT_MASK, "activity.details", NULL);
}

static void
kab_activity_page_init (KabActivityPage *self)
{
  self->entries = g_list_store_new (KAB_TYPE_SYNC_LOG_ENTRY);
  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_search_bar_connect_entry (self->search_bar, GTK_EDITABLE (self->search));

  init_view (self, 0, "jobs", &kab_activity_jobs, self->jobs,
             placeholder_new ("kab-activity-symbolic", _("No Job Yet"),
                              _("Here stands what Kabinet does in the background, with its progress."),
                              _("_Sync Now"), "win.sync"));
  init_view (self, 1, "tasks", &kab_activity_tasks, self->tasks,
             placeholder_new ("kab-hosts-symbolic", _("No Host Was Asked Yet"),
                              _("What you ask hosts to do, such as a scan, is followed here until it is really done."),
                              _("Show _Hosts"), "win.show-hosts('')"));
  init_view (self, 2, "approvals", &kab_activity_approvals, self->approvals,
             placeholder_new ("security-high-symbolic", _("Nothing Was Decided Yet"),
                              _("Who published, promoted, assigned or rolled back what, when and why, stands here for good."),
                              _("Show _Packages"), "win.show-packages('')"));
  init_view (self, 3, "log", &kab_activity_log, self->log,
             placeholder_new ("emblem-synchronizing-symbolic", _("Never Synchronised"),
                              _("Each sync leaves a line here: when, how long, what was new."),
                              _("_Sync Now"), "win.sync"));
  view_changed_cb (self);
}
