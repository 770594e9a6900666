/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-fields.h"

#define TEXT_AT(base, offset) (*(const char **) (void *) ((char *) (base) + (offset)))
#define LIST_AT(base, offset) (*(const char * const **) (void *) ((char *) (base) + (offset)))

static char *
copy_text (char       **cursor,
           const char  *text)
{
  gsize size = strlen (text) + 1;
  char *copy = *cursor;

  memcpy (copy, text, size);
  *cursor += size;
  return copy;
}

gpointer
kab_fields_copy (gconstpointer          fields,
                 const KabFieldsLayout *layout)
{
  gsize n_bytes = 0;
  gsize n_pointers = 0;
  char *block;
  char *cursor;
  const char **pointers;

  g_return_val_if_fail (fields != NULL, NULL);
  g_return_val_if_fail (layout->size % sizeof (gpointer) == 0, NULL);

  for (guint i = 0; i < layout->n_texts; i++)
    {
      const char *text = TEXT_AT (fields, layout->texts[i]);

      if (text != NULL)
        n_bytes += strlen (text) + 1;
    }

  for (guint i = 0; i < layout->n_lists; i++)
    {
      const char * const *list = LIST_AT (fields, layout->lists[i]);

      if (list == NULL)
        continue;
      for (; *list != NULL; list++, n_pointers++)
        n_bytes += strlen (*list) + 1;
      n_pointers++;
    }

  /* The struct, then the lists (pointers keep their alignment), then the characters. */
  block = g_malloc (layout->size + n_pointers * sizeof (char *) + n_bytes);
  memcpy (block, fields, layout->size);
  pointers = (const char **) (void *) (block + layout->size);
  cursor = (char *) (pointers + n_pointers);

  for (guint i = 0; i < layout->n_texts; i++)
    {
      const char *text = TEXT_AT (fields, layout->texts[i]);

      if (text != NULL)
        TEXT_AT (block, layout->texts[i]) = copy_text (&cursor, text);
    }

  for (guint i = 0; i < layout->n_lists; i++)
    {
      const char * const *list = LIST_AT (fields, layout->lists[i]);

      if (list == NULL)
        continue;
      LIST_AT (block, layout->lists[i]) = (const char * const *) pointers;
      for (; *list != NULL; list++)
        *pointers++ = copy_text (&cursor, *list);
      *pointers++ = NULL;
    }

  return block;
}
