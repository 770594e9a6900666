/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-format.h"

#define MINUTE 60
#define HOUR (60 * MINUTE)
#define DAY (24 * HOUR)

char *
kab_format_count (guint64 n)
{
  return g_strdup_printf ("%'" G_GUINT64_FORMAT, n);
}

/**
 * kab_format_percent:
 * @part: how many of
 * @whole: how many
 *
 * Rounds down to a tenth, so that "100 %" means all and "0 %" means none.
 *
 * Returns: (transfer full): the share in words; "–" when @whole is 0
 */
char *
kab_format_percent (guint64 part,
                    guint64 whole)
{
  guint64 tenths;

  if (whole == 0)
    return g_strdup ("–");
  if (part >= whole)
    /* Translators: a share of all; keep the space your language wants before the sign */
    return g_strdup (_("100 %"));

  tenths = (guint64) ((double) part / (double) whole * 1000.0);
  if (part == 0)
    return g_strdup (_("0 %"));
  if (tenths == 0)
    return g_strdup (_("under 0.1 %"));

  /* Translators: a share with one decimal; keep the space your language wants before the sign */
  return g_strdup_printf (_("%.1f %%"), (double) tenths / 10.0);
}

char *
kab_format_size (gint64 bytes)
{
  return bytes < 0 ? g_strdup ("") : g_format_size ((guint64) bytes);
}

char *
kab_format_size_at_most (gint64 bytes)
{
  g_autofree char *size = NULL;

  if (bytes < 0)
    return g_strdup ("");

  size = g_format_size ((guint64) bytes);
  /* Translators: %s is a size; servers know only the largest variant of an update */
  return g_strdup_printf (_("at most %s"), size);
}

static char *
format_time (gint64      time,
             gboolean    local,
             const char *format)
{
  g_autoptr(GDateTime) date = NULL;

  if (time <= 0)
    return g_strdup ("");

  date = local ? g_date_time_new_from_unix_local (time) : g_date_time_new_from_unix_utc (time);

  return date != NULL ? g_date_time_format (date, format) : g_strdup ("");
}

char *
kab_format_date (gint64 time)
{
  /* Translators: a date such as "10 Nov 2026"; see g_date_time_format () */
  return format_time (time, TRUE, _("%-d %b %Y"));
}

char *
kab_format_day (gint64 time)
{
  /* Translators: a date without its year, such as "10 Nov"; see g_date_time_format () */
  return format_time (time, FALSE, _("%-d %b"));
}

char *
kab_format_date_time (gint64 time)
{
  /* Translators: a date and a time such as "10 Nov 2026, 14:05"; see g_date_time_format () */
  return format_time (time, TRUE, _("%-d %b %Y, %H:%M"));
}

char *
kab_format_age (gint64 then,
                gint64 now)
{
  gint64 age = now - then;
  guint n;

  if (then <= 0)
    return g_strdup (_("never"));
  if (age < MINUTE)
    return g_strdup (_("just now"));

  if (age < HOUR)
    {
      n = (guint) (age / MINUTE);
      return g_strdup_printf (ngettext ("%u minute ago", "%u minutes ago", n), n);
    }
  if (age < 2 * DAY)
    {
      n = (guint) (age / HOUR);
      return g_strdup_printf (ngettext ("%u hour ago", "%u hours ago", n), n);
    }

  n = (guint) MIN (age / DAY, G_MAXUINT);
  return g_strdup_printf (ngettext ("%u day ago", "%u days ago", n), n);
}

char *
kab_format_duration (gint64 seconds)
{
  seconds = MAX (seconds, 0);

  if (seconds < MINUTE)
    /* Translators: a duration in seconds */
    return g_strdup_printf (_("%d s"), (int) seconds);
  if (seconds < HOUR)
    /* Translators: a duration in minutes and seconds */
    return g_strdup_printf (_("%d min %d s"), (int) (seconds / MINUTE), (int) (seconds % MINUTE));

  /* Translators: a duration in hours and minutes */
  return g_strdup_printf (_("%d h %d min"),
                          (int) MIN (seconds / HOUR, G_MAXINT), (int) (seconds % HOUR / MINUTE));
}

/**
 * kab_format_append_csv:
 * @csv: what was written so far
 * @cell: (nullable): one cell
 * @last: does it end its line?
 *
 * Quotes by RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe in front.
 */
void
kab_format_append_csv (GString    *csv,
                       const char *cell,
                       gboolean    last)
{
  const char *text = cell != NULL ? cell : "";
  gboolean formula = *text != '\0' && strchr ("=+-@\t\r", *text) != NULL;
  gboolean quoted = strpbrk (text, ",\"\r\n") != NULL;

  g_return_if_fail (csv != NULL);

  if (quoted)
    g_string_append_c (csv, '"');
  if (formula)
    g_string_append_c (csv, '\'');
  for (; *text != '\0'; text++)
    {
      if (*text == '"')
        g_string_append_c (csv, '"');
      g_string_append_c (csv, *text);
    }
  if (quoted)
    g_string_append_c (csv, '"');

  g_string_append (csv, last ? "\r\n" : ",");
}
