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
#include "kab-live-list.h"
#include "kab-quick-effect.h"
#include "kab-requirement.h"
#include "kab-rules-lookup.h"
#include "kab-session-rules.h"
#include "kab-step-columns.h"
#include "kab-ui.h"
#include "kab-undo-toast.h"
#include "kab-window.h"

struct _KabAssignDialog
{
  AdwWindow       parent_instance;

  GtkButton      *close;
  GtkButton      *start;
  GtkStack       *stack;
  AdwComboRow    *package_row;
  GtkWidget      *removal_row;
  GtkSwitch      *removal;
  GtkEditable    *reason_row;
  GtkLabel       *facts;
  KabQuickEffect *effect;
  GtkLabel       *summary;
  GtkWidget      *progress;
  GtkWidget      *accept;
  KabTable       *table;

  KabSession     *session;
  KabAssignment   assignment;
  GPtrArray      *hosts;          /* of KabRecord */
  GPtrArray      *packages;       /* (nullable): of KabRulePackage */
  KabJob         *forecast;       /* (nullable) */
  KabPackageJob  *job;            /* (nullable): runs, or ended last */
  GPtrArray      *jobs;           /* of KabPackageJob: what can be undone */
  char           *problem;        /* (nullable): why nothing can be signed or read */
  GCancellable   *cancellable;
};

G_DEFINE_FINAL_TYPE (KabAssignDialog, kab_assign_dialog, ADW_TYPE_WINDOW)

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
  self->forecast = kab_session_forecast (self->session, plan);
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
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "assign.start", why == NULL && self->job == NULL);
  gtk_widget_set_tooltip_text (GTK_WIDGET (self->start), why);
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

static void
tell (KabAssignDialog *self)
{
  GtkWidget *parent = GTK_WIDGET (gtk_window_get_transient_for (GTK_WINDOW (self)));
  guint n = 0;
  g_autofree char *count = NULL;
  g_autofree char *text = NULL;

  for (guint i = 0; i < self->jobs->len; i++)
    n += kab_package_job_count (self->jobs->pdata[i], KAB_PACKAGE_STEP_DONE);
  if (n == 0 || parent == NULL)
    return;

  count = kab_format_count (n);
  text = g_strdup_printf (self->assignment == KAB_ASSIGN
                          ? ngettext ("Assigned to %s host", "Assigned to %s hosts", n)
                          : ngettext ("Taken from %s host", "Taken from %s hosts", n), count);
  kab_undo_toast_show (parent, self->session, self->jobs, text);
  g_ptr_array_set_size (self->jobs, 0);
}

static gboolean
is_running (KabAssignDialog *self)
{
  return self->job != NULL && kab_job_get_state (KAB_JOB (self->job)) <= KAB_JOB_RUNNING;
}

static void
job_notify_cb (KabAssignDialog *self)
{
  g_autofree char *words = kab_steps_dup_summary (self->job);
  double fraction = kab_job_get_fraction (KAB_JOB (self->job));

  gtk_label_set_label (self->summary, words);
  if (fraction >= 0)
    gtk_progress_bar_set_fraction (GTK_PROGRESS_BAR (self->progress), fraction);
  else
    gtk_progress_bar_pulse (GTK_PROGRESS_BAR (self->progress));
}

static void
job_finished_cb (KabAssignDialog *self)
{
  const GError *error = kab_job_get_error (KAB_JOB (self->job));
  GListModel *rows = kab_package_job_get_rows (self->job);
  guint n_well = kab_package_job_count (self->job, KAB_PACKAGE_STEP_DONE) +
                 kab_package_job_count (self->job, KAB_PACKAGE_STEP_UNCHANGED);
  g_autofree char *words = kab_steps_dup_summary (self->job);
  g_autofree char *text = NULL;

  if (kab_package_job_count (self->job, KAB_PACKAGE_STEP_DONE) > 0)
    g_ptr_array_add (self->jobs, g_object_ref (self->job));
  if (kab_job_get_state (KAB_JOB (self->job)) == KAB_JOB_DONE && n_well == g_list_model_get_n_items (rows))
    {
      tell (self);
      gtk_window_destroy (GTK_WINDOW (self));
      return;
    }

  text = error != NULL && kab_error_text_is_shown (error)
         ? g_strjoin ("\n", kab_error_text_describe (error), words, NULL) : g_steal_pointer (&words);
  gtk_label_set_label (self->summary, text);
  gtk_widget_set_visible (self->progress, FALSE);
  gtk_widget_set_visible (self->accept, kab_package_job_count (self->job, KAB_PACKAGE_STEP_UNTRUSTED) > 0);
  gtk_button_set_label (self->close, _("_Close"));
  gtk_window_present (GTK_WINDOW (self));
}

