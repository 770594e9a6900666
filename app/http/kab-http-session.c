/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-http"

#include "config.h"

#include "kab-http-session.h"

#include <glib/gi18n-lib.h>
#include <libsoup/soup.h>
#include <string.h>

#include "kab-error.h"
#include "kab-http-cookies.h"
#include "kab-http-exchange.h"
#include "kab-http-retry.h"
#include "kab-http-trust.h"
#include "kab-http-url.h"

#define MAX_HOPS        8    /* redirects and one repetition with credentials */
#define CONNECT_TIMEOUT 10   /* seconds */

struct _KabHttpSession
{
  GObject          parent_instance;

  GUri            *base;
  GTlsDatabase    *authorities;       /* (nullable): NULL = those of the system */
  GTlsDatabase    *nobody;            /* (nullable): used instead when there is a pin */
  GTlsCertificate *client_identity;   /* (nullable) */
  char            *pin;               /* (nullable) */
  char            *proxy_uri;         /* (nullable) */
  guint            connect_timeout_s;
  guint            retry_delay_ms;
  KabCookies       cookies;

  GMutex           mutex;             /* over what follows */
  char            *user;
  char            *password;
  GQueue           channels;          /* (element-type KabChannel): the idle ones, last used first */
  guint64          n_bytes;
  guint            n_requests;
};

G_DEFINE_FINAL_TYPE (KabHttpSession, kab_http_session, G_TYPE_OBJECT)

static void
wipe (char **secret)
{
  if (*secret != NULL)
    explicit_bzero (*secret, strlen (*secret));
  g_clear_pointer (secret, g_free);
}

static void
kab_http_session_finalize (GObject *object)
{
  KabHttpSession *self = KAB_HTTP_SESSION (object);

  g_queue_clear_full (&self->channels, (GDestroyNotify) kab_channel_free);
  kab_cookies_clear (&self->cookies);
  wipe (&self->user);
  wipe (&self->password);
  g_clear_object (&self->authorities);
  g_clear_object (&self->nobody);
  g_clear_object (&self->client_identity);
  g_clear_pointer (&self->base, g_uri_unref);
  g_free (self->pin);
  g_free (self->proxy_uri);
  g_mutex_clear (&self->mutex);

  G_OBJECT_CLASS (kab_http_session_parent_class)->finalize (object);
}

static void
kab_http_session_class_init (KabHttpSessionClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_http_session_finalize;
}

static void
kab_http_session_init (KabHttpSession *self)
{
  g_mutex_init (&self->mutex);
  g_queue_init (&self->channels);
  kab_cookies_init (&self->cookies);
}

static gboolean
is_set (const char *text)
{
  return text != NULL && *text != '\0';
}

/* "AB:CD…" as people copy it → "abcd…". Returns: %NULL when it is no SHA-256 */
static char *
normalise_pin (const char *text)
{
  g_autoptr(GString) pin = g_string_new (NULL);

  for (; *text != '\0'; text++)
    {
      if (g_ascii_isxdigit (*text))
        g_string_append_c (pin, g_ascii_tolower (*text));
      else if (*text != ':' && *text != ' ')
        return NULL;
    }
  return pin->len == 64 ? g_strdup (pin->str) : NULL;
}

KabHttpSession *
kab_http_session_new (const KabHttpOptions  *options,
                      GError               **error)
{
  g_autoptr(KabHttpSession) self = g_object_new (KAB_TYPE_HTTP_SESSION, NULL);

  g_return_val_if_fail (options != NULL, NULL);

  self->base = kab_url_parse_base (options->base_url, error);
  if (self->base == NULL)
    return NULL;

  if (strcmp (g_uri_get_scheme (self->base), "https") == 0)
    kab_trust_put_off_system ();
  if (is_set (options->ca_file))
    {
      self->authorities = kab_trust_load_authorities (options->ca_file, error);
      if (self->authorities == NULL)
        return NULL;
    }
  if (is_set (options->pinned_fingerprint))
    {
      self->nobody = kab_trust_nobody_new ();
      self->pin = normalise_pin (options->pinned_fingerprint);
      if (self->pin == NULL)
        {
          g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, "a fingerprint has 64 hexadecimal digits");
          return NULL;
        }
    }
  if (is_set (options->client_certificate))
    {
      self->client_identity = kab_trust_load_client_identity (options->client_certificate,
                                                              is_set (options->client_key) ? options->client_key : NULL,
                                                              options->client_key_passphrase, error);
      if (self->client_identity == NULL)
        return NULL;
    }
  if (is_set (options->proxy_uri))
    {
      if (!g_uri_is_valid (options->proxy_uri, SOUP_HTTP_URI_FLAGS, NULL))
        {
          g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, "not an address of a proxy");
          return NULL;
        }
      self->proxy_uri = g_strdup (options->proxy_uri);
    }

  self->connect_timeout_s = options->connect_timeout_s != 0 ? options->connect_timeout_s : CONNECT_TIMEOUT;
  self->retry_delay_ms = options->retry_delay_ms != 0 ? options->retry_delay_ms : KAB_RETRY_DELAY_MS;
  self->user = g_strdup (options->user);
  self->password = g_strdup (options->password);
  return g_steal_pointer (&self);
}

