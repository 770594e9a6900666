/* kab-packages-page.h: the packages of the server: a board of rings, a table, a detail, and the way to production
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-page.h"

G_BEGIN_DECLS

/* show_query() takes a search such as "is:waiting". Actions: packages.promote, .roll-back, .delete, .details, .view(s). */
#define KAB_TYPE_PACKAGES_PAGE (kab_packages_page_get_type ())
G_DECLARE_FINAL_TYPE (KabPackagesPage, kab_packages_page, KAB, PACKAGES_PAGE, KabPage)

G_END_DECLS
