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
void            kab_lint_subject_look     (KabLintSubject     *self);
/* @line: (nullable): what it is about. Returns: (transfer none) */
KabLintFinding *kab_lint_subject_add      (KabLintSubject     *self,
                                           KabLintKind         kind,
                                           KabLintLevel        level,
                                           const KabRulesLine *line);
/* @add_value: (nullable): what @list gets then */
void            kab_lint_finding_set_fix  (KabLintFinding     *finding,
                                           gboolean            removes,
                                           KabRuleList         list,
                                           const char         *add_value);
/* What a list of updates must show to show what a line matches */
char           *kab_lint_dup_query        (KabRuleList         list,
                                           const char         *value);

/* kab-rules-lint-conflicts.c. Returns: is there one? */
gboolean        kab_lint_subject_look_for_conflicts (KabLintSubject     *self,
                                                     const KabRulesLine *line);
/* The other side: what a peer allows and this package forbids */
void            kab_lint_subject_look_at_peer       (KabLintSubject     *self,
                                                     const KabLintPeer  *peer);
/* Is all that @line matches decided before it? */
void            kab_lint_subject_look_for_shadow    (KabLintSubject     *self,
                                                     const KabRulesLine *line,
                                                     const GArray       *matches);

static inline gboolean
kab_lint_forbids (KabRuleList list)
{
  return list == KAB_RULE_FORBIDDEN_UPDATES || list == KAB_RULE_FORBIDDEN_KBS;
}

static inline gboolean
kab_lint_names_updates (KabRuleList list)
{
  return list <= KAB_RULE_ALLOWED_KBS;
}

static inline const KabUpdateFields *
kab_lint_subject_get_fields (KabLintSubject *self,
                             guint           position)
{
  return kab_update_get_fields (kab_update_index_get_updates (self->index)->pdata[position]);
}

G_END_DECLS
