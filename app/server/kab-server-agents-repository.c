/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-agents-repository.h"

#include <string.h>

#include <glib/gstdio.h>

#include "kab-package-reader.h"
#include "kab-verifier.h"
#include "kab-wire.h"

#define MAX_PACKAGES  1000     /* in one resolution */

struct _KabAgentsRepository
{
  char       *folder;
  char       *persistent;    /* what survives an install on the hosts: the rules files, by package_uuid */
  GPtrArray  *trusted;
  GHashTable *packages;      /* (element-type utf8 KabAgentsPackage): by file name */
  GHashTable *rules;         /* (element-type utf8 KabRuleSet): by package_uuid */
};

static void
agents_package_free (gpointer data)
{
  KabAgentsPackage *package = data;

  g_clear_object (&package->package);
  g_free (package->detail);
  g_free (package);
}

KabAgentsRepository *
kab_agents_repository_new (KabDepot  *depot,
                           GPtrArray *trusted)
{
  KabAgentsRepository *self = g_new0 (KabAgentsRepository, 1);

  self->folder = g_strdup (kab_depot_get_packages_folder (depot));
  self->persistent = g_build_filename (kab_depot_get_folder (depot), "persistent", NULL);
  self->trusted = g_ptr_array_ref (trusted);
  self->packages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, agents_package_free);
  self->rules = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  g_mkdir_with_parents (self->persistent, 0700);
  kab_agents_repository_refresh (self);
  return self;
}

void
kab_agents_repository_free (KabAgentsRepository *self)
{
  if (self == NULL)
    return;
  g_free (self->folder);
  g_free (self->persistent);
  g_ptr_array_unref (self->trusted);
  g_hash_table_unref (self->packages);
  g_hash_table_unref (self->rules);
  g_free (self);
}

/* A package_uuid comes out of a file: only what looks like one becomes a name of ours. */
static char *
dup_rules_path (KabAgentsRepository *self,
                const char          *package_uuid)
{
  g_autofree char *name = NULL;

  if (package_uuid == NULL || package_uuid[0] == '\0' || strlen (package_uuid) > 80 ||
      strspn (package_uuid, "0123456789abcdefABCDEF-") != strlen (package_uuid))
    return NULL;
  name = g_strconcat (package_uuid, ".json", NULL);
  return g_build_filename (self->persistent, name, NULL);
}

/* Hosts that have a package keep its rules when the repository loses it. */
static void
keep_rules (KabAgentsRepository *self,
            KabPackageReader    *reader,
            KabPackage          *package)
{
  g_autofree char *path = dup_rules_path (self, kab_package_get (package, "package_uuid"));
  g_autoptr(GBytes) rules = NULL;
  g_autoptr(GError) error = NULL;
  gsize size;
  const char *data;

  if (path == NULL || g_file_test (path, G_FILE_TEST_EXISTS))
    return;
  rules = kab_package_reader_read_rules (reader, NULL);
  if (rules == NULL)
    return;
  data = g_bytes_get_data (rules, &size);
  if (!g_file_set_contents (path, data != NULL ? data : "", size, &error))
    g_warning ("rules of %s: %s", kab_package_get_name (package), error->message);
}

static KabAgentsPackage *
open_package (KabAgentsRepository *self,
              const char          *name)
{
  KabAgentsPackage *package = g_new0 (KabAgentsPackage, 1);
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr(GError) error = NULL;
  g_autoptr(KabPackageReader) reader = kab_package_reader_open (path, &error);
  g_autoptr(KabCertificate) certificate = NULL;
  g_autoptr(KabSignature) control = NULL;
  g_autoptr(KabSignature) whole = NULL;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;   /* dates of certificates are judged by the real clock */

  if (reader == NULL)
    {
      package->detail = g_strdup (error->message);
      return package;
    }
  package->package = g_object_ref (kab_package_reader_get_package (reader));
  certificate = kab_package_reader_dup_certificate (reader, NULL);
  control = kab_verifier_check_control (package->package, certificate, self->trusted, now);
  whole = kab_package_reader_verify (reader, self->trusted, now);
  package->is_listed = control->status == KAB_SIGNATURE_TRUSTED;
  package->is_intact = whole->status == KAB_SIGNATURE_TRUSTED;
  package->detail = g_strdup (whole->detail);
  if (package->is_intact && g_str_equal (kab_package_get_section (package->package), "wsus"))
    keep_rules (self, reader, package->package);
  return package;
}

