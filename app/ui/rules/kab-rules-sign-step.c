/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-deed-view.h"
#include "kab-error-text.h"
#include "kab-error.h"
#include "kab-facts.h"
#include "kab-forecast-parts.h"
#include "kab-format.h"
#include "kab-publish-job.h"
#include "kab-rules-conflict.h"
#include "kab-rules-diff.h"
#include "kab-rules-steps.h"
#include "kab-signing.h"
#include "kab-window.h"

/* Changes that the summary names one by one. */
#define MAX_CHANGES 12

struct _KabRulesSignStep
{
  AdwBin            parent_instance;

  KabRuleEditor    *editor;
  GtkStack         *stack;            /* form, deed */
  GtkBox           *summary;
  GtkBox           *signing;
  GtkEditable      *reason;
  GtkBox           *deeds;

  KabIdentity      *identity;         /* (nullable): who signs */
  char             *problem;          /* why nothing can be signed; NULL when it can */
  KabPackageJob    *publishing;       /* (nullable) */
  KabPackageJob    *assigning;        /* (nullable) */
  GCancellable     *cancellable;
};

G_DEFINE_FINAL_TYPE (KabRulesSignStep, kab_rules_sign_step, ADW_TYPE_BIN)

enum {
  STATE_CHANGED,
  PUBLISHED,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
emit_state (KabRulesSignStep *self)
{
  g_signal_emit (self, signals[STATE_CHANGED], 0);
}

/* Summary */

static void
add_counts (KabRulesSignStep *self,
            GtkGrid          *grid)
{
  KabRulesDocument *document = kab_rule_editor_get_document (self->editor);
  guint n_allowed = kab_rules_document_count (document, KAB_RULE_ALLOWED_UPDATES) +
                    kab_rules_document_count (document, KAB_RULE_ALLOWED_KBS);
  guint n_forbidden = kab_rules_document_count (document, KAB_RULE_FORBIDDEN_UPDATES) +
                      kab_rules_document_count (document, KAB_RULE_FORBIDDEN_KBS);
  guint n_classes = kab_rules_document_count (document, KAB_RULE_ALLOWED_PRODUCTS) +
                    kab_rules_document_count (document, KAB_RULE_ALLOWED_SEVERITIES) +
                    kab_rules_document_count (document, KAB_RULE_ALLOWED_CLASSIFICATIONS);
  g_autofree char *allowed = g_strdup_printf (ngettext ("%u allowed", "%u allowed", n_allowed), n_allowed);
  g_autofree char *forbidden = g_strdup_printf (ngettext ("%u forbidden", "%u forbidden", n_forbidden), n_forbidden);
  g_autofree char *classes = g_strdup_printf (ngettext ("%u class allowed", "%u classes allowed", n_classes), n_classes);
  g_autofree char *text = g_strjoin (" · ", allowed, forbidden, classes, NULL);

  kab_facts_add (grid, _("Rules"), text);
}

static void
add_effect (KabRulesSignStep *self,
            GtkGrid          *grid)
{
  KabForecast *forecast = kab_rule_editor_get_forecast (self->editor);
  const KabForecastTotals *totals = forecast != NULL ? kab_forecast_get_totals (forecast) : NULL;
  g_autofree char *pairs = NULL;
  g_autofree char *hosts = NULL;
  g_autofree char *text = NULL;

  if (totals == NULL || !kab_rule_editor_is_current (self->editor))
    {
      kab_facts_add (grid, _("Effect"), _("being computed…"));
      return;
    }

  pairs = kab_format_count (totals->n_pairs[KAB_FORECAST_EFFECT]);
  hosts = kab_format_count (totals->outcomes[KAB_OUTCOME_CHANGES]);
  /* Translators: %1$s pairs of host and update, %2$s hosts */
  text = g_strdup_printf (ngettext ("%1$s pair changes on %2$s hosts", "%1$s pairs change on %2$s hosts",
                                    (gulong) totals->n_pairs[KAB_FORECAST_EFFECT]), pairs, hosts);
  if (kab_rule_editor_is_hypothetical (self->editor))
    {
      /* Translators: %s is "12 pairs change on 3 hosts" */
      g_autofree char *words = g_strdup_printf (_("none, as nobody gets it yet; if every host did: %s"), text);

      kab_facts_add (grid, _("Effect"), words);
      return;
    }
  kab_facts_add (grid, _("Effect"), text);
}

static void
add_targets (KabRulesSignStep *self,
             GtkGrid          *grid)
{
  GArray *targets = kab_rule_editor_get_targets (self->editor);
  g_autoptr(GString) text = g_string_new (NULL);

  for (guint i = 0; i < MIN (targets->len, MAX_CHANGES); i++)
    {
      const KabAssignTarget *target = &g_array_index (targets, KabAssignTarget, i);

      g_string_append_printf (text, "%s%s", i > 0 ? ", " : "", target->name != NULL ? target->name : target->target);
    }
  if (targets->len > MAX_CHANGES)
    {
      g_string_append (text, ", ");
      g_string_append_printf (text, ngettext ("and %u more", "and %u more", targets->len - MAX_CHANGES),
                              targets->len - MAX_CHANGES);
    }
  kab_facts_add (grid, kab_rule_editor_is_edit (self->editor) ? _("Assigned too") : _("Assigned to"),
                 targets->len > 0 ? text->str : _("nobody yet"));
}

static void
add_changes (KabRulesSignStep *self)
{
  KabRulesDocument *base = kab_rule_editor_get_base (self->editor);
  KabRulesContext *context = kab_rule_editor_get_context (self->editor);
  g_autoptr(GPtrArray) changes = NULL;

  if (base == NULL)
    return;

  changes = kab_rules_diff (base, kab_rule_editor_get_document (self->editor));
  kab_facts_add_heading (self->summary, _("Since the version before"));
  kab_forecast_add_changes (self->summary, changes, context != NULL ? kab_rules_context_get_index (context) : NULL,
                            MAX_CHANGES);
}

static void
fill_summary (KabRulesSignStep *self)
{
  KabRulesDocument *document = kab_rule_editor_get_document (self->editor);
  KabRulesContext *context = kab_rule_editor_get_context (self->editor);
  const char *name = kab_rules_document_get_name (document);
  GPtrArray *findings = kab_rule_editor_get_findings (self->editor);
  g_autofree char *version = context != NULL ? kab_rules_context_dup_next_version (context, name) : g_strdup ("");
  g_autofree char *package = g_strdup_printf ("%s %s", *name != '\0' ? name : "–", version);
  GtkWidget *grid;

  kab_facts_clear (self->summary);
  grid = kab_facts_add_grid (self->summary);
  kab_facts_add (GTK_GRID (grid), _("Package"), package);
  kab_facts_add (GTK_GRID (grid), _("Maturity"), kab_rules_document_get_maturity (document));
  add_counts (self, GTK_GRID (grid));
  add_effect (self, GTK_GRID (grid));
  add_targets (self, GTK_GRID (grid));
  if (findings != NULL && findings->len > 0)
    {
      g_autofree char *text = g_strdup_printf (ngettext ("%u thing to look at, see step 4",
                                                         "%u things to look at, see step 4", findings->len),
                                               findings->len);

      kab_facts_add (GTK_GRID (grid), _("Warnings"), text);
    }
  add_changes (self);
  emit_state (self);
}

/* Signing */

static void
fill_signing (KabRulesSignStep *self)
{
  const KabProfile *profile = kab_session_get_profile (kab_rule_editor_get_session (self->editor));
  gint64 now = kab_session_get_now (kab_rule_editor_get_session (self->editor));
  GtkWidget *grid;

  kab_facts_clear (self->signing);
  grid = kab_facts_add_grid (self->signing);
  if (self->identity != NULL)
    {
      g_autofree char *until = kab_format_date (self->identity->not_after);
      int days = (int) kab_identity_get_days_left (self->identity, now);
      g_autofree char *left = g_strdup_printf (ngettext ("%1$s (%2$d day left)", "%1$s (%2$d days left)",
                                                         (gulong) MAX (days, 0)), until, MAX (days, 0));

      kab_facts_add (GTK_GRID (grid), _("Certificate"), self->identity->name);
      kab_facts_add (GTK_GRID (grid), _("Purpose"), _(kab_identity_get_purpose (self->identity)));
      kab_facts_add (GTK_GRID (grid), _("Valid until"), left);
      kab_facts_add_code (GTK_GRID (grid), _("Fingerprint"), self->identity->fingerprint);
    }
  kab_facts_add (GTK_GRID (grid), _("Key"), profile->signing_key);
  if (self->problem != NULL)
    {
      GtkWidget *label = kab_facts_add_text (self->signing, self->problem);
      GtkWidget *button = gtk_button_new_with_mnemonic (_("_Preferences…"));

      gtk_widget_add_css_class (label, "error");
      gtk_actionable_set_action_name (GTK_ACTIONABLE (button), "app.preferences");
      gtk_widget_set_halign (button, GTK_ALIGN_START);
      gtk_box_append (self->signing, button);
    }
  else
    {
      kab_facts_add_dim (self->signing, _("The passphrase of the key is asked for when it is needed, and kept in memory for "
                                          "as long as the preferences say."));
    }
  emit_state (self);
}

static void
signer_checked_cb (GObject      *source,
                   GAsyncResult *result,
                   gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabSigningCheck) check = kab_signing_check_finish (result, &error);
  KabRulesSignStep *self;

