/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-store-columns.h"
#include "kab-store-fleet.h"
#include "kab-store-private.h"

#define SEPARATOR          '\x1f'
#define ROWS_BETWEEN_LOOKS 64
#define MAX_LISTS          (64 * 1024)     /* kept at a time */

typedef struct {
  KabDatabase           *database;
  const KabFleetVisitor *visitor;
  gpointer               user_data;
  GCancellable          *cancellable;
} Visit;

static gboolean
visit_updates (Visit   *visit,
               GError **error)
{
  g_autofree char *names = kab_columns_dup_names (&kab_update_columns);
  g_autofree char *sql = g_strdup_printf ("SELECT number, %s FROM updates WHERE gone = 0 ORDER BY number", names);
  g_autoptr(KabStatement) stmt = kab_database_prepare (visit->database, sql, error);
  g_autoptr(GError) local_error = NULL;

  if (stmt == NULL)
    return FALSE;
  while (kab_statement_step (stmt, &local_error))
    {
      g_autoptr(GPtrArray) lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
      KabUpdateFields fields = { NULL };
      g_autoptr(KabUpdate) update = NULL;

      kab_columns_read (&kab_update_columns, stmt, 1, &fields, lists);
      update = fields.update_id != NULL ? kab_update_new (&fields) : NULL;
      if (update != NULL)
        visit->visitor->update ((guint32) kab_statement_get_int64 (stmt, 0), update, visit->user_data);
    }
  return kab_error_is_none (&local_error, error);
}

static gboolean
visit_packages (Visit   *visit,
                GError **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  stmt = kab_database_prepare (visit->database, "SELECT control FROM packages ORDER BY position", error);
  if (stmt == NULL)
    return FALSE;
  while (kab_statement_step (stmt, &local_error))
    {
      g_autoptr(KabPackage) package = kab_package_new_from_control (kab_statement_get_text (stmt, 0), -1, NULL);

      if (package != NULL)
        visit->visitor->package (package, visit->user_data);
    }
  return kab_error_is_none (&local_error, error);
}

/* Those of the index last, so that of one name and version they are the ones that count. */
static gboolean
visit_rules (Visit   *visit,
             GError **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  stmt = kab_database_prepare (visit->database,
                               "SELECT package_uuid, name_version, rules FROM known_rules"
                               " UNION ALL SELECT package_uuid, name_version, rules FROM rules", error);
  if (stmt == NULL)
    return FALSE;
  while (kab_statement_step (stmt, &local_error))
    {
      const char *json = kab_statement_get_text (stmt, 2);
      g_autoptr(KabRuleSet) rules = NULL;

      if (*json != '\0')
        rules = kab_store_parse_rules (visit->database, kab_statement_get_text (stmt, 1), json, &local_error);
      if (local_error != NULL)
        break;
      visit->visitor->rules (kab_statement_get_text (stmt, 0), kab_statement_get_text (stmt, 1), rules, visit->user_data);
    }
  return kab_error_is_none (&local_error, error);
}

/* The columns of the scan, in this order */
#define COLUMNS \
  "h.uuid, h.computer_fqdn, h.computer_name, h.platform, h.os_name, h.os_version, h.organizational_unit," \
  " h.wapt_version, h.maturities, h.groups, h.rules_packages, h.last_seen_at, h.last_scan_at, h.enabled," \
  " h.default_allow, h.lists_superseded, h.install_delay, h.allowed_severities, h.ad_groups, h.trusted, h.locales," \
  " h.rules_uuids, h.computer_architecture, s.records"

enum {
  AT_UUID, AT_FQDN, AT_NAME, AT_PLATFORM, AT_OS_NAME, AT_OS_VERSION, AT_OU, AT_AGENT, AT_MATURITIES, AT_GROUPS,
  AT_PACKAGES, AT_SEEN, AT_SCAN, AT_ENABLED, AT_DEFAULT_ALLOW, AT_SUPERSEDED, AT_DELAY, AT_SEVERITIES, AT_AD_GROUPS,
  AT_TRUSTED, AT_LOCALES, AT_UUIDS, AT_ARCHITECTURE, AT_RECORDS
};

/* A fleet has few different lists: each text is split once. */
static const char * const *
read_list (GHashTable   *lists,
           KabStatement *row,
           int           column)
{
  const char *text = kab_statement_get_text (row, column);
  GStrv list;

  if (text == NULL)
    return NULL;
  list = g_hash_table_lookup (lists, text);
  if (list == NULL)
    {
      char separator[] = { SEPARATOR, '\0' };
      guint n;

      list = g_strsplit (text, separator, -1);
      n = g_strv_length (list);
      /* Each element is ended by the separator, so the last part is empty. */
      if (n > 0 && *list[n - 1] == '\0')
        g_clear_pointer (&list[n - 1], g_free);
      g_hash_table_insert (lists, g_strdup (text), list);
    }
  return (const char * const *) list;
}

