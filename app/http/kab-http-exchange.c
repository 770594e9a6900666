/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-http"

#include "config.h"

#include "kab-http-exchange.h"

#include <string.h>

#include "kab-error.h"
#include "kab-http-inflate.h"
#include "kab-http-trust.h"
#include "kab-http-url.h"

#define BUFFER_SIZE     65536
#define MIN_PROGRESS    1024                /* bytes in a time-out: slower is a stall */
#define DEFAULT_MAX     (64 * 1024 * 1024)  /* bytes of a body */
#define MAX_ERROR_BODY  (1024 * 1024)       /* of an answer that is not 2xx */
#define DEFAULT_TIMEOUT 60                  /* seconds */

typedef struct {
  const KabExchange *exchange;
  KabExchangeResult *result;
  KabChannel        *channel;
  GCancellable      *cancellable;   /* ours: by the caller's, or by the timer */
  GSource           *timer;
  GSource           *stopper;       /* (nullable): the caller's wish, on its way into the thread of the channel */
  guint              timeout_s;
  gboolean           sending;       /* until the headers of the answer are there */
  gboolean           done;
  GInputStream      *stream;
  gssize             n_read;
  GError            *error;
  GByteArray        *collected;
} Run;

/*
 * Always in the thread of the channel. libsoup is not given our cancellable while it sends: an answer that comes in the same
 * moment as the end would be thrown away by the GTask that carries it, and closing its stream there crashes libsoup 3.2.
 * The session serves this one message, so the whole of it is stopped instead.
 */
static void
stop (Run *run)
{
  g_cancellable_cancel (run->cancellable);
  if (run->sending)
    soup_session_abort (run->channel->session);
}

static gboolean
timed_out_cb (gpointer user_data)
{
  Run *run = user_data;

  run->result->timed_out = TRUE;
  stop (run);
  return G_SOURCE_REMOVE;
}

static void
disarm (Run *run)
{
  if (run->timer != NULL)
    g_source_destroy (run->timer);
  g_clear_pointer (&run->timer, g_source_unref);
}

static void
arm (Run   *run,
     guint  seconds)
{
  disarm (run);
  run->timer = g_timeout_source_new (MIN (seconds, G_MAXUINT / 1000) * 1000);
  g_source_set_callback (run->timer, timed_out_cb, run, NULL);
  g_source_attach (run->timer, run->channel->context);
}

/* Connected: from now on the server's own time counts. */
static void
starting_cb (SoupMessage *message,
             gpointer     user_data)
{
  Run *run = user_data;

  arm (run, run->timeout_s);
}

static void
wrote_body_data_cb (SoupMessage *message,
                    guint        size,
                    gpointer     user_data)
{
  Run *run = user_data;

  arm (run, run->timeout_s);
}

static gboolean
accept_certificate_cb (SoupMessage          *message,
                       GTlsCertificate      *certificate,
                       GTlsCertificateFlags  errors,
                       gpointer              user_data)
{
  Run *run = user_data;
  g_autofree char *fingerprint = kab_trust_dup_fingerprint (certificate);

  g_set_object (&run->result->peer, certificate);
  run->result->peer_errors = errors;
  return run->exchange->pin != NULL && fingerprint != NULL &&
         g_ascii_strcasecmp (run->exchange->pin, fingerprint) == 0;
}

static void
sent_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Run *run = user_data;

  run->stream = soup_session_send_finish (SOUP_SESSION (source), result, &run->error);
  run->done = TRUE;
}

static void
read_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Run *run = user_data;

  run->n_read = g_input_stream_read_finish (G_INPUT_STREAM (source), result, &run->error);
  run->done = TRUE;
}

static void
wait_until_done (Run *run)
{
  while (!run->done)
    g_main_context_iteration (run->channel->context, TRUE);
  run->done = FALSE;
}

/* Foreign errors become ours here; cancelling by the caller stays what it is. */
static void
convert_error (Run          *run,
               GCancellable *cancellable,
               GError      **error)
{
  GError *found = run->error;
  KabError code = KAB_ERROR_NETWORK;

  if (g_cancellable_set_error_if_cancelled (cancellable, error))
    return;
  if (run->result->timed_out)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_NETWORK, "no answer from %s in time",
                   g_uri_get_host (run->exchange->url));
      return;
    }

  if (g_error_matches (found, G_TLS_ERROR, G_TLS_ERROR_BAD_CERTIFICATE))
    code = KAB_ERROR_UNTRUSTED;
  else if (g_error_matches (found, G_TLS_ERROR, G_TLS_ERROR_CERTIFICATE_REQUIRED))
    code = KAB_ERROR_AUTH;
  else if (g_error_matches (found, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_PARSING) ||
           g_error_matches (found, SOUP_SESSION_ERROR, SOUP_SESSION_ERROR_ENCODING))
    code = KAB_ERROR_BAD_DATA;

  g_set_error (error, KAB_ERROR, code, "%s: %s", g_uri_get_host (run->exchange->url), found->message);
}

