/* kab-client-private.h: how calls are made; only for this room
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <json-glib/json-glib.h>

#include "kab-client.h"
#include "kab-http-session.h"

G_BEGIN_DECLS

KabHttpSession *kab_client_get_http         (KabClient *self);
const char     *kab_client_get_updates_path (KabClient *self);   /* (nullable): as configured */
const char     *kab_client_get_states_path  (KabClient *self);

/* How long an answer about all hosts may be: @per_host bytes for each that the sign-in counted, and much more besides; @most
 * at any rate. Who lies about the count gains no more than that. */
guint64         kab_client_limit_answer     (KabClient *self, guint64 per_host, guint64 most);
/* Sends @request and opens the envelope of its answer. Returns: (transfer full): the result; a null node for empty_data */
JsonNode       *kab_client_call             (KabClient *self, const KabRequest *request, char **msg,
                                             GCancellable *cancellable, GError **error);
/* Sends @request and hands its body to @func. An answer that is not 2xx is an error, with the envelope's words. */
gboolean        kab_client_stream           (KabClient *self, const KabRequest *request, KabChunkFunc func, gpointer user_data,
                                             GCancellable *cancellable, GError **error);
/* The error of an answer that is not 2xx. Always FALSE */
gboolean        kab_client_set_status_error (const KabRequest *request, KabResponse *response, GError **error);

/* One package file below @folder */
GBytes         *kab_client_read_file        (KabClient *self, const char *folder, const char *file_name,
                                             GCancellable *cancellable, GError **error);

/* "name=value&…" with the values escaped; ends with NULL. */
char           *kab_client_build_query      (const char *name, ...) G_GNUC_NULL_TERMINATED;

G_END_DECLS
