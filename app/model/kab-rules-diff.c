/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "kab-rules-diff.h"
#include "kab-template.h"

static const char * const kind_texts[] = {
  [KAB_RULES_CHANGE_NAME] = "name",
  [KAB_RULES_CHANGE_DESCRIPTION] = "description",
  [KAB_RULES_CHANGE_MATURITY] = "maturity",
  [KAB_RULES_CHANGE_INCLUDE_SUPERSEDED] = "include_potentially_superseded_updates",
  [KAB_RULES_CHANGE_DEFAULT_ALLOW] = "default_allow",
  [KAB_RULES_CHANGE_ADDED] = "added",
  [KAB_RULES_CHANGE_REMOVED] = "removed",
  [KAB_RULES_CHANGE_TURNED] = "turned",
  [KAB_RULES_CHANGE_REASON] = "reason",
};

/* What a line does, as a phrase without a subject. */
static const struct {
  const char *is;
  const char *no_longer;
  const char *turned;
} phrases[KAB_N_RULE_LISTS] = {
  [KAB_RULE_FORBIDDEN_UPDATES] = { N_("forbids {what}"), N_("no longer forbids {what}"),
                                   N_("forbids {what}, which it allowed") },
  [KAB_RULE_FORBIDDEN_KBS] = { N_("forbids {what}"), N_("no longer forbids {what}"),
                               N_("forbids {what}, which it allowed") },
  [KAB_RULE_ALLOWED_UPDATES] = { N_("allows {what}"), N_("no longer allows {what}"),
                                 N_("allows {what}, which it forbade") },
  [KAB_RULE_ALLOWED_KBS] = { N_("allows {what}"), N_("no longer allows {what}"),
                             N_("allows {what}, which it forbade") },
  [KAB_RULE_ALLOWED_PRODUCTS] = { N_("allows the product {what}"), N_("no longer allows the product {what}"), NULL },
  [KAB_RULE_ALLOWED_SEVERITIES] = { N_("allows the severity {what}"), N_("no longer allows the severity {what}"), NULL },
  [KAB_RULE_ALLOWED_CLASSIFICATIONS] = { N_("allows the classification {what}"),
                                         N_("no longer allows the classification {what}"), NULL },
};

static void
change_free (gpointer data)
{
  KabRulesChange *change = data;

  g_free (change->value);
  g_free (change->before);
  g_free (change->after);
  g_free (change);
}

static KabRulesChange *
add (GPtrArray          *changes,
     KabRulesChangeKind  kind,
     const char         *before,
     const char         *after)
{
  KabRulesChange *change = g_new0 (KabRulesChange, 1);

  change->kind = kind;
  change->before = g_strdup (before);
  change->after = g_strdup (after);
  g_ptr_array_add (changes, change);
  return change;
}

static void
add_line (GPtrArray          *changes,
          KabRulesChangeKind  kind,
          const KabRulesLine *line,
          const char         *before,
          const char         *after)
{
  KabRulesChange *change = add (changes, kind, before, after);

  change->list = line->list;
  change->value = g_strdup (line->value);
}

static const char *
tristate_text (KabTristate value)
{
  return value == KAB_TRISTATE_NULL ? "" : value == KAB_TRISTATE_TRUE ? "true" : "false";
}

static void
add_fact (GPtrArray          *changes,
          KabRulesChangeKind  kind,
          const char         *before,
          const char         *after)
{
  if (strcmp (before, after) != 0)
    add (changes, kind, before, after);
}

/* The line in @other that rules the same thing the other way. */
static const KabRulesLine *
find_opposite (KabRulesDocument   *other,
               const KabRulesLine *line)
{
  KabRuleList opposite;

  return kab_rule_list_get_opposite (line->list, &opposite) ? kab_rules_document_find (other, opposite, line->value)
                                                            : NULL;
}

