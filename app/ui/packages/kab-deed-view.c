/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-assign-selection.h"
#include "kab-deed-result.h"
#include "kab-deed-steps.h"
#include "kab-deed-view.h"
#include "kab-format.h"
#include "kab-live-list.h"
#include "kab-progress-line.h"
#include "kab-step-columns.h"
#include "kab-ui.h"
#include "kab-window.h"

/* The view that shows a job, of the job's data */
#define VIEW_KEY "kab-deed-view"

struct _KabDeedView
{
  AdwBin              parent_instance;

  GtkStack           *stack;          /* running, result, answer */
  GtkWidget          *running;
  AdwClamp           *clamp;
  GtkBox             *steps_box;
  GtkWidget          *progress;
  GtkLabel           *words;
  KabTable           *table;
  AdwStatusPage      *result;
  GtkBox             *result_box;
  GtkScrolledWindow  *answer;
  GtkWidget          *accept;

  KabDeedFunc         start;          /* of the last job */
  gpointer            user_data;
  KabPackageJob      *job;
  char               *done_text;
  GPtrArray          *jobs;           /* of KabPackageJob: they did something */
};

G_DEFINE_FINAL_TYPE (KabDeedView, kab_deed_view, ADW_TYPE_BIN)

enum {
  STARTED,
  JOB_ENDED,
  ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* A job that has targets is told by their states. */
static gboolean
has_targets (KabDeedView *self)
{
  return KAB_IS_ASSIGN_JOB (self->job);
}

static void
job_changed_cb (KabDeedView *self)
{
  double fraction = kab_job_get_fraction (KAB_JOB (self->job));
  g_autofree char *words = g_strcmp0 (kab_job_get_step (KAB_JOB (self->job)), "waiting") == 0
                           ? g_strdup (_("Waiting for another deed on this server to end…"))
                           : has_targets (self) ? kab_steps_dup_summary (self->job)
                           : kab_format_job_progress (KAB_JOB (self->job));

  gtk_label_set_label (self->words, words);
  kab_progress_line_set (KAB_PROGRESS_LINE (self->progress), fraction);
  kab_deed_steps_update (self->steps_box, self->job);
}

static void
show_result (KabDeedView *self)
{
  g_autofree char *words = NULL;

  if (!has_targets (self))
    {
      kab_deed_result_fill (self->result, self->result_box, self->job, self->done_text);
      gtk_stack_set_visible_child_name (self->stack, "result");
      return;
    }

  /* The table has the rest. */
  words = kab_deed_result_dup_words (self->job, self->done_text);
  gtk_label_set_label (self->words, words);
  gtk_widget_set_visible (self->progress, FALSE);
}

static void
finished_cb (KabDeedView *view)
{
  g_autoptr(KabDeedView) self = g_object_ref (view);     /* who is told may close the window */

  g_signal_handlers_disconnect_by_data (self->job, self);
  if (kab_package_job_get_approvals (self->job)->len > 0)
    g_ptr_array_add (self->jobs, g_object_ref (self->job));
  show_result (self);
  gtk_widget_set_visible (self->accept, kab_package_job_count (self->job, KAB_PACKAGE_STEP_UNTRUSTED) > 0);

  g_signal_emit (self, signals[JOB_ENDED], 0);
  if (!kab_deed_view_is_running (self))
    g_signal_emit (self, signals[ENDED], 0);
}

/* Going */

static void
forget_job (KabDeedView *self)
{
  if (self->job == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->job, self);
  g_object_set_data (G_OBJECT (self->job), VIEW_KEY, NULL);
  g_clear_object (&self->job);
}

static void
start (KabDeedView        *self,
       const char * const *accepted)
{
  g_autofree char *done_text = NULL;
  g_autoptr(GListModel) rows = NULL;
  KabPackageJob *job = self->start (accepted, &done_text, self->user_data);

  if (job == NULL)
    return;

  forget_job (self);
  self->job = g_object_ref (job);
  g_object_set_data (G_OBJECT (job), VIEW_KEY, self);
  g_free (self->done_text);
  self->done_text = g_steal_pointer (&done_text);
  kab_deed_steps_fill (self->steps_box, job);
  rows = has_targets (self) ? kab_live_list_new (g_object_ref (kab_package_job_get_rows (job))) : NULL;
  kab_table_set_model (self->table, rows);
  gtk_widget_set_visible (GTK_WIDGET (self->table), has_targets (self));
  gtk_widget_set_visible (GTK_WIDGET (self->steps_box), !has_targets (self));
  gtk_widget_set_valign (self->running, has_targets (self) ? GTK_ALIGN_FILL : GTK_ALIGN_CENTER);
  adw_clamp_set_maximum_size (self->clamp, has_targets (self) ? 720 : 420);
  gtk_widget_set_visible (self->progress, TRUE);
  gtk_widget_set_visible (self->accept, FALSE);
  gtk_stack_set_visible_child_name (self->stack, "running");
  g_signal_connect_swapped (job, "notify", G_CALLBACK (job_changed_cb), self);
  g_signal_connect_swapped (job, "finished", G_CALLBACK (finished_cb), self);
  job_changed_cb (self);
  g_signal_emit (self, signals[STARTED], 0);
  if (kab_job_get_state (KAB_JOB (job)) > KAB_JOB_RUNNING)
    finished_cb (self);
}

/* What is to be run once the key is unlocked, and who was accepted for it */
typedef struct {
  KabDeedView *view;        /* ours: it may have lost its window meanwhile */
  KabDeedFunc  start;
  gpointer     user_data;
  char       **accepted;    /* (nullable) */
} Wish;

static void
wish_free (gpointer data)
{
  Wish *wish = data;

  g_object_unref (wish->view);
  g_strfreev (wish->accepted);
  g_free (wish);
}

static void
unlocked_cb (gboolean yes,
             gpointer user_data)
{
  Wish *wish = user_data;
  KabDeedView *self = wish->view;

  if (!yes || gtk_widget_get_root (GTK_WIDGET (self)) == NULL || kab_deed_view_is_running (self))
    return;

  self->start = wish->start;
  self->user_data = wish->user_data;
  start (self, (const char * const *) wish->accepted);
}

static void
unlock (KabDeedView *self,
        KabDeedFunc  start_func,
        gpointer     user_data,
        char       **accepted)
{
  Wish *wish = g_new0 (Wish, 1);

  *wish = (Wish) { g_object_ref (self), start_func, user_data, accepted };
  kab_window_unlock_key (GTK_WIDGET (self), unlocked_cb, wish, wish_free);
}

/* Somebody else signed it: whoever looked may go on. */
static void
accept_cb (KabDeedView *self)
{
  GListModel *rows = kab_package_job_get_rows (self->job);
  g_autoptr(GStrvBuilder) signers = g_strv_builder_new ();

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr(KabPackageRow) row = g_list_model_get_item (rows, i);

      if (kab_package_row_get_state (row) == KAB_PACKAGE_STEP_UNTRUSTED && *kab_package_row_get_signer (row) != '\0')
        g_strv_builder_add (signers, kab_package_row_get_signer (row));
    }
  unlock (self, self->start, self->user_data, g_strv_builder_end (signers));
}

