/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-snapshot-private.h"

/* What was read for one query is asked again with every letter of the next one. */
#define MAX_CACHED 64
#define ROWS_BETWEEN_LOOKS 512

/* Pairs are not kept in memory (100,000 × 300 would be 480 MB): what a question needs of them is read when asked. */
typedef void (*LookFunc) (KabSnapshot          *self,
                          guint                 host,
                          const KabStateRecord *records,
                          guint                 n_records,
                          guint8               *answer,
                          gint64                argument);

/* To read each page of the pairs once: pages that are kept cost new memory and are never asked for again. */
static KabDatabase *
open_for_scan (KabSnapshot   *self,
               GCancellable  *cancellable,
               GError       **error)
{
  KabDatabase *database = kab_database_open (self->path, KAB_DATABASE_READ_ONLY, error);

  if (database == NULL)
    return NULL;

  kab_database_execute (database, "PRAGMA cache_size = -512", NULL);
  kab_database_set_cancellable (database, cancellable);
  return database;
}

static GBytes *
find_cached (KabSnapshot *self,
             const char  *key)
{
  GBytes *bytes;

  g_mutex_lock (&self->mutex);
  bytes = g_hash_table_lookup (self->pairs, key);
  if (bytes != NULL)
    g_bytes_ref (bytes);
  g_mutex_unlock (&self->mutex);
  return bytes;
}

static GBytes *
keep (KabSnapshot *self,
      const char  *key,
      guint8      *answer,
      gsize        size)
{
  GBytes *bytes = g_bytes_new_take (answer, size);

  g_mutex_lock (&self->mutex);
  if (g_hash_table_size (self->pairs) >= MAX_CACHED)
    g_hash_table_remove_all (self->pairs);
  g_hash_table_replace (self->pairs, g_strdup (key), g_bytes_ref (bytes));
  g_mutex_unlock (&self->mutex);
  return bytes;
}

/* The host with that number, -1 when it came after the snapshot */
static int
find_number (KabSnapshot *self,
             gint64       number)
{
  guint low = 0, high = self->n_hosts;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if ((gint64) self->host_numbers[middle] < number)
        low = middle + 1;
      else
        high = middle;
    }

  return low < self->n_hosts && (gint64) self->host_numbers[low] == number ? (int) low : -1;
}

static GBytes *
scan (KabSnapshot   *self,
      const char    *key,
      const char    *sql,
      gint64         number,
      LookFunc       look,
      gint64         argument,
      gsize          n_answers,
      int            nothing,
      GCancellable  *cancellable,
      GError       **error)
{
  g_autoptr(KabDatabase) database = NULL;
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;
  g_autofree guint8 *answer = NULL;
  GBytes *cached = find_cached (self, key);

  if (cached != NULL)
    return cached;

  database = open_for_scan (self, cancellable, error);
  if (database == NULL)
    return NULL;
  stmt = kab_database_prepare (database, sql, error);
  if (stmt == NULL)
    return NULL;
  if (number >= 0)
    kab_statement_bind_int64 (stmt, 1, number);

  answer = g_malloc (MAX (n_answers, 1));
  memset (answer, nothing, n_answers);
  for (guint n = 0; kab_statement_step (stmt, &local_error); n++)
    {
      int host = find_number (self, kab_statement_get_int64 (stmt, 0));
      gsize size = 0;
      const KabStateRecord *records = kab_statement_get_blob (stmt, 1, &size);

      if (host >= 0)
        look (self, (guint) host, records, (guint) (size / sizeof *records), answer, argument);
      if (n % ROWS_BETWEEN_LOOKS == 0 && g_cancellable_set_error_if_cancelled (cancellable, &local_error))
        break;
    }
  return kab_error_is_none (&local_error, error) ? keep (self, key, g_steal_pointer (&answer), n_answers) : NULL;
}