static void
diff_lines (GPtrArray        *changes,
            KabRulesDocument *before,
            KabRulesDocument *after)
{
  GPtrArray *olds = kab_rules_document_get_lines (before);
  GPtrArray *news = kab_rules_document_get_lines (after);

  for (guint i = 0; i < news->len; i++)
    {
      const KabRulesLine *line = news->pdata[i];
      const KabRulesLine *old = kab_rules_document_find (before, line->list, line->value);
      const KabRulesLine *turned = old == NULL ? find_opposite (before, line) : NULL;

      if (old != NULL && strcmp (old->reason, line->reason) != 0)
        add_line (changes, KAB_RULES_CHANGE_REASON, line, old->reason, line->reason);
      else if (turned != NULL && kab_rules_document_find (after, turned->list, turned->value) == NULL)
        add_line (changes, KAB_RULES_CHANGE_TURNED, line, turned->reason, line->reason);
      else if (old == NULL)
        add_line (changes, KAB_RULES_CHANGE_ADDED, line, NULL, line->reason);
    }

  for (guint i = 0; i < olds->len; i++)
    {
      const KabRulesLine *line = olds->pdata[i];
      const KabRulesLine *turned = find_opposite (after, line);

      if (kab_rules_document_find (after, line->list, line->value) == NULL &&
          (turned == NULL || kab_rules_document_find (before, turned->list, turned->value) != NULL))
        add_line (changes, KAB_RULES_CHANGE_REMOVED, line, line->reason, NULL);
    }
}

static int
compare_changes (gconstpointer a,
                 gconstpointer b)
{
  const KabRulesChange *left = *(const KabRulesChange * const *) a;
  const KabRulesChange *right = *(const KabRulesChange * const *) b;

  if (left->value == NULL || right->value == NULL)
    return left->value != NULL ? 1 : right->value != NULL ? -1 : (int) left->kind - (int) right->kind;
  return left->list != right->list ? (int) left->list - (int) right->list : strcmp (left->value, right->value);
}

GPtrArray *
kab_rules_diff (KabRulesDocument *before,
                KabRulesDocument *after)
{
  GPtrArray *changes = g_ptr_array_new_with_free_func (change_free);
  g_autoptr(KabRulesDocument) nothing = NULL;

  g_return_val_if_fail (KAB_IS_RULES_DOCUMENT (after), NULL);

  if (before == NULL)
    before = nothing = kab_rules_document_new (NULL);
  if (nothing == NULL)
    {
      add_fact (changes, KAB_RULES_CHANGE_NAME, kab_rules_document_get_name (before), kab_rules_document_get_name (after));
      add_fact (changes, KAB_RULES_CHANGE_DESCRIPTION, kab_rules_document_get_description (before),
                kab_rules_document_get_description (after));
      add_fact (changes, KAB_RULES_CHANGE_MATURITY, kab_rules_document_get_maturity (before),
                kab_rules_document_get_maturity (after));
    }
  add_fact (changes, KAB_RULES_CHANGE_INCLUDE_SUPERSEDED,
            tristate_text (kab_rules_document_get_include_superseded (before)),
            tristate_text (kab_rules_document_get_include_superseded (after)));
  add_fact (changes, KAB_RULES_CHANGE_DEFAULT_ALLOW, tristate_text (kab_rules_document_get_default_allow (before)),
            tristate_text (kab_rules_document_get_default_allow (after)));
  diff_lines (changes, before, after);
  g_ptr_array_sort (changes, compare_changes);

  return changes;
}

const char *
kab_rules_change_kind_get_text (KabRulesChangeKind kind)
{
  g_return_val_if_fail ((guint) kind < G_N_ELEMENTS (kind_texts), "");

  return kind_texts[kind];
}

gboolean
kab_rules_change_has_effect (const KabRulesChange *change)
{
  g_return_val_if_fail (change != NULL, FALSE);

  switch (change->kind)
    {
    case KAB_RULES_CHANGE_MATURITY:
    case KAB_RULES_CHANGE_INCLUDE_SUPERSEDED:
    case KAB_RULES_CHANGE_ADDED:
    case KAB_RULES_CHANGE_REMOVED:
    case KAB_RULES_CHANGE_TURNED:
    case KAB_RULES_CHANGE_NAME:
      return TRUE;
    case KAB_RULES_CHANGE_DESCRIPTION:
    case KAB_RULES_CHANGE_DEFAULT_ALLOW:
    case KAB_RULES_CHANGE_REASON:
    default:
      return FALSE;
    }
}

static char *
describe_update (KabUpdateIndex *index,
                 const char     *id)
{
  int position = index != NULL ? kab_update_index_find (index, id) : -1;
  const KabUpdateFields *fields;
  const char *title;

  if (position < 0)
    return g_strdup (id);

  fields = kab_update_get_fields (kab_update_index_get_updates (index)->pdata[position]);
  title = fields->title != NULL && *fields->title != '\0' ? fields->title : id;
  if (fields->kbids == NULL || fields->kbids[0] == NULL || strstr (title, fields->kbids[0]) != NULL)
    return g_strdup (title);
  return g_strdup_printf ("%s (%s%s)", title, g_ascii_strncasecmp (fields->kbids[0], "KB", 2) == 0 ? "" : "KB",
                          fields->kbids[0]);
}

