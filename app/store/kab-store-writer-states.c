/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-store-writer-private.h"

static int
compare_records (gconstpointer a,
                 gconstpointer b)
{
  guint32 left = ((const KabStateRecord *) a)->update;
  guint32 right = ((const KabStateRecord *) b)->update;

  return left < right ? -1 : left > right;
}

guint
kab_state_records_sort (KabStateRecord *records,
                        guint           n_records)
{
  gboolean is_sorted = TRUE;
  guint n_kept = 0;

  for (guint i = 1; i < n_records && is_sorted; i++)
    is_sorted = records[i - 1].update < records[i].update;
  if (is_sorted)
    return n_records;

  qsort (records, n_records, sizeof *records, compare_records);
  for (guint i = 0; i < n_records; i++)
    {
      if (n_kept > 0 && records[n_kept - 1].update == records[i].update)
        n_kept--;
      records[n_kept++] = records[i];
    }
  return n_kept;
}

void
kab_store_writer_count_records (KabStoreWriter       *self,
                                const KabStateRecord *records,
                                guint                 n_records,
                                KabStateCounts        counts)
{
  memset (counts, 0, sizeof (KabStateCounts));
  for (guint i = 0; i < n_records; i++)
    {
      const KabWriterUpdate *update = kab_store_writer_get_update (self, records[i].update);

      if (update != NULL && !update->is_gone)
        counts[kab_state_derive (&records[i], FALSE)]++;
    }
}

KabStateRecord *
kab_store_writer_read_records (KabStoreWriter  *self,
                               gint64           host,
                               guint           *n_records,
                               GError         **error)
{
  KabStatement *stmt = kab_store_writer_sql (self, KAB_SQL_READ_STATES, error);
  KabStateRecord *records = NULL;
  gconstpointer data;
  gsize size = 0;

  *n_records = 0;
  if (stmt == NULL)
    return NULL;

  kab_statement_bind_int64 (stmt, 1, host);
  if (!kab_statement_step (stmt, error))
    return NULL;

  data = kab_statement_get_blob (stmt, 0, &size);
  *n_records = (guint) (size / sizeof (KabStateRecord));
  records = g_malloc (MAX (*n_records, 1) * sizeof (KabStateRecord));
  if (*n_records > 0)
    memcpy (records, data, *n_records * sizeof (KabStateRecord));
  kab_statement_reset (stmt);
  return records;
}

static void
add_delta (KabStoreWriter       *self,
           const KabStateRecord *record,
           int                   amount)
{
  /* Numbers come from kab_store_write_update(); one that nobody gave must not blow up the array. */
  if (kab_store_writer_get_update (self, record->update) == NULL)
    return;

  if (self->deltas->len <= record->update)
    g_array_set_size (self->deltas, record->update + 1);
  ((gint32 *) (void *) self->deltas->data)[record->update * KAB_N_STATES + kab_state_derive (record, FALSE)] += amount;
}

static void
note_change (KabStoreWriter       *self,
             const KabStateRecord *before,
             const KabStateRecord *after)
{
  KabPairChange change = {
    before != NULL ? before->update : after->update,
    (guint8) (before != NULL ? (int) kab_state_derive (before, FALSE) : KAB_STATE_ABSENT),
    (guint8) (after != NULL ? (int) kab_state_derive (after, FALSE) : KAB_STATE_ABSENT),
    0
  };

  self->report.states_changed++;
  if (change.before != change.after)
    g_array_append_val (self->changes, change);
}

/* Walks two sorted arrays side by side. */
static void
compare_states (KabStoreWriter       *self,
                const KabStateRecord *old,
                guint                 n_old,
                const KabStateRecord *new,
                guint                 n_new)
{
  guint i = 0, j = 0;

  while (i < n_old || j < n_new)
    {
      if (j == n_new || (i < n_old && old[i].update < new[j].update))
        note_change (self, &old[i++], NULL);
      else if (i == n_old || new[j].update < old[i].update)
        note_change (self, NULL, &new[j++]);
      else
        {
          if (memcmp (&old[i], &new[j], sizeof *old) != 0)
            note_change (self, &old[i], &new[j]);
          i++;
          j++;
        }
    }
}

static gboolean
write_records (KabStoreWriter        *self,
               gint64                 host,
               const KabStateRecord  *records,
               guint                  n_records,
               GError               **error)
{
  KabStatement *stmt = kab_store_writer_sql (self, KAB_SQL_PUT_STATES, error);

  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_int64 (stmt, 1, host);
  kab_statement_bind_blob (stmt, 2, records, n_records * sizeof *records);
  return kab_store_writer_run (self, stmt, error);
}

gboolean
kab_store_writer_put_records (KabStoreWriter        *self,
                              const char            *uuid,
                              gint64                 host,
                              gboolean               was_counted,
                              gboolean               is_counted,
                              const KabStateRecord  *records,
                              guint                  n_records,
                              gboolean              *changed,
                              GError               **error)
{
  g_autofree KabStateRecord *old = NULL;
  g_autoptr(GError) local_error = NULL;
  gboolean is_new = (kab_store_writer_get_marks (self, host) & KAB_HOST_NEW) != 0;
  gboolean is_same;
  guint n_old = 0;

  *changed = FALSE;
  if (records == NULL && was_counted == is_counted)
    return TRUE;

  old = kab_store_writer_read_records (self, host, &n_old, &local_error);
  if (!kab_error_is_none (&local_error, error))
    return FALSE;

  is_same = records == NULL ||
            (old != NULL && n_old == n_records && (n_old == 0 || memcmp (old, records, n_old * sizeof *old) == 0));
  if (is_same && was_counted == is_counted)
    return TRUE;

  for (guint i = 0; was_counted && i < n_old; i++)
    add_delta (self, &old[i], -1);
  for (guint i = 0; is_counted && records != NULL && i < n_records; i++)
    add_delta (self, &records[i], 1);
  for (guint i = 0; is_counted && records == NULL && i < n_old; i++)
    add_delta (self, &old[i], 1);
  if (is_same)
    return TRUE;

  *changed = TRUE;
  g_array_set_size (self->changes, 0);
  compare_states (self, old, n_old, records, n_records);
  if (!write_records (self, host, records, n_records, error))
    return FALSE;

  /* The first report of a host is the base that later changes are told against: the ledger keeps one row for it. */
  return is_new || self->changes->len == 0 ||
         kab_store_writer_post (self, KAB_OUTBOX_CHANGES, uuid, self->changes->data,
                                self->changes->len * sizeof (KabPairChange), error);
}
