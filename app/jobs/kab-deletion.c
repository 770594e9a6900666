/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-deletion.h"

#include "kab-lookup.h"
#include "kab-package-deed.h"
#include "kab-requirement.h"
#include "kab-store.h"

void
kab_deletion_free (KabDeletion *self)
{
  g_ptr_array_unref (self->too_big);
  g_free (self);
}

/* name → (element-type KabPackage) */
static GHashTable *
table_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
}

static void
table_add (GHashTable *table,
           KabPackage *package)
{
  const char *name = kab_package_get_name (package);
  GPtrArray *versions = g_hash_table_lookup (table, name);

  if (versions == NULL)
    {
      versions = g_ptr_array_new ();
      g_hash_table_insert (table, (gpointer) name, versions);
    }
  g_ptr_array_add (versions, package);
}

/* Of the index, without those that go */
static GHashTable *
index_staying (GPtrArray *index,
               GPtrArray *items)
{
  g_autoptr(GHashTable) going = g_hash_table_new (g_str_hash, g_str_equal);
  GHashTable *staying = table_new ();

  for (guint i = 0; i < items->len; i++)
    g_hash_table_add (going, (gpointer) kab_package_get (KAB_RULE_PACKAGE (items->pdata[i])->package, "filename"));
  for (guint i = 0; i < index->len; i++)
    if (!g_hash_table_contains (going, kab_package_get (index->pdata[i], "filename")))
      table_add (staying, index->pdata[i]);

  return staying;
}

/* Does another version, of those that stay, serve where @package did? */
static gboolean
is_replaced (GHashTable *staying,
             KabPackage *package,
             const char *requirement)
{
  const char *name = kab_package_get_name (package);
  GPtrArray *versions = g_hash_table_lookup (staying, name);

  for (guint i = 0; versions != NULL && i < versions->len; i++)
    {
      const char *maturity = kab_package_get_maturity (versions->pdata[i]);

      if (kab_requirement_matches (requirement, name, kab_package_get_version (versions->pdata[i])) &&
          (g_str_equal (maturity, "PROD") || g_str_equal (maturity, kab_package_get_maturity (package))))
        return TRUE;
    }

  return FALSE;
}

/* Does @package ask for one of those that go, and find no other? */
static gboolean
depends_on (KabPackage *package,
            GHashTable *going,
            GHashTable *staying)
{
  const char *depends = kab_package_get (package, "depends");
  g_auto(GStrv) requirements = *depends != '\0' ? kab_requirements_split (depends) : NULL;

  for (guint i = 0; requirements != NULL && requirements[i] != NULL; i++)
    {
      g_autofree char *name = kab_requirement_dup_name (requirements[i]);
      GPtrArray *packages = g_hash_table_lookup (going, name);

      for (guint j = 0; packages != NULL && j < packages->len; j++)
        if (kab_requirement_matches (requirements[i], name, kab_package_get_version (packages->pdata[j])) &&
            !is_replaced (staying, packages->pdata[j], requirements[i]))
          return TRUE;
    }

  return FALSE;
}

static guint
count_dependents (GHashTable *going,
                  GHashTable *staying)
{
  GHashTableIter iter;
  gpointer versions;
  guint n = 0;

  g_hash_table_iter_init (&iter, staying);
  while (g_hash_table_iter_next (&iter, NULL, &versions))
    {
      gboolean depends = FALSE;

      for (guint i = 0; i < ((GPtrArray *) versions)->len && !depends; i++)
        depends = depends_on (((GPtrArray *) versions)->pdata[i], going, staying);
      n += depends;
    }

  return n;
}

static void
add_hosts (GHashTable *hosts,
           GArray     *more)
{
  for (guint i = 0; i < more->len; i++)
    g_hash_table_add (hosts, GUINT_TO_POINTER (g_array_index (more, guint, i)));
}

KabDeletion *
kab_deletion_look (GPtrArray *index,
                   GPtrArray *items)
{
  KabDeletion *self = g_new0 (KabDeletion, 1);
  g_autoptr(GHashTable) staying = index_staying (index, items);
  g_autoptr(GHashTable) going = table_new ();
  g_autoptr(GHashTable) hosts = g_hash_table_new (NULL, NULL);
  g_autoptr(GHashTable) seekers = g_hash_table_new (NULL, NULL);

  self->too_big = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < items->len; i++)
    {
      KabRulePackage *item = items->pdata[i];

      table_add (going, item->package);
      add_hosts (hosts, item->installed);
      if (!is_replaced (staying, item->package, kab_package_get_name (item->package)))
        add_hosts (seekers, item->assigned);
      if (kab_package_is_too_big (item->package))
        g_ptr_array_add (self->too_big, g_object_ref (item->package));
    }
  self->n_hosts = g_hash_table_size (hosts);
  self->n_seekers = g_hash_table_size (seekers);
  self->n_dependents = count_dependents (going, staying);

  return self;
}

static gpointer
look (const KabLookup  *lookup,
      GCancellable     *cancellable,
      GError          **error)
{
  KabStore *store = kab_mirror_open (lookup->mirror, error);
  g_autoptr(GPtrArray) index = store != NULL ? kab_store_read_packages (store, error) : NULL;

  return index != NULL ? kab_deletion_look (index, lookup->items) : NULL;
}

/* The lists of hosts of an item are the main thread's to change. */
static KabRulePackage *
copy_item (KabRulePackage *item)
{
  KabRulePackage *copy = g_object_new (KAB_TYPE_RULE_PACKAGE, NULL);

  copy->package = g_object_ref (item->package);
  copy->installed = g_array_ref (item->installed);
  copy->assigned = g_array_ref (item->assigned);

  return copy;
}

void
kab_session_look_at_deletion_async (KabSession          *self,
                                    GPtrArray           *items,
                                    GCancellable        *cancellable,
                                    GAsyncReadyCallback  callback,
                                    gpointer             user_data)
{
  KabLookup *lookup;

  g_return_if_fail (KAB_IS_SESSION (self));
  g_return_if_fail (items != NULL);

  lookup = kab_lookup_new (self, NULL);
  lookup->items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < items->len; i++)
    g_ptr_array_add (lookup->items, copy_item (items->pdata[i]));
  kab_lookup_run (self, lookup, look, (GDestroyNotify) kab_deletion_free, cancellable, callback, user_data);
}

KabDeletion *
kab_session_look_at_deletion_finish (KabSession    *self,
                                     GAsyncResult  *result,
                                     GError       **error)
{
  return kab_lookup_finish (self, result, error);
}
