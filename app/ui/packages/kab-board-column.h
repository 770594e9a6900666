/* kab-board-column.h: one ring of the board: a heading above a list of cards. Private to KabPackageBoard
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-package-board.h"

G_BEGIN_DECLS

/**
 * KabBoardColumn: Tab leaves the list instead of walking through it.
 *
 * Signals: "selected" (KabRulePackage or %NULL); "activate" (KabRulePackage); "dropped" (KabRulePackage): of another ring;
 * "leave" (int step): an arrow key points to the neighbour, -1 before, 1 behind.
 */
#define KAB_TYPE_BOARD_COLUMN (kab_board_column_get_type ())
G_DECLARE_FINAL_TYPE (KabBoardColumn, kab_board_column, KAB, BOARD_COLUMN, AdwBin)

GtkWidget      *kab_board_column_new              (KabRing             ring);
void            kab_board_column_set_model        (KabBoardColumn     *self,
                                                   GListModel         *model);      /* (nullable) */
guint           kab_board_column_get_n_items      (KabBoardColumn     *self);
/* (transfer none) (nullable) */
KabRulePackage *kab_board_column_get_selected     (KabBoardColumn     *self);
void            kab_board_column_select_id        (KabBoardColumn     *self,
                                                   const char         *id);         /* (nullable): none */
/* Gives the keyboard to its cards, and selects the first when none is. */
void            kab_board_column_enter            (KabBoardColumn     *self);
void            kab_board_column_set_single_click (KabBoardColumn     *self,
                                                   gboolean            single);
void            kab_board_column_set_notes        (KabBoardColumn     *self,
                                                   KabPackageNoteFunc  func,
                                                   gpointer            user_data);
void            kab_board_column_refresh          (KabBoardColumn     *self);

G_END_DECLS
