/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>

#include "kab-category.h"
#include "kab-rules-lint-private.h"
#include "kab-text.h"

/* What each line of a package is worth. */

static KabLintFinding *
add (KabLintSubject     *self,
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

static void
set_fix (KabLintFinding *finding,
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

static char *
quote (const char *value)
{
  GString *text = g_string_new ("\"");

  for (; *value != '\0'; value++)
    {
      if (*value == '"' || *value == '\\')
        g_string_append_c (text, '\\');
      g_string_append_c (text, *value);
    }
  g_string_append_c (text, '"');

  return g_string_free (text, FALSE);
}

/* What a list of updates must show to show what the line matches. */
static char *
dup_updates_query (KabRuleList  list,
                   const char  *value)
{
  static const char * const fields[KAB_N_RULE_LISTS] = {
    [KAB_RULE_FORBIDDEN_UPDATES] = "id", [KAB_RULE_FORBIDDEN_KBS] = "kb", [KAB_RULE_ALLOWED_UPDATES] = "id",
    [KAB_RULE_ALLOWED_KBS] = "kb", [KAB_RULE_ALLOWED_PRODUCTS] = "product", [KAB_RULE_ALLOWED_SEVERITIES] = "severity",
    [KAB_RULE_ALLOWED_CLASSIFICATIONS] = "classification",
  };
  g_autofree char *quoted = quote (value);

  return g_strdup_printf ("is:any %s:%s", fields[list], quoted);
}

static gboolean
forbids (KabRuleList list)
{
  return list == KAB_RULE_FORBIDDEN_UPDATES || list == KAB_RULE_FORBIDDEN_KBS;
}

static gboolean
names_updates (KabRuleList list)
{
  return list <= KAB_RULE_ALLOWED_KBS;
}

static const KabUpdateFields *
fields_at (KabLintSubject *self,
           guint           position)
{
  return kab_update_get_fields (kab_update_index_get_updates (self->index)->pdata[position]);
}

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
      const char *other = find_forbidding (rules, fields_at (self, g_array_index (matches, guint, i)), other_list);

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
  KabLintFinding *finding = add (self, KAB_LINT_CONFLICT, peer != NULL ? KAB_LINT_WARNING : KAB_LINT_ERROR, line);

  finding->other_list = other_list;
  finding->other_value = g_strdup (other);
  if (peer == NULL)
    {
      /* Forbidding wins, so without the allowing line nothing changes. */
      if (!forbids (line->list))
        set_fix (finding, TRUE, line->list, NULL);
      finding->query = dup_updates_query (line->list, line->value);
      return;
    }

  finding->other_package = g_strdup (peer->origin);
  finding->n_hosts = peer->n_hosts;
  finding->query_is_hosts = TRUE;
  finding->query = g_strdup_printf ("is:counted package:\"%s\" package:\"%s\"", self->door, peer->origin);
}

static gboolean
look_for_conflicts (KabLintSubject     *self,
                    const KabRulesLine *line)
{
  KabRuleList other_list;
  const char *other;
  gboolean found = FALSE;

  if (forbids (line->list) || !names_updates (line->list))
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
static void
look_at_peer (KabLintSubject    *self,
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
  const KabUpdateFields *fields = fields_at (self, position);

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
  const KabUpdateFields *fields = fields_at (self, position);
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

static void
look_for_shadow (KabLintSubject     *self,
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
  finding = add (self, KAB_LINT_SHADOWED, forbids (decider) != forbids (line->list) ? KAB_LINT_WARNING : KAB_LINT_NOTE, line);
  finding->other_list = decider;
  finding->other_value = g_strdup (other);
  finding->other_package = g_strdup (origin);
  finding->n_updates = matches->len;
  finding->query = dup_updates_query (line->list, line->value);
  if (names_updates (line->list))
    set_fix (finding, TRUE, line->list, NULL);
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
  const KabUpdateFields *fields = fields_at (self, position);

  for (KabRuleList other = 0; other < KAB_N_RULE_LISTS; other++)
    if (kab_rule_set_match (self->rules, other, fields) != NULL)
      return names_updates (other) || forbids (other) == forbids (list);

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

  finding = add (self, KAB_LINT_REVISION, KAB_LINT_WARNING, line);
  finding->replaced_by = g_strdup (fields_at (self, (guint) newer)->update_id);
  finding->n_updates = 1;
  finding->query = dup_updates_query (line->list, finding->replaced_by);
  set_fix (finding, FALSE, line->list, finding->replaced_by);
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

  finding = add (self, KAB_LINT_SUPERSEDED, KAB_LINT_NOTE, line);
  finding->replaced_by = g_strdup (fields_at (self, (guint) newest)->update_id);
  finding->n_updates = matches->len;
  finding->query = dup_updates_query (line->list, line->value);
}

static guint
count_guids (KabLintSubject *self,
             const GArray   *matches)
{
  guint n = 0;

  /* Sorted by id, so the revisions of one update stand side by side. */
  for (guint i = 0; i < matches->len; i++)
    {
      const char *id = fields_at (self, g_array_index (matches, guint, i))->update_id;
      const char *before = i > 0 ? fields_at (self, g_array_index (matches, guint, i - 1))->update_id : "";
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

  finding = add (self, KAB_LINT_SPELLING, KAB_LINT_ERROR, line);
  finding->other_list = line->list;
  finding->other_value = g_strdup (right);
  finding->query = dup_updates_query (line->list, right);
  set_fix (finding, TRUE, line->list, right);
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

  finding = add (self, KAB_LINT_SEVERITY, KAB_LINT_ERROR, line);
  finding->other_list = line->list;
  finding->other_value = g_strdup (nearest);
  if (nearest != NULL)
    {
      finding->query = dup_updates_query (line->list, nearest);
      set_fix (finding, TRUE, line->list, nearest);
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

  add (self, KAB_LINT_NOT_OFFLINE, KAB_LINT_NOTE, line);
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
        set_fix (add (self, KAB_LINT_WITHDRAWN, KAB_LINT_WARNING, line), TRUE, line->list, NULL);
      break;
    case KAB_RULE_FORBIDDEN_KBS:
    case KAB_RULE_ALLOWED_KBS:
      if (!look_for_spelling (self, line))
        set_fix (add (self, KAB_LINT_WITHDRAWN, KAB_LINT_WARNING, line), TRUE, line->list, NULL);
      break;
    case KAB_RULE_ALLOWED_SEVERITIES:
      if (!look_for_severity (self, line))
        add (self, KAB_LINT_DEAD, KAB_LINT_NOTE, line);
      break;
    case KAB_RULE_ALLOWED_PRODUCTS:
    case KAB_RULE_ALLOWED_CLASSIFICATIONS:
    default:
      if (!look_for_spelling (self, line) && !look_for_offline (self, line))
        {
          gboolean is_known = line->list == KAB_RULE_ALLOWED_PRODUCTS ? kab_product_lookup (line->value) != NULL
                                                                      : kab_classification_lookup (line->value) != NULL;

          /* A class that exists may match tomorrow. */
          add (self, KAB_LINT_DEAD, is_known ? KAB_LINT_NOTE : KAB_LINT_WARNING, line);
        }
      break;
    }
}

static void
look_at_line (KabLintSubject     *self,
              const KabRulesLine *line)
{
  const GArray *matches = kab_update_index_match (self->index, line->list, line->value);
  gboolean conflicts = look_for_conflicts (self, line);
  gboolean is_kb = line->list == KAB_RULE_ALLOWED_KBS || line->list == KAB_RULE_FORBIDDEN_KBS;

  if (matches == NULL)
    {
      look_at_dead (self, line);
      return;
    }

  if (!conflicts)
    look_for_shadow (self, line, matches);
  if (names_updates (line->list))
    look_for_superseded (self, line, matches);
  if (!is_kb && names_updates (line->list))
    look_for_revision (self, line);
  if (is_kb && count_guids (self, matches) > 1)
    {
      KabLintFinding *finding = add (self, KAB_LINT_SEVERAL, KAB_LINT_NOTE, line);

      finding->n_updates = count_guids (self, matches);
      finding->query = dup_updates_query (line->list, line->value);
    }
}

void
kab_lint_subject_look (KabLintSubject *self)
{
  const char * const *unknown = kab_rules_document_get_unknown_keys (self->document);
  GPtrArray *lines = kab_rules_document_get_lines (self->document);

  for (guint i = 0; unknown[i] != NULL; i++)
    add (self, KAB_LINT_UNKNOWN_KEY, KAB_LINT_ERROR, NULL)->value = g_strdup (unknown[i]);
  if (kab_rules_document_get_default_allow (self->document) != KAB_TRISTATE_NULL)
    add (self, KAB_LINT_NO_EFFECT, KAB_LINT_WARNING, NULL)->fix.clears_default_allow = TRUE;
  for (guint i = 0; i < lines->len; i++)
    look_at_line (self, lines->pdata[i]);
  for (guint i = 0; self->both_sides && i < self->peers->len; i++)
    look_at_peer (self, &g_array_index (self->peers, KabLintPeer, i));
}