static SoupMessage *
make_message (Run *run)
{
  const KabExchange *exchange = run->exchange;
  const KabRequest *request = exchange->request;
  SoupMessage *message = soup_message_new_from_uri (exchange->method, exchange->url);
  SoupMessageHeaders *headers = soup_message_get_request_headers (message);
  SoupMessageFlags flags = SOUP_MESSAGE_NO_REDIRECT;

  /* A connection that was idle may be dying: what must not be sent twice is not sent on it. By itself libsoup would
   * make one for every POST. */
  flags |= (request->flags & KAB_REQUEST_IDEMPOTENT) == 0 ? SOUP_MESSAGE_NEW_CONNECTION : SOUP_MESSAGE_IDEMPOTENT;
  soup_message_set_flags (message, flags);

  /* On loopback packing costs more than carrying: 51 MB of states take 0.12 s plain and 0.48 s as gzip. */
  soup_message_headers_replace (headers, "Accept-Encoding",
                                request->range != NULL || kab_url_is_loopback (exchange->url) ? "identity" : "gzip");
  if (exchange->authorization != NULL)
    soup_message_headers_replace (headers, "Authorization", exchange->authorization);
  if (exchange->cookie != NULL)
    soup_message_headers_replace (headers, "Cookie", exchange->cookie);
  if (request->range != NULL)
    soup_message_headers_replace (headers, "Range", request->range);
  if (request->if_modified_since != NULL)
    soup_message_headers_replace (headers, "If-Modified-Since", request->if_modified_since);
  if (exchange->method == request->method && request->body_stream != NULL)
    soup_message_set_request_body (message, request->content_type, request->body_stream, request->body_length);
  else if (exchange->method == request->method && request->body != NULL)
    soup_message_set_request_body_from_bytes (message, request->content_type, request->body);
  if (exchange->client_identity != NULL)
    soup_message_set_tls_client_certificate (message, exchange->client_identity);

  g_signal_connect (message, "starting", G_CALLBACK (starting_cb), run);
  g_signal_connect (message, "wrote-body-data", G_CALLBACK (wrote_body_data_cb), run);
  g_signal_connect (message, "accept-certificate", G_CALLBACK (accept_certificate_cb), run);
  return message;
}

static gboolean
collect_cb (const guint8  *data,
            gsize          size,
            gpointer       user_data,
            GError       **error)
{
  g_byte_array_append (user_data, data, size);
  return TRUE;
}

/*
 * libsoup 3.2 takes the end of a connection between two chunks for the end of the body. After a chunked body that ended well
 * the connection waits for the next request; after one that was cut off it has ended too. A server that announces
 * that it will close leaves no difference, nor does a length that is no number, which libsoup takes for 0: then it is for
 * gzip, JSON and the last line of a bulk answer to notice.
 */
static gboolean
is_cut_between_chunks (Run *run)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (run->result->message);
  GInputStream *stream = run->stream;
  guint8 byte;

  if (soup_message_headers_get_encoding (headers) != SOUP_ENCODING_CHUNKED ||
      soup_message_get_http_version (run->result->message) != SOUP_HTTP_1_1 ||
      soup_message_headers_header_contains (headers, "Connection", "close"))
    return FALSE;

  while (G_IS_FILTER_INPUT_STREAM (stream) && strcmp (G_OBJECT_TYPE_NAME (stream), "SoupFilterInputStream") != 0)
    stream = g_filter_input_stream_get_base_stream (G_FILTER_INPUT_STREAM (stream));

  return G_IS_FILTER_INPUT_STREAM (stream) && G_IS_POLLABLE_INPUT_STREAM (stream) &&
         g_pollable_input_stream_read_nonblocking (G_POLLABLE_INPUT_STREAM (stream), &byte, 1, NULL, NULL) == 0;
}

