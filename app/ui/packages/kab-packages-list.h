/* kab-packages-list.h: a list of packages brought up to date with as few changes as there are
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* @list: of KabRulePackage; @fresh: a newer reading of the same, in the same order */
void kab_packages_list_update (GListStore *list,
                               GListModel *fresh);

G_END_DECLS
