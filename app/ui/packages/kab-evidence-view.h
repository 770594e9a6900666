/* kab-evidence-view.h: what a pilot showed: hosts by outcome, failures, bounds, what the gate says
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "kab-gate.h"
#include "kab-session.h"

G_BEGIN_DECLS

/* Adds it to a vertical box. @details: failures in words, bounds and builds too */
void kab_evidence_view_fill (GtkBox            *box,
                             KabSession        *session,
                             const KabEvidence *evidence,
                             gboolean           details);

G_END_DECLS