static void
look_for_update (KabSnapshot          *self,
                 guint                 host,
                 const KabStateRecord *records,
                 guint                 n_records,
                 guint8               *answer,
                 gint64                argument)
{
  const KabUpdateRecord *update = &self->updates[argument];
  guint low = 0, high = n_records;

  if (!self->hosts[host].counted)
    return;

  while (low < high)
    {
      guint middle = low + (high - low) / 2;

      if (records[middle].update < update->number)
        low = middle + 1;
      else
        high = middle;
    }
  if (low < n_records && records[low].update == update->number)
    answer[host] = (guint8) kab_state_derive (&records[low], update->downloaded_at != 0);
}

static void
look_at_host (KabSnapshot          *self,
              guint                 host,
              const KabStateRecord *records,
              guint                 n_records,
              guint8               *answer,
              gint64                argument)
{
  for (guint i = 0; i < n_records; i++)
    {
      guint index = records[i].update < self->n_numbers ? self->update_indices[records[i].update] : 0;

      if (index != 0)
        answer[index - 1] = (guint8) kab_state_derive (&records[i], self->updates[index - 1].downloaded_at != 0);
    }
}

static void
look_for_result (KabSnapshot          *self,
                 guint                 host,
                 const KabStateRecord *records,
                 guint                 n_records,
                 guint8               *answer,
                 gint64                argument)
{
  if (!self->hosts[host].counted)
    return;

  for (guint i = 0; i < n_records; i++)
    {
      guint index = records[i].update < self->n_numbers ? self->update_indices[records[i].update] : 0;

      if (records[i].result == (gint32) argument && index != 0 && kab_state_derive (&records[i], FALSE) == KAB_STATE_ERROR)
        {
          answer[host] = 1;
          return;
        }
    }
}

GBytes *
kab_snapshot_read_update (KabSnapshot   *self,
                          guint          update,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autofree char *key = g_strdup_printf ("update %u", update);

  return scan (self, key, "SELECT host, records FROM host_states ORDER BY host", -1, look_for_update, update,
               self->n_hosts, KAB_NO_STATE, cancellable, error);
}

GBytes *
kab_snapshot_read_host (KabSnapshot   *self,
                        guint          host,
                        GCancellable  *cancellable,
                        GError       **error)
{
  g_autofree char *key = g_strdup_printf ("host %u", host);

  return scan (self, key, "SELECT host, records FROM host_states WHERE host = ?1", self->host_numbers[host], look_at_host,
               0, self->n_updates, KAB_NO_STATE, cancellable, error);
}

GBytes *
kab_snapshot_read_result (KabSnapshot   *self,
                          gint32         result,
                          GCancellable  *cancellable,
                          GError       **error)
{
  g_autofree char *key = g_strdup_printf ("result %d", result);

  return scan (self, key, "SELECT host, records FROM host_states ORDER BY host", -1, look_for_result, result,
               self->n_hosts, 0, cancellable, error);
}

gboolean
kab_snapshot_visit_pairs (KabSnapshot       *self,
                          const guint8      *wanted,
                          KabHostPairsFunc   func,
                          gpointer           user_data,
                          GCancellable      *cancellable,
                          GError           **error)
{
  g_autoptr(KabDatabase) database = NULL;
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  g_return_val_if_fail (KAB_IS_SNAPSHOT (self), FALSE);
  g_return_val_if_fail (func != NULL, FALSE);

  database = open_for_scan (self, cancellable, error);
  if (database == NULL)
    return FALSE;
  stmt = kab_database_prepare (database, "SELECT host, records FROM host_states ORDER BY host", error);
  if (stmt == NULL)
    return FALSE;

  for (guint n = 0; kab_statement_step (stmt, &local_error); n++)
    {
      int host = find_number (self, kab_statement_get_int64 (stmt, 0));

      if (host >= 0 && (wanted == NULL || wanted[host] != 0))
        {
          gsize size = 0;
          const KabStateRecord *records = kab_statement_get_blob (stmt, 1, &size);

          func ((guint) host, records, (guint) (size / sizeof *records), user_data);
        }
      if (n % ROWS_BETWEEN_LOOKS == 0 && g_cancellable_set_error_if_cancelled (cancellable, &local_error))
        break;
    }
  return kab_error_is_none (&local_error, error);
}
