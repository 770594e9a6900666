/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-format.h"
#include "kab-job-row.h"
#include "kab-progress-line.h"
#include "kab-ui.h"

struct _KabJobRow
{
  GtkListBoxRow   parent_instance;

  GtkLabel        *title;
  KabProgressLine *progress;
  GtkLabel        *words;
  GtkWidget       *cancel;

  KabJob          *job;
};

G_DEFINE_FINAL_TYPE (KabJobRow, kab_job_row, GTK_TYPE_LIST_BOX_ROW)

static void
job_changed_cb (KabJobRow *self)
{
  g_autofree char *title = kab_format_job (self->job);
  g_autofree char *words = kab_format_job_progress (self->job);
  /* Translators: for screen readers; %s is a job */
  g_autofree char *cancel = g_strdup_printf (_("Cancel: %s"), title);
  double fraction = kab_job_get_fraction (self->job);

  gtk_label_set_label (self->title, title);
  gtk_label_set_label (self->words, words);
  kab_progress_line_set (self->progress, fraction);
  gtk_widget_set_sensitive (self->cancel, kab_job_get_state (self->job) <= KAB_JOB_RUNNING);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title,
                                  GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->progress),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->cancel),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, cancel, -1);
}

static void
cancel_clicked_cb (KabJobRow *self)
{
  kab_job_cancel (self->job);
}

static void
kab_job_row_dispose (GObject *object)
{
  KabJobRow *self = KAB_JOB_ROW (object);

  g_clear_object (&self->job);
  gtk_widget_dispose_template (GTK_WIDGET (self), KAB_TYPE_JOB_ROW);

  G_OBJECT_CLASS (kab_job_row_parent_class)->dispose (object);
}

static void
kab_job_row_class_init (KabJobRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_job_row_dispose;

  g_type_ensure (KAB_TYPE_PROGRESS_LINE);
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "activity/kab-job-row.ui");
  gtk_widget_class_bind_template_child (widget_class, KabJobRow, title);
  gtk_widget_class_bind_template_child (widget_class, KabJobRow, progress);
  gtk_widget_class_bind_template_child (widget_class, KabJobRow, words);
  gtk_widget_class_bind_template_child (widget_class, KabJobRow, cancel);
  gtk_widget_class_bind_template_callback (widget_class, cancel_clicked_cb);
}

static void
kab_job_row_init (KabJobRow *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
kab_job_row_new (KabJob *job)
{
  KabJobRow *self = g_object_new (KAB_TYPE_JOB_ROW, NULL);

  self->job = g_object_ref (job);
  g_signal_connect_object (job, "notify", G_CALLBACK (job_changed_cb), self, G_CONNECT_SWAPPED);
  job_changed_cb (self);

  return GTK_WIDGET (self);
}
