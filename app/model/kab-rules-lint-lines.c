/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-category.h"
#include "kab-query-text.h"
#include "kab-rules-lint-private.h"
#include "kab-text.h"

/* What each line of a package is worth. */

KabLintFinding *
kab_lint_subject_add (KabLintSubject     *self,
                      KabLintKind         kind,
                      KabLintLevel        level,
                      const KabRulesLine *line)
{
  KabLintFinding *finding = g_new0 (KabLintFinding, 1);

  finding->kind = kind;
  finding->level = level;
  finding->package = g_strdup (self->label);
  if (line != NULL)
    {
      finding->list = line->list;
      finding->value = g_strdup (line->value);
      finding->line_number = line->line_number;
    }
  g_ptr_array_add (self->findings, finding);
  return finding;
}

void
kab_lint_finding_set_fix (KabLintFinding *finding,
                          gboolean        removes,
                          KabRuleList     list,
                          const char     *add_value)
{
  finding->fix.removes = removes;
  if (removes)
    {
      finding->fix.remove_list = finding->list;
      finding->fix.remove_value = g_strdup (finding->value);
    }
  finding->fix.adds = add_value != NULL;
  finding->fix.add_list = list;
  finding->fix.add_value = g_strdup (add_value);
}

char *
kab_lint_dup_query (KabRuleList  list,
                    const char  *value)
{
  static const char * const fields[KAB_N_RULE_LISTS] = {
    [KAB_RULE_FORBIDDEN_UPDATES] = "id", [KAB_RULE_FORBIDDEN_KBS] = "kb", [KAB_RULE_ALLOWED_UPDATES] = "id",
    [KAB_RULE_ALLOWED_KBS] = "kb", [KAB_RULE_ALLOWED_PRODUCTS] = "product", [KAB_RULE_ALLOWED_SEVERITIES] = "severity",
    [KAB_RULE_ALLOWED_CLASSIFICATIONS] = "classification",
  };
  g_autofree char *quoted = kab_query_quote (value);

  return g_strdup_printf ("is:any %s:%s", fields[list], quoted);
}

/* Of the same update, or -1 when this is the newest */
static int
find_newer (KabLintSubject *self,
            const char     *id)
{
  gsize length;
  int revision = kab_update_id_split (id, &length);
  g_autofree char *guid = g_strndup (id, length);
  const GArray *revisions = kab_update_index_match_guid (self->index, guid);
  int newest = -1;

  for (guint i = 0; revisions != NULL && i < revisions->len; i++)
    {
      guint position = g_array_index (revisions, guint, i);
      int known = kab_update_get_revision (kab_update_index_get_updates (self->index)->pdata[position]);

      if (known > revision)
        {
          revision = known;
          newest = (int) position;
        }
    }

  return newest;
}

/* Does the package name the update, or say of it what @list says? */
static gboolean
is_ruled (KabLintSubject *self,
          guint           position,
          KabRuleList     list)
{
  const KabUpdateFields *fields = kab_lint_subject_get_fields (self, position);

  for (KabRuleList other = 0; other < KAB_N_RULE_LISTS; other++)
    if (kab_rule_set_match (self->rules, other, fields) != NULL)
      return kab_lint_names_updates (other) || kab_lint_forbids (other) == kab_lint_forbids (list);

  return FALSE;
}

static gboolean
look_for_revision (KabLintSubject     *self,
                   const KabRulesLine *line)
{
  int newer = find_newer (self, line->value);
  KabLintFinding *finding;

  if (newer < 0 || is_ruled (self, (guint) newer, line->list))
    return FALSE;

  finding = kab_lint_subject_add (self, KAB_LINT_REVISION, KAB_LINT_WARNING, line);
  finding->replaced_by = g_strdup (kab_lint_subject_get_fields (self, (guint) newer)->update_id);
  finding->n_updates = 1;
  finding->query = kab_lint_dup_query (line->list, finding->replaced_by);
  kab_lint_finding_set_fix (finding, FALSE, line->list, finding->replaced_by);
  return TRUE;
}

