/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include "kab-rules-lint-private.h"

/* What other lines say of the same updates: those of the package, and those of its peers. */

static const char *
find_forbidding (KabRuleSet            *rules,
                 const KabUpdateFields *fields,
                 KabRuleList           *list)
{
  for (*list = KAB_RULE_FORBIDDEN_UPDATES; *list <= KAB_RULE_FORBIDDEN_KBS; (*list)++)
    {
      const char *line = kab_rule_set_match (rules, *list, fields);

      if (line != NULL)
        return line;
    }

  return NULL;
}

/* Does @rules forbid all that an allowing line names? The same text, or each update that it stands for. */
static const char *
find_contradiction (KabLintSubject *self,
                    KabRuleSet     *rules,
                    KabRuleList     list,
                    const char     *value,
                    KabRuleList    *other_list)
{
  const GArray *matches = kab_update_index_match (self->index, list, value);
  const char *found;

  if (!kab_rule_list_get_opposite (list, other_list))
    return NULL;
  found = kab_rule_set_find (rules, *other_list, value);
  for (guint i = 0; found == NULL && matches != NULL && i < matches->len; i++)
    {
      const KabUpdateFields *fields = kab_lint_subject_get_fields (self, g_array_index (matches, guint, i));
      const char *other = find_forbidding (rules, fields, other_list);

      if (other == NULL)
        return NULL;
      if (i + 1 == matches->len)
        found = other;
    }

  return found;
}

static void
add_conflict (KabLintSubject     *self,
              const KabRulesLine *line,
              const KabLintPeer  *peer,
              KabRuleList         other_list,
              const char         *other)
{
  KabLintFinding *finding = kab_lint_subject_add (self, KAB_LINT_CONFLICT, peer != NULL ? KAB_LINT_WARNING : KAB_LINT_ERROR, line);

  finding->other_list = other_list;
  finding->other_value = g_strdup (other);
  if (peer == NULL)
    {
      /* Forbidding wins, so without the allowing line nothing changes. */
      if (!kab_lint_forbids (line->list))
        kab_lint_finding_set_fix (finding, TRUE, line->list, NULL);
      finding->query = kab_lint_dup_query (line->list, line->value);
      return;
    }

  finding->other_package = g_strdup (peer->origin);
  finding->n_hosts = peer->n_hosts;
  finding->query_is_hosts = TRUE;
  finding->query = g_strdup_printf ("is:counted package:\"%s\" package:\"%s\"", self->door, peer->origin);
}

gboolean
kab_lint_subject_look_for_conflicts (KabLintSubject     *self,
                                     const KabRulesLine *line)
{
  KabRuleList other_list;
  const char *other;
  gboolean found = FALSE;

  if (kab_lint_forbids (line->list) || !kab_lint_names_updates (line->list))
    return FALSE;

  other = find_contradiction (self, self->rules, line->list, line->value, &other_list);
  if (other != NULL)
    {
      add_conflict (self, line, NULL, other_list, other);
      found = TRUE;
    }
  for (guint i = 0; i < self->peers->len; i++)
    {
      const KabLintPeer *peer = &g_array_index (self->peers, KabLintPeer, i);

      other = find_contradiction (self, peer->rules, line->list, line->value, &other_list);
      if (other != NULL)
        {
          add_conflict (self, line, peer, other_list, other);
          found = TRUE;
        }
    }

  return found;
}

/* The other side: what a peer allows and this package forbids. */
void
kab_lint_subject_look_at_peer (KabLintSubject    *self,
                               const KabLintPeer *peer)
{
  for (KabRuleList list = KAB_RULE_ALLOWED_UPDATES; list <= KAB_RULE_ALLOWED_KBS; list++)
    {
      const char * const *values = kab_rule_set_get_list (peer->rules, list);

      for (guint i = 0; values[i] != NULL; i++)
        {
          KabRuleList own_list;
          const char *own = find_contradiction (self, self->rules, list, values[i], &own_list);
          const KabRulesLine *line = own != NULL ? kab_rules_document_find (self->document, own_list, own) : NULL;

          if (line != NULL)
            add_conflict (self, line, peer, list, values[i]);
        }
    }
}

/* The first list that decides an update on every host that has this package. */
static KabRuleList
get_deciding (KabLintSubject *self,
              guint           position)
{
  const KabUpdateFields *fields = kab_lint_subject_get_fields (self, position);

  if (self->deciding[position] >= 0)
    return (KabRuleList) self->deciding[position];

  self->deciding[position] = KAB_N_RULE_LISTS;
  for (guint list = 0; list < KAB_N_RULE_LISTS && self->deciding[position] == KAB_N_RULE_LISTS; list++)
    {
      gboolean matches = kab_rule_set_match (self->rules, (KabRuleList) list, fields) != NULL;

      for (guint i = 0; !matches && i < self->peers->len; i++)
        {
          const KabLintPeer *peer = &g_array_index (self->peers, KabLintPeer, i);

          if (peer->n_hosts < self->n_hosts)
            break;      /* most hosts first: the others are not everywhere either */
          matches = kab_rule_set_match (peer->rules, (KabRuleList) list, fields) != NULL;
        }
      if (matches)
        self->deciding[position] = (gint8) list;
    }

  return (KabRuleList) self->deciding[position];
}

/* Whose line decides @position in @list? */
static const char *
find_decider (KabLintSubject  *self,
              guint            position,
              KabRuleList      list,
              const char     **origin)
{
  const KabUpdateFields *fields = kab_lint_subject_get_fields (self, position);
  const char *line = kab_rule_set_match (self->rules, list, fields);

  *origin = NULL;
  for (guint i = 0; line == NULL && i < self->peers->len; i++)
    {
      const KabLintPeer *peer = &g_array_index (self->peers, KabLintPeer, i);

      line = kab_rule_set_match (peer->rules, list, fields);
      *origin = peer->origin;
    }

  return line;
}

void
kab_lint_subject_look_for_shadow (KabLintSubject     *self,
                                  const KabRulesLine *line,
                                  const GArray       *matches)
{
  KabLintFinding *finding;
  KabRuleList decider;
  const char *origin;
  const char *other;

  for (guint i = 0; i < matches->len; i++)
    if (get_deciding (self, g_array_index (matches, guint, i)) >= line->list)
      return;

  decider = get_deciding (self, g_array_index (matches, guint, 0));
  other = find_decider (self, g_array_index (matches, guint, 0), decider, &origin);
  /* That another line says the same first is no harm; that it says the opposite may be a surprise. */
  finding = kab_lint_subject_add (self, KAB_LINT_SHADOWED,
                                  kab_lint_forbids (decider) != kab_lint_forbids (line->list) ? KAB_LINT_WARNING
                                                                                              : KAB_LINT_NOTE, line);
  finding->other_list = decider;
  finding->other_value = g_strdup (other);
  finding->other_package = g_strdup (origin);
  finding->n_updates = matches->len;
  finding->query = kab_lint_dup_query (line->list, line->value);
  if (kab_lint_names_updates (line->list))
    kab_lint_finding_set_fix (finding, TRUE, line->list, NULL);
}
