/* kab-host-deeds.h: asking hosts to do something: the question before, the key, the toast after
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-session.h"

G_BEGIN_DECLS

/**
 * kab_host_deed_start:
 * @from: a widget of the window
 * @records: (element-type KabRecord): hosts
 * @update_ids: (nullable): only these updates
 *
 * A scan is asked for at once; everything else after a question that names hosts which cannot be reached.
 */
void  kab_host_deed_start    (GtkWidget          *from,
                              KabSession         *session,
                              KabDeed             deed,
                              GPtrArray          *records,
                              const char * const *update_ids);

/* The question, for tests: what, on how many, who cannot be reached, what each will do. */
char *kab_host_deed_dup_heading (KabDeed             deed,
                                 guint               n_hosts);
char *kab_host_deed_dup_body    (KabDeed             deed,
                                 GPtrArray          *records,
                                 guint               n_updates);

G_END_DECLS
