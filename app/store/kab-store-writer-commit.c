/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-store"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-fault.h"
#include "kab-store-writer-private.h"

#define SECONDS_PER_DAY (24 * 60 * 60)
/* A host that was not heard of for so long is not called compliant in a day's totals; the default of the limits */
#define SILENT_DAYS 14

/* Adds to the counts of each update what its pairs gained and lost. */
static gboolean
write_counts (KabStoreWriter  *self,
              GError         **error)
{
  static const gint32 nothing[KAB_N_STATES] = { 0 };

  for (guint number = 1; number < self->deltas->len; number++)
    {
      const gint32 *deltas = (const gint32 *) (const void *) self->deltas->data + number * KAB_N_STATES;
      KabStateCounts counts = { 0 };
      KabStatement *stmt;
      gconstpointer data;
      gsize size = 0;

      if (memcmp (deltas, nothing, sizeof nothing) == 0)
        continue;

      stmt = kab_store_writer_sql (self, KAB_SQL_READ_COUNTS, error);
      if (stmt == NULL)
        return FALSE;
      kab_statement_bind_int64 (stmt, 1, number);
      if (kab_statement_step (stmt, NULL))
        {
          data = kab_statement_get_blob (stmt, 0, &size);
          if (size == sizeof counts)
            memcpy (counts, data, size);
        }
      kab_statement_reset (stmt);

      for (guint i = 0; i < KAB_N_STATES; i++)
        counts[i] = (guint32) MAX ((gint64) counts[i] + deltas[i], 0);

      stmt = kab_store_writer_sql (self, KAB_SQL_PUT_COUNTS, error);
      if (stmt == NULL)
        return FALSE;
      kab_statement_bind_int64 (stmt, 1, number);
      kab_statement_bind_blob (stmt, 2, counts, sizeof counts);
      if (!kab_store_writer_run (self, stmt, error))
        return FALSE;
    }

  return TRUE;
}

static gboolean
add_up_pairs (KabStoreWriter  *self,
              gint64          *totals,
              GError         **error)
{
  g_autoptr(KabStatement) stmt = NULL;
  g_autoptr(GError) local_error = NULL;

  stmt = kab_database_prepare (self->database,
                               "SELECT counts, downloaded_at <> 0 FROM updates WHERE gone = 0 AND counts IS NOT NULL",
                               error);
  if (stmt == NULL)
    return FALSE;

  while (kab_statement_step (stmt, &local_error))
    {
      KabStateCounts counts;
      gsize size = 0;
      gconstpointer data = kab_statement_get_blob (stmt, 0, &size);
      gboolean has_files = kab_statement_get_int64 (stmt, 1) != 0;

      if (size != sizeof counts)
        continue;
      memcpy (counts, data, size);
      for (guint i = 0; i < KAB_N_STATES; i++)
        totals[i == KAB_STATE_MISSING && has_files ? KAB_STATE_PENDING : i] += counts[i];
    }
  return kab_error_is_none (&local_error, error);
}

static gboolean
post_day (KabStoreWriter  *self,
          gint64           now,
          GError         **error)
{
  gint64 numbers[KAB_N_DAY_NUMBERS] = { now - now % SECONDS_PER_DAY };
  g_autoptr(KabStatement) stmt = NULL;

  if (!add_up_pairs (self, numbers + 1, error))
    return FALSE;

  stmt = kab_database_prepare (self->database,
                               "SELECT count (*), coalesce (sum (standing = ?1 AND last_seen_at >= ?2), 0) "
                               "FROM hosts INDEXED BY hosts_standing WHERE counted = 1", error);
  if (stmt == NULL)
    return FALSE;
  kab_statement_bind_int64 (stmt, 1, KAB_HOST_STATE_COMPLIANT);
  kab_statement_bind_int64 (stmt, 2, now - SILENT_DAYS * SECONDS_PER_DAY);
  if (!kab_statement_step (stmt, error))
    return FALSE;
  numbers[1 + KAB_N_STATES] = kab_statement_get_int64 (stmt, 0);
  numbers[2 + KAB_N_STATES] = kab_statement_get_int64 (stmt, 1);
  kab_statement_reset (stmt);

  return kab_store_writer_post (self, KAB_OUTBOX_DAY, "", numbers, sizeof numbers, error);
}

static gboolean
date_outbox (KabStoreWriter  *self,
             gint64           now,
             GError         **error)
{
  g_autoptr(KabStatement) stmt = kab_database_prepare (self->database, "UPDATE outbox SET at = ?1 WHERE at = 0", error);

  if (stmt == NULL)
    return FALSE;

  kab_statement_bind_int64 (stmt, 1, now);
  return kab_store_writer_run (self, stmt, error);
}

static gboolean
finish (KabStoreWriter  *self,
        gint64           now,
        GError         **error)
{
  g_autofree char *synced_at = g_strdup_printf ("%" G_GINT64_FORMAT, now);

  if (!write_counts (self, error))
    return FALSE;

  if (self->new_hosts->len > 0 &&
      !kab_store_writer_post (self, KAB_OUTBOX_HOSTS_SEEN, "", self->new_hosts->data, self->new_hosts->len, error))
    return FALSE;

  return post_day (self, now, error) &&
         date_outbox (self, now, error) &&
         kab_store_write_value (self, "synced_at", synced_at, error) &&
         kab_store_add_log (self->database, &self->report, NULL, error) &&
         !kab_store_writer_is_cancelled (self, error);
}

static void
add_up_report (KabStoreWriter *self,
               KabSyncReport  *report)
{
  report->hosts_new = self->report.hosts_new;
  report->hosts_changed = self->report.hosts_changed;
  report->hosts_gone = self->report.hosts_gone;
  report->updates_new = self->report.updates_new;
  report->updates_changed = self->report.updates_changed;
  report->updates_gone = self->report.updates_gone;
  report->states_changed = self->report.states_changed;
  self->report = *report;
}

/* The mirror has it; now the ledger may take its share. What it cannot take now waits in the outbox. */
static void
deliver (KabStoreWriter *self)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(KabLedger) ledger = kab_store_open_ledger (self->store, &error);

  if (ledger == NULL || !kab_ledger_take (ledger, self->database, &error))
    g_info ("%s: the ledger takes it later: %s", kab_store_get_path (self->store), error->message);
}

gboolean
kab_store_write_commit (KabStoreWriter  *writer,
                        KabSyncReport   *report,
                        GError         **error)
{
  g_autoptr(KabStoreWriter) self = writer;
  KabSyncReport unasked = { 0 };
  gint64 now;

  g_return_val_if_fail (self != NULL, FALSE);

  if (report == NULL)
    report = &unasked;
  if (report->finished_at == 0)
    report->finished_at = g_get_real_time () / G_USEC_PER_SEC;
  now = report->finished_at;

  /* Counters are complete only when the ends are known, and the log wants them: so first the ends, then the report. */
  if (!kab_store_writer_end_updates (self, error) || !kab_store_writer_end_hosts (self, error))
    return FALSE;
  add_up_report (self, report);
  if (!finish (self, now, error))
    return FALSE;

  kab_fault_point ("store-before-commit");
  if (!kab_database_commit (self->database, error))
    return FALSE;
  kab_fault_point ("store-after-commit");

  /* From here on it is done, whatever happens; cancelling comes too late. */
  kab_database_set_cancellable (self->database, NULL);
  deliver (self);
  return TRUE;
}
