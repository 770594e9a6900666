/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-resolver-private.h"

#define MAX_TAKEN    2000    /* packages that one host takes */
#define MAX_DEPTH    200     /* of packages that depend on packages */
#define MAX_VERSIONS 1000    /* of one package that are looked at: the newest */
#define MAX_SAYINGS  32      /* requirements, and conflicts, that name one package */
#define MAX_PASSES   8       /* until requirements and conflicts that were met late are heard by all */

/* What is known while one agent is looked at. Texts are borrowed from entries, the agent, or @units. */
typedef struct {
  KabResolver    *resolver;
  const KabAgent *agent;
  KabResolution  *resolution;
  GHashTable     *requirements;    /* name → GPtrArray of requirements that name it, of all passes */
  GHashTable     *heard;           /* requirements of this pass */
  GHashTable     *chosen;          /* name → KabResolverEntry, or &nothing */
  GPtrArray      *order;           /* KabResolverEntry: what comes now, dependencies first */
  GHashTable     *conflicts;       /* name → GArray of Conflict, of all passes */
  GHashTable     *installed;       /* name → index + 1 */
  gboolean       *stays;           /* beside agent->installed */
  gboolean        again;
} Work;

typedef struct {
  const char  *requirement;
  const KabResolverEntry *by;                 /* (nullable): the host's own */
} Conflict;

static KabResolverEntry nothing;              /* stays as it is, and the server has no more of it */

static void
refused_free (gpointer data)
{
  KabRefused *refused = data;

  g_free (refused->requirement);
  g_clear_object (&refused->package);
  g_free (refused);
}

static void
resolved_clear (gpointer data)
{
  g_clear_object (&((KabResolved *) data)->package);
}

void
kab_resolution_free (KabResolution *self)
{
  if (self == NULL)
    return;

  g_array_unref (self->packages);
  g_array_unref (self->removed);
  g_ptr_array_unref (self->refused);
  g_free (self);
}

static gboolean
is_in_conflict (Work        *work,
                const KabResolverEntry *self,
                const char  *name,
                const char  *version)
{
  const GArray *conflicts = g_hash_table_lookup (work->conflicts, name);

  for (guint i = 0; conflicts != NULL && i < conflicts->len; i++)
    {
      const Conflict *conflict = &g_array_index (conflicts, Conflict, i);

      if ((conflict->by == NULL || conflict->by != self) &&
          kab_requirement_matches (conflict->requirement, name, version))
        return TRUE;
    }
  return FALSE;
}

static gboolean
matches_all (GPtrArray  *requirements,
             const char *name,
             const char *version)
{
  for (guint i = 0; requirements != NULL && i < requirements->len; i++)
    if (!kab_requirement_matches (requirements->pdata[i], name, version))
      return FALSE;
  return TRUE;
}

/* The newest that the agent accepts among those that match. @refusal, @candidate: of the newest that matched */
static KabResolverEntry *
find_among (Work        *work,
            const char  *name,
            GPtrArray   *requirements,
            KabRefusal  *refusal,
            KabResolverEntry      **candidate)
{
  GPtrArray *entries = kab_resolver_find_versions (work->resolver, name);

  *refusal = entries != NULL ? KAB_REFUSAL_VERSION : KAB_REFUSAL_ABSENT;
  *candidate = entries != NULL ? entries->pdata[0] : NULL;
  for (guint i = 0; entries != NULL && i < MIN (entries->len, MAX_VERSIONS); i++)
    {
      KabResolverEntry *entry = entries->pdata[i];
      KabRefusal answer;

      if (!matches_all (requirements, name, entry->version))
        continue;
      answer = is_in_conflict (work, entry, name, entry->version)
                 ? KAB_REFUSAL_CONFLICT
                 : kab_resolver_judge (work->resolver, work->agent, entry, work->resolution);
      if (answer == KAB_REFUSAL_NONE)
        return entry;
      if (*refusal == KAB_REFUSAL_VERSION)
        {
          *refusal = answer;
          *candidate = entry;
        }
    }
  return NULL;
}

