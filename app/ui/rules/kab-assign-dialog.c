/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-assign-dialog.h"
#include "kab-assign-selection.h"
#include "kab-error-text.h"
#include "kab-forecast-job.h"
#include "kab-format.h"
#include "kab-key-problem.h"
#include "kab-quick-effect.h"
#include "kab-requirement.h"
#include "kab-rules-lookup.h"
#include "kab-session-rules.h"
#include "kab-ui.h"

struct _KabAssignDialog
{
  KabDeedDialog   parent_instance;

  AdwComboRow    *package_row;
  GtkWidget      *removal_row;
  GtkSwitch      *removal;
  GtkEditable    *reason_row;
  GtkLabel       *facts;
  KabQuickEffect *effect;

  KabAssignment   assignment;
  GPtrArray      *hosts;          /* of KabRecord */
  GPtrArray      *packages;       /* (nullable): of KabRulePackage */
  KabJob         *forecast;       /* (nullable) */
  char           *problem;        /* (nullable): why nothing can be signed or read */
};

G_DEFINE_FINAL_TYPE (KabAssignDialog, kab_assign_dialog, KAB_TYPE_DEED_DIALOG)

/* What is there */

static gboolean
asks_for (const KabHostRecord *host,
          const char          *package)
{
  g_auto(GStrv) requirements = kab_requirements_split (host->groups);

  for (guint i = 0; requirements[i] != NULL; i++)
    {
      g_autofree char *name = kab_requirement_dup_name (requirements[i]);

      if (g_strcmp0 (name, package) == 0)
        return TRUE;
    }

  return FALSE;
}

guint
kab_assign_dialog_count_direct (GPtrArray  *hosts,
                                const char *package)
{
  guint n = 0;

  g_return_val_if_fail (hosts != NULL, 0);

  for (guint i = 0; i < hosts->len; i++)
    n += asks_for (kab_record_get_host (hosts->pdata[i]), package) ? 1 : 0;

  return n;
}

static KabRulePackage *
get_package (KabAssignDialog *self)
{
  guint selected = adw_combo_row_get_selected (self->package_row);

  return self->packages != NULL && selected < self->packages->len ? self->packages->pdata[selected] : NULL;
}

static KabAssignment
get_assignment (KabAssignDialog *self)
{
  if (self->assignment == KAB_UNASSIGN && gtk_switch_get_active (self->removal))
    return KAB_FORBID;
  return self->assignment;
}

static guint
count_away (KabAssignDialog *self)
{
  guint n = 0;

  for (guint i = 0; i < self->hosts->len; i++)
    n += kab_record_get_host (self->hosts->pdata[i])->triggerable ? 0 : 1;

  return n;
}

