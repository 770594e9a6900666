/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-history-keys.h"

#include <string.h>

#include "kab-wire.h"

/* Behind the string that begins at @p; NULL when it does not end. */
static const char *
skip_string (const char *p)
{
  for (p++; *p != '\0'; p++)
    {
      if (*p == '\\' && p[1] != '\0')
        p++;
      else if (*p == '"')
        return p + 1;
    }

  return NULL;
}

/* Behind the value that begins at @p: at the comma or brace that ends it. */
static const char *
skip_value (const char *p)
{
  guint depth = 0;

  while (p != NULL && *p != '\0')
    {
      if (*p == '"')
        {
          p = skip_string (p);
          continue;
        }
      if (depth == 0 && (*p == ',' || *p == '}'))
        return p;
      if (*p == '{' || *p == '[')
        depth++;
      else if (*p == '}' || *p == ']')
        {
          if (depth == 0)
            return NULL;
          depth--;
        }
      p++;
    }

  return NULL;
}

static const char *
skip_blanks (const char *p)
{
  while (*p == ' ' || *p == '\n' || *p == '\r' || *p == '\t')
    p++;

  return p;
}

char *
kab_history_rename (const char         *history_json,
                    KabHistoryNameFunc  func,
                    gpointer            user_data)
{
  g_autoptr(GString) out = NULL;
  const char *p;

  g_return_val_if_fail (func != NULL, NULL);

  if (history_json == NULL)
    return NULL;
  p = skip_blanks (history_json);
  if (*p != '{')
    return NULL;

  out = g_string_sized_new (strlen (history_json) + 16);
  for (p = skip_blanks (p + 1); *p == '"'; p = skip_blanks (p + 1))
    {
      guint64 number = 0;
      const char *value;
      const char *end;
      const char *name;

      for (p++; g_ascii_isdigit (*p) && number <= G_MAXUINT32; p++)
        number = number * 10 + (guint64) (*p - '0');
      if (*p != '"' || number > G_MAXUINT32)
        return NULL;

      value = skip_blanks (p + 1);
      if (*value != ':')
        return NULL;
      value = skip_blanks (value + 1);
      end = skip_value (value);
      if (end == NULL)
        return NULL;

      name = func ((guint32) number, user_data);
      if (name != NULL)
        {
          g_string_append_c (out, out->len == 0 ? '{' : ',');
          kab_wire_append_text (out, name);
          g_string_append_c (out, ':');
          g_string_append_len (out, value, end - value);
        }
      p = end;
      if (*p == '}')
        break;
    }
  if (*p != '}' || out->len == 0)
    return NULL;

  g_string_append_c (out, '}');

  return g_string_free (g_steal_pointer (&out), FALSE);
}