static void
look_for_superseded (KabLintSubject     *self,
                     const KabRulesLine *line,
                     const GArray       *matches)
{
  KabLintFinding *finding;
  int newest = -1;

  for (guint i = 0; i < matches->len; i++)
    {
      int newer = kab_update_index_replaced_by (self->index, g_array_index (matches, guint, i));

      if (newer < 0)
        return;
      newest = newer;
    }

  finding = kab_lint_subject_add (self, KAB_LINT_SUPERSEDED, KAB_LINT_NOTE, line);
  finding->replaced_by = g_strdup (kab_lint_subject_get_fields (self, (guint) newest)->update_id);
  finding->n_updates = matches->len;
  finding->query = kab_lint_dup_query (line->list, line->value);
}

static guint
count_guids (KabLintSubject *self,
             const GArray   *matches)
{
  guint n = 0;

  /* Sorted by id, so the revisions of one update stand side by side. */
  for (guint i = 0; i < matches->len; i++)
    {
      const char *id = kab_lint_subject_get_fields (self, g_array_index (matches, guint, i))->update_id;
      const char *before = i > 0 ? kab_lint_subject_get_fields (self, g_array_index (matches, guint, i - 1))->update_id : "";
      gsize length;
      gsize length_before;

      kab_update_id_split (id, &length);
      kab_update_id_split (before, &length_before);
      n += length != length_before || strncmp (id, before, length) != 0;
    }

  return n;
}

/* Agents compare severities, titles and "KB1234567" letter by letter. */
static char *
dup_right_spelling (KabLintSubject     *self,
                    const KabRulesLine *line)
{
  const KabClassification *classification;
  const KabProduct *product;
  const char *known = kab_update_index_nearest (self->index, line->list, line->value);
  const char *digits = line->value;
  const char *name;

  switch (line->list)
    {
    case KAB_RULE_ALLOWED_KBS:
    case KAB_RULE_FORBIDDEN_KBS:
      if (g_ascii_strncasecmp (digits, "KB", 2) == 0)
        digits += 2;
      while (*digits == ' ' || *digits == '-')
        digits++;
      if (*digits == '\0' || strspn (digits, "0123456789") != strlen (digits))
        return NULL;
      return g_strconcat ("KB", digits, NULL);
    case KAB_RULE_ALLOWED_PRODUCTS:
      product = kab_product_lookup (line->value);
      name = product != NULL ? product->name : NULL;
      break;
    case KAB_RULE_ALLOWED_CLASSIFICATIONS:
      classification = kab_classification_lookup (line->value);
      name = classification != NULL ? classification->name : NULL;
      break;
    case KAB_RULE_FORBIDDEN_UPDATES:
    case KAB_RULE_ALLOWED_UPDATES:
    case KAB_RULE_ALLOWED_SEVERITIES:
    default:
      name = NULL;
      break;
    }

  return g_strdup (known != NULL ? known : name);
}

static gboolean
look_for_spelling (KabLintSubject     *self,
                   const KabRulesLine *line)
{
  g_autofree char *right = dup_right_spelling (self, line);
  KabLintFinding *finding;

  if (right == NULL || strcmp (right, line->value) == 0)
    return FALSE;

  finding = kab_lint_subject_add (self, KAB_LINT_SPELLING, KAB_LINT_ERROR, line);
  finding->other_list = line->list;
  finding->other_value = g_strdup (right);
  finding->query = kab_lint_dup_query (line->list, right);
  kab_lint_finding_set_fix (finding, TRUE, line->list, right);
  return TRUE;
}

static gboolean
look_for_severity (KabLintSubject     *self,
                   const KabRulesLine *line)
{
  static const char * const severities[] = { "Critical", "Important", "Moderate", "Low" };
  g_autofree char *folded = kab_text_fold (line->value, -1);
  const char *nearest = NULL;
  KabLintFinding *finding;
  guint most = 3;

  for (guint i = 0; i < G_N_ELEMENTS (severities); i++)
    {
      g_autofree char *right = kab_text_fold (severities[i], -1);
      guint distance = kab_text_distance (folded, right, most);

      if (strcmp (severities[i], line->value) == 0)
        return FALSE;
      if (distance < most)
        {
          nearest = severities[i];
          most = distance;
        }
    }

  finding = kab_lint_subject_add (self, KAB_LINT_SEVERITY, KAB_LINT_ERROR, line);
  finding->other_list = line->list;
  finding->other_value = g_strdup (nearest);
  if (nearest != NULL)
    {
      finding->query = kab_lint_dup_query (line->list, nearest);
      kab_lint_finding_set_fix (finding, TRUE, line->list, nearest);
    }
  return TRUE;
}