  if (check == NULL)
    return;

  self = KAB_RULES_SIGN_STEP (user_data);
  g_clear_pointer (&self->identity, kab_identity_free);
  self->identity = check->identity != NULL ? kab_identity_copy (check->identity) : NULL;
  fill_signing (self);
}

static void
key_checked_cb (GObject      *source,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  gboolean needs_passphrase = FALSE;
  gboolean has_key = kab_session_check_signing_key_finish (KAB_SESSION (source), result, &needs_passphrase, &error);
  KabRulesSignStep *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_RULES_SIGN_STEP (user_data);
  g_clear_pointer (&self->problem, g_free);
  if (!has_key)
    self->problem = g_strdup (error == NULL || g_error_matches (error, KAB_ERROR, KAB_ERROR_USAGE)
                              ? _("No key is set: choose certificate and key in the preferences, under Servers.")
                              : g_error_matches (error, KAB_ERROR, KAB_ERROR_NOT_FOUND)
                              ? _("The signing key or its certificate is not where the preferences say.")
                              : kab_error_text_describe (error));
  fill_signing (self);
}

void
kab_rules_sign_step_shown (KabRulesSignStep *self)
{
  KabSession *session;
  const KabProfile *profile;

  g_return_if_fail (KAB_IS_RULES_SIGN_STEP (self));

  session = kab_rule_editor_get_session (self->editor);
  profile = kab_session_get_profile (session);
  kab_session_check_signing_key_async (session, self->cancellable, key_checked_cb, self);
  if (profile->signing_certificate != NULL && *profile->signing_certificate != '\0')
    kab_signing_check_async (profile->signing_certificate, NULL, NULL, self->cancellable, signer_checked_cb, self);
  fill_summary (self);
  fill_signing (self);
}

