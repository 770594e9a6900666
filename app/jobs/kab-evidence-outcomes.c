/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-jobs"

#include "config.h"

#include <string.h>

#include "kab-error.h"
#include "kab-evidence-private.h"

#define FAILURES_BETWEEN_LOOKS 64

/* Nothing that is new applies to any host that has it: then only failures can tell. */
static gboolean
look_at_failures_only (KabEvidenceTrial *trial)
{
  for (guint i = 0; i < trial->targets->len; i++)
    if (g_array_index (trial->targets, KabEvidenceTarget, i).n_applies > 0)
      return FALSE;

  return TRUE;
}

/* For packages that only forbid: a failure that was there before it is none of its making. */
static gboolean
find_new_failures (KabEvidenceReading  *self,
                   KabEvidenceTrial    *trial,
                   GCancellable        *cancellable,
                   GError             **error)
{
  g_autoptr(GHashTable) ids = g_hash_table_new (NULL, NULL);
  const KabUpdateRecord *updates;
  guint n_updates;

  updates = kab_snapshot_get_updates (self->snapshot, &n_updates);
  for (guint i = 0; i < n_updates; i++)
    g_hash_table_insert (ids, GUINT_TO_POINTER (updates[i].number), (gpointer) updates[i].update_id);

  for (guint i = 0; i < self->failures->len; i++)
    {
      const KabEvidenceFailure *failure = &g_array_index (self->failures, KabEvidenceFailure, i);
      const char *id = g_hash_table_lookup (ids, GUINT_TO_POINTER (failure->update));
      guint32 place = trial->places[failure->host];
      KabEvidenceTarget *target = place != 0 ? &g_array_index (trial->targets, KabEvidenceTarget, place - 1) : NULL;
      g_autoptr(GError) local_error = NULL;
      gboolean is_exact = FALSE;
      gint64 since;

      if (i % FAILURES_BETWEEN_LOOKS == 0 && g_cancellable_set_error_if_cancelled (cancellable, error))
        return FALSE;
      if (target == NULL || !target->has || id == NULL)
        continue;
      since = kab_ledger_read_since (self->ledger, self->hosts[failure->host].uuid, id, KAB_STATE_ERROR, FALSE, &is_exact,
                                     &local_error);
      if (!kab_error_is_none (&local_error, error))
        return FALSE;
      if (is_exact && since >= trial->evidence->since)
        target->result = target->n_failed++ == 0 ? failure->result : target->result;
    }

  return TRUE;
}

typedef enum {
  OUTCOME_SUCCEEDED,
  OUTCOME_FAILED,
  OUTCOME_SILENT,
  OUTCOME_WAITING,
  OUTCOME_UNTOUCHED,
} Outcome;

static Outcome
get_outcome (const KabEvidence       *evidence,
             const KabEvidenceTarget *target,
             const KabHostRecord     *host)
{
  gboolean was_heard = !host->silent && host->last_seen_at >= evidence->since;

  if (target->has && target->n_failed > 0)
    return OUTCOME_FAILED;
  if (target->has && evidence->only_forbids)
    return was_heard ? OUTCOME_SUCCEEDED : OUTCOME_SILENT;
  if (target->has && target->n_applies == 0)
    return OUTCOME_UNTOUCHED;
  if (target->has && target->n_installed == target->n_applies)
    return OUTCOME_SUCCEEDED;

  return was_heard ? OUTCOME_WAITING : OUTCOME_SILENT;
}

static void
count (KabGateCounts *counts,
       Outcome        outcome)
{
  guint * const into[] = {
    [OUTCOME_SUCCEEDED] = &counts->succeeded, [OUTCOME_FAILED] = &counts->failed, [OUTCOME_SILENT] = &counts->silent,
    [OUTCOME_WAITING] = &counts->waiting, [OUTCOME_UNTOUCHED] = &counts->untouched,
  };

  (*into[outcome])++;
  counts->targeted += outcome != OUTCOME_UNTOUCHED;
}

static void
count_targets (KabEvidenceReading *self,
               KabEvidenceTrial   *trial)
{
  KabEvidence *evidence = trial->evidence;
  GPtrArray * const lists[] = {
    [OUTCOME_SUCCEEDED] = evidence->succeeded_hosts, [OUTCOME_FAILED] = evidence->failed_hosts,
    [OUTCOME_SILENT] = evidence->silent_hosts, [OUTCOME_WAITING] = evidence->waiting_hosts,
    [OUTCOME_UNTOUCHED] = evidence->untouched_hosts,
  };

  for (guint i = 0; i < trial->targets->len; i++)
    {
      const KabEvidenceTarget *target = &g_array_index (trial->targets, KabEvidenceTarget, i);
      const KabHostRecord *host = &self->hosts[target->host];
      g_autofree char *build = g_strndup (host->build, strcspn (host->build, "."));
      Outcome outcome = get_outcome (evidence, target, host);

      count (&evidence->counts, outcome);
      count (kab_evidence_get_stratum (evidence, build), outcome);
      g_ptr_array_add (lists[outcome], g_strdup (host->uuid));
      if (outcome == OUTCOME_FAILED)
        kab_evidence_add_failure (evidence, target->result);
      if (target->may_restart && host->restart)
        evidence->restart_pending++;
      else if (target->may_restart)
        evidence->restarts++;
    }
}

gboolean
kab_evidence_count_outcomes (KabEvidenceReading  *self,
                             KabEvidenceTrial    *trial,
                             GCancellable        *cancellable,
                             GError             **error)
{
  trial->evidence->only_forbids = look_at_failures_only (trial);
  if (trial->evidence->only_forbids && !find_new_failures (self, trial, cancellable, error))
    return FALSE;

  count_targets (self, trial);
  return TRUE;
}
