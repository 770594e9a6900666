/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-calendar.h"
#include "kab-category.h"
#include "kab-duration.h"
#include "kab-query-number.h"

#define MAX_NUMBER_DIGITS 15     /* with its unit still far from overflowing */

typedef enum {
  OPERATOR_EQUAL,
  OPERATOR_LESS,
  OPERATOR_LESS_EQUAL,
  OPERATOR_GREATER,
  OPERATOR_GREATER_EQUAL,
} Operator;

static Operator
read_operator (const char **text)
{
  Operator operator = OPERATOR_EQUAL;

  if (**text == '<' || **text == '>')
    {
      operator = **text == '<' ? OPERATOR_LESS : OPERATOR_GREATER;
      (*text)++;
      if (**text == '=')
        {
          operator++;
          (*text)++;
        }
    }
  else if (**text == '=')
    (*text)++;

  return operator;
}

/* What lies before, in and behind [low, high]. */
static void
apply_operator (Operator       operator,
                gint64         low,
                gint64         high,
                KabQueryRange *range)
{
  range->low = operator == OPERATOR_GREATER ? high + 1
             : operator == OPERATOR_LESS || operator == OPERATOR_LESS_EQUAL ? G_MININT64 : low;
  range->high = operator == OPERATOR_LESS ? low - 1
              : operator == OPERATOR_GREATER || operator == OPERATOR_GREATER_EQUAL ? G_MAXINT64 : high;
}

/* "-3", "200M", "1.5G" at *@text, which moves behind it. */
static gboolean
read_number (const char **text,
             gint64      *number)
{
  gboolean negative = **text == '-';
  gint64 value = 0;
  gint64 scale = 1;
  guint n_digits = 0;
  gint64 unit = 1;

  if (negative)
    (*text)++;
  for (; g_ascii_isdigit (**text); (*text)++)
    {
      if (++n_digits > MAX_NUMBER_DIGITS)
        return FALSE;
      value = value * 10 + (**text - '0');
    }
  if (n_digits == 0)
    return FALSE;

  /* Three digits behind the point are enough where the least unit is 1000. */
  if (**text == '.' && g_ascii_isdigit ((*text)[1]))
    for ((*text)++; g_ascii_isdigit (**text); (*text)++)
      if (scale < 1000 && n_digits < MAX_NUMBER_DIGITS)
        {
          value = value * 10 + (**text - '0');
          scale *= 10;
          n_digits++;
        }

  switch (**text)
    {
    case 'k':
    case 'K':
      unit = 1000;
      break;
    case 'm':
    case 'M':
      unit = 1000 * 1000;
      break;
    case 'g':
    case 'G':
      unit = 1000 * 1000 * 1000;
      break;
    default:
      break;
    }
  if (unit > 1)
    (*text)++;
  if (value > G_MAXINT64 / 4 / unit)
    return FALSE;

  *number = value * unit / scale * (negative ? -1 : 1);
  return TRUE;
}

gboolean
kab_query_range_from_number (const char    *text,
                             KabQueryRange *range)
{
  Operator operator = read_operator (&text);
  gint64 low;
  gint64 high;

  if (!read_number (&text, &low))
    return FALSE;

  high = low;
  if (operator == OPERATOR_EQUAL && g_str_has_prefix (text, ".."))
    {
      text += 2;
      if (!read_number (&text, &high))
        return FALSE;
    }
  if (*text != '\0')
    return FALSE;

  apply_operator (operator, low, high, range);
  return TRUE;
}

static gboolean
read_digits (const char **text,
             guint        n_digits,
             int         *number)
{
  *number = 0;
  for (guint i = 0; i < n_digits; i++, (*text)++)
    {
      if (!g_ascii_isdigit (**text))
        return FALSE;
      *number = *number * 10 + (**text - '0');
    }

  return TRUE;
}

/* "2026", "2026-11" or "2026-11-10" as the seconds that it spans. */
static gboolean
read_calendar (const char *text,
               gint64     *low,
               gint64     *high)
{
  int year, month, day;
  gint64 first, next;

  if (!read_digits (&text, 4, &year) || year == 0)
    return FALSE;
  if (*text == '\0')
    {
      first = kab_calendar_to_days (year, 1, 1);
      next = kab_calendar_to_days (year + 1, 1, 1);
    }
  else
    {
      if (*text++ != '-' || !read_digits (&text, 2, &month) || month < 1 || month > 12)
        return FALSE;
      first = kab_calendar_to_days (year, month, 1);
      next = month < 12 ? kab_calendar_to_days (year, month + 1, 1) : kab_calendar_to_days (year + 1, 1, 1);
      if (*text != '\0')
        {
          if (*text++ != '-' || !read_digits (&text, 2, &day) || day < 1 || day > next - first)
            return FALSE;
          first += day - 1;
          next = first + 1;
        }
    }
  if (*text != '\0')
    return FALSE;

  *low = first * KAB_SECONDS_PER_DAY;
  *high = next * KAB_SECONDS_PER_DAY - 1;
  return TRUE;
}

static gboolean
read_day_word (const char *text,
               gint64      now,
               gint64     *low,
               gint64     *high)
{
  gint64 today = kab_calendar_midnight (now);

  if (g_ascii_strcasecmp (text, "today") == 0)
    *low = today;
  else if (g_ascii_strcasecmp (text, "yesterday") == 0)
    *low = today - KAB_SECONDS_PER_DAY;
  else if (g_ascii_strcasecmp (text, "patch-tuesday") == 0)
    *low = kab_patch_tuesday_before (now);
  else
    return FALSE;

  *high = *low + KAB_SECONDS_PER_DAY - 1;
  return TRUE;
}

/* "<30d" asks for less age, which is a later time. */
static gboolean
read_age (const char    *text,
          Operator       operator,
          gint64         now,
          KabQueryRange *range)
{
  static const Operator mirrored[] = {
    [OPERATOR_EQUAL] = OPERATOR_GREATER_EQUAL,
    [OPERATOR_LESS] = OPERATOR_GREATER,
    [OPERATOR_LESS_EQUAL] = OPERATOR_GREATER_EQUAL,
    [OPERATOR_GREATER] = OPERATOR_LESS,
    [OPERATOR_GREATER_EQUAL] = OPERATOR_LESS_EQUAL,
  };
  gint64 seconds;

  if (!g_ascii_isdigit (*text))
    return FALSE;
  seconds = kab_duration_parse (text);
  if (seconds < 0)
    return FALSE;

  apply_operator (mirrored[operator], now - seconds, now - seconds, range);
  return TRUE;
}

gboolean
kab_query_range_from_date (const char    *text,
                           gint64         now,
                           KabQueryRange *range)
{
  Operator operator = read_operator (&text);
  gint64 low, high;

  if (operator == OPERATOR_EQUAL && g_ascii_strcasecmp (text, "never") == 0)
    {
      range->low = range->high = 0;
      return TRUE;
    }

  if (read_calendar (text, &low, &high) || read_day_word (text, now, &low, &high))
    apply_operator (operator, low, high, range);
  else if (!read_age (text, operator, now, range))
    return FALSE;

  /* 0 is a date that is not known. */
  range->low = MAX (range->low, 1);
  return TRUE;
}