char *
kab_rules_sign_step_dup_obstacle (KabRulesSignStep *self)
{
  g_autoptr(GError) error = NULL;
  char *name_problem;

  g_return_val_if_fail (KAB_IS_RULES_SIGN_STEP (self), NULL);

  if (self->publishing != NULL)
    return g_strdup (_("It is being published."));
  name_problem = kab_rules_name_step_dup_problem (self->editor);
  if (name_problem != NULL)
    return name_problem;
  if (!kab_rules_document_check (kab_rule_editor_get_document (self->editor), &error))
    return g_strdup (error->message);

  return g_strdup (self->problem);
}

/* Publishing */

static void
leave_deed (KabRulesSignStep *self)
{
  g_clear_object (&self->publishing);
  g_clear_object (&self->assigning);
  kab_facts_clear (self->deeds);
  gtk_stack_set_visible_child_name (self->stack, "form");
  fill_summary (self);
}

static GtkWidget *
add_button (GtkBox     *box,
            const char *label,
            GCallback   callback,
            gpointer    user_data)
{
  GtkWidget *button = gtk_button_new_with_mnemonic (label);

  gtk_widget_set_halign (button, GTK_ALIGN_CENTER);
  gtk_widget_add_css_class (button, "pill");
  g_signal_connect_swapped (button, "clicked", callback, user_data);
  gtk_box_append (box, button);

  return button;
}

static void
finish (KabRulesSignStep *self)
{
  KabRulesDocument *document = kab_rule_editor_get_document (self->editor);
  g_autofree char *text = NULL;

  /* Translators: %1$s is a rule package, %2$s its version */
  text = g_strdup_printf (_("%1$s %2$s is published"), kab_rules_document_get_name (document),
                          kab_publish_job_get_version (KAB_PUBLISH_JOB (self->publishing)));
  g_signal_emit (self, signals[PUBLISHED], 0, text);
}

/* Some targets may have been left as they were: then the list of them stays until it is read. */
static void
assigned_cb (KabRulesSignStep *self)
{
  GListModel *rows = kab_package_job_get_rows (self->assigning);
  guint n = rows != NULL ? g_list_model_get_n_items (rows) : 0;
  guint n_well = kab_package_job_count (self->assigning, KAB_PACKAGE_STEP_DONE) +
                 kab_package_job_count (self->assigning, KAB_PACKAGE_STEP_UNCHANGED);

  if (kab_job_get_state (KAB_JOB (self->assigning)) == KAB_JOB_DONE && n_well == n)
    finish (self);
  else
    gtk_widget_grab_focus (add_button (self->deeds, _("_Close"), G_CALLBACK (finish), self));
}

