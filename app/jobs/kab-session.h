/* kab-session.h: what is open now: one server, its mirror, the jobs. It holds, it does not do.
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-connect-test.h"
#include "kab-history.h"
#include "kab-host-task.h"
#include "kab-job-queue.h"
#include "kab-practice.h"
#include "kab-profiles.h"
#include "kab-record-list.h"
#include "kab-secrets.h"
#include "kab-snapshot.h"

G_BEGIN_DECLS

typedef enum {
  KAB_CONNECTION_OFFLINE,       /* not tried yet, or no network: the mirror is shown with its age */
  KAB_CONNECTION_CONNECTING,
  KAB_CONNECTION_ONLINE,
  KAB_CONNECTION_SIGN_IN,       /* a password is needed */
  KAB_CONNECTION_UNTRUSTED,     /* the certificate, or the server's identity, must be looked at */
} KabConnection;

/**
 * KabSession: main thread only; nothing in here blocks but kab_session_close().
 *
 * Properties, read-only, they notify: "snapshot", "connection", "repair", "loading" (the snapshot is being read).
 * Signal "synced" (KabJob *sync): a sync ended well and the new snapshot is in place.
 * Signal "triggered" (KabTriggerJob *job): a deed ended; a sync follows by itself.
 */
#define KAB_TYPE_SESSION (kab_session_get_type ())
G_DECLARE_FINAL_TYPE (KabSession, kab_session, KAB, SESSION, GObject)

/* Opens the mirror in a thread; "snapshot" notifies when it is read. @store_path NULL = the profile's own. */
KabSession       *kab_session_new                    (const KabProfile     *profile,
                                                      const char           *store_path);
const KabProfile *kab_session_get_profile            (KabSession           *self);
KabSnapshot      *kab_session_get_snapshot           (KabSession           *self);   /* (nullable) */
KabJobQueue      *kab_session_get_jobs               (KabSession           *self);
KabConnection     kab_session_get_connection         (KabSession           *self);
/* Why it is not online, or why the mirror cannot be read; NULL when all is well */
const GError     *kab_session_get_error              (KabSession           *self);
/* The mirror was damaged and set aside: where, in the log's words; NULL */
const char       *kab_session_get_repair             (KabSession           *self);
/* "1.8.2" or "" */
const char       *kab_session_get_server_version     (KabSession           *self);
/* Level of the last sync: "open", "configured", "bulk", "" */
const char       *kab_session_get_level              (KabSession           *self);
gint64            kab_session_get_now                (KabSession           *self);   /* the server's clock */
/* Signs in with it at once where that was what was missing. */
void              kab_session_set_password           (KabSession           *self,
                                                      const char           *password,
                                                      gboolean              remember);
/* Memory only, wiped after 15 minutes, or what kab_session_set_passphrase_time() said */
void              kab_session_set_signing_passphrase (KabSession           *self,
                                                      const char           *passphrase);
void              kab_session_set_passphrase_time    (KabSession           *self,
                                                      guint                 seconds);
/* finish: TRUE = there is one; @needs_passphrase: and nobody gave its passphrase yet. FALSE with KAB_ERROR_USAGE when none
 * is set, NOT_FOUND when it is not there */
void              kab_session_check_signing_key_async  (KabSession          *self,
                                                        GCancellable        *cancellable,
                                                        GAsyncReadyCallback  callback,
                                                        gpointer             user_data);
gboolean          kab_session_check_signing_key_finish (KabSession          *self,
                                                        GAsyncResult        *result,
                                                        gboolean            *needs_passphrase,
                                                        GError             **error);
void              kab_session_reload                 (KabSession           *self);   /* reads the snapshot anew */
void              kab_session_close                  (KabSession           *self);   /* cancels and waits for jobs */

/* Deeds. Each returns the job, already in the queue (transfer none). */
/* A sync that waits or runs already is returned instead of a second one. */
KabJob           *kab_session_sync                   (KabSession           *self,
                                                      gboolean              automatic);
/* The user looked: this is the server to mirror from now on, though it has another identity. */
KabJob           *kab_session_sync_accepting_server  (KabSession           *self);
/* @hosts: uuids. @update_ids: NULL = all allowed. The job is a KabTriggerJob. */
KabJob           *kab_session_trigger                (KabSession           *self,
                                                      KabDeed               deed,
                                                      const char * const   *hosts,
                                                      const char * const   *update_ids);

/* kab-session-reads.c: details for a pane, read in a thread. */
typedef struct _KabHostDetail KabHostDetail;
typedef struct _KabUpdateDetail KabUpdateDetail;

void              kab_session_read_host_async        (KabSession           *self,
                                                      const char           *uuid,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
KabHostDetail    *kab_session_read_host_finish       (KabSession           *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
void              kab_session_read_update_async      (KabSession           *self,
                                                      const char           *update_id,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
KabUpdateDetail  *kab_session_read_update_finish     (KabSession           *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);
/* From the server, through it from the host: KAB_ERROR_UNREACHABLE when that is away */
void              kab_session_read_tasks_async       (KabSession           *self,
                                                      const char           *uuid,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
GListModel       *kab_session_read_tasks_finish      (KabSession           *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);   /* of KabHostTask */
void              kab_session_read_sync_log_async    (KabSession           *self,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
GListModel       *kab_session_read_sync_log_finish   (KabSession           *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);   /* of KabSyncLogEntry */
/* (element-type KabHistoryDay): days at or after @since, oldest first */
void              kab_session_read_days_async        (KabSession           *self,
                                                      gint64                since,
                                                      GCancellable         *cancellable,
                                                      GAsyncReadyCallback   callback,
                                                      gpointer              user_data);
GArray           *kab_session_read_days_finish       (KabSession           *self,
                                                      GAsyncResult         *result,
                                                      GError              **error);

G_END_DECLS