/* § 8.2. Of an installed one whose record nobody has, a package of the same version and another uuid was signed later. */
static gboolean
is_newer (Work               *work,
          const KabResolverEntry        *entry,
          const KabInstalled *installed)
{
  const KabResolverEntry *known = installed->package_uuid != NULL
                                    ? g_hash_table_lookup (work->resolver->uuids, installed->package_uuid) : NULL;
  int order = 0;

  if (known != NULL)
    return known != entry && kab_package_compare (entry->package, known->package) > 0;

  order = kab_version_compare (entry->version, installed->version != NULL ? installed->version : "");
  if (order == 0 && installed->maturity != NULL)
    order = strcmp (kab_package_get_maturity (entry->package), installed->maturity);
  if (order == 0 && installed->signature_date != NULL)
    order = strcmp (kab_package_get (entry->package, "signature_date"), installed->signature_date);
  else if (order == 0)
    order = installed->package_uuid != NULL && *installed->package_uuid != '\0' &&
            strcmp (entry->uuid, installed->package_uuid) != 0;
  return order > 0;
}

static void want (Work *work, const char *requirement, guint depth);

static void
want_all (Work  *work,
          GStrv  requirements,
          guint  depth)
{
  for (guint i = 0; requirements != NULL && requirements[i] != NULL; i++)
    want (work, requirements[i], depth);
}

/* @entry: (nullable): what the server has for @name; does the host keep what it has? */
static void
choose (Work       *work,
        const char *name,
        KabResolverEntry      *entry,
        GPtrArray  *requirements,
        guint       depth)
{
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (work->installed, name));
  const KabInstalled *installed = index > 0 ? &work->agent->installed[index - 1] : NULL;
  KabResolverEntry *known = installed != NULL && installed->package_uuid != NULL
                   ? g_hash_table_lookup (work->resolver->uuids, installed->package_uuid) : NULL;

  if (installed != NULL && !is_in_conflict (work, known, name, installed->version != NULL ? installed->version : "") &&
      matches_all (requirements, name, installed->version != NULL ? installed->version : "") &&
      (entry == NULL || !is_newer (work, entry, installed)))
    {
      work->stays[index - 1] = TRUE;
      entry = known != NULL ? known : &nothing;
    }
  if (entry == NULL)
    return;

  g_hash_table_insert (work->chosen, (gpointer) name, entry);
  want_all (work, entry->depends, depth + 1);
  if (installed == NULL || !work->stays[index - 1])
    g_ptr_array_add (work->order, entry);
}

static void
want (Work       *work,
      const char *requirement,
      guint       depth)
{
  g_autofree char *name = kab_requirement_dup_name (requirement);
  GPtrArray *requirements = g_hash_table_lookup (work->requirements, name);
  const char *key = name;
  KabResolverEntry *entry, *candidate, *chosen;
  KabRefusal refusal;
  KabRefused *refused;

  if (depth > MAX_DEPTH || work->order->len >= MAX_TAKEN || g_hash_table_size (work->heard) >= 2 * MAX_TAKEN ||
      !g_hash_table_add (work->heard, (gpointer) requirement))
    return;

  if (requirements == NULL)
    {
      requirements = g_ptr_array_new ();
      g_hash_table_insert (work->requirements, g_steal_pointer (&name), requirements);
    }
  else
    g_hash_table_lookup_extended (work->requirements, name, (gpointer *) &key, NULL);
  if (!g_ptr_array_find_with_equal_func (requirements, requirement, g_str_equal, NULL))
    {
      if (requirements->len >= MAX_SAYINGS)
        return;
      g_ptr_array_add (requirements, (gpointer) requirement);
      chosen = g_hash_table_lookup (work->chosen, key);
      work->again = work->again || (chosen != NULL && chosen != &nothing &&
                                    !kab_requirement_matches (requirement, key, chosen->version));
    }
  if (g_hash_table_contains (work->chosen, key))
    return;

  entry = find_among (work, key, requirements, &refusal, &candidate);
  if (entry == NULL && requirements->len > 1)
    {
      g_autoptr(GPtrArray) alone = g_ptr_array_new ();

      /* Nothing fulfils them all: who comes first is heard. */
      g_ptr_array_add (alone, (gpointer) requirement);
      entry = find_among (work, key, alone, &refusal, &candidate);
      choose (work, key, entry, alone, depth);
    }
  else
    choose (work, key, entry, requirements, depth);
  if (g_hash_table_contains (work->chosen, key))
    return;

  refused = g_new0 (KabRefused, 1);
  refused->requirement = g_strdup (requirement);
  refused->package = candidate != NULL ? g_object_ref (candidate->package) : NULL;
  refused->refusal = refusal;
  g_ptr_array_add (work->resolution->refused, refused);
}

