/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-table-private.h"

/* Characters that a column which gives way always has room for, and from how many on a text gives way by half. */
#define SHORT 28
#define LONG 16

static GQuark
list_item_quark (void)
{
  return g_quark_from_static_string ("kab-list-item");
}

static GQuark
slot_quark (void)
{
  return g_quark_from_static_string ("kab-table-slot");
}

static GQuark
name_quark (void)
{
  return g_quark_from_static_string ("kab-table-name");
}

/* What does not fit; setting a tooltip for each cell would ask the X server where the pointer is. */
static gboolean
query_tooltip_cb (GtkWidget  *cell,
                  int         x,
                  int         y,
                  gboolean    keyboard,
                  GtkTooltip *tooltip)
{
  const char *text = gtk_inscription_get_text (GTK_INSCRIPTION (cell));
  g_autoptr(PangoLayout) layout = NULL;
  int width;

  if (text == NULL)
    return FALSE;

  layout = gtk_widget_create_pango_layout (cell, text);
  pango_layout_get_pixel_size (layout, &width, NULL);
  if (width <= gtk_widget_get_width (cell))
    return FALSE;

  gtk_tooltip_set_text (tooltip, text);
  return TRUE;
}

static void
tell_what_does_not_fit (GtkWidget *cell)
{
  gtk_widget_set_has_tooltip (cell, TRUE);
  g_signal_connect (cell, "query-tooltip", G_CALLBACK (query_tooltip_cb), NULL);
}

static GtkWidget *
new_inscription (const KabTableColumn *info)
{
  GtkWidget *cell = gtk_inscription_new (NULL);
  guint chars = info->chars;
  guint least = chars;

  if (info->expand)
    least = MIN (chars, SHORT);
  else if (info->kind == KAB_CELL_TEXT && chars >= LONG)
    least = chars / 2;
  g_object_set (cell,
                "text-overflow", GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END,
                "min-chars", least,
                "nat-chars", chars,
                "nat-lines", 1,
                "yalign", 0.5,
                "xalign", info->kind == KAB_CELL_NUMBER ? 1.0 : 0.0,
                "hexpand", TRUE,
                NULL);
  if (info->kind == KAB_CELL_NUMBER)
    gtk_widget_add_css_class (cell, "numeric");
  tell_what_does_not_fit (cell);
  return cell;
}

static GtkWidget *
new_narrow_text (const KabTableInfo *info)
{
  GtkWidget *cell;

  if (info->wrap)
    return g_object_new (GTK_TYPE_LABEL, "xalign", 0.0, "wrap", TRUE, "hexpand", TRUE,
                         "wrap-mode", PANGO_WRAP_WORD_CHAR, NULL);

  cell = g_object_new (GTK_TYPE_INSCRIPTION, "hexpand", TRUE, "nat-lines", 1,
                       "min-chars", 8, "nat-chars", 30, "yalign", 0.5,
                       "text-overflow", GTK_INSCRIPTION_OVERFLOW_ELLIPSIZE_END, NULL);
  tell_what_does_not_fit (cell);
  return cell;
}

/* Head and badge, and a line below. */
static GtkWidget *
new_narrow_cell (const KabTableInfo *info)
{
  GtkWidget *box = gtk_box_new (GTK_ORIENTATION_VERTICAL, 2);
  GtkWidget *top = gtk_box_new (GTK_ORIENTATION_HORIZONTAL, 6);
  GtkWidget *line = new_narrow_text (info);
  GtkWidget *badge = kab_badge_new ();

  gtk_widget_add_css_class (line, "caption");
  gtk_widget_add_css_class (line, "narrow-line");
  gtk_widget_set_valign (badge, info->wrap ? GTK_ALIGN_START : GTK_ALIGN_CENTER);
  gtk_widget_set_margin_top (box, 4);
  gtk_widget_set_margin_bottom (box, 4);
  gtk_box_append (GTK_BOX (top), new_narrow_text (info));
  gtk_box_append (GTK_BOX (top), badge);
  gtk_box_append (GTK_BOX (box), top);
  gtk_box_append (GTK_BOX (box), line);
  return box;
}

