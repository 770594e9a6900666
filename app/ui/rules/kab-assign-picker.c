/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-assign-chip.h"
#include "kab-assign-picker-private.h"
#include "kab-facts.h"
#include "kab-format.h"
#include "kab-hosts-window.h"
#include "kab-rules-lookup.h"
#include "kab-tab-stop.h"
#include "kab-ui.h"
#include "kab-wrap-layout.h"

G_DEFINE_FINAL_TYPE (KabAssignPicker, kab_assign_picker, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_N_TARGETS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

static void
show_summary (KabAssignPicker *self)
{
  g_autofree char *count = kab_format_count (self->n_hosts);
  g_autofree char *text = NULL;

  if (kab_assign_selection_get_targets (self->selection)->len == 0)
    text = g_strdup (_("Nobody yet: the package will wait on the server until somebody assigns it."));
  else
    text = g_strdup_printf (ngettext ("Reaches %s host", "Reaches %s hosts", self->n_hosts), count);
  gtk_label_set_label (self->summary_text, text);
  gtk_widget_set_can_target (self->summary, self->n_hosts > 0);
  gtk_widget_set_focusable (self->summary, self->n_hosts > 0);
  if (self->n_hosts > 0)
    gtk_widget_remove_css_class (self->summary, "closed");
  else
    gtk_widget_add_css_class (self->summary, "closed");
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->summary), GTK_ACCESSIBLE_PROPERTY_LABEL, text, -1);
}

/* What is chosen, as buttons that take it back */

static void
chip_clicked_cb (GtkWidget       *chip,
                 KabAssignPicker *self)
{
  const KabAssignTarget *target = kab_assign_chip_get_target (chip);
  KabTargetKind kind = target->kind;
  g_autofree char *name = g_strdup (target->target);

  /* The chip goes: the keyboard should not fall off. */
  gtk_widget_grab_focus (GTK_WIDGET (self->list));
  kab_assign_picker_toggle (self, kind, name, NULL);
}

static void
add_chip (KabAssignPicker       *self,
          const KabAssignTarget *target)
{
  GtkWidget *chip = kab_assign_chip_new (target, kab_assign_selection_is_known (self->selection, target->kind,
                                                                                target->target));

  g_signal_connect (chip, "clicked", G_CALLBACK (chip_clicked_cb), self);
  gtk_box_append (self->chips, chip);
}

void
kab_assign_picker_toggle (KabAssignPicker *self,
                          KabTargetKind    kind,
                          const char      *target,
                          const char      *name)
{
  kab_assign_selection_toggle (self->selection, kind, target, name);
  kab_assign_picker_update_chosen (self);
}

/* What is shown */

void
kab_assign_picker_update_chosen (KabAssignPicker *self)
{
  GArray *targets = kab_assign_selection_get_targets (self->selection);
  g_autoptr(GArray) hosts = kab_assign_selection_dup_hosts (self->selection);

  self->n_hosts = hosts->len;
  kab_facts_clear (self->chips);
  for (guint i = 0; i < targets->len; i++)
    add_chip (self, &g_array_index (targets, KabAssignTarget, i));
  gtk_widget_set_visible (GTK_WIDGET (self->chips), targets->len > 0);
  kab_assign_picker_show_rows (self);
  show_summary (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_TARGETS]);
}

static void
host_search_cb (KabAssignPicker *self,
                const char      *text)
{
  g_autoptr(GError) error = NULL;

  kab_search_set_error (self->host_search, kab_record_list_set_query (self->hosts, text, &error) ? NULL : error);
}

static void
summary_clicked_cb (KabAssignPicker *self)
{
  g_autoptr(GArray) hosts = kab_assign_picker_dup_hosts (self);

  if (self->snapshot != NULL && hosts->len > 0)
    kab_hosts_window_show (GTK_WIDGET (self), gtk_label_get_label (self->summary_text), self->snapshot, hosts);
}

static void
packages_read_cb (GObject      *object,
                  GAsyncResult *result,
                  gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GListModel) packages = kab_session_read_rule_packages_finish (KAB_SESSION (object), result, &error);
  KabAssignPicker *self;

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    return;

  self = KAB_ASSIGN_PICKER (user_data);
  kab_assign_selection_set_packages (self->selection, packages);
  kab_assign_picker_show_kind_counts (self);
  kab_assign_picker_show_kind (self, self->kind);
  kab_assign_picker_update_chosen (self);
}

static void
kab_assign_picker_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  KabAssignPicker *self = KAB_ASSIGN_PICKER (object);

  if (id == PROP_N_TARGETS)
    g_value_set_uint (value, kab_assign_picker_get_n_targets (self));
  else
    G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
}

static void
kab_assign_picker_dispose (GObject *object)
{
  KabAssignPicker *self = KAB_ASSIGN_PICKER (object);

  g_cancellable_cancel (self->cancellable);
  gtk_widget_dispose_template (GTK_WIDGET (self), KAB_TYPE_ASSIGN_PICKER);
  g_clear_object (&self->filtered);

  G_OBJECT_CLASS (kab_assign_picker_parent_class)->dispose (object);
}