static void
run (KabAssignDialog    *self,
     GPtrArray          *hosts,
     const char * const *signers)
{
  KabRulePackage *package = get_package (self);
  const char *requirements[] = { kab_package_get_name (package->package), NULL };
  g_autofree char *note = NULL;
  KabDeedWords words = { .reason = gtk_editable_get_text (self->reason_row), .accepted_signers = signers };
  g_autoptr(GArray) targets = kab_assign_targets_new ();
  g_autoptr(GListModel) rows = NULL;

  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  note = kab_quick_effect_dup_summary (self->forecast != NULL
                                       ? kab_forecast_job_get_forecast (KAB_FORECAST_JOB (self->forecast)) : NULL);
  words.note = note;
  for (guint i = 0; i < hosts->len; i++)
    kab_assign_targets_add (targets, KAB_TARGET_HOST, kab_record_get_id (hosts->pdata[i]),
                            kab_record_get_host (hosts->pdata[i])->name);
  g_set_object (&self->job, kab_session_assign (self->session, get_assignment (self),
                                                (const KabAssignTarget *) (gpointer) targets->data, targets->len,
                                                requirements, &words));
  g_signal_connect_swapped (self->job, "notify", G_CALLBACK (job_notify_cb), self);
  g_signal_connect_swapped (self->job, "finished", G_CALLBACK (job_finished_cb), self);
  rows = kab_live_list_new (g_object_ref (kab_package_job_get_rows (self->job)));
  kab_table_set_model (self->table, rows);
  gtk_widget_set_visible (self->accept, FALSE);
  gtk_widget_set_visible (self->progress, TRUE);
  gtk_stack_set_visible_child_name (self->stack, "progress");
  gtk_widget_set_visible (GTK_WIDGET (self->start), FALSE);
  gtk_button_set_label (self->close, _("_Hide"));
  job_notify_cb (self);
}

static void
unlocked_cb (gboolean yes,
             gpointer user_data)
{
  KabAssignDialog *self = KAB_ASSIGN_DIALOG (user_data);

  if (yes && self->job == NULL && get_package (self) != NULL)
    run (self, self->hosts, NULL);
}

static void
start_action (GtkWidget  *widget,
              const char *name,
              GVariant   *parameter)
{
  kab_window_unlock_key (widget, unlocked_cb, g_object_ref (widget), g_object_unref);
}

/* Hosts whose own package somebody signed whom we do not trust: people looked, and vouch for it. */
static void
accepted_cb (gboolean yes,
             gpointer user_data)
{
  KabAssignDialog *self = KAB_ASSIGN_DIALOG (user_data);
  GListModel *rows = kab_package_job_get_rows (self->job);
  g_autoptr(GStrvBuilder) signers = g_strv_builder_new ();
  g_autoptr(GPtrArray) hosts = g_ptr_array_new ();
  g_auto(GStrv) list = NULL;

  if (!yes || is_running (self))
    return;

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr(KabPackageRow) row = g_list_model_get_item (rows, i);

      if (kab_package_row_get_state (row) != KAB_PACKAGE_STEP_UNTRUSTED)
        continue;
      g_strv_builder_add (signers, kab_package_row_get_signer (row));
      for (guint j = 0; j < self->hosts->len; j++)
        if (g_str_has_suffix (kab_package_row_get_id (row), kab_record_get_id (self->hosts->pdata[j])))
          g_ptr_array_add (hosts, self->hosts->pdata[j]);
    }
  list = g_strv_builder_end (signers);
  if (hosts->len > 0)
    run (self, hosts, (const char * const *) list);
}

static void
accept_action (GtkWidget  *widget,
               const char *name,
               GVariant   *parameter)
{
  KabAssignDialog *self = KAB_ASSIGN_DIALOG (widget);
  GListModel *rows = kab_package_job_get_rows (self->job);
  g_autoptr(GHashTable) known = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GString) body = g_string_new (_("Signing these packages anew vouches for all they hold. Look at them first "
                                            "when you do not know who signed them:"));

  for (guint i = 0; i < g_list_model_get_n_items (rows); i++)
    {
      g_autoptr(KabPackageRow) row = g_list_model_get_item (rows, i);

      if (kab_package_row_get_state (row) == KAB_PACKAGE_STEP_UNTRUSTED && g_hash_table_size (known) < 5 &&
          g_hash_table_add (known, g_strdup (kab_package_row_get_message (row))))
        g_string_append_printf (body, "\n%s", kab_package_row_get_message (row));
    }
  kab_window_ask (widget, _("Accept What Others Signed?"), body->str, _("_Accept and Sign"), TRUE, accepted_cb,
                  g_object_ref (self), g_object_unref);
}

