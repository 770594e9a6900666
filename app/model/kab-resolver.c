/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-resolver-private.h"

static void
entry_clear (gpointer data)
{
  KabResolverEntry *entry = data;

  g_object_unref (entry->package);
  g_strfreev (entry->depends);
  g_strfreev (entry->conflicts);
  g_strfreev (entry->locales);
  g_strfreev (entry->vouchers);
}

static void
entry_release (gpointer entry)
{
  g_rc_box_release_full (entry, entry_clear);
}

static void
versions_free (gpointer data)
{
  KabResolverVersions *versions = data;

  g_ptr_array_unref (versions->entries);
  g_free (versions);
}

KabResolver *
kab_resolver_new (void)
{
  KabResolver *self = g_new0 (KabResolver, 1);

  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, versions_free);
  self->uuids = g_hash_table_new (g_str_hash, g_str_equal);
  return self;
}

void
kab_resolver_free (KabResolver *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->uuids);
  g_hash_table_unref (self->names);
  g_free (self);
}

static GStrv
split_or_null (const char *list)
{
  GStrv parts = *list != '\0' ? kab_requirements_split (list) : NULL;

  if (parts != NULL && parts[0] == NULL)
    g_clear_pointer (&parts, g_strfreev);
  return parts;
}

/* @entry: (transfer full) */
static void
take_entry (KabResolver *self,
            KabResolverEntry       *entry)
{
  KabResolverVersions *versions = g_hash_table_lookup (self->names, entry->name);

  if (versions == NULL)
    {
      versions = g_new0 (KabResolverVersions, 1);
      versions->entries = g_ptr_array_new_with_free_func (entry_release);
      g_hash_table_insert (self->names, g_strdup (entry->name), versions);
    }
  g_ptr_array_add (versions->entries, entry);
  versions->is_sorted = versions->entries->len == 1;
  if (*entry->uuid != '\0')
    g_hash_table_replace (self->uuids, (gpointer) entry->uuid, entry);
}

void
kab_resolver_add (KabResolver        *self,
                  KabPackage         *package,
                  const char * const *vouchers)
{
  KabResolverEntry *entry;

  g_return_if_fail (self != NULL);
  g_return_if_fail (KAB_IS_PACKAGE (package));

  entry = g_rc_box_new0 (KabResolverEntry);
  entry->package = g_object_ref (package);
  entry->name = kab_package_get_name (package);
  entry->version = kab_package_get_version (package);
  entry->uuid = kab_package_get (package, "package_uuid");
  entry->signer = kab_package_get (package, "signer_fingerprint");
  entry->depends = split_or_null (kab_package_get (package, "depends"));
  entry->conflicts = split_or_null (kab_package_get (package, "conflicts"));
  entry->locales = split_or_null (kab_package_get (package, "locale"));
  entry->vouchers = g_strdupv ((char **) vouchers);
  entry->is_free = vouchers != NULL && vouchers[0] == NULL;
  take_entry (self, entry);
}

KabResolver *
kab_resolver_copy (KabResolver *self)
{
  KabResolver *copy = kab_resolver_new ();
  GHashTableIter iter;
  gpointer value;

  g_return_val_if_fail (self != NULL, copy);

  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    for (guint i = 0; i < ((KabResolverVersions *) value)->entries->len; i++)
      take_entry (copy, g_rc_box_acquire (((KabResolverVersions *) value)->entries->pdata[i]));
  return copy;
}

guint
kab_resolver_remove (KabResolver *self,
                     const char  *name,
                     const char  *version,
                     const char  *maturity)
{
  KabResolverVersions *versions;
  guint n_removed = 0;

  g_return_val_if_fail (self != NULL && name != NULL, 0);

  versions = g_hash_table_lookup (self->names, name);
  for (guint i = versions != NULL ? versions->entries->len : 0; i > 0; i--)
    {
      KabResolverEntry *entry = versions->entries->pdata[i - 1];

      if ((version != NULL && strcmp (entry->version, version) != 0) ||
          (maturity != NULL && strcmp (kab_package_get_maturity (entry->package), maturity) != 0))
        continue;
      if (g_hash_table_lookup (self->uuids, entry->uuid) == entry)
        g_hash_table_remove (self->uuids, entry->uuid);
      g_ptr_array_remove_index (versions->entries, i - 1);
      n_removed++;
    }
  return n_removed;
}

static int
compare_entries (gconstpointer a,
                 gconstpointer b)
{
  const KabResolverEntry *first = *(const KabResolverEntry * const *) a;
  const KabResolverEntry *second = *(const KabResolverEntry * const *) b;
  int order = kab_package_compare (second->package, first->package);

  return order != 0 ? order : strcmp (second->uuid, first->uuid);
}

GPtrArray *
kab_resolver_find_versions (KabResolver *self,
                            const char  *name)
{
  KabResolverVersions *versions = g_hash_table_lookup (self->names, name);

  if (versions != NULL && !versions->is_sorted)
    {
      g_ptr_array_sort (versions->entries, compare_entries);
      versions->is_sorted = TRUE;
    }
  return versions != NULL && versions->entries->len > 0 ? versions->entries : NULL;
}

KabPackage *
kab_resolver_find (KabResolver *self,
                   const char  *name)
{
  GPtrArray *entries;

  g_return_val_if_fail (self != NULL && name != NULL, NULL);

  entries = kab_resolver_find_versions (self, name);
  return entries != NULL ? ((KabResolverEntry *) entries->pdata[0])->package : NULL;
}

void
kab_resolver_foreach (KabResolver     *self,
                      KabResolverFunc  func,
                      gpointer         user_data)
{
  GHashTableIter iter;
  gpointer value;

  g_return_if_fail (self != NULL && func != NULL);

  g_hash_table_iter_init (&iter, self->names);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    for (guint i = 0; i < ((KabResolverVersions *) value)->entries->len; i++)
      {
        KabResolverEntry *entry = ((KabResolverVersions *) value)->entries->pdata[i];

        func (entry->package, (const char * const *) entry->depends, (const char * const *) entry->conflicts,
              (const char * const *) entry->vouchers, user_data);
      }
}
