/* kab-updates-page.h: all updates that hosts report: search, filter, detail
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-deeds-page.h"

G_BEGIN_DECLS

/* Actions: updates.show-hosts, show-needing-hosts, allow, forbid, clear-rules, set-up-signing, copy-id, copy-kb,
 * copy-links, open-support. */
#define KAB_TYPE_UPDATES_PAGE (kab_updates_page_get_type ())
G_DECLARE_FINAL_TYPE (KabUpdatesPage, kab_updates_page, KAB, UPDATES_PAGE, KabDeedsPage)

G_END_DECLS
