/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include <string.h>

#include "kab-server-json.h"
#include "kab-wire.h"

/* Copies the character at @p, escaped when it is none of ASCII. Returns: how many bytes it had */
static gsize
append_character (GString    *out,
                  const char *p)
{
  gunichar c = g_utf8_get_char_validated (p, -1);

  if (c == (gunichar) -1 || c == (gunichar) -2)
    {
      g_string_append (out, "\\ufffd");
      return 1;
    }
  if (c > 0xffff)
    g_string_append_printf (out, "\\u%04x\\u%04x", 0xd800 + ((c - 0x10000) >> 10), 0xdc00 + ((c - 0x10000) & 0x3ff));
  else
    g_string_append_printf (out, "\\u%04x", c);
  return g_utf8_skip[(guchar) *p];
}

/* From the quote at @p to behind the one that ends it. */
static const char *
append_string (GString    *out,
               const char *p)
{
  const char *start = p++;

  for (;;)
    {
      while ((guchar) *p < 0x80 && *p != '"' && *p != '\\' && *p != '\0')
        p++;
      if (*p == '\\')
        {
          p += p[1] != '\0' ? 2 : 1;
          continue;
        }
      g_string_append_len (out, start, p - start);
      if ((guchar) *p < 0x80)
        break;
      p += append_character (out, p);
      start = p;
    }
  if (*p == '\0')
    return p;
  g_string_append_c (out, '"');
  return p + 1;
}

void
kab_server_json_append (GString    *out,
                        const char *json)
{
  const char *p = json;

  while (*p != '\0')
    {
      gsize length = strcspn (p, "\",: \t\r\n");

      g_string_append_len (out, p, length);
      p += length;
      switch (*p)
        {
        case '\0':
          break;
        case '"':
          p = append_string (out, p);
          break;
        case ',':
          g_string_append (out, ", ");
          p++;
          break;
        case ':':
          g_string_append (out, ": ");
          p++;
          break;
        default:
          p++;
        }
    }
}

void
kab_server_json_append_node (GString  *out,
                             JsonNode *node)
{
  g_autofree char *json = json_to_string (node, FALSE);

  kab_server_json_append (out, json);
}

void
kab_server_json_append_text (GString    *out,
                             const char *text)
{
  g_autofree char *valid = NULL;

  if (text == NULL)
    {
      g_string_append (out, "null");
      return;
    }
  if (!g_utf8_validate (text, -1, NULL))
    text = valid = g_utf8_make_valid (text, -1);
  kab_wire_append_text (out, text);
}

void
kab_server_json_append_name (GString    *out,
                             const char *name)
{
  if (out->len > 0 && out->str[out->len - 1] != '{')
    g_string_append (out, ", ");
  kab_server_json_append_text (out, name);
  g_string_append (out, ": ");
}

void
kab_server_json_append_member (GString    *out,
                               const char *name,
                               const char *text)
{
  kab_server_json_append_name (out, name);
  kab_server_json_append_text (out, text);
}

void
kab_server_json_append_tristate (GString     *out,
                                 const char  *name,
                                 KabTristate  value)
{
  kab_server_json_append_name (out, name);
  g_string_append (out, value == KAB_TRISTATE_NULL ? "null" : value == KAB_TRISTATE_TRUE ? "true" : "false");
}

void
kab_server_json_append_texts (GString            *out,
                              const char * const *list)
{
  if (list == NULL)
    {
      g_string_append (out, "null");
      return;
    }
  g_string_append_c (out, '[');
  for (guint i = 0; list[i] != NULL; i++)
    {
      if (i > 0)
        g_string_append (out, ", ");
      kab_server_json_append_text (out, list[i]);
    }
  g_string_append_c (out, ']');
}

char *
kab_server_json_dup_usec (gint64 time_usec)
{
  g_autofree char *seconds = kab_wire_format_time (time_usec / G_USEC_PER_SEC);

  if (time_usec % G_USEC_PER_SEC == 0)
    return g_steal_pointer (&seconds);
  return g_strdup_printf ("%s.%06d", seconds, (int) (time_usec % G_USEC_PER_SEC));
}

void
kab_server_json_append_usec (GString *out,
                             gint64   time_usec)
{
  g_autofree char *text = time_usec > 0 ? kab_server_json_dup_usec (time_usec) : NULL;

  kab_server_json_append_text (out, text);
}

void
kab_server_json_append_time (GString *out,
                             gint64   time)
{
  g_autofree char *text = time > 0 ? kab_wire_format_time (time) : NULL;

  kab_server_json_append_text (out, text);
}
