/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-ui"

#include "config.h"

#include <glib/gi18n.h>

#include "kab-detail-lines.h"
#include "kab-evidence-view.h"
#include "kab-facts.h"
#include "kab-format.h"
#include "kab-gate-words.h"

#define FEWEST_OF_BUILD 2       /* hosts of a build that reported, for a line of its own */
#define MOST_FAILURES 8

static void
add_count (GtkGrid    *grid,
           KabSession *session,
           const char *name,
           guint       n,
           GPtrArray  *uuids)
{
  KabSnapshot *snapshot = kab_session_get_snapshot (session);
  g_autoptr(GArray) hosts = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint i = 0; snapshot != NULL && uuids != NULL && i < uuids->len; i++)
    {
      int host = kab_snapshot_find_host (snapshot, uuids->pdata[i]);
      guint index = (guint) host;

      if (host >= 0)
        g_array_append_val (hosts, index);
    }
  kab_detail_add_hosts (grid, name, name, n, snapshot, hosts);
}

static void
add_counts (GtkBox            *box,
            KabSession        *session,
            const KabEvidence *evidence)
{
  GtkGrid *grid = GTK_GRID (kab_facts_add_grid (box));
  g_autofree char *targeted = kab_format_count (evidence->counts.targeted);
  g_autofree char *since = kab_format_date_time (evidence->since);
  g_autofree char *age = kab_format_age (evidence->since, evidence->now);
  g_autofree char *exposed = NULL;
  g_autofree char *restarts = NULL;

  kab_facts_add (grid, _("Targeted"), targeted);
  add_count (grid, session, _("Succeeded"), evidence->counts.succeeded, evidence->succeeded_hosts);
  add_count (grid, session, _("Failed"), evidence->counts.failed, evidence->failed_hosts);
  add_count (grid, session, _("Silent"), evidence->counts.silent, evidence->silent_hosts);
  add_count (grid, session, _("Not done yet"), evidence->counts.waiting, evidence->waiting_hosts);
  if (evidence->since > 0)
    exposed = g_strdup_printf ("%s · %s", since, age);
  kab_facts_add (grid, _("Tried since"), exposed != NULL ? exposed : _("not published yet"));
  restarts = evidence->restart_pending > 0
             /* Translators: hosts that restarted after an install, hosts that still have to */
             ? g_strdup_printf (_("%1$u seen, %2$u pending"), evidence->restarts, evidence->restart_pending)
             : g_strdup_printf (_("%u seen"), evidence->restarts);
  kab_facts_add (grid, _("Restarts"), restarts);
}

static void
add_bounds (GtkBox               *box,
            const KabGateVerdict *verdict,
            const KabEvidence    *evidence)
{
  GtkGrid *grid = GTK_GRID (kab_facts_add_grid (box));
  g_autofree char *rate = kab_gate_words_share (verdict->rate);
  g_autofree char *bound = kab_gate_words_share (verdict->bound);
  g_autofree char *worst = kab_gate_words_share (verdict->worst_bound);
  g_autofree char *reported = kab_gate_words_share (verdict->reported);
  g_autofree char *least_bound = NULL;
  g_autofree char *least_reported = NULL;
  g_autofree char *bound_line = NULL;
  g_autofree char *reported_line = NULL;
  KabGate gate;

  kab_gate_words_read_settings (&gate);
  least_bound = kab_gate_words_share (gate.least_bound);
  least_reported = kab_gate_words_share (gate.least_reported);
  /* Translators: %1$s is a share that was reached, %2$s the one that is wanted */
  bound_line = g_strdup_printf (_("%1$s (wanted: %2$s)"), bound, least_bound);
  /* Translators: %1$s is a share that was reached, %2$s the one that is wanted */
  reported_line = g_strdup_printf (_("%1$s (wanted: %2$s)"), reported, least_reported);

  kab_facts_add (grid, _("Success rate"), kab_gate_counts_get_reported (&evidence->counts) > 0 ? rate : "–");
  kab_facts_add (grid, _("At least, at 95 %"), bound_line);
  kab_facts_add (grid, _("If every silent host failed"), worst);
  kab_facts_add (grid, _("Reported"), reported_line);
}

static void
add_failures (GtkBox            *box,
              const KabEvidence *evidence)
{
  if (evidence->failures == NULL || evidence->failures->len == 0)
    return;

  kab_facts_add_heading (box, _("Why hosts failed"));
  for (guint i = 0; i < MIN (evidence->failures->len, MOST_FAILURES); i++)
    {
      const KabGateFailure *failure = &g_array_index (evidence->failures, KabGateFailure, i);
      g_autofree char *count = g_strdup_printf (ngettext ("%u host", "%u hosts", failure->n_hosts),
                                                failure->n_hosts);
      GtkWidget *line = kab_detail_add_failure (box, failure->result);

      gtk_box_append (GTK_BOX (line), kab_facts_new_text (count));
    }
}

/* Only where numbers say something: at least two builds with hosts that reported */
static void
add_builds (GtkBox            *box,
            const KabEvidence *evidence)
{
  GtkGrid *grid = NULL;
  guint n_told = 0;

  for (guint i = 0; evidence->strata != NULL && i < evidence->strata->len; i++)
    if (kab_gate_counts_get_reported (&g_array_index (evidence->strata, KabGateStratum, i).counts) >= FEWEST_OF_BUILD)
      n_told++;
  if (n_told < 2)
    return;

  kab_facts_add_heading (box, _("By Windows build"));
  grid = GTK_GRID (kab_facts_add_grid (box));
  for (guint i = 0; i < evidence->strata->len; i++)
    {
      const KabGateStratum *stratum = &g_array_index (evidence->strata, KabGateStratum, i);
      guint reported = kab_gate_counts_get_reported (&stratum->counts);
      g_autofree char *text = NULL;

      if (reported < FEWEST_OF_BUILD)
        continue;
      /* Translators: of hosts of one Windows build: %1$u of %2$u that reported have succeeded, %3$u were targeted */
      text = g_strdup_printf (_("%1$u of %2$u succeeded, %3$u targeted"),
                              stratum->counts.succeeded, reported, stratum->counts.targeted);
      kab_facts_add (grid, *stratum->build != '\0' ? stratum->build : _("not known"), text);
    }
}

void
kab_evidence_view_fill (GtkBox            *box,
                        KabSession        *session,
                        const KabEvidence *evidence,
                        gboolean           details)
{
  GtkBox *line = GTK_BOX (kab_facts_add_line (box));
  KabGateVerdict verdict;
  g_autofree char *text = NULL;

  kab_gate_words_judge (evidence, &verdict);
  text = kab_gate_words_describe (&verdict);
  kab_gate_words_bind (kab_detail_add_badge (line), &verdict);
  gtk_box_append (line, kab_facts_new_text (text));

  if (evidence->only_forbids)
    kab_facts_add_dim (box, _("It allows nothing new: a host succeeds when it has scanned with it and nothing "
                              "new has failed since."));
  else
    kab_facts_add_dim (box, _("A host succeeds when every update that is newly allowed and applies to it is "
                              "installed."));
  if (evidence->predecessor != NULL)
    {
      /* Translators: %s is a package and version */
      g_autofree char *than = g_strdup_printf (_("Compared with %s."), evidence->predecessor);

      kab_facts_add_dim (box, than);
    }
  add_counts (box, session, evidence);
  if (!details)
    return;

  kab_facts_add_heading (box, _("How sure is that"));
  add_bounds (box, &verdict, evidence);
  add_failures (box, evidence);
  add_builds (box, evidence);
}