static void
kab_assign_picker_finalize (GObject *object)
{
  KabAssignPicker *self = KAB_ASSIGN_PICKER (object);

  g_clear_pointer (&self->selection, kab_assign_selection_free);
  g_clear_object (&self->hosts);
  g_clear_object (&self->filter);
  g_clear_object (&self->session);
  g_clear_object (&self->snapshot);
  g_clear_object (&self->cancellable);
  g_free (self->needle);
  g_ptr_array_unref (self->rows);

  G_OBJECT_CLASS (kab_assign_picker_parent_class)->finalize (object);
}

static void
kab_assign_picker_class_init (KabAssignPickerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->get_property = kab_assign_picker_get_property;
  object_class->dispose = kab_assign_picker_dispose;
  object_class->finalize = kab_assign_picker_finalize;

  properties[PROP_N_TARGETS] = g_param_spec_uint ("n-targets", NULL, NULL, 0, G_MAXUINT, 0,
                                                  G_PARAM_READABLE | G_PARAM_STATIC_STRINGS);
  g_object_class_install_properties (object_class, N_PROPS, properties);

  g_type_ensure (KAB_TYPE_SEARCH);
  g_type_ensure (KAB_TYPE_TAB_STOP);
  gtk_widget_class_set_template_from_resource (widget_class, KAB_UI "rules/kab-assign-picker.ui");
  gtk_widget_class_bind_template_child (widget_class, KabAssignPicker, kinds);
  gtk_widget_class_bind_template_child (widget_class, KabAssignPicker, searches);
  gtk_widget_class_bind_template_child (widget_class, KabAssignPicker, words);
  gtk_widget_class_bind_template_child (widget_class, KabAssignPicker, host_search);
  gtk_widget_class_bind_template_child (widget_class, KabAssignPicker, lists);
  gtk_widget_class_bind_template_child (widget_class, KabAssignPicker, list);
  gtk_widget_class_bind_template_child (widget_class, KabAssignPicker, empty);
  gtk_widget_class_bind_template_child (widget_class, KabAssignPicker, chips);
  gtk_widget_class_bind_template_child (widget_class, KabAssignPicker, summary);
  gtk_widget_class_bind_template_child (widget_class, KabAssignPicker, summary_text);
  gtk_widget_class_bind_template_callback (widget_class, kab_assign_picker_words_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, host_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, kab_assign_picker_activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, summary_clicked_cb);
}

static void
kab_assign_picker_init (KabAssignPicker *self)
{
  self->cancellable = g_cancellable_new ();
  self->needle = g_strdup ("");
  self->rows = g_ptr_array_new ();
  self->hosts = kab_record_list_new (KAB_QUERY_HOSTS);

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (GTK_WIDGET (self->kinds), kab_wrap_layout_new (6, 6));
  gtk_widget_set_layout_manager (GTK_WIDGET (self->chips), kab_wrap_layout_new (6, 6));
  kab_search_set_domain (self->host_search, KAB_QUERY_HOSTS);
  kab_search_set_list (self->host_search, self->hosts);
  kab_assign_picker_set_up_rows (self);
  kab_assign_picker_set_up_kinds (self);
}

GtkWidget *
kab_assign_picker_new (KabSession *session)
{
  KabAssignPicker *self;

  g_return_val_if_fail (KAB_IS_SESSION (session), NULL);

  self = g_object_new (KAB_TYPE_ASSIGN_PICKER, NULL);
  self->session = g_object_ref (session);
  g_set_object (&self->snapshot, kab_session_get_snapshot (session));
  self->selection = kab_assign_selection_new (self->snapshot);
  kab_record_list_set_snapshot (self->hosts, self->snapshot);
  kab_assign_picker_show_kind_counts (self);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->buttons[KAB_TARGET_UNIT]), TRUE);
  kab_assign_picker_update_chosen (self);
  kab_session_read_rule_packages_async (session, self->cancellable, packages_read_cb, self);

  return GTK_WIDGET (self);
}

guint
kab_assign_picker_get_n_targets (KabAssignPicker *self)
{
  g_return_val_if_fail (KAB_IS_ASSIGN_PICKER (self), 0);

  return kab_assign_selection_get_targets (self->selection)->len;
}

GArray *
kab_assign_picker_dup_hosts (KabAssignPicker *self)
{
  g_return_val_if_fail (KAB_IS_ASSIGN_PICKER (self), NULL);

  return kab_assign_selection_dup_hosts (self->selection);
}

GArray *
kab_assign_picker_dup_targets (KabAssignPicker *self)
{
  GArray *targets, *copy;

  g_return_val_if_fail (KAB_IS_ASSIGN_PICKER (self), NULL);

  targets = kab_assign_selection_get_targets (self->selection);
  copy = kab_assign_targets_new ();
  for (guint i = 0; i < targets->len; i++)
    {
      const KabAssignTarget *target = &g_array_index (targets, KabAssignTarget, i);

      kab_assign_targets_add (copy, target->kind, target->target, target->name);
    }

  return copy;
}

void
kab_assign_picker_set_targets (KabAssignPicker *self,
                               GArray          *targets)
{
  g_return_if_fail (KAB_IS_ASSIGN_PICKER (self));
  g_return_if_fail (targets != NULL);

  kab_assign_selection_clear (self->selection);
  for (guint i = 0; i < targets->len; i++)
    {
      const KabAssignTarget *target = &g_array_index (targets, KabAssignTarget, i);

      if (!kab_assign_selection_contains (self->selection, target->kind, target->target))
        kab_assign_selection_toggle (self->selection, target->kind, target->target, target->name);
    }
  kab_assign_picker_update_chosen (self);
}