/* Units and profiles are asked for only where the server has a package for them. */
static void
want_implicit (Work               *work,
               const char         *section,
               const char * const *names)
{
  for (; names != NULL && *names != NULL; names++)
    {
      GPtrArray *entries = kab_resolver_find_versions (work->resolver, *names);

      const KabResolverEntry *newest = entries != NULL ? entries->pdata[0] : NULL;

      if (newest != NULL && strcmp (kab_package_get_section (newest->package), section) == 0)
        want (work, *names, 0);
    }
}

/* Packages that only say what else there should be. */
static gboolean
is_list (const char *section)
{
  return section != NULL &&
         (strcmp (section, "group") == 0 || strcmp (section, "unit") == 0 || strcmp (section, "profile") == 0);
}

/* What nobody asks for is kept, and follows its newest version. */
static void
upgrade_others (Work *work)
{
  for (guint i = 0; i < work->agent->n_installed; i++)
    {
      const KabInstalled *installed = &work->agent->installed[i];
      GPtrArray *requirements = g_hash_table_lookup (work->requirements, installed->name);
      KabResolverEntry *candidate;
      KabRefusal refusal;

      if (!is_list (installed->section) && !g_hash_table_contains (work->chosen, installed->name))
        choose (work, installed->name, find_among (work, installed->name, requirements, &refusal, &candidate), NULL, 0);
    }
}

static void
add_conflicts (Work        *work,
               GStrv        requirements,
               const KabResolverEntry *by)
{
  for (guint i = 0; requirements != NULL && requirements[i] != NULL; i++)
    {
      g_autofree char *name = kab_requirement_dup_name (requirements[i]);
      GArray *conflicts = g_hash_table_lookup (work->conflicts, name);
      Conflict fresh = { requirements[i], by };
      gboolean is_known = FALSE;

      if (conflicts == NULL)
        {
          conflicts = g_array_new (FALSE, FALSE, sizeof (Conflict));
          g_hash_table_insert (work->conflicts, g_steal_pointer (&name), conflicts);
        }
      for (guint k = 0; k < conflicts->len && !is_known; k++)
        {
          const Conflict *conflict = &g_array_index (conflicts, Conflict, k);

          is_known = conflict->by == by && strcmp (conflict->requirement, requirements[i]) == 0;
        }
      if (!is_known && conflicts->len < MAX_SAYINGS)
        {
          g_array_append_val (conflicts, fresh);
          work->again = TRUE;
        }
    }
}

/* In the order of the install date; one that is forbidden itself has no say. */
static void
find_conflicts (Work *work)
{
  for (guint i = 0; i < work->agent->n_installed; i++)
    {
      const char *name = work->agent->installed[i].name;
      const KabResolverEntry *entry = work->stays[i] ? g_hash_table_lookup (work->chosen, name) : NULL;

      if (entry != NULL && entry != &nothing && !is_in_conflict (work, entry, entry->name, entry->version))
        add_conflicts (work, entry->conflicts, entry);
    }
  for (guint i = 0; i < work->order->len; i++)
    {
      const KabResolverEntry *entry = work->order->pdata[i];

      if (!is_in_conflict (work, entry, entry->name, entry->version))
        add_conflicts (work, entry->conflicts, entry);
    }
}