static void
kab_deed_view_dispose (GObject *object)
{
  KabDeedView *self = KAB_DEED_VIEW (object);

  forget_job (self);

  G_OBJECT_CLASS (kab_deed_view_parent_class)->dispose (object);
}

static void
kab_deed_view_finalize (GObject *object)
{
  KabDeedView *self = KAB_DEED_VIEW (object);

  g_free (self->done_text);
  g_ptr_array_unref (self->jobs);

  G_OBJECT_CLASS (kab_deed_view_parent_class)->finalize (object);
}

static void
kab_deed_view_class_init (KabDeedViewClass *klass)
{
  static const char * const names[N_SIGNALS] = { "started", "job-ended", "ended" };
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_deed_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_deed_view_finalize;

  for (guint i = 0; i < N_SIGNALS; i++)
    signals[i] = g_signal_new (names[i], KAB_TYPE_DEED_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);

  g_type_ensure (KAB_TYPE_PROGRESS_LINE);
  g_type_ensure (KAB_TYPE_TABLE);
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "packages/kab-deed-view.ui");
  gtk_widget_class_bind_template_child (widget_class, KabDeedView, stack);
  gtk_widget_class_bind_template_child (widget_class, KabDeedView, running);
  gtk_widget_class_bind_template_child (widget_class, KabDeedView, clamp);
  gtk_widget_class_bind_template_child (widget_class, KabDeedView, steps_box);
  gtk_widget_class_bind_template_child (widget_class, KabDeedView, progress);
  gtk_widget_class_bind_template_child (widget_class, KabDeedView, words);
  gtk_widget_class_bind_template_child (widget_class, KabDeedView, table);
  gtk_widget_class_bind_template_child (widget_class, KabDeedView, result);
  gtk_widget_class_bind_template_child (widget_class, KabDeedView, result_box);
  gtk_widget_class_bind_template_child (widget_class, KabDeedView, answer);
  gtk_widget_class_bind_template_child (widget_class, KabDeedView, accept);
  gtk_widget_class_bind_template_callback (widget_class, accept_cb);
}

