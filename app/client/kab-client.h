/* kab-client.h: the server, as we call it: blocking calls, any thread but the interface's
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-host-task.h"
#include "kab-host.h"
#include "kab-update.h"

G_BEGIN_DECLS

typedef struct _KabHttpSession KabHttpSession;

/* How sync can read this server, best last. */
typedef enum {
  KAB_LEVEL_OPEN,          /* open 1.8 routes only: hosts + host_data per host */
  KAB_LEVEL_CONFIGURED,    /* paths of the closed routes given by the administrator */
  KAB_LEVEL_BULK,          /* Kabinet's own bulk route */
} KabLevel;

/* What /ping and login told. Texts may be "" but never NULL. */
typedef struct {
  char    *version;
  char    *edition;
  char    *uuid;
  char    *wua_base;        /* "" without Kabinet's routes */
  char    *user;
  char   **rights;          /* of perimeter "*" and all others, united; "admin" where the server has no rights (1.7) */
  guint    n_hosts;         /* hosts_count; 0 before sign-in */
  gint64   clock_offset_s;  /* server's clock minus ours */
} KabServerInfo;

#define KAB_TYPE_CLIENT (kab_client_get_type ())
G_DECLARE_FINAL_TYPE (KabClient, kab_client, KAB, CLIENT, GObject)

/* @updates_path, @states_path: as the administrator configured them for level CONFIGURED, or NULL. What somebody wrote
 * down goes before what the server announces. */
KabClient           *kab_client_new            (KabHttpSession *http, const char *updates_path, const char *states_path);
gboolean             kab_client_ping           (KabClient *self, GCancellable *cancellable, GError **error);
/* ping + login; the cookie is kept and Basic sent again on 401 */
gboolean             kab_client_sign_in        (KabClient *self, const char *user, const char *password,
                                                GCancellable *cancellable, GError **error);
const KabServerInfo *kab_client_get_info       (KabClient *self);   /* immutable once signed in */
KabLevel             kab_client_get_level      (KabClient *self);
/* Since the session began: for the sync log. */
void                 kab_client_get_traffic    (KabClient *self, guint64 *n_bytes, guint *n_requests);

/* kab-client-hosts. @func is called in the calling thread. Functions' forms: wire/kab-wire-rows.h. */
gboolean kab_client_read_hosts        (KabClient *self, guint limit,
                                       gboolean (*func) (const KabHostFields *, gpointer, GError **), gpointer user_data,
                                       GCancellable *cancellable, GError **error);
gboolean kab_client_read_host_updates (KabClient *self, const char *uuid,
                                       gboolean (*func) (const KabUpdateFields *, guint64, const KabStateRecord *, const char *,
                                                         gpointer, GError **), gpointer user_data,
                                       GCancellable *cancellable, GError **error);
/* A host column or field as JSON text ("null" for empty_data). */
char    *kab_client_read_host_data    (KabClient *self, const char *uuid, const char *field,
                                       GCancellable *cancellable, GError **error);

/* kab-client-bulk. @handler is a const KabBulkHandler of wire; jobs see both. Levels BULK and CONFIGURED. */
gboolean kab_client_read_bulk_updates (KabClient *self, gint64 since, const char *epoch, gconstpointer handler, gpointer user_data,
                                       GCancellable *cancellable, GError **error);
gboolean kab_client_read_bulk_states  (KabClient *self, gint64 since, const char *epoch, gconstpointer handler, gpointer user_data,
                                       GCancellable *cancellable, GError **error);

/* kab-client-packages */
/* The index as it is, for kab_package_index_read(); NULL without @error when it did not change since @if_modified_since */
GBytes    *kab_client_read_index      (KabClient *self, const char *if_modified_since, char **last_modified,
                                       GCancellable *cancellable, GError **error);
/* Larger ones are refused; rule packages take some 5 KB */
#define KAB_CLIENT_MAX_PACKAGE (256 * 1024 * 1024)
GBytes    *kab_client_read_package    (KabClient *self, const char *file_name, GCancellable *cancellable, GError **error);
/* rule packages on hosts, one call: (element-type utf8 GStrv) "name version" → host uuids */
GHashTable *kab_client_read_rule_packages (KabClient *self, guint limit, GCancellable *cancellable, GError **error);

/* kab-client-tasks */
/* @actions_json: array of signed actions. @msg: the server's words; its counts are read into the rest, -1 when it has none. */
typedef struct { char *msg; int n_launched, n_errors, n_skipped, n_server_errors; } KabTriggerAnswer;
gboolean   kab_client_trigger         (KabClient *self, const char *actions_json, KabTriggerAnswer *answer,
                                       GCancellable *cancellable, GError **error);
/* (element-type KabHostTask); @last_event_id in: -1 = everything at once; out: the newest. NULL without @error = nothing new. */
GPtrArray *kab_client_read_tasks      (KabClient *self, const char *uuid, guint timeout_s, gint64 *last_event_id,
                                       GCancellable *cancellable, GError **error);

G_END_DECLS
