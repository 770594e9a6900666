/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-forecast-private.h"

/* What of a host takes part in the answer, as numbers: equal numbers, equal answers. */
typedef struct {
  guint32 unit, depends, ad_groups, maturities, trusted, locales, packages, uuids, platform, architecture, os_version,
          agent_version, severities, delay, target;
  guint8  default_allow, lists_superseded;
} Key;

static guint
key_hash (gconstpointer data)
{
  const guint32 *words = data;
  guint hash = 17;

  for (guint i = 0; i < sizeof (Key) / sizeof *words; i++)
    hash = hash * 0x9e3779b1u + words[i];
  return hash ^ (hash >> 15);
}

static gboolean
key_equal (gconstpointer a,
           gconstpointer b)
{
  return memcmp (a, b, sizeof (Key)) == 0;
}

static void
content_free (gpointer data)
{
  KabForecastContent *content = data;

  g_clear_object (&content->rules);
  g_free (content);
}

KabForecastFleet *
kab_forecast_fleet_new (KabForecastPlan *plan)
{
  KabForecastFleet *self = g_new0 (KabForecastFleet, 1);

  self->plan = g_object_ref (plan);
  self->resolvers[0] = kab_resolver_new ();
  self->contents_by_uuid = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->contents_by_name = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->contents_by_plan = g_hash_table_new (NULL, NULL);
  self->contents = g_ptr_array_new_with_free_func (content_free);
  self->targets = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  self->subjects = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->texts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (self->reduced); i++)
    self->reduced[i] = g_hash_table_new (NULL, NULL);
  self->reaches = g_hash_table_new_full (key_hash, key_equal, g_free, g_free);
  self->groups = g_ptr_array_new_with_free_func (kab_forecast_group_free);
  self->groups_by_key = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->scratch = g_string_new (NULL);
  return self;
}

void
kab_forecast_fleet_free (KabForecastFleet *self)
{
  if (self == NULL)
    return;

  g_object_unref (self->plan);
  kab_resolver_free (self->resolvers[0]);
  kab_resolver_free (self->resolvers[1]);
  g_hash_table_unref (self->contents_by_uuid);
  g_hash_table_unref (self->contents_by_name);
  g_hash_table_unref (self->contents_by_plan);
  g_ptr_array_unref (self->contents);
  g_hash_table_unref (self->targets);
  g_hash_table_unref (self->subjects);
  kab_conditions_free (self->conditions);
  g_hash_table_unref (self->texts);
  for (guint i = 0; i < KAB_N_REDUCED; i++)
    g_hash_table_unref (self->reduced[i]);
  g_hash_table_unref (self->reaches);
  g_ptr_array_unref (self->groups);
  g_hash_table_unref (self->groups_by_key);
  g_string_free (self->scratch, TRUE);
  g_free (self);
}

void
kab_forecast_fleet_add_package (KabForecastFleet   *self,
                                KabPackage         *package,
                                const char * const *vouchers)
{
  kab_resolver_add (self->resolvers[0], package, vouchers);
}

static KabForecastContent *
add_content (KabForecastFleet *self,
             KabRuleSet       *rules)
{
  KabForecastContent *content = g_new0 (KabForecastContent, 1);

  content->rules = rules != NULL ? g_object_ref (rules) : NULL;
  g_ptr_array_add (self->contents, content);
  return content;
}

void
kab_forecast_fleet_add_rules (KabForecastFleet *self,
                              const char       *package_uuid,
                              const char       *name_version,
                              KabRuleSet       *rules)
{
  KabForecastContent *content = add_content (self, rules);

  if (package_uuid != NULL && *package_uuid != '\0')
    g_hash_table_replace (self->contents_by_uuid, g_strdup (package_uuid), content);
  if (name_version != NULL)
    g_hash_table_replace (self->contents_by_name, g_strdup (name_version), content);
}

GPtrArray *
kab_forecast_fleet_get_groups (KabForecastFleet *self)
{
  return self->groups;
}

