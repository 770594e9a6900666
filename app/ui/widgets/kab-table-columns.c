/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-settings.h"
#include "kab-table-private.h"

#define SETTING "tables"
#define FORM "(a(sbi)(sb))"
#define SAVE_AFTER_MS 400

/* Sorting */

/* Which header is sorted, and which way? 4.8 has no answer, but the first sorter asked is the one. */
static int
probe_compare (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  KabTableSlot *slot = user_data;

  if (slot->table->probed == NULL)
    slot->table->probed = slot;
  if (a == b)
    return 0;
  return a == (gconstpointer) slot->table->low ? -1 : 1;
}

static int
compare_items (gconstpointer a,
               gconstpointer b,
               gpointer      user_data)
{
  KabTable *self = user_data;
  int order = 0;

  if (self->sort_slot != NULL && self->sort_slot->info->compare != NULL)
    order = self->sort_slot->info->compare (a, b);

  return self->descending ? -order : order;
}

/* Returns: (transfer none) (nullable): what the selection is put around */
GListModel *
kab_table_apply_sort (KabTable *self)
{
  const KabTableColumn *info = self->sort_slot != NULL ? self->sort_slot->info : NULL;
  GtkSorter *sorter;

  if (self->model == NULL)
    return NULL;

  if (KAB_IS_RECORD_LIST (self->model))
    {
      if (info != NULL && info->sort != KAB_NO_SORT)
        kab_record_list_set_sort (KAB_RECORD_LIST (self->model), info->sort, self->descending);
      return self->model;
    }

  if (self->sorted == NULL || gtk_sort_list_model_get_model (self->sorted) != self->model)
    {
      g_clear_object (&self->sorted);
      self->sorted = gtk_sort_list_model_new (g_object_ref (self->model), NULL);
    }
  sorter = info != NULL ? GTK_SORTER (gtk_custom_sorter_new (compare_items, self, NULL)) : NULL;
  gtk_sort_list_model_set_sorter (self->sorted, sorter);
  g_clear_object (&sorter);
  return G_LIST_MODEL (self->sorted);
}

static gboolean
is_sortable (KabTable     *self,
             KabTableSlot *slot)
{
  return slot->info != NULL && (slot->info->sort != KAB_NO_SORT || slot->info->compare != NULL);
}

/* One text a table, so that a new table needs no new key. */
static gboolean
save (gpointer data)
{
  KabTable *self = KAB_TABLE (data);
  GListModel *columns = gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->view));
  GSettings *settings = kab_settings_get_default ();
  g_autoptr(GVariant) all = g_settings_get_value (settings, SETTING);
  g_autoptr(GVariant) value = NULL;
  GVariantBuilder builder, texts;
  GVariantIter iter;
  const char *id, *text;
  g_autofree char *ours = NULL;

  self->save_source = 0;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sbi)"));
  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
      KabTableSlot *slot = g_object_get_data (G_OBJECT (column), "kab-slot");

      if (slot->info != NULL)
        g_variant_builder_add (&builder, "(sbi)", slot->info->id, slot->shown,
                               gtk_column_view_column_get_fixed_width (column));
    }
  value = g_variant_ref_sink (g_variant_new (FORM, &builder,
                                             self->sort_slot != NULL ? self->sort_slot->info->id : "",
                                             self->descending));
  ours = g_variant_print (value, FALSE);

  g_variant_builder_init (&texts, G_VARIANT_TYPE ("a{ss}"));
  g_variant_iter_init (&iter, all);
  while (g_variant_iter_next (&iter, "{&s&s}", &id, &text))
    if (!g_str_equal (id, self->info->id))
      g_variant_builder_add (&texts, "{ss}", id, text);
  g_variant_builder_add (&texts, "{ss}", self->info->id, ours);
  g_settings_set_value (settings, SETTING, g_variant_builder_end (&texts));
  return G_SOURCE_REMOVE;
}

static void
queue_save (KabTable *self)
{
  if (self->restoring)
    return;

  g_clear_handle_id (&self->save_source, g_source_remove);
  self->save_source = g_timeout_add (SAVE_AFTER_MS, save, self);
}

static void
update_sort_actions (KabTable *self)
{
  GAction *action;

  action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "sort");
  g_simple_action_set_state (G_SIMPLE_ACTION (action),
                             g_variant_new_string (self->sort_slot != NULL
                                                   ? self->sort_slot->info->id : ""));
  action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), "descending");
  g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (self->descending));
}

