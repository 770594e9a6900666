/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-server-private.h"
#include "kab-wire.h"

const char *
kab_server_request_get (const KabServerRequest *self,
                        const char             *name)
{
  return self->query != NULL ? g_hash_table_lookup (self->query, name) : NULL;
}

gint64
kab_server_request_get_int (const KabServerRequest *self,
                            const char             *name,
                            gint64                  fallback)
{
  const char *text = kab_server_request_get (self, name);
  gint64 number = fallback;

  if (text != NULL)
    g_ascii_string_to_signed (text, 10, G_MININT32, G_MAXINT64, &number, NULL);
  return number;
}

gboolean
kab_server_request_is (KabServerRequest *self,
                       const char       *method)
{
  return g_strcmp0 (soup_server_message_get_method (self->message), method) == 0;
}

gboolean
kab_server_request_accepts_gzip (KabServerRequest *self)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (self->message);
  const char *accepted = soup_message_headers_get_list (headers, "Accept-Encoding");
  g_autoptr(GSList) unacceptable = NULL;
  GSList *list;
  gboolean accepts;

  if (accepted == NULL)
    return FALSE;
  list = soup_header_parse_quality_list (accepted, &unacceptable);
  accepts = g_slist_find_custom (list, "gzip", (GCompareFunc) g_ascii_strcasecmp) != NULL;
  soup_header_free_list (list);
  soup_header_free_list (g_steal_pointer (&unacceptable));
  return accepts;
}

/* As the original's framework: a body that is no JSON ends as an exception under 200. */
JsonNode *
kab_server_request_read_json (KabServerRequest *self)
{
  SoupMessageBody *body = soup_server_message_get_request_body (self->message);
  g_autoptr(GBytes) bytes = soup_message_body_flatten (body);
  gsize size = 0;
  const char *data = g_bytes_get_data (bytes, &size);
  JsonNode *node = NULL;

  if (size > 0 && g_utf8_validate (data, (gssize) size, NULL))
    node = kab_wire_parse (data, (gssize) size, NULL);
  if (node == NULL)
    {
      GString *json = g_string_new (NULL);

      g_string_append (json, "{\"success\": false, \"error_code\": \"badrequest\", "
                       "\"msg\": \"Error on server:\\n<BadRequest '400: Bad Request'>\"}");
      kab_server_reply_json (self, 200, json);
    }
  return node;
}

static GBytes *
compress (GString *json)
{
  g_autoptr(GZlibCompressor) compressor = g_zlib_compressor_new (G_ZLIB_COMPRESSOR_FORMAT_GZIP, 1);
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GOutputStream) stream = g_converter_output_stream_new (memory, G_CONVERTER (compressor));

  if (!g_output_stream_write_all (stream, json->str, json->len, NULL, NULL, NULL) ||
      !g_output_stream_close (stream, NULL, NULL))
    return NULL;
  return g_memory_output_stream_steal_as_bytes (G_MEMORY_OUTPUT_STREAM (memory));
}

static const char *
reason_of (guint status)
{
  switch (status)
    {
    case 200: return "OK";
    case 401: return "UNAUTHORIZED";
    case 403: return "FORBIDDEN";
    case 404: return "NOT FOUND";
    case 405: return "METHOD NOT ALLOWED";
    case 413: return "REQUEST ENTITY TOO LARGE";
    case 500: return "INTERNAL SERVER ERROR";
    default:  return NULL;
    }
}

void
kab_server_reply_json (KabServerRequest *self,
                       guint             status,
                       GString          *json)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);
  SoupMessageBody *body = soup_server_message_get_response_body (self->message);
  g_autoptr(GBytes) compressed = NULL;

  if (json->len >= KAB_SERVER_COMPRESS_FROM && kab_server_request_accepts_gzip (self))
    compressed = compress (json);

  soup_server_message_set_status (self->message, status, reason_of (status));
  soup_message_headers_replace (headers, "Content-Type", "application/json");
  soup_message_headers_replace (headers, "Vary", "Cookie");
  if (self->user != NULL && self->has_cookie)
    kab_server_set_cookie (self);
  if (compressed != NULL)
    {
      soup_message_headers_replace (headers, "Content-Encoding", "gzip");
      soup_message_body_append_bytes (body, compressed);
      g_string_free (json, TRUE);
    }
  else
    {
      gsize length = json->len;

      soup_message_body_append_take (body, (guchar *) g_string_free (json, FALSE), length);
    }
}

