/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-error.h"
#include "kab-package-index.h"
#include "kab-package-reader.h"
#include "kab-package.h"
#include "kab-signing.h"
#include "kab-sync.h"
#include "kab-text.h"
#include "kab-vouchers.h"

#define MAX_RULE_PACKAGES 5000
#define ROW_LIMIT 1000000       /* of packages_for_hosts */

/* uuid → packages, from "name version" → uuids */
static GHashTable *
turn_round (GHashTable *by_package)
{
  GHashTable *by_host = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify) g_ptr_array_unref);
  GHashTableIter iter;
  gpointer package;
  gpointer uuids;

  g_hash_table_iter_init (&iter, by_package);
  while (g_hash_table_iter_next (&iter, &package, &uuids))
    {
      for (char **uuid = uuids; *uuid != NULL; uuid++)
        {
          GPtrArray *packages = g_hash_table_lookup (by_host, *uuid);

          if (packages == NULL)
            {
              packages = g_ptr_array_new_with_free_func (g_free);
              g_hash_table_insert (by_host, g_strdup (*uuid), packages);
            }
          g_ptr_array_add (packages, g_strdup (package));
        }
    }

  g_hash_table_iter_init (&iter, by_host);
  while (g_hash_table_iter_next (&iter, NULL, &uuids))
    {
      g_ptr_array_sort (uuids, kab_text_compare);
      g_ptr_array_add (uuids, NULL);
    }

  return by_host;
}

static gboolean
ask_rule_packages (KabSync  *sync,
                   GError  **error)
{
  g_autoptr(GHashTable) by_package = NULL;
  g_autoptr(GError) local_error = NULL;

  sync->asked_rule_packages = TRUE;
  by_package = kab_client_read_rule_packages (sync->client, ROW_LIMIT, sync->cancellable, &local_error);
  if (by_package != NULL)
    {
      g_clear_pointer (&sync->rule_packages, g_hash_table_unref);
      sync->rule_packages = turn_round (by_package);
      return TRUE;
    }

  /* A user without that right, or a server without that route, still has hosts and updates to show. */
  if (g_error_matches (local_error, KAB_ERROR, KAB_ERROR_REFUSED) ||
      g_error_matches (local_error, KAB_ERROR, KAB_ERROR_NOT_FOUND) ||
      g_error_matches (local_error, KAB_ERROR, KAB_ERROR_FAILED))
    {
      g_info ("packages_for_hosts: %s; rules of hosts stay unknown", local_error->message);
      return TRUE;
    }

  g_propagate_error (error, g_steal_pointer (&local_error));
  return FALSE;
}

const KabHostFields *
kab_sync_complete_host (KabSync              *sync,
                        const KabHostFields  *fields,
                        KabHostFields        *completed,
                        GError              **error)
{
  static const char * const none[] = { NULL };
  GPtrArray *packages;

  if (fields->rules_packages != NULL || !kab_host_fields_is_windows (fields))
    return fields;

  if (!sync->asked_rule_packages && !ask_rule_packages (sync, error))
    return NULL;
  if (sync->rule_packages == NULL)
    return fields;

  packages = g_hash_table_lookup (sync->rule_packages, fields->uuid);
  *completed = *fields;
  completed->rules_packages = packages != NULL ? (const char * const *) packages->pdata : none;

  return completed;
}

/* What the mirror keeps of a check. */
static const char *
signature_word (KabSignatureStatus status)
{
  switch (status)
    {
    case KAB_SIGNATURE_TRUSTED:
      return "trusted";
    case KAB_SIGNATURE_NONE:
      return "none";
    case KAB_SIGNATURE_UNTRUSTED:
      return "untrusted";
    case KAB_SIGNATURE_EXPIRED:
      return "expired";
    case KAB_SIGNATURE_NOT_FOR_CODE:
      return "not-for-code";
    case KAB_SIGNATURE_REVOKED:
      return "revoked";
    case KAB_SIGNATURE_BROKEN:
    default:
      return "broken";
    }
}

