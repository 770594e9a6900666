/* kab-test-store.h: a temporary store with a made-up fleet of any size
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-store.h"

G_BEGIN_DECLS

/* The clock of the fleet: Sat 21 Nov 2026, 09:00 UTC */
#define KAB_TEST_NOW G_GINT64_CONSTANT (1795251600)

/* A folder of its own; everything in it is deleted by kab_test_folder_remove(). */
char     *kab_test_folder_new     (void);
void      kab_test_folder_remove  (const char *folder);

/* Opens "<folder>/test.mirror" and fills it; the same sizes always give the same fleet. */
KabStore *kab_test_store_new      (const char *folder,
                                   guint       n_hosts,
                                   guint       n_updates);

/* One sync that writes hosts @first … @first + @n_hosts - 1, all of them if @full. @round: another round has other
 * states, so that something differs. Returns: what the commit counted */
KabSyncReport kab_test_store_fill (KabStore   *store,
                                   guint       first,
                                   guint       n_hosts,
                                   guint       n_updates,
                                   guint       round,
                                   gboolean    full);

/* "host-00042" … as uuid, and the id of an update; both (transfer full) */
char     *kab_test_dup_uuid       (guint       host);
char     *kab_test_dup_update_id  (guint       update);

/* Limits at KAB_TEST_NOW: silent after 14 days, stale after 7 */
extern const KabLimits kab_test_limits;

G_END_DECLS
