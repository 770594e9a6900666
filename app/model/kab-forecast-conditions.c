/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-forecast-private.h"

#define MAX_LIMITS 64      /* that versions are told apart by; with more, each version counts alone */

void
kab_conditions_free (KabConditions *self)
{
  if (self == NULL)
    return;

  g_hash_table_unref (self->relevant);
  g_hash_table_unref (self->units);
  g_hash_table_unref (self->profiles);
  g_hash_table_unref (self->vouchers);
  g_hash_table_unref (self->named_by);
  g_ptr_array_unref (self->os_limits);
  g_ptr_array_unref (self->agent_limits);
  g_free (self);
}

static void
add_limit (GPtrArray  *limits,
           const char *limit)
{
  if (*limit != '\0' && limits->len <= MAX_LIMITS && !g_ptr_array_find_with_equal_func (limits, limit, g_str_equal, NULL))
    g_ptr_array_add (limits, g_strdup (limit));
}

static void
add_voucher (KabConditions *self,
             const char    *fingerprint)
{
  if (fingerprint != NULL && *fingerprint != '\0')
    g_hash_table_add (self->vouchers, g_ascii_strdown (fingerprint, -1));
}

static void
add_edges (KabPackage         *package,
           const char * const *depends,
           const char * const *conflicts,
           const char * const *vouchers,
           gpointer            user_data)
{
  KabConditions *self = user_data;
  const char *name = kab_package_get_name (package);

  for (; depends != NULL && *depends != NULL; depends++)
    {
      g_autofree char *other = kab_requirement_dup_name (*depends);
      GPtrArray *names = g_hash_table_lookup (self->named_by, other);

      if (names == NULL)
        {
          names = g_ptr_array_new_with_free_func (g_free);
          g_hash_table_insert (self->named_by, g_steal_pointer (&other), names);
        }
      if (names->len == 0 || strcmp (names->pdata[names->len - 1], name) != 0)
        g_ptr_array_add (names, g_strdup (name));
    }
  if (conflicts != NULL || strcmp (kab_package_get_section (package), "wsus") == 0)
    g_hash_table_add (self->relevant, g_strdup (name));
}

static void
add_conditions (KabPackage         *package,
                const char * const *depends,
                const char * const *conflicts,
                const char * const *vouchers,
                gpointer            user_data)
{
  KabConditions *self = user_data;
  const char *name = kab_package_get_name (package);
  const char *section = kab_package_get_section (package);
  const char *architecture = kab_package_get (package, "architecture");

  if (!g_hash_table_contains (self->relevant, name))
    return;

  if (strcmp (section, "unit") == 0)
    g_hash_table_add (self->units, g_strdup (name));
  if (strcmp (section, "profile") == 0)
    g_hash_table_add (self->profiles, g_strdup (name));
  add_voucher (self, kab_package_get (package, "signer_fingerprint"));
  for (; vouchers != NULL && *vouchers != NULL; vouchers++)
    add_voucher (self, *vouchers);
  add_limit (self->os_limits, kab_package_get (package, "min_os_version"));
  add_limit (self->os_limits, kab_package_get (package, "max_os_version"));
  add_limit (self->agent_limits, kab_package_get (package, "min_wapt_version"));
  self->platform = self->platform || *kab_package_get (package, "target_os") != '\0';
  self->architecture = self->architecture || (*architecture != '\0' && strcmp (architecture, "all") != 0);
  self->locale = self->locale || *kab_package_get (package, "locale") != '\0';
}

static GHashTable *
new_set (void)
{
  return g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
}

KabConditions *
kab_conditions_new (KabResolver *first,
                    KabResolver *second)
{
  KabConditions *self = g_new0 (KabConditions, 1);
  GHashTable *goals;

  self->relevant = new_set ();
  self->units = new_set ();
  self->profiles = new_set ();
  self->vouchers = new_set ();
  self->named_by = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  self->os_limits = g_ptr_array_new_with_free_func (g_free);
  self->agent_limits = g_ptr_array_new_with_free_func (g_free);

  kab_resolver_foreach (first, add_edges, self);
  kab_resolver_foreach (second, add_edges, self);
  goals = self->relevant;
  self->relevant = kab_conditions_leading (self, goals);
  g_hash_table_unref (goals);
  kab_resolver_foreach (first, add_conditions, self);
  kab_resolver_foreach (second, add_conditions, self);
  return self;
}

GHashTable *
kab_conditions_leading (KabConditions *self,
                        GHashTable    *goals)
{
  GHashTable *found = new_set ();
  g_autoptr(GPtrArray) queue = g_ptr_array_new ();
  GHashTableIter iter;
  gpointer name;

  g_hash_table_iter_init (&iter, goals);
  while (g_hash_table_iter_next (&iter, &name, NULL))
    {
      char *copy = g_strdup (name);

      g_hash_table_add (found, copy);
      g_ptr_array_add (queue, copy);
    }
  for (guint i = 0; i < queue->len; i++)
    {
      GPtrArray *names = g_hash_table_lookup (self->named_by, queue->pdata[i]);

      for (guint k = 0; names != NULL && k < names->len; k++)
        if (!g_hash_table_contains (found, names->pdata[k]))
          {
            char *copy = g_strdup (names->pdata[k]);

            g_hash_table_add (found, copy);
            g_ptr_array_add (queue, copy);
          }
    }
  return found;
}

void
kab_conditions_append_version (GPtrArray  *limits,
                               const char *version,
                               GString    *out)
{
  if (version == NULL || limits->len == 0)
    return;

  if (limits->len > MAX_LIMITS)
    g_string_append (out, version);
  else
    for (guint i = 0; i < limits->len; i++)
      {
        int order = kab_version_compare_loosely (version, limits->pdata[i]);

        g_string_append_c (out, order < 0 ? '<' : order > 0 ? '>' : '=');
      }
}