/* Reads the body into @func with both limits. Returns: %FALSE with @error set, or with run->error to be converted */
static gboolean
read_body (Run           *run,
           KabInflate    *inflate,
           guint64        max_bytes,
           KabResponse   *response,
           KabChunkFunc   func,
           gpointer       user_data,
           GError       **error)
{
  g_autofree guint8 *buffer = g_malloc (BUFFER_SIZE);
  guint64 mark = 0;

  while (TRUE)
    {
      g_input_stream_read_async (run->stream, buffer, BUFFER_SIZE, G_PRIORITY_DEFAULT, run->cancellable, read_cb, run);
      wait_until_done (run);
      if (run->n_read < 0)
        return FALSE;
      if (run->n_read == 0 && is_cut_between_chunks (run))
        {
          g_set_error_literal (error, KAB_ERROR, KAB_ERROR_NETWORK, "the answer was cut short between two chunks");
          return FALSE;
        }
      if (run->n_read == 0)
        return inflate == NULL || kab_inflate_end (inflate, error);

      response->n_bytes += run->n_read;
      if (response->n_bytes > max_bytes)
        {
          g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA,
                       "the answer is longer than %" G_GUINT64_FORMAT " bytes", max_bytes);
          return FALSE;
        }
      if (response->n_bytes - mark >= MIN_PROGRESS)
        {
          mark = response->n_bytes;
          arm (run, run->timeout_s);
        }
      if (run->collected == NULL)
        run->result->delivered = TRUE;
      if (!(inflate != NULL ? kab_inflate_feed (inflate, buffer, run->n_read, func, user_data, error)
                            : func (buffer, run->n_read, user_data, error)))
        return FALSE;
      if (g_cancellable_is_cancelled (run->cancellable))
        return g_cancellable_set_error_if_cancelled (run->cancellable, &run->error) && FALSE;
    }
}

static KabResponse *
make_response (SoupMessage *message)
{
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  KabResponse *response = g_new0 (KabResponse, 1);
  const char *date = soup_message_headers_get_one (headers, "Date");
  g_autoptr(GDateTime) time = date != NULL ? soup_date_time_new_from_http_string (date) : NULL;

  response->status = soup_message_get_status (message);
  response->content_type = g_strdup (soup_message_headers_get_content_type (headers, NULL));
  response->last_modified = g_strdup (soup_message_headers_get_one (headers, "Last-Modified"));
  response->content_length = soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
                               ? soup_message_headers_get_content_length (headers) : -1;
  response->date = time != NULL ? g_date_time_to_unix (time) : 0;
  return response;
}

/* The answer has begun: judges its headers and reads its body. */
static KabResponse *
receive (Run     *run,
         GError **error)
{
  const KabRequest *request = run->exchange->request;
  SoupMessage *message = run->result->message;
  g_autoptr(KabResponse) response = make_response (message);
  g_autoptr(KabInflate) inflate = NULL;
  const char *encoding;
  gboolean is_good = SOUP_STATUS_IS_SUCCESSFUL (response->status);
  guint64 max_bytes = request->max_bytes != 0 ? request->max_bytes : DEFAULT_MAX;
  gboolean ok;

  if (!is_good)
    max_bytes = MIN (max_bytes, MAX_ERROR_BODY);
  if (!is_good || run->exchange->func == NULL)
    run->collected = g_byte_array_new ();

  encoding = soup_message_headers_get_one (soup_message_get_response_headers (message), "Content-Encoding");
  if (encoding != NULL && (g_ascii_strcasecmp (encoding, "gzip") == 0 || g_ascii_strcasecmp (encoding, "x-gzip") == 0))
    inflate = kab_inflate_new (max_bytes);
  else if (encoding != NULL && g_ascii_strcasecmp (encoding, "identity") != 0)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "an encoding we did not ask for");
      return NULL;
    }

  if (response->content_length > 0 && (guint64) response->content_length > max_bytes &&
      strcmp (run->exchange->method, "HEAD") != 0)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA,
                   "the answer is longer than %" G_GUINT64_FORMAT " bytes", max_bytes);
      return NULL;
    }

  ok = read_body (run, inflate, max_bytes, response,
                  run->collected != NULL ? collect_cb : run->exchange->func,
                  run->collected != NULL ? (gpointer) run->collected : run->exchange->user_data, error);
  if (!ok)
    return NULL;

  if (run->collected != NULL)
    response->body = g_byte_array_free_to_bytes (g_steal_pointer (&run->collected));
  return g_steal_pointer (&response);
}

static gboolean
stop_cb (gpointer user_data)
{
  stop (user_data);
  return G_SOURCE_REMOVE;
}

/*
 * Brings the caller's wish, whichever thread it comes from, into the thread of the channel. Not a cancellable source: the
 * thread that cancels goes on using its context after the source was destroyed, and a broken channel takes its context
 * with it. g_cancellable_disconnect() waits until this has ended.
 */
static void
cancelled_cb (GCancellable *cancellable,
              gpointer      user_data)
{
  Run *run = user_data;

  run->stopper = g_idle_source_new ();
  g_source_set_priority (run->stopper, G_PRIORITY_DEFAULT);
  g_source_set_callback (run->stopper, stop_cb, run, NULL);
  g_source_attach (run->stopper, run->channel->context);
}