static void
change_list (GPtrArray                  *list,
             const KabPlannedAssignment *planned,
             gboolean                    adds)
{
  g_autofree char *name = kab_requirement_dup_name (planned->requirement);

  for (guint i = list->len; i > 0; i--)
    {
      g_autofree char *other = kab_requirement_dup_name (list->pdata[i - 1]);

      if (strcmp (name, other) == 0)
        g_ptr_array_remove_index (list, i - 1);
    }
  if (adds)
    g_ptr_array_add (list, g_strdup (planned->requirement));
}

static GPtrArray *
copy_list (const char * const *list)
{
  GPtrArray *copy = g_ptr_array_new_with_free_func (g_free);

  for (; list != NULL && *list != NULL; list++)
    g_ptr_array_add (copy, g_strdup (*list));
  return copy;
}

static GStrv
end_list (GPtrArray *list)
{
  g_ptr_array_add (list, NULL);
  return (GStrv) g_ptr_array_free (list, FALSE);
}

/* What a target's package says afterwards */
void
kab_forecast_change_lists (GPtrArray *assignments,
                           GStrv     *depends,
                           GStrv     *conflicts)
{
  GPtrArray *wanted = copy_list ((const char * const *) *depends);
  GPtrArray *unwanted = copy_list ((const char * const *) *conflicts);

  for (guint i = 0; i < assignments->len; i++)
    {
      const KabPlannedAssignment *planned = assignments->pdata[i];

      change_list (wanted, planned, planned->assignment == KAB_ASSIGN);
      change_list (unwanted, planned, planned->assignment == KAB_FORBID);
    }
  g_strfreev (*depends);
  g_strfreev (*conflicts);
  *depends = end_list (wanted);
  *conflicts = end_list (unwanted);
}

/* The next version of a unit's, profile's or group's package; the one before stays for hosts that do not take it. */
static KabPackage *
make_target (KabResolver   *resolver,
             KabTargetKind  kind,
             const char    *target,
             GPtrArray     *assignments)
{
  static const char * const signature[] = { "signer", "signer_fingerprint", "signature", "signed_attributes", NULL };
  g_autoptr(GHashTable) attributes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  KabPackage *before = kab_resolver_find (resolver, target);
  g_auto(GStrv) names = before != NULL ? kab_package_dup_attribute_names (before) : NULL;
  g_auto(GStrv) depends = kab_requirements_split (before != NULL ? kab_package_get (before, "depends") : "");
  g_auto(GStrv) conflicts = kab_requirements_split (before != NULL ? kab_package_get (before, "conflicts") : "");
  char *version = before != NULL ? kab_version_dup_next (kab_package_get_version (before)) : NULL;

  for (guint i = 0; names != NULL && names[i] != NULL; i++)
    if (!g_strv_contains (signature, names[i]))
      g_hash_table_insert (attributes, g_strdup (names[i]), g_strdup (kab_package_get (before, names[i])));
  kab_forecast_change_lists (assignments, &depends, &conflicts);
  g_hash_table_insert (attributes, g_strdup ("package"), g_strdup (target));
  g_hash_table_insert (attributes, g_strdup ("section"), g_strdup (kab_target_kind_get_section (kind)));
  g_hash_table_insert (attributes, g_strdup ("version"), version != NULL ? version : g_strdup ("1"));
  g_hash_table_insert (attributes, g_strdup ("package_uuid"), g_strconcat ("planned ", target, NULL));
  g_hash_table_insert (attributes, g_strdup ("depends"), kab_requirements_join ((const char * const *) depends));
  g_hash_table_insert (attributes, g_strdup ("conflicts"), kab_requirements_join ((const char * const *) conflicts));
  return kab_package_new (attributes);
}

