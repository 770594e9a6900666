/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-activity-tables.h"
#include "kab-error-text.h"
#include "kab-format.h"
#include "kab-sync-log-entry.h"
#include "kab-task-item.h"

#define COMPARE(a, b) ((a) < (b) ? -1 : (a) > (b))

/* Jobs of this program */

static const char *
job_get_id (gpointer item)
{
  /* A job lives as long as its row: its address is its name. */
  static const char *key = "kab-activity-id";
  const char *id = g_object_get_data (item, key);

  if (id == NULL)
    {
      g_object_set_data_full (item, key, g_strdup_printf ("%p", item), g_free);
      id = g_object_get_data (item, key);
    }

  return id;
}

static char *
job_dup_title (gpointer item)
{
  return kab_format_job (item);
}

static char *
job_dup_state (gpointer item)
{
  return g_strdup (kab_format_job_state (kab_job_get_state (item)));
}

static char *
job_dup_progress (gpointer item)
{
  const GError *error = kab_job_get_error (item);

  if (kab_error_text_is_shown (error))
    return g_strdup (kab_error_text_title (error));

  return kab_job_get_state (item) == KAB_JOB_RUNNING ? kab_format_job_progress (item) : g_strdup ("");
}

static char *
job_dup_started (gpointer item)
{
  return kab_format_date_time (kab_job_get_started_at (item));
}

static char *
job_dup_took (gpointer item)
{
  if (kab_job_get_finished_at (item) == 0 || kab_job_get_started_at (item) == 0)
    return g_strdup ("");

  return kab_format_duration (kab_job_get_finished_at (item) - kab_job_get_started_at (item));
}

static void
job_bind_badge (KabBadge *badge,
                gpointer  item)
{
  const GError *error = kab_job_get_error (item);

  kab_badge_set_job_state (badge, kab_job_get_state (item),
                           kab_error_text_is_shown (error) ? kab_error_text_describe (error) : NULL);
}

static int
job_compare_state (gconstpointer a,
                   gconstpointer b)
{
  return COMPARE (kab_job_get_state ((KabJob *) a), kab_job_get_state ((KabJob *) b));
}

static int
job_compare_started (gconstpointer a,
                     gconstpointer b)
{
  return COMPARE (kab_job_get_started_at ((KabJob *) a), kab_job_get_started_at ((KabJob *) b));
}

static int
job_compare_title (gconstpointer a,
                   gconstpointer b)
{
  g_autofree char *title_a = kab_format_job ((KabJob *) a);
  g_autofree char *title_b = kab_format_job ((KabJob *) b);

  return g_utf8_collate (title_a, title_b);
}

static const KabTableColumn job_columns[] = {
  { "job", N_("Job"), 30, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, job_dup_title, job_compare_title, NULL },
  { "state", N_("State"), 14, FALSE, TRUE, KAB_CELL_BADGE, KAB_NO_SORT, job_dup_state, job_compare_state,
    job_bind_badge },
  { "progress", N_("Progress"), 28, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, job_dup_progress, NULL, NULL },
  { "started", N_("Started"), 20, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, job_dup_started,
    job_compare_started, NULL },
  { "took", N_("Took"), 12, FALSE, TRUE, KAB_CELL_NUMBER, KAB_NO_SORT, job_dup_took, NULL, NULL },
};

const KabTableInfo kab_activity_jobs = {
  .id = "jobs",
  .name = N_("Jobs of this program"),
  .columns = job_columns,
  .n_columns = G_N_ELEMENTS (job_columns),
  .get_id = job_get_id,
  .dup_name = job_dup_title,
  .narrow_title = N_("Job"),
  .dup_head = job_dup_title,
  .dup_line = job_dup_started,
  .bind_badge = job_bind_badge,
};

/* Tasks of hosts */

static const char *
task_get_id (gpointer item)
{
  return kab_task_item_get_id (item);
}

static char *
task_dup_host (gpointer item)
{
  return g_strdup (kab_trigger_row_get_name (kab_task_item_get_row (item)));
}

static char *
task_dup_deed (gpointer item)
{
  return kab_format_deed (kab_trigger_job_get_deed (kab_task_item_get_job (item)));
}

static char *
task_dup_state (gpointer item)
{
  return g_strdup (kab_format_trigger_state (kab_trigger_row_get_state (kab_task_item_get_row (item))));
}

static char *
task_dup_progress (gpointer item)
{
  KabTriggerRow *row = kab_task_item_get_row (item);

  if (kab_trigger_row_get_state (row) != KAB_TRIGGER_RUNNING)
    return g_strdup ("");

  return kab_format_percent ((guint64) CLAMP (kab_trigger_row_get_progress (row), 0, 100), 100);
}

static char *
task_dup_words (gpointer item)
{
  KabTriggerRow *row = kab_task_item_get_row (item);
  const char *error = kab_trigger_row_get_error (row);

  return g_strdup (error != NULL && *error != '\0' ? error : kab_trigger_row_get_task (row));
}

static char *
task_dup_started (gpointer item)
{
  return kab_format_date_time (kab_job_get_started_at (KAB_JOB (kab_task_item_get_job (item))));
}

