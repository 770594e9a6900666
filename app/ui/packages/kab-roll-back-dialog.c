/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-facts.h"
#include "kab-format.h"
#include "kab-roll-back-dialog.h"
#include "kab-rules-context.h"
#include "kab-rules-diff.h"
#include "kab-session-rules.h"
#include "kab-ui.h"
#include "kab-window.h"

#define MOST_CHANGES 40

struct _KabRollBackDialog
{
  KabDeedDialog         parent_instance;

  GtkStack             *stack;          /* reading, none, versions */
  AdwPreferencesGroup  *versions;
  GtkBox               *difference;
  AdwEntryRow          *reason;
  GtkWidget            *first;          /* borrowed: radio button that leads the group */

  KabRulePackage       *item;
  GListModel           *list;           /* of KabPackageVersion */
  KabPackageVersion    *current;        /* (nullable): what is to be replaced, as it is kept */
  KabPackageVersion    *chosen;         /* (nullable) */
  KabRulesContext      *context;        /* (nullable): what ids and articles stand for */
};

G_DEFINE_FINAL_TYPE (KabRollBackDialog, kab_roll_back_dialog, KAB_TYPE_DEED_DIALOG)

static void
show_difference (KabRollBackDialog *self)
{
  g_autoptr(GPtrArray) changes = NULL;
  guint n_told = 0;

  kab_facts_clear (self->difference);
  if (self->chosen == NULL)
    return;

  kab_facts_add_heading (self->difference, _("What changes"));
  if (self->current == NULL || self->current->document == NULL || self->chosen->document == NULL)
    {
      kab_facts_add_dim (self->difference, _("The rules of one of the two cannot be read here, so the difference is not "
                                             "known."));
      return;
    }

  changes = kab_rules_diff (self->current->document, self->chosen->document);
  for (guint i = 0; i < changes->len; i++)
    {
      const KabRulesChange *change = changes->pdata[i];
      g_autofree char *text = NULL;

      /* The maturity stays that of what is replaced. */
      if (change->kind == KAB_RULES_CHANGE_MATURITY || ++n_told > MOST_CHANGES)
        continue;
      text = kab_rules_change_describe (change, self->context != NULL ? kab_rules_context_get_index (self->context)
                                                                      : NULL);
      kab_facts_add_text (self->difference, text);
    }
  if (n_told == 0)
    kab_facts_add_dim (self->difference, _("Nothing: both say the same."));
  if (n_told > MOST_CHANGES)
    {
      guint n = n_told - MOST_CHANGES;
      g_autofree char *more = g_strdup_printf (ngettext ("and %u more change", "and %u more changes", n), n);

      kab_facts_add_dim (self->difference, more);
    }
}

static void
context_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  KabRulesContext *context = kab_session_read_rules_context_finish (KAB_SESSION (object), result, &error);

  /* Without it ids stay ids. */
  if (context == NULL)
    return;

  KAB_ROLL_BACK_DIALOG (user_data)->context = context;
  show_difference (KAB_ROLL_BACK_DIALOG (user_data));
}

static void
toggled_cb (GtkCheckButton    *button,
            KabRollBackDialog *self)
{
  if (!gtk_check_button_get_active (button))
    return;

  self->chosen = g_object_get_data (G_OBJECT (button), "kab-version");
  kab_deed_dialog_set_obstacle (KAB_DEED_DIALOG (self), NULL);
  show_difference (self);
}

