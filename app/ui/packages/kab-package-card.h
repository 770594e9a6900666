/* kab-package-card.h: one package on the board
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-packages-columns.h"

G_BEGIN_DECLS

#define KAB_TYPE_PACKAGE_CARD (kab_package_card_get_type ())
G_DECLARE_FINAL_TYPE (KabPackageCard, kab_package_card, KAB, PACKAGE_CARD, GtkBox)

GtkWidget      *kab_package_card_new      (void);
/* @note: (nullable): how its gate stands */
void            kab_package_card_show     (KabPackageCard *self,
                                           KabRulePackage *item,
                                           const char     *note);
KabRulePackage *kab_package_card_get_item (KabPackageCard *self);       /* (nullable) */

G_END_DECLS
