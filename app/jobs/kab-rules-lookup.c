/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-rules-lookup.h"

#include <string.h>

#include "kab-lookup.h"
#include "kab-store.h"
#include "kab-wire.h"

G_DEFINE_FINAL_TYPE (KabRulePackage, kab_rule_package, G_TYPE_OBJECT)

static void
kab_rule_package_finalize (GObject *object)
{
  KabRulePackage *self = KAB_RULE_PACKAGE (object);

  g_free (self->id);
  g_free (self->origin);
  g_clear_object (&self->package);
  g_clear_object (&self->snapshot);
  g_clear_object (&self->rules);
  g_clear_pointer (&self->installed, g_array_unref);
  g_clear_pointer (&self->older, g_array_unref);
  g_clear_pointer (&self->assigned, g_array_unref);

  G_OBJECT_CLASS (kab_rule_package_parent_class)->finalize (object);
}

static void
kab_rule_package_class_init (KabRulePackageClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_rule_package_finalize;
}

static void
kab_rule_package_init (KabRulePackage *self)
{
}

/* Who has what: name → (version →) hosts. Texts of a snapshot are shared, so each is taken apart once. */
typedef struct {
  KabSnapshot *snapshot;
  GHashTable  *installed;     /* "name version" → GArray */
  GHashTable  *named;         /* name → GArray: any version */
  GHashTable  *assigned;      /* name → GArray */
  GHashTable  *depends;       /* name → GStrv: what its newest record asks for */
} Places;

static GHashTable *
array_table_new (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
}

static void
add_host (GHashTable *table,
          const char *key,
          guint       host)
{
  GArray *hosts = g_hash_table_lookup (table, key);

  if (hosts == NULL)
    {
      hosts = g_array_new (FALSE, FALSE, sizeof (guint));
      g_hash_table_insert (table, g_strdup (key), hosts);
    }
  if (hosts->len == 0 || g_array_index (hosts, guint, hosts->len - 1) != host)
    g_array_append_val (hosts, host);
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

/* @name and all that it asks for; a chain may be as long as the index. */
static void
want (Places     *places,
      GHashTable *wanted,
      const char *name)
{
  g_autoptr(GPtrArray) open = g_ptr_array_new ();

  g_ptr_array_add (open, (gpointer) name);
  while (open->len > 0)
    {
      const char *next = g_ptr_array_steal_index_fast (open, open->len - 1);
      char **names = g_hash_table_lookup (places->depends, next);

      if (!g_hash_table_add (wanted, g_strdup (next)))
        continue;
      for (guint i = 0; names != NULL && names[i] != NULL; i++)
        g_ptr_array_add (open, names[i]);
    }
}

/* What the hosts of these groups and this unit ask for: a unit's package bears its name, and so do those above it. */
static GHashTable *
find_wanted (Places     *places,
             const char *groups,
             const char *unit)
{
  GHashTable *wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_auto(GStrv) names = split_names (groups);

  for (guint i = 0; names[i] != NULL; i++)
    want (places, wanted, names[i]);
  while (unit != NULL && *unit != '\0')
    {
      if (g_hash_table_contains (places->depends, unit))
        want (places, wanted, unit);
      unit = strchr (unit, ',');
      if (unit != NULL)
        unit++;
    }

  return wanted;
}

static void
place_installed (Places     *places,
                 GHashTable *lists,
                 const char *packages,
                 guint       host)
{
  char **list = g_hash_table_lookup (lists, packages);

  if (list == NULL)
    {
      list = g_strsplit (packages, ", ", -1);
      g_hash_table_insert (lists, (gpointer) packages, list);
    }
  for (guint i = 0; list[i] != NULL; i++)
    {
      g_autofree char *name = g_strndup (list[i], strcspn (list[i], " "));

      add_host (places->installed, list[i], host);
      add_host (places->named, name, host);
    }
}

static void
place_hosts (Places *places)
{
  g_autoptr(GHashTable) lists = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_strfreev);
  g_autoptr(GHashTable) by_unit = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_hash_table_unref);
  guint n_hosts;
  const KabHostRecord *hosts = kab_snapshot_get_hosts (places->snapshot, &n_hosts);

  for (guint i = 0; i < n_hosts; i++)
    {
      GHashTable *by_groups = g_hash_table_lookup (by_unit, hosts[i].ou);
      GHashTable *wanted;
      GHashTableIter iter;
      gpointer name;

      if (*hosts[i].packages != '\0')
        place_installed (places, lists, hosts[i].packages, i);

      if (by_groups == NULL)
        {
          by_groups = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_hash_table_unref);
          g_hash_table_insert (by_unit, (gpointer) hosts[i].ou, by_groups);
        }
      wanted = g_hash_table_lookup (by_groups, hosts[i].groups);
      if (wanted == NULL)
        {
          wanted = find_wanted (places, hosts[i].groups, hosts[i].ou);
          g_hash_table_insert (by_groups, (gpointer) hosts[i].groups, wanted);
        }
      g_hash_table_iter_init (&iter, wanted);
      while (g_hash_table_iter_next (&iter, &name, NULL))
        add_host (places->assigned, name, i);
    }
}

