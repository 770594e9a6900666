/* kab-session.h: what is open now: one server, its mirror, the jobs. It holds, it does not do.
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-host-task.h"
#include "kab-identity.h"
#include "kab-job.h"
#include "kab-record-list.h"
#include "kab-snapshot.h"

G_BEGIN_DECLS

/**
 * KabProfile: one server as the user set it up; a group of servers.ini in the user's config folder. No secrets in it.
 */
typedef struct {
  char    *name;                /* shown, unique; "practice" is the practice fleet */
  char    *url;
  char    *user;
  char    *ca_file;
  char    *pinned_fingerprint;
  char    *client_certificate;
  char    *client_key;
  char    *proxy;               /* "" = desktop's */
  char    *updates_path;        /* level "configured" */
  char    *states_path;
  char    *signing_certificate;
  char    *signing_key;
  char    *action_scan, *action_download, *action_install, *action_upgrade, *action_cancel;   /* "" = default */
  guint    sync_minutes;        /* 0 = by hand only */
  guint    silent_days;
  guint    stale_scan_days;
  gboolean open_level_only;     /* use the open 1.8 routes even where better ones exist */
} KabProfile;

KabProfile  *kab_profile_new        (const char *name);
KabProfile  *kab_profile_copy       (const KabProfile *self);
void         kab_profile_free       (KabProfile *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabProfile, kab_profile_free)
/* kab-profiles.c: servers.ini, written atomically. (element-type KabProfile) */
GPtrArray   *kab_profiles_load      (const char **active, GError **error);
gboolean     kab_profiles_save      (GPtrArray *profiles, const char *active, GError **error);

/* kab-secrets.c: keyring, and memory where there is none. Kinds: "password", "key-passphrase", "signing-passphrase". */
char        *kab_secrets_lookup     (const char *kind, const KabProfile *profile, GCancellable *cancellable, GError **error);   /* blocks; free with kab_secret_free */
gboolean     kab_secrets_store      (const char *kind, const KabProfile *profile, const char *secret, gboolean keyring, GCancellable *cancellable, GError **error);
void         kab_secrets_forget     (const char *kind, const KabProfile *profile);
gboolean     kab_secrets_have_keyring (void);      /* blocks the first time */
void         kab_secret_free        (char *secret);    /* wipes */

typedef enum {
  KAB_CONNECTION_OFFLINE,       /* not tried yet, or no network: the mirror is shown with its age */
  KAB_CONNECTION_CONNECTING,
  KAB_CONNECTION_ONLINE,
  KAB_CONNECTION_SIGN_IN,       /* a password is needed */
  KAB_CONNECTION_UNTRUSTED,     /* the certificate must be looked at */
} KabConnection;

#define KAB_TYPE_SESSION (kab_session_get_type ())
G_DECLARE_FINAL_TYPE (KabSession, kab_session, KAB, SESSION, GObject)

/* Main thread. Opens the mirror in a thread; "snapshot" notifies when it is read. @store_path NULL = the profile's own. */
KabSession       *kab_session_new            (const KabProfile *profile, const char *store_path);
const KabProfile *kab_session_get_profile    (KabSession *self);
KabSnapshot      *kab_session_get_snapshot   (KabSession *self);     /* (nullable) property "snapshot" */
KabJobQueue      *kab_session_get_jobs       (KabSession *self);
KabConnection     kab_session_get_connection (KabSession *self);     /* property "connection" */
const GError     *kab_session_get_error      (KabSession *self);     /* why it is not online */
const char       *kab_session_get_repair     (KabSession *self);     /* the mirror was damaged and set aside: where; property "repair" */
const char       *kab_session_get_server_version (KabSession *self); /* "1.8.2" or "" */
const char       *kab_session_get_level      (KabSession *self);     /* level of the last sync: "open", "configured", "bulk", "" */
gint64            kab_session_get_now        (KabSession *self);     /* the server's clock */
void              kab_session_set_password   (KabSession *self, const char *password, gboolean remember);
void              kab_session_set_signing_passphrase (KabSession *self, const char *passphrase);   /* memory only, wiped after a time */
gboolean          kab_session_has_signing_key (KabSession *self, gboolean *needs_passphrase, GError **error);   /* looks at files: not on the main thread */
void              kab_session_reload         (KabSession *self);     /* reads the snapshot anew, in a thread */
void              kab_session_close          (KabSession *self);     /* cancels and waits for jobs */

/* Deeds. Each returns the job, already in the queue (transfer none). */
KabJob           *kab_session_sync           (KabSession *self, gboolean automatic);
/* @hosts: uuids. @update_ids: NULL = all allowed. */
KabJob           *kab_session_trigger        (KabSession *self, KabDeed deed, const char * const *hosts, const char * const *update_ids);

/* kab-lookup.c: details for a pane, read in a thread. */
typedef struct _KabHostDetail KabHostDetail;
typedef struct _KabUpdateDetail KabUpdateDetail;
void              kab_session_read_host_async    (KabSession *self, const char *uuid, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
KabHostDetail    *kab_session_read_host_finish   (KabSession *self, GAsyncResult *result, GError **error);
void              kab_session_read_update_async  (KabSession *self, const char *update_id, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
KabUpdateDetail  *kab_session_read_update_finish (KabSession *self, GAsyncResult *result, GError **error);
void              kab_session_read_tasks_async   (KabSession *self, const char *uuid, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GListModel       *kab_session_read_tasks_finish  (KabSession *self, GAsyncResult *result, GError **error);   /* of KabHostTask */
void              kab_session_read_sync_log_async  (KabSession *self, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
GListModel       *kab_session_read_sync_log_finish (KabSession *self, GAsyncResult *result, GError **error); /* of KabSyncLogEntry */

/* kab-practice.c: kabinet-server as a child on a free loopback port; it ends when its stdin does. */
void              kab_practice_start_async   (GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
KabProfile       *kab_practice_start_finish  (GAsyncResult *result, char **password, GError **error);

/* kab-connect-test.c: what first run and preferences use. */
typedef struct {
  gboolean     reachable;
  gboolean     trusted;
  gboolean     signed_in;
  KabIdentity *certificate;     /* (nullable) plain http */
  char        *problems;        /* why it is not trusted, N_() text or NULL */
  char        *version, *edition, *level;
  guint        n_hosts;
  GError      *error;           /* the first thing that failed, NULL when all is well */
} KabConnectResult;
void              kab_connect_test_async     (const KabProfile *profile, const char *password, GCancellable *cancellable, GAsyncReadyCallback callback, gpointer user_data);
KabConnectResult *kab_connect_test_finish    (GAsyncResult *result, GError **error);
void              kab_connect_result_free    (KabConnectResult *self);

G_END_DECLS
