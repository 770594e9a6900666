/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include "kab-bulk-numbers.h"
#include "kab-error.h"
#include "kab-history-keys.h"
#include "kab-set-text.h"
#include "kab-sync.h"
#include "kab-wire-bulk.h"

#define MAX_ROUNDS 4          /* an update that appears between the two answers costs one more */
#define REPORT_EVERY 256      /* rows */

/* One sync by bulk answers: updates first, then hosts with their states. */
typedef struct {
  KabSync        *sync;
  KabBulkNumbers *numbers;
  char           *epoch;            /* of the counters below */
  gint64          updates_counter;
  gint64          states_counter;

  /* Of the answer that is being read. */
  gint64          asked_since;
  gboolean        full;
  gint64          counter;
  char           *new_epoch;
  guint64         n_promised;
  guint           n_hosts;          /* as the server counts them */
  guint64         n_rows;
  guint64         n_hosts_seen;
  GArray         *records;          /* of one host, with the mirror's numbers */

  gboolean        updates_full;
  gboolean        states_full;
  gboolean        met_unknown;      /* a state names an update that we were not told of */
} BulkSync;

static gboolean
bad_data (GError     **error,
          const char  *what)
{
  g_set_error_literal (error, KAB_ERROR, KAB_ERROR_BAD_DATA, what);
  return FALSE;
}

/* Between rows: may we go on? */
static gboolean
count_row (BulkSync    *self,
           const char  *step,
           GError     **error)
{
  if (++self->n_rows > MAX (KAB_SYNC_MAX_HOSTS, KAB_SYNC_MAX_UPDATES))
    return bad_data (error, "a bulk answer with too many rows");
  if (self->n_rows > self->n_promised)
    return bad_data (error, "a bulk answer with more rows than its first line says");
  if (self->n_rows % REPORT_EVERY != 0)
    return TRUE;

  kab_job_report (self->sync->job, step, self->n_rows, self->n_promised);

  return !g_cancellable_set_error_if_cancelled (self->sync->cancellable, error);
}

static gboolean
head_cb (const KabBulkHead  *head,
         gpointer            user_data,
         GError            **error)
{
  BulkSync *self = user_data;
  const char *expected = kab_client_get_info (self->sync->client)->uuid;

  if (expected[0] != '\0' && g_strcmp0 (expected, head->server_uuid) != 0)
    return bad_data (error, "a bulk answer of another server");
  if (!head->full && (head->since != self->asked_since || head->counter < head->since))
    return bad_data (error, "a bulk answer to another question");
  if (!head->full && g_strcmp0 (head->epoch, self->epoch) != 0)
    return bad_data (error, "a bulk answer that continues another epoch");

  self->full = head->full;
  self->counter = head->counter;
  self->n_promised = head->n_rows;
  self->n_hosts = head->n_hosts;
  kab_set_text (&self->new_epoch, head->epoch);

  return TRUE;
}

static gboolean
updates_head_cb (const KabBulkHead  *head,
                 gpointer            user_data,
                 GError            **error)
{
  BulkSync *self = user_data;

  if (!head_cb (head, user_data, error))
    return FALSE;

  if (head->full)
    {
      kab_bulk_numbers_clear (self->numbers);
      self->updates_full = TRUE;
      kab_store_write_set_full (self->sync->writer, TRUE, self->states_full);
    }

  return TRUE;
}

static gboolean
states_head_cb (const KabBulkHead  *head,
                gpointer            user_data,
                GError            **error)
{
  BulkSync *self = user_data;

  if (!head_cb (head, user_data, error))
    return FALSE;

  if (head->full)
    {
      self->states_full = TRUE;
      kab_store_write_set_full (self->sync->writer, self->updates_full, TRUE);
    }

  return TRUE;
}

static gboolean
update_cb (guint32                 number,
           const KabUpdateFields  *fields,
           gpointer                user_data,
           GError                **error)
{
  BulkSync *self = user_data;
  guint32 ours;

  if (!count_row (self, "updates", error))
    return FALSE;
  ours = kab_store_write_update (self->sync->writer, fields, 0, error);
  if (ours == 0)
    return FALSE;

  kab_bulk_numbers_set (self->numbers, number, ours, fields->update_id);

  return TRUE;
}

