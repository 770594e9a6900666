/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-package-places.h"

#include <string.h>

#include "kab-package.h"

struct _KabPackagePlaces {
  GHashTable *installed;     /* "name version" → GArray */
  GHashTable *named;         /* name → GArray: any version */
  GHashTable *assigned;      /* name → GArray */
};

static GHashTable *
array_table_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
}

/* The hosts of @key, made when it is new; (transfer none) */
static GArray *
ensure_hosts (GHashTable *table,
              const char *key)
{
  GArray *hosts = g_hash_table_lookup (table, key);

  if (hosts == NULL)
    {
      hosts = g_array_new (FALSE, FALSE, sizeof (guint));
      g_hash_table_insert (table, g_strdup (key), hosts);
    }

  return hosts;
}

/* To each of @lists (element-type GArray) */
static void
add_host (GPtrArray *lists,
          guint      host)
{
  for (guint i = 0; i < lists->len; i++)
    {
      GArray *hosts = lists->pdata[i];

      if (hosts->len == 0 || g_array_index (hosts, guint, hosts->len - 1) != host)
        g_array_append_val (hosts, host);
    }
}

/* The names in "a, b(>=3),c" */
static char **
split_names (const char *text)
{
  g_auto(GStrv) parts = g_strsplit (text, ",", -1);
  GStrvBuilder *names = g_strv_builder_new ();
  char **list;

  for (guint i = 0; parts[i] != NULL; i++)
    {
      char *name = g_strstrip (parts[i]);

      name[strcspn (name, " (")] = '\0';
      if (*name != '\0')
        g_strv_builder_add (names, name);
    }
  list = g_strv_builder_end (names);
  g_strv_builder_unref (names);

  return list;
}

/* name → GStrv: what its newest record asks for */
static GHashTable *
index_depends (GPtrArray *packages)
{
  GHashTable *newest = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *depends = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_strfreev);
  GHashTableIter iter;
  gpointer name;
  gpointer package;

  for (guint i = 0; i < packages->len; i++)
    {
      KabPackage *known = g_hash_table_lookup (newest, kab_package_get_name (packages->pdata[i]));

      if (known == NULL || kab_package_compare (packages->pdata[i], known) > 0)
        g_hash_table_replace (newest, (gpointer) kab_package_get_name (packages->pdata[i]), packages->pdata[i]);
    }
  g_hash_table_iter_init (&iter, newest);
  while (g_hash_table_iter_next (&iter, &name, &package))
    g_hash_table_insert (depends, name, split_names (kab_package_get (package, "depends")));
  g_hash_table_unref (newest);

  return depends;
}

/* @name and all that it asks for; a chain may be as long as the index. */
static void
want (GHashTable *depends,
      GHashTable *wanted,
      const char *name)
{
  g_autoptr(GPtrArray) open = g_ptr_array_new ();

  g_ptr_array_add (open, (gpointer) name);
  while (open->len > 0)
    {
      const char *next = g_ptr_array_steal_index_fast (open, open->len - 1);
      char **names = g_hash_table_lookup (depends, next);

      if (!g_hash_table_add (wanted, g_strdup (next)))
        continue;
      for (guint i = 0; names != NULL && names[i] != NULL; i++)
        g_ptr_array_add (open, names[i]);
    }
}

/* Whose lists the hosts of these groups and this unit are in, for all that they ask for: a unit's package bears its name,
 * and so do those above it. */
static GPtrArray *
find_assigned (KabPackagePlaces *self,
               GHashTable       *depends,
               const char       *groups,
               const char       *unit)
{
  g_autoptr(GHashTable) wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  GPtrArray *lists = g_ptr_array_new ();
  g_auto(GStrv) names = split_names (groups);
  GHashTableIter iter;
  gpointer name;

  for (guint i = 0; names[i] != NULL; i++)
    want (depends, wanted, names[i]);
  while (unit != NULL && *unit != '\0')
    {
      if (g_hash_table_contains (depends, unit))
        want (depends, wanted, unit);
      unit = strchr (unit, ',');
      if (unit != NULL)
        unit++;
    }

  g_hash_table_iter_init (&iter, wanted);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    g_ptr_array_add (lists, ensure_hosts (self->assigned, name));
  return lists;
}

