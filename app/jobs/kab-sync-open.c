/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-error.h"
#include "kab-history-keys.h"
#include "kab-host-fetch.h"
#include "kab-sync-spool.h"
#include "kab-sync.h"

#define N_THREADS 6
#define FIRST_LIMIT 100000    /* rows of `hosts`; the server's own default is 1000 */

/* One sync of the open level. */
typedef struct {
  KabSync           *sync;
  KabUpdateRegistry *registry;
  KabSyncSpool      *spool;
  GHashTable        *hashes;      /* uuid → hash as the mirror has it */
  GHashTable        *seen;        /* uuids of this answer */
  GHashTable        *wanted;      /* uuid → hash: whose updates must be read */
  guint              limit;
  guint              turn;        /* of the next question */
  guint              n_done;
} OpenSync;

static const char *
name_cb (guint32  index,
         gpointer user_data)
{
  return kab_update_registry_get_id (((OpenSync *) user_data)->registry, index);
}

/* An update with new content is also spooled. */
static gboolean
update_written_cb (guint32                 index,
                   const KabUpdateFields  *fields,
                   gpointer                user_data,
                   GError                **error)
{
  const OpenSync *self = user_data;

  kab_sync_spool_add_update (self->spool, index, fields);

  return TRUE;
}

/* Does the host have anything that host_data could tell? A Linux host without a hash has not. */
static gboolean
has_updates (const KabHostFields *fields)
{
  return fields->updates_hash != NULL || fields->status_json != NULL;
}

static gboolean
host_row_cb (const KabHostFields  *fields,
             gpointer              user_data,
             GError              **error)
{
  OpenSync *self = user_data;
  KabSync *sync = self->sync;
  KabHostFields completed;
  const char *known;

  if (g_cancellable_set_error_if_cancelled (sync->cancellable, error))
    return FALSE;
  if (!g_hash_table_add (self->seen, g_strdup (fields->uuid)))
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "hosts: %s comes twice", fields->uuid);
      return FALSE;
    }
  if (g_hash_table_size (self->seen) > KAB_SYNC_MAX_HOSTS)
    {
      g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "hosts: too many rows");
      return FALSE;
    }

  fields = kab_sync_complete_host (sync, fields, &completed, error);
  if (fields == NULL || !kab_store_write_host (sync->writer, fields, NULL, 0, NULL, error))
    return FALSE;

  known = g_hash_table_lookup (self->hashes, fields->uuid);
  if (has_updates (fields) && (fields->updates_hash == NULL || g_strcmp0 (known, fields->updates_hash) != 0))
    g_hash_table_replace (self->wanted, g_strdup (fields->uuid), g_strdup (fields->updates_hash));

  if (g_hash_table_size (self->seen) % 256 == 0)
    kab_job_report (sync->job, "hosts", g_hash_table_size (self->seen), kab_client_get_info (sync->client)->n_hosts);

  return TRUE;
}

static gboolean
read_hosts_once (OpenSync  *self,
                 GError   **error)
{
  g_hash_table_remove_all (self->seen);
  g_hash_table_remove_all (self->wanted);

  return kab_client_read_hosts (self->sync->client, self->limit, host_row_cb, self,
                                self->sync->cancellable, error);
}

/* All hosts there are: a limit that cut the answer is raised, and fewer rows than the server counts are an error. */
static gboolean
read_hosts (OpenSync  *self,
            GError   **error)
{
  KabSync *sync = self->sync;
  guint expected = kab_client_get_info (sync->client)->n_hosts;
  guint n;

  self->limit = MAX (FIRST_LIMIT, expected < G_MAXUINT / 4 ? expected + expected / 4 : expected);
  for (;;)
    {
      if (!read_hosts_once (self, error))
        return FALSE;

      n = g_hash_table_size (self->seen);
      if (n < self->limit || self->limit >= KAB_SYNC_MAX_HOSTS)
        break;
      self->limit = MIN (self->limit * 4, KAB_SYNC_MAX_HOSTS);
    }

  if (n < expected)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "hosts: %u rows came, the server counts %u", n, expected);
      return FALSE;
    }

  return TRUE;
}

/* Writes what one host reported. @records: update = index of the registry */
static gboolean
write_states (OpenSync              *self,
              const char            *uuid,
              const KabStateRecord  *records,
              guint                  n_records,
              const char            *history_json,
              GError               **error)
{
  g_autofree KabStateRecord *ours = g_memdup2 (records, n_records * sizeof *records);
  g_autofree char *history = NULL;

  for (guint i = 0; i < n_records; i++)
    {
      ours[i].update = kab_update_registry_resolve (self->registry, self->sync->writer, ours[i].update, error);
      if (ours[i].update == 0)
        return FALSE;
    }
  history = kab_history_rename (history_json, name_cb, self);

  return kab_store_write_states (self->sync->writer, uuid, ours, n_records, history != NULL ? history : "{}", error);
}

static void
report_hosts (OpenSync *self)
{
  self->n_done++;
  kab_job_report (self->sync->job, "states", self->n_done, self->n_done + g_hash_table_size (self->wanted));
}

