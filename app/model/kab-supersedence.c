/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-supersedence.h"

#define MAX_FOLLOWED  4096               /* of one update */
#define MAX_LINKS     (16 * 1024 * 1024) /* of all: a hostile catalogue ends here */

/* Lists side by side: those of index i are links[starts[i]] … links[starts[i + 1] - 1]. */
typedef struct {
  guint   *starts;
  guint32 *links;
} Lists;

struct _KabSupersedence
{
  guint n_updates;
  Lists replaced;
  Lists replacements;
};

/* GUID in lower case → GArray of indices: all revisions */
static GHashTable *
find_revisions (GPtrArray *updates)
{
  GHashTable *revisions = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);

  for (guint32 i = 0; i < updates->len; i++)
    {
      g_autofree char *guid = updates->pdata[i] != NULL ? kab_update_dup_guid (updates->pdata[i]) : NULL;
      g_autofree char *key = guid != NULL ? g_ascii_strdown (guid, -1) : NULL;
      GArray *same = key != NULL ? g_hash_table_lookup (revisions, key) : NULL;

      if (key == NULL)
        continue;
      if (same == NULL)
        {
          same = g_array_new (FALSE, FALSE, sizeof (guint32));
          g_hash_table_insert (revisions, g_steal_pointer (&key), same);
        }
      g_array_append_val (same, i);
    }

  return revisions;
}

/* What one update names itself */
static void
add_direct (GHashTable *revisions,
            KabUpdate  *update,
            GArray     *links)
{
  const char * const *guids = kab_update_get_fields (update)->superseded_update_ids;

  for (; guids != NULL && *guids != NULL && links->len < MAX_LINKS; guids++)
    {
      g_autofree char *key = g_ascii_strdown (*guids, -1);
      GArray *same = g_hash_table_lookup (revisions, key);

      if (same != NULL)
        g_array_append_vals (links, same->data, same->len);
    }
}

/* Breadth first from @start over @direct. @seen: who was met by whom, so that it needs no cleaning */
static void
follow (const Lists *direct,
        guint32      start,
        guint32     *seen,
        GArray      *links)
{
  guint first = links->len;
  guint next = first;
  guint32 at = start;

  seen[start] = start + 1;
  for (guint n = 0; n < MAX_FOLLOWED; n++)
    {
      for (guint i = direct->starts[at]; i < direct->starts[at + 1] && links->len < MAX_LINKS; i++)
        if (seen[direct->links[i]] != start + 1)
          {
            seen[direct->links[i]] = start + 1;
            g_array_append_val (links, direct->links[i]);
          }
      if (next >= links->len)
        break;
      at = g_array_index (links, guint32, next++);
    }
}

static void
turn_round (const Lists *lists,
            guint        n,
            Lists       *turned)
{
  g_autofree guint *ends = NULL;

  turned->starts = g_new0 (guint, (gsize) n + 1);
  turned->links = g_new (guint32, lists->starts[n] + 1);
  for (guint i = 0; i < lists->starts[n]; i++)
    turned->starts[lists->links[i] + 1]++;
  for (guint i = 0; i < n; i++)
    turned->starts[i + 1] += turned->starts[i];
  ends = g_memdup2 (turned->starts, sizeof (guint) * ((gsize) n + 1));
  for (guint32 i = 0; i < n; i++)
    for (guint k = lists->starts[i]; k < lists->starts[i + 1]; k++)
      turned->links[ends[lists->links[k]]++] = i;
}

KabSupersedence *
kab_supersedence_new (GPtrArray *updates)
{
  KabSupersedence *self = g_new0 (KabSupersedence, 1);
  g_autoptr(GHashTable) revisions = NULL;
  g_autoptr(GArray) direct_links = g_array_new (FALSE, FALSE, sizeof (guint32));
  GArray *links = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autofree guint32 *seen = NULL;
  g_autofree guint *starts = NULL;
  Lists direct;

  g_return_val_if_fail (updates != NULL, self);

  revisions = find_revisions (updates);
  self->n_updates = updates->len;
  starts = g_new0 (guint, (gsize) updates->len + 1);
  for (guint i = 0; i < updates->len; i++)
    {
      if (updates->pdata[i] != NULL)
        add_direct (revisions, updates->pdata[i], direct_links);
      starts[i + 1] = direct_links->len;
    }

  direct = (Lists) { starts, (guint32 *) (gpointer) direct_links->data };
  seen = g_new0 (guint32, (gsize) updates->len + 1);
  self->replaced.starts = g_new0 (guint, (gsize) updates->len + 1);
  for (guint32 i = 0; i < updates->len; i++)
    {
      follow (&direct, i, seen, links);
      self->replaced.starts[i + 1] = links->len;
    }
  self->replaced.links = (guint32 *) (gpointer) g_array_free (links, FALSE);
  turn_round (&self->replaced, updates->len, &self->replacements);
  return self;
}

void
kab_supersedence_free (KabSupersedence *self)
{
  if (self == NULL)
    return;

  g_free (self->replaced.starts);
  g_free (self->replaced.links);
  g_free (self->replacements.starts);
  g_free (self->replacements.links);
  g_free (self);
}

static const guint32 *
get (KabSupersedence *self,
     const Lists     *lists,
     guint            index,
     guint           *n)
{
  *n = 0;
  g_return_val_if_fail (self != NULL && index < self->n_updates, NULL);

  *n = lists->starts[index + 1] - lists->starts[index];
  return *n > 0 ? lists->links + lists->starts[index] : NULL;
}

const guint32 *
kab_supersedence_get_replaced (KabSupersedence *self,
                               guint            index,
                               guint           *n)
{
  return get (self, &self->replaced, index, n);
}

const guint32 *
kab_supersedence_get_replacements (KabSupersedence *self,
                                   guint            index,
                                   guint           *n)
{
  return get (self, &self->replacements, index, n);
}
