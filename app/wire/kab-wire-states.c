/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-wire"

#include "config.h"

#include "kab-wire-states.h"

#include <string.h>

#include "kab-error.h"

#define N_NUMBERS 5          /* for each pair */
#define MAX_FLAGS 0xfff      /* six values of two bits */

/* Returns: the first byte behind the text that begins behind @p, or @end */
static const char *
skip_text (const char *p,
           const char *end)
{
  while (p < end)
    {
      const char *quote = memchr (p, '"', end - p);
      const char *backslash = memchr (p, '\\', (quote != NULL ? quote : end) - p);

      if (backslash == NULL)
        return quote != NULL ? quote + 1 : end;
      p = backslash + 2;
    }
  return end;
}

gboolean
kab_states_find (const char *line,
                 gsize       length,
                 gsize      *start)
{
  static const char name[] = "\"states\":[";
  const char *end = line + length;
  const char *p = line;
  guint depth = 0;

  while (p < end)
    {
      const char *text;

      switch (*p++)
        {
        case '{':
        case '[':
          depth++;
          break;
        case '}':
        case ']':
          depth--;
          break;
        case '"':
          text = p - 1;
          if (depth == 1 && (gsize) (end - text) >= sizeof name - 1 && memcmp (text, name, sizeof name - 1) == 0)
            {
              *start = text - line + sizeof name - 2;
              return TRUE;
            }
          p = skip_text (p, end);
          break;
        default:
          break;
        }
    }
  return FALSE;
}

static gboolean
bad_states (const char  *what,
            GError     **error)
{
  g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "states: %s", what);
  return FALSE;
}

/* One pair. An unsigned result is accepted as what it means. */
static gboolean
add_record (GArray        *records,
            const gint64  *numbers,
            GError       **error)
{
  KabStateRecord record;

  if (numbers[0] < 0 || numbers[0] > G_MAXUINT32)
    return bad_states ("the number of an update is out of range", error);
  if (numbers[1] < 0 || numbers[1] >= KAB_N_STATES)
    return bad_states ("there is no such state", error);
  if (numbers[2] < 0 || numbers[2] > MAX_FLAGS || (numbers[2] & (numbers[2] >> 1) & 0x555) != 0)
    return bad_states ("there are no such flags", error);
  if (numbers[3] < 0 || numbers[3] > G_MAXUINT32)
    return bad_states ("a time is out of range", error);
  if (numbers[4] < G_MININT32 || numbers[4] > G_MAXUINT32)
    return bad_states ("a result is out of range", error);

  record.update = (guint32) numbers[0];
  record.flags = (guint32) numbers[1] | (guint32) numbers[2] << 4;
  record.installed_at = (guint32) numbers[3];
  record.result = (gint32) (guint32) numbers[4];
  g_array_append_val (records, record);
  return TRUE;
}

gboolean
kab_states_read (const char  *line,
                 gsize        length,
                 gsize        start,
                 gsize       *end,
                 GArray      *records,
                 GError     **error)
{
  const char *p = line + start + 1;
  const char *line_end = line + length;
  gint64 numbers[N_NUMBERS];
  guint n = 0;

  g_array_set_size (records, 0);
  if (p < line_end && *p == ']')
    {
      *end = p + 1 - line;
      return TRUE;
    }

  while (p < line_end)
    {
      gboolean negative = *p == '-';
      const char *digits = negative ? p + 1 : p;
      gint64 number = 0;

      for (p = digits; p < line_end && (guchar) (*p - '0') <= 9 && p - digits < 11; p++)
        number = number * 10 + (*p - '0');
      if (p == digits || p - digits > 10 || p == line_end)
        return bad_states ("not an array of integers", error);

      numbers[n++] = negative ? -number : number;
      if (n == N_NUMBERS)
        {
          if (!add_record (records, numbers, error))
            return FALSE;
          n = 0;
        }

      if (*p == ']')
        {
          *end = p + 1 - line;
          return n == 0 || bad_states ("five integers make a pair", error);
        }
      if (*p++ != ',')
        return bad_states ("not an array of integers", error);
    }
  return bad_states ("cut short", error);
}