static void
plan_assignments (KabForecastFleet *self)
{
  static const char * const everybody[] = { NULL };
  GPtrArray *assignments = kab_forecast_plan_get_assignments (self->plan);
  const char * const *signer = kab_forecast_plan_get_signer (self->plan);
  g_autoptr(GHashTable) targets = g_hash_table_new_full (g_str_hash, g_str_equal, NULL, (GDestroyNotify) g_ptr_array_unref);
  GHashTableIter iter;
  gpointer target, list;

  for (guint i = 0; i < assignments->len; i++)
    {
      const KabPlannedAssignment *planned = assignments->pdata[i];
      GHashTable *table = planned->kind == KAB_TARGET_HOST ? self->targets : targets;

      list = g_hash_table_lookup (table, planned->target);
      if (list == NULL)
        {
          list = g_ptr_array_new ();
          g_hash_table_insert (table, planned->target, list);
        }
      g_ptr_array_add (list, (gpointer) planned);
      g_hash_table_add (self->subjects, kab_requirement_dup_name (planned->requirement));
    }

  g_hash_table_iter_init (&iter, targets);
  while (g_hash_table_iter_next (&iter, &target, &list))
    {
      const KabPlannedAssignment *planned = ((GPtrArray *) list)->pdata[0];
      g_autoptr(KabPackage) package = make_target (self->resolvers[1], planned->kind, target, list);

      kab_resolver_add (self->resolvers[1], package, signer != NULL ? signer : everybody);
    }
}

/* The server as it will be */
static void
make_ready (KabForecastFleet *self)
{
  static const char * const everybody[] = { NULL };
  GPtrArray *packages = kab_forecast_plan_get_packages (self->plan);
  GPtrArray *removals = kab_forecast_plan_get_removals (self->plan);
  g_autoptr(GHashTable) leading = NULL;
  GHashTableIter iter;
  gpointer name;

  self->is_ready = TRUE;
  self->resolvers[1] = kab_resolver_copy (self->resolvers[0]);
  for (guint i = 0; i < removals->len; i++)
    {
      const KabPlannedRemoval *planned = removals->pdata[i];

      kab_resolver_remove (self->resolvers[1], planned->name, planned->version, planned->maturity);
      g_hash_table_add (self->subjects, g_strdup (planned->name));
    }
  for (guint i = 0; i < packages->len; i++)
    {
      const KabPlannedPackage *planned = packages->pdata[i];
      KabForecastContent *content = add_content (self, planned->rules);

      /* A signer without his chain is only partly known; none at all is somebody whom all trust. */
      if (planned->vouchers == NULL && *kab_package_get (planned->package, "signer_fingerprint") == '\0')
        kab_resolver_add (self->resolvers[1], planned->package, everybody);
      else
        kab_resolver_add (self->resolvers[1], planned->package, (const char * const *) planned->vouchers);
      g_hash_table_insert (self->contents_by_plan, planned->package, content);
      g_hash_table_add (self->subjects, g_strdup (kab_package_get_name (planned->package)));
    }
  plan_assignments (self);

  self->conditions = kab_conditions_new (self->resolvers[0], self->resolvers[1]);
  leading = kab_conditions_leading (self->conditions, self->subjects);
  g_hash_table_iter_init (&iter, self->conditions->profiles);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    self->in_profiles = self->in_profiles || g_hash_table_contains (leading, name);
}

static guint32
number_of (KabForecastFleet *self,
           const char       *text)
{
  gpointer number;

  if (text == NULL)
    return 0;
  number = g_hash_table_lookup (self->texts, text);
  if (number == NULL)
    {
      number = GUINT_TO_POINTER (g_hash_table_size (self->texts) + 1);
      g_hash_table_insert (self->texts, g_strdup (text), number);
    }
  return GPOINTER_TO_UINT (number);
}

static guint32
number_of_list (KabForecastFleet   *self,
                const char * const *list)
{
  if (list == NULL)
    return 0;

  g_string_assign (self->scratch, "[");
  for (; *list != NULL; list++)
    {
      g_string_append (self->scratch, *list);
      g_string_append_c (self->scratch, '\x1f');
    }
  return number_of (self, self->scratch->str);
}

static gboolean
counts (KabForecastFleet *self,
        guint             what,
        const char       *element)
{
  g_autofree char *name = NULL;

  switch (what)
    {
    case REDUCED_DEPENDS:
      name = kab_requirement_dup_name (element);
      return g_hash_table_contains (self->conditions->relevant, name) || g_hash_table_contains (self->subjects, name);
    case REDUCED_GROUPS:
      return g_hash_table_contains (self->conditions->profiles, element);
    case REDUCED_TRUSTED:
    default:
      name = g_ascii_strdown (element, -1);
      return g_hash_table_contains (self->conditions->vouchers, name);
    }
}