static void
assign (KabRulesSignStep *self)
{
  static const char * const steps[] = { "reading", "signing", "uploading", "checking", NULL };
  KabRulesDocument *document = kab_rule_editor_get_document (self->editor);
  const char *name = kab_rules_document_get_name (document);
  const char *requirements[] = { name, NULL };
  GArray *targets = kab_rule_editor_get_targets (self->editor);
  KabDeedWords words = { .reason = gtk_editable_get_text (self->reason) };
  /* Translators: %s is a rule package */
  g_autofree char *done = g_strdup_printf (_("%s is assigned."), name);
  GtkWidget *view = kab_deed_view_new ();

  self->assigning = g_object_ref (kab_session_assign (kab_rule_editor_get_session (self->editor), KAB_ASSIGN,
                                                      (const KabAssignTarget *) (gpointer) targets->data,
                                                      targets->len, requirements, &words));
  g_signal_connect_object (view, "ended", G_CALLBACK (assigned_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (self->deeds, view);
  kab_deed_view_set_job (KAB_DEED_VIEW (view), self->assigning, steps, done);
}

static void
taken_over_cb (KabRulesSignStep *self,
               gboolean          publish)
{
  leave_deed (self);
  if (publish)
    kab_rules_sign_step_publish (self);
}

static void
published_cb (KabRulesSignStep *self)
{
  KabJob *job = KAB_JOB (self->publishing);
  const KabPackageConflict *conflict = kab_package_job_get_conflict (self->publishing);

  if (kab_job_get_state (job) == KAB_JOB_DONE)
    {
      kab_rule_editor_let_go (self->editor, TRUE);
      if (kab_rule_editor_get_targets (self->editor)->len > 0)
        assign (self);
      else
        finish (self);
      return;
    }

  if (conflict != NULL)
    {
      GtkWidget *view = kab_rules_conflict_new (self->editor, conflict);

      kab_facts_clear (self->deeds);
      g_signal_connect_object (view, "decided", G_CALLBACK (taken_over_cb), self, G_CONNECT_SWAPPED);
      gtk_box_append (self->deeds, view);
      gtk_widget_child_focus (view, GTK_DIR_TAB_FORWARD);
      return;
    }
  gtk_widget_grab_focus (add_button (self->deeds, _("_Back to the Summary"), G_CALLBACK (leave_deed), self));
}

/* For the approval log: what was known when it was decided. */
static char *
dup_note (KabRulesSignStep *self)
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

static void
start (KabRulesSignStep *self)
{
  static const char * const steps[] = { "reading", "signing", "uploading", "checking", "saving", NULL };
  g_autofree char *note = dup_note (self);
  KabDeedWords words = {
    .reason = gtk_editable_get_text (self->reason), .note = note,
    .draft_id = kab_rule_editor_get_draft_id (self->editor),
  };
  GtkWidget *view = kab_deed_view_new ();

  kab_facts_clear (self->deeds);
  self->publishing = g_object_ref (kab_session_publish (kab_rule_editor_get_session (self->editor),
                                                        kab_rule_editor_get_document (self->editor), &words));
  g_signal_connect_object (view, "ended", G_CALLBACK (published_cb), self, G_CONNECT_SWAPPED);
  gtk_box_append (self->deeds, view);
  gtk_stack_set_visible_child_name (self->stack, "deed");
  emit_state (self);
  kab_deed_view_set_job (KAB_DEED_VIEW (view), self->publishing, steps, _("The package is on the server."));
}

static void
unlocked_cb (gboolean yes,
             gpointer user_data)
{
  KabRulesSignStep *self = KAB_RULES_SIGN_STEP (user_data);

  if (yes && gtk_widget_get_root (GTK_WIDGET (self)) != NULL && self->publishing == NULL)
    start (self);
}

void
kab_rules_sign_step_publish (KabRulesSignStep *self)
{
  g_autofree char *obstacle = NULL;

  g_return_if_fail (KAB_IS_RULES_SIGN_STEP (self));

  obstacle = kab_rules_sign_step_dup_obstacle (self);
  if (obstacle == NULL)
    kab_window_unlock_key (GTK_WIDGET (self), unlocked_cb, g_object_ref (self), g_object_unref);
}

GPtrArray *
kab_rules_sign_step_dup_jobs (KabRulesSignStep *self)
{
  GPtrArray *jobs = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_val_if_fail (KAB_IS_RULES_SIGN_STEP (self), jobs);

  if (self->publishing != NULL)
    g_ptr_array_add (jobs, g_object_ref (self->publishing));
  if (self->assigning != NULL)
    g_ptr_array_add (jobs, g_object_ref (self->assigning));

  return jobs;
}

static void
kab_rules_sign_step_dispose (GObject *object)
{
  KabRulesSignStep *self = KAB_RULES_SIGN_STEP (object);

  g_cancellable_cancel (self->cancellable);
  if (self->editor != NULL)
    g_signal_handlers_disconnect_by_data (self->editor, self);
  g_clear_object (&self->editor);
  g_clear_object (&self->publishing);
  g_clear_object (&self->assigning);

  G_OBJECT_CLASS (kab_rules_sign_step_parent_class)->dispose (object);
}

static void
kab_rules_sign_step_finalize (GObject *object)
{
  KabRulesSignStep *self = KAB_RULES_SIGN_STEP (object);

  g_object_unref (self->cancellable);
  g_clear_pointer (&self->identity, kab_identity_free);
  g_free (self->problem);

  G_OBJECT_CLASS (kab_rules_sign_step_parent_class)->finalize (object);
}

static void
kab_rules_sign_step_class_init (KabRulesSignStepClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = kab_rules_sign_step_dispose;
  G_OBJECT_CLASS (klass)->finalize = kab_rules_sign_step_finalize;

  signals[STATE_CHANGED] = g_signal_new ("state-changed", KAB_TYPE_RULES_SIGN_STEP, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                         NULL, G_TYPE_NONE, 0);
  signals[PUBLISHED] = g_signal_new ("published", KAB_TYPE_RULES_SIGN_STEP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                     G_TYPE_NONE, 1, G_TYPE_STRING);
}

static GtkBox *
add_card (GtkBox     *box,
          const char *title)
{
  GtkWidget *card = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);
  GtkWidget *heading = g_object_new (GTK_TYPE_LABEL, "label", title, "xalign", 0.0, NULL);
  GtkWidget *content = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  gtk_widget_add_css_class (card, "card");
  gtk_widget_add_css_class (card, "kab-card");
  gtk_widget_add_css_class (heading, "heading");
  gtk_box_append (GTK_BOX (card), heading);
  gtk_box_append (GTK_BOX (card), content);
  gtk_box_append (box, card);

  return GTK_BOX (content);
}

static void
kab_rules_sign_step_init (KabRulesSignStep *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 12);
  GtkWidget *clamp = adw_clamp_new ();
  GtkWidget *list = gtk_list_box_new ();
  GtkWidget *scrolled;

  self->cancellable = g_cancellable_new ();
  self->summary = add_card (GTK_BOX (box), _("What is published"));
  self->signing = add_card (GTK_BOX (box), _("Who signs"));
  self->reason = GTK_EDITABLE (g_object_new (ADW_TYPE_ENTRY_ROW, "title", _("Why, for the approval log"), NULL));
  gtk_list_box_append (GTK_LIST_BOX (list), GTK_WIDGET (self->reason));
  gtk_list_box_set_selection_mode (GTK_LIST_BOX (list), GTK_SELECTION_NONE);
  gtk_widget_add_css_class (list, "boxed-list");
  gtk_box_append (GTK_BOX (box), list);
  g_object_set (box, "margin-top", 12, "margin-bottom", 18, "margin-start", 12, "margin-end", 12, NULL);
  g_object_set (clamp, "maximum-size", 720, "child", box, NULL);
  scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", clamp, "hscrollbar-policy", GTK_POLICY_NEVER, NULL);

  self->stack = GTK_STACK (gtk_stack_new ());
  gtk_stack_add_named (self->stack, scrolled, "form");
  self->deeds = GTK_BOX (gtk_box_new (GTK_ORIENTATION_VERTICAL, 12));
  g_object_set (self->deeds, "margin-bottom", 18, "margin-start", 12, "margin-end", 12, NULL);
  scrolled = g_object_new (GTK_TYPE_SCROLLED_WINDOW, "child", self->deeds, "hscrollbar-policy", GTK_POLICY_NEVER, NULL);
  gtk_stack_add_named (self->stack, scrolled, "deed");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}

GtkWidget *
kab_rules_sign_step_new (KabRuleEditor *editor)
{
  KabRulesSignStep *self = g_object_new (KAB_TYPE_RULES_SIGN_STEP, NULL);

  g_return_val_if_fail (KAB_IS_RULE_EDITOR (editor), NULL);

  self->editor = g_object_ref (editor);
  g_signal_connect_swapped (editor, "changed", G_CALLBACK (fill_summary), self);
  g_signal_connect_swapped (editor, "forecast", G_CALLBACK (fill_summary), self);

  return GTK_WIDGET (self);
}
