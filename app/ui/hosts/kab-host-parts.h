/* kab-host-parts.h: the texts of a host's detail: facts, failures, history
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-detail.h"

G_BEGIN_DECLS

/* Add to an empty box. */
void kab_host_parts_fill_facts   (GtkBox        *box,
                                  KabHostDetail *detail,
                                  gint64         now);
/* kab-host-history.c: failures, changes between syncs, and what Windows remembers */
void kab_host_parts_fill_history (GtkBox        *box,
                                  KabHostDetail *detail,
                                  KabSnapshot   *snapshot);

G_END_DECLS