static gboolean
update_gone_cb (guint32    number,
                gpointer   user_data,
                GError   **error)
{
  BulkSync *self = user_data;
  const char *update_id = kab_bulk_numbers_get_id (self->numbers, number);

  if (!count_row (self, "updates", error))
    return FALSE;
  if (update_id == NULL)
    return TRUE;
  if (!kab_store_write_update_gone (self->sync->writer, update_id, error))
    return FALSE;

  kab_bulk_numbers_remove (self->numbers, number);

  return TRUE;
}

static const char *
name_cb (guint32  n,
         gpointer user_data)
{
  return kab_bulk_numbers_get_id (((BulkSync *) user_data)->numbers, n);
}

static gboolean
host_cb (const KabHostFields   *fields,
         const KabStateRecord  *records,
         guint                  n_records,
         const char            *history_json,
         gpointer               user_data,
         GError               **error)
{
  BulkSync *self = user_data;
  KabSync *sync = self->sync;
  g_autofree char *history = NULL;
  KabHostFields completed;

  if (!count_row (self, "states", error))
    return FALSE;

  self->n_hosts_seen++;
  fields = kab_sync_complete_host (sync, fields, &completed, error);
  if (fields == NULL)
    return FALSE;
  if (n_records == G_MAXUINT)
    return kab_store_write_host (sync->writer, fields, NULL, 0, NULL, error);

  g_array_set_size (self->records, 0);
  g_array_append_vals (self->records, records, n_records);
  for (guint i = 0; i < n_records; i++)
    {
      KabStateRecord *record = &g_array_index (self->records, KabStateRecord, i);

      record->update = kab_bulk_numbers_get (self->numbers, record->update);
      if (record->update == 0)
        {
          self->met_unknown = TRUE;
          return bad_data (error, "a state of an update that the server did not name");
        }
    }
  if (history_json != NULL)
    history = kab_history_rename (history_json, name_cb, self);
  sync->n_hosts_read++;

  /* An array without elements may have no data at all, and no data would mean "did not change". */
  if (n_records == 0)
    {
      KabStateRecord nothing = { 0 };

      return kab_store_write_host (sync->writer, fields, &nothing, 0, "{}", error);
    }

  return kab_store_write_host (sync->writer, fields, (gpointer) self->records->data, n_records,
                               history != NULL ? history : "{}", error);
}

static gboolean
host_gone_cb (const char  *uuid,
              gpointer     user_data,
              GError     **error)
{
  BulkSync *self = user_data;

  return count_row (self, "states", error) && kab_store_write_host_gone (self->sync->writer, uuid, error);
}

static const KabBulkHandler updates_handler = {
  .head = updates_head_cb,
  .update = update_cb,
  .update_gone = update_gone_cb,
};

static const KabBulkHandler states_handler = {
  .head = states_head_cb,
  .host = host_cb,
  .host_gone = host_gone_cb,
};

static void
begin_answer (BulkSync *self,
              gint64    since)
{
  self->asked_since = since;
  self->n_rows = 0;
  self->n_hosts_seen = 0;
  self->full = FALSE;
}

static gboolean
end_answer (BulkSync    *self,
            const char  *what,
            GError     **error)
{
  if (self->n_rows == self->n_promised)
    return TRUE;

  g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA,
               "%s: %" G_GUINT64_FORMAT " rows came, %" G_GUINT64_FORMAT " were promised",
               what, self->n_rows, self->n_promised);
  return FALSE;
}

static gboolean
read_updates (BulkSync  *self,
              GError   **error)
{
  KabSync *sync = self->sync;

  begin_answer (self, self->updates_counter);
  if (!kab_client_read_bulk_updates (sync->client, self->updates_counter, self->epoch, &updates_handler, self,
                                     sync->cancellable, error) ||
      !end_answer (self, "updates", error))
    return FALSE;

  /* A new epoch: what we knew of hosts was told in numbers that mean nothing any more. */
  if (g_strcmp0 (self->epoch, self->new_epoch) != 0)
    self->states_counter = 0;
  self->updates_counter = self->counter;
  g_free (self->epoch);
  self->epoch = g_steal_pointer (&self->new_epoch);

  return TRUE;
}

