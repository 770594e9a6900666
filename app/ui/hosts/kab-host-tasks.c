/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-badge.h"
#include "kab-error-text.h"
#include "kab-error.h"
#include "kab-facts.h"
#include "kab-host-tasks.h"

/* While something runs, and while nothing does. */
#define BUSY_SECONDS 2
#define IDLE_SECONDS 10
#define MAX_TASKS 60

struct _KabHostTasks
{
  AdwBin        parent_instance;

  GtkBox       *content;
  GtkWidget    *problem;
  GtkBox       *rows;
  KabSession   *session;
  char         *uuid;
  char         *shown;           /* what the rows say, to leave them alone when nothing changed */
  GCancellable *reading;
  guint         source;
  gboolean      busy;
};

G_DEFINE_FINAL_TYPE (KabHostTasks, kab_host_tasks, ADW_TYPE_BIN)

static void start_reading (KabHostTasks *self);

static void
stop (KabHostTasks *self)
{
  g_clear_handle_id (&self->source, g_source_remove);
  g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
}

static gboolean
poll_again (gpointer data)
{
  KabHostTasks *self = KAB_HOST_TASKS (data);

  self->source = 0;
  start_reading (self);
  return G_SOURCE_REMOVE;
}

/* The times of one task in one line. */
static char *
dup_times (const KabHostTaskFields *task,
           gint64                   now)
{
  g_autofree char *when = NULL;
  g_autofree char *took = NULL;

  if (task->finished_at > 0)
    {
      when = kab_format_date_time (task->finished_at);
      if (task->started_at <= 0 || task->finished_at < task->started_at)
        return g_strdup (when);
      took = kab_format_duration (task->finished_at - task->started_at);
      /* Translators: %1$s is a date and time, %2$s a duration */
      return g_strdup_printf (_("%1$s, took %2$s"), when, took);
    }
  when = kab_format_age (task->started_at > 0 ? task->started_at : task->created_at, now);
  if (task->started_at > 0)
    /* Translators: %s is an age such as "4 minutes ago" */
    return g_strdup_printf (_("Started %s"), when);
  return g_strdup_printf (_("Asked %s"), when);
}

static void
add_task (KabHostTasks            *self,
          const KabHostTaskFields *task)
{
  GtkBox *box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 4));
  GtkWidget *head = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *badge = kab_badge_new ();
  const char *title = task->description != NULL && *task->description != '\0' ? task->description
                                                                              : task->classname;
  GtkWidget *label = kab_facts_new_text (title != NULL ? title : "");
  g_autofree char *times = dup_times (task, kab_session_get_now (self->session));

  kab_badge_set_task_state (KAB_BADGE (badge), task->state, task->runstatus);
  gtk_widget_set_hexpand (label, TRUE);
  gtk_widget_set_valign (badge, GTK_ALIGN_START);
  gtk_box_append (GTK_BOX (head), label);
  gtk_box_append (GTK_BOX (head), badge);
  gtk_box_append (box, head);

  if (task->state == KAB_HOST_TASK_RUNNING)
    {
      GtkWidget *bar = gtk_progress_bar_new ();

      gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (bar), CLAMP (task->progress, 0, 100) / 100.0);
      gtk_accessible_update_property (GTK_ACCESSIBLE (bar), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                      title != NULL ? title : _("Progress"), -1);
      gtk_box_append (GTK_BOX (box), bar);
    }
  if (task->runstatus != NULL && *task->runstatus != '\0' && task->state == KAB_HOST_TASK_RUNNING)
    kab_facts_add_text (box, task->runstatus);
  if (task->summary != NULL && *task->summary != '\0')
    kab_facts_add_text (box, task->summary);
  gtk_widget_add_css_class (kab_facts_add_dim (box, times), "caption");
  if (task->state == KAB_HOST_TASK_ERROR && task->logs != NULL && *task->logs != '\0')
    {
      GtkWidget *expander = gtk_expander_new (_("Log of the agent"));
      GtkWidget *logs = kab_facts_new_text (task->logs);

      gtk_label_set_selectable (GTK_LABEL (logs), TRUE);
      gtk_widget_add_css_class (logs, "monospace");
      gtk_widget_add_css_class (logs, "caption");
      gtk_expander_set_child (GTK_EXPANDER (expander), logs);
      gtk_box_append (box, expander);
    }
  gtk_widget_add_css_class (GTK_WIDGET (box), "task");
  gtk_box_append (self->rows, GTK_WIDGET (box));
}

/* Enough to tell whether anything that is shown has changed. */
static char *
describe (GListModel *tasks)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < g_list_model_get_n_items (tasks); i++)
    {
      g_autoptr(KabHostTask) task = g_list_model_get_item (tasks, i);
      const KabHostTaskFields *fields = kab_host_task_get_fields (task);

      g_string_append_printf (text, "%" G_GINT64_FORMAT " %u %d %s\n", fields->id, (guint) fields->state,
                              fields->progress, fields->runstatus != NULL ? fields->runstatus : "");
    }

  return g_string_free (text, FALSE);
}

