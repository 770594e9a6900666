/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-cli"

#include "config.h"

#include <string.h>

#include "kab-cli-output.h"

/* "-5" and "+3.2" are numbers to everybody and no formula to anybody. */
static gboolean
is_number (const char *cell)
{
  char *end = NULL;

  if (cell[0] == '\0' || strspn (cell, "+-.0123456789eE") != strlen (cell))
    return FALSE;
  g_ascii_strtod (cell, &end);

  return end != cell && *end == '\0';
}

/* A spreadsheet runs a cell that begins with one of these; tab and carriage return hide the sign behind them. */
static gboolean
looks_like_formula (const char *cell)
{
  return cell[0] != '\0' && strchr ("=+-@\t\r", cell[0]) != NULL && !is_number (cell);
}

void
kab_cli_csv_append (GString    *out,
                    const char *cell)
{
  gboolean escaped = looks_like_formula (cell);

  if (!escaped && strpbrk (cell, "\",;\r\n\t") == NULL)
    {
      g_string_append (out, cell);
      return;
    }

  g_string_append_c (out, '"');
  if (escaped)
    g_string_append_c (out, '\'');
  for (const char *c = cell; *c != '\0'; c++)
    {
      if (*c == '"')
        g_string_append_c (out, '"');
      g_string_append_c (out, *c);
    }
  g_string_append_c (out, '"');
}
