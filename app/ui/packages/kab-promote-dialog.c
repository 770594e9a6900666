/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-deed-view.h"
#include "kab-error-text.h"
#include "kab-evidence-view.h"
#include "kab-evidence.h"
#include "kab-facts.h"
#include "kab-gate-words.h"
#include "kab-promote-dialog.h"
#include "kab-session-rules.h"
#include "kab-ui.h"
#include "kab-window.h"

#define SHORTEST_REASON 3       /* characters: more than a slip of the finger */

struct _KabPromoteDialog
{
  AdwWindow        parent_instance;

  GtkStack        *stack;
  GtkBox          *evidence_box;
  AdwEntryRow     *reason;
  GtkWidget       *reason_group;
  GtkWidget       *promote;
  GtkWidget       *cancel;
  KabDeedView     *deed;

  KabSession      *session;
  KabRulePackage  *item;
  char            *maturity;
  KabEvidence     *evidence;
  KabGateVerdict   verdict;
  char           **signers;         /* (nullable): not trusted, and seen */
  GCancellable    *reading;
};

G_DEFINE_FINAL_TYPE (KabPromoteDialog, kab_promote_dialog, ADW_TYPE_WINDOW)

static gboolean
has_reason (KabPromoteDialog *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->reason))));

  return g_utf8_strlen (text, -1) >= SHORTEST_REASON;
}

/* Against the gate only with a reason; without evidence the gate does not pass either. */
static void
update_promote (KabPromoteDialog *self)
{
  gboolean allowed = self->verdict.passes || has_reason (self);

  gtk_widget_set_sensitive (self->promote, allowed);
  gtk_widget_set_tooltip_text (self->promote,
                               allowed ? NULL : _("The gate does not pass: say why to go on all the same"));
}

static void
show_evidence (KabPromoteDialog *self,
               const GError     *error)
{
  g_autofree char *wait = NULL;
  guint n = self->item->assigned->len;

  kab_facts_clear (self->evidence_box);
  if (self->evidence != NULL)
    {
      kab_gate_words_judge (self->evidence, &self->verdict);
      kab_evidence_view_fill (self->evidence_box, self->session, self->evidence, TRUE);
    }
  else
    {
      kab_facts_add_heading (self->evidence_box, _("No evidence"));
      kab_facts_add_text (self->evidence_box, kab_error_text_describe (error));
    }

  kab_facts_add_heading (self->evidence_box, _("What happens then"));
  if (g_str_equal (self->maturity, "PROD"))
    wait = g_strdup_printf (ngettext ("%u host asks for it and takes it when it next looks for packages.",
                                      "%u hosts ask for it and take it when they next look for packages.", n), n);
  else
    /* Translators: %s is a maturity such as PREPROD */
    wait = g_strdup_printf (_("Of the hosts that ask for it, those that accept %s take it when they next look "
                              "for packages."), self->maturity);
  kab_facts_add_text (self->evidence_box, wait);
  kab_facts_add_dim (self->evidence_box,
                     _("It is signed anew and uploaded; the old file is removed only when the server has the new one. "
                       "Rolling back publishes an earlier content as a newer version."));

  gtk_widget_set_visible (self->reason_group, !self->verdict.passes);
  gtk_button_set_label (GTK_BUTTON (self->promote), self->verdict.passes ? _("_Promote")
                                                                         : _("_Promote Against the Gate"));
  gtk_widget_remove_css_class (self->promote, self->verdict.passes ? "destructive-action" : "suggested-action");
  gtk_widget_add_css_class (self->promote, self->verdict.passes ? "suggested-action" : "destructive-action");
  gtk_stack_set_visible_child_name (self->stack, "evidence");
  update_promote (self);
  gtk_widget_grab_focus (self->verdict.passes ? self->promote : GTK_WIDGET (self->reason));
}

static void
evidence_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  KabEvidence *evidence = kab_session_read_evidence_finish (KAB_SESSION (object), result, &error);
  KabPromoteDialog *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_PROMOTE_DIALOG (user_data);
  self->evidence = evidence;
  show_evidence (self, error);
}

static void
ended_cb (KabPromoteDialog *self)
{
  g_strfreev (self->signers);
  self->signers = kab_deed_view_dup_untrusted (self->deed);
  gtk_button_set_label (GTK_BUTTON (self->cancel), _("_Close"));
  gtk_widget_grab_focus (self->cancel);
  /* Somebody else signed it: whoever looked may go on. */
  if (self->signers != NULL)
    {
      gtk_button_set_label (GTK_BUTTON (self->promote), _("Vouch for It and _Promote"));
      gtk_widget_set_visible (self->promote, TRUE);
    }
}