static void
run_pass (Work  *work,
          GStrv  units)
{
  work->again = FALSE;
  g_hash_table_remove_all (work->heard);
  g_hash_table_remove_all (work->chosen);
  g_ptr_array_set_size (work->order, 0);
  g_ptr_array_set_size (work->resolution->refused, 0);
  memset (work->stays, 0, work->agent->n_installed * sizeof *work->stays);

  want_all (work, (GStrv) work->agent->depends, 0);
  want_implicit (work, "unit", (const char * const *) units);
  want_implicit (work, "profile", work->agent->ad_groups);
  upgrade_others (work);
  find_conflicts (work);
}

static void
collect (Work *work)
{
  KabResolution *resolution = work->resolution;

  for (guint i = 0; i < work->agent->n_installed; i++)
    {
      const KabInstalled *installed = &work->agent->installed[i];
      KabResolverEntry *entry = g_hash_table_lookup (work->chosen, installed->name);

      if (work->stays[i])
        {
          KabResolved resolved = { entry != &nothing ? g_object_ref (entry->package) : NULL, (int) i };

          g_array_append_val (resolution->packages, resolved);
        }
      else if (entry == NULL)
        g_array_append_val (resolution->removed, i);
    }
  for (guint i = 0; i < work->order->len; i++)
    {
      KabResolved resolved = { g_object_ref (((KabResolverEntry *) work->order->pdata[i])->package), -1 };

      g_array_append_val (resolution->packages, resolved);
    }
}

static void
work_begin (Work           *work,
            KabResolver    *self,
            const KabAgent *agent)
{
  memset (work, 0, sizeof *work);
  work->resolver = self;
  work->agent = agent;
  work->resolution = g_new0 (KabResolution, 1);
  work->resolution->packages = g_array_new (FALSE, FALSE, sizeof (KabResolved));
  g_array_set_clear_func (work->resolution->packages, resolved_clear);
  work->resolution->removed = g_array_new (FALSE, FALSE, sizeof (guint));
  work->resolution->refused = g_ptr_array_new_with_free_func (refused_free);
}

KabResolution *
kab_resolver_resolve (KabResolver    *self,
                      const KabAgent *agent)
{
  g_auto(GStrv) units = NULL;
  Work work;

  g_return_val_if_fail (self != NULL && agent != NULL, NULL);

  units = kab_unit_dup_parents (agent->organizational_unit);
  work_begin (&work, self, agent);
  work.requirements = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  work.heard = g_hash_table_new (g_str_hash, g_str_equal);
  work.chosen = g_hash_table_new (g_str_hash, g_str_equal);
  work.installed = g_hash_table_new (g_str_hash, g_str_equal);
  work.order = g_ptr_array_new ();
  work.conflicts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_array_unref);
  work.stays = g_new0 (gboolean, agent->n_installed + 1);
  /* Of two of one name the later is the one that is there. */
  for (guint i = 0; i < agent->n_installed; i++)
    g_hash_table_insert (work.installed, (gpointer) agent->installed[i].name, GUINT_TO_POINTER (i + 1));

  add_conflicts (&work, (GStrv) agent->conflicts, NULL);
  for (guint i = 0; i < MAX_PASSES; i++)
    {
      run_pass (&work, units);
      if (!work.again)
        break;
    }
  collect (&work);

  g_free (work.stays);
  g_hash_table_unref (work.conflicts);
  g_ptr_array_unref (work.order);
  g_hash_table_unref (work.installed);
  g_hash_table_unref (work.chosen);
  g_hash_table_unref (work.heard);
  g_hash_table_unref (work.requirements);
  return work.resolution;
}

KabRefusal
kab_resolver_accepts (KabResolver    *self,
                      const KabAgent *agent,
                      KabPackage     *package)
{
  GPtrArray *entries;
  KabRefusal refusal = KAB_REFUSAL_ABSENT;
  Work work;

  g_return_val_if_fail (self != NULL && agent != NULL && KAB_IS_PACKAGE (package), KAB_REFUSAL_ABSENT);

  entries = kab_resolver_find_versions (self, kab_package_get_name (package));
  work_begin (&work, self, agent);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    if (((KabResolverEntry *) entries->pdata[i])->package == package)
      refusal = kab_resolver_judge (self, agent, entries->pdata[i], work.resolution);
  kab_resolution_free (work.resolution);
  return refusal;
}
