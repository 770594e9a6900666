/* kab-package-pane.h: all about one package: control, files, signature, hosts, versions, evidence and gate
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-detail-pane.h"
#include "kab-gate.h"
#include "kab-rules-lookup.h"

G_BEGIN_DECLS

#define KAB_TYPE_PACKAGE_PANE (kab_package_pane_get_type ())
G_DECLARE_FINAL_TYPE (KabPackagePane, kab_package_pane, KAB, PACKAGE_PANE, KabDetailPane)

GtkWidget *kab_package_pane_new          (void);
void       kab_package_pane_show         (KabPackagePane    *self,
                                          KabSession        *session,      /* (nullable) */
                                          KabRulePackage    *item,         /* (nullable) */
                                          guint              n_selected);
/* What the pilot of the package that is shown has told; %NULL = nothing (yet). Keeps nothing of it. */
void       kab_package_pane_set_evidence (KabPackagePane    *self,
                                          const KabEvidence *evidence);

G_END_DECLS
