/* kab-update-registry.h: the updates that several threads meet during a sync, each once
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-store.h"

G_BEGIN_DECLS

/**
 * KabUpdateRegistry: readers in any thread intern() what they meet and get an index; the one thread that writes turns
 * indices into the mirror's numbers. Of two versions of one update the one that was asked for later wins.
 */
typedef struct _KabUpdateRegistry KabUpdateRegistry;

/* Called in the writing thread before an update with new content gets its number. */
typedef gboolean (*KabUpdateWrittenFunc) (guint32                 index,
                                          const KabUpdateFields  *fields,
                                          gpointer                user_data,
                                          GError                **error);

KabUpdateRegistry *kab_update_registry_new      (KabUpdateWrittenFunc    func,
                                                 gpointer                user_data);
void               kab_update_registry_free     (KabUpdateRegistry      *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabUpdateRegistry, kab_update_registry_free)

/* Any thread. @turn: grows with every question asked. KAB_ERROR_BAD_DATA when there are absurdly many. */
gboolean           kab_update_registry_intern   (KabUpdateRegistry      *self,
                                                 const KabUpdateFields  *fields,
                                                 guint64                 fingerprint,
                                                 guint                   turn,
                                                 guint32                *index,
                                                 GError                **error);
/* The writing thread. Returns: the mirror's number, 0 on error */
guint32            kab_update_registry_resolve  (KabUpdateRegistry      *self,
                                                 KabStoreWriter         *writer,
                                                 guint32                 index,
                                                 GError                **error);
/* Any thread; lives as long as the registry. NULL for an index nobody got. */
const char        *kab_update_registry_get_id   (KabUpdateRegistry      *self,
                                                 guint32                 index);
/* Numbers resolved so far whose facts were read in @since_turn or later: a set of GUINT_TO_POINTER (number). */
GHashTable        *kab_update_registry_dup_fresh (KabUpdateRegistry     *self,
                                                  guint                  since_turn);

G_END_DECLS
