/* kab-table-private.h: what the files of KabTable share
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-record-selection.h"
#include "kab-table.h"

G_BEGIN_DECLS

/* One column as this table shows it. */
typedef struct {
  KabTable             *table;       /* borrowed: owns us */
  const KabTableColumn *info;        /* NULL: the only column of the narrow form */
  GtkColumnViewColumn  *column;
  gboolean              shown;       /* what the user wants; the narrow form hides all the same */
} KabTableSlot;

struct _KabTable
{
  AdwBin               parent_instance;

  const KabTableInfo  *info;
  GtkWidget           *stack;
  GtkWidget           *scrolled;
  GtkWidget           *view;
  GtkWidget           *popover;
  GtkWidget           *focus_before;     /* (nullable): has the focus back when the menu closes */

  GListModel          *model;            /* as given */
  GtkSortListModel    *sorted;           /* only around lists that are no KabRecordList */
  KabRecordSelection  *selection;

  KabTableSlot        *slots;            /* info->n_columns, then the narrow one */
  GHashTable          *bound;            /* GtkListItem of a cell → its KabTableSlot */
  GHashTable          *waiting;          /* those of them whose text is not that of their row yet: out of sight */
  GObject             *low, *high;       /* probes: which header sorts, and which way? */
  const KabTableSlot  *probed;
  const KabTableSlot  *sort_slot;
  gboolean             descending;
  gboolean             narrow;
  guint                narrow_source;
  guint                selection_source;
  GtkSorter           *sorter;

  GSimpleActionGroup  *actions;
  GMenu               *view_menu;
  GMenuModel          *row_menu;
  guint                save_source;
  gboolean             restoring;        /* settings, not the user, move columns now */

  /* What keeps the place over a new reading of the same list */
  GPtrArray           *kept_ids;         /* selected, up to KAB_TABLE_KEEPS */
  gboolean             kept_all;
  char                *kept_query;
  char                *top_id;           /* of the first row in sight */
  double               top_offset;       /* pixels of it that are out of sight */
  guint                keep_tick;
  gboolean             emptied;          /* between (0, n, 0) and (0, 0, n) */

  GCancellable        *cancellable;
};

#define KAB_TABLE_KEEPS 2000

/* kab-table-cells.c */
GtkListItemFactory *kab_table_cells_new (KabTableSlot *slot);
/* Fills the cells that are there with what stands at their positions now. */
void         kab_table_cells_refresh  (KabTable  *self);
/* Opens the door that the cell at or around @widget is. Returns: %FALSE when it is none */
gboolean     kab_table_open_door      (KabTable  *self,
                                       GtkWidget *widget);
/* Position of the row a cell or row widget stands for; GTK_INVALID_LIST_POSITION for others. */
guint        kab_table_find_position  (KabTable  *self,
                                       GtkWidget *widget);

/* kab-table-columns.c */
void         kab_table_columns_build  (KabTable *self);
void         kab_table_columns_clear  (KabTable *self);
void         kab_table_columns_narrow (KabTable *self,
                                       gboolean  narrow);
GListModel  *kab_table_apply_sort     (KabTable *self);
/* (element-type KabTableColumn): what is shown now, in the order of the user */
GPtrArray   *kab_table_dup_shown      (KabTable *self);

/* kab-table-menu.c */
void         kab_table_menu_init       (KabTable *self);
void         kab_table_menu_class_init (GtkWidgetClass *klass);
void         kab_table_menu_dispose    (KabTable *self);

/* kab-table-place.c */
void         kab_table_place_init      (KabTable *self);
void         kab_table_place_dispose   (KabTable *self);

/* kab-table-copy.c */
void         kab_table_copy_init       (KabTable *self);

void         kab_table_tell            (KabTable *self, const char *text);
void         kab_table_fail            (KabTable *self, const GError *error);

G_END_DECLS
