/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-deed-view.h"
#include "kab-error-text.h"
#include "kab-facts.h"
#include "kab-format.h"

#define MOST_ROWS 50

struct _KabDeedView
{
  AdwBin              parent_instance;

  GtkWidget          *stack;
  GtkBox             *steps_box;
  GtkWidget          *progress;
  GtkWidget          *words;
  AdwStatusPage      *result;
  GtkBox             *result_box;

  KabPackageJob      *job;
  const char * const *steps;
  char               *done_text;
};

G_DEFINE_FINAL_TYPE (KabDeedView, kab_deed_view, ADW_TYPE_BIN)

enum {
  ENDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static const char *
describe_step (const char *step)
{
  static const struct { const char *step; const char *text; } texts[] = {
    { "reading", N_("Read the package and check it") },
    { "signing", N_("Sign it anew") },
    { "uploading", N_("Upload it") },
    { "checking", N_("Look whether the server has it") },
    { "deleting", N_("Remove the old file") },
    { "saving", N_("Write the approval log") },
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    if (g_str_equal (texts[i].step, step))
      return _(texts[i].text);

  return step;
}

static void
update_steps (KabDeedView *self)
{
  const char *now = kab_job_get_step (KAB_JOB (self->job));
  GtkWidget *row = gtk_widget_get_first_child (GTK_WIDGET (self->steps_box));
  gboolean behind = now == NULL || !g_strv_contains (self->steps, now);
  gboolean finished = kab_job_get_state (KAB_JOB (self->job)) == KAB_JOB_DONE;

  for (guint i = 0; self->steps[i] != NULL && row != NULL; i++, row = gtk_widget_get_next_sibling (row))
    {
      gboolean current = !finished && g_strcmp0 (self->steps[i], now) == 0;
      const char *icon = finished || (!behind && !current) ? "emblem-ok-symbolic"
                         : current ? "media-playback-start-symbolic" : "content-loading-symbolic";
      const char *word = finished || (!behind && !current) ? _("Done") : current ? _("Now") : _("To do");

      gtk_image_set_from_icon_name (GTK_IMAGE (gtk_widget_get_first_child (row)), icon);
      gtk_widget_set_opacity (row, current || finished || !behind ? 1 : 0.6);
      gtk_accessible_update_property (GTK_ACCESSIBLE (gtk_widget_get_first_child (row)),
                                      GTK_ACCESSIBLE_PROPERTY_LABEL, word, -1);
      if (current)
        behind = TRUE;
    }
}

static void
job_changed_cb (KabDeedView *self)
{
  double fraction = kab_job_get_fraction (KAB_JOB (self->job));
  g_autofree char *words = g_strcmp0 (kab_job_get_step (KAB_JOB (self->job)), "waiting") == 0
                           ? g_strdup (_("Waiting for another deed on this server to end…"))
                           : kab_format_job_progress (KAB_JOB (self->job));

  gtk_label_set_label (GTK_LABEL (self->words), words);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), fraction);
  else
    gtk_progress_bar_pulse (GTK_PROGRESS_BAR (self->progress));
  update_steps (self);
}

/* Targets and files that are not as they should be */
static void
add_rows (KabDeedView *self)
{
  GListModel *rows = kab_package_job_get_rows (self->job);
  guint n_shown = 0;

  for (guint i = 0; rows != NULL && i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr(KabPackageRow) row = g_list_model_get_item (rows, i);
      KabPackageStepState state = kab_package_row_get_state (row);
      g_autofree char *text = NULL;
      GtkWidget *label;

      if (state == KAB_PACKAGE_STEP_DONE || state == KAB_PACKAGE_STEP_UNCHANGED || state == KAB_PACKAGE_STEP_LEFT ||
          ++n_shown > MOST_ROWS)
        continue;
      if (state == KAB_PACKAGE_STEP_UNTRUSTED)
        /* Translators: %1$s is a file, %2$s who signed it */
        text = g_strdup_printf (_("%1$s is signed by %2$s, whom this profile does not trust. Signing it anew vouches for "
                                  "its content."), kab_package_row_get_name (row), kab_package_row_get_message (row));
      else
        /* Translators: a host, unit, group or file, and how it ended */
        text = g_strdup_printf (_("%1$s: %2$s"), kab_package_row_get_name (row),
                                _(kab_package_step_state_get_label (state)));
      label = kab_facts_add_text (self->result_box, text);
      gtk_widget_set_tooltip_text (label, kab_package_row_get_message (row));
    }
}

