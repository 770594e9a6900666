/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-depends.h"

#include <string.h>

#include "kab-resolver.h"

static GPtrArray *
split (const char *text)
{
  GPtrArray *list = g_ptr_array_new_null_terminated (0, g_free, TRUE);
  g_auto(GStrv) parts = kab_requirements_split (text);

  for (guint i = 0; parts[i] != NULL; i++)
    g_ptr_array_add (list, g_strdup (parts[i]));

  return list;
}

static GPtrArray *
copy (GPtrArray *list)
{
  GPtrArray *copied = g_ptr_array_new_null_terminated (0, g_free, TRUE);

  for (guint i = 0; i < list->len; i++)
    g_ptr_array_add (copied, g_strdup (list->pdata[i]));

  return copied;
}

KabDepends *
kab_depends_new (const char *depends,
                 const char *conflicts)
{
  KabDepends *self = g_new0 (KabDepends, 1);

  self->depends = split (depends);
  self->conflicts = split (conflicts);

  return self;
}

KabDepends *
kab_depends_copy (const KabDepends *depends)
{
  KabDepends *self = g_new0 (KabDepends, 1);

  self->depends = copy (depends->depends);
  self->conflicts = copy (depends->conflicts);

  return self;
}

void
kab_depends_free (KabDepends *self)
{
  if (self == NULL)
    return;

  g_ptr_array_unref (self->depends);
  g_ptr_array_unref (self->conflicts);
  g_free (self);
}

/* Returns: the place of the first of that name, -1 */
static int
find (GPtrArray  *list,
      const char *name)
{
  for (guint i = 0; i < list->len; i++)
    {
      g_autofree char *other = kab_requirement_dup_name (list->pdata[i]);

      if (strcmp (other, name) == 0)
        return (int) i;
    }

  return -1;
}

/* Returns: where it was, or the end */
static guint
take_out (GPtrArray  *list,
          const char *name)
{
  guint first = list->len;
  int at;

  while ((at = find (list, name)) >= 0)
    {
      first = MIN (first, (guint) at);
      g_ptr_array_remove_index (list, (guint) at);
    }

  return MIN (first, list->len);
}

void
kab_depends_change (KabDepends    *self,
                    const char    *requirement,
                    KabAssignment  assignment)
{
  g_autofree char *name = kab_requirement_dup_name (requirement);
  guint at = take_out (self->depends, name);

  switch (assignment)
    {
    case KAB_ASSIGN:
      g_ptr_array_insert (self->depends, (int) at, g_strdup (requirement));
      take_out (self->conflicts, name);
      break;
    case KAB_FORBID:
      take_out (self->conflicts, name);
      g_ptr_array_add (self->conflicts, g_strdup (requirement));
      break;
    case KAB_UNASSIGN:
    default:
      break;
    }
}

static void
put_back (GPtrArray  *list,
          const char *name,
          GPtrArray  *before)
{
  int had = find (before, name);
  guint at = take_out (list, name);

  if (had >= 0)
    g_ptr_array_insert (list, (int) at, g_strdup (before->pdata[had]));
}

void
kab_depends_restore (KabDepends       *self,
                     const char       *requirement,
                     const KabDepends *before)
{
  g_autofree char *name = kab_requirement_dup_name (requirement);

  put_back (self->depends, name, before->depends);
  put_back (self->conflicts, name, before->conflicts);
}

static gboolean
is_same (GPtrArray *a,
         GPtrArray *b)
{
  gboolean same = a->len == b->len;

  for (guint i = 0; same && i < a->len; i++)
    same = strcmp (a->pdata[i], b->pdata[i]) == 0;

  return same;
}

gboolean
kab_depends_equal (const KabDepends *a,
                   const KabDepends *b)
{
  return is_same (a->depends, b->depends) && is_same (a->conflicts, b->conflicts);
}

char *
kab_depends_dup_text (GPtrArray *list)
{
  return list->len > 0 ? g_strjoinv (",", (char **) list->pdata) : g_strdup ("");
}
