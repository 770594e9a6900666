/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-assign-picker.h"
#include "kab-assign-chip.h"
#include "kab-assign-row.h"
#include "kab-facts.h"
#include "kab-format.h"
#include "kab-hosts-window.h"
#include "kab-rules-lookup.h"
#include "kab-search.h"
#include "kab-tab-stop.h"
#include "kab-text.h"
#include "kab-ui.h"
#include "kab-wrap-layout.h"

struct _KabAssignPicker
{
  AdwBin         parent_instance;

  GtkBox        *kinds;
  GtkStack      *searches;
  GtkWidget     *words;
  KabSearch     *host_search;
  GtkStack      *lists;
  GtkListView   *list;
  GtkLabel      *empty;
  GtkBox        *chips;
  GtkWidget     *summary;
  GtkLabel      *summary_text;
  GtkWidget     *buttons[KAB_N_TARGET_KINDS];
  KabTargetKind  kind;               /* shown now */
  KabSession    *session;
  KabSnapshot   *snapshot;           /* (nullable) */
  KabAssignSelection *selection;
  KabRecordList *hosts;
  GtkFilter     *filter;
  GListModel    *filtered;           /* of the kind that is shown */
  char          *needle;
  GPtrArray     *rows;               /* of KabAssignRow: what the list shows now */
  guint          n_hosts;
  GCancellable  *cancellable;
};

G_DEFINE_FINAL_TYPE (KabAssignPicker, kab_assign_picker, ADW_TYPE_BIN)

enum {
  PROP_0,
  PROP_N_TARGETS,
  PROP_N_HOSTS,
  N_PROPS,
};

static GParamSpec *properties[N_PROPS];

/* The order of the buttons */
static const KabTargetKind order[KAB_N_TARGET_KINDS] = {
  KAB_TARGET_UNIT, KAB_TARGET_GROUP, KAB_TARGET_PROFILE, KAB_TARGET_HOST,
};

/* Words */

static const char *
get_kind_label (KabTargetKind kind)
{
  static const char * const labels[KAB_N_TARGET_KINDS] = {
    [KAB_TARGET_HOST] = N_("Hosts"), [KAB_TARGET_UNIT] = N_("Units"),
    [KAB_TARGET_GROUP] = N_("Groups"), [KAB_TARGET_PROFILE] = N_("AD Profiles"),
  };

  return _(labels[kind]);
}

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

static void update_chosen (KabAssignPicker *self);

static void
toggle (KabAssignPicker *self,
        KabTargetKind    kind,
        const char      *target,
        const char      *name)
{
  kab_assign_selection_toggle (self->selection, kind, target, name);
  update_chosen (self);
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
  toggle (self, kind, name, NULL);
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

/* Rows */

static gpointer
get_item (KabAssignRow *row)
{
  return gtk_list_item_get_item (g_object_get_data (G_OBJECT (row), "kab-item"));
}

static void
toggle_item (KabAssignPicker *self,
             gpointer         item)
{
  if (KAB_IS_RECORD (item))
    toggle (self, KAB_TARGET_HOST, kab_record_get_id (item), kab_record_get_host (item)->name);
  else if (KAB_IS_ASSIGN_CHOICE (item))
    toggle (self, KAB_ASSIGN_CHOICE (item)->kind, KAB_ASSIGN_CHOICE (item)->target, KAB_ASSIGN_CHOICE (item)->label);
}

static void
row_toggled_cb (KabAssignRow    *row,
                KabAssignPicker *self)
{
  toggle_item (self, get_item (row));
}

static void
row_opened_cb (KabAssignRow    *row,
               KabAssignPicker *self)
{
  KabAssignChoice *choice = get_item (row);

  if (KAB_IS_ASSIGN_CHOICE (choice) && self->snapshot != NULL)
    kab_hosts_window_show (GTK_WIDGET (self), choice->label, self->snapshot, choice->hosts);
}

static void
show_row (KabAssignPicker *self,
          KabAssignRow    *row)
{
  gpointer item = get_item (row);

  if (KAB_IS_RECORD (item))
    {
      const KabHostRecord *host = kab_record_get_host (item);

      kab_assign_row_show (row, host->name, *host->description != '\0' ? host->description : host->windows, -1, -1,
                           kab_assign_selection_contains (self->selection, KAB_TARGET_HOST, host->uuid));
    }
  else if (item != NULL)
    {
      KabAssignChoice *choice = item;

      gboolean tree = choice->kind == KAB_TARGET_UNIT && *self->needle == '\0';

      kab_assign_row_show (row, choice->label, choice->detail, tree ? (int) choice->depth : -1,
                           (int) choice->hosts->len,
                           kab_assign_selection_contains (self->selection, choice->kind, choice->target));
    }
}

static void
show_rows (KabAssignPicker *self)
{
  for (guint i = 0; i < self->rows->len; i++)
    show_row (self, self->rows->pdata[i]);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          KabAssignPicker          *self)
{
  GtkWidget *row = kab_assign_row_new ();

  g_object_set_data (G_OBJECT (row), "kab-item", item);
  g_signal_connect (row, "toggled", G_CALLBACK (row_toggled_cb), self);
  g_signal_connect (row, "opened", G_CALLBACK (row_opened_cb), self);
  gtk_list_item_set_child (item, row);
  gtk_list_item_set_selectable (item, FALSE);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *item,
         KabAssignPicker          *self)
{
  g_ptr_array_add (self->rows, gtk_list_item_get_child (item));
  show_row (self, KAB_ASSIGN_ROW (gtk_list_item_get_child (item)));
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *item,
           KabAssignPicker          *self)
{
  g_ptr_array_remove_fast (self->rows, gtk_list_item_get_child (item));
}

static void
activate_cb (KabAssignPicker *self,
             guint            position)
{
  g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (self->list)), position);

  if (item != NULL)
    toggle_item (self, item);
}