void
kab_http_session_set_credentials (KabHttpSession *self,
                                  const char     *user,
                                  const char     *password)
{
  g_return_if_fail (KAB_IS_HTTP_SESSION (self));

  g_mutex_lock (&self->mutex);
  wipe (&self->user);
  wipe (&self->password);
  self->user = g_strdup (user);
  self->password = g_strdup (password);
  g_mutex_unlock (&self->mutex);

  kab_cookies_forget (&self->cookies);
}

gboolean
kab_http_session_has_cookie (KabHttpSession *self)
{
  g_autofree char *cookie = NULL;

  g_return_val_if_fail (KAB_IS_HTTP_SESSION (self), FALSE);

  cookie = kab_cookies_dup (&self->cookies);
  return cookie != NULL;
}

/* Returns: (nullable): "Basic …", to be wiped */
static char *
dup_authorization (KabHttpSession *self)
{
  g_autofree char *encoded = NULL;
  char *text = NULL;
  char *header;

  g_mutex_lock (&self->mutex);
  if (self->user != NULL && *self->user != '\0')
    text = g_strdup_printf ("%s:%s", self->user, self->password != NULL ? self->password : "");
  g_mutex_unlock (&self->mutex);
  if (text == NULL)
    return NULL;

  encoded = g_base64_encode ((const guchar *) text, strlen (text));
  header = g_strconcat ("Basic ", encoded, NULL);
  explicit_bzero (encoded, strlen (encoded));
  wipe (&text);
  return header;
}

static KabChannel *
take_channel (KabHttpSession *self,
              gboolean        use_pin)
{
  KabChannel *channel = NULL;
  GTlsDatabase *database = use_pin && self->nobody != NULL ? self->nobody : self->authorities;

  if (use_pin)
    {
      g_mutex_lock (&self->mutex);
      channel = g_queue_pop_head (&self->channels);
      g_mutex_unlock (&self->mutex);
    }
  if (channel == NULL)
    channel = kab_channel_new (database, database != NULL, self->proxy_uri, kab_url_is_loopback (self->base));
  return channel;
}

static void
give_channel (KabHttpSession *self,
              KabChannel     *channel,
              gboolean        broken)
{
  if (broken)
    {
      kab_channel_free (channel);
      return;
    }

  g_mutex_lock (&self->mutex);
  g_queue_push_head (&self->channels, channel);
  g_mutex_unlock (&self->mutex);
}

/* One exchange with the base or with another server that a redirect named, which gets nothing of ours. */
static KabResponse *
exchange_once (KabHttpSession     *self,
               KabExchange        *exchange,
               gboolean            with_basic,
               KabExchangeResult  *result,
               GCancellable       *cancellable,
               GError            **error)
{
  gboolean is_ours = kab_url_is_same_origin (self->base, exchange->url);
  gboolean may_auth = is_ours && (exchange->request->flags & KAB_REQUEST_NO_AUTH) == 0;
  g_autofree char *cookie = may_auth ? kab_cookies_dup (&self->cookies) : NULL;
  char *authorization = may_auth && with_basic ? dup_authorization (self) : NULL;
  KabChannel *channel = take_channel (self, TRUE);
  KabResponse *response;

  exchange->authorization = authorization;
  exchange->cookie = cookie;
  exchange->pin = is_ours ? self->pin : NULL;
  exchange->client_identity = is_ours ? self->client_identity : NULL;
  exchange->connect_timeout_s = self->connect_timeout_s;

  response = kab_exchange_run (channel, exchange, result, cancellable, error);
  if (response != NULL && may_auth)
    kab_cookies_take (&self->cookies, result->message);
  g_mutex_lock (&self->mutex);
  self->n_requests++;
  self->n_bytes += response != NULL ? response->n_bytes : 0;
  g_mutex_unlock (&self->mutex);
  g_debug ("%s %s: %u, %" G_GUINT64_FORMAT " bytes", exchange->method, g_uri_get_path (exchange->url),
           response != NULL ? response->status : 0, response != NULL ? response->n_bytes : 0);

  give_channel (self, channel, result->broken);
  wipe (&authorization);
  return response;
}

