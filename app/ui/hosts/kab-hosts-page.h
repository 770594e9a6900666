/* kab-hosts-page.h: all hosts: search, filter, why, and asking them to do something
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-deeds-page.h"

G_BEGIN_DECLS

/* Actions: hosts.scan, download, install, upgrade-packages, cancel-tasks, assign-package, unassign-package,
 * set-up-signing, show-updates, show-tasks, copy-names. */
#define KAB_TYPE_HOSTS_PAGE (kab_hosts_page_get_type ())
G_DECLARE_FINAL_TYPE (KabHostsPage, kab_hosts_page, KAB, HOSTS_PAGE, KabDeedsPage)

G_END_DECLS
