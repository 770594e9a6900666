/* kab-rules-document-private.h: what the text form knows of a document
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "kab-rules-document.h"

G_BEGIN_DECLS

/* Comments that belong to no line: above [package], [options], [unknown_keys], each list, and at the end. */
enum {
  KAB_RULES_COMMENT_PACKAGE = KAB_N_RULE_LISTS,
  KAB_RULES_COMMENT_OPTIONS,
  KAB_RULES_COMMENT_UNKNOWN,
  KAB_RULES_COMMENT_END,
  KAB_N_RULES_COMMENTS
};

struct _KabRulesDocument
{
  GObject      parent_instance;

  char        *name;
  char        *description;
  char        *maturity;
  char        *base_version;
  char        *base_uuid;
  char       **unknown_keys;
  char        *comments[KAB_N_RULES_COMMENTS];
  GPtrArray   *lines;        /* (element-type KabRulesLine), sorted */
  GHashTable  *known;        /* the same, by list and value */
  KabTristate  include_superseded;
  KabTristate  default_allow;
};

/* Names of the text form that are no names of lists */
#define KAB_RULES_GROUP_PACKAGE "package"
#define KAB_RULES_GROUP_OPTIONS "options"
#define KAB_RULES_GROUP_UNKNOWN "unknown_keys"

#define KAB_RULES_KEY_INCLUDE_SUPERSEDED "include_potentially_superseded_updates"
#define KAB_RULES_KEY_DEFAULT_ALLOW "default_allow"

/* No control character, no blank at the end: changes @line and returns it */
char         *kab_rules_clean_comment         (char *line);

void          kab_rules_document_changed      (KabRulesDocument *self);
void          kab_rules_document_set_text     (KabRulesDocument *self, char **text, const char *value);
KabRulesLine *kab_rules_document_append       (KabRulesDocument *self, KabRuleList list, const char *value);
void          kab_rules_document_sort         (KabRulesDocument *self);

G_END_DECLS