/* The rules file of one package as text; NULL without @error: it has none that an agent would read. */
static char *
read_rules (KabSync     *sync,
            KabPackage  *package,
            GPtrArray   *trusted,
            GPtrArray   *lists,
            const char **signature,
            GError     **error)
{
  const char *file_name = kab_package_get (package, "filename");
  g_autoptr(KabPackageReader) reader = NULL;
  g_autoptr(KabSignature) verdict = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GBytes) rules = NULL;
  g_autoptr(GError) local_error = NULL;
  gconstpointer data;
  gsize size;

  bytes = kab_client_read_package (sync->client, file_name, sync->cancellable, error);
  if (bytes == NULL)
    return NULL;

  *signature = "broken";
  reader = kab_package_reader_open_bytes (bytes, &local_error);
  if (reader == NULL)
    {
      g_info ("%s: %s", file_name, local_error->message);
      return NULL;
    }
  verdict = kab_package_reader_verify_revoked (reader, trusted, lists, g_get_real_time () / G_USEC_PER_SEC);
  *signature = signature_word (verdict->status);

  /* What does not verify no agent installs, so its rules apply nowhere. */
  if (verdict->status == KAB_SIGNATURE_BROKEN || verdict->status == KAB_SIGNATURE_NONE)
    {
      g_info ("%s: signature %s: %s", file_name, *signature, verdict->detail != NULL ? verdict->detail : "");
      return NULL;
    }
  rules = kab_package_reader_read_rules (reader, &local_error);
  if (rules == NULL)
    {
      g_info ("%s: %s", file_name, local_error->message);
      return NULL;
    }
  data = g_bytes_get_data (rules, &size);

  return g_strndup (data, size);
}

/* @complete: FALSE when a package could not be had this time: the next sync looks again */
static gboolean
sync_rules (KabSync    *sync,
            GPtrArray  *packages,
            GPtrArray  *lists,
            gboolean   *complete,
            GError    **error)
{
  g_autoptr(GPtrArray) trusted = kab_signing_load_trusted (sync->profile);
  guint n_rules = 0;

  for (guint i = 0; i < packages->len; i++)
    {
      KabPackage *package = packages->pdata[i];
      const char *uuid = kab_package_get (package, "package_uuid");
      const char *signature = "none";
      g_autofree char *name = NULL;
      g_autofree char *rules = NULL;
      g_autoptr(GError) local_error = NULL;

      if (g_strcmp0 (kab_package_get_section (package), "wsus") != 0)
        continue;
      if (++n_rules > MAX_RULE_PACKAGES)
        {
          g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "the index lists too many rule packages");
          return FALSE;
        }

      name = g_strdup_printf ("%s %s", kab_package_get_name (package), kab_package_get_version (package));
      if (!sync->fill_anew && kab_store_write_has_rules (sync->writer, name, uuid))
        continue;

      kab_job_report (sync->job, "packages", i, packages->len);
      rules = read_rules (sync, package, trusted, lists, &signature, &local_error);
      if (g_error_matches (local_error, KAB_ERROR, KAB_ERROR_NOT_FOUND) ||
          g_error_matches (local_error, KAB_ERROR, KAB_ERROR_BAD_DATA))
        {
          g_info ("%s: %s", name, local_error->message);
          *complete = FALSE;
          continue;
        }
      if (!kab_error_is_none (&local_error, error))
        return FALSE;
      if (!kab_store_write_rules (sync->writer, name, uuid, rules, signature, error))
        return FALSE;
    }

  return TRUE;
}

gboolean
kab_sync_packages (KabSync  *sync,
                   GError  **error)
{
  g_autofree char *since = sync->fill_anew ? NULL : kab_store_read_value (sync->store, "packages_modified");
  g_autofree char *modified = NULL;
  g_autoptr(GBytes) index = NULL;
  g_autoptr(GPtrArray) certificates = NULL;
  g_autoptr(GPtrArray) packages = NULL;
  g_autoptr(GPtrArray) noted = NULL;
  g_autoptr(GPtrArray) lists = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean complete = TRUE;

  kab_job_report (sync->job, "packages", 0, 0);
  index = kab_client_read_index (sync->client, since, &modified, sync->cancellable, &local_error);
  packages = index != NULL ? kab_package_index_read_all (index, &certificates, &lists, &local_error) : NULL;
  if (packages == NULL && (local_error == NULL || g_error_matches (local_error, KAB_ERROR, KAB_ERROR_NOT_FOUND)))
    return TRUE;      /* the same as before, or a server without any package */
  if (packages == NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }

  noted = kab_vouchers_note (packages, certificates, g_get_real_time () / G_USEC_PER_SEC);
  return kab_store_write_packages (sync->writer, noted, error) &&
         sync_rules (sync, packages, lists, &complete, error) &&
         kab_store_write_value (sync->writer, "packages_modified", complete ? modified : NULL, error);
}
