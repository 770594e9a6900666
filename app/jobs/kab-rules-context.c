/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-rules-context.h"

#include "kab-in-thread.h"
#include "kab-lookup.h"
#include "kab-resolver.h"
#include "kab-store.h"
#include "kab-vouchers.h"

/* Hosts without a unit that a question about everybody names one by one */
#define MAX_HOMELESS 500

struct _KabRulesContext
{
  GObject         parent_instance;

  KabSnapshot    *snapshot;
  KabUpdateIndex *index;
  GPtrArray      *packages;
  GHashTable     *rules;        /* "name version" → KabRuleSet */
  KabLintFleet   *fleet;
  GPtrArray      *findings;
  GStrv           vouchers;     /* (nullable) */
};

G_DEFINE_FINAL_TYPE (KabRulesContext, kab_rules_context, G_TYPE_OBJECT)

static void
kab_rules_context_finalize (GObject *object)
{
  KabRulesContext *self = KAB_RULES_CONTEXT (object);

  g_clear_object (&self->snapshot);
  g_clear_pointer (&self->index, kab_update_index_unref);
  g_clear_pointer (&self->packages, g_ptr_array_unref);
  g_clear_pointer (&self->rules, g_hash_table_unref);
  g_clear_pointer (&self->findings, g_ptr_array_unref);
  g_clear_pointer (&self->vouchers, g_strfreev);
  g_clear_pointer (&self->fleet, kab_lint_fleet_free);

  G_OBJECT_CLASS (kab_rules_context_parent_class)->finalize (object);
}

static void
kab_rules_context_class_init (KabRulesContextClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = kab_rules_context_finalize;
}

static void
kab_rules_context_init (KabRulesContext *self)
{
  self->rules = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
}

static KabUpdateIndex *
read_index (KabStore      *store,
            KabSnapshot   *snapshot,
            GCancellable  *cancellable,
            GError       **error)
{
  g_autoptr(GPtrArray) updates = kab_store_read_updates (store, cancellable, error);

  if (updates == NULL)
    return NULL;

  /* What a sync brought since the snapshot is not in it. */
  for (guint i = updates->len; i > 0; i--)
    if (kab_snapshot_find_update (snapshot, kab_update_get_id (updates->pdata[i - 1])) < 0)
      g_ptr_array_remove_index (updates, i - 1);

  return kab_update_index_new (updates);
}

static gboolean
read_packages (KabRulesContext  *self,
               KabStore         *store,
               GError          **error)
{
  g_autoptr(GPtrArray) all = kab_store_read_packages (store, error);
  g_autoptr(GPtrArray) sets = all != NULL ? kab_store_read_rule_sets (store, error) : NULL;

  if (sets == NULL)
    return FALSE;

  self->packages = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < all->len; i++)
    if (g_str_equal (kab_package_get_section (all->pdata[i]), "wsus"))
      g_ptr_array_add (self->packages, g_object_ref (all->pdata[i]));
  for (guint i = 0; i < sets->len; i++)
    g_hash_table_replace (self->rules, g_strdup (kab_rule_set_get_origin (sets->pdata[i])),
                          g_object_ref (sets->pdata[i]));

  return TRUE;
}

static void
add_hosts (KabRulesContext *self)
{
  guint n;
  const KabHostRecord *hosts = kab_snapshot_get_hosts (self->snapshot, &n);
  g_autoptr(GHashTable) lists = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify) g_strfreev);
  gboolean anybody_tells = FALSE;

  for (guint i = 0; i < n && !anybody_tells; i++)
    anybody_tells = *hosts[i].packages != '\0';

  /* Equal texts of a snapshot are one text. */
  for (guint i = 0; i < n; i++)
    {
      char **list = g_hash_table_lookup (lists, hosts[i].packages);

      if (!hosts[i].counted)
        continue;
      if (list == NULL && anybody_tells)
        {
          list = *hosts[i].packages != '\0' ? g_strsplit (hosts[i].packages, ", ", -1) : g_new0 (char *, 1);
          g_hash_table_insert (lists, (gpointer) hosts[i].packages, list);
        }
      kab_lint_fleet_add_host (self->fleet, (const char * const *) list);
    }
}

static void
lint (KabRulesContext *self)
{
  GHashTableIter iter;
  gpointer rules;

  self->fleet = kab_lint_fleet_new (self->index);
  g_hash_table_iter_init (&iter, self->rules);
  while (g_hash_table_iter_next (&iter, NULL, &rules))
    kab_lint_fleet_add_package (self->fleet, rules);
  add_hosts (self);
  self->findings = kab_rules_lint (self->fleet, NULL);
}