char *
kab_rules_value_describe (KabRuleList     list,
                          const char     *value,
                          KabUpdateIndex *index)
{
  const GArray *matches;

  g_return_val_if_fail ((guint) list < KAB_N_RULE_LISTS, NULL);
  g_return_val_if_fail (value != NULL, NULL);

  switch (list)
    {
    case KAB_RULE_FORBIDDEN_UPDATES:
    case KAB_RULE_ALLOWED_UPDATES:
      return describe_update (index, value);
    case KAB_RULE_FORBIDDEN_KBS:
    case KAB_RULE_ALLOWED_KBS:
      matches = index != NULL ? kab_update_index_match (index, list, value) : NULL;
      if (matches == NULL || matches->len < 2)
        return g_strdup (value);
      return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s (%u update)", "%s (%u updates)", matches->len), value,
                              matches->len);
    case KAB_RULE_ALLOWED_PRODUCTS:
    case KAB_RULE_ALLOWED_SEVERITIES:
    case KAB_RULE_ALLOWED_CLASSIFICATIONS:
    default:
      return g_strdup_printf ("“%s”", value);
    }
}

static char *
fill (const char     *phrase,
      KabRuleList     list,
      const char     *value,
      KabUpdateIndex *index)
{
  g_autofree char *what = kab_rules_value_describe (list, value, index);
  const KabTemplateValue values[] = { { "what", what }, { NULL, NULL } };

  return kab_template_fill (_(phrase), values);
}

char *
kab_rules_line_describe (KabRuleList     list,
                         const char     *value,
                         KabUpdateIndex *index)
{
  g_return_val_if_fail ((guint) list < KAB_N_RULE_LISTS, NULL);
  g_return_val_if_fail (value != NULL, NULL);

  return fill (phrases[list].is, list, value, index);
}

static char *
describe_fact (const KabRulesChange *change,
               const char           *phrase)
{
  const KabTemplateValue values[] = { { "before", change->before }, { "after", change->after }, { NULL, NULL } };

  return kab_template_fill (_(phrase), values);
}

static char *
describe_reason (const KabRulesChange *change,
                 KabUpdateIndex       *index)
{
  g_autofree char *what = kab_rules_value_describe (change->list, change->value, index);
  const KabTemplateValue values[] = { { "what", what }, { "reason", change->after }, { NULL, NULL } };

  if (change->after[0] == '\0')
    return kab_template_fill (_("gives no reason for {what} any more"), values);
  return kab_template_fill (_("gives another reason for {what}: {reason}"), values);
}

char *
kab_rules_change_describe (const KabRulesChange *change,
                           KabUpdateIndex       *index)
{
  g_return_val_if_fail (change != NULL, NULL);

  switch (change->kind)
    {
    case KAB_RULES_CHANGE_NAME:
      return describe_fact (change, N_("has the name {after}, was {before}"));
    case KAB_RULES_CHANGE_DESCRIPTION:
      return g_strdup (_("has another description"));
    case KAB_RULES_CHANGE_MATURITY:
      return describe_fact (change, N_("has the maturity {after}, was {before}"));
    case KAB_RULES_CHANGE_INCLUDE_SUPERSEDED:
      return g_strdup (strcmp (change->after, "true") == 0 ? _("includes updates that may be superseded")
                       : strcmp (change->after, "false") == 0 ? _("leaves out updates that may be superseded")
                                                              : _("no longer says whether to include superseded updates"));
    case KAB_RULES_CHANGE_DEFAULT_ALLOW:
      return g_strdup (_("changes default_allow, which has no effect in a package"));
    case KAB_RULES_CHANGE_REMOVED:
      return fill (phrases[change->list].no_longer, change->list, change->value, index);
    case KAB_RULES_CHANGE_TURNED:
      return fill (phrases[change->list].turned, change->list, change->value, index);
    case KAB_RULES_CHANGE_REASON:
      return describe_reason (change, index);
    case KAB_RULES_CHANGE_ADDED:
    default:
      return kab_rules_line_describe (change->list, change->value, index);
    }
}
