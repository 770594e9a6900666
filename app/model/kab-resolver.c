/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-resolver.h"

#define MAX_TAKEN    2000    /* packages that one host takes */
#define MAX_DEPTH    200     /* of packages that depend on packages */
#define MAX_VERSIONS 1000    /* of one package that are looked at: the newest */
#define MAX_SAYINGS  32      /* requirements, and conflicts, that name one package */
#define MAX_PASSES   8       /* until requirements and conflicts that were met late are heard by all */

/* One package of the server; shared by copies of a resolver. */
typedef struct {
  KabPackage *package;
  const char *name;          /* borrowed from it, as are these */
  const char *version;
  const char *uuid;
  const char *signer;
  GStrv       depends;
  GStrv       conflicts;
  GStrv       locales;
  GStrv       vouchers;
  gboolean    is_free;       /* everybody trusts it */
} Entry;

/* All of one name */
typedef struct {
  GPtrArray *entries;        /* newest first, once sorted */
  gboolean   is_sorted;
} Versions;

struct _KabResolver
{
  GHashTable *names;         /* (element-type utf8 Versions) */
  GHashTable *uuids;         /* (element-type utf8 Entry) */
};

static void
entry_clear (gpointer data)
{
  Entry *entry = data;

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
  Versions *versions = data;

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
            Entry       *entry)
{
  Versions *versions = g_hash_table_lookup (self->names, entry->name);

  if (versions == NULL)
    {
      versions = g_new0 (Versions, 1);
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
  Entry *entry;

  g_return_if_fail (self != NULL);
  g_return_if_fail (KAB_IS_PACKAGE (package));

  entry = g_rc_box_new0 (Entry);
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
    for (guint i = 0; i < ((Versions *) value)->entries->len; i++)
      take_entry (copy, g_rc_box_acquire (((Versions *) value)->entries->pdata[i]));
  return copy;
}

guint
kab_resolver_remove (KabResolver *self,
                     const char  *name,
                     const char  *version,
                     const char  *maturity)
{
  Versions *versions;
  guint n_removed = 0;

  g_return_val_if_fail (self != NULL && name != NULL, 0);

  versions = g_hash_table_lookup (self->names, name);
  for (guint i = versions != NULL ? versions->entries->len : 0; i > 0; i--)
    {
      Entry *entry = versions->entries->pdata[i - 1];

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
  const Entry *first = *(const Entry * const *) a;
  const Entry *second = *(const Entry * const *) b;
  int order = kab_package_compare (second->package, first->package);

  return order != 0 ? order : strcmp (second->uuid, first->uuid);
}

/* Newest first. (nullable) */
static GPtrArray *
find_versions (KabResolver *self,
               const char  *name)
{
  Versions *versions = g_hash_table_lookup (self->names, name);

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

  entries = find_versions (self, name);
  return entries != NULL ? ((Entry *) entries->pdata[0])->package : NULL;
}

KabPackage *
kab_resolver_find_uuid (KabResolver *self,
                        const char  *package_uuid)
{
  Entry *entry;

  g_return_val_if_fail (self != NULL, NULL);

  entry = package_uuid != NULL ? g_hash_table_lookup (self->uuids, package_uuid) : NULL;
  return entry != NULL ? entry->package : NULL;
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
    for (guint i = 0; i < ((Versions *) value)->entries->len; i++)
      {
        Entry *entry = ((Versions *) value)->entries->pdata[i];

        func (entry->package, (const char * const *) entry->depends, (const char * const *) entry->conflicts,
              (const char * const *) entry->vouchers, user_data);
      }
}

/* What is known while one agent is looked at. Texts are borrowed from entries, the agent, or @units. */
typedef struct {
  KabResolver    *resolver;
  const KabAgent *agent;
  KabResolution  *resolution;
  GHashTable     *requirements;    /* name → GPtrArray of requirements that name it, of all passes */
  GHashTable     *heard;           /* requirements of this pass */
  GHashTable     *chosen;          /* name → Entry, or &nothing */
  GPtrArray      *order;           /* Entry: what comes now, dependencies first */
  GHashTable     *conflicts;       /* name → GArray of Conflict, of all passes */
  GHashTable     *installed;       /* name → index + 1 */
  gboolean       *stays;           /* beside agent->installed */
  gboolean        again;
} Work;

typedef struct {
  const char  *requirement;
  const Entry *by;                 /* (nullable): the host's own */
} Conflict;

static Entry nothing;              /* stays as it is, and the server has no more of it */

static gboolean
contains (const char * const *list,
          const char         *text)
{
  for (; list != NULL && *list != NULL; list++)
    if (g_ascii_strcasecmp (*list, text) == 0)
      return TRUE;
  return FALSE;
}

/* A package of his that it took already tells that the host trusts a signer. */
static gboolean
took_from (Work       *work,
           const char *signer)
{
  for (guint i = 0; i < work->agent->n_installed; i++)
    {
      const char *uuid = work->agent->installed[i].package_uuid;
      const Entry *entry = uuid != NULL ? g_hash_table_lookup (work->resolver->uuids, uuid) : NULL;

      if (entry != NULL && *signer != '\0' && g_ascii_strcasecmp (entry->signer, signer) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_trusted (Work        *work,
            const Entry *entry)
{
  const char * const *trusted = work->agent->trusted;

  if (entry->is_free)
    return TRUE;
  if (entry->vouchers == NULL && *entry->signer == '\0')
    return FALSE;
  if (trusted != NULL)
    {
      for (guint i = 0; entry->vouchers != NULL && entry->vouchers[i] != NULL; i++)
        if (contains (trusted, entry->vouchers[i]))
          return TRUE;
      if (entry->vouchers != NULL)
        return FALSE;
      if (contains (trusted, entry->signer))
        return TRUE;
    }
  if (took_from (work, entry->signer))
    return TRUE;
  work->resolution->assumes_trust = TRUE;
  return !work->agent->doubts;
}

static const char *
normalise_architecture (const char *name)
{
  static const char * const x64[] = { "x64", "amd64", "x86_64", "64bit", NULL };
  static const char * const x86[] = { "x86", "i386", "i486", "i586", "i686", "32bit", NULL };
  static const char * const arm64[] = { "arm64", "aarch64", NULL };

  return contains (x64, name) ? "x64" : contains (x86, name) ? "x86" : contains (arm64, name) ? "arm64" : name;
}

/* An attribute that is a comma list, "all" or empty; what is not known of the agent does not stand against it. */
static gboolean
fits_list (KabPackage *package,
           const char *attribute,
           const char *value)
{
  const char *list = kab_package_get (package, attribute);
  g_auto(GStrv) parts = NULL;

  if (*list == '\0' || value == NULL || *value == '\0' || g_ascii_strcasecmp (list, "all") == 0)
    return TRUE;
  parts = kab_requirements_split (list);
  for (guint i = 0; parts[i] != NULL; i++)
    if (g_ascii_strcasecmp (parts[i], "all") == 0 || g_ascii_strcasecmp (normalise_architecture (parts[i]), value) == 0)
      return TRUE;
  return FALSE;
}

/* "windows", "macos" (Darwin), "linux" */
static const char *
get_platform (const KabAgent *agent)
{
  const char *platform = agent->platform;

  if (platform == NULL || *platform == '\0')
    return NULL;
  if (g_ascii_strncasecmp (platform, "windows", 7) == 0)
    return "windows";
  return g_ascii_strcasecmp (platform, "Darwin") == 0 ? "macos" : platform;
}

static gboolean
is_between (const char *version,
            const char *least,
            const char *most)
{
  if (version == NULL || *version == '\0')
    return TRUE;
  return (*least == '\0' || kab_version_compare_loosely (version, least) >= 0) &&
         (*most == '\0' || kab_version_compare_loosely (version, most) <= 0);
}

static gboolean
fits_locale (const Entry        *entry,
             const char * const *locales)
{
  if (entry->locales == NULL || locales == NULL || locales[0] == NULL || contains ((const char * const *) entry->locales, "all"))
    return TRUE;
  for (; *locales != NULL; locales++)
    if (contains ((const char * const *) entry->locales, *locales))
      return TRUE;
  return FALSE;
}

static KabRefusal
accepts (Work        *work,
         const Entry *entry)
{
  static const char * const by_default[] = { "PROD", NULL };
  const KabAgent *agent = work->agent;
  KabPackage *package = entry->package;

  if (agent->maturities == NULL)
    work->resolution->assumes_maturity = TRUE;
  if (!contains (agent->maturities != NULL ? agent->maturities : by_default, kab_package_get_maturity (package)))
    return KAB_REFUSAL_MATURITY;
  if (!is_trusted (work, entry))
    return KAB_REFUSAL_SIGNER;
  if (!fits_list (package, "architecture", agent->architecture != NULL ? normalise_architecture (agent->architecture) : NULL))
    return KAB_REFUSAL_ARCHITECTURE;
  if (!fits_list (package, "target_os", get_platform (agent)))
    return KAB_REFUSAL_PLATFORM;
  if (!is_between (agent->os_version, kab_package_get (package, "min_os_version"), kab_package_get (package, "max_os_version")))
    return KAB_REFUSAL_OS_VERSION;
  if (!is_between (agent->wapt_version, kab_package_get (package, "min_wapt_version"), ""))
    return KAB_REFUSAL_AGENT_VERSION;
  if (!fits_locale (entry, agent->locales))
    return KAB_REFUSAL_LOCALE;
  return KAB_REFUSAL_NONE;
}

static gboolean
is_in_conflict (Work        *work,
                const Entry *self,
                const char  *name,
                const char  *version)
{
  const GArray *conflicts = g_hash_table_lookup (work->conflicts, name);

  for (guint i = 0; conflicts != NULL && i < conflicts->len; i++)
    {
      const Conflict *conflict = &g_array_index (conflicts, Conflict, i);

      if ((conflict->by == NULL || conflict->by != self) && kab_requirement_matches (conflict->requirement, name, version))
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
static Entry *
find_among (Work        *work,
            const char  *name,
            GPtrArray   *requirements,
            KabRefusal  *refusal,
            Entry      **candidate)
{
  GPtrArray *entries = find_versions (work->resolver, name);

  *refusal = entries != NULL ? KAB_REFUSAL_VERSION : KAB_REFUSAL_ABSENT;
  *candidate = entries != NULL ? entries->pdata[0] : NULL;
  for (guint i = 0; entries != NULL && i < MIN (entries->len, MAX_VERSIONS); i++)
    {
      Entry *entry = entries->pdata[i];
      KabRefusal answer;

      if (!matches_all (requirements, name, entry->version))
        continue;
      answer = is_in_conflict (work, entry, name, entry->version) ? KAB_REFUSAL_CONFLICT : accepts (work, entry);
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
          const Entry        *entry,
          const KabInstalled *installed)
{
  const Entry *known = installed->package_uuid != NULL ? g_hash_table_lookup (work->resolver->uuids, installed->package_uuid) : NULL;
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
        Entry      *entry,
        GPtrArray  *requirements,
        guint       depth)
{
  guint index = GPOINTER_TO_UINT (g_hash_table_lookup (work->installed, name));
  const KabInstalled *installed = index > 0 ? &work->agent->installed[index - 1] : NULL;
  Entry *known = installed != NULL && installed->package_uuid != NULL
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
  Entry *entry, *candidate, *chosen;
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
      GPtrArray *entries = find_versions (work->resolver, *names);

      if (entries != NULL && strcmp (kab_package_get_section (((Entry *) entries->pdata[0])->package), section) == 0)
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
      Entry *candidate;
      KabRefusal refusal;

      if (!is_list (installed->section) && !g_hash_table_contains (work->chosen, installed->name))
        choose (work, installed->name, find_among (work, installed->name, requirements, &refusal, &candidate), NULL, 0);
    }
}

static void
add_conflicts (Work        *work,
               GStrv        requirements,
               const Entry *by)
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
      const Entry *entry = work->stays[i] ? g_hash_table_lookup (work->chosen, work->agent->installed[i].name) : NULL;

      if (entry != NULL && entry != &nothing && !is_in_conflict (work, entry, entry->name, entry->version))
        add_conflicts (work, entry->conflicts, entry);
    }
  for (guint i = 0; i < work->order->len; i++)
    {
      const Entry *entry = work->order->pdata[i];

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
      Entry *entry = g_hash_table_lookup (work->chosen, installed->name);

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
      KabResolved resolved = { g_object_ref (((Entry *) work->order->pdata[i])->package), -1 };

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

  entries = find_versions (self, kab_package_get_name (package));
  work_begin (&work, self, agent);
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    if (((Entry *) entries->pdata[i])->package == package)
      refusal = accepts (&work, entries->pdata[i]);
  kab_resolution_free (work.resolution);
  return refusal;
}
