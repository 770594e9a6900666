/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-store-columns.h"
#include "kab-store-private.h"

#define SIGNATURE_LINE "x-signature     : "

GPtrArray *
kab_store_read_packages (KabStore  *self,
                         GError   **error)
{
  g_autoptr(GPtrArray) packages = NULL;
  KabStoreReader *reader;
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (KAB_IS_STORE (self), NULL);

  reader = kab_store_borrow (self, error);
  if (reader == NULL)
    return NULL;

  packages = g_ptr_array_new_with_free_func (g_object_unref);
  stmt = kab_database_prepare (reader->database,
                               "SELECT p.control, r.signature FROM packages p LEFT JOIN rules r USING (name_version) "
                               "ORDER BY p.position", &local_error);
  while (stmt != NULL && kab_statement_step (stmt, &local_error))
    {
      const char *signature = kab_statement_get_text (stmt, 1);
      g_autofree char *control = g_strconcat (kab_statement_get_text (stmt, 0),
                                              signature != NULL ? "\n" SIGNATURE_LINE : NULL, signature, NULL);
      KabPackage *package = kab_package_new_from_control (control, -1, NULL);

      if (package != NULL)
        g_ptr_array_add (packages, package);
    }
  g_clear_pointer (&stmt, kab_statement_free);
  return kab_store_end_read (reader, &local_error, error) ? g_steal_pointer (&packages) : NULL;
}

static KabTristate
bool_of_type (const char *type)
{
  return g_strcmp0 (type, "true") == 0 ? KAB_TRISTATE_TRUE
         : g_strcmp0 (type, "false") == 0 ? KAB_TRISTATE_FALSE
                                          : KAB_TRISTATE_NULL;
}

static gboolean
add_values (KabDatabase        *database,
            KabRuleSetBuilder  *builder,
            KabRuleList         list,
            const char         *array,
            GError            **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  stmt = kab_database_prepare (database, "SELECT value FROM json_each (?1) WHERE type = 'text' ORDER BY id", error);
  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_text (stmt, 1, array);
  while (kab_statement_step (stmt, &local_error))
    kab_rule_set_builder_add (builder, list, kab_statement_get_text (stmt, 0));
  return kab_error_is_none (&local_error, error);
}

/* The rules as an agent reads them: in file order, and what stands behind the first unknown key is lost
 * (waptwua-model § 6.4). SQLite reads the JSON, so that this room needs no reader of its own. */
KabRuleSet *
kab_store_parse_rules (KabDatabase  *database,
                       const char   *origin,
                       const char   *json,
                       GError      **error)
{
  g_autoptr(KabRuleSetBuilder) builder = kab_rule_set_builder_new (origin);
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean is_lost = FALSE;

  stmt = kab_database_prepare (database,
                               "SELECT key, type, value FROM json_each (CASE WHEN json_valid (?1) AND "
                               "json_type (?1) = 'object' THEN ?1 ELSE '{}' END) ORDER BY id", error);
  if (stmt == NULL)
    return NULL;

  kab_statement_bind_text (stmt, 1, json);
  while (kab_statement_step (stmt, &local_error))
    {
      const char *key = kab_statement_get_text (stmt, 0);
      const char *type = kab_statement_get_text (stmt, 1);
      KabRuleList list;

      if (key == NULL)
        continue;
      if (!is_lost && kab_rule_list_from_key (key, &list))
        {
          if (g_strcmp0 (type, "array") == 0 &&
              !add_values (database, builder, list, kab_statement_get_text (stmt, 2), &local_error))
            break;
        }
      else if (!is_lost && strcmp (key, "default_allow") == 0)
        kab_rule_set_builder_set_default_allow (builder, bool_of_type (type));
      else if (!is_lost && strcmp (key, "include_potentially_superseded_updates") == 0)
        kab_rule_set_builder_set_include_superseded (builder, bool_of_type (type));
      else
        {
          is_lost = TRUE;
          kab_rule_set_builder_add_dropped_key (builder, key);
        }
    }
  return kab_error_is_none (&local_error, error) ? kab_rule_set_builder_end (g_steal_pointer (&builder)) : NULL;
}

