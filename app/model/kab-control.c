/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-control.h"

#define NAME_COLUMNS 18                      /* § 2.1: as wide as "signer_fingerprint" */
#define MAX_ATTRIBUTES 512                   /* 1.8.2 knows 46 */
#define MAX_RECORD_BYTES (4 * 1024 * 1024)   /* a change log is the longest known value: some kB */

/* Python's line boundaries, which the agent splits at. */
static gboolean
is_line_end (gunichar c)
{
  return (c >= 0x0a && c <= 0x0d) || (c >= 0x1c && c <= 0x1e) || c == 0x85 || c == 0x2028 || c == 0x2029;
}

/* Python's white space: Unicode's, and the four information separators. */
static gboolean
is_space (gunichar c)
{
  return g_unichar_isspace (c) || is_line_end (c) || c == 0x1f || c == 0xa0;
}

/* The line at *@cursor without its end; *@cursor moves behind the end. The text is valid UTF-8. */
static void
next_line (const char **cursor,
           const char  *end,
           const char **line_end)
{
  const char *at = *cursor;

  while (at < end)
    {
      gunichar c = (guchar) *at < 0x80 ? (gunichar) *at : g_utf8_get_char (at);

      if (is_line_end (c))
        {
          *line_end = at;
          at = g_utf8_next_char (at);
          if (c == '\r' && at < end && *at == '\n')
            at++;
          *cursor = at;
          return;
        }
      at = g_utf8_next_char (at);
    }

  *line_end = end;
  *cursor = end;
}

static void
strip (const char **start,
       const char **end)
{
  while (*start < *end && is_space (g_utf8_get_char (*start)))
    *start = g_utf8_next_char (*start);
  while (*end > *start)
    {
      const char *last = g_utf8_prev_char (*end);

      if (!is_space (g_utf8_get_char (last)))
        break;
      *end = last;
    }
}

static char *
dup_stripped (const char *start,
              const char *end)
{
  strip (&start, &end);
  return g_strndup (start, (gsize) (end - start));
}

static void
append_stripped (GString    *value,
                 const char *start,
                 const char *end)
{
  strip (&start, &end);
  g_string_append_len (value, start, end - start);
}

static void
hand_over (char           **name,
           GString        **value,
           KabControlFunc   callback,
           gpointer         user_data)
{
  if (*name == NULL)
    return;

  callback (g_steal_pointer (name), g_string_free (g_steal_pointer (value), FALSE), user_data);
}

static gboolean
fail (GError     **error,
      guint        n_line,
      const char  *problem)
{
  g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "control, line %u: %s", n_line, problem);
  return FALSE;
}

/* One line that is not empty. A line that begins with a space goes on with the value before it. */
static gboolean
read_line (const char      *line,
           const char      *line_end,
           guint            n_line,
           char           **name,
           GString        **value,
           KabControlFunc   callback,
           gpointer         user_data,
           GError         **error)
{
  const char *colon;
  g_autofree char *spelled = NULL;

  if (*line == ' ')
    {
      if (*name == NULL)
        return fail (error, n_line, "a continuation without a value before it");
      g_string_append_c (*value, '\n');
      append_stripped (*value, line, line_end);
      return TRUE;
    }

  colon = memchr (line, ':', (gsize) (line_end - line));
  if (colon == NULL)
    return fail (error, n_line, "no colon");

  hand_over (name, value, callback, user_data);
  spelled = dup_stripped (line, colon);
  if (*spelled == '\0')
    return fail (error, n_line, "no name before the colon");

  *name = g_ascii_strdown (spelled, -1);
  *value = g_string_new (NULL);
  append_stripped (*value, colon + 1, line_end);
  return TRUE;
}

gboolean
kab_control_read (const char     **cursor,
                  const char      *end,
                  KabControlFunc   callback,
                  gpointer         user_data,
                  GError         **error)
{
  g_autofree char *name = NULL;
  g_autoptr(GString) value = NULL;
  const char *start = *cursor;
  const char *piece_end = start;
  guint n_attributes = 0;

  for (guint n_line = 1; *cursor < end; n_line++)
    {
      const char *line = *cursor;
      const char *line_end;
      const char *stripped_start;
      const char *stripped_end;

      /* Checked from LF to LF: each byte once, and not a whole index before its first record. */
      if (line >= piece_end)
        {
          piece_end = memchr (line, '\n', (gsize) (end - line));
          piece_end = piece_end != NULL ? piece_end + 1 : end;
          if (piece_end - start > MAX_RECORD_BYTES)
            return fail (error, n_line, "the record is too long");
          if (!g_utf8_validate_len (line, (gsize) (piece_end - line), NULL))
            return fail (error, n_line, "not UTF-8");
        }

      next_line (cursor, piece_end, &line_end);

      stripped_start = line;
      stripped_end = line_end;
      strip (&stripped_start, &stripped_end);
      if (stripped_start == stripped_end)
        break;

      if (*line != ' ' && ++n_attributes > MAX_ATTRIBUTES)
        return fail (error, n_line, "too many attributes");
      if (!read_line (line, line_end, n_line, &name, &value, callback, user_data, error))
        return FALSE;
    }

  hand_over (&name, &value, callback, user_data);
  return TRUE;
}

void
kab_control_write (GString    *text,
                   const char *name,
                   const char *value)
{
  if (text->len > 0)
    g_string_append_c (text, '\n');
  g_string_append_printf (text, "%-*s: ", NAME_COLUMNS, name);

  for (; *value != '\0'; value++)
    {
      g_string_append_c (text, *value);
      if (*value == '\n')
        g_string_append_c (text, ' ');
    }
}

char *
kab_control_normalise (const char *value)
{
  g_autofree char *valid = g_utf8_make_valid (value, -1);
  GString *text = g_string_new (NULL);
  const char *cursor = valid;
  const char *end = valid + strlen (valid);

  while (cursor < end)
    {
      const char *line = cursor;
      const char *line_end;

      next_line (&cursor, end, &line_end);
      strip (&line, &line_end);
      if (line == line_end)
        continue;
      if (text->len > 0)
        g_string_append_c (text, '\n');
      g_string_append_len (text, line, line_end - line);
    }

  return g_string_free (text, FALSE);
}