static gboolean
spooled_host_cb (const char            *uuid,
                 const char            *updates_hash,
                 const KabStateRecord  *records,
                 guint                  n_records,
                 const char            *history_json,
                 gpointer               user_data,
                 GError               **error)
{
  OpenSync *self = user_data;
  const char *hash = g_hash_table_lookup (self->wanted, uuid);

  if (g_cancellable_set_error_if_cancelled (self->sync->cancellable, error))
    return FALSE;
  if (g_strcmp0 (hash, updates_hash) != 0)
    return TRUE;

  if (!write_states (self, uuid, records, n_records, history_json, error))
    return FALSE;
  kab_sync_spool_add_host (self->spool, uuid, hash, records, n_records, history_json);
  g_hash_table_remove (self->wanted, uuid);
  self->sync->n_hosts_resumed++;
  report_hosts (self);

  return TRUE;
}

/* Reads the updates of these hosts, several at a time. */
static gboolean
fetch (OpenSync   *self,
       GPtrArray  *uuids,
       GError    **error)
{
  g_autoptr(KabHostFetch) fetch = NULL;
  g_autoptr(GError) local_error = NULL;

  if (uuids->len == 0)
    return TRUE;

  fetch = kab_host_fetch_new (self->sync->client, self->registry, uuids, self->turn, N_THREADS,
                              self->sync->cancellable);
  self->turn += uuids->len;
  for (;;)
    {
      g_autoptr(KabFetchedHost) host = kab_host_fetch_next (fetch, &local_error);
      const char *history;

      if (host == NULL)
        break;

      if (host->gone)
        {
          if (!kab_store_write_host_gone (self->sync->writer, host->uuid, error))
            return FALSE;
          g_hash_table_remove (self->wanted, host->uuid);
          continue;
        }
      history = host->history != NULL ? host->history->str : NULL;
      if (!write_states (self, host->uuid, (gpointer) host->records->data, host->records->len,
                         history, error))
        return FALSE;
      kab_sync_spool_add_host (self->spool, host->uuid, g_hash_table_lookup (self->wanted, host->uuid),
                               (gpointer) host->records->data, host->records->len, history);
      g_hash_table_remove (self->wanted, host->uuid);
      self->sync->n_hosts_read++;
      report_hosts (self);
    }

  return kab_error_is_none (&local_error, error);
}

static GPtrArray *
dup_wanted (OpenSync *self)
{
  GPtrArray *uuids = g_ptr_array_new_with_free_func (g_free);
  GHashTableIter iter;
  gpointer uuid;

  g_hash_table_iter_init (&iter, self->wanted);
  while (g_hash_table_iter_next (&iter, &uuid, NULL))
    g_ptr_array_add (uuids, g_strdup (uuid));

  return uuids;
}

/* The server's own facts (is the file here?) change no host's hash. So every update that no answer of this sync
 * named is read again from some host that has it; few hosts cover all. */
static gboolean
read_cover (OpenSync  *self,
            GError   **error)
{
  g_autoptr(GHashTable) fresh = kab_update_registry_dup_fresh (self->registry, 1);
  g_autoptr(GPtrArray) cover = kab_store_write_find_cover (self->sync->writer, fresh, error);

  return cover != NULL && fetch (self, cover, error);
}

static gboolean
run_steps (OpenSync  *self,
           GError   **error)
{
  KabSync *sync = self->sync;
  g_autoptr(GPtrArray) uuids = NULL;

  kab_store_write_set_full (sync->writer, FALSE, TRUE);
  if (!read_hosts (self, error))
    return FALSE;

  kab_job_report (sync->job, "states", 0, g_hash_table_size (self->wanted));
  if (!kab_sync_spool_replay (self->spool, self->registry, spooled_host_cb, self, error))
    return FALSE;
  kab_sync_spool_begin (self->spool);

  uuids = dup_wanted (self);

  return fetch (self, uuids, error) && read_cover (self, error);
}

gboolean
kab_sync_open_level (KabSync  *sync,
                     GError  **error)
{
  g_autoptr(GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autoptr(GHashTable) wanted = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GHashTable) hashes = NULL;
  g_autoptr(KabUpdateRegistry) registry = NULL;
  g_autoptr(KabSyncSpool) spool = NULL;
  OpenSync self = { .sync = sync, .turn = 1 };

  hashes = sync->fill_anew ? g_hash_table_new (g_str_hash, g_str_equal)
                           : kab_store_read_host_hashes (sync->store, error);
  if (hashes == NULL)
    return FALSE;
  registry = kab_update_registry_new (update_written_cb, &self);
  spool = kab_sync_spool_new (kab_store_get_path (sync->store), kab_client_get_info (sync->client)->uuid,
                              g_get_real_time () / G_USEC_PER_SEC);
  self.registry = registry;
  self.spool = spool;
  self.hashes = hashes;
  self.seen = seen;
  self.wanted = wanted;

  return run_steps (&self, error);
}
