/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-fault.h"
#include "kab-server-private.h"

/* An answer under way. A chunk is made when the one before is out: a slow reader costs one chunk of memory, and between
 * two chunks the main loop serves everybody else. */
typedef struct {
  SoupServerMessage    *message;         /* borrowed: "finished" ends us */
  KabServerProduceFunc  produce;
  gpointer              producer;
  GDestroyNotify        producer_free;
  GZlibCompressor      *compressor;      /* (nullable) */
  GString              *out;             /* reused: what was produced */
  guint                 n_pending;       /* chunks that are not out yet */
  guint                 source;
  gboolean              is_done;         /* nothing more will come */
} Stream;

static void
stream_free (Stream *self)
{
  if (self->source != 0)
    g_source_remove (self->source);
  if (self->producer_free != NULL)
    self->producer_free (self->producer);
  g_clear_object (&self->compressor);
  g_string_free (self->out, TRUE);
  g_free (self);
}

static void
finished_cb (SoupServerMessage *message,
             gpointer           user_data)
{
  Stream *self = user_data;

  g_signal_handlers_disconnect_by_data (message, self);
  stream_free (self);
}

static void
append (Stream        *self,
        gconstpointer  data,
        gsize          size)
{
  if (size == 0)
    return;
  soup_message_body_append (soup_server_message_get_response_body (self->message), SOUP_MEMORY_COPY, data, size);
  self->n_pending++;
}

/* Appends @self->out, compressed when that was asked for. */
static void
send_out (Stream *self)
{
  GConverterFlags flags = self->is_done ? G_CONVERTER_INPUT_AT_END : G_CONVERTER_NO_FLAGS;
  GConverterResult result = G_CONVERTER_CONVERTED;
  gsize position = 0;

  if (self->compressor == NULL)
    {
      append (self, self->out->str, self->out->len);
      return;
    }

  while (result == G_CONVERTER_CONVERTED && (position < self->out->len || self->is_done))
    {
      g_autofree guint8 *packed = g_malloc (KAB_SERVER_CHUNK);
      gsize n_read = 0;
      gsize n_written = 0;

      result = g_converter_convert (G_CONVERTER (self->compressor), self->out->str + position, self->out->len - position,
                                    packed, KAB_SERVER_CHUNK, flags, &n_read, &n_written, NULL);
      position += n_read;
      append (self, packed, n_written);
    }
}

/* Returns: %FALSE when it failed and the connection has to be cut */
static gboolean
produce (Stream *self)
{
  g_autoptr(GError) error = NULL;

  g_string_truncate (self->out, 0);
  self->is_done = !self->produce (self->producer, self->out, &error);
  if (error != NULL)
    {
      g_message ("an answer breaks off: %s", error->message);
      return FALSE;
    }
  return TRUE;
}

static void
cut (Stream *self)
{
  GSocket *socket = soup_server_message_get_socket (self->message);

  if (socket != NULL)
    g_socket_shutdown (socket, TRUE, TRUE, NULL);
}

static gboolean
produce_cb (gpointer user_data)
{
  Stream *self = user_data;
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);

  if (!produce (self))
    {
      self->source = 0;
      cut (self);
      append (self, "\n", 1);     /* something to write, so that the end of the connection is noticed */
      soup_server_message_unpause (self->message);
      return G_SOURCE_REMOVE;
    }
  send_out (self);
  if (self->is_done)
    soup_message_body_complete (body);
  else if (self->n_pending == 0)
    return G_SOURCE_CONTINUE;    /* rows were looked at, but nothing to send came of them yet */

  kab_fault_point ("server-in-stream");
  self->source = 0;
  soup_server_message_unpause (self->message);
  return G_SOURCE_REMOVE;
}

static void
wrote_chunk_cb (SoupServerMessage *message,
                gpointer           user_data)
{
  Stream *self = user_data;

  if (self->n_pending > 0)
    self->n_pending--;
  if (self->is_done || self->n_pending > 0 || self->source != 0)
    return;
  soup_server_message_pause (message);
  self->source = g_idle_add_full (G_PRIORITY_DEFAULT, produce_cb, self, NULL);
}

void
kab_server_stream (KabServerRequest     *self,
                   const char           *content_type,
                   KabServerProduceFunc  produce_func,
                   gpointer              producer,
                   GDestroyNotify        producer_free)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);
  Stream *stream = g_new0 (Stream, 1);

  stream->message = self->message;
  stream->produce = produce_func;
  stream->producer = producer;
  stream->producer_free = producer_free;
  stream->out = g_string_sized_new (KAB_SERVER_CHUNK + 16384);

  soup_server_message_set_status (self->message, 200, "OK");
  soup_message_headers_replace (headers, "Content-Type", content_type);
  soup_message_headers_replace (headers, "Vary", "Cookie");
  if (self->user != NULL && self->has_cookie)
    kab_server_set_cookie (self);

  if (!produce (stream))
    {
      stream_free (stream);
      kab_server_reply_exception (self, 500, "OperationalError", "the answer could not be made");
      return;
    }
  if (kab_server_request_accepts_gzip (self) && (!stream->is_done || stream->out->len >= KAB_SERVER_COMPRESS_FROM))
    {
      stream->compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1);
      soup_message_headers_replace (headers, "Content-Encoding", "gzip");
    }

  /* A short answer is whole at once and has a length, as recorded. */
  if (stream->is_done)
    {
      send_out (stream);
      stream_free (stream);
      return;
    }

  soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  soup_message_body_set_accumulate (body, FALSE);
  g_signal_connect (self->message, "wrote-chunk", G_CALLBACK (wrote_chunk_cb), stream);
  g_signal_connect (self->message, "finished", G_CALLBACK (finished_cb), stream);
  send_out (stream);
  if (stream->n_pending == 0)
    {
      soup_server_message_pause (self->message);
      stream->source = g_idle_add_full (G_PRIORITY_DEFAULT, produce_cb, stream, NULL);
    }
}
