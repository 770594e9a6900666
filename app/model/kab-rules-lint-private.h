/* kab-rules-lint-private.h: one package under the lens
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-rules-lint.h"

G_BEGIN_DECLS

/* A package that some hosts have beside the one that is looked at. */
typedef struct {
  const char *origin;
  KabRuleSet *rules;
  guint       n_hosts;         /* that have both */
} KabLintPeer;

/**
 * KabLintSubject:
 * @label: what findings call it
 * @door: by what a query for hosts names it
 * @peers: (element-type KabLintPeer), most hosts first
 * @deciding: per update of the index: the list that decides it, of @rules and of those peers that all its hosts have:
 *   KAB_N_RULE_LISTS none, -1 not looked at yet
 * @both_sides: report conflicts whose allowing line is in a peer, too
 */
typedef struct {
  KabUpdateIndex   *index;
  KabRulesDocument *document;
  KabRuleSet       *rules;
  const char       *label;
  const char       *door;
  GArray           *peers;
  guint             n_hosts;
  gint8            *deciding;
  gboolean          both_sides;
  GPtrArray        *findings;
} KabLintSubject;

/* All that can be said of its lines and options, into @findings. */
void kab_lint_subject_look (KabLintSubject *self);

G_END_DECLS