static void
kab_deed_view_init (KabDeedView *self)
{
  self->jobs = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  kab_table_set_info (self->table, &kab_steps_table);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "table", kab_table_get_actions (self->table));
}

void
kab_deed_view_run (KabDeedView *self,
                   KabDeedFunc  start_func,
                   gpointer     user_data)
{
  g_return_if_fail (KAB_IS_DEED_VIEW (self));
  g_return_if_fail (start_func != NULL);

  if (!kab_deed_view_is_running (self))
    unlock (self, start_func, user_data, NULL);
}

void
kab_deed_view_start (KabDeedView *self,
                     KabDeedFunc  start_func,
                     gpointer     user_data)
{
  g_return_if_fail (KAB_IS_DEED_VIEW (self));
  g_return_if_fail (start_func != NULL);

  self->start = start_func;
  self->user_data = user_data;
  start (self, NULL);
}

void
kab_deed_view_set_answer (KabDeedView *self,
                          GtkWidget   *answer)
{
  g_return_if_fail (KAB_IS_DEED_VIEW (self));

  gtk_scrolled_window_set_child (self->answer, answer);
  gtk_stack_set_visible_child_name (self->stack, "answer");
  gtk_widget_child_focus (answer, GTK_DIR_TAB_FORWARD);
}

gboolean
kab_deed_view_is_running (KabDeedView *self)
{
  g_return_val_if_fail (KAB_IS_DEED_VIEW (self), FALSE);

  return self->job != NULL && kab_job_get_state (KAB_JOB (self->job)) <= KAB_JOB_RUNNING;
}

gboolean
kab_deed_view_went_well (KabDeedView *self)
{
  GListModel *rows;
  guint n_well;

  g_return_val_if_fail (KAB_IS_DEED_VIEW (self), FALSE);

  if (self->job == NULL || kab_job_get_state (KAB_JOB (self->job)) != KAB_JOB_DONE)
    return FALSE;

  rows = kab_package_job_get_rows (self->job);
  n_well = kab_package_job_count (self->job, KAB_PACKAGE_STEP_DONE) +
           kab_package_job_count (self->job, KAB_PACKAGE_STEP_UNCHANGED);

  return !has_targets (self) || n_well == g_list_model_get_n_items (rows);
}

gboolean
kab_deed_view_tells_of (KabJob *job)
{
  KabDeedView *self;

  g_return_val_if_fail (KAB_IS_JOB (job), FALSE);

  self = g_object_get_data (G_OBJECT (job), VIEW_KEY);
  return self != NULL && gtk_widget_get_mapped (GTK_WIDGET (self));
}

KabPackageJob *
kab_deed_view_get_job (KabDeedView *self)
{
  g_return_val_if_fail (KAB_IS_DEED_VIEW (self), NULL);

  return self->job;
}

GPtrArray *
kab_deed_view_get_jobs (KabDeedView *self)
{
  g_return_val_if_fail (KAB_IS_DEED_VIEW (self), NULL);

  return self->jobs;
}

GArray *
kab_deed_view_keep_untrusted (KabDeedView *self,
                              GArray      *targets)
{
  g_autoptr(GHashTable) ids = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GArray *kept = kab_assign_targets_new ();
  GListModel *rows;

  g_return_val_if_fail (KAB_IS_DEED_VIEW (self), kept);

  rows = kab_package_job_get_rows (self->job);
  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr(KabPackageRow) row = g_list_model_get_item (rows, i);

      if (kab_package_row_get_state (row) == KAB_PACKAGE_STEP_UNTRUSTED)
        g_hash_table_add (ids, g_strdup (kab_package_row_get_id (row)));
    }
  for (guint i = 0; i < targets->len; i++)
    {
      const KabAssignTarget *target = &g_array_index (targets, KabAssignTarget, i);
      g_autofree char *id = g_strdup_printf ("%s %s", kab_target_kind_get_section (target->kind), target->target);

      if (g_hash_table_contains (ids, id))
        kab_assign_targets_add (kept, target->kind, target->target, target->name);
    }

  return kept;
}
