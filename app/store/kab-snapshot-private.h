/* kab-snapshot-private.h: what a snapshot holds
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-database.h"
#include "kab-query.h"
#include "kab-record-list.h"
#include "kab-snapshot.h"

G_BEGIN_DECLS

#define KAB_NO_STATE 0xff           /* the host does not report the update */

struct _KabSnapshot
{
  GObject          parent_instance;

  char            *path;            /* of the mirror it was read from */
  KabLimits        limits;
  GStringChunk    *arena;
  KabUpdateRecord *updates;
  guint            n_updates;
  KabHostRecord   *hosts;
  guint            n_hosts;
  guint32         *host_numbers;    /* beside @hosts, ascending */
  guint32         *update_indices;  /* by the mirror's number: index + 1, 0 = none */
  guint            n_numbers;

  guint            host_counts[KAB_N_HOST_STATES];
  guint            n_counted;
  guint            n_restarts;
  GArray          *failures;        /* KabFailureGroup */
  gint64           synced_at;
  gint64           catalogue_at;
  GHashTable      *update_ids;      /* update id → index + 1 */
  GHashTable      *host_uuids;

  GMutex           mutex;           /* what follows is made when first asked for */
  GHashTable      *orders;          /* KabSort + domain → guint32 rows in that order */
  GHashTable      *pairs;           /* text → GBytes: states or matches read from the mirror */
};

KabSnapshot   *kab_snapshot_build       (KabDatabase      *database,
                                         const KabLimits  *limits,
                                         GCancellable     *cancellable,
                                         GError          **error);
guint          kab_snapshot_get_n_rows  (KabSnapshot      *self,
                                         KabQueryDomain    domain);

/* Rows in ascending order, lent as long as the snapshot lives; NULL when cancelled */
const guint32 *kab_snapshot_get_order   (KabSnapshot      *self,
                                         KabQueryDomain    domain,
                                         KabSort           sort,
                                         GCancellable     *cancellable);

/* One byte a host: the effective state of one update on it, KAB_NO_STATE where it does not report it or is not counted */
GBytes        *kab_snapshot_read_update (KabSnapshot      *self,
                                         guint             update,
                                         GCancellable     *cancellable,
                                         GError          **error);
/* One byte an update: its state on one host */
GBytes        *kab_snapshot_read_host   (KabSnapshot      *self,
                                         guint             host,
                                         GCancellable     *cancellable,
                                         GError          **error);
/* One byte a host: 1 where a pair in state ERROR on a counted host has that result */
GBytes        *kab_snapshot_read_result (KabSnapshot      *self,
                                         gint32            result,
                                         GCancellable     *cancellable,
                                         GError          **error);

G_END_DECLS
