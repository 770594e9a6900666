/* kab-table.h: a list of any length as a table: sort, columns, selection, context menu, copy, export
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

#include "kab-badge.h"
#include "kab-record-list.h"

G_BEGIN_DECLS

typedef enum {
  KAB_CELL_TEXT,
  KAB_CELL_NUMBER,      /* right-aligned, digits of one width */
  KAB_CELL_BADGE,       /* a KabBadge, filled by @bind_badge */
} KabCellKind;

#define KAB_NO_SORT (-1)

/**
 * KabTableColumn: one column, in a static table.
 *
 * @id: the word of settings and actions: "title"
 * @title: N_() text of the header
 * @chars: natural width in characters
 * @expand: takes the room that is left
 * @shown: visible until the user decides
 * @sort: a #KabSort, or %KAB_NO_SORT; only lists of records need it
 * @dup_text: the cell as text: what is shown, copied and exported. Called in threads too
 * @compare: order of two items in lists that are no #KabRecordList; %NULL = not sortable
 * @bind_badge: for %KAB_CELL_BADGE
 * @page: where a click into the cell leads, such as "hosts" (win.show-hosts), or %NULL
 * @dup_query: what it shows there; returns %NULL for a cell that is no door
 */
typedef struct {
  const char   *id;
  const char   *title;
  guint         chars;
  gboolean      expand;
  gboolean      shown;
  KabCellKind   kind;
  int           sort;
  char       *(*dup_text)   (gpointer item);
  int         (*compare)    (gconstpointer a, gconstpointer b);
  void        (*bind_badge) (KabBadge *badge, gpointer item);
  const char   *page;
  char       *(*dup_query)  (gpointer item);
} KabTableColumn;

/**
 * KabTableInfo: what a table shows.
 *
 * @id: its name in the setting "tables", and of an exported file
 * @name: N_() text a screen reader says for the whole table
 * @sort: id of the column that sorts until the user decides, or %NULL
 * @get_id: what is the same item after a new reading; borrowed
 * @dup_name: a row in one short text, for screen readers
 * @narrow_title: N_() header of the only column that a narrow table has
 * @dup_head: first line of a narrow row
 * @dup_line: second line of a narrow row
 * @bind_badge: its badge
 * @wrap: the second line of a narrow row shows all of its text; only for short lists
 */
typedef struct {
  const char           *id;
  const char           *name;
  const KabTableColumn *columns;
  guint                 n_columns;
  const char           *sort;
  gboolean              descending;
  const char         *(*get_id)     (gpointer item);
  char               *(*dup_name)   (gpointer item);
  const char           *narrow_title;
  char               *(*dup_head)   (gpointer item);
  char               *(*dup_line)   (gpointer item);
  void                (*bind_badge) (KabBadge *badge, gpointer item);
  gboolean              wrap;
} KabTableInfo;

/**
 * KabTable:
 *
 * Actions of its group "table": copy, export, sort(s), descending, show-<column>, reset-columns.
 *
 * Signals: "activate" (GObject item), "selection-changed", "told" (translated text for a toast), "failed" (GError).
 */
#define KAB_TYPE_TABLE (kab_table_get_type ())
G_DECLARE_FINAL_TYPE (KabTable, kab_table, KAB, TABLE, AdwBin)

GtkWidget         *kab_table_new             (const KabTableInfo *info);
/* Before the first model, for a table that a template makes. @info is static. */
void               kab_table_set_info        (KabTable           *self,
                                              const KabTableInfo *info);
void               kab_table_set_model       (KabTable           *self,
                                              GListModel         *model);     /* (nullable) */
GtkSelectionModel *kab_table_get_selection   (KabTable           *self);
guint              kab_table_get_n_selected  (KabTable           *self);
/* (transfer full) (nullable): the only selected item; NULL for none and for several */
gpointer           kab_table_dup_single      (KabTable           *self);
/* (transfer full) (nullable): the row the keyboard is on, else the first that is selected */
gpointer           kab_table_dup_current     (KabTable           *self);
gboolean           kab_table_select_id       (KabTable           *self,
                                              const char         *id);
void               kab_table_scroll_to       (KabTable           *self,
                                              guint               position);
/* Shown instead of an empty list. */
void               kab_table_set_placeholder (KabTable           *self,
                                              GtkWidget          *placeholder);
/* What the context menu of rows shows above Copy: a menu of sections. */
void               kab_table_set_row_menu    (KabTable           *self,
                                              GMenuModel         *menu);
/* For a menu button outside of the table, whose ancestor must have kab_table_get_actions() as group "table". */
GMenuModel        *kab_table_get_view_menu   (KabTable           *self);
GActionGroup      *kab_table_get_actions     (KabTable           *self);
/* TRUE: a click activates, as a touch screen wants it. */
void               kab_table_set_single_click (KabTable        *self,
                                               gboolean         single);
GtkAdjustment     *kab_table_get_vadjustment (KabTable         *self);

/**
 * Gathers the selected items (or all), a slice at a time, so that a million rows do not hold up the window. A list that changes
 * meanwhile is gathered anew. Returns: (transfer full) (element-type GObject)
 */
void               kab_table_collect_async   (KabTable           *self,
                                              gboolean            selected_only,
                                              GCancellable       *cancellable,
                                              GAsyncReadyCallback callback,
                                              gpointer            user_data);
GPtrArray         *kab_table_collect_finish  (KabTable           *self,
                                              GAsyncResult       *result,
                                              GError            **error);

G_END_DECLS