void
kab_server_reply_html (KabServerRequest *self,
                       guint             status,
                       const char       *text)
{
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (self->message);

  soup_server_message_set_status (self->message, status, reason_of (status));
  if (status == 401)
    soup_message_headers_replace (headers, "WWW-Authenticate", KAB_SERVER_REALM);
  if (status == 401 || status == 403)
    soup_message_headers_replace (headers, "Vary", "Cookie");
  soup_server_message_set_response (self->message, "text/html; charset=utf-8", SOUP_MEMORY_COPY, text, strlen (text));
}

void
kab_server_append_head (GString    *json,
                        gboolean    success,
                        const char *msg)
{
  g_string_append (json, success ? "{\"success\": true, \"msg\": " : "{\"success\": false, \"msg\": ");
  kab_server_json_append_text (json, msg);
}

void
kab_server_append_time (KabServerRequest *self,
                        GString          *json,
                        gboolean          has_time)
{
  char buffer[G_ASCII_DTOSTR_BUF_SIZE];
  double seconds = (double) (g_get_monotonic_time () - self->started_usec) / G_USEC_PER_SEC;

  g_string_append (json, ", \"request_time\": ");
  g_string_append (json, has_time ? g_ascii_dtostr (buffer, sizeof buffer, MAX (seconds, 0.000001)) : "null");
  g_string_append_c (json, '}');
}

void
kab_server_reply (KabServerRequest *self,
                  const char       *msg,
                  GString          *result,
                  gboolean          has_time)
{
  GString *json = g_string_sized_new (256 + (result != NULL ? result->len : 0));

  kab_server_append_head (json, TRUE, msg);
  g_string_append (json, ", \"result\": ");
  if (result != NULL)
    {
      g_string_append_len (json, result->str, (gssize) result->len);
      g_string_free (result, TRUE);
    }
  else
    g_string_append (json, "null");
  kab_server_append_time (self, json, has_time);
  kab_server_reply_json (self, 200, json);
}

void
kab_server_reply_failure (KabServerRequest *self,
                          const char       *error_code,
                          const char       *msg)
{
  GString *json = g_string_new (NULL);

  kab_server_append_head (json, FALSE, msg);
  kab_server_json_append_member (json, "error_code", error_code);
  kab_server_append_time (self, json, TRUE);
  kab_server_reply_json (self, 200, json);
}

/* Python's repr of a text: single quotes unless there is one inside and no double one. */
static void
append_repr (GString    *out,
             const char *text)
{
  char quote = strchr (text, '\'') != NULL && strchr (text, '"') == NULL ? '"' : '\'';

  g_string_append_c (out, quote);
  for (const char *p = text; *p != '\0'; p++)
    {
      if (*p == quote || *p == '\\')
        g_string_append_c (out, '\\');
      if (*p == '\n')
        g_string_append (out, "\\n");
      else
        g_string_append_c (out, *p);
    }
  g_string_append_c (out, quote);
}

void
kab_server_reply_exception (KabServerRequest *self,
                            guint             status,
                            const char       *exception,
                            const char       *text)
{
  g_autofree char *code = g_ascii_strdown (exception, -1);
  GString *msg = g_string_new ("Error on server:\n");
  GString *json = g_string_new ("{\"success\": false, \"error_code\": ");

  g_string_append_printf (msg, "%s(", exception);
  append_repr (msg, text);
  g_string_append_c (msg, ')');

  kab_server_json_append_text (json, code);
  kab_server_json_append_member (json, "msg", msg->str);
  g_string_append_c (json, '}');
  g_string_free (msg, TRUE);
  kab_server_reply_json (self, status, json);
}

/* Something of ours went wrong: said as the original says what went wrong in its database. */
void
kab_server_reply_error (KabServerRequest *self,
                        const GError     *error)
{
  g_message ("%s: %s", self->path, error->message);
  kab_server_reply_exception (self, 200, g_error_matches (error, KAB_ERROR, KAB_ERROR_BAD_DATA) ? "DataError"
                                                                                                : "OperationalError",
                              error->message);
}

char *
kab_server_dup_list (const char *text,
                     const char *separator)
{
  g_auto(GStrv) parts = NULL;
  GString *json;
  gboolean is_first = TRUE;

  if (text == NULL || *text == '\0')
    return NULL;
  parts = g_strsplit (text, separator, -1);
  json = g_string_new ("[");
  for (guint i = 0; parts[i] != NULL; i++)
    {
      if (*g_strstrip (parts[i]) == '\0')
        continue;
      g_string_append (json, is_first ? "" : ",");
      kab_server_json_append_text (json, parts[i]);
      is_first = FALSE;
    }
  g_string_append_c (json, ']');
  return g_string_free (json, FALSE);
}