KabRulesContext *
kab_rules_context_read (KabStore      *store,
                        KabSnapshot   *snapshot,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autoptr(KabRulesContext) self = g_object_new (KAB_TYPE_RULES_CONTEXT, NULL);

  g_return_val_if_fail (KAB_IS_STORE (store), NULL);
  g_return_val_if_fail (KAB_IS_SNAPSHOT (snapshot), NULL);

  self->snapshot = g_object_ref (snapshot);
  self->index = read_index (store, snapshot, cancellable, error);
  if (self->index == NULL || !read_packages (self, store, error))
    return NULL;
  lint (self);

  return g_steal_pointer (&self);
}

/* NULL when it cannot be read, and when others may vouch for it too */
static GStrv
read_vouchers (const char *path)
{
  g_autoptr(KabCertificate) certificate = NULL;

  if (path != NULL && *path != '\0')
    certificate = kab_certificate_new_from_file (path, NULL);

  return certificate != NULL ? kab_vouchers_find (certificate, NULL, g_get_real_time () / G_USEC_PER_SEC) : NULL;
}

static gpointer
read_context (const KabLookup  *lookup,
              GCancellable     *cancellable,
              GError          **error)
{
  KabSnapshot *snapshot = kab_lookup_get_snapshot (lookup, error);
  KabStore *store = snapshot != NULL ? kab_mirror_open (lookup->mirror, error) : NULL;
  KabRulesContext *context = store != NULL ? kab_rules_context_read (store, snapshot, cancellable, error) : NULL;

  if (context != NULL)
    context->vouchers = read_vouchers (lookup->texts[0]);

  return context;
}

void
kab_session_read_rules_context_async (KabSession          *self,
                                      GCancellable        *cancellable,
                                      GAsyncReadyCallback  callback,
                                      gpointer             user_data)
{
  g_return_if_fail (KAB_IS_SESSION (self));

  kab_lookup_run (self, kab_lookup_new (self, kab_session_get_profile (self)->signing_certificate), read_context,
                  g_object_unref, cancellable, callback, user_data);
}

KabRulesContext *
kab_session_read_rules_context_finish (KabSession    *self,
                                       GAsyncResult  *result,
                                       GError       **error)
{
  return kab_lookup_finish (self, result, error);
}

KabSnapshot *
kab_rules_context_get_snapshot (KabRulesContext *self)
{
  g_return_val_if_fail (KAB_IS_RULES_CONTEXT (self), NULL);

  return self->snapshot;
}

KabUpdateIndex *
kab_rules_context_get_index (KabRulesContext *self)
{
  g_return_val_if_fail (KAB_IS_RULES_CONTEXT (self), NULL);

  return self->index;
}

KabLintFleet *
kab_rules_context_get_fleet (KabRulesContext *self)
{
  g_return_val_if_fail (KAB_IS_RULES_CONTEXT (self), NULL);

  return self->fleet;
}

static gpointer
lint_document (gpointer       context,
               gpointer       document,
               GCancellable  *cancellable,
               GError       **error)
{
  return kab_rules_lint (KAB_RULES_CONTEXT (context)->fleet, document);
}

void
kab_rules_context_lint_async (KabRulesContext     *self,
                              KabRulesDocument    *document,
                              GCancellable        *cancellable,
                              GAsyncReadyCallback  callback,
                              gpointer             user_data)
{
  g_return_if_fail (KAB_IS_RULES_CONTEXT (self));
  g_return_if_fail (KAB_IS_RULES_DOCUMENT (document));

  kab_in_thread_run (self, lint_document, kab_rules_document_copy (document), g_object_unref,
                     (GDestroyNotify) g_ptr_array_unref, cancellable, callback, user_data);
}

GPtrArray *
kab_rules_context_lint_finish (KabRulesContext  *self,
                               GAsyncResult     *result,
                               GError          **error)
{
  return kab_in_thread_finish (self, result, error);
}

GPtrArray *
kab_rules_context_get_findings (KabRulesContext *self)
{
  g_return_val_if_fail (KAB_IS_RULES_CONTEXT (self), NULL);

  return self->findings;
}

GPtrArray *
kab_rules_context_get_packages (KabRulesContext *self)
{
  g_return_val_if_fail (KAB_IS_RULES_CONTEXT (self), NULL);

  return self->packages;
}

