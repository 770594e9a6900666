/* kab-overview-sections.h: the lower half of the overview: severity × state, rings, failures, catalogue
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-overview-figures.h"

G_BEGIN_DECLS

/* Each fills its container; what is there already is kept, so that the focus stays where it is.
 * fill_matrix() returns %FALSE when no update was published since Patch Tuesday. */
gboolean kab_overview_fill_matrix (GtkGrid                  *grid,
                                   const KabOverviewFigures *figures);
void kab_overview_fill_rings     (GtkGrid                  *grid,
                                  const KabOverviewFigures *figures);
void kab_overview_fill_failures  (GtkBox                   *box,
                                  const KabOverviewFigures *figures);
void kab_overview_fill_catalogue (GtkGrid                  *grid,
                                  const KabOverviewFigures *figures,
                                  KabSnapshot              *snapshot,
                                  gint64                    now);

G_END_DECLS
