/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <math.h>
#include <string.h>
#include <glib/gi18n-lib.h>

#include "kab-calendar.h"
#include "kab-gate.h"
#include "kab-template.h"

#define Z 1.96               /* 95 %, two-sided */
#define MAX_MORE 10000000u

KabEvidence *
kab_evidence_new (void)
{
  KabEvidence *self = g_new0 (KabEvidence, 1);

  self->failures = g_array_new (FALSE, TRUE, sizeof (KabGateFailure));
  self->strata = g_array_new (FALSE, TRUE, sizeof (KabGateStratum));
  self->succeeded_hosts = g_ptr_array_new_with_free_func (g_free);
  self->failed_hosts = g_ptr_array_new_with_free_func (g_free);
  self->silent_hosts = g_ptr_array_new_with_free_func (g_free);
  self->waiting_hosts = g_ptr_array_new_with_free_func (g_free);
  self->untouched_hosts = g_ptr_array_new_with_free_func (g_free);

  return self;
}

void
kab_evidence_free (KabEvidence *self)
{
  if (self == NULL)
    return;

  for (guint i = 0; i < self->strata->len; i++)
    g_free (g_array_index (self->strata, KabGateStratum, i).build);
  g_array_unref (self->strata);
  g_array_unref (self->failures);
  g_ptr_array_unref (self->succeeded_hosts);
  g_ptr_array_unref (self->failed_hosts);
  g_ptr_array_unref (self->silent_hosts);
  g_ptr_array_unref (self->waiting_hosts);
  g_ptr_array_unref (self->untouched_hosts);
  g_free (self->package);
  g_free (self->version);
  g_free (self->maturity);
  g_free (self->predecessor);
  g_free (self);
}

/* Kept in order, most hosts first: a few codes, however many hosts. */
void
kab_evidence_add_failure (KabEvidence *self,
                          gint32       result)
{
  GArray *failures;
  guint i;

  g_return_if_fail (self != NULL);

  failures = self->failures;
  for (i = 0; i < failures->len && g_array_index (failures, KabGateFailure, i).result != result; i++)
    ;
  if (i == failures->len)
    {
      KabGateFailure failure = { result, 0 };

      g_array_append_val (failures, failure);
    }
  g_array_index (failures, KabGateFailure, i).n_hosts++;
  for (; i > 0 && g_array_index (failures, KabGateFailure, i - 1).n_hosts <
                  g_array_index (failures, KabGateFailure, i).n_hosts; i--)
    {
      KabGateFailure higher = g_array_index (failures, KabGateFailure, i - 1);

      g_array_index (failures, KabGateFailure, i - 1) = g_array_index (failures, KabGateFailure, i);
      g_array_index (failures, KabGateFailure, i) = higher;
    }
}

KabGateCounts *
kab_evidence_get_stratum (KabEvidence *self,
                          const char  *build)
{
  KabGateStratum stratum = { NULL, { 0 } };
  guint i;

  g_return_val_if_fail (self != NULL, NULL);
  g_return_val_if_fail (build != NULL, NULL);

  for (i = 0; i < self->strata->len; i++)
    {
      KabGateStratum *known = &g_array_index (self->strata, KabGateStratum, i);
      int order = strcmp (known->build, build);

      if (order == 0)
        return &known->counts;
      if (order > 0)
        break;
    }

  stratum.build = g_strdup (build);
  g_array_insert_val (self->strata, i, stratum);
  return &g_array_index (self->strata, KabGateStratum, i).counts;
}

void
kab_gate_init_default (KabGate *self)
{
  g_return_if_fail (self != NULL);

  self->least_bound = 0.80;
  self->least_reported = 0.80;
  self->least_seconds = 3 * KAB_SECONDS_PER_DAY;
}

double
kab_gate_wilson (guint succeeded,
                 guint n)
{
  double size = n;
  double share;
  double bound;

  if (n == 0)
    return 0;

  share = MIN (succeeded, n) / size;
  bound = (share + Z * Z / (2 * size) - Z * sqrt ((share * (1 - share) + Z * Z / (4 * size)) / size)) / (1 + Z * Z / size);
  return CLAMP (bound, 0, 1);
}

/* The bound grows with every further success, so the first that is enough is found by halving. */
guint
kab_gate_more_successes (guint  succeeded,
                         guint  n,
                         double least)
{
  guint low = 0;
  guint high = MAX_MORE;

  if (least <= 0 || kab_gate_wilson (succeeded, n) >= least)
    return 0;
  if (least >= 1 || n > G_MAXUINT - MAX_MORE || kab_gate_wilson (succeeded + MAX_MORE, n + MAX_MORE) < least)
    return G_MAXUINT;

  while (low + 1 < high)
    {
      guint middle = low + (high - low) / 2;

      if (kab_gate_wilson (succeeded + middle, n + middle) >= least)
        high = middle;
      else
        low = middle;
    }

  return high;
}