/* How many, and what each will do */
static char *
describe (KabAssignDialog *self)
{
  KabRulePackage *package = get_package (self);
  guint n = self->hosts->len;
  guint n_direct, n_away = count_away (self);
  g_autofree char *all = kab_format_count (n);
  g_autofree char *away = kab_format_count (n_away);
  g_autofree char *direct = NULL;
  g_autofree char *rest = NULL;
  g_autoptr(GString) text = g_string_new (NULL);

  if (package == NULL)
    return g_strdup ("");

  n_direct = kab_assign_dialog_count_direct (self->hosts, kab_package_get_name (package->package));
  direct = kab_format_count (n_direct);
  rest = kab_format_count (n - n_direct);
  if (self->assignment == KAB_ASSIGN)
    {
      /* Translators: of %2$s selected hosts, %1$s get the package */
      g_string_append_printf (text, ngettext ("%1$s of %2$s host gets it.", "%1$s of %2$s hosts get it.", n), rest, all);
      if (n_direct > 0)
        g_string_append_printf (text, ngettext (" %s asks for it already.", " %s ask for it already.", n_direct), direct);
      g_string_append (text, "\n\n");
      g_string_append (text, _("The own package of each host is signed anew with one more dependency. The host takes the "
                               "rules when it updates its packages, if it accepts their maturity and trusts their "
                               "signer."));
    }
  else
    {
      /* Translators: of %2$s selected hosts, %1$s have the package in their own package */
      g_string_append_printf (text, ngettext ("%1$s of %2$s host asks for it in its own package.",
                                              "%1$s of %2$s hosts ask for it in their own packages.", n), direct, all);
      g_string_append (text, "\n\n");
      g_string_append (text, get_assignment (self) == KAB_FORBID
                             ? _("Their own packages will forbid it: each host uninstalls the rules when it updates its "
                                 "packages, whoever else gives them to it.")
                             : _("What comes through a unit, a group or a profile is not changed, and what is installed "
                                 "stays until something removes it."));
    }
  g_string_append (text, "\n\n");
  g_string_append (text, _("Host packages that are encrypted cannot be edited: they are left as they are, and named."));
  if (n_away > 0)
    {
      g_string_append_c (text, ' ');
      g_string_append_printf (text, ngettext ("%s host is not connected now: it follows when it is back.",
                                              "%s hosts are not connected now: they follow when they are back.",
                                              n_away), away);
    }

  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* The effect */

static void
forecast_cb (KabAssignDialog *self)
{
  KabForecast *forecast = self->forecast != NULL ? kab_forecast_job_get_forecast (KAB_FORECAST_JOB (self->forecast))
                                                 : NULL;
  gboolean busy = self->forecast != NULL && kab_job_get_state (self->forecast) <= KAB_JOB_RUNNING;

  kab_quick_effect_show (self->effect, forecast, busy, NULL);
}

static void
drop_forecast (KabAssignDialog *self)
{
  if (self->forecast == NULL)
    return;

  g_signal_handlers_disconnect_by_data (self->forecast, self);
  kab_job_cancel (self->forecast);
  g_clear_object (&self->forecast);
}

static void
start_forecast (KabAssignDialog *self)
{
  KabRulePackage *package = get_package (self);
  g_autoptr(KabForecastPlan) plan = kab_forecast_plan_new ();

  drop_forecast (self);
  if (package == NULL)
    return;

  for (guint i = 0; i < self->hosts->len; i++)
    kab_forecast_plan_assign (plan, get_assignment (self), KAB_TARGET_HOST, kab_record_get_id (self->hosts->pdata[i]),
                              kab_package_get_name (package->package));
  self->forecast = kab_session_forecast (kab_deed_dialog_get_session (KAB_DEED_DIALOG (self)), plan);
  g_signal_connect_swapped (self->forecast, "finished", G_CALLBACK (forecast_cb), self);
  forecast_cb (self);
}

static void
update_state (KabAssignDialog *self)
{
  KabRulePackage *package = get_package (self);
  g_autofree char *facts = describe (self);
  const char *why = self->problem;

  if (why == NULL && self->packages == NULL)
    why = _("The packages are still being read");
  if (why == NULL && package == NULL)
    why = self->assignment == KAB_ASSIGN ? _("The server has no rule package. Write one first.")
                                         : _("None of these hosts asks for a rule package in its own package: what they "
                                             "have comes through units, groups or profiles.");
  gtk_label_set_label (self->facts, *facts != '\0' ? facts : why != NULL ? why : "");
  gtk_widget_set_visible (GTK_WIDGET (self->package_row), package != NULL);
  gtk_widget_set_visible (self->removal_row, package != NULL && self->assignment == KAB_UNASSIGN);
  kab_deed_dialog_set_obstacle (KAB_DEED_DIALOG (self), why);
}

static void
package_chosen_cb (KabAssignDialog *self)
{
  if (self->packages == NULL)
    return;

  update_state (self);
  start_forecast (self);
}

static void
packages_read_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) all = kab_session_read_rule_packages_finish (KAB_SESSION (object), result, &error);
  g_autoptr(GtkStringList) names = gtk_string_list_new (NULL);
  g_autoptr(GPtrArray) packages = g_ptr_array_new_with_free_func (g_object_unref);
  KabAssignDialog *self;
  const char *last = NULL;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_ASSIGN_DIALOG (user_data);
  if (all == NULL)
    {
      g_free (self->problem);
      self->problem = g_strdup (kab_error_text_describe (error));
      update_state (self);
      return;
    }
  for (guint i = 0; i < g_list_model_get_n_items (all); i++)
    {
      g_autoptr(KabRulePackage) package = g_list_model_get_item (all, i);
      const char *name = kab_package_get_name (package->package);

      /* The newest of each name comes first. */
      if (!package->is_rules || g_strcmp0 (name, last) == 0)
        continue;
      last = name;
      if (self->assignment != KAB_ASSIGN && kab_assign_dialog_count_direct (self->hosts, name) == 0)
        continue;
      gtk_string_list_append (names, name);
      g_ptr_array_add (packages, g_object_ref (package));
    }
  adw_combo_row_set_model (self->package_row, G_LIST_MODEL (names));
  self->packages = g_steal_pointer (&packages);
  package_chosen_cb (self);
  gtk_widget_grab_focus (GTK_WIDGET (self->package_row));
}

static void
key_problem_cb (const char *problem,
                gboolean    can_set_up,
                gpointer    user_data)
{
  KabAssignDialog *self = KAB_ASSIGN_DIALOG (user_data);

  if (problem != NULL && self->problem == NULL)
    self->problem = g_strdup (problem);
  update_state (self);
}

/* The deed */

