/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-package.h"
#include "kab-store-columns.h"
#include "kab-store-writer-private.h"

/* The index as it was written last, by a hash over all of it: it is small, and mostly the same. */
#define HASH_KEY "packages_hash"

static gboolean
insert_packages (KabStoreWriter  *self,
                 GPtrArray       *names,
                 GPtrArray       *controls,
                 GError         **error)
{
  g_autoptr(KabStatement) stmt = NULL;

  if (!kab_database_execute (self->database, "DELETE FROM packages", error))
    return FALSE;

  stmt = kab_database_prepare (self->database, "INSERT INTO packages VALUES (?1, ?2, ?3)", error);
  if (stmt == NULL)
    return FALSE;

  for (guint i = 0; i < controls->len; i++)
    {
      kab_statement_bind_int64 (stmt, 1, i);
      kab_statement_bind_static (stmt, 2, names->pdata[i], -1);
      kab_statement_bind_static (stmt, 3, controls->pdata[i], -1);
      if (kab_store_writer_is_cancelled (self, error) || !kab_store_writer_run (self, stmt, error))
        return FALSE;
    }

  return TRUE;
}

/* Rules of packages that are in the index no more are of no use to anybody. */
static gboolean
drop_old_rules (KabStoreWriter  *self,
                GError         **error)
{
  return kab_database_execute (self->database,
                               "DELETE FROM rules WHERE name_version NOT IN (SELECT name_version FROM packages)", error);
}

gboolean
kab_store_write_packages (KabStoreWriter  *self,
                          GPtrArray       *packages,
                          GError         **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) controls = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(KabStatement) stmt = NULL;
  g_autofree char *hash_text = NULL;
  guint64 hash = 0;
  gboolean is_same;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (packages != NULL, FALSE);

  for (guint i = 0; i < packages->len; i++)
    {
      KabPackage *package = packages->pdata[i];
      char *control = kab_package_to_index (package);

      hash = kab_store_hash (hash, control, strlen (control));
      g_ptr_array_add (controls, control);
      g_ptr_array_add (names, g_strdup_printf ("%s %s", kab_package_get_name (package),
                                               kab_package_get_version (package)));
    }

  stmt = kab_database_prepare (self->database, "SELECT 1 FROM meta WHERE key = '" HASH_KEY "' AND value = ?1", error);
  if (stmt == NULL)
    return FALSE;
  hash_text = g_strdup_printf ("%u %016" G_GINT64_MODIFIER "x", packages->len, hash);
  kab_statement_bind_text (stmt, 1, hash_text);
  is_same = kab_statement_step (stmt, NULL);
  kab_statement_reset (stmt);

  return is_same ||
         (insert_packages (self, names, controls, error) && drop_old_rules (self, error) &&
          kab_store_write_value (self, HASH_KEY, hash_text, error));
}

gboolean
kab_store_write_rules (KabStoreWriter  *self,
                       const char      *name_version,
                       const char      *package_uuid,
                       const char      *rules_json,
                       const char      *signature_status,
                       GError         **error)
{
  KabStatement *stmt;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (name_version != NULL, FALSE);

  if (kab_store_writer_is_cancelled (self, error))
    return FALSE;

  stmt = kab_store_writer_sql (self, KAB_SQL_PUT_RULES, error);
  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_static (stmt, 1, name_version, -1);
  kab_statement_bind_static (stmt, 2, package_uuid, -1);
  kab_statement_bind_static (stmt, 3, signature_status, -1);
  kab_statement_bind_static (stmt, 4, rules_json != NULL ? rules_json : "", -1);
  return kab_store_writer_run (self, stmt, error);
}

gboolean
kab_store_write_has_rules (KabStoreWriter *self,
                           const char     *name_version,
                           const char     *package_uuid)
{
  KabStatement *stmt;
  gboolean has_rules;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (name_version != NULL, FALSE);

  stmt = kab_store_writer_sql (self, KAB_SQL_HAS_RULES, NULL);
  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_static (stmt, 1, name_version, -1);
  kab_statement_bind_static (stmt, 2, package_uuid, -1);
  has_rules = kab_statement_step (stmt, NULL);
  kab_statement_reset (stmt);
  return has_rules;
}
