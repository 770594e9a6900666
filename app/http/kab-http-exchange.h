/* kab-http-exchange.h: one request and its answer, once; only for this room
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <libsoup/soup.h>

#include "kab-http-session.h"

G_BEGIN_DECLS

/**
 * KabChannel: a SoupSession with a main context of its own, used by one thread at a time.
 *
 * Threads do not share a SoupSession: with libsoup 3.2 its timers and HTTP/2 connections belong to the context they were made
 * in, and a blocking call could be cancelled or timed out only by another thread. So every blocking call takes a channel
 * out of a pool, runs the asynchronous functions of its session in the channel's context until they are done, and puts
 * it back: connections stay open and are used again, and time-outs and cancelling work at any moment.
 */
typedef struct {
  GMainContext *context;
  SoupSession  *session;
} KabChannel;

KabChannel *kab_channel_new  (GTlsDatabase *database, gboolean use_database, const char *proxy_uri, gboolean is_loopback);
void        kab_channel_free (KabChannel *self);

/* What one exchange needs beside the request. All borrowed. */
typedef struct {
  const KabRequest *request;
  const char       *method;           /* may differ after a redirect */
  GUri             *url;
  const char       *authorization;    /* (nullable) */
  const char       *cookie;           /* (nullable) */
  const char       *pin;              /* (nullable) */
  GTlsCertificate  *client_identity;  /* (nullable) */
  guint             connect_timeout_s;
  KabChunkFunc      func;             /* for a 2xx body; NULL = collect it in the response */
  gpointer          user_data;
} KabExchange;

/* What came beside the response. */
typedef struct {
  SoupMessage          *message;            /* for cookies and headers */
  GTlsCertificate      *peer;               /* (nullable) */
  GTlsCertificateFlags  peer_errors;
  gboolean              delivered;          /* @func was called */
  gboolean              broken;             /* the channel must not be used again */
  gboolean              timed_out;
} KabExchangeResult;

void         kab_exchange_result_clear (KabExchangeResult *result);
KabResponse *kab_exchange_run          (KabChannel *channel, const KabExchange *exchange, KabExchangeResult *result,
                                        GCancellable *cancellable, GError **error);

G_END_DECLS
