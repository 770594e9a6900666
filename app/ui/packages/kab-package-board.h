/* kab-package-board.h: the packages as cards in the columns DEV, PREPROD and PROD
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-packages-columns.h"

G_BEGIN_DECLS

/**
 * KabPackageBoard:
 *
 * Property "single-click": a click opens, where there is no room for the detail beside.
 *
 * Signals: "selection-changed"; "activate" (KabRulePackage): Enter or a double click; "dropped" (KabRulePackage, ring name):
 * a card was dragged into another column.
 */
#define KAB_TYPE_PACKAGE_BOARD (kab_package_board_get_type ())
G_DECLARE_FINAL_TYPE (KabPackageBoard, kab_package_board, KAB, PACKAGE_BOARD, AdwBin)

GtkWidget      *kab_package_board_new          (void);
void            kab_package_board_set_model    (KabPackageBoard *self,
                                                GListModel      *model);        /* (nullable) */
/* (transfer none) (nullable) */
KabRulePackage *kab_package_board_get_selected (KabPackageBoard *self);
void            kab_package_board_select_id    (KabPackageBoard *self,
                                                const char      *id);           /* (nullable) */
void            kab_package_board_set_menu     (KabPackageBoard *self,
                                                GMenuModel      *menu);
/* What is said of packages on their way: item → text, or NULL. Cards are filled anew by kab_package_board_refresh(). */
typedef char *(*KabPackageNoteFunc) (KabRulePackage *item, gpointer user_data);
void            kab_package_board_set_notes    (KabPackageBoard   *self,
                                                KabPackageNoteFunc func,
                                                gpointer           user_data);
void            kab_package_board_refresh      (KabPackageBoard *self);

G_END_DECLS
