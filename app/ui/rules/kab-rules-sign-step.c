/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-facts.h"
#include "kab-format.h"
#include "kab-key-problem.h"
#include "kab-rules-publishing.h"
#include "kab-rules-steps.h"
#include "kab-rules-summary.h"
#include "kab-signing.h"

struct _KabRulesSignStep
{
  AdwBin            parent_instance;

  KabRuleEditor    *editor;
  GtkStack         *stack;            /* form, deed */
  GtkBox           *summary;
  GtkBox           *signing;
  GtkEditable      *reason;
  KabDeedView      *view;
  GtkWidget        *leave;            /* what came of it */

  KabIdentity      *identity;         /* (nullable): who signs */
  char             *problem;          /* why nothing can be signed; NULL when it can */
  KabRulesPublishing *publishing;
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

static void
fill_summary (KabRulesSignStep *self)
{
  kab_rules_summary_fill (self->summary, self->editor);
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
key_problem_cb (const char *problem,
                gboolean    can_set_up,
                gpointer    user_data)
{
  KabRulesSignStep *self = KAB_RULES_SIGN_STEP (user_data);

  g_free (self->problem);
  self->problem = g_strdup (problem);
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
  kab_key_problem_check (session, self->cancellable, key_problem_cb, self);
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

  if (g_str_equal (gtk_stack_get_visible_child_name (self->stack), "deed"))
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
show_form (KabRulesSignStep *self,
           gboolean          shown)
{
  gtk_stack_set_visible_child_name (self->stack, shown ? "form" : "deed");
  if (shown)
    fill_summary (self);
}

static void
started_cb (KabRulesSignStep *self)
{
  gtk_widget_set_visible (self->leave, FALSE);
  show_form (self, FALSE);
  emit_state (self);
}

static void
finish (KabRulesSignStep *self)
{
  g_autofree char *text = kab_rules_publishing_dup_told (self->publishing);

  if (text != NULL)
    g_signal_emit (self, signals[PUBLISHED], 0, text);
  else
    show_form (self, TRUE);
}

/* Some targets may have been left as they were: then the list of them stays until it is read. */
static void
ended_cb (KabRulesSignStep *self)
{
  g_autofree char *told = kab_rules_publishing_dup_told (self->publishing);

  if (kab_deed_view_went_well (self->view))
    {
      finish (self);
      return;
    }

  gtk_button_set_label (GTK_BUTTON (self->leave), told != NULL ? _("_Close") : _("_Back to the Summary"));
  gtk_widget_set_visible (self->leave, TRUE);
  gtk_widget_grab_focus (self->leave);
}

static void
decided_cb (KabRulesSignStep *self,
            gboolean          publish)
{
  show_form (self, TRUE);
  if (publish)
    kab_rules_sign_step_publish (self);
}

void
kab_rules_sign_step_publish (KabRulesSignStep *self)
{
  g_autofree char *obstacle = NULL;

  g_return_if_fail (KAB_IS_RULES_SIGN_STEP (self));

  obstacle = kab_rules_sign_step_dup_obstacle (self);
  if (obstacle == NULL)
    kab_deed_view_run (self->view, kab_rules_publishing_start, self->publishing);
}

GPtrArray *
kab_rules_sign_step_dup_jobs (KabRulesSignStep *self)
{
  g_return_val_if_fail (KAB_IS_RULES_SIGN_STEP (self), NULL);

  return g_ptr_array_ref (kab_deed_view_get_jobs (self->view));
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

static GtkWidget *
new_deed (KabRulesSignStep *self)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 6);

  self->view = g_object_new (KAB_TYPE_DEED_VIEW, NULL);
  g_signal_connect_object (self->view, "started", G_CALLBACK (started_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (self->view, "ended", G_CALLBACK (ended_cb), self, G_CONNECT_SWAPPED);
  self->leave = gtk_button_new_with_mnemonic ("");
  g_object_set (self->leave, "visible", FALSE, "halign", GTK_ALIGN_CENTER, "margin-bottom", 18, NULL);
  gtk_widget_add_css_class (self->leave, "pill");
  g_signal_connect_swapped (self->leave, "clicked", G_CALLBACK (finish), self);
  gtk_box_append (GTK_BOX (box), GTK_WIDGET (self->view));
  gtk_box_append (GTK_BOX (box), self->leave);

  return box;
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
  gtk_stack_add_named (self->stack, new_deed (self), "deed");
  adw_bin_set_child (ADW_BIN (self), GTK_WIDGET (self->stack));
}

GtkWidget *
kab_rules_sign_step_new (KabRuleEditor *editor)
{
  KabRulesSignStep *self = g_object_new (KAB_TYPE_RULES_SIGN_STEP, NULL);

  g_return_val_if_fail (KAB_IS_RULE_EDITOR (editor), NULL);

  self->editor = g_object_ref (editor);
  self->publishing = kab_rules_publishing_new (editor, self->view, self->reason);
  g_signal_connect_object (self->publishing, "decided", G_CALLBACK (decided_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_swapped (editor, "changed", G_CALLBACK (fill_summary), self);
  g_signal_connect_swapped (editor, "forecast", G_CALLBACK (fill_summary), self);

  return GTK_WIDGET (self);
}