/* What is shown */

static void
update_chosen (KabAssignPicker *self)
{
  GArray *targets = kab_assign_selection_get_targets (self->selection);
  g_autoptr(GArray) hosts = kab_assign_selection_dup_hosts (self->selection);

  self->n_hosts = hosts->len;
  kab_facts_clear (self->chips);
  for (guint i = 0; i < targets->len; i++)
    add_chip (self, &g_array_index (targets, KabAssignTarget, i));
  gtk_widget_set_visible (GTK_WIDGET (self->chips), targets->len > 0);
  show_rows (self);
  show_summary (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_TARGETS]);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_N_HOSTS]);
}

static gboolean
matches (gpointer item,
         gpointer user_data)
{
  KabAssignPicker *self = user_data;

  return *self->needle == '\0' || strstr (KAB_ASSIGN_CHOICE (item)->folded, self->needle) != NULL;
}

static void
show_empty (KabAssignPicker *self)
{
  static const char * const nothing[KAB_N_TARGET_KINDS] = {
    [KAB_TARGET_HOST] = N_("The server has no hosts yet."),
    [KAB_TARGET_UNIT] = N_("No host has told of an organisational unit."),
    [KAB_TARGET_GROUP] = N_("The server has no group packages. One with section “group” would be listed here."),
    [KAB_TARGET_PROFILE] = N_("The server has no profile packages, and no host has told of a group in the directory."),
  };
  GListModel *model = G_LIST_MODEL (gtk_list_view_get_model (self->list));
  gboolean any = model != NULL && g_list_model_get_n_items (model) > 0;
  gboolean searched = self->kind == KAB_TARGET_HOST
                      ? *kab_search_get_text (self->host_search) != '\0' : *self->needle != '\0';

  gtk_label_set_label (self->empty, searched ? _("Nothing matches the search.") : _(nothing[self->kind]));
  gtk_stack_set_visible_child_name (self->lists, any ? "list" : "empty");
}

static void
show_kind (KabAssignPicker *self,
           KabTargetKind    kind)
{
  g_autoptr(GtkSelectionModel) selection = NULL;
  GListModel *model;

  self->kind = kind;
  gtk_stack_set_visible_child_name (self->searches, kind == KAB_TARGET_HOST ? "hosts" : "words");
  if (kind == KAB_TARGET_HOST)
    model = G_LIST_MODEL (g_object_ref (self->hosts));
  else
    model = G_LIST_MODEL (gtk_filter_list_model_new (g_object_ref (kab_assign_selection_get_choices (self->selection, kind)),
                                                     g_object_ref (self->filter)));
  if (self->filtered != NULL)
    g_signal_handlers_disconnect_by_data (self->filtered, self);
  g_set_object (&self->filtered, model);
  g_signal_connect_object (model, "items-changed", G_CALLBACK (show_empty), self, G_CONNECT_SWAPPED);
  selection = GTK_SELECTION_MODEL (gtk_no_selection_new (model));
  gtk_list_view_set_model (self->list, selection);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->list),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, get_kind_label (kind), -1);
  show_empty (self);
}

