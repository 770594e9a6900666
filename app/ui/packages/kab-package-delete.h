/* kab-package-delete.h: packages go from the server: at once where nobody misses them, else after a question
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-delete-package-job.h"
#include "kab-session.h"

G_BEGIN_DECLS

/* One rule package that no host has or asks for, and no package needs, goes at once: the window's toast has Undo. Else a
 * question says who has and needs what is to go, and what cannot be undone. @items: (element-type KabRulePackage) */
void     kab_package_delete_ask       (GtkWidget           *from,
                                       KabSession          *session,
                                       GPtrArray           *items);
/* A deed that failed because no copy of some files can be kept: without one? FALSE: it failed for another reason */
gboolean kab_package_delete_ask_again (GtkWidget           *from,
                                       KabSession          *session,
                                       KabDeletePackageJob *job);
/* What a deed that is done did: "3 packages are deleted from the server" */
char    *kab_package_delete_dup_told  (KabDeletePackageJob *job);

G_END_DECLS