static void
sorter_changed_cb (GtkSorter       *sorter,
                   GtkSorterChange  change,
                   KabTable        *self)
{
  self->probed = NULL;
  self->descending = gtk_sorter_compare (sorter, self->low, self->high) == GTK_ORDERING_LARGER;
  self->sort_slot = self->probed;
  kab_table_apply_sort (self);
  update_sort_actions (self);
  queue_save (self);
}

static KabTableSlot *
find_slot (KabTable   *self,
           const char *id)
{
  for (guint i = 0; i < self->info->n_columns; i++)
    if (g_strcmp0 (self->info->columns[i].id, id) == 0)
      return &self->slots[i];

  return NULL;
}

static void
sort_by (KabTable     *self,
         KabTableSlot *slot,
         gboolean      descending)
{
  gtk_column_view_sort_by_column (GTK_COLUMN_VIEW (self->view),
                                  slot != NULL ? slot->column : NULL,
                                  descending ? GTK_SORT_DESCENDING : GTK_SORT_ASCENDING);
}

static void
sort_action (GSimpleAction *action,
             GVariant      *value,
             gpointer       user_data)
{
  KabTable *self = KAB_TABLE (user_data);

  sort_by (self, find_slot (self, g_variant_get_string (value, NULL)), self->descending);
}

static void
descending_action (GSimpleAction *action,
                   GVariant      *value,
                   gpointer       user_data)
{
  KabTable *self = KAB_TABLE (user_data);

  sort_by (self, (KabTableSlot *) self->sort_slot, g_variant_get_boolean (value));
}

/* Columns */

static void
show_action (GSimpleAction *action,
             GVariant      *value,
             gpointer       user_data)
{
  KabTableSlot *slot = user_data;

  slot->shown = g_variant_get_boolean (value);
  g_simple_action_set_state (action, value);
  gtk_column_view_column_set_visible (slot->column, slot->shown && !slot->table->narrow);
  queue_save (slot->table);
}

static void
add_column (KabTable             *self,
            KabTableSlot         *slot,
            const KabTableColumn *info)
{
  g_autoptr(GtkSorter) sorter = NULL;

  slot->table = self;
  slot->info = info;
  slot->shown = info == NULL || info->shown;
  slot->column = gtk_column_view_column_new (info != NULL ? _(info->title)
                                                          : _(self->info->narrow_title),
                                             kab_table_cells_new (slot));
  g_object_set_data (G_OBJECT (slot->column), "kab-slot", slot);
  gtk_column_view_column_set_expand (slot->column, info == NULL || info->expand);
  gtk_column_view_column_set_resizable (slot->column, info != NULL);
  gtk_column_view_column_set_visible (slot->column, info != NULL && slot->shown);
  gtk_column_view_column_set_header_menu (slot->column, G_MENU_MODEL (self->view_menu));
  if (is_sortable (self, slot))
    {
      sorter = GTK_SORTER (gtk_custom_sorter_new (probe_compare, slot, NULL));
      gtk_column_view_column_set_sorter (slot->column, sorter);
    }
}

static void
add_menu (KabTable *self)
{
  g_autoptr(GMenu) sort = g_menu_new (), columns = g_menu_new (), order = g_menu_new ();
  g_autoptr(GMenu) by = g_menu_new (), more = g_menu_new (), section = g_menu_new ();

  for (guint i = 0; i < self->info->n_columns; i++)
    {
      const KabTableColumn *info = &self->info->columns[i];
      g_autofree char *action = g_strconcat ("table.show-", info->id, NULL);
      g_autofree char *target = g_strdup_printf ("table.sort('%s')", info->id);

      g_menu_append (columns, _(info->title), action);
      if (is_sortable (self, &self->slots[i]))
        g_menu_append (by, _(info->title), target);
    }
  g_menu_append (order, _("_Descending"), "table.descending");
  g_menu_append_section (sort, NULL, G_MENU_MODEL (by));
  g_menu_append_section (sort, NULL, G_MENU_MODEL (order));
  g_menu_append (more, _("_Reset Columns"), "table.reset-columns");
  g_menu_append_section (columns, NULL, G_MENU_MODEL (more));

  g_menu_append_submenu (section, _("_Sort By"), G_MENU_MODEL (sort));
  g_menu_append_submenu (section, _("Co_lumns"), G_MENU_MODEL (columns));
  g_menu_append_section (self->view_menu, NULL, G_MENU_MODEL (section));
  g_clear_object (&section);
  section = g_menu_new ();
  g_menu_append (section, _("_Copy Rows"), "table.copy");
  g_menu_append (section, _("_Export as CSV…"), "table.export");
  g_menu_append_section (self->view_menu, NULL, G_MENU_MODEL (section));
}