static gboolean
read_states (BulkSync  *self,
             GError   **error)
{
  KabSync *sync = self->sync;

  begin_answer (self, self->states_counter);
  self->met_unknown = FALSE;
  if (!kab_client_read_bulk_states (sync->client, self->states_counter, self->epoch, &states_handler, self,
                                    sync->cancellable, error) ||
      !end_answer (self, "states", error))
    return FALSE;

  if (g_strcmp0 (self->epoch, self->new_epoch) != 0)
    {
      self->met_unknown = TRUE;     /* the server began anew in between: ask both again */
      self->updates_counter = 0;
      self->states_counter = 0;
      return bad_data (error, "the server changed its epoch between two answers");
    }
  if (self->full && self->n_hosts_seen < self->n_hosts)
    {
      g_set_error (error, KAB_ERROR, KAB_ERROR_BAD_DATA, "states: %" G_GUINT64_FORMAT " hosts came, the server counts %u",
                   self->n_hosts_seen, self->n_hosts);
      return FALSE;
    }
  self->states_counter = self->counter;

  return TRUE;
}

static gboolean
read_both (BulkSync  *self,
           GError   **error)
{
  for (guint round = 1;; round++)
    {
      g_autoptr(GError) local_error = NULL;

      if (!read_updates (self, error))
        return FALSE;
      if (read_states (self, &local_error))
        return TRUE;
      if (!self->met_unknown || round == MAX_ROUNDS)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
      g_debug ("round %u: %s", round, local_error->message);
    }
}

static gint64
read_counter (KabSync    *sync,
              const char *key)
{
  g_autofree char *text = sync->fill_anew ? NULL : kab_store_read_value (sync->store, key);
  gint64 counter = 0;

  return text != NULL && g_ascii_string_to_signed (text, 10, 0, G_MAXINT64, &counter, NULL) ? counter : 0;
}

static gboolean
write_counter (KabSync     *sync,
               const char  *key,
               gint64       counter,
               GError     **error)
{
  g_autofree char *text = g_strdup_printf ("%" G_GINT64_FORMAT, counter);

  return kab_store_write_value (sync->writer, key, text, error);
}

static gboolean
write_counters (BulkSync  *self,
                GError   **error)
{
  KabSync *sync = self->sync;
  g_autofree char *text = NULL;

  if (kab_bulk_numbers_changed (self->numbers))
    {
      text = kab_bulk_numbers_to_text (self->numbers);
      if (!kab_store_write_value (sync->writer, "bulk_numbers", text, error))
        return FALSE;
    }

  return write_counter (sync, "updates_counter", self->updates_counter, error) &&
         write_counter (sync, "states_counter", self->states_counter, error) &&
         kab_store_write_value (sync->writer, "epoch", self->epoch, error);
}

/* After a partial answer the mirror must have as many hosts as the server; when not, everything is read once more. */
static gboolean
check_count (BulkSync  *self,
             GError   **error)
{
  guint n = kab_store_write_count_hosts (self->sync->writer);

  if (self->states_full || n == self->n_hosts)
    return TRUE;

  g_info ("the mirror has %u hosts, the server %u: reading everything again", n, self->n_hosts);
  self->updates_counter = 0;
  self->states_counter = 0;
  if (!read_both (self, error))
    return FALSE;

  return self->states_full || bad_data (error, "the server counts other hosts than it lists");
}

static void
bulk_sync_clear (BulkSync *self)
{
  g_clear_pointer (&self->numbers, kab_bulk_numbers_free);
  g_clear_pointer (&self->records, g_array_unref);
  g_clear_pointer (&self->epoch, g_free);
  g_clear_pointer (&self->new_epoch, g_free);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (BulkSync, bulk_sync_clear)

gboolean
kab_sync_bulk (KabSync  *sync,
               GError  **error)
{
  g_autofree char *text = sync->fill_anew ? NULL : kab_store_read_value (sync->store, "bulk_numbers");
  g_auto(BulkSync) self = { .sync = sync };

  self.numbers = kab_bulk_numbers_new (text);
  self.records = g_array_new (FALSE, FALSE, sizeof (KabStateRecord));
  self.epoch = sync->fill_anew ? NULL : kab_store_read_value (sync->store, "epoch");
  if (self.epoch != NULL && kab_bulk_numbers_count (self.numbers) > 0)
    {
      self.updates_counter = read_counter (sync, "updates_counter");
      self.states_counter = read_counter (sync, "states_counter");
    }

  return read_both (&self, error) && check_count (&self, error) && write_counters (&self, error);
}
