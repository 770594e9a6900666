/* kab-activity-page.h: what this program does, what hosts do, and what syncs did
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-page.h"

G_BEGIN_DECLS

/* show_query() takes "jobs", "tasks", "approvals", "log", or "" for the view that is shown. */
#define KAB_TYPE_ACTIVITY_PAGE (kab_activity_page_get_type ())
G_DECLARE_FINAL_TYPE (KabActivityPage, kab_activity_page, KAB, ACTIVITY_PAGE, KabPage)

G_END_DECLS