/* The number of what counts of a list; one look for each list that is met. */
static guint32
reduce_list (KabForecastFleet   *self,
             guint               what,
             const char * const *list)
{
  guint32 number = number_of_list (self, list);
  gpointer reduced = g_hash_table_lookup (self->reduced[what], GUINT_TO_POINTER (number));
  g_autoptr(GPtrArray) kept = NULL;

  if (number == 0 || reduced != NULL)
    return GPOINTER_TO_UINT (reduced);

  kept = g_ptr_array_new ();
  for (; *list != NULL; list++)
    if (counts (self, what, *list))
      g_ptr_array_add (kept, (gpointer) *list);
  g_ptr_array_add (kept, NULL);
  reduced = GUINT_TO_POINTER (number_of_list (self, (const char * const *) kept->pdata));
  g_hash_table_insert (self->reduced[what], GUINT_TO_POINTER (number), reduced);
  return GPOINTER_TO_UINT (reduced);
}

static guint32
reduce_text (KabForecastFleet *self,
             guint             what,
             const char       *text)
{
  guint32 number = number_of (self, text);
  gpointer reduced = g_hash_table_lookup (self->reduced[what], GUINT_TO_POINTER (number));
  g_autoptr(GString) out = NULL;
  g_auto(GStrv) parents = NULL;

  if (number == 0 || reduced != NULL)
    return GPOINTER_TO_UINT (reduced);

  out = g_string_new ("=");
  if (what == REDUCED_UNIT)
    {
      parents = kab_unit_dup_parents (text);
      for (guint i = 0; parents[i] != NULL; i++)
        if (g_hash_table_contains (self->conditions->units, parents[i]))
          g_string_append_printf (out, "%s\x1f", parents[i]);
    }
  else
    kab_conditions_append_version (what == REDUCED_OS ? self->conditions->os_limits : self->conditions->agent_limits,
                                   text, out);
  reduced = GUINT_TO_POINTER (number_of (self, out->str));
  g_hash_table_insert (self->reduced[what], GUINT_TO_POINTER (number), reduced);
  return GPOINTER_TO_UINT (reduced);
}

static void
make_key (KabForecastFleet    *self,
          const KabHostFields *fields,
          Key                 *key)
{
  const KabConditions *conditions = self->conditions;

  memset (key, 0, sizeof *key);
  key->unit = reduce_text (self, REDUCED_UNIT, fields->organizational_unit);
  key->depends = reduce_list (self, REDUCED_DEPENDS, fields->groups);
  key->ad_groups = reduce_list (self, REDUCED_GROUPS, fields->ad_groups);
  key->maturities = number_of_list (self, fields->maturities);
  key->trusted = reduce_list (self, REDUCED_TRUSTED, fields->trusted);
  key->locales = conditions->locale ? number_of_list (self, fields->locales) : 0;
  key->packages = number_of_list (self, fields->rules_packages);
  key->uuids = number_of_list (self, fields->rules_uuids);
  key->platform = conditions->platform ? number_of (self, fields->platform) : 0;
  key->architecture = conditions->architecture ? number_of (self, fields->computer_architecture) : 0;
  key->os_version = reduce_text (self, REDUCED_OS, fields->os_version);
  key->agent_version = reduce_text (self, REDUCED_AGENT, fields->wapt_version);
  key->severities = number_of_list (self, fields->allowed_severities);
  key->delay = number_of (self, fields->install_delay);
  key->target = g_hash_table_contains (self->targets, fields->uuid) ? number_of (self, fields->uuid) : 0;
  key->default_allow = (guint8) fields->default_allow;
  key->lists_superseded = (guint8) fields->lists_superseded;
}

const KabForecastReach *
kab_forecast_fleet_reach (KabForecastFleet    *self,
                          const KabHostFields *fields)
{
  KabForecastReach *reach;
  Key key;

  if (!self->is_ready)
    make_ready (self);

  make_key (self, fields, &key);
  reach = g_hash_table_lookup (self->reaches, &key);
  if (reach == NULL)
    {
      reach = kab_forecast_reach_new (self, fields);
      g_hash_table_insert (self->reaches, g_memdup2 (&key, sizeof key), reach);
    }
  return reach;
}