static gboolean
is_redirect (guint status)
{
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

/* Follows redirects, and repeats once with Basic when the cookie is not enough. */
static KabResponse *
request_once (KabHttpSession    *self,
              const KabRequest  *request,
              KabChunkFunc       func,
              gpointer           user_data,
              KabAttempt        *attempt,
              GCancellable      *cancellable,
              GError           **error)
{
  KabExchange exchange = { .request = request, .method = request->method, .func = func, .user_data = user_data };
  g_autoptr(GUri) url = kab_url_join (self->base, request->path, request->query, error);
  gboolean may_basic = (request->flags & (KAB_REQUEST_NO_AUTH | KAB_REQUEST_NO_BASIC)) == 0;
  gboolean with_basic = may_basic && (request->body_stream != NULL || !kab_http_session_has_cookie (self));

  if (url == NULL)
    return NULL;

  for (guint hop = 0; hop < MAX_HOPS; hop++)
    {
      KabExchangeResult result = { 0 };
      g_autoptr(KabResponse) response = NULL;
      g_autofree char *location = NULL;

      exchange.url = url;
      response = exchange_once (self, &exchange, with_basic, &result, cancellable, error);
      attempt->delivered |= result.delivered;
      attempt->timed_out |= result.timed_out;
      if (response != NULL)
        {
          SoupMessageHeaders *headers = soup_message_get_response_headers (result.message);

          location = g_strdup (soup_message_headers_get_one (headers, "Location"));
          attempt->retry_after_s = kab_retry_parse_after (soup_message_headers_get_one (headers, "Retry-After"),
                                                          g_get_real_time () / G_USEC_PER_SEC);
        }
      kab_exchange_result_clear (&result);
      if (response == NULL)
        return NULL;

      if (response->status == 401 && may_basic && !with_basic)
        {
          with_basic = TRUE;
          kab_cookies_forget (&self->cookies);
          continue;
        }
      if (!is_redirect (response->status) || location == NULL)
        return g_steal_pointer (&response);

      if (request->body_stream != NULL)
        {
          g_set_error_literal (error, KAB_ERROR, KAB_ERROR_NETWORK, "an upload was redirected");
          return NULL;
        }
      else
        {
          GUri *next = kab_url_follow (url, location, exchange.method, error);

          if (next == NULL)
            return NULL;
          g_uri_unref (url);
          url = next;
          if (response->status == 303 && strcmp (exchange.method, "HEAD") != 0)
            exchange.method = "GET";
        }
    }

  /* Not an error of the network: asking again would only go round once more. */
  g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "%s redirects again and again: %d times, the last time to %s",
               g_uri_get_host (self->base), MAX_HOPS, g_uri_get_host (url));
  return NULL;
}

/* The statuses that always mean the same. */
static KabResponse *
judge (KabResponse       *response,
       const KabRequest  *request,
       GError           **error)
{
  KabError code;

  switch (response->status)
    {
    case 401:
      code = KAB_ERROR_AUTH;
      break;
    case 403:
      code = KAB_ERROR_REFUSED;
      break;
    case 404:
      code = KAB_ERROR_NOT_FOUND;
      break;
    default:
      return response;
    }

  g_set_error (error, KAB_ERROR, code, "the server answers %s with %u", request->path, response->status);
  kab_response_free (response);
  return NULL;
}