static KabTristate
read_tristate (KabStatement *row,
               int           column)
{
  return (KabTristate) CLAMP (kab_statement_get_int64 (row, column), KAB_TRISTATE_NULL, KAB_TRISTATE_TRUE);
}

static void
read_fields (KabStatement  *row,
             GHashTable    *lists,
             KabHostFields *fields)
{
  fields->uuid = kab_statement_get_text (row, AT_UUID);
  fields->computer_fqdn = kab_statement_get_text (row, AT_FQDN);
  fields->computer_name = kab_statement_get_text (row, AT_NAME);
  fields->platform = kab_statement_get_text (row, AT_PLATFORM);
  fields->os_name = kab_statement_get_text (row, AT_OS_NAME);
  fields->os_version = kab_statement_get_text (row, AT_OS_VERSION);
  fields->organizational_unit = kab_statement_get_text (row, AT_OU);
  fields->wapt_version = kab_statement_get_text (row, AT_AGENT);
  fields->maturities = read_list (lists, row, AT_MATURITIES);
  fields->groups = read_list (lists, row, AT_GROUPS);
  fields->rules_packages = read_list (lists, row, AT_PACKAGES);
  fields->rules_uuids = read_list (lists, row, AT_UUIDS);
  fields->ad_groups = read_list (lists, row, AT_AD_GROUPS);
  fields->trusted = read_list (lists, row, AT_TRUSTED);
  fields->locales = read_list (lists, row, AT_LOCALES);
  fields->allowed_severities = read_list (lists, row, AT_SEVERITIES);
  fields->last_seen_at = kab_statement_get_int64 (row, AT_SEEN);
  fields->last_scan_at = kab_statement_get_int64 (row, AT_SCAN);
  fields->enabled = read_tristate (row, AT_ENABLED);
  fields->default_allow = read_tristate (row, AT_DEFAULT_ALLOW);
  fields->lists_superseded = read_tristate (row, AT_SUPERSEDED);
  fields->install_delay = kab_statement_get_text (row, AT_DELAY);
  fields->computer_architecture = kab_statement_get_text (row, AT_ARCHITECTURE);
}

static gboolean
count_hosts (Visit   *visit,
             guint   *n_hosts,
             GError **error)
{
  g_autoptr(KabStatement) stmt = kab_database_prepare (visit->database, "SELECT count (*) FROM hosts", error);

  if (stmt == NULL)
    return FALSE;
  *n_hosts = kab_statement_step (stmt, error) ? (guint) kab_statement_get_int64 (stmt, 0) : 0;
  return TRUE;
}

static gboolean
visit_hosts (Visit   *visit,
             GError **error)
{
  g_autoptr(GHashTable) lists = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_strfreev);
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;
  guint n_hosts = 0;
  guint index = 0;

  if (!count_hosts (visit, &n_hosts, error))
    return FALSE;
  stmt = kab_database_prepare (visit->database,
                               "SELECT " COLUMNS " FROM hosts h LEFT JOIN host_states s ON s.host = h.number"
                               " ORDER BY h.number", error);
  if (stmt == NULL)
    return FALSE;

  while (kab_statement_step (stmt, &local_error))
    {
      KabHostFields fields = { NULL };
      gsize size = 0;
      const KabStateRecord *records = kab_statement_get_blob (stmt, AT_RECORDS, &size);

      if (g_hash_table_size (lists) > MAX_LISTS)
        g_hash_table_remove_all (lists);
      read_fields (stmt, lists, &fields);
      if (fields.uuid == NULL)
        continue;
      if (!visit->visitor->host (&fields, records, (guint) (size / sizeof *records), index, n_hosts, visit->user_data))
        break;
      if (++index % ROWS_BETWEEN_LOOKS == 0 && g_cancellable_set_error_if_cancelled (visit->cancellable, &local_error))
        break;
    }
  return kab_error_is_none (&local_error, error);
}

gboolean
kab_store_visit_fleet (KabStore               *self,
                       const KabFleetVisitor  *visitor,
                       gpointer                user_data,
                       GCancellable           *cancellable,
                       GError                **error)
{
  Visit visit = { NULL, visitor, user_data, cancellable };
  KabStoreReader *reader;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (KAB_IS_STORE (self), FALSE);
  g_return_val_if_fail (visitor != NULL, FALSE);

  reader = kab_store_borrow (self, error);
  if (reader == NULL)
    return FALSE;

  visit.database = reader->database;
  kab_database_set_cancellable (reader->database, cancellable);
  if (kab_database_begin_read (reader->database, &local_error) &&
      (visitor->update == NULL || visit_updates (&visit, &local_error)) &&
      (visitor->package == NULL || visit_packages (&visit, &local_error)) &&
      (visitor->rules == NULL || visit_rules (&visit, &local_error)) &&
      visitor->host != NULL)
    visit_hosts (&visit, &local_error);
  return kab_store_end_read (reader, &local_error, error);
}