void
kab_gate_judge (const KabGate     *self,
                const KabEvidence *evidence,
                KabGateVerdict    *verdict)
{
  const KabGateCounts *counts;
  guint reported;
  guint for_share = 0;

  g_return_if_fail (self != NULL);
  g_return_if_fail (evidence != NULL);
  g_return_if_fail (verdict != NULL);

  memset (verdict, 0, sizeof *verdict);
  counts = &evidence->counts;
  reported = kab_gate_counts_get_reported (counts);

  verdict->rate = reported > 0 ? (double) counts->succeeded / reported : 0;
  verdict->bound = kab_gate_wilson (counts->succeeded, reported);
  verdict->worst_bound = kab_gate_wilson (counts->succeeded, counts->targeted);
  verdict->reported = counts->targeted > 0 ? (double) reported / counts->targeted : 0;
  verdict->exposed = evidence->since > 0 ? MAX (evidence->now - evidence->since, 0) : 0;

  verdict->bound_passes = verdict->bound >= self->least_bound;
  /* A pilot without hosts shows nothing, whatever share is asked for. */
  verdict->reported_passes = counts->targeted > 0 && verdict->reported >= self->least_reported;
  verdict->time_passes = evidence->since > 0 && verdict->exposed >= self->least_seconds;
  verdict->passes = verdict->bound_passes && verdict->reported_passes && verdict->time_passes;

  verdict->more_successes = kab_gate_more_successes (counts->succeeded, reported, self->least_bound);
  if (verdict->reported < self->least_reported)
    {
      double least = MIN (self->least_reported, 1) * counts->targeted;

      for_share = (guint) ceil (least - 1e-9);
      for_share = for_share > reported ? for_share - reported : 0;
    }
  verdict->more_successes = MAX (verdict->more_successes, for_share);
  if (counts->targeted == 0 && verdict->more_successes == 0)
    verdict->more_successes = 1;
  verdict->more_seconds = verdict->time_passes ? 0 : MAX (self->least_seconds - verdict->exposed, 1);
  if (verdict->more_successes > counts->targeted - MIN (reported, counts->targeted))
    verdict->more_hosts = verdict->more_successes - (counts->targeted - MIN (reported, counts->targeted));
}

static char *
dup_time (gint64 seconds)
{
  guint hours = (guint) MIN ((seconds + 3599) / 3600, G_MAXINT);
  guint days = (hours + 23) / 24;

  if (seconds < 3600)
    {
      guint minutes = (guint) ((seconds + 59) / 60);

      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u more minute", "%u more minutes", minutes), minutes);
    }
  if (hours < 24)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u more hour", "%u more hours", hours), hours);
  return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u more day", "%u more days", days), days);
}

char *
kab_gate_verdict_describe_missing (const KabGateVerdict *verdict)
{
  g_autofree char *successes = NULL;
  g_autofree char *time = NULL;

  g_return_val_if_fail (verdict != NULL, NULL);

  if (verdict->more_successes == G_MAXUINT)
    successes = g_strdup (_("more successes than any pilot can give"));
  else if (verdict->more_successes > 0)
    successes = g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%u more success", "%u more successes",
                                              verdict->more_successes), verdict->more_successes);
  if (verdict->more_seconds > 0)
    time = dup_time (verdict->more_seconds);

  if (successes != NULL && time != NULL)
    {
      const KabTemplateValue values[] = { { "successes", successes }, { "time", time }, { NULL, NULL } };

      /* Translators: what a pilot still needs: "21 more successes and 4 more days" */
      return kab_template_fill (_("{successes} and {time}"), values);
    }

  return successes != NULL ? g_steal_pointer (&successes) : g_steal_pointer (&time);
}

char *
kab_gate_verdict_to_text (const KabGateVerdict *verdict,
                          const KabEvidence    *evidence)
{
  const KabGateCounts *counts;

  g_return_val_if_fail (verdict != NULL, NULL);
  g_return_val_if_fail (evidence != NULL, NULL);

  counts = &evidence->counts;
  return g_strdup_printf ("%s: %u of %u hosts succeeded, %u failed, %u silent, %u waiting; bound %.1f %% (%.1f %% at worst); "
                          "%.1f days; %u restarts", verdict->passes ? "passed" : "not passed", counts->succeeded,
                          counts->targeted, counts->failed, counts->silent, counts->waiting, verdict->bound * 100,
                          verdict->worst_bound * 100, (double) verdict->exposed / KAB_SECONDS_PER_DAY, evidence->restarts);
}
