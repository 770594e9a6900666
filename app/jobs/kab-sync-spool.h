/* kab-sync-spool.h: what an interrupted sync of the open level had read already
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-update-registry.h"

G_BEGIN_DECLS

/**
 * KabSyncSpool: a mirror changes in one transaction, and the open level needs one question per host; so that a break in the
 * middle does not cost the first half again, every answer is also appended to two files beside the mirror, in the bulk
 * form of wire: "<mirror>.resume-updates" and "<mirror>.resume-states". The next sync takes from them the hosts
 * whose hash is still the same, and asks for the rest. They end with the commit. A file that is torn, old, of another server
 * or not ours is ignored from the first line that cannot be read.
 */
typedef struct _KabSyncSpool KabSyncSpool;

/* Begins new files under other names; what an interrupted sync left stays readable until kab_sync_spool_begin(). */
KabSyncSpool *kab_sync_spool_new        (const char            *mirror_path,
                                         const char            *server_uuid,
                                         gint64                 now);
void          kab_sync_spool_free       (KabSyncSpool          *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabSyncSpool, kab_sync_spool_free)

/* Borrowed for the call. @records: update = index of the registry. FALSE with @error set stops. */
typedef gboolean (*KabSpooledHostFunc) (const char            *uuid,
                                        const char            *updates_hash,
                                        const KabStateRecord  *records,
                                        guint                  n_records,
                                        const char            *history_json,
                                        gpointer               user_data,
                                        GError               **error);

/* Reads what was left; only errors of @func are errors. Updates go into @registry as turn 0. */
gboolean      kab_sync_spool_replay     (KabSyncSpool          *self,
                                         KabUpdateRegistry     *registry,
                                         KabSpooledHostFunc     func,
                                         gpointer               user_data,
                                         GError               **error);
/* The new files take the place of the old ones. A disk that cannot take them is no error: then there is no resuming. */
void          kab_sync_spool_begin      (KabSyncSpool          *self);
void          kab_sync_spool_add_update (KabSyncSpool          *self,
                                         guint32                index,
                                         const KabUpdateFields *fields);
void          kab_sync_spool_add_host   (KabSyncSpool          *self,
                                         const char            *uuid,
                                         const char            *updates_hash,
                                         const KabStateRecord  *records,
                                         guint                  n_records,
                                         const char            *history_json);
/* For whoever replaces or removes a mirror. */
void          kab_sync_spool_remove_files (const char          *mirror_path);

G_END_DECLS