static void
start (KabPromoteDialog *self)
{
  static const char * const steps[] = { "reading", "signing", "uploading", "checking", "deleting", NULL };
  g_autofree char *reason = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->reason))));
  g_autofree char *gate = self->evidence != NULL
                          ? kab_gate_verdict_to_text (&self->verdict, self->evidence)
                          : g_strdup ("no evidence");
  /* Translators: %1$s is a package and version, %2$s a maturity */
  g_autofree char *done = g_strdup_printf (_("%1$s is in %2$s now."), self->item->origin, self->maturity);
  KabDeedWords words = { .reason = reason, .gate = gate, .gate_passes = self->verdict.passes,
                         .accepted_signers = (const char * const *) self->signers };
  KabPackageJob *job = kab_session_promote (self->session, self->item->package, self->maturity, &words);

  gtk_widget_set_visible (self->promote, FALSE);
  gtk_widget_set_visible (self->reason_group, FALSE);
  gtk_button_set_label (GTK_BUTTON (self->cancel), _("Go On in the _Background"));
  gtk_stack_set_visible_child_name (self->stack, "deed");
  kab_deed_view_set_job (self->deed, job, steps, done);
}

static void
unlocked_cb (gboolean yes,
             gpointer user_data)
{
  KabPromoteDialog *self = KAB_PROMOTE_DIALOG (user_data);

  if (yes && gtk_widget_get_root (GTK_WIDGET (self)) != NULL && gtk_widget_get_visible (GTK_WIDGET (self)))
    start (self);
}

static void
promote_cb (KabPromoteDialog *self)
{
  if (gtk_widget_get_sensitive (self->promote))
    kab_window_unlock_key (GTK_WIDGET (self), unlocked_cb, g_object_ref (self), g_object_unref);
}

static void
kab_promote_dialog_dispose (GObject *object)
{
  KabPromoteDialog *self = KAB_PROMOTE_DIALOG (object);

  if (self->reading != NULL)
    g_cancellable_cancel (self->reading);
  g_clear_object (&self->reading);
  g_clear_object (&self->session);
  g_clear_pointer (&self->signers, g_strfreev);
  g_clear_object (&self->item);
  g_clear_pointer (&self->evidence, kab_evidence_free);
  g_clear_pointer (&self->maturity, g_free);
  gtk_widget_dispose_template (GTK_WIDGET (self), KAB_TYPE_PROMOTE_DIALOG);

  G_OBJECT_CLASS (kab_promote_dialog_parent_class)->dispose (object);
}

static void
kab_promote_dialog_class_init (KabPromoteDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_promote_dialog_dispose;

  g_type_ensure (KAB_TYPE_DEED_VIEW);
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "packages/kab-promote-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, KabPromoteDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, KabPromoteDialog, evidence_box);
  gtk_widget_class_bind_template_child (widget_class, KabPromoteDialog, reason);
  gtk_widget_class_bind_template_child (widget_class, KabPromoteDialog, reason_group);
  gtk_widget_class_bind_template_child (widget_class, KabPromoteDialog, promote);
  gtk_widget_class_bind_template_child (widget_class, KabPromoteDialog, cancel);
  gtk_widget_class_bind_template_child (widget_class, KabPromoteDialog, deed);
  gtk_widget_class_bind_template_callback (widget_class, update_promote);
  gtk_widget_class_bind_template_callback (widget_class, promote_cb);
  gtk_widget_class_bind_template_callback (widget_class, ended_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
kab_promote_dialog_init (KabPromoteDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  self->reading = g_cancellable_new ();
}

void
kab_promote_dialog_show (GtkWidget      *from,
                         KabSession     *session,
                         KabRulePackage *item,
                         const char     *maturity)
{
  KabPromoteDialog *self;
  GtkRoot *root;
  g_autofree char *title = NULL;

  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (KAB_IS_SESSION (session));
  g_return_if_fail (KAB_IS_RULE_PACKAGE (item));
  g_return_if_fail (maturity != NULL);

  root = gtk_widget_get_root (from);
  /* Translators: title of a window: %1$s is a package and version, %2$s a maturity */
  title = g_strdup_printf (_("Promote %1$s to %2$s"), item->origin, maturity);
  self = g_object_new (KAB_TYPE_PROMOTE_DIALOG, "title", title,
                       "transient-for", GTK_IS_WINDOW (root) ? root : NULL, NULL);
  self->session = g_object_ref (session);
  self->item = g_object_ref (item);
  self->maturity = g_strdup (maturity);
  kab_session_read_evidence_async (session, kab_package_get_name (item->package),
                                   kab_package_get_version (item->package),
                                   kab_package_get_maturity (item->package), self->reading, evidence_cb, self);
  gtk_window_present (GTK_WINDOW (self));
}
