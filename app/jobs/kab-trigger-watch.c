/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include <glib/gi18n-lib.h>

#include "kab-error.h"
#include "kab-trigger-private.h"
#include "kab-wire.h"

#define MANY_HOSTS 16           /* from here on no request waits at the server for news */
#define HOLD_S 5                /* how long the agent may hold a question of a small watch */
#define PAUSE_S 2               /* between two questions to one host of a large watch */
#define REPORT_EVERY_S 10       /* how often a host's status is looked at besides */
#define DOUBTFUL_PATIENCE_S 60

static gboolean
is_away (const GError *error)
{
  return g_error_matches (error, KAB_ERROR, KAB_ERROR_UNREACHABLE);
}

/* Is it the host, and not the server or the network, that this error is about? */
static gboolean
is_about_host (const GError *error)
{
  return is_away (error) ||
         g_error_matches (error, KAB_ERROR, KAB_ERROR_NOT_FOUND) ||
         g_error_matches (error, KAB_ERROR, KAB_ERROR_FAILED) ||
         g_error_matches (error, KAB_ERROR, KAB_ERROR_BAD_DATA);
}

/* The date in waptwua_status that changes when a deed is done; NULL: there is none */
static const char *
report_key (KabDeed deed)
{
  switch (deed)
    {
    case KAB_DEED_SCAN:
      return "last_scan_date";
    case KAB_DEED_INSTALL:
      return "last_install_date";
    case KAB_DEED_DOWNLOAD:
    case KAB_DEED_UPGRADE_PACKAGES:
    case KAB_DEED_CANCEL_TASKS:
    default:
      return NULL;
    }
}

/* The text of that date as the host's last report has it; "" when there is none. */
static gboolean
read_report_date (KabTriggerWatch  *self,
                  const char       *uuid,
                  char            **date,
                  GError          **error)
{
  g_autofree char *json = kab_client_read_host_data (self->client, uuid, "waptwua_status", self->cancellable, error);
  g_autoptr(JsonNode) node = NULL;
  const char *text = NULL;

  *date = NULL;
  if (json == NULL)
    return FALSE;

  node = kab_wire_parse (json, -1, NULL);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    text = kab_json_get_text (json_node_get_object (node), report_key (self->deed));
  *date = g_strdup (text != NULL ? text : "");

  return TRUE;
}

gboolean
kab_trigger_watch_before (KabTriggerWatch  *self,
                          KabTriggerHost   *host,
                          GError          **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GPtrArray) tasks = NULL;

  host->event_id = -1;
  tasks = kab_client_read_tasks (self->client, host->uuid, 1, &host->event_id, self->cancellable, &local_error);
  host->is_idle = local_error == NULL;
  for (guint i = 0; tasks != NULL && i < tasks->len; i++)
    {
      const KabHostTaskFields *task = kab_host_task_get_fields (tasks->pdata[i]);

      host->is_idle &= task->state != KAB_HOST_TASK_PENDING && task->state != KAB_HOST_TASK_RUNNING;
      host->last_task_id = MAX (host->last_task_id, task->id);
      host->last_created_at = MAX (host->last_created_at, task->created_at);
    }
  if (self->deed == KAB_DEED_CANCEL_TASKS)
    host->event_id = -1;      /* from a host that does nothing there will be no news */
  if (local_error == NULL && report_key (self->deed) != NULL)
    read_report_date (self, host->uuid, &host->report_date, &local_error);

  if (local_error == NULL)
    return TRUE;
  if (is_about_host (local_error))
    {
      kab_trigger_job_show (self->job, host, is_away (local_error) ? KAB_TRIGGER_UNREACHABLE : KAB_TRIGGER_REFUSED,
                            0, NULL, local_error->message);
      return TRUE;
    }

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

static const char *
first_set (const char *a,
           const char *b,
           const char *c)
{
  if (a != NULL && a[0] != '\0')
    return a;

  return b != NULL && b[0] != '\0' ? b : c;
}

/* Ours is the newest task of the kind that was not there before. An agent that restarts begins its numbers anew. */
static KabHostTask *
find_task (KabTriggerWatch *self,
           KabTriggerHost  *host,
           GPtrArray       *tasks)
{
  KabHostTask *found = NULL;

  for (guint i = 0; i < tasks->len; i++)
    {
      const KabHostTaskFields *fields = kab_host_task_get_fields (tasks->pdata[i]);

      if (!kab_host_task_does (tasks->pdata[i], self->deed) ||
          (fields->id <= host->last_task_id && fields->created_at <= host->last_created_at))
        continue;
      if (found == NULL || fields->id > kab_host_task_get_fields (found)->id)
        found = tasks->pdata[i];
    }

  return found;
}