static void
add_version (KabRollBackDialog *self,
             KabPackageVersion *version)
{
  g_autofree char *title = g_strdup_printf ("%s · %s", version->version, version->maturity);
  g_autofree char *when = kab_format_date_time (version->signed_at);
  const char *where = *version->file_name == '\0' ? _("kept here") : _("on the server");
  /* Translators: of a version: when it was signed, by whom, and where it is */
  g_autofree char *line = g_strdup_printf (_("%1$s · %2$s · %3$s"), when, version->signer, where);
  g_autofree char *title_markup = g_markup_escape_text (title, -1);
  g_autofree char *line_markup = g_markup_escape_text (line, -1);
  GtkWidget *row = g_object_new (ADW_TYPE_ACTION_ROW, "title", title_markup, "subtitle", line_markup, NULL);
  GtkWidget *button = gtk_check_button_new ();

  g_object_set_data (G_OBJECT (button), "kab-version", version);
  gtk_widget_set_valign (button, GTK_ALIGN_CENTER);
  gtk_accessible_update_property (GTK_ACCESSIBLE (button), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
  if (self->first != NULL)
    gtk_check_button_set_group (GTK_CHECK_BUTTON (button), GTK_CHECK_BUTTON (self->first));
  else
    self->first = button;
  g_signal_connect (button, "toggled", G_CALLBACK (toggled_cb), self);
  adw_action_row_add_prefix (ADW_ACTION_ROW (row), button);
  adw_action_row_set_activatable_widget (ADW_ACTION_ROW (row), button);
  adw_preferences_group_add (self->versions, row);
}

static void
versions_cb (GObject      *object,
             GAsyncResult *result,
             gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  GListModel *list = kab_session_read_versions_finish (KAB_SESSION (object), result, &error);
  KabRollBackDialog *self;
  const char *uuid;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_ROLL_BACK_DIALOG (user_data);
  self->list = list;
  uuid = kab_package_get (self->item->package, "package_uuid");
  for (guint i = 0; list != NULL && i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(KabPackageVersion) version = g_list_model_get_item (list, i);

      if (*uuid != '\0' && g_str_equal (version->package_uuid, uuid))
        self->current = version;
      /* The same version in an earlier ring has the same content. */
      else if (!g_str_equal (version->version, kab_package_get_version (self->item->package)))
        add_version (self, version);
    }
  gtk_stack_set_visible_child_name (self->stack, self->first != NULL ? "versions" : "none");
  if (self->first != NULL)
    gtk_widget_grab_focus (self->first);
  else
    kab_deed_dialog_set_obstacle (KAB_DEED_DIALOG (self), _("No Earlier Content"));
  if (error != NULL)
    kab_window_add_error (GTK_WIDGET (self), error);
}

static KabPackageJob *
kab_roll_back_dialog_start (KabDeedDialog       *dialog,
                            const char * const  *accepted,
                            char               **done_text)
{
  KabRollBackDialog *self = KAB_ROLL_BACK_DIALOG (dialog);
  g_autofree char *reason = g_strstrip (g_strdup (gtk_editable_get_text (GTK_EDITABLE (self->reason))));
  const char *maturity = kab_package_get_maturity (self->item->package);
  const char *source = *self->chosen->sha256 != '\0' ? self->chosen->sha256 : self->chosen->file_name;
  KabDeedWords words = { .reason = reason, .accepted_signers = accepted };

  /* Translators: %1$s is a version, %2$s a package, %3$s a maturity */
  *done_text = g_strdup_printf (_("The content of version %1$s of %2$s is the newest in %3$s now."),
                                self->chosen->version, self->chosen->package, maturity);
  return kab_session_roll_back (kab_deed_dialog_get_session (dialog), source,
                                kab_package_get (self->item->package, "package_uuid"), maturity, &words);
}

static void
kab_roll_back_dialog_dispose (GObject *object)
{
  KabRollBackDialog *self = KAB_ROLL_BACK_DIALOG (object);

  g_clear_object (&self->item);
  self->current = self->chosen = NULL;
  g_clear_object (&self->list);
  g_clear_object (&self->context);

  G_OBJECT_CLASS (kab_roll_back_dialog_parent_class)->dispose (object);
}

static void
kab_roll_back_dialog_class_init (KabRollBackDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_roll_back_dialog_dispose;
  KAB_DEED_DIALOG_CLASS (klass)->start = kab_roll_back_dialog_start;

  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "packages/kab-roll-back-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, KabRollBackDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, KabRollBackDialog, versions);
  gtk_widget_class_bind_template_child (widget_class, KabRollBackDialog, difference);
  gtk_widget_class_bind_template_child (widget_class, KabRollBackDialog, reason);
}

static void
kab_roll_back_dialog_init (KabRollBackDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
  kab_deed_dialog_set_deed (KAB_DEED_DIALOG (self), _("_Roll Back"), TRUE);
  kab_deed_dialog_set_obstacle (KAB_DEED_DIALOG (self), _("Choose a version first"));
}

void
kab_roll_back_dialog_show (GtkWidget      *from,
                           KabSession     *session,
                           KabRulePackage *item)
{
  KabRollBackDialog *self;
  GCancellable *cancellable;
  g_autofree char *title = NULL;

  g_return_if_fail (GTK_IS_WIDGET (from));
  g_return_if_fail (KAB_IS_SESSION (session));
  g_return_if_fail (KAB_IS_RULE_PACKAGE (item));

  /* Translators: title of a window; %s is a package and version */
  title = g_strdup_printf (_("Roll Back %s"), item->origin);
  self = g_object_new (KAB_TYPE_ROLL_BACK_DIALOG, NULL);
  self->item = g_object_ref (item);
  kab_deed_dialog_begin (KAB_DEED_DIALOG (self), from, session, title);
  cancellable = kab_deed_dialog_get_cancellable (KAB_DEED_DIALOG (self));
  kab_session_read_versions_async (session, kab_package_get_name (item->package), cancellable, versions_cb, self);
  kab_session_read_rules_context_async (session, cancellable, context_cb, self);
}
