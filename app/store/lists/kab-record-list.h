/* kab-record-list.h: a GListModel over the records of a snapshot: filtered and sorted in a thread, objects on demand
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-query.h"
#include "kab-snapshot.h"

G_BEGIN_DECLS

/* Item of the list: a reference to the snapshot and an index. Cheap; made in get_item(). */
#define KAB_TYPE_RECORD (kab_record_get_type ())
G_DECLARE_FINAL_TYPE (KabRecord, kab_record, KAB, RECORD, GObject)

KabRecord             *kab_record_new          (KabSnapshot    *snapshot,
                                                KabQueryDomain  domain,
                                                guint           index);
const KabUpdateRecord *kab_record_get_update   (KabRecord      *self);    /* NULL in a list of hosts */
const KabHostRecord   *kab_record_get_host     (KabRecord      *self);    /* NULL in a list of updates */
const char            *kab_record_get_id       (KabRecord      *self);    /* update_id or uuid */
KabSnapshot           *kab_record_get_snapshot (KabRecord      *self);

/* What a list can be sorted by; the words are those of columns and of settings. */
typedef enum {
  KAB_SORT_SEVERITY, KAB_SORT_KB, KAB_SORT_TITLE, KAB_SORT_PRODUCT, KAB_SORT_CLASSIFICATION, KAB_SORT_PUBLISHED,
  KAB_SORT_NEEDED, KAB_SORT_INSTALLED, KAB_SORT_UPDATE_ERRORS, KAB_SORT_SIZE, KAB_SORT_DOWNLOADED, KAB_SORT_VERDICT,
  KAB_SORT_ID, KAB_SORT_NAME, KAB_SORT_DESCRIPTION, KAB_SORT_STATE, KAB_SORT_PENDING, KAB_SORT_MISSING,
  KAB_SORT_DISCARDED, KAB_SORT_HOST_ERRORS, KAB_SORT_RESTART, KAB_SORT_LAST_SCAN, KAB_SORT_LAST_SEEN, KAB_SORT_WINDOWS,
  KAB_SORT_RING, KAB_SORT_PACKAGES, KAB_SORT_USER, KAB_SORT_ADDRESS,
} KabSort;
#define KAB_N_SORTS (KAB_SORT_ADDRESS + 1)

/* One value of a filter group with its count under the present query (the group's own terms left out). */
typedef struct {
  const char *field;      /* query field: "severity" */
  char       *value;      /* query value, unquoted: "critical" */
  guint       count;
} KabFacet;

/**
 * KabRecordList: emits items-changed (0, old, 0) then (0, 0, new) after a new order, never (0, n, n), which would make
 * a view walk all items; the same order again emits nothing, but a new snapshot always does. Main thread only; work
 * happens in a thread and is cancelled by the next request. What is shown stays until the new order is there.
 *
 * The list of updates hides superseded ones unless the query names `is:`, `id:`, `kb:`, `sha1:` or `host:`.
 *
 * Properties: "n-items" and "n-total" (guint), "busy", "query", "snapshot", "facets"; all notify.
 */
#define KAB_TYPE_RECORD_LIST (kab_record_list_get_type ())
G_DECLARE_FINAL_TYPE (KabRecordList, kab_record_list, KAB, RECORD_LIST, GObject)

KabRecordList *kab_record_list_new           (KabQueryDomain   domain);
void           kab_record_list_set_snapshot  (KabRecordList   *self,
                                              KabSnapshot     *snapshot);    /* (nullable) */
/* FALSE with KAB_ERROR_USAGE for a wrong term: the list keeps what it shows */
gboolean       kab_record_list_set_query     (KabRecordList   *self,
                                              const char      *text,
                                              GError         **error);
const char    *kab_record_list_get_query     (KabRecordList   *self);
void           kab_record_list_set_sort      (KabRecordList   *self,
                                              KabSort          sort,
                                              gboolean         descending);
KabSort        kab_record_list_get_sort      (KabRecordList   *self,
                                              gboolean        *descending);
gboolean       kab_record_list_is_busy       (KabRecordList   *self);
/* Of the snapshot, unfiltered */
guint          kab_record_list_get_n_total   (KabRecordList   *self);
/* (element-type KabFacet): they come a little after the order; until then those before */
GPtrArray     *kab_record_list_get_facets    (KabRecordList   *self);
/* Position, -1 when not shown */
int            kab_record_list_find          (KabRecordList   *self,
                                              const char      *id);

/* For the command line and tests: filter and sort now, in this thread. Returns: (element-type guint) indices */
GArray        *kab_record_order_now          (KabSnapshot     *snapshot,
                                              KabQueryDomain   domain,
                                              const char      *query,
                                              KabSort          sort,
                                              gboolean         descending,
                                              GCancellable    *cancellable,
                                              GError         **error);
/* How many rows a query has; 0 with @error for a wrong term. Blocks, any thread. */
guint          kab_record_count_now          (KabSnapshot     *snapshot,
                                              KabQueryDomain   domain,
                                              const char      *query,
                                              GCancellable    *cancellable,
                                              GError         **error);

G_END_DECLS
