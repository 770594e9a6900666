/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <glib/gstdio.h>

#include "kab-server-files.h"
#include "kab-server-private.h"

/* A file, or a range of it, while it is sent: a chunk is read when the one before is out. */
typedef struct {
  SoupServerMessage *message;     /* borrowed: "finished" ends us */
  int                fd;
  gint64             position;
  gint64             end;         /* exclusive */
} Sending;

static void
finished_cb (SoupServerMessage *message,
             gpointer           user_data)
{
  Sending *self = user_data;

  g_signal_handlers_disconnect_by_data (message, self);
  close (self->fd);
  g_free (self);
}

static void
send_chunk_cb (SoupServerMessage *message,
               gpointer           user_data)
{
  Sending *self = user_data;
  SoupMessageBody *body = soup_server_message_get_response_body (message);
  gsize size = (gsize) MIN (self->end - self->position, KAB_SERVER_CHUNK);
  g_autofree guint8 *data = NULL;
  gssize n_read;

  if (size == 0)
    {
      soup_message_body_complete (body);
      return;
    }
  data = g_malloc (size);
  n_read = pread (self->fd, data, size, self->position);
  if (n_read <= 0)
    {
      /* Cut short under our hands: the length was promised, so only a broken connection tells. */
      g_message ("a file ended at %" G_GINT64_FORMAT " while it was sent: %s", self->position,
                 n_read < 0 ? g_strerror (errno) : "shorter now");
      g_socket_shutdown (soup_server_message_get_socket (message), TRUE, TRUE, NULL);
      return;
    }
  self->position += n_read;
  soup_message_body_append_take (body, g_steal_pointer (&data), (gsize) n_read);
}

static void
send_file (KabServerRequest *self,
           int               fd,
           gint64            start,
           gint64            end)
{
  Sending *sending = g_new0 (Sending, 1);

  sending->message = self->message;
  sending->fd = fd;
  sending->position = start;
  sending->end = end;
  soup_message_body_set_accumulate (soup_server_message_get_response_body (self->message), FALSE);
  g_signal_connect (self->message, "wrote-headers", G_CALLBACK (send_chunk_cb), sending);
  g_signal_connect (self->message, "wrote-chunk", G_CALLBACK (send_chunk_cb), sending);
  g_signal_connect (self->message, "finished", G_CALLBACK (finished_cb), sending);
}

static int
open_file (KabServerRequest *self,
           struct stat      *status)
{
  g_autofree char *path = kab_server_find_file (self->server->depot, self->path);
  int fd = path != NULL ? g_open (path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK) : -1;

  if (fd >= 0 && (fstat (fd, status) != 0 || !S_ISREG (status->st_mode)))
    {
      close (fd);
      fd = -1;
    }
  return fd;
}

/* Returns: %TRUE when the client has it already */
static gboolean
is_unchanged (SoupMessageHeaders *asked,
              gint64              modified_at)
{
  const char *since = soup_message_headers_get_one (asked, "If-Modified-Since");
  g_autoptr(GDateTime) date = since != NULL ? soup_date_time_new_from_http_string (since) : NULL;

  return date != NULL && g_date_time_to_unix (date) >= modified_at;
}

/* What is asked for. A range counts only for GET, and only of the content that the client has the rest of. */
static KabRange
read_range (KabServerRequest *self,
            const char       *last_modified,
            gint64            size,
            gint64           *start,
            gint64           *end)
{
  SoupMessageHeaders *asked = soup_server_message_get_request_headers (self->message);
  g_autofree char *range = g_strdup (soup_message_headers_get_one (asked, "Range"));
  const char *condition = soup_message_headers_get_one (asked, "If-Range");

  /* libsoup would cut the range out of a body that it does not have. */
  soup_message_headers_remove (asked, "Range");
  if (!kab_server_request_is (self, "GET") || (condition != NULL && !g_str_equal (condition, last_modified)))
    g_clear_pointer (&range, g_free);
  return kab_server_parse_range (range, size, start, end);
}

void
kab_server_static_file (KabServerRequest *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  g_autoptr(GDateTime) modified = NULL;
  g_autofree char *last_modified = NULL;
  g_autofree char *outside = NULL;
  gint64 start = 0;
  gint64 end = 0;
  struct stat status;
  KabRange range;
  int fd = open_file (self, &status);

  if (fd < 0)
    {
      kab_server_reply_html (self, 404, KAB_SERVER_TEXT_404);
      return;
    }

  modified = g_date_time_new_from_unix_utc (status.st_mtime);
  last_modified = soup_date_time_to_string (modified, SOUP_DATE_HTTP);
  soup_message_headers_replace (headers, "Last-Modified", last_modified);
  soup_message_headers_replace (headers, "Accept-Ranges", "bytes");
  soup_message_headers_replace (headers, "Cache-Control", "no-cache, must-revalidate");
  soup_message_headers_replace (headers, "Pragma", "no-cache");
  soup_message_headers_replace (headers, "Content-Type",
                                g_str_has_suffix (self->path, ".png") ? "image/png" : "application/octet-stream");

  range = read_range (self, last_modified, status.st_size, &start, &end);
  if (is_unchanged (soup_server_message_get_request_headers (self->message), status.st_mtime))
    {
      soup_server_message_set_status (self->message, 304, "Not Modified");
      start = end;
    }
  else if (range == KAB_RANGE_OUTSIDE)
    {
      outside = g_strdup_printf ("bytes */%" G_GINT64_FORMAT, (gint64) status.st_size);
      soup_message_headers_replace (headers, "Content-Range", outside);
      soup_server_message_set_status (self->message, 416, "Requested Range Not Satisfiable");
      start = end;
    }
  else if (range == KAB_RANGE_PART)
    {
      soup_message_headers_set_content_range (headers, start, end - 1, status.st_size);
      soup_server_message_set_status (self->message, 206, "Partial Content");
    }
  else
    {
      soup_server_message_set_status (self->message, 200, "OK");
    }

  if (start < end)
    soup_message_headers_set_content_length (headers, end - start);
  if (start < end && kab_server_request_is (self, "GET"))
    send_file (self, fd, start, end);
  else
    close (fd);
}

void
kab_server_files (KabServerRequest *self)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *msg = NULL;
  guint n_files = 0;
  GString *result = kab_server_list_files (self->server->depot, &n_files, &error);

  if (result == NULL)
    {
      kab_server_reply_error (self, error);
      return;
    }
  msg = g_strdup_printf ("%u files", n_files);
  kab_server_reply (self, msg, result, TRUE);
}