static GArray *
dup_hosts (GHashTable *table,
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

static void
fill_signature (KabRulePackage *self)
{
  static const struct { const char *word; KabSignatureStatus status; } words[] = {
    { "trusted", KAB_SIGNATURE_TRUSTED }, { "none", KAB_SIGNATURE_NONE }, { "broken", KAB_SIGNATURE_BROKEN },
    { "untrusted", KAB_SIGNATURE_UNTRUSTED }, { "expired", KAB_SIGNATURE_EXPIRED },
    { "not-for-code", KAB_SIGNATURE_NOT_FOR_CODE }, { "revoked", KAB_SIGNATURE_REVOKED },
  };
  const char *word = kab_package_get (self->package, "x-signature");

  self->signature = KAB_SIGNATURE_NONE;
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i].word, word))
      {
        self->signature = words[i].status;
        self->signature_known = TRUE;
      }
}

static void
count_lines (KabRulePackage *self)
{
  for (guint list = 0; self->rules != NULL && list < KAB_N_RULE_LISTS; list++)
    {
      guint n = g_strv_length ((char **) kab_rule_set_get_list (self->rules, list));

      if (list == KAB_RULE_FORBIDDEN_UPDATES || list == KAB_RULE_FORBIDDEN_KBS)
        self->n_forbidden += n;
      else if (list == KAB_RULE_ALLOWED_UPDATES || list == KAB_RULE_ALLOWED_KBS)
        self->n_allowed += n;
      else
        self->n_classes += n;
    }
}

static KabRulePackage *
rule_package_new (KabPackage *package,
                  Places     *places,
                  GHashTable *rules)
{
  KabRulePackage *self = g_object_new (KAB_TYPE_RULE_PACKAGE, NULL);
  const char *name = kab_package_get_name (package);
  const char *version = kab_package_get_version (package);
  const char *signed_at = kab_package_get (package, "signature_date");
  const char *size = kab_package_get (package, "size");
  g_autoptr(GArray) named = dup_hosts (places->named, name);
  KabRuleSet *set;

  self->package = g_object_ref (package);
  self->origin = g_strdup_printf ("%s %s", name, version);
  self->id = g_strjoin (" ", name, version, kab_package_get_maturity (package),
                        kab_package_get (package, "architecture"), kab_package_get (package, "locale"), NULL);
  self->snapshot = places->snapshot != NULL ? g_object_ref (places->snapshot) : NULL;
  self->is_rules = g_str_equal (kab_package_get_section (package), "wsus");
  set = self->is_rules ? g_hash_table_lookup (rules, self->origin) : NULL;
  self->rules = set != NULL ? g_object_ref (set) : NULL;
  self->signed_at = kab_wire_parse_time (signed_at, -1);
  self->size = *size != '\0' ? g_ascii_strtoll (size, NULL, 10) : -1;
  self->installed = dup_hosts (places->installed, self->origin);
  self->older = subtract (named, self->installed);
  self->assigned = dup_hosts (places->assigned, name);
  fill_signature (self);
  count_lines (self);

  return self;
}

static int
compare_packages (gconstpointer a,
                  gconstpointer b)
{
  KabRulePackage *one = *(KabRulePackage * const *) a;
  KabRulePackage *two = *(KabRulePackage * const *) b;
  int order = g_strcmp0 (kab_package_get_name (one->package), kab_package_get_name (two->package));

  return order != 0 ? order : -kab_package_compare (one->package, two->package);
}

/* The newest of each name and maturity comes first among them. */
static void
mark_newest (GPtrArray *items)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < items->len; i++)
    {
      KabRulePackage *item = items->pdata[i];
      char *key = g_strjoin ("\n", kab_package_get_name (item->package), kab_package_get_maturity (item->package),
                             kab_package_get (item->package, "architecture"),
                             kab_package_get (item->package, "locale"), NULL);

      item->is_newest = g_hash_table_add (seen, key);
    }
}