void
kab_agents_repository_refresh (KabAgentsRepository *self)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GDir) folder = g_dir_open (self->folder, 0, NULL);
  GHashTableIter iter;
  const char *name;
  gpointer known;

  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      if (!g_str_has_suffix (name, ".wapt"))
        continue;
      g_hash_table_add (seen, g_strdup (name));
      /* The name has the MD5 of the file, so a known name is a known file. */
      if (!g_hash_table_contains (self->packages, name))
        g_hash_table_insert (self->packages, g_strdup (name), open_package (self, name));
    }

  g_hash_table_iter_init (&iter, self->packages);
  while (g_hash_table_iter_next (&iter, &known, NULL))
    if (!g_hash_table_contains (seen, known))
      g_hash_table_iter_remove (&iter);
}

/* "name", "name(>=3)", "name (= 1.2-3)" */
static gboolean
fulfils (KabPackage *package,
         const char *requirement)
{
  const char *parenthesis = strchr (requirement, '(');
  g_autofree char *name = g_strndup (requirement, parenthesis != NULL ? (gsize) (parenthesis - requirement) : strlen (requirement));
  g_autofree char *version = NULL;
  gsize operator_size;
  int order;

  if (!g_str_equal (g_strstrip (name), kab_package_get_name (package)))
    return FALSE;
  if (parenthesis == NULL)
    return TRUE;

  parenthesis++;
  while (*parenthesis == ' ')
    parenthesis++;
  operator_size = strspn (parenthesis, "<>=");
  version = g_strndup (parenthesis + operator_size, strcspn (parenthesis + operator_size, ")"));
  order = kab_version_compare (kab_package_get_version (package), g_strstrip (version));
  if (parenthesis[0] == '<')
    return order < 0 || (operator_size > 1 && order == 0);
  if (parenthesis[0] == '>')
    return order > 0 || (operator_size > 1 && order == 0);
  return order == 0;
}

static KabAgentsPackage *
find_newest (KabAgentsRepository *self,
             const char          *requirement,
             const char * const  *maturities)
{
  KabAgentsPackage *newest = NULL;
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->packages);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KabAgentsPackage *package = value;

      if (package->is_listed && g_strv_contains (maturities, kab_package_get_maturity (package->package)) &&
          fulfils (package->package, requirement) &&
          (newest == NULL || kab_package_compare (package->package, newest->package) > 0))
        newest = package;
    }
  return newest;
}

typedef struct {
  KabAgentsRepository *repository;
  const char * const  *maturities;
  GHashTable          *seen;       /* (element-type utf8): requirements */
  GPtrArray           *found;
  GPtrArray           *missing;
} Resolution;

static void
resolve (Resolution *resolution,
         const char *depends)
{
  g_auto(GStrv) requirements = g_strsplit (depends, ",", -1);

  for (guint i = 0; requirements[i] != NULL; i++)
    {
      KabAgentsPackage *package;

      g_strstrip (requirements[i]);
      if (requirements[i][0] == '\0' || g_hash_table_size (resolution->seen) >= MAX_PACKAGES ||
          !g_hash_table_add (resolution->seen, g_strdup (requirements[i])))
        continue;
      package = find_newest (resolution->repository, requirements[i], resolution->maturities);
      if (package == NULL)
        g_ptr_array_add (resolution->missing, g_strdup (requirements[i]));
      else
        {
          resolve (resolution, kab_package_get (package->package, "depends"));
          if (!g_ptr_array_find (resolution->found, package, NULL))
            g_ptr_array_add (resolution->found, package);
        }
    }
}

GPtrArray *
kab_agents_repository_resolve (KabAgentsRepository  *self,
                               const char           *depends,
                               const char * const   *maturities,
                               GPtrArray           **missing)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Resolution resolution = { self, maturities, seen };

  resolution.found = g_ptr_array_new ();
  resolution.missing = g_ptr_array_new_with_free_func (g_free);
  resolve (&resolution, depends != NULL ? depends : "");
  *missing = resolution.missing;
  return resolution.found;
}

KabRuleSet *
kab_agents_repository_get_rules (KabAgentsRepository *self,
                                 const char          *package_uuid,
                                 const char          *name_version)
{
  g_autofree char *path = dup_rules_path (self, package_uuid);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;
  KabRuleSet *rules;
  gsize length;

  if (path == NULL)
    return NULL;
  rules = g_hash_table_lookup (self->rules, package_uuid);
  if (rules != NULL || !g_file_get_contents (path, &text, &length, NULL))
    return rules;

  /* A file that is no JSON is dropped, which agents only log. */
  rules = kab_wire_read_rules (text, length, name_version, &error);
  if (rules == NULL)
    g_info ("%s: %s", name_version, error->message);
  else
    g_hash_table_insert (self->rules, g_strdup (package_uuid), rules);
  return rules;
}