static void
set_narrow_text (GtkWidget *widget,
                 char      *text)
{
  if (GTK_IS_LABEL (widget))
    gtk_label_set_label (GTK_LABEL (widget), text);
  else
    gtk_inscription_set_text (GTK_INSCRIPTION (widget), text);
  g_free (text);
}

static void
bind_narrow (const KabTableInfo *info,
             GtkWidget          *cell,
             gpointer            item)
{
  GtkWidget *top = gtk_widget_get_first_child (cell);

  set_narrow_text (gtk_widget_get_first_child (top), info->dup_head (item));
  set_narrow_text (gtk_widget_get_last_child (cell), info->dup_line (item));
  if (info->bind_badge != NULL)
    info->bind_badge (KAB_BADGE (gtk_widget_get_last_child (top)), item);
}

/* The first column in sight names the row: a screen reader would say "GtkListItemWidget". */
static void
name_row (KabTableSlot *slot,
          GtkWidget    *cell,
          gpointer      item)
{
  const KabTableInfo *info = slot->table->info;
  GtkWidget *parent = gtk_widget_get_parent (cell);
  GtkWidget *row = parent != NULL ? gtk_widget_get_parent (parent) : NULL;
  g_autofree char *name = NULL;

  if (row == NULL || gtk_widget_get_first_child (row) != parent)
    return;

  /* Telling it anew goes over the bus. */
  name = info->dup_name (item);
  if (g_strcmp0 (g_object_get_qdata (G_OBJECT (row), name_quark ()), name) == 0)
    return;
  gtk_accessible_update_property (GTK_ACCESSIBLE (row),
                                  GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  g_object_set_qdata_full (G_OBJECT (row), name_quark (), g_steal_pointer (&name), g_free);
}

/* A number that opens what it counts looks like one. */
static void
bind_door (const KabTableColumn *info,
           GtkWidget            *cell,
           gpointer              item)
{
  g_autofree char *query = info->dup_query (item);

  if ((query != NULL) == gtk_widget_has_css_class (cell, "door-cell"))
    return;

  if (query != NULL)
    gtk_widget_add_css_class (cell, "door-cell");
  else
    gtk_widget_remove_css_class (cell, "door-cell");
  gtk_widget_set_cursor_from_name (cell, query != NULL ? "pointer" : NULL);
}

static void
fill_text (KabTableSlot *slot,
           GtkWidget    *cell,
           gpointer      item)
{
  g_autofree char *text = slot->info->dup_text (item);

  gtk_inscription_set_text (GTK_INSCRIPTION (cell), text);
}

/* GTK 4.8 keeps 200 rows, and maps those in sight: texts of the others wait. Badges do not, as columns are as wide as they. */
static void
fill (KabTableSlot *slot,
      GtkListItem  *list_item)
{
  KabTable *table = slot->table;
  GtkWidget *cell = gtk_list_item_get_child (list_item);
  g_autoptr(GObject) item = NULL;

  /* Not that of the list item: a refresh leaves it behind, and columns that come and go bind all rows again. */
  item = g_list_model_get_item (G_LIST_MODEL (table->selection), gtk_list_item_get_position (list_item));
  if (item == NULL)
    return;

  if (slot->info == NULL)
    bind_narrow (table->info, cell, item);
  else if (slot->info->kind == KAB_CELL_BADGE)
    slot->info->bind_badge (KAB_BADGE (cell), item);
  else if (gtk_widget_get_mapped (cell))
    fill_text (slot, cell, item);
  else
    g_hash_table_add (table->waiting, list_item);
  if (slot->info != NULL && slot->info->dup_query != NULL)
    bind_door (slot->info, cell, item);
  name_row (slot, cell, item);
}

/* Sizes are dealt out now: a text of one line does not ask for another one. */
static void
map_cb (GtkWidget    *cell,
        KabTableSlot *slot)
{
  GtkListItem *list_item = g_object_get_qdata (G_OBJECT (cell), list_item_quark ());
  g_autoptr(GObject) item = NULL;

  if (!g_hash_table_remove (slot->table->waiting, list_item))
    return;

  item = g_list_model_get_item (G_LIST_MODEL (slot->table->selection), gtk_list_item_get_position (list_item));
  if (item != NULL)
    fill_text (slot, cell, item);
}

static void
setup_cb (GtkSignalListItemFactory *factory,
          GtkListItem              *item,
          KabTableSlot             *slot)
{
  GtkWidget *cell;

  if (slot->info == NULL)
    cell = new_narrow_cell (slot->table->info);
  else if (slot->info->kind == KAB_CELL_BADGE)
    cell = kab_badge_new ();
  else
    {
      cell = new_inscription (slot->info);
      g_signal_connect (cell, "map", G_CALLBACK (map_cb), slot);
    }

  g_object_set_qdata (G_OBJECT (cell), list_item_quark (), item);
  g_object_set_qdata (G_OBJECT (cell), slot_quark (), slot);
  gtk_list_item_set_child (item, cell);
}

static void
bind_cb (GtkSignalListItemFactory *factory,
         GtkListItem              *list_item,
         KabTableSlot             *slot)
{
  g_hash_table_insert (slot->table->bound, list_item, slot);
  fill (slot, list_item);
}

static void
unbind_cb (GtkSignalListItemFactory *factory,
           GtkListItem              *list_item,
           KabTableSlot             *slot)
{
  g_hash_table_remove (slot->table->bound, list_item);
  g_hash_table_remove (slot->table->waiting, list_item);
}

void
kab_table_cells_refresh (KabTable *self)
{
  GHashTableIter iter;
  gpointer list_item, slot;

  g_hash_table_iter_init (&iter, self->bound);
  while (g_hash_table_iter_next (&iter, &list_item, &slot))
    fill (slot, list_item);
}

/* Returns: (transfer full): makes and fills the cells of one column */
GtkListItemFactory *
kab_table_cells_new (KabTableSlot *slot)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), slot);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), slot);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), slot);
  return factory;
}

