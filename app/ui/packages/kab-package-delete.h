/* kab-package-delete.h: the question before packages go from the server
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-session.h"

G_BEGIN_DECLS

/* Says how many hosts have them; the deed follows when the answer is yes. @items: (element-type KabRulePackage) */
void kab_package_delete_ask (GtkWidget  *from,
                             KabSession *session,
                             GPtrArray  *items);

G_END_DECLS