/* The order of @saved, and columns it does not know behind the one they follow in our table. */
/* The title of numbers stands above them, at the end. GTK 4.8 has no say in it, so its widgets are walked. */
static void
align_title (KabTable *self,
             guint     place)
{
  GtkWidget *header = gtk_widget_get_first_child (self->view);
  GtkWidget *title = header != NULL ? gtk_widget_get_first_child (header) : NULL;
  GtkWidget *box;

  for (guint i = 0; title != NULL && i < place; i++)
    title = gtk_widget_get_next_sibling (title);

  box = title != NULL ? gtk_widget_get_first_child (title) : NULL;
  if (box != NULL)
    gtk_widget_set_halign (box, GTK_ALIGN_END);
}

static void
place_columns (KabTable *self,
               GVariant *saved)
{
  g_autoptr(GPtrArray) order = g_ptr_array_new ();
  GVariantIter iter;
  const char *id;
  gboolean shown;
  int width;

  if (saved != NULL)
    {
      g_variant_iter_init (&iter, saved);
      while (g_variant_iter_next (&iter, "(&sbi)", &id, &shown, &width))
        {
          KabTableSlot *slot = find_slot (self, id);

          if (slot == NULL || g_ptr_array_find (order, slot, NULL))
            continue;
          slot->shown = shown;
          gtk_column_view_column_set_fixed_width (slot->column, CLAMP (width, -1, 4000));
          g_ptr_array_add (order, slot);
        }
    }
  for (guint i = 0; i < self->info->n_columns; i++)
    {
      guint at = 0;

      if (g_ptr_array_find (order, &self->slots[i], NULL))
        continue;
      if (i > 0 && g_ptr_array_find (order, &self->slots[i - 1], &at))
        at++;
      g_ptr_array_insert (order, (int) at, &self->slots[i]);
    }

  for (guint i = 0; i < order->len; i++)
    {
      KabTableSlot *slot = order->pdata[i];
      g_autofree char *name = g_strconcat ("show-", slot->info->id, NULL);
      GAction *action = g_action_map_lookup_action (G_ACTION_MAP (self->actions), name);

      g_simple_action_set_state (G_SIMPLE_ACTION (action), g_variant_new_boolean (slot->shown));
      gtk_column_view_column_set_visible (slot->column, slot->shown && !self->narrow);
      gtk_column_view_insert_column (GTK_COLUMN_VIEW (self->view), i + 1, slot->column);
      if (slot->info->kind == KAB_CELL_NUMBER)
        align_title (self, i + 1);
    }
}

static void
reset_columns_action (GSimpleAction *action,
                      GVariant      *parameter,
                      gpointer       user_data)
{
  KabTable *self = KAB_TABLE (user_data);

  self->restoring = TRUE;
  for (guint i = 0; i < self->info->n_columns; i++)
    {
      self->slots[i].shown = self->info->columns[i].shown;
      gtk_column_view_column_set_fixed_width (self->slots[i].column, -1);
    }
  place_columns (self, NULL);
  self->restoring = FALSE;
  queue_save (self);
}

/* Returns: (transfer full) (nullable): what was saved, when it still has our form */
static GVariant *
load (KabTable *self)
{
  g_autoptr(GVariant) all = g_settings_get_value (kab_settings_get_default (), SETTING);
  const char *text = NULL;

  if (!g_variant_lookup (all, self->info->id, "&s", &text))
    return NULL;

  return g_variant_parse (G_VARIANT_TYPE (FORM), text, NULL, NULL, NULL);
}

static void
restore (KabTable *self)
{
  g_autoptr(GVariant) saved = load (self);
  g_autoptr(GVariant) columns = NULL;
  const char *id = self->info->sort;
  gboolean descending = self->info->descending;

  if (saved != NULL)
    g_variant_get (saved, "(@a(sbi)(&sb))", &columns, &id, &descending);
  place_columns (self, columns);
  if (find_slot (self, id) != NULL)
    sort_by (self, find_slot (self, id), descending);
}

