/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-server"

#include "config.h"

#include "kab-server-agents-repository.h"

#include <string.h>

#include <glib/gstdio.h>

#include "kab-package-reader.h"
#include "kab-verifier.h"
#include "kab-wire.h"

struct _KabAgentsRepository
{
  char       *folder;
  char       *hosts_folder;
  char       *persistent;    /* what survives an install on the hosts: the rules files, by package_uuid */
  GPtrArray  *trusted;
  guint       n_trusted;     /* when the packages were looked at */
  GHashTable *packages;      /* (element-type utf8 KabAgentsPackage): by file name */
  GHashTable *by_package;    /* the same by their KabPackage; borrowed */
  KabResolver *resolver;
  GHashTable *rules;         /* (element-type utf8 KabRuleSet): by package_uuid */
};

static void
agents_package_free (gpointer data)
{
  KabAgentsPackage *package = data;

  g_clear_object (&package->package);
  g_strfreev (package->vouchers);
  g_free (package->detail);
  g_free (package);
}

KabAgentsRepository *
kab_agents_repository_new (KabDepot  *depot,
                           GPtrArray *trusted)
{
  KabAgentsRepository *self = g_new0 (KabAgentsRepository, 1);

  self->folder = g_strdup (kab_depot_get_packages_folder (depot));
  self->hosts_folder = g_strdup (kab_depot_get_hosts_folder (depot));
  self->persistent = g_build_filename (kab_depot_get_folder (depot), "persistent", NULL);
  self->trusted = g_ptr_array_ref (trusted);
  self->packages = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, agents_package_free);
  self->by_package = g_hash_table_new (NULL, NULL);
  self->resolver = kab_resolver_new ();
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
  g_free (self->hosts_folder);
  g_free (self->persistent);
  g_ptr_array_unref (self->trusted);
  kab_resolver_free (self->resolver);
  g_hash_table_unref (self->by_package);
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

/* Each trusted certificate is asked alone: hosts differ in which of them they trust. (transfer full) (nullable) */
static GStrv
find_vouchers (KabAgentsRepository *self,
               KabPackage          *package,
               KabCertificate      *certificate,
               gint64               now)
{
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new ();
  g_autoptr(GPtrArray) alone = g_ptr_array_new ();
  gboolean is_seen = FALSE;

  for (guint i = 0; i < self->trusted->len; i++)
    {
      g_autoptr(KabSignature) control = NULL;

      g_ptr_array_set_size (alone, 0);
      g_ptr_array_add (alone, self->trusted->pdata[i]);
      control = kab_verifier_check_control (package, certificate, alone, now);
      if (control->status != KAB_SIGNATURE_TRUSTED)
        continue;
      is_seen = TRUE;
      g_strv_builder_add (builder, kab_certificate_get_identity (self->trusted->pdata[i])->fingerprint);
    }
  return is_seen ? g_strv_builder_end (builder) : NULL;
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
  g_autoptr(KabSignature) whole = NULL;
  gint64 now = g_get_real_time () / G_USEC_PER_SEC;   /* dates of certificates are judged by the real clock */

  if (reader == NULL)
    {
      package->detail = g_strdup (error->message);
      return package;
    }
  package->package = g_object_ref (kab_package_reader_get_package (reader));
  certificate = kab_package_reader_dup_certificate (reader, NULL);
  package->vouchers = find_vouchers (self, package->package, certificate, now);
  whole = kab_package_reader_verify (reader, self->trusted, now);
  package->is_intact = whole->status == KAB_SIGNATURE_TRUSTED;
  package->detail = g_strdup (whole->detail);
  if (package->is_intact && g_str_equal (kab_package_get_section (package->package), "wsus"))
    keep_rules (self, reader, package->package);
  return package;
}

static void
make_resolver (KabAgentsRepository *self)
{
  GHashTableIter iter;
  gpointer value;

  kab_resolver_free (self->resolver);
  self->resolver = kab_resolver_new ();
  g_hash_table_remove_all (self->by_package);
  g_hash_table_iter_init (&iter, self->packages);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      KabAgentsPackage *package = value;

      if (package->vouchers == NULL)
        continue;
      kab_resolver_add (self->resolver, package->package, (const char * const *) package->vouchers);
      g_hash_table_insert (self->by_package, package->package, package);
    }
}

void
kab_agents_repository_refresh (KabAgentsRepository *self)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GDir) folder = g_dir_open (self->folder, 0, NULL);
  gboolean has_changed = self->n_trusted != self->trusted->len;
  GHashTableIter iter;
  const char *name;
  gpointer known;

  if (has_changed)
    g_hash_table_remove_all (self->packages);
  self->n_trusted = self->trusted->len;
  while (folder != NULL && (name = g_dir_read_name (folder)) != NULL)
    {
      if (!g_str_has_suffix (name, ".wapt"))
        continue;
      g_hash_table_add (seen, g_strdup (name));
      /* The name has the MD5 of the file, so a known name is a known file. */
      if (g_hash_table_contains (self->packages, name))
        continue;
      g_hash_table_insert (self->packages, g_strdup (name), open_package (self, name));
      has_changed = TRUE;
    }

  g_hash_table_iter_init (&iter, self->packages);
  while (g_hash_table_iter_next (&iter, &known, NULL))
    if (!g_hash_table_contains (seen, known))
      {
        g_hash_table_iter_remove (&iter);
        has_changed = TRUE;
      }
  if (has_changed)
    make_resolver (self);
}

KabResolver *
kab_agents_repository_get_resolver (KabAgentsRepository *self)
{
  return self->resolver;
}

KabAgentsPackage *
kab_agents_repository_find (KabAgentsRepository *self,
                            KabPackage          *package)
{
  return g_hash_table_lookup (self->by_package, package);
}

KabPackage *
kab_agents_repository_read_host_package (KabAgentsRepository *self,
                                         const char          *uuid,
                                         const char * const  *trusted)
{
  g_autofree char *name = g_strconcat (uuid, ".wapt", NULL);
  g_autofree char *path = g_build_filename (self->hosts_folder, name, NULL);
  g_autoptr(KabPackageReader) reader = NULL;
  g_autoptr(GPtrArray) certificates = NULL;
  g_autoptr(KabSignature) whole = NULL;

  if (strchr (uuid, G_DIR_SEPARATOR) != NULL || !g_file_test (path, G_FILE_TEST_EXISTS))
    return NULL;
  reader = kab_package_reader_open (path, NULL);
  if (reader == NULL)
    return NULL;

  certificates = g_ptr_array_new ();
  for (guint i = 0; i < self->trusted->len; i++)
    if (trusted == NULL ||
        g_strv_contains (trusted, kab_certificate_get_identity (self->trusted->pdata[i])->fingerprint))
      g_ptr_array_add (certificates, self->trusted->pdata[i]);
  whole = kab_package_reader_verify (reader, certificates, g_get_real_time () / G_USEC_PER_SEC);
  return whole->status == KAB_SIGNATURE_TRUSTED ? g_object_ref (kab_package_reader_get_package (reader)) : NULL;
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
