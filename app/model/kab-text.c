/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-text.h"

static gboolean
is_mark (gunichar c)
{
  GUnicodeType type = g_unichar_type (c);

  return type == G_UNICODE_NON_SPACING_MARK || type == G_UNICODE_ENCLOSING_MARK;
}

/* Compatibility forms too, so that a ligature or a wide letter finds its plain spelling. */
static char *
fold_unicode (const char *text,
              gsize       length)
{
  g_autofree char *valid = g_utf8_make_valid (text, (gssize) length);
  g_autofree char *cased = g_utf8_casefold (valid, -1);
  g_autofree char *apart = g_utf8_normalize (cased, -1, G_NORMALIZE_ALL);
  char *to = apart;

  for (const char *from = apart; *from != '\0';)
    {
      const char *next = g_utf8_next_char (from);

      if ((guchar) *from < 0x80 || !is_mark (g_utf8_get_char (from)))
        {
          memmove (to, from, (gsize) (next - from));
          to += next - from;
        }
      from = next;
    }

  *to = '\0';
  return g_steal_pointer (&apart);
}

#define BLOCK 16      /* bytes that a compiler takes in one step, because their number is known */

/* Returns: all bytes as they were, ORed */
static inline guchar
lower_bytes (char  *text,
             gsize  length)
{
  guchar all = 0;

  for (gsize i = 0; i < length; i++)
    {
      guchar c = (guchar) text[i];

      all |= c;
      text[i] = (char) (c | (guchar) (((guchar) (c - 'A') < 26) << 5));
    }

  return all;
}

/* Lower case in place, without a call or a branch for each byte: a fleet has megabytes of these. Returns: is it ASCII? */
static gboolean
lower_ascii (char  *text,
             gsize  length)
{
  guchar all = 0;

  for (; length >= BLOCK; text += BLOCK, length -= BLOCK)
    all |= lower_bytes (text, BLOCK);
  all |= lower_bytes (text, length);

  return all < 0x80;
}

char *
kab_text_fold (const char *text,
               gssize      length)
{
  g_autofree char *folded = NULL;
  gsize n;

  g_return_val_if_fail (text != NULL, NULL);

  n = length < 0 ? strlen (text) : strnlen (text, (gsize) length);
  folded = g_strndup (text, n);
  return lower_ascii (folded, n) ? g_steal_pointer (&folded) : fold_unicode (text, n);
}

void
kab_text_append_folded (GString    *to,
                        const char *text)
{
  gsize before;

  g_return_if_fail (to != NULL);
  g_return_if_fail (text != NULL);

  before = to->len;
  g_string_append (to, text);
  if (!lower_ascii (to->str + before, to->len - before))
    {
      g_autofree char *folded = kab_text_fold (text, -1);

      g_string_truncate (to, before);
      g_string_append (to, folded);
    }
}

/* @length bytes of a text against a folded needle. */
static gboolean
equals_bytes (const char *text,
              gsize       length,
              const char *needle)
{
  g_autofree char *folded = NULL;

  for (gsize i = 0; i < length; i++)
    {
      if ((guchar) text[i] >= 0x80)
        {
          folded = kab_text_fold (text, (gssize) length);
          return strcmp (folded, needle) == 0;
        }
      if (g_ascii_tolower (text[i]) != needle[i])
        return FALSE;
    }

  return needle[length] == '\0';
}

gboolean
kab_text_equals (const char *text,
                 const char *needle)
{
  return text != NULL ? equals_bytes (text, strlen (text), needle) : *needle == '\0';
}

gboolean
kab_text_list_has (const char *list,
                   const char *needle)
{
  if (list == NULL || *list == '\0')
    return *needle == '\0';

  for (;;)
    {
      const char *end = strstr (list, ", ");
      gsize length = end != NULL ? (gsize) (end - list) : strlen (list);

      if (equals_bytes (list, length, needle))
        return TRUE;
      if (end == NULL)
        return FALSE;
      list = end + 2;
    }
}

gboolean
kab_text_tree_has (const char *path,
                   const char *needle)
{
  if (path == NULL || *path == '\0')
    return *needle == '\0';
  if (*needle == '\0')
    return FALSE;

  /* From each comma on; one that is escaped only makes a part that no unit is called. */
  while (!kab_text_equals (path, needle))
    {
      path = strchr (path, ',');
      if (path == NULL)
        return FALSE;
      path++;
    }

  return TRUE;
}

guint
kab_text_distance (const char *a,
                   const char *b,
                   guint       most)
{
  guint row[256];
  gsize length = strlen (b);

  if (length >= G_N_ELEMENTS (row) || strlen (a) >= G_N_ELEMENTS (row))
    return strcmp (a, b) == 0 ? 0 : most + 1;

  for (guint j = 0; j <= length; j++)
    row[j] = j;
  for (guint i = 1; a[i - 1] != '\0'; i++)
    {
      guint diagonal = row[0];
      guint best = i;

      row[0] = i;
      for (guint j = 1; j <= length; j++)
        {
          guint changed = diagonal + (a[i - 1] != b[j - 1]);

          diagonal = row[j];
          row[j] = MIN (changed, MIN (row[j], row[j - 1]) + 1);
          best = MIN (best, row[j]);
        }
      if (best > most)
        return most + 1;
    }

  return MIN (row[length], most + 1);
}

int
kab_text_compare (gconstpointer a,
                  gconstpointer b)
{
  return strcmp (*(const char * const *) a, *(const char * const *) b);
}