/* From the cell, or anything in or around it, to its row. */
guint
kab_table_find_position (KabTable  *self,
                         GtkWidget *widget)
{
  for (; widget != NULL && widget != self->view; widget = gtk_widget_get_parent (widget))
    {
      GtkWidget *child = widget;

      for (guint depth = 0; child != NULL && depth < 3; depth++)
        {
          GtkListItem *item = g_object_get_qdata (G_OBJECT (child), list_item_quark ());

          if (item != NULL)
            return gtk_list_item_get_position (item);
          child = gtk_widget_get_first_child (child);
        }
    }

  return GTK_INVALID_LIST_POSITION;
}

gboolean
kab_table_open_door (KabTable  *self,
                     GtkWidget *widget)
{
  KabTableSlot *slot = g_object_get_qdata (G_OBJECT (widget), slot_quark ());
  GtkListItem *list_item = g_object_get_qdata (G_OBJECT (widget), list_item_quark ());
  g_autoptr(GObject) item = NULL;
  g_autofree char *query = NULL;
  g_autofree char *action = NULL;

  if (slot == NULL || slot->info == NULL || slot->info->dup_query == NULL)
    return FALSE;
  /* Not that of the list item, which a refresh leaves behind. */
  item = g_list_model_get_item (G_LIST_MODEL (self->selection), gtk_list_item_get_position (list_item));
  if (item == NULL)
    return FALSE;
  query = slot->info->dup_query (item);
  if (query == NULL)
    return FALSE;

  action = g_strconcat ("win.show-", slot->info->page, NULL);
  return gtk_widget_activate_action (GTK_WIDGET (self), action, "s", query);
}