static char *
task_dup_line (gpointer item)
{
  g_autofree char *deed = task_dup_deed (item);
  g_autofree char *words = task_dup_words (item);

  return *words != '\0' ? g_strdup_printf ("%s · %s", deed, words) : g_steal_pointer (&deed);
}

static void
task_bind_badge (KabBadge *badge,
                 gpointer  item)
{
  KabTriggerRow *row = kab_task_item_get_row (item);
  KabTriggerState state = kab_trigger_row_get_state (row);
  const KabLook *look = kab_format_trigger_state_look (state);
  const char *error = kab_trigger_row_get_error (row);

  kab_badge_set (badge, look->kind, look->icon_name, kab_format_trigger_state (state),
                 error != NULL && *error != '\0' ? error : NULL);
}

static int
task_compare_host (gconstpointer a,
                   gconstpointer b)
{
  return g_utf8_collate (kab_trigger_row_get_name (kab_task_item_get_row ((KabTaskItem *) a)),
                         kab_trigger_row_get_name (kab_task_item_get_row ((KabTaskItem *) b)));
}

static int
task_compare_state (gconstpointer a,
                    gconstpointer b)
{
  return COMPARE (kab_trigger_row_get_state (kab_task_item_get_row ((KabTaskItem *) a)),
                  kab_trigger_row_get_state (kab_task_item_get_row ((KabTaskItem *) b)));
}

static int
task_compare_started (gconstpointer a,
                      gconstpointer b)
{
  return job_compare_started (kab_task_item_get_job ((KabTaskItem *) a),
                              kab_task_item_get_job ((KabTaskItem *) b));
}

static const KabTableColumn task_columns[] = {
  { "host", N_("Host"), 24, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, task_dup_host, task_compare_host, NULL },
  { "deed", N_("Task"), 18, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, task_dup_deed, NULL, NULL },
  { "state", N_("State"), 16, FALSE, TRUE, KAB_CELL_BADGE, KAB_NO_SORT, task_dup_state, task_compare_state,
    task_bind_badge },
  { "progress", N_("Progress"), 8, FALSE, TRUE, KAB_CELL_NUMBER, KAB_NO_SORT, task_dup_progress, NULL, NULL },
  { "words", N_("What the host says"), 30, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, task_dup_words, NULL, NULL },
  { "started", N_("Started"), 20, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, task_dup_started,
    task_compare_started, NULL },
};

const KabTableInfo kab_activity_tasks = {
  .id = "tasks",
  .name = N_("Tasks of hosts"),
  .columns = task_columns,
  .n_columns = G_N_ELEMENTS (task_columns),
  .get_id = task_get_id,
  .dup_name = task_dup_host,
  .narrow_title = N_("Host"),
  .dup_head = task_dup_host,
  .dup_line = task_dup_line,
  .bind_badge = task_bind_badge,
};

/* Sync log */

static const char *
log_get_id (gpointer item)
{
  static const char *key = "kab-activity-id";
  KabSyncLogEntry *entry = item;
  const char *id = g_object_get_data (item, key);

  if (id == NULL)
    {
      g_object_set_data_full (item, key, g_strdup_printf ("%" G_GINT64_FORMAT "-%s", entry->started_at,
                                                          entry->level), g_free);
      id = g_object_get_data (item, key);
    }

  return id;
}

static char *
log_dup_started (gpointer item)
{
  return kab_format_date_time (((KabSyncLogEntry *) item)->started_at);
}

static char *
log_dup_took (gpointer item)
{
  KabSyncLogEntry *entry = item;

  return kab_format_duration (entry->finished_at - entry->started_at);
}

static char *
log_dup_result (gpointer item)
{
  KabSyncLogEntry *entry = item;

  if (entry->error == NULL)
    return g_strdup (_("Done"));

  return g_strdup (g_str_equal (entry->error, "cancelled") ? _("Cancelled") : _("Failed"));
}

static void
log_bind_badge (KabBadge *badge,
                gpointer  item)
{
  KabSyncLogEntry *entry = item;

  kab_badge_set_job_state (badge,
                           entry->error == NULL ? KAB_JOB_DONE
                           : g_str_equal (entry->error, "cancelled") ? KAB_JOB_CANCELLED : KAB_JOB_FAILED,
                           entry->error);
}

static char *
log_dup_who (gpointer item)
{
  return g_strdup (((KabSyncLogEntry *) item)->automatic ? _("automatic") : _("by hand"));
}

/* "3 new, 12 changed, 1 gone"; nothing is nothing */
static char *
describe_changes (guint n_new,
                  guint n_changed,
                  guint n_gone)
{
  GString *text = g_string_new (NULL);
  g_autofree char *all_new = kab_format_count (n_new);
  g_autofree char *changed = kab_format_count (n_changed);
  g_autofree char *gone = kab_format_count (n_gone);

  if (n_new > 0)
    /* Translators: of hosts or updates; parts of a list: "3 new, 12 changed, 1 gone" */
    g_string_append_printf (text, _("%s new"), all_new);
  if (n_changed > 0)
    {
      g_string_append (text, text->len > 0 ? ", " : "");
      g_string_append_printf (text, _("%s changed"), changed);
    }
  if (n_gone > 0)
    {
      g_string_append (text, text->len > 0 ? ", " : "");
      g_string_append_printf (text, _("%s gone"), gone);
    }
  if (text->len == 0)
    g_string_append (text, "–");

  return g_string_free (text, FALSE);
}

