/* SPDX-License-Identifier: GPL-3.0-or-later */

#include "config.h"

#include <math.h>

#include "kab-gate.h"

#define DAY (24 * 60 * 60)
#define NOW G_GINT64_CONSTANT (1795000000)

/* The figures that people quote, to whole per cents. */
static void
test_wilson (void)
{
  static const struct { guint succeeded, n, percent; } cases[] = {
    { 0, 0, 0 }, { 0, 10, 0 }, { 1, 1, 21 }, { 7, 10, 40 }, { 20, 20, 84 }, { 72, 72, 95 }, { 73, 73, 95 }, { 40, 42, 84 },
    { 500, 1000, 47 }, { 1000000, 1000000, 100 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    g_assert_cmpuint ((guint) round (kab_gate_wilson (cases[i].succeeded, cases[i].n) * 100), ==, cases[i].percent);
  g_assert_cmpfloat (kab_gate_wilson (72, 72), <, 0.95);
  g_assert_cmpfloat (kab_gate_wilson (73, 73), >=, 0.95);
  /* Nonsense stays inside the scale. */
  g_assert_cmpfloat (kab_gate_wilson (9, 3), <=, 1);
}

/* The number found is enough, and one less is not. */
static void
test_more_successes (void)
{
  static const double bounds[] = { 0.5, 0.8, 0.84, 0.9, 0.95, 0.99 };

  g_assert_cmpuint (kab_gate_more_successes (0, 0, 0.95), ==, 73);
  g_assert_cmpuint (kab_gate_more_successes (73, 73, 0.95), ==, 0);
  g_assert_cmpuint (kab_gate_more_successes (5, 5, 0), ==, 0);
  g_assert_cmpuint (kab_gate_more_successes (5, 5, 1), ==, G_MAXUINT);
  g_assert_cmpuint (kab_gate_more_successes (0, G_MAXUINT - 5, 0.9), ==, G_MAXUINT);

  for (guint i = 0; i < G_N_ELEMENTS (bounds); i++)
    for (guint n = 0; n <= 60; n += 7)
      for (guint failed = 0; failed <= MIN (n, 3); failed++)
        {
          guint more = kab_gate_more_successes (n - failed, n, bounds[i]);

          g_assert_cmpfloat (kab_gate_wilson (n - failed + more, n + more), >=, bounds[i]);
          if (more > 0)
            g_assert_cmpfloat (kab_gate_wilson (n - failed + more - 1, n + more - 1), <, bounds[i]);
        }
}

static const struct {
  const char    *name;
  KabGateCounts  counts;      /* targeted, succeeded, failed, silent, waiting */
  gint64         days;        /* exposed; -1 not published */
  gboolean       bound, reported, time;
  guint          more_successes, more_hosts;
  guint          percent, worst;
  const char    *missing;
} cases[] = {
  { "nobody", { 0, 0, 0, 0, 0 }, 9, FALSE, FALSE, TRUE, 16, 16, 0, 0, "16 more successes" },
  { "20 of 20", { 20, 20, 0, 0, 0 }, 3, TRUE, TRUE, TRUE, 0, 0, 84, 84, NULL },
  { "7 of 10", { 10, 7, 3, 0, 0 }, 3, FALSE, TRUE, TRUE, 30, 30, 40, 40, "30 more successes" },
  { "too early", { 20, 20, 0, 0, 0 }, 1, TRUE, TRUE, FALSE, 0, 0, 84, 84, "2 more days" },
  { "not published", { 20, 20, 0, 0, 0 }, -1, TRUE, TRUE, FALSE, 0, 0, 84, 84, "3 more days" },
  { "too few answered", { 30, 20, 0, 6, 4 }, 3, TRUE, FALSE, TRUE, 4, 0, 84, 49, "4 more successes" },
  { "both", { 30, 3, 0, 27, 0 }, 0, FALSE, FALSE, FALSE, 21, 0, 44, 3, "21 more successes and 3 more days" },
  { "one of one", { 1, 1, 0, 0, 0 }, 3, FALSE, TRUE, TRUE, 15, 15, 21, 21, "15 more successes" },
};

static void
test_judge (void)
{
  KabGate gate;

  kab_gate_init_default (&gate);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr(KabEvidence) evidence = kab_evidence_new ();
      g_autofree char *missing = NULL;
      KabGateVerdict verdict;

      g_test_message ("%s", cases[i].name);
      evidence->counts = cases[i].counts;
      evidence->now = NOW;
      evidence->since = cases[i].days < 0 ? 0 : NOW - cases[i].days * DAY;
      kab_gate_judge (&gate, evidence, &verdict);
      missing = kab_gate_verdict_describe_missing (&verdict);

      g_assert_cmpint (verdict.bound_passes, ==, cases[i].bound);
      g_assert_cmpint (verdict.reported_passes, ==, cases[i].reported);
      g_assert_cmpint (verdict.time_passes, ==, cases[i].time);
      g_assert_cmpint (verdict.passes, ==, cases[i].bound && cases[i].reported && cases[i].time);
      g_assert_cmpuint (verdict.more_successes, ==, cases[i].more_successes);
      g_assert_cmpuint (verdict.more_hosts, ==, cases[i].more_hosts);
      g_assert_cmpuint ((guint) round (verdict.bound * 100), ==, cases[i].percent);
      g_assert_cmpuint ((guint) round (verdict.worst_bound * 100), ==, cases[i].worst);
      g_assert_cmpstr (missing, ==, cases[i].missing);
    }
}

static void
test_evidence (void)
{
  g_autoptr(KabEvidence) evidence = kab_evidence_new ();
  g_autofree char *line = NULL;
  KabGate gate = { 0.5, 0.5, 0 };
  KabGateVerdict verdict;

  kab_evidence_add_failure (evidence, 5);
  kab_evidence_add_failure (evidence, 7);
  kab_evidence_add_failure (evidence, 7);
  kab_evidence_add_failure (evidence, 9);
  g_assert_cmpuint (evidence->failures->len, ==, 3);
  g_assert_cmpint (g_array_index (evidence->failures, KabGateFailure, 0).result, ==, 7);
  g_assert_cmpuint (g_array_index (evidence->failures, KabGateFailure, 0).n_hosts, ==, 2);

  kab_evidence_get_stratum (evidence, "22631")->succeeded = 4;
  kab_evidence_get_stratum (evidence, "19045")->failed = 1;
  kab_evidence_get_stratum (evidence, "22631")->targeted++;
  g_assert_cmpuint (evidence->strata->len, ==, 2);
  g_assert_cmpstr (g_array_index (evidence->strata, KabGateStratum, 0).build, ==, "19045");
  g_assert_cmpuint (g_array_index (evidence->strata, KabGateStratum, 1).counts.succeeded, ==, 4);

  evidence->counts = (KabGateCounts) { .targeted = 6, .succeeded = 5, .failed = 1 };
  evidence->since = NOW;
  evidence->now = NOW + DAY;
  kab_gate_judge (&gate, evidence, &verdict);
  line = kab_gate_verdict_to_text (&verdict, evidence);
  g_assert_cmpstr (line, ==, "not passed: 5 of 6 hosts succeeded, 1 failed, 0 silent, 0 waiting; bound 43.6 % (43.6 % at worst); "
                             "1.0 days; 0 restarts");
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/gate/wilson", test_wilson);
  g_test_add_func ("/model/gate/more-successes", test_more_successes);
  g_test_add_func ("/model/gate/judge", test_judge);
  g_test_add_func ("/model/gate/evidence", test_evidence);
  return g_test_run ();
}