KabRuleSet *
kab_rules_context_get_rules (KabRulesContext *self,
                             const char      *name,
                             const char      *version)
{
  g_autofree char *origin = g_strdup_printf ("%s %s", name, version);

  g_return_val_if_fail (KAB_IS_RULES_CONTEXT (self), NULL);

  return g_hash_table_lookup (self->rules, origin);
}

KabPackage *
kab_rules_context_find_newest (KabRulesContext *self,
                               const char      *name)
{
  KabPackage *newest = NULL;

  g_return_val_if_fail (KAB_IS_RULES_CONTEXT (self), NULL);
  g_return_val_if_fail (name != NULL, NULL);

  for (guint i = 0; i < self->packages->len; i++)
    {
      KabPackage *package = self->packages->pdata[i];

      if (g_str_equal (kab_package_get_name (package), name) &&
          (newest == NULL || kab_package_compare (package, newest) > 0))
        newest = package;
    }

  return newest;
}

char *
kab_rules_context_dup_next_version (KabRulesContext *self,
                                    const char      *name)
{
  KabPackage *newest = kab_rules_context_find_newest (self, name);
  char *next = newest != NULL ? kab_version_dup_next (kab_package_get_version (newest)) : NULL;

  return next != NULL ? next : g_strdup ("1");
}

static void
set (GHashTable *control,
     const char *attribute,
     const char *value)
{
  g_hash_table_insert (control, (gpointer) attribute, (gpointer) value);
}

KabForecastPlan *
kab_rules_context_plan (KabRulesContext    *self,
                        KabRulesDocument   *document,
                        const char * const *vouchers)
{
  KabForecastPlan *plan = kab_forecast_plan_new ();
  g_autoptr(GHashTable) control = g_hash_table_new (g_str_hash, g_str_equal);
  g_autofree char *version = NULL;
  g_autofree char *origin = NULL;
  g_autoptr(KabPackage) package = NULL;
  g_autoptr(KabRuleSet) rules = NULL;
  const char *name;

  g_return_val_if_fail (KAB_IS_RULES_CONTEXT (self), NULL);
  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (document), NULL);

  name = kab_rules_document_get_name (document);
  version = kab_rules_context_dup_next_version (self, name);
  origin = g_strdup_printf ("%s %s", name, version);
  set (control, "package", name);
  set (control, "version", version);
  set (control, "architecture", "all");
  set (control, "section", "wsus");
  set (control, "priority", "critical");
  set (control, "maturity", kab_rules_document_get_maturity (document));
  set (control, "min_wapt_version", "1.7.3");
  if (vouchers == NULL)
    vouchers = (const char * const *) self->vouchers;
  if (vouchers != NULL && vouchers[0] != NULL)
    set (control, "signer_fingerprint", vouchers[0]);
  package = kab_package_new (control);
  rules = kab_rules_document_to_rules (document, origin);
  kab_forecast_plan_add_package (plan, package, rules, vouchers);
  kab_forecast_plan_set_signer (plan, vouchers);

  return plan;
}

void
kab_rules_context_assign_to_all (KabRulesContext *self,
                                 KabForecastPlan *plan,
                                 const char      *requirement)
{
  g_autoptr(GHashTable) units = g_hash_table_new (NULL, NULL);
  g_autoptr(GHashTable) roots = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  guint n, n_homeless = 0;
  const KabHostRecord *hosts;
  GHashTableIter iter;
  gpointer root;

  g_return_if_fail (KAB_IS_RULES_CONTEXT (self));
  g_return_if_fail (KAB_IS_FORECAST_PLAN (plan));

  hosts = kab_snapshot_get_hosts (self->snapshot, &n);
  for (guint i = 0; i < n; i++)
    {
      g_auto(GStrv) parents = NULL;
      guint depth;

      if (*hosts[i].ou == '\0')
        {
          if (n_homeless++ < MAX_HOMELESS)
            kab_forecast_plan_assign (plan, KAB_ASSIGN, KAB_TARGET_HOST, hosts[i].uuid, requirement);
          continue;
        }
      /* Equal texts of a snapshot are one text. */
      if (!g_hash_table_add (units, (gpointer) hosts[i].ou))
        continue;
      parents = kab_unit_dup_parents (hosts[i].ou);
      depth = g_strv_length (parents);
      if (depth > 0)
        g_hash_table_add (roots, g_strdup (parents[depth - 1]));
    }
  g_hash_table_iter_init (&iter, roots);
  while (g_hash_table_iter_next (&iter, &root, NULL))
    kab_forecast_plan_assign (plan, KAB_ASSIGN, KAB_TARGET_UNIT, root, requirement);
}
