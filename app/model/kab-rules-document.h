/* kab-rules-document.h: a rule package as people write it, and its text form that lives in git
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-error.h"
#include "kab-package.h"
#include "kab-rule-set.h"

G_BEGIN_DECLS

/**
 * KabRulesDocument: mutable, one thread. Lines are always in one order: lists by precedence, values by code point.
 *
 * Text form: a key file that GKeyFile reads too. Group [package] has name, description, maturity and what the editing
 * began from (base-version, base-uuid); [options] the two booleans; then a group for each list in use, named as in the
 * JSON, with one rule a line: `value=reason`. In a value `%`, `=`, `[`, `]`, control characters, a first `#` and
 * blanks at its ends are written %XX. Comments above a line, a group and at the end stay where they are.
 * [unknown_keys] names what the rules held that agents reject; it is shown, and never published.
 *
 *   [package]
 *   name=demo-wua-base
 *   maturity=PREPROD
 *
 *   [forbidden_kbs]
 *   # ticket 4711
 *   KB5063878=breaks the label printers
 *
 * Signal "changed": anything is different now.
 */
#define KAB_TYPE_RULES_DOCUMENT (kab_rules_document_get_type ())
G_DECLARE_FINAL_TYPE (KabRulesDocument, kab_rules_document, KAB, RULES_DOCUMENT, GObject)

#define KAB_RULES_DOCUMENT_MAX_SIZE  (16 * 1024 * 1024)   /* bytes of text */
#define KAB_RULES_DOCUMENT_MAX_LINES 200000

/* Read-only to readers. */
typedef struct {
  KabRuleList  list;
  char        *value;
  char        *reason;       /* never NULL */
  char        *comment;      /* never NULL; without "#", lines joined by LF */
  guint        line_number;  /* in the text it was read from, 0 = in none */
} KabRulesLine;

KabRulesDocument   *kab_rules_document_new               (const char        *name);   /* (nullable); PREPROD */
/* KAB_ERROR_BAD_DATA, with the number of the line; groups and keys that nobody knows are errors, as they are typing
 * mistakes. */
KabRulesDocument   *kab_rules_document_new_from_text     (const char        *text,
                                                          gssize             length,
                                                          GError           **error);
/* What agents read of a package. @package: (nullable): name, description and maturity, and the base of an edit */
KabRulesDocument   *kab_rules_document_new_from_rules    (KabRuleSet        *rules,
                                                          KabPackage        *package);
/* The text that travels in a package, or the JSON's content where it disagrees or cannot be read: comments and reasons
 * of lines that are still there are kept. @text: (nullable) */
KabRulesDocument   *kab_rules_document_new_from_package  (KabRuleSet        *rules,
                                                          KabPackage        *package,
                                                          const char        *text,
                                                          gssize             length);
KabRulesDocument   *kab_rules_document_copy              (KabRulesDocument  *self);
/* The same text for the same content, whatever the way it came. */
char               *kab_rules_document_to_text           (KabRulesDocument  *self);
/* @origin: (nullable): the name, when NULL. Unknown keys are not in it. */
KabRuleSet         *kab_rules_document_to_rules          (KabRulesDocument  *self,
                                                          const char        *origin);
/* Do agents read the same from both? */
gboolean            kab_rules_document_agrees            (KabRulesDocument  *self,
                                                          KabRuleSet        *rules);
/* Could it be published: name, maturity, at least one rule or option? KAB_ERROR_USAGE with a sentence for people. */
gboolean            kab_rules_document_check             (KabRulesDocument  *self,
                                                          GError           **error);
gboolean            kab_rules_document_check_name        (const char        *name,
                                                          GError           **error);

const char         *kab_rules_document_get_name          (KabRulesDocument  *self);   /* texts are never NULL */
void                kab_rules_document_set_name          (KabRulesDocument  *self,
                                                          const char        *name);
const char         *kab_rules_document_get_description   (KabRulesDocument  *self);
void                kab_rules_document_set_description   (KabRulesDocument  *self,
                                                          const char        *description);
const char         *kab_rules_document_get_maturity      (KabRulesDocument  *self);
void                kab_rules_document_set_maturity      (KabRulesDocument  *self,
                                                          const char        *maturity);
/* What the editing began from: publishing refuses when another one is on the server. "" = a new package */
const char         *kab_rules_document_get_base_version  (KabRulesDocument  *self);
const char         *kab_rules_document_get_base_uuid     (KabRulesDocument  *self);
void                kab_rules_document_set_base          (KabRulesDocument  *self,
                                                          const char        *version,
                                                          const char        *uuid);
KabTristate         kab_rules_document_get_include_superseded (KabRulesDocument *self);
void                kab_rules_document_set_include_superseded (KabRulesDocument *self,
                                                          KabTristate        value);
/* Has no effect in a package; kept as it came. */
KabTristate         kab_rules_document_get_default_allow (KabRulesDocument  *self);
void                kab_rules_document_set_default_allow (KabRulesDocument  *self,
                                                          KabTristate        value);
/* What the rules held that agents reject, with all that stood behind it */
const char * const *kab_rules_document_get_unknown_keys  (KabRulesDocument  *self);

/* (element-type KabRulesLine) (transfer none): valid until the next change */
GPtrArray          *kab_rules_document_get_lines         (KabRulesDocument  *self);
guint               kab_rules_document_count             (KabRulesDocument  *self,
                                                          KabRuleList        list);
const KabRulesLine *kab_rules_document_find              (KabRulesDocument  *self,
                                                          KabRuleList        list,
                                                          const char        *value);
/* Adds a line. The line that says the opposite of the same update or KB goes; a line that is there gets @reason unless
 * that is NULL. FALSE: nothing is different, or @value is empty or no UTF-8, or there are too many lines. */
gboolean            kab_rules_document_put               (KabRulesDocument  *self,
                                                          KabRuleList        list,
                                                          const char        *value,
                                                          const char        *reason);
gboolean            kab_rules_document_remove            (KabRulesDocument  *self,
                                                          KabRuleList        list,
                                                          const char        *value);
/* The list that says the opposite; FALSE: nothing forbids categories. */
gboolean            kab_rule_list_get_opposite           (KabRuleList        list,
                                                          KabRuleList       *opposite);
/* Removes an id or KB from whatever list names it. */
gboolean            kab_rules_document_clear_update      (KabRulesDocument  *self,
                                                          const char        *id_or_kb);
void                kab_rules_document_set_comment       (KabRulesDocument  *self,
                                                          KabRuleList        list,
                                                          const char        *value,
                                                          const char        *comment);

G_END_DECLS
