/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "kab-model"

#include "config.h"

#include <string.h>
#include <glib/gi18n-lib.h>

#include "kab-rules-diff.h"
#include "kab-rules-lint.h"
#include "kab-template.h"

static const struct {
  const char *text;
  const char *label;
} kinds[KAB_N_LINT_KINDS] = {
  [KAB_LINT_UNKNOWN_KEY] = { "unknown-key", N_("Rejected key") },
  [KAB_LINT_CONFLICT] = { "conflict", N_("Conflict") },
  [KAB_LINT_SEVERITY] = { "severity", N_("No such severity") },
  [KAB_LINT_SPELLING] = { "spelling", N_("Spelling") },
  [KAB_LINT_REVISION] = { "revision", N_("Newer revision") },
  [KAB_LINT_WITHDRAWN] = { "withdrawn", N_("Not on the server") },
  [KAB_LINT_SUPERSEDED] = { "superseded", N_("Superseded") },
  [KAB_LINT_DEAD] = { "dead", N_("Matches nothing") },
  [KAB_LINT_SHADOWED] = { "shadowed", N_("Shadowed") },
  [KAB_LINT_SEVERAL] = { "several", N_("Several updates") },
  [KAB_LINT_NOT_OFFLINE] = { "not-offline", N_("Not in the catalogue") },
  [KAB_LINT_NO_EFFECT] = { "no-effect", N_("Without effect") },
  [KAB_LINT_NO_RULES] = { "no-rules", N_("No rule package") },
};

static const struct {
  const char *text;
  const char *label;
} levels[] = {
  [KAB_LINT_NOTE] = { "note", N_("Note") },
  [KAB_LINT_WARNING] = { "warning", N_("Warning") },
  [KAB_LINT_ERROR] = { "error", N_("Error") },
};

const char *
kab_lint_kind_get_text (KabLintKind kind)
{
  g_return_val_if_fail ((guint) kind < KAB_N_LINT_KINDS, "");

  return kinds[kind].text;
}

const char *
kab_lint_kind_get_label (KabLintKind kind)
{
  g_return_val_if_fail ((guint) kind < KAB_N_LINT_KINDS, "");

  return kinds[kind].label;
}

const char *
kab_lint_level_get_text (KabLintLevel level)
{
  g_return_val_if_fail ((guint) level < G_N_ELEMENTS (levels), "");

  return levels[level].text;
}

const char *
kab_lint_level_get_label (KabLintLevel level)
{
  g_return_val_if_fail ((guint) level < G_N_ELEMENTS (levels), "");

  return levels[level].label;
}

/* The texts of one finding, by the names of their places. */
typedef struct {
  char *what;              /* what its line names */
  char *other;             /* what the other line names */
  char *does;              /* "allows …": what the other line does */
  char *newer;             /* the update of replaced_by */
  char *revision;          /* its revision */
} Words;

static void
words_clear (Words *words)
{
  g_free (words->what);
  g_free (words->other);
  g_free (words->does);
  g_free (words->newer);
  g_free (words->revision);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Words, words_clear)

static void
words_fill (Words                *words,
            const KabLintFinding *finding,
            KabUpdateIndex       *index)
{
  gsize length;

  if (finding->value != NULL)
    words->what = finding->kind == KAB_LINT_UNKNOWN_KEY ? g_strdup_printf ("“%s”", finding->value)
                                                        : kab_rules_value_describe (finding->list, finding->value, index);
  if (finding->other_value != NULL)
    {
      words->other = kab_rules_value_describe (finding->other_list, finding->other_value, index);
      words->does = kab_rules_line_describe (finding->other_list, finding->other_value, index);
    }
  if (finding->replaced_by != NULL)
    {
      words->newer = kab_rules_value_describe (KAB_RULE_ALLOWED_UPDATES, finding->replaced_by, index);
      words->revision = g_strdup_printf ("%d", kab_update_id_split (finding->replaced_by, &length));
    }
}

static char *
fill (const KabLintFinding *finding,
      const Words          *words,
      const char           *sentence)
{
  const KabTemplateValue values[] = {
    { "what", words->what }, { "other", words->other }, { "does", words->does }, { "newer", words->newer },
    { "revision", words->revision }, { "package", finding->package }, { "other_package", finding->other_package },
    { NULL, NULL },
  };

  return kab_template_fill (sentence, values);
}

