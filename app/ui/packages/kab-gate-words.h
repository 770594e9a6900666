/* kab-gate-words.h: the promotion gate: its thresholds from the settings, its verdict as words
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-badge.h"
#include "kab-gate.h"

G_BEGIN_DECLS

void  kab_gate_words_read_settings (KabGate              *gate);
/* Judged with the thresholds of the settings */
void  kab_gate_words_judge         (const KabEvidence    *evidence,
                                    KabGateVerdict       *verdict);
void  kab_gate_words_bind          (KabBadge             *badge,
                                    const KabGateVerdict *verdict);
/* "The gate passes", or what is missing; one line */
char *kab_gate_words_describe      (const KabGateVerdict *verdict);
/* "87.4 %" of a share of 0–1 */
char *kab_gate_words_share         (double                share);

G_END_DECLS
