/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-resolver-private.h"

typedef struct {
  KabResolver    *resolver;
  const KabAgent *agent;
  KabResolution  *resolution;
} Look;

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
took_from (Look       *look,
           const char *signer)
{
  for (guint i = 0; i < look->agent->n_installed; i++)
    {
      const char *uuid = look->agent->installed[i].package_uuid;
      const KabResolverEntry *entry = uuid != NULL ? g_hash_table_lookup (look->resolver->uuids, uuid) : NULL;

      if (entry != NULL && *signer != '\0' && g_ascii_strcasecmp (entry->signer, signer) == 0)
        return TRUE;
    }
  return FALSE;
}

static gboolean
is_trusted (Look        *look,
            const KabResolverEntry *entry)
{
  const char * const *trusted = look->agent->trusted;

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
  if (took_from (look, entry->signer))
    return TRUE;
  look->resolution->assumes_trust = TRUE;
  return !look->agent->doubts;
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
fits_locale (const KabResolverEntry        *entry,
             const char * const *locales)
{
  if (entry->locales == NULL || locales == NULL || locales[0] == NULL ||
      contains ((const char * const *) entry->locales, "all"))
    return TRUE;
  for (; *locales != NULL; locales++)
    if (contains ((const char * const *) entry->locales, *locales))
      return TRUE;
  return FALSE;
}

KabRefusal
kab_resolver_judge (KabResolver            *self,
                    const KabAgent         *agent,
                    const KabResolverEntry *entry,
                    KabResolution          *resolution)
{
  static const char * const by_default[] = { "PROD", NULL };
  KabPackage *package = entry->package;
  Look look = { self, agent, resolution };

  if (!contains (agent->maturities != NULL ? agent->maturities : by_default, kab_package_get_maturity (package)))
    return KAB_REFUSAL_MATURITY;
  if (!is_trusted (&look, entry))
    return KAB_REFUSAL_SIGNER;
  if (!fits_list (package, "architecture",
                  agent->architecture != NULL ? normalise_architecture (agent->architecture) : NULL))
    return KAB_REFUSAL_ARCHITECTURE;
  if (!fits_list (package, "target_os", get_platform (agent)))
    return KAB_REFUSAL_PLATFORM;
  if (!is_between (agent->os_version, kab_package_get (package, "min_os_version"),
                   kab_package_get (package, "max_os_version")))
    return KAB_REFUSAL_OS_VERSION;
  if (!is_between (agent->wapt_version, kab_package_get (package, "min_wapt_version"), ""))
    return KAB_REFUSAL_AGENT_VERSION;
  if (!fits_locale (entry, agent->locales))
    return KAB_REFUSAL_LOCALE;
  return KAB_REFUSAL_NONE;
}