/* Names of the packages a host applies. Returns: FALSE with @error */
static gboolean
read_rules_packages (KabDatabase  *database,
                     const char   *uuid,
                     GPtrArray    *names,
                     gboolean     *is_known,
                     GError      **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  *is_known = FALSE;
  stmt = kab_database_prepare (database, "SELECT rules_packages FROM hosts WHERE uuid = ?1", error);
  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_text (stmt, 1, uuid);
  if (kab_statement_step (stmt, &local_error) && !kab_statement_is_null (stmt, 0))
    {
      g_auto(GStrv) parts = g_strsplit (kab_statement_get_text (stmt, 0), "\x1f", -1);

      *is_known = TRUE;
      for (guint i = 0; parts[i] != NULL && parts[i + 1] != NULL; i++)
        g_ptr_array_add (names, g_strdup (parts[i]));
    }
  return kab_error_is_none (&local_error, error);
}

static gboolean
collect_rules (KabDatabase  *database,
               const char   *uuid,
               GPtrArray    *sets,
               gboolean     *complete,
               GError      **error)
{
  g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(KabStatement) stmt = NULL;

  if (!kab_database_begin_read (database, error) || !read_rules_packages (database, uuid, names, complete, error))
    return FALSE;

  stmt = kab_database_prepare (database, "SELECT rules FROM rules WHERE name_version = ?1", error);
  if (stmt == NULL)
    return FALSE;

  for (guint i = 0; i < names->len; i++)
    {
      g_autoptr(GError) local_error = NULL;
      KabRuleSet *rules = NULL;
      gboolean is_there;

      kab_statement_bind_text (stmt, 1, names->pdata[i]);
      is_there = kab_statement_step (stmt, &local_error);
      if (is_there && *kab_statement_get_text (stmt, 0) != '\0')
        rules = kab_store_parse_rules (database, names->pdata[i], kab_statement_get_text (stmt, 0), &local_error);
      kab_statement_reset (stmt);
      if (!kab_error_is_none (&local_error, error))
        return FALSE;
      if (rules != NULL)
        g_ptr_array_add (sets, rules);
      else if (!is_there)
        *complete = FALSE;
    }

  return TRUE;
}

GPtrArray *
kab_store_read_host_rules (KabStore    *self,
                           const char  *uuid,
                           gboolean    *complete,
                           GError     **error)
{
  g_autoptr(GPtrArray) sets = NULL;
  KabStoreReader *reader;
  g_autoptr(GError) local_error = NULL;
  gboolean is_complete = FALSE;

  g_return_val_if_fail (KAB_IS_STORE (self), NULL);
  g_return_val_if_fail (uuid != NULL, NULL);

  reader = kab_store_borrow (self, error);
  if (reader == NULL)
    return NULL;

  sets = g_ptr_array_new_with_free_func (g_object_unref);
  collect_rules (reader->database, uuid, sets, &is_complete, &local_error);
  if (complete != NULL)
    *complete = is_complete;
  return kab_store_end_read (reader, &local_error, error) ? g_steal_pointer (&sets) : NULL;
}

static gboolean
collect_all_rules (KabDatabase  *database,
                   GPtrArray    *sets,
                   GError      **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  stmt = kab_database_prepare (database,
                               "SELECT name_version, rules FROM rules WHERE rules <> '' "
                               "ORDER BY name_version", error);
  if (stmt == NULL)
    return FALSE;

  while (kab_statement_step (stmt, &local_error))
    {
      KabRuleSet *rules = kab_store_parse_rules (database, kab_statement_get_text (stmt, 0),
                                                 kab_statement_get_text (stmt, 1), &local_error);

      if (rules == NULL)
        break;
      g_ptr_array_add (sets, rules);
    }
  return kab_error_is_none (&local_error, error);
}

GPtrArray *
kab_store_read_rule_sets (KabStore  *self,
                          GError   **error)
{
  g_autoptr(GPtrArray) sets = NULL;
  KabStoreReader *reader;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (KAB_IS_STORE (self), NULL);

  reader = kab_store_borrow (self, error);
  if (reader == NULL)
    return NULL;

  sets = g_ptr_array_new_with_free_func (g_object_unref);
  collect_all_rules (reader->database, sets, &local_error);
  return kab_store_end_read (reader, &local_error, error) ? g_steal_pointer (&sets) : NULL;
}