static void
show_tasks (KabHostTasks *self,
            GListModel   *tasks)
{
  g_autofree char *now = describe (tasks);

  self->busy = FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (tasks); i++)
    {
      g_autoptr(KabHostTask) task = g_list_model_get_item (tasks, i);
      KabHostTaskState state = kab_host_task_get_fields (task)->state;

      self->busy = self->busy || state == KAB_HOST_TASK_RUNNING || state == KAB_HOST_TASK_PENDING;
    }
  if (g_strcmp0 (self->shown, now) == 0)
    return;

  g_free (self->shown);
  self->shown = g_steal_pointer (&now);
  kab_facts_clear (self->rows);
  for (guint i = 0; i < MIN (g_list_model_get_n_items (tasks), MAX_TASKS); i++)
    {
      g_autoptr(KabHostTask) task = g_list_model_get_item (tasks, i);

      add_task (self, kab_host_task_get_fields (task));
    }
  if (g_list_model_get_n_items (tasks) == 0)
    kab_facts_add_dim (self->rows, _("The agent has run nothing since it started."));
}

static void
read_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) tasks = kab_session_read_tasks_finish (KAB_SESSION (object), result, &error);
  KabHostTasks *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_HOST_TASKS (user_data);
  g_clear_object (&self->reading);
  if (error != NULL)
    {
      /* What was read before stays, with the reason why it is old. */
      gtk_label_set_label (GTK_LABEL (self->problem),
                           g_error_matches (error, KAB_ERROR, KAB_ERROR_UNREACHABLE)
                           ? _("The host is not connected: its tasks can be seen when it is.")
                           : kab_error_text_describe (error));
      self->busy = FALSE;
    }
  else
    {
      show_tasks (self, tasks);
    }
  gtk_widget_set_visible (self->problem, error != NULL);
  if (gtk_widget_get_mapped (GTK_WIDGET (self)))
    self->source = g_timeout_add_seconds (self->busy ? BUSY_SECONDS : IDLE_SECONDS, poll_again, self);
}

static void
start_reading (KabHostTasks *self)
{
  if (self->session == NULL || self->uuid == NULL || self->reading != NULL || self->source != 0)
    return;

  self->reading = g_cancellable_new ();
  kab_session_read_tasks_async (self->session, self->uuid, self->reading, read_cb, self);
}

static void
kab_host_tasks_map (GtkWidget *widget)
{
  GTK_WIDGET_CLASS (kab_host_tasks_parent_class)->map (widget);

  start_reading (KAB_HOST_TASKS (widget));
}

static void
kab_host_tasks_unmap (GtkWidget *widget)
{
  stop (KAB_HOST_TASKS (widget));

  GTK_WIDGET_CLASS (kab_host_tasks_parent_class)->unmap (widget);
}

static void
kab_host_tasks_dispose (GObject *object)
{
  KabHostTasks *self = KAB_HOST_TASKS (object);

  stop (self);
  g_clear_object (&self->session);
  g_clear_pointer (&self->uuid, g_free);
  g_clear_pointer (&self->shown, g_free);

  G_OBJECT_CLASS (kab_host_tasks_parent_class)->dispose (object);
}

static void
kab_host_tasks_class_init (KabHostTasksClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_host_tasks_dispose;
  GTK_WIDGET_CLASS (klass)->map = kab_host_tasks_map;
  GTK_WIDGET_CLASS (klass)->unmap = kab_host_tasks_unmap;
}

static void
kab_host_tasks_init (KabHostTasks *self)
{
  GtkWidget *scrolled;

  self->content = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  gtk_widget_add_css_class (GTK_WIDGET (self->content), "facts");
  self->problem = kab_facts_add_dim (self->content, "");
  gtk_widget_set_visible (self->problem, FALSE);
  self->rows = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  gtk_box_append (self->content, GTK_WIDGET (self->rows));
  scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", self->content,
                           "hscrollbar-policy", GTK_POLICY_NEVER, "vexpand", TRUE, NULL);
  adw_bin_set_child (ADW_BIN (self), scrolled);
}

GtkWidget *
kab_host_tasks_new (void)
{
  return g_object_new (KAB_TYPE_HOST_TASKS, NULL);
}

void
kab_host_tasks_show (KabHostTasks *self,
                     KabSession   *session,
                     const char   *uuid)
{
  g_return_if_fail (KAB_IS_HOST_TASKS (self));

  if (self->session == session && g_strcmp0 (self->uuid, uuid) == 0)
    return;

  stop (self);
  g_set_object (&self->session, session);
  g_free (self->uuid);
  self->uuid = g_strdup (uuid);
  g_clear_pointer (&self->shown, g_free);
  kab_facts_clear (self->rows);
  gtk_widget_set_visible (self->problem, FALSE);
  if (uuid != NULL && gtk_widget_get_mapped (GTK_WIDGET (self)))
    start_reading (self);
}