static char *
log_dup_hosts (gpointer item)
{
  KabSyncLogEntry *entry = item;

  return describe_changes (entry->hosts_new, entry->hosts_changed, entry->hosts_gone);
}

static char *
log_dup_updates (gpointer item)
{
  KabSyncLogEntry *entry = item;

  return describe_changes (entry->updates_new, entry->updates_changed, entry->updates_gone);
}

static char *
log_dup_states (gpointer item)
{
  return kab_format_count (((KabSyncLogEntry *) item)->states_changed);
}

static char *
log_dup_bytes (gpointer item)
{
  return kab_format_size ((gint64) ((KabSyncLogEntry *) item)->n_bytes);
}

static char *
log_dup_requests (gpointer item)
{
  return kab_format_count (((KabSyncLogEntry *) item)->n_requests);
}

static char *
log_dup_level (gpointer item)
{
  return g_strdup (kab_format_level (((KabSyncLogEntry *) item)->level));
}

static char *
log_dup_error (gpointer item)
{
  KabSyncLogEntry *entry = item;

  return g_strdup (entry->error != NULL && !g_str_equal (entry->error, "cancelled") ? entry->error : "");
}

static int
log_compare_started (gconstpointer a,
                     gconstpointer b)
{
  return COMPARE (((const KabSyncLogEntry *) a)->started_at, ((const KabSyncLogEntry *) b)->started_at);
}

static int
log_compare_took (gconstpointer a,
                  gconstpointer b)
{
  const KabSyncLogEntry *x = a;
  const KabSyncLogEntry *y = b;

  return COMPARE (x->finished_at - x->started_at, y->finished_at - y->started_at);
}

static int
log_compare_states (gconstpointer a,
                    gconstpointer b)
{
  return COMPARE (((const KabSyncLogEntry *) a)->states_changed,
                  ((const KabSyncLogEntry *) b)->states_changed);
}

static int
log_compare_bytes (gconstpointer a,
                   gconstpointer b)
{
  return COMPARE (((const KabSyncLogEntry *) a)->n_bytes, ((const KabSyncLogEntry *) b)->n_bytes);
}

static const KabTableColumn log_columns[] = {
  { "started", N_("Started"), 20, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, log_dup_started,
    log_compare_started, NULL },
  { "result", N_("Result"), 14, FALSE, TRUE, KAB_CELL_BADGE, KAB_NO_SORT, log_dup_result, NULL,
    log_bind_badge },
  { "took", N_("Took"), 10, FALSE, TRUE, KAB_CELL_NUMBER, KAB_NO_SORT, log_dup_took, log_compare_took, NULL },
  { "who", N_("Started by"), 12, FALSE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, log_dup_who, NULL, NULL },
  { "hosts", N_("Hosts"), 24, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, log_dup_hosts, NULL, NULL },
  { "updates", N_("Updates"), 22, TRUE, TRUE, KAB_CELL_TEXT, KAB_NO_SORT, log_dup_updates, NULL, NULL },
  { "states", N_("States changed"), 12, FALSE, TRUE, KAB_CELL_NUMBER, KAB_NO_SORT, log_dup_states,
    log_compare_states, NULL },
  { "bytes", N_("Received"), 10, FALSE, TRUE, KAB_CELL_NUMBER, KAB_NO_SORT, log_dup_bytes,
    log_compare_bytes, NULL },
  { "requests", N_("Requests"), 10, FALSE, FALSE, KAB_CELL_NUMBER, KAB_NO_SORT, log_dup_requests, NULL, NULL },
  { "level", N_("Read"), 24, FALSE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, log_dup_level, NULL, NULL },
  { "error", N_("Error"), 30, TRUE, FALSE, KAB_CELL_TEXT, KAB_NO_SORT, log_dup_error, NULL, NULL },
};

const KabTableInfo kab_activity_log = {
  .id = "sync-log",
  .name = N_("Sync log"),
  .columns = log_columns,
  .n_columns = G_N_ELEMENTS (log_columns),
  .get_id = log_get_id,
  .dup_name = log_dup_started,
  .narrow_title = N_("Sync"),
  .dup_head = log_dup_started,
  .dup_line = log_dup_hosts,
  .bind_badge = log_bind_badge,
};

char *
kab_activity_dup_folded (const KabTableInfo *info,
                         gpointer            item)
{
  GString *text = g_string_new (NULL);
  char *folded;

  for (guint i = 0; i < info->n_columns; i++)
    {
      g_autofree char *cell = info->columns[i].dup_text (item);

      g_string_append (text, cell);
      g_string_append_c (text, '\n');
    }
  folded = kab_text_fold (text->str, (gssize) text->len);
  g_string_free (text, TRUE);

  return folded;
}
