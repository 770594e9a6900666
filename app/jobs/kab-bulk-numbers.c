/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-bulk-numbers.h"

#include <string.h>

typedef struct {
  guint32 number;
  char    update_id[];
} Known;

struct _KabBulkNumbers
{
  GHashTable *table;      /* n → Known */
  gboolean    changed;
};

static void
insert (KabBulkNumbers *self,
        guint32         n,
        guint32         number,
        const char     *update_id)
{
  gsize length = strlen (update_id) + 1;
  Known *known = g_malloc (sizeof (Known) + length);

  known->number = number;
  memcpy (known->update_id, update_id, length);
  g_hash_table_replace (self->table, GUINT_TO_POINTER (n), known);
}

KabBulkNumbers *
kab_bulk_numbers_new (const char *text)
{
  KabBulkNumbers *self = g_new0 (KabBulkNumbers, 1);
  g_auto(GStrv) lines = g_strsplit (text != NULL ? text : "", "\n", -1);

  self->table = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  for (char **line = lines; *line != NULL; line++)
    {
      char *end = NULL;
      guint64 n = g_ascii_strtoull (*line, &end, 10);
      guint64 number = end != *line && *end == ' ' ? g_ascii_strtoull (end + 1, &end, 10) : 0;

      if (number == 0 || number > G_MAXUINT32 || n > G_MAXUINT32 || *end != ' ' || end[1] == '\0')
        continue;
      insert (self, (guint32) n, (guint32) number, end + 1);
    }

  return self;
}

void
kab_bulk_numbers_free (KabBulkNumbers *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->table);
  g_free (self);
}

void
kab_bulk_numbers_clear (KabBulkNumbers *self)
{
  g_hash_table_remove_all (self->table);
  self->changed = TRUE;
}

void
kab_bulk_numbers_set (KabBulkNumbers *self,
                      guint32         n,
                      guint32         number,
                      const char     *update_id)
{
  const Known *known = g_hash_table_lookup (self->table, GUINT_TO_POINTER (n));

  if (known != NULL && known->number == number && strcmp (known->update_id, update_id) == 0)
    return;

  insert (self, n, number, update_id);
  self->changed = TRUE;
}

void
kab_bulk_numbers_remove (KabBulkNumbers *self,
                         guint32         n)
{
  if (g_hash_table_remove (self->table, GUINT_TO_POINTER (n)))
    self->changed = TRUE;
}

guint32
kab_bulk_numbers_get (KabBulkNumbers *self,
                      guint32         n)
{
  const Known *known = g_hash_table_lookup (self->table, GUINT_TO_POINTER (n));

  return known != NULL ? known->number : 0;
}

const char *
kab_bulk_numbers_get_id (KabBulkNumbers *self,
                         guint32         n)
{
  const Known *known = g_hash_table_lookup (self->table, GUINT_TO_POINTER (n));

  return known != NULL ? known->update_id : NULL;
}

guint
kab_bulk_numbers_count (KabBulkNumbers *self)
{
  return g_hash_table_size (self->table);
}

gboolean
kab_bulk_numbers_changed (KabBulkNumbers *self)
{
  return self->changed;
}

char *
kab_bulk_numbers_to_text (KabBulkNumbers *self)
{
  GString *text = g_string_sized_new (g_hash_table_size (self->table) * 60);
  GHashTableIter iter;
  gpointer key;
  gpointer value;

  g_hash_table_iter_init (&iter, self->table);
  while (g_hash_table_iter_next (&iter, &key, &value))
    g_string_append_printf (text, "%u %u %s\n", GPOINTER_TO_UINT (key), ((Known *) value)->number,
                            ((Known *) value)->update_id);

  return g_string_free (text, FALSE);
}
