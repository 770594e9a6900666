/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-wire"

#include "config.h"

#include "kab-wire-value.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#include "kab-wire.h"

#define MAX_NUMBER 63   /* bytes of a number's text */

/* Servers in Python escape everything, so nearly all text is ASCII: eight bytes at a time. */
gboolean
kab_value_is_utf8 (const char *text,
                   gsize       length)
{
  const char *end = text + length;

  while (end - text >= (gssize) sizeof (guint64))
    {
      guint64 word;

      memcpy (&word, text, sizeof word);
      if ((word & G_GUINT64_CONSTANT (0x8080808080808080)) != 0)
        return g_utf8_validate_len (text, end - text, NULL);
      text += sizeof word;
    }
  return g_utf8_validate_len (text, end - text, NULL);
}

gint64
kab_value_from_double (double number,
                       gint64 fallback)
{
  /* 2^63 itself is a double, 2^63 - 1 is not */
  if (isnan (number) || number < -9223372036854775808.0 || number >= 9223372036854775808.0)
    return fallback;
  return (gint64) number;
}

gboolean
kab_value_parse_int (const char *text,
                     gsize       length,
                     gint64     *value)
{
  char buffer[MAX_NUMBER + 1];
  char *end;
  gint64 number;

  while (length > 0 && g_ascii_isspace (text[0]))
    text++, length--;
  while (length > 0 && g_ascii_isspace (text[length - 1]))
    length--;
  if (length == 0 || length > MAX_NUMBER)
    return FALSE;
  if (!g_ascii_isdigit (text[0]) && (text[0] != '-' || length < 2 || !g_ascii_isdigit (text[1])))
    return FALSE;

  memcpy (buffer, text, length);
  buffer[length] = '\0';

  errno = 0;
  number = g_ascii_strtoll (buffer, &end, 10);
  if (errno == 0 && *end == '\0')
    {
      *value = number;
      return TRUE;
    }

  if (strspn (buffer, "0123456789+-.eE") != length)
    return FALSE;
  number = kab_value_from_double (g_ascii_strtod (buffer, &end), G_MININT64);
  if (*end != '\0' || number == G_MININT64)
    return FALSE;
  *value = number;
  return TRUE;
}

KabTristate
kab_value_parse_tristate (const char *text,
                          gsize       length)
{
  static const char * const yes[] = { "true", "1", "yes", "on" };
  static const char * const no[] = { "false", "0", "no", "off" };

  for (guint i = 0; i < G_N_ELEMENTS (yes); i++)
    {
      if (strlen (yes[i]) == length && g_ascii_strncasecmp (yes[i], text, length) == 0)
        return KAB_TRISTATE_TRUE;
      if (strlen (no[i]) == length && g_ascii_strncasecmp (no[i], text, length) == 0)
        return KAB_TRISTATE_FALSE;
    }
  return KAB_TRISTATE_NULL;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
static gint64
days_from_civil (int year,
                 int month,
                 int day)
{
  gint64 y = month <= 2 ? year - 1 : year;
  gint64 era = y / 400;
  gint64 year_of_era = y - era * 400;
  gint64 day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
  gint64 day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;

  return era * 146097 + day_of_era - 719468;
}

/* Reads exactly @n digits at @text. Returns: -1 when they are none */
static int
digits (const char *text,
        guint       n)
{
  int value = 0;

  for (guint i = 0; i < n; i++)
    {
      if (!g_ascii_isdigit (text[i]))
        return -1;
      value = value * 10 + (text[i] - '0');
    }
  return value;
}

/* What may stand behind the seconds: fraction, "Z", "+02:00". Returns: %FALSE for anything else. */
static gboolean
parse_zone (const char *text,
            gsize       length,
            gint64     *offset)
{
  *offset = 0;

  if (length > 0 && (text[0] == '.' || text[0] == ','))
    {
      for (text++, length--; length > 0 && g_ascii_isdigit (text[0]); text++, length--)
        ;
    }
  if (length == 0 || (length == 1 && (text[0] == 'Z' || text[0] == 'z')))
    return TRUE;
  if (length >= 5 && (text[0] == '+' || text[0] == '-'))
    {
      guint colon = text[3] == ':' ? 1 : 0;
      int hours = digits (text + 1, 2);
      int minutes = length == 5 + colon ? digits (text + 3 + colon, 2) : -1;

      if (hours < 0 || minutes < 0)
        return FALSE;
      *offset = (hours * 60 + minutes) * 60 * (text[0] == '-' ? -1 : 1);
      return TRUE;
    }
  return FALSE;
}

gint64
kab_wire_parse_time (const char *text,
                     gssize      length)
{
  int year, month, day, hour = 0, minute = 0, second = 0;
  gsize size;
  gint64 offset = 0;

  if (text == NULL)
    return 0;

  size = length < 0 ? strlen (text) : (gsize) length;
  if (size < 10 || text[4] != '-' || text[7] != '-')
    return 0;

  year = digits (text, 4);
  month = digits (text + 5, 2);
  day = digits (text + 8, 2);
  if (size > 10)
    {
      if (size < 16 || (text[10] != 'T' && text[10] != ' ' && text[10] != 't') || text[13] != ':')
        return 0;
      hour = digits (text + 11, 2);
      minute = digits (text + 14, 2);
      if (size >= 19 && text[16] == ':')
        second = digits (text + 17, 2);
      else if (size != 16)
        return 0;
      if (size > 19 && !parse_zone (text + 19, size - 19, &offset))
        return 0;
    }

  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > 31 ||
      hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60)
    return 0;

  return MAX (((days_from_civil (year, month, day) * 24 + hour) * 60 + minute) * 60 + second - offset, 0);
}

char *
kab_wire_format_time (gint64 time)
{
  g_autoptr(GDateTime) date = g_date_time_new_from_unix_utc (time);

  return date != NULL ? g_date_time_format (date, "%Y-%m-%dT%H:%M:%S") : NULL;
}