/* The same for those that have these packages, "name version, …" */
static GPtrArray *
find_installed (KabPackagePlaces *self,
                const char       *packages)
{
  GPtrArray *lists = g_ptr_array_new ();
  g_auto(GStrv) words = g_strsplit (packages, ", ", -1);

  for (guint i = 0; words[i] != NULL; i++)
    {
      g_ptr_array_add (lists, ensure_hosts (self->installed, words[i]));
      words[i][strcspn (words[i], " ")] = '\0';
      g_ptr_array_add (lists, ensure_hosts (self->named, words[i]));
    }

  return lists;
}

static void
place_hosts (KabPackagePlaces *self,
             KabSnapshot      *snapshot,
             GHashTable       *depends)
{
  g_autoptr(GHashTable) by_packages = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
  g_autoptr(GHashTable) by_unit = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_hash_table_unref);
  guint n_hosts;
  const KabHostRecord *hosts = kab_snapshot_get_hosts (snapshot, &n_hosts);

  for (guint i = 0; i < n_hosts; i++)
    {
      GPtrArray *installed = g_hash_table_lookup (by_packages, hosts[i].packages);
      GHashTable *by_groups = g_hash_table_lookup (by_unit, hosts[i].ou);
      GPtrArray *assigned;

      if (installed == NULL)
        {
          installed = find_installed (self, hosts[i].packages);
          g_hash_table_insert (by_packages, (gpointer) hosts[i].packages, installed);
        }
      if (by_groups == NULL)
        {
          by_groups = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_ptr_array_unref);
          g_hash_table_insert (by_unit, (gpointer) hosts[i].ou, by_groups);
        }
      assigned = g_hash_table_lookup (by_groups, hosts[i].groups);
      if (assigned == NULL)
        {
          assigned = find_assigned (self, depends, hosts[i].groups, hosts[i].ou);
          g_hash_table_insert (by_groups, (gpointer) hosts[i].groups, assigned);
        }
      add_host (installed, i);
      add_host (assigned, i);
    }
}

KabPackagePlaces *
kab_package_places_new (GPtrArray   *packages,
                        KabSnapshot *snapshot)
{
  KabPackagePlaces *self = g_new0 (KabPackagePlaces, 1);
  g_autoptr(GHashTable) depends = index_depends (packages);

  self->installed = array_table_new ();
  self->named = array_table_new ();
  self->assigned = array_table_new ();
  if (snapshot != NULL)
    place_hosts (self, snapshot, depends);

  return self;
}

void
kab_package_places_free (KabPackagePlaces *self)
{
  g_hash_table_unref (self->installed);
  g_hash_table_unref (self->named);
  g_hash_table_unref (self->assigned);
  g_free (self);
}

static GArray *
find_hosts (GHashTable *table,
           const char *key)
{
  GArray *hosts = g_hash_table_lookup (table, key);

  return hosts != NULL ? g_array_ref (hosts) : g_array_new (FALSE, FALSE, sizeof (guint));
}

/* Both are sorted. */
static GArray *
subtract (GArray *all,
          GArray *some)
{
  GArray *rest = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0, j = 0; i < all->len; i++)
    {
      guint host = g_array_index (all, guint, i);

      while (j < some->len && g_array_index (some, guint, j) < host)
        j++;
      if (j == some->len || g_array_index (some, guint, j) != host)
        g_array_append_val (rest, host);
    }

  return rest;
}

GArray *
kab_package_places_find_installed (KabPackagePlaces *self,
                                   const char       *origin)
{
  return find_hosts (self->installed, origin);
}

GArray *
kab_package_places_find_older (KabPackagePlaces *self,
                               const char       *name,
                               const char       *origin)
{
  g_autoptr(GArray) named = find_hosts (self->named, name);
  g_autoptr(GArray) installed = find_hosts (self->installed, origin);

  return subtract (named, installed);
}

GArray *
kab_package_places_find_assigned (KabPackagePlaces *self,
                                  const char       *name)
{
  return find_hosts (self->assigned, name);
}
