/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include "kab-assign-picker-private.h"
#include "kab-assign-row.h"
#include "kab-hosts-window.h"

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
    kab_assign_picker_toggle (self, KAB_TARGET_HOST, kab_record_get_id (item), kab_record_get_host (item)->name);
  else if (KAB_IS_ASSIGN_CHOICE (item))
    kab_assign_picker_toggle (self, KAB_ASSIGN_CHOICE (item)->kind, KAB_ASSIGN_CHOICE (item)->target,
                              KAB_ASSIGN_CHOICE (item)->label);
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

void
kab_assign_picker_show_rows (KabAssignPicker *self)
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

void
kab_assign_picker_activate_cb (KabAssignPicker *self,
                               guint            position)
{
  g_autoptr(GObject) item = g_list_model_get_item (G_LIST_MODEL (gtk_list_view_get_model (self->list)), position);

  if (item != NULL)
    toggle_item (self, item);
}

void
kab_assign_picker_set_up_rows (KabAssignPicker *self)
{
  g_autoptr(GtkListItemFactory) factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", G_CALLBACK (setup_cb), self);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), self);
  g_signal_connect (factory, "unbind", G_CALLBACK (unbind_cb), self);
  gtk_list_view_set_factory (self->list, factory);
}
