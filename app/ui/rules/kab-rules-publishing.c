/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-assign-selection.h"
#include "kab-publish-job.h"
#include "kab-rules-conflict.h"
#include "kab-rules-publishing.h"

struct _KabRulesPublishing
{
  GObject        parent_instance;

  KabRuleEditor *editor;
  KabDeedView   *view;          /* borrowed */
  GtkEditable   *reason;        /* borrowed */
  KabPackageJob *published;     /* (nullable): that put it on the server */
};

G_DEFINE_FINAL_TYPE (KabRulesPublishing, kab_rules_publishing, G_TYPE_OBJECT)

enum {
  DECIDED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

/* For the approval log: what was known when it was decided. */
static char *
dup_note (KabRulesPublishing *self)
{
  KabForecast *forecast = kab_rule_editor_get_forecast (self->editor);
  GPtrArray *findings = kab_rule_editor_get_findings (self->editor);
  const KabForecastTotals *totals;

  if (forecast == NULL || !kab_rule_editor_is_current (self->editor) || kab_rule_editor_is_hypothetical (self->editor))
    return NULL;

  totals = kab_forecast_get_totals (forecast);
  return g_strdup_printf ("forecast: %" G_GUINT64_FORMAT " pairs on %u of %u hosts, %u restarts, %" G_GUINT64_FORMAT
                          " bytes, %" G_GUINT64_FORMAT " unknown; lint: %u findings",
                          totals->n_pairs[KAB_FORECAST_EFFECT], totals->outcomes[KAB_OUTCOME_CHANGES], totals->n_hosts,
                          totals->n_restarts, totals->bytes, totals->n_pairs[KAB_FORECAST_UNKNOWN],
                          findings != NULL ? findings->len : 0);
}

KabPackageJob *
kab_rules_publishing_start (const char * const  *accepted,
                            char               **done_text,
                            gpointer             publishing)
{
  KabRulesPublishing *self = KAB_RULES_PUBLISHING (publishing);
  g_autofree char *note = dup_note (self);
  KabDeedWords words = {
    .reason = gtk_editable_get_text (self->reason), .note = note,
    .draft_id = kab_rule_editor_get_draft_id (self->editor), .accepted_signers = accepted,
  };

  *done_text = g_strdup (_("The package is on the server."));
  return kab_session_publish (kab_rule_editor_get_session (self->editor), kab_rule_editor_get_document (self->editor),
                              &words);
}

static KabPackageJob *
assign (const char * const  *accepted,
        char               **done_text,
        gpointer             user_data)
{
  KabRulesPublishing *self = KAB_RULES_PUBLISHING (user_data);
  KabRulesDocument *document = kab_rule_editor_get_document (self->editor);
  const char *requirements[] = { kab_rules_document_get_name (document), NULL };
  GArray *all = kab_rule_editor_get_targets (self->editor);
  g_autoptr(GArray) targets = accepted != NULL ? kab_deed_view_keep_untrusted (self->view, all) : g_array_ref (all);
  KabDeedWords words = { .reason = gtk_editable_get_text (self->reason), .accepted_signers = accepted };

  *done_text = kab_rules_publishing_dup_told (self);
  return kab_session_assign (kab_rule_editor_get_session (self->editor), KAB_ASSIGN,
                             (const KabAssignTarget *) (gpointer) targets->data, targets->len, requirements, &words);
}

static void
decided_cb (KabRulesPublishing *self,
            gboolean            publish)
{
  g_signal_emit (self, signals[DECIDED], 0, publish);
}

static void
job_ended_cb (KabRulesPublishing *self)
{
  KabPackageJob *job = kab_deed_view_get_job (self->view);
  const KabPackageConflict *conflict = kab_package_job_get_conflict (job);

  if (!KAB_IS_PUBLISH_JOB (job))
    return;

  if (kab_job_get_state (KAB_JOB (job)) == KAB_JOB_DONE)
    {
      g_set_object (&self->published, job);
      kab_rule_editor_let_go (self->editor, TRUE);
      if (kab_rule_editor_get_targets (self->editor)->len > 0)
        kab_deed_view_start (self->view, assign, self);
    }
  else if (conflict != NULL)
    {
      GtkWidget *answer = kab_rules_conflict_new (self->editor, conflict);

      g_signal_connect_object (answer, "decided", G_CALLBACK (decided_cb), self, G_CONNECT_SWAPPED);
      kab_deed_view_set_answer (self->view, answer);
    }
}

static void
kab_rules_publishing_finalize (GObject *object)
{
  KabRulesPublishing *self = KAB_RULES_PUBLISHING (object);

  g_clear_object (&self->editor);
  g_clear_object (&self->published);

  G_OBJECT_CLASS (kab_rules_publishing_parent_class)->finalize (object);
}

static void
kab_rules_publishing_class_init (KabRulesPublishingClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_rules_publishing_finalize;

  signals[DECIDED] = g_signal_new ("decided", KAB_TYPE_RULES_PUBLISHING, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void
kab_rules_publishing_init (KabRulesPublishing *self)
{
}

KabRulesPublishing *
kab_rules_publishing_new (KabRuleEditor *editor,
                          KabDeedView   *view,
                          GtkEditable   *reason)
{
  KabRulesPublishing *self = g_object_new (KAB_TYPE_RULES_PUBLISHING, NULL);

  g_return_val_if_fail (KAB_IS_RULE_EDITOR (editor), self);
  g_return_val_if_fail (KAB_IS_DEED_VIEW (view), self);

  self->editor = g_object_ref (editor);
  self->view = view;
  self->reason = reason;
  g_signal_connect_object (view, "job-ended", G_CALLBACK (job_ended_cb), self, G_CONNECT_SWAPPED);

  return self;
}

char *
kab_rules_publishing_dup_told (KabRulesPublishing *self)
{
  g_return_val_if_fail (KAB_IS_RULES_PUBLISHING (self), NULL);

  if (self->published == NULL)
    return NULL;
  /* Translators: %1$s is a rule package, %2$s its version */
  return g_strdup_printf (_("%1$s %2$s is published"),
                          kab_rules_document_get_name (kab_rule_editor_get_document (self->editor)),
                          kab_publish_job_get_version (KAB_PUBLISH_JOB (self->published)));
}