/* A deed that runs goes on without its window, and tells of its end. */
static gboolean
close_request_cb (KabAssignDialog *self)
{
  if (is_running (self))
    {
      gtk_widget_set_visible (GTK_WIDGET (self), FALSE);
      return TRUE;
    }
  tell (self);
  return FALSE;
}

static void
kab_assign_dialog_dispose (GObject *object)
{
  KabAssignDialog *self = KAB_ASSIGN_DIALOG (object);

  g_cancellable_cancel (self->cancellable);
  drop_forecast (self);
  if (self->job != NULL)
    g_signal_handlers_disconnect_by_data (self->job, self);
  g_clear_object (&self->job);
  g_clear_object (&self->cancellable);
  g_clear_object (&self->session);
  g_clear_pointer (&self->hosts, g_ptr_array_unref);
  g_clear_pointer (&self->packages, g_ptr_array_unref);
  g_clear_pointer (&self->jobs, g_ptr_array_unref);
  g_clear_pointer (&self->problem, g_free);

  G_OBJECT_CLASS (kab_assign_dialog_parent_class)->dispose (object);
}

static void
kab_assign_dialog_class_init (KabAssignDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = kab_assign_dialog_dispose;

  g_type_ensure (KAB_TYPE_QUICK_EFFECT);
  g_type_ensure (KAB_TYPE_TABLE);
  gtk_widget_class_install_action (widget_class, "assign.start", NULL, start_action);
  gtk_widget_class_install_action (widget_class, "assign.accept", NULL, accept_action);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "rules/kab-assign-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, close);
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, start);
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, stack);
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, package_row);
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, removal_row);
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, removal);
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, reason_row);
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, facts);
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, effect);
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, summary);
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, progress);
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, accept);
  gtk_widget_class_bind_template_child (widget_class, KabAssignDialog, table);
  gtk_widget_class_bind_template_callback (widget_class, package_chosen_cb);
  gtk_widget_class_bind_template_callback (widget_class, close_request_cb);
}

static void
kab_assign_dialog_init (KabAssignDialog *self)
{
  self->cancellable = g_cancellable_new ();
  self->jobs = g_ptr_array_new_with_free_func (g_object_unref);
  gtk_widget_init_template (GTK_WIDGET (self));
  kab_table_set_info (self->table, &kab_steps_table);
  gtk_widget_insert_action_group (GTK_WIDGET (self), "table", kab_table_get_actions (self->table));
}

GtkWidget *
kab_assign_dialog_show (GtkWidget     *from,
                        KabSession    *session,
                        KabAssignment  assignment,
                        GPtrArray     *hosts)
{
  KabAssignDialog *self;
  gboolean gives = assignment == KAB_ASSIGN;
  g_autofree char *count = NULL;
  g_autofree char *title = NULL;

  g_return_val_if_fail (GTK_IS_WIDGET (from), NULL);
  g_return_val_if_fail (KAB_IS_SESSION (session), NULL);
  g_return_val_if_fail (hosts != NULL && hosts->len > 0, NULL);

  self = g_object_new (KAB_TYPE_ASSIGN_DIALOG, NULL);
  self->session = g_object_ref (session);
  self->assignment = assignment;
  self->hosts = g_ptr_array_ref (hosts);
  count = kab_format_count (hosts->len);
  title = g_strdup_printf (gives ? ngettext ("Assign to %s Host", "Assign to %s Hosts", hosts->len)
                                 : ngettext ("Remove From %s Host", "Remove From %s Hosts", hosts->len), count);
  gtk_button_set_label (self->start, gives ? _("_Assign") : _("_Remove"));
  g_object_set (self, "title", title, "transient-for", gtk_widget_get_root (from), NULL);
  update_state (self);
  kab_key_problem_check (session, self->cancellable, key_problem_cb, self);
  kab_session_read_rule_packages_async (session, self->cancellable, packages_read_cb, self);
  gtk_window_present (GTK_WINDOW (self));

  return GTK_WIDGET (self);
}
