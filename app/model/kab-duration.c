/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-duration.h"

#define MAX_DIGITS 9                     /* more than any span that ends before our sun does */
#define SECONDS_PER_DAY (24 * 60 * 60)

/* 0 for a letter that agents do not know; they read lower case only. */
static gint64
get_unit (char letter)
{
  switch (letter)
    {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 60 * 60;
    case 'd':
      return SECONDS_PER_DAY;
    case 'w':
      return 7 * SECONDS_PER_DAY;
    default:
      return 0;
    }
}

gint64
kab_duration_parse (const char *text)
{
  gint64 whole = 0;
  gint64 part = 0;
  gint64 scale = 1;
  gint64 unit = SECONDS_PER_DAY;
  guint n_digits = 0;

  if (text == NULL)
    return 0;
  while (g_ascii_isspace (*text))
    text++;
  if (*text == '\0')
    return 0;

  for (; g_ascii_isdigit (*text); text++)
    {
      if (++n_digits > MAX_DIGITS)
        return -1;
      whole = whole * 10 + (*text - '0');
    }

  if (*text == '.')
    for (text++; g_ascii_isdigit (*text); text++, n_digits++)
      if (scale < 1000000)
        {
          part = part * 10 + (*text - '0');
          scale *= 10;
        }

  if (n_digits == 0)
    return -1;
  while (g_ascii_isspace (*text))
    text++;
  if (*text != '\0')
    {
      unit = get_unit (*text++);
      while (g_ascii_isspace (*text))
        text++;
    }
  if (unit == 0 || *text != '\0')
    return -1;

  return whole * unit + part * unit / scale;
}
