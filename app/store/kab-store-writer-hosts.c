/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-store-columns.h"
#include "kab-store-writer-private.h"

/* A host as it stands in the mirror, without its fields */
typedef struct
{
  gint64         number;          /* 0 = it is not there */
  guint64        fingerprint;
  guint64        history_hash;
  gboolean       is_counted;
  int            standing;
  KabStateCounts counts;
} HostRow;

/* What a day's totals judge by: nothing that changes with the clock alone */
static const KabLimits no_limits = { 0, 0, 0 };

guint
kab_store_writer_get_marks (KabStoreWriter *self,
                            gint64          host)
{
  return host > 0 && host < (gint64) self->host_marks->len ? self->host_marks->data[host] : 0;
}

static void
mark (KabStoreWriter *self,
      gint64          host,
      guint           marks)
{
  guint length = self->host_marks->len;

  if (host <= 0 || host >= G_MAXINT32)
    return;

  if (host >= (gint64) length)
    {
      guint new_length = MAX ((guint) host + 1, length * 2);

      g_byte_array_set_size (self->host_marks, new_length);
      memset (self->host_marks->data + length, 0, new_length - length);
    }
  self->host_marks->data[host] |= (guint8) marks;
}

static void
read_counts (KabStatement   *stmt,
             int             column,
             KabStateCounts  counts)
{
  gsize size = 0;
  gconstpointer data = kab_statement_get_blob (stmt, column, &size);

  memset (counts, 0, sizeof (KabStateCounts));
  if (size == sizeof (KabStateCounts))
    memcpy (counts, data, size);
}

static gboolean
find_host (KabStoreWriter  *self,
           const char      *uuid,
           HostRow         *row,
           GError         **error)
{
  KabStatement *stmt = kab_store_writer_sql (self, KAB_SQL_FIND_HOST, error);
  g_autoptr(GError) local_error = NULL;

  memset (row, 0, sizeof *row);
  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_static (stmt, 1, uuid, -1);
  if (kab_statement_step (stmt, &local_error))
    {
      row->number = kab_statement_get_int64 (stmt, 0);
      row->fingerprint = (guint64) kab_statement_get_int64 (stmt, 1);
      row->history_hash = (guint64) kab_statement_get_int64 (stmt, 2);
      row->is_counted = kab_statement_get_int64 (stmt, 3) != 0;
      row->standing = (int) kab_statement_get_int64 (stmt, 4);
      read_counts (stmt, 5, row->counts);
    }
  kab_statement_reset (stmt);
  return kab_error_is_none (&local_error, error);
}

static gboolean
set_not_found (const char  *uuid,
               GError     **error)
{
  g_set_error (error, KAB_ERROR, KAB_ERROR_NOT_FOUND, "host %s is not in the mirror", uuid);
  return FALSE;
}

static void
bind_standing (KabStatement  *stmt,
               int            first,
               const HostRow *row)
{
  kab_statement_bind_int64 (stmt, first, (gint64) row->fingerprint);
  kab_statement_bind_int64 (stmt, first + 1, (gint64) row->history_hash);
  kab_statement_bind_int64 (stmt, first + 2, row->is_counted);
  kab_statement_bind_int64 (stmt, first + 3, row->standing);
  kab_statement_bind_blob (stmt, first + 4, row->counts, sizeof row->counts);
}

static gboolean
insert_host (KabStoreWriter       *self,
             const KabHostFields  *fields,
             HostRow              *row,
             GError              **error)
{
  KabStatement *stmt = kab_store_writer_sql (self, KAB_SQL_INSERT_HOST, error);

  if (stmt == NULL)
    return FALSE;

  bind_standing (stmt, 1, row);
  kab_columns_bind (&kab_host_columns, stmt, 6, fields);
  if (!kab_store_writer_run (self, stmt, error))
    return FALSE;

  row->number = kab_database_get_last_rowid (self->database);
  mark (self, row->number, KAB_HOST_NEW);
  g_byte_array_append (self->new_hosts, (const guint8 *) fields->uuid, (guint) strlen (fields->uuid) + 1);
  self->report.hosts_new++;
  return TRUE;
}

/* @fields: (nullable): only what is derived from them changes */
static gboolean
update_host (KabStoreWriter       *self,
             const KabHostFields  *fields,
             const HostRow        *row,
             GError              **error)
{
  KabStatement *stmt = kab_store_writer_sql (self, fields != NULL ? KAB_SQL_UPDATE_HOST : KAB_SQL_UPDATE_STANDING, error);

  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_int64 (stmt, 1, row->number);
  bind_standing (stmt, 2, row);
  if (fields != NULL)
    kab_columns_bind (&kab_host_columns, stmt, 7, fields);
  return kab_store_writer_run (self, stmt, error);
}

static gboolean
is_no_history (const char *history_json)
{
  return *history_json == '\0' || strcmp (history_json, "{}") == 0;
}