static void
show_result (KabDeedView *self)
{
  const char * const *left = kab_package_job_get_left (self->job);
  const GError *error = kab_job_get_error (KAB_JOB (self->job));
  KabJobState state = kab_job_get_state (KAB_JOB (self->job));

  kab_facts_clear (self->result_box);
  if (state == KAB_JOB_DONE)
    g_object_set (self->result, "icon-name", "emblem-ok-symbolic", "title", _("Done"),
                  "description", self->done_text, NULL);
  else if (state == KAB_JOB_CANCELLED)
    g_object_set (self->result, "icon-name", "process-stop-symbolic", "title", _("Cancelled"),
                  "description", _("All is as it was before."), NULL);
  else
    g_object_set (self->result, "icon-name", "dialog-error-symbolic", "title", kab_error_text_title (error),
                  "description", kab_error_text_describe (error), NULL);

  for (guint i = 0; left != NULL && left[i] != NULL; i++)
    {
      /* Translators: %s is the name of a file on the server */
      g_autofree char *text = g_strdup_printf (_("The old file %s is left, because this account may not delete. "
                                                 "Somebody who may should remove it."), left[i]);

      kab_facts_add_text (self->result_box, text);
    }
  add_rows (self);
  if (state == KAB_JOB_FAILED)
    {
      GtkWidget *label = kab_facts_add_text (self->result_box, error->message);

      gtk_widget_add_css_class (label, "kab-technical");
      gtk_label_set_selectable (GTK_LABEL (label), TRUE);
    }
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "result");
}

static void
finished_cb (KabDeedView *self)
{
  show_result (self);
  g_signal_emit (self, signals[ENDED], 0);
}

static void
kab_deed_view_dispose (GObject *object)
{
  KabDeedView *self = KAB_DEED_VIEW (object);

  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_clear_object (&self->job);

  G_OBJECT_CLASS (kab_deed_view_parent_class)->dispose (object);
}

static void
kab_deed_view_finalize (GObject *object)
{
  g_free (KAB_DEED_VIEW (object)->done_text);

  G_OBJECT_CLASS (kab_deed_view_parent_class)->finalize (object);
}

static void
kab_deed_view_class_init (KabDeedViewClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_deed_view_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_deed_view_finalize;

  signals[ENDED] = g_signal_new ("ended", KAB_TYPE_DEED_VIEW, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
kab_deed_view_init (KabDeedView *self)
{
  GtkWidget *running = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *scrolled;

  self->steps_box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 9));
  self->progress = gtk_progress_bar_new ();
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Progress"), -1);
  self->words = kab_facts_new_text ("");
  gtk_widget_add_css_class (self->words, "dim-label");
  gtk_widget_add_css_class (running, "facts");
  gtk_widget_set_valign (running, GTK_ALIGN_CENTER);
  gtk_widget_set_vexpand (running, TRUE);
  gtk_box_append (GTK_BOX (running), GTK_WIDGET (self->steps_box));
  gtk_box_append (GTK_BOX (running), self->progress);
  gtk_box_append (GTK_BOX (running), self->words);

  self->result = ADW_STATUS_PAGE (adw_status_page_new ());
  gtk_widget_add_css_class (GTK_WIDGET (self->result), "compact");
  self->result_box = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 6));
  adw_status_page_set_child (self->result, GTK_WIDGET (self->result_box));

  self->stack = gtk_stack_new ();
  scrolled = g_object_new (ADW_TYPE_CLAMP, "child", running, "maximum-size", 420, NULL);
  gtk_stack_add_named (GTK_STACK (self->stack), scrolled, "running");
  gtk_stack_add_named (GTK_STACK (self->stack), GTK_WIDGET (self->result), "result");
  adw_bin_set_child (ADW_BIN (self), self->stack);
}

GtkWidget *
kab_deed_view_new (void)
{
  return g_object_new (KAB_TYPE_DEED_VIEW, NULL);
}

void
kab_deed_view_set_job (KabDeedView        *self,
                       KabPackageJob      *job,
                       const char * const *steps,
                       const char         *done_text)
{
  g_return_if_fail (KAB_IS_DEED_VIEW (self));

  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_set_object (&self->job, job);
  kab_facts_clear (self->steps_box);
  gtk_stack_set_visible_child_name (GTK_STACK (self->stack), "running");
  self->steps = steps;
  g_free (self->done_text);
  self->done_text = g_strdup (done_text);
  for (guint i = 0; steps[i] != NULL; i++)
    {
      GtkWidget *row = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 9);

      gtk_box_append (GTK_BOX (row), gtk_image_new ());
      gtk_box_append (GTK_BOX (row), kab_facts_new_text (describe_step (steps[i])));
      gtk_box_append (self->steps_box, row);
    }
  g_signal_connect_swapped (job, "notify", G_CALLBACK (job_changed_cb), self);
  g_signal_connect_swapped (job, "finished", G_CALLBACK (finished_cb), self);
  job_changed_cb (self);
  if (kab_job_get_state (KAB_JOB (job)) > KAB_JOB_RUNNING)
    finished_cb (self);
}

char **
kab_deed_view_dup_untrusted (KabDeedView *self)
{
  g_autoptr(GStrvBuilder) signers = g_strv_builder_new ();
  GListModel *rows;
  char **list;

  g_return_val_if_fail (KAB_IS_DEED_VIEW (self), NULL);

  rows = self->job != NULL ? kab_package_job_get_rows (self->job) : NULL;
  for (guint i = 0; rows != NULL && i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr(KabPackageRow) row = g_list_model_get_item (rows, i);

      if (kab_package_row_get_state (row) == KAB_PACKAGE_STEP_UNTRUSTED && *kab_package_row_get_signer (row) != '\0')
        g_strv_builder_add (signers, kab_package_row_get_signer (row));
    }
  list = g_strv_builder_end (signers);
  if (*list == NULL)
    g_clear_pointer (&list, g_strfreev);

  return list;
}