static gboolean
look_for_offline (KabLintSubject     *self,
                  const KabRulesLine *line)
{
  const KabClassification *classification;

  if (line->list != KAB_RULE_ALLOWED_CLASSIFICATIONS)
    return FALSE;
  classification = kab_classification_lookup (line->value);
  if (classification == NULL || classification->in_catalogue)
    return FALSE;

  kab_lint_subject_add (self, KAB_LINT_NOT_OFFLINE, KAB_LINT_NOTE, line);
  return TRUE;
}

/* It matches nothing: why? */
static void
look_at_dead (KabLintSubject     *self,
              const KabRulesLine *line)
{
  switch (line->list)
    {
    case KAB_RULE_FORBIDDEN_UPDATES:
    case KAB_RULE_ALLOWED_UPDATES:
      if (!look_for_revision (self, line) && find_newer (self, line->value) < 0)
        kab_lint_finding_set_fix (kab_lint_subject_add (self, KAB_LINT_WITHDRAWN, KAB_LINT_WARNING, line), TRUE, line->list, NULL);
      break;
    case KAB_RULE_FORBIDDEN_KBS:
    case KAB_RULE_ALLOWED_KBS:
      if (!look_for_spelling (self, line))
        kab_lint_finding_set_fix (kab_lint_subject_add (self, KAB_LINT_WITHDRAWN, KAB_LINT_WARNING, line), TRUE, line->list, NULL);
      break;
    case KAB_RULE_ALLOWED_SEVERITIES:
      if (!look_for_severity (self, line))
        kab_lint_subject_add (self, KAB_LINT_DEAD, KAB_LINT_NOTE, line);
      break;
    case KAB_RULE_ALLOWED_PRODUCTS:
    case KAB_RULE_ALLOWED_CLASSIFICATIONS:
    default:
      if (!look_for_spelling (self, line) && !look_for_offline (self, line))
        {
          gboolean is_known = line->list == KAB_RULE_ALLOWED_PRODUCTS ? kab_product_lookup (line->value) != NULL
                                                                      : kab_classification_lookup (line->value) != NULL;

          /* A class that exists may match tomorrow. */
          kab_lint_subject_add (self, KAB_LINT_DEAD, is_known ? KAB_LINT_NOTE : KAB_LINT_WARNING, line);
        }
      break;
    }
}

static void
look_at_line (KabLintSubject     *self,
              const KabRulesLine *line)
{
  const GArray *matches = kab_update_index_match (self->index, line->list, line->value);
  gboolean conflicts = kab_lint_subject_look_for_conflicts (self, line);
  gboolean is_kb = line->list == KAB_RULE_ALLOWED_KBS || line->list == KAB_RULE_FORBIDDEN_KBS;

  if (matches == NULL)
    {
      look_at_dead (self, line);
      return;
    }

  if (!conflicts)
    kab_lint_subject_look_for_shadow (self, line, matches);
  if (kab_lint_names_updates (line->list))
    look_for_superseded (self, line, matches);
  if (!is_kb && kab_lint_names_updates (line->list))
    look_for_revision (self, line);
  if (is_kb && count_guids (self, matches) > 1)
    {
      KabLintFinding *finding = kab_lint_subject_add (self, KAB_LINT_SEVERAL, KAB_LINT_NOTE, line);

      finding->n_updates = count_guids (self, matches);
      finding->query = kab_lint_dup_query (line->list, line->value);
    }
}

void
kab_lint_subject_look (KabLintSubject *self)
{
  const char * const *unknown = kab_rules_document_get_unknown_keys (self->document);
  GPtrArray *lines = kab_rules_document_get_lines (self->document);

  for (guint i = 0; unknown[i] != NULL; i++)
    kab_lint_subject_add (self, KAB_LINT_UNKNOWN_KEY, KAB_LINT_ERROR, NULL)->value = g_strdup (unknown[i]);
  if (kab_rules_document_get_default_allow (self->document) != KAB_TRISTATE_NULL)
    kab_lint_subject_add (self, KAB_LINT_NO_EFFECT, KAB_LINT_WARNING, NULL)->fix.clears_default_allow = TRUE;
  for (guint i = 0; i < lines->len; i++)
    look_at_line (self, lines->pdata[i]);
  for (guint i = 0; self->both_sides && i < self->peers->len; i++)
    kab_lint_subject_look_at_peer (self, &g_array_index (self->peers, KabLintPeer, i));
}