static const char *
conflict_sentence (const KabLintFinding *finding)
{
  gboolean forbids = finding->list == KAB_RULE_FORBIDDEN_UPDATES || finding->list == KAB_RULE_FORBIDDEN_KBS;

  if (finding->other_package == NULL)
    return _("It allows {what} and forbids {other}; forbidding wins.");
  return forbids ? _("It forbids {what}, and {other_package} allows {other}; on hosts that have both, forbidding wins.")
                 : _("It allows {what}, and {other_package} forbids {other}; on hosts that have both, forbidding wins.");
}

static const char *
dead_sentence (const KabLintFinding *finding)
{
  switch (finding->list)
    {
    case KAB_RULE_ALLOWED_PRODUCTS:
      return _("No update that the server knows has the product {what}.");
    case KAB_RULE_ALLOWED_SEVERITIES:
      return _("No update that the server knows has the severity {what}.");
    case KAB_RULE_ALLOWED_CLASSIFICATIONS:
      return _("No update that the server knows has the classification {what}.");
    case KAB_RULE_FORBIDDEN_UPDATES:
    case KAB_RULE_FORBIDDEN_KBS:
    case KAB_RULE_ALLOWED_UPDATES:
    case KAB_RULE_ALLOWED_KBS:
    default:
      return _("The server knows no update {what}.");
    }
}

static const char *
sentence_of (const KabLintFinding *finding)
{
  switch (finding->kind)
    {
    case KAB_LINT_UNKNOWN_KEY:
      return _("Agents do not know the key {what}: they drop it and everything behind it. Publishing leaves it out.");
    case KAB_LINT_CONFLICT:
      return conflict_sentence (finding);
    case KAB_LINT_SEVERITY:
      return finding->other_value != NULL ? _("There is no severity {what}; did you mean {other}?")
                                          : _("There is no severity {what}: there are Critical, Important, Moderate and Low.");
    case KAB_LINT_SPELLING:
      return _("Agents compare letter by letter and find nothing as {what}; it is written {other}.");
    case KAB_LINT_REVISION:
      return _("{what} has a newer revision, {revision}, of which the rules say nothing.");
    case KAB_LINT_WITHDRAWN:
      return _("The server does not know {what}: it was withdrawn, or no host ever reported it.");
    case KAB_LINT_SUPERSEDED:
      return _("{what} is superseded by {newer}.");
    case KAB_LINT_DEAD:
      return dead_sentence (finding);
    case KAB_LINT_SHADOWED:
      return finding->other_package != NULL
               ? _("The line {what} never decides: {other_package} {does}, and that comes first.")
               : _("The line {what} never decides: another line {does}, and that comes first.");
    case KAB_LINT_NOT_OFFLINE:
      return _("The offline catalogue holds nothing of the classification {what}.");
    case KAB_LINT_NO_EFFECT:
      return _("default_allow has no effect in a rule package: each agent uses its own option.");
    case KAB_LINT_SEVERAL:
    case KAB_LINT_NO_RULES:
    default:
      return "";
    }
}

char *
kab_lint_finding_describe (const KabLintFinding *finding,
                           KabUpdateIndex       *index)
{
  g_auto(Words) words = { NULL };

  g_return_val_if_fail (finding != NULL, NULL);

  if (finding->kind == KAB_LINT_SEVERAL)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE, "%s stands for %u update, which the line rules.",
                                         "%s stands for %u different updates, and the line rules all of them.",
                                         finding->n_updates), finding->value, finding->n_updates);
  if (finding->kind == KAB_LINT_NO_RULES)
    return g_strdup_printf (g_dngettext (GETTEXT_PACKAGE,
                                         "%u host has no rule package: its agent's own options decide.",
                                         "%u hosts have no rule package: their agents' own options decide.",
                                         finding->n_hosts), finding->n_hosts);

  words_fill (&words, finding, index);
  return fill (finding, &words, sentence_of (finding));
}

char *
kab_lint_finding_describe_fix (const KabLintFinding *finding,
                               KabUpdateIndex       *index)
{
  g_auto(Words) words = { NULL };

  g_return_val_if_fail (finding != NULL, NULL);

  words_fill (&words, finding, index);
  if (finding->fix.clears_default_allow)
    return g_strdup (_("Remove it"));
  if (finding->kind == KAB_LINT_REVISION)
    return fill (finding, &words, _("Carry over to revision {revision}"));
  if (finding->fix.removes && finding->fix.adds)
    return fill (finding, &words, _("Write {other}"));
  if (finding->fix.removes)
    return g_strdup (_("Remove the line"));
  return NULL;
}