static KabResponse *
request_with_retry (KabHttpSession    *self,
                    const KabRequest  *request,
                    KabChunkFunc       func,
                    gpointer           user_data,
                    GCancellable      *cancellable,
                    GError           **error)
{
  for (guint n = 0; ; n++)
    {
      KabAttempt attempt = { 0 };
      g_autoptr(GError) local_error = NULL;
      g_autoptr(KabResponse) response = request_once (self, request, func, user_data, &attempt, cancellable,
                                                      &local_error);

      attempt.status = response != NULL ? response->status : 0;
      if (!kab_retry_is_worth_it (request, &attempt, n, local_error))
        {
          if (response != NULL)
            return judge (g_steal_pointer (&response), request, error);
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }

      g_info ("%s %s: trying again", request->method, request->path);
      if (!kab_retry_wait (kab_retry_get_delay (self->retry_delay_ms, n, attempt.retry_after_s), cancellable, error))
        return NULL;
    }
}

KabResponse *
kab_http_session_send (KabHttpSession    *self,
                       const KabRequest  *request,
                       GCancellable      *cancellable,
                       GError           **error)
{
  g_return_val_if_fail (KAB_IS_HTTP_SESSION (self), NULL);
  g_return_val_if_fail (request != NULL && request->method != NULL, NULL);

  return request_with_retry (self, request, NULL, NULL, cancellable, error);
}

KabResponse *
kab_http_session_stream (KabHttpSession    *self,
                         const KabRequest  *request,
                         KabChunkFunc       func,
                         gpointer           user_data,
                         GCancellable      *cancellable,
                         GError           **error)
{
  g_return_val_if_fail (KAB_IS_HTTP_SESSION (self), NULL);
  g_return_val_if_fail (request != NULL && request->method != NULL && func != NULL, NULL);

  return request_with_retry (self, request, func, user_data, cancellable, error);
}

void
kab_http_session_get_traffic (KabHttpSession *self,
                              guint64        *n_bytes,
                              guint          *n_requests)
{
  g_return_if_fail (KAB_IS_HTTP_SESSION (self));

  g_mutex_lock (&self->mutex);
  if (n_bytes != NULL)
    *n_bytes = self->n_bytes;
  if (n_requests != NULL)
    *n_requests = self->n_requests;
  g_mutex_unlock (&self->mutex);
}

/* (nullable): N_() text. A pinned certificate is trusted whatever its chain, and no other is. */
static const char *
find_problem (KabHttpSession       *self,
              const char           *fingerprint,
              GTlsCertificateFlags  errors)
{
  if (self->pin == NULL)
    return kab_trust_get_problem (errors);
  if (g_strcmp0 (self->pin, fingerprint) != 0)
    return N_("The certificate is not the one that was trusted for this server.");
  return NULL;
}

KabIdentity *
kab_http_session_peek_certificate (KabHttpSession  *self,
                                   char           **problems,
                                   GCancellable    *cancellable,
                                   GError         **error)
{
  static const KabRequest request = { .method = "HEAD", .path = "/", .flags = KAB_REQUEST_NO_AUTH };
  KabExchange exchange = { .request = &request, .method = "HEAD" };
  KabExchangeResult result = { 0 };
  g_autoptr(GError) local_error = NULL;
  KabIdentity *identity = NULL;
  KabChannel *channel;

  g_return_val_if_fail (KAB_IS_HTTP_SESSION (self), NULL);

  if (strcmp (g_uri_get_scheme (self->base), "https") != 0)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_USAGE, "plain http has no certificate");
      return NULL;
    }

  /* judged by the authorities and not by the pin; nothing of ours is sent */
  channel = take_channel (self, FALSE);
  exchange.url = self->base;
  exchange.connect_timeout_s = self->connect_timeout_s;
  kab_response_free (kab_exchange_run (channel, &exchange, &result, cancellable, &local_error));
  kab_channel_free (channel);

  if (result.peer != NULL && !g_error_matches (local_error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
    {
      identity = kab_trust_describe (result.peer);
      if (problems != NULL)
        *problems = g_strdup (find_problem (self, identity->fingerprint, result.peer_errors));
    }
  else
    {
      g_propagate_error (error, local_error != NULL
                                  ? g_steal_pointer (&local_error)
                                  : g_error_new_literal (KAB_ERROR, KAB_ERROR_NETWORK, "no certificate was shown"));
    }
  kab_exchange_result_clear (&result);
  return identity;
}

void
kab_response_free (KabResponse *self)
{
  if (self == NULL)
    return;

  g_free (self->content_type);
  g_free (self->last_modified);
  g_clear_pointer (&self->body, g_bytes_unref);
  g_free (self);
}
