/* hostile-server.h: a server on a loopback port that answers whatever bytes a test says
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

typedef struct _HostileServer HostileServer;

/* Runs in a thread for each connection. @request: the head and what came with it. Returns: %TRUE to read another request */
typedef gboolean (*HostileFunc) (HostileServer *server, const char *request, GIOStream *stream, gpointer user_data);

/* @certificate: (nullable): with its key: TLS. */
HostileServer *hostile_server_new             (HostileFunc func, gpointer user_data, GTlsCertificate *certificate);
void           hostile_server_want_client     (HostileServer *self, GTlsDatabase *authorities);
char          *hostile_server_dup_url         (HostileServer *self);
guint          hostile_server_get_connections (HostileServer *self);
guint          hostile_server_get_requests    (HostileServer *self);
gboolean       hostile_server_is_stopping     (HostileServer *self);
void           hostile_server_free            (HostileServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HostileServer, hostile_server_free)

/* Writes text; FALSE when the other side has gone. */
gboolean       hostile_write                  (GIOStream *stream, const char *text);
gboolean       hostile_write_bytes            (GIOStream *stream, gconstpointer bytes, gsize size);
/* A whole answer with Content-Length. @headers: lines with CRLF, or "" */
gboolean       hostile_answer                 (GIOStream *stream, const char *status, const char *headers, const char *body);

G_END_DECLS
