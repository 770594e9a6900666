/* kab-server-private.h: what the routes of the server share
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>
#include <libsoup/soup.h>

#include "kab-depot-private.h"
#include "kab-server-index.h"
#include "kab-server-json.h"
#include "kab-server-routes.h"
#include "kab-server.h"

G_BEGIN_DECLS

struct _KabServer
{
  SoupServer      *soup;
  KabDepot        *depot;         /* borrowed */
  KabServerAgents *agents;        /* borrowed, nullable */
  GPtrArray       *trusted;       /* KabCertificate */
  char            *address;
  char            *uuid;
  char            *epoch;
  GBytes          *secret;        /* signs cookies; kept in the depot */
  GHashTable      *known;         /* hash of name and password → rights: Basic comes with every request */
  GPtrArray       *held;          /* calls of host_tasks_status that wait for news */
  gboolean         is_tls;
};

/* One request, while its handler runs. */
typedef struct {
  KabServer          *server;
  SoupServerMessage  *message;
  const char         *path;
  GHashTable         *query;        /* (nullable): decoded */
  gint64              started_usec;
  char               *user;         /* (nullable): who is signed in */
  char               *rights;       /* comma list */
  gint64              auth_usec;    /* when they signed in */
  gboolean            has_cookie;   /* the answer renews the session */
} KabServerRequest;

const char *kab_server_request_get       (const KabServerRequest *self,
                                          const char        *name);   /* of the query; NULL when absent */
gint64      kab_server_request_get_int   (const KabServerRequest *self,
                                          const char        *name,
                                          gint64             fallback);
gboolean    kab_server_request_is        (KabServerRequest  *self,
                                          const char        *method);
gboolean    kab_server_request_accepts_gzip (KabServerRequest *self);
/* The body as JSON; answers by itself with the failure of the original when it is none. (transfer full) (nullable) */
JsonNode   *kab_server_request_read_json (KabServerRequest  *self);

/* kab-server-reply.c. @result: taken; NULL writes null. Envelopes as recorded. */
void        kab_server_reply             (KabServerRequest  *self,
                                          const char        *msg,
                                          GString           *result,
                                          gboolean           has_time);
void        kab_server_reply_failure     (KabServerRequest  *self,
                                          const char        *error_code,
                                          const char        *msg);
/* As an exception of the original: its class, its one argument */
void        kab_server_reply_exception   (KabServerRequest  *self,
                                          guint              status,
                                          const char        *exception,
                                          const char        *text);
void        kab_server_reply_error       (KabServerRequest  *self,
                                          const GError      *error);
void        kab_server_reply_html        (KabServerRequest  *self,
                                          guint              status,
                                          const char        *text);
/* @json: taken */
void        kab_server_reply_json        (KabServerRequest  *self,
                                          guint              status,
                                          GString           *json);
void        kab_server_append_head       (GString           *json,
                                          gboolean           success,
                                          const char        *msg);
void        kab_server_append_time       (KabServerRequest  *self,
                                          GString           *json,
                                          gboolean           has_time);

/* kab-server-stream.c: an answer that is made while it is sent. The producer appends about KAB_SERVER_CHUNK bytes a turn.
 * Returns: %FALSE when it is done, or with @error set when it failed: then the connection is cut. */
typedef gboolean (*KabServerProduceFunc) (gpointer  producer,
                                          GString  *out,
                                          GError  **error);
void        kab_server_stream            (KabServerRequest     *self,
                                          const char           *content_type,
                                          KabServerProduceFunc  produce,
                                          gpointer              producer,
                                          GDestroyNotify        producer_free);

/* kab-server-work.c: what looks at the whole fleet does so in a thread, with a connection of its own.
 * @work: runs there; @request is a copy, of which only query and path may be read; it may steal *@database.
 * @done: runs in the main loop afterwards and answers; not called when the client is gone. */
typedef gboolean (*KabServerWorkFunc)    (const KabServerRequest  *request,
                                          KabDatabase            **database,
                                          gpointer                 data,
                                          GError                 **error);
typedef void     (*KabServerDoneFunc)    (KabServerRequest        *request,
                                          gpointer                 data,
                                          const GError            *error);
void        kab_server_work              (KabServerRequest        *self,
                                          KabServerWorkFunc        work,
                                          KabServerDoneFunc        done,
                                          gpointer                 data,
                                          GDestroyNotify           data_free);

/* kab-server-auth.c. Who is it? Fills user and rights. FALSE: nobody that is known */
gboolean    kab_server_authenticate      (KabServerRequest  *self);
/* @accepted: comma list of rights, any of which suffices; "" = whoever is signed in */
gboolean    kab_server_has_right         (KabServerRequest  *self,
                                          const char        *accepted);
char       *kab_server_dup_rights        (KabServer         *self,
                                          const char        *name,
                                          const char        *password);
void        kab_server_set_cookie        (KabServerRequest  *self);
void        kab_server_clear_cookie      (KabServerRequest  *self);
char       *kab_server_dup_token         (KabServer         *self,
                                          const char        *user,
                                          const char        *rights,
                                          gint64             auth_usec);
/* Basic credentials of the request. (transfer full) */
gboolean    kab_server_get_basic         (KabServerRequest  *self,
                                          char             **name,
                                          char             **password);

/* Handlers, one file a subject. */
void        kab_server_ping              (KabServerRequest  *self);
void        kab_server_login             (KabServerRequest  *self);
void        kab_server_logout            (KabServerRequest  *self);
void        kab_server_user_infos        (KabServerRequest  *self);
void        kab_server_change_password   (KabServerRequest  *self);
void        kab_server_usage_statistics  (KabServerRequest  *self);
void        kab_server_hosts             (KabServerRequest  *self);
void        kab_server_host_data         (KabServerRequest  *self);
void        kab_server_hosts_delete      (KabServerRequest  *self);
void        kab_server_groups            (KabServerRequest  *self);
void        kab_server_ad_ou             (KabServerRequest  *self);
void        kab_server_ad_ou_split       (KabServerRequest  *self);
void        kab_server_ad_sites          (KabServerRequest  *self);
void        kab_server_ad_groups         (KabServerRequest  *self);
void        kab_server_hosts_for_package (KabServerRequest  *self);
void        kab_server_packages_for_hosts (KabServerRequest *self);
void        kab_server_packages          (KabServerRequest  *self);
void        kab_server_known_packages    (KabServerRequest  *self);
void        kab_server_upload_packages   (KabServerRequest  *self);
void        kab_server_upload_hosts      (KabServerRequest  *self);
void        kab_server_packages_delete   (KabServerRequest  *self);
void        kab_server_trusted_signers   (KabServerRequest  *self);
void        kab_server_trigger_action    (KabServerRequest  *self);
void        kab_server_tasks_status      (KabServerRequest  *self);
void        kab_server_cancel_task       (KabServerRequest  *self);
void        kab_server_static_file       (KabServerRequest  *self);
void        kab_server_bulk_updates      (KabServerRequest  *self);
void        kab_server_bulk_states       (KabServerRequest  *self);
void        kab_server_update_hosts      (KabServerRequest  *self);
void        kab_server_files             (KabServerRequest  *self);

/* kab-server-tasks.c: a host has news */
void        kab_server_tasks_notify      (const char        *uuid,
                                          gpointer           user_data);
void        kab_server_tasks_release     (KabServer         *self);
void        kab_server_held_free         (gpointer           held);

/* A JSON array of the parts of @text between @separator, for json_each (). (transfer full); NULL when @text is empty */
char       *kab_server_dup_list          (const char        *text,
                                          const char        *separator);

G_END_DECLS
