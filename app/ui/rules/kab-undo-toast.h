/* kab-undo-toast.h: what was done to packages, and a button that takes it back
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-session-rules.h"

G_BEGIN_DECLS

/* @jobs: (element-type KabPackageJob): done, in their order; what is undone is told in a toast too. Where there is nothing
 * to undo the toast has no button. @from: a widget of the window, or the window itself */
void     kab_undo_toast_show     (GtkWidget  *from,
                                  KabSession *session,
                                  GPtrArray  *jobs,
                                  const char *text);
/* Is it one that puts packages back as they were? That needs no key, and the toast tells what came of it, failures too. */
gboolean kab_undo_toast_tells_of (KabJob     *job);

G_END_DECLS
