/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-rules-lookup.h"

#include "kab-lookup.h"
#include "kab-package-places.h"
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
rule_package_new (KabPackage       *package,
                  KabPackagePlaces *places,
                  KabSnapshot      *snapshot,
                  GHashTable       *rules)
{
  KabRulePackage *self = g_object_new (KAB_TYPE_RULE_PACKAGE, NULL);
  const char *name = kab_package_get_name (package);
  const char *version = kab_package_get_version (package);
  const char *signed_at = kab_package_get (package, "signature_date");
  const char *size = kab_package_get (package, "size");
  KabRuleSet *set;

  self->package = g_object_ref (package);
  self->origin = g_strdup_printf ("%s %s", name, version);
  self->id = g_strjoin (" ", name, version, kab_package_get_maturity (package),
                        kab_package_get (package, "architecture"), kab_package_get (package, "locale"), NULL);
  self->snapshot = snapshot != NULL ? g_object_ref (snapshot) : NULL;
  self->is_rules = g_str_equal (kab_package_get_section (package), "wsus");
  set = self->is_rules ? g_hash_table_lookup (rules, self->origin) : NULL;
  self->rules = set != NULL ? g_object_ref (set) : NULL;
  self->signed_at = kab_wire_parse_time (signed_at, -1);
  self->size = *size != '\0' ? g_ascii_strtoll (size, NULL, 10) : -1;
  self->installed = kab_package_places_find_installed (places, self->origin);
  self->older = kab_package_places_find_older (places, name, self->origin);
  self->assigned = kab_package_places_find_assigned (places, name);
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
  GHashTable *rules = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, g_object_unref);

  for (guint i = 0; i < sets->len; i++)
    g_hash_table_replace (rules, (gpointer) kab_rule_set_get_origin (sets->pdata[i]), g_object_ref (sets->pdata[i]));

  return rules;
}

GPtrArray *
kab_rule_packages_read (KabStore     *store,
                        KabSnapshot  *snapshot,
                        GHashTable  **rules,
                        GError      **error)
{
  g_autoptr(GPtrArray) packages = kab_store_read_packages (store, error);
  g_autoptr(GPtrArray) sets = packages != NULL ? kab_store_read_rule_sets (store, error) : NULL;
  g_autoptr(KabPackagePlaces) places = NULL;
  g_autoptr(GHashTable) by_origin = NULL;
  GPtrArray *items;

  if (sets == NULL)
    return NULL;

  by_origin = index_rules (sets);
  places = kab_package_places_new (packages, snapshot);
  items = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < packages->len; i++)
    g_ptr_array_add (items, rule_package_new (packages->pdata[i], places, snapshot, by_origin));
  g_ptr_array_sort (items, compare_packages);
  mark_newest (items);
  mark_waiting (items);
  if (rules != NULL)
    *rules = g_steal_pointer (&by_origin);

  return items;
}

static gpointer
read_rule_packages (const KabLookup  *lookup,
                    GCancellable     *cancellable,
                    GError          **error)
{
  KabStore *store = kab_mirror_open (lookup->mirror, error);

  return kab_lookup_to_list (KAB_TYPE_RULE_PACKAGE,
                             store != NULL ? kab_rule_packages_read (store, lookup->snapshot, NULL, error) : NULL);
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
