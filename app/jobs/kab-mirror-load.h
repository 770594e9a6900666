/* kab-mirror-load.h: what a session shows, read from its mirror in a thread
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-mirror.h"
#include "kab-profiles.h"
#include "kab-snapshot.h"

G_BEGIN_DECLS

typedef struct {
  KabSnapshot *snapshot;
  char        *repair;        /* (nullable): what was found damaged, and where it was set aside */
  char        *version;       /* (nullable): of the server, at the last sync */
  char        *level;         /* (nullable): of the last sync */
} KabLoaded;

void       kab_loaded_free        (KabLoaded            *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabLoaded, kab_loaded_free)

/**
 * kab_mirror_read_ahead:
 * @profile: the server that will be shown first
 * @prepare: (nullable): called in the thread that reads, before anybody gets the snapshot
 *
 * For the start of the program, while the window is still being made: a thread begins to read the mirror of @profile
 * before there is a session that asks for it. Any thread; returns at once.
 */
void       kab_mirror_read_ahead  (const KabProfile     *profile,
                                   void                (*prepare) (KabSnapshot *snapshot));
/* (transfer full): the mirror at @path that is read ahead, else a new one */
KabMirror *kab_mirror_claim       (const char           *path);

void       kab_mirror_load_async  (KabMirror            *mirror,
                                   const KabLimits      *limits,
                                   GCancellable         *cancellable,
                                   GAsyncReadyCallback   callback,
                                   gpointer              user_data);
KabLoaded *kab_mirror_load_finish (GAsyncResult         *result,
                                   GError              **error);

/* Looks for damage that no read has met, after a while: %KAB_ERROR_BAD_DATA, and the mirror was made anew. */
void       kab_mirror_check_async  (KabMirror            *mirror,
                                    guint                 after_seconds,
                                    GCancellable         *cancellable,
                                    GAsyncReadyCallback   callback,
                                    gpointer              user_data);
gboolean   kab_mirror_check_finish (GAsyncResult         *result,
                                    GError              **error);

G_END_DECLS
