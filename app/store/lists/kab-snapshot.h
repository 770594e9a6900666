/* kab-snapshot.h: the whole fleet at one moment, compact and immutable, for lists, counts and cards
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-host.h"
#include "kab-update.h"

G_BEGIN_DECLS

/**
 * KabUpdateRecord: one update with its counts. Texts live in the snapshot's arena, are never %NULL ("" when absent).
 * @counts: hosts by effective state (hosts that are not Windows or have WUA off are left out)
 */
typedef struct {
  guint32     number;
  guint8      severity;            /* KabSeverity */
  guint8      superseded;          /* another known update replaces it */
  const char *update_id;
  const char *title;
  const char *folded;              /* what a bare word searches: title, KBs, product, id, folded */
  const char *kbs;                 /* "KB5031354, KB…" */
  const char *product;             /* as reported */
  const char *classification;      /* normalised name; else as reported */
  const char *family;              /* kab_product_get_group() */
  const char *bulletins;
  const char *superseded_by;       /* update_id of the nearest one that replaces it, "" */
  const char *sha1s;               /* of its files, for search */
  const char *reboot_behaviour;
  const char *languages;
  gint64      changed_at;
  gint64      downloaded_at;
  gint64      max_size;
  guint       counts[KAB_N_STATES];
  guint       n_allowed, n_not_allowed;   /* hosts by the "allowed" they reported, not installed ones only */
} KabUpdateRecord;

static inline guint
kab_update_record_needed (const KabUpdateRecord *record)
{
  return record->counts[KAB_STATE_PENDING] + record->counts[KAB_STATE_MISSING] + record->counts[KAB_STATE_ERROR];
}

/**
 * KabHostRecord: one host with its counts. Texts as above.
 */
typedef struct {
  guint8      state;               /* KabHostState, judged with the snapshot's limits */
  guint8      restart;
  guint8      reachable;
  guint8      triggerable;         /* connected by web socket */
  guint8      counted;             /* in the denominator of compliance */
  guint8      silent;              /* no contact within the limits, whatever its state says */
  guint8      stale;               /* no scan within the limits */
  const char *uuid;
  const char *name;
  const char *fqdn;
  const char *folded;
  const char *description;
  const char *windows;             /* "Windows 11 23H2" or os_name */
  const char *build;               /* "22631.4317" */
  const char *rings;               /* "PROD" or "PROD, PREPROD"; "" = unknown */
  const char *packages;            /* rule packages, "name version" joined by ", " */
  const char *users;
  const char *addresses;
  const char *ou;
  const char *site;
  const char *groups;
  const char *ad_groups;           /* computer groups of the directory, each ended by 0x1f: names may hold commas */
  const char *agent;
  const char *wua_status;
  const char *last_error;
  gint64      last_seen_at;
  gint64      last_scan_at;
  gint64      catalogue_at;
  guint       counts[KAB_N_STATES];
  gint32      result;              /* of its newest failure, 0 none */
} KabHostRecord;

static inline guint
kab_host_record_needed (const KabHostRecord *record)
{
  return record->counts[KAB_STATE_PENDING] + record->counts[KAB_STATE_MISSING] + record->counts[KAB_STATE_ERROR];
}

/* A group of equal failures across the fleet: pairs in state ERROR on counted hosts, by the code of their newest try. */
typedef struct {
  gint32 result;
  guint  n_hosts;
  guint  n_pairs;
} KabFailureGroup;

#define KAB_TYPE_SNAPSHOT (kab_snapshot_get_type ())
G_DECLARE_FINAL_TYPE (KabSnapshot, kab_snapshot, KAB, SNAPSHOT, GObject)

/* @n: (out) (optional) */
const KabUpdateRecord *kab_snapshot_get_updates      (KabSnapshot   *self,
                                                      guint         *n);
const KabHostRecord   *kab_snapshot_get_hosts        (KabSnapshot   *self,
                                                      guint         *n);
guint                  kab_snapshot_count_hosts      (KabSnapshot   *self,
                                                      KabHostState   state);
/* The denominator of compliance */
guint                  kab_snapshot_count_counted    (KabSnapshot   *self);
guint                  kab_snapshot_count_restarts   (KabSnapshot   *self);
/* Most hosts first */
const KabFailureGroup *kab_snapshot_get_failures     (KabSnapshot   *self,
                                                      guint         *n);
/* End of the last good sync, 0 never */
gint64                 kab_snapshot_get_synced_at    (KabSnapshot   *self);
/* Newest wsusscn2cab_date any host reports */
gint64                 kab_snapshot_get_catalogue_at (KabSnapshot   *self);
const KabLimits       *kab_snapshot_get_limits       (KabSnapshot   *self);
/* -1 none */
int                    kab_snapshot_find_update      (KabSnapshot   *self,
                                                      const char    *update_id);
int                    kab_snapshot_find_host        (KabSnapshot   *self,
                                                      const char    *uuid);
/* (element-type guint): counted hosts with one update in the states of @state_mask (1 << KabState), as host indices.
 * Reads the mirror: blocks. */
GArray                *kab_snapshot_find_hosts_of    (KabSnapshot   *self,
                                                      const char    *update_id,
                                                      guint          state_mask,
                                                      GCancellable  *cancellable,
                                                      GError       **error);
/* The pairs of one host, by the number of their updates: KabUpdateRecord.number */
typedef void (*KabHostPairsFunc) (guint                 host,
                                  const KabStateRecord *records,
                                  guint                 n_records,
                                  gpointer              user_data);

/* Calls @func for each host, or, where @wanted is not NULL, for those whose byte is not 0. Reads the mirror: blocks. */
gboolean               kab_snapshot_visit_pairs      (KabSnapshot   *self,
                                                      const guint8  *wanted,
                                                      KabHostPairsFunc func,
                                                      gpointer       user_data,
                                                      GCancellable  *cancellable,
                                                      GError       **error);

G_END_DECLS