void
kab_table_columns_build (KabTable *self)
{
  const GActionEntry entries[] = {
    { "sort", NULL, "s", "''", sort_action },
    { "descending", NULL, NULL, "false", descending_action },
    { "reset-columns", reset_columns_action },
  };
  guint n = self->info->n_columns;

  g_action_map_add_action_entries (G_ACTION_MAP (self->actions), entries, G_N_ELEMENTS (entries),
                                   self);
  self->slots = g_new0 (KabTableSlot, n + 1);
  for (guint i = 0; i < n; i++)
    {
      g_autofree char *name = g_strconcat ("show-", self->info->columns[i].id, NULL);
      g_autoptr(GSimpleAction) action = NULL;

      add_column (self, &self->slots[i], &self->info->columns[i]);
      action = g_simple_action_new_stateful (name, NULL, g_variant_new_boolean (FALSE));
      g_signal_connect (action, "change-state", G_CALLBACK (show_action), &self->slots[i]);
      g_action_map_add_action (G_ACTION_MAP (self->actions), G_ACTION (action));
    }
  add_column (self, &self->slots[n], NULL);
  /* First, because a row of 4.8 measures its only cell with the width of the first column, shown or not. */
  gtk_column_view_append_column (GTK_COLUMN_VIEW (self->view), self->slots[n].column);
  add_menu (self);

  self->sorter = g_object_ref (gtk_column_view_get_sorter (GTK_COLUMN_VIEW (self->view)));
  g_signal_connect (self->sorter, "changed", G_CALLBACK (sorter_changed_cb), self);
  self->restoring = TRUE;
  restore (self);
  self->restoring = FALSE;

  g_signal_connect_swapped (gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->view)),
                            "items-changed", G_CALLBACK (queue_save), self);
  for (guint i = 0; i < n; i++)
    g_signal_connect_swapped (self->slots[i].column, "notify::fixed-width",
                              G_CALLBACK (queue_save), self);
}

void
kab_table_columns_clear (KabTable *self)
{
  if (self->save_source != 0)
    {
      g_clear_handle_id (&self->save_source, g_source_remove);
      save (self);
    }
  /* It emits "changed" while the view is torn down. */
  if (self->sorter != NULL)
    g_signal_handlers_disconnect_by_data (self->sorter, self);
  g_clear_object (&self->sorter);
  if (self->view != NULL)
    {
      GListModel *columns = gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->view));

      g_signal_handlers_disconnect_by_data (columns, self);
    }
  for (guint i = 0; self->slots != NULL && i <= self->info->n_columns; i++)
    {
      if (self->slots[i].column == NULL)
        continue;
      g_signal_handlers_disconnect_by_data (self->slots[i].column, self);
      g_clear_object (&self->slots[i].column);
    }
}

void
kab_table_columns_narrow (KabTable *self,
                          gboolean  narrow)
{
  guint n = self->info->n_columns;

  /* Never none at all: the rows would lose their height. */
  if (narrow)
    gtk_column_view_column_set_visible (self->slots[n].column, TRUE);
  for (guint i = 0; i < n; i++)
    gtk_column_view_column_set_visible (self->slots[i].column, self->slots[i].shown && !narrow);
  if (!narrow)
    gtk_column_view_column_set_visible (self->slots[n].column, FALSE);
  if (narrow)
    gtk_widget_add_css_class (self->view, "narrow");
  else
    gtk_widget_remove_css_class (self->view, "narrow");
}

GPtrArray *
kab_table_dup_shown (KabTable *self)
{
  GListModel *columns = gtk_column_view_get_columns (GTK_COLUMN_VIEW (self->view));
  GPtrArray *shown = g_ptr_array_new ();

  for (guint i = 0; i < g_list_model_get_n_items (columns); i++)
    {
      g_autoptr(GtkColumnViewColumn) column = g_list_model_get_item (columns, i);
      KabTableSlot *slot = g_object_get_data (G_OBJECT (column), "kab-slot");

      if (slot->info != NULL && slot->shown)
        g_ptr_array_add (shown, (gpointer) slot->info);
    }

  return shown;
}
