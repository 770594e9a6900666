/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-error-text.h"
#include "kab-error.h"
#include "kab-evidence-view.h"
#include "kab-evidence.h"
#include "kab-facts.h"
#include "kab-gate-words.h"
#include "kab-promote-dialog.h"
#include "kab-session-rules.h"
#include "kab-ui.h"

#define SHORTEST_REASON 3       /* characters: more than a slip of the finger */

struct _KabPromoteDialog
{
  KabDeedDialog    parent_instance;

  GtkStack        *stack;           /* reading, evidence */
  GtkBox          *evidence_box;
  AdwEntryRow     *reason;
  GtkWidget       *reason_group;

  KabRulePackage  *item;
  char            *maturity;
  KabEvidence     *evidence;
  KabGateVerdict   verdict;
};

G_DEFINE_FINAL_TYPE (KabPromoteDialog, kab_promote_dialog, KAB_TYPE_DEED_DIALOG)

static gboolean
has_reason (KabPromoteDialog *self)
{
  g_autofree char *text = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->reason))));

  return g_utf8_strlen (text, -1) >= SHORTEST_REASON;
}

/* Against the gate only with a reason; without evidence the gate does not pass either. */
static void
update_obstacle (KabPromoteDialog *self)
{
  kab_deed_dialog_set_obstacle (KAB_DEED_DIALOG (self),
                                self->verdict.passes || has_reason (self)
                                ? NULL : _("The gate does not pass: say why to go on all the same"));
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
      kab_evidence_view_fill (self->evidence_box, kab_deed_dialog_get_session (KAB_DEED_DIALOG (self)),
                              self->evidence, TRUE);
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
  kab_deed_dialog_set_deed (KAB_DEED_DIALOG (self), self->verdict.passes ? _("_Promote") : _("_Promote Against the Gate"),
                            !self->verdict.passes);
  gtk_stack_set_visible_child_name (self->stack, "evidence");
  update_obstacle (self);
  if (self->verdict.passes)
    kab_deed_dialog_focus_deed (KAB_DEED_DIALOG (self));
  else
    gtk_widget_grab_focus (GTK_WIDGET (self->reason));
}

static void
evidence_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GPtrArray) all = kab_session_read_evidence_finish (KAB_SESSION (object), result, &error);
  KabPromoteDialog *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_PROMOTE_DIALOG (user_data);
  if (all != NULL)
    self->evidence = g_ptr_array_steal_index (all, 0);
  if (all != NULL && self->evidence == NULL)
    g_set_error (&error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "the server has no rule package %s any more", self->item->origin);
  show_evidence (self, error);
}

static void
entered_cb (KabPromoteDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "deed.start", NULL);
}

static KabPackageJob *
kab_promote_dialog_start (KabDeedDialog       *dialog,
                          const char * const  *accepted,
                          char               **done_text)
{
  KabPromoteDialog *self = KAB_PROMOTE_DIALOG (dialog);
  g_autofree char *reason = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->reason))));
  g_autofree char *gate = self->evidence != NULL
                          ? kab_gate_verdict_to_text (&self->verdict, self->evidence)
                          : g_strdup ("no evidence");
  KabDeedWords words = { .reason = reason, .gate = gate, .gate_passes = self->verdict.passes,
                         .accepted_signers = accepted };

  /* Translators: %1$s is a package and version, %2$s a maturity */
  *done_text = g_strdup_printf (_("%1$s is in %2$s now."), self->item->origin, self->maturity);
  return kab_session_promote (kab_deed_dialog_get_session (dialog), self->item->package, self->maturity, &words);
}

static void
kab_promote_dialog_dispose (GObject *object)
{
  KabPromoteDialog *self = KAB_PROMOTE_DIALOG (object);

  g_clear_object (&self->item);
  g_clear_pointer (&self->evidence, kab_evidence_free);
  g_clear_pointer (&self->maturity, g_free);

  G_OBJECT_CLASS (kab_promote_dialog_parent_class)->dispose (object);
}

static void
kab_promote_dialog_class_init (KabPromoteDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_promote_dialog_dispose;
  KAB_DEED_DIALOG_CLASS (klass)->start = kab_promote_dialog_start;

  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "packages/kab-promote-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, KabPromoteDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, KabPromoteDialog, evidence_box);
  gtk_widget_class_bind_template_child (widget_class, KabPromoteDialog, reason);
  gtk_widget_class_bind_template_child (widget_class, KabPromoteDialog, reason_group);
  gtk_widget_class_bind_template_callback (widget_class, update_obstacle);
  gtk_widget_class_bind_template_callback (widget_class, entered_cb);
}

static void
kab_promote_dialog_init (KabPromoteDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  kab_deed_dialog_set_deed (KAB_DEED_DIALOG (self), _("_Promote"), FALSE);
  kab_deed_dialog_set_obstacle (KAB_DEED_DIALOG (self), "");
}

void
kab_promote_dialog_show (GtkWidget      *from,
                         KabSession     *session,
                         KabRulePackage *item,
                         const char     *maturity)
{
  KabPromoteDialog *self;
  g_autofree char *title = NULL;
  g_autoptr(GPtrArray) packages = g_ptr_array_new_with_free_func (g_object_unref);

  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (KAB_IS_SESSION (session));
  g_return_if_fail (KAB_IS_RULE_PACKAGE (item));
  g_return_if_fail (maturity != NULL);

  /* Translators: title of a window: %1$s is a package and version, %2$s a maturity */
  title = g_strdup_printf (_("Promote %1$s to %2$s"), item->origin, maturity);
  self = g_object_new (KAB_TYPE_PROMOTE_DIALOG, NULL);
  self->item = g_object_ref (item);
  self->maturity = g_strdup (maturity);
  kab_deed_dialog_begin (KAB_DEED_DIALOG (self), from, session, title);
  g_ptr_array_add (packages, g_object_ref (item->package));
  kab_session_read_evidence_async (session, packages, kab_deed_dialog_get_cancellable (KAB_DEED_DIALOG (self)), evidence_cb,
                                   self);
}
