/* kab-packages-evidence.h: what is known of the trial of each package that waits for its next ring
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-evidence.h"
#include "kab-rules-lookup.h"
#include "kab-session.h"

G_BEGIN_DECLS

/* Signal "changed" (gboolean other): the evidence was read; @other: it says something else of a package than before */
#define KAB_TYPE_PACKAGES_EVIDENCE (kab_packages_evidence_get_type ())
G_DECLARE_FINAL_TYPE (KabPackagesEvidence, kab_packages_evidence, KAB, PACKAGES_EVIDENCE, GObject)

KabPackagesEvidence *kab_packages_evidence_new      (void);
/* Of those of @packages (KabRulePackage) that wait; what is known stays until it is known better. */
void                 kab_packages_evidence_read     (KabPackagesEvidence *self,
                                                     KabSession          *session,
                                                     GListModel          *packages);
/* Forgets all, and reads no more. */
void                 kab_packages_evidence_clear    (KabPackagesEvidence *self);
/* (transfer none) (nullable) */
const KabEvidence   *kab_packages_evidence_get      (KabPackagesEvidence *self,
                                                     KabRulePackage      *item);
/* (transfer full) (nullable): what the gate says of a package that waits */
char                *kab_packages_evidence_dup_note (KabPackagesEvidence *self,
                                                     KabRulePackage      *item);

G_END_DECLS