/**
 * kab_exchange_run:
 *
 * Sends one request and reads its answer, in the calling thread. Whatever goes wrong, the channel is then marked as
 * broken: its connection may be in the middle of something.
 */
KabResponse *
kab_exchange_run (KabChannel         *channel,
                  const KabExchange  *exchange,
                  KabExchangeResult  *result,
                  GCancellable       *cancellable,
                  GError            **error)
{
  Run run = { .exchange = exchange, .result = result, .channel = channel };
  g_autoptr(GError) local_error = NULL;
  KabResponse *response = NULL;
  gulong watch = 0;

  run.timeout_s = exchange->request->timeout_s != 0 ? exchange->request->timeout_s : DEFAULT_TIMEOUT;
  run.cancellable = g_cancellable_new ();
  g_main_context_push_thread_default (channel->context);
  if (cancellable != NULL)
    watch = g_cancellable_connect (cancellable, G_CALLBACK (cancelled_cb), &run, NULL);

  result->message = make_message (&run);
  arm (&run, exchange->connect_timeout_s);
  run.sending = TRUE;
  soup_session_send_async (channel->session, result->message, G_PRIORITY_DEFAULT, NULL, sent_cb, &run);
  wait_until_done (&run);
  run.sending = FALSE;

  if (result->peer == NULL)
    {
      g_set_object (&result->peer, soup_message_get_tls_peer_certificate (result->message));
      result->peer_errors = soup_message_get_tls_peer_certificate_errors (result->message);
    }
  if (run.stream != NULL)
    response = receive (&run, &local_error);

  disarm (&run);
  if (response == NULL)
    {
      result->broken = TRUE;
      if (local_error != NULL && !g_cancellable_is_cancelled (cancellable))
        g_propagate_error (error, g_steal_pointer (&local_error));
      else
        convert_error (&run, cancellable, error);

      /* cancelled first, so that closing does not read the rest of the answer */
      g_cancellable_cancel (run.cancellable);
      if (run.stream != NULL)
        g_input_stream_close (run.stream, run.cancellable, NULL);
    }
  g_clear_object (&run.stream);
  while (g_main_context_iteration (channel->context, FALSE))
    ;

  g_cancellable_disconnect (cancellable, watch);
  if (run.stopper != NULL)
    g_source_destroy (run.stopper);
  g_clear_pointer (&run.stopper, g_source_unref);
  g_signal_handlers_disconnect_by_data (result->message, &run);
  g_main_context_pop_thread_default (channel->context);
  g_clear_pointer (&run.collected, g_byte_array_unref);
  g_clear_error (&run.error);
  g_object_unref (run.cancellable);
  return response;
}

void
kab_exchange_result_clear (KabExchangeResult *result)
{
  g_clear_object (&result->message);
  g_clear_object (&result->peer);
}

KabChannel *
kab_channel_new (GTlsDatabase *database,
                 gboolean      use_database,
                 const char   *proxy_uri,
                 gboolean      is_loopback)
{
  KabChannel *self = g_new0 (KabChannel, 1);

  self->context = g_main_context_new ();
  g_main_context_push_thread_default (self->context);
  self->session = soup_session_new_with_options ("timeout", 0, "idle-timeout", 60, "max-conns-per-host", 2,
                                                 "user-agent", "Kabinet/" KAB_VERSION, NULL);
  /* each of these would do behind our back what we do ourselves, by our rules */
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_AUTH_MANAGER);
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_CONTENT_DECODER);
  soup_session_remove_feature_by_type (self->session, SOUP_TYPE_COOKIE_JAR);
  if (use_database)
    soup_session_set_tls_database (self->session, database);
  if (g_strcmp0 (proxy_uri, "direct://") == 0 || (proxy_uri == NULL && is_loopback))
    {
      soup_session_set_proxy_resolver (self->session, NULL);
    }
  else if (proxy_uri != NULL)
    {
      g_autoptr(GProxyResolver) resolver = g_simple_proxy_resolver_new (proxy_uri, NULL);

      soup_session_set_proxy_resolver (self->session, resolver);
    }
  g_main_context_pop_thread_default (self->context);
  return self;
}

void
kab_channel_free (KabChannel *self)
{
  g_main_context_push_thread_default (self->context);
  soup_session_abort (self->session);
  g_object_unref (self->session);
  while (g_main_context_iteration (self->context, FALSE))
    ;
  g_main_context_pop_thread_default (self->context);
  g_main_context_unref (self->context);
  g_free (self);
}