static char *
kab_assign_dialog_dup_told (KabDeedDialog *dialog)
{
  KabAssignDialog *self = KAB_ASSIGN_DIALOG (dialog);
  GPtrArray *jobs = kab_deed_view_get_jobs (kab_deed_dialog_get_view (dialog));
  guint n = 0;
  g_autofree char *count = NULL;

  for (guint i = 0; i < jobs->len; i++)
    n += kab_package_job_count (jobs->pdata[i], KAB_PACKAGE_STEP_DONE);
  if (n == 0)
    return NULL;

  count = kab_format_count (n);
  return g_strdup_printf (self->assignment == KAB_ASSIGN
                          ? ngettext ("Assigned to %s host", "Assigned to %s hosts", n)
                          : ngettext ("Taken from %s host", "Taken from %s hosts", n), count);
}

static KabPackageJob *
kab_assign_dialog_start (KabDeedDialog       *dialog,
                         const char * const  *accepted,
                         char               **done_text)
{
  KabAssignDialog *self = KAB_ASSIGN_DIALOG (dialog);
  const char *requirements[] = { kab_package_get_name (get_package (self)->package), NULL };
  g_autofree char *note = kab_quick_effect_dup_summary (self->forecast != NULL
                            ? kab_forecast_job_get_forecast (KAB_FORECAST_JOB (self->forecast)) : NULL);
  KabDeedWords words = {
    .reason = gtk_editable_get_text (self->reason_row), .note = note, .accepted_signers = accepted,
  };
  g_autoptr(GArray) all = kab_assign_targets_new ();
  g_autoptr(GArray) targets = NULL;

  for (guint i = 0; i < self->hosts->len; i++)
    kab_assign_targets_add (all, KAB_TARGET_HOST, kab_record_get_id (self->hosts->pdata[i]),
                            kab_record_get_host (self->hosts->pdata[i])->name);
  targets = accepted != NULL ? kab_deed_view_keep_untrusted (kab_deed_dialog_get_view (dialog), all) : g_array_ref (all);

  return kab_session_assign (kab_deed_dialog_get_session (dialog), get_assignment (self),
                             (const KabAssignTarget *) (gpointer) targets->data, targets->len, requirements, &words);
}

static void
kab_assign_dialog_dispose (GObject *object)
{
  KabAssignDialog *self = KAB_ASSIGN_DIALOG (object);

  drop_forecast (self);
  g_clear_pointer (&self->hosts, g_ptr_array_unref);
  g_clear_pointer (&self->packages, g_ptr_array_unref);
  g_clear_pointer (&self->problem, g_free);

  G_OBJECT_CLASS (kab_assign_dialog_parent_class)->dispose (object);
}

static void
kab_assign_dialog_class_init (KabAssignDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_assign_dialog_dispose;
  KAB_DEED_DIALOG_CLASS (klass)->start = kab_assign_dialog_start;
  KAB_DEED_DIALOG_CLASS (klass)->dup_told = kab_assign_dialog_dup_told;

  g_type_ensure (KAB_TYPE_QUICK_EFFECT);
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "rules/kab-assign-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, package_row);
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, removal_row);
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, removal);
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, reason_row);
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, facts);
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, effect);
  gtk_widget_class_bind_template_callback (widget_class, package_chosen_cb);
}

static void
kab_assign_dialog_init (KabAssignDialog *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

GtkWidget *
kab_assign_dialog_show (GtkWidget     *from,
                        KabSession    *session,
                        KabAssignment  assignment,
                        GPtrArray     *hosts)
{
  KabAssignDialog *self;
  gboolean gives = assignment == KAB_ASSIGN;
  GCancellable *cancellable;
  g_autofree char *count = NULL;
  g_autofree char *title = NULL;

  g_return_val_if_fail (hosts != NULL && hosts->len > 0, NULL);

  self = g_object_new (KAB_TYPE_ASSIGN_DIALOG, NULL);
  self->assignment = assignment;
  self->hosts = g_ptr_array_ref (hosts);
  count = kab_format_count (hosts->len);
  title = g_strdup_printf (gives ? ngettext ("Assign to %s Host", "Assign to %s Hosts", hosts->len)
                                 : ngettext ("Remove From %s Host", "Remove From %s Hosts", hosts->len), count);
  kab_deed_dialog_set_deed (KAB_DEED_DIALOG (self), gives ? _("_Assign") : _("_Remove"), FALSE);
  update_state (self);
  kab_deed_dialog_begin (KAB_DEED_DIALOG (self), from, session, title);
  cancellable = kab_deed_dialog_get_cancellable (KAB_DEED_DIALOG (self));
  kab_key_problem_check (session, cancellable, key_problem_cb, self);
  kab_session_read_rule_packages_async (session, cancellable, packages_read_cb, self);

  return GTK_WIDGET (self);
}