static void
show_task (KabTriggerWatch *self,
           KabTriggerHost  *host,
           KabHostTask     *task)
{
  const KabHostTaskFields *fields = kab_host_task_get_fields (task);
  const char *words = first_set (fields->runstatus, fields->description, fields->summary);

  switch (fields->state)
    {
    case KAB_HOST_TASK_PENDING:
      kab_trigger_job_show (self->job, host, KAB_TRIGGER_SENT, 0, words, NULL);
      break;
    case KAB_HOST_TASK_RUNNING:
      kab_trigger_job_show (self->job, host, KAB_TRIGGER_RUNNING, fields->progress, words, NULL);
      break;
    case KAB_HOST_TASK_DONE:
      kab_trigger_job_show (self->job, host, KAB_TRIGGER_DONE, 100,
                            first_set (fields->summary, fields->runstatus, fields->description), NULL);
      break;
    case KAB_HOST_TASK_ERROR:
    case KAB_HOST_TASK_CANCELLED:
    default:
      kab_trigger_job_show (self->job, host, KAB_TRIGGER_FAILED, fields->progress, words,
                            first_set (fields->summary, fields->logs, "the task did not succeed"));
      break;
    }
}

/* Everything that was asked to stop has stopped. */
static void
show_cancelling (KabTriggerWatch *self,
                 KabTriggerHost  *host,
                 GPtrArray       *tasks)
{
  for (guint i = 0; i < tasks->len; i++)
    {
      KabHostTaskState state = kab_host_task_get_fields (tasks->pdata[i])->state;

      if (state == KAB_HOST_TASK_PENDING || state == KAB_HOST_TASK_RUNNING)
        {
          kab_trigger_job_show (self->job, host, KAB_TRIGGER_RUNNING, 0, NULL, NULL);
          host->event_id = -1;      /* the whole list again, not only what is new */
          return;
        }
    }
  kab_trigger_job_show (self->job, host, KAB_TRIGGER_DONE, 100, host->is_idle ? _("There was nothing to cancel") : NULL, NULL);
}

/* The host's own report counts as much as its task, and reaches the server where the task's news were missed. */
static gboolean
look_at_report (KabTriggerWatch  *self,
                KabTriggerHost   *host,
                GError          **error)
{
  gint64 now = g_get_monotonic_time ();
  g_autofree char *date = NULL;

  if (report_key (self->deed) == NULL || now - host->report_at < REPORT_EVERY_S * G_USEC_PER_SEC)
    return TRUE;

  host->report_at = now;
  if (!read_report_date (self, host->uuid, &date, error))
    return FALSE;
  if (date[0] != '\0' && host->report_date != NULL && g_strcmp0 (date, host->report_date) != 0)
    kab_trigger_job_show (self->job, host, KAB_TRIGGER_DONE, 100, NULL, NULL);

  return TRUE;
}

/* What is refused leaves no trace on the host but in its own log: a host that answers and begins nothing has likely done
 * that, and the signature is what it judges by. */
static const char *
describe_silence (const KabTriggerHost *host)
{
  if (host->facts.state == KAB_TRIGGER_SENT && host->has_answered)
    return _("The host answers, but began no task: it may not trust the certificate that signed the request");

  return _("No task and no report told that it was done");
}

static void
lose_patience (KabTriggerWatch *self,
               KabTriggerHost  *host,
               const GError    *error)
{
  guint patience = host->doubtful ? MIN (self->patience_s, DOUBTFUL_PATIENCE_S) : self->patience_s;

  if (g_get_monotonic_time () - host->news_at < patience * G_USEC_PER_SEC)
    return;

  kab_trigger_job_show (self->job, host, KAB_TRIGGER_UNKNOWN, 0, NULL,
                        error != NULL ? error->message : describe_silence (host));
}

gboolean
kab_trigger_watch_ask (KabTriggerWatch  *self,
                       KabTriggerHost   *host,
                       GError          **error)
{
  gboolean many = self->n_hosts > MANY_HOSTS;
  gint64 asked_at = g_get_monotonic_time ();
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GPtrArray) tasks = NULL;
  KabHostTask *task;

  tasks = kab_client_read_tasks (self->client, host->uuid, many ? 0 : HOLD_S, &host->event_id,
                                 self->cancellable, &local_error);
  host->has_answered |= local_error == NULL;
  if (tasks != NULL)
    {
      task = find_task (self, host, tasks);
      if (self->deed == KAB_DEED_CANCEL_TASKS)
        show_cancelling (self, host, tasks);
      else if (task != NULL)
        show_task (self, host, task);
    }
  if (local_error == NULL && kab_trigger_state_is_open (host->facts.state))
    look_at_report (self, host, &local_error);
  if (kab_trigger_state_is_open (host->facts.state))
    lose_patience (self, host, local_error);

  /* A server that does not hold questions open must not be asked in a circle. */
  host->next_at = MAX (asked_at + (many ? PAUSE_S * G_USEC_PER_SEC : G_USEC_PER_SEC / 4),
                       g_get_monotonic_time () + (local_error != NULL ? PAUSE_S * G_USEC_PER_SEC : 0));

  if (local_error == NULL || is_about_host (local_error) ||
      g_error_matches (local_error, KAB_ERROR, KAB_ERROR_NETWORK))
    return TRUE;

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}