static gboolean
write_history (KabStoreWriter  *self,
               gint64           host,
               const char      *history_json,
               GError         **error)
{
  gboolean is_empty = is_no_history (history_json);
  KabStatement *stmt = kab_store_writer_sql (self, is_empty ? KAB_SQL_DELETE_HISTORY : KAB_SQL_PUT_HISTORY, error);

  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_int64 (stmt, 1, host);
  if (!is_empty)
    kab_statement_bind_static (stmt, 2, history_json, -1);
  return kab_store_writer_run (self, stmt, error);
}

/* The one way in for a host: @fingerprint is that of @fields, so that an unchanged host costs one look-up. */
static gboolean
put_host (KabStoreWriter       *self,
          const HostRow        *old,
          const KabHostFields  *fields,
          guint64               fingerprint,
          KabStateRecord       *records,
          guint                 n_records,
          const char           *history_json,
          GError              **error)
{
  HostRow new = *old;
  gboolean is_known = old->number != 0;
  gboolean states_changed = FALSE;

  new.fingerprint = fingerprint;
  new.is_counted = kab_host_fields_is_counted (fields);
  if (records != NULL)
    {
      n_records = kab_state_records_sort (records, n_records);
      kab_store_writer_count_records (self, records, n_records, new.counts);
    }
  new.standing = (int) kab_host_fields_judge (fields, new.counts, &no_limits);
  if (history_json != NULL)
    new.history_hash = is_no_history (history_json) ? 0 : kab_store_hash (1, history_json, strlen (history_json));

  if (!is_known)
    {
      if (!insert_host (self, fields, &new, error))
        return FALSE;
    }
  else if (new.fingerprint != old->fingerprint)
    {
      if (!update_host (self, fields, &new, error))
        return FALSE;
    }
  else if (memcmp (&new, old, sizeof new) != 0)
    {
      if (!update_host (self, NULL, &new, error))
        return FALSE;
    }

  if (!kab_store_writer_put_records (self, fields->uuid, new.number, is_known && old->is_counted, new.is_counted,
                                     records, n_records, &states_changed, error))
    return FALSE;
  if (new.history_hash != old->history_hash && !write_history (self, new.number, history_json, error))
    return FALSE;

  if (is_known && (new.fingerprint != old->fingerprint || new.history_hash != old->history_hash || states_changed) &&
      (kab_store_writer_get_marks (self, new.number) & (KAB_HOST_NEW | KAB_HOST_CHANGED)) == 0)
    {
      self->report.hosts_changed++;
      mark (self, new.number, KAB_HOST_CHANGED);
    }
  mark (self, new.number, KAB_HOST_SEEN);
  return TRUE;
}

gboolean
kab_store_write_host (KabStoreWriter       *self,
                      const KabHostFields  *fields,
                      KabStateRecord       *records,
                      guint                 n_records,
                      const char           *history_json,
                      GError              **error)
{
  HostRow row;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (fields != NULL && fields->uuid != NULL, FALSE);

  if (kab_store_writer_is_cancelled (self, error) || !find_host (self, fields->uuid, &row, error))
    return FALSE;

  return put_host (self, &row, fields, kab_columns_hash (&kab_host_columns, fields), records, n_records, history_json,
                   error);
}

/* Reads the fields of a host that is there. */
static KabHost *
read_host (KabStoreWriter  *self,
           gint64           number,
           GError         **error)
{
  KabStatement *stmt = kab_store_writer_sql (self, KAB_SQL_READ_HOST, error);
  g_autoptr(GPtrArray) lists = NULL;
  KabHostFields fields = { NULL };
  KabHost *host = NULL;

  if (stmt == NULL)
    return NULL;

  kab_statement_bind_int64 (stmt, 1, number);
  if (!kab_statement_step (stmt, error))
    return NULL;

  lists = g_ptr_array_new_with_free_func ((GDestroyNotify) g_strfreev);
  kab_columns_read (&kab_host_columns, stmt, 0, &fields, lists);
  if (fields.uuid != NULL)
    host = kab_host_new (&fields);
  kab_statement_reset (stmt);
  return host;
}

gboolean
kab_store_write_states (KabStoreWriter  *self,
                        const char      *uuid,
                        KabStateRecord  *records,
                        guint            n_records,
                        const char      *history_json,
                        GError         **error)
{
  g_autoptr(KabHost) host = NULL;
  HostRow row;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (uuid != NULL, FALSE);

  if (kab_store_writer_is_cancelled (self, error) || !find_host (self, uuid, &row, error))
    return FALSE;
  if (row.number == 0)
    return set_not_found (uuid, error);

  host = read_host (self, row.number, error);
  if (host == NULL)
    return error != NULL && *error != NULL ? FALSE : set_not_found (uuid, error);

  return put_host (self, &row, kab_host_get_fields (host), row.fingerprint, records, n_records, history_json, error);
}

static gboolean
delete_by_number (KabStoreWriter  *self,
                  KabStoreSql      which,
                  gint64           number,
                  GError         **error)
{
  KabStatement *stmt = kab_store_writer_sql (self, which, error);

  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_int64 (stmt, 1, number);
  return kab_store_writer_run (self, stmt, error);
}

