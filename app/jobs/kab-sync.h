/* kab-sync.h: what the parts of one sync share; only for kab-sync-*.c
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-client.h"
#include "kab-job.h"
#include "kab-profiles.h"
#include "kab-store.h"

G_BEGIN_DECLS

/* A server may not make us take in more than this. */
#define KAB_SYNC_MAX_HOSTS   2000000
#define KAB_SYNC_MAX_UPDATES 2000000

/* All borrowed; lives on the stack of kab_sync_job's run(). */
typedef struct {
  KabJob           *job;
  const KabProfile *profile;
  KabStore         *store;
  KabStoreWriter   *writer;
  KabClient        *client;
  GCancellable     *cancellable;
  GHashTable       *rule_packages;     /* uuid → GPtrArray of "name version", for hosts that do not tell; or NULL */
  gboolean          asked_rule_packages;
  gboolean          fill_anew;         /* what the mirror knows of counters and dates does not count */
  guint             n_hosts_read;
  guint             n_hosts_resumed;
} KabSync;

/* kab-sync-open.c: level 1 */
gboolean             kab_sync_open_level   (KabSync             *sync,
                                            GError             **error);
/* kab-sync-bulk.c: levels 2 and 3 */
gboolean             kab_sync_bulk         (KabSync             *sync,
                                            GError             **error);
/* kab-sync-packages.c: the index of packages and the rules in them */
gboolean             kab_sync_packages     (KabSync             *sync,
                                            GError             **error);
/**
 * kab_sync_complete_host:
 * @completed: room for the result
 *
 * A host of 1.8 does not say which rule packages it has. One other question tells it of all hosts at once; it is asked
 * when the first such host is met, in the middle of the answer that is being read.
 *
 * Returns: @fields, or @completed with the rule packages in it; %NULL with @error
 */
const KabHostFields *kab_sync_complete_host (KabSync              *sync,
                                             const KabHostFields  *fields,
                                             KabHostFields        *completed,
                                             GError              **error);

G_END_DECLS
