/* kab-overview-page.h: how the fleet stands, every number a door
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-overview-figures.h"
#include "kab-page.h"

G_BEGIN_DECLS

/* Signal "filled": the numbers of a snapshot are shown now, or that there are none. */
#define KAB_TYPE_OVERVIEW_PAGE (kab_overview_page_get_type ())
G_DECLARE_FINAL_TYPE (KabOverviewPage, kab_overview_page, KAB, OVERVIEW_PAGE, KabPage)

/* (nullable): what is shown */
const KabOverviewFigures *kab_overview_page_get_figures (KabOverviewPage *self);

G_END_DECLS