static gboolean
delete_host (KabStoreWriter  *self,
             const char      *uuid,
             gint64           number,
             gboolean         was_counted,
             GError         **error)
{
  KabStateRecord none;
  gboolean changed;
  guint n_changes = self->report.states_changed;

  /* Takes its pairs out of the counts of updates; its history ends with it, so single changes are not told. */
  mark (self, number, KAB_HOST_NEW);
  if (!kab_store_writer_put_records (self, uuid, number, was_counted, FALSE, &none, 0, &changed, error))
    return FALSE;
  self->report.states_changed = n_changes;

  if (!delete_by_number (self, KAB_SQL_DELETE_HOST, number, error) ||
      !delete_by_number (self, KAB_SQL_DELETE_STATES, number, error) ||
      !delete_by_number (self, KAB_SQL_DELETE_HISTORY, number, error) ||
      !kab_store_writer_post (self, KAB_OUTBOX_HOST_GONE, uuid, NULL, 0, error))
    return FALSE;

  self->report.hosts_gone++;
  return TRUE;
}

gboolean
kab_store_write_host_gone (KabStoreWriter  *self,
                           const char      *uuid,
                           GError         **error)
{
  HostRow row;

  g_return_val_if_fail (self != NULL, FALSE);
  g_return_val_if_fail (uuid != NULL, FALSE);

  if (kab_store_writer_is_cancelled (self, error) || !find_host (self, uuid, &row, error))
    return FALSE;

  return row.number == 0 || delete_host (self, uuid, row.number, row.is_counted, error);
}

guint
kab_store_write_count_hosts (KabStoreWriter *self)
{
  g_autoptr(KabStatement) stmt = NULL;
  guint n = 0;

  g_return_val_if_fail (self != NULL, 0);

  stmt = kab_database_prepare (self->database, "SELECT number FROM hosts", NULL);
  while (stmt != NULL && kab_statement_step (stmt, NULL))
    if (!self->hosts_full ||
        (kab_store_writer_get_marks (self, kab_statement_get_int64 (stmt, 0)) & KAB_HOST_SEEN) != 0)
      n++;

  return n;
}

static gboolean
remove_unseen_hosts (KabStoreWriter  *self,
                     GError         **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GArray) gone = g_array_new (FALSE, FALSE, sizeof (HostRow));
  g_autoptr(GPtrArray) uuids = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GError) local_error = NULL;

  stmt = kab_database_prepare (self->database, "SELECT number, counted, uuid FROM hosts", error);
  if (stmt == NULL)
    return FALSE;

  while (kab_statement_step (stmt, &local_error))
    {
      HostRow row = { kab_statement_get_int64 (stmt, 0) };

      if ((kab_store_writer_get_marks (self, row.number) & KAB_HOST_SEEN) != 0)
        continue;
      row.is_counted = kab_statement_get_int64 (stmt, 1) != 0;
      g_array_append_val (gone, row);
      g_ptr_array_add (uuids, g_strdup (kab_statement_get_text (stmt, 2)));
    }

  for (guint i = 0; local_error == NULL && i < gone->len; i++)
    {
      const HostRow *row = &g_array_index (gone, HostRow, i);

      delete_host (self, uuids->pdata[i], row->number, row->is_counted, &local_error);
    }
  return kab_error_is_none (&local_error, error);
}

/* An update went or came back: which pairs count has changed on hosts that were not written. */
static gboolean
count_hosts_anew (KabStoreWriter  *self,
                  GError         **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  stmt = kab_database_prepare (self->database,
                               "SELECT h.uuid, s.records FROM hosts h JOIN host_states s ON s.host = h.number", error);
  if (stmt == NULL)
    return FALSE;

  while (kab_statement_step (stmt, &local_error))
    {
      g_autoptr(KabHost) host = NULL;
      KabStateCounts counts;
      HostRow row;
      gsize size = 0;
      const KabStateRecord *records = kab_statement_get_blob (stmt, 1, &size);

      kab_store_writer_count_records (self, records, (guint) (size / sizeof *records), counts);
      if (!find_host (self, kab_statement_get_text (stmt, 0), &row, &local_error))
        break;
      if (memcmp (row.counts, counts, sizeof counts) == 0)
        continue;

      memcpy (row.counts, counts, sizeof counts);
      host = read_host (self, row.number, &local_error);
      if (host == NULL)
        break;
      row.standing = (int) kab_host_fields_judge (kab_host_get_fields (host), row.counts, &no_limits);
      if (!update_host (self, NULL, &row, &local_error))
        break;
    }
  return kab_error_is_none (&local_error, error);
}

gboolean
kab_store_writer_end_hosts (KabStoreWriter  *self,
                            GError         **error)
{
  if (self->hosts_full && !remove_unseen_hosts (self, error))
    return FALSE;

  return !self->gone_changed || count_hosts_anew (self, error);
}