/* DEV 0, PREPROD 1, PROD 2; -1: no ring of the way to production */
static int
get_ring (KabRulePackage *item)
{
  static const char * const rings[] = { "DEV", "PREPROD", "PROD" };

  for (guint i = 0; i < G_N_ELEMENTS (rings); i++)
    if (g_str_equal (kab_package_get_maturity (item->package), rings[i]))
      return (int) i;

  return -1;
}

/* @items are sorted by name. */
static void
mark_waiting (GPtrArray *items)
{
  for (guint i = 0, first = 0; i < items->len; i++)
    {
      KabRulePackage *item = items->pdata[i];
      const char *name = kab_package_get_name (item->package);
      int ring = get_ring (item);

      if (g_strcmp0 (name, kab_package_get_name (((KabRulePackage *) items->pdata[first])->package)) != 0)
        first = i;
      item->waits = item->is_rules && item->is_newest && (ring == 0 || ring == 1);
      for (guint j = first; item->waits && j < items->len; j++)
        {
          KabRulePackage *other = items->pdata[j];

          if (!g_str_equal (kab_package_get_name (other->package), name))
            break;
          if (get_ring (other) > ring &&
              kab_version_compare (kab_package_get_version (other->package),
                                   kab_package_get_version (item->package)) >= 0)
            item->waits = FALSE;
        }
    }
}

static GHashTable *
index_rules (GPtrArray *sets)
{
  GHashTable *rules = g_hash_table_new (g_str_hash, g_str_equal);

  for (guint i = 0; i < sets->len; i++)
    g_hash_table_insert (rules, (gpointer) kab_rule_set_get_origin (sets->pdata[i]), sets->pdata[i]);

  return rules;
}

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

GPtrArray *
kab_rule_packages_read (KabStore     *store,
                        KabSnapshot  *snapshot,
                        GError      **error)
{
  g_autoptr(GPtrArray) packages = kab_store_read_packages (store, error);
  g_autoptr(GPtrArray) sets = packages != NULL ? kab_store_read_rule_sets (store, error) : NULL;
  g_autoptr(GHashTable) installed = array_table_new ();
  g_autoptr(GHashTable) named = array_table_new ();
  g_autoptr(GHashTable) assigned = array_table_new ();
  g_autoptr(GHashTable) depends = NULL;
  g_autoptr(GHashTable) rules = NULL;
  GPtrArray *items;
  Places places = { snapshot, installed, named, assigned, NULL };

  if (sets == NULL)
    return NULL;

  rules = index_rules (sets);
  places.depends = depends = index_depends (packages);
  if (snapshot != NULL)
    place_hosts (&places);
  items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < packages->len; i++)
    g_ptr_array_add (items, rule_package_new (packages->pdata[i], &places, rules));
  g_ptr_array_sort (items, compare_packages);
  mark_newest (items);
  mark_waiting (items);

  return items;
}

static gpointer
read_rule_packages (const KabLookup  *lookup,
                    GCancellable     *cancellable,
                    GError          **error)
{
  KabStore *store = kab_mirror_open (lookup->mirror, error);

  return kab_lookup_to_list (KAB_TYPE_RULE_PACKAGE,
                             store != NULL ? kab_rule_packages_read (store, lookup->snapshot, error) : NULL);
}

void
kab_session_read_rule_packages_async (KabSession          *self,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_return_if_fail (KAB_IS_SESSION (self));

  kab_lookup_run (self, kab_lookup_new (self, NULL), read_rule_packages, g_object_unref, cancellable, callback, user_data);
}

GListModel *
kab_session_read_rule_packages_finish (KabSession    *self,
                                       GAsyncResult  *result,
                                       GError       **error)
{
  return kab_lookup_finish (self, result, error);
}

static void
set_hosts (GArray **hosts,
           GArray  *newer)
{
  g_array_ref (newer);
  g_array_unref (*hosts);
  *hosts = newer;
}

void
kab_rule_package_move_hosts (KabRulePackage *self,
                             KabRulePackage *newer)
{
  g_return_if_fail (KAB_IS_RULE_PACKAGE (self));
  g_return_if_fail (KAB_IS_RULE_PACKAGE (newer));

  g_set_object (&self->snapshot, newer->snapshot);
  set_hosts (&self->installed, newer->installed);
  set_hosts (&self->older, newer->older);
  set_hosts (&self->assigned, newer->assigned);
}
