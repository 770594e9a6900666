/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include "hostile-server.h"

#include <string.h>

struct _HostileServer {
  GSocketService  *service;
  GTlsCertificate *certificate;
  GTlsDatabase    *authorities;
  HostileFunc      func;
  gpointer         user_data;
  guint16          port;
  GThread         *thread;
  GMainContext    *context;
  GMainLoop       *loop;
  GCancellable    *cancellable;
  gint             n_connections;
  gint             n_requests;
  gint             n_running;
};

/* Reads up to the empty line and the Content-Length behind it. */
static char *
read_request (HostileServer *self,
              GIOStream     *stream)
{
  g_autoptr(GString) request = g_string_new (NULL);
  GInputStream *in = g_io_stream_get_input_stream (stream);
  const char *end = NULL;
  gsize wanted = G_MAXSIZE;

  while (end == NULL || request->len < wanted)
    {
      char buffer[4096];
      gssize n = g_input_stream_read (in, buffer, sizeof buffer, self->cancellable, NULL);

      if (n <= 0)
        return NULL;
      g_string_append_len (request, buffer, n);
      if (end == NULL && (end = strstr (request->str, "\r\n\r\n")) != NULL)
        {
          const char *length = strstr (request->str, "Content-Length: ");

          wanted = end + 4 - request->str + (length != NULL && length < end ? strtoul (length + 16, NULL, 10) : 0);
        }
    }
  return g_strdup (request->str);
}

static gboolean
accept_client_cb (GTlsConnection       *connection,
                  GTlsCertificate      *certificate,
                  GTlsCertificateFlags  errors,
                  gpointer              user_data)
{
  return errors == 0;
}

static gboolean
run_cb (GThreadedSocketService *service,
        GSocketConnection      *connection,
        GObject                *source,
        gpointer                user_data)
{
  HostileServer *self = user_data;
  g_autoptr(GIOStream) stream = G_IO_STREAM (g_object_ref (connection));

  g_atomic_int_inc (&self->n_running);
  g_atomic_int_inc (&self->n_connections);
  if (self->certificate != NULL)
    {
      GIOStream *tls = g_tls_server_connection_new (stream, self->certificate, NULL);

      if (self->authorities != NULL)
        {
          g_object_set (tls, "authentication-mode", G_TLS_AUTHENTICATION_REQUIRED,
                        "database", self->authorities, NULL);
          g_signal_connect (tls, "accept-certificate", G_CALLBACK (accept_client_cb), NULL);
        }
      g_object_unref (stream);
      stream = tls;
      if (!g_tls_connection_handshake (G_TLS_CONNECTION (tls), self->cancellable, NULL))
        {
          g_atomic_int_add (&self->n_running, -1);
          return TRUE;
        }
    }

  while (TRUE)
    {
      g_autofree char *request = read_request (self, stream);

      if (request == NULL)
        break;
      g_atomic_int_inc (&self->n_requests);
      if (!self->func (self, request, stream, self->user_data))
        break;
    }
  g_io_stream_close (stream, NULL, NULL);
  g_atomic_int_add (&self->n_running, -1);
  return TRUE;
}

static gpointer
serve_in_thread (gpointer data)
{
  HostileServer *self = data;

  g_main_context_push_thread_default (self->context);
  self->service = g_threaded_socket_service_new (50);
  self->port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (self->service), NULL, NULL);
  g_signal_connect (self->service, "run", G_CALLBACK (run_cb), self);
  g_socket_service_start (self->service);
  g_atomic_int_set (&self->n_running, 0);
  g_main_loop_run (self->loop);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

HostileServer *
hostile_server_new (HostileFunc      func,
                    gpointer         user_data,
                    GTlsCertificate *certificate)
{
  HostileServer *self = g_new0 (HostileServer, 1);

  self->func = func;
  self->user_data = user_data;
  self->certificate = certificate != NULL ? g_object_ref (certificate) : NULL;
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->cancellable = g_cancellable_new ();
  self->n_running = -1;
  self->thread = g_thread_new ("hostile", serve_in_thread, self);
  while (g_atomic_int_get (&self->n_running) < 0 || !g_main_loop_is_running (self->loop))
    g_usleep (1000);
  return self;
}

void
hostile_server_want_client (HostileServer *self,
                            GTlsDatabase  *authorities)
{
  self->authorities = g_object_ref (authorities);
}

char *
hostile_server_dup_url (HostileServer *self)
{
  return g_strdup_printf ("%s://127.0.0.1:%u", self->certificate != NULL ? "https" : "http", self->port);
}

guint
hostile_server_get_connections (HostileServer *self)
{
  return g_atomic_int_get (&self->n_connections);
}

guint
hostile_server_get_requests (HostileServer *self)
{
  return g_atomic_int_get (&self->n_requests);
}

gboolean
hostile_server_is_stopping (HostileServer *self)
{
  return g_cancellable_is_cancelled (self->cancellable);
}

void
hostile_server_free (HostileServer *self)
{
  g_cancellable_cancel (self->cancellable);
  g_main_loop_quit (self->loop);
  g_thread_join (self->thread);
  while (g_atomic_int_get (&self->n_running) > 0)
    g_usleep (1000);
  g_object_unref (self->service);
  g_clear_object (&self->certificate);
  g_clear_object (&self->authorities);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_object_unref (self->cancellable);
  g_free (self);
}

gboolean
hostile_write_bytes (GIOStream     *stream,
                     gconstpointer  bytes,
                     gsize          size)
{
  return g_output_stream_write_all (g_io_stream_get_output_stream (stream), bytes, size, NULL, NULL, NULL);
}

gboolean
hostile_write (GIOStream  *stream,
               const char *text)
{
  return hostile_write_bytes (stream, text, strlen (text));
}

gboolean
hostile_answer (GIOStream  *stream,
                const char *status,
                const char *headers,
                const char *body)
{
  g_autofree char *text = g_strdup_printf ("HTTP/1.1 %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n%s\r\n%s",
                                           status, strlen (body), headers, body);

  return hostile_write (stream, text);
}
