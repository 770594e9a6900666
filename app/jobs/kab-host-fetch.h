/* kab-host-fetch.h: reads the updates of many hosts with several requests in flight
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-client.h"
#include "kab-update-registry.h"

G_BEGIN_DECLS

/* What one host reported. */
typedef struct {
  char    *uuid;
  GArray  *records;         /* KabStateRecord; update = index of the registry */
  GString *history;         /* JSON object by index, or NULL */
  gboolean gone;            /* the server does not know the host any more */
} KabFetchedHost;

void             kab_fetched_host_free (KabFetchedHost *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabFetchedHost, kab_fetched_host_free)

/**
 * KabHostFetch: a few threads ask, the caller takes the answers one by one. No more than a few dozen answers wait, so that
 * memory does not grow with the fleet.
 */
typedef struct _KabHostFetch KabHostFetch;

/* @uuids: (element-type utf8), borrowed until freed. @first_turn: of the first request, for the registry */
KabHostFetch   *kab_host_fetch_new   (KabClient          *client,
                                      KabUpdateRegistry  *registry,
                                      GPtrArray          *uuids,
                                      guint               first_turn,
                                      guint               n_threads,
                                      GCancellable       *cancellable);
/* Waits for the next answer, in no particular order. NULL without @error: that was all. */
KabFetchedHost *kab_host_fetch_next  (KabHostFetch       *self,
                                      GError            **error);
/* Stops the threads and waits for them. */
void            kab_host_fetch_free  (KabHostFetch       *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabHostFetch, kab_host_fetch_free)

G_END_DECLS