static void
show_kind_counts (KabAssignPicker *self)
{
  for (guint i = 0; i < KAB_N_TARGET_KINDS; i++)
    {
      KabTargetKind kind = order[i];
      guint n = 0;
      g_autofree char *count = NULL;
      g_autofree char *label = NULL;

      if (kind != KAB_TARGET_HOST)
        n = g_list_model_get_n_items (kab_assign_selection_get_choices (self->selection, kind));
      else if (self->snapshot != NULL)
        kab_snapshot_get_hosts (self->snapshot, &n);
      count = kab_format_count (n);
      /* Translators: a kind of targets and how many there are: "Groups (4)" */
      label = g_strdup_printf (_("%1$s (%2$s)"), get_kind_label (kind), count);
      gtk_button_set_label (GTK_BUTTON (self->buttons[kind]), label);
    }
}

static void
kind_toggled_cb (GtkToggleButton *button,
                 KabAssignPicker *self)
{
  if (gtk_toggle_button_get_active (button))
    show_kind (self, GPOINTER_TO_UINT (g_object_get_data (G_OBJECT (button), "kab-kind")));
}

static void
words_changed_cb (KabAssignPicker *self)
{
  g_free (self->needle);
  self->needle = kab_text_fold (gtk_editable_get_text (GTK_EDITABLE (self->words)), -1);
  gtk_filter_changed (self->filter, GTK_FILTER_CHANGE_DIFFERENT);
  show_rows (self);
  show_empty (self);
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
  show_kind_counts (self);
  show_kind (self, self->kind);
  update_chosen (self);
}

static void
kab_assign_picker_get_property (GObject    *object,
                                guint       id,
                                GValue     *value,
                                GParamSpec *pspec)
{
  KabAssignPicker *self = KAB_ASSIGN_PICKER (object);

  switch (id)
    {
    case PROP_N_TARGETS:
      g_value_set_uint (value, kab_assign_picker_get_n_targets (self));
      break;
    case PROP_N_HOSTS:
      g_value_set_uint (value, self->n_hosts);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, id, pspec);
    }
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
  properties[PROP_N_HOSTS] = g_param_spec_uint ("n-hosts", NULL, NULL, 0, G_MAXUINT, 0,
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
  gtk_widget_class_bind_template_callback (widget_class, words_changed_cb);
  gtk_widget_class_bind_template_callback (widget_class, host_search_cb);
  gtk_widget_class_bind_template_callback (widget_class, activate_cb);
  gtk_widget_class_bind_template_callback (widget_class, summary_clicked_cb);
}

static void
make_kinds (KabAssignPicker *self)
{
  GtkWidget *first = NULL;

  for (guint i = 0; i < KAB_N_TARGET_KINDS; i++)
    {
      GtkWidget *button = gtk_toggle_button_new ();

      g_object_set_data (G_OBJECT (button), "kab-kind", GUINT_TO_POINTER (order[i]));
      if (first == NULL)
        first = button;
      else
        gtk_toggle_button_set_group (GTK_TOGGLE_BUTTON (button), GTK_TOGGLE_BUTTON (first));
      g_signal_connect (button, "toggled", G_CALLBACK (kind_toggled_cb), self);
      gtk_box_append (self->kinds, button);
      self->buttons[order[i]] = button;
    }
}

static void
kab_assign_picker_init (KabAssignPicker *self)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  self->cancellable = g_cancellable_new ();
  self->needle = g_strdup ("");
  self->rows = g_ptr_array_new ();
  self->hosts = kab_record_list_new (KAB_QUERY_HOSTS);
  self->filter = GTK_FILTER (gtk_custom_filter_new (matches, self, NULL));

  gtk_widget_init_template (GTK_WIDGET (self));
  gtk_widget_set_layout_manager (GTK_WIDGET (self->kinds), kab_wrap_layout_new (6, 6));
  gtk_widget_set_layout_manager (GTK_WIDGET (self->chips), kab_wrap_layout_new (6, 6));
  kab_search_set_domain (self->host_search, KAB_QUERY_HOSTS);
  kab_search_set_list (self->host_search, self->hosts);
  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), self);
  gtk_list_view_set_factory (self->list, factory);
  g_object_unref (factory);
  make_kinds (self);
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
  show_kind_counts (self);
  gtk_toggle_button_set_active (GTK_TOGGLE_BUTTON (self->buttons[order[0]]), TRUE);
  update_chosen (self);
  kab_session_read_rule_packages_async (session, self->cancellable, packages_read_cb, self);

  return GTK_WIDGET (self);
}

guint
kab_assign_picker_get_n_targets (KabAssignPicker *self)
{
  g_return_val_if_fail (KAB_IS_ASSIGN_PICKER (self), 0);

  return kab_assign_selection_get_targets (self->selection)->len;
}

guint
kab_assign_picker_get_n_hosts (KabAssignPicker *self)
{
  g_return_val_if_fail (KAB_IS_ASSIGN_PICKER (self), 0);

  return self->n_hosts;
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
  update_chosen (self);
}
