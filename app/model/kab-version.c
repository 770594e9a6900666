/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-version.h"

#define MAX_MEMBERS 4   /* wapt-package-format § 8.1 */

static gboolean
is_all_digits (const char *text,
               gsize       length)
{
  for (gsize i = 0; i < length; i++)
    if (!g_ascii_isdigit (text[i]))
      return FALSE;

  return length > 0;
}

/* Two runs of digits of any length, as numbers. */
static int
compare_digits (const char *a,
                gsize       a_length,
                const char *b,
                gsize       b_length)
{
  int order;

  for (; a_length > 0 && *a == '0'; a++, a_length--)
    ;
  for (; b_length > 0 && *b == '0'; b++, b_length--)
    ;
  if (a_length != b_length)
    return a_length < b_length ? -1 : 1;

  order = memcmp (a, b, a_length);
  return order < 0 ? -1 : order > 0;
}

static gsize
count_digits (const char *text,
              gsize       length)
{
  gsize n = 0;

  while (n < length && g_ascii_isdigit (text[n]))
    n++;
  return n;
}

/* Runs of digits as numbers, everything else by its lower-case byte; digits come first. */
static int
compare_natural (const char *a,
                 gsize       a_length,
                 const char *b,
                 gsize       b_length)
{
  while (a_length > 0 && b_length > 0)
    {
      gsize a_digits = count_digits (a, a_length);
      gsize b_digits = count_digits (b, b_length);
      gsize a_step = MAX (a_digits, 1);
      gsize b_step = MAX (b_digits, 1);
      int order;

      if (a_digits > 0 && b_digits > 0)
        order = compare_digits (a, a_digits, b, b_digits);
      else if (a_digits > 0 || b_digits > 0)
        order = a_digits > 0 ? -1 : 1;
      else
        order = (int) (guchar) g_ascii_tolower (*a) - (int) (guchar) g_ascii_tolower (*b);
      if (order != 0)
        return order < 0 ? -1 : 1;

      a += a_step;
      a_length -= a_step;
      b += b_step;
      b_length -= b_step;
    }

  return (a_length > 0) - (b_length > 0);
}

static int
compare (const char *a,
         const char *b,
         gboolean    is_loose)
{
  const char *a_packaging = strchr (a, '-');
  const char *b_packaging = strchr (b, '-');
  const char *a_end;
  const char *b_end;

  a_end = a_packaging != NULL ? a_packaging : a + strlen (a);
  b_end = b_packaging != NULL ? b_packaging : b + strlen (b);

  while (is_loose ? a < a_end && b < b_end : a < a_end || b < b_end)
    {
      gsize a_length = 0;
      gsize b_length = 0;
      int order;

      while (a + a_length < a_end && a[a_length] != '.')
        a_length++;
      while (b + b_length < b_end && b[b_length] != '.')
        b_length++;

      order = compare_natural (a, a_length, b, b_length);
      if (order != 0)
        return order;

      /* Past the member and its dot; a member that is not there was lower than any number above. */
      a += a_length + (a + a_length < a_end);
      b += b_length + (b + b_length < b_end);
    }

  if (is_loose && b_packaging == NULL)
    return 0;
  if (a_packaging == NULL || b_packaging == NULL)
    return (a_packaging != NULL) - (b_packaging != NULL);
  return compare_natural (a_packaging + 1, strlen (a_packaging + 1), b_packaging + 1, strlen (b_packaging + 1));
}

int
kab_version_compare (const char *a,
                     const char *b)
{
  g_return_val_if_fail (a != NULL, 0);
  g_return_val_if_fail (b != NULL, 0);

  return compare (a, b, FALSE);
}

int
kab_version_compare_loosely (const char *version,
                             const char *wanted)
{
  g_return_val_if_fail (version != NULL, 0);
  g_return_val_if_fail (wanted != NULL, 0);

  return compare (version, wanted, TRUE);
}

gboolean
kab_version_is_valid (const char *version)
{
  guint n_members = 0;
  gsize length;

  if (version == NULL)
    return FALSE;

  do
    {
      length = strspn (version, "0123456789");
      if (length == 0 || ++n_members > MAX_MEMBERS)
        return FALSE;
      version += length;
    }
  while (*version++ == '.');

  if (version[-1] == '\0')
    return TRUE;
  if (version[-1] != '-')
    return FALSE;

  do
    {
      for (length = 0; g_ascii_isalnum (version[length]); length++)
        ;
      if (length == 0)
        return FALSE;
      version += length;
    }
  while (*version++ == '.');

  return version[-1] == '\0';
}

/* Adds one to a run of digits of any length, keeping its width: "09" becomes "10", "99" becomes "100". */
static void
increment_digits (GString *text,
                  gsize    start,
                  gsize    end)
{
  gsize i = end;

  while (i > start)
    {
      i--;
      if (text->str[i] != '9')
        {
          text->str[i]++;
          return;
        }
      text->str[i] = '0';
    }

  g_string_insert_c (text, (gssize) start, '1');
}

char *
kab_version_dup_next (const char *version)
{
  g_autoptr(GString) next = NULL;
  const char *packaging;
  gsize start;
  gsize end;

  if (!kab_version_is_valid (version))
    return NULL;

  next = g_string_new (version);
  packaging = strchr (version, '-');
  if (packaging != NULL && is_all_digits (packaging + 1, strlen (packaging + 1)))
    {
      increment_digits (next, (gsize) (packaging + 1 - version), next->len);
      return g_string_free (g_steal_pointer (&next), FALSE);
    }

  end = packaging != NULL ? (gsize) (packaging - version) : next->len;
  for (start = end; start > 0 && g_ascii_isdigit (version[start - 1]); start--)
    ;
  increment_digits (next, start, end);
  return g_string_free (g_steal_pointer (&next), FALSE);
}
