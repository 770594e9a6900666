/* kab-gate.h: is a pilot good enough to go on, and what is missing
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What happened to one group of targeted hosts. An outcome is a success or a failure; a host that has neither is silent
 * when it has not told us since it should have, and waits when it has. A host to which nothing of what is new applies
 * shows nothing either way: it is untouched, and not among the targeted ones. */
typedef struct {
  guint targeted;              /* succeeded + failed + silent + waiting */
  guint succeeded;
  guint failed;
  guint silent;
  guint waiting;
  guint untouched;
} KabGateCounts;

/* Hosts that report an outcome */
static inline guint
kab_gate_counts_get_reported (const KabGateCounts *counts)
{
  return counts->succeeded + counts->failed;
}

typedef struct {
  gint32 result;               /* HRESULT of the newest try, 0 = none told */
  guint  n_hosts;
} KabGateFailure;

typedef struct {
  char          *build;        /* "22631", "" = not known */
  KabGateCounts  counts;
} KabGateStratum;

/**
 * KabEvidence: what a fleet tells about one rule package; made by jobs/kab-evidence.h, or by a test.
 * @only_forbids: it allows nothing new that a targeted host needs, so that a host succeeds when no new failure came since
 */
typedef struct {
  char          *package;      /* name */
  char          *version;
  char          *maturity;
  char          *predecessor;  /* "demo-wua-base 12" it is compared with, or NULL */
  gint64         since;        /* exposed since, Unix seconds; 0 = not published */
  gint64         now;
  gboolean       only_forbids;
  guint          n_allowed;    /* updates it newly allows, of those that the server knows */
  guint          n_forbidden;  /* lines it newly forbids */
  guint          restarts;     /* hosts that installed something that may want a restart, and want none now */
  guint          restart_pending;   /* … and want one now */
  KabGateCounts  counts;
  GArray        *failures;     /* (element-type KabGateFailure), most hosts first */
  GArray        *strata;       /* (element-type KabGateStratum), by build */
  /* Hosts behind each count, by uuid (element-type utf8), for doors and lists */
  GPtrArray     *succeeded_hosts;
  GPtrArray     *failed_hosts;
  GPtrArray     *silent_hosts;
  GPtrArray     *waiting_hosts;
  GPtrArray     *untouched_hosts;
} KabEvidence;

KabEvidence *kab_evidence_new  (void);
void         kab_evidence_free (KabEvidence *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (KabEvidence, kab_evidence_free)
void         kab_evidence_add_failure (KabEvidence *self, gint32 result);
/* (transfer none): made when it is not there */
KabGateCounts *kab_evidence_get_stratum (KabEvidence *self, const char *build);

/* Thresholds; preferences set them. Shares are 0–1. */
typedef struct {
  double least_bound;          /* default 0.80: 16 successes without a failure */
  double least_reported;       /* default 0.80 of the targeted hosts */
  gint64 least_seconds;        /* default 3 days */
} KabGate;

void   kab_gate_init_default (KabGate *self);

typedef struct {
  gboolean passes;
  gboolean bound_passes;
  gboolean reported_passes;
  gboolean time_passes;
  double   rate;               /* succeeded / reported; 0 when none reported */
  double   bound;              /* Wilson lower bound at 95 % over the hosts that reported */
  double   worst_bound;        /* the same with every host without an outcome taken as failed */
  double   reported;           /* share of the targeted hosts that reported */
  gint64   exposed;            /* seconds */
  /* What is missing; 0 = nothing */
  guint    more_successes;     /* further successes, without a failure, for the bound and the share */
  gint64   more_seconds;
  guint    more_hosts;         /* of @more_successes, how many the targeted hosts cannot give any more */
} KabGateVerdict;

/* Lower bound of the Wilson score interval at 95 %, two-sided (z = 1.96); 0 when @n is 0. */
double kab_gate_wilson       (guint succeeded, guint n);
/* How many further successes without a failure bring the bound to @least; G_MAXUINT when it cannot be reached. */
guint  kab_gate_more_successes (guint succeeded, guint n, double least);
void   kab_gate_judge        (const KabGate *self, const KabEvidence *evidence, KabGateVerdict *verdict);
/* "21 more successes and 4 more days"; NULL when nothing is missing. In the reader's language */
char  *kab_gate_verdict_describe_missing (const KabGateVerdict *verdict);
/* One line for the approval log and for scripts, in English: "passed: 40 of 42 …" */
char  *kab_gate_verdict_to_text (const KabGateVerdict *verdict, const KabEvidence *evidence);

G_END_DECLS
