/* kab-evidence-private.h: one reading of evidence, of several packages at once
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-evidence.h"
#include "kab-ledger.h"
#include "kab-rules-lookup.h"

G_BEGIN_DECLS

/* One targeted host of a package. */
typedef struct {
  guint    host;               /* index in the snapshot */
  gboolean has;                /* the package in this version */
  guint    n_applies;
  guint    n_installed;
  guint    n_failed;
  gint32   result;             /* of the first failure */
  gboolean may_restart;        /* something installed may want a restart */
} KabEvidenceTarget;

/* One package on trial. */
typedef struct {
  KabRulePackage *item;        /* borrowed from the reading */
  KabRuleSet     *before;      /* (nullable): rules of the version before; borrowed likewise */
  KabEvidence    *evidence;
  GArray         *news;        /* (element-type KabRulesNews), by number */
  GArray         *targets;     /* (element-type KabEvidenceTarget) */
  guint32        *places;      /* host → index in @targets + 1 */
} KabEvidenceTrial;

/* An update in error on a host that is a target of any. */
typedef struct {
  guint   host;
  guint32 update;
  gint32  result;
} KabEvidenceFailure;

typedef struct {
  KabSnapshot         *snapshot;
  const KabHostRecord *hosts;
  guint                n_hosts;
  KabLedger           *ledger;
  GPtrArray           *items;         /* (element-type KabRulePackage): all of the server */
  GHashTable          *rules;         /* "name version" → KabRuleSet, also of packages that only hosts have still */
  GPtrArray           *updates;       /* (element-type KabUpdate) */
  GPtrArray           *trials;        /* (element-type KabEvidenceTrial) (nullable elements) */
  guint8              *wanted;        /* a byte a host: the target of any */
  GHashTable          *sets;          /* packages of a host, one text → (element-type KabRuleSet) */
  GArray              *failures;      /* (element-type KabEvidenceFailure) */
} KabEvidenceReading;

/* kab-evidence-pairs.c: whom a package is for */
void     kab_evidence_add_targets    (KabEvidenceReading  *self,
                                      KabEvidenceTrial    *trial);
/* and what its updates are there: all trials in one pass over the pairs */
gboolean kab_evidence_visit_pairs    (KabEvidenceReading  *self,
                                      GCancellable        *cancellable,
                                      GError             **error);
/* kab-evidence-outcomes.c: what became of each target */
gboolean kab_evidence_count_outcomes (KabEvidenceReading  *self,
                                      KabEvidenceTrial    *trial,
                                      GCancellable        *cancellable,
                                      GError             **error);

G_END_DECLS
