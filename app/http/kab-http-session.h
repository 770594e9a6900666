/* kab-http-session.h: one SoupSession with our rules: trust, proxy, time-outs, retry, no credentials over plain http
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "kab-identity.h"

G_BEGIN_DECLS

/**
 * KabHttpOptions: how to reach and trust one server. All pointers may be %NULL; copied.
 * Plain http is refused (KAB_ERROR_USAGE) unless the host is a loopback address given as numbers.
 */
typedef struct {
  const char *base_url;             /* "https://srv/base", no trailing slash needed */
  const char *ca_file;              /* private CA, PEM */
  const char *pinned_fingerprint;   /* hex SHA-256 of the server's certificate: trusted whatever its chain, and only it */
  const char *user;
  const char *password;             /* kept in memory, wiped on finalize */
  const char *client_certificate;   /* file: PEM with chain */
  const char *client_key;           /* file: PEM; encrypted with @client_key_passphrase */
  const char *client_key_passphrase;
  const char *proxy_uri;            /* NULL = as the desktop says, "direct://" = none */
  guint       connect_timeout_s;    /* 0 = 10 */
  guint       retry_delay_ms;       /* before the first repetition, doubled for each more; 0 = 500 */
} KabHttpOptions;

#define KAB_TYPE_HTTP_SESSION (kab_http_session_get_type ())
G_DECLARE_FINAL_TYPE (KabHttpSession, kab_http_session, KAB, HTTP_SESSION, GObject)

KabHttpSession *kab_http_session_new (const KabHttpOptions *options, GError **error);
/* For sign-in, when the words were not known before; forgets the cookies. @user may be %NULL: nobody */
void            kab_http_session_set_credentials (KabHttpSession *self, const char *user, const char *password);
/* Is there a cookie of the server's? */
gboolean        kab_http_session_has_cookie      (KabHttpSession *self);

typedef enum {
  KAB_REQUEST_IDEMPOTENT = 1 << 0,   /* safe to repeat: retried with backoff on network errors, 502, 503, 504, 429 */
  KAB_REQUEST_NO_AUTH    = 1 << 1,   /* neither cookie nor Basic */
  KAB_REQUEST_NO_BASIC   = 1 << 2,   /* never Basic, but cookies are sent and kept: for the sign-in itself */
} KabRequestFlags;

/* A request. @query is already encoded ("a=b&c=d"). @body: borrowed for the call. */
typedef struct {
  const char      *method;
  const char      *path;            /* below the base URL */
  const char      *query;
  const char      *content_type;
  GBytes          *body;
  GInputStream    *body_stream;     /* instead of @body; never retried */
  gint64           body_length;     /* of @body_stream; -1 = chunked */
  const char      *range;           /* "bytes=100-" */
  const char      *if_modified_since;
  KabRequestFlags  flags;
  guint            timeout_s;       /* in which at least 1 KiB, or the end, must come; 0 = 60 */
  guint64          max_bytes;       /* of the answer, received and uncompressed; 0 = 64 MiB; more is KAB_ERROR_BAD_DATA */
} KabRequest;

/* Called in the calling thread with each piece of the body (of a 2xx answer); FALSE with @error stops. */
typedef gboolean (*KabChunkFunc) (const guint8 *data, gsize size, gpointer user_data, GError **error);

typedef struct {
  guint   status;
  char   *content_type;
  char   *last_modified;
  gint64  content_length;   /* -1 unknown */
  gint64  date;             /* the server's clock, 0 when it did not say */
  GBytes *body;             /* of kab_http_session_send(), or of an answer that is not 2xx; else NULL */
  guint64 n_bytes;          /* received, before decompression */
} KabResponse;
void kab_response_free (KabResponse *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabResponse, kab_response_free)

/**
 * Both block; call them in any thread but the interface's. 401 → KAB_ERROR_AUTH, 403 → REFUSED, 404 → NOT_FOUND, TLS → UNTRUSTED,
 * other statuses are returned for the caller to judge (the envelope of a 500 may hold the reason).
 * A redirect is followed only to the same scheme, host and port for non-GET, and never from https to http.
 */
KabResponse *kab_http_session_send   (KabHttpSession *self, const KabRequest *request, GCancellable *cancellable, GError **error);
KabResponse *kab_http_session_stream (KabHttpSession *self, const KabRequest *request, KabChunkFunc func, gpointer user_data,
                                      GCancellable *cancellable, GError **error);
/* What was received and asked for since the session began; any pointer may be %NULL. */
void         kab_http_session_get_traffic (KabHttpSession *self, guint64 *n_bytes, guint *n_requests);

/* Connects only to read the server's certificate, trusted or not: for showing its fingerprint before pinning.
 * @problems: (out): N_() text of why it is not trusted, or NULL when it is, by its chain or by the pin */
KabIdentity *kab_http_session_peek_certificate (KabHttpSession *self, char **problems, GCancellable *cancellable, GError **error);

G_END_DECLS
