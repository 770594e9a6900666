/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-template.h"

static const KabTemplateValue *
find_value (const KabTemplateValue *values,
            const char             *name,
            gsize                   length)
{
  for (; values->name != NULL; values++)
    if (strlen (values->name) == length && strncmp (values->name, name, length) == 0)
      return values;

  return NULL;
}

char *
kab_template_fill (const char             *template_text,
                   const KabTemplateValue *values)
{
  GString *text;

  g_return_val_if_fail (template_text != NULL, NULL);
  g_return_val_if_fail (values != NULL, NULL);

  text = g_string_new (NULL);
  while (*template_text != '\0')
    {
      const char *end = *template_text == '{' ? strchr (template_text, '}') : NULL;
      const KabTemplateValue *value = NULL;

      if (end != NULL)
        value = find_value (values, template_text + 1, (gsize) (end - template_text - 1));
      if (value != NULL)
        {
          if (value->value != NULL)
            g_string_append (text, value->value);
          template_text = end + 1;
        }
      else
        g_string_append_c (text, *template_text++);
    }

  return g_string_free (text, FALSE);
}
