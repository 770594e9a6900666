/* kab-sync-job.h: brings the mirror of one server up to date
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-job.h"
#include "kab-mirror.h"
#include "kab-sign-in.h"

G_BEGIN_DECLS

/* Numbers of one sync, for faces. Valid once the job is DONE. */
typedef struct {
  const char *level;           /* "open", "configured", "bulk" */
  guint       hosts_new, hosts_changed, hosts_gone;
  guint       updates_new, updates_changed, updates_gone;
  guint       states_changed;
  guint       n_requests;
  guint       n_hosts_read;    /* hosts whose updates were read over the network */
  guint       n_hosts_resumed; /* hosts whose updates an interrupted sync had read already */
  guint64     n_bytes;
  gint64      duration_ms;
} KabSyncNumbers;

/**
 * KabSyncJob: kind "sync". Reads on the best level the server offers (or the open one when the profile says so) and
 * commits once: readers see the old fleet or the new one. Cancelling loses nothing: what the open level had read is taken
 * up by the next sync (kab-sync-spool.h); a bulk answer costs what changed since the last commit and is asked for again.
 */
#define KAB_TYPE_SYNC_JOB (kab_sync_job_get_type ())
G_DECLARE_FINAL_TYPE (KabSyncJob, kab_sync_job, KAB, SYNC_JOB, KabJob)

KabSyncJob           *kab_sync_job_new               (KabSignIn  *sign_in,
                                                      KabMirror  *mirror,
                                                      gboolean    automatic);
/* A server with another uuid than the mirror's is refused with KAB_ERROR_UNTRUSTED, unless the user said that it is
 * right: then the mirror is filled anew. */
void                  kab_sync_job_set_accept_server (KabSyncJob *self,
                                                      gboolean    accept);
/* TRUE when it failed for that reason alone */
gboolean              kab_sync_job_met_other_server  (KabSyncJob *self);
gboolean              kab_sync_job_is_automatic      (KabSyncJob *self);
const KabSyncNumbers *kab_sync_job_get_numbers       (KabSyncJob *self);
/* The server's version as it said it; "" before */
const char           *kab_sync_job_get_version       (KabSyncJob *self);
/* Server's clock minus ours, in seconds */
gint64                kab_sync_job_get_clock_offset  (KabSyncJob *self);

G_END_DECLS
